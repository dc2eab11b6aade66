import { formFields, readLock, signaturePermissions, type FieldLock } from "../pdf/acroform.ts";
import type { PdfDocument } from "../pdf/document.ts";
import { PdfDict, PdfName, PdfString, type PdfObject, type PdfRef } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import type { Coverage, SignatureKind } from "./report.ts";

/** [start, length, start, length] as in /ByteRange. */
export type ByteRange = readonly [number, number, number, number];

/** A signature as the file holds it. Any fault makes it fail, whatever its mathematics say. */
export interface FoundSignature {
  readonly field: string;
  readonly fieldRef: PdfRef;
  readonly dictionary: PdfDict;
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

/** All signatures of the latest revision, by revision, with the faults of their structure. */
export function findSignatures(document: PdfDocument): FoundSignature[] {
  const view = document.latest;
  const found: FoundSignature[] = [];
  for (const { name, ref, dict, type } of formFields(view)) {
    const value = view.resolve(dict.get("V"));
    if (type !== "Sig" || value === null) continue;
    if (found.length === maximumSignatures) break;
    const dictionary = value instanceof PdfDict ? value : new PdfDict(new Map());
    const faults: string[] = value instanceof PdfDict ? [] : ["SIGNATURE_IS_NO_DICTIONARY"];
    const place = locate(document, ref, dictionary, faults);
    const permissions = signaturePermissions(view, dictionary);
    const subFilter = textOfName(view.resolve(dictionary.get("SubFilter")));
    const stamp = subFilter === "ETSI.RFC3161" || textOfName(view.resolve(dictionary.get("Type"))) === "DocTimeStamp";
    const lockDictionary = view.dict(dict.get("Lock"));
    const lockPermission = view.resolve(lockDictionary?.get("P"));
    const lock = readLock(view, lockDictionary);
    found.push({
      field: name,
      fieldRef: ref,
      dictionary,
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
  return found;
}

/** Names of signature fields that some earlier revision shows signed and the latest does not. */
export function removedSignatures(document: PdfDocument, found: readonly FoundSignature[]): string[] {
  const present = new Set(found.map(({ fieldRef }) => fieldRef.number));
  const removed = new Set<string>();
  for (let revision = 0; revision < document.revisions.length - 1; revision++) {
    const view = document.at(revision);
    for (const { name, ref, dict, type } of formFields(view)) {
      if (type === "Sig" && !present.has(ref.number) && view.resolve(dict.get("V")) !== null) removed.add(name);
    }
  }
  return [...removed];
}

/** Whether the digest covers exactly everything but the signature itself: V2 to V5 of the design. */
function locate(document: PdfDocument, fieldRef: PdfRef, dictionary: PdfDict, faults: string[]) {
  const { bytes, latest, revisions } = document;
  const value = dictionary.get("Contents");
  const contents = value instanceof PdfString ? value.bytes : Buffer.alloc(0);
  const nowhere = { range: undefined, contents, coverage: "UNCLEAR" as const, revision: undefined };
  if (dictionary.repeated.length > 0) faults.push(`REPEATED_KEY ${dictionary.repeated.join(" ")}`);
  if (!(value instanceof PdfString) || !value.hex || !value.span || contents.length === 0) {
    faults.push("CONTENTS_MALFORMED");
    return nowhere;
  }
  const range = readByteRange(latest.resolve(dictionary.get("ByteRange")), bytes.length);
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
  const closing = revisions.find((revision) => sameEnd(bytes, revision.end, end));
  const revision = closing?.index ?? (end === bytes.length && end > last.end ? last.index : undefined);
  const coverage: Coverage =
    end === bytes.length ? "ENTIRE_FILE" : closing ? "ENTIRE_REVISION" : "CONTIGUOUS_FROM_START";
  if (revision === undefined) {
    faults.push("COVERAGE_ENDS_INSIDE_A_REVISION");
    return { range, contents, coverage: "CONTIGUOUS_FROM_START" as const, revision };
  }
  // The field that shows the signature must have shown this very dictionary when it was signed.
  const signed = document.at(revision);
  const then = signed.resolve(signed.dict(fieldRef)?.get("V"));
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

/** Whether two ends differ by no more than the line end behind %%EOF. */
function sameEnd(bytes: Buffer, a: number, b: number): boolean {
  return Math.abs(a - b) <= 2 && /^[\r\n]*$/.test(bytes.toString("latin1", Math.min(a, b), Math.max(a, b)));
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
