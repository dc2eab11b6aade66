import type { SignatureVerdict, SignatureVerification } from "../graphql/types.ts";
import { Flow, paragraph, portrait, stackCentred, textWidth, type Block, type ParagraphStyle } from "./layout.ts";
import { balancedLines, type Run } from "./line-breaking.ts";
import { mm, PdfWriter, type Printed } from "./pdf.ts";
import { capitals, legibleText } from "./text.ts";

/** What a report on a file's signatures is printed from. */
export interface SignatureReport {
  readonly language: "vi" | "en";
  readonly fileName: string;
  /** Whose system checked it. */
  readonly agency: string;
  readonly report: SignatureVerification;
  /** When it was checked, if the report does not say. */
  readonly checkedAt: Date | null;
  /** Becomes the creation date of the file. */
  readonly madeAt: Date;
}

const words = {
  vi: {
    title: "Báo cáo kiểm tra chữ ký số",
    file: "Tệp",
    digest: "Giá trị băm SHA-256",
    checked: "Thời điểm kiểm tra",
    conclusion: "Kết luận",
    integrity: "Tính toàn vẹn (không xét độ tin cậy của chứng thư)",
    stores: "Kho tin cậy",
    none: "Tệp không có chữ ký số.",
    signature: "Chữ ký",
    signer: "Người ký",
    serial: "Số chứng thư",
    issuer: "Tổ chức cấp",
    valid: "Hiệu lực chứng thư",
    revocation: "Tình trạng thu hồi",
    good: "không bị thu hồi",
    revoked: "đã bị thu hồi",
    unknownStatus: "chưa rõ",
    asOf: "theo",
    notValid: "Chưa được coi là hợp lệ",
    stamp: "Dấu thời gian",
    trusted: "được tin cậy",
    notTrusted: "chưa được tin cậy",
    claimed: "Thời điểm ký do người ký khai",
    proven: "Thời điểm được dấu thời gian chứng minh",
    coverage: "Phạm vi ký",
    changes: "Thay đổi sau khi ký",
    level: "Mức chữ ký",
    notes: "Căn cứ và lưu ý",
    warnings: "Cần lưu ý khi đọc",
    unknown: "không có",
  },
  en: {
    title: "Report on digital signatures",
    file: "File",
    digest: "SHA-256 digest",
    checked: "Checked at",
    conclusion: "Conclusion",
    integrity: "Integrity (trust in certificates left aside)",
    stores: "Trust stores",
    none: "The file has no digital signature.",
    signature: "Signature",
    signer: "Signer",
    serial: "Certificate number",
    issuer: "Issued by",
    valid: "Certificate valid",
    revocation: "Revocation",
    good: "not revoked",
    revoked: "revoked",
    unknownStatus: "unknown",
    asOf: "by",
    notValid: "Not to be taken as valid",
    stamp: "Time-stamp",
    trusted: "trusted",
    notTrusted: "not trusted",
    claimed: "Time of signing as the signer claims",
    proven: "Time proven by a time-stamp",
    coverage: "What is signed",
    changes: "Changes after signing",
    level: "Level",
    notes: "Grounds and remarks",
    warnings: "Worth a look",
    unknown: "none",
  },
} as const;

type Language = keyof typeof words;
/** Codes in words: the library's, given so that forms need nothing of it. */
export type WordsFor = (code: string) => Readonly<Record<Language, string>> | undefined;

const field: ParagraphStyle = { size: 12, leading: 15.5, before: 2, align: "left" };
const heading: ParagraphStyle = { ...field, size: 13, before: 12, keepWithNext: true };
const longestValue = 1_000;
const mostNotes = 30;
const mostStamps = 10;

/** Prints a report on a file's signatures (báo cáo kiểm tra chữ ký số), in Vietnamese or English. */
export async function signatureReport(data: SignatureReport, wordsFor: WordsFor): Promise<Printed> {
  const { language, report } = data;
  const say = words[language];
  const coded = (code: string) => wordsFor(code.replace("_", "-"))?.[language] ?? wordsFor(code)?.[language] ?? code;
  const writer = await PdfWriter.create(`${say.title} ${report.sha256.slice(0, 8)}`, data.madeAt);
  const flow = new Flow(writer, portrait);
  const middle = portrait.left + textWidth(portrait) / 2;
  const head = [
    ...balancedLines(capitals(legible(data.agency)), "bold", 12, textWidth(portrait)),
    ...balancedLines(capitals(say.title), "bold", 15, textWidth(portrait)),
  ];
  flow.moveTo(stackCentred(flow.page, middle, flow.cursor, head, 22) - 8);
  const conclusion = concluded(report, language, report.words?.[language] ?? coded(report.indication));
  flow.add([
    ...line(say.file, data.fileName),
    ...line(say.digest, report.sha256),
    ...line(say.checked, time(report.validatedAt ?? data.checkedAt, language)),
    ...line(say.conclusion, conclusion, true),
    ...line(say.integrity, coded(report.integrity)),
    ...line(say.stores, report.trustStores?.join(", ") || say.unknown),
    ...noteLines(report.words?.[language === "vi" ? "notesVi" : "notesEn"]),
    ...noteLines(
      report.warnings?.map((warning) => warning[language]),
      say.warnings,
    ),
    ...(report.signatures.length === 0 ? line("", say.none) : []),
    ...report.signatures.flatMap((verdict, index) => signatureLines(verdict, index, language, coded)),
  ]);
  return writer.finish();
}

function signatureLines(verdict: SignatureVerdict, index: number, language: Language, coded: (code: string) => string) {
  const say = words[language];
  const [certificate] = verdict.certificates ?? [];
  const { revocation } = certificate ?? {};
  const kind = verdict.kind ? ` (${coded(verdict.kind)})` : "";
  return [
    ...paragraph(
      [{ text: legible(`${say.signature} ${index + 1}: ${verdict.field}${kind}`), face: "bold" }],
      portrait.left,
      textWidth(portrait),
      heading,
    ),
    ...line(say.conclusion, concluded(verdict, language, verdict.words?.[language] ?? coded(verdict.indication)), true),
    ...line(say.integrity, coded(verdict.integrity)),
    ...line(say.signer, verdict.signerName ?? say.unknown),
    ...(verdict.signerSerial ? line(say.serial, verdict.signerSerial) : []),
    ...(certificate ? line(say.issuer, certificate.issuer) : []),
    ...(certificate
      ? line(say.valid, `${time(certificate.notBefore, language)} – ${time(certificate.notAfter, language)}`)
      : []),
    ...(revocation ? line(say.revocation, revocationOf(revocation, language)) : []),
    ...line(say.claimed, time(verdict.claimedTime, language)),
    ...line(say.proven, time(verdict.provenTime, language)),
    ...(verdict.timestamps ?? [])
      .slice(0, mostStamps)
      .flatMap((stamp) =>
        line(
          say.stamp,
          `${time(stamp.time, language)}, ${stamp.authority ?? say.unknown} (${stamp.isTrusted ? say.trusted : say.notTrusted})`,
        ),
      ),
    ...line(say.coverage, coded(verdict.coverage)),
    ...line(say.changes, coded(verdict.modificationLevel)),
    ...(verdict.level ? line(say.level, coded(verdict.level)) : []),
    ...noteLines(verdict.words?.[language === "vi" ? "notesVi" : "notesEn"], say.notes),
  ];
}

/** What is not decided is said not to be valid: who reads one line only must not take it for a good signature. */
function concluded({ indication }: { readonly indication: string }, language: Language, sentence: string): string {
  return indication === "INDETERMINATE" ? `${sentence}. ${words[language].notValid}` : sentence;
}

type Revocation = NonNullable<NonNullable<SignatureVerdict["certificates"]>[number]["revocation"]>;

function revocationOf({ status, revokedAt, source, asOf }: Revocation, language: Language): string {
  const say = words[language];
  const said = status === "GOOD" ? say.good : status === "REVOKED" ? say.revoked : say.unknownStatus;
  const since = revokedAt ? ` ${time(revokedAt, language)}` : "";
  return source ? `${said}${since}, ${say.asOf} ${source} ${time(asOf, language)}` : `${said}${since}`;
}

const legible = (text: string): string => legibleText("report", text.slice(0, longestValue), longestValue);

function line(label: string, value: string, bold = false): Block[] {
  return labelled(label, [{ text: legible(value) || "–", face: bold ? "bold" : "regular" }]);
}

function labelled(label: string, value: readonly Run[], style = field): Block[] {
  const runs: Run[] = [...(label ? [{ text: `${label}:`, face: "regular" as const }] : []), ...value];
  return paragraph(runs, portrait.left, textWidth(portrait), style);
}

function noteLines(notes: readonly string[] | null | undefined, label = ""): Block[] {
  if (!notes?.length) return [];
  const left = portrait.left + mm(6);
  const each = notes.slice(0, mostNotes).flatMap((note) =>
    paragraph([{ text: `– ${legible(note)}`, face: "regular" }], left, textWidth(portrait) - mm(6), {
      ...field,
      size: 11,
    }),
  );
  return label ? [...labelled(label, [], { ...field, keepWithNext: true }), ...each] : each;
}

/** In Vietnam's time with its offset, as ISO 8601 has it (NĐ 30/2020 Annex I). */
function time(value: Date | string | null | undefined, language: Language): string {
  if (!value) return words[language].unknown;
  const local = new Date(new Date(value).getTime() + 7 * 3_600_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} +07:00`;
}
