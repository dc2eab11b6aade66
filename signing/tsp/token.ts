import type { Certificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { digest } from "../algorithms/raw.ts";
import { readSignedData, verifySignedData, type SignedData } from "../cms/signed-data.ts";
import { readTstInfo, type TstInfo } from "./tst-info.ts";

/** How the mathematics of a token came out. It proves nothing before its authority is found trusted. */
export interface TokenVerdict {
  /** "valid": imprint and signature are right, whoever the authority is; "unknown": it uses what we cannot judge. */
  readonly result: "valid" | "invalid" | "unknown";
  /** What the token claims, also where it is not valid; undefined where it could not be read. */
  readonly time: Date | undefined;
  /** Milliseconds by which the time may be off. */
  readonly accuracy: number | undefined;
  readonly info: TstInfo | undefined;
  /** The certificate that the signature was checked with. */
  readonly authority: Certificate | undefined;
  /** Whether a matching ESSCertID(v2) is signed, as RFC 3161 §2.4.2 and RFC 5816 demand. */
  readonly signingCertificate: boolean;
  /** The certificates that came with the token. */
  readonly certificates: readonly Certificate[];
  readonly data: SignedData | undefined;
  readonly notes: readonly string[];
}

/**
 * Checks an RFC 3161 token against what it should have stamped: TSTInfo, imprint, the token's own signature.
 * `imprint` gives the digest of the stamped bytes under the algorithm that the token names; it may throw
 * UNSUPPORTED_ALGORITHM. `pool` may hold the authority's certificate where the token does not bring it.
 */
export function readToken(request: {
  readonly token: Buffer;
  readonly imprint: (oid: string) => Buffer;
  /** In the hole of a PDF zero bytes may follow. */
  readonly padded?: boolean;
  readonly pool?: readonly Certificate[];
}): TokenVerdict {
  let data: SignedData | undefined;
  let info: TstInfo | undefined;
  const verdict = (result: TokenVerdict["result"], ...notes: string[]): TokenVerdict => ({
    result,
    time: info?.time,
    accuracy: info?.accuracy,
    info,
    authority: undefined,
    signingCertificate: false,
    certificates: data?.certificates ?? [],
    data,
    notes,
  });
  try {
    data = readSignedData(request.token, request.padded);
    const { content } = data;
    if (data.contentType !== Oid.tstInfo || !content) return verdict("invalid", "TIMESTAMP_MALFORMED");
    info = readTstInfo(content);
    if (!request.imprint(info.imprintAlgorithm).equals(info.imprint)) {
      return verdict("invalid", "TIMESTAMP_IMPRINT_DIFFERS");
    }
    const signed = verifySignedData(
      data,
      (oid) => digest(oid, content),
      () => content,
      request.pool,
    );
    const whole = { ...verdict(signed.result), authority: signed.certificate };
    if (signed.result === "invalid") return { ...whole, notes: ["TIMESTAMP_SIGNATURE", ...signed.notes] };
    if (signed.result === "unknown") return { ...whole, notes: ["TIMESTAMP_UNVERIFIED", ...signed.notes] };
    const weak = info.imprintAlgorithm === Oid.sha1 ? ["TIMESTAMP_IMPRINT_SHA1"] : [];
    const { signingCertificate } = signed;
    const notes = [
      ...weak,
      ...signed.notes.map((note) => `TIMESTAMP_${note}`),
      ...(signingCertificate ? [] : ["TIMESTAMP_WITHOUT_SIGNING_CERTIFICATE"]),
      ...info.criticalExtensions.map((oid) => `TIMESTAMP_CRITICAL_EXTENSION ${oid}`),
    ];
    // What a critical extension says would have to be obeyed; not knowing it, nothing can be concluded.
    const result = info.criticalExtensions.length ? "unknown" : "valid";
    return { ...whole, result, signingCertificate, notes };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    if (error.code === "UNSUPPORTED_ALGORITHM") return verdict("unknown", "TIMESTAMP_ALGORITHM");
    return verdict("invalid", "TIMESTAMP_MALFORMED");
  }
}

/** RFC 3161 §2.3: the certificate's extended key usage is critical and names time-stamping, and nothing else. */
export function isStampingCertificate(certificate: Certificate): boolean {
  const purposes = certificate.extendedKeyUsage;
  const critical = certificate.extensions.get(Oid.extendedKeyUsage)?.critical ?? false;
  return critical && purposes?.length === 1 && purposes[0] === Oid.timeStamping;
}
