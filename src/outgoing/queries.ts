import { yearSpan } from "../calendar/rules.ts";
import { type Context, requireViewer } from "../context.ts";
import { fileJson, type FileRecord } from "../files/records.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import type { OutgoingDocumentFilter, RevisionKind, SigningStepStatus } from "../graphql/types.ts";
import { columns, Conditions } from "../sql.ts";
import { readableBy } from "./access.ts";
import type { ChainEntry } from "./chain.ts";
import { OutgoingDocument, OutgoingRecipient, OutgoingReview, type StoredBlock } from "./entities.ts";
import { isOpenFor } from "./steps.ts";

/** A revision with its file. */
export interface RevisionRow {
  readonly id: string;
  readonly ordinal: number;
  readonly kind: RevisionKind;
  readonly at: Date | string;
  readonly byId: string | null;
  readonly file: FileRecord;
}

/** A signature as it was made. */
export interface SignatureRow {
  readonly field: string;
  readonly signerId: string;
  readonly credentialId: string;
  readonly block: StoredBlock | null;
  readonly at: Date | string;
  readonly level: string;
  readonly wantedLevel: string;
  readonly levelNote: string | null;
}

/** A step of a document's chain. */
export interface StepRow extends ChainEntry {
  readonly field: string | null;
  readonly status: SigningStepStatus;
  readonly reason: string | null;
  readonly block: StoredBlock | null;
  readonly doneById: string | null;
  readonly doneAt: Date | string | null;
}

/** A row of the list, with the relations that the request wanted brought along by the same statement. */
export type OutgoingRow = OutgoingDocument & {
  register?: object | null;
  revisions?: RevisionRow[];
  file?: FileRecord | null;
  signatures?: SignatureRow[];
  signingChain?: StepRow[];
  reviews?: OutgoingReview[];
  recipients?: OutgoingRecipient[];
  attachments?: object[];
};

const list = (object: string, from: string, order: string) =>
  `(select coalesce(jsonb_agg(${object} order by ${order}), '[]') from ${from})`;
const revision = `jsonb_build_object('id', r.id, 'ordinal', r.ordinal, 'kind', r.kind, 'at', r.at, 'byId', r.by_id,
  'file', ${fileJson("f")})`;
const signature = `jsonb_build_object('field', s.field, 'signerId', s.signer_id, 'credentialId', s.credential_id,
  'block', s.block, 'at', s.at, 'level', s.level, 'wantedLevel', s.wanted_level, 'levelNote', s.level_note)`;
const step = `jsonb_build_object('role', t.role, 'turn', t.turn, 'appointmentId', t.appointment_id,
  'positionId', t.position_id, 'isRequired', t.is_required, 'field', t.field, 'status', t.status, 'reason', t.reason,
  'block', t.block, 'doneById', t.done_by_id, 'doneAt', t.done_at)`;
const review = `jsonb_build_object('id', v.id, 'documentId', v.document_id, 'reviewerId', v.reviewer_id,
  'decision', v.decision, 'comment', v.comment, 'requestedAt', v.requested_at, 'decidedAt', v.decided_at)`;
const recipient = `jsonb_build_object('id', t.id, 'documentId', t.document_id, 'ordinal', t.ordinal,
  'recipientId', t.recipient_id, 'name', t.name, 'role', t.role)`;
const attachment = `jsonb_build_object('role', o.role, 'file', ${fileJson("f")})`;
const revisionsOf = "outgoing_revision r join file f on f.id = r.file_id where r.document_id = d.id";

const relations: Readonly<Record<string, string>> = {
  register: `(select jsonb_build_object('id', r.id, 'agencyId', r.agency_id, 'kind', r.kind, 'year', r.year,
      'series', r.series, 'name', r.name, 'lastNumber', r.last_number)
      from document_register r where r.id = d.register_id)`,
  revisions: list(revision, revisionsOf, "r.ordinal"),
  // What keeps an issued document valid for the archive is no other form of it.
  file: `(select ${fileJson("f")} from ${revisionsOf} and r.kind <> 'ARCHIVAL' order by r.ordinal desc limit 1)`,
  signatures: list(
    signature,
    "outgoing_signature s join outgoing_revision r on r.id = s.revision_id where s.document_id = d.id",
    "r.ordinal, s.id",
  ),
  signingChain: list(step, "signing_step t where t.document_id = d.id", "t.ordinal"),
  reviews: list(review, "outgoing_review v where v.document_id = d.id", "v.requested_at, v.id"),
  recipients: list(recipient, "outgoing_recipient t where t.document_id = d.id", "t.ordinal"),
  attachments: list(
    attachment,
    "outgoing_file o join file f on f.id = o.file_id where o.document_id = d.id",
    "o.ordinal",
  ),
};

function select(ctx: Context, wanted: ReadonlySet<string>): string {
  const extra = Object.entries(relations)
    .filter(([name]) => wanted.has(name) || (name === "signingChain" && wanted.has("awaitingMySignature")))
    .map(([name, sql]) => `, ${sql} as "${name}"`);
  return columns(ctx.services.orm, OutgoingDocument, "d").list + extra.join("");
}

/** The agency's own documents that the viewer may read, newest first: one statement for a page. */
export async function outgoingDocuments(
  ctx: Context,
  args: PageArguments & { filter?: OutgoingDocumentFilter | null },
  wanted: ReadonlySet<string>,
): Promise<Connection<OutgoingRow>> {
  const viewer = requireViewer(ctx);
  const page = pageOf(args, "instant", "id");
  const where = readableBy(viewer, new Conditions());
  const { filter } = args;
  if (filter?.status) where.add("d.status = any(?)", filter.status);
  if (filter?.typeCode) where.add("d.type_code = ?", filter.typeCode);
  // The year of the register, or of the draft while there is no number.
  if (filter?.year != null)
    where.add(
      `case when d.issued_on is null then d.created_at >= ? and d.created_at < ?
        else extract(year from d.issued_on) = ? end`,
      ...yearSpan(filter.year),
      filter.year,
    );
  if (filter?.draftedByMe) where.add("d.drafter_id = ?", viewer.appointmentId);
  if (filter?.toSignByMe)
    where.add(
      `d.status in ('AWAITING_SIGNATURE', 'SIGNED', 'NUMBERED')
        and exists (select 1 from signing_step t where t.document_id = d.id and ${isOpenFor(viewer, where)})`,
    );
  const count = countOf(ctx, "outgoing_document d", where);
  if (page.after) where.add("(d.created_at, d.id) < (?::timestamptz, ?::uuid)", ...page.after);
  const rows = await ctx.read<OutgoingRow>(
    `select ${select(ctx, wanted)} from outgoing_document d where ${where.sql}
     order by d.created_at desc, d.id desc limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.createdAt, row.id], count);
}

const everything: ReadonlySet<string> = new Set(Object.keys(relations));

/** One document with all that belongs to it, if the viewer may read it. */
export async function readOutgoingDocument(ctx: Context, id: string): Promise<OutgoingRow | undefined> {
  if (!ctx.viewer) return undefined;
  const where = readableBy(ctx.viewer, new Conditions()).add("d.id = ?", id);
  return ctx.readOne(`select ${select(ctx, everything)} from outgoing_document d where ${where.sql}`, where.parameters);
}

/** Own documents that answer an incoming one, as far as the viewer may read them, oldest first. */
export function answersTo(ctx: Context, incomingDocumentId: string): Promise<OutgoingRow[]> {
  const where = readableBy(requireViewer(ctx), new Conditions()).add("d.answers_to_id = ?", incomingDocumentId);
  return ctx.read(
    `select ${select(ctx, new Set())} from outgoing_document d where ${where.sql} order by d.created_at, d.id limit 100`,
    where.parameters,
  );
}

/** A part of a document that the viewer may read: JSON of `object` from `from`, which joins the document as `d`. */
async function readPart<T extends object>(
  ctx: Context,
  object: string,
  from: string,
  idColumn: string,
  id: string,
): Promise<T | undefined> {
  if (!ctx.viewer) return undefined;
  const where = readableBy(ctx.viewer, new Conditions()).add(`${idColumn} = ?`, id);
  const sql = `select ${object} as part from ${from} where ${where.sql}`;
  const row = await ctx.readOne<{ part: T }>(sql, where.parameters);
  return row?.part;
}

const ofDocument = (alias: string) => `join outgoing_document d on d.id = ${alias}.document_id`;

export const readRevision = (ctx: Context, id: string) =>
  readPart<RevisionRow>(
    ctx,
    revision,
    `outgoing_revision r join file f on f.id = r.file_id ${ofDocument("r")}`,
    "r.id",
    id,
  );

export const readReview = (ctx: Context, id: string) =>
  readPart<OutgoingReview>(ctx, review, `outgoing_review v ${ofDocument("v")}`, "v.id", id);

export const readRecipient = (ctx: Context, id: string) =>
  readPart<OutgoingRecipient>(ctx, recipient, `outgoing_recipient t ${ofDocument("t")}`, "t.id", id);
