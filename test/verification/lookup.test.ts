import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "../outgoing/office.ts";
import { buildingDepartment, type Department, procedureId, receive } from "../dossiers/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let team: Department;
let procedure: string;
beforeAll(async () => {
  app = await startApp({ env: { BEHIND_PROXY: "1" } });
  team = await buildingDepartment(app);
  procedure = await procedureId(team.desk, "9.009001", "H99.04");
});
afterAll(() => app?.[Symbol.asyncDispose]());

/** Looks up as from an address of one's own. */
async function lookUp(address: string, code: string, secret: string): Promise<unknown> {
  const response = await fetch(`${app.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-congvan-csrf": "1", "x-forwarded-for": address },
    body: JSON.stringify({
      query: "query ($code: String!, $secret: String!) { publicDossier(code: $code, secret: $secret) { code } }",
      variables: { code, secret },
    }),
  });
  const { data, errors } = (await response.json()) as {
    data?: { publicDossier: unknown };
    errors?: { extensions: { code: string } }[];
  };
  return errors?.[0]?.extensions.code ?? data!.publicDossier;
}

test("a wrong secret and a code that does not exist get the same answer, and no more than five of either", async () => {
  const { dossier, secret } = await receive(team.desk, procedure);
  for (let n = 0; n < 4; n++) expect(await lookUp("10.0.0.1", dossier.code, "WRONGONE")).toBeNull();
  expect(await lookUp("10.0.0.1", "H99.10-261120-7777", "WRONGONE")).toBeNull();
  // The address is out of tries, whatever the code.
  expect(await lookUp("10.0.0.1", "H99.10-261120-7778", "WRONGONE")).toBe("TOO_MANY_TRIES");
  expect(await lookUp("10.0.0.1", dossier.code, secret!)).toBe("TOO_MANY_TRIES");
  // The code has one left: a right one gives it back, so that an applicant may look as often as wanted.
  for (let n = 0; n < 8; n++) expect(await lookUp("10.0.0.2", dossier.code, secret!)).toEqual({ code: dossier.code });
  expect(await lookUp("10.0.0.3", dossier.code, "WRONGTWO")).toBeNull();
  expect(await lookUp("10.0.0.4", dossier.code, secret!)).toBe("TOO_MANY_TRIES");
  app.setClock(new Date(Date.now() + 16 * 60_000));
  expect(await lookUp("10.0.0.4", dossier.code, secret!)).toEqual({ code: dossier.code });
  app.setClock(null);
});

test("twenty guesses at once are still five", async () => {
  const { dossier } = await receive(team.desk, procedure);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => lookUp(`10.0.1.${n}`, dossier.code, `GUESS${n}`)),
  );
  expect(answers.filter((answer) => answer === null)).toHaveLength(5);
  expect(answers.filter((answer) => answer === "TOO_MANY_TRIES")).toHaveLength(15);
});

test("hostile codes and secrets are answered like any wrong one", async () => {
  const hostile = ["", "' or 1=1 --", "H99.10-261120-0001'", "%".repeat(5_000), "\u202e\ud83d\ude00", "H99.10"];
  for (const [n, text] of hostile.entries()) {
    expect(await lookUp(`10.0.2.${n}`, text, "ABCDEFGH")).toBeNull();
    expect(await lookUp(`10.0.3.${n}`, `H99.10-000000-000${n}`, text)).toBeNull();
  }
});

test("nothing but the look-up is open to who is not signed in", async () => {
  const { dossier } = await receive(team.desk, procedure);
  expect((await app.anonymous.call("query ($id: ID!) { node(id: $id) { id } }", { id: dossier.id })).node).toBeNull();
  for (const query of ["{ dossiers { nodes { code } } }", "{ procedures { nodes { code } } }"])
    expect(await codeOf(app.anonymous.call(query))).toBe("UNAUTHENTICATED");
});

test("the page that explains it loads and runs nothing", async () => {
  const response = await fetch(`${app.url}/verify`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  const page = await response.text();
  expect(page).toContain('<html lang="vi">');
  expect(page).not.toMatch(/<script|http-equiv|src=|href=/);
});

test("an address may have so many files checked a minute", async () => {
  const check = async () =>
    (
      await fetch(`${app.url}/public/verify`, {
        method: "POST",
        body: "no pdf",
        headers: { "x-forwarded-for": "10.0.4.1" },
      })
    ).status;
  const statuses: number[] = [];
  for (let n = 0; n < 31; n++) statuses.push(await check());
  expect(statuses).toEqual([...Array<number>(30).fill(400), 429]);
});
