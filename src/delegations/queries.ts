import { dayOf } from "../calendar/rules.ts";
import type { Context } from "../context.ts";
import { notFound } from "../errors.ts";
import type { Agency, Position } from "../organization/entities.ts";
import { columns } from "../sql.ts";
import { Delegation } from "./entities.ts";
import { type Block, signatureBlock, type SigningRight } from "./rules.ts";

/** Authority that an office has received and that is in force now. */
export const delegationsTo = (ctx: Context, appointmentId: string) =>
  ctx.read<Delegation>(
    `select ${columns(ctx.services.orm, Delegation).list} from delegation
     where grantee_id = $1 and revoked_at is null and valid_from <= $2 and (valid_to is null or valid_to > $2)
     order by valid_from, id`,
    [appointmentId, ctx.now()],
  );

export interface ComputedBlock extends Block {
  readonly fullName: string;
}

/** The block a signer of the viewer's agency signs under at an instant; NOT_FOUND for anybody else. */
export async function signatureBlockOf(
  ctx: Context,
  signerId: string,
  typeCode: string | null,
  at: Date,
): Promise<ComputedBlock> {
  const row = await ctx.readOne<{
    kind: Agency["kind"];
    name: string;
    headTitle: string | null;
    rank: Position["rank"];
    title: string;
    fullName: string;
    rights: (Omit<SigningRight, "validFrom" | "validTo" | "revokedAt"> & {
      validFrom: string;
      validTo: string | null;
      revokedAt: string | null;
    })[];
  }>(
    `select g.kind, g.name, p.rank, p.title, person.full_name as "fullName",
       (select h.title from position h where h.agency_id = g.id and h.rank = 'HEAD' limit 1) as "headTitle",
       (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'kind', d.kind, 'documentTypes', d.document_types,
          'validFrom', d.valid_from, 'validTo', d.valid_to, 'revokedAt', d.revoked_at)), '[]')
        from delegation d where d.agency_id = g.id and d.grantee_id = a.id) as rights
     from appointment a join agency g on g.id = a.agency_id join position p on p.id = a.position_id join person on person.id = a.person_id
     where a.id = $1 and a.agency_id = $2 and a.valid_from <= $3 and (a.valid_to is null or a.valid_to >= $3)`,
    [signerId, ctx.agencyId, dayOf(at)],
  );
  if (!row) throw notFound("Appointment");
  const rights = row.rights.map((right) => ({
    ...right,
    validFrom: new Date(right.validFrom),
    validTo: right.validTo ? new Date(right.validTo) : null,
    revokedAt: right.revokedAt ? new Date(right.revokedAt) : null,
  }));
  return { ...signatureBlock(row, row.headTitle ?? row.title, row, rights, typeCode, at), fullName: row.fullName };
}
