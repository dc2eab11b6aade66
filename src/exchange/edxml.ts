import { AxisError, EdxmlError, type Manifest, manifestToEdxml, parseManifest, writeEdxml } from "../../axis/index.ts";
import { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Services } from "../services.ts";
import { readArrival } from "./queries.ts";

/** A message as edXML, and what its file is called. */
export interface EdxmlFile {
  readonly name: string;
  readonly xml: string;
}

/** A message that an agency sent or received, as edXML (QCVN 102); null where it has none of that id. For operators. */
export async function edxmlOf(services: Services, agencyId: string, messageId: string): Promise<EdxmlFile | null> {
  const ctx = new Context(services, null, "cli", agencyId);
  const row = await ctx.readOne<{ manifest: Buffer }>(
    `select manifest from exchange_outbox where agency_id = $1 and id = $2
     union all select manifest from arrival where agency_id = $1 and message_id = $2
     union all select o.manifest from exchange_quarantine o where o.agency_id = $1 and o.message_id = $2 limit 1`,
    [agencyId, messageId],
  );
  return row ? render(services, parseManifest(row.manifest)) : null;
}

/** An arrival as edXML, if the viewer may read it. */
export async function arrivalEdxml(ctx: Context, arrivalId: string): Promise<EdxmlFile | null> {
  if (!(await readArrival(ctx, arrivalId))) return null;
  const row = await ctx.readOne<{ manifest: Buffer }>("select manifest from arrival where id = $1", [arrivalId]);
  return row ? render(ctx.services, parseManifest(row.manifest)) : null;
}

/** An issued document as the edXML that went out, if the viewer may read it; null too where the axis had no part in it. */
export async function outgoingEdxml(ctx: Context, documentId: string): Promise<EdxmlFile | null> {
  if (!(await ctx.services.readNode(ctx, "OutgoingDocument", documentId))) return null;
  // A very long list of recipients is sent in several messages, alike but for their recipients.
  const row = await ctx.readOne<{ manifest: Buffer }>(
    `select manifest from exchange_outbox
     where id in (select message_id from exchange_delivery where document_id = $1) order by id limit 1`,
    [documentId],
  );
  return row ? render(ctx.services, parseManifest(row.manifest)) : null;
}

async function render({ store, config }: Services, manifest: Manifest): Promise<EdxmlFile> {
  const files = new Map<string, Buffer>();
  // edXML carries its files in base64 inside one text, so their whole size counts, not each one's.
  if (manifest.parts.reduce((sum, { size }) => sum + size, 0) > config.maxFileBytes) throw tooLarge();
  for (const { id, sha256, size } of manifest.parts) files.set(id, await store.read(sha256, size));
  try {
    const xml = writeEdxml(manifestToEdxml(manifest, files, { scheme: "qd20", zipped: true }));
    const id = manifest.legacy?.documentId ?? manifest.messageId;
    return { name: `${id.replaceAll(/[^\p{L}\p{N}.-]+/gu, "_")}.edxml`, xml };
  } catch (error) {
    if (error instanceof EdxmlError || error instanceof AxisError) throw notExpressible(error.message);
    throw error;
  }
}

const tooLarge = () =>
  new AppError("TOO_LARGE", "Tệp quá lớn để chuyển thành edXML.", "The files are too large for edXML.");

const notExpressible = (reason: string) =>
  new AppError("WRONG_STATE", "Văn bản này không thể chuyển thành edXML.", "This message cannot be written as edXML.", {
    reason,
  });
