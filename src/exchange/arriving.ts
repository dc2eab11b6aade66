import type { EntityManager } from "@mikro-orm/postgresql";
import type { Signed } from "../../axis/index.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context.ts";
import { addFile } from "../files/commands.ts";
import { newId } from "../ids.ts";
import type { Examined } from "./examination.ts";
import { arrivalData } from "./rules.ts";
import { reportArrival } from "./statuses.ts";

/** Lays a document that the axis brought before the clerk, and tells its sender so (01), in the caller's transaction. */
export async function enterArrival(ctx: Context, em: EntityManager, signed: Signed, examined: Examined): Promise<void> {
  const { manifest, mediaTypes, verification } = examined;
  if (manifest.meta.kind !== "document") throw new Error("Only a document arrives");
  const [sender] = await em.execute<{ id: string | null; name: string }[]>(
    "select a.id, coalesce(a.name, x.name) as name from axis_agency x left join agency a on a.code = x.code where x.code = ?",
    [manifest.sender.code],
  );
  const data = arrivalData(manifest.meta, manifest.priority, sender?.name ?? null);
  const id = newId(ctx.now().getTime());
  await em.execute(
    `insert into arrival (id, agency_id, message_id, document_uid, sender_code, sender_id, sender_name, reference_code,
       issued_on, type_name, subject, signer_name, signer_position, due_on, page_count, urgency, state, arrived_at,
       verification, reported, manifest, signature)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'ARRIVED', ?, ?, '01', ?, ?)`,
    [
      id,
      ctx.agencyId,
      manifest.messageId,
      manifest.documentUid,
      manifest.sender.code,
      sender?.id ?? null,
      data.senderName,
      data.referenceCode,
      data.issuedOn,
      data.typeName,
      data.subject,
      data.signerName,
      data.signerPosition,
      data.dueOn,
      data.pageCount,
      data.urgency,
      ctx.now(),
      verification && JSON.stringify(verification),
      signed.bytes,
      signed.jws,
    ],
  );
  // One file is the document itself, whatever the sender calls the others.
  const main = manifest.parts.find(({ role }) => role === "main") ?? manifest.parts[0];
  for (const [ordinal, part] of manifest.parts.entries()) {
    const file = addFile(ctx, em, { ...part, mediaType: mediaTypes.get(part.id) ?? part.mediaType });
    await em.flush();
    await em.execute(
      "insert into arrival_file (arrival_id, agency_id, ordinal, file_id, role) values (?, ?, ?, ?, ?)",
      [id, ctx.agencyId, ordinal, file.id, part === main ? "MAIN" : "ANNEX"],
    );
  }
  await reportArrival(ctx, em, id);
  await record(ctx, em, {
    act: "exchange.arrive",
    objectType: "Arrival",
    objectId: id,
    data: {
      messageId: manifest.messageId,
      sender: manifest.sender.code,
      referenceCode: data.referenceCode,
      subject: data.subject,
      files: manifest.parts.map((part) => part.sha256),
      signatures: verification?.indication ?? null,
    },
  });
}
