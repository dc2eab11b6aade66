import type { Viewer } from "../context.ts";
import type { FileReader } from "../files/access.ts";
import type { Conditions } from "../sql.ts";

const readable = (viewer: Viewer, conditions: Conditions): string => {
  const own = conditions.bind("d.agency_id = ?", viewer.agencyId);
  if (viewer.permissions.has("outgoing:read")) return own;
  const me = viewer.appointmentId;
  return `${own} and ${conditions.bind(
    `(d.drafter_id = ? or d.signer_id = ?
      or exists (select 1 from outgoing_review v where v.document_id = d.id and v.reviewer_id = ?)
      or exists (select 1 from signing_step t where t.document_id = d.id
        and (t.appointment_id = ? or t.position_id = ?)))`,
    me,
    me,
    me,
    me,
    viewer.positionId,
  )}`;
};

/**
 * Which outgoing documents a viewer may read, as a condition on `outgoing_document d`: all of the agency's with the
 * permission, otherwise those that the viewer's office drafted, reviews or signs in some role. Lists and single reads both use it.
 */
export const readableBy = (viewer: Viewer, conditions: Conditions): Conditions =>
  conditions.add(readable(viewer, conditions));

/** A file is readable with a document of which it is a revision, the uploaded text or an attachment. */
export const outgoingFiles: FileReader = (viewer, conditions, fileColumn) => `exists (
  select 1 from outgoing_document d where ${readable(viewer, conditions)} and (d.uploaded_file_id = ${fileColumn}
    or exists (select 1 from outgoing_revision r where r.document_id = d.id and r.file_id = ${fileColumn})
    or exists (select 1 from outgoing_file a where a.document_id = d.id and a.file_id = ${fileColumn})))`;
