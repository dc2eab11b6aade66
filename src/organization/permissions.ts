import type { PositionRank } from "../graphql/types.ts";

/** What a position of each rank may usually do; a position's own list is what counts. */
export const permissionsByRank: Readonly<Record<PositionRank, readonly string[]>> = {
  HEAD: [
    "incoming:read", "incoming:direct", "incoming:process", "outgoing:read", "outgoing:draft", "outgoing:review", "outgoing:sign",
    "delegation:grant", "dossier:read", "audit:read",
  ],
  DEPUTY: [
    "incoming:read", "incoming:direct", "incoming:process", "outgoing:read", "outgoing:draft", "outgoing:review", "outgoing:sign",
    "dossier:read",
  ],
  UNIT_HEAD: [
    "incoming:read", "incoming:direct", "incoming:process", "outgoing:read", "outgoing:draft", "outgoing:review", "outgoing:sign",
    "dossier:read", "dossier:process",
  ],
  UNIT_DEPUTY: ["incoming:process", "outgoing:draft", "outgoing:review", "dossier:read", "dossier:process"],
  OFFICER: ["incoming:process", "outgoing:draft", "dossier:read", "dossier:process"],
  CLERK: [
    "incoming:read", "incoming:register", "exchange:accept", "outgoing:read", "outgoing:draft", "outgoing:number", "outgoing:seal",
    "outgoing:dispatch", "register:manage", "audit:read", "dossier:read",
  ],
};
