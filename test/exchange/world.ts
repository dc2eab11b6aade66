import { Client } from "pg";
import { PDFDocument } from "pdf-lib";
import type { OperatedHub } from "../../src/exchange/hub.ts";
import { record } from "../../src/audit/record.ts";
import { Context, type Viewer } from "../../src/context.ts";
import { addFile } from "../../src/files/commands.ts";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { newId } from "../../src/ids.ts";
import { takeNumber } from "../../src/registers/commands.ts";
import { type AppOptions, startApp } from "../support/app.ts";

/** The demo province at rest, with what only a test may do: look everywhere, and stand between the server and its hub. */
export async function exchangeWorld(options: AppOptions = {}) {
  const app = await startApp(options);
  await app.settle();
  const superuser = new Client(app.database.superConnection);
  await superuser.connect();
  const query = async <T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> =>
    (await superuser.query<T>(sql, [...parameters])).rows;
  const agencies = new Map(
    (await query<{ code: string; id: string }>("select code, id from agency")).map(({ code, id }) => [code, id]),
  );

  return {
    ...app,
    query,
    agencyId: (code: string) => agencies.get(code)!,
    count: async (sql: string, ...parameters: unknown[]) =>
      Number((await query<{ count: string }>(`select count(*) from ${sql}`, parameters))[0]!.count),
    /** Puts other answers in the place of the hub's own, until disposed of. */
    throughHub(change: (hub: OperatedHub) => Partial<OperatedHub>): Disposable {
      const hub = app.services.hub;
      const changed = change(hub as OperatedHub);
      Object.assign(app.services, {
        hub: new Proxy(hub, { get: (target, name) => method(changed, name) ?? method(target, name) }),
      });
      return { [Symbol.dispose]: () => void Object.assign(app.services, { hub }) };
    },
    context: (code: string) => new Context(app.services, null, "worker", agencies.get(code)),
    /** As if a lease's time had passed. */
    expireLeases: async () => {
      await query("update hub.delivery set lease_until = now() - interval '1 second' where state = 'LEASED'");
      await query("update exchange_outbox set lease_until = now() - interval '1 second' where lease_until is not null");
    },
    [Symbol.asyncDispose]: async () => {
      await superuser.end();
      await app[Symbol.asyncDispose]();
    },
  };
}

export type ExchangeWorld = Awaited<ReturnType<typeof exchangeWorld>>;

function method(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}

export interface Issued {
  readonly documentId: string;
  readonly referenceCode: string;
  readonly sha256: string;
  /** In the order in which they were named. */
  readonly recipientIds: readonly string[];
}

let issued = 0;

/** A document that the agency has sealed, issued to recipients named by code, or by a name that no directory has. */
export async function issue(
  { services, query, agencyId }: ExchangeWorld,
  from: string,
  to: readonly string[],
  { subject = "Về việc thử nghiệm liên thông", file }: { subject?: string; file?: Buffer } = {},
): Promise<Issued> {
  const viewer = await clerkOf(query, agencyId(from));
  const ctx = new Context(services, viewer, "test");
  const bytes = file ?? (await letter(`${subject} ${++issued}`));
  const stored = await services.store.put(bytes);
  const documentId = newId();
  const recipients = to.map((name) => ({ id: newId(), agencyId: agencyId(name) ?? null, name }));
  const referenceCode = await ctx.transact(async (em) => {
    const main = addFile(ctx, em, { name: "vanban.pdf", mediaType: "application/pdf", ...stored });
    await em.flush();
    const { registerId, number } = await takeNumber(ctx, em, {
      kind: "OUTGOING",
      series: "",
      state: "USED",
      document: { type: "OutgoingDocument", id: documentId },
    });
    const reference = `${number}/VP`;
    await em.execute(
      `insert into outgoing_document (id, agency_id, type_code, subject, body, urgency, status, register_id, number, notation,
         reference_code, issued_on, drafter_id, signer_id, block, created_at)
       values (?, ?, 'QD', ?, 'Nội dung.', 'URGENT', 'DISPATCHED', ?, ?, 'VP', ?, current_date, ?, ?, ?, now())`,
      [
        documentId,
        viewer.agencyId,
        subject,
        registerId,
        number,
        reference,
        viewer.appointmentId,
        viewer.appointmentId,
        JSON.stringify({ lines: ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], fullName: "Nguyễn Văn Mẫu", delegationId: null }),
      ],
    );
    await em.execute(
      "insert into outgoing_revision (id, agency_id, document_id, ordinal, kind, file_id, at, by_id) values (?, ?, ?, 1, 'SEALED', ?, now(), ?)",
      [newId(), viewer.agencyId, documentId, main.id, viewer.appointmentId],
    );
    for (const [ordinal, recipient] of recipients.entries())
      await em.execute(
        "insert into outgoing_recipient (id, agency_id, document_id, ordinal, recipient_id, name, role) values (?, ?, ?, ?, ?, ?, 'TO')",
        [recipient.id, viewer.agencyId, documentId, ordinal, recipient.agencyId, recipient.name],
      );
    await record(ctx, em, { act: "outgoing.dispatch", objectType: "OutgoingDocument", objectId: documentId, data: {} });
    return reference;
  });
  return { documentId, referenceCode, sha256: stored.sha256, recipientIds: recipients.map(({ id }) => id) };
}

async function clerkOf(query: ExchangeWorld["query"], agencyId: string): Promise<Viewer> {
  const [row] = await query<Pick<Viewer, "personId" | "appointmentId" | "positionId">>(
    `select a.person_id as "personId", a.id as "appointmentId", a.position_id as "positionId"
     from appointment a join position p on p.id = a.position_id where a.agency_id = $1 and p.rank = 'CLERK'`,
    [agencyId],
  );
  return {
    ...row!,
    agencyId,
    unitId: null,
    rank: "CLERK",
    permissions: new Set(),
    scopes: null,
    tokenHash: Buffer.alloc(0),
  };
}

/** A PDF without signatures, of one empty page. */
export async function letter(title: string): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.setTitle(title);
  document.addPage();
  return Buffer.from(await document.save());
}

/** How a sender sees its recipients: transport and status by name. */
export async function deliveries({ query }: ExchangeWorld, { documentId }: Issued) {
  return query<{ recipient: string; state: string; status: string | null; note: string | null }>(
    `select coalesce(recipient_code, r.name) as recipient, state, status, status_note as note
     from exchange_delivery d join outgoing_recipient r using (id) where d.document_id = $1 order by r.ordinal`,
    [documentId],
  );
}

/** The global id of what an agency has of an issued document. */
export async function arrivalOf(
  { query, agencyId }: ExchangeWorld,
  code: string,
  { documentId }: Issued,
): Promise<string> {
  const rows = await query<{ id: string }>(
    "select id from arrival where agency_id = $1 and message_id in (select message_id from exchange_delivery where document_id = $2)",
    [agencyId(code), documentId],
  );
  if (rows.length !== 1) throw new Error(`${rows.length} arrivals at ${code}`);
  return toGlobalId("Arrival", rows[0]!.id);
}

/** How often a document took effect anywhere: at the hub, at its recipients, back at its sender. */
export async function effects({ count, query }: ExchangeWorld, { documentId }: Issued) {
  const [row] = await query<{ ids: string[] }>(
    "select array_agg(distinct message_id) as ids from exchange_delivery where document_id = $1",
    [documentId],
  );
  const ids = row!.ids;
  return {
    hubMessages: await count("hub.message where message_id = any($1)", ids),
    hubDeliveries: await count("hub.delivery where message_id = any($1)", ids),
    memories: await count("exchange_inbox where message_id = any($1)", ids),
    arrivals: await count("arrival where message_id = any($1)", ids),
    files: await count("arrival_file where arrival_id in (select id from arrival where message_id = any($1))", ids),
    reports: await count(
      "exchange_report where delivery_id in (select id from exchange_delivery where message_id = any($1))",
      ids,
    ),
  };
}

/** What `effects` gives for a document with one file, sent to so many recipients that have all reported 01. */
export const onceAt = (recipients: number) => ({
  hubMessages: 1,
  hubDeliveries: recipients,
  memories: recipients,
  arrivals: recipients,
  files: recipients,
  reports: recipients,
});
