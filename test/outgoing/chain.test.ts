import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listFields, verifyPdf } from "../../signing/index.ts";
import { type ChainEntry, checkedChain, defaultChain, fieldsOfChain, statusesOf } from "../../src/outgoing/chain.ts";
import { readWords } from "../forms/poppler.ts";
import { pdfsigVerdicts, qpdfComplaints } from "../signing/pdf-judges.ts";
import { startApp, type TestApp } from "../support/app.ts";
import {
  act,
  codeOf,
  type Colleague,
  colleague,
  decision,
  demoPin,
  draft,
  number,
  seal,
  sign,
  submit,
} from "./office.ts";

let app: TestApp;
let root: Buffer;
let officer: Colleague, unitHead: Colleague, deputy: Colleague, head: Colleague, clerk: Colleague;
beforeAll(async () => {
  app = await startApp();
  root = new X509Certificate(readFileSync(join(app.dataDirectory, "trust", "demo-root.pem"))).raw;
  [officer, unitHead, deputy, head, clerk] = (await Promise.all(
    ["chuyenvien", "truongphong", "phogiamdoc", "giamdoc", "vanthu"].map((name) => colleague(app, `${name}.sxd`)),
  )) as [Colleague, Colleague, Colleague, Colleague, Colleague];
});
afterAll(() => app?.[Symbol.asyncDispose]());

const entry = (role: ChainEntry["role"], turn: number, who: string | null = role, isRequired = true): ChainEntry => ({
  role,
  turn,
  isRequired,
  appointmentId: role === "AGENCY_SEAL" ? null : who,
  positionId: null,
});

describe("the rules of a chain", () => {
  const codes = (chain: ChainEntry[]) => {
    try {
      return checkedChain(chain).map(({ role, turn }) => `${role}${turn}`);
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  test("turns count from 1, and steps stand in their order", () => {
    expect(codes([entry("AGENCY_SEAL", 9), entry("LEADER", 5), entry("INITIALS", 2), entry("CO_SIGNER", 5)])).toEqual([
      "INITIALS1",
      "LEADER2",
      "CO_SIGNER2",
      "AGENCY_SEAL3",
    ]);
    expect(codes([...defaultChain])).toEqual(["LEADER1", "AGENCY_SEAL2"]);
  });
  test.each<[string, ChainEntry[]]>([
    ["no seal", [entry("LEADER", 1)]],
    ["two leaders", [entry("LEADER", 1, "a"), entry("LEADER", 1, "b"), entry("AGENCY_SEAL", 2)]],
    ["the seal with the leader", [entry("LEADER", 1), entry("AGENCY_SEAL", 1)]],
    ["the seal before a co-signer", [entry("LEADER", 1), entry("AGENCY_SEAL", 2), entry("CO_SIGNER", 3)]],
    ["initials after the leader", [entry("LEADER", 1), entry("INITIALS", 2), entry("AGENCY_SEAL", 3)]],
    ["initials with the leader", [entry("LEADER", 1), entry("INITIALS", 1), entry("AGENCY_SEAL", 3)]],
    ["an optional leader", [entry("LEADER", 1, "a", false), entry("AGENCY_SEAL", 2)]],
    ["initials of nobody", [entry("INITIALS", 1, null), entry("LEADER", 2), entry("AGENCY_SEAL", 3)]],
    [
      "somebody twice",
      [entry("INITIALS", 1, "a"), entry("INITIALS", 2, "a"), entry("LEADER", 3), entry("AGENCY_SEAL", 4)],
    ],
    ["two who answer for content", [entry("CONTENT", 1, "a"), entry("CONTENT", 1, "b"), entry("LEADER", 2), entry("AGENCY_SEAL", 3)]], // prettier-ignore
    ["a turn of zero", [entry("LEADER", 0), entry("AGENCY_SEAL", 2)]],
    ["ten initials", [...Array.from({ length: 10 }, (_, n) => entry("INITIALS", 1, `${n}`)), entry("LEADER", 2), entry("AGENCY_SEAL", 3)]], // prettier-ignore
  ])("%s is refused", (_, chain) => expect(codes(chain)).toBe("BAD_INPUT"));

  test("every step has a field of its own", () => {
    const chain = [entry("INITIALS", 1, "a"), entry("INITIALS", 1, "b"), entry("CO_SIGNER", 2), ...defaultChain];
    expect(fieldsOfChain(chain)).toEqual(["Initials1", "Initials2", "CoSigner1", "Leader", "Seal"]);
  });

  test("a turn opens when nothing required is left before it; what is optional keeps nobody waiting", () => {
    const at = (statuses: string[], required = [true, true, true, true]) =>
      statusesOf(
        (["INITIALS", "INITIALS", "LEADER", "AGENCY_SEAL"] as const).map((role, index) => ({
          role,
          turn: [1, 1, 2, 3][index]!,
          isRequired: required[index]!,
          status: statuses[index] as "WAITING",
        })),
      ).join();
    expect(at(["WAITING", "WAITING", "WAITING", "WAITING"])).toBe("READY,READY,WAITING,WAITING");
    expect(at(["SIGNED", "READY", "WAITING", "WAITING"])).toBe("SIGNED,READY,WAITING,WAITING");
    expect(at(["SIGNED", "READY", "WAITING", "WAITING"], [true, false, true, true])).toBe("SIGNED,READY,READY,WAITING");
    expect(at(["SIGNED", "SKIPPED", "SIGNED", "WAITING"])).toBe("SIGNED,SKIPPED,SIGNED,READY");
  });
});

const chainFields = `{ outgoingDocument { status awaitingMySignature signingChain { role turn status reason field isRequired
  appointment { id } doneBy { id } signatureBlock { lines fullName } } } }`;
const setChain = (who: Colleague, outgoingDocumentId: string, steps: object[]) =>
  who.client.act("setSigningChain", { outgoingDocumentId, steps }, chainFields);
const chainNow = async (who: Colleague, id: string) => {
  const { node } = await who.client.call(
    `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { status awaitingMySignature
       signingChain { role status reason field } revisions { kind } file { url } } } }`,
    { id },
  );
  return node;
};
const statuses = async (who: Colleague, id: string) =>
  (await chainNow(who, id)).signingChain.map(({ role, status }: any) => `${role} ${status}`);
const toSign = async (who: Colleague) =>
  (
    await who.client.call(`{ outgoingDocuments(filter: { toSignByMe: true }) { nodes { id } } }`)
  ).outgoingDocuments.nodes.map(({ id }: any) => id);
const fullChain = () => [
  { role: "CONTENT", turn: 1, appointmentId: unitHead.appointmentId },
  { role: "INITIALS", turn: 1, appointmentId: unitHead.appointmentId },
  { role: "FORMAT", turn: 2, appointmentId: officer.appointmentId, isRequired: false },
  { role: "CO_SIGNER", turn: 3, appointmentId: deputy.appointmentId },
  { role: "LEADER", turn: 3 },
  { role: "AGENCY_SEAL", turn: 4 },
];

test("a document without a chain of its own has leader and seal", async () => {
  const { id } = await draft(officer);
  expect(await statuses(officer, id)).toEqual(["LEADER WAITING", "AGENCY_SEAL WAITING"]);
  await submit(officer, id, head);
  expect(await statuses(officer, id)).toEqual(["LEADER READY", "AGENCY_SEAL WAITING"]);
  await sign(head, id);
  expect(await statuses(officer, id)).toEqual(["LEADER SIGNED", "AGENCY_SEAL READY"]);
  expect(await toSign(clerk)).toContain(id);
});

test("content, initials, layout, two signatures and the seal, each in its turn on the bytes of the one before", async () => {
  const { id } = await draft(officer, decision);
  const set = await setChain(officer, id, fullChain());
  expect(set.outgoingDocument.signingChain.map(({ status }: any) => status)).toEqual(Array(6).fill("WAITING"));
  await submit(officer, id, head);
  expect(await codeOf(setChain(officer, id, fullChain()))).toBe("WRONG_STATE");

  // Nobody signs before the turn, and nobody for another.
  expect(await codeOf(sign(head, id))).toBe("WRONG_STATE");
  expect(await codeOf(sign(deputy, id, { role: "LEADER" }))).toBe("FORBIDDEN");
  expect(await codeOf(sign(head, id, { role: "INITIALS" }))).toBe("FORBIDDEN");
  expect(await codeOf(sign(head, id, { role: "AGENCY_SEAL" }))).toBe("BAD_INPUT");
  expect(await codeOf(act(unitHead, "confirmSigningStep", { outgoingDocumentId: id, role: "INITIALS" }))).toBe(
    "BAD_INPUT",
  );
  expect([await toSign(unitHead), await toSign(head)].map((ids) => ids.includes(id))).toEqual([true, false]);

  await act(unitHead, "confirmSigningStep", { outgoingDocumentId: id, role: "CONTENT", comment: "đã rà soát" });
  expect(await codeOf(act(unitHead, "confirmSigningStep", { outgoingDocumentId: id, role: "CONTENT" }))).toBe(
    "WRONG_STATE",
  );
  await sign(unitHead, id, { role: "INITIALS" });
  expect(await statuses(head, id)).toEqual([
    "CONTENT SIGNED",
    "INITIALS SIGNED",
    "FORMAT READY",
    "CO_SIGNER READY",
    "LEADER READY",
    "AGENCY_SEAL WAITING",
  ]);
  expect((await chainNow(head, id)).awaitingMySignature).toBe(true);
  expect((await sign(head, id)).status).toBe("AWAITING_SIGNATURE");
  expect(await codeOf(sign(head, id))).toBe("WRONG_STATE");
  expect(await codeOf(number(clerk, id))).toBe("WRONG_STATE");
  expect((await sign(deputy, id, { role: "CO_SIGNER" })).status).toBe("SIGNED");
  expect(await statuses(head, id)).toContain("FORMAT SKIPPED");
  expect((await chainNow(head, id)).signingChain[2].reason).toMatch(/không bắt buộc/);
  await number(clerk, id);
  await seal(clerk, id);

  const document = await chainNow(clerk, id);
  expect(document.revisions.map(({ kind }: any) => kind)).toEqual([
    "DRAFT",
    "FOR_SIGNATURE",
    "INITIALLED",
    "SIGNED",
    "SIGNED",
    "SEALED",
  ]);
  const pdf = await clerk.client.download(document.file.url);
  expect(
    listFields(pdf)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(
    ["Arrival", "Content", "Copy", "CoSigner1", "Date", "Format", "Initials1", "Leader", "Number", "Seal"].toSorted(),
  );
  expect(qpdfComplaints(pdf)).toBe("");
  expect(pdfsigVerdicts(pdf)).toEqual(Array(4).fill("Signature is Valid"));
  const verdict = verifyPdf(pdf, { anchors: [root] });
  expect(verdict.integrity).toBe("PASS");
  expect(verdict.signatures.map(({ field }) => field)).toEqual(["Initials1", "Leader", "CoSigner1", "Seal"]);
  const text = readWords(pdf)
    .words.map((word) => word.text)
    .join(" ");
  expect(text).toContain("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC");
});

test("who may sign may return instead: the chain ends, and runs anew after the next submission", async () => {
  const { id } = await draft(officer);
  await setChain(officer, id, fullChain());
  await submit(officer, id, head);
  await act(unitHead, "confirmSigningStep", { outgoingDocumentId: id, role: "CONTENT" });
  // Not by who has no open step.
  expect(
    await codeOf(act(deputy, "reviewDraft", { outgoingDocumentId: id, decision: "RETURNED", comment: "chưa" })),
  ).toBe("WRONG_STATE");
  const back = await act(unitHead, "reviewDraft", {
    outgoingDocumentId: id,
    decision: "RETURNED",
    comment: "thiếu căn cứ pháp lý",
  });
  expect(back).toMatchObject({ status: "DRAFT", signatureBlock: null });
  const { signingChain } = await chainNow(officer, id);
  expect(signingChain.map(({ role, status }: any) => `${role} ${status}`)).toEqual([
    "CONTENT WAITING",
    "INITIALS RETURNED",
    "FORMAT WAITING",
    "CO_SIGNER WAITING",
    "LEADER WAITING",
    "AGENCY_SEAL WAITING",
  ]);
  expect(signingChain[1].reason).toBe("thiếu căn cứ pháp lý");
  await submit(officer, id, head);
  expect((await statuses(officer, id)).slice(0, 3)).toEqual(["CONTENT READY", "INITIALS READY", "FORMAT WAITING"]);
});

test("a chain names people of the agency who may do it, and its leader is the signer", async () => {
  const { id } = await draft(officer);
  const leaderAndSeal = [
    { role: "LEADER", turn: 2 },
    { role: "AGENCY_SEAL", turn: 3 },
  ];
  const outsider = await colleague(app, "giamdoc.stc");
  for (const appointmentId of [outsider.appointmentId, officer.appointmentId])
    expect(await codeOf(setChain(officer, id, [{ role: "CO_SIGNER", turn: 1, appointmentId }, ...leaderAndSeal]))).toBe(
      "BAD_INPUT",
    );
  await setChain(officer, id, [{ ...leaderAndSeal[0], appointmentId: deputy.appointmentId }, leaderAndSeal[1]!]);
  expect(await codeOf(submit(officer, id, head))).toBe("BAD_INPUT");
  await submit(officer, id, deputy);
  expect(await statuses(officer, id)).toEqual(["LEADER READY", "AGENCY_SEAL WAITING"]);
});

test("a position's step is taken by who holds it, who sees the document for it", async () => {
  const { viewer } = await unitHead.client.call("{ viewer { appointment { position { id } } } }");
  const { id } = await draft(officer);
  await setChain(officer, id, [
    { role: "INITIALS", turn: 1, positionId: viewer.appointment.position.id },
    { role: "LEADER", turn: 2 },
    { role: "AGENCY_SEAL", turn: 3 },
  ]);
  await submit(officer, id, head);
  expect(await toSign(unitHead)).toContain(id);
  await sign(unitHead, id, { role: "INITIALS" });
  expect((await sign(head, id)).status).toBe("SIGNED");
});

test("an uploaded file gets a free place for every step", async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
  page.drawText("GIAM DOC", { x: 380, y: 300 });
  page.drawText("Nguyen Thi Thanh Ha", { x: 360, y: 200 });
  const fileId = await officer.client.upload(await pdf.save(), "to-trinh.pdf");
  const { id } = await draft(officer, { typeCode: "TTR", subject: "Về việc đầu tư", fileId });
  await setChain(officer, id, fullChain());
  await submit(officer, id, head);
  await act(unitHead, "confirmSigningStep", { outgoingDocumentId: id, role: "CONTENT" });
  await sign(unitHead, id, { role: "INITIALS" });
  await sign(deputy, id, { role: "CO_SIGNER", pin: demoPin });
  await sign(head, id);
  await number(clerk, id);
  const { file } = await seal(clerk, id);
  const sealed = await clerk.client.download(file.url);
  const signatures = verifyPdf(sealed, { anchors: [root] });
  expect([signatures.integrity, signatures.signatures.length]).toEqual(["PASS", 4]);
  const rects = listFields(sealed).flatMap(({ name, rect, page: at }) =>
    rect && at === 0 && name !== "Seal" ? [rect] : [],
  );
  for (const [index, a] of rects.entries())
    for (const b of rects.slice(index + 1))
      // A filled line is a little higher than its text.
      expect(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] + 1 || b[3] <= a[1] + 1, `${a} ${b}`).toBe(true);
});
