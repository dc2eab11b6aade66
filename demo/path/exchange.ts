import { type Client, until } from "../client.ts";
import { workdayFromNow } from "../days.ts";
import { digestOf } from "../output.ts";
import { holderOf } from "../people.ts";
import type { World } from "../world.ts";
import { refusal, type Issued } from "./signing.ts";

/** What the two other agencies got. */
export interface Delivered {
  readonly accepted: { readonly arrivalId: string; readonly incomingId: string };
  readonly refused: { readonly arrivalId: string };
}

interface Recipient {
  readonly name: string;
  readonly agency: { readonly code: string } | null;
  readonly delivery: string | null;
  readonly status: string | null;
  readonly statusNote: string | null;
  readonly history: readonly { readonly status: string }[];
}

interface Arrival {
  readonly id: string;
  readonly state: string;
  readonly referenceCode: string;
  readonly subject: string;
  readonly sender: { readonly code: string } | null;
  readonly attachments: readonly {
    readonly role: string;
    readonly file: { readonly url: string; readonly sha256: string };
  }[];
  readonly verification: {
    readonly indication: string;
    readonly integrity: string;
    readonly sha256: string;
    readonly signatures: readonly { readonly indication: string; readonly signerName: string | null }[];
  } | null;
}

const arrivalFields = `id state referenceCode subject sender { code } attachments { role file { url sha256 } }
  verification { indication integrity sha256 signatures { indication signerName } }`;

export const arrivalsOf = async (client: Client): Promise<readonly Arrival[]> =>
  (await client.ask<{ arrivals: { nodes: Arrival[] } }>(`{ arrivals(first: 10) { nodes { ${arrivalFields} } } }`))
    .arrivals.nodes;

/** How the document fares with each recipient, as its sender sees it. */
export async function recipientsOf(client: Client, outgoingDocumentId: string): Promise<readonly Recipient[]> {
  const { node } = await client.ask<{ node: { recipients: Recipient[] } }>(
    `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument {
       recipients { name agency { code } delivery status statusNote history { status } } } } }`,
    { id: outgoingDocumentId },
  );
  return node.recipients;
}

/** Issued and handed to the axis; both agencies on it have it, with its signatures checked (phát hành, đã đến). */
export async function dispatchAnswer({ journal, output, people }: World, issued: Issued): Promise<Delivered> {
  const { clerk, wardClerk, environmentClerk } = people;
  await journal.step(
    "dispatched",
    async ({ check }) => {
      const { outgoingDocument } = await clerk.act<{ outgoingDocument: { status: string } }>(
        "dispatchOutgoingDocument",
        { outgoingDocumentId: issued.id },
        "outgoingDocument { id status }",
      );
      check("trạng thái (status)", "DISPATCHED", outgoingDocument.status);
      await output.keep("outgoing.edxml", await clerk.download(`/exchange/outgoing/${issued.id}.edxml`));
    },
    () => `Văn thư phát hành ${issued.referenceCode} qua trục liên thông`,
  );

  const receive = (client: Client, agency: string, file: string) =>
    journal.step(
      "arrived, signatures verified on arrival",
      async ({ check }) => {
        const [arrival] = await until(
          ([first]) => first?.verification != null,
          () => arrivalsOf(client),
        );
        if (!arrival) throw new Error("nothing arrived");
        check("số, ký hiệu (reference code)", issued.referenceCode, arrival.referenceCode);
        check("nơi gửi (sender)", "H99.04", arrival.sender?.code);
        check("kết luận (indication)", "TOTAL_PASSED", arrival.verification?.indication);
        check("toàn vẹn (integrity)", "PASS", arrival.verification?.integrity);
        check(
          "số chữ ký hợp lệ (valid signatures)",
          2,
          arrival.verification?.signatures.filter(({ indication }) => indication === "TOTAL_PASSED").length,
        );
        const main = arrival.attachments.find(({ role }) => role === "MAIN");
        const pdf = await client.download(main?.file.url ?? "/");
        check("SHA-256 như nơi gửi (same digest as at the sender)", issued.sealedSha256, digestOf(pdf));
        check("SHA-256 trong kết luận (digest in the verdict)", issued.sealedSha256, arrival.verification?.sha256);
        await output.keep(`${file}.pdf`, pdf);
        await output.keep(`${file}.edxml`, await client.download(`/exchange/arrivals/${arrival.id}.edxml`));
        return arrival;
      },
      ({ verification }) =>
        `${agency} nhận được ${issued.referenceCode}: ${verification?.signatures.length} chữ ký hợp lệ`,
    );
  const atWard = await receive(wardClerk, "UBND phường Mẫu Sơn", "arrival-ward");
  const atDepartment = await receive(environmentClerk, "Sở Nông nghiệp và Môi trường", "arrival-environment");

  const incomingId = await journal.step(
    "accepted, in the register",
    async ({ check }) => {
      const { arrival, incomingDocument } = await wardClerk.act<{
        arrival: { state: string };
        incomingDocument: { id: string; arrivalNumber: number; receivedVia: string; referenceCode: string };
      }>(
        "acceptArrival",
        { arrivalId: atWard.id },
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
        { arrivalId: atDepartment.id, reason: refusalReason },
        "arrival { id state refusalReason }",
      );
      check("trạng thái, lý do (state, reason)", ["REFUSED", refusalReason], [arrival.state, arrival.refusalReason]);
      const late = await refusal(() =>
        environmentClerk.act("acceptArrival", { arrivalId: atDepartment.id }, "arrival { id }"),
      );
      check("tiếp nhận sau khi đã từ chối (accepting afterwards)", "WRONG_STATE", late);
    },
    () => `Văn thư Sở Nông nghiệp và Môi trường từ chối: “${refusalReason}”`,
  );
  return { accepted: { arrivalId: atWard.id, incomingId }, refused: { arrivalId: atDepartment.id } };
}

const refusalReason = "Nội dung không thuộc thẩm quyền của Sở, đề nghị kiểm tra nơi nhận";

/** The ward deals with it to the end (phân công 04, đang xử lý 05, hoàn thành 06). */
export async function workAtRecipient(
  { journal, people: { wardChair, wardOfficer } }: World,
  { accepted }: Delivered,
): Promise<void> {
  await journal.step(
    "assigned, in progress, done",
    async ({ check }) => {
      const incomingDocumentId = accepted.incomingId;
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
        (all) => all.every(({ agency, status }) => !agency || status === "COMPLETED" || status === "REFUSED"),
        () => recipientsOf(clerk, issued.id),
      );
      const came = recipients.map(({ agency, delivery, status, history }) => ({
        code: agency?.code ?? null,
        delivery,
        status,
        history: history.map((report) => report.status),
      }));
      check("trạng thái từng nơi nhận (statuses)", expected, came);
      check(
        "lý do từ chối (reason)",
        refusalReason,
        recipients.find(({ agency }) => agency?.code === "H99.05")?.statusNote,
      );
      return recipients;
    },
    (recipients) =>
      `Nơi gửi theo dõi: ${recipients.map(({ name, delivery, history }) => `${name}: ${history.map(({ status }) => codes[status] ?? status).join("→") || delivery}`).join("; ")}`,
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
