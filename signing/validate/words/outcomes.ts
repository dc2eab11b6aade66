import type { WordTable } from "./sentence.ts";

/** Outcomes in the words of EN 319 102-1, levels, kinds; INDETERMINATE is never worded as valid. */
export const outcomeWords: WordTable = {
  "TOTAL-PASSED": ["hợp lệ", "valid"],
  INDETERMINATE: ["chưa đủ căn cứ / không xác định", "not enough grounds / undetermined"],
  "TOTAL-FAILED": ["không hợp lệ", "invalid"],
  PASS: ["nguyên vẹn", "intact"],
  FAIL: ["không nguyên vẹn", "not intact"],
  FORMAT_FAILURE: [
    "Chữ ký hoặc tệp sai cấu trúc, hoặc nội dung bị thay đổi trái phép sau khi ký",
    "The signature or the file is malformed, or content was changed without leave after signing",
  ],
  HASH_FAILURE: [
    "Nội dung đã bị sửa: mã băm không khớp với chữ ký",
    "The content was altered: its digest is not the signed one",
  ],
  SIG_CRYPTO_FAILURE: ["Chữ ký không đúng về mặt mật mã", "The signature is cryptographically wrong"],
  REVOKED: [
    "Chứng thư đã bị thu hồi và có bằng chứng chữ ký được tạo sau đó",
    "The certificate was revoked, and the signature is proven to have been made later",
  ],
  EXPIRED: [
    "Chứng thư đã hết hạn và có bằng chứng chữ ký được tạo sau đó",
    "The certificate had expired, and the signature is proven to have been made later",
  ],
  NOT_YET_VALID: ["Chữ ký có trước khi chứng thư được cấp", "The signature existed before the certificate was issued"],
  SIG_CONSTRAINTS_FAILURE: [
    "Có điểm của chữ ký chưa xác định được",
    "Something about the signature cannot be determined",
  ],
  CHAIN_CONSTRAINTS_FAILURE: [
    "Chuỗi chứng thư không đáp ứng điều kiện sử dụng",
    "The certificate path does not meet the conditions of use",
  ],
  CERTIFICATE_CHAIN_GENERAL_FAILURE: ["Không kiểm tra được chuỗi chứng thư", "The certificate path cannot be judged"],
  CRYPTO_CONSTRAINTS_FAILURE: [
    "Thuật toán không được chấp nhận hoặc chưa hỗ trợ",
    "An algorithm is not accepted or not supported",
  ],
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: [
    "Thuật toán nay không còn được chấp nhận và chưa chứng minh được chữ ký có từ khi còn được chấp nhận",
    "An algorithm is not accepted any more, and nothing proves that the signature is from before",
  ],
  POLICY_PROCESSING_ERROR: ["Không xử lý được chính sách ký", "The signature policy cannot be processed"],
  SIGNATURE_POLICY_NOT_AVAILABLE: ["Không có văn bản chính sách ký", "The signature policy is not available"],
  TIMESTAMP_ORDER_FAILURE: [
    "Các dấu thời gian mâu thuẫn nhau về thứ tự",
    "The time-stamps contradict each other in their order",
  ],
  NO_SIGNING_CERTIFICATE_FOUND: [
    "Không xác định được chứng thư người ký",
    "The signing certificate cannot be identified",
  ],
  NO_CERTIFICATE_CHAIN_FOUND: [
    "Chưa có gốc tin cậy nào xác nhận chứng thư người ký",
    "No trust anchor at hand vouches for the signing certificate",
  ],
  REVOKED_NO_POE: [
    "Chứng thư đã bị thu hồi và chưa chứng minh được chữ ký có trước khi thu hồi",
    "The certificate is revoked, and nothing proves that the signature is older",
  ],
  REVOKED_CA_NO_POE: [
    "Chứng thư của tổ chức cấp đã bị thu hồi và chưa chứng minh được chữ ký có trước đó",
    "An authority's certificate is revoked, and nothing proves that the signature is older",
  ],
  OUT_OF_BOUNDS_NO_POE: [
    "Chứng thư không còn (hoặc chưa) hiệu lực và chưa chứng minh được chữ ký có trong thời hạn",
    "The certificate is not valid now, and nothing proves that the signature is from its lifetime",
  ],
  OUT_OF_BOUNDS_NOT_REVOKED: [
    "Chứng thư đã hết hạn, khi hết hạn chưa bị thu hồi, nhưng chưa chứng minh được chữ ký có trong thời hạn",
    "The certificate has expired unrevoked, but nothing proves that the signature is from its lifetime",
  ],
  REVOCATION_OUT_OF_BOUNDS_NO_POE: [
    "Dữ liệu thu hồi do chứng thư đã hết hạn ký và chưa chứng minh được có từ trước",
    "The revocation data are signed under an expired certificate and not proven to be older",
  ],
  NO_POE: ["Chưa chứng minh được thời điểm", "The time is not proven"],
  TRY_LATER: [
    "Chưa đủ thông tin thu hồi; có thể kiểm tra lại sau",
    "There is not enough revocation information; it may be there later",
  ],
  SIGNED_DATA_NOT_FOUND: ["Không lấy được dữ liệu đã ký", "The signed data cannot be obtained"],
  ENTIRE_FILE: ["toàn bộ tệp", "the entire file"],
  ENTIRE_REVISION: ["toàn bộ bản lưu đã ký", "the entire signed revision"],
  CONTIGUOUS_FROM_START: ["chỉ một phần đầu của tệp", "only a first part of the file"],
  UNCLEAR: ["không rõ", "unclear"],
  NONE: ["không có", "none"],
  LTA_UPDATES: ["chỉ thêm dữ liệu lưu trữ dài hạn", "long-term data only"],
  FORM_FILLING: ["ký và điền biểu mẫu", "signing and filling in"],
  ANNOTATIONS: ["thêm ghi chú", "comments"],
  OTHER: ["thay đổi không được phép", "changes without leave"],
  CERTIFICATION: ["chữ ký chứng nhận", "certifying signature"],
  APPROVAL: ["chữ ký", "signature"],
  DOCUMENT_TIMESTAMP: ["dấu thời gian tài liệu", "document time-stamp"],
  NUMBER: ["số văn bản", "document number"],
  DAY: ["ngày", "day"],
  MONTH: ["tháng", "month"],
  CMS: ["CMS (chưa đạt mức PAdES)", "CMS (below the PAdES levels)"],
  CMS_WITH_TIMESTAMP: ["CMS có dấu thời gian (chưa đạt mức PAdES)", "CMS with time-stamp (below the PAdES levels)"],
};
