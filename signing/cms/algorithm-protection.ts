import { toDer, type Asn1 } from "../asn1.ts";
import { withoutParameters } from "../algorithms/verdict.ts";
import { readAlgorithm, type AlgorithmIdentifier } from "../x509/certificates.ts";

/**
 * RFC 6211: whether the signed copy of the algorithm identifiers is that of the SignerInfo. Absent parameters and
 * NULL are the same thing here (RFC 5754 §2, RFC 4055 §5), for signers write one in the copy and the other outside.
 */
export function isAlgorithmProtected(
  values: readonly Asn1[],
  outside: { readonly digestAlgorithm: AlgorithmIdentifier; readonly signatureAlgorithm: AlgorithmIdentifier },
): boolean {
  const [digestField, signatureField, ...rest] = values.length === 1 ? values[0]!.sequence() : [];
  // [1] is the signature's algorithm; [2], a MAC's, has no place in a signature.
  if (!digestField || !signatureField?.isContext(1) || rest.length) return false;
  const [oid, parameters, ...more] = signatureField.children;
  if (!oid || more.length) return false;
  return (
    isSame(readAlgorithm(digestField), outside.digestAlgorithm) &&
    isSame({ oid: oid.oid(), parameters }, outside.signatureAlgorithm)
  );
}

function isSame(one: AlgorithmIdentifier, other: AlgorithmIdentifier): boolean {
  if (one.oid !== other.oid) return false;
  if (withoutParameters(one) || withoutParameters(other)) return withoutParameters(one) && withoutParameters(other);
  return toDer(one.parameters!).equals(toDer(other.parameters!));
}
