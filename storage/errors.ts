/** What a caller of the store can be told; the codes are stable. */
export type StorageErrorCode =
  | "BAD_KEY" // not the lower-case hexadecimal form of a SHA-256
  | "BAD_RANGE" // not 0 ≤ start ≤ end ≤ size
  | "BAD_URL" // the address of the store cannot be understood
  | "NOT_FOUND" // no such object
  | "TOO_LARGE" // more bytes than the caller allowed
  | "MISMATCH" // the bytes put are not those that the caller announced
  | "CORRUPT" // the bytes stored are not those that were put
  | "FULL" // no space left
  | "UNAVAILABLE"; // the disk or the server failed; trying later may help

/** A failure of the store. `cause` is the driver's own error, for the log. */
export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StorageError";
    this.code = code;
  }
}

const codeOfCause: Readonly<Record<string, StorageErrorCode>> = {
  EDQUOT: "FULL",
  ENOSPC: "FULL",
  QuotaExceeded: "FULL",
  XMinioStorageFull: "FULL",
  NoSuchKey: "NOT_FOUND",
  NotFound: "NOT_FOUND",
  InvalidRange: "BAD_RANGE",
};

/** The errno or S3 code that a driver's error carries, or "". */
export function causeCode(cause: unknown): string {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "";
}

/** The typed form of whatever a driver threw: UNAVAILABLE unless its code says more. */
export function storageError(cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const code = causeCode(cause);
  const meaning = Object.hasOwn(codeOfCause, code) ? codeOfCause[code] : undefined;
  return new StorageError(meaning ?? "UNAVAILABLE", `The store failed: ${code || String(cause)}`, cause);
}

/** Waits for an effect of the driver; what it throws is thrown typed. */
export async function attempt<T>(effect: Promise<T>): Promise<T> {
  try {
    return await effect;
  } catch (cause) {
    throw storageError(cause);
  }
}
