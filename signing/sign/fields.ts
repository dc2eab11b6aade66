import { SigningError } from "../errors.ts";
import {
  type FieldLock,
  type FormField,
  formFields,
  lockDict,
  readLock,
  signaturePermissions,
} from "../pdf/acroform.ts";
import { type PdfView, readPdf } from "../pdf/document.ts";
import { embedAppearance, EMPTY_APPEARANCE } from "../appearance/form.ts";
import { box, checkRect, pageGeometry, type Rect } from "../pdf/geometry.ts";
import { dict, name, PdfDict, type PdfObject, PdfRef, PdfString } from "../pdf/objects.ts";
import { decodeText, encodeText } from "../pdf/text.ts";
import { PdfUpdate } from "../pdf/update.ts";

export type { FieldLock } from "../pdf/acroform.ts";
export type { Rect } from "../pdf/geometry.ts";

/** Where a text stands in its field. */
export type Alignment = "left" | "center" | "right";

interface Place {
  /** Unique in the document; 1 to 127 characters without a full stop. */
  readonly name: string;
  /** Counted from 0. */
  readonly page: number;
  /** [left, bottom, right, top] in points on the page as people see it. */
  readonly rect: Rect;
}

/** An empty field for one signature; `lock` says which fields that signature will close. */
export interface SignatureFieldSpec extends Place {
  readonly type: "signature";
  readonly lock?: FieldLock;
}

/** A field for text that the system fills; people cannot type into it. */
export interface TextFieldSpec extends Place {
  readonly type: "text";
  /** In points. */
  readonly fontSize: number;
  readonly alignment: Alignment;
}

export type FieldSpec = SignatureFieldSpec | TextFieldSpec;

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

/**
 * Adds fields in one appended update, before the first signature or between signatures.
 * Throws BAD_INPUT for a bad or taken name, page or rectangle; REFUSE_SIGN when a certification allows no change.
 */
export function addFields(pdf: Buffer, specs: readonly FieldSpec[]): Buffer {
  const document = readPdf(pdf);
  refuseIfFinal(document.latest);
  const update = new PdfUpdate(document);
  addFieldsTo(update, specs);
  return update.finish().bytes;
}

/** Adds fields to an update that may change more; returns them in the given order. */
export function addFieldsTo(update: PdfUpdate, specs: readonly FieldSpec[]): { ref: PdfRef; dict: PdfDict }[] {
  const view = update.document.latest;
  const pages = view.pages();
  const taken = new Set(formFields(view).map((field) => field.name));
  const added = specs.map((spec) => {
    check(spec, pages.length, taken);
    taken.add(spec.name);
    const field = fieldDict(update, spec, pages[spec.page]!);
    return { ref: update.add(field), dict: field, page: spec.page };
  });
  for (const page of new Set(specs.map((spec) => spec.page))) {
    addAnnotations(
      update,
      pages[page]!,
      added.filter((field) => field.page === page).map((field) => field.ref),
    );
  }
  addToForm(
    update,
    added.map((field) => field.ref),
    specs,
  );
  return added;
}

function check(spec: FieldSpec, pages: number, taken: ReadonlySet<string>): void {
  const bad = (message: string): SigningError => new SigningError("BAD_INPUT", message, { field: spec.name });
  // 12.7.4.2: the full stop joins partial names to full ones.
  if (!/^[^.\p{Cc}]{1,127}$/u.test(spec.name)) {
    throw bad("A field's name must be 1 to 127 characters, without a full stop.");
  }
  if (taken.has(spec.name)) throw bad("The document already has a field of this name.");
  if (!Number.isInteger(spec.page) || spec.page < 0 || spec.page >= pages) throw bad("There is no such page.");
  if (spec.type === "text" && !(spec.fontSize >= 1 && spec.fontSize <= 200)) {
    throw bad("The font size must be 1 to 200.");
  }
  checkRect(spec.rect);
}

const QUADDING = { left: 0, center: 1, right: 2 } as const;
const READ_ONLY = 1;
/** 12.5.3: Print and Locked, so that the place of a signature prints and does not move. */
const PRINT_AND_LOCKED = 4 + 128;
const PRINT = 4;

function fieldDict(update: PdfUpdate, spec: FieldSpec, page: PdfRef): PdfDict {
  const geometry = pageGeometry(update.document.latest, page);
  const signature = spec.type === "signature";
  const place = { width: spec.rect[2] - spec.rect[0], height: spec.rect[3] - spec.rect[1], rotate: geometry.rotate };
  return dict({
    Type: name("Annot"),
    Subtype: name("Widget"),
    FT: name(signature ? "Sig" : "Tx"),
    T: encodeText(spec.name),
    F: signature ? PRINT_AND_LOCKED : PRINT,
    P: page,
    Rect: [...geometry.toPage(spec.rect)],
    MK: geometry.rotate === 0 ? undefined : dict({ R: geometry.rotate }),
    AP: dict({ N: embedAppearance(update, EMPTY_APPEARANCE, place) }),
    ...(signature
      ? { Lock: spec.lock && update.add(lockDict("SigFieldLock", spec.lock)) }
      : {
          Ff: READ_ONLY,
          DA: new PdfString(Buffer.from(`/Helv ${spec.fontSize} Tf 0 g`, "latin1")),
          Q: QUADDING[spec.alignment],
        }),
  });
}

/** 12.5.2: the page's /Annots, written in the page or as an object of its own, grows by the widgets. */
function addAnnotations(update: PdfUpdate, page: PdfRef, widgets: readonly PdfRef[]): void {
  const dictionary = update.resolve(page) as PdfDict;
  const annotations = dictionary.get("Annots");
  const grown = [...update.document.latest.array(annotations), ...widgets];
  if (annotations instanceof PdfRef) update.set(annotations, grown);
  else update.set(page, dictionary.with({ Annots: grown }));
}

function addToForm(update: PdfUpdate, fields: readonly PdfRef[], specs: readonly FieldSpec[]): void {
  const view = update.document.latest;
  const form = view.dict(view.catalog.get("AcroForm")) ?? dict({});
  const flags = view.resolve(form.get("SigFlags"));
  const signatures = specs.some((spec) => spec.type === "signature") ? SIGNATURES_EXIST : 0;
  const list = form.get("Fields");
  const grown = [...view.array(list), ...fields];
  if (list instanceof PdfRef) update.set(list, grown);
  setForm(
    update,
    form.with({
      Fields: list instanceof PdfRef ? list : grown,
      SigFlags: (typeof flags === "number" ? flags : 0) | signatures || undefined,
      ...(specs.some((spec) => spec.type === "text") ? textDefaults(update, form) : {}),
    }),
  );
}

/** 12.7.3, table 225. */
const SIGNATURES_EXIST = 1;
const APPEND_ONLY = 2;

/** Says in the form that signatures exist and the file may only be appended to; writes nothing if it says so. */
export function markSigned(update: PdfUpdate): void {
  const view = update.document.latest;
  const form = update.resolve((update.resolve(view.trailer.get("Root")) as PdfDict).get("AcroForm"));
  if (!(form instanceof PdfDict)) return;
  if (update.resolve(form.get("SigFlags")) !== (SIGNATURES_EXIST | APPEND_ONLY)) {
    setForm(update, form.with({ SigFlags: SIGNATURES_EXIST | APPEND_ONLY }));
  }
}

/** Writes the form where it stands: its own object, or the catalog. A new form becomes an object of its own. */
function setForm(update: PdfUpdate, form: PdfDict): void {
  const root = update.document.latest.trailer.get("Root") as PdfRef;
  const catalog = update.resolve(root) as PdfDict;
  const written = catalog.get("AcroForm");
  if (written instanceof PdfRef) update.set(written, form);
  else if (written === undefined) update.set(root, catalog.with({ AcroForm: update.add(form) }));
  else update.set(root, catalog.with({ AcroForm: form }));
}

/** The font that /DA of text fields names; only a fallback, as each filled field brings its own appearance. */
function textDefaults(update: PdfUpdate, form: PdfDict): Record<string, PdfObject> {
  const view = update.document.latest;
  const resources = view.dict(form.get("DR")) ?? dict({});
  const fonts = view.dict(resources.get("Font")) ?? dict({});
  if (fonts.get("Helv") !== undefined) return {};
  const helvetica = dict({
    Type: name("Font"),
    Subtype: name("Type1"),
    BaseFont: name("Helvetica"),
    Encoding: name("WinAnsiEncoding"),
  });
  return {
    DR: resources.with({ Font: fonts.with({ Helv: update.add(helvetica) }) }),
    DA: form.get("DA") ?? new PdfString(Buffer.from("/Helv 0 Tf 0 g", "latin1")),
  };
}

/** Throws REFUSE_SIGN when a signature in the document rules out any further change (DocMDP or lock with P=1). */
export function refuseIfFinal(view: PdfView): void {
  const final = (signature: PdfDict | undefined): boolean =>
    signature !== undefined && signaturePermissions(view, signature).certification === 1;
  const finalField = ({ type, dict: field }: FormField): boolean => {
    const signature = type === "Sig" ? view.dict(field.get("V")) : undefined;
    // ISO 32000-2, table 236: the lock of a signed field may lower what the document permits.
    return signature !== undefined && (final(signature) || view.resolve(view.dict(field.get("Lock"))?.get("P")) === 1);
  };
  const certification = view.dict(view.dict(view.catalog.get("Perms"))?.get("DocMDP"));
  if (final(certification) || formFields(view).some(finalField)) {
    throw new SigningError("REFUSE_SIGN", "The document is certified; no change is allowed.", { reason: "CERTIFIED" });
  }
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
