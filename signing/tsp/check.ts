import type { Certificate } from "../x509/certificates.ts";
import { attempt } from "../cms/tolerance.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import type { SignatureDigest } from "../keys/signer.ts";
import { readTimestampResponse, timestampFailures } from "./response.ts";
import { isStampingCertificate, readToken, type TokenVerdict } from "./token.ts";

/** What was asked, to hold the answer against. */
export interface TimestampExpectation {
  readonly imprint: Buffer;
  readonly algorithm: SignatureDigest;
  readonly nonce: bigint;
  readonly policy: string | undefined;
  readonly pool: readonly Certificate[];
}

/**
 * All that RFC 3161 §2.4.2 has a client check before it uses a token: status, imprint and its algorithm, nonce,
 * policy, the signature with its ESSCertID, the authority's critical and lone purpose, and that the authority's
 * certificate was valid at the token's time. Trust in the authority is not among it. Throws TIMESTAMP_REFUSED,
 * TIMESTAMP_MALFORMED, TIMESTAMP_IMPRINT_DIFFERS, TIMESTAMP_NONCE_DIFFERS, TIMESTAMP_POLICY_DIFFERS,
 * TIMESTAMP_SIGNATURE, TIMESTAMP_WITHOUT_SIGNING_CERTIFICATE, TIMESTAMP_PURPOSE, TIMESTAMP_CERTIFICATE_EXPIRED,
 * TIMESTAMP_WEAK.
 */
export function checkTimestampResponse(
  answer: Buffer,
  expected: TimestampExpectation,
): { readonly token: Buffer; readonly verdict: TokenVerdict } {
  const response = readResponse(answer);
  const { status, failures, text, token } = response;
  if (status > 1) {
    const reasons = failures.map((bit) => timestampFailures[bit] ?? `failure ${bit}`).join(", ");
    throw refused("TIMESTAMP_REFUSED", `status ${status}${reasons && ` (${reasons})`}${text && `: ${text}`}`);
  }
  if (!token) throw refused("TIMESTAMP_MALFORMED", "the answer brings no token");

  const verdict = readToken({ token, imprint: () => expected.imprint, pool: expected.pool });
  const { info, authority, notes } = verdict;
  const first = notes[0] ?? "";
  if (!info) throw refused("TIMESTAMP_MALFORMED", "the token cannot be read");
  if (info.imprintAlgorithm !== Oid[expected.algorithm] || first === "TIMESTAMP_IMPRINT_DIFFERS") {
    throw refused("TIMESTAMP_IMPRINT_DIFFERS", "the token stamps something else");
  }
  if (info.nonce !== expected.nonce) throw refused("TIMESTAMP_NONCE_DIFFERS", "the answer is to another question");
  if (expected.policy !== undefined && info.policy !== expected.policy) {
    throw refused("TIMESTAMP_POLICY_DIFFERS", `the token was issued under policy ${info.policy}`);
  }
  if (verdict.result !== "valid" || !authority) throw refused("TIMESTAMP_SIGNATURE", notes.join(", "));
  if (!verdict.signingCertificate) {
    throw refused("TIMESTAMP_WITHOUT_SIGNING_CERTIFICATE", "the token does not sign which certificate it goes with");
  }
  if (!isStampingCertificate(authority)) {
    throw refused("TIMESTAMP_PURPOSE", "the authority's certificate is not for time-stamping alone");
  }
  if (info.time < authority.notBefore || info.time > authority.notAfter) {
    throw refused("TIMESTAMP_CERTIFICATE_EXPIRED", "the authority's certificate was not valid at the token's time");
  }
  const weak = notes.find((note) => note.startsWith("TIMESTAMP_WEAK_"));
  if (weak) throw refused("TIMESTAMP_WEAK", weak);
  return { token, verdict };
}

function readResponse(answer: Buffer) {
  const response = attempt(() => readTimestampResponse(answer));
  if (!(response instanceof SigningError)) return response;
  throw refused("TIMESTAMP_MALFORMED", `the answer cannot be read: ${response.message}`);
}

function refused(code: string, message: string): SigningError {
  return new SigningError(code, message);
}
