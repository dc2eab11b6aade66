import { execFileSync } from "node:child_process";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";

let app: TestApp;
let clerk: Client;
beforeAll(async () => {
  app = await startApp();
  clerk = await app.signIn("vanthu.snv");
});
afterAll(() => app[Symbol.asyncDispose]());

/** The status that a path is answered with. */
const status = async (client: Client, path: string): Promise<number> =>
  (await fetch(new URL(path, app.url), { headers: client.headers() })).status;

const registerId = async (client: Client, kind: string): Promise<string> =>
  (await client.call(`{ documentRegisters(kind: ${kind}) { id } }`))["documentRegisters"][0].id;

/** The words on the pages, without spaces, for a cell breaks its text over lines; null where there is no pdftotext. */
function wordsOf(pdf: Buffer): string | null {
  try {
    return execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf, maxBuffer: 64 << 20 })
      .toString()
      .normalize("NFC")
      .replaceAll(/\s+/g, "");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

test("every number has its line: registered, returned, reserved and void ones with their reasons", async () => {
  const register = (referenceCode: string) =>
    clerk.act(
      "registerIncomingDocument",
      { senderName: "Bộ Nội vụ", referenceCode, typeName: "Công văn", subject: `về việc ${referenceCode}` },
      "{ incomingDocument { id } }",
    );
  await register("11/BNV-VP");
  const { incomingDocument } = await register("12/BNV-VP");
  await clerk.act(
    "returnIncomingDocument",
    { incomingDocumentId: incomingDocument.id, reason: "Gửi nhầm nơi nhận" },
    "{ incomingDocument { id } }",
  );
  const reserve = async () =>
    (await clerk.act("reserveNumber", { kind: "INCOMING", reason: "Văn bản giấy chưa đến" }, "{ entry { id } }")).entry
      .id;
  await reserve();
  await clerk.act("voidNumber", { entryId: await reserve(), reason: "Vào sổ nhầm" }, "{ entry { id } }");

  const id = await registerId(clerk, "INCOMING");
  const pdf = await clerk.download(`/registers/${id}.pdf`);
  expect(pdf.toString("latin1", 0, 5)).toBe("%PDF-");
  const words = wordsOf(pdf);
  if (words === null) return void console.warn("pdftotext is not installed: the words on the pages were not read");
  for (const text of [
    "11/BNV-VP",
    "12/BNV-VP",
    "Trả lại: Gửi nhầm nơi nhận",
    "Số giữ chỗ: Văn bản giấy chưa đến",
    "Số hủy: Vào sổ nhầm",
    "Từ số 01 đến số 04",
  ])
    expect(words, text).toContain(text.replaceAll(/\s+/g, ""));
});

test("whoever may not read the whole register gets the answer of one that is absent", async () => {
  const id = await registerId(clerk, "INCOMING");
  const [officer, leader, stranger] = await Promise.all(
    ["chuyenvien.snv", "giamdoc.snv", "vanthu.stc"].map((name) => app.signIn(name)),
  );
  expect(await status(leader!, `/registers/${id}.pdf`)).toBe(200);
  expect(await status(officer!, `/registers/${id}.pdf`)).toBe(404);
  expect(await status(stranger!, `/registers/${id}.pdf`)).toBe(404);
  expect(await status(app.anonymous, `/registers/${id}.pdf`)).toBe(401);
});

test("a path that names no register or no volume is answered with 404", async () => {
  const id = await registerId(clerk, "INCOMING");
  const { viewer } = await clerk.call("{ viewer { agency { id } } }");
  for (const path of [
    `${id}`,
    `${id}.png`,
    `${viewer.agency.id}.pdf`,
    "x.pdf",
    `${id}.pdf?volume=2`,
    `${id}.pdf?volume=0`,
    `${id}.pdf?volume=1&volume=1`,
  ])
    expect(await status(clerk, `/registers/${path}`), path).toBe(404);
});

test("a register of more numbers than a volume holds is printed in volumes", { timeout: 120_000 }, async () => {
  const reserved = await clerk.act("reserveNumber", { kind: "OUTGOING", reason: "Số đầu" }, "{ entry { id } }");
  expect(reserved.entry.id).toBeTruthy();
  const id = await registerId(clerk, "OUTGOING");
  const database = new pg.Client({ connectionString: app.database.appUrl });
  await database.connect();
  try {
    await database.query(
      "select set_config('app.agency_id', (select id::text from agency where code = 'H99.02'), false)",
    );
    await database.query(
      `insert into register_entry (id, agency_id, register_id, number, state, reason, at, by_id)
       select gen_random_uuid(), e.agency_id, e.register_id, n, 'RESERVED', 'Giữ số', e.at, e.by_id
       from register_entry e, generate_series(2, 20001) n where e.reason = 'Số đầu'`,
    );
    await database.query(
      "update document_register set last_number = 20001 where kind = 'OUTGOING' and last_number = 1",
    );
  } finally {
    await database.end();
  }
  const [first, second] = [
    await clerk.download(`/registers/${id}.pdf`),
    await clerk.download(`/registers/${id}.pdf?volume=2`),
  ];
  const words = [wordsOf(first), wordsOf(second)];
  if (words[0] === null) return void console.warn("pdftotext is not installed: the words on the pages were not read");
  expect(words[0]).toContain("Từsố01đếnsố20000");
  expect(words[1]).toContain("Từsố20001đếnsố20001");
  expect(await status(clerk, `/registers/${id}.pdf?volume=3`)).toBe(404);
});
