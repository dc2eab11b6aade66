import DataLoader from "dataloader";
import { type Context, requireViewer } from "../context.ts";
import { fileJson } from "../files/records.ts";
import { type Connection, connectionOf, countOf, pageOf, type PageArguments } from "../graphql/pages.ts";
import type { DossierStatus } from "../graphql/types.ts";
import { columns, Conditions } from "../sql.ts";
import { readableBy } from "./access.ts";
import { Dossier, type DossierDocument, type DossierEvent, DossierResult } from "./entities.ts";

/** A row of the list, with the relations that the request wanted brought along by the same statement. */
export type DossierRow = Dossier & {
  currentStep?: object | null;
  history?: DossierEventRow[];
  documents?: LinkedDocument[];
  results?: DossierResultRow[];
};

/** An event as the list brings it along. */
export type DossierEventRow = Pick<DossierEvent, "at" | "text" | "byId">;

export type LinkedDocument = Pick<DossierDocument, "relation" | "incomingDocumentId" | "outgoingDocumentId">;

/** A result with the viewer's own agency's file. */
export type DossierResultRow = Pick<DossierResult, "id" | "code" | "dossierId" | "outgoingDocumentId"> & {
  readonly issuedAt: Date | string;
  readonly file: object;
};

const resultJson = `jsonb_build_object('id', x.id, 'code', x.code, 'dossierId', x.dossier_id,
  'outgoingDocumentId', x.outgoing_document_id, 'issuedAt', x.issued_at, 'file', ${fileJson("f")})`;
/** Each agency has a file of its own for a result; row-level security leaves the right one. */
const resultFile = "join file f on f.id in (x.file_id, x.receiver_file_id) and f.agency_id = (select app_agency())";

const relations: Readonly<Record<string, string>> = {
  currentStep: `(select jsonb_build_object('ordinal', s.ordinal, 'name', s.name, 'hours', s.hours)
      from procedure_step s where s.procedure_id = d.procedure_id and s.ordinal = d.steps_done + 1
      and d.status in ('RECEIVED', 'IN_PROGRESS'))`,
  history: `(select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'text', e.text, 'byId', e.by_id)
      order by e.at, e.id), '[]') from dossier_event e where e.dossier_id = d.id)`,
  documents: `(select coalesce(jsonb_agg(jsonb_build_object('relation', l.relation,
      'incomingDocumentId', l.incoming_document_id, 'outgoingDocumentId', l.outgoing_document_id)
      order by l.at, l.id), '[]') from dossier_document l where l.dossier_id = d.id)`,
  results: `(select coalesce(jsonb_agg(${resultJson} order by x.ordinal), '[]') from dossier_result x ${resultFile}
      where x.dossier_id = d.id)`,
};

function select(ctx: Context, wanted: ReadonlySet<string>): string {
  const { list } = columns(ctx.services.orm, Dossier, "d");
  const extra = Object.entries(relations)
    .filter(([name]) => wanted.has(name))
    .map(([name, sql]) => `, ${sql} as "${name}"`);
  return list + extra.join("");
}

/** Dossiers that the viewer's agency decides or received, newest first: one statement for a page. */
export async function dossiers(
  ctx: Context,
  args: PageArguments & { status?: DossierStatus | null },
  wanted: ReadonlySet<string>,
): Promise<Connection<DossierRow>> {
  const viewer = requireViewer(ctx);
  const page = pageOf(args, "instant", "id");
  const where = readableBy(viewer, new Conditions());
  if (args.status) where.add("d.status = ?", args.status);
  const count = countOf(ctx, "dossier d", where);
  if (page.after) where.add("(d.received_at, d.id) < (?::timestamptz, ?::uuid)", ...page.after);
  // Each side is read off its own index, newest first; an `or` alone would sort all that the agency has.
  const side = (column: string) => `(select d.id, d.received_at from dossier d
    where d.${column} = (select app_agency()) and ${where.sql}
    order by d.received_at desc, d.id desc limit ${page.limit + 1})`;
  const rows = await ctx.read<DossierRow>(
    `select ${select(ctx, wanted)} from (${side("agency_id")} union ${side("received_by_agency_id")}) mine
     join dossier d on d.id = mine.id order by d.received_at desc, d.id desc limit ${page.limit + 1}`,
    where.parameters,
  );
  return connectionOf(rows, page, (row) => [row.receivedAt, row.id], count);
}

const everything: ReadonlySet<string> = new Set(Object.keys(relations));

/** One dossier with all that belongs to it, if the viewer may read it. */
export async function readDossier(ctx: Context, id: string): Promise<DossierRow | undefined> {
  if (!ctx.viewer) return undefined;
  const where = readableBy(ctx.viewer, new Conditions()).add("d.id = ?", id);
  return ctx.readOne(`select ${select(ctx, everything)} from dossier d where ${where.sql}`, where.parameters);
}

/** One result, if the viewer may read its dossier. */
export async function readDossierResult(ctx: Context, id: string): Promise<DossierResultRow | undefined> {
  if (!ctx.viewer) return undefined;
  const where = readableBy(ctx.viewer, new Conditions()).add("x.id = ?", id);
  const row = await ctx.readOne<{ result: DossierResultRow }>(
    `select ${resultJson} as result from dossier_result x join dossier d on d.id = x.dossier_id ${resultFile}
     where ${where.sql}`,
    where.parameters,
  );
  return row?.result;
}

type DocumentColumn = "incoming_document_id" | "outgoing_document_id";
type DossiersByDocument = Record<DocumentColumn, DataLoader<string, DossierRow[]>>;
const loaders = new WeakMap<Context, DossiersByDocument>();

/** Dossiers that a document of the agency is tied to, for all documents asked for in one turn with one statement. */
export function dossiersOfDocument(ctx: Context, column: DocumentColumn, documentId: string): Promise<DossierRow[]> {
  let byColumn = loaders.get(ctx);
  if (!byColumn) {
    byColumn = {
      incoming_document_id: loader(ctx, "incoming_document_id"),
      outgoing_document_id: loader(ctx, "outgoing_document_id"),
    };
    loaders.set(ctx, byColumn);
  }
  return byColumn[column].load(documentId);
}

function loader(ctx: Context, column: DocumentColumn): DataLoader<string, DossierRow[]> {
  return new DataLoader(
    async (documentIds) => {
      const where = readableBy(requireViewer(ctx), new Conditions()).add(`l.${column} = any(?::uuid[])`, documentIds);
      const rows = await ctx.read<DossierRow & { documentId: string }>(
        `select l.${column} as "documentId", ${select(ctx, new Set())}
         from dossier_document l join dossier d on d.id = l.dossier_id
         where ${where.sql} order by d.received_at, d.id`,
        where.parameters,
      );
      const found = Map.groupBy(rows, ({ documentId }) => documentId);
      return documentIds.map((id) => found.get(id) ?? []);
    },
    // Of one turn only: an act of the same request may change them.
    { maxBatchSize: 100, cache: false },
  );
}
