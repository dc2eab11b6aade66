/** Every failure this library reports: `code` is stable and upper case; `details` hold no secrets. */
export class SigningError extends Error {
  override readonly name = "SigningError";
  readonly code: string;
  readonly details?: Record<string, unknown>;

  constructor(code: string, message: string, details?: Record<string, unknown>) {
    super(message);
    this.code = code;
    if (details) this.details = details;
  }
}
