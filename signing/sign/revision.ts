import { textAppearance } from "../appearance/appearance.ts";
import type { Appearance } from "../appearance/form.ts";
import { formFields, readLock } from "../pdf/acroform.ts";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { dict, PdfDict, PdfRef } from "../pdf/objects.ts";
import { PdfUpdate } from "../pdf/update.ts";
import { signatureKeys } from "./dictionary.ts";
import { type FieldInfo, fieldsOf, markSigned } from "./fields.ts";
import { checkHole, finishWithHole, type PreparedRevision } from "./hole.ts";
import { strictly } from "./open.ts";
import { permissionsOf, refuseIfFinal, refuseSecondCertification } from "./permissions.ts";
import type { FieldFill, RevisionRequest } from "./request.ts";
import { refuseUnlessSeedValues } from "./seed-values.ts";
import { fillField, type Form, showIn, targetOf } from "./target.ts";

/**
 * Writes the revision of one signature, with a hole for its CMS. Throws FIELD_NOT_FOUND, BAD_INPUT,
 * LIMIT_EXCEEDED, or REFUSE_SIGN with the reason.
 */
export function prepareRevision(document: PdfDocument, request: RevisionRequest): PreparedRevision {
  checkHole(request.holeSize);
  return strictly(() => writeRevision(document, request));
}

function writeRevision(document: PdfDocument, request: RevisionRequest): PreparedRevision {
  const view = document.latest;
  const update = new PdfUpdate(document);
  const fields = formFields(view);
  const form: Form = { fields, permissions: permissionsOf(view, fields) };
  refuseIfFinal(form.permissions);
  if (request.certify !== undefined) refuseSecondCertification(form.permissions);
  const target = targetOf(update, form, request.field, request.appearance);
  refuseUnlessSeedValues(view, target.dict, request);
  for (const fill of request.fill ?? []) fillField(update, form, fill);

  const lock = readLock(view, update.resolve(target.dict.get("Lock")));
  const signature = update.allocate();
  // A field that was made just now has its appearance already.
  const appearance = typeof request.field === "string" ? request.appearance : undefined;
  showIn(update, target, appearance, { V: signature });
  markSigned(update);
  if (request.certify !== undefined) certify(update, signature);
  const { digest, holeSize } = request;
  return finishWithHole(update, signature, signatureKeys(update, request, lock), {
    field: target.name,
    digest,
    holeSize,
  });
}

/** 12.8.6: the catalog names the certification too. */
function certify(update: PdfUpdate, signature: PdfRef): void {
  const root = update.document.latest.trailer.get("Root") as PdfRef;
  const catalog = update.resolve(root) as PdfDict;
  const permissions = catalog.get("Perms");
  const current = update.resolve(permissions);
  const changed = (current instanceof PdfDict ? current : dict({})).with({ DocMDP: signature });
  if (permissions instanceof PdfRef && current instanceof PdfDict) update.set(permissions, changed);
  else update.set(root, catalog.with({ Perms: changed }));
}

/** Draws the values whose appearance was not given, as their fields ask. */
export async function drawFills(view: PdfView, fills: readonly FieldFill[]): Promise<readonly FieldFill[]> {
  if (fills.every((fill) => fill.appearance !== undefined)) return fills;
  const fields = fieldsOf(view);
  return Promise.all(
    fills.map(async (fill) => {
      const field = fields.find((candidate) => candidate.name === fill.field);
      if (fill.appearance !== undefined || field === undefined) return fill;
      return { ...fill, appearance: await valueAppearance(field, fill.value) };
    }),
  );
}

/** A value drawn as its text field asks: black, in the field's size and alignment. */
async function valueAppearance(field: FieldInfo, value: string): Promise<Appearance> {
  const [left, bottom, right, top] = field.rect ?? [0, 0, 100, 20];
  return textAppearance({
    width: right - left,
    height: top - bottom,
    lines: [value],
    // 0 means "fit" (12.7.4.3); 13 is the size of number and date in an official document (Decree 30/2020, Annex I).
    fontSize: field.fontSize || 13,
    color: "black",
    align: field.alignment ?? "left",
  });
}
