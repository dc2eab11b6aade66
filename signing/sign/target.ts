import { type Appearance, embedAppearance } from "../appearance/form.ts";
import { SigningError } from "../errors.ts";
import type { FormField } from "../pdf/acroform.ts";
import { box, pageGeometry } from "../pdf/geometry.ts";
import { dict, PdfDict, type PdfObject, PdfRef } from "../pdf/objects.ts";
import { encodeText } from "../pdf/text.ts";
import type { PdfUpdate } from "../pdf/update.ts";
import { addFieldsTo, type SignatureFieldSpec } from "./fields.ts";
import { refuseIfForbidden } from "./open.ts";
import { type Permissions, refuseIfFilled, refuseIfLocked } from "./permissions.ts";
import { refuse } from "./refusal.ts";
import type { FieldFill } from "./request.ts";

/** The field that a signature goes into. */
export interface Target {
  readonly name: string;
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  readonly widget: PdfRef;
}

/** What is known of the form before it is changed. */
export interface Form {
  readonly fields: readonly FormField[];
  readonly permissions: Permissions;
}

/** Finds the empty signature field, or makes it with its appearance. Throws FIELD_NOT_FOUND, BAD_INPUT, REFUSE_SIGN. */
export function targetOf(
  update: PdfUpdate,
  { fields, permissions }: Form,
  wanted: string | SignatureFieldSpec,
  appearance?: Appearance,
): Target {
  if (typeof wanted !== "string") {
    refuseIfForbidden(update.document, "create");
    const names = new Set(fields.map((field) => field.name));
    const added = addFieldsTo(update, [wanted], names, appearance)[0]!;
    refuseIfLocked(permissions, added.name);
    return { ...added, widget: added.ref };
  }
  refuseIfForbidden(update.document, "fill");
  const field = find(fields, wanted, "Sig");
  if (update.document.latest.resolve(field.dict.get("V")) !== null) {
    throw refuse("ALREADY_SIGNED", "The field is already signed.", { field: wanted });
  }
  refuseIfLocked(permissions, wanted);
  return { name: wanted, ref: field.ref, dict: field.dict, widget: field.widgets[0] ?? field.ref };
}

/** Writes a text field's value and how it shows. Throws FIELD_NOT_FOUND, BAD_INPUT, REFUSE_SIGN. */
export function fillField(update: PdfUpdate, { fields, permissions }: Form, fill: FieldFill): void {
  refuseIfForbidden(update.document, "fill");
  const field = find(fields, fill.field, "Tx");
  refuseIfLocked(permissions, fill.field);
  refuseIfFilled(update.document.latest, permissions, field);
  if (fill.appearance === undefined) {
    throw new SigningError("BAD_INPUT", "A value needs an appearance.", { field: fill.field });
  }
  const target = { name: field.name, ref: field.ref, dict: field.dict, widget: field.widgets[0] ?? field.ref };
  showIn(update, target, fill.appearance, { V: encodeText(fill.value) });
}

function find(fields: readonly FormField[], fieldName: string, type: "Sig" | "Tx"): FormField {
  const field = fields.find((candidate) => candidate.name === fieldName);
  const details = { field: fieldName };
  if (field === undefined) throw new SigningError("FIELD_NOT_FOUND", "The document has no such field.", details);
  if (field.type !== type) throw new SigningError("BAD_INPUT", "The field is of another type.", details);
  return field;
}

/** Sets the field's keys, and the normal appearance of its widget where one is given. */
export function showIn(
  update: PdfUpdate,
  target: Target,
  appearance: Appearance | undefined,
  changes: Readonly<Record<string, PdfObject>>,
): void {
  const merged = target.widget.number === target.ref.number;
  const view = update.document.latest;
  const widget = merged ? target.dict : view.dict(target.widget);
  let shown: Record<string, PdfObject> = {};
  const own = box(view, widget?.get("Rect"));
  if (appearance !== undefined && widget !== undefined && own !== undefined) {
    const page = widget.get("P");
    // A page that the widget does not name is taken as upright.
    const rotate = page instanceof PdfRef ? pageGeometry(view, page).rotate : 0;
    const [width, height] = [own[2] - own[0], own[3] - own[1]];
    const sideways = rotate === 90 || rotate === 270;
    const place = sideways ? { width: height, height: width, rotate } : { width, height, rotate };
    if (width > 0 && height > 0) shown = { AP: dict({ N: embedAppearance(update, appearance, place) }) };
  }
  update.set(target.ref, target.dict.with(merged ? { ...changes, ...shown } : changes));
  if (!merged && widget !== undefined && shown.AP !== undefined) update.set(target.widget, widget.with(shown));
}
