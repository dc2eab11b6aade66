import type { Viewer } from "../context.ts";
import type { Conditions } from "../sql.ts";

/**
 * Which incoming documents a viewer may read, as a condition on `incoming_document d`: all of the agency's with the
 * permission, otherwise those registered by or assigned to the viewer's office. Lists and single reads both use it.
 */
export function readableBy(viewer: Viewer, conditions: Conditions): Conditions {
  conditions.add("d.agency_id = ?", viewer.agencyId);
  if (viewer.permissions.has("incoming:read")) return conditions;
  return conditions.add(
    "(d.registered_by_id = ? or exists (select 1 from assignment a where a.document_id = d.id and a.assignee_id = ?))",
    viewer.appointmentId,
    viewer.appointmentId,
  );
}
