import type { EntityManager } from "@mikro-orm/postgresql";
import { mayReport, parseManifest, protocolVersion, uuidv7 } from "../../axis/index.ts";
import type { Act } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { ReportedCode } from "./entities.ts";
import { enqueue } from "./outbox.ts";
import { statusHeader } from "./rules.ts";

interface ReportedArrival {
  readonly id: string;
  readonly reported: ReportedCode | null;
  readonly manifest: Buffer;
}

/** Tells the sender what became of a document, in the caller's transaction; each code once and never backwards. */
export async function report(
  ctx: Context,
  em: EntityManager,
  arrivalId: string,
  code: ReportedCode,
  note = "",
): Promise<void> {
  const row = "select id, reported, manifest from arrival where id = ? for update";
  const [arrival] = await em.execute<ReportedArrival[]>(row, [arrivalId]);
  if (arrival && mayReport(arrival.reported, code)) await send(ctx, em, arrival, code, note);
}

/** The first report, 01, which a document's own row already carries when it is written. */
export async function reportArrival(ctx: Context, em: EntityManager, arrivalId: string): Promise<void> {
  const row = "select id, null as reported, manifest from arrival where id = ?";
  const [arrival] = await em.execute<ReportedArrival[]>(row, [arrivalId]);
  await send(ctx, em, arrival!, "01", "");
}

/** What to do when something happens to an incoming document: report it, if the document came over the axis. */
export const reportOn =
  (code: ReportedCode) =>
  async (ctx: Context, em: EntityManager, { objectId }: Act): Promise<void> => {
    const [arrival] = await em.execute<{ id: string }[]>("select id from arrival where incoming_document_id = ?", [
      objectId,
    ]);
    if (arrival) await report(ctx, em, arrival.id, code);
  };

async function send(
  ctx: Context,
  em: EntityManager,
  arrival: ReportedArrival,
  code: ReportedCode,
  note: string,
): Promise<void> {
  const about = parseManifest(arrival.manifest);
  if (about.meta.kind !== "document") throw new Error("Only documents are reported on");
  const [agency] = await em.execute<{ code: string; code102: string | null; name: string; staff: string | null }[]>(
    `select a.code, a.code102, a.name,
       (select p.full_name from appointment x join person p on p.id = x.person_id where x.id = ?) as staff
     from agency a where a.id = ?`,
    [ctx.viewer?.appointmentId ?? null, ctx.agencyId],
  );
  const { code: own, code102, name, staff } = agency!;
  const at = ctx.now();
  const { meta, sender } = about;
  await enqueue(ctx, em, {
    v: protocolVersion,
    messageId: uuidv7(at.getTime()),
    kind: "status",
    documentUid: about.documentUid,
    revision: about.revision,
    refersTo: { messageId: about.messageId, documentUid: about.documentUid, revision: about.revision },
    sender: { code: own, code102, unit: null },
    recipients: [{ code: sender.code, code102: sender.code102, role: "chinh" }],
    createdAt: at.toISOString(),
    expiresAt: null,
    priority: about.priority,
    confidentiality: "thuong",
    legacy: about.legacy,
    meta: statusHeader(
      { code: own, name },
      {
        organId: meta.from.organId,
        code: [meta.code.number, meta.code.notation].filter(Boolean).join("/").slice(0, 50),
        promulgationDate: meta.promulgation.date,
        documentId: meta.documentId,
      },
      { code, note, at, staff: staff ?? "" },
    ),
    parts: [],
  });
  if (arrival.reported !== null) await em.execute("update arrival set reported = ? where id = ?", [code, arrival.id]);
}
