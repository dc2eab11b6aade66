import type { Context } from "../context.ts";
import { columns } from "../sql.ts";
import { File } from "./entities.ts";

/** A file as the API shows it: from a row, or from JSON that a list brought along, where the digest is hexadecimal. */
export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string | Uint8Array;
  readonly uploadedAt: Date | string;
}

/** SQL that gives a FileRecord as JSON; `alias` is the table `file` in the statement. */
export const fileJson = (alias: string): string =>
  `jsonb_build_object('id', ${alias}.id, 'name', ${alias}.name, 'mediaType', ${alias}.media_type, 'size', ${alias}.size,
    'sha256', encode(${alias}.sha256, 'hex'), 'uploadedAt', ${alias}.uploaded_at)`;

export const hexOf = (sha256: string | Uint8Array): string =>
  typeof sha256 === "string" ? sha256 : Buffer.from(sha256).toString("hex");

/** A file of the agency by its id; whether the viewer may read it is for `access.ts` to say. */
export const fileOf = (ctx: Context, id: string): Promise<File | undefined> =>
  ctx.readOne(`select ${columns(ctx.services.orm, File).list} from file where id = $1`, [id]);
