import { type Context, requireViewer } from "../context.ts";
import { columns, Conditions } from "../sql.ts";
import { usableBy } from "./access.ts";
import { SigningCredential } from "./entities.ts";

/** The keys that the viewer may sign or seal with, the own ones first. */
export function signingCredentials(ctx: Context): Promise<SigningCredential[]> {
  const where = usableBy(requireViewer(ctx), new Conditions()).add("c.revoked_at is null");
  return ctx.read(
    `select ${columns(ctx.services.orm, SigningCredential, "c").list} from signing_credential c where ${where.sql}
     order by c.is_agency_seal, c.not_after desc, c.id limit 100`,
    where.parameters,
  );
}

/** A key that the viewer may sign or seal with. */
export async function readSigningCredential(ctx: Context, id: string): Promise<SigningCredential | undefined> {
  if (!ctx.viewer) return undefined;
  const where = usableBy(ctx.viewer, new Conditions()).add("c.id = ?", id);
  return ctx.readOne(
    `select ${columns(ctx.services.orm, SigningCredential, "c").list} from signing_credential c where ${where.sql}`,
    where.parameters,
  );
}
