/** Why a form cannot be made from the data given. */
export type FormErrorCode = "EMPTY" | "TOO_LONG" | "TOO_MANY" | "UNPRINTABLE" | "INVALID";

/** The caller's data cannot become the form; `details.field` names the field at fault. */
export class FormError extends Error {
  readonly code: FormErrorCode;
  readonly details: { field: string; limit?: number; characters?: string };

  constructor(code: FormErrorCode, message: string, details: FormError["details"]) {
    super(message);
    this.name = "FormError";
    this.code = code;
    this.details = details;
  }
}
