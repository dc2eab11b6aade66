import { describe, expect, test } from "vitest";
import { pagePainting, textPlaces } from "../../../signing/diff/text-places.ts";
import { MAX_DEPTH } from "../../../signing/pdf/limits.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { PdfRef } from "../../../signing/pdf/objects.ts";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, Stream, text, type Dict } from "../attacks/values.ts";
import { at, fileOf, scene } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const content = (number: number, operators: string): Objects => ({ [number]: new Stream({}, operators) });

/** What the first page paints. */
function painted(objects: Objects): string[] {
  const pdf = readPdf(fileOf(objects).bytes);
  return pagePainting(pdf, pdf.latest, new PdfRef(at.page, 0)).map((item) => item.kind);
}

const page = (keys: Dict): Objects => ({ [at.page]: { ...dict(at.page), ...keys } });
const picture = { XObject: { Im: ref(at.image) } };
const bare = { ...page({ Resources: undefined }), ...content(at.content, "q 9 0 0 9 0 0 cm /Im Do Q") };

describe("the resources of a page", () => {
  test("are its own, or those of the nearest node above it that has some", () => {
    const tree = { ...dict(at.tree), Resources: picture };
    expect(painted({ ...page({ Resources: picture }), ...content(at.content, "/Im Do") })).toEqual(["image"]);
    expect(painted({ ...bare, [at.tree]: tree })).toEqual(["image"]);
    expect(painted({ ...bare, [at.tree]: tree, ...page({ Resources: {} }) })).toEqual([]);
  });

  test("are none where no node has any, even if the nodes go round", () => {
    expect(painted(bare)).toEqual([]);
    expect(painted({ ...bare, [at.tree]: { ...dict(at.tree), Parent: ref(at.tree) } })).toEqual([]);
  });

  test(`are looked for in ${MAX_DEPTH} nodes above it`, () => {
    const above = (count: number): Objects => {
      const nodes = Array.from({ length: count }, (_, i) => [
        1_000 + i,
        i + 1 < count ? { Parent: ref(1_001 + i) } : { Resources: picture },
      ]);
      return { ...page({ Resources: undefined, Parent: ref(1_000) }), ...Object.fromEntries(nodes) };
    };
    const drawn = content(at.content, "/Im Do");
    expect(painted({ ...drawn, ...above(MAX_DEPTH) })).toEqual(["image"]);
    expect(painted({ ...drawn, ...above(MAX_DEPTH + 1) })).toEqual([]);
  });
});

describe("the content of a page", () => {
  test("is all of its streams, with white space between them", () => {
    const parts = { ...content(30, "q /I"), ...content(31, "m Do Q") };
    const both = { ...page({ Contents: [ref(30), text("x"), ref(31)] }), ...parts };
    expect(painted(both)).toEqual([]);
    const whole = { ...both, ...content(30, "q"), ...content(31, "/Im Do Q") };
    expect(painted(whole)).toEqual(["image"]);
  });

  test("is none where there is no stream, or no page", () => {
    expect(painted(page({ Contents: undefined }))).toEqual([]);
    const pdf = readPdf(fileOf({ 30: text("no page") }).bytes);
    expect(pagePainting(pdf, pdf.latest, new PdfRef(30, 0))).toEqual([]);
    expect(textPlaces(pdf, pdf.latest, new PdfRef(99, 0))).toEqual([]);
  });
});
