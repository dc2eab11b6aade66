import { readBer, Tag } from "../asn1.ts";
import { SigningError } from "../errors.ts";

/** An authority's answer (RFC 3161 §2.4.2 TimeStampResp). */
export interface TimestampResponse {
  /** PKIStatus: 0 granted, 1 granted with modifications, 2 rejection, 3 waiting, 4 and 5 revocation. */
  readonly status: number;
  /** What the authority says about it, cut to 200 characters. */
  readonly text: string;
  /** Positions set in PKIFailureInfo. */
  readonly failures: readonly number[];
  /** The token as it stands in the answer. */
  readonly token: Buffer | undefined;
}

/** PKIFailureInfo by bit (RFC 3161 §2.4.2). */
export const timestampFailures: Readonly<Record<number, string>> = {
  0: "badAlg",
  2: "badRequest",
  5: "badDataFormat",
  14: "timeNotAvailable",
  15: "unacceptedPolicy",
  16: "unacceptedExtension",
  17: "addInfoNotAvailable",
  25: "systemFailure",
};

/** Reads a TimeStampResp. Throws CMS_MALFORMED, ASN1_MALFORMED or ASN1_LIMIT. */
export function readTimestampResponse(bytes: Buffer): TimestampResponse {
  const [info, token, ...rest] = readBer(bytes).sequence();
  const [status, ...optional] = info?.sequence() ?? [];
  if (!status || rest.length) throw new SigningError("CMS_MALFORMED", "TimeStampResp is malformed");
  const texts = optional.find((field) => field.isUniversal(Tag.sequence))?.sequence() ?? [];
  return {
    status: status.count(255),
    text: texts
      .slice(0, 4)
      .map((text) => text.text())
      .join(" ")
      .slice(0, 200),
    failures: [...(optional.find((field) => field.isUniversal(Tag.bitString))?.namedBits() ?? [])],
    token: token?.raw,
  };
}
