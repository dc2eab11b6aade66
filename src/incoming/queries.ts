import DataLoader from "dataloader";
import { type Context, requireViewer } from "../context.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import type { AssignmentStatus, IncomingDocumentFilter } from "../graphql/types.ts";
import { yearSpan } from "../calendar/rules.ts";
import { columns, Conditions, someColumns } from "../sql.ts";
import { readableBy } from "./access.ts";
import { Assignment, Directive, IncomingDocument } from "./entities.ts";
import { comparable, onOneLine } from "./rules.ts";

/** A row of the list, with the relations that the request wanted brought along by the same statement. */
export type IncomingRow = IncomingDocument & {
  register?: object;
  registeredBy?: object;
  attachments?: object[];
  directives?: object[];
  assignments?: object[];
};

const relations: Readonly<Record<string, string>> = {
  register: `(select json_build_object('id', r.id, 'agencyId', r.agency_id, 'kind', r.kind, 'year', r.year, 'series', r.series,
      'name', r.name, 'lastNumber', r.last_number) from document_register r where r.id = d.register_id)`,
  attachments: `(select coalesce(json_agg(json_build_object('role', i.role, 'file', json_build_object('id', f.id, 'name', f.name,
      'mediaType', f.media_type, 'size', f.size, 'sha256', encode(f.sha256, 'hex'), 'uploadedAt', f.uploaded_at))
      order by i.ordinal), '[]') from incoming_file i join file f on f.id = i.file_id where i.document_id = d.id)`,
  directives: `(select coalesce(json_agg(json_build_object('id', x.id, 'text', x.text, 'byId', x.by_id, 'at', x.at)
      order by x.at, x.id), '[]') from directive x where x.document_id = d.id)`,
  assignments: `(select coalesce(json_agg(json_build_object('id', a.id, 'documentId', a.document_id, 'role', a.role,
      'assigneeId', a.assignee_id, 'dueOn', a.due_on, 'status', a.status) order by a.id), '[]')
      from assignment a where a.document_id = d.id)`,
};

/** What fields are made of, where it is not the property of the same name. */
const madeOf: Readonly<Record<string, readonly string[]>> = {
  sender: ["senderId"],
  registeredBy: ["registeredById"],
  completion: ["completionKind", "completionNote", "completedAt", "completedById"],
};

/** On a page of many rows only the columns that the wanted fields are made of, and those that pages are sorted by. */
function selectForList(ctx: Context, wanted: ReadonlySet<string>): string {
  const properties = new Set(["id", "arrivedAt"]);
  for (const field of wanted) for (const property of madeOf[field] ?? [field]) properties.add(property);
  return someColumns(ctx.services.orm, IncomingDocument, "d", properties) + selectRelations(wanted);
}

const select = (ctx: Context, wanted: ReadonlySet<string>): string =>
  columns(ctx.services.orm, IncomingDocument, "d").list + selectRelations(wanted);

function selectRelations(wanted: ReadonlySet<string>): string {
  const extra = Object.entries(relations)
    .filter(([name]) => wanted.has(name))
    .map(([name, sql]) => `, ${sql} as "${name}"`);
  return extra.join("");
}

/** The agency's incoming documents that the viewer may read, newest first: one statement for a page. */
export async function incomingDocuments(
  ctx: Context,
  args: PageArguments & { filter?: IncomingDocumentFilter | null },
  wanted: ReadonlySet<string>,
): Promise<Connection<IncomingRow>> {
  const viewer = requireViewer(ctx);
  const page = pageOf(args, "instant", "id");
  const where = readableBy(viewer, new Conditions());
  const { filter } = args;
  if (filter?.status) where.add("d.status = any(?)", filter.status);
  if (filter?.year != null) where.add("d.arrived_at >= ? and d.arrived_at < ?", ...yearSpan(filter.year));
  if (filter?.referenceCode)
    where.add("lower(replace(d.reference_code, ' ', '')) like ?", `${escapeLike(comparable(filter.referenceCode))}%`);
  if (filter?.dueBefore) where.add("d.due_on < ? and d.status not in ('COMPLETED', 'RETURNED')", filter.dueBefore);
  if (filter?.assignedToMe)
    where.add(
      "exists (select 1 from assignment m where m.document_id = d.id and m.assignee_id = ?)",
      viewer.appointmentId,
    );
  const count = countOf(ctx, "incoming_document d", where);
  if (page.after) where.add("(d.arrived_at, d.id) < (?::timestamptz, ?::uuid)", ...page.after);
  const rows = await ctx.read<IncomingRow>(
    `select ${selectForList(ctx, wanted)} from incoming_document d where ${where.sql}
     order by d.arrived_at desc, d.id desc limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.arrivedAt, row.id], count);
}

const everything: ReadonlySet<string> = new Set(Object.keys(relations));

/** One document with all that belongs to it, or the relations that are wanted, if the viewer may read it. */
export function readIncomingDocument(ctx: Context, id: string, wanted = everything): Promise<IncomingRow | undefined> {
  if (!ctx.viewer) return Promise.resolve(undefined);
  const where = readableBy(ctx.viewer, new Conditions()).add("d.id = ?", id);
  return ctx.readOne(`select ${select(ctx, wanted)} from incoming_document d where ${where.sql}`, where.parameters);
}

const documentLoaders = new WeakMap<Context, DataLoader<string, IncomingRow | undefined>>();

/** As `readIncomingDocument` without what belongs to it; those asked for in one turn come with one statement. */
export function loadIncomingDocument(ctx: Context, id: string): Promise<IncomingRow | undefined> {
  let loader = documentLoaders.get(ctx);
  if (!loader) {
    loader = new DataLoader<string, IncomingRow | undefined>(
      async (ids) => {
        const where = readableBy(requireViewer(ctx), new Conditions()).add("d.id = any(?::uuid[])", ids);
        const rows = await ctx.read<IncomingRow>(
          `select ${select(ctx, new Set())} from incoming_document d where ${where.sql}`,
          where.parameters,
        );
        const found = new Map(rows.map((row) => [row.id, row]));
        return ids.map((each) => found.get(each));
      },
      { maxBatchSize: 500, cache: false },
    );
    documentLoaders.set(ctx, loader);
  }
  return loader.load(id);
}

export async function isReadable(ctx: Context, id: string): Promise<boolean> {
  const where = readableBy(requireViewer(ctx), new Conditions()).add("d.id = ?", id);
  return (await ctx.readOne(`select 1 from incoming_document d where ${where.sql}`, where.parameters)) !== undefined;
}

/**
 * Earlier documents of the agency with the same number, notation and issuing body (NĐ 30/2020 Annex VI, Part I, III.1h);
 * the clerk is warned, never refused. What the viewer may not read is left out.
 */
export function possibleDuplicates(
  ctx: Context,
  { senderName, referenceCode }: { senderName: string; referenceCode: string },
  except: string | null = null,
): Promise<IncomingRow[]> {
  const where = readableBy(requireViewer(ctx), new Conditions())
    .add("lower(replace(d.reference_code, ' ', '')) = ?", comparable(referenceCode))
    .add("lower(d.sender_name) = ?", onOneLine(senderName).toLowerCase())
    .add("d.id is distinct from ?::uuid", except);
  return ctx.read<IncomingRow>(
    `select ${select(ctx, new Set())} from incoming_document d where ${where.sql} order by d.arrived_at desc, d.id desc limit 10`,
    where.parameters,
  );
}

/** What the viewer's office has been given, soonest deadline first. */
export async function myAssignments(
  ctx: Context,
  args: PageArguments & { status?: AssignmentStatus | null },
): Promise<Connection<Assignment>> {
  const viewer = requireViewer(ctx);
  const page = pageOf(args, "day", "id");
  const where = new Conditions().add("a.assignee_id = ?", viewer.appointmentId);
  if (args.status) where.add("a.status = ?", args.status);
  const count = countOf(ctx, "assignment a", where);
  if (page.after)
    where.add(
      "(coalesce(a.due_on, 'infinity'), a.id) > (coalesce(nullif(?, ''), 'infinity')::date, ?::uuid)",
      ...page.after,
    );
  const rows = await ctx.read<Assignment>(
    `select ${columns(ctx.services.orm, Assignment, "a").list} from assignment a where ${where.sql}
     order by coalesce(a.due_on, 'infinity'), a.id limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.dueOn ?? null, row.id], count);
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`);

/** Part of a document that the viewer may read. */
const readPart = async <T extends object>(ctx: Context, entity: new () => T, id: string): Promise<T | undefined> => {
  const part = (await ctx.load(entity, id)) as (T & { documentId: string }) | null;
  return part && ctx.viewer && (await isReadable(ctx, part.documentId)) ? part : undefined;
};

export const readAssignment = (ctx: Context, id: string) => readPart(ctx, Assignment, id);
export const readDirective = (ctx: Context, id: string) => readPart(ctx, Directive, id);
