import { describe, expect, test } from "vitest";
import type { Objects } from "../attacks/growing-file.ts";
import { Raw, ref, Stream, styles, text, written, type Dict } from "../attacks/values.ts";
import {
  afterwards,
  allowed,
  at,
  certified,
  clean,
  helvetica,
  judge,
  looks,
  refused,
  scene,
  signedScene,
  widget,
} from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const page = (keys: Dict): Objects => ({ [at.page]: { ...dict(at.page), ...keys } });
const tree = (keys: Dict): Objects => ({ [at.tree]: { ...dict(at.tree), ...keys } });
/** It inherits from itself, without an end. */
const circular: Dict = { ...dict(at.other), Parent: ref(at.other) };
const annotations = [ref(at.leader), ref(at.seal), ref(at.number)];
const fonts: Dict = { F1: ref(at.font) };
const images: Dict = { Im: ref(at.image) };

describe("a page", () => {
  test.each<[string, Objects, Objects, unknown]>([
    ["written again", {}, page({}), clean],
    ["with another content", {}, page({ Contents: ref(at.image) }), refused("CHANGED page 1/Contents")],
    ["with its content in a list", {}, page({ Contents: [ref(at.content)] }), clean],
    ["with its content out of a list", page({ Contents: [ref(at.content)] }), page({}), clean],
    [
      "with more content",
      {},
      page({ Contents: [ref(at.content), ref(at.content)] }),
      refused("CHANGED page 1/Contents"),
    ],
    [
      "with its list of content longer",
      page({ Contents: [ref(at.content)] }),
      page({ Contents: [ref(at.content), ref(at.content)] }),
      refused("CHANGED page 1/Contents"),
    ],
    [
      "with its content replaced in place",
      {},
      { [at.content]: new Stream({}, "(x) Tj") },
      refused("CHANGED page 1/Contents"),
    ],
    ["with its content freed", {}, { [at.content]: null }, refused("CHANGED page 1/Contents")],
    [
      "with its font replaced",
      {},
      { [at.font]: { ...dict(at.font), BaseFont: "/Symbol" } },
      refused("CHANGED page 1/Resources/Font/F1/BaseFont"),
    ],
    ["with its inherited box as its own", {}, page({ MediaBox: [0, 0, 595, 842] }), clean],
    ["with a smaller box", {}, page({ MediaBox: [0, 0, 595, 841] }), refused("CHANGED page 1/MediaBox")],
    [
      "with another unit by as much",
      page({ UserUnit: 1.0001 }),
      page({ UserUnit: 1.0002 }),
      refused("CHANGED page 1/UserUnit"),
    ],
    ["cropped", {}, page({ CropBox: [0, 0, 5, 5] }), refused("CHANGED page 1/CropBox")],
    ["turned", {}, page({ Rotate: 90 }), refused("CHANGED page 1/Rotate")],
    ["with a user unit", {}, page({ UserUnit: 2 }), refused("CHANGED page 1/UserUnit")],
    ["turned from above", {}, tree({ Rotate: 90 }), refused("CHANGED page tree/Rotate")],
    [
      "with empty categories of resources",
      {},
      page({ Resources: { Font: fonts, XObject: images, ExtGState: {}, Pattern: null } }),
      clean,
    ],
    [
      "with empty categories left out",
      page({ Resources: { Font: fonts, ExtGState: {} } }),
      page({ Resources: { Font: fonts } }),
      clean,
    ],
    [
      "with another category",
      {},
      page({ Resources: { Font: fonts, XObject: images, Pattern: { P: 1 } } }),
      refused("CHANGED page 1/Resources/Pattern"),
    ],
    [
      "with another font",
      {},
      page({ Resources: { Font: { ...fonts, F2: ref(at.font) }, XObject: images } }),
      refused("CHANGED page 1/Resources/Font/F2"),
    ],
    [
      "with a category emptied",
      {},
      page({ Resources: { Font: fonts, XObject: {} } }),
      refused("CHANGED page 1/Resources/XObject/Im"),
    ],
    [
      "without resources",
      {},
      page({ Resources: undefined }),
      refused("CHANGED page 1/Resources/Font", "CHANGED page 1/Resources/XObject"),
    ],
    [
      "with empty resources where there were none",
      page({ Resources: undefined }),
      page({ Resources: { Font: {} } }),
      clean,
    ],
    ["with resources that are none", {}, page({ Resources: [1] }), refused("CHANGED page 1/Resources")],
    ["with an order for the tab key", {}, page({ Tabs: "/S" }), clean],
    ["with the same order for the tab key", page({ Tabs: "/S" }), page({ Tabs: "/S", LastModified: null }), clean],
    ["with another order for the tab key", page({ Tabs: "/R" }), page({ Tabs: "/S" }), refused("CHANGED page 1/Tabs")],
    ["with a date", {}, page({ LastModified: text("D:2026") }), clean],
    ["with a date that is none", {}, page({ LastModified: 1 }), refused("CHANGED page 1/LastModified")],
    ["with an action", {}, page({ AA: {} }), refused("CHANGED page 1/AA")],
    ["that is no dictionary", {}, { [at.other]: new Stream({}, "") }, refused("CHANGED page 2")],
    [
      "under another node",
      {},
      { [at.other]: { ...dict(at.other), Parent: ref(at.page) } },
      refused("CHANGED page 2/Parent"),
    ],
    ["below itself", { [at.other]: circular }, { [at.other]: { ...circular, Tabs: "/S" } }, clean],
    [
      "removed",
      {},
      tree({ Kids: [ref(at.page)], Count: 1 }),
      refused("CHANGED page tree/Kids", "CHANGED page tree/Count"),
    ],
    ["before another one", {}, tree({ Kids: [ref(at.other), ref(at.page)] }), refused("CHANGED page tree/Kids")],
    ["in a tree that is none", {}, { [at.tree]: [] }, refused("CHANGED page tree")],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  test("with a repeated key, of which readers may take either", async () => {
    const body = written(dict(at.page), styles[0]!);
    const twice = new Raw(body.replace("<<", "<</Contents 12 0 R"));
    expect(await afterwards([{ [at.page]: twice }])).toEqual(refused("REPEATED_KEY page 1/Contents"));
    // What was so before the signature stays so.
    expect(await afterwards([{ [at.free]: text("x") }], { [at.page]: twice })).toEqual(clean);
  });
});

describe("annotations of a page", () => {
  const note: Dict = { Type: "/Annot", Subtype: "/Text", Rect: [10, 10, 30, 30], Contents: text("Y kien") };
  const link: Dict = { Type: "/Annot", Subtype: "/Link", Rect: [10, 10, 30, 30], Dest: [ref(at.page), "/Fit"] };
  const withNote = { ...page({ Annots: [...annotations, ref(at.free)] }), [at.free]: note };
  const withLink = page({ Annots: [link, ...annotations] });
  const open = { keys: certified(3) };

  test.each<[string, Objects, Objects, unknown]>([
    ["in a list apart", {}, { ...page({ Annots: ref(31) }), 31: annotations }, clean],
    ["fewer", {}, page({ Annots: annotations.slice(1) }), refused("REMOVED page 1/Annots")],
    ["none", {}, page({ Annots: undefined }), refused("REMOVED page 1/Annots")],
    [
      "in another order",
      {},
      page({ Annots: annotations.toReversed() }),
      refused("REMOVED page 1/Annots", "WIDGET_MOVED page 1"),
    ],
    ["shown twice", {}, page({ Annots: [...annotations, ref(at.leader)] }), refused("WIDGET_MOVED page 1")],
    ["a link kept", withLink, withLink, clean],
    [
      "a link turned elsewhere",
      withLink,
      page({ Annots: [{ ...link, Dest: [ref(at.other), "/Fit"] }, ...annotations] }),
      refused("CHANGED page 1/Annots/Dest"),
    ],
    ["a link apart now", withLink, { ...page({ Annots: [ref(31), ...annotations] }), 31: link }, clean],
    ["a link in the page now", { ...page({ Annots: [ref(31), ...annotations] }), 31: link }, withLink, clean],
    [
      "a link added",
      {},
      { ...page({ Annots: [...annotations, ref(31)] }), 31: link },
      refused("NEW_ANNOTATION page 1"),
    ],
    ["a link added in the page", {}, page({ Annots: [...annotations, link] }), refused("NEW_ANNOTATION page 1")],
    [
      "a note in the page, kept in the page",
      page({ Annots: [note, ...annotations] }),
      page({ Annots: [note, ...annotations] }),
      clean,
    ],
    [
      "a link in the page, and one before it",
      withLink,
      page({ Annots: [ref(at.leader), link, ref(at.seal), ref(at.number)] }),
      refused("REMOVED page 1/Annots", "NEW_ANNOTATION page 1"),
    ],
    ["a reference to nothing", {}, page({ Annots: [...annotations, ref(99)] }), refused("NEW_ANNOTATION page 1")],
    [
      "a comment",
      {},
      withNote,
      { level: "ANNOTATIONS", reasons: ["NOT_PERMITTED ANNOTATIONS"], doubts: [], notes: ["NEW_COMMENT page 1"] },
    ],
    ["a comment in the page", {}, page({ Annots: [...annotations, note] }), refused("NEW_ANNOTATION page 1")],
    ["a list that is none", {}, page({ Annots: 1 }), refused("CANNOT_COMPARE MALFORMED_PDF Expected an array.")],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  test.each<[string, Objects, Objects, unknown]>([
    ["a comment", {}, withNote, allowed("ANNOTATIONS", "NEW_COMMENT page 1")],
    [
      "a comment with an action",
      {},
      { ...withNote, [at.free]: { ...note, A: {} } },
      refused("COMMENT_WITH_ACTION page 1"),
    ],
    [
      "a comment with more actions",
      {},
      { ...withNote, [at.free]: { ...note, AA: {} } },
      refused("COMMENT_WITH_ACTION page 1"),
    ],
    [
      "a comment over an object that was there",
      {},
      { ...page({ Annots: [...annotations, ref(at.image)] }), [at.image]: note },
      refused("CHANGED page 1/Resources/XObject/Im", "NEW_ANNOTATION page 1"),
    ],
    ["a link", {}, { ...page({ Annots: [...annotations, ref(31)] }), 31: link }, refused("NEW_ANNOTATION page 1")],
    [
      "a comment changed",
      withNote,
      { [at.free]: { ...note, Contents: text("Khac") } },
      allowed("ANNOTATIONS", "CHANGED_COMMENT page 1"),
    ],
    ["a comment turned into a link", withNote, { [at.free]: link }, refused("CHANGED page 1/Annots/Dest")],
    ["a comment removed from the end", withNote, page({}), allowed("ANNOTATIONS", "REMOVED_COMMENT page 1")],
    [
      "a comment removed from the front",
      { ...page({ Annots: [ref(at.free), ...annotations] }), [at.free]: note },
      page({}),
      allowed("ANNOTATIONS", "REMOVED_COMMENT page 1"),
    ],
    [
      "a comment in the page changed",
      page({ Annots: [note, ...annotations] }),
      page({ Annots: [{ ...note, Contents: text("Khac") }, ...annotations] }),
      allowed("ANNOTATIONS", "CHANGED_COMMENT page 1"),
    ],
    ["a link removed", withLink, page({}), refused("REMOVED page 1/Annots")],
  ])("after a certification of level 3: %s", async (_, base, update, expected) => {
    expect(await afterwards([update], base, open)).toEqual(expected);
  });

  test("comments after an approval, by another policy", async () => {
    const file = await signedScene();
    file.append(withNote);
    const policy = { comments: "always", exchanges: "certified" } as const;
    expect(judge(file, policy)["Leader"]).toEqual(allowed("ANNOTATIONS", "NEW_COMMENT page 1"));
  });

  const comment = (subtype: string, more: Dict, drawn: Stream | null = null): Objects => ({
    ...page({ Annots: [...annotations, ref(at.free)] }),
    [at.free]: { Subtype: `/${subtype}`, Rect: [57, 765, 157, 785], ...more, AP: drawn ? { N: ref(31) } : undefined },
    31: drawn,
  });
  const multiply: Dict = { ExtGState: { G: { BM: "/Multiply" } } };
  const over = refused("COMMENT_OVER_TEXT page 1");
  const fine = allowed("ANNOTATIONS", "NEW_COMMENT page 1");
  test.each<[string, Objects, unknown]>([
    ["free text without looks", comment("FreeText", {}), over],
    ["a stamp without looks", comment("Stamp", {}), over],
    ["a square with a filled inside", comment("Square", { IC: [1, 1, 1] }), over],
    ["a square", comment("Square", {}), fine],
    ["a free text beside the text", comment("FreeText", { Rect: [300, 300, 400, 320] }), fine],
    ["a note with looks that cover", comment("Text", {}, looks("0 0 100 20 re f")), over],
    ["a mark without looks", comment("Highlight", {}), fine],
    ["a mark as bright as a marker", comment("Highlight", {}, looks("/G gs 1 1 0 rg 0 0 100 20 re f", multiply)), fine],
    ["a grey mark", comment("Highlight", {}, looks("/G gs 0.7 g 0 0 100 20 re f*", multiply)), fine],
    [
      "a mark in printer's colours",
      comment("Highlight", {}, looks("/G gs 0 0 1 0 k 0 0 1 0 K 0 0 100 20 re B", multiply)),
      fine,
    ],
    [
      "a dark mark in printer's colours",
      comment("Highlight", {}, looks("/G gs 0 0 1 1 k 0 0 100 20 re f", multiply)),
      over,
    ],
    [
      "a full mark in printer's colours",
      comment("Highlight", {}, looks("/G gs 1 1 1 0 k 0 0 100 20 re f", multiply)),
      over,
    ],
    ["a black mark", comment("Highlight", {}, looks("/G gs 0 g 0 0 100 20 re f", multiply)), over],
    ["a mark of the first colour there is", comment("Highlight", {}, looks("/G gs 0 0 100 20 re f", multiply)), over],
    [
      "a mark in a colour space of its own",
      comment("Highlight", {}, looks("/G gs 1 1 0 rg /Cs cs 1 sc 0 0 100 20 re f", multiply)),
      over,
    ],
    ["a mark that does not blend", comment("Highlight", {}, looks("1 1 0 rg 0 0 100 20 re f", multiply)), over],
    [
      "a mark that blends otherwise",
      comment("Highlight", {}, looks("/G gs 1 1 0 rg 0 0 100 20 re f", { ExtGState: { G: { BM: "/Normal" } } })),
      over,
    ],
    [
      "a mark that writes",
      comment(
        "Highlight",
        {},
        looks("/G gs 1 1 0 rg BT /F1 12 Tf 2 4 Td (CONG TY XYZ AB) Tj ET", { ...multiply, ...helvetica }),
      ),
      over,
    ],
    [
      "a mark drawn with a broad pen",
      comment("Highlight", {}, looks("/G gs 1 1 0 RG 20 w 0 10 m 100 10 l S", multiply)),
      fine,
    ],
    [
      "a mark drawn with a broad black pen",
      comment("Highlight", {}, looks("/G gs 1 1 0 rg 20 w 0 10 m 100 10 l S", multiply)),
      over,
    ],
    ["a mark with a black rim", comment("Highlight", {}, looks("/G gs 1 1 0 rg 0 0 100 20 re B", multiply)), over],
    ["a line under the text", comment("Underline", {}, looks("0 2 m 100 2 l S")), fine],
    ["a broad line over the text", comment("StrikeOut", {}, looks("20 w 0 10 m 100 10 l S")), over],
    ["a mark that cannot be read", comment("Highlight", {}, looks("<")), over],
  ])("evil annotations after a certification of level 3: %s", async (_, update, expected) => {
    expect(await afterwards([update], {}, open)).toEqual(expected);
  });

  test("a comment that comes to cover text when it is changed", async () => {
    const moved = { [at.free]: { ...note, Subtype: "/FreeText", Rect: [57, 765, 157, 785] } };
    expect(await afterwards([moved], withNote, open)).toEqual(refused("COMMENT_OVER_TEXT page 1"));
  });

  test("a field that stood on no page may only come invisible", async () => {
    const hidden = widget("Tx", "Hidden", [0, 0, 0, 0]);
    const base = { 31: hidden, [at.form]: { Fields: [...annotations, ref(31)] } };
    const placed = page({ Annots: [...annotations, ref(31)] });
    expect(await afterwards([placed], base)).toEqual(clean);
    const shown = { ...base, 31: { ...hidden, Rect: [10, 10, 30, 30] } };
    expect(await afterwards([placed], shown)).toEqual(refused("WIDGET_MOVED page 1"));
  });

  test("words of annotations are signed text, too", async () => {
    const stamp: Objects = {
      ...page({ Annots: [...annotations, ref(at.free)] }),
      [at.free]: { Subtype: "/FreeText", Rect: [300, 110, 400, 140] },
    };
    expect(await afterwards([stamp], {}, open)).toEqual(refused("COMMENT_OVER_TEXT page 1"));
    const away = { ...stamp, [at.free]: { Subtype: "/FreeText", Rect: [300, 140, 400, 159] } };
    expect(await afterwards([away], {}, open)).toEqual(fine);
  });
});
