import { type FieldLock, type FormField, isLocked, readLock, signaturePermissions } from "../pdf/acroform.ts";
import type { PdfView } from "../pdf/document.ts";
import { PdfDict, PdfString } from "../pdf/objects.ts";
import { refuse } from "./refusal.ts";

/** What the signatures in a document leave open to later ones. */
export interface Permissions {
  /** Names of the fields that are signed. */
  readonly signed: readonly string[];
  /** From the signatures themselves or else from their fields (12.7.5.5). */
  readonly locks: readonly FieldLock[];
  /** Whether a certification or a lock rules out any change but validation material and time-stamps. */
  readonly final: boolean;
}

/** Reads the permissions that the latest signatures, certification included, have set. Throws MALFORMED_PDF. */
export function permissionsOf(view: PdfView, fields: readonly FormField[]): Permissions {
  const signed: string[] = [];
  const locks: FieldLock[] = [];
  // 12.8.6: the certification counts by /Perms, even where no field shows it.
  const certification = view.dict(view.dict(view.catalog.get("Perms"))?.get("DocMDP"));
  let final = certification !== undefined && signaturePermissions(view, certification).certification === 1;
  for (const { name, type, dict: field } of fields) {
    if (type !== "Sig" || view.resolve(field.get("V")) === null) continue;
    signed.push(name);
    const signature = view.dict(field.get("V")) ?? new PdfDict(new Map());
    const own = signaturePermissions(view, signature);
    const fieldLock = view.dict(field.get("Lock"));
    const lock = own.lock ?? readLock(view, fieldLock);
    if (lock !== undefined) locks.push(lock);
    // ISO 32000-2, table 236: the lock of a signed field may lower what the document permits.
    if (own.certification === 1 || view.resolve(fieldLock?.get("P")) === 1) final = true;
  }
  return { signed, locks, final };
}

/** Throws REFUSE_SIGN with CERTIFIED when a signature in the document rules out any further change. */
export function refuseIfFinal({ final }: Permissions): void {
  if (final) throw refuse("CERTIFIED", "The document is certified; no change is allowed.");
}

/** Throws REFUSE_SIGN with LOCKED when an earlier signature closed the field. */
export function refuseIfLocked({ locks }: Permissions, field: string): void {
  if (locks.some((lock) => isLocked(lock, field))) {
    throw refuse("LOCKED", "An earlier signature closed the field.", { field });
  }
}

/** 12.8.2.2.1: the certification comes first, and there is only one. */
export function refuseSecondCertification({ signed }: Permissions): void {
  if (signed.length > 0) {
    throw refuse("ALREADY_SIGNED", "Only the first signature can certify the document.", { fields: signed });
  }
}

const READ_ONLY = 1;

/** A field that people cannot type into takes one value from the system: after a signature it stays. */
export function refuseIfFilled(view: PdfView, { signed }: Permissions, { name, dict: field }: FormField): void {
  const flags = view.resolve(field.get("Ff"));
  const value = view.resolve(field.get("V"));
  const empty = value === null || (value instanceof PdfString && value.bytes.length === 0);
  if (signed.length > 0 && !empty && typeof flags === "number" && (flags & READ_ONLY) !== 0) {
    throw refuse("LOCKED", "The field has its value, and the document is signed.", { field: name });
  }
}
