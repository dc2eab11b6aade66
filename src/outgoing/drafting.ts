import type { EntityManager } from "@mikro-orm/postgresql";
import { record } from "../audit/record.ts";
import type { Done } from "../auth/once.ts";
import { type Context, requirePermission, requireViewer } from "../context.ts";
import { badInput, notFound } from "../errors.ts";
import { attach, type StoredFile } from "../files/commands.ts";
import { File } from "../files/entities.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { DraftOutgoingDocumentInput, ReviseDraftInput } from "../graphql/types.ts";
import { isReadable } from "../incoming/queries.ts";
import { requireText } from "../incoming/rules.ts";
import { requireDocumentType } from "../organization/document-types.ts";
import { issuerOf, notationFor, renderDraft, type Text } from "./composition.ts";
import { OutgoingDocument } from "./entities.ts";
import { preparedOnce } from "./prepared.ts";
import { recipientsOf, resolveRecipients, setRecipients } from "./recipients.ts";
import { addRevision, changedMeanwhile, lockUnchanged, seeDocument, storePdf } from "./revisions.ts";
import { assertMay } from "./rules.ts";
import { documentBytes, preparedUpload } from "./uploads.ts";

/** The subject's length by NĐ 30/2020 Annex VI, Part II. */
const longestSubject = 500;
const longestBody = 500_000;

/** Either a text or an uploaded PDF, never both. */
type Content =
  { readonly body: string; readonly uploadedFileId: null } | { readonly body: null; readonly uploadedFileId: string };

/** Starts a document from text or from an uploaded PDF (soạn dự thảo). */
export function draftOutgoingDocument(ctx: Context, input: DraftOutgoingDocumentInput): Promise<Done> {
  const viewer = requirePermission(ctx, "outgoing:draft");
  const type = requireDocumentType(input.typeCode);
  const subject = requireText("subject", input.subject, longestSubject);
  const content = contentOf(input);
  if (!content) throw badInput("body", "Cần có nội dung hoặc tệp PDF.", "A text or an uploaded PDF is needed.");
  // The document itself is the text or the PDF; what goes with it is an annex.
  if (input.attachments.some(({ role }) => role === "MAIN"))
    throw badInput(
      "attachments",
      "Tệp kèm theo là phụ lục; văn bản chính tải lên ở fileId.",
      "Attachments are annexes; the document itself is fileId.",
    );
  const attachments = input.attachments.map(({ role, fileId }) => ({ role, fileId: fromGlobalId("File", fileId) }));
  const answersToId = input.answersToId ? fromGlobalId("IncomingDocument", input.answersToId) : null;

  const prepare = async () => {
    if (answersToId && !(await isReadable(ctx, answersToId))) throw notFound("IncomingDocument");
    const recipients = await resolveRecipients(ctx, input.recipients);
    const issuer = await issuerOf(ctx, viewer.appointmentId);
    const text = { typeCode: type.code, subject, urgency: input.urgency, recipients };
    const file = await draftFile(ctx, content, text, viewer.appointmentId);
    return { recipients, notation: notationFor(issuer, type.code), file };
  };
  return preparedOnce(ctx, "outgoing.draft", input, prepare, async (em, id, { recipients, notation, file }) => {
    if (content.uploadedFileId) await takeUpload(ctx, em, content.uploadedFileId);
    em.create(OutgoingDocument, {
      id,
      agencyId: viewer.agencyId,
      typeCode: type.code,
      subject,
      ...content,
      urgency: input.urgency,
      status: "DRAFT",
      notation,
      drafterId: viewer.appointmentId,
      answersToId,
      createdAt: ctx.now(),
    });
    await em.flush();
    await setRecipients(ctx, em, id, recipients);
    await attach(ctx, em, attachments, true, (fileId, ordinal, role) =>
      em.execute("insert into outgoing_file (document_id, agency_id, ordinal, file_id, role) values (?, ?, ?, ?, ?)", [
        id,
        viewer.agencyId,
        ordinal,
        fileId,
        role,
      ]),
    );
    await addRevision(ctx, em, id, "DRAFT", file);
    await record(ctx, em, {
      act: "outgoing.draft",
      objectType: "OutgoingDocument",
      objectId: id,
      data: { type: type.code, subject, answersTo: answersToId, recipients: recipients.map(({ name }) => name) },
    });
  });
}

/** Changes a draft; what is left out stays (sửa dự thảo). */
export async function reviseDraft(ctx: Context, input: ReviseDraftInput): Promise<Done> {
  requirePermission(ctx, "outgoing:draft");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const prepare = async () => {
    assertMay("revise", seen.status);
    if (seen.version !== input.version) throw changedMeanwhile();
    const given = contentOf(input);
    const content = given ?? ({ body: seen.body, uploadedFileId: seen.uploadedFileId } as Content);
    const subject = input.subject == null ? seen.subject : requireText("subject", input.subject, longestSubject);
    const urgency = input.urgency ?? seen.urgency;
    const recipients = input.recipients ? await resolveRecipients(ctx, input.recipients) : null;
    const text = {
      typeCode: seen.typeCode,
      subject,
      urgency,
      recipients: recipients ?? (await recipientsOf(ctx, seen.id)),
    };
    // An upload that stays the same needs no second revision.
    const file = given || content.body !== null ? await draftFile(ctx, content, text, seen.drafterId) : null;
    return { content, subject, urgency, recipients, file };
  };
  return preparedOnce(ctx, "outgoing.revise", input, prepare, async (em, _, prepared) => {
    const { content, subject, urgency, recipients, file } = prepared;
    const document = await lockUnchanged(em, seen);
    const { uploadedFileId } = content;
    if (uploadedFileId && uploadedFileId !== document.uploadedFileId) await takeUpload(ctx, em, uploadedFileId);
    em.assign(document, { ...content, subject, urgency });
    if (recipients) await setRecipients(ctx, em, seen.id, recipients);
    if (file) await addRevision(ctx, em, seen.id, "DRAFT", file);
    await em.flush();
    // A change of the recipients alone is a change of the document, too.
    await em.execute("update outgoing_document set version = version + 1 where id = ?", [seen.id]);
    await record(ctx, em, {
      act: "outgoing.revise",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: {
        subject,
        urgency,
        ...(recipients && { recipients: recipients.map(({ name }) => name) }),
        ...(file && { file: "sha256" in file ? file.sha256 : file.fileId }),
      },
    });
  });
}

function contentOf({
  body,
  fileId,
}: {
  readonly body?: string | null;
  readonly fileId?: string | null;
}): Content | null {
  if (body != null && fileId != null)
    throw badInput("fileId", "Chọn nội dung hoặc tệp PDF, không cả hai.", "Give a text or an uploaded PDF, not both.");
  if (body != null) return { body: requireText("body", body, longestBody), uploadedFileId: null };
  return fileId == null ? null : { body: null, uploadedFileId: fromGlobalId("File", fileId) };
}

/** The draft to read: the template's rendering, stored, or the uploaded file once it is known that it can be signed. */
async function draftFile(
  ctx: Context,
  content: Content,
  text: Omit<Text, "body">,
  drafterId: string,
): Promise<StoredFile | { fileId: string }> {
  if (content.uploadedFileId) {
    await preparedUpload(await uploadBytes(ctx, content.uploadedFileId));
    return { fileId: content.uploadedFileId };
  }
  const bytes = await renderDraft({ ...text, body: content.body! }, await issuerOf(ctx, drafterId), ctx.now());
  return storePdf(ctx, bytes, "Du-thao.pdf");
}

/** Bytes of a file that the viewer uploaded; NOT_FOUND for anybody else's. */
async function uploadBytes(ctx: Context, fileId: string): Promise<Buffer> {
  const row = await ctx.readOne<{ sha256: string }>(
    "select encode(sha256, 'hex') as sha256 from file where id = $1 and agency_id = $2 and uploaded_by = $3",
    [fileId, ctx.agencyId, requireViewer(ctx).appointmentId],
  );
  if (!row) throw notFound("File");
  return documentBytes(ctx, row.sha256);
}

async function takeUpload(ctx: Context, em: EntityManager, fileId: string): Promise<void> {
  const taken = await em.nativeUpdate(
    File,
    { id: fileId, agencyId: ctx.agencyId!, uploadedById: requireViewer(ctx).appointmentId },
    { isAttached: true },
  );
  if (taken !== 1) throw notFound("File");
}
