import type { Mark } from "./marks.ts";
import type { FoundSignature } from "./signature-fields.ts";

/** Most later signatures that are named one by one. */
const mostNamed = 50;

/**
 * What the document did not yet contain when a signature was made: the signatures behind it, and what of them is a part
 * of the text. A leader signs before there is a number.
 */
export function laterNotes(
  signature: FoundSignature,
  all: readonly FoundSignature[],
  marks: ReadonlyMap<FoundSignature, Mark>,
): string[] {
  const { revision } = signature;
  if (revision === undefined) return [];
  const later = all.filter((other) => other.revision !== undefined && other.revision > revision);
  return later.slice(0, mostNamed).map((other) => {
    const mark = marks.get(other);
    if (mark) return `LATER_MARK ${mark.mark} ${mark.text} ${other.field}`;
    return `${other.kind === "DOCUMENT_TIMESTAMP" ? "LATER_TIMESTAMP" : "LATER_SIGNATURE"} ${other.field}`;
  });
}
