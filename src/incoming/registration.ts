import type { EntityManager } from "@mikro-orm/postgresql";
import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { exceptions } from "../calendar/queries.ts";
import { dayOf, incomingDeadline, printedDay } from "../calendar/rules.ts";
import { type Context, requirePermission, requireViewer } from "../context.ts";
import { badInput } from "../errors.ts";
import { attach } from "../files/commands.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { AttachmentInput, ReceivedVia, RegisterIncomingDocumentInput } from "../graphql/types.ts";
import { takeNumber } from "../registers/commands.ts";
import { execute } from "../sql.ts";
import { assertPageCount, limitText, onOneLine, requireText } from "./rules.ts";

export type IncomingData = Omit<RegisterIncomingDocumentInput, "idempotencyKey" | "senderCode" | "attachments"> & {
  readonly senderId: string | null;
  readonly attachments: readonly { readonly role: AttachmentInput["role"]; readonly fileId: string }[];
  readonly receivedVia: ReceivedVia;
};

/** Enters a document in its register under the next number (vào sổ văn bản đến). */
export async function registerIncomingDocument(ctx: Context, input: RegisterIncomingDocumentInput): Promise<Done> {
  requirePermission(ctx, "incoming:register");
  const { senderCode, attachments, ...data } = input;
  if (data.pageCount != null) assertPageCount(data.pageCount);
  const sender = senderCode
    ? await ctx.readOne<{ id: string }>("select id from agency where code = $1", [senderCode])
    : null;
  if (senderCode && !sender)
    throw badInput(
      "senderCode",
      `Danh bạ không có cơ quan mang mã ${senderCode}.`,
      `No agency has the code ${senderCode}.`,
    );
  const incoming = await checked(ctx, {
    ...data,
    senderId: sender?.id ?? null,
    receivedVia: "DIRECT",
    attachments: attachments.map(({ role, fileId }) => ({ role, fileId: fromGlobalId("File", fileId) })),
  });
  return once(ctx, "incoming.register", input, async (em, id) => {
    await enterInRegister(ctx, em, id, incoming);
  });
}

/** The data as it will stand in the register, with its deadline; BAD_INPUT where the law's field lengths are exceeded. */
export async function checked(ctx: Context, data: IncomingData) {
  const arrivedOn = dayOf(ctx.now());
  if (data.issuedOn && data.issuedOn > arrivedOn)
    throw badInput("issuedOn", "Ngày văn bản không thể sau ngày đến.", "A document cannot be issued after it arrived.");
  const deadline = data.dueOn
    ? { dueOn: data.dueOn, reason: `Nơi gửi đề nghị trả lời trước ngày ${printedDay(data.dueOn)}.` }
    : incomingDeadline(arrivedOn, data.urgency, await exceptions(ctx));
  // Lengths by NĐ 30/2020 Annex VI, Part II.
  return {
    senderName: requireText("senderName", onOneLine(data.senderName), 200),
    senderId: data.senderId,
    referenceCode: requireText("referenceCode", onOneLine(data.referenceCode), 60),
    issuedOn: data.issuedOn ?? null,
    typeName: requireText("typeName", data.typeName, 100),
    subject: requireText("subject", data.subject, 500),
    language: requireText("language", data.language, 30),
    pageCount: data.pageCount ?? null,
    note: data.note ? limitText("note", data.note, 500) : null,
    signerName: data.signerName ? limitText("signerName", data.signerName, 50) : null,
    signerPosition: data.signerPosition ? limitText("signerPosition", data.signerPosition, 100) : null,
    urgency: data.urgency,
    dueOn: deadline.dueOn,
    dueReason: deadline.reason,
    receivedVia: data.receivedVia,
    attachments: data.attachments,
  };
}

export type CheckedIncoming = Awaited<ReturnType<typeof checked>>;

/** Number, document, files and audit in the caller's transaction. The busiest act of a province: plain SQL, few statements. */
export async function enterInRegister(
  ctx: Context,
  em: EntityManager,
  id: string,
  data: CheckedIncoming,
): Promise<number> {
  const viewer = requireViewer(ctx);
  const { registerId, number, at } = await takeNumber(ctx, em, {
    kind: "INCOMING",
    series: "",
    state: "USED",
    document: { type: "IncomingDocument", id },
  });
  await execute(
    em,
    `insert into incoming_document (id, agency_id, register_id, arrival_number, arrived_at, received_via, sender_name, sender_id,
       reference_code, issued_on, type_name, subject, language, page_count, note, signer_name, signer_position, urgency, status,
       due_on, due_reason, registered_by_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'REGISTERED', ?, ?, ?)`,
    [
      id,
      viewer.agencyId,
      registerId,
      number,
      at,
      data.receivedVia,
      data.senderName,
      data.senderId,
      data.referenceCode,
      data.issuedOn,
      data.typeName,
      data.subject,
      data.language,
      data.pageCount,
      data.note,
      data.signerName,
      data.signerPosition,
      data.urgency,
      data.dueOn,
      data.dueReason,
      viewer.appointmentId,
    ],
  );
  await attach(ctx, em, data.attachments, data.receivedVia === "DIRECT", (fileId, ordinal, role) =>
    execute(em, "insert into incoming_file (document_id, agency_id, ordinal, file_id, role) values (?, ?, ?, ?, ?)", [
      id,
      viewer.agencyId,
      ordinal,
      fileId,
      role,
    ]),
  );
  await record(ctx, em, {
    act: "incoming.register",
    objectType: "IncomingDocument",
    objectId: id,
    data: {
      register: registerId,
      number,
      referenceCode: data.referenceCode,
      sender: data.senderName,
      subject: data.subject,
      dueOn: data.dueOn,
    },
  });
  return number;
}
