import type { WordTable } from "./sentence.ts";

/** Certificates, news about them, and time-stamps. */
export const certificateWords: WordTable = {
  ALGORITHM_NOT_ACCEPTED: [
    "Chứng thư được ký bằng thuật toán không còn được chấp nhận",
    "The certificate was signed with an algorithm that is not accepted any more",
  ],
  ANCHOR_NOT_TRUSTED_AT_THIS_TIME: [
    "Gốc tin cậy không có hiệu lực vào thời điểm xét",
    "The trust anchor is not trusted at that time",
  ],
  AUTHORITY_REVOKED: ["Chứng thư của tổ chức cấp đã bị thu hồi", "The certificate of the issuing authority is revoked"],
  BAD_CERTIFICATE: ["Chứng thư sai cấu trúc", "The certificate is malformed"],
  BAD_CRL: ["Danh sách thu hồi sai cấu trúc", "The revocation list is malformed"],
  BAD_OCSP_RESPONSE: ["Trả lời OCSP sai cấu trúc", "The OCSP response is malformed"],
  CRITICAL_EXTENSION: [
    "Chứng thư có phần mở rộng bắt buộc mà phần mềm không hiểu",
    "The certificate has a critical extension that is not understood",
  ],
  CRL_AFTER_EXPIRY: [
    "Danh sách thu hồi lập sau khi chứng thư hết hạn",
    "The revocation list was issued after the certificate had run out",
  ],
  CRL_BAD_CRL: ["Danh sách thu hồi sai cấu trúc", "The revocation list is malformed"],
  CRL_CRITICAL_EXTENSION: [
    "Danh sách thu hồi có phần mở rộng bắt buộc mà phần mềm không hiểu",
    "The revocation list has a critical extension that is not understood",
  ],
  CRL_FOR_ATTRIBUTE_CERTIFICATES: [
    "Danh sách thu hồi chỉ dành cho chứng thư thuộc tính",
    "The revocation list is for attribute certificates only",
  ],
  CRL_FOR_AUTHORITIES: [
    "Danh sách thu hồi chỉ dành cho tổ chức cấp chứng thư",
    "The revocation list is for authorities only",
  ],
  CRL_FOR_USER_CERTIFICATES: [
    "Danh sách thu hồi chỉ dành cho chứng thư người dùng",
    "The revocation list is for user certificates only",
  ],
  CRL_OF_ANOTHER_DISTRIBUTION_POINT: [
    "Danh sách thu hồi thuộc điểm phân phối khác",
    "The revocation list is of another distribution point",
  ],
  CRL_SIGNER_NOT_FOUND: ["Không tìm thấy người ký danh sách thu hồi", "The signer of the revocation list is not found"],
  EXPIRED: ["Chứng thư đã hết hạn", "The certificate has expired"],
  ISSUER_IS_NO_AUTHORITY: [
    "Người cấp chứng thư không phải tổ chức được phép cấp",
    "The issuer of the certificate is not an authority",
  ],
  ISSUER_KEY_UNREADABLE: ["Không đọc được khóa của tổ chức cấp", "The issuer's key cannot be read"],
  ISSUER_MAY_NOT_CERTIFY: ["Khóa của tổ chức cấp không được dùng để cấp chứng thư", "The issuer's key may not certify"],
  ISSUER_NAME_DIFFERS: ["Tên tổ chức cấp không khớp", "The issuer's name does not agree"],
  KEY_IS_FOR_ANOTHER_PURPOSE: ["Chứng thư dành cho mục đích khác", "The certificate is for another purpose"],
  KEY_MAY_NOT_ANSWER_FOR_STATUS: [
    "Khóa không được phép trả lời trạng thái chứng thư",
    "The key may not answer for the status of certificates",
  ],
  KEY_MAY_NOT_SIGN: ["Chứng thư không được dùng để ký", "The certificate may not be used to sign"],
  KEY_MAY_NOT_SIGN_LISTS: ["Khóa không được ký danh sách thu hồi", "The key may not sign revocation lists"],
  KEY_MAY_NOT_TIMESTAMP: [
    "Chứng thư không được dùng để cấp dấu thời gian",
    "The certificate may not be used for time-stamps",
  ],
  NAME_CONSTRAINTS_TOO_MANY: ["Quá nhiều ràng buộc về tên", "There are too many name constraints"],
  NAME_CONSTRAINT_UNSUPPORTED: [
    "Ràng buộc về tên thuộc loại chưa hỗ trợ",
    "A name constraint is of an unsupported kind",
  ],
  NAME_EXCLUDED: ["Tên bị tổ chức cấp loại trừ", "The name is excluded by an authority"],
  NAME_NOT_PERMITTED: ["Tên nằm ngoài phạm vi của tổ chức cấp", "The name is outside of what an authority may certify"],
  NOT_YET_VALID: ["Chứng thư chưa có hiệu lực", "The certificate is not yet valid"],
  NO_REVOCATION_AVAILABLE: [
    "Theo chứng thư, không có thông tin thu hồi",
    "The certificate says that there is no revocation information",
  ],
  NO_REVOCATION_AVAILABLE_CONTRADICTED: [
    "Chứng thư ghi không có thông tin thu hồi nhưng lại nêu địa chỉ tra cứu",
    "The certificate denies revocation information, yet names where to find it",
  ],
  NO_VALID_POLICY: ["Không chính sách chứng thư nào được chấp nhận", "No certificate policy is acceptable"],
  OCSP_AFTER_EXPIRY: [
    "Trả lời OCSP lập sau khi chứng thư hết hạn",
    "The OCSP response was made after the certificate had run out",
  ],
  OCSP_BAD_OCSP_RESPONSE: ["Trả lời OCSP sai cấu trúc", "The OCSP response is malformed"],
  OCSP_CRITICAL_EXTENSION: [
    "Trả lời OCSP có phần mở rộng bắt buộc mà phần mềm không hiểu",
    "The OCSP response has a critical extension that is not understood",
  ],
  OCSP_OF_ANOTHER_CERTIFICATE: ["Trả lời OCSP về chứng thư khác", "The OCSP response is about another certificate"],
  OCSP_RESPONDER_NOT_FOUND: ["Không tìm thấy người ký trả lời OCSP", "The signer of the OCSP response is not found"],
  OCSP_STATUS_UNKNOWN: ["Máy chủ OCSP không biết chứng thư", "The OCSP responder does not know the certificate"],
  ON_HOLD: ["Chứng thư đang bị tạm ngừng", "The certificate is on hold"],
  PATH_TOO_LONG: ["Chuỗi chứng thư dài quá mức cho phép", "The certificate path is longer than allowed"],
  POLICY_MAPPING_WITH_ANY_POLICY: [
    "Ánh xạ chính sách chứng thư không hợp lệ",
    "A certificate policy mapping is not allowed",
  ],
  POLICY_QUALIFIER: ["Phần bổ sung chính sách không hợp lệ", "A policy qualifier is not allowed"],
  REASONS_NOT_COVERED: [
    "Thông tin thu hồi không bao quát hết các lý do",
    "The revocation information does not speak of every reason",
  ],
  REVOCATION_NEWS_TOO_OLD: [
    "Thông tin thu hồi đã cũ so với thời điểm xét",
    "The revocation information is too old for the time in question",
  ],
  REVOCATION_NOT_CHECKED: [
    "Chưa kiểm tra được chứng thư có bị thu hồi hay không vì không có dữ liệu",
    "Whether the certificate was revoked could not be checked: there are no data",
  ],
  REVOCATION_STATUS_TOO_OLD: ["Thông tin thu hồi đã cũ", "The revocation information is too old"],
  REVOCATION_STATUS_UNKNOWN: ["Không có thông tin thu hồi", "There is no revocation information"],
  REVOKED: ["Chứng thư đã bị thu hồi", "The certificate is revoked"],
  REVOKED_LATER: [
    "Chứng thư bị thu hồi sau thời điểm chữ ký đã được chứng minh; chữ ký không bị ảnh hưởng",
    "The certificate was revoked after the proven time; the signature is not touched by it",
  ],
  SERIAL_NUMBER_NEGATIVE: ["Số hiệu chứng thư âm", "The serial number is negative"],
  SIGNED_BEFORE_ISSUANCE: ["Chữ ký có trước khi chứng thư được cấp", "The signature is older than the certificate"],
  TIMESTAMPS_OUT_OF_ORDER: [
    "Các dấu thời gian mâu thuẫn nhau về thứ tự",
    "The time-stamps contradict each other in their order",
  ],
  TIMESTAMP_ALGORITHM: [
    "Dấu thời gian dùng thuật toán chưa hỗ trợ",
    "The time-stamp uses an algorithm that is not supported",
  ],
  TIMESTAMP_CRITICAL_EXTENSION: [
    "Dấu thời gian có phần mở rộng bắt buộc mà phần mềm không hiểu",
    "The time-stamp has a critical extension that is not understood",
  ],
  TIMESTAMP_IMPRINT_DIFFERS: [
    "Dấu thời gian không phải cấp cho chữ ký này",
    "The time-stamp was not made for this signature",
  ],
  TIMESTAMP_IMPRINT_SHA1: ["Dấu thời gian dùng hàm băm SHA-1", "The time-stamp uses the digest SHA-1"],
  TIMESTAMP_IN_THE_FUTURE: ["Dấu thời gian ghi thời điểm ở tương lai", "The time-stamp names a time in the future"],
  TIMESTAMP_MALFORMED: ["Dấu thời gian sai cấu trúc", "The time-stamp is malformed"],
  TIMESTAMP_NOT_TRUSTED: [
    "Tổ chức cấp dấu thời gian chưa được tin cậy nên thời điểm ký chưa được chứng minh",
    "The time-stamping authority is not trusted, so that the time is not proven",
  ],
  TIMESTAMP_SIGNATURE: ["Chữ ký của dấu thời gian sai", "The signature of the time-stamp is wrong"],
  TIMESTAMP_UNVERIFIED: [
    "Không kiểm tra được dấu thời gian (thường do thiếu chứng thư của tổ chức cấp)",
    "The time-stamp cannot be checked, most often since its authority's certificate is missing",
  ],
  TIMESTAMP_WITHOUT_SIGNING_CERTIFICATE: [
    "Dấu thời gian không nêu chứng thư đã dùng",
    "The time-stamp does not name its certificate",
  ],
  KEY: ["Không đọc được khóa", "The key cannot be read"],
  UNAUTHORISED: ["Khóa không được ủy quyền cho việc này", "The key is not authorised for this"],
  WITHOUT_PATH: ["Không có chuỗi chứng thư đến gốc tin cậy", "There is no path to the trust anchor"],
  TRUST_ANCHOR: ["Gốc tin cậy", "A trust anchor"],
  VALIDITY_ASSURED_SHORT_TERM: [
    "Chứng thư ngắn hạn, không cần tra cứu thu hồi",
    "A short-term certificate, which is not looked up",
  ],
  VALID_IN_THE_PAST: [
    "Chứng thư nay không còn hiệu lực, nhưng đã chứng minh được là có hiệu lực vào lúc ký",
    "The certificate is not valid any more, but is proven to have been valid at the time",
  ],
};
