import * as auth from "./auth/entities.ts";
import * as credentials from "./credentials/entities.ts";
import * as delegations from "./delegations/entities.ts";
import * as dossiers from "./dossiers/entities.ts";
import * as exchange from "./exchange/entities.ts";
import * as files from "./files/entities.ts";
import * as incoming from "./incoming/entities.ts";
import * as organization from "./organization/entities.ts";
import * as outgoing from "./outgoing/entities.ts";
import * as procedures from "./procedures/entities.ts";
import * as registers from "./registers/entities.ts";
import * as signing from "./signing/entities.ts";
import * as verification from "./verification/entities.ts";

/** Every entity of the server, by module in their order. */
export const entities = [
  organization,
  auth,
  delegations,
  registers,
  files,
  incoming,
  credentials,
  outgoing,
  signing,
  exchange,
  procedures,
  dossiers,
  verification,
].flatMap((module) => Object.values(module));
