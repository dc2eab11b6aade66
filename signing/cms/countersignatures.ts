import { digest } from "../algorithms/digests.ts";
import type { Certificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { readSignerInfo, type SignedData } from "./signed-data.ts";
import { attempt } from "./tolerance.ts";
import { verifySigner, type SignedDataVerdict } from "./verify.ts";

/** Most countersignatures that are checked. */
const maximumCountersignatures = 8;

/**
 * How the countersignatures of a CMS came out: each signs the signature value (RFC 5652 §11.4). They say nothing
 * about the signature itself, so a bad one makes only itself invalid. `pool` may hold their certificates.
 */
export function verifyCountersignatures(data: SignedData, pool: readonly Certificate[] = []): SignedDataVerdict[] {
  const values = data.unsignedAttributes.get(Oid.counterSignature) ?? [];
  return values.slice(0, maximumCountersignatures).map((value): SignedDataVerdict => {
    const verdict = attempt(() =>
      verifySigner(readSignerInfo(value), {
        contentType: undefined,
        contentDigest: (oid) => digest(oid, data.signature),
        message: () => data.signature,
        certificates: [...data.certificates, ...pool],
      }),
    );
    if (!(verdict instanceof SigningError)) return verdict;
    return {
      result: "invalid",
      subIndication: "FORMAT_FAILURE",
      certificate: undefined,
      signingCertificate: false,
      claimedTime: undefined,
      notes: [`${verdict.code} ${verdict.message}`],
    };
  });
}

const codes = {
  valid: "COUNTERSIGNATURE_VALID",
  invalid: "COUNTERSIGNATURE_INVALID",
  unknown: "COUNTERSIGNATURE_UNKNOWN",
} as const;

/** The same as notes: how each came out, and whose it is as far as that is known. Trust in them is not judged. */
export function countersignatureNotes(data: SignedData, pool: readonly Certificate[]): string[] {
  const verdicts = verifyCountersignatures(data, pool);
  const left = (data.unsignedAttributes.get(Oid.counterSignature)?.length ?? 0) - verdicts.length;
  const notes = verdicts.map(({ result, certificate }) =>
    certificate ? `${codes[result]} ${certificate.subject.text}` : codes[result],
  );
  return left > 0 ? [...notes, `COUNTERSIGNATURES_NOT_CHECKED ${left}`] : notes;
}
