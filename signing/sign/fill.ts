import { formFields } from "../pdf/acroform.ts";
import { PdfUpdate } from "../pdf/update.ts";
import { openForSigning, strictly } from "./open.ts";
import { permissionsOf, refuseIfFinal } from "./permissions.ts";
import type { FieldFill } from "./request.ts";
import { drawFills } from "./revision.ts";
import { fillField } from "./target.ts";

/**
 * Fills text fields in one appended update that nobody has signed: for a signature that is made elsewhere over the whole
 * file, which then covers it. Throws FIELD_NOT_FOUND, BAD_INPUT, LIMIT_EXCEEDED, or REFUSE_SIGN with the reason.
 */
export async function fillFields(pdf: Buffer, fills: readonly FieldFill[]): Promise<Buffer> {
  const document = openForSigning(pdf);
  const view = document.latest;
  const drawn = await drawFills(view, fills);
  return strictly(() => {
    const fields = formFields(view);
    const form = { fields, permissions: permissionsOf(view, fields) };
    refuseIfFinal(form.permissions);
    const update = new PdfUpdate(document);
    for (const fill of drawn) fillField(update, form, fill);
    return update.finish().bytes;
  });
}
