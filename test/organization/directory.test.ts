import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoAgencies } from "../../src/demo/agencies.ts";
import { permissionsByRank } from "../../src/organization/permissions.ts";
import { rows, uuidOf } from "../incoming/office.ts";
import { codeOf, type Colleague, colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let officer: Colleague;
beforeAll(async () => {
  app = await startApp();
  officer = await colleague(app, "chuyenvien.snv");
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Listed {
  readonly nodes: { id: string; code: string; name: string }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string | null };
  readonly total: { count: number; isExact: boolean };
}
const list = async (variables: Record<string, unknown> = {}, client = officer.client): Promise<Listed> =>
  (
    await client.call(
      `query ($first: Int, $after: String, $query: String) { agencies(first: $first, after: $after, query: $query) {
       nodes { id code name } pageInfo { hasNextPage endCursor } total { count isExact } } }`,
      { first: 100, ...variables },
    )
  ).agencies;
const codes = ({ nodes }: Listed) => nodes.map(({ code }) => code);

describe("the directory of agencies", () => {
  test("has every agency by its code, page by page", async () => {
    const all = demoAgencies.map(({ code }) => code).toSorted();
    expect(codes(await list())).toEqual(all);
    const seen: string[] = [];
    for (let after: string | null = null, left = 10; left > 0; left--) {
      const page = await list({ first: 5, after });
      expect(page.total).toEqual({ count: all.length, isExact: true });
      seen.push(...codes(page));
      after = page.pageInfo.endCursor;
      if (!page.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(all);
  });

  test("is searched by name and by the beginning of the code, and signs of patterns mean themselves", async () => {
    expect(codes(await list({ query: "xây DỰNG" }))).toEqual(["H99.04"]);
    expect(codes(await list({ query: "h99.3" }))).toEqual(["H99.31", "H99.32", "H99.33"]);
    expect((await list({ query: "Sở" })).total.count).toBe(6);
    for (const query of ["%", "_", "\\", "H99_02", "'; drop table agency; --"])
      expect(codes(await list({ query })), query).toEqual([]);
  });

  test("is for who is signed in", async () => {
    expect(await codeOf(list({}, app.anonymous))).toBe("UNAUTHENTICATED");
    for (const first of [-1, 101]) expect(await codeOf(list({ first }))).toBe("BAD_INPUT");
  });
});

describe("an agency", () => {
  const agency = async (code: string) => {
    const [found] = (await list({ query: code })).nodes;
    return (
      await officer.client.call(
        `query ($id: ID!) { node(id: $id) { ... on Agency { id code code102 symbol level kind place
           parent { code } units { symbol agency { code } }
         predecessors { code } successors { code }
         positions { title rank permissions unit { symbol } agency { code }
             holders { person { fullName } position { title } } } } } }`,
        { id: found!.id },
      )
    ).node;
  };

  test("shows its place, its units and its posts by rank with who holds them", async () => {
    const found = await agency("H99.02");
    const demo = demoAgencies.find(({ code }) => code === "H99.02")!;
    expect(found).toMatchObject({
      code: "H99.02",
      code102: demo.code102,
      symbol: "SNV",
      level: "PROVINCE",
      kind: "DEPARTMENT",
      parent: { code: "H99" },
      predecessors: [],
      successors: [],
    });
    expect(found.units.map(({ symbol }: { symbol: string }) => symbol).toSorted()).toEqual(["CCHC", "VP"]);
    expect(found.positions.map(({ rank }: { rank: string }) => rank)).toEqual([
      "HEAD",
      "DEPUTY",
      "UNIT_HEAD",
      "CLERK",
      "OFFICER",
    ]);
    for (const { title, rank, permissions, holders } of found.positions) {
      const official = demo.officials.find((each) => each.title === title && each.rank === rank)!;
      expect(holders.map(({ person }: { person: { fullName: string } }) => person.fullName)).toEqual([
        official.fullName,
      ]);
      expect(new Set(permissions)).toEqual(new Set(permissionsByRank[official.rank]));
    }
  });

  test("names no holder of a post who has not begun or has left, by Vietnam's day", async () => {
    const [office] = await rows<{ id: string }>(
      app,
      `select a.id from appointment a join position p on p.id = a.position_id join agency g on g.id = a.agency_id
       where g.code = 'H99.03' and p.rank = 'HEAD'`,
    );
    await rows(app, "update appointment set valid_to = '2026-12-01' where id = $1", [office!.id]);
    const heldAt = async (instant: string) => {
      app.setClock(new Date(instant));
      return (await agency("H99.03")).positions[0].holders.length;
    };
    try {
      expect([await heldAt("2026-12-01T16:59:59.999Z"), await heldAt("2026-12-01T17:00:00.000Z")]).toEqual([1, 0]);
    } finally {
      app.setClock(null);
      await rows(app, "update appointment set valid_to = null where id = $1", [office!.id]);
    }
  });

  test("that took over from others is shown with them, both ways", async () => {
    const [successor, predecessor] = [await agency("H99.31"), await agency("H99.32")];
    await rows(app, "insert into agency_succession values ($1, $2, '2026-07-01')", [
      uuidOf(predecessor.id),
      uuidOf(successor.id),
    ]);
    expect((await agency("H99.31")).predecessors).toEqual([{ code: "H99.32" }]);
    expect((await agency("H99.32")).successors).toEqual([{ code: "H99.31" }]);
  });
});

test("the 29 types of NĐ 30/2020 Điều 7 are there, with the abbreviations of Annex III", async () => {
  const { documentTypes } = (await officer.client.call("{ documentTypes { code name abbreviation } }")) as {
    documentTypes: { code: string; name: string; abbreviation: string }[];
  };
  expect(documentTypes.length).toBe(29);
  expect(new Set(documentTypes.map(({ code }) => code)).size).toBe(29);
  const printed = Object.fromEntries(documentTypes.map(({ name, abbreviation }) => [name, abbreviation]));
  expect(printed).toMatchObject({
    "Quyết định": "QĐ",
    "Quy định": "QyĐ",
    "Tờ trình": "TTr",
    "Chương trình": "CTr",
    "Công văn": "",
    "Thư công": "",
  });
  expect(documentTypes.filter(({ abbreviation }) => abbreviation === "").map(({ name }) => name)).toEqual([
    "Công văn",
    "Thư công",
  ]);
});

test("a post's permissions are what counts, and taking one away takes effect within seconds", async () => {
  const permissions = async () =>
    (await officer.client.call("{ viewer { permissions } }")).viewer.permissions as string[];
  expect(await permissions()).toEqual([...permissionsByRank.OFFICER].toSorted());
  const reserve = () =>
    codeOf(officer.client.act("reserveNumber", { kind: "OUTGOING", reason: "Giữ số" }, "{ entry { id } }"));
  const change = (sql: string) =>
    rows(
      app,
      `update position set permissions = ${sql} where id = (select position_id from appointment where id = $1)`,
      [uuidOf(officer.appointmentId)],
    );
  expect(await reserve()).toBe("FORBIDDEN");
  await change("array_append(permissions, 'register:manage')");
  await expect.poll(reserve, { timeout: 5_000 }).toBe("done");
  await change("array_remove(permissions, 'register:manage')");
  await expect.poll(reserve, { timeout: 5_000 }).toBe("FORBIDDEN");
});
