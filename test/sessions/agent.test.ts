import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addFields, signerFromKey, signPdf, verifyPdf } from "../../signing/index.ts";
import { documentVerifier } from "../../src/files/own-documents.ts";
import { PdfVerifier } from "../../src/files/pdf-verification.ts";
import { codeOf, type Colleague, colleague, draft, number, seal, sign, submit } from "../outgoing/office.ts";
import { qpdfComplaints } from "../signing/pdf-judges.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { heldKey, type HeldKey } from "../support/signing-services/key-holder.ts";
import { signAsAgent, withComment } from "../support/signing-services/vgca-agent.ts";
import { asSuperuser, enterKey, sessionFields, sessionNow } from "./keys.ts";

let app: TestApp;
let officer: Colleague, head: Colleague, clerk: Colleague;
const token = heldKey("rsa-2048");
const sealToken = heldKey("rsa-2048", "MST:9900000001");
let tokenId: string, sealId: string;
beforeAll(async () => {
  app = await startApp();
  [officer, head, clerk] = [
    await colleague(app, "chuyenvien.stc"),
    await colleague(app, "giamdoc.stc"),
    await colleague(app, "vanthu.stc"),
  ];
  tokenId = await enterKey(app, head, token, "VGCA");
  sealId = await enterKey(app, clerk, sealToken, "VGCA", {}, true);
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Ticket {
  readonly protocol: string;
  readonly endpoint: string;
  readonly payload: { FileName: string; FileUploadHandler: string; SessionId: string };
}

type Role = "LEADER" | "AGENCY_SEAL";
interface HandedOut {
  readonly documentId: string;
  readonly session: { id: string; state: string };
  readonly agent: Ticket;
}

/** A document that waits for the role's signature, and what the page gets for the agent. */
async function handedOut(role: Role = "LEADER"): Promise<HandedOut> {
  const { id: outgoingDocumentId } = await submit(officer, (await draft(officer)).id, head);
  if (role === "AGENCY_SEAL") {
    await sign(head, outgoingDocumentId);
    await number(clerk, outgoingDocumentId);
  }
  const [who, credentialId] = role === "LEADER" ? [head, tokenId] : [clerk, sealId];
  const made = await who.client.act(
    "prepareSignature",
    { outgoingDocumentId, credentialId, role },
    `{ session ${sessionFields} agent { protocol endpoint payload } }`,
  );
  return { documentId: outgoingDocumentId, ...(made as Omit<HandedOut, "documentId">) };
}

/** As the agent on the person's computer does: without any session of the server's. */
const here = (url: string) => new URL(new URL(url).pathname, app.url);
const get = (url: string) => fetch(here(url));
async function bringBack(url: string, file: Buffer, field = "uploadfile") {
  const form = new FormData();
  form.set("note", "x");
  form.set(field, new Blob([file as never], { type: "application/pdf" }), "ky.pdf");
  const response = await fetch(here(url), { method: "POST", body: form });
  return { status: response.status, answer: (await response.json()) as { Status?: number; Message?: string } };
}
const signedBy = ({ key, certificate, chain }: HeldKey, file: Buffer, name = "VGCASign1") =>
  signPdf(file, {
    field: { name, type: "signature", page: 0, rect: [300, 300, 400, 340] },
    signer: signerFromKey(key, certificate, chain),
    at: new Date(),
  });
/** What is to be read in a file, by another program; the file's own bytes where it is not installed. */
function textOf(pdf: Buffer): string {
  const { stdout, error } = spawnSync("pdftotext", ["-", "-"], { input: pdf });
  return error ? `${pdf.toString("latin1")}` : stdout.toString();
}
const documentNow = async (id: string) =>
  (
    await head.client.call(
      `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { status referenceCode issuedOn revisions { kind }
        signatures { field } file { url sha256 } } } }`,
      { id },
    )
  ).node;

test("the agent gets the file at one address, brings it back signed at another, and each works once", async () => {
  const { documentId, session, agent } = await handedOut();
  expect([session.state, agent.protocol]).toEqual(["WAITING_USER", "VGCA"]);
  expect(agent.endpoint).toBe("wss://127.0.0.1:8987/SignApproved");
  const response = await get(agent.payload.FileName);
  expect(response.status).toBe(200);
  const file = Buffer.from(await response.arrayBuffer());
  expect((await get(agent.payload.FileName)).status).toBe(404);
  const signed = await signedBy(token, file);
  expect(await bringBack(agent.payload.FileUploadHandler, signed)).toMatchObject({
    status: 200,
    answer: { Status: 0 },
  });
  expect((await bringBack(agent.payload.FileUploadHandler, signed)).status).toBe(404);
  expect((await sessionNow(head, session.id))?.state).toBe("STORED");
  expect(await documentNow(documentId)).toMatchObject({ status: "SIGNED", signatures: [{ field: "VGCASign1" }] });
  await number(clerk, documentId);
  const { file: sealedFile } = await seal(clerk, documentId);
  const sealed = await clerk.client.download(sealedFile.url);
  expect(sealed.subarray(0, signed.length).equals(signed)).toBe(true);
  expect(verifyPdf(sealed, { anchors: [] }).integrity).toBe("PASS");
});

test("the agent that seals gets number and date in the file, and its one signature covers them", async () => {
  const { documentId, session, agent } = await handedOut("AGENCY_SEAL");
  expect(agent.endpoint).toBe("wss://127.0.0.1:8987/SignPDF");
  const before = await documentNow(documentId);
  const leaders = await clerk.client.download(before.file.url);
  const file = Buffer.from(await (await get(agent.payload.FileName)).arrayBuffer());
  expect(file.subarray(0, leaders.length).equals(leaders)).toBe(true);
  // Nobody but the agent sees it: the document is still what the leader signed.
  expect((await documentNow(documentId)).file).toEqual(before.file);
  const signed = await signAsAgent(file, sealToken, new Date());
  expect((await bringBack(agent.payload.FileUploadHandler, signed)).answer.Status).toBe(0);
  expect((await sessionNow(clerk, session.id))?.state).toBe("STORED");

  const { status, referenceCode, issuedOn, revisions, file: now } = await documentNow(documentId);
  expect([status, revisions.at(-1).kind]).toEqual(["SEALED", "SEALED"]);
  const sealed = await clerk.client.download(now.url);
  expect(sealed.equals(signed)).toBe(true);
  const { signatures, integrity } = verifyPdf(sealed, { anchors: [] });
  expect(integrity).toBe("PASS");
  expect(signatures.map(({ coverage, modificationLevel }) => [coverage, modificationLevel])).toEqual([
    ["ENTIRE_REVISION", "FORM_FILLING"],
    ["ENTIRE_FILE", "NONE"],
  ]);
  expect(qpdfComplaints(sealed)).toBe("");
  const text = textOf(sealed);
  expect(text).toContain(referenceCode.split("/")[0]);
  expect(text).toContain(`ngày ${issuedOn.slice(8)}`);
  const issued = await clerk.client.act(
    "dispatchOutgoingDocument",
    { outgoingDocumentId: documentId },
    "{ outgoingDocument { status } }",
  );
  expect(issued.outgoingDocument.status).toBe("DISPATCHED");
});

test("forged, exchanged and late addresses open nothing", async () => {
  const { agent, session } = await handedOut();
  const { FileName, FileUploadHandler } = agent.payload;
  for (const url of [
    `${FileName.slice(0, -3)}AAA`,
    FileName.replace("/download/", "/upload/"),
    FileUploadHandler.replace("/upload/", "/download/"),
    FileName.replace(/\/[0-9a-f-]{36}\/([0-9a-f-]{36})\//, "/00000000-0000-7000-8000-000000000000/$1/"),
  ])
    expect((await get(url)).status, url).not.toBe(200);
  try {
    app.setClock(new Date(Date.now() + 16 * 60_000));
    expect((await get(FileName)).status).toBe(404);
  } finally {
    app.setClock(null);
  }
  expect((await sessionNow(head, session.id))?.state).toBe("WAITING_USER");
});

type Change = (file: Buffer, own: HeldKey) => Buffer | Promise<Buffer>;
const changes: readonly [string, string, Change][] = [
  ["the same file", "NOT_OUR_FILE", (file) => file],
  [
    "another file",
    "NOT_OUR_FILE",
    (file, own) =>
      signedBy(
        own,
        Buffer.concat([Buffer.from("%PDF-1.7\n"), file])
          .subarray(9)
          .fill("%", 9, 15),
      ),
  ],
  ["another person's signature", "OTHER_SIGNER", (file) => signedBy(heldKey("rsa-2048", "CCCD:001093000009"), file)],
  ["two signatures", "SEVERAL_NEW_SIGNATURES", async (file, own) => signedBy(own, await signedBy(own, file), "Again")],
  ["an unsigned change", "NO_NEW_SIGNATURE", (file) => addFields(file, [extra], { evenIfSigned: true })],
  ["something written on the page before the signature", "CHANGED", (file, own) => signedBy(own, withComment(file))],
  [
    "something appended behind the signature",
    "NOT_COVERED",
    async (file, own) => withComment(await signedBy(own, file)),
  ],
  ["a signature of last year", "OUT_OF_TIME", (file, own) => signAsAgent(file, own, new Date("2026-02-03"))],
  ["no PDF", "NOT_OUR_FILE", () => Buffer.from("MZ\u0090")],
  ["a file cut off", "UNREADABLE", async (file, own) => (await signedBy(own, file)).subarray(0, -30)],
];
const extra = { name: "Extra", type: "text", page: 0, rect: [9, 9, 90, 30], fontSize: 9, alignment: "left" } as const;

describe.each([
  ["LEADER", "AWAITING_SIGNATURE", "FOR_SIGNATURE"],
  ["AGENCY_SEAL", "NUMBERED", "SIGNED"],
] as const)("brought back for %s", (role, status, newest) => {
  test.each(changes)("%s goes into quarantine with its reason, and the document stays", async (_, reason, change) => {
    const { documentId, session, agent } = await handedOut(role);
    const [who, own] = role === "LEADER" ? [head, token] : [clerk, sealToken];
    const file = Buffer.from(await (await get(agent.payload.FileName)).arrayBuffer());
    const { answer } = await bringBack(agent.payload.FileUploadHandler, await change(Buffer.from(file), own));
    expect(answer.Status).toBe(1);
    const now = await sessionNow(who, session.id);
    expect(now?.state).toBe("FAILED");
    expect(now?.error?.details.reasons.map(({ code }: { code: string }) => code)).toContain(reason);
    const document = await documentNow(documentId);
    expect([document.status, document.revisions.at(-1).kind]).toEqual([status, newest]);
    const { rows } = await asSuperuser(app, (database) =>
      database.query("select quarantined_sha256 is not null as kept from signing_session where id = $1", [
        Buffer.from(session.id, "base64url").toString().split(":")[1],
      ]),
    );
    expect(rows[0].kept).toBe(true);
  });
});

test("the seal's key signs nothing by the agent before the leader has, nor the leader's key the seal", async () => {
  const { id: outgoingDocumentId } = await submit(officer, (await draft(officer)).id, head);
  const attempt = (who: Colleague, credentialId: string, role: Role) =>
    codeOf(who.client.act("prepareSignature", { outgoingDocumentId, credentialId, role }, "{ session { id } }"));
  expect(await attempt(clerk, sealId, "AGENCY_SEAL")).toBe("WRONG_STATE");
  expect(await attempt(clerk, sealId, "LEADER")).toBe("FORBIDDEN");
  await sign(head, outgoingDocumentId);
  await number(clerk, outgoingDocumentId);
  expect(await attempt(head, tokenId, "AGENCY_SEAL")).toBe("FORBIDDEN");
});

test("a file that a thread cannot judge in its time is put aside, and the server answers meanwhile", async () => {
  const { session, agent } = await handedOut();
  const file = Buffer.from(await (await get(agent.payload.FileName)).arrayBuffer());
  const checkUpload = documentVerifier.checkUpload.bind(documentVerifier);
  const slow = new PdfVerifier({ milliseconds: 1 });
  documentVerifier.checkUpload = (upload) => slow.checkUpload(upload);
  try {
    await bringBack(agent.payload.FileUploadHandler, await signedBy(token, file));
  } finally {
    documentVerifier.checkUpload = checkUpload;
  }
  const reasons = (await sessionNow(head, session.id))?.error?.details.reasons;
  expect(reasons).toEqual([{ code: "UNREADABLE", detail: "LIMIT_EXCEEDED" }]);
});

test("a form without the file is refused", async () => {
  const { agent } = await handedOut();
  expect((await bringBack(agent.payload.FileUploadHandler, Buffer.from("x"), "other")).status).toBe(400);
});
