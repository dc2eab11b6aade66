import { type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import forge from "node-forge";
import { PDFDocument, StandardFonts } from "pdf-lib";
import {
  generateKeys,
  issueCertificate,
  issueRoot,
  type KeyKind,
  signerFromKey,
  type Signer,
} from "../signing/index.ts";

const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2036-01-01T00:00:00Z") };
export const at = new Date("2026-06-01T00:00:00Z");
/** Plain, as @signpdf opens no file with another. */
export const password = "bench";

/** A signer whose key is in this process and signs on this thread, so that one thread is what is measured. */
export interface BenchSigner {
  readonly signer: Signer;
  readonly root: Buffer;
  readonly pkcs12: Buffer;
  /** One raw signature over data of the size of signed attributes. */
  raw(): void;
}

/** A signer with a new key; plain names, for peers that break Vietnamese ones. */
export function benchSigner(kind: KeyKind): BenchSigner {
  // RSA throughout, for peers that read no other certificates.
  const rootKeys = generateKeys("rsa-2048");
  const root = issueRoot({ key: rootKeys.privateKey, subject: { C: "VN", CN: "Bench root" }, ...validity });
  const { privateKey, publicKey } = generateKeys(kind);
  const certificate = issueCertificate({
    publicKey,
    issuer: { key: rootKeys.privateKey, certificate: root },
    usage: "person",
    subject: { C: "VN", CN: "Bench signer" },
    ...validity,
  });
  const pooled = signerFromKey(privateKey, certificate, []);
  const attributes = randomBytes(150);
  const digest = kind === "ed25519" ? null : pooled.digest;
  return {
    root,
    pkcs12: kind.startsWith("rsa") ? pkcs12(privateKey, [certificate, root]) : Buffer.alloc(0),
    signer: { ...pooled, sign: (data) => Promise.resolve(sign(digest, data, privateKey)) },
    raw: () => void sign(digest, attributes, privateKey),
  };
}

/** A key file with the 2,048 rounds that OpenSSL writes; ours has far more, which would be unfair to who opens it each time. */
function pkcs12(key: KeyObject, chain: readonly Buffer[]): Buffer {
  const certificates = chain.map((each) => forge.pki.certificateFromPem(new X509Certificate(each).toString()));
  const privateKey = forge.pki.privateKeyFromPem(key.export({ type: "pkcs1", format: "pem" }).toString());
  const options = { algorithm: "aes256", count: 2048 } as const;
  const file = forge.pkcs12.toPkcs12Asn1(privateKey, certificates, password, options);
  return Buffer.from(forge.asn1.toDer(file).getBytes(), "latin1");
}

/** Different documents of ten pages and about 24 KB, with a cross-reference table. */
export async function documents(count: number): Promise<Buffer[]> {
  const made: Buffer[] = [];
  for (let number = 0; number < count; number++) {
    const file = await PDFDocument.create();
    const font = await file.embedFont(StandardFonts.TimesRoman);
    for (let page = 0; page < 10; page++) {
      const sheet = file.addPage([595, 842]);
      for (let line = 0; line < 24; line++) {
        const text = `${number}.${page}.${line} ${randomBytes(26).toString("base64")}`;
        sheet.drawText(text, { x: 60, y: 780 - line * 20, size: 12, font });
      }
    }
    made.push(Buffer.from(await file.save({ useObjectStreams: false })));
  }
  return made;
}

/** A one-page document that weighs about so many bytes, by a stream that nothing can shrink. */
export async function heavyDocument(bytes: number): Promise<Buffer> {
  const file = await PDFDocument.create();
  file.addPage([595, 842]);
  await file.attach(randomBytes(bytes), "phu-luc.bin", { mimeType: "application/octet-stream" });
  return Buffer.from(await file.save({ useObjectStreams: false }));
}
