import { randomBytes } from "node:crypto";
import { publicKeyOf, type Certificate } from "../x509/certificates.ts";
import { authorityInformation } from "../x509/extensions.ts";
import { identifies, ocspRequest, readOcspResponse, type BasicOcspResponse } from "../x509/ocsp.ts";
import { isSignedBy, verifySigned } from "../x509/signatures.ts";
import { SigningError } from "../errors.ts";
import type { Collection } from "./collection.ts";

/** How far a responder's clock may be ahead, in milliseconds. */
const clockSkew = 300_000;

/**
 * Asks the OCSP responders that a certificate names until one gives a usable answer, which is added to the
 * collection. Gives the certificates that signed it (the issuer's own where it did), or none.
 */
export async function fetchOcsp(
  certificate: Certificate,
  issuer: Certificate,
  collection: Collection,
): Promise<Certificate[]> {
  for (const url of authorityInformation(certificate).ocsp.slice(0, collection.limits.addresses)) {
    const signers = await collection.attempt(certificate, `OCSP from ${url}`, async () => {
      const nonce = randomBytes(16);
      const answer = await collection.ask(
        {
          url,
          method: "POST",
          body: ocspRequest({ certificate, issuer, nonce }),
          contentType: "application/ocsp-request", // RFC 6960 §A.1
          accept: "application/ocsp-response",
        },
        `${url} ${certificate.sha256}`,
      );
      const response = readOcspResponse(answer);
      const { basic } = response;
      if (!basic) throw unusable(`the responder answers ${response.status}`);
      const signer = checkResponse(basic, { certificate, issuer, nonce, at: collection.at });
      collection.addOcsp(response);
      for (const carried of basic.certificates) collection.addCertificate(carried);
      return [signer];
    });
    if (signers.length > 0) return signers;
  }
  return [];
}

/**
 * Whether a response answers the question; what it is worth is for validation to say. A nonce is not demanded back:
 * most responders answer from a store (RFC 8954 §1, RFC 5019 §4). Throws OCSP_UNUSABLE.
 */
function checkResponse(
  basic: BasicOcspResponse,
  asked: { certificate: Certificate; issuer: Certificate; nonce: Buffer; at: Date },
): Certificate {
  const { certificate, issuer, nonce, at } = asked;
  if (basic.nonce && !basic.nonce.equals(nonce)) throw unusable("the response is to another question");
  const single = basic.singles.find(({ id }) => identifies(id, certificate, issuer));
  if (!single) throw unusable("the response is about another certificate");
  if (single.status === "unknown") throw unusable("the responder does not know the certificate");
  const early = single.thisUpdate.getTime() > at.getTime() + clockSkew;
  const late = single.nextUpdate !== undefined && single.nextUpdate < at;
  if (early || late) throw unusable("the response does not speak of this time");
  const candidates = [issuer, ...basic.certificates.filter((each) => isSignedBy(each, issuer))];
  const signer = candidates.find((each) => verifySigned(basic, publicKeyOf(each)).result === "valid");
  if (!signer) throw unusable("the response is not signed by the issuer or for it");
  return signer;
}

function unusable(message: string): SigningError {
  return new SigningError("OCSP_UNUSABLE", message);
}
