import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client/core";
import { relayStylePagination } from "@apollo/client/utilities";
import { cacheExchange, Client as Urql, fetchExchange, type OperationResult } from "@urql/core";
import { createClient as createSseClient } from "graphql-sse";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";
import { nodeQuery, type PageData, pageQuery, registerSome } from "./pages.ts";

let app: TestApp;
let clerk: Client;
let url: string;
/** Those that were there before anybody began to read. */
let documents: Set<string>;

beforeAll(async () => {
  app = await startApp();
  url = `${app.url}/graphql`;
  clerk = await app.signIn("vanthu.snv");
  documents = await registerSome(clerk, 55, "Có sẵn");
});
afterAll(() => app[Symbol.asyncDispose]());

/** What a list that was read to its end must be: the documents that were there, each once, newest first, in full. */
function expectWhole(edges: PageData["incomingDocuments"]["edges"], known = documents): void {
  const ids = edges.map(({ node }) => node.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids)).toEqual(known);
  const arrivals = edges.map(({ node }) => node.arrivedAt);
  expect(arrivals).toEqual(arrivals.toSorted().reverse());
}

test("Apollo Client pages through the documents with relayStylePagination while others are registered", async () => {
  const known = new Set(documents);
  const client = new ApolloClient({
    link: new HttpLink({ uri: url, headers: clerk.headers() }),
    cache: new InMemoryCache({ typePolicies: { Query: { fields: { incomingDocuments: relayStylePagination() } } } }),
  });
  const query = client.watchQuery<PageData>({ query: gql(pageQuery), variables: { first: 20 } });
  const subscription = query.subscribe({});
  try {
    await query.refetch();
    for (let page = 1; page < 10; page++) {
      const { incomingDocuments } = query.getCurrentResult().data as PageData;
      if (!incomingDocuments.pageInfo.hasNextPage) break;
      for (const id of await registerSome(clerk, 2, `Apollo, trang ${page}`)) documents.add(id);
      await query.fetchMore({ variables: { after: incomingDocuments.pageInfo.endCursor } });
    }
    const { incomingDocuments } = query.getCurrentResult().data as PageData;
    expect(incomingDocuments.pageInfo.hasNextPage).toBe(false);
    expectWhole(incomingDocuments.edges, known);

    const [first] = incomingDocuments.edges;
    const node = await client.query<{ node: object }>({
      query: gql(nodeQuery),
      variables: { id: first!.node.id },
      fetchPolicy: "network-only",
    });
    expect(node.data?.node).toMatchObject({
      id: first!.node.id,
      arrivalNumber: first!.node.arrivalNumber,
      subject: first!.node.subject,
    });
  } finally {
    subscription.unsubscribe();
    client.stop();
  }
});

test("urql pages through the documents while others are registered", async () => {
  const known = new Set(documents);
  const client = new Urql({
    url,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: clerk.headers() },
    preferGetMethod: false,
  });
  const edges: PageData["incomingDocuments"]["edges"][number][] = [];
  let after: string | null = null;
  for (let page = 0; page < 10; page++) {
    const result: OperationResult<PageData> = await client.query<PageData>(pageQuery, { first: 20, after }).toPromise();
    expect(result.error).toBeUndefined();
    const { incomingDocuments }: PageData = result.data!;
    edges.push(...incomingDocuments.edges);
    expect(incomingDocuments.pageInfo.hasPreviousPage).toBe(after !== null);
    after = incomingDocuments.pageInfo.endCursor;
    if (!incomingDocuments.pageInfo.hasNextPage) break;
    for (const id of await registerSome(clerk, 2, `urql, trang ${page}`)) documents.add(id);
  }
  expectWhole(edges, known);
  const found = await client.query(nodeQuery, { id: edges[0]!.node.id }).toPromise();
  expect(found.data).toMatchObject({ node: { id: edges[0]!.node.id, subject: edges[0]!.node.subject } });
});

test("paging by number of rows would be found to repeat documents", () => {
  // The fault: pages cut by offset, each shifted by the two documents that came meanwhile.
  const rows = Array.from({ length: 60 }, (_, index) => ({
    cursor: "",
    node: { id: `${index}`, arrivalNumber: 60 - index, arrivedAt: `${99 - index}`, subject: "", status: "" },
  }));
  const shifted = [...rows.slice(0, 20), ...rows.slice(18, 38), ...rows.slice(36, 60)];
  expect(() => expectWhole(shifted, new Set(rows.map(({ node }) => node.id)))).toThrow();
  expect(() => expectWhole(rows, new Set(rows.map(({ node }) => node.id)))).not.toThrow();
});

interface ChangeData {
  readonly changes: { objectId: string; objectType: string; act: string; at: string };
}

test(
  "graphql-sse hears of what is done in the own agency, and of nothing in another",
  { timeout: 20_000 },
  async () => {
    const client = createSseClient({ url, headers: () => clerk.headers(), retryAttempts: 0 });
    const heard: ChangeData["changes"][] = [];
    const query = "subscription { changes { objectId objectType act at } }";
    const events = client.iterate<ChangeData>({ query });
    const other = await app.signIn("vanthu.stc");
    const others = new Set<string>();
    // The stream is open some moments after it was asked for: one document in each round until it tells of one.
    const registering = (async () => {
      for (let round = 0; round < 20 && heard.length === 0; round++) {
        for (const id of await registerSome(other, 1, `Cơ quan khác ${round}`)) others.add(id);
        for (const id of await registerSome(clerk, 1, `Cơ quan mình ${round}`)) documents.add(id);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    for await (const { data, errors } of events) {
      expect(errors).toBeUndefined();
      heard.push(data!.changes);
      break;
    }
    await registering;
    client.dispose();
    expect(heard[0]).toMatchObject({ objectType: "IncomingDocument", act: "incoming.register" });
    expect([...documents]).toContain(heard[0]!.objectId);
    expect([...others]).not.toContain(heard[0]!.objectId);
  },
);
