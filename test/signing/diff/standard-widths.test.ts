import { expect, test } from "vitest";
import { standardWidths } from "../../../signing/diff/standard-widths.ts";

test.each<[string, string, number | undefined]>([
  ["Helvetica", "i", 0.222],
  ["Helvetica", "W", 0.944],
  ["Helvetica-Bold", "i", 0.278],
  ["ArialMT", "i", 0.222],
  ["Arial,Bold", "i", 0.278],
  ["Times-Roman", "i", 0.278],
  ["TimesNewRomanPS-BoldMT", "a", 0.5],
  ["Times-Bold", "W", 1],
  ["Courier", "i", 0.6],
  ["CourierNew", "W", 0.6],
  ["Helvetica", "ó", 0.556],
  ["Helvetica", "–", 0.556],
  ["Helvetica", "ộ", undefined],
])("%s: %s is %d em wide", (font, character, width) => {
  expect(standardWidths(font)!(character)).toBe(width);
});

test.each(["Symbol", "ZapfDingbats", "ABCDEF+Helvetica", "Georgia", ""])("nothing is known of %s", (font) => {
  expect(standardWidths(font)).toBeUndefined();
});
