import { parentPort } from "node:worker_threads";
import {
  certificatesOf,
  collectEvidence,
  type Evidence,
  joinEvidence,
  noEvidence,
  outsideFetch,
  readAnchors,
  readCertificate,
  readCrl,
  readOcspResponse,
  readSignedFile,
  SigningError,
  verifyPdf,
} from "../../signing/index.ts";
import type { Examination, Material, VerificationAnswer, VerificationRequest } from "./pdf-verification.ts";

const port = parentPort!;
const answer = (message: VerificationAnswer) => port.postMessage(message);

port.on("message", (request: VerificationRequest) => {
  examine(request).then(answer, (error: unknown) =>
    answer({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function examine({
  bytes,
  anchors,
  at = new Date(),
  material,
  hosts,
}: VerificationRequest): Promise<Examination> {
  const pdf = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trusted = readAnchors(anchors.map((each) => (each instanceof Uint8Array ? Buffer.from(each) : each)));
  const known = material ? evidenceOf(material) : noEvidence;
  if (!hosts) return { verification: verifyPdf(pdf, { anchors: trusted, at, evidence: known }) };
  const { evidence, notes } = await gather(pdf, { anchors: trusted, at, known, hosts });
  const verification = verifyPdf(pdf, { anchors: trusted, at, evidence });
  return { verification, material: materialOf(evidence), missing: notes };
}

/** All that bears on the file's signatures, from the file, from what is known and from the hosts that may be asked. */
async function gather(
  pdf: Buffer,
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
