import { FormError } from "./errors.ts";
import { typeface } from "./typeface.ts";

// Soft hyphen, zero-width characters, marks of direction, byte order mark: invisible, and able to deceive a reader.
const invisible = /[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
const wideSpaces = /[\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]/g;

/** Text as it is to be drawn: NFC, `\n` the only line end, no control or invisible characters, no lone surrogates. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|\u0085/g, "\n")
    .replace(invisible, "")
    .replace(controls, " ")
    .replace(wideSpaces, " ")
    .replace(/[\u2007\u202f]/g, "\u00a0")
    .normalize("NFC");
}

/**
 * A field of a document that will be signed: cleaned, at most `limit` characters.
 * Throws TOO_LONG, or UNPRINTABLE when a character has no glyph: what is signed must say what was written.
 */
export function exactText(field: string, text: string, limit: number): string {
  const clean = within(field, text, limit);
  const missing = new Set<string>();
  for (const character of clean) if (!drawable(character)) missing.add(character);
  if (missing.size > 0) {
    const characters = [...missing].slice(0, 20).join("");
    throw new FormError("UNPRINTABLE", `${field} has characters that cannot be printed`, { field, characters });
  }
  return clean;
}

/** As `exactText`, and not empty; throws EMPTY. */
export function requiredText(field: string, text: string, limit: number): string {
  const clean = exactText(field, text, limit).trim();
  if (clean === "") throw new FormError("EMPTY", `${field} is empty`, { field });
  return clean;
}

/** A field of a record printed as it came, often from elsewhere: what has no glyph becomes □. Throws TOO_LONG. */
export function legibleText(field: string, text: string, limit: number): string {
  let legible = "";
  for (const character of within(field, text, limit)) legible += drawable(character) ? character : "□";
  return legible;
}

/** Throws TOO_MANY when a list is longer than its limit. */
export function atMost<T>(field: string, list: readonly T[], limit: number): readonly T[] {
  if (list.length > limit) throw new FormError("TOO_MANY", `${field} has more than ${limit} entries`, { field, limit });
  return list;
}

/** Capitals, as Vietnamese writes them. */
export function capitals(text: string): string {
  return text.toLocaleUpperCase("vi");
}

function within(field: string, text: string, limit: number): string {
  // Before normalisation, which costs time; NFC of Vietnamese is at most three times shorter than NFD.
  if (text.length > 3 * limit) throw tooLong(field, limit);
  const clean = cleanText(text);
  if (clean.length > limit) throw tooLong(field, limit);
  return clean;
}

function tooLong(field: string, limit: number): FormError {
  return new FormError("TOO_LONG", `${field} is longer than ${limit} characters`, { field, limit });
}

function drawable(character: string): boolean {
  return character === "\n" || typeface("regular").has(character.codePointAt(0)!);
}
