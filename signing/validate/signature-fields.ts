import { readElement } from "../asn1.ts";
import { attempt } from "../diff/attempt.ts";
import { SigningError } from "../errors.ts";
import { formFields, readLock, signaturePermissions, type FieldLock } from "../pdf/acroform.ts";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from "../pdf/objects.ts";
import { exceeded, MAX_DEPTH } from "../pdf/limits.ts";
import type { PdfSource } from "../pdf/source.ts";
import { decodeText } from "../pdf/text.ts";
import type { Coverage, SignatureKind } from "./report.ts";

/** [start, length, start, length] as in /ByteRange. */
export type ByteRange = readonly [number, number, number, number];

/** A signature as the file holds it. Any fault makes it fail, whatever its mathematics say. */
export interface FoundSignature {
  readonly field: string;
  readonly fieldRef: PdfRef;
  readonly widgets: readonly PdfRef[];
  readonly dictionary: PdfDict;
  /** Number of the dictionary's object; undefined where it stands in the field itself. */
  readonly object: number | undefined;
  readonly kind: SignatureKind;
  readonly subFilter: string;
  readonly range: ByteRange | undefined;
  readonly contents: Buffer;
  readonly coverage: Coverage;
  /** Index of the revision that the signature closes. */
  readonly revision: number | undefined;
  /** DocMDP level of a certification (12.8.2.2). */
  readonly certification: number | undefined;
  /** What the signature locks: FieldMDP in the dictionary, /Lock in its field. */
  readonly locks: readonly FieldLock[];
  /** /P of the field's /Lock (ISO 32000-2 table 237). */
  readonly lockPermission: number | undefined;
  readonly claimedTime: Date | undefined;
  readonly faults: readonly string[];
}

/** Most signatures that one file may carry. */
export const maximumSignatures = 1000;
/** Most fields looked at, in all states of the form together. */
const mostFields = 500_000;

/** All signatures of the latest revision, by revision, with the faults of their structure. Throws LIMIT_EXCEEDED. */
export function findSignatures(document: PdfDocument): FoundSignature[] {
  const view = document.latest;
  const found: FoundSignature[] = [];
  for (const { name, ref, dict, type, widgets } of formFields(view)) {
    if (type !== "Sig") continue;
    const written = valueOf(view, dict);
    // A signature that cannot be read is there all the same; readers that guess would show something.
    const value = attempt<PdfObject | SigningError>(
      () => view.resolve(written),
      (fault) => fault,
    );
    if (value === null) continue;
    if (value instanceof SigningError && value.code === "LIMIT_EXCEEDED") throw value;
    if (found.length === maximumSignatures) throw exceeded("The document has too many signatures.");
    const dictionary = value instanceof PdfDict ? value : new PdfDict(new Map());
    const faults: string[] = value instanceof PdfDict ? [] : ["SIGNATURE_IS_NO_DICTIONARY"];
    const holder = written instanceof PdfRef ? written : ref;
    const place = locate(document, ref, holder, dictionary, faults);
    const permissions = signaturePermissions(view, dictionary);
    const subFilter = textOfName(view.resolve(dictionary.get("SubFilter")));
    const stamp = subFilter === "ETSI.RFC3161" || textOfName(view.resolve(dictionary.get("Type"))) === "DocTimeStamp";
    const lockDictionary = view.dict(dict.get("Lock"));
    const lockPermission = view.resolve(lockDictionary?.get("P"));
    const lock = readLock(view, lockDictionary);
    found.push({
      field: name,
      fieldRef: ref,
      widgets,
      dictionary,
      object: written instanceof PdfRef ? written.number : undefined,
      subFilter,
      kind: stamp ? "DOCUMENT_TIMESTAMP" : permissions.certification === undefined ? "APPROVAL" : "CERTIFICATION",
      certification: stamp ? undefined : permissions.certification,
      locks: [permissions.lock, lock].filter((each) => each !== undefined),
      lockPermission: typeof lockPermission === "number" ? lockPermission : undefined,
      claimedTime: readDate(view.resolve(dictionary.get("M"))),
      faults,
      ...place,
    });
  }
  found.sort((a, b) => (a.revision ?? Infinity) - (b.revision ?? Infinity));
  return markOverlaps(found);
}

/** Signatures of one value are one signature, whatever the number of fields that show it. */
export function sameValue(a: FoundSignature, b: FoundSignature): boolean {
  return a.dictionary === b.dictionary || (a.object !== undefined && a.object === b.object);
}

/**
 * V4: what a later signature covers it cannot have in its own hole's way: behind the end of one signed revision the
 * next begins. Two different signatures whose ranges lie in each other cannot both have been made over these bytes.
 */
function markOverlaps(found: readonly FoundSignature[]): FoundSignature[] {
  const ranged = found.filter(({ range }) => range !== undefined);
  const byEnd = ranged.toSorted((a, b) => a.range![2] + a.range![3] - b.range![2] - b.range![3]);
  const overlapping = new Set<FoundSignature>();
  let reached: FoundSignature | undefined;
  for (const next of byEnd) {
    if (reached && !sameValue(reached, next) && next.range![1] < reached.range![2] + reached.range![3]) {
      overlapping.add(reached).add(next);
    }
    reached = next;
  }
  return found.map((each) =>
    overlapping.has(each) ? { ...each, faults: [...each.faults, "BYTE_RANGES_OVERLAP"] } : each,
  );
}

/** Signature fields of earlier states: what they showed, and whether the latest state still shows it. */
export interface EarlierSignatures {
  /** Names of fields that were signed and are not any more. */
  readonly removed: readonly string[];
  /** Where the dictionaries of the signatures of all states stand: begin to end. */
  readonly spans: ReadonlyMap<number, number>;
}

/** Looks through all states but the latest. */
export function earlierSignatures(document: PdfDocument, found: readonly FoundSignature[]): EarlierSignatures {
  const present = new Set(found.map(({ fieldRef }) => fieldRef.number));
  const removed = new Set<string>();
  const spans = new Map<number, number>();
  const mark = ({ span }: PdfDict) => void (span && spans.set(span.start, span.end));
  for (const { dictionary } of found) mark(dictionary);
  let looked = 0;
  for (let revision = 0; revision < document.revisions.length - 1; revision++) {
    const view = document.at(revision);
    const fields = formFields(view);
    if ((looked += fields.length) > mostFields) throw exceeded("The form was saved too many times.");
    for (const { name, ref, dict, type } of fields) {
      if (type !== "Sig") continue;
      const value = view.resolve(valueOf(view, dict));
      if (value === null) continue;
      if (!present.has(ref.number)) removed.add(name);
      if (value instanceof PdfDict) mark(value);
    }
  }
  return { removed: [...removed], spans };
}

/** What a field shows: its own /V, or that of a field above it (12.7.4.1). */
function valueOf(view: PdfView, field: PdfDict | undefined): PdfObject {
  for (let depth = 0; field && depth <= MAX_DEPTH; depth++) {
    const value = field.get("V");
    if (value !== undefined) return value;
    field = view.dict(field.get("Parent"));
  }
  return null;
}

/** Whether the digest covers exactly everything but the signature itself: V2 to V5 of the design. */
function locate(document: PdfDocument, fieldRef: PdfRef, holder: PdfRef, dictionary: PdfDict, faults: string[]) {
  const { source, latest, revisions } = document;
  const value = dictionary.get("Contents");
  const contents = value instanceof PdfString ? contentsOf(document, value, holder) : Buffer.alloc(0);
  const nowhere = { range: undefined, contents, coverage: "UNCLEAR" as const, revision: undefined };
  if (dictionary.repeated.length > 0) faults.push(`REPEATED_KEY ${dictionary.repeated.join(" ")}`);
  if (!(value instanceof PdfString) || !value.hex || !value.span || contents.length === 0) {
    faults.push("CONTENTS_MALFORMED");
    return nowhere;
  }
  const range = readByteRange(latest.resolve(dictionary.get("ByteRange")), source.length);
  if (!range) {
    faults.push("BYTE_RANGE_MALFORMED");
    return nowhere;
  }
  const [, before, after, rest] = range;
  const end = after + rest;
  if (before !== value.span.start || after !== value.span.end) {
    faults.push("BYTE_RANGE_GAP_IS_NOT_CONTENTS");
    return { ...nowhere, range };
  }
  const last = revisions.at(-1)!;
  const closing = revisions.find((revision) => sameEnd(source, revision.end, end));
  const revision = closing?.index ?? (end === source.length && end > last.end ? last.index : undefined);
  const coverage: Coverage =
    end === source.length ? "ENTIRE_FILE" : closing ? "ENTIRE_REVISION" : "CONTIGUOUS_FROM_START";
  if (revision === undefined) {
    faults.push("COVERAGE_ENDS_INSIDE_A_REVISION");
    return { range, contents, coverage: "CONTIGUOUS_FROM_START" as const, revision };
  }
  // The field that shows the signature must have shown this very dictionary when it was signed.
  const signed = document.at(revision);
  const then = signed.resolve(valueOf(signed, signed.dict(fieldRef)));
  if (!(then instanceof PdfDict) || then.span?.start !== dictionary.span?.start || !dictionary.span) {
    faults.push("SIGNATURE_WAS_EXCHANGED");
  }
  return { range, contents, coverage, revision };
}

function readByteRange(value: PdfObject, size: number): ByteRange | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  if (!value.every((n) => typeof n === "number" && Number.isSafeInteger(n) && n >= 0)) return undefined;
  const [start, before, after, rest] = value as [number, number, number, number];
  return start === 0 && before > 0 && after > before && rest > 0 && after + rest <= size
    ? [start, before, after, rest]
    : undefined;
}

/** The bytes of /Contents as they stand in the file: they are never encrypted (ISO 32000-2, 7.6.2). */
function contentsOf(document: PdfDocument, value: PdfString, holder: PdfRef): Buffer {
  if (!document.encryption || !value.hex || !value.span) return value.bytes;
  const digits = document.source
    .read(value.span.start + 1, value.span.end - 1)
    .toString("latin1")
    .replace(/\s/g, "");
  const bytes = Buffer.from(digits.length % 2 ? `${digits}0` : digits, "hex");
  if (!isPaddingEnciphered(document, bytes, holder)) return bytes;
  document.reading.repairs.harmless("PADDING_ENCIPHERED", value.span.start);
  return bytes.fill(0, endOf(bytes));
}

/**
 * Some writers encipher the zeros that they reserve for a signature as they do any string, and then write the CMS over
 * their beginning. What is left behind it must be just that, whoever enciphered: by RC4 each byte stands for itself;
 * by AES each byte of the text takes the block behind it and the byte at its own place (CBC), so that from the end of
 * the CMS on all can be deciphered but the last block, of which nothing is taken on trust.
 */
function isPaddingEnciphered({ security }: PdfDocument, bytes: Buffer, { number, generation }: PdfRef): boolean {
  const end = endOf(bytes);
  if (!security || bytes.subarray(end).every((byte) => byte === 0)) return false;
  const padding = security.revealBytes(bytes, number, generation)?.subarray(end);
  return padding !== undefined && padding.length > 0 && padding.every((byte) => byte === 0);
}

/** Where the CMS ends; the length of all where none can be found. */
function endOf(bytes: Buffer): number {
  return attempt(
    () => readElement(bytes).end,
    () => bytes.length,
  );
}

/** Whether two ends differ by no more than the line end behind %%EOF. */
function sameEnd(source: PdfSource, a: number, b: number): boolean {
  if (Math.abs(a - b) > 2) return false;
  return /^[\r\n]*$/.test(source.read(Math.min(a, b), Math.max(a, b)).toString("latin1"));
}

/** A date string (7.9.4); undefined where it is missing or malformed. */
export function readDate(value: PdfObject): Date | undefined {
  if (!(value instanceof PdfString)) return undefined;
  const pattern = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?/;
  const parts = pattern.exec(decodeText(value).slice(0, 40));
  if (!parts) return undefined;
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((n) => n && Number(n));
  const offset = (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0)) * (parts[7] === "-" ? -60_000 : 60_000);
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return Number.isFinite(time) ? new Date(time - offset) : undefined;
}

function textOfName(value: PdfObject): string {
  return value instanceof PdfName ? value.name : "";
}
