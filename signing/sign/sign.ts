import { prepareSignedData } from "../cms/write.ts";
import type { PdfDocument } from "../pdf/document.ts";
import { refuseMismatch, refuseUnfit, signingCertificate } from "./certificate.ts";
import { holeSizeFor, type PreparedRevision } from "./hole.ts";
import { openForSigning } from "./open.ts";
import type { SignRequest } from "./request.ts";
import { drawFills, prepareRevision } from "./revision.ts";

/**
 * Signs: one appended revision with a PAdES baseline B signature (ETSI EN 319 142-1), which is not validated again; see
 * signPdfTo for higher levels and a validated result. Throws FIELD_NOT_FOUND, BAD_INPUT, LIMIT_EXCEEDED, REFUSE_SIGN
 * with a RefusalReason, and the signer's own errors; nothing is changed then.
 */
export async function signPdf(pdf: Buffer, request: SignRequest): Promise<Buffer> {
  const { prepared, cms } = await signOnce(openForSigning(pdf), request);
  return prepared.complete(cms);
}

/** Adds to a CMS, whose raw signature is given, what needs it: a time-stamp. */
export type Augment = (cms: Buffer, signature: Buffer) => Promise<Buffer>;

/** A revision and the CMS that goes into its hole. */
export interface SignedRevision {
  readonly prepared: PreparedRevision;
  readonly cms: Buffer;
}

/** Prepares, signs, checks the signature against the certificate, and signs again if the hole was too small. */
export async function signOnce(
  document: PdfDocument,
  request: SignRequest,
  options: { readonly augment?: Augment; readonly tokenRoom?: number } = {},
): Promise<SignedRevision> {
  const { signer } = request;
  const { certificate, chain, digest } = signer;
  const own = signingCertificate(certificate);
  refuseUnfit(own, request.at);
  const fill = await drawFills(document.latest, request.fill ?? []);
  const timestamped = options.augment !== undefined;
  const attempt = async (holeSize: number): Promise<SignedRevision> => {
    const prepared = prepareRevision(document, { ...request, fill, certificate, chain, digest, holeSize, timestamped });
    const signedData = prepareSignedData(signer, prepared.digest);
    const signature = await signer.sign(signedData.toBeSigned);
    refuseMismatch(own, signer, signedData.toBeSigned, signature);
    const cms = signedData.complete(signature);
    return { prepared, cms: options.augment ? await options.augment(cms, signature) : cms };
  };
  const holeSize = holeSizeFor(own, chain, options.tokenRoom ?? 0);
  const first = await attempt(holeSize);
  // The hole's place is part of what is signed, so a wider one takes a second signature.
  return first.cms.length > holeSize ? attempt(first.cms.length + 1_024) : first;
}
