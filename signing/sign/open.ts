import { SigningError } from "../errors.ts";
import { type PdfDocument, readPdf } from "../pdf/document.ts";
import type { PdfSource } from "../pdf/source.ts";
import { refuse } from "./refusal.ts";

/**
 * Reads a file that is to be signed, strictly: what readers repair in different ways must not be signed. Throws
 * REFUSE_SIGN with ENCRYPTED, ENCRYPTION or STRUCTURE, LIMIT_EXCEEDED.
 */
export function openForSigning(pdf: Buffer | PdfSource): PdfDocument {
  const document = strictly(() => readPdf(pdf));
  // ISO/TS 32004: the code covers the whole file, and is not made anew here.
  if (document.authCode !== undefined) {
    throw refuse("ENCRYPTION", "The file is sealed with a code that a change would break.");
  }
  return document;
}

/** Does something with a file's objects, and makes a refusal of what is wrong with them. */
export function strictly<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    if (error.code === "ENCRYPTED_PDF") throw refuse("ENCRYPTED", "The file is encrypted.");
    if (error.code !== "MALFORMED_PDF") throw error;
    throw refuse("STRUCTURE", "The file's structure is broken.", { ...error.details, cause: error.message });
  }
}

/** What is to be done to the form. */
export type FormAct = "create" | "fill";

/** Throws REFUSE_SIGN with ENCRYPTION when the file's security handler forbids the act (7.6.4.2, table 22). */
export function refuseIfForbidden(document: PdfDocument, act: FormAct): void {
  const { encryption } = document;
  if (encryption === undefined) return;
  const { annotate, modify, fillForms } = encryption.permissions;
  if (act === "create" ? !(annotate && modify) : !fillForms) {
    throw refuse("ENCRYPTION", "The file's author does not permit this.", { act });
  }
}
