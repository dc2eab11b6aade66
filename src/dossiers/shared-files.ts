import type { EntityManager } from "@mikro-orm/postgresql";
import type { Context } from "../context.ts";
import type { StoredFile } from "../files/commands.ts";
import { newId } from "../ids.ts";
import type { Dossier } from "./entities.ts";

/** Ids of the two agencies' own rows for the same bytes; one and the same where one agency is both. */
export interface SharedFile {
  readonly competentFileId: string;
  readonly receiverFileId: string;
}

/**
 * Gives both agencies of a dossier a file of their own with the same bytes, stored already, in the caller's transaction.
 * The row of the other agency is written as that agency, since row-level security lets nobody write for another.
 */
export async function shareFile(
  ctx: Context,
  em: EntityManager,
  dossier: Pick<Dossier, "agencyId" | "receivedByAgencyId">,
  file: StoredFile,
  existing: Partial<SharedFile> = {},
): Promise<SharedFile> {
  const competentFileId = existing.competentFileId ?? (await enter(ctx, em, dossier.agencyId, file));
  if (dossier.receivedByAgencyId === dossier.agencyId) return { competentFileId, receiverFileId: competentFileId };
  return { competentFileId, receiverFileId: await enter(ctx, em, dossier.receivedByAgencyId, file) };
}

async function enter(ctx: Context, em: EntityManager, agencyId: string, file: StoredFile): Promise<string> {
  const id = newId(ctx.now().getTime());
  const actAs = (agency: string | null) => em.execute("select set_config('app.agency_id', ?, true)", [agency ?? ""]);
  await em.flush();
  await actAs(agencyId);
  await em.execute(
    `insert into file (id, agency_id, name, media_type, size, sha256, uploaded_at, is_attached)
     values (?, ?, ?, ?, ?, ?, ?, true)`,
    [id, agencyId, file.name, file.mediaType, file.size, Buffer.from(file.sha256, "hex"), ctx.now()],
  );
  // If the insert fails the transaction is over, and its setting with it.
  await actAs(ctx.agencyId);
  return id;
}
