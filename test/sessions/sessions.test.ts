import { createSign } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyPdf } from "../../signing/index.ts";
import {
  act,
  codeOf,
  type Colleague,
  colleague,
  demoPin,
  draft,
  number,
  seal,
  sign,
  submit,
} from "../outgoing/office.ts";
import { pdfsigVerdicts, qpdfComplaints } from "../signing/pdf-judges.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { heldKey, type HeldKey } from "../support/signing-services/key-holder.ts";
import { asSuperuser, authorize, cancel, complete, enterKey, prepare, sessionFields, sessionNow } from "./keys.ts";

let app: TestApp;
let officer: Colleague, unitHead: Colleague, deputy: Colleague, head: Colleague, clerk: Colleague;
let own: HeldKey;
let ownId: string;
beforeAll(async () => {
  app = await startApp();
  [officer, unitHead, deputy, head, clerk] = (await Promise.all(
    ["chuyenvien", "truongphong", "phogiamdoc", "giamdoc", "vanthu"].map((name) => colleague(app, `${name}.sxd`)),
  )) as [Colleague, Colleague, Colleague, Colleague, Colleague];
  own = heldKey("ec-p256");
  ownId = await enterKey(app, head, own, "EXTERNAL");
});
afterAll(() => app?.[Symbol.asyncDispose]());

const keyOf = (who: Colleague) => who.keys.find(({ isAgencySeal }) => !isAgencySeal)!.id;
const forSignature = async () => (await submit(officer, (await draft(officer)).id, head)).id;
const rawBy = ({ key }: HeldKey, dtbs: string) => createSign("sha256").update(Buffer.from(dtbs, "base64")).sign(key);
const documentNow = async (id: string) =>
  (
    await head.client.call(
      `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { status revisions { kind ordinal } file { url sha256 } } } }`,
      { id },
    )
  ).node;

test("a key that is kept here signs what was made ready, once its PIN is given; asking again changes nothing", async () => {
  const id = await forSignature();
  const session = await prepare(head, id, keyOf(head));
  expect(session).toMatchObject({ state: "PREPARED", factors: ["pin"], error: null, revision: null });
  expect(session.challengeText).toContain("Công văn");
  expect(Date.parse(session.expiresAt) - Date.now()).toBeLessThanOrEqual(20 * 60_000);
  expect(session.baseRevision).toBe((await documentNow(id)).file.sha256);
  expect(await codeOf(authorize(head, [session], { pin: "999999" }))).toBe("BAD_PIN");
  expect((await sessionNow(head, session.id))?.state).toBe("PREPARED");
  const [stored] = await authorize(head, [session], { pin: demoPin });
  expect(stored).toMatchObject({ state: "STORED", revision: { kind: "SIGNED" } });
  expect((await authorize(head, [session], { pin: demoPin }))[0]).toEqual(stored);
  expect((await documentNow(id)).status).toBe("SIGNED");
  await number(clerk, id);
  const sealing = await prepare(clerk, id, clerk.keys.find(({ isAgencySeal }) => isAgencySeal)!.id, {
    role: "AGENCY_SEAL",
  });
  expect((await authorize(clerk, [sealing], { pin: demoPin }))[0]!.state).toBe("STORED");
  const { file, status } = await documentNow(id);
  expect(status).toBe("SEALED");
  const pdf = await clerk.client.download(file.url);
  expect([qpdfComplaints(pdf), verifyPdf(pdf, { anchors: [] }).integrity]).toEqual(["", "PASS"]);
  expect(pdfsigVerdicts(pdf)).toEqual(["Signature is Valid", "Signature is Valid"]);
});

test("the person's own program signs the digest; another key's, or other bytes', signature leaves the document as it was", async () => {
  const id = await forSignature();
  const before = await documentNow(id);
  const wrong = await prepare(head, id, ownId);
  expect(wrong).toMatchObject({ state: "PREPARED", factors: [], credential: { provider: "EXTERNAL" } });
  expect(await complete(head, wrong.id, rawBy(heldKey("ec-p256"), wrong.dtbs!))).toMatchObject({
    state: "FAILED",
    error: { code: "SIGNING_REFUSED" },
  });
  const other = await prepare(head, id, ownId);
  expect((await complete(head, other.id, rawBy(own, wrong.dtbs!.slice(0, -4) + "AAAA"))).state).toBe("FAILED");
  expect(await documentNow(id)).toEqual(before);
  const right = await prepare(head, id, ownId);
  expect(await codeOf(authorize(head, [right], { pin: demoPin }))).toBe("WRONG_STATE");
  expect(await codeOf(complete(deputy, right.id, rawBy(own, right.dtbs!)))).toBe("NOT_FOUND");
  expect(await sessionNow(deputy, right.id)).toBeNull();
  const stored = await complete(head, right.id, rawBy(own, right.dtbs!));
  expect(stored).toMatchObject({ state: "STORED", revision: { kind: "SIGNED" } });
  expect((await documentNow(id)).status).toBe("SIGNED");
});

test("a session is prepared by who may sign, with the own key, on the revision that was seen", async () => {
  const id = await forSignature();
  expect(await codeOf(prepare(deputy, id, keyOf(deputy)))).toBe("FORBIDDEN");
  expect(await codeOf(prepare(head, id, keyOf(deputy)))).toBe("NOT_FOUND");
  expect(await codeOf(prepare(head, id, keyOf(head), { role: "AGENCY_SEAL" }))).toBe("FORBIDDEN");
  expect(await codeOf(prepare(head, id, keyOf(head), { ifRevision: "0".repeat(64) }))).toBe("CONFLICT");
  const { file } = await documentNow(id);
  expect((await prepare(head, id, keyOf(head), { ifRevision: file.sha256 })).state).toBe("PREPARED");
});

test("what was done to the document meanwhile makes a session stale, and nothing of it stays", async () => {
  const id = await forSignature();
  const session = await prepare(head, id, ownId);
  await submit(officer, id, head);
  expect((await complete(head, session.id, rawBy(own, session.dtbs!))).state).toBe("STALE");
  const { status, revisions } = await documentNow(id);
  expect([status, revisions.at(-1).kind]).toEqual(["AWAITING_SIGNATURE", "FOR_SIGNATURE"]);
  const returned = await prepare(head, id, ownId);
  await act(head, "reviewDraft", { outgoingDocumentId: id, decision: "RETURNED", comment: "xem lại" });
  expect((await complete(head, returned.id, rawBy(own, returned.dtbs!))).state).toBe("STALE");
});

test("a session that was given up or has run out signs nothing", async () => {
  const id = await forSignature();
  const given = await prepare(head, id, ownId);
  expect((await cancel(head, given.id)).state).toBe("REJECTED");
  expect((await complete(head, given.id, rawBy(own, given.dtbs!))).state).toBe("REJECTED");
  const late = await prepare(head, id, ownId);
  try {
    app.setClock(new Date(Date.now() + 21 * 60_000));
    expect((await complete(head, late.id, rawBy(own, late.dtbs!))).state).toBe("PREPARED");
    await app.settle();
    expect((await sessionNow(head, late.id))?.state).toBe("EXPIRED");
    expect((await complete(head, late.id, rawBy(own, late.dtbs!))).state).toBe("EXPIRED");
  } finally {
    app.setClock(null);
  }
  expect((await documentNow(id)).status).toBe("AWAITING_SIGNATURE");
});

test("a right that was withdrawn after preparing does not sign", async () => {
  const id = await forSignature();
  const session = await prepare(head, id, ownId);
  await asSuperuser(app, (database) =>
    database.query("update signing_credential set revoked_at = now() where id = $1", [
      Buffer.from(ownId, "base64url").toString().split(":")[1],
    ]),
  );
  try {
    expect(await complete(head, session.id, rawBy(own, session.dtbs!))).toMatchObject({
      state: "FAILED",
      error: { details: { reason: "REVOKED" } },
    });
  } finally {
    await asSuperuser(app, (database) => database.query("update signing_credential set revoked_at = null"));
  }
});

test("a signature that a stopped server left half done is completed by the worker", async () => {
  const id = await forSignature();
  const session = await prepare(head, id, ownId);
  await asSuperuser(app, (database) =>
    database.query(
      "update signing_session set state = 'SIGNED_RAW', raw_signature = $2, next_poll_at = created_at where id = $1",
      [Buffer.from(session.id, "base64url").toString().split(":")[1], rawBy(own, session.dtbs!)],
    ),
  );
  try {
    app.setClock(new Date(Date.now() + 5 * 60_000));
    await app.settle();
  } finally {
    app.setClock(null);
  }
  expect((await sessionNow(head, session.id))?.state).toBe("STORED");
  expect((await documentNow(id)).status).toBe("SIGNED");
});

test("many documents are signed by one PIN; one that has become stale keeps none of the others back", async () => {
  const ids = [await forSignature(), await forSignature(), await forSignature()];
  const { sessions } = await head.client.act(
    "prepareSignatures",
    { credentialId: keyOf(head), items: ids.map((outgoingDocumentId) => ({ outgoingDocumentId })) },
    `{ sessions ${sessionFields} }`,
  );
  expect(sessions).toHaveLength(3);
  await submit(officer, ids[1]!, head);
  const done = await authorize(head, sessions, { pin: demoPin });
  expect(done.map(({ state }) => state)).toEqual(["STORED", "STALE", "STORED"]);
  const alone = await prepare(head, ids[1]!, keyOf(head));
  expect(await codeOf(authorize(head, [alone, sessions[0]], { pin: demoPin }))).toBe("BAD_INPUT");
});

test("preparing is repeated safely under one key", async () => {
  const id = await forSignature();
  const input = { idempotencyKey: `chuan-bi-${id}`, outgoingDocumentId: id, credentialId: keyOf(head) };
  const [first, second] = await Promise.all([
    prepare(head, id, keyOf(head), input),
    prepare(head, id, keyOf(head), input),
  ]);
  expect(second.id).toBe(first.id);
});

test("100 sessions of two signers on one document at once: one order of revisions, and no signature is lost", async () => {
  const deputyKey = heldKey("ec-p256", "CCCD:001093000002");
  const deputyId = await enterKey(app, deputy, deputyKey, "EXTERNAL");
  const { id } = await draft(officer);
  await officer.client.act(
    "setSigningChain",
    {
      outgoingDocumentId: id,
      steps: [
        { role: "CO_SIGNER", turn: 1, appointmentId: deputy.appointmentId },
        { role: "LEADER", turn: 1 },
        { role: "AGENCY_SEAL", turn: 2 },
      ],
    },
    "{ outgoingDocument { id } }",
  );
  await submit(officer, id, head);
  const signers = [
    { who: head, role: "LEADER", credential: ownId, key: own },
    { who: deputy, role: "CO_SIGNER", credential: deputyId, key: deputyKey },
  ];
  const counted: Record<string, number> = {};
  const attempt = async ({ who, role, credential, key }: (typeof signers)[number]) => {
    const session = await prepare(who, id, credential, { role });
    const { state } = await complete(who, session.id, rawBy(key, session.dtbs!));
    counted[state] = (counted[state] ?? 0) + 1;
    return state;
  };
  // Fifty of each, ten at a time as one office may ask; those that come too late to prepare are told so.
  const worker = async (signer: (typeof signers)[number]) => {
    for (let left = 5; left > 0; left--)
      await attempt(signer).catch((error) => expect(["WRONG_STATE", "CONFLICT"]).toContain(error.code));
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => worker(signers[index % 2]!)));
  // Whoever lost every race signs now.
  for (const signer of signers) await attempt(signer).catch((error) => expect(error.code).toBe("WRONG_STATE"));
  expect(counted["STORED"]).toBe(2);
  expect(Object.keys(counted).toSorted()).toEqual(expect.arrayContaining(["STORED"]));
  expect(counted["FAILED"]).toBeUndefined();
  const { revisions, file, status } = await documentNow(id);
  expect(status).toBe("SIGNED");
  expect(revisions.map(({ kind, ordinal }: any) => `${ordinal} ${kind}`)).toEqual([
    "1 DRAFT",
    "2 FOR_SIGNATURE",
    "3 SIGNED",
    "4 SIGNED",
  ]);
  const verdict = verifyPdf(await head.client.download(file.url), { anchors: [] });
  expect(verdict.signatures.map(({ field, integrity }) => `${field} ${integrity}`).toSorted()).toEqual([
    "CoSigner1 PASS",
    "Leader PASS",
  ]);
  await number(clerk, id);
  expect((await seal(clerk, id)).status).toBe("SEALED");
  expect(unitHead.keys.length).toBeGreaterThan(0);
  void sign;
}, 60_000);
