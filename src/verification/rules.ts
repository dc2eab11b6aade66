import type { SignatureVerdict, SignatureVerification } from "../graphql/types.ts";

const longestReason = 1_000;

/**
 * Why a document that came in should go back because of its signatures, in Vietnamese; null unless one of them is invalid.
 * What cannot be decided is no fault of the sender's (NĐ 30/2020 Điều 21: what is faulty is returned with the reason).
 */
export function suggestedReturnReason({ indication, integrity, signatures }: SignatureVerification): string | null {
  if (indication !== "TOTAL_FAILED" && integrity !== "FAIL") return null;
  const faulty = signatures.filter((each) => each.indication === "TOTAL_FAILED" || each.integrity === "FAIL");
  const each = faulty.map((verdict) => `chữ ký ${nameOf(verdict)}: ${faultOf(verdict)}`);
  const faults = each.length > 0 ? each.join("; ") : "cấu trúc tệp không hợp lệ";
  return `Chữ ký số không hợp lệ – ${faults}. Đề nghị gửi lại văn bản được ký số đúng quy định.`.slice(
    0,
    longestReason,
  );
}

/** The common name of a distinguished name, or else the field's. */
function nameOf({ signerName, field }: SignatureVerdict): string {
  const common = /(?:^|[,+\n]\s*)CN=((?:[^,+\\]|\\.)+)/.exec(signerName ?? "")?.[1];
  return common ? `của “${common.replaceAll("\\", "").trim()}”` : `tại trường “${field}”`;
}

const reasons: Readonly<Record<string, string>> = {
  FORMAT_FAILURE: "sai định dạng",
  HASH_FAILURE: "nội dung đã bị thay đổi sau khi ký",
  SIG_CRYPTO_FAILURE: "giá trị chữ ký không đúng",
  REVOKED: "chứng thư số đã bị thu hồi khi ký",
  EXPIRED: "chứng thư số đã hết hiệu lực khi ký",
  NOT_YET_VALID: "chứng thư số chưa có hiệu lực khi ký",
};

function faultOf({ subIndication, modificationLevel, coverage }: SignatureVerdict): string {
  if (modificationLevel === "OTHER" || modificationLevel === "ANNOTATIONS") return "văn bản bị sửa đổi sau khi ký";
  if (coverage === "UNCLEAR" || coverage === "CONTIGUOUS_FROM_START") return "chữ ký không bao phủ toàn bộ văn bản";
  return reasons[subIndication ?? ""] ?? "không vượt qua kiểm tra tính toàn vẹn";
}
