import { isDeepStrictEqual } from "node:util";
import { until } from "../client.ts";
import { workdayFromNow } from "../days.ts";
import { holderOf } from "../people.ts";
import type { World } from "../world.ts";
import { type Arrived, type Recipient, recipientsOf } from "./exchange.ts";
import { type Issued, refusal } from "./signing.ts";

/** The ward accepts, the department refuses with a reason (tiếp nhận 03, từ chối 02); the ward's document. */
export async function acceptAndRefuse(
  { journal, people: { wardClerk, environmentClerk } }: World,
  issued: Issued,
  arrived: Arrived,
): Promise<string> {
  const incomingId = await journal.step(
    "accepted, in the register",
    async ({ check }) => {
      const { arrival, incomingDocument } = await wardClerk.act<{
        arrival: { state: string };
        incomingDocument: { id: string; arrivalNumber: number; receivedVia: string; referenceCode: string };
      }>(
        "acceptArrival",
        { arrivalId: arrived.wardId },
        "arrival { id state } incomingDocument { id arrivalNumber receivedVia referenceCode }",
      );
      check("trạng thái tiếp nhận (arrival)", "ACCEPTED", arrival.state);
      check(
        "văn bản trong sổ (registered)",
        [1, "AXIS", issued.referenceCode],
        [incomingDocument.arrivalNumber, incomingDocument.receivedVia, incomingDocument.referenceCode],
      );
      return incomingDocument.id;
    },
    () => "Văn thư phường tiếp nhận, vào sổ với số đến 01",
  );
  await journal.step(
    "refused with a reason",
    async ({ check }) => {
      const { arrival } = await environmentClerk.act<{ arrival: { state: string; refusalReason: string } }>(
        "refuseArrival",
        { arrivalId: arrived.environmentId, reason: refusalReason },
        "arrival { id state refusalReason }",
      );
      check("trạng thái, lý do (state, reason)", ["REFUSED", refusalReason], [arrival.state, arrival.refusalReason]);
      const late = await refusal(() =>
        environmentClerk.act("acceptArrival", { arrivalId: arrived.environmentId }, "arrival { id }"),
      );
      check("tiếp nhận sau khi đã từ chối (accepting afterwards)", "WRONG_STATE", late);
    },
    () => `Văn thư Sở Nông nghiệp và Môi trường từ chối: “${refusalReason}”`,
  );
  return incomingId;
}

const refusalReason = "Nội dung không thuộc thẩm quyền của Sở, đề nghị kiểm tra nơi nhận";

/** The ward deals with it to the end (phân công 04, đang xử lý 05, hoàn thành 06). */
export async function workAtRecipient(
  { journal, people: { wardChair, wardOfficer } }: World,
  incomingDocumentId: string,
): Promise<void> {
  await journal.step(
    "assigned, in progress, done",
    async ({ check }) => {
      await wardChair.act(
        "assignIncomingDocument",
        {
          incomingDocumentId,
          directive: "Giao công chức xây dựng theo dõi việc khởi công.",
          assignees: [
            { appointmentId: await holderOf(wardChair, "Công chức"), role: "LEAD", dueOn: workdayFromNow(5) },
          ],
        },
        "incomingDocument { id }",
      );
      const { myAssignments } = await wardOfficer.ask<{
        myAssignments: { nodes: { id: string; document: { id: string } }[] };
      }>("{ myAssignments(first: 10) { nodes { id document { id } } } }");
      const assignmentId = myAssignments.nodes.find(({ document }) => document.id === incomingDocumentId)?.id;
      await wardOfficer.act(
        "reportProgress",
        { assignmentId, text: "Đã mở sổ theo dõi công trình.", done: true },
        "assignment { id }",
      );
      const { incomingDocument } = await wardOfficer.act<{ incomingDocument: { status: string } }>(
        "completeIncomingDocument",
        { incomingDocumentId, kind: "DONE", note: "Đã giao tổ quản lý trật tự xây dựng" },
        "incomingDocument { id status }",
      );
      check("trạng thái (status)", "COMPLETED", incomingDocument.status);
    },
    () => "Chủ tịch phường phân công, công chức xử lý và hoàn thành",
  );
}

/** The sender sees every recipient's reports (trạng thái xử lý theo từng nơi nhận). */
export async function readReports({ journal, people: { clerk } }: World, issued: Issued): Promise<void> {
  const expected = [
    {
      code: "H99.31",
      delivery: "STORED",
      status: "COMPLETED",
      history: ["ARRIVED", "ACCEPTED", "ASSIGNED", "IN_PROGRESS", "COMPLETED"],
    },
    { code: "H99.05", delivery: "STORED", status: "REFUSED", history: ["ARRIVED", "REFUSED"] },
    { code: null, delivery: "OFF_AXIS", status: null, history: [] },
  ];
  await journal.step(
    "each recipient's statuses with their history",
    async ({ check }) => {
      const recipients = await until(
        (all) => isDeepStrictEqual(all.map(fateOf), expected),
        () => recipientsOf(clerk, issued.id),
      );
      check("trạng thái từng nơi nhận (statuses)", expected, recipients.map(fateOf));
      check(
        "lý do từ chối (reason)",
        refusalReason,
        recipients.find(({ agency }) => agency?.code === "H99.05")?.statusNote,
      );
      return recipients;
    },
    (recipients) =>
      `Nơi gửi theo dõi: ${recipients.map((each) => `${each.name} ${trailOf(each) || each.delivery}`).join("; ")}`,
  );
}

const codes: Readonly<Record<string, string>> = {
  ARRIVED: "01",
  REFUSED: "02",
  ACCEPTED: "03",
  ASSIGNED: "04",
  IN_PROGRESS: "05",
  COMPLETED: "06",
};

const fateOf = ({ agency, delivery, status, history }: Recipient) => ({
  code: agency?.code ?? null,
  delivery,
  status,
  history: history.map((report) => report.status),
});

/** The codes of QCVN 102 in the order of their reports: `01→03→04`. */
const trailOf = ({ history }: Recipient): string => history.map(({ status }) => codes[status] ?? status).join("→");
