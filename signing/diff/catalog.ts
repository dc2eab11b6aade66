import { isName, PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from "../pdf/objects.ts";
import { serialize, type Chunk } from "../pdf/serialize.ts";
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
/**
 * Keys of the catalog that have a rule of their own. All others stay, /OutputIntents among them: a condition of output
 * that comes where there was none tells readers for PDF/A and printing what the colours of the pages mean (14.11.5), so
 * what is seen may become another.
 */
const catalogKeys = new Set(["AcroForm", "DSS", "Extensions", "Metadata", "MarkInfo", "Version", "StructTreeRoot"]);
/** What a writer says of itself (14.3.3); the rest is the author's, and a change of it is named. */
const writerKeys = new Set(["ModDate", "Producer", "Creator", "CreationDate", "Trapped"]);

/** The trailer and the document information that it leads to. */
export function compareTrailer(step: Step): void {
  const { base, final, context } = step;
  for (const key of new Set([...base.trailer.entries.keys(), ...final.trailer.entries.keys()])) {
    if (trailerKeys.has(key) || step.same(base.trailer.get(key), final.trailer.get(key))) continue;
    // Writers leave marks of their own there, which nobody else reads.
    const isMark = [base.trailer.get(key), final.trailer.get(key)].every(
      (value) => value === undefined || (!(value instanceof PdfRef) && isPlain(step, value)),
    );
    if (key === "Encrypt" || key === "AuthCode" || !isMark) step.refuse(`CHANGED trailer/${key}`);
  }
  compareRoot(step, base.trailer.get("Root"), final.trailer.get("Root"));
  // The first half of /ID names the document for ever (14.4). Of an encrypted file it may be a part of the key
  // (7.6.4.3.2), so readers could decipher it in two ways. Else nothing depends on it, and there are programs that cut it,
  // leave it out, or make it anew with each update.
  const [id] = base.array(base.trailer.get("ID"));
  const [newId] = final.array(final.trailer.get("ID"));
  if (id !== undefined && !step.same(id, newId)) {
    if (context.document.encryption) step.refuse("CHANGED trailer/ID");
    else step.allow({ level: "LTA_UPDATES", note: "DOCUMENT_ID_CHANGED" });
  }
  compareInfo(step);
}

/** A program may write the catalog as a new object (digitorus/pdfsign): what it says is compared all the same. */
function compareRoot(step: Step, root: PdfObject | undefined, newRoot: PdfObject | undefined): void {
  if (root instanceof PdfRef && newRoot instanceof PdfRef) {
    if (step.same(root, newRoot)) return;
    const { base, final, context } = step;
    const isNew =
      base.object(newRoot.number) === undefined && isName(final.resolve(final.catalog.get("Type")), "Catalog");
    // The old one is compared no more: it has to stay, whoever else refers to it.
    const [old, left] = [base.get(root), final.get(root)];
    const isLeft = old instanceof PdfDict && left instanceof PdfDict && writtenAs(old) === writtenAs(left);
    if (isNew && isLeft) {
      context.nodes.delete(root.number);
      step.newNodes.push({ kind: "catalog", ref: newRoot });
      return;
    }
  }
  step.refuse("CHANGED trailer/Root");
}

function writtenAs(value: PdfDict): string {
  const chunks: Chunk[] = [];
  serialize(value, chunks);
  return `${chunks.join("")}${value.repeated.join("/")}`;
}

function compareInfo(step: Step): void {
  const { base, final } = step;
  const [a, b] = [base.dict(base.trailer.get("Info")), final.dict(final.trailer.get("Info"))];
  // Without it readers show less; they show nothing else.
  if (!b || step.same(base.trailer.get("Info"), final.trailer.get("Info"))) return;
  for (const key of new Set([...(a?.entries.keys() ?? []), ...b.entries.keys()])) {
    const [old, current] = [base.resolve(a?.get(key)), final.resolve(b.get(key))];
    if (sameText(old, current) || step.same(old, current)) continue;
    if (writerKeys.has(key) && (isText(current) || current instanceof PdfName)) step.allow({ level: "LTA_UPDATES" });
    // No page shows it, and programs that save anything write it anew. But people read it in lists and window titles.
    else if (isText(old) && isText(current)) step.allow({ level: "LTA_UPDATES", note: `INFO_CHANGED ${key}` });
    else step.refuse(`CHANGED Info/${key}`);
  }
}

/** A text or date (7.9.2, 7.9.4), or none. */
function isText(value: PdfObject): boolean {
  return value === null || value instanceof PdfString;
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
