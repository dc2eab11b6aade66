import { readBer, Tag } from "../asn1.ts";
import { readCertificate, type Certificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** Most certificates taken from one answer. */
const maximumCertificates = 16;

/**
 * Certificates as caIssuers addresses serve them (RFC 5280 §4.2.2.1): one in DER, or a "certs-only" CMS; also PEM,
 * which some servers send against the rules. Throws BAD_CERTIFICATE, ASN1_MALFORMED or ASN1_LIMIT.
 */
export function readCertificateBundle(answer: Buffer): Certificate[] {
  const bytes = withoutPem(answer);
  const parts = readBer(bytes).sequence();
  if (!parts[0]?.isUniversal(Tag.oid)) return [readCertificate(bytes)];
  const content = parts[0].oid() === Oid.signedData ? parts[1]?.children[0] : undefined;
  const list = content?.sequence().find((field) => field.isContext(0))?.children ?? [];
  return list
    .filter((element) => element.isUniversal(Tag.sequence))
    .slice(0, maximumCertificates)
    .map((element) => readCertificate(element.raw));
}

/** The bytes within the first PEM block of any label; the input itself where it is none. */
export function withoutPem(answer: Buffer): Buffer {
  if (answer[0] !== 0x2d) return answer;
  const text = answer.toString("latin1");
  const start = text.indexOf("-----", 5);
  const end = text.indexOf("-----END", start);
  if (start < 0 || end < 0) throw new SigningError("BAD_CERTIFICATE", "PEM block has no end");
  return Buffer.from(text.slice(start + 5, end), "base64");
}
