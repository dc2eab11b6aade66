import { AppError, badInput, type ErrorCode, httpStatus } from "../errors.ts";
import { StorageError, type StorageErrorCode } from "../../storage/index.ts";

/** Codes beside those of AppError: what HTTP or GraphQL itself refuses, and a fault of ours. */
export type FailureCode =
  | ErrorCode
  | "INTERNAL"
  | "BAD_QUERY"
  | "BAD_REQUEST"
  | "CSRF"
  | "METHOD_NOT_ALLOWED"
  | "NOT_ACCEPTABLE"
  | "RANGE_NOT_SATISFIABLE"
  | "UNSUPPORTED_MEDIA_TYPE";

/** What a client is told of a failure. */
export interface Failure {
  readonly status: number;
  readonly code: FailureCode;
  readonly vi: string;
  readonly en: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that HTTP's own rules turn away. */
export class Refusal extends Error implements Failure {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: FailureCode;
  readonly vi: string;
  readonly en: string;
  readonly details = {};
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: FailureCode, vi: string, en: string, headers: Record<string, string> = {}) {
    super(en);
    this.status = status;
    this.code = code;
    this.vi = vi;
    this.en = en;
    this.headers = headers;
  }
}

export const methodNotAllowed = (allow: string) =>
  new Refusal(405, "METHOD_NOT_ALLOWED", "Phương thức không được dùng ở đây.", "This method is not for this path.", {
    allow,
  });

export const tooLarge = (limit: number) =>
  new AppError("TOO_LARGE", `Dữ liệu gửi lên vượt quá ${limit} byte.`, `More than ${limit} bytes.`, { limit });

export const unavailable = () =>
  new AppError("UNAVAILABLE", "Hệ thống đang bận; vui lòng thử lại.", "The system is busy; please try again.", {
    retryAfterSeconds: 1,
  });

const ofStorage: Partial<Record<StorageErrorCode, () => AppError>> = {
  TOO_LARGE: () => new AppError("TOO_LARGE", "Tệp quá lớn.", "The file is too large."),
  MISMATCH: () =>
    badInput(
      "x-content-sha256",
      "Tệp nhận được khác với giá trị băm đã báo.",
      "The bytes do not have the announced digest.",
    ),
  FULL: unavailable,
  UNAVAILABLE: unavailable,
};

/**
 * SQLSTATE classes 08 (connection), 40 (undone again and again), 53 (resources) and 57P (shutdown), a cancelled statement, a
 * lock that did not come, and sockets that fail.
 */
const passing = /^(08...|40P01|40001|53...|55P03|57P..|57014|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/;

/** What may be told of an error, or undefined where it is a fault of ours. */
export function known(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof StorageError) return ofStorage[error.code]?.();
  if (!(error instanceof Error)) return undefined;
  if (error.name === "OptimisticLockError")
    return new AppError(
      "CONFLICT",
      "Người khác vừa thay đổi; vui lòng tải lại.",
      "Somebody else has just changed this; please read it again.",
    );
  const { code, syscall, severity } = error as { code?: unknown; syscall?: unknown; severity?: unknown };
  const isOutside = typeof severity === "string" || syscall === "connect" || syscall === "read" || syscall === "write";
  const isWaiting = /^(Connection terminated|timeout exceeded when trying to connect|Client .*is not queryable)/.test(
    error.message,
  );
  return (isOutside && typeof code === "string" && passing.test(code)) || isWaiting ? unavailable() : undefined;
}

/** What the client is told of an error: never more than a request id where the fault is ours. */
export function failureOf(error: unknown, requestId: string): Failure {
  if (error instanceof Refusal) return error;
  const told = known(error);
  if (told) {
    const { code, vi, en, details } = told;
    const wait = details["retryAfterSeconds"];
    const headers = typeof wait === "number" ? { "retry-after": String(wait) } : undefined;
    return { status: httpStatus[code], code, vi, en, details, ...(headers && { headers }) };
  }
  return {
    status: 500,
    code: "INTERNAL",
    vi: "Hệ thống gặp lỗi; vui lòng báo mã yêu cầu cho quản trị viên.",
    en: "Something went wrong; please report the request id.",
    details: { requestId },
  };
}
