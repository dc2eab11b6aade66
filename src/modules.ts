import { audit, auditNodes } from "./audit/resolvers.ts";
import { auth, authNodes } from "./auth/resolvers.ts";
import { credentialNodes, credentials } from "./credentials/resolvers.ts";
import { delegationNodes, delegations } from "./delegations/resolvers.ts";
import { dossierNodes, dossierResolvers } from "./dossiers/resolvers.ts";
import { exchange, exchangeNodes } from "./exchange/resolvers.ts";
import { fileNodes, files } from "./files/resolvers.ts";
import type { Resolvers } from "./graphql/types.ts";
import { incoming, incomingNodes } from "./incoming/resolvers.ts";
import { organization, organizationNodes } from "./organization/resolvers.ts";
import { outgoing, outgoingNodes } from "./outgoing/resolvers.ts";
import { procedureNodes, procedureResolvers } from "./procedures/resolvers.ts";
import { registerNodes, registers } from "./registers/resolvers.ts";
import { signing, signingNodes } from "./signing/resolvers.ts";
import { verification } from "./verification/resolvers.ts";
import type { NodeReader } from "./graphql/schema.ts";

/** The modules in their order: each may use those before it. */
export const modules: readonly Resolvers[] = [
  organization,
  audit,
  auth,
  delegations,
  registers,
  files,
  incoming,
  credentials,
  outgoing,
  signing,
  exchange,
  procedureResolvers,
  dossierResolvers,
  verification,
];

/** How each type is read by its id: an entity that all of the agency may see, or a function that knows who may. */
export const nodes: Readonly<Record<string, NodeReader | (new () => object)>> = {
  ...organizationNodes,
  ...auditNodes,
  ...authNodes,
  ...delegationNodes,
  ...registerNodes,
  ...fileNodes,
  ...incomingNodes,
  ...credentialNodes,
  ...outgoingNodes,
  ...signingNodes,
  ...exchangeNodes,
  ...procedureNodes,
  ...dossierNodes,
};
