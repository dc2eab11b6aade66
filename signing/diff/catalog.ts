import { PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import { isMetadata } from "./metadata.ts";
import { compareSecurityStore } from "./security-store.ts";
import type { Step } from "./step.ts";
import { compareStructure } from "./structure.ts";

/** Keys of a trailer that every update rewrites, and those of a cross-reference stream as such (7.5.5, 7.5.8.2). */
const trailerKeys = new Set([
  "Size",
  "Prev",
  "XRefStm",
  "ID",
  "Info",
  "Type",
  "W",
  "Index",
  "Length",
  "Filter",
  "DecodeParms",
  "Root",
]);
/** Keys of the catalog that have a rule of their own. */
const catalogKeys = new Set(["AcroForm", "DSS", "Extensions", "Metadata", "MarkInfo", "Version", "StructTreeRoot"]);
/** What a writer says of itself (14.3.3); the rest is the author's. */
const writerKeys = new Set(["ModDate", "Producer", "Creator", "CreationDate", "Trapped"]);

/** The trailer and the document information that it leads to. */
export function compareTrailer(step: Step): void {
  const { base, final } = step;
  for (const key of new Set([...base.trailer.entries.keys(), ...final.trailer.entries.keys()])) {
    if (trailerKeys.has(key) || step.same(base.trailer.get(key), final.trailer.get(key))) continue;
    // Writers leave marks of their own there, which nobody else reads.
    const isMark = [base.trailer.get(key), final.trailer.get(key)].every(
      (value) => value === undefined || (!(value instanceof PdfRef) && isPlain(step, value)),
    );
    if (key === "Encrypt" || key === "AuthCode" || !isMark) step.refuse(`CHANGED trailer/${key}`);
  }
  const [root, newRoot] = [base.trailer.get("Root"), final.trailer.get("Root")];
  if (!(root instanceof PdfRef && newRoot instanceof PdfRef) || !step.same(root, newRoot)) {
    step.refuse("CHANGED trailer/Root");
  }
  // The first half of /ID names the document for ever (14.4).
  const [id] = base.array(base.trailer.get("ID"));
  const [newId] = final.array(final.trailer.get("ID"));
  if (id !== undefined && !step.same(id, newId) && !isCut(id, newId)) step.refuse("CHANGED trailer/ID");
  compareInfo(step);
}

/** Some writers keep the first 16 bytes only, as long as the identifiers are that the standard proposes (14.4). */
function isCut(old: PdfObject | undefined, current: PdfObject | undefined): boolean {
  if (!(old instanceof PdfString && current instanceof PdfString)) return false;
  return current.bytes.length === 16 && old.bytes.subarray(0, 16).equals(current.bytes);
}

function compareInfo(step: Step): void {
  const { base, final } = step;
  const [a, b] = [base.dict(base.trailer.get("Info")), final.dict(final.trailer.get("Info"))];
  // Without it readers show less; they show nothing else.
  if (!b || step.same(base.trailer.get("Info"), final.trailer.get("Info"))) return;
  for (const key of new Set([...(a?.entries.keys() ?? []), ...b.entries.keys()])) {
    const [old, current] = [base.resolve(a?.get(key)), final.resolve(b.get(key))];
    if (sameText(old, current) || step.same(old, current)) continue;
    const isWriters =
      writerKeys.has(key) && (current === null || current instanceof PdfString || current instanceof PdfName);
    if (isWriters) step.allow({ level: "LTA_UPDATES" });
    else step.refuse(`CHANGED Info/${key}`);
  }
}

/** The same words, maybe in another encoding. */
function sameText(a: PdfObject, b: PdfObject): boolean {
  return a instanceof PdfString && b instanceof PdfString && decodeText(a) === decodeText(b);
}

/** The catalog: what any saving program may touch, and what grows with signatures. */
export function compareCatalog(step: Step): void {
  const { base, final } = step;
  const [a, b] = [base.catalog, final.catalog];
  step.equalExcept(a, b, catalogKeys, "catalog");
  compareStructure(step, a.get("StructTreeRoot"), b.get("StructTreeRoot"));
  compareSecurityStore(step);
  for (const key of ["Extensions", "Metadata", "MarkInfo", "Version"]) {
    const [old, current] = [a.get(key), b.get(key)];
    if (step.same(old, current)) continue;
    if (final.resolve(current) === null) step.refuse(`REMOVED catalog/${key}`);
    else if (!isSound(step, key, current)) step.refuse(`CHANGED catalog/${key}`);
    else step.allow({ level: "LTA_UPDATES" });
  }
}

function isSound(step: Step, key: string, value: PdfObject | undefined): boolean {
  if (key === "Metadata") return isMetadata(step, value);
  const isRight = key === "Version" ? PdfName : PdfDict;
  return step.final.resolve(value) instanceof isRight && isPlain(step, value);
}

/** Names, numbers, booleans, strings, and dictionaries and arrays of them: nothing that could be shown or run. */
function isPlain(step: Step, value: PdfObject | undefined, depth = 0): boolean {
  const resolved = step.final.resolve(value);
  const parts = resolved instanceof PdfDict ? [...resolved.entries.values()] : resolved;
  if (Array.isArray(parts)) return depth < 4 && parts.every((part) => isPlain(step, part, depth + 1));
  if (resolved instanceof PdfName || resolved instanceof PdfString) return true;
  return typeof resolved === "number" || typeof resolved === "boolean";
}
