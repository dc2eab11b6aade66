import { createHash } from "node:crypto";
import { digestLengths, type RsaScheme } from "../../algorithms/identifiers.ts";
import { der } from "../../asn1.ts";
import { SigningError } from "../../errors.ts";
import { Oid } from "../../oids.ts";
import type { SignatureDigest } from "../signer.ts";
import { Ck, ckDigests, pssParameterType, type Cryptoki } from "./cryptoki.ts";

/** How a token signs with a key: the mechanism, and what it is given for some data. */
export interface SigningWay {
  readonly mechanism: Parameters<Cryptoki["C_SignInit"]>[1];
  readonly input: (data: Buffer) => Buffer;
}

/**
 * The mechanism to sign with. What takes a digest comes first, so that little goes over to the token; tokens that do
 * not let raw digests be signed hash by themselves. Throws UNSUPPORTED_KEY.
 */
export function signingWay(
  offered: readonly number[],
  keyType: string | undefined,
  digest: SignatureDigest,
  scheme: RsaScheme | undefined,
): SigningWay {
  const hashed = (data: Buffer) => createHash(digest).update(data).digest();
  const numbers = ckDigests[digest];
  if (keyType === "ec" && offered.includes(Ck.CKM_ECDSA))
    return { mechanism: { mechanism: Ck.CKM_ECDSA }, input: hashed };
  if (keyType === "rsa" && scheme === "pss") {
    const parameter = {
      type: pssParameterType,
      hashAlg: numbers.hash,
      mgf: numbers.mask,
      saltLen: digestLengths[digest],
    };
    if (offered.includes(Ck.CKM_RSA_PKCS_PSS)) {
      return { mechanism: { mechanism: Ck.CKM_RSA_PKCS_PSS, parameter }, input: hashed };
    }
    if (offered.includes(numbers.pss))
      return { mechanism: { mechanism: numbers.pss, parameter }, input: (data) => data };
  } else if (keyType === "rsa") {
    if (offered.includes(Ck.CKM_RSA_PKCS)) {
      // RFC 8017 §9.2 note 1: the DigestInfo with NULL parameters; the token pads it.
      const prefix = der.sequence(der.oid(Oid[digest]), der.null());
      return {
        mechanism: { mechanism: Ck.CKM_RSA_PKCS },
        input: (data) => der.sequence(prefix, der.octets(hashed(data))),
      };
    }
    if (offered.includes(numbers.rsa)) return { mechanism: { mechanism: numbers.rsa }, input: (data) => data };
  }
  throw new SigningError("UNSUPPORTED_KEY", "The token has no way to sign with this key.", { keyType: keyType ?? "" });
}
