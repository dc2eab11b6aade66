import type { PdfRef } from "../../../signing/pdf/objects.ts";
import { recipes, type Recipe } from "./recipe.ts";
import type { Target } from "./target.ts";

/** The text of the last signature's dictionary from a key to the end of its value, which is replaced in place. */
function edited(t: Target, pattern: RegExp, by: (found: string) => string): Buffer {
  const copy = Buffer.from(t.bytes);
  const all = [...t.bytes.toString("latin1").matchAll(new RegExp(pattern, "g"))];
  const found = all.at(-1);
  if (!found) throw new Error(`${pattern} is not in the file`);
  const text = by(found[0]);
  if (text.length > found[0].length) throw new Error("the replacement is too long");
  copy.write(text.padEnd(found[0].length), found.index, "latin1");
  return copy;
}

const contents = /\/Contents ?<[0-9a-fA-F]{1000,}>/;
const range = /\/ByteRange ?\[[^\]]*\]/;
const numbers = (found: string) => found.match(/\d+/g)!.map(Number) as [number, number, number, number];

/** Universal signature forgery: the entries of the signature itself are missing or senseless. */
const patterns: Readonly<Record<string, Recipe["apply"]>> = {
  "contents missing": (t) => edited(t, contents, () => ""),
  "contents without a value": (t) => edited(t, contents, () => "/Contents"),
  "contents null": (t) => edited(t, contents, () => "/Contents null"),
  "contents empty": (t) => edited(t, contents, () => "/Contents <>"),
  "contents one zero byte": (t) => edited(t, contents, () => "/Contents <00>"),
  "contents all zeros": (t) => edited(t, contents, (found) => found.replace(/[0-9a-fA-F](?=[^<]*>)/g, "0")),
  "contents an empty literal": (t) => edited(t, contents, () => "/Contents ()"),
  "contents a literal": (t) => edited(t, contents, () => "/Contents (abc)"),
  "contents a number": (t) => edited(t, contents, () => "/Contents 0"),
  "contents negative": (t) => edited(t, contents, () => "/Contents -1"),
  "contents an array": (t) => edited(t, contents, () => "/Contents []"),
  "contents no hex": (t) => edited(t, contents, (found) => found.replace(/<..../, "<zzzz")),
  "contents cut off": (t) => edited(t, contents, (found) => `${found.slice(0, 400)}>`),
  "contents with something behind the CMS": (t) => edited(t, contents, (found) => `${found.slice(0, -5)}4141>`),
  "contents under another key": (t) => edited(t, contents, (found) => found.replace("/Contents", "/Kontents")),
  "byte range missing": (t) => edited(t, range, () => ""),
  "byte range null": (t) => edited(t, range, () => "/ByteRange null"),
  "byte range empty": (t) => edited(t, range, () => "/ByteRange []"),
  "byte range of zeros": (t) => edited(t, range, () => "/ByteRange [0 0 0 0]"),
  "byte range negative": (t) => edited(t, range, (f) => `/ByteRange [0 ${numbers(f)[1]} ${numbers(f)[2]} -1]`),
  "byte range with three numbers": (t) => edited(t, range, (f) => `/ByteRange [${numbers(f).slice(0, 3).join(" ")}]`),
  "byte range with five numbers": (t) => edited(t, range, (f) => `/ByteRange [${numbers(f).join(" ")} 0]`),
  "byte range of names": (t) => edited(t, range, () => "/ByteRange [/a /b /c /d]"),
  "byte range a number": (t) => edited(t, range, () => "/ByteRange 0"),
  "byte range huge": (t) => edited(t, range, () => "/ByteRange [0 9999999999 1 1]"),
  "byte range that starts later": (t) =>
    edited(t, range, (f) => `/ByteRange [1 ${numbers(f)[1] - 1} ${numbers(f).slice(2).join(" ")}]`),
  "byte range with a wider gap": (t) =>
    edited(t, range, (f) => {
      const [a, b, c, d] = numbers(f);
      return `/ByteRange [${a} ${b - 10} ${c} ${d}]`;
    }),
  "byte range that ends early": (t) =>
    edited(t, range, (f) => {
      const [a, b, c, d] = numbers(f);
      return `/ByteRange [${a} ${b} ${c} ${d - 5}]`;
    }),
  "byte range that overlaps itself": (t) =>
    edited(t, range, (f) => {
      const [a, b, , d] = numbers(f);
      return `/ByteRange [${a} ${b} ${b - 50} ${d}]`;
    }),
  "byte range backwards": (t) =>
    edited(t, range, (f) => {
      const [, b, c, d] = numbers(f);
      return `/ByteRange [${c} ${d} 0 ${b}]`;
    }),
};

export const forgeryRecipes: readonly Recipe[] = [
  ...recipes("last", patterns),
  ...recipes("file", {
    "byte range without a value": (t) => edited(t, range, () => "/ByteRange"),
    "a kind of signature that nobody knows": (t) =>
      edited(t, /\/SubFilter ?\/\S+/, (found) => found.replace(/ETSI|adbe/, "Zzzz")),
  }),
];

/** Signature wrapping: what was signed is moved away, and something else put where it was. */
export const wrappingRecipes = recipes("file", {
  "second part moved behind something else": (t) => wrapped(t, ([, , c, d]) => [c + 50, d], Buffer.alloc(50, " ")),
  "content put between signature and second part": (t) => {
    const body = Buffer.from(`\n${t.content.number} 0 obj\n<</Length 1>>\nstream\nx\nendstream\nendobj\n`.padEnd(80));
    return wrapped(t, ([, , c, d]) => [c + body.length, d], body);
  },
  "gap grown over the padding": (t) => wrapped(t, ([, , c, d]) => [c, d], Buffer.alloc(20, "0"), -1),
  "signature signs the file without its update": (t) =>
    t.append({ [(t.fields("Sig").at(-1)!.dict.get("V") as PdfRef).number]: "null" }),
});

/** Inserts bytes behind the hole of the last signature and puts the byte range right for it. */
function wrapped(
  t: Target,
  change: (old: [number, number, number, number]) => [number, number],
  inserted: Buffer,
  shift = 0,
): Buffer {
  const found = [...t.bytes.toString("latin1").matchAll(new RegExp(range, "g"))].at(-1)!;
  const old = numbers(found[0]);
  const [after, rest] = change(old);
  const at = old[2] + shift;
  const bytes = Buffer.concat([t.bytes.subarray(0, at), inserted, t.bytes.subarray(at)]);
  const text = `/ByteRange [${old[0]} ${old[1]} ${after} ${rest}`;
  bytes.write(`${text.padEnd(found[0].length - 1)}]`, found.index, "latin1");
  return bytes;
}
