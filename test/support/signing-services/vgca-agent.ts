import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { PDFDocument } from "pdf-lib";
import { signRaw } from "../../../signing/algorithms/identifiers.ts";
import { der } from "../../../signing/asn1.ts";
import { assembleSignedData, attribute } from "../../../signing/cms/assemble.ts";
import { Oid } from "../../../signing/oids.ts";
import { prepareSignature } from "../../../signing/sign/deferred.ts";
import { readCertificate } from "../../../signing/x509/certificates.ts";
import { heldKey, type HeldKey } from "./key-holder.ts";
import { listen } from "./service-server.ts";
import { answerWebSockets } from "./web-socket.ts";

/** What can be made to go wrong with the pretended agent. */
export interface AgentFaults {
  /** One byte of what it was given comes back changed. */
  altered?: boolean;
  /** It signs twice. */
  twice?: boolean;
  /** Another person's token is in the machine. */
  otherSigner?: boolean;
  /** A certificate with the right name, number and UID that somebody made up, around a key of one's own. */
  forged?: HeldKey;
  /** Nothing is signed, though something is appended. */
  unsigned?: boolean;
  /** Something else is appended behind the signature. */
  appended?: boolean;
  /** The page is changed in the revision before the signature. */
  changedPage?: boolean;
  /** The file is written anew before it is signed. */
  rewritten?: boolean;
  /** An earlier result comes back instead. */
  replayed?: Buffer;
  /** A certification that lets nothing more happen. */
  certifies?: 1 | 2;
  /** The person closes the window: nothing comes back. */
  declines?: boolean;
}

/** The pretended agent of the Government Cipher Committee, on loopback without TLS. */
export interface VgcaAgent extends AsyncDisposable {
  /** Instead of wss://127.0.0.1:8987/. */
  readonly url: string;
  /** What it was asked: operation and message. */
  readonly asked: { readonly operation: string; readonly message: Record<string, unknown> }[];
}

/** Starts an agent that signs by itself, as if the person had agreed and typed in the PIN. */
export async function startVgcaAgent(setting: {
  readonly held: HeldKey;
  readonly faults?: AgentFaults;
  readonly at: Date;
}): Promise<VgcaAgent> {
  const { held, faults = {}, at } = setting;
  const asked: { operation: string; message: Record<string, unknown> }[] = [];
  const server = createServer((_, response) => response.writeHead(404).end());
  answerWebSockets(server, async (path, text) => {
    const message = JSON.parse(text) as Record<string, unknown>;
    asked.push({ operation: path.slice(1), message });
    if (faults.declines)
      return JSON.stringify({ Status: 11, Message: "Người dùng hủy bỏ", FileName: "", FileServer: "" });
    const document = Buffer.from(await (await fetch(String(message["FileName"]))).arrayBuffer());
    const signed = await workOn(document, held, faults, at);
    const form = new FormData();
    form.set("uploadfile", new Blob([new Uint8Array(signed)], { type: "application/pdf" }), "vanban.signed.pdf");
    const answer = await fetch(String(message["FileUploadHandler"]), { method: "POST", body: form });
    // The page gets what the upload was answered with, as it is.
    return answer.text();
  });
  const port = await listen(server);
  return {
    url: `ws://127.0.0.1:${port}/`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function workOn(document: Buffer, held: HeldKey, faults: AgentFaults, at: Date): Promise<Buffer> {
  if (faults.replayed) return faults.replayed;
  const signer = faults.forged ?? (faults.otherSigner ? heldKey("rsa-2048", "CCCD:099000000009") : held);
  let work = document;
  if (faults.rewritten) work = Buffer.from(await (await PDFDocument.load(work)).save());
  if (faults.changedPage) work = withComment(work);
  if (faults.unsigned) return withComment(work);
  work = await signAsAgent(work, signer, at, faults.certifies);
  if (faults.twice) work = await signAsAgent(work, signer, at);
  if (faults.appended) work = withComment(work);
  if (faults.altered) {
    work = Buffer.from(work);
    work[Math.floor(document.length / 2)]! ^= 1;
  }
  return work;
}

let fields = 0;

/**
 * Signs as the agent does: adbe.pkcs7.detached in a field that is added, a CMS with contentType and messageDigest
 * alone, rsaEncryption, the signer's certificate without its issuers.
 */
export async function signAsAgent(pdf: Buffer, held: HeldKey, at: Date, certifies?: 1 | 2): Promise<Buffer> {
  const { certificate, key } = held;
  const { state } = await prepareSignature(pdf, {
    field: { type: "signature", name: `Signature${++fields}`, page: 0, rect: [380, 90, 520, 150] },
    signer: { certificate, chain: [], digest: "sha256" },
    at,
    ...(certifies ? { certify: 2 } : {}),
  });
  // Both names have the same length, so that nothing moves; level 1 is one digit as well.
  const before = Buffer.from(state.before, "base64")
    .toString("latin1")
    .replace("/ETSI.CAdES.detached", "/adbe.pkcs7.detached")
    .replace(/\/P 2(?=[\s/>])/, `/P ${certifies ?? 2}`);
  const head = Buffer.concat([pdf, Buffer.from(before, "latin1")]);
  const tail = Buffer.from(state.after, "base64");
  // The brackets of the hole stand in both parts; the byte range leaves them out.
  const digest = createHash("sha256").update(head.subarray(0, -1)).update(tail.subarray(1)).digest();
  const attributes = [attribute(Oid.contentType, der.oid(Oid.data)), attribute(Oid.messageDigest, der.octets(digest))];
  const { issuer, serialNumber } = readCertificate(certificate);
  const cms = assembleSignedData({
    signerIdentifier: der.sequence(issuer.der, der.integer(serialNumber)),
    digestAlgorithm: der.sequence(der.oid(Oid.sha256), der.null()),
    signedAttributes: attributes,
    signatureAlgorithm: der.sequence(der.oid(Oid.rsaEncryption), der.null()),
    signature: signRaw(key, "sha256", der.setOf(attributes)),
    certificates: [certificate],
  });
  const hole = cms.toString("hex").padEnd(2 * state.holeSize, "0");
  return Buffer.concat([head, Buffer.from(hole, "latin1"), tail]);
}

/** An appended update that puts a free text on the first page of the documents of these tests. */
export function withComment(pdf: Buffer): Buffer {
  const text = pdf.toString("latin1");
  const pages = [
    ...text.matchAll(/(\d+) 0 obj\s*<<((?:(?!endobj)[^])*?\/Type\s*\/Page(?!s)(?:(?!endobj)[^])*)>>\s*endobj/g),
  ];
  const [, number, body] = pages.at(-1)!;
  const next = Math.max(...[...text.matchAll(/\/Size (\d+)/g)].map(([, size]) => Number(size)));
  const root = [...text.matchAll(/\/Root (\d+ 0 R)/g)].at(-1)![1];
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)![1];
  const annotation = `${next} 0 obj\n<< /Type /Annot /Subtype /FreeText /Rect [50 50 300 90] /Contents (x) >>\nendobj\n`;
  const annotated = /\/Annots\s*\[/.test(body!)
    ? body!.replace(/\/Annots\s*\[/, `/Annots [${next} 0 R `)
    : `${body} /Annots [${next} 0 R]`;
  const page = `${number} 0 obj\n<<${annotated}>>\nendobj\n`;
  const start = pdf.length + 1;
  const table =
    `xref\n${number} 1\n${String(start).padStart(10, "0")} 00000 n \n` +
    `${next} 1\n${String(start + page.length).padStart(10, "0")} 00000 n \n`;
  const trailer = `trailer\n<< /Size ${next + 1} /Root ${root} /Prev ${previous} >>\n`;
  const end = `startxref\n${start + page.length + annotation.length}\n%%EOF\n`;
  return Buffer.concat([pdf, Buffer.from(`\n${page}${annotation}${table}${trailer}${end}`, "latin1")]);
}
