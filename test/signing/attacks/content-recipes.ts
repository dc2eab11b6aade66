import { PdfRef, PdfStream } from "../../../signing/pdf/objects.ts";
import { recipes } from "./recipe.ts";
import { looks, streamText, type Target } from "./target.ts";

/** The resources of the first page, its own or inherited, and a font in them. */
const resources = (t: Target) => {
  const own = t.at(t.page, "Resources");
  return own === null ? t.at(t.page, "Parent", "Resources") : own;
};
const font = (t: Target): PdfRef => {
  const fonts = t.view.dict(t.at(resources(t), "Font"))!.entries.values();
  return [...fonts].find((each) => each instanceof PdfRef)!;
};
const text = "BT /F1 20 Tf 60 700 Td (KHAC) Tj ET";
const comment = (subtype: string, more = "") => `<</Type /Annot /Subtype /${subtype} /Rect [50 690 300 800] ${more}>>`;

/** Incremental saving, shadows and overlays: what the pages show is changed behind the first signature. */
export const contentRecipes = recipes("first", {
  "content replaced": (t) => t.append({ [t.content.number]: streamText("", text) }),
  "content replaced by as many bytes": (t) => {
    const stream = t.view.get(t.content) as PdfStream;
    const other = Buffer.from(stream.raw).fill(0x20, 0, 8);
    return t.append({ [t.content.number]: t.with(new PdfStream(stream.dict, other), {}) });
  },
  "content emptied by freeing it": (t) => t.append({ [t.content.number]: null }),
  "content that nobody can read": (t) => t.append({ [t.content.number]: "<</Length <<7" }),
  "content that is null": (t) => t.append({ [t.content.number]: "null" }),
  "content extended": (t) =>
    t.append({
      [t.page.number]: t.with(t.page, { Contents: `[${t.content.number} 0 R ${t.fresh()} 0 R]` }),
      [t.fresh()]: streamText("", "1 g 0 0 595 842 re f"),
    }),
  "content exchanged": (t) =>
    t.append({ [t.page.number]: t.with(t.page, { Contents: `${t.fresh()} 0 R` }), [t.fresh()]: streamText("", text) }),
  "content left out": (t) => t.append({ [t.page.number]: t.with(t.page, { Contents: undefined }) }),
  "content with another filter": (t) =>
    t.append({ [t.content.number]: t.with(t.content, { Filter: "/ASCIIHexDecode" }) }),
  "content of another length": (t) => {
    const stream = t.view.get(t.content) as PdfStream;
    const body = t.with(t.content, { Length: `${t.fresh()} 0 R` });
    return t.append({ [t.content.number]: body, [t.fresh()]: String(stream.raw.length - 1) });
  },
  "page added": (t) => pagesWith(t, (kids) => [...kids, `${t.fresh()} 0 R`], { [t.fresh()]: t.text(t.page) }),
  "page removed": (t) => pagesWith(t, (kids) => kids.slice(1)),
  "page exchanged": (t) =>
    pagesWith(t, (kids) => [`${t.fresh()} 0 R`, ...kids.slice(1)], {
      [t.fresh()]: t.with(t.page, { Contents: `${t.fresh(1)} 0 R` }),
      [t.fresh(1)]: streamText("", text),
    }),
  "pages reordered": (t) => (t.view.pages().length < 2 ? undefined : pagesWith(t, (kids) => kids.toReversed())),
  "page tree exchanged": (t) =>
    t.append({
      ...t.catalogWith({ Pages: `${t.fresh()} 0 R` }),
      [t.fresh()]: `<</Type /Pages /Count 1 /Kids [${t.fresh(1)} 0 R]>>`,
      [t.fresh(1)]: t.with(t.page, { Parent: `${t.fresh()} 0 R` }),
    }),
  "media box changed": (t) => t.append({ [t.page.number]: t.with(t.page, { MediaBox: "[0 0 595 400]" }) }),
  "crop box added": (t) => t.append({ [t.page.number]: t.with(t.page, { CropBox: "[0 0 10 10]" }) }),
  "page turned": (t) => t.append({ [t.page.number]: t.with(t.page, { Rotate: "270" }) }),
  "user unit changed": (t) => t.append({ [t.page.number]: t.with(t.page, { UserUnit: "3" }) }),
  "rotation inherited": (t) => {
    const tree = t.at(t.catalog, "Pages") as PdfRef;
    return t.append({ [tree.number]: t.with(tree, { Rotate: "90" }) });
  },
  "media box inherited": (t) => {
    const tree = t.at(t.page, "Parent") as PdfRef;
    return t.append({ [tree.number]: t.with(tree, { CropBox: "[0 0 10 10]" }) });
  },
  "page with an action": (t) =>
    t.append({ [t.page.number]: t.with(t.page, { AA: "<</O <</S /JavaScript /JS (1)>>>>" }) }),
  "transparency group added": (t) =>
    t.append({ [t.page.number]: t.with(t.page, { Group: "<</S /Transparency /I true>>" }) }),
  "duplicate keys in the page": (t) => {
    const body = t.text(t.page);
    return t.append({
      [t.page.number]: body.replace("<<", `<</Contents ${t.fresh()} 0 R `),
      [t.fresh()]: streamText("", text),
    });
  },
  "font replaced": (t) => t.append({ [font(t).number]: "<</Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats>>" }),
  "font encoded otherwise": (t) =>
    t.append({ [font(t).number]: t.with(font(t), { Encoding: "<</Differences [48 /one /zero]>>" }) }),
  "font freed": (t) => t.append({ [font(t).number]: null }),
  "resources exchanged": (t) => t.append({ [t.page.number]: t.with(t.page, { Resources: "<</Font <<>>>>" }) }),
  "resources gain a font": (t) => {
    const fonts = t.with(t.at(resources(t), "Font"), { Zz: `${font(t).number} 0 R` });
    const changed = t.with(resources(t), { Font: fonts });
    return t.append({ [t.page.number]: t.with(t.page, { Resources: changed }) });
  },
  "free text over the page (evil annotation)": (t) =>
    t.append({
      [t.fresh()]: comment("FreeText", "/DA (/F1 12 Tf) /Contents (Sai)"),
      ...t.annotated(`${t.fresh()} 0 R`),
    }),
  "stamp with a picture over the text (evil annotation)": (t) =>
    t.append({
      [t.fresh()]: comment("Stamp", `/AP <</N ${t.fresh(1)} 0 R>>`),
      [t.fresh(1)]: looks("1 g 0 0 60 20 re f"),
      ...t.annotated(`${t.fresh()} 0 R`),
    }),
  ...Object.fromEntries(
    ["Link", "Widget", "Redact", "FileAttachment", "Screen", "RichMedia", "Watermark", "Highlight"].map((subtype) => [
      `${subtype} annotation added`,
      (t: Target) => t.append({ [t.fresh()]: comment(subtype), ...t.annotated(`${t.fresh()} 0 R`) }),
    ]),
  ),
  "direct annotation added": (t) => t.append(t.annotated(comment("FreeText"))),
  "annotations removed": (t) => t.append({ [t.page.number]: t.with(t.page, { Annots: "[]" }) }),
  "annotations reordered": (t) => {
    const list = t.view
      .array(t.at(t.page, "Annots"))
      .map((item) => (item instanceof PdfRef ? `${item.number} 0 R` : t.text(item)));
    return t.append({ [t.page.number]: t.with(t.page, { Annots: `[${list.toReversed().join(" ")}]` }) });
  },
  "structure element says something else": (t) =>
    structured(t, (element) => ({ [element.number]: t.with(element, { ActualText: "(Khac)" }) })),
  "structure element of another kind": (t) =>
    structured(t, (element) => ({ [element.number]: t.with(element, { S: "/Artifact" }) })),
  "structure element emptied": (t) => structured(t, (element) => ({ [element.number]: t.with(element, { K: "[]" }) })),
  "structure element added": (t) =>
    structured(t, (element) => ({
      [element.number]: t.with(element, { K: t.longer(element, "K", `${t.fresh()} 0 R`) }),
      [t.fresh()]: `<</Type /StructElem /S /P /P ${element.number} 0 R /ActualText (Khac)>>`,
    })),
  "parent tree changed": (t) =>
    structured(t, () => {
      const parents = t.at(t.catalog, "StructTreeRoot", "ParentTree") as PdfRef;
      return { [parents.number]: "<</Nums []>>" };
    }),
  "structure tree removed": (t) => structured(t, () => t.catalogWith({ StructTreeRoot: undefined })),
});

export const destructivePageRecipes = recipes("file", {
  "page shown twice": (t) => pagesWith(t, (kids) => [...kids, kids[0]!]),
});

function pagesWith(t: Target, change: (kids: string[]) => string[], more: Record<number, string> = {}): Buffer {
  const tree = t.at(t.catalog, "Pages") as PdfRef;
  const old = t.view.array(t.at(tree, "Kids")).map((kid) => `${(kid as PdfRef).number} 0 R`);
  const kids = change(old);
  return t.append({
    ...more,
    [tree.number]: t.with(tree, { Kids: `[${kids.join(" ")}]`, Count: String(kids.length) }),
  });
}

/** For tagged targets: with the element below the root. */
function structured(t: Target, change: (element: PdfRef) => Record<number, string | null>): Buffer | undefined {
  const root = t.at(t.catalog, "StructTreeRoot");
  if (root === null) return undefined;
  const top =
    [t.view.resolve(t.at(root, "K"))].flat()[0] instanceof PdfRef ? t.view.array(t.at(root, "K"))[0] : t.at(root, "K");
  return t.append(change(top as PdfRef));
}
