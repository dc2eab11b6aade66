const glyphNames = new Map(
  (
    "space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma " +
    "hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater question at"
  )
    .split(" ")
    .map((glyph, i) => [glyph, String.fromCharCode(32 + i)]),
);

/** How the Adobe glyph list names marks behind a letter: `ocircumflexacute` is ố. */
const marks = new Map(
  Object.entries({
    grave: "\u0300",
    acute: "\u0301",
    circumflex: "\u0302",
    tilde: "\u0303",
    breve: "\u0306",
    dieresis: "\u0308",
    hookabove: "\u0309",
    ring: "\u030a",
    caron: "\u030c",
    horn: "\u031b",
    dotbelow: "\u0323",
    cedilla: "\u0327",
  }),
);
const oneMark = new RegExp([...marks.keys()].join("|"), "g");
const composed = new RegExp(`^([A-Za-z])((?:${oneMark.source}){1,2})$`);

function composedLetter(name: string): string | undefined {
  if (name === "dcroat" || name === "Dcroat") return name === "dcroat" ? "đ" : "Đ";
  const [, base, behind] = composed.exec(name) ?? [];
  return behind && (base + behind.replace(oneMark, (mark) => marks.get(mark)!)).normalize("NFC");
}

/** What the name of a glyph says (Adobe glyph list), as far as it is ASCII, a letter with marks, or a number as in `uni1EC7`. */
export function glyphText(name: string): string | undefined {
  const hex = /^(?:uni|u)([0-9A-F]{4,6})$/.exec(name)?.[1];
  if (hex !== undefined) return parseInt(hex, 16) <= 0x10ffff ? String.fromCodePoint(parseInt(hex, 16)) : undefined;
  return name.length === 1 ? name : (glyphNames.get(name) ?? composedLetter(name));
}
