import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantedServer } from "../durability/planted.ts";
import { act, colleagues, register, rows } from "../incoming/office.ts";
import { codeOf, type Colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, officer: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, officer, stranger] = await colleagues(app, "vanthu.snv", "giamdoc.snv", "chuyenvien.snv", "vanthu.stc");
});
afterAll(() => app?.[Symbol.asyncDispose]());

const done = async (): Promise<number> =>
  (
    await rows<{ count: number }>(app, "select count(*)::int as count from audit_event where act = 'incoming.register'")
  )[0]!.count;

describe("a key", () => {
  const letter = { senderName: "Bộ Nội vụ", referenceCode: "2/BNV", typeName: "Công văn", subject: "Về văn thư" };
  const number = async (who: Colleague, idempotencyKey: string): Promise<number> =>
    (
      await who.client.act(
        "registerIncomingDocument",
        { ...letter, idempotencyKey },
        "{ incomingDocument { arrivalNumber } }",
      )
    ).incomingDocument.arrivalNumber;

  test("of one act is of no use for another", async () => {
    const idempotencyKey = randomUUID();
    await number(clerk, idempotencyKey);
    expect(
      await codeOf(
        clerk.client.act("reserveNumber", { idempotencyKey, kind: "OUTGOING", reason: "Giữ số" }, "{ entry { id } }"),
      ),
    ).toBe("CONFLICT");
  });

  test("is each person's own", async () => {
    const idempotencyKey = randomUUID();
    expect(await number(stranger, idempotencyKey)).toBe(1);
    const progress = { idempotencyKey, name: "Phần mềm", scopes: ["READ"] };
    expect(await codeOf(officer.client.act("createApiToken", progress, "{ apiToken { id } }"))).toBe("done");
    expect(await codeOf(head.client.act("createApiToken", progress, "{ apiToken { id } }"))).toBe("done");
  });

  test("of a request that was refused can be used again", async () => {
    const idempotencyKey = randomUUID();
    const id = (await register(clerk.client, "3/BNV")).id;
    const give = (appointmentId: string) =>
      act(head.client, "assignIncomingDocument", id, {
        idempotencyKey,
        directive: "Giao",
        assignees: [{ appointmentId, role: "LEAD" }],
      });
    expect(await codeOf(give(stranger.appointmentId))).toBe("BAD_INPUT");
    expect((await give(officer.appointmentId)).status).toBe("ASSIGNED");
  });

  test("that the server makes up for each attempt is caught (planted bug)", async () => {
    const before = await done();
    await using server = await plantedServer(app.services, (sql, parameters) =>
      sql.includes("insert into idempotency") ? [sql, parameters.with(2, randomUUID())] : [sql, parameters],
    );
    const idempotencyKey = randomUUID();
    const planted = { ...clerk, client: Object.assign(new Client(server.url), { cookie: clerk.client.cookie }) };
    const answers = await Promise.all(Array.from({ length: 4 }, () => number(planted, idempotencyKey)));
    expect([new Set(answers).size, await done()]).toEqual([4, before + 4]);
    const right = randomUUID();
    expect(new Set(await Promise.all(Array.from({ length: 4 }, () => number(clerk, right)))).size).toBe(1);
    expect(await done()).toBe(before + 5);
  });
});
