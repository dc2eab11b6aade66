import type { Viewer } from "../context.ts";
import type { FileReader } from "../files/access.ts";
import type { Conditions } from "../sql.ts";

const readable = (viewer: Viewer, conditions: Conditions): string =>
  viewer.permissions.has("dossier:read")
    ? conditions.bind("(d.agency_id = ? or d.received_by_agency_id = ?)", viewer.agencyId, viewer.agencyId)
    : "false";

/**
 * Which dossiers a viewer may read, as a condition on `dossier d`: with the permission, those that the agency decides
 * or received. Lists and single reads both use it.
 */
export const readableBy = (viewer: Viewer, conditions: Conditions): Conditions =>
  conditions.add(readable(viewer, conditions));

/** A file is readable with a dossier of which it is the receipt or a result. */
export const dossierFiles: FileReader = (viewer, conditions, fileColumn) => `exists (
  select 1 from dossier d where ${readable(viewer, conditions)}
    and (${fileColumn} in (d.receipt_file_id, d.competent_receipt_file_id) or exists (
      select 1 from dossier_result x where x.dossier_id = d.id and ${fileColumn} in (x.file_id, x.receiver_file_id))))`;
