import { wordsFor, wordsOfNote, type SignatureVerdict, type Verification } from "../../signing/index.ts";

/** Both languages, side by side. */
function both(code: string): string {
  const words = wordsFor(code);
  return words ? `${words.vi} (${words.en})` : code;
}

function time(date: Date): string {
  // Official documents give Vietnam's time (Decree 30/2020, Annex I).
  const local = new Date(date.getTime() + 7 * 3_600_000).toISOString().slice(0, 19);
  return `${local}+07:00`;
}

function notes(all: readonly string[], indent: string): string[] {
  return all.flatMap((note) => {
    const { vi, en } = wordsOfNote(note);
    return vi === en ? [`${indent}– ${note}`] : [`${indent}– ${vi}`, `${indent}  ${en}`];
  });
}

function describeSignature(each: SignatureVerdict): string[] {
  const { indication, subIndication, signer, claimedTime, provenTime, mark } = each;
  const reason = subIndication && wordsFor(subIndication);
  const kind = mark ? `${both(each.kind)}, ${both(mark)}` : both(each.kind);
  return [
    `  • ${each.field}: ${both(indication)}`,
    ...(reason
      ? [`      ${subIndication}: ${reason.vi}`, `      ${" ".repeat(subIndication.length)}  ${reason.en}`]
      : []),
    `      ${signer?.subject ?? "không rõ người ký (unknown signer)"}`,
    `      loại · kind: ${kind}`,
    `      nội dung · integrity: ${both(each.integrity)}`,
    `      phạm vi · coverage: ${both(each.coverage)}`,
    `      thay đổi sau khi ký · changes since: ${both(each.modificationLevel)}`,
    `      mức · level: ${both(each.level)}`,
    ...(claimedTime
      ? [`      thời điểm tự khai (không phải bằng chứng) · claimed time (no proof): ${time(claimedTime)}`]
      : []),
    `      thời điểm được chứng minh · proven time: ${provenTime ? time(provenTime) : "chưa có · none"}`,
    ...notes(each.notes, "      "),
  ];
}

/** A verdict for people, in Vietnamese and in English. */
export function describeVerification(file: string, verification: Verification): string {
  const { trustStore } = verification;
  return [
    file,
    `  SHA-256: ${verification.sha256}`,
    `  kết luận · conclusion: ${both(verification.indication)}`,
    `  nội dung · integrity: ${both(verification.integrity)}`,
    `  xét vào lúc · judged at: ${time(verification.validatedAt)}`,
    `  kho tin cậy · trust store: ${trustStore.stores.join(", ") || "trống · empty"} (${trustStore.sha256.slice(0, 16)})`,
    ...verification.signatures.flatMap(describeSignature),
    ...notes(verification.notes, "  "),
    ...(verification.warnings.length > 0 ? ["  cần lưu ý · worth a look:"] : []),
    ...notes(verification.warnings, "  "),
  ].join("\n");
}
