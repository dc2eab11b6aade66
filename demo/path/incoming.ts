import { workdayFromNow, printedDay } from "../days.ts";
import { type Letter, writeLetter } from "../letter.ts";
import { digestOf } from "../output.ts";
import { holderOf } from "../people.ts";
import type { World } from "../world.ts";

/** A document in the register of the department. */
export interface Incoming {
  readonly id: string;
  readonly arrivalNumber: number;
  /** The one that was registered again, and sent back. */
  readonly repeatId: string;
}

interface Registered {
  readonly incomingDocument: {
    readonly id: string;
    readonly arrivalNumber: number;
    readonly status: string;
    readonly dueOn: string;
    readonly attachments: readonly { readonly file: { readonly url: string; readonly sha256: string } }[];
  };
  readonly possibleDuplicates: readonly { readonly id: string }[];
}

const registered =
  "incomingDocument { id arrivalNumber status dueOn attachments { file { url sha256 } } } possibleDuplicates { id }";

/** The clerk enters a letter in the register, and then by mistake once more (tiếp nhận, vào sổ, kiểm tra trùng). */
export async function registerLetter({ journal, output, people: { clerk } }: World): Promise<Incoming> {
  const { pdf, fields, fileId, sha256 } = await journal.step(
    "a real PDF file uploaded",
    async ({ check }) => {
      const { pdf: bytes, ...rest } = await writeLetter();
      await output.keep("incoming-letter.pdf", bytes);
      const file = await clerk.upload(bytes, "312-DLMS-KT.pdf");
      check("SHA-256 sau khi tải lên (digest after upload)", digestOf(bytes), file.sha256);
      return { pdf: bytes, fields: rest, fileId: file.id, sha256: file.sha256 };
    },
    ({ fields: { referenceCode, senderName } }) =>
      `Văn thư Sở Xây dựng tải lên công văn ${referenceCode} của ${senderName}`,
  );

  const input = (id: string) => ({ ...forRegister(fields), attachments: [{ role: "MAIN", fileId: id }] });
  const first = await journal.step(
    "registered",
    async ({ check }) => {
      const answer = await clerk.act<Registered>("registerIncomingDocument", input(fileId), registered);
      const { incomingDocument: document, possibleDuplicates } = answer;
      check("số đến (arrival number)", 1, document.arrivalNumber);
      check("trạng thái (status)", "REGISTERED", document.status);
      check("văn bản trùng (duplicates)", [], possibleDuplicates);
      check(
        "SHA-256 trong sổ (digest in the register)",
        [sha256],
        document.attachments.map(({ file }) => file.sha256),
      );
      check(
        "tệp đọc lại (file read back)",
        sha256,
        digestOf(await clerk.download(document.attachments[0]?.file.url ?? "/")),
      );
      return document;
    },
    ({ arrivalNumber, dueOn }) => `Văn thư vào sổ, số đến ${two(arrivalNumber)}, hạn giải quyết ${printedDay(dueOn)}`,
  );

  const repeat = await journal.step(
    "the repeat is warned of, then sent back; its number stays taken",
    async ({ check }) => {
      const file = await clerk.upload(pdf, "312-DLMS-KT-lan-2.pdf");
      const again = { ...input(file.id), referenceCode: fields.referenceCode.toLowerCase() };
      const { incomingDocument: document, possibleDuplicates } = await clerk.act<Registered>(
        "registerIncomingDocument",
        again,
        registered,
      );
      check(
        "văn bản trùng (duplicates)",
        [first.id],
        possibleDuplicates.map(({ id }) => id),
      );
      check("số đến (arrival number)", 2, document.arrivalNumber);
      const returned = await clerk.act<{ incomingDocument: { status: string } }>(
        "returnIncomingDocument",
        { incomingDocumentId: document.id, reason: "Trùng với văn bản đã vào sổ số đến 01" },
        "incomingDocument { id status }",
      );
      check("trạng thái sau khi trả lại (status)", "RETURNED", returned.incomingDocument.status);
      return document;
    },
    ({ arrivalNumber }) =>
      `Vào sổ lần hai (số đến ${two(arrivalNumber)}) được cảnh báo trùng với số đến 01; văn thư trả lại`,
  );
  return { id: first.id, arrivalNumber: first.arrivalNumber, repeatId: repeat.id };
}

/** The director directs who deals with it by when; the officer reports (bút phê, phân công, tiến độ). */
export async function directAndReport(
  { journal, people: { director, officer } }: World,
  incoming: Incoming,
): Promise<void> {
  const dueOn = workdayFromNow(7);
  await journal.step(
    "directed and assigned",
    async ({ check }) => {
      const [officerId, unitHeadId] = await Promise.all([
        holderOf(director, "Chuyên viên"),
        holderOf(director, "Trưởng phòng Quản lý xây dựng"),
      ]);
      const { incomingDocument } = await director.act<{
        incomingDocument: { status: string; assignments: { role: string; dueOn: string; assignee: { id: string } }[] };
      }>(
        "assignIncomingDocument",
        {
          incomingDocumentId: incoming.id,
          directive: "Phòng Quản lý xây dựng thẩm định, tham mưu quyết định cấp phép và trả lời Công ty Điện lực.",
          assignees: [
            { appointmentId: officerId, role: "LEAD", dueOn: workdayFromNow(5) },
            { appointmentId: unitHeadId, role: "COLLABORATING", dueOn },
          ],
          dueOn,
        },
        "incomingDocument { id status assignments { role dueOn assignee { id } } }",
      );
      check("trạng thái (status)", "ASSIGNED", incomingDocument.status);
      check(
        "phân công (assignments)",
        [
          ["COLLABORATING", unitHeadId, dueOn],
          ["LEAD", officerId, workdayFromNow(5)],
        ],
        incomingDocument.assignments.map(({ role, assignee, dueOn: due }) => [role, assignee.id, due]).sort(),
      );
    },
    () =>
      `Giám đốc Sở bút phê: chuyên viên chủ trì (hạn ${printedDay(workdayFromNow(5))}), ` +
      `trưởng phòng phối hợp (hạn ${printedDay(dueOn)})`,
  );

  await journal.step(
    "progress reported",
    async ({ check }) => {
      const { myAssignments } = await officer.ask<{
        myAssignments: { nodes: { id: string; role: string; document: { id: string } }[] };
      }>("{ myAssignments(first: 10) { nodes { id role document { id } } } }");
      check(
        "việc được giao (my assignments)",
        [["LEAD", incoming.id]],
        myAssignments.nodes.map(({ role, document }) => [role, document.id]),
      );
      const { assignment } = await officer.act<{ assignment: { status: string; progress: { text: string }[] } }>(
        "reportProgress",
        { assignmentId: myAssignments.nodes[0]!.id, text: "Đã kiểm tra thực địa, đang dự thảo quyết định." },
        "assignment { id status progress { text } }",
      );
      check("trạng thái việc (assignment)", "IN_PROGRESS", assignment.status);
      check("số lần báo cáo (reports)", 1, assignment.progress.length);
    },
    () => "Chuyên viên báo cáo tiến độ: đã kiểm tra thực địa, đang dự thảo",
  );
}

const forRegister = (fields: Omit<Letter, "pdf">) => ({ ...fields, pageCount: 1, urgency: "NORMAL" });

export const two = (number: number): string => String(number).padStart(2, "0");
