import { createVerify, verify, type VerifyKeyObjectInput } from "node:crypto";
import { Tag } from "../asn1.ts";
import type { AlgorithmIdentifier } from "../x509/certificates.ts";
import { Oid } from "../oids.ts";
import type { Message } from "./message.ts";

/** How a raw signature came out. `notes` name what is right but unusual, or why it is not judged. */
export interface RawVerdict {
  readonly result: "valid" | "invalid" | "unsupported";
  readonly notes: readonly string[];
}

/**
 * The verdict of OpenSSL on a signature over a message in memory or in pieces. Errors in reading the pieces are not
 * the signature's and are thrown on.
 */
export function verifyMessage(
  digest: string,
  data: Message,
  key: VerifyKeyObjectInput,
  signature: Buffer,
  notes: readonly string[],
): RawVerdict {
  if (Buffer.isBuffer(data)) return judge(() => verify(digest, data, key, signature), notes);
  const running = createVerify(digest);
  for (const chunk of data.chunks()) running.update(chunk);
  return judge(() => running.verify(key, signature), notes);
}

const weakDigests = new Map<string, string>([
  [Oid.md5, "WEAK_DIGEST_MD5"],
  [Oid.ripemd160, "WEAK_DIGEST_RIPEMD160"],
  [Oid.sha1, "WEAK_DIGEST_SHA1"],
]);

/** What no longer stands alone as proof (ETSI TS 119 312): SHA-1 and older digests, moduli below 2,048 bits. */
export function weakness(digestOid: string, modulus = 4096): string[] {
  const digest = weakDigests.get(digestOid);
  return [...(digest ? [digest] : []), ...(modulus < 2048 ? ["WEAK_KEY"] : [])];
}

/** The verdict of a check by OpenSSL, which throws for what it cannot read. */
export function judge(check: () => boolean, notes: readonly string[]): RawVerdict {
  try {
    return check() ? { result: "valid", notes } : invalid("SIGNATURE_MISMATCH");
  } catch {
    return invalid("SIGNATURE_MALFORMED");
  }
}

export const invalid = (note: string): RawVerdict => ({ result: "invalid", notes: [note] });
export const unsupported = (note: string): RawVerdict => ({ result: "unsupported", notes: [note] });

/** Whether an algorithm's parameters are absent or NULL. */
export function withoutParameters({ parameters }: AlgorithmIdentifier): boolean {
  return parameters === undefined || parameters.isUniversal(Tag.null);
}
