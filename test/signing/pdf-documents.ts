import { deflateSync } from "node:zlib";
import { PDFDocument } from "pdf-lib";
import { SigningError } from "../../signing/errors.ts";
import {
  generateKeys,
  issueCertificate,
  issueRoot,
  type CertificateUsage,
  type KeyKind,
} from "../../signing/issue/certificates.ts";
import { signerFromKey, type Signer } from "../../signing/keys/signer.ts";

const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2036-01-01T00:00:00Z") };
const rootKeys = generateKeys("ec-p256");
export const rootCertificate = issueRoot({
  key: rootKeys.privateKey,
  subject: { C: "VN", O: "Cơ quan chứng thực", CN: "CA gốc thử nghiệm" },
  ...validity,
});

/** A signer with a new key and a certificate under the test root. */
export function newSigner(kind: KeyKind, usage: CertificateUsage, commonName: string): Signer {
  const keys = generateKeys(kind);
  const certificate = issueCertificate({
    publicKey: keys.publicKey,
    issuer: { key: rootKeys.privateKey, certificate: rootCertificate },
    usage,
    subject: { C: "VN", CN: commonName },
    ...validity,
  });
  return signerFromKey(keys.privateKey, certificate, []);
}

/** A document of blank A4 pages made by pdf-lib, with a cross-reference table, or with streams. */
export async function blankDocument(kind: "table" | "stream", rotations: readonly number[] = [0]): Promise<Buffer> {
  const file = await PDFDocument.create();
  file.setTitle("Quyết định thử nghiệm");
  for (const rotation of rotations) file.addPage([595, 842]).setRotation({ type: "degrees" as never, angle: rotation });
  return Buffer.from(await file.save({ useObjectStreams: kind === "stream" }));
}

/** A file with the given objects and a correct table, for crafting broken ones. */
export function craftedTable(objects: readonly string[], trailer = "/Root 1 0 R"): Buffer {
  let file = "%PDF-1.7\n";
  const offsets = objects.map((body, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  return Buffer.from(
    `${file}${table}trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`,
    "latin1",
  );
}

/** A file that is nothing but one cross-reference stream with the given keys and data. */
export function craftedXrefStream(keys: string, data: Buffer): Buffer {
  const head = "%PDF-1.7\n";
  const raw = deflateSync(data);
  const stream = `1 0 obj\n<< /Type /XRef /Filter /FlateDecode /Length ${raw.length} ${keys} >>\nstream\n`;
  return Buffer.concat([
    Buffer.from(head + stream, "latin1"),
    raw,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF\n`, "latin1"),
  ]);
}

/** Adds an update section with the given objects, by number, to a file with a table. */
export function crudeUpdate(pdf: Buffer, objects: Readonly<Record<number, string>>, previous: number): Buffer {
  let tail = "";
  let table = "xref\n";
  for (const [number, body] of Object.entries(objects)) {
    table += `${number} 1\n${String(pdf.length + tail.length).padStart(10, "0")} 00000 n \n`;
    tail += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const startxref = pdf.length + tail.length;
  const trailer = `trailer\n<< /Size 100 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${startxref}\n%%EOF\n`;
  return Buffer.concat([pdf, Buffer.from(tail + table + trailer, "latin1")]);
}

/** The code of the SigningError that the act throws; "" when it throws none; another error is thrown on. */
export function codeOf(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    if (error instanceof SigningError) return error.code;
    throw error;
  }
}

/** Repeatable random numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
