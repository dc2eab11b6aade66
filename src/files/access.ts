import type { Context, Viewer } from "../context.ts";
import { columns, Conditions } from "../sql.ts";
import { File } from "./entities.ts";

/**
 * How a module makes files readable: an SQL condition, true where the file of which `fileColumn` is the id belongs to
 * something of the module's that the viewer may read. Its parameters are bound through `conditions`.
 */
export type FileReader = (viewer: Viewer, conditions: Conditions, fileColumn: string) => string;

/** The file, if the viewer uploaded it or may read something that it is attached to (tệp được xem). */
export function readFile(ctx: Context, id: string): Promise<File | undefined> {
  const { viewer } = ctx;
  if (!viewer) return Promise.resolve(undefined);
  const where = new Conditions().add("f.id = ?", id).add("f.agency_id = ?", viewer.agencyId);
  const own = where.bind("f.uploaded_by = ?", viewer.appointmentId);
  const attached = ctx.services.fileReaders.map((reader) => reader(viewer, where, "f.id"));
  const sql = `select ${columns(ctx.services.orm, File, "f").list} from file f
    where ${where.sql} and (${[own, ...attached].map((condition) => `(${condition})`).join(" or ")})`;
  return ctx.readOne<File>(sql, where.parameters);
}

export const fileIsReadable = async (ctx: Context, id: string): Promise<boolean> =>
  (await readFile(ctx, id)) !== undefined;
