import { createHash } from "node:crypto";
import { readCertificate } from "../x509/certificates.ts";
import type { TrustAnchor } from "../x509/trust.ts";
import type { TrustStoreIdentity } from "./report.ts";

/** An anchor as plain data, which can be stored and sent to a worker: the certificate in DER. */
export interface StoredAnchor {
  readonly certificate: Uint8Array;
  /** "VGCA", "NEAC", "DEMO", "CUSTOM" … */
  readonly store: string;
  /** The first and last instant at which it is trusted; without limits where left out. */
  readonly from?: Date;
  readonly until?: Date;
}

/** Whom to trust: a certificate in DER (of the store CUSTOM), or with its store and period. */
export type AnchorInput = Buffer | TrustAnchor | StoredAnchor;

/** Reads anchors in any of their forms. Throws BAD_CERTIFICATE or ASN1_… for a broken one. */
export function readAnchors(inputs: readonly AnchorInput[]): TrustAnchor[] {
  return inputs.map((input) => {
    if (Buffer.isBuffer(input)) return { certificate: readCertificate(input), store: "CUSTOM" };
    const { certificate, ...rest } = input;
    if (!(certificate instanceof Uint8Array)) return { ...rest, certificate };
    return {
      ...rest,
      certificate: readCertificate(Buffer.from(certificate.buffer, certificate.byteOffset, certificate.length)),
    };
  });
}

/** What a verdict rests on: it changes with any anchor, its store or its period. */
export function identify(anchors: readonly TrustAnchor[]): TrustStoreIdentity {
  const lines = anchors.map(({ certificate, store, from, until }) =>
    [store, certificate.sha256, from?.toISOString() ?? "", until?.toISOString() ?? ""].join("\t"),
  );
  return {
    sha256: createHash("sha256").update(lines.sort().join("\n")).digest("hex"),
    anchors: anchors.length,
    stores: [...new Set(anchors.map(({ store }) => store))].sort(),
  };
}
