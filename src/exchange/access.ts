import type { Viewer } from "../context.ts";
import type { FileReader } from "../files/access.ts";
import type { Conditions } from "../sql.ts";

/** Which arrivals a viewer may read, as a condition on `arrival x`: all of the agency's, by who accepts or reads what comes in. */
export function readableBy(viewer: Viewer, conditions: Conditions): Conditions {
  conditions.add("x.agency_id = ?", viewer.agencyId);
  return mayRead(viewer) ? conditions : conditions.add("false");
}

/** Files of arrivals, for who may read arrivals. */
export const arrivalFiles: FileReader = (viewer, conditions, fileColumn) =>
  mayRead(viewer)
    ? conditions.bind(
        `exists (select 1 from arrival_file i where i.file_id = ${fileColumn} and i.agency_id = ?)`,
        viewer.agencyId,
      )
    : "false";

const mayRead = ({ permissions }: Viewer): boolean =>
  permissions.has("exchange:accept") || permissions.has("incoming:read");
