import { afterAll, beforeAll, expect, test } from "vitest";
import { addFields, signerFromKey, signPdf, verifyPdf } from "../../signing/index.ts";
import { type Colleague, colleague, draft, number, seal, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { heldKey, type HeldKey } from "../support/signing-services/key-holder.ts";
import { asSuperuser, enterKey, sessionFields, sessionNow } from "./keys.ts";

let app: TestApp;
let officer: Colleague, head: Colleague, clerk: Colleague;
let token: HeldKey;
let tokenId: string;
beforeAll(async () => {
  app = await startApp();
  [officer, head, clerk] = [
    await colleague(app, "chuyenvien.stc"),
    await colleague(app, "giamdoc.stc"),
    await colleague(app, "vanthu.stc"),
  ];
  token = heldKey("rsa-2048");
  tokenId = await enterKey(app, head, token, "VGCA");
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Ticket {
  readonly protocol: string;
  readonly endpoint: string;
  readonly payload: { FileName: string; FileUploadHandler: string; SessionId: string };
}

async function handedOut(): Promise<{ documentId: string; session: { id: string; state: string }; agent: Ticket }> {
  const { id: documentId } = await submit(officer, (await draft(officer)).id, head);
  const made = await head.client.act(
    "prepareSignature",
    { outgoingDocumentId: documentId, credentialId: tokenId },
    `{ session ${sessionFields} agent { protocol endpoint payload } }`,
  );
  return { documentId, ...(made as { session: { id: string; state: string }; agent: Ticket }) };
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
const documentNow = async (id: string) =>
  (
    await head.client.call(
      `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { status signatures { field } file { url } } } }`,
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

test.each<[string, string, (file: Buffer) => Promise<Buffer>]>([
  ["the same file", "NOT_OUR_FILE", (file) => Promise.resolve(file)],
  [
    "another file",
    "NOT_OUR_FILE",
    (file) =>
      signedBy(
        token,
        Buffer.concat([Buffer.from("%PDF-1.7\n"), file])
          .subarray(9)
          .fill("%", 9, 15),
      ),
  ],
  ["another person's signature", "OTHER_SIGNER", (file) => signedBy(heldKey("rsa-2048", "CCCD:001093000009"), file)],
  ["two signatures", "SEVERAL_NEW_SIGNATURES", async (file) => signedBy(token, await signedBy(token, file), "Again")],
  [
    "an unsigned change",
    "NO_NEW_SIGNATURE",
    (file) =>
      Promise.resolve(
        addFields(file, [
          { name: "Extra", type: "text", page: 0, rect: [9, 9, 90, 30], fontSize: 9, alignment: "left" },
        ]),
      ),
  ],
])("%s goes into quarantine with its reason, and the document stays", async (_, reason, change) => {
  const { documentId, session, agent } = await handedOut();
  const file = Buffer.from(await (await get(agent.payload.FileName)).arrayBuffer());
  const { answer } = await bringBack(agent.payload.FileUploadHandler, await change(Buffer.from(file)));
  expect(answer.Status).toBe(1);
  const now = await sessionNow(head, session.id);
  expect(now?.state).toBe("FAILED");
  expect(now?.error?.details.reasons.map(({ code }: { code: string }) => code)).toContain(reason);
  expect((await documentNow(documentId)).status).toBe("AWAITING_SIGNATURE");
  const { rows } = await asSuperuser(app, (database) =>
    database.query("select quarantined_sha256 is not null as kept from signing_session where id = $1", [
      Buffer.from(session.id, "base64url").toString().split(":")[1],
    ]),
  );
  expect(rows[0].kept).toBe(true);
});

test("a form without the file is refused", async () => {
  const { agent } = await handedOut();
  expect((await bringBack(agent.payload.FileUploadHandler, Buffer.from("x"), "other")).status).toBe(400);
});
