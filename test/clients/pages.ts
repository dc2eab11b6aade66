import type { Client } from "../support/client.ts";
import { inParallel, register } from "../durability/registrar.ts";

/** As a client's programmer would write it. */
export const pageQuery = /* GraphQL */ `
  query Incoming($first: Int!, $after: String) {
    incomingDocuments(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          arrivalNumber
          arrivedAt
          subject
          status
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;

export const nodeQuery = /* GraphQL */ `
  query One($id: ID!) {
    node(id: $id) {
      id
      ... on IncomingDocument {
        arrivalNumber
        subject
      }
    }
  }
`;

export interface PageData {
  readonly incomingDocuments: {
    readonly edges: readonly {
      cursor: string;
      node: { id: string; arrivalNumber: number; arrivedAt: string; subject: string; status: string };
    }[];
    readonly pageInfo: {
      hasNextPage: boolean;
      hasPreviousPage: boolean;
      startCursor: string | null;
      endCursor: string | null;
    };
  };
}

/** Registers documents and gives their ids. */
export async function registerSome(clerk: Client, count: number, name: string): Promise<Set<string>> {
  const told = await inParallel(count, 4, (index) => register(clerk, `${name} ${index}`));
  return new Set(told.map(({ id }) => id));
}
