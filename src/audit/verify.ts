import type { ClientBase } from "pg";
import { type AuditEvent, type ChainLink, type EventRow, eventColumns, readEvent } from "./chain.ts";
import type { WitnessedChains } from "./checkpoint-log.ts";
import { type AuditFault, ChainWalk } from "./walk.ts";

/**
 * What `congvan audit verify --json` prints. `ok` is true only if every chain is whole and every checkpoint genuine.
 * `faults` lists the first hundred of a chain in the order of their numbers, `faultCount` counts them all. Kinds:
 * CHANGED content, hash or link of an event · REMOVED events are missing · INSERTED events too many, or of an unknown
 * agency · REORDERED events have changed places · HEAD the stored head is not the last event · CHECKPOINT a signed
 * checkpoint saw another history · MISSING_CHAIN a signed checkpoint saw a chain that is gone.
 */
export interface AuditReport {
  readonly ok: boolean;
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  readonly agencies: readonly AgencyAudit[];
  /** Signed checkpoints read; lines whose signature is not the witness's; lines that do not continue those before. */
  readonly checkpoints: { readonly read: number; readonly badSignatures: number; readonly badLinks: number };
}

export interface AgencyAudit {
  /** The agency's id, and its code in the directory, null if that does not know it. */
  readonly agency: string;
  readonly code: string | null;
  readonly events: number;
  /** The stored head; `hash` in hexadecimal. */
  readonly head: { readonly sequence: number; readonly hash: string } | null;
  readonly ok: boolean;
  readonly faultCount: number;
  readonly faults: readonly AuditFault[];
}

export interface VerifyOptions {
  /** As read by readCheckpoints *before* the call, so that none is newer than what is verified. */
  readonly checkpoints?: WitnessedChains;
  readonly now?: () => Date;
}

/** The chains cannot be verified with this connection (NOT_ALLOWED). */
export class AuditError extends Error {
  override readonly name = "AuditError";
  readonly code: "NOT_ALLOWED";

  constructor(code: "NOT_ALLOWED", message: string) {
    super(message);
    this.code = code;
  }
}

const page = 5_000;
/** Rows up to this many bytes come by the page, larger ones one by one; beyond the second the server writes none. */
const smallRow = 16_384;
const largestRow = 4 << 20;
const rowBytes = `octet_length(e.act) + octet_length(e.origin) + coalesce(octet_length(e.object_type), 0)
  + octet_length(e.data) + octet_length(e.previous_hash) + octet_length(e.hash)`;
/** Also not for a row with a null where the server writes none. */
const isUpTo = (bytes: number) => `(${rowBytes} <= ${bytes} and num_nulls(e.id, e.sequence, e.at) = 0)`;

/**
 * Recomputes every chain of the database (kiểm tra nhật ký) from one snapshot, with memory for one page of events. The
 * client must not be in a transaction and be the owner's or a superuser's, else AuditError; other errors are pg's.
 */
export async function verifyAudit(client: ClientBase, options: VerifyOptions = {}): Promise<AuditReport> {
  const witnessed = options.checkpoints?.byAgency ?? new Map<string, ReadonlyMap<number, string>>();
  await client.query("begin isolation level repeatable read, read only");
  try {
    await requireWholeView(client);
    const agencies = await walkChains(client, witnessed);
    const { read = 0, badSignatures = 0, badLinks = 0 } = options.checkpoints ?? {};
    return {
      ok: agencies.every((agency) => agency.ok) && badSignatures === 0 && badLinks === 0,
      checkedAt: (options.now?.() ?? new Date()).toISOString(),
      agencies,
      checkpoints: { read, badSignatures, badLinks },
    };
  } finally {
    await client.query("rollback").catch(() => undefined);
  }
}

/** A role that row-level security shows nothing would find nothing wrong. */
async function requireWholeView(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ whole: boolean }>(
    `select bool_and(pg_has_role(current_user, c.relowner, 'member')) or bool_or(r.rolbypassrls) as whole
     from pg_class c, pg_roles r
     where c.oid in ('public.audit_event'::regclass, 'public.audit_head'::regclass) and r.rolname = current_user`,
  );
  if (!rows[0]?.whole) throw new AuditError("NOT_ALLOWED", "Only the owner or a superuser sees all audit chains.");
}

type Witnessed = ReadonlyMap<string, ReadonlyMap<number, string>>;

async function walkChains(client: ClientBase, witnessed: Witnessed): Promise<AgencyAudit[]> {
  const codes = await agencyCodes(client);
  const heads = await storedHeads(client);
  const found: AgencyAudit[] = [];
  const finish = (agency: string, walk: ChainWalk) => {
    const head = heads.get(agency) ?? null;
    const code = codes.get(agency) ?? null;
    const faults = walk.finish(head);
    if (code === null) faults.unshift(unknownAgency(agency));
    const faultCount = walk.faultCount + (code === null ? 1 : 0);
    found.push({
      agency,
      code,
      events: walk.events,
      head: head && { sequence: head.sequence, hash: head.hash },
      ok: faultCount === 0,
      faultCount,
      faults,
    });
  };
  let current = null as { agency: string; walk: ChainWalk } | null;
  for await (const events of pages(client)) {
    for (const { agency, sequence, event } of events) {
      if (current?.agency !== agency) {
        if (current) finish(current.agency, current.walk);
        current = { agency, walk: new ChainWalk(witnessed.get(agency)) };
      }
      current.walk.step(sequence, event);
    }
  }
  if (current) finish(current.agency, current.walk);
  const walked = new Set(found.map(({ agency }) => agency));
  for (const agency of new Set([...heads.keys(), ...witnessed.keys()]))
    if (!walked.has(agency)) finish(agency, new ChainWalk(witnessed.get(agency)));
  return found.sort((a, b) => ((a.code ?? a.agency) < (b.code ?? b.agency) ? -1 : 1));
}

/** An event in its place; null if it is none that the server could have written. */
interface Place {
  readonly agency: string;
  readonly sequence: number;
  readonly event: AuditEvent | null;
}

/** All events by the page, agency by agency in the order of numbers. */
async function* pages(client: ClientBase): AsyncGenerator<Place[]> {
  // Compiling the statement would cost more than it saves.
  await client.query("set local jit = off; set local statement_timeout = 0");
  // A cursor, unlike pages by number, also shows two events of one number where somebody has dropped the key.
  await client.query(
    `declare audit_walk no scroll cursor for
     select ${eventColumns((column) => `case when small then ${column} end`)}, e.ctid
     from public.audit_event e cross join lateral (select ${isUpTo(smallRow)} as small offset 0) size
     order by e.agency_id, e.sequence`,
  );
  const statement = { text: `fetch ${page} from audit_walk`, rowMode: "array" as const };
  const fetch = () => client.query<[...EventRow, ctid: string]>(statement);
  let next = fetch();
  for (;;) {
    const { rows } = await next;
    if (rows.length === 0) return;
    // The database reads the next page while this one is hashed.
    next = fetch();
    next.catch(() => undefined);
    const places: Place[] = [];
    for (const row of rows) {
      const event = row[9] === null ? await largeEvent(client, row[12]) : readEvent(row);
      places.push({ agency: row[1], sequence: Number(row[2]), event });
    }
    yield places;
  }
}

async function largeEvent(client: ClientBase, ctid: string): Promise<AuditEvent | null> {
  const text = `select ${eventColumns()} from public.audit_event e where e.ctid = $1 and ${isUpTo(largestRow)}`;
  const { rows } = await client.query<EventRow>({ text, values: [ctid], rowMode: "array" });
  return rows[0] ? readEvent(rows[0]) : null;
}

async function storedHeads(client: ClientBase): Promise<Map<string, ChainLink>> {
  const { rows } = await client.query<{ agency: string; sequence: string; hash: string }>(
    `select agency_id as agency, sequence, coalesce(encode(substring(hash for 33), 'hex'), '') as hash
     from public.audit_head`,
  );
  return new Map(rows.map(({ agency, sequence, hash }) => [agency, { sequence: Number(sequence), hash }]));
}

async function agencyCodes(client: ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; code: string }>("select id, code from public.agency");
  return new Map(rows.map(({ id, code }) => [id, code]));
}

const unknownAgency = (agency: string): AuditFault => ({
  kind: "INSERTED",
  sequence: 0,
  message_vi: `Danh bạ không có cơ quan ${agency}.`,
  message_en: `The directory knows no agency ${agency}.`,
});

/** A report for people: one line a chain, its faults below, the sum at the end; in Vietnamese. */
export function printAudit(report: AuditReport): string {
  const { read, badSignatures, badLinks } = report.checkpoints;
  const events = report.agencies.reduce((sum, agency) => sum + agency.events, 0);
  const whole = (value: number) => value.toLocaleString("vi-VN");
  return [
    ...report.agencies.flatMap((agency) => [
      `${agency.ok ? "ĐÚNG" : "SAI "}  ${agency.code ?? agency.agency}: ${whole(agency.events)} bản ghi`,
      ...agency.faults.map((fault) => `      ${fault.kind} ${fault.message_vi}`),
      ...(agency.faultCount > agency.faults.length ? [`      … tất cả ${whole(agency.faultCount)} lỗi`] : []),
    ]),
    `Điểm kiểm đã ký: ${whole(read)}${badSignatures > 0 ? `, chữ ký sai: ${whole(badSignatures)}` : ""}${
      badLinks > 0 ? `, dòng không nối tiếp: ${whole(badLinks)}` : ""
    }`,
    read === 0 ? "Không có điểm kiểm: không phát hiện được việc viết lại cả chuỗi." : null,
    report.ok
      ? `Nhật ký nguyên vẹn: ${whole(events)} bản ghi của ${whole(report.agencies.length)} cơ quan.`
      : "NHẬT KÝ ĐÃ BỊ CAN THIỆP: xem các dòng SAI ở trên.",
  ]
    .filter((line) => line !== null)
    .join("\n");
}
