import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, type Colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { act, assign, colleagues, type Paper, register } from "./office.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, unitHead: Colleague, officer: Colleague;
/** In the order in which they came, one an hour, over the new year. */
const papers: Paper[] = [];
const firstArrival = Date.parse("2026-12-31T12:30:00Z");

beforeAll(async () => {
  app = await startApp();
  [clerk, head, unitHead, officer] = await colleagues(
    app,
    "vanthu.sxd",
    "giamdoc.sxd",
    "truongphong.sxd",
    "chuyenvien.sxd",
  );
  for (let hour = 0; hour < 12; hour++) {
    app.setClock(new Date(firstArrival + hour * 3_600_000));
    papers.push(
      await register(clerk.client, `${hour}/BNV`, { dueOn: `2027-01-${String(28 - hour).padStart(2, "0")}` }),
    );
  }
  for (const [index, { id }] of papers.entries())
    if (index % 3 === 1) await assign(head.client, id, officer.appointmentId, [unitHead.appointmentId]);
    else if (index % 3 === 2) await assign(head.client, id, unitHead.appointmentId);
  await act(head.client, "completeIncomingDocument", papers[4]!.id, { kind: "DONE" });
  await act(clerk.client, "returnIncomingDocument", papers[3]!.id, { reason: "Gửi nhầm" });
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Listed {
  readonly nodes: { id: string; arrivalNumber: number; status: string }[];
  readonly edges: { cursor: string; node: { id: string } }[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  readonly total: { count: number; isExact: boolean };
}

const list = async (who: Colleague, variables: Record<string, unknown> = {}): Promise<Listed> =>
  (
    await who.client.call(
      `query ($first: Int, $after: String, $filter: IncomingDocumentFilter) {
         incomingDocuments(first: $first, after: $after, filter: $filter) {
           nodes { id arrivalNumber status } edges { cursor node { id } }
           pageInfo { hasNextPage hasPreviousPage startCursor endCursor } total { count isExact } } }`,
      { first: 100, ...variables },
    )
  ).incomingDocuments;

const at = (...indexes: number[]) => indexes.map((index) => papers[index]!.id);
const ids = ({ nodes }: Listed) => nodes.map(({ id }) => id);

describe("pages", () => {
  test("go from the newest to the oldest, each document once, with the total on every page", async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page++) {
      const listed: Listed = await list(officer, { first: 100 });
      expect(listed.total).toEqual({ count: 4, isExact: true });
      const part = await list(clerk, { first: 5, after });
      expect(part.total).toEqual({ count: 12, isExact: true });
      expect(part.edges.map(({ node }) => node.id)).toEqual(ids(part));
      expect(part.pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: part.edges[0]!.cursor,
        endCursor: part.edges.at(-1)!.cursor,
      });
      seen.push(...ids(part));
      after = part.pageInfo.endCursor;
      if (!part.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(papers.map(({ id }) => id).toReversed());
  });

  test("are not shifted by what arrives meanwhile", async () => {
    const first = await list(clerk, { first: 4 });
    app.setClock(new Date(firstArrival + 13 * 3_600_000));
    const late = await register(clerk.client, "99/BNV");
    const second = await list(clerk, { first: 4, after: first.pageInfo.endCursor });
    expect(ids(second)).toEqual(at(7, 6, 5, 4));
    papers.push(late);
  });

  test("of nothing are empty, and impossible ones are refused", async () => {
    expect(await list(clerk, { first: 0 })).toMatchObject({ nodes: [], pageInfo: { endCursor: null } });
    for (const first of [-1, 101]) expect(await codeOf(list(clerk, { first }))).toBe("BAD_INPUT");
    const cursor = (text: string) => Buffer.from(text).toString("base64url");
    for (const after of [
      "",
      "x",
      cursor("a\nb"),
      cursor("2026-01-01\nnot-a-uuid"),
      cursor("1\n2\n3"),
      "x".repeat(600),
      cursor("x\n00000000-0000-7000-8000-000000000000"),
    ])
      expect(await codeOf(list(clerk, { after })), after.slice(0, 40)).toBe("BAD_INPUT");
  });
});

describe("filters", () => {
  test("by status, alone and several", async () => {
    expect(ids(await list(clerk, { filter: { status: ["COMPLETED"] } }))).toEqual(at(4));
    expect(ids(await list(clerk, { filter: { status: ["COMPLETED", "RETURNED"] } }))).toEqual(at(4, 3));
    expect(ids(await list(clerk, { filter: { status: [] } }))).toEqual([]);
  });

  test("by the year of arrival, which begins at midnight in Vietnam", async () => {
    // 12:30 UTC and the hours after: the fifth hour, 17:30 UTC, is in the new year, where numbers begin anew.
    expect(ids(await list(clerk, { filter: { year: 2026 } }))).toEqual(at(4, 3, 2, 1, 0));
    const next = await list(clerk, { filter: { year: 2027 } });
    expect(next.nodes.at(-1)).toMatchObject({ id: papers[5]!.id, arrivalNumber: 1 });
    const utcYear = papers.filter((_, index) => new Date(firstArrival + index * 3_600_000).getUTCFullYear() === 2026);
    expect(utcYear.length, "planted: a year taken from UTC would list more").toBeGreaterThan(5);
    for (const year of [0, -1, 10_000, 300_000, 2_147_483_647])
      expect(await codeOf(list(clerk, { filter: { year } })), String(year)).toBe("BAD_INPUT");
  });

  test("by the beginning of the reference code, spaces and case left aside, and % meaning itself", async () => {
    expect(ids(await list(clerk, { filter: { referenceCode: "1/b" } }))).toEqual(at(1));
    expect(ids(await list(clerk, { filter: { referenceCode: " 1 / B" } }))).toEqual(at(1));
    expect(ids(await list(clerk, { filter: { referenceCode: "1" } }))).toEqual(at(11, 10, 1));
    for (const referenceCode of ["%", "_/BNV", "\\", "/BNV"])
      expect(ids(await list(clerk, { filter: { referenceCode } }))).toEqual([]);
  });

  test("by what is due, without what is closed", async () => {
    expect(ids(await list(clerk, { filter: { dueBefore: "2027-01-20", year: 2027 } }))).not.toContain(papers[8]!.id);
    expect(new Set(ids(await list(clerk, { filter: { dueBefore: "2027-01-25" } })))).toEqual(
      new Set([...at(11, 10, 9, 8, 7, 6, 5), papers[12]!.id]),
    );
    expect(
      ids(await list(clerk, { filter: { dueBefore: "2027-01-26", year: 2026 } })),
      "3 was sent back, 4 is done",
    ).toEqual([]);
  });

  test("by what was given to oneself", async () => {
    expect(ids(await list(unitHead, { filter: { assignedToMe: true } }))).toEqual(at(11, 10, 8, 7, 5, 4, 2, 1));
    expect(ids(await list(officer, { filter: { assignedToMe: true } }))).toEqual(ids(await list(officer)));
    expect(ids(await list(clerk, { filter: { assignedToMe: true } }))).toEqual([]);
  });
});

describe("what one has to do", () => {
  interface Mine {
    readonly nodes: { role: string; status: string; dueOn: string; document: { id: string } }[];
    readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
    readonly total: { count: number };
  }
  const mine = async (who: Colleague, variables: Record<string, unknown> = {}): Promise<Mine> =>
    (
      await who.client.call(
        `query ($first: Int, $after: String, $status: AssignmentStatus) {
           myAssignments(first: $first, after: $after, status: $status) {
         nodes { role status dueOn document { id } } pageInfo { hasNextPage endCursor } total { count } } }`,
        { first: 100, ...variables },
      )
    ).myAssignments;

  test("comes by the soonest deadline, page by page", async () => {
    const all = await mine(unitHead);
    expect(all.nodes.map(({ document }) => document.id)).toEqual(at(11, 10, 8, 7, 5, 4, 2, 1));
    expect(all.nodes.map(({ dueOn }) => dueOn)).toEqual(all.nodes.map(({ dueOn }) => dueOn).toSorted());
    const seen: Mine["nodes"] = [];
    for (let after: string | null = null, left = 5; left > 0; left--) {
      const page = await mine(unitHead, { first: 3, after });
      expect(page.total.count).toBe(8);
      seen.push(...page.nodes);
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(all.nodes);
  });

  test("is one's own, by status", async () => {
    expect((await mine(officer)).nodes.map(({ role }) => role)).toEqual(["LEAD", "LEAD", "LEAD", "LEAD"]);
    expect((await mine(officer, { status: "DONE" })).nodes.map(({ document }) => document.id)).toEqual(at(4));
    expect((await mine(head)).nodes).toEqual([]);
    expect(await codeOf(mine(officer, { after: Buffer.from("x\ny").toString("base64url") }))).toBe("BAD_INPUT");
  });
});
