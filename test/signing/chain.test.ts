import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { der, readBer } from "../../signing/asn1.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { generateKeys, issueCertificate, issueRoot, issueSubordinate } from "../../signing/issue/certificates.ts";
import {
  authority,
  during,
  issueSigner,
  notAfter,
  notBefore,
  root,
  rootAuthority,
  subordinate,
  toPem,
} from "./authorities.ts";
import { judgeChain, type ChainQuestion } from "../support/chains.ts";
import { needs } from "../support/judges.ts";

function check(
  certificate: Buffer,
  options: { pool?: Buffer[]; anchors?: Buffer[]; at?: Date; purpose?: ChainQuestion["purpose"] } = {},
) {
  return judgeChain({
    certificate: readCertificate(certificate),
    pool: (options.pool ?? [subordinate]).map(readCertificate),
    anchors: (options.anchors ?? [root]).map(readCertificate),
    at: options.at ?? during,
    purpose: options.purpose ?? "signature",
  });
}

/** The same certificate with its TBS changed and signed anew by the authority's RSA key. */
function resign(certificate: Buffer, change: (tbs: string) => string): Buffer {
  const [tbs, algorithm] = readBer(certificate).sequence();
  const changed = Buffer.from(change(tbs!.raw.toString("hex")), "hex");
  return der.sequence(changed, algorithm!.raw, der.bits(sign("sha256", changed, authority.key)));
}

const person = issueSigner();

describe("a path", () => {
  test("leads over the subordinate to the root", () => {
    const verdict = check(person.certificate);
    expect(verdict).toMatchObject({ indication: "PASSED", subIndication: undefined });
    expect(verdict.path.map(({ der }) => der)).toEqual([person.certificate, subordinate, root]);
  });

  test("openssl agrees", () => {
    needs("openssl");
    const folder = mkdtempSync(join(tmpdir(), "chain-"));
    try {
      for (const [name, bytes] of Object.entries({ root, subordinate, person: person.certificate })) {
        writeFileSync(join(folder, name), toPem(bytes));
      }
      const options = ["verify", "-x509_strict", "-CAfile", "root", "-untrusted", "subordinate", "person"];
      expect(execFileSync("openssl", options, { cwd: folder }).toString()).toContain("OK");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is not found without an anchor, or without what is between", () => {
    expect(check(person.certificate, { anchors: [] }).subIndication).toBe("NO_CERTIFICATE_CHAIN_FOUND");
    expect(check(person.certificate, { pool: [] }).subIndication).toBe("NO_CERTIFICATE_CHAIN_FOUND");
  });

  test("is not found to an anchor that only has the same name", () => {
    const { privateKey } = generateKeys("ec-p256");
    const subject = { C: "VN", O: "Ban Cơ yếu Chính phủ", CN: "CA gốc thử nghiệm" };
    const namesake = issueRoot({ subject, key: privateKey, notBefore, notAfter });
    expect(check(person.certificate, { anchors: [namesake] }).subIndication).toBe("NO_CERTIFICATE_CHAIN_FOUND");
  });

  test.each([
    ["before", "2025-12-31T23:59:59Z", "NOT_YET_VALID"],
    ["after", "2036-01-01T00:00:01Z", "EXPIRED"],
  ])("does not hold %s its time", (_, at, note) => {
    expect(check(person.certificate, { at: new Date(at) })).toMatchObject({
      indication: "INDETERMINATE",
      subIndication: "OUT_OF_BOUNDS_NO_POE",
      notes: [note],
    });
  });

  test("does not go through someone who is no authority", () => {
    const forged = issueSubordinateBy(person.key, person.certificate);
    expect(check(forged, { pool: [person.certificate, subordinate] })).toMatchObject({
      subIndication: "CHAIN_CONSTRAINTS_FAILURE",
      notes: ["ISSUER_IS_NO_AUTHORITY"],
    });
  });

  test("keeps to the path length", () => {
    const { privateKey, publicKey } = generateKeys("ec-p256");
    const second = issueSubordinate({
      subject: { CN: "CA cấp ba" },
      publicKey,
      issuer: authority,
      notBefore,
      notAfter,
    });
    const leaf = issueCertificate({
      subject: { CN: "x" },
      publicKey: generateKeys("ec-p256").publicKey,
      issuer: { key: privateKey, certificate: second },
      usage: "person",
      notBefore,
      notAfter,
    });
    expect(check(leaf, { pool: [second, subordinate] })).toMatchObject({ notes: ["PATH_TOO_LONG"] });
    const longer = issueSubordinate({
      subject: { CN: "CA cấp hai" },
      publicKey,
      issuer: rootAuthority,
      notBefore,
      notAfter,
      pathLength: 0,
    });
    expect(check(longer, { pool: [] }).indication).toBe("INDETERMINATE");
  });

  test("refuses a critical extension that it does not know", () => {
    // Key usage 2.5.29.15 becomes 2.5.29.37-like unknown 2.5.29.99, still critical.
    const strange = resign(person.certificate, (tbs) => tbs.replace("0603551d0f", "0603551d63"));
    expect(check(strange)).toMatchObject({
      subIndication: "CERTIFICATE_CHAIN_GENERAL_FAILURE",
      notes: ["CRITICAL_EXTENSION 2.5.29.99"],
    });
  });

  test("for time-stamps wants the purpose critical and alone", () => {
    const stamp = issueSigner("ec-p256", "timestamp");
    expect(check(stamp.certificate, { purpose: "timestamp" }).indication).toBe("PASSED");
    expect(check(person.certificate, { purpose: "timestamp" })).toMatchObject({ notes: ["KEY_MAY_NOT_TIMESTAMP"] });
  });

  test("a changed byte of the certificate breaks it", () => {
    const changed = Buffer.from(person.certificate.toString("hex").replace("43434344", "43434345"), "hex");
    expect(changed).not.toEqual(person.certificate);
    expect(check(changed).subIndication).toBe("NO_CERTIFICATE_CHAIN_FOUND");
  });
});

function issueSubordinateBy(key: Parameters<typeof issueRoot>[0]["key"], certificate: Buffer): Buffer {
  // `issueCertificate` refuses such an issuer, so the forger takes the authority's certificate and renames the issuer.
  expect(() =>
    issueCertificate({
      subject: { CN: "x" },
      publicKey: generateKeys("ec-p256").publicKey,
      issuer: { key, certificate },
      usage: "person",
      notBefore,
      notAfter,
    }),
  ).toThrow(expect.objectContaining({ code: "NOT_AN_AUTHORITY" }));
  const { subject } = readCertificate(certificate);
  const algorithm = der.sequence(der.oid("1.2.840.10045.4.3.2"));
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(7),
    algorithm,
    subject.der,
    der.sequence(der.time(notBefore), der.time(notAfter)),
    subject.der,
    generateKeys("ec-p256").publicKey.export({ type: "spki", format: "der" }),
  );
  return der.sequence(tbs, algorithm, der.bits(sign("sha256", tbs, key)));
}

test("Vietnamese subjects come out readable, most specific part first", () => {
  expect(readCertificate(person.certificate).subject.text).toBe(
    "UID=CCCD:001, CN=Nguyễn Thị Ước, title=Giám đốc, OU=Sở Y tế, O=Ủy ban nhân dân tỉnh, L=Huế, C=VN",
  );
});
