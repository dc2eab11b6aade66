import * as auth from "./auth/entities.ts";
import * as delegations from "./delegations/entities.ts";
import * as files from "./files/entities.ts";
import * as incoming from "./incoming/entities.ts";
import * as organization from "./organization/entities.ts";
import * as registers from "./registers/entities.ts";

/** Every entity of the server, by module in their order. */
export const entities = [organization, auth, delegations, registers, files, incoming].flatMap((module) => Object.values(module));
