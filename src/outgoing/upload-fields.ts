import { addFields, listFields, readPdf, SigningError } from "../../signing/index.ts";
import { documentFields, fieldNames } from "./fields.ts";
import { isStepField } from "./chain.ts";
import { uploadPlaces } from "./upload-places.ts";
import type { UploadStep } from "./uploads.ts";

/**
 * An uploaded PDF with empty fields for number, date, seal and the signatures of all steps. Throws SigningError: what the reader says,
 * SIGNED_BEFORE, ACTIVE_CONTENT, NAME_TAKEN or NO_ROOM.
 */
export function prepareUpload(bytes: Buffer, steps: readonly UploadStep[] = []): Buffer {
  const document = readPdf(bytes);
  const view = document.latest;
  const form = view.dict(view.catalog.get("AcroForm"));
  const names = view.dict(view.catalog.get("Names"));
  // What a script or an XFA form shows later is not what was signed.
  if (form?.get("XFA") !== undefined || names?.get("JavaScript") !== undefined)
    throw new SigningError("ACTIVE_CONTENT", "The file has a script or an XFA form.");
  const fields = listFields(bytes);
  // New empty fields would break the signatures that are there.
  if (fields.some(({ signed }) => signed)) throw new SigningError("SIGNED_BEFORE", "The file has been signed already.");
  const own = new Set<string>(Object.values(fieldNames));
  const others = fields.map(({ name }) => name);
  if (others.some((name) => own.has(name) || isStepField(name)))
    throw new SigningError("NAME_TAKEN", "The file has a field with a name of ours.");
  const places = uploadPlaces(document, steps);
  if (!places) throw new SigningError("NO_ROOM", "The last page has no room for a signature.");
  return addFields(bytes, documentFields(places, others));
}
