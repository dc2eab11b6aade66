import { createServer } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { agentDataRequest, agentRequest, agentUploadAnswer } from "../../../signing/keys/vgca/agent-request.ts";
import {
  checkAgentUpload,
  type AgentUpload,
  type AgentUploadVerdict,
} from "../../../signing/keys/vgca/agent-upload.ts";
import { signerFromKey } from "../../../signing/keys/signer.ts";
import { addFields } from "../../../signing/sign/fields.ts";
import { signPdf } from "../../../signing/sign/sign.ts";
import { generateKeys, issueCertificate, issueRoot } from "../../../signing/issue/certificates.ts";
import { readCertificate } from "../../../signing/x509/certificates.ts";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { heldKey, serviceRoot } from "../../support/signing-services/key-holder.ts";
import { listen } from "../../support/signing-services/service-server.ts";
import { signAsAgent, startVgcaAgent, type AgentFaults } from "../../support/signing-services/vgca-agent.ts";
import { blankDocument } from "../pdf-documents.ts";
import { at, field } from "./deferred.ts";

const officer = heldKey("rsa-2048");
const { serial } = readCertificate(officer.certificate);
const document = await blankDocument("table");
/** With the leader's signature on it, and a field that waits for the seal. */
const signedByLeader = await (async () => {
  const prepared = addFields(document, [field("LanhDao"), { ...field("ConDau"), rect: [60, 100, 200, 160] }]);
  const leader = heldKey("ec-p256", "CCCD:LEADER");
  return signPdf(prepared, { field: "LanhDao", signer: signerFromKey(leader.key, leader.certificate, []), at });
})();

const older = await signAsAgent(document, officer, at);

const allowed = { from: new Date(at.getTime() - 60_000), until: new Date(at.getTime() + 19 * 60_000) };
const expectation = { expectedSigner: { certificate: officer.certificate }, at, allowed };

/** The whole way: ticket, page, agent, download, signature, upload, verdict. */
async function throughAgent(sent: Buffer, faults: AgentFaults = {}, more: Partial<AgentUpload> = {}) {
  let verdict: AgentUploadVerdict | undefined;
  let received: Buffer | undefined;
  const server = createServer(async (request, response) => {
    if (request.method === "GET") return response.writeHead(200, { "content-type": "application/pdf" }).end(sent);
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const form = await new Response(new Uint8Array(Buffer.concat(parts)), {
      headers: { "content-type": request.headers["content-type"]! },
    }).formData();
    const file = form.get("uploadfile") as File;
    received = Buffer.from(await file.arrayBuffer());
    verdict = checkAgentUpload({ sent, received, ...expectation, ...more });
    const accepted = verdict.verdict === "ACCEPTED";
    const answer = agentUploadAnswer({
      accepted,
      message: accepted ? "" : "Không nhận",
      fileName: file.name,
      fileUrl: "/x",
    });
    return response.end(JSON.stringify(answer));
  });
  const port = await listen(server);
  await using agent = await startVgcaAgent({ held: officer, faults, at });
  const ready = agentRequest({
    operation: "SignApproved",
    downloadUrl: `http://127.0.0.1:${port}/tai-ve/abc`,
    uploadUrl: `http://127.0.0.1:${port}/tai-len/def`,
    token: "mot-lan",
  });
  const page = new WebSocket(ready.endpoint.replace("wss://127.0.0.1:8987/", agent.url));
  page.onopen = () => page.send(ready.message);
  const answer = await new Promise<{ Status: number; FileServer: string }>((resolve, reject) => {
    page.onmessage = ({ data }) => resolve(JSON.parse(String(data)) as never);
    page.onerror = () => reject(new Error("the agent is gone"));
  });
  page.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { verdict, received, answer, asked: agent.asked };
}

describe("a file that went to the agent and came back", () => {
  test.each([
    ["unsigned before", document],
    ["signed before by the leader", signedByLeader],
  ])("is accepted: %s", async (_, sent) => {
    const { verdict, received, answer, asked } = await throughAgent(sent);
    expect(verdict).toMatchObject({ verdict: "ACCEPTED", signature: { integrity: "PASS", coverage: "ENTIRE_FILE" } });
    expect(answer).toMatchObject({ Status: 0, FileServer: "/x" });
    expect(asked).toMatchObject([{ operation: "SignApproved", message: { SessionId: "", JWTToken: "mot-lan" } }]);
    expect(verifyPdf(received!, { anchors: [serviceRoot], at }).integrity).toBe("PASS");
  });

  test("is accepted as a certification that leaves forms and signatures open", async () => {
    expect((await throughAgent(document, { certifies: 2 })).verdict).toMatchObject({ verdict: "ACCEPTED" });
  });

  const stranger = heldKey("rsa-2048");
  test.each<[string, Buffer, AgentFaults, string]>([
    ["one byte changed", document, { altered: true }, "NOT_OUR_FILE"],
    ["written anew", document, { rewritten: true }, "NOT_OUR_FILE"],
    ["two signatures", document, { twice: true }, "SEVERAL_NEW_SIGNATURES"],
    ["no signature", document, { unsigned: true }, "NO_NEW_SIGNATURE"],
    ["another signer", document, { otherSigner: true }, "OTHER_SIGNER"],
    ["another certificate with the same name and UID", document, { forged: stranger }, "OTHER_SIGNER"],
    ["something behind the signature", document, { appended: true }, "NOT_COVERED"],
    ["the page changed with the signature", document, { changedPage: true }, "CHANGED"],
    ["the page changed under the leader's signature", signedByLeader, { changedPage: true }, "CHANGED"],
    ["an older file of the same person", signedByLeader, { replayed: older }, "NOT_OUR_FILE"],
    ["the file itself, unchanged", document, { replayed: document }, "NOT_OUR_FILE"],
    ["an empty file", document, { replayed: Buffer.alloc(0) }, "NOT_OUR_FILE"],
    ["a certification that shuts out the seal", document, { certifies: 1 }, "WRONG_KIND"],
  ])("goes into quarantine: %s", async (_, sent, faults, code) => {
    const { verdict, answer } = await throughAgent(sent, faults);
    expect(verdict).toMatchObject({ verdict: "QUARANTINE" });
    const codes = verdict?.verdict === "QUARANTINE" ? verdict.reasons.map((reason) => reason.code) : [];
    expect(codes).toContain(code);
    expect(answer).toMatchObject({ Status: 1, FileServer: "" });
  });

  test("out of time: given back too late, or said to be signed before it was handed out", async () => {
    const late = { at: new Date(allowed.until.getTime() + 1) };
    expect((await throughAgent(document, {}, late)).verdict).toMatchObject({
      reasons: [{ code: "OUT_OF_TIME", detail: "received" }],
    });
    const later = { from: new Date(at.getTime() + 3_600_000), until: new Date(at.getTime() + 7_200_000) };
    const backdated = { at: new Date(at.getTime() + 3_700_000), allowed: later };
    expect((await throughAgent(document, {}, backdated)).verdict).toMatchObject({
      reasons: [{ code: "OUT_OF_TIME", detail: "claimed" }],
    });
  });

  test("an arrival mark on a letter whose own signature is broken: only what is new is judged", async () => {
    const broken = Buffer.from(signedByLeader);
    const contents = broken.indexOf("/Contents <") + 11;
    // The signature value stands in front of the zeros that fill the hole.
    const end = broken.toString("latin1", contents).search(/(?:00)+>/);
    const place = contents + end - 20 - (end % 2);
    const byte = Number.parseInt(broken.toString("latin1", place, place + 2), 16) ^ 1;
    broken.write(byte.toString(16).padStart(2, "0"), place, "latin1");
    expect(verifyPdf(broken, { anchors: [], at }).integrity).toBe("FAIL");
    expect((await throughAgent(broken)).verdict).toMatchObject({ verdict: "ACCEPTED" });
    expect((await throughAgent(broken, { changedPage: true })).verdict).toMatchObject({ verdict: "QUARANTINE" });
  });

  test("the person declines: nothing comes back", async () => {
    const { verdict, answer } = await throughAgent(document, { declines: true });
    expect(verdict).toBeUndefined();
    expect(answer.Status).not.toBe(0);
  });
});

describe("who is expected", () => {
  let received: Buffer;
  beforeAll(async () => {
    received = await signAsAgent(document, officer, at);
  });
  const check = (more: Partial<AgentUpload>) => checkAgentUpload({ sent: document, received, ...expectation, ...more });

  test("by number or UID, with the trust anchors that make these count", () => {
    const chain = { anchors: [officer.chain[0]!] };
    const uid = "CCCD:001093000001";
    expect(check({ expectedSigner: { serial }, ...chain }).verdict).toBe("ACCEPTED");
    expect(check({ expectedSigner: { serial: `00:${serial.toLowerCase()}` }, ...chain }).verdict).toBe("ACCEPTED");
    expect(check({ expectedSigner: { uid }, ...chain }).verdict).toBe("ACCEPTED");
    for (const wrong of [{ serial: "01" }, { uid: "CCCD:001" }, { uid: "Trần Văn Được" }, { uid, serial: "01" }]) {
      expect(check({ expectedSigner: wrong, ...chain })).toMatchObject({ reasons: [{ code: "OTHER_SIGNER" }] });
    }
  });

  test("nobody, or somebody who could not be told from a forger: that is a mistake of the caller's", () => {
    for (const expectedSigner of [{}, { serial }, { uid: "CCCD:001093000001" }]) {
      expect(() => check({ expectedSigner })).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
    }
  });

  test("a certificate that somebody made up leads to no anchor, however well it is named", async () => {
    const keys = generateKeys("rsa-2048");
    const own = generateKeys("rsa-2048");
    const { issuer } = readCertificate(officer.certificate);
    const validity = { notBefore: new Date("2026-01-01"), notAfter: new Date("2036-01-01") };
    const subject = { C: "VN", O: "Doanh nghiệp chứng thực", CN: "CA công cộng thử nghiệm" };
    const authority = issueRoot({ subject, key: own.privateKey, ...validity });
    expect(readCertificate(authority).subject.text).toBe(issuer.text);
    const certificate = issueCertificate({
      subject: { C: "VN", L: "Huế", O: "Sở Y tế", CN: "Trần Văn Được", UID: "CCCD:001093000001" },
      publicKey: keys.publicKey,
      issuer: { key: own.privateKey, certificate: authority },
      usage: "person",
      ...validity,
    });
    const forged = await signAsAgent(document, { key: keys.privateKey, certificate, chain: [] }, at);
    const uid = "CCCD:001093000001";
    const verdict = check({ received: forged, expectedSigner: { uid }, anchors: [officer.chain[0]!] });
    expect(verdict).toMatchObject({ verdict: "QUARANTINE", reasons: [{ code: "NOT_TRUSTED" }] });
  });

  test("a certificate that is over", async () => {
    const old = heldKey("rsa-2048", "CCCD:003", new Date("2026-08-02T00:00:00Z"));
    const file = await signAsAgent(document, old, at);
    const later = new Date("2026-08-03T00:00:00Z");
    const expected = { certificate: old.certificate };
    const verdict = check({ received: file, expectedSigner: expected, at: later, allowed: { from: at, until: later } });
    expect(verdict).toMatchObject({ reasons: [{ code: "CERTIFICATE_NOT_VALID" }] });
  });

  test("damaged files are a verdict too, not an error", () => {
    for (let i = 0; i < 60; i++) {
      const damaged = Buffer.from(received);
      damaged[document.length + ((i * 7919) % (received.length - document.length))]! ^= 1 << (i % 8);
      const cut =
        i % 3 ? damaged : damaged.subarray(0, document.length + ((i * 104_729) % (received.length - document.length)));
      expect(["ACCEPTED", "QUARANTINE"]).toContain(check({ received: cut }).verdict);
    }
    const flipped = Buffer.from(received);
    flipped[document.length + 40]! ^= 1;
    expect(check({ received: flipped }).verdict).toBe("QUARANTINE");
  });
});

describe("the message for the agent", () => {
  const urls = { downloadUrl: "https://cv.gov.vn/a", uploadUrl: "https://cv.gov.vn/b" };

  test("for issuing: number, and the day in Vietnam's time", () => {
    const { endpoint, message } = agentRequest({
      operation: "SignIssued",
      ...urls,
      sessionId: "s",
      documentNumber: "12/QĐ-SYT",
      issuedAt: new Date("2026-07-31T20:00:00Z"),
      metadata: [{ key: "NguoiKy", value: "Trần Văn Được" }],
    });
    expect(endpoint).toBe("wss://127.0.0.1:8987/SignIssued");
    expect(JSON.parse(message)).toEqual({
      FileUploadHandler: urls.uploadUrl,
      SessionId: "s",
      FileName: urls.downloadUrl,
      DocNumber: "12/QĐ-SYT",
      IssuedDate: "2026-08-01T03:00:00+07:00",
      MetaData: [{ Key: "NguoiKy", Value: "Trần Văn Được" }],
    });
  });

  test.each(["SignApproved", "SignIncome", "Comment", "SignAppendix", "SignCopy", "SignPDF"] as const)(
    "for %s",
    (operation) => {
      const { endpoint, message } = agentRequest({ operation, ...urls });
      expect(endpoint).toBe(`wss://127.0.0.1:8987/${operation}`);
      expect(JSON.parse(message)).toEqual({
        FileUploadHandler: urls.uploadUrl,
        SessionId: "",
        FileName: urls.downloadUrl,
      });
    },
  );

  test("for data", () => {
    const xml = agentDataRequest({ operation: "SignXML", content: Buffer.from("<a/>") });
    expect(JSON.parse(xml.message)).toEqual({
      Base64Content: "PGEvPg==",
      HashAlg: "SHA256",
      ReturnSignatureOnly: false,
      XmlDsigForm: "enveloped",
    });
    expect(JSON.parse(agentDataRequest({ operation: "SignJson", content: "{}" }).message)).toEqual({
      JsonContent: "{}",
    });
  });

  test.each([
    ["issuing without a number", { operation: "SignIssued", issuedAt: at }],
    ["issuing without a day", { operation: "SignIssued", documentNumber: "1" }],
    ["an address without TLS", { downloadUrl: "http://cv.gov.vn/a" }],
    ["an address with a password", { uploadUrl: "https://a:b@cv.gov.vn/b" }],
    ["no address", { uploadUrl: "tai-len" }],
    ["a script", { downloadUrl: "javascript:alert(1)" }],
    ["the same address twice", { uploadUrl: urls.downloadUrl }],
  ])("is refused: %s", (_, wrong) => {
    const make = () => agentRequest({ operation: "SignApproved", ...urls, ...(wrong as object) });
    expect(make).toThrow(expect.objectContaining({ code: "BAD_INPUT" }));
  });
});
