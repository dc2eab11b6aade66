import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { type Context, requireViewer } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { addFile, type StoredFile } from "../files/commands.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { RevisionKind } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { columns, Conditions } from "../sql.ts";
import { readableBy } from "./access.ts";
import { OutgoingDocument, OutgoingRevision } from "./entities.ts";
import { documentBytes } from "./uploads.ts";

/** A document as it was seen when an act on it began, with its newest revision. */
export type SeenDocument = OutgoingDocument & {
  readonly headId: string;
  readonly headKind: RevisionKind;
  /** Hexadecimal. */
  readonly headSha256: string;
};

/** The document of a global id, if the viewer may read it; NOT_FOUND otherwise. */
export async function seeDocument(ctx: Context, globalId: string): Promise<SeenDocument> {
  const id = fromGlobalId("OutgoingDocument", globalId);
  const seen = await seenBy(ctx, readableBy(requireViewer(ctx), new Conditions()).add("d.id = ?", id));
  if (!seen) throw notFound("OutgoingDocument");
  return seen;
}

/** A document of the agency for the server's own work, whoever may read it. */
export const seeForServer = (ctx: Context, id: string): Promise<SeenDocument | undefined> =>
  seenBy(ctx, new Conditions().add("d.agency_id = ?", ctx.agencyId).add("d.id = ?", id));

function seenBy(ctx: Context, where: Conditions): Promise<SeenDocument | undefined> {
  return ctx.readOne<SeenDocument>(
    `select ${columns(ctx.services.orm, OutgoingDocument, "d").list}, r.id as "headId", r.kind as "headKind",
       encode(f.sha256, 'hex') as "headSha256"
     from outgoing_document d
     join lateral (select * from outgoing_revision x where x.document_id = d.id order by x.ordinal desc limit 1) r on true
     join file f on f.id = r.file_id where ${where.sql}`,
    where.parameters,
  );
}

export const headBytes = (ctx: Context, seen: SeenDocument): Promise<Buffer> => documentBytes(ctx, seen.headSha256);

/** The document under its row's lock; CONFLICT when anything was done to it since it was seen. */
export async function lockUnchanged(em: EntityManager, seen: SeenDocument): Promise<OutgoingDocument> {
  const document = await em.findOneOrFail(OutgoingDocument, { id: seen.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const [head] = await em.find(OutgoingRevision, { documentId: seen.id }, { orderBy: { ordinal: "desc" }, limit: 1 });
  if (document.version !== seen.version || head?.id !== seen.headId) throw changedMeanwhile();
  return document;
}

/** Bytes in the store, as a file that a transaction may then take into use. */
export async function storePdf(ctx: Context, bytes: Buffer, name: string): Promise<StoredFile> {
  const { sha256, size } = await ctx.services.store.put(bytes);
  return { name, mediaType: "application/pdf", size, sha256 };
}

/** Adds the next revision, of a stored file or of a file that is there already; in the caller's transaction. */
export async function addRevision(
  ctx: Context,
  em: EntityManager,
  documentId: string,
  kind: RevisionKind,
  file: StoredFile | { readonly fileId: string },
): Promise<string> {
  const at = ctx.now();
  const fileId = "fileId" in file ? file.fileId : addFile(ctx, em, file).id;
  await em.flush();
  const [last] = await em.find(OutgoingRevision, { documentId }, { orderBy: { ordinal: "desc" }, limit: 1 });
  const revision = em.create(OutgoingRevision, {
    id: newId(at.getTime()),
    agencyId: ctx.agencyId!,
    documentId,
    ordinal: (last?.ordinal ?? 0) + 1,
    kind,
    fileId,
    at,
    byId: ctx.viewer?.appointmentId ?? null,
  });
  await em.flush();
  return revision.id;
}

export const changedMeanwhile = () =>
  new AppError(
    "CONFLICT",
    "Văn bản vừa được người khác thay đổi; hãy xem lại.",
    "Somebody else changed it meanwhile; look again.",
  );
