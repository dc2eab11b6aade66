import type { PdfView } from "./document.ts";
import { MAX_DEPTH, exceeded, malformed } from "./limits.ts";
import { dict, isName, name, PdfDict, PdfName, type PdfObject, PdfRef, PdfString } from "./objects.ts";
import { decodeText, encodeText } from "./text.ts";

/** Which fields a signature closes to later changes (12.8.2.4); names are fully qualified. */
export type FieldLock =
  { readonly action: "ALL" } | { readonly action: "INCLUDE" | "EXCLUDE"; readonly fields: readonly string[] };

/** A terminal field of the form. */
export interface FormField {
  /** Fully qualified (12.7.4.2). */
  readonly name: string;
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  /** `Sig`, `Tx`, `Btn` or `Ch`, own or inherited; empty when absent. */
  readonly type: string;
  /** The widget annotations; the field itself when the two are merged. */
  readonly widgets: readonly PdfRef[];
}

const MOST_FIELDS = 10_000;

/** The entries of /Fields, those last that name a field above them: they are no roots, whoever lists them (12.7.3). */
export function rootsFirst(view: PdfView, fields: readonly PdfObject[]): PdfObject[] {
  const { roots = [], others = [] } = Object.groupBy(fields, (field) =>
    view.dict(field)?.get("Parent") === undefined ? "roots" : "others",
  );
  return [...roots, ...others];
}

/**
 * The terminal fields in the form's order. A reference to nothing is no field (7.3.10), and what one list names twice,
 * or /Fields besides the field above it, is one field, with a note. Throws MALFORMED_PDF for a tree that is broken
 * otherwise, LIMIT_EXCEEDED for a huge one.
 */
export function formFields(view: PdfView): FormField[] {
  const form = view.dict(view.catalog.get("AcroForm"));
  const fields: FormField[] = [];
  /** The fields above those that were met; 0 above the roots. */
  const seen = new Map<number, number>();
  const waiting = rootsFirst(view, view.array(form?.get("Fields")))
    .map((object) => ({ object, parent: 0, prefix: "", type: "", depth: 0 }))
    .reverse();
  for (let node = waiting.pop(), met = 0; node !== undefined; node = waiting.pop()) {
    const { object: ref, parent, depth } = node;
    if (ref === null) continue;
    if (!(ref instanceof PdfRef)) throw malformed("A field of the form is not a reference.");
    if (depth > MAX_DEPTH || ++met > MOST_FIELDS) throw exceeded("The form has too many fields.");
    const field = view.get(ref);
    if (field === null) continue;
    if (!(field instanceof PdfDict)) throw malformed("A field is not a dictionary.", { object: ref.number });
    const known = seen.get(ref.number);
    if (known !== undefined && known !== parent && depth > 0) {
      throw malformed("A field stands below two others in the form.", { object: ref.number });
    }
    if (known !== undefined) {
      view.document.reading.repairs.harmless(`FIELD_LISTED_TWICE ${ref.number}`, field.span?.start ?? 0);
      continue;
    }
    seen.set(ref.number, parent);
    const partial = view.resolve(field.get("T"));
    const own = partial instanceof PdfString ? decodeText(partial) : "";
    const qualified = node.prefix !== "" && own !== "" ? `${node.prefix}.${own}` : node.prefix + own;
    const kind = view.resolve(field.get("FT"));
    const type = kind instanceof PdfName ? kind.name : node.type;
    const kids = view.array(field.get("Kids"));
    // 12.7.4.1: a kid with a partial name is a field, one without is a widget.
    const children = kids.filter((kid) => view.dict(kid)?.get("T") !== undefined);
    if (children.length > 0) {
      const below = { parent: ref.number, prefix: qualified, type, depth: depth + 1 };
      for (const kid of children.reverse()) waiting.push({ object: kid, ...below });
    } else {
      const widgets = kids.length === 0 ? [ref] : kids.filter((kid) => kid instanceof PdfRef);
      fields.push({ name: qualified, ref, dict: field, type, widgets });
    }
  }
  return fields;
}

/** Whether the field is covered by the lock: named itself, or inside a field that is named. */
export function isLocked(lock: FieldLock, field: string): boolean {
  if (lock.action === "ALL") return true;
  const named = lock.fields.some((locked) => field === locked || field.startsWith(`${locked}.`));
  return lock.action === "INCLUDE" ? named : !named;
}

/** Reads /Action and /Fields of a /Lock or of FieldMDP's parameters; broken ones lock everything, undefined if none. */
export function readLock(view: PdfView, object: PdfObject | undefined): FieldLock | undefined {
  const parameters = view.dict(object);
  const action = view.resolve(parameters?.get("Action"));
  if (parameters === undefined) return undefined;
  if (!isName(action, "Include") && !isName(action, "Exclude")) return { action: "ALL" };
  const fields = view.array(parameters.get("Fields")).map((item) => view.resolve(item));
  if (isName(action, "Include") && !fields.every((field) => field instanceof PdfString)) return { action: "ALL" };
  return {
    action: isName(action, "Include") ? "INCLUDE" : "EXCLUDE",
    fields: fields.flatMap((field) => (field instanceof PdfString ? [decodeText(field)] : [])),
  };
}

const ACTIONS = { ALL: "All", INCLUDE: "Include", EXCLUDE: "Exclude" } as const;

/** The keys /Action and /Fields of a lock, with the /Type of the dictionary that they go into. */
export function lockDict(type: "SigFieldLock" | "TransformParams", lock: FieldLock): PdfDict {
  return dict({
    Type: name(type),
    Action: name(ACTIONS[lock.action]),
    Fields: lock.action === "ALL" ? undefined : lock.fields.map(encodeText),
    V: type === "TransformParams" ? name("1.2") : undefined,
  });
}

/** What a signature forbids: the lock on fields it carries, and the DocMDP level (1 to 3) if it certifies. */
export interface SignaturePermissions {
  readonly lock?: FieldLock;
  readonly certification?: number;
}

/** Reads the signature's own /Reference; for a field's /Lock alone see readLock. */
export function signaturePermissions(view: PdfView, signature: PdfDict): SignaturePermissions {
  const found: { lock?: FieldLock; certification?: number } = {};
  for (const item of view.array(signature.get("Reference"))) {
    const reference = view.dict(item);
    const method = view.resolve(reference?.get("TransformMethod"));
    const parameters = view.dict(reference?.get("TransformParams"));
    if (isName(method, "DocMDP")) {
      const level = view.resolve(parameters?.get("P"));
      const own = typeof level === "number" ? level : 2; // 12.8.2.2, table 257: the default
      // Of several the strictest counts.
      found.certification = Math.min(own, found.certification ?? own);
    } else if (isName(method, "FieldMDP")) {
      const lock = readLock(view, parameters);
      // Two locks at once are not foreseen (12.8.2.4): together they lock at least what each of them does.
      if (lock !== undefined) found.lock = found.lock === undefined ? lock : { action: "ALL" };
    }
  }
  return found;
}
