import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demoProcedures } from "../../src/demo/procedures.ts";
import { assertInForce, printedTimeLimit } from "../../src/procedures/rules.ts";
import { codeOf, type Colleague, colleague } from "../outgoing/office.ts";
import { procedureId, readDossier, receive } from "../dossiers/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let desk: Colleague;
beforeAll(async () => {
  app = await startApp();
  desk = await colleague(app, "motcua.ttpvhcc");
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Listed {
  readonly id: string;
  readonly code: string;
  readonly version: number;
  readonly competentAgency: { readonly code: string };
}

async function listed(who: Colleague): Promise<Listed[]> {
  const all: Listed[] = [];
  let after: string | null = null;
  do {
    const { procedures }: { procedures: { nodes: Listed[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
      await who.client.call(
        `query ($after: String) { procedures(first: 4, after: $after) { nodes { id code version competentAgency { code } }
         pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    all.push(...procedures.nodes);
    after = procedures.pageInfo.hasNextPage ? procedures.pageInfo.endCursor : null;
  } while (after && all.length < 100);
  return all;
}

async function as(agencyCode: string, statement: string, parameters: unknown[] = []): Promise<number> {
  const client = new pg.Client(app.database.appConnection);
  await client.connect();
  try {
    await client.query("select set_config('app.agency_id', (select id::text from agency where code = $1), false)", [
      agencyCode,
    ]);
    return (await client.query(statement, parameters)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

test("whoever receives dossiers is shown all procedures, others what their agency decides", async () => {
  const all = await listed(desk);
  const communes = 3;
  expect(all).toHaveLength(demoProcedures.reduce((sum, { department }) => sum + (department ? 1 : communes), 0));
  expect(all.map(({ code }) => code)).toEqual(all.map(({ code }) => code).toSorted());
  const building = await listed(await colleague(app, "chuyenvien.sxd"));
  expect(building.map(({ code, competentAgency }) => `${code} ${competentAgency.code}`)).toEqual([
    "9.009001 H99.04",
    "9.009002 H99.04",
  ]);
  expect(await listed(await colleague(app, "vanthu.stc"))).toEqual([]);
});

test("a procedure shows its steps, papers and time", async () => {
  const { node } = await desk.client.call(
    `query ($id: ID!) { node(id: $id) { ... on Procedure { name sector timeLimit timeUnit validFrom validTo components steps { ordinal name hours } } } }`,
    { id: await procedureId(desk, "9.009001", "H99.04") },
  );
  expect(node).toMatchObject({ timeLimit: 10, timeUnit: "WORKING_DAY", validFrom: "2025-07-01", validTo: null });
  expect(node.components[0]).toBe("Đơn đề nghị cấp giấy phép xây dựng (bản chính, số lượng: 01)");
  expect(node.steps.map(({ ordinal }: { ordinal: number }) => ordinal)).toEqual([1, 2, 3, 4]);
});

test("the demo's steps fit into the time of the law, at seven and a half hours a day", () => {
  for (const {
    code,
    limit: [time, unit],
    steps,
  } of demoProcedures) {
    const hours = steps.reduce((sum, [, each]) => sum + each, 0);
    expect(hours, code).toBeLessThanOrEqual(unit === "WORKING_DAY" ? time * 7.5 : time);
  }
});

test("no agency writes another one's procedures", async () => {
  expect(await as("H99.05", "update procedure set name = 'x' where code = '9.009001'")).toBe(0);
  expect(await as("H99.04", "update procedure set name = name where code = '9.009001'")).toBe(1);
  const copy = `insert into procedure select gen_random_uuid(), agency_id, code, version + 1, name, sector, time_limit, time_unit, valid_from,
    valid_to, components from procedure where code = '9.009001'`;
  await expect(as("H99.05", copy)).rejects.toThrow(/row-level security/);
  await expect(
    as("H99.05", "insert into procedure_step select id, 9, 'x', 1 from procedure where code = '9.009001'"),
  ).rejects.toThrow(/row-level security/);
});

test("a dossier keeps the version that it was received under; the next one has the new version", async () => {
  const id = await procedureId(desk, "9.009002", "H99.04");
  const { dossier } = await receive(desk, id);
  await as("H99.04", "update procedure set valid_to = $1 where code = '9.009002'", [day(-1)]);
  await as(
    "H99.04",
    `insert into procedure select gen_random_uuid(), agency_id, code, 2, name, sector, 15, time_unit, $1::date, null, components
    from procedure where code = '9.009002' and version = 1`,
    [day(0)],
  );
  expect(await codeOf(receive(desk, id))).toBe("WRONG_STATE");
  const now = (await listed(desk)).filter(({ code }) => code === "9.009002");
  expect(now.map(({ version }) => version)).toEqual([2]);
  const later = (await receive(desk, now[0]!.id)).dossier;
  expect(Date.parse(later.dueAt)).toBeLessThan(Date.parse(dossier.dueAt));
  expect((await readDossier(desk, dossier.id))!.dueAt).toBe(dossier.dueAt);
});

const day = (offset: number) => new Date(Date.now() + 7 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10);

describe("rules", () => {
  const procedure = { code: "1.000001", validFrom: "2026-01-01", validTo: "2026-06-30" };
  test.each([
    ["2025-12-31", false],
    ["2026-01-01", true],
    ["2026-06-30", true],
    ["2026-07-01", false],
  ])("on %s in force: %s", (on, holds) => {
    const attempt = () => assertInForce(procedure, on);
    if (holds) attempt();
    else expect(attempt).toThrow(expect.objectContaining({ code: "WRONG_STATE" }));
  });

  test("time limits are printed with two digits", () => {
    expect(printedTimeLimit({ timeLimit: 5, timeUnit: "WORKING_DAY" })).toBe("05 ngày làm việc");
    expect(printedTimeLimit({ timeLimit: 24, timeUnit: "WORKING_HOUR" })).toBe("24 giờ làm việc");
  });
});
