import { PdfDict, PdfName, type PdfObject, type PdfRef } from "../pdf/objects.ts";
import type { Showing } from "./shown-value.ts";
import type { Step } from "./step.ts";
import { inheritedFrom, widgetsOf } from "./visible.ts";

/**
 * Whether the widgets of a check box or of radio buttons show the state that is the field's value (12.7.5.2): each that
 * has looks of that name shows them, every other is off. A value that was exchanged while the looks stayed is careless
 * at most; looks that changed to something else say what the field does not.
 */
export function stateShownOf(step: Step, ref: PdfRef, field: PdfDict): Showing {
  const { base, final } = step;
  const widgets = widgetsOf(final, ref, field).flatMap((number) => {
    const widget = final.dict(number);
    const states = final.resolve(final.dict(widget?.get("AP"))?.get("N"));
    // A push button has one look, and no value.
    return widget && states instanceof PdfDict ? [{ number, widget, states }] : [];
  });
  if (widgets.length === 0) return "shown";
  const value = nameOf(inheritedFrom(final, field, "V"));
  if (value === undefined) return "unclear";
  // A widget of its own knows one state of the field's.
  const isWhole = field.get("T") !== undefined;
  if (isWhole && value !== "Off" && !widgets.some(({ states }) => states.entries.has(value))) return "unclear";
  const isWrong = widgets.filter(({ widget, states }) => {
    const shown = nameOf(final.resolve(widget.get("AS")));
    return shown !== (states.entries.has(value) ? value : "Off");
  });
  if (isWrong.length === 0) return "shown";
  const isStale = isWrong.every(({ number, widget }) => step.same(base.dict(number)?.get("AS"), widget.get("AS")));
  return isStale ? "unclear" : "otherwise";
}

/** The name of a state, `Off` where there is none; undefined for what is no name. */
function nameOf(value: PdfObject): string | undefined {
  if (value === null) return "Off";
  return value instanceof PdfName ? value.name : undefined;
}
