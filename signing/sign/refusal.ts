import { SigningError } from "../errors.ts";

/** Why a document may not be signed, or not so. */
export type RefusalReason =
  /** A certification, or the lock of a signed field, allows no change (DocMDP level 1). */
  | "CERTIFIED"
  /** An earlier signature closed the field to be signed or filled. */
  | "LOCKED"
  /** The field is signed, or for a certification or new empty fields: the document is. */
  | "ALREADY_SIGNED"
  /** The file is encrypted with a password that is not empty, or in a way that is not supported. */
  | "ENCRYPTED"
  /** The file's security handler forbids signing or filling fields. */
  | "ENCRYPTION"
  /** The field demands something of its signature that is not met (`details.key` names it). */
  | "SEED_VALUE"
  /** The file's structure is not read as it is written. */
  | "STRUCTURE"
  /** The signature was not made by the key of the certificate. */
  | "KEY_MISMATCH"
  | "CERTIFICATE_EXPIRED"
  | "CERTIFICATE_NOT_YET_VALID"
  | "CERTIFICATE_REVOKED"
  /** The certificate is not for signing documents. */
  | "KEY_USAGE"
  | "WEAK_KEY";

/** The refusal to sign, as an error to throw; `details.reason` is stable. */
export function refuse(reason: RefusalReason, message: string, details: Record<string, unknown> = {}): SigningError {
  return new SigningError("REFUSE_SIGN", message, { reason, ...details });
}
