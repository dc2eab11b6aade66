import type { WordTable } from "./sentence.ts";

/** The signature value and what stands in it. */
export const cryptographyWords: WordTable = {
  ALGORITHM_EXPIRED: [
    "Thuật toán hoặc độ dài khóa không còn được tin cậy và không có bằng chứng chữ ký có trước đó",
    "The algorithm or key size is not relied on any more, and nothing proves that the signature is older",
  ],
  ALGORITHM_PROTECTION: [
    "Thuật toán ghi ngoài khác với thuật toán đã được ký",
    "The algorithms given are not those that were signed",
  ],
  ARCHIVE_TIMESTAMP_V1: [
    "Có dấu thời gian lưu trữ kiểu CAdES (bản 1), không xét đến",
    "There is a CAdES archive time-stamp (version 1), which is not evaluated",
  ],
  ARCHIVE_TIMESTAMP_V2: [
    "Có dấu thời gian lưu trữ kiểu CAdES (bản 2), không xét đến",
    "There is a CAdES archive time-stamp (version 2), which is not evaluated",
  ],
  ARCHIVE_TIMESTAMP_V3: [
    "Có dấu thời gian lưu trữ kiểu CAdES (bản 3), không xét đến",
    "There is a CAdES archive time-stamp (version 3), which is not evaluated",
  ],
  ASN1_LIMIT: ["Dữ liệu chữ ký vượt giới hạn xử lý", "The signature data exceed a limit"],
  ASN1_MALFORMED: ["Dữ liệu chữ ký mã hóa sai", "The signature data are wrongly encoded"],
  BER_ENCODING: ["Chữ ký mã hóa theo BER (hợp lệ)", "The signature is encoded in BER (which is right)"],
  CERTIFIED_ATTRIBUTES: ["Có thuộc tính người ký kèm chứng thực", "There are certified attributes of the signer"],
  CMS_MALFORMED: ["Cấu trúc chữ ký (CMS) sai", "The structure of the signature (CMS) is wrong"],
  CONTENT_TYPE: ["Loại nội dung được ký không khớp", "The type of the signed content does not agree"],
  COUNTERSIGNATURES_NOT_CHECKED: [
    "Có thêm chữ ký xác nhận không xét đến",
    "Further countersignatures are not looked at",
  ],
  COUNTERSIGNATURE_INVALID: [
    "Chữ ký xác nhận kèm theo không đúng (chữ ký chính không bị ảnh hưởng)",
    "A countersignature is wrong (the signature itself does not suffer)",
  ],
  COUNTERSIGNATURE_UNKNOWN: [
    "Có chữ ký xác nhận kèm theo nhưng không kiểm tra được",
    "There is a countersignature that cannot be checked",
  ],
  COUNTERSIGNATURE_VALID: [
    "Có chữ ký xác nhận kèm theo, đúng về mặt mật mã (chưa xét độ tin cậy của chứng thư), của",
    "There is a countersignature, cryptographically right (trust in its certificate is not judged), by",
  ],
  CURVE_WITHOUT_NAME: ["Khóa dùng đường cong không có tên chuẩn", "The key is on a curve that has no standard name"],
  DIGEST_ALGORITHMS_DIFFER: ["Các thuật toán băm không khớp nhau", "The digest algorithms do not agree"],
  DIGEST_ALGORITHM_MISSING: ["Không ghi thuật toán băm", "No digest algorithm is given"],
  DIGEST_ALGORITHM_NOT_LISTED: [
    "Thuật toán băm không có trong danh sách ở đầu chữ ký (vô hại)",
    "The digest algorithm is not in the list at the head of the signature (harmless)",
  ],
  DIGEST_INFO_WITHOUT_PARAMETERS: [
    "Chữ ký RSA ghi thuật toán băm không kèm tham số (hợp lệ, thường gặp ở ký từ xa)",
    "The RSA signature names its digest without parameters (right, and usual for remote signing)",
  ],
  DIGEST_NOT_FOR_EDDSA: ["Thuật toán băm không hợp với EdDSA", "The digest does not go with EdDSA"],
  EVIDENCE_RECORD: [
    "Có hồ sơ bằng chứng lưu trữ (RFC 4998), không xét đến",
    "There is an evidence record (RFC 4998), which is not evaluated",
  ],
  KEY_OF_ANOTHER_KIND: ["Loại khóa không hợp với thuật toán ký", "The key is of another kind than the algorithm"],
  KEY_TOO_LARGE: ["Khóa lớn quá mức xử lý", "The key is too large to be used"],
  LONG_TERM_VALIDATION: [
    "Có thuộc tính lưu trữ dài hạn kiểu CAdES, không xét đến",
    "There is a CAdES long-term-validation attribute, which is not evaluated",
  ],
  NO_SIGNED_ATTRIBUTES: [
    "Chữ ký không có thuộc tính được ký (kiểu cũ, không phải PAdES)",
    "The signature has no signed attributes (an old form, not PAdES)",
  ],
  OTHER_KIND_OF_CERTIFICATE: ["Có chứng thư loại khác, không xét đến", "A certificate of another kind is passed over"],
  OTHER_KIND_OF_REVOCATION: [
    "Có dữ liệu thu hồi loại khác, không xét đến",
    "Revocation information of another kind is passed over",
  ],
  PSS_MASK_DIGEST_DIFFERS: ["Tham số RSA-PSS dùng hai thuật toán băm", "The RSA-PSS parameters use two digests"],
  PSS_PARAMETERS: ["Tham số RSA-PSS sai", "The RSA-PSS parameters are wrong"],
  SIGNATURE_LENGTH: ["Độ dài chữ ký không khớp với khóa", "The length of the signature does not fit the key"],
  SIGNATURE_MALFORMED: ["Giá trị chữ ký mã hóa sai", "The signature value is wrongly encoded"],
  SIGNATURE_MISMATCH: [
    "Chữ ký không khớp với nội dung hoặc với khóa",
    "The signature does not match the content or the key",
  ],
  SIGNATURE_OUT_OF_RANGE: ["Giá trị chữ ký nằm ngoài miền của khóa", "The signature value is out of the key's range"],
  SIGNED_ASSERTIONS: ["Có xác nhận kèm theo về người ký", "There are signed assertions about the signer"],
  SIGNED_ATTRIBUTES_MISSING: ["Thiếu thuộc tính được ký", "Signed attributes are missing"],
  SIGNED_ATTRIBUTES_NOT_DER: [
    "Thuộc tính được ký không xếp theo thứ tự chuẩn (nội dung không đổi)",
    "The signed attributes are not in the standard's order (their content is the same)",
  ],
  SIGNING_CERTIFICATE_BY_SHA1: [
    "Chứng thư người ký được gắn bằng SHA-1 (kiểu cũ)",
    "The signing certificate is named by SHA-1 (an old form)",
  ],
  SIGNING_CERTIFICATE_DIFFERS: [
    "Chứng thư kèm theo không phải chứng thư mà người ký đã nêu",
    "The certificate is not the one that the signer named",
  ],
  UNREADABLE_ATTRIBUTE: ["Một thuộc tính không đọc được", "An attribute cannot be read"],
  UNREADABLE_CERTIFICATE: ["Một chứng thư kèm theo không đọc được", "An enclosed certificate cannot be read"],
  UNREADABLE_CRL: ["Một danh sách thu hồi kèm theo không đọc được", "An enclosed revocation list cannot be read"],
  UNREADABLE_OCSP_RESPONSE: ["Một trả lời OCSP kèm theo không đọc được", "An enclosed OCSP response cannot be read"],
  UNREADABLE_SIGNING_TIME: ["Thời gian ký do người ký khai không đọc được", "The claimed signing time cannot be read"],
  UNSUPPORTED_ALGORITHM: ["Thuật toán chưa được hỗ trợ", "The algorithm is not supported"],
  UNSUPPORTED_DIGEST: ["Thuật toán băm chưa được hỗ trợ", "The digest algorithm is not supported"],
  UNSUPPORTED_KEY: ["Loại khóa chưa được hỗ trợ", "The kind of key is not supported"],
  UNSUPPORTED_SIGNATURE_ALGORITHM: ["Thuật toán ký chưa được hỗ trợ", "The signature algorithm is not supported"],
  UNSUPPORTED_SUBFILTER: ["Định dạng chữ ký chưa được hỗ trợ", "The format of the signature is not supported"],
  WEAK_DIGEST_MD5: ["Dùng hàm băm MD5 đã lỗi thời", "The broken digest MD5 is used"],
  WEAK_DIGEST_RIPEMD160: ["Dùng hàm băm RIPEMD-160 đã lỗi thời", "The outdated digest RIPEMD-160 is used"],
  WEAK_DIGEST_SHA1: ["Dùng hàm băm SHA-1 đã lỗi thời", "The outdated digest SHA-1 is used"],
  WEAK_KEY: ["Khóa ngắn hơn mức quy định", "The key is shorter than required"],
};
