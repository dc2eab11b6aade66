import type { Certificate } from "./certificates.ts";
import type { Crl } from "./crl.ts";
import type { OcspResponse } from "./ocsp.ts";

/** Everything at hand for judging certificates; nothing is trusted by being in it. */
export interface Evidence {
  readonly certificates: readonly Certificate[];
  readonly crls: readonly Crl[];
  readonly ocsp: readonly OcspResponse[];
}

export const noEvidence: Evidence = { certificates: [], crls: [], ocsp: [] };

/** Several pieces of evidence as one; what stands in more than one is kept once. */
export function joinEvidence(...parts: readonly Evidence[]): Evidence {
  return {
    certificates: once(parts.flatMap(({ certificates }) => certificates)),
    crls: once(parts.flatMap(({ crls }) => crls)),
    ocsp: once(parts.flatMap(({ ocsp }) => ocsp)),
  };
}

function once<T extends { readonly sha256: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.sha256, item])).values()];
}
