import fontkit, { type Font } from "@pdf-lib/fontkit";
import { expect, test } from "vitest";
import { subsetTrueType } from "../../src/forms/truetype-subset.ts";
import { typeface, type Face } from "../../src/forms/typeface.ts";

const faces: Face[] = ["regular", "bold", "italic", "boldItalic"];
const bases = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY";
const tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"];
/** Every letter of Vietnamese with every tone, composed. */
const letters =
  [...bases].flatMap((base) => tones.map((tone) => (base + tone).normalize("NFC"))).join("") +
  "bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX0123456789.,;:/-()“”–…%";

/** The characters whose outline or width differs between two fonts; `id` names the glyph in the second. */
function differences(original: Font, subset: Font, characters: string, id: (glyph: number) => number): string[] {
  return [...characters].filter((character) => {
    const glyph = original.glyphForCodePoint(character.codePointAt(0)!);
    const kept = subset.getGlyph(id(glyph.id));
    return kept.advanceWidth !== glyph.advanceWidth || kept.path.toSVG() !== glyph.path.toSVG();
  });
}

test.each(faces)("%s: each Vietnamese letter is one glyph and keeps outline and width in the subset", (face) => {
  const { file, font } = typeface(face);
  const glyphs = [...letters].map((letter) => font.glyphForCodePoint(letter.codePointAt(0)!).id);
  expect(glyphs).not.toContain(0);

  const subset = subsetTrueType(file, glyphs);
  const fresh = fontkit.create(file);
  expect(differences(fresh, fontkit.create(subset), letters, (glyph) => glyph)).toEqual([]);
  // Renderers shift an outline by its left side bearing.
  for (const glyph of glyphs) expect(metricsOf(subset, glyph)).toEqual(metricsOf(file, glyph));
  expect(subset.length).toBeLessThan(file.length / 4);
});

test("the check finds outlines lost when odd lengths meet short offsets (planted)", () => {
  const { file } = typeface("regular");
  const glyphs = [...letters].map((letter) => typeface("regular").glyph(letter.codePointAt(0)!).id);
  const subset = subsetTrueType(file, glyphs);
  // A short loca table holds half offsets: what is not even slides by a byte, and the glyph is drawn empty or torn.
  const broken = Buffer.from(subset);
  const record = 12 + 16 * tableIndex(broken, "loca");
  const [start, length] = [broken.readUInt32BE(record + 8), broken.readUInt32BE(record + 12)];
  for (let at = start + 400; at < start + length; at += 4) broken.writeUInt32BE(broken.readUInt32BE(at) + 1, at);
  expect(differences(fontkit.create(file), fontkit.create(broken), "ễờựĐ", (glyph) => glyph).length).toBeGreaterThan(0);
});

test("the four faces know the same characters", () => {
  const known = (face: Face) => typeface(face).font.characterSet.join();
  for (const face of faces) expect(known(face)).toBe(known("regular"));
});

/** Width and left side bearing, of a glyph that has both. */
function metricsOf(file: Buffer, glyph: number): [number, number] {
  const start = file.readUInt32BE(12 + 16 * tableIndex(file, "hmtx") + 8) + glyph * 4;
  return [file.readUInt16BE(start), file.readInt16BE(start + 2)];
}

function tableIndex(file: Buffer, tag: string): number {
  const count = file.readUInt16BE(4);
  return Array.from({ length: count }, (_, i) => file.toString("latin1", 12 + i * 16, 16 + i * 16)).indexOf(tag);
}
