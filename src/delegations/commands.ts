import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { dayOf } from "../calendar/rules.ts";
import { type Context, requirePermission } from "../context.ts";
import { badInput, notFound } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { AgencyKind, GrantDelegationInput, PositionRank, RevokeDelegationInput } from "../graphql/types.ts";
import { requireDocumentType } from "../organization/document-types.ts";
import { Delegation } from "./entities.ts";
import { assertMayDelegate } from "./rules.ts";

/** Hands over authority to sign, in writing and within limits (giao quyền ký). */
export async function grantDelegation(ctx: Context, input: GrantDelegationInput): Promise<Done> {
  const viewer = requirePermission(ctx, "delegation:grant");
  const granteeId = fromGlobalId("Appointment", input.granteeId);
  const grantee = await ctx.readOne<{ rank: PositionRank; agency: AgencyKind; signs: boolean }>(
    `select p.rank, g.kind as agency, 'outgoing:sign' = any(p.permissions) as signs from appointment a join position p on p.id = a.position_id join agency g on g.id = a.agency_id
     where a.id = $1 and a.agency_id = $2 and (a.valid_to is null or a.valid_to >= $3)`,
    [granteeId, viewer.agencyId, dayOf(ctx.now())],
  );
  if (!grantee) throw notFound("Appointment");
  assertMayDelegate(input.kind, viewer.rank, grantee.rank, input.validTo ?? null, grantee.agency);
  // Authority that could not be used would mislead those who rely on it.
  if (!grantee.signs)
    throw badInput(
      "granteeId",
      "Chức vụ này chưa có quyền ký văn bản trong hệ thống.",
      "This position has no permission to sign.",
    );
  if (input.validTo && input.validTo <= input.validFrom)
    throw badInput("validTo", "Thời điểm hết hiệu lực phải sau thời điểm bắt đầu.", "It must end after it begins.");
  const legalBasis = input.legalBasis.trim();
  if (legalBasis.length < 3 || legalBasis.length > 500)
    throw badInput("legalBasis", "Cần nêu căn cứ giao quyền.", "The decision or rule it rests on is needed.");
  for (const code of input.documentTypeCodes) requireDocumentType(code);
  return once(ctx, "delegation.grant", input, async (em, id) => {
    const data = {
      kind: input.kind,
      grantorId: viewer.appointmentId,
      granteeId,
      documentTypes: [...input.documentTypeCodes],
      validFrom: input.validFrom,
      validTo: input.validTo ?? null,
      legalBasis,
    };
    em.create(Delegation, { id, agencyId: viewer.agencyId, ...data });
    await record(ctx, em, { act: "delegation.grant", objectType: "Delegation", objectId: id, data });
  });
}

/** Ends a delegation from now on; what was signed under it stays valid (chấm dứt giao quyền). */
export function revokeDelegation(ctx: Context, input: RevokeDelegationInput): Promise<string> {
  const viewer = requirePermission(ctx, "delegation:grant");
  const id = fromGlobalId("Delegation", input.delegationId);
  return ctx.transact(async (em) => {
    const delegation = await em.findOneOrFail(Delegation, { id, agencyId: viewer.agencyId });
    if (!delegation.revokedAt) {
      delegation.revokedAt = ctx.now();
      await record(ctx, em, {
        act: "delegation.revoke",
        objectType: "Delegation",
        objectId: id,
        data: { kind: delegation.kind },
      });
    }
    return id;
  });
}
