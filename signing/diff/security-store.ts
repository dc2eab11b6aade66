import { createHash } from "node:crypto";
import type { PdfView } from "../pdf/document.ts";
import { isName, PdfDict, PdfRef, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import type { Step } from "./step.ts";

const storeLists = ["Certs", "OCSPs", "CRLs"];
const signatureLists = ["Cert", "OCSP", "CRL"];
/** What the streams of a store may say of themselves: nothing that a reader would show, run or fetch. */
const streamKeys = new Set(["Length", "Filter", "DecodeParms", "DL", "Type"]);
/** Most entries of one list, and the longest one: the largest revocation lists in use have some megabytes. */
const limits = { entries: 5_000, bytes: 32 * 1024 * 1024 } as const;
const nothing = new PdfDict(new Map());

/** /DSS may only grow, by streams of certificates, OCSP answers and CRLs (EN 319 142-1 §5.4.2). */
export function compareSecurityStore(step: Step): void {
  const { base, final } = step;
  const [a, b] = [base.catalog.get("DSS"), final.catalog.get("DSS")];
  if (step.same(a, b)) return;
  const [before, after] = [base.resolve(a), final.resolve(b)];
  if (!(after instanceof PdfDict)) return step.refuse(after === null ? "REMOVED catalog/DSS" : "CHANGED catalog/DSS");
  const old = before instanceof PdfDict ? before : nothing;
  step.equalExcept(old, after, new Set([...storeLists, "VRI", "Type"]), "DSS");
  checkType(step, after, "DSS", "DSS");
  for (const key of storeLists) compareList(step, old.get(key), after.get(key), `DSS/${key}`);
  compareSignatureEntries(step, old.get("VRI"), after.get("VRI"), after);
  step.allow({ level: "LTA_UPDATES" });
}

/**
 * Entries for single signatures; their names are hashes of them. They only sort what the store holds, and some writers
 * make them anew or leave them out later on (EN 319 142-1 §5.4.2.3 advises against them): what they held must stay.
 */
function compareSignatureEntries(step: Step, a: PdfObject | undefined, b: PdfObject | undefined, store: PdfDict): void {
  const { base, final } = step;
  const [before, now] = [base.resolve(a), final.resolve(b)];
  if (b !== undefined && !(now instanceof PdfDict)) return step.refuse("CHANGED DSS/VRI");
  const old = before instanceof PdfDict ? before : nothing;
  const after = now instanceof PdfDict ? now : nothing;
  for (const [key, value] of old.entries) {
    const was = base.resolve(value);
    if (!after.get(key) && was instanceof PdfDict) compareSignatureEntry(step, was, nothing, store);
  }
  for (const [key, value] of after.entries) {
    if (key === "Type" || step.same(old.get(key), value)) continue;
    const [was, entry] = [base.resolve(old.get(key)), final.resolve(value)];
    // SHA-1 by the standard; some writers take a longer digest.
    if (!/^[0-9A-Fa-f]{40,128}$/.test(key) || !(entry instanceof PdfDict)) {
      step.refuse(`CHANGED DSS/VRI/${key.slice(0, 40)}`);
    } else compareSignatureEntry(step, was instanceof PdfDict ? was : nothing, entry, store);
  }
}

function compareSignatureEntry(step: Step, a: PdfDict, b: PdfDict, store: PdfDict): void {
  const { final } = step;
  step.equalExcept(a, b, new Set([...signatureLists, "TU", "TS", "Type"]), "DSS/VRI");
  checkType(step, b, "VRI", "DSS/VRI");
  for (const list of signatureLists)
    compareList(step, a.get(list), b.get(list), `DSS/VRI/${list}`, store.get(`${list}s`));
  const [time, stamp] = [final.resolve(b.get("TU")), final.resolve(b.get("TS"))];
  if (time !== null && !(time instanceof PdfString)) step.refuse("CHANGED DSS/VRI/TU");
  if (stamp !== null && !isEncoded(step, final, stamp)) step.refuse("CHANGED DSS/VRI/TS");
}

function checkType(step: Step, dictionary: PdfDict, name: string, where: string): void {
  const type = dictionary.get("Type");
  if (type !== undefined && !isName(step.final.resolve(type), name)) step.refuse(`CHANGED ${where}/Type`);
}

/** A list keeps what it held, maybe written anew or `elsewhere`, and gains streams of DER or BER. */
function compareList(
  step: Step,
  a: PdfObject | undefined,
  b: PdfObject | undefined,
  where: string,
  elsewhere?: PdfObject,
): void {
  const { base, final } = step;
  if (b === undefined && a === undefined) return;
  const [before, kept] = [base.resolve(a), final.resolve(elsewhere)];
  const after = b === undefined && elsewhere !== undefined ? [] : final.resolve(b);
  if (!Array.isArray(after) || after.length > limits.entries) return step.refuse(`CHANGED ${where}`);
  const known = new Map((Array.isArray(before) ? before : []).map((item) => [numberOf(item), item]));
  const added: PdfStream[] = [];
  for (const item of after) {
    const old = known.get(numberOf(item));
    const stream = final.resolve(item);
    if (old !== undefined && step.same(old, item)) known.delete(numberOf(item));
    else if (isEncoded(step, final, stream)) added.push(stream);
    else step.refuse(`CHANGED ${where}`);
  }
  if (known.size === 0) return;
  const others = Array.isArray(kept) ? kept.slice(0, limits.entries).map((item) => final.resolve(item)) : [];
  const streams = [...added, ...others.filter((item) => item instanceof PdfStream)];
  const contents = new Set(streams.map((stream) => digestOf(step, final, stream)));
  for (const item of known.values()) {
    const stream = base.resolve(item);
    if (!(stream instanceof PdfStream) || !contents.has(digestOf(step, base, stream))) step.refuse(`REMOVED ${where}`);
  }
}

function numberOf(item: PdfObject): number {
  return item instanceof PdfRef ? item.number : -1;
}

/** Whether a stream is nothing but one value of type SEQUENCE. */
function isEncoded({ context }: Step, view: PdfView, value: PdfObject): value is PdfStream {
  if (!(value instanceof PdfStream) || [...value.dict.entries.keys()].some((key) => !streamKeys.has(key))) return false;
  const bytes = attempt(
    () => context.document.decode(value, view),
    () => Buffer.alloc(0),
  );
  return bytes.length > 2 && bytes.length <= limits.bytes && bytes[0] === 0x30 && isFilled(bytes);
}

/** Whether the length of the outermost value is that of the bytes, or indefinite and closed (X.690, 8.1.3). */
function isFilled(bytes: Buffer): boolean {
  const first = bytes[1]!;
  if (first === 0x80) return bytes.readUInt16BE(bytes.length - 2) === 0;
  if (first < 0x80) return bytes.length === 2 + first;
  const count = first - 0x80;
  return count <= 4 && bytes.length > 2 + count && bytes.readUIntBE(2, count) === bytes.length - 2 - count;
}

function digestOf({ context }: Step, view: PdfView, stream: PdfStream): string {
  return createHash("sha256").update(context.document.decode(stream, view)).digest("hex");
}
