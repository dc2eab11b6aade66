import {
  generateKeys,
  issueCertificate,
  issueRoot,
  issueSubordinate,
  type CertificateUsage,
  type KeyKind,
} from "../../signing/issue/certificates.ts";
import { signerFromKey, type Signer } from "../../signing/keys/signer.ts";

export const notBefore = new Date("2026-01-01T00:00:00Z");
export const notAfter = new Date("2036-01-01T00:00:00Z");
export const during = new Date("2026-08-01T00:00:00Z");

const rootKeys = generateKeys("ec-p384");
const subordinateKeys = generateKeys("rsa-2048");

/** A root and one authority below it, with names as Vietnamese authorities have them. */
export const root = issueRoot({
  subject: { C: "VN", O: "Ban Cơ yếu Chính phủ", CN: "CA gốc thử nghiệm" },
  key: rootKeys.privateKey,
  notBefore,
  notAfter,
});
export const subordinate = issueSubordinate({
  subject: { C: "VN", O: "Ban Cơ yếu Chính phủ", CN: "CA phục vụ các cơ quan Nhà nước (thử nghiệm)" },
  publicKey: subordinateKeys.publicKey,
  issuer: { key: rootKeys.privateKey, certificate: root },
  notBefore,
  notAfter,
});
export const rootAuthority = { key: rootKeys.privateKey, certificate: root };
export const authority = { key: subordinateKeys.privateKey, certificate: subordinate };

/** A person's or an agency's key with its certificate. */
export function issueSigner(kind: KeyKind = "ec-p256", usage: CertificateUsage = "person") {
  const { privateKey, publicKey } = generateKeys(kind);
  const certificate = issueCertificate({
    subject: {
      C: "VN",
      L: "Huế",
      O: "Ủy ban nhân dân tỉnh",
      OU: "Sở Y tế",
      title: "Giám đốc",
      CN: "Nguyễn Thị Ước",
      UID: "CCCD:001",
    },
    publicKey,
    issuer: authority,
    usage,
    notBefore,
    notAfter,
  });
  const signer: Signer = signerFromKey(privateKey, certificate, [subordinate]);
  return { key: privateKey, certificate, signer };
}

export const toPem = (certificate: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
