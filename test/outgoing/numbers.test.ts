import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyPdf } from "../../signing/index.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { readWords } from "../forms/poppler.ts";
import {
  act,
  codeOf,
  type Colleague,
  colleague,
  decision,
  draft,
  letter,
  number,
  seal,
  sign,
  submit,
} from "./office.ts";

let app: TestApp;
let officer: Colleague, head: Colleague, clerk: Colleague, second: Colleague;
beforeAll(async () => {
  app = await startApp();
  [officer, head, clerk, second] = (await Promise.all(
    ["chuyenvien.sxd", "giamdoc.sxd", "vanthu.sxd", "vanthu.sxd"].map((name) => colleague(app, name)),
  )) as [Colleague, Colleague, Colleague, Colleague];
});
afterAll(() => app?.[Symbol.asyncDispose]());

const signed = async (input: Record<string, unknown> = letter) => {
  const { id } = await submit(officer, (await draft(officer, input)).id, head);
  return (await sign(head, id)).id;
};

const entries = async () => {
  const { documentRegisters } = await clerk.client.call(
    `{ documentRegisters(kind: OUTGOING) { series lastNumber entries(first: 100) { nodes { id number state reason document { id } } } } }`,
  );
  return documentRegisters.flatMap((register: { series: string; entries: { nodes: object[] } }) =>
    register.entries.nodes.map((entry) => ({ series: register.series, ...entry })),
  ) as {
    series: string;
    id: string;
    number: number;
    state: string;
    reason: string | null;
    document: { id: string } | null;
  }[];
};

test("numbers of one series follow each other without holes, whoever asks at once", async () => {
  const ids = await Promise.all(Array.from({ length: 4 }, () => signed()));
  const numbered = await Promise.all(ids.map((id, at) => number(at % 2 ? clerk : second, id)));
  expect(numbered.map((document) => document.number).toSorted()).toEqual([1, 2, 3, 4]);
  const refused = await Promise.all([codeOf(number(clerk, ids[0]!)), codeOf(number(second, ids[0]!))]);
  expect(refused).toEqual(["WRONG_STATE", "WRONG_STATE"]);
  expect((await entries()).length).toBe(4);
});

test("two clerks seal the same document at once: one wins, the file has one seal", async () => {
  const id = await signed();
  await number(clerk, id);
  const codes = await Promise.all([codeOf(seal(clerk, id)), codeOf(seal(second, id))]);
  expect(codes.toSorted()[1]).toBe("done");
  expect(["CONFLICT", "WRONG_STATE"]).toContain(codes.toSorted()[0]);
  const { node } = await clerk.client.call(
    `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { status signatures { field } revisions { kind } file { url } } } }`,
    { id },
  );
  expect(node.status).toBe("SEALED");
  expect(node.signatures).toEqual([{ field: "Leader" }, { field: "Seal" }]);
  expect(verifyPdf(await clerk.client.download(node.file.url), { anchors: [] }).signatures.length).toBe(2);
});

test("a cancelled document's number is void for good, with the reason in the register", async () => {
  const id = await signed();
  const { number: given } = await number(clerk, id);
  expect(
    await codeOf(act(officer, "cancelOutgoingDocument", { outgoingDocumentId: id, reason: "không cần nữa" })),
  ).toBe("FORBIDDEN");
  const cancelled = await act(clerk, "cancelOutgoingDocument", { outgoingDocumentId: id, reason: "sai thẩm quyền" });
  expect(cancelled).toMatchObject({ status: "CANCELLED", number: given });
  expect((await entries()).find((entry) => entry.number === given)).toMatchObject({
    state: "VOID",
    reason: "sai thẩm quyền",
    document: { id },
  });
  expect((await number(clerk, await signed())).number).toBe(given! + 1);
});

test("a reserved number of the series is used once, a void one never", async () => {
  const { entry } = await clerk.client.act(
    "reserveNumber",
    { kind: "OUTGOING", reason: "giữ cho quyết định" },
    "{ entry { id number } }",
  );
  const id = await signed(decision);
  const document = await number(clerk, id, { reservedEntryId: entry.id });
  expect(document).toMatchObject({ number: entry.number, status: "NUMBERED" });
  const other = await signed();
  expect(await codeOf(number(clerk, other, { reservedEntryId: entry.id }))).toBe("WRONG_STATE");
  const { entry: given } = await clerk.client.act(
    "reserveNumber",
    { kind: "OUTGOING", reason: "giữ chỗ" },
    "{ entry { id } }",
  );
  await clerk.client.act("voidNumber", { entryId: given.id, reason: "không dùng" }, "{ entry { state } }");
  expect(await codeOf(number(clerk, other, { reservedEntryId: given.id }))).toBe("WRONG_STATE");
  const { entry: arrival } = await clerk.client.act(
    "reserveNumber",
    { kind: "INCOMING", reason: "giữ số đến" },
    "{ entry { id } }",
  );
  expect(await codeOf(number(clerk, other, { reservedEntryId: arrival.id }))).toBe("BAD_INPUT");
  expect((await number(clerk, other)).status).toBe("NUMBERED");
});

test("where the agency numbers before signing, the leader signs over number and date, in one series for each type", async () => {
  const stp = { head: await colleague(app, "giamdoc.stp"), clerk: await colleague(app, "vanthu.stp") };
  const year = new Date().getFullYear();
  await stp.clerk.client.act(
    "setNumberingPolicy",
    { kind: "OUTGOING", fromYear: year, mode: "PER_TYPE", numberBeforeSigning: true },
    "{ numberingPolicy { id } }",
    false,
  );
  const { id } = await submit(stp.clerk, (await draft(stp.clerk, decision)).id, stp.head);
  const numbered = await number(stp.clerk, id);
  expect(numbered).toMatchObject({ status: "AWAITING_SIGNATURE", number: 1, referenceCode: "01/QĐ-STP" });
  const afterSigning = await sign(stp.head, id);
  expect(afterSigning.status).toBe("NUMBERED");
  const leaders = await stp.clerk.client.download(afterSigning.file.url);
  const words = readWords(leaders)
    .words.map(({ text }) => text)
    .join(" ");
  expect(words).toMatch(/Số: 01 ?\/QĐ-STP/);
  const sealed = await seal(stp.clerk, id);
  const verdict = verifyPdf(await stp.clerk.client.download(sealed.file.url), { anchors: [] });
  expect(verdict.integrity).toBe("PASS");
  expect((await act(stp.clerk, "dispatchOutgoingDocument", { outgoingDocumentId: id })).status).toBe("DISPATCHED");

  const next = await submit(stp.clerk, (await draft(stp.clerk)).id, stp.head);
  expect(await number(stp.clerk, next.id)).toMatchObject({ number: 1, referenceCode: "01/STP" });
});

test("an issued answer closes the incoming document, another one does not", async () => {
  const register = {
    senderName: "Bộ Xây dựng",
    referenceCode: "12/BXD-VP",
    typeName: "Công văn",
    subject: "báo cáo số liệu nhà ở",
  };
  const { incomingDocument } = await clerk.client.act(
    "registerIncomingDocument",
    register,
    "{ incomingDocument { id } }",
  );
  const { id } = await submit(head, (await draft(head, { ...letter, answersToId: incomingDocument.id })).id, head);
  const complete = (answeredById: string) =>
    head.client.act(
      "completeIncomingDocument",
      { incomingDocumentId: incomingDocument.id, kind: "ANSWERED", answeredById },
      "{ incomingDocument { status answers { id status } } }",
    );
  await sign(head, id);
  await number(clerk, id);
  await seal(clerk, id);
  expect(await codeOf(complete(id))).toBe("BAD_INPUT");
  await act(clerk, "dispatchOutgoingDocument", { outgoingDocumentId: id });
  const unrelated = await signed();
  expect(await codeOf(complete(unrelated))).toBe("BAD_INPUT");
  expect((await complete(id)).incomingDocument).toEqual({
    status: "COMPLETED",
    answers: [{ id, status: "DISPATCHED" }],
  });
});
