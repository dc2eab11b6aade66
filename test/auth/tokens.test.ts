import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomUUID } from "node:crypto";
import { forgetViewer } from "../../src/auth/viewer.ts";
import { colleagues, letter } from "../incoming/office.ts";
import { codeOf, type Colleague, draft, sign, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

let app: TestApp;
let head: Colleague, clerk: Colleague, officer: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  [head, clerk, officer, stranger] = await colleagues(
    app,
    "giamdoc.snv",
    "vanthu.snv",
    "chuyenvien.snv",
    "giamdoc.stc",
  );
});
afterAll(() => app?.[Symbol.asyncDispose]());

const shown = "{ apiToken { id name scopes createdAt expiresAt lastUsedAt revokedAt } token }";
interface Made {
  readonly apiToken: {
    id: string;
    name: string;
    scopes: string[];
    createdAt: string;
    expiresAt: string;
    lastUsedAt: string | null;
    revokedAt: string | null;
  };
  readonly token: string | null;
}
const make = ({ client }: { client: Client }, scopes: string[], more: Record<string, unknown> = {}): Promise<Made> =>
  client.act("createApiToken", { name: "Phần mềm kế toán", scopes, ...more }, shown);

const program = (token: string | null): Client => Object.assign(new Client(app.url), { token: token! });
const programOf = async (who: Colleague, scopes: string[]): Promise<Colleague> => ({
  ...who,
  client: program((await make(who, scopes)).token),
});
const whoAmI = "{ viewer { appointment { id } apiTokens { id name } } }";
const lookAgain = (token: string | null) => forgetViewer(app.services, app.services.keys.tokenHash(token!));

test("a token is its owner's, is shown once, and is good for ninety days", async () => {
  const { apiToken, token } = await make(clerk, ["READ", "READ"], { name: " Phần mềm kế toán " });
  expect(token).toMatch(/^cv_[\w-]{43}$/);
  expect(apiToken).toMatchObject({ name: "Phần mềm kế toán", scopes: ["READ"], lastUsedAt: null, revokedAt: null });
  expect(Date.parse(apiToken.expiresAt) - Date.parse(apiToken.createdAt)).toBe(90 * 86_400_000);
  const { viewer } = await program(token).call(whoAmI);
  expect(viewer.appointment.id).toBe(clerk.appointmentId);
  expect(
    JSON.stringify(
      await clerk.client.call("{ viewer { apiTokens { id name scopes createdAt expiresAt lastUsedAt revokedAt } } }"),
    ),
  ).not.toContain(token);
});

test("a repeated request answers with the same token and without its value", async () => {
  const idempotencyKey = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 16 }, () => make(officer, ["READ"], { idempotencyKey, name: "Một lần" })),
  );
  expect(answers.filter(({ token }) => token !== null).length).toBe(1);
  expect(new Set(answers.map(({ apiToken }) => apiToken.id)).size).toBe(1);
  const value = answers.find(({ token }) => token !== null)!.token;
  expect(
    (await program(value).call(whoAmI)).viewer.apiTokens.filter(({ name }: { name: string }) => name === "Một lần")
      .length,
  ).toBe(1);
});

describe("scopes", () => {
  const register = (client: Client) =>
    client.act("registerIncomingDocument", letter("1/PM"), "{ incomingDocument { id } }");
  const list = (client: Client) => client.call("{ incomingDocuments(first: 1) { nodes { id } } }");

  test("READ reads and does not write, WRITE does both", async () => {
    const [reader, writer] = [await programOf(clerk, ["READ"]), await programOf(clerk, ["WRITE"])];
    expect([await codeOf(list(reader.client)), await codeOf(register(reader.client))]).toEqual(["done", "FORBIDDEN"]);
    expect([await codeOf(list(writer.client)), await codeOf(register(writer.client))]).toEqual(["done", "done"]);
    expect(await codeOf(reader.client.upload(Buffer.from("%PDF-1.7\n"), "a.pdf"))).toBe("FORBIDDEN");
    const { token } = await make(clerk, ["INTROSPECT"]);
    expect(await codeOf(list(program(token)))).toBe("FORBIDDEN");
  });

  test("SIGN signs, where WRITE alone does not; and without WRITE nothing is signed", async () => {
    const { id } = await submit(officer, (await draft(officer)).id, head);
    const credential = { credentialId: head.keys.find((key) => !key.isAgencySeal)!.id };
    expect(await codeOf(sign(await programOf(head, ["READ", "WRITE"]), id, credential))).toBe("FORBIDDEN");
    expect(await codeOf(sign(await programOf(head, ["READ", "SIGN"]), id, credential))).toBe("FORBIDDEN");
    expect((await sign(await programOf(head, ["WRITE", "SIGN"]), id, credential)).status).toBe("SIGNED");
  });

  test("never give more than the office may", async () => {
    const { client } = await programOf(officer, ["READ", "WRITE", "SIGN"]);
    expect(await codeOf(register(client))).toBe("FORBIDDEN");
  });
});

test("a token makes no tokens and signs nobody out", async () => {
  const { client } = await programOf(clerk, ["READ", "WRITE", "SIGN"]);
  expect(await codeOf(make({ client }, ["READ"]))).toBe("FORBIDDEN");
  expect(await codeOf(client.call("mutation { signOut { ok } }")), "it is no session").toBe("FORBIDDEN");
  expect(await codeOf(client.call(whoAmI))).toBe("done");
});

describe("a token ends", () => {
  test("at the instant that was asked for", async () => {
    const start = Date.now();
    const end = new Date(start + 3_600_000);
    const { token, apiToken } = await make(clerk, ["READ"], { expiresAt: end.toISOString() });
    expect(apiToken.expiresAt).toBe(end.toISOString());
    const at = async (instant: number) => {
      app.setClock(new Date(instant));
      lookAgain(token);
      return codeOf(program(token).call(whoAmI));
    };
    try {
      expect([await at(end.getTime() - 1), await at(end.getTime())]).toEqual(["done", "UNAUTHENTICATED"]);
    } finally {
      app.setClock(null);
    }
  });

  test("at once when it is withdrawn, for good, by its owner alone", async () => {
    const { token, apiToken } = await make(officer, ["READ"]);
    const revoke = ({ client }: Colleague) =>
      client.act("revokeApiToken", { apiTokenId: apiToken.id }, "{ apiToken { revokedAt } }", false);
    expect([
      await codeOf(revoke(head)),
      await codeOf(revoke(stranger)),
      await codeOf(revoke({ ...head, client: app.anonymous })),
    ]).toEqual(["NOT_FOUND", "NOT_FOUND", "UNAUTHENTICATED"]);
    expect(await codeOf(program(token).call(whoAmI))).toBe("done");
    const first = await revoke(officer);
    expect(await codeOf(program(token).call(whoAmI))).toBe("UNAUTHENTICATED");
    expect(await revoke(officer), "the first withdrawal stands").toEqual(first);
    expect((await officer.client.call("{ viewer { apiTokens { id revokedAt } } }")).viewer.apiTokens).toContainEqual({
      id: apiToken.id,
      revokedAt: first.apiToken.revokedAt,
    });
  });
});

test("a token is read by its owner and by nobody else", async () => {
  const { apiToken } = await make(officer, ["READ"]);
  const read = async ({ client }: Colleague) =>
    (await client.call("query ($id: ID!) { node(id: $id) { ... on ApiToken { name } } }", { id: apiToken.id })).node;
  expect([await read(officer), await read(head), await read(stranger)]).toEqual([
    { name: "Phần mềm kế toán" },
    null,
    null,
  ]);
});

test("what asks for too much is refused by the field's name", async () => {
  const now = Date.now();
  const refused = async (scopes: string[], more: Record<string, unknown> = {}) =>
    make(clerk, scopes, more).then(
      () => "done",
      (error) => String(error.extensions.field ?? error.code),
    );
  const day = 86_400_000;
  expect(await refused([])).toBe("scopes");
  expect(await refused(["EVERYTHING"])).toBe("BAD_QUERY");
  for (const name of ["", "  ", "x".repeat(101)]) expect(await refused(["READ"], { name })).toBe("name");
  for (const instant of [now - 1, now + 367 * day])
    expect(await refused(["READ"], { expiresAt: new Date(instant).toISOString() })).toBe("expiresAt");
  expect(await refused(["READ"], { expiresAt: new Date(now + 365 * day).toISOString() })).toBe("done");
});

test("what only looks like a token is nobody's", async () => {
  const { token } = await make(clerk, ["READ"]);
  const like = [
    `${token!.slice(0, -1)}${token!.endsWith("A") ? "B" : "A"}`,
    token!.slice(3),
    "cv_",
    `cv_${"a".repeat(300)}`,
    `${token} x`,
  ];
  for (const forged of like) expect(await codeOf(program(forged).call(whoAmI)), forged).toBe("UNAUTHENTICATED");
});
