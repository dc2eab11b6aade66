import type { Viewer } from "../context.ts";
import type { Conditions } from "../sql.ts";

/**
 * Which keys a viewer may sign with, as a condition on `signing_credential c`: one's own, and the agency's seal with the
 * permission to seal (NĐ 30/2020 Điều 32, 33: the clerk keeps the agency's key, everybody the own one).
 */
export function usableBy(viewer: Viewer, conditions: Conditions): Conditions {
  conditions.add("c.agency_id = ?", viewer.agencyId);
  return viewer.permissions.has("outgoing:seal")
    ? conditions.add("(c.person_id = ? or c.is_agency_seal)", viewer.personId)
    : conditions.add("c.person_id = ?", viewer.personId);
}
