import { SigningError } from "../../signing/index.ts";
import { AppError } from "../errors.ts";

/** Why a signature could not be used, as people are told. */
export interface Fault {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

const sentences: Readonly<Record<string, string>> = {
  STALE: "Văn bản đã thay đổi từ khi chuẩn bị ký; hãy chuẩn bị lại.",
  REFUSE_SIGN: "Không thể ký trên tệp này.",
  UNSOUND_RESULT: "Tệp sau khi ký không vượt qua kiểm tra chữ ký số nên không được lưu.",
  REJECTED: "Người ký đã từ chối.",
  EXPIRED: "Đã hết thời gian xác nhận ký.",
  LOCKED: "Khóa đã bị tạm khóa vì nhập sai nhiều lần.",
  LIMIT: "Vượt quá số chữ ký được phép.",
  UNAVAILABLE: "Dịch vụ ký số không trả lời; hãy thử lại.",
  ACCESS_DENIED: "Dịch vụ ký số không chấp nhận tài khoản của hệ thống.",
  CREDENTIAL_UNUSABLE: "Chứng thư số không dùng được lúc này.",
  OTHER_KEY_SIGNED: "Chữ ký không phải của chứng thư số này.",
  OTHER_HASH_SIGNED: "Chữ ký được tạo trên dữ liệu khác.",
};

/** The codes of a wrong secret, which can be typed in again. */
const wrongSecrets = new Set(["WRONG_OTP", "WRONG_PIN", "WRONG_AUTHORIZATION", "BAD_PASSWORD"]);

/** An error of the signing library as people are told it; any other is left as it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof SigningError)) return error;
  if (wrongSecrets.has(error.code))
    return new AppError("BAD_PIN", "Mã PIN hoặc mã xác nhận không đúng.", "Wrong PIN or code.", { reason: error.code });
  const details = { reason: error.details?.["reason"] ?? error.code, ...(error.details && { signing: error.details }) };
  const vi = sentences[error.code] ?? "Không ký được văn bản này.";
  return new AppError(error.code === "UNAVAILABLE" ? "UNAVAILABLE" : "SIGNING_REFUSED", vi, error.message, details);
}

/** An error as a session keeps it; null for one that is a fault of the server's. */
export function faultOf(error: unknown): Fault | null {
  const refusal = refusalOf(error);
  if (!(refusal instanceof AppError)) return null;
  const { code, vi, en, details } = refusal;
  return { code, vi, en, details };
}
