import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readCertificate } from "../../../signing/x509/certificates.ts";
import { readCrl } from "../../../signing/x509/crl.ts";
import { validateCertificate } from "../../../signing/x509/validation.ts";

/** NIST PKITS with its verdicts in pyHanko's words; not part of this project. */
const folder = fileURLToPath(new URL("../../../../shared/data/pkits", import.meta.url));
const present = existsSync(folder);
if (!present) console.warn("SKIPPED: NIST PKITS is not at hand");

interface Case {
  readonly id: string;
  readonly name: string;
  readonly cert: string;
  readonly other_certs?: readonly string[];
  readonly crls?: readonly string[];
  readonly path_len?: number;
  readonly error?: { readonly class: string; readonly msg_regex: string };
  readonly params?: {
    readonly user_initial_policy_set?: readonly string[];
    readonly initial_explicit_policy?: boolean;
    readonly initial_policy_mapping_inhibit?: boolean;
    readonly initial_any_policy_inhibit?: boolean;
  };
}

const cases: readonly Case[] = present ? (JSON.parse(readFileSync(join(folder, "pkits.json"), "utf8")) as Case[]) : [];
const file = (kind: string) => (name: string) => readFileSync(join(folder, kind, name));

/** Two certificates and a list have signatures that are not a whole number of bytes: as good as absent. */
function readable<T>(read: (bytes: Buffer) => T): (bytes: Buffer) => T[] {
  return (bytes) => {
    try {
      return [read(bytes)];
    } catch (error) {
      expect(error).toMatchObject({ code: "ASN1_MALFORMED" });
      return [];
    }
  };
}

/** What each kind of error is in the words of EN 319 102-1. */
const subIndications: Record<string, readonly string[]> = {
  PathValidationError: [
    "NO_CERTIFICATE_CHAIN_FOUND",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    "CHAIN_CONSTRAINTS_FAILURE",
    "OUT_OF_BOUNDS_NO_POE",
  ],
  RevokedError: ["REVOKED_NO_POE", "REVOKED_CA_NO_POE", "TRY_LATER"],
  InsufficientRevinfoError: ["TRY_LATER"],
  StaleRevinfoError: ["TRY_LATER"],
};

describe.skipIf(!present)("NIST PKITS", () => {
  test("has all its cases", () => expect(cases).toHaveLength(246));

  test.each(cases)("$id $name", ({ name, cert, other_certs = [], crls = [], path_len, error, params = {} }) => {
    const [certificate] = readable(readCertificate)(file("certs")(cert));
    if (!certificate) {
      expect(error).toBeDefined();
      return;
    }
    const verdict = validateCertificate({
      certificate,
      evidence: {
        certificates: other_certs.map(file("certs")).flatMap(readable(readCertificate)),
        crls: ["TrustAnchorRootCRL.crl", ...crls].map(file("crls")).flatMap(readable(readCrl)),
        ocsp: [],
      },
      anchors: [{ certificate: readCertificate(file("certs")("TrustAnchorRootCertificate.crt")), store: "PKITS" }],
      at: new Date("2026-06-01T00:00:00Z"),
      purpose: "signature",
      revocation: "required",
      algorithms: () => undefined,
      ...(params.user_initial_policy_set && { policies: params.user_initial_policy_set }),
      explicitPolicy: params.initial_explicit_policy ?? false,
      inhibitPolicyMapping: params.initial_policy_mapping_inhibit ?? false,
      inhibitAnyPolicy: params.initial_any_policy_inhibit ?? false,
    });
    if (verdict.notes.includes("SERIAL_NUMBER_NEGATIVE")) {
      // 4.4.15: revoked, but refused before that.
      expect([name, verdict.subIndication]).toEqual([
        "invalid_negative_serial_number_test15",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE",
      ]);
    } else if (error) {
      expect(subIndications[error.class], verdict.notes.join()).toContain(verdict.subIndication);
    } else {
      expect(verdict, verdict.notes.join()).toMatchObject({ indication: "PASSED", subIndication: undefined });
      if (path_len) expect(verdict.path?.certificates).toHaveLength(path_len);
    }
  });
});
