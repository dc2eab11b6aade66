import { der, readBer, Tag } from "../asn1.ts";
import { readAlgorithm } from "../x509/certificates.ts";
import type { WrittenDigest } from "../algorithms/identifiers.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** What an authority is asked to stamp (RFC 3161 §2.4.1 TimeStampReq). */
export interface TimestampQuestion {
  readonly imprintAlgorithm: string;
  readonly imprint: Buffer;
  readonly policy: string | undefined;
  readonly nonce: bigint | undefined;
  readonly certificatesWanted: boolean;
}

/** A TimeStampReq in DER. */
export function writeTimestampRequest(request: {
  readonly imprint: Buffer;
  readonly imprintAlgorithm: WrittenDigest;
  readonly policy?: string;
  readonly nonce?: bigint;
  /** certReq: whether the answer is to bring the authority's certificate; yes unless false. */
  readonly certificatesWanted?: boolean;
}): Buffer {
  const { imprint, imprintAlgorithm, policy, nonce, certificatesWanted = true } = request;
  return der.sequence(
    der.integer(1),
    der.sequence(der.sequence(der.oid(Oid[imprintAlgorithm]), der.null()), der.octets(imprint)),
    ...(policy ? [der.oid(policy)] : []),
    ...(nonce === undefined ? [] : [der.integer(nonce)]),
    ...(certificatesWanted ? [der.boolean(true)] : []),
  );
}

/** Reads a TimeStampReq, for those who answer it. Throws CMS_MALFORMED, ASN1_MALFORMED or ASN1_LIMIT. */
export function readTimestampRequest(bytes: Buffer): TimestampQuestion {
  const [version, messageImprint, ...optional] = readBer(bytes).sequence();
  const [algorithm, imprint] = messageImprint?.sequence() ?? [];
  if (version?.integer() !== 1n || !algorithm || !imprint) {
    throw new SigningError("CMS_MALFORMED", "TimeStampReq is incomplete");
  }
  return {
    imprintAlgorithm: readAlgorithm(algorithm).oid,
    imprint: imprint.octets(),
    policy: optional.find((field) => field.isUniversal(Tag.oid))?.oid(),
    nonce: optional.find((field) => field.isUniversal(Tag.integer))?.integer(),
    certificatesWanted: optional.find((field) => field.isUniversal(Tag.boolean))?.boolean() ?? false,
  };
}
