import { PdfString, type PdfDict } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import { attempt } from "./attempt.ts";
import { appearanceStreams } from "./appearance.ts";
import { identity } from "./matrix.ts";
import { paintedBy } from "./painting.ts";
import type { Step } from "./step.ts";

/** 12.7.5.3, table 231: password, rich text. */
const otherLooks = (1 << 13) | (1 << 25);

/**
 * Whether a text field shows what it holds. Only certain contradictions count: where the font does not tell what its
 * codes say, where a script or a flag gives the value another look, or where nothing is written, it may well be so.
 */
export function isValueShown({ final, context }: Step, field: PdfDict): boolean {
  const above = final.dict(field.get("Parent"));
  const inherited = (key: string) => final.resolve(field.get(key) ?? above?.get(key));
  const value = inherited("V");
  if (value !== null && !(value instanceof PdfString)) return true;
  const flags = inherited("Ff");
  const formats = final.dict(field.get("AA"))?.get("F") ?? final.dict(above?.get("AA"))?.get("F");
  if ((typeof flags === "number" && (flags & otherLooks) !== 0) || formats !== undefined) return true;
  const expected = plain(value === null ? "" : decodeText(value));
  return appearanceStreams(final, field, "normal").every((form) => {
    const resources = final.dict(form.dict.get("Resources"));
    const canvas = { matrix: identity, clip: "none" } as const;
    const painted = attempt(
      () => paintedBy(context.document, final, context.document.decode(form, final), resources, canvas),
      () => [],
    );
    const texts = painted.map((item) => (item.kind === "word" ? item.text : ""));
    const shown = texts.includes(undefined) ? "" : plain(texts.join(""));
    return shown === "" || shown === expected;
  });
}

function plain(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, "");
}
