import { expect, test } from "vitest";
import { glyphText } from "../../../signing/diff/glyph-names.ts";

test.each<[string, string | undefined]>([
  ["a", "a"],
  ["one", "1"],
  ["at", "@"],
  ["uni1EC7", "ệ"],
  ["u1F600", "\u{1f600}"],
  ["uniFFFFFF", undefined],
  ["ograve", "ò"],
  ["Eacute", "É"],
  ["ocircumflexacute", "ố"],
  ["Uhorndotbelow", "Ự"],
  ["ahookabove", "ả"],
  ["abreve", "ă"],
  ["dcroat", "đ"],
  ["Dcroat", "Đ"],
  ["ccedilla", "ç"],
  ["scaron", "š"],
  ["ydieresis", "ÿ"],
  ["aring", "å"],
  ["ntilde", "ñ"],
  ["grave", undefined],
  ["aagrave", undefined],
  ["agraveacutehorn", undefined],
  ["agrave1", undefined],
  ["glyph7", undefined],
  ["", undefined],
])("the glyph name %s says %s", (name, text) => {
  expect(glyphText(name)).toBe(text);
});
