import type { Viewer } from "../context.ts";
import type { FileReader } from "../files/access.ts";
import type { Conditions } from "../sql.ts";

const readable = (viewer: Viewer, conditions: Conditions): string => {
  const own = conditions.bind("d.agency_id = ?", viewer.agencyId);
  if (viewer.permissions.has("incoming:read")) return own;
  const me = viewer.appointmentId;
  return `${own} and ${conditions.bind(
    "(d.registered_by_id = ? or exists (select 1 from assignment a where a.document_id = d.id and a.assignee_id = ?))",
    me,
    me,
  )}`;
};

/**
 * Which incoming documents a viewer may read, as a condition on `incoming_document d`: all of the agency's with the
 * permission, otherwise those registered by or assigned to the viewer's office. Lists and single reads both use it.
 */
export const readableBy = (viewer: Viewer, conditions: Conditions): Conditions =>
  conditions.add(readable(viewer, conditions));

/** A file is readable with the incoming document that it belongs to. */
export const incomingFiles: FileReader = (viewer, conditions, fileColumn) => `exists (
  select 1 from incoming_document d join incoming_file i on i.document_id = d.id
  where i.file_id = ${fileColumn} and ${readable(viewer, conditions)})`;
