import { toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { readSigningCredential, signingCredentials } from "./queries.ts";

export const credentials: Resolvers = {
  Viewer: { signingCredentials: (_, _args, ctx) => signingCredentials(ctx) },
  SigningCredential: { id: ({ id }) => toGlobalId("SigningCredential", id) },
};

export const credentialNodes = { SigningCredential: readSigningCredential };
