import { readBer, Tag, type Asn1 } from "../asn1.ts";
import { readAlgorithm } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";

/** What a time-stamp token says (RFC 3161 §2.4.2 TSTInfo). */
export interface TstInfo {
  /** Object identifier of the authority's policy. */
  readonly policy: string;
  readonly imprintAlgorithm: string;
  readonly imprint: Buffer;
  readonly serialNumber: bigint;
  /** To the millisecond; `timeText` has every digit. */
  readonly time: Date;
  readonly timeText: string;
  /** How far the time may be off, in milliseconds and fractions of them; undefined where the token does not say. */
  readonly accuracy: number | undefined;
  /** Whether two tokens of this authority can always be put in order by their times alone. */
  readonly ordering: boolean;
  readonly nonce: bigint | undefined;
  /** Identifiers of critical extensions: none is known, so none is understood. */
  readonly criticalExtensions: readonly string[];
}

/** Reads a TSTInfo. Throws CMS_MALFORMED, ASN1_MALFORMED or ASN1_LIMIT. */
export function readTstInfo(bytes: Buffer): TstInfo {
  const fields = [...readBer(bytes).sequence()];
  const [version, policy, messageImprint, serialNumber, time] = fields.splice(0, 5);
  const [algorithm, imprint] = messageImprint?.sequence() ?? [];
  if (version?.integer() !== 1n || !policy || !algorithm || !imprint || !serialNumber || !time) {
    throw malformed("TSTInfo is incomplete");
  }
  if (!time.isUniversal(Tag.generalizedTime)) throw malformed("genTime is not a GeneralizedTime");
  const take = (is: (field: Asn1) => boolean) => (fields[0] && is(fields[0]) ? fields.shift() : undefined);
  const accuracy = take((field) => field.isUniversal(Tag.sequence));
  const ordering = take((field) => field.isUniversal(Tag.boolean));
  const nonce = take((field) => field.isUniversal(Tag.integer));
  take((field) => field.isContext(0)); // tsa: a hint at the authority's name, which its certificate tells
  const extensions = take((field) => field.isContext(1));
  if (fields.length) throw malformed("TSTInfo has unknown fields");
  return {
    policy: policy.oid(),
    imprintAlgorithm: readAlgorithm(algorithm).oid,
    imprint: imprint.octets(),
    serialNumber: serialNumber.integer(),
    time: time.time(),
    timeText: time.content.toString("latin1"),
    accuracy: accuracy && readAccuracy(accuracy.sequence()),
    ordering: ordering?.boolean() ?? false,
    nonce: nonce?.integer(),
    criticalExtensions: (extensions?.children ?? []).flatMap((extension) => {
      const [oid, critical] = extension.sequence();
      if (!oid) throw malformed("extension is malformed");
      return critical?.isUniversal(Tag.boolean) && critical.boolean() ? [oid.oid()] : [];
    }),
  };
}

/** Accuracy ::= SEQUENCE { seconds INTEGER, millis [0] (1..999), micros [1] (1..999) }, each optional. */
function readAccuracy(parts: readonly Asn1[]): number {
  let milliseconds = 0;
  for (const part of parts) {
    if (part.isUniversal(Tag.integer)) milliseconds += part.count(0x7fffffff) * 1000;
    else if (part.isContext(0)) milliseconds += thousandth(part);
    else if (part.isContext(1)) milliseconds += thousandth(part) / 1000;
    else throw malformed("accuracy is malformed");
  }
  return milliseconds;
}

/** An IMPLICIT INTEGER of 0…999. */
function thousandth({ constructed, content }: Asn1): number {
  const value = !constructed && content.length >= 1 && content.length <= 2 ? content.readIntBE(0, content.length) : -1;
  if (value < 0 || value > 999) throw malformed("accuracy is out of range");
  return value;
}

function malformed(message: string): SigningError {
  return new SigningError("CMS_MALFORMED", message);
}
