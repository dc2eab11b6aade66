import { issueSigner, notAfter, notBefore, rootAuthority } from "../authorities.ts";
import { generateKeys, issueCertificate } from "../../../signing/issue/certificates.ts";
import { detachedBy, stampedBy } from "./growing-file.ts";
import type { Keys } from "./legal-updates.ts";

/** Keys of two people and a time-stamping authority, made once: elliptic, for speed. */
export const leader = issueSigner("ec-p256").signer;
export const agency = issueSigner("ec-p256", "agency-seal").signer;

const stampKeys = generateKeys("ec-p256");
export const stampingAuthority = {
  key: stampKeys.privateKey,
  certificate: issueCertificate({
    publicKey: stampKeys.publicKey,
    issuer: rootAuthority,
    usage: "timestamp",
    subject: { C: "VN", CN: "Dấu thời gian" },
    notBefore,
    notAfter,
  }),
};

export const keys: Keys = {
  sign: detachedBy(leader),
  stamp: stampedBy(stampingAuthority, new Date("2026-08-01T02:00:00Z")),
};
