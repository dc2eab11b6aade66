import { createPublicKey, sign, verify, X509Certificate, type KeyObject } from "node:crypto";
import { AxisError } from "./errors.ts";

/** Immutable bytes with a detached signature over them: a JWS whose payload travels apart (RFC 7515, appendix F). */
export interface Signed {
  readonly bytes: Buffer;
  readonly jws: string;
}

/** What the signed bytes are; part of the protected header, so that one kind can never pass for another. */
export type SignedType = "ltvb-manifest" | "ltvb-hub-receipt" | "ltvb-delivery-receipt";

/** A key together with its certificate chain, leaf first, DER. */
export interface Credential {
  readonly key: KeyObject;
  readonly certificateChain: readonly Buffer[];
}

const maxJwsLength = 32 * 1024;

/** Signs bytes: ES256 with a P-256 key, RS256 with an RSA key of 2048 bits or more. */
export function signBytes(type: SignedType, bytes: Buffer, { key, certificateChain }: Credential): Signed {
  const [leaf] = certificateChain;
  if (!leaf || !new X509Certificate(leaf).checkPrivateKey(key)) throw new TypeError("No certificate of this key");
  const x5c = certificateChain.map((der) => der.toString("base64"));
  const header = { alg: algorithmOf(createPublicKey(key)), typ: type, x5c };
  const encoded = Buffer.from(JSON.stringify(header)).toString("base64url");
  const signature = sign("sha256", signingInput(encoded, bytes), { key, dsaEncoding: "ieee-p1363" });
  return { bytes, jws: `${encoded}..${signature.toString("base64url")}` };
}

/**
 * Checks a detached signature against the certificates that the directory holds for the signer, and gives back the one
 * used.
 * The certificates inside the message are never trusted by themselves. Throws `AxisError` "bad_signature".
 */
export function verifyBytes(type: SignedType, signed: Signed, trusted: readonly Buffer[], at: Date): X509Certificate {
  const { encoded, header, signature } = parseJws(signed.jws);
  if (header.typ !== type) throw bad("is of another type");
  // RFC 7515, 4.1.11: extensions that must be understood and are not make the signature invalid; we know none.
  if ("crit" in header || "b64" in header) throw bad("uses unknown extensions");
  const leaf = Array.isArray(header.x5c) ? (header.x5c as unknown[])[0] : undefined;
  if (typeof leaf !== "string") throw bad("carries no certificate");
  const der = Buffer.from(leaf, "base64");
  if (!trusted.some((candidate) => candidate.equals(der))) throw bad("is by a certificate the directory does not hold");

  const certificate = new X509Certificate(der);
  if (at < certificate.validFromDate || at > certificate.validToDate) throw bad("is by a certificate not valid now");
  // The algorithm follows from the key in the directory; what the header says must only agree.
  if (header.alg !== algorithmOf(certificate.publicKey)) throw bad("names the wrong algorithm");
  const key = { key: certificate.publicKey, dsaEncoding: "ieee-p1363" as const };
  if (!verify("sha256", signingInput(encoded, signed.bytes), key, signature)) throw bad("does not fit the bytes");
  return certificate;
}

function parseJws(jws: string) {
  const match = jws.length <= maxJwsLength ? /^([\w-]+)\.\.([\w-]+)$/.exec(jws) : null;
  const [, encoded = "", signature = ""] = match ?? [];
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, "base64url").toString());
    if (typeof header !== "object" || header === null) throw bad("has no header");
    return { encoded, header: header as Record<string, unknown>, signature: Buffer.from(signature, "base64url") };
  } catch {
    throw bad("cannot be read");
  }
}

function algorithmOf(key: KeyObject): "ES256" | "RS256" {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "ec" && namedCurve === "prime256v1") return "ES256";
  if (key.asymmetricKeyType === "rsa" && modulusLength >= 2048) return "RS256";
  throw bad("needs a P-256 key or an RSA key of at least 2048 bits");
}

function signingInput(encodedHeader: string, bytes: Buffer): Buffer {
  return Buffer.from(`${encodedHeader}.${bytes.toString("base64url")}`);
}

function bad(fault: string): AxisError {
  return new AxisError("bad_signature", `The signature ${fault}`);
}
