import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { colleagues, register, rows, traces } from "../incoming/office.ts";
import { act, codeOf, type Colleague, draft, number, sign, submit } from "../outgoing/office.ts";
import { check } from "../support/checker.ts";
import { startApp, type TestApp } from "../support/app.ts";
import pg from "pg";

let app: TestApp;
let clerk: Colleague, head: Colleague, officer: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, officer, stranger] = await colleagues(app, "vanthu.snv", "giamdoc.snv", "chuyenvien.snv", "vanthu.stc");
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Entry {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly reason: string | null;
  readonly document: { id: string } | null;
  readonly by: { id: string };
  readonly register: { year: number };
}
const shown = "{ entry { id number state reason document { id } by { id } register { year } } }";
const reserve = async (reason = "Giữ số cho cuộc họp", who = clerk, kind = "OUTGOING"): Promise<Entry> =>
  (await who.client.act("reserveNumber", { kind, reason }, shown)).entry;
const voided = async (entryId: string, reason = "Không dùng đến", who = clerk): Promise<Entry> =>
  (await who.client.act("voidNumber", { entryId, reason }, shown)).entry;

interface Book {
  readonly id: string;
  readonly kind: string;
  readonly year: number;
  readonly lastNumber: number;
  readonly entries: {
    nodes: Entry[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    total: { count: number };
  };
}
const books = async (who: Colleague, variables: Record<string, unknown> = {}): Promise<Book[]> =>
  (
    await who.client.call(
      `query ($kind: RegisterKind, $year: Int, $first: Int, $after: String, $state: RegisterEntryState) {
         documentRegisters(kind: $kind, year: $year) {
       id kind year lastNumber entries(first: $first, after: $after, state: $state) {
         nodes { id number state reason document { id } by { id } register { year } }
         pageInfo { hasNextPage endCursor } total { count } } } }`,
      { first: 100, ...variables },
    )
  ).documentRegisters;

test("a number is kept with its reason, and given up with another, and stays to be seen", async () => {
  const kept = await reserve("  Giữ số cho Quyết định thanh tra ");
  expect(kept).toMatchObject({
    number: 1,
    state: "RESERVED",
    reason: "Giữ số cho Quyết định thanh tra",
    document: null,
    by: { id: clerk.appointmentId },
  });
  expect(await voided(kept.id)).toMatchObject({ id: kept.id, number: 1, state: "VOID", reason: "Không dùng đến" });
  expect((await reserve()).number, "the next one, never the same").toBe(2);
  const [book] = await books(clerk, { kind: "OUTGOING" });
  expect(book).toMatchObject({
    lastNumber: 2,
    entries: {
      nodes: [
        { number: 2, state: "RESERVED" },
        { number: 1, state: "VOID", reason: "Không dùng đến" },
      ],
    },
  });
  const { auditEvents } = await head.client.call(
    "query ($id: ID!) { auditEvents(first: 5, objectId: $id) { nodes { act data } } }",
    { id: kept.id },
  );
  expect(auditEvents.nodes).toMatchObject([
    { act: "register.void", data: { number: 1, reason: "Không dùng đến" } },
    { act: "register.reserve", data: { number: 1, reason: "Giữ số cho Quyết định thanh tra" } },
  ]);
});

test("without a good reason, the right or a number of one's own nothing happens", async () => {
  const { id } = await reserve();
  const before = await traces(app);
  for (const reason of ["", "  ", "ab", "x".repeat(1_001)]) {
    expect(await codeOf(reserve(reason))).toBe("BAD_INPUT");
    expect(await codeOf(voided(id, reason))).toBe("BAD_INPUT");
  }
  for (const who of [head, officer])
    expect([await codeOf(reserve("Giữ số", who)), await codeOf(voided(id, "Bỏ số", who))]).toEqual([
      "FORBIDDEN",
      "FORBIDDEN",
    ]);
  expect(await codeOf(voided(id, "Bỏ số", stranger))).toBe("NOT_FOUND");
  expect(
    await codeOf(
      clerk.client.act("reserveNumber", { kind: "OUTGOING", documentTypeCode: "XYZ", reason: "Giữ số" }, shown),
    ),
  ).toBe("BAD_INPUT");
  expect(await traces(app)).toEqual(before);
});

test("a number in use is given up with its document only, and one given up stays so", async () => {
  const { arrivalNumber } = await register(clerk.client, "1/SD");
  const [incoming] = await books(clerk, { kind: "INCOMING" });
  const used = incoming!.entries.nodes.find((entry) => entry.number === arrivalNumber)!;
  const gone = await reserve();
  await voided(gone.id);
  const before = await traces(app);
  expect(await codeOf(voided(used.id))).toBe("WRONG_STATE");
  expect(await codeOf(voided(gone.id, "Lần nữa"))).toBe("WRONG_STATE");
  expect(await traces(app)).toEqual(before);
  await expect(voided(used.id)).rejects.toMatchObject({
    extensions: { code: "WRONG_STATE", from: "USED", to: "VOID" },
  });
});

test("a number that was kept is used by the document that it was kept for, once", async () => {
  const kept = await reserve("Giữ số cho công văn khẩn");
  const signed = async () => {
    const { id } = await submit(officer, (await draft(officer)).id, head);
    return (await sign(head, id)).id;
  };
  const [first, second] = [await signed(), await signed()];
  expect((await number(clerk, first, { reservedEntryId: kept.id })).number).toBe(kept.number);
  const [book] = await books(clerk, { kind: "OUTGOING" });
  expect(book!.entries.nodes.find(({ id }) => id === kept.id)).toMatchObject({
    state: "USED",
    document: { id: first },
  });
  expect(await codeOf(number(clerk, second, { reservedEntryId: kept.id }))).toBe("WRONG_STATE");
  expect(await codeOf(voided(kept.id))).toBe("WRONG_STATE");
  await act(clerk, "cancelOutgoingDocument", { outgoingDocumentId: first, reason: "Sai thẩm quyền" });
  const [after] = await books(clerk, { kind: "OUTGOING" });
  expect(after!.entries.nodes.find(({ id }) => id === kept.id)).toMatchObject({
    state: "VOID",
    reason: "Sai thẩm quyền",
    document: { id: first },
  });
});

describe("the books", () => {
  test("are shown page by page, highest number first, and by state", async () => {
    for (let n = 0; n < 7; n++) await reserve(`Giữ số ${n}`);
    const [whole] = await books(clerk, { kind: "OUTGOING" });
    const all = whole!.entries.nodes;
    expect(all.map((entry) => entry.number)).toEqual(
      Array.from({ length: whole!.lastNumber }, (_, at) => whole!.lastNumber - at),
    );
    const seen: Entry[] = [];
    for (let after: string | null = null, left = 20; left > 0; left--) {
      const [page]: Book[] = await books(clerk, { kind: "OUTGOING", first: 4, after });
      expect(page!.entries.total.count).toBe(all.length);
      seen.push(...page!.entries.nodes);
      after = page!.entries.pageInfo.endCursor;
      if (!page!.entries.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(all);
    for (const state of ["RESERVED", "USED", "VOID"]) {
      const [some] = await books(clerk, { kind: "OUTGOING", state });
      expect(some!.entries.nodes).toEqual(all.filter((entry) => entry.state === state));
    }
    for (const after of [
      "x",
      Buffer.from("one").toString("base64url"),
      Buffer.from("1e999").toString("base64url"),
      Buffer.from("1\n2").toString("base64url"),
    ])
      expect(await codeOf(books(clerk, { after })), after).toBe("BAD_INPUT");
  });

  test("are the agency's own", async () => {
    const [book] = await books(clerk);
    const entry = book!.entries.nodes[0]!.id;
    const read = async (who: Colleague, id: string) =>
      (await who.client.call("query ($id: ID!) { node(id: $id) { id } }", { id })).node;
    expect(await books(stranger)).toEqual([]);
    expect([await read(stranger, book!.id), await read(stranger, entry)]).toEqual([null, null]);
    expect([await read(clerk, book!.id), await read(clerk, entry)]).toEqual([{ id: book!.id }, { id: entry }]);
    expect(await codeOf(books({ ...clerk, client: app.anonymous }))).toBe("UNAUTHENTICATED");
  });
});

test("after all this the registers are in order, as the independent checker sees them", async () => {
  const root = new pg.Client(app.database.superConnection);
  await root.connect();
  try {
    expect(await check(root)).toEqual({ lost: [], double: [], gaps: [], entries: [], chains: [] });
    // Planted: a number that was taken away without a trace.
    await rows(app, `alter table register_entry disable trigger all`);
    await rows(app, `delete from register_entry where state = 'VOID' and document_id is null`);
    expect((await check(root)).gaps.length).toBeGreaterThan(0);
  } finally {
    await root.end();
  }
});
