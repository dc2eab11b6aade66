import { Security } from "./encryption.ts";
import { malformed } from "./limits.ts";
import { type PdfDict, PdfRef, PdfString } from "./objects.ts";
import type { Revision } from "./revisions.ts";
import type { PdfView } from "./view.ts";

/**
 * Opens the file's encryption, if it has any; nothing may be deciphered yet. Throws ENCRYPTED_PDF, and MALFORMED_PDF
 * for a file that is encrypted in some of its revisions only, which nobody could read as a whole.
 */
export function openSecurity(view: PdfView, revisions: readonly Revision[]): Security | undefined {
  const { trailer } = view;
  if (revisions.some((revision) => placeOf(revision.trailer) !== placeOf(trailer))) {
    throw malformed("The file is encrypted in some of its revisions only, or in several ways.");
  }
  const written = trailer.get("Encrypt");
  if (written === undefined || written === null) return undefined;
  const dictionary = view.dict(written);
  if (dictionary === undefined) throw malformed("/Encrypt is not a dictionary.");
  const id = view.resolve(trailer.get("ID"));
  const first = Array.isArray(id) ? view.resolve(id[0]) : null;
  const bytes = first instanceof PdfString ? first.bytes : Buffer.alloc(0);
  return new Security(dictionary, bytes, (object) => view.resolve(object));
}

/** Where a trailer's encryption stands: the object's number, 0 for the trailer itself. */
function placeOf(trailer: PdfDict): number | undefined {
  const written = trailer.get("Encrypt");
  return written instanceof PdfRef ? written.number : written === undefined || written === null ? undefined : 0;
}
