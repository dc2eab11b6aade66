import { SigningError } from "../../signing/index.ts";
import { AppError } from "../errors.ts";

/** Why a signature could not be used, as people are told. */
export interface Fault {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** By the library's codes, and by the reasons of REFUSE_SIGN, which say more. */
const sentences: Readonly<Record<string, string>> = {
  STALE: "Văn bản đã thay đổi từ khi chuẩn bị ký; hãy chuẩn bị lại.",
  UNSOUND_RESULT: "Tệp sau khi ký không vượt qua kiểm tra chữ ký số nên không được lưu.",

  REFUSE_SIGN: "Không thể ký trên tệp này.",
  CERTIFIED: "Tệp đã được chứng nhận, không cho phép thay đổi nên không ký thêm được.",
  LOCKED_FIELD: "Trường ký đã bị một chữ ký trước khóa lại.",
  ALREADY_SIGNED: "Trường này đã được ký.",
  ENCRYPTED: "Tệp có mật khẩu nên không ký được.",
  ENCRYPTION: "Tệp được mã hóa và không cho phép ký.",
  SEED_VALUE: "Trường ký đặt điều kiện mà chữ ký này không đáp ứng.",
  STRUCTURE: "Cấu trúc tệp bị lỗi nên không ký được; hãy tạo lại tệp.",
  KEY_MISMATCH: "Chữ ký không phải của khóa trong chứng thư số này.",
  CERTIFICATE_EXPIRED: "Chứng thư số đã hết hạn.",
  CERTIFICATE_NOT_YET_VALID: "Chứng thư số chưa có hiệu lực.",
  CERTIFICATE_REVOKED: "Chứng thư số đã bị thu hồi.",
  KEY_USAGE: "Chứng thư số này không dùng để ký văn bản.",
  WEAK_KEY: "Khóa quá ngắn, không còn được chấp nhận.",

  FIELD_NOT_FOUND: "Tệp không có trường ký này.",
  HOLE_TOO_SMALL: "Chỗ dành cho chữ ký trong tệp không đủ.",
  LIMIT_EXCEEDED: "Tệp vượt quá giới hạn cho phép.",
  TOO_LARGE: "Tệp vượt quá giới hạn cho phép.",
  MALFORMED_PDF: "Tệp không phải PDF hợp lệ.",
  ENCRYPTED_PDF: "Tệp có mật khẩu nên không ký được.",
  UNSUPPORTED_KEY: "Loại khóa này chưa được hỗ trợ.",
  UNSUPPORTED_ALGORITHM: "Thuật toán này chưa được hỗ trợ.",
  TIMESTAMP_UNAVAILABLE: "Không lấy được dấu thời gian; hãy thử lại.",

  PIN_LOCKED: "Mã PIN của thiết bị đã bị khóa vì nhập sai nhiều lần.",
  PIN_LAST_TRY: "Chỉ còn một lần thử: nhập sai mã PIN lần nữa thì thiết bị bị khóa. Hãy mở bằng phần mềm của thiết bị.",
  PIN_EXPIRED: "Mã PIN của thiết bị đã hết hạn; hãy đổi mã PIN.",
  TOKEN_MISSING: "Không thấy thiết bị giữ khóa.",
  TOKEN_LIBRARY_MISSING: "Máy chủ thiếu thư viện của thiết bị giữ khóa.",
  TOKEN_TIMED_OUT: "Thiết bị giữ khóa không trả lời.",
  TOKEN_CRASHED: "Thiết bị giữ khóa gặp lỗi.",
  TOKEN_FAILED: "Thiết bị giữ khóa gặp lỗi.",
  NO_CERTIFICATE: "Trên thiết bị không có chứng thư số này.",
  NO_PRIVATE_KEY: "Trên thiết bị không có khóa của chứng thư số này.",
  AMBIGUOUS_KEY: "Có nhiều khóa phù hợp; cần nêu rõ khóa nào.",
  AMBIGUOUS_TOKEN: "Có nhiều thiết bị phù hợp; cần nêu rõ thiết bị nào.",
  TIMED_OUT: "Mở khóa quá lâu nên đã dừng.",

  REJECTED: "Người ký đã từ chối.",
  EXPIRED: "Đã hết thời gian xác nhận ký.",
  LOCKED: "Khóa đã bị tạm khóa vì nhập sai nhiều lần.",
  LIMIT: "Vượt quá số chữ ký được phép.",
  UNAVAILABLE: "Dịch vụ ký số không trả lời; hãy thử lại.",
  ACCESS_DENIED: "Dịch vụ ký số không chấp nhận tài khoản của hệ thống.",
  SECOND_FACTOR_REQUIRED: "Tài khoản tại dịch vụ ký số cần xác thực thêm trước khi ký.",
  CREDENTIAL_UNUSABLE: "Chứng thư số không dùng được lúc này.",
  REFUSED: "Dịch vụ ký số từ chối yêu cầu.",
  BAD_ANSWER: "Dịch vụ ký số trả lời không đúng quy ước.",
  BAD_PENDING: "Phiên ký tại dịch vụ đã hỏng; hãy chuẩn bị lại.",
  OTHER_KEY_SIGNED: "Chữ ký không phải của chứng thư số này.",
  OTHER_HASH_SIGNED: "Chữ ký được tạo trên dữ liệu khác.",
};

/** A code of the library in Vietnamese; undefined for one that is not for people. */
export function sentenceFor(code: string, reason?: unknown): string | undefined {
  // A service's lock is of the key, a document's of the field.
  const known = reason === "LOCKED" && code === "REFUSE_SIGN" ? "LOCKED_FIELD" : reason;
  const named = code === "REFUSE_SIGN" && typeof known === "string" && Object.hasOwn(sentences, known) ? known : code;
  return Object.hasOwn(sentences, named) ? sentences[named] : undefined;
}

/** The codes of a wrong secret, which can be typed in again. */
const wrongSecrets = new Set(["WRONG_OTP", "WRONG_PIN", "WRONG_AUTHORIZATION", "BAD_PASSWORD"]);

/** An error of the signing library as people are told it; any other is left as it is. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof SigningError)) return error;
  if (wrongSecrets.has(error.code))
    return new AppError("BAD_PIN", "Mã PIN hoặc mã xác nhận không đúng.", "Wrong PIN or code.", { reason: error.code });
  const details = { reason: error.details?.["reason"] ?? error.code, ...(error.details && { signing: error.details }) };
  const vi = sentenceFor(error.code, error.details?.["reason"]) ?? "Không ký được văn bản này.";
  return new AppError(error.code === "UNAVAILABLE" ? "UNAVAILABLE" : "SIGNING_REFUSED", vi, error.message, details);
}

/** An error as a session keeps it; null for one that is a fault of the server's. */
export function faultOf(error: unknown): Fault | null {
  const refusal = refusalOf(error);
  if (!(refusal instanceof AppError)) return null;
  const { code, vi, en, details } = refusal;
  return { code, vi, en, details };
}
