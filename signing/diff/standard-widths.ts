import { createRequire } from "node:module";
import type { Encodings, Font, FontNames } from "@pdf-lib/standard-fonts";

interface Metrics {
  readonly Encodings: typeof Encodings;
  readonly Font: typeof Font;
  readonly FontNames: typeof FontNames;
}

/** Loaded when first needed: most files bring their fonts. */
let metrics: Metrics | undefined;

/**
 * The advance of characters, in em, in a font that every reader has, or its twin by another name, and of which a
 * dictionary may leave the widths out (9.6.2.2); undefined for other fonts, and for characters that it has not.
 */
export function standardWidths(baseFont: string): ((character: string) => number | undefined) | undefined {
  const family = /^(?:(Helvetica|Arial)|(Times)|(Courier))/.exec(baseFont);
  if (!family) return undefined;
  metrics ??= createRequire(import.meta.url)("@pdf-lib/standard-fonts") as Metrics;
  const { Encodings, Font, FontNames } = metrics;
  const isBold = /Bold/.test(baseFont);
  const sans = isBold ? FontNames.HelveticaBold : FontNames.Helvetica;
  const serif = isBold ? FontNames.TimesRomanBold : FontNames.TimesRoman;
  const font = Font.load(family[1] ? sans : family[2] ? serif : FontNames.Courier);
  return (character) => {
    const code = character.codePointAt(0)!;
    if (!Encodings.WinAnsi.canEncodeUnicodeCodePoint(code)) return undefined;
    // These fonts have all glyphs of this encoding.
    return (font.getWidthOfGlyph(Encodings.WinAnsi.encodeUnicodeCodePoint(code).name) as number) / 1000;
  };
}
