import { isName, PdfDict, PdfRef } from "../pdf/objects.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import { checkAppearance } from "./fields.ts";
import { identify, type FieldNode } from "./nodes.ts";
import type { Step } from "./step.ts";
import { isInvisible, widgetsOf } from "./visible.ts";

/**
 * A field that was not there. ISO 32000-2 leaves open whether DocMDP level 2 lets new signature fields come; agents in
 * use add one for each signature, so they may: signed with this revision, or empty until a later one signs it.
 */
export function compareNewField(step: Step, ref: PdfRef, parent: FieldNode | undefined, depth = 0): void {
  const { final, context } = step;
  const field = final.get(ref);
  if (!(field instanceof PdfDict) || depth > MAX_DEPTH) return step.refuse("NEW_FIELD_MALFORMED");
  if (context.nodes.has(ref.number)) return step.refuse(`NEW_FIELD_IS_KNOWN ${ref.number}`);
  const node: FieldNode = {
    kind: "field",
    ref,
    born: step.revision,
    ...identify(final, field, parent ?? { name: "", type: "" }),
  };
  const owner = field.get("Parent");
  const isOwned = parent ? owner instanceof PdfRef && owner.number === parent.ref.number : owner === undefined;
  if (!isOwned || field.get("T") === undefined) return step.refuse(`NEW_FIELD ${node.name}`);
  const kids = final.resolve(field.get("Kids"));
  const named = Array.isArray(kids) && kids.some((kid) => final.dict(kid)?.get("T") !== undefined);
  if (named) return compareNewParent(step, node, field, kids, depth);
  compareNewSignature(step, node, field);
}

/** A group of fields: it bears nothing but a name and signature fields. */
function compareNewParent(step: Step, node: FieldNode, field: PdfDict, kids: unknown[], depth: number): void {
  const keys = new Set(["T", "Kids", "Parent", "FT"]);
  const others = [...field.entries.keys()].filter((key) => !keys.has(key));
  if (others.length > 0 || !kids.every((kid) => kid instanceof PdfRef)) return step.refuse(`NEW_FIELD ${node.name}`);
  step.newNodes.push(node);
  for (const kid of kids) compareNewField(step, kid, node, depth + 1);
}

function compareNewSignature(step: Step, node: FieldNode, field: PdfDict): void {
  const { final, context } = step;
  const { name } = node;
  const signature = context.signatures.get(node.ref.number);
  const signed = signature?.revision === step.revision;
  const waiting = signature?.revision !== undefined && signature.revision > step.revision;
  if (node.type !== "Sig" || !signature || !(signed || waiting)) return step.refuse(`NEW_FIELD ${name}`);
  if (waiting && final.resolve(field.get("V")) !== null) return step.refuse(`SIGNATURE_CLOSES_NO_REVISION ${name}`);
  step.newNodes.push(node);
  for (const ref of widgetsOf(final, node.ref, field)) {
    const widget = final.get(ref);
    if (!(widget instanceof PdfDict) || context.nodes.has(ref.number)) {
      return step.refuse(`NEW_FIELD_MALFORMED ${name}`);
    }
    // An action would run, or lead away, on a click (12.6.3).
    if (widget.get("A") !== undefined || widget.get("AA") !== undefined) {
      return step.refuse(`NEW_FIELD_WITH_ACTION ${name}`);
    }
    // Annotations of other types are shown without an area, too: notes, attachments, films.
    const subtype = widget.get("Subtype");
    if (!isName(final.resolve(subtype), "Widget") && !(subtype === undefined && isInvisible(final, widget))) {
      return step.refuse(`NEW_FIELD_MALFORMED ${name}`);
    }
    checkAppearance(step, widget, `field ${name}`);
    step.newWidgets.set(ref.number, { field: node, ref });
    step.newNodes.push({ ...node, ref });
  }
  // An invisible document time-stamp only lengthens the life of signatures, whatever is locked (12.8.5).
  const extending = signature.kind === "DOCUMENT_TIMESTAMP" && isInvisible(final, field);
  if (extending) step.allow({ level: "LTA_UPDATES", note: `NEW_SIGNATURE_FIELD ${name}` });
  else step.allow({ level: "FORM_FILLING", note: `NEW_SIGNATURE_FIELD ${name}`, field: name });
}
