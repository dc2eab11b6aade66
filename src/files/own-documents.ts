import { type StoredAnchor, type Verification, verifyPdf, wantsLook } from "../../signing/index.ts";
import { PdfVerifier } from "./pdf-verification.ts";

/** Judging takes some 2 ms a megabyte, nearly all of it hashing: nobody else's request waits for more than a few of them. */
const largestAtOnce = 4 << 20;

/** Apart from the threads for the public, whose crowd keeps no signature waiting. */
export const documentVerifier = new PdfVerifier({ waiting: 100 });

/**
 * The verdict of `verifyPdf` on a file of the office's own: at once for a small one, from a thread for one that would hold up
 * the server. Throws as `PdfVerifier.verify`.
 */
export function validateOwn(
  pdf: Buffer,
  options: { readonly anchors: readonly (Buffer | StoredAnchor)[]; readonly at: Date },
): Verification | Promise<Verification> {
  if (pdf.length > largestAtOnce) return documentVerifier.verify(pdf, options);
  const found = verifyPdf(pdf, options);
  // Where only drawn pages can tell, a thread draws them.
  return wantsLook(found, pdf.length, "where needed") ? documentVerifier.verify(pdf, options) : found;
}
