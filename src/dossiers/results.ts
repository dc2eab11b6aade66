import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { Act } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
import { Dossier, DossierResult } from "./entities.ts";
import { recordOn } from "./history.ts";
import { assertTransition, resultCode } from "./rules.ts";
import { shareFile } from "./shared-files.ts";

interface IssuedFile {
  readonly reference_code: string;
  readonly file_id: string;
  readonly name: string;
  readonly media_type: string;
  readonly size: number;
  readonly sha256: Buffer;
}

/**
 * When a document is issued, it becomes the result of the dossiers that it was linked to as such, in the transaction of
 * the dispatch: either both happen or none.
 */
export async function completeDossiersOf(ctx: Context, em: EntityManager, { objectId }: Act): Promise<void> {
  const links = await em.execute<{ dossier_id: string }[]>(
    `select l.dossier_id from dossier_document l where l.outgoing_document_id = ? and l.relation = 'RESULT'
       and not exists (select from dossier_result x where x.dossier_id = l.dossier_id and x.outgoing_document_id = ?)
     order by l.dossier_id`,
    [objectId, objectId],
  );
  for (const { dossier_id } of links) {
    const dossier = await em.findOneOrFail(Dossier, { id: dossier_id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    await addResult(ctx, em, dossier, objectId);
  }
}

/** Makes an issued document the next result of a dossier whose row is locked, and completes the dossier. */
export async function addResult(
  ctx: Context,
  em: EntityManager,
  dossier: Dossier,
  outgoingDocumentId: string,
): Promise<void> {
  await em.flush();
  const [issued] = await em.execute<IssuedFile[]>(
    `select d.reference_code, f.id as file_id, f.name, f.media_type, f.size::float8 as size, f.sha256
     from outgoing_document d join outgoing_revision r on r.document_id = d.id
       and r.kind in ('SEALED', 'AUGMENTED')
       join file f on f.id = r.file_id
     where d.id = ? order by r.ordinal desc limit 1`,
    [outgoingDocumentId],
  );
  // The rules of issuing see to it; a result without a sealed file would be none (NĐ 45/2020 Điều 14.3).
  if (!issued) throw new Error(`issued document ${outgoingDocumentId} has no sealed file`);
  const ordinal = 1 + (await em.count(DossierResult, { dossierId: dossier.id }));
  const code = resultCode(dossier.code, ordinal);
  const sha256 = issued.sha256.toString("hex");
  const file = { name: `${code}.pdf`, mediaType: issued.media_type, size: issued.size, sha256 };
  const { receiverFileId } = await shareFile(ctx, em, dossier, file, { competentFileId: issued.file_id });
  const at = ctx.now();
  em.create(DossierResult, {
    id: newId(at.getTime()),
    dossierId: dossier.id,
    agencyId: dossier.agencyId,
    receivedByAgencyId: dossier.receivedByAgencyId,
    ordinal,
    code,
    outgoingDocumentId,
    referenceCode: issued.reference_code,
    fileId: issued.file_id,
    receiverFileId,
    sha256: issued.sha256,
    size: issued.size,
    issuedAt: at,
  });
  // A further result can come out after the first was handed over; the dossier stays closed then.
  if (dossier.status !== "RETURNED") {
    assertTransition(dossier.status, "COMPLETED");
    em.assign(dossier, { status: "COMPLETED", completedAt: dossier.completedAt ?? at });
  }
  await recordOn(ctx, em, dossier, `Đã có kết quả giải quyết ${code}: văn bản số ${issued.reference_code}.`, {
    act: "dossier.complete",
    data: { code, document: outgoingDocumentId, referenceCode: issued.reference_code, sha256 },
  });
}
