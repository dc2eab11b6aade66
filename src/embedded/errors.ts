/** What can keep the embedded PostgreSQL from serving; stable, for messages and tests. */
export type EmbeddedPostgresErrorCode =
  | "UNSUPPORTED_PLATFORM"
  | "BINARIES_MISSING"
  | "NO_SERVICE_ACCOUNT"
  | "DATA_UNREACHABLE"
  | "DATA_OF_ANOTHER_USER"
  | "WRONG_VERSION"
  | "SOCKET_DIRECTORY_UNSAFE"
  | "INIT_FAILED"
  | "START_FAILED"
  | "START_TIMEOUT"
  | "STOP_TIMEOUT";

/** A failure of the embedded PostgreSQL; the message says what the operator can do. */
export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
