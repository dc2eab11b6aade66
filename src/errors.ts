/** What a caller may be told: a stable code, a sentence in Vietnamese and in English, and details for programs. */
export type ErrorCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "BAD_INPUT"
  | "WRONG_STATE"
  | "CONFLICT"
  | "TOO_LARGE"
  | "TOO_MANY_TRIES"
  | "BAD_PIN"
  | "SIGNING_REFUSED"
  | "UNAVAILABLE";

export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly vi: string;
  readonly en: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, vi: string, en: string, details: Record<string, unknown> = {}) {
    super(en);
    this.code = code;
    this.vi = vi;
    this.en = en;
    this.details = details;
  }
}

export const unauthenticated = () => new AppError("UNAUTHENTICATED", "Bạn cần đăng nhập.", "You need to sign in.");

export const forbidden = (permission: string) =>
  new AppError("FORBIDDEN", "Bạn không có quyền làm việc này.", "You are not allowed to do this.", { permission });

/** Also for what exists but is not the caller's to see: existence itself can be confidential. */
export const notFound = (what: string) =>
  new AppError("NOT_FOUND", "Không tìm thấy, hoặc bạn không được xem.", "Not found, or not yours to see.", { what });

export const badInput = (field: string, vi: string, en: string) => new AppError("BAD_INPUT", vi, en, { field });

export const wrongState = (vi: string, en: string, details: Record<string, unknown> = {}) =>
  new AppError("WRONG_STATE", vi, en, details);

/** The HTTP status that goes with a code where no GraphQL answer is given. */
export const httpStatus: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_INPUT: 400,
  WRONG_STATE: 409,
  CONFLICT: 409,
  TOO_LARGE: 413,
  TOO_MANY_TRIES: 429,
  BAD_PIN: 403,
  SIGNING_REFUSED: 409,
  UNAVAILABLE: 503,
};
