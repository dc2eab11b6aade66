import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";
import { letter, register, rows } from "./office.ts";

let app: TestApp;
let clerk: Client;
beforeAll(async () => {
  app = await startApp();
  clerk = await app.signIn("vanthu.snv");
});
afterAll(() => app?.[Symbol.asyncDispose]());

describe("a document that may be there already", () => {
  const codes = async (client: Client, referenceCode: string, senderName = "Bộ Nội vụ"): Promise<string[]> =>
    (
      await client.call(
        "query ($input: DuplicateCheckInput!) { possibleDuplicates(input: $input) { id referenceCode } }",
        { input: { senderName, referenceCode } },
      )
    ).possibleDuplicates.map((each: { id: string }) => each.id);

  test("is told before and on registration, with spaces and case left aside, and never refused", async () => {
    const first = await register(clerk, "777/BNV-VTLTĐ");
    const again = await clerk.act(
      "registerIncomingDocument",
      letter(" 777 / bnv-vtltđ ", { senderName: "bộ nội VỤ" }),
      "{ incomingDocument { id arrivalNumber } possibleDuplicates { id } }",
    );
    expect(again.incomingDocument.arrivalNumber).toBe(first.arrivalNumber + 1);
    expect(again.possibleDuplicates).toEqual([{ id: first.id }]);
    for (const spelling of [
      "777/BNV-VTLTĐ",
      "777/bnv-vtltđ",
      "7 7 7/BNV-VTLTĐ",
      "777/BNV-VTLTĐ".normalize("NFD"),
      "777\u00a0/\tBNV-VTLTĐ",
    ])
      expect(await codes(clerk, spelling), spelling).toEqual([again.incomingDocument.id, first.id]);
  });

  test("is let in, where a check that refuses would keep it out (planted bug)", async () => {
    const twice = async (subject: string) => [
      await codeOf(register(clerk, "779/BNV", { subject })),
      await codeOf(register(clerk, "779/bnv", { subject })),
    ];
    expect(await twice("Về văn thư")).toEqual(["done", "done"]);
    await rows(
      app,
      `create unique index planted on incoming_document (agency_id, lower(reference_code))
       where subject = 'Về lưu trữ'`,
    );
    try {
      expect(await twice("Về lưu trữ")).not.toEqual(["done", "done"]);
    } finally {
      await rows(app, "drop index planted");
    }
  });

  test("is found however it was written when it came", async () => {
    const odd = await register(clerk, "778\u00a0/\u2009BNV", { senderName: "Bộ  Nội vụ" });
    expect(await codes(clerk, "778/BNV")).toEqual([odd.id]);
  });

  test("is not another number, another sender or a pattern", async () => {
    await register(clerk, "888/BNV");
    for (const other of ["88/BNV", "888/BNV-VP", "8%8/BNV", "888_BNV"]) expect(await codes(clerk, other)).toEqual([]);
    expect(await codes(clerk, "888/BNV", "Bộ Tài chính")).toEqual([]);
  });

  test("is told to who may read it, and to nobody else", async () => {
    const { id } = await register(clerk, "999/BNV");
    expect(await codes(clerk, "999/BNV")).toEqual([id]);
    expect(
      await codes(await app.signIn("chuyenvien.snv"), "999/BNV"),
      "an officer who has nothing to do with it",
    ).toEqual([]);
    expect(await codes(await app.signIn("vanthu.stc"), "999/BNV"), "another agency").toEqual([]);
  });
});
