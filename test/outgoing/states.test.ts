import { afterAll, beforeAll, expect, test } from "vitest";
import { randomUUID } from "node:crypto";
import { startApp, type TestApp } from "../support/app.ts";
import {
  act,
  codeOf,
  type Colleague,
  colleague,
  demoPin,
  draft,
  number,
  seal,
  type Shown,
  sign,
  submit,
} from "./office.ts";

let app: TestApp;
let officer: Colleague, head: Colleague, clerk: Colleague;
beforeAll(async () => {
  app = await startApp();
  [officer, head, clerk] = (await Promise.all(
    ["chuyenvien.snv", "giamdoc.snv", "vanthu.snv"].map((name) => colleague(app, name)),
  )) as [Colleague, Colleague, Colleague];
});
afterAll(() => app?.[Symbol.asyncDispose]());

const acts = [
  "revise",
  "requestReview",
  "review",
  "submit",
  "return",
  "sign",
  "number",
  "seal",
  "dispatch",
  "cancel",
] as const;
type Act = (typeof acts)[number];

/** What may be done in each state, written down apart from the server's own table. */
const expected: Readonly<Record<string, readonly Act[]>> = {
  DRAFT: ["revise", "requestReview", "submit", "cancel"],
  IN_REVIEW: ["review", "return", "cancel"],
  AWAITING_SIGNATURE: ["submit", "return", "sign", "cancel"],
  SIGNED: ["number", "cancel"],
  NUMBERED: ["seal", "cancel"],
  SEALED: ["dispatch", "cancel"],
  DISPATCHED: [],
  CANCELLED: [],
};

const attempt: Record<Act, (document: Shown) => Promise<unknown>> = {
  revise: ({ id, version }) =>
    act(officer, "reviseDraft", { outgoingDocumentId: id, version, subject: "đổi trích yếu" }),
  requestReview: ({ id }) =>
    act(officer, "submitForReview", { outgoingDocumentId: id, reviewerId: head.appointmentId }),
  review: ({ id }) => act(head, "reviewDraft", { outgoingDocumentId: id, decision: "APPROVED" }),
  return: ({ id }) =>
    act(head, "reviewDraft", { outgoingDocumentId: id, decision: "RETURNED", comment: "sửa lại căn cứ" }),
  submit: ({ id }) => submit(officer, id, head),
  sign: ({ id }) => sign(head, id),
  number: ({ id }) => number(clerk, id),
  seal: ({ id }) => seal(clerk, id),
  dispatch: ({ id }) => act(clerk, "dispatchOutgoingDocument", { outgoingDocumentId: id }),
  cancel: ({ id }) => act(clerk, "cancelOutgoingDocument", { outgoingDocumentId: id, reason: "ban hành nhầm" }),
};

/** A document in the given state, reached by the acts alone. */
async function inState(state: string): Promise<Shown> {
  const path: Record<string, Act[]> = {
    DRAFT: [],
    IN_REVIEW: ["requestReview"],
    AWAITING_SIGNATURE: ["submit"],
    SIGNED: ["submit", "sign"],
    NUMBERED: ["submit", "sign", "number"],
    SEALED: ["submit", "sign", "number", "seal"],
    DISPATCHED: ["submit", "sign", "number", "seal", "dispatch"],
    CANCELLED: ["cancel"],
  };
  let document = await draft(officer);
  for (const step of path[state]!) document = (await attempt[step](document)) as Shown;
  expect(document.status).toBe(state);
  return document;
}

/** Everything that an act could leave behind half done. */
const traces = async (id: string) => {
  const uuid = Buffer.from(id, "base64url").toString().split(":")[1];
  const { rows } = await app.services.pool.query("select current_user as who");
  expect(rows[0].who).toBe("congvan_app");
  const { default: pg } = await import("pg");
  const client = new pg.Client(app.database.superConnection);
  await client.connect();
  try {
    const found = await client.query(
      `select to_jsonb(d) as document, (select count(*) from outgoing_revision where document_id = d.id) as revisions,
         (select count(*) from outgoing_signature where document_id = d.id) as signatures,
         (select count(*) from outgoing_review where document_id = d.id) as reviews,
         (select count(*) from register_entry) as numbers, (select count(*) from audit_event) as acts
       from outgoing_document d where d.id = $1`,
      [uuid],
    );
    return found.rows[0];
  } finally {
    await client.end();
  }
};

type Observed = Record<string, Record<Act, string>>;

/** Where the server's answers are not what the table says. */
const faults = (observed: Observed): string[] =>
  Object.entries(observed).flatMap(([state, answers]) =>
    Object.entries(answers)
      .filter(([name, code]) => (expected[state]!.includes(name as Act) ? code !== "done" : code !== "WRONG_STATE"))
      .map(([name, code]) => `${state} ${name}: ${code}`),
  );

test("each act is done in its states, refused in all others, and a refusal leaves nothing behind", async () => {
  const observed: Observed = {};
  for (const state of Object.keys(expected)) {
    const document = await inState(state);
    const before = await traces(document.id);
    const answers = {} as Record<Act, string>;
    for (const name of acts.filter((each) => !expected[state]!.includes(each)))
      answers[name] = await codeOf(attempt[name](document));
    expect(await traces(document.id), state).toEqual(before);
    // Of the allowed acts one is enough here: each changes the state; the others are walked by the paths above.
    const [allowed] = expected[state]!;
    if (allowed) answers[allowed] = await codeOf(attempt[allowed](document));
    observed[state] = answers;
  }
  expect(faults(observed)).toEqual([]);

  const sealsBeforeNumbering: Observed = { ...observed, SIGNED: { ...observed["SIGNED"]!, seal: "done" } };
  expect(faults(sealsBeforeNumbering)).toEqual(["SIGNED seal: done"]);
}, 120_000);

test("a draft comes back with what the reviewer and the signer said, and can be submitted again", async () => {
  const { id } = await inState("IN_REVIEW");
  const comment = "bổ sung thời hạn báo cáo";
  expect(await codeOf(act(head, "reviewDraft", { outgoingDocumentId: id, decision: "RETURNED" }))).toBe("BAD_INPUT");
  const returned = await act(head, "reviewDraft", { outgoingDocumentId: id, decision: "RETURNED", comment });
  expect(returned).toMatchObject({ status: "DRAFT", reviews: [{ decision: "RETURNED", comment }] });
  const revised = await act(officer, "reviseDraft", {
    outgoingDocumentId: id,
    version: returned.version,
    body: "Nội dung mới./.",
  });
  expect(revised.revisions.length).toBe(2);
  await submit(officer, id, head);
  const again = await act(head, "reviewDraft", {
    outgoingDocumentId: id,
    decision: "RETURNED",
    comment: "sửa thể thức",
  });
  expect(again).toMatchObject({ status: "DRAFT", signatureBlock: null });
  expect((await submit(officer, id, head)).status).toBe("AWAITING_SIGNATURE");
  expect((await sign(head, id)).status).toBe("SIGNED");
});

test("an old version cannot be revised over a newer one", async () => {
  const { id, version } = await draft(officer);
  const first = await act(officer, "reviseDraft", {
    outgoingDocumentId: id,
    version,
    recipients: [{ name: "Nơi khác" }],
  });
  expect(first.recipients.map(({ name }) => name)).toEqual(["Nơi khác"]);
  expect(await codeOf(act(officer, "reviseDraft", { outgoingDocumentId: id, version, subject: "chậm" }))).toBe(
    "CONFLICT",
  );
});

test("repeating a request under its key does nothing twice, for every act", async () => {
  const { id } = await draft(officer);
  const twice = async (who: Colleague, name: string, input: Record<string, unknown>) => {
    const keyed = { idempotencyKey: randomUUID(), outgoingDocumentId: id, ...input };
    const first = await act(who, name, keyed);
    expect(await act(who, name, keyed), name).toEqual(first);
    return first;
  };
  const [own] = head.keys;
  const agency = clerk.keys.find(({ isAgencySeal }) => isAgencySeal);
  await twice(officer, "submitForSignature", { signerId: head.appointmentId });
  await twice(head, "signOutgoingDocument", { credentialId: own!.id, pin: demoPin });
  const numbered = await twice(clerk, "numberOutgoingDocument", {});
  await twice(clerk, "sealOutgoingDocument", { credentialId: agency!.id, pin: demoPin });
  const last = await twice(clerk, "dispatchOutgoingDocument", {});
  expect(last.number).toBe(numbered.number);
  expect(last.revisions.length).toBe(4);
});
