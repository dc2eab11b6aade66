import { applicant, powerCompany } from "../letter.ts";
import { holderOf } from "../people.ts";
import type { World } from "../world.ts";
import type { Dossier } from "./reception.ts";
import type { Incoming } from "./incoming.ts";

export const subject = `Về việc cấp giấy phép xây dựng nhà ở riêng lẻ cho ông ${applicant}`;

const body = [
  "Căn cứ Luật Xây dựng và các văn bản quy định chi tiết thi hành;",
  "Căn cứ Quyết định của Ủy ban nhân dân tỉnh Mẫu Sơn quy định chức năng, nhiệm vụ, quyền hạn của Sở Xây dựng;",
  "Theo đề nghị của Trưởng phòng Quản lý xây dựng.",
  `Điều 1. Cấp giấy phép xây dựng cho ông ${applicant} để xây dựng nhà ở riêng lẻ tại tổ 5, phường Mẫu Sơn: ` +
    "diện tích xây dựng 96 m2, 03 tầng, chiều cao 11,4 m, khoảng cách đến dây dẫn ngoài cùng " +
    "của đường dây 22 kV không nhỏ hơn 3,0 m.",
  "Điều 2. Giấy phép có hiệu lực khởi công trong 12 tháng kể từ ngày ký. Chủ đầu tư thông báo ngày khởi công cho " +
    "Ủy ban nhân dân phường Mẫu Sơn trước 03 ngày làm việc.",
  `Điều 3. Trưởng phòng Quản lý xây dựng, Ủy ban nhân dân phường Mẫu Sơn, ${powerCompany} và ông ${applicant} ` +
    "chịu trách nhiệm thi hành Quyết định này.",
].join("\n\n");

/** One that will accept, one that will refuse, one outside the axis. */
export const recipients = [
  { agencyCode: "H99.31", role: "TO" },
  { agencyCode: "H99.05", role: "CC" },
  { name: powerCompany, role: "TO" },
] as const;

interface Drafted {
  readonly outgoingDocument: {
    readonly id: string;
    readonly status: string;
    readonly version: number;
    readonly recipients: readonly { name: string }[];
  };
}

/** The officer drafts the answer and ties it to the dossier as its result (dự thảo, liên kết hồ sơ); its id. */
export async function draftAnswer(
  { journal, people: { officer } }: World,
  incoming: Incoming,
  dossier: Dossier,
): Promise<string> {
  const { outgoingDocument } = await journal.step(
    "answer drafted",
    async ({ check }) => {
      const answer = await officer.act<Drafted>(
        "draftOutgoingDocument",
        { typeCode: "QD", subject, body: body.replace("11,4 m", "12,4 m"), recipients, answersToId: incoming.id },
        "outgoingDocument { id status version recipients { name } }",
      );
      check("trạng thái (status)", "DRAFT", answer.outgoingDocument.status);
      check("số nơi nhận (recipients)", 3, answer.outgoingDocument.recipients.length);
      return answer;
    },
    ({ outgoingDocument: { recipients: names } }) =>
      `Chuyên viên dự thảo quyết định trả lời, nơi nhận: ${names.map(({ name }) => name).join("; ")}`,
  );
  await journal.step(
    "linked as the dossier's result, two steps done",
    async ({ check }) => {
      const { dossier: linked } = await officer.act<{
        dossier: { documents: { relation: string; outgoingDocument: { id: string } | null }[] };
      }>(
        "linkDossierDocument",
        { dossierId: dossier.id, documentId: outgoingDocument.id, relation: "RESULT" },
        "dossier { id documents { relation outgoingDocument { id } } }",
      );
      check(
        "liên kết (links)",
        [["RESULT", outgoingDocument.id]],
        linked.documents.map((each) => [each.relation, each.outgoingDocument?.id]),
      );
      await officer.act(
        "linkDossierDocument",
        { dossierId: dossier.id, documentId: incoming.id, relation: "RELATED" },
        "dossier { id }",
      );
      const { dossier: advanced } = await officer.act<{
        dossier: { status: string; currentStep: { ordinal: number } | null };
      }>(
        "advanceDossier",
        { dossierId: dossier.id, note: "Đã thẩm định, kiểm tra thực địa" },
        "dossier { id status currentStep { ordinal } }",
      );
      check("trạng thái hồ sơ (dossier)", "IN_PROGRESS", advanced.status);
      check("bước hiện tại (current step)", 2, advanced.currentStep?.ordinal);
    },
    () => `Chuyên viên liên kết dự thảo với hồ sơ ${dossier.code} làm kết quả, chuyển bước thẩm định`,
  );
  return outgoingDocument.id;
}

interface Reviewed {
  readonly outgoingDocument: {
    readonly status: string;
    readonly version: number;
    readonly reviews: readonly { decision: string | null }[];
  };
}
const reviewed = "outgoingDocument { id status version reviews { decision } }";

/** The head of the unit returns the draft once; revised, it is approved (duyệt, trả lại, sửa, duyệt lại). */
export async function reviewAnswer(
  { journal, people: { officer, unitHead } }: World,
  outgoingDocumentId: string,
): Promise<void> {
  const review = async (decision: string, comment: string) => {
    const reviewerId = await holderOf(officer, "Trưởng phòng Quản lý xây dựng");
    await officer.act("submitForReview", { outgoingDocumentId, reviewerId }, reviewed);
    return unitHead.act<Reviewed>("reviewDraft", { outgoingDocumentId, decision, comment }, reviewed);
  };
  const returned = await journal.step(
    "returned by the reviewer",
    async ({ check }) => {
      const { outgoingDocument } = await review("RETURNED", "Chiều cao theo bản vẽ là 11,4 m, đề nghị sửa.");
      check("trạng thái (status)", "DRAFT", outgoingDocument.status);
      check(
        "ý kiến (reviews)",
        ["RETURNED"],
        outgoingDocument.reviews.map(({ decision }) => decision),
      );
      return outgoingDocument;
    },
    () => "Trưởng phòng trả lại dự thảo: sai chiều cao công trình",
  );
  await journal.step(
    "revised and approved",
    async ({ check }) => {
      const { version } = returned;
      await officer.act("reviseDraft", { outgoingDocumentId, body, version }, "outgoingDocument { id }");
      const { outgoingDocument } = await review("APPROVED", "Đồng ý trình Lãnh đạo Sở.");
      check(
        "ý kiến (reviews)",
        ["RETURNED", "APPROVED"],
        outgoingDocument.reviews.map(({ decision }) => decision),
      );
    },
    () => "Chuyên viên sửa dự thảo, trưởng phòng duyệt",
  );
}
