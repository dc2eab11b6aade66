import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TestApp } from "../support/app.ts";
import { ApiError, Client } from "../support/client.ts";
import { rows } from "../incoming/office.ts";

// Counted before the server's modules take hold of it: how much work each attempt to sign in costs.
const hashings: string[] = [];
const argon2 = crypto.argon2;
crypto.argon2 = ((
  algorithm: string,
  parameters: { memory: number; passes: number; parallelism: number },
  ...rest: []
) => {
  hashings.push(`${algorithm} m=${parameters.memory} t=${parameters.passes} p=${parameters.parallelism}`);
  return (argon2 as (...all: unknown[]) => void)(algorithm, parameters, ...rest);
}) as typeof argon2;
syncBuiltinESMExports();

const right = "congvan-demo";
let app: TestApp;
beforeAll(async () => {
  const { startApp } = await import("../support/app.ts");
  app = await startApp();
});
afterAll(() => app?.[Symbol.asyncDispose]());

/** A quarter of an hour later each time: tries of one test are none of the next. */
let clock = Date.parse("2026-11-23T01:00:00Z");
beforeEach(() => app.setClock(new Date((clock += 16 * 60_000))));

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly extensions: Record<string, unknown>;
}

/** What a sign-in is answered, as far as it tells something. */
async function attempt(username: string, password: string): Promise<Refusal | null> {
  const client = new Client(app.url);
  return client.signIn(username, password).then(
    () => null,
    (error: ApiError) => ({ code: error.code, message: error.message, extensions: error.extensions }),
  );
}

const codes = async (attempts: Promise<Refusal | null>[]) =>
  (await Promise.all(attempts)).map((refusal) => refusal?.code ?? "done");

describe("a wrong password and a name that is nobody's", () => {
  test("get the same answer for the same work", async () => {
    await rows(app, "update account set disabled_at = now() where username = 'chuyenvien.sxd'");
    const cases = {
      wrong: ["chuyenvien.snv", "not-the-password"],
      unknown: ["nobody.snv", right],
      disabled: ["chuyenvien.sxd", right],
      empty: ["chuyenvien.stc", ""],
    } as const;
    const seen = [];
    for (const [username, password] of Object.values(cases)) {
      hashings.length = 0;
      const refusal = await attempt(username, password);
      seen.push({ refusal, work: [...hashings] });
    }
    expect(seen[0]).toMatchObject({
      refusal: { code: "UNAUTHENTICATED", message: "Tên đăng nhập hoặc mật khẩu không đúng." },
      work: ["argon2id m=19456 t=2 p=1"],
    });
    for (const each of seen) expect(each).toEqual(seen[0]);
    // Planted: a check that asks for the account first would do no work for a name that is nobody's.
    expect({ ...seen[1], work: [] }).not.toEqual(seen[0]);
  });

  test("of any length and spelling are refused alike", async () => {
    const hostile = ["", "x".repeat(101), "' or 1=1 --", "chuyenvien.snv%", "CHUYENVIEN.SNV\u200b"];
    for (const username of hostile) expect((await attempt(username, right))?.code, username).toBe("UNAUTHENTICATED");
    expect((await attempt("chuyenvien.snv", "x".repeat(201)))?.code).toBe("UNAUTHENTICATED");
    expect((await attempt("chuyenvien.snv", `${right} `))?.code, "a space is part of a password").toBe(
      "UNAUTHENTICATED",
    );
  });
});

test("a name is taken in whatever case, with spaces around, and composed or not", async () => {
  for (const username of [" Giamdoc.STC ", "GIAMDOC.STC"]) expect(await attempt(username, right)).toBeNull();
});

describe("five tries", () => {
  test("and no more in a quarter of an hour, even with the right password; then it goes on", async () => {
    const start = clock;
    for (let n = 0; n < 5; n++) expect((await attempt("chuyenvien.stc", `wrong ${n}`))?.code).toBe("UNAUTHENTICATED");
    app.setClock(new Date(start + 60_000));
    hashings.length = 0;
    const refusal = await attempt("chuyenvien.stc", right);
    expect(refusal).toMatchObject({ code: "TOO_MANY_TRIES", extensions: { retryAfterSeconds: 14 * 60 } });
    expect(hashings, "what is refused costs nothing").toEqual([]);
    expect((await attempt(" CHUYENVIEN.STC", right))?.code, "another spelling is the same name").toBe("TOO_MANY_TRIES");
    expect(await attempt("vanthu.stc", right), "others are not shut out").toBeNull();
    app.setClock(new Date(start + 15 * 60_000 - 1));
    expect(await attempt("chuyenvien.stc", right)).toMatchObject({
      code: "TOO_MANY_TRIES",
      extensions: { retryAfterSeconds: 1 },
    });
    app.setClock(new Date(start + 15 * 60_000));
    expect(await attempt("chuyenvien.stc", right)).toBeNull();
  });

  test("are five also for a name that is nobody's", async () => {
    const answers: string[] = [];
    for (let n = 0; n < 6; n++) answers.push(...(await codes([attempt("nobody.stc", right)])));
    expect(answers).toEqual([...Array<string>(5).fill("UNAUTHENTICATED"), "TOO_MANY_TRIES"]);
  });

  test("are five also when twenty come at once", async () => {
    const answers = await codes(Array.from({ length: 20 }, (_, n) => attempt("vanthu.sxd", `wrong ${n}`)));
    expect([
      answers.filter((code) => code === "UNAUTHENTICATED").length,
      answers.filter((code) => code === "TOO_MANY_TRIES").length,
    ]).toEqual([5, 15]);
  });

  test("are not used up by what was right", async () => {
    for (let n = 0; n < 8; n++) expect(await attempt("giamdoc.sxd", right)).toBeNull();
    for (let n = 0; n < 4; n++) await attempt("giamdoc.sxd", "wrong");
    expect(await attempt("giamdoc.sxd", right)).toBeNull();
  });
});
