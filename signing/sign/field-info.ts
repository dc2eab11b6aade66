import { type FieldLock, formFields, readLock, signaturePermissions } from "../pdf/acroform.ts";
import { type PdfView, readPdf } from "../pdf/document.ts";
import { box, pageGeometry, type Rect } from "../pdf/geometry.ts";
import { PdfDict, type PdfObject, PdfRef, PdfString } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";
import type { Alignment } from "./fields.ts";

/** A field of a document as it is. */
export interface FieldInfo {
  readonly name: string;
  readonly type: "signature" | "text" | "button" | "choice" | "unknown";
  /** Counted from 0; absent when no page shows the field. */
  readonly page?: number;
  /** On the page as people see it. */
  readonly rect?: Rect;
  readonly signed: boolean;
  readonly value?: string;
  readonly fontSize?: number;
  readonly alignment?: Alignment;
  /** What the field's signature closes, or will close. */
  readonly lock?: FieldLock;
}

const TYPES: Readonly<Record<string, FieldInfo["type"]>> = {
  Sig: "signature",
  Tx: "text",
  Btn: "button",
  Ch: "choice",
};
const ALIGNMENTS: readonly Alignment[] = ["left", "center", "right"];

/** The size in a default appearance such as `/Helv 12 Tf 0 g`. */
function fontSizeOf(defaults: PdfObject): number | undefined {
  if (!(defaults instanceof PdfString)) return undefined;
  const size = /(\d{1,6}(?:\.\d{1,6})?) Tf/.exec(defaults.bytes.toString("latin1"))?.[1];
  return size === undefined ? undefined : Number(size);
}

/** The document's fields in the form's order. */
export function listFields(pdf: Buffer): FieldInfo[] {
  return fieldsOf(readPdf(pdf).latest);
}

/** The fields that a revision shows. */
export function fieldsOf(view: PdfView): FieldInfo[] {
  const pages = view.pages();
  const pageOf = new Map<number, number>();
  for (const [index, page] of pages.entries()) {
    for (const annotation of view.array(view.dict(page)?.get("Annots"))) {
      if (annotation instanceof PdfRef) pageOf.set(annotation.number, index);
    }
  }
  return formFields(view).map((field) => {
    const widget = field.widgets[0];
    const page = widget && pageOf.get(widget.number);
    const rect = box(view, view.dict(widget)?.get("Rect"));
    const value = view.resolve(field.dict.get("V"));
    const signature = field.type === "Sig" && value instanceof PdfDict ? value : undefined;
    const lock = (signature && signaturePermissions(view, signature).lock) ?? readLock(view, field.dict.get("Lock"));
    const size = fontSizeOf(view.resolve(field.dict.get("DA")));
    const quadding = view.resolve(field.dict.get("Q"));
    return {
      name: field.name,
      type: TYPES[field.type] ?? "unknown",
      signed: signature !== undefined,
      ...(page !== undefined && { page }),
      ...(page !== undefined && rect && { rect: pageGeometry(view, pages[page]!).toSeen(rect) }),
      ...(value instanceof PdfString && { value: decodeText(value) }),
      ...(size !== undefined && { fontSize: size }),
      ...(field.type === "Tx" && { alignment: ALIGNMENTS[typeof quadding === "number" ? quadding : 0] ?? "left" }),
      ...(lock && { lock }),
    };
  });
}
