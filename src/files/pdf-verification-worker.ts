import { closeSync, openSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import {
  type AgentUpload,
  certificatesOf,
  checkAgentUpload,
  collectEvidence,
  type Evidence,
  joinEvidence,
  fileSource,
  noEvidence,
  outsideFetch,
  type PdfSource,
  readAnchors,
  readCertificate,
  readCrl,
  readOcspResponse,
  readSignedFile,
  SigningError,
  type Verification,
  verifyAndLook,
  verifyPdf,
} from "../../signing/index.ts";
import type {
  Examination,
  Material,
  VerificationAnswer,
  VerificationRequest,
  VerificationWork,
} from "./pdf-verification.ts";

const port = parentPort!;
const answer = (message: VerificationAnswer) => port.postMessage(message);

port.on("message", (work: VerificationWork) => {
  Promise.resolve(work)
    .then((each) => ("upload" in each ? judge(each.upload) : examine(each)))
    .then(answer, (error: unknown) =>
      answer({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
});

/** Bytes as they came from the other thread, without a copy. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);

function judge({ sent, received, expectedSigner, ...rest }: AgentUpload): VerificationAnswer {
  const { certificate, ...named } = expectedSigner;
  return {
    upload: checkAgentUpload({
      ...rest,
      sent: bufferOf(sent),
      received: bufferOf(received),
      expectedSigner: { ...named, ...(certificate && { certificate: bufferOf(certificate) }) },
    }),
  };
}

async function examine({ bytes, ...request }: VerificationRequest): Promise<Examination> {
  if (!("path" in bytes)) return examineFile(bufferOf(bytes), request);
  const descriptor = openSync(bytes.path, "r");
  try {
    return await examineFile(fileSource(descriptor), request);
  } finally {
    closeSync(descriptor);
  }
}

async function examineFile(
  pdf: Buffer | PdfSource,
  {
    anchors,
    at = new Date(),
    material,
    hosts,
    look = hosts ? "always" : "where needed",
  }: Omit<VerificationRequest, "bytes">,
): Promise<Examination> {
  const trusted = readAnchors(anchors.map((each) => (each instanceof Uint8Array ? Buffer.from(each) : each)));
  const known = material ? evidenceOf(material) : noEvidence;
  const judge = (evidence: Evidence): Verification | Promise<Verification> => {
    const options = { anchors: trusted, at, evidence, warnings: true };
    // What is not held in memory as a whole is not drawn.
    return Buffer.isBuffer(pdf) ? verifyAndLook(pdf, { ...options, look }) : verifyPdf(pdf, options);
  };
  if (!hosts) return { verification: await judge(known) };
  const { evidence, notes } = await gather(pdf, { anchors: trusted, at, known, hosts });
  const verification = await judge(evidence);
  return { verification, material: materialOf(evidence), missing: notes };
}

/** All that bears on the file's signatures, from the file, from what is known and from the hosts that may be asked. */
async function gather(
  pdf: Buffer | PdfSource,
  {
    hosts,
    known,
    ...rest
  }: Pick<Parameters<typeof collectEvidence>[0], "anchors" | "at"> & {
    readonly known: Evidence;
    readonly hosts: readonly string[];
  },
): Promise<{ evidence: Evidence; notes: readonly string[] }> {
  try {
    const { signatures, held } = readSignedFile(pdf);
    const { ends, pool } = certificatesOf(signatures);
    const all = joinEvidence(known, held, { ...noEvidence, certificates: pool });
    const { evidence, notes } = await collectEvidence({
      ...rest,
      certificates: ends,
      pool,
      fetch: outsideFetch({ hosts }),
      known: all,
    });
    return { evidence: joinEvidence(all, evidence), notes };
  } catch (error) {
    // What cannot be read has its verdict from the validator; there is nothing to gather for it.
    if (error instanceof SigningError) return { evidence: known, notes: [error.code] };
    throw error;
  }
}

const base64 = (list: readonly { readonly der: Buffer }[]) => list.map(({ der }) => der.toString("base64"));

const materialOf = ({ certificates, crls, ocsp }: Evidence): Material => ({
  certificates: base64(certificates),
  crls: base64(crls),
  ocsp: base64(ocsp),
});

function evidenceOf({ certificates, crls, ocsp }: Material): Evidence {
  const bytes = (list: readonly string[]) => list.map((each) => Buffer.from(each, "base64"));
  return {
    certificates: bytes(certificates).map(readCertificate),
    crls: bytes(crls).map((each) => readCrl(each)),
    ocsp: bytes(ocsp).map((each) => readOcspResponse(each)),
  };
}
