import { createHash } from "node:crypto";
import { textAppearance } from "../appearance/appearance.ts";
import { prepareSignedData } from "../cms/write.ts";
import { SigningError } from "../errors.ts";
import { addFieldsTo, type FieldInfo, fieldsOf, markSigned, refuseIfFinal, type SignatureFieldSpec } from "./fields.ts";
import {
  type FieldLock,
  type FormField,
  formFields,
  isLocked,
  lockDict,
  readLock,
  signaturePermissions,
} from "../pdf/acroform.ts";
import { type PdfDocument, type PdfView, readPdf } from "../pdf/document.ts";
import { type Appearance, embedAppearance } from "../appearance/form.ts";
import { box, pageGeometry } from "../pdf/geometry.ts";
import { dict, name, PdfDict, type PdfObject, PdfRef } from "../pdf/objects.ts";
import { type Chunk, serialize } from "../pdf/serialize.ts";
import { encodeDate, encodeText } from "../pdf/text.ts";
import { PdfUpdate } from "../pdf/update.ts";
import type { SignatureDigest, Signer } from "../keys/signer.ts";

/** A text field filled in the same revision as the signature. */
export interface FieldFill {
  readonly field: string;
  readonly value: string;
  /** How the value shows; signPdf draws it if absent, prepareSignature demands it. */
  readonly appearance?: Appearance;
}

/** One signature to be made. */
export interface SignRequest {
  /** An empty signature field's name, or one to be created in the same revision (an arrival mark, say). */
  readonly field: string | SignatureFieldSpec;
  readonly signer: Signer;
  /** Claimed time of signing; proves nothing without a time-stamp. */
  readonly at: Date;
  readonly name?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly appearance?: Appearance;
  readonly fill?: readonly FieldFill[];
}

/** What prepareSignature needs: everything but the key. */
export type PrepareRequest = Omit<SignRequest, "signer"> & {
  readonly digest: SignatureDigest;
  /** Bytes kept free for the CMS; 16 KiB if absent. */
  readonly holeSize?: number;
};

/** A revision that waits for its signature. */
export interface PreparedSignature {
  /** The whole file; its hole is filled with zeros until `complete`. */
  readonly bytes: Buffer;
  readonly byteRange: readonly [number, number, number, number];
  /** Digest of the bytes outside the hole. */
  readonly digest: Buffer;
  /** Puts the CMS into the hole, in place, and returns `bytes`; throws HOLE_TOO_SMALL. */
  complete(cms: Buffer): Buffer;
}

const DEFAULT_HOLE = 16_384;
const LARGEST_HOLE = 2 ** 20;

/**
 * Signs: one appended revision with a PAdES baseline B signature (ETSI EN 319 142-1).
 * Throws what prepareSignature throws, and the signer's own errors; nothing is changed then.
 */
export async function signPdf(pdf: Buffer, request: SignRequest): Promise<Buffer> {
  const { signer } = request;
  const document = open(pdf);
  const fill = await drawFills(document.latest, request.fill ?? []);
  const attempt = async (holeSize: number): Promise<{ prepared: PreparedSignature; cms: Buffer }> => {
    const prepared = prepare(document, { ...request, fill, digest: signer.digest, holeSize });
    const signedData = prepareSignedData(signer, prepared.digest);
    return { prepared, cms: signedData.complete(await signer.sign(signedData.toBeSigned)) };
  };
  let { prepared, cms } = await attempt(DEFAULT_HOLE);
  if (cms.length > DEFAULT_HOLE) {
    // The hole's place is part of what is signed, so a wider one takes a second signature.
    ({ prepared, cms } = await attempt(cms.length + 1_024));
  }
  return prepared.complete(cms);
}

/**
 * Writes the revision with a hole for the CMS; the signature itself is made elsewhere.
 * Throws FIELD_NOT_FOUND, BAD_INPUT, MALFORMED_PDF, or REFUSE_SIGN with `details.reason` ENCRYPTED, CERTIFIED,
 * ALREADY_SIGNED or LOCKED.
 */
export function prepareSignature(pdf: Buffer, request: PrepareRequest): PreparedSignature {
  return prepare(open(pdf), request);
}

function open(pdf: Buffer): PdfDocument {
  try {
    return readPdf(pdf);
  } catch (error) {
    const encrypted = error instanceof SigningError && error.code === "ENCRYPTED_PDF";
    throw encrypted ? refuse("ENCRYPTED", "The file is encrypted.") : error;
  }
}

function prepare(document: PdfDocument, request: PrepareRequest): PreparedSignature {
  const holeSize = request.holeSize ?? DEFAULT_HOLE;
  if (!Number.isInteger(holeSize) || holeSize < 1 || holeSize > LARGEST_HOLE) {
    throw new SigningError("BAD_INPUT", "The hole must be 1 byte to 1 MiB.");
  }
  const view = document.latest;
  const update = new PdfUpdate(document);
  refuseIfFinal(view);
  const fields = formFields(view);
  const locks = locksOf(view, fields);
  const target = targetOf(update, fields, locks, request.field);
  for (const fill of request.fill ?? []) fillField(update, fields, locks, fill);

  const lock = readLock(view, target.dict.get("Lock"));
  const { body, contentsAt, byteRangeAt } = signatureBody(update, lock, request, holeSize);
  const signature = update.add(body);
  showIn(update, target, request.appearance, { V: signature });
  markSigned(update);

  const { bytes, bodies } = update.finish();
  const start = bodies.get(signature.number)! + contentsAt;
  const end = start + 2 * holeSize + 2;
  const byteRange = [0, start, end, bytes.length - end] as const;
  bytes.write(formatByteRange(byteRange), bodies.get(signature.number)! + byteRangeAt, "latin1");
  const digest = createHash(request.digest).update(bytes.subarray(0, start)).update(bytes.subarray(end)).digest();
  return {
    bytes,
    byteRange: [...byteRange],
    digest,
    complete: (cms) => {
      if (cms.length > holeSize) {
        throw new SigningError("HOLE_TOO_SMALL", "The signature does not fit.", { size: cms.length, holeSize });
      }
      bytes.fill("0", start + 1, end - 1);
      bytes.write(cms.toString("hex"), start + 1, "latin1");
      return bytes;
    },
  };
}

/** The locks of all signatures made so far, from the signature itself or else from its field (12.7.5.5). */
function locksOf(view: PdfView, fields: readonly FormField[]): FieldLock[] {
  return fields.flatMap((field) => {
    const signature = field.type === "Sig" ? view.dict(field.dict.get("V")) : undefined;
    if (signature === undefined) return [];
    const lock = signaturePermissions(view, signature).lock ?? readLock(view, field.dict.get("Lock"));
    return lock === undefined ? [] : [lock];
  });
}

type Target = Pick<FormField, "ref" | "dict"> & { readonly widget: PdfRef };

function targetOf(
  update: PdfUpdate,
  fields: readonly FormField[],
  locks: readonly FieldLock[],
  wanted: string | SignatureFieldSpec,
): Target {
  if (typeof wanted !== "string") {
    refuseIfLocked(locks, wanted.name);
    const [added] = addFieldsTo(update, [wanted]);
    return { ...added!, widget: added!.ref };
  }
  const field = find(fields, wanted, "Sig");
  if (update.document.latest.resolve(field.dict.get("V")) !== null) {
    throw refuse("ALREADY_SIGNED", "The field is already signed.", wanted);
  }
  refuseIfLocked(locks, wanted);
  return { ref: field.ref, dict: field.dict, widget: field.widgets[0] ?? field.ref };
}

function refuseIfLocked(locks: readonly FieldLock[], field: string): void {
  if (locks.some((lock) => isLocked(lock, field))) {
    throw refuse("LOCKED", "An earlier signature closed the field.", field);
  }
}

function fillField(
  update: PdfUpdate,
  fields: readonly FormField[],
  locks: readonly FieldLock[],
  fill: FieldFill,
): void {
  const field = find(fields, fill.field, "Tx");
  refuseIfLocked(locks, fill.field);
  if (fill.appearance === undefined) {
    throw new SigningError("BAD_INPUT", "A value needs an appearance.", { field: fill.field });
  }
  const target = { ref: field.ref, dict: field.dict, widget: field.widgets[0] ?? field.ref };
  showIn(update, target, fill.appearance, { V: encodeText(fill.value) });
}

function find(fields: readonly FormField[], fieldName: string, type: "Sig" | "Tx"): FormField {
  const field = fields.find((candidate) => candidate.name === fieldName);
  const details = { field: fieldName };
  if (field === undefined) throw new SigningError("FIELD_NOT_FOUND", "The document has no such field.", details);
  if (field.type !== type) throw new SigningError("BAD_INPUT", "The field is of another type.", details);
  return field;
}

/** Sets the field's keys, and the normal appearance of its widget where one is given. */
function showIn(
  update: PdfUpdate,
  target: Target,
  appearance: Appearance | undefined,
  changes: Readonly<Record<string, PdfObject>>,
): void {
  const merged = target.widget.number === target.ref.number;
  const view = update.document.latest;
  const widget = merged ? target.dict : view.dict(target.widget);
  let shown: Record<string, PdfObject> = {};
  const own = box(view, widget?.get("Rect"));
  if (appearance !== undefined && widget !== undefined && own !== undefined) {
    const page = widget.get("P");
    // A page that the widget does not name is taken as upright.
    const rotate = page instanceof PdfRef ? pageGeometry(view, page).rotate : 0;
    const [width, height] = [own[2] - own[0], own[3] - own[1]];
    const sideways = rotate === 90 || rotate === 270;
    const place = sideways ? { width: height, height: width, rotate } : { width, height, rotate };
    if (width > 0 && height > 0) shown = { AP: dict({ N: embedAppearance(update, appearance, place) }) };
  }
  update.set(target.ref, target.dict.with(merged ? { ...changes, ...shown } : changes));
  if (!merged && widget !== undefined && shown.AP !== undefined) update.set(target.widget, widget.with(shown));
}

/** Ten digits each, as in a cross-reference table. */
function formatByteRange(range: readonly number[]): string {
  return `[${range.map((n) => String(n).padStart(10, "0")).join(" ")}]`;
}

/** The signature dictionary as bytes, and where in it the hole's `<` and the byte range's `[` stand. */
function signatureBody(
  update: PdfUpdate,
  lock: FieldLock | undefined,
  request: PrepareRequest,
  holeSize: number,
): { body: Buffer; contentsAt: number; byteRangeAt: number } {
  const text = (value?: string): PdfObject | undefined => (value === undefined ? undefined : encodeText(value));
  const keys = dict({
    Type: name("Sig"),
    Filter: name("Adobe.PPKLite"),
    SubFilter: name("ETSI.CAdES.detached"),
    M: encodeDate(request.at),
    Name: text(request.name),
    Reason: text(request.reason),
    Location: text(request.location),
    Reference: lock && [fieldReference(update, lock)],
  });
  const chunks: Chunk[] = [];
  serialize(keys, chunks);
  const head = `${chunks.join("").slice(0, -2)}/ByteRange `;
  const range = formatByteRange([0, 0, 0, 0]);
  const middle = "\n/Contents ";
  const body = Buffer.from(`${head}${range}${middle}<${"0".repeat(2 * holeSize)}>\n>>`, "latin1");
  return { body, byteRangeAt: head.length, contentsAt: head.length + range.length + middle.length };
}

/** 12.8.2.4: the field's /Lock becomes the signature's own FieldMDP, so that it is under the signature. */
function fieldReference(update: PdfUpdate, lock: FieldLock): PdfDict {
  return dict({
    Type: name("SigRef"),
    TransformMethod: name("FieldMDP"),
    TransformParams: lockDict("TransformParams", lock),
    Data: update.document.latest.trailer.get("Root"),
  });
}

/** Draws the values whose appearance was not given, as their fields ask. */
async function drawFills(view: PdfView, fills: readonly FieldFill[]): Promise<readonly FieldFill[]> {
  if (fills.every((fill) => fill.appearance !== undefined)) return fills;
  const fields = fieldsOf(view);
  return Promise.all(
    fills.map(async (fill) => {
      const field = fields.find((candidate) => candidate.name === fill.field);
      if (fill.appearance !== undefined || field === undefined) return fill;
      return { ...fill, appearance: await valueAppearance(field, fill.value) };
    }),
  );
}

/** A value drawn as its text field asks: black, in the field's size and alignment. */
export async function valueAppearance(field: FieldInfo, value: string): Promise<Appearance> {
  const [left, bottom, right, top] = field.rect ?? [0, 0, 100, 20];
  return textAppearance({
    width: right - left,
    height: top - bottom,
    lines: [value],
    // 0 means "fit" (12.7.4.3); 13 is the size of number and date in an official document (Decree 30/2020, Annex I).
    fontSize: field.fontSize || 13,
    color: "black",
    align: field.alignment ?? "left",
  });
}

function refuse(reason: string, message: string, field?: string): SigningError {
  return new SigningError("REFUSE_SIGN", message, field === undefined ? { reason } : { reason, field });
}
