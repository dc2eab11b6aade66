import type { EntityManager } from "@mikro-orm/postgresql";
import { type Context, requireViewer } from "../context.ts";
import { badInput, notFound } from "../errors.ts";
import type { FileRole } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { File } from "./entities.ts";

export interface StoredFile {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
}

/** Notes that the agency has a file whose bytes are stored already; in the caller's transaction. */
export function addFile(ctx: Context, em: EntityManager, file: StoredFile, isAttached = true): File {
  return em.create(File, {
    id: newId(ctx.now().getTime()),
    agencyId: ctx.agencyId!,
    name: file.name,
    mediaType: file.mediaType,
    size: file.size,
    sha256: Buffer.from(file.sha256, "hex"),
    uploadedAt: ctx.now(),
    uploadedById: ctx.viewer?.appointmentId ?? null,
    isAttached,
  });
}

/**
 * Ties files of the agency to a document; with `ownUploads` each must have been uploaded by the viewer. `tie` writes the
 * relation. At most 50 files, one of them the main one.
 */
export async function attach(
  ctx: Context,
  em: EntityManager,
  attachments: readonly { readonly role: FileRole; readonly fileId: string }[],
  ownUploads: boolean,
  tie: (fileId: string, ordinal: number, role: FileRole) => Promise<unknown>,
): Promise<void> {
  if (attachments.length === 0) return;
  if (attachments.length > 50)
    throw badInput("attachments", "Mỗi văn bản có tối đa 50 tệp.", "A document has at most 50 files.");
  if (attachments.filter(({ role }) => role === "MAIN").length > 1)
    throw badInput("attachments", "Chỉ có một tệp là văn bản chính.", "Only one file is the document itself.");
  const ids = attachments.map(({ fileId }) => fileId);
  const files = await em.find(File, { id: { $in: ids }, agencyId: ctx.agencyId! });
  for (const file of files) {
    if (ownUploads && file.uploadedById !== requireViewer(ctx).appointmentId) throw notFound("File");
    file.isAttached = true;
  }
  if (new Set(files.map(({ id }) => id)).size !== new Set(ids).size) throw notFound("File");
  await em.flush();
  for (const [ordinal, { fileId, role }] of attachments.entries()) await tie(fileId, ordinal, role);
}
