import { toGlobalId } from "../graphql/ids.ts";
import type { Resolvers } from "../graphql/types.ts";
import { readFile } from "./access.ts";
import { hexOf } from "./records.ts";

export const files: Resolvers = {
  File: {
    id: ({ id }) => toGlobalId("File", id),
    sha256: ({ sha256 }) => hexOf(sha256),
    url: ({ id }) => `/files/${toGlobalId("File", id)}`,
  },
};

export const fileNodes = { File: readFile };
