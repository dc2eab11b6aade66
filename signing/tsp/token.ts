import { readBer, type Asn1 } from "../asn1.ts";
import { readAlgorithm, type Certificate } from "../x509/certificates.ts";
import { checkChain } from "../x509/chain.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { digest } from "../algorithms/raw.ts";
import { readSignedData, verifySignedData } from "../cms/signed-data.ts";

/** How a time-stamp token came out. Only a token of a trusted authority proves its time. */
export interface TimestampVerdict {
  /** "valid": imprint and signature are right, whoever the authority is. */
  readonly result: "valid" | "invalid" | "unknown";
  readonly trusted: boolean;
  readonly time: Date | undefined;
  readonly authority: Certificate | undefined;
  readonly notes: readonly string[];
}

export interface TimestampRequest {
  readonly token: Buffer;
  readonly padded?: boolean;
  /** The digest of the stamped bytes under the algorithm that the token names. */
  readonly imprint: (oid: string) => Buffer;
  readonly anchors: readonly Certificate[];
  readonly pool: readonly Certificate[];
  readonly at: Date;
}

/** Checks an RFC 3161 token: TSTInfo, imprint, the token's own signature, and the authority's certificate. */
export function verifyTimestamp(request: TimestampRequest): TimestampVerdict {
  const failed = (...notes: string[]): TimestampVerdict => ({
    result: "invalid",
    trusted: false,
    time: undefined,
    authority: undefined,
    notes,
  });
  try {
    const data = readSignedData(request.token, request.padded);
    const { content } = data;
    if (data.contentType !== Oid.tstInfo || !content) return failed("TIMESTAMP_MALFORMED");
    const { imprintAlgorithm, imprint, time } = readTstInfo(readBer(content));
    if (!request.imprint(imprintAlgorithm).equals(imprint)) return failed("TIMESTAMP_IMPRINT_DIFFERS");
    const verdict = verifySignedData(
      data,
      (oid) => digest(oid, content),
      () => content,
    );
    const authority = verdict.certificate;
    if (verdict.result !== "valid" || !authority) {
      const result = verdict.result === "invalid" ? "invalid" : "unknown";
      return { ...failed("TIMESTAMP_SIGNATURE", ...verdict.notes), result, authority };
    }
    const chain = checkChain({
      certificate: authority,
      pool: [...data.certificates, ...request.pool],
      anchors: request.anchors,
      at: request.at,
      purpose: "timestamp",
    });
    const fits = verdict.signingCertificate ? [] : ["TIMESTAMP_WITHOUT_SIGNING_CERTIFICATE"];
    const trusted = chain.indication === "PASSED" && verdict.signingCertificate;
    const doubt = trusted ? [] : ["TIMESTAMP_NOT_TRUSTED", ...chain.notes.map((note) => `TIMESTAMP_${note}`)];
    return { result: "valid", trusted, time, authority, notes: [...fits, ...doubt] };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    const unknown = error.code === "UNSUPPORTED_ALGORITHM";
    return unknown ? { ...failed("TIMESTAMP_ALGORITHM"), result: "unknown" } : failed("TIMESTAMP_MALFORMED");
  }
}

/** TSTInfo ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, … } (RFC 3161 §2.4.2). */
function readTstInfo(info: Asn1): { imprintAlgorithm: string; imprint: Buffer; time: Date } {
  const [version, , messageImprint, , time] = info.sequence();
  const [algorithm, imprint] = messageImprint?.sequence() ?? [];
  if (version?.integer() !== 1n || !algorithm || !imprint || !time) {
    throw new SigningError("CMS_MALFORMED", "TSTInfo is incomplete");
  }
  return { imprintAlgorithm: readAlgorithm(algorithm).oid, imprint: imprint.octets(), time: time.time() };
}
