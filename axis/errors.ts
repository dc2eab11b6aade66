/** Why a recipient or the hub refuses a message. These words travel inside signed receipts and never change. */
export type RefusalCode =
  | "bad_signature"
  | "digest_mismatch"
  | "not_addressee"
  | "unsupported_version"
  | "too_large"
  | "infected"
  | "unknown_kind"
  | "malformed"
  | "expired";

/** Why the hub could not do what was asked; each has one HTTP status when the hub is reached over HTTP. */
export type OperationCode =
  "CONFLICT" | "NOT_FOUND" | "LEASED" | "STALE_FENCE" | "UNKNOWN_SENDER" | "UNKNOWN_RECIPIENT" | "MISSING_BLOBS";

/** A failure of the axis that the caller caused or may be told. `details` is safe to send back. */
export class AxisError extends Error {
  readonly code: RefusalCode | OperationCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: RefusalCode | OperationCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "AxisError";
    this.code = code;
    this.details = details;
  }
}
