import { readSignedData, type SignedData } from "../cms/signed-data.ts";
import { isSigner } from "../cms/signer-identifier.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import type { PdfDocument } from "../pdf/document.ts";
import type { PdfSource } from "../pdf/source.ts";
import { SecurityStores } from "../validate/dss.ts";
import { findSignatures, type FoundSignature } from "../validate/signature-fields.ts";
import type { Certificate } from "../x509/certificates.ts";
import { type Evidence, joinEvidence } from "../x509/evidence.ts";
import { openForSigning } from "./open.ts";

/** One signature or document time-stamp, with the CMS in it. */
export interface ReadSignature {
  readonly found: FoundSignature;
  /** Undefined where it cannot be read. */
  readonly data: SignedData | undefined;
  /** The time-stamp tokens inside it. */
  readonly tokens: readonly SignedData[];
}

/** The signatures of a file in the order of their revisions, and what its security store holds. */
export interface SignedFile {
  readonly document: PdfDocument;
  readonly signatures: readonly ReadSignature[];
  readonly held: Evidence;
}

/** Reads a signed file for work on its levels. Throws REFUSE_SIGN with ENCRYPTED or STRUCTURE, LIMIT_EXCEEDED. */
export function readSignedFile(pdf: Buffer | PdfSource): SignedFile {
  const document = openForSigning(pdf);
  const signatures = findSignatures(document).map((found): ReadSignature => {
    const data = attempt(() => readSignedData(found.contents, true));
    const values = data?.unsignedAttributes.get(Oid.signatureTimeStampToken) ?? [];
    return { found, data, tokens: values.flatMap((value) => attempt(() => readSignedData(value.raw)) ?? []) };
  });
  return { document, signatures, held: new SecurityStores(document).at(document.latest).evidence };
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

/** Whose paths must be documented for these signatures: signers and time-stamping authorities; and all others at hand. */
export function certificatesOf(signatures: readonly ReadSignature[]): { ends: Certificate[]; pool: Certificate[] } {
  const all = signatures.flatMap(({ data, tokens }) => (data ? [data, ...tokens] : tokens));
  const ends = all.flatMap(
    (data) => attempt(() => data.certificates.find((each) => isSigner(data.signerIdentifier, each))) ?? [],
  );
  const pool = all.flatMap((data) => data.certificates);
  const once = (list: readonly Certificate[]) => joinEvidence({ certificates: list, crls: [], ocsp: [] }).certificates;
  return { ends: [...once(ends)], pool: [...once(pool)] };
}
