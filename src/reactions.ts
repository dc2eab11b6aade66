import type { Reactions } from "./audit/record.ts";
import { completeDossiersOf } from "./dossiers/results.ts";
import { sendIssuedDocument } from "./exchange/dispatch.ts";
import { reportOn } from "./exchange/statuses.ts";
import { checkArrived, checkRegistered } from "./verification/checking.ts";

/** What later modules do in the transaction of an act of an earlier one: the one place where they meet. */
export const reactions: Reactions = {
  "incoming.register": [checkRegistered],
  "incoming.assign": [reportOn("04")],
  "incoming.progress": [reportOn("05")],
  "incoming.complete": [reportOn("06")],
  "exchange.arrive": [checkArrived],
  "outgoing.dispatch": [sendIssuedDocument, completeDossiersOf],
};
