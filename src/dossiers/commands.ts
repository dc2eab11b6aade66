import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { type Done, once } from "../auth/once.ts";
import { type Context, requirePermission, requireViewer } from "../context.ts";
import { badInput, forbidden, notFound, wrongState } from "../errors.ts";
import { fromGlobalId, parseGlobalId } from "../graphql/ids.ts";
import type { AdvanceDossierInput, LinkDossierDocumentInput, ReturnDossierResultInput } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { limitText } from "../incoming/rules.ts";
import { ProcedureStep } from "../procedures/entities.ts";
import { Dossier, DossierDocument } from "./entities.ts";
import { recordOn, withNote } from "./history.ts";
import { readDossier } from "./queries.ts";
import { addResult } from "./results.ts";
import { assertTransition } from "./rules.ts";

/** A document is the paper of so many dossiers at most: all of them are completed in one transaction. */
const dossiersPerDocument = 100;
const documentsPerDossier = 200;

/** Records that the current step of the procedure is done (chuyển bước xử lý); at the deciding agency. */
export async function advanceDossier(ctx: Context, input: AdvanceDossierInput): Promise<Done> {
  const viewer = requirePermission(ctx, "dossier:process");
  const dossierId = await readableId(ctx, input.dossierId);
  const note = noteOf(input.note);
  return once(ctx, "dossier.advance", input, async (em) => {
    const dossier = await lock(em, dossierId);
    if (dossier.agencyId !== viewer.agencyId) throw forbidden("dossier:process");
    assertTransition(dossier.status, "IN_PROGRESS");
    const steps = await em.find(ProcedureStep, { procedureId: dossier.procedureId }, { orderBy: { ordinal: "asc" } });
    const done = steps[dossier.stepsDone];
    if (!done) throw wrongState("Các bước xử lý đã hoàn thành.", "All steps are done.", { steps: steps.length });
    em.assign(dossier, { status: "IN_PROGRESS", stepsDone: dossier.stepsDone + 1 });
    const sentence = `Hoàn thành bước ${dossier.stepsDone}/${steps.length}: ${done.name}.`;
    await recordOn(ctx, em, dossier, withNote(sentence, note), {
      act: "dossier.advance",
      data: { step: done.ordinal, name: done.name, note },
    });
  });
}

/**
 * Ties a document of the viewer's agency to a dossier (liên kết hồ sơ với văn bản). A RESULT is a document of the
 * deciding agency; once issued, or if it is issued already, it completes the dossier. One is awaited at a time.
 */
export async function linkDossierDocument(ctx: Context, input: LinkDossierDocumentInput): Promise<Done> {
  const viewer = requireViewer(ctx);
  const isDesk = viewer.permissions.has("dossier:receive") && input.relation === "RELATED";
  requirePermission(ctx, isDesk ? "dossier:receive" : "dossier:process");
  const dossierId = await readableId(ctx, input.dossierId);
  const document = await readableDocument(ctx, input.documentId);
  if (input.relation === "RESULT" && document.column !== "outgoingDocumentId")
    throw badInput("relation", "Kết quả phải là văn bản đi.", "A result is an outgoing document.");
  return once(ctx, "dossier.link", input, async (em, id) => {
    // The document before the dossier, as when it is issued: whoever comes second sees what the first has done.
    const status = document.column === "outgoingDocumentId" ? await lockOutgoing(em, document.id) : null;
    const dossier = await lock(em, dossierId);
    if (input.relation === "RESULT") await assertMayBeResult(em, dossier, viewer.agencyId, status, document.id);
    await tie(ctx, em, id, dossier, document, input.relation);
    // Both agencies read the sentence, and the other one may not know which document it is.
    const role = input.relation === "RESULT" ? " làm kết quả giải quyết" : "";
    const sentence = `Liên kết hồ sơ với một ${document.name}${role}.`;
    await recordOn(ctx, em, dossier, sentence, {
      act: "dossier.link",
      data: { relation: input.relation, documentType: document.type, document: document.id },
    });
    if (input.relation === "RESULT" && status === "DISPATCHED") await addResult(ctx, em, dossier, document.id);
  });
}

/** Hands the result to the applicant (trả kết quả); at the agency that received the dossier. */
export async function returnDossierResult(ctx: Context, input: ReturnDossierResultInput): Promise<Done> {
  const viewer = requirePermission(ctx, "dossier:return");
  const dossierId = await readableId(ctx, input.dossierId);
  const note = noteOf(input.note);
  return once(ctx, "dossier.return", input, async (em) => {
    const dossier = await lock(em, dossierId);
    if (dossier.receivedByAgencyId !== viewer.agencyId) throw forbidden("dossier:return");
    assertTransition(dossier.status, "RETURNED");
    em.assign(dossier, { status: "RETURNED", returnedAt: ctx.now() });
    const sentence = withNote("Đã trả kết quả cho người nộp hồ sơ.", note);
    await recordOn(ctx, em, dossier, sentence, { act: "dossier.return", data: { note } });
  });
}

interface TiedDocument {
  readonly type: "IncomingDocument" | "OutgoingDocument";
  readonly id: string;
  readonly column: "incomingDocumentId" | "outgoingDocumentId";
  readonly name: string;
}

/** A document that the viewer may read, so one of the agency's own. */
async function readableDocument(ctx: Context, globalId: string): Promise<TiedDocument> {
  const parsed = parseGlobalId(globalId);
  const type = parsed?.type;
  if (type !== "IncomingDocument" && type !== "OutgoingDocument")
    throw badInput("documentId", "Đây không phải là mã của văn bản.", "This is not the id of a document.");
  if (!(await ctx.services.readNode(ctx, type, parsed!.id))) throw notFound(type);
  return type === "IncomingDocument"
    ? { type, id: parsed!.id, column: "incomingDocumentId", name: "văn bản đến" }
    : { type, id: parsed!.id, column: "outgoingDocumentId", name: "văn bản đi" };
}

async function lockOutgoing(em: EntityManager, id: string): Promise<string> {
  const lockRow = "select status from outgoing_document where id = ? for share";
  const [row] = await em.execute<{ status: string }[]>(lockRow, [id]);
  if (!row) throw notFound("OutgoingDocument");
  return row.status;
}

async function assertMayBeResult(
  em: EntityManager,
  dossier: Dossier,
  agencyId: string,
  status: string | null,
  documentId: string,
): Promise<void> {
  if (dossier.agencyId !== agencyId) throw forbidden("dossier:process");
  assertTransition(dossier.status, "COMPLETED");
  if (status === "CANCELLED") throw wrongState("Văn bản này đã hủy.", "This document was given up.");
  const [awaited] = await em.execute(
    `select from dossier_document l join outgoing_document o on o.id = l.outgoing_document_id
     where l.dossier_id = ? and l.relation = 'RESULT' and l.outgoing_document_id <> ? and o.status <> 'CANCELLED'
       and not exists (select from dossier_result x where x.dossier_id = l.dossier_id and x.outgoing_document_id = o.id)
     limit 1`,
    [dossier.id, documentId],
  );
  if (awaited)
    throw wrongState("Hồ sơ đang có một văn bản kết quả chưa phát hành.", "Another result is not issued yet.");
}

async function tie(
  ctx: Context,
  em: EntityManager,
  id: string,
  dossier: Dossier,
  document: TiedDocument,
  relation: LinkDossierDocumentInput["relation"],
): Promise<void> {
  const viewer = requireViewer(ctx);
  const key = { [document.column]: document.id };
  const existing = await em.findOne(DossierDocument, { dossierId: dossier.id, ...key });
  if (existing) {
    if (existing.relation === relation || existing.relation === "RESULT")
      throw wrongState("Văn bản này đã liên kết với hồ sơ.", "This document is tied to the dossier already.");
    existing.relation = relation;
    return;
  }
  const [ofDocument, ofDossier] = [
    await em.count(DossierDocument, key),
    await em.count(DossierDocument, { dossierId: dossier.id }),
  ];
  if (ofDocument >= dossiersPerDocument || ofDossier >= documentsPerDossier)
    throw wrongState("Đã đạt số liên kết tối đa.", "There are as many links as there may be.", {
      dossiersPerDocument,
      documentsPerDossier,
    });
  em.create(DossierDocument, {
    id: newId(ctx.now().getTime()),
    dossierId: dossier.id,
    agencyId: viewer.agencyId,
    relation,
    incomingDocumentId: null,
    outgoingDocumentId: null,
    ...key,
    at: ctx.now(),
    byId: viewer.appointmentId,
  });
}

const lock = (em: EntityManager, id: string) =>
  em.findOneOrFail(Dossier, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });

async function readableId(ctx: Context, globalId: string): Promise<string> {
  const id = fromGlobalId("Dossier", globalId);
  if (!(await readDossier(ctx, id))) throw notFound("Dossier");
  return id;
}

const noteOf = (note: string | null | undefined) => limitText("note", note ?? "", 500) || null;
