import { SigningError } from "../errors.ts";
import { type Appearance, embedAppearance, emptyAppearance } from "../appearance/form.ts";
import { type FieldLock, formFields, lockDict } from "../pdf/acroform.ts";
import { checkRect, pageGeometry, type Rect } from "../pdf/geometry.ts";
import { dict, name, PdfDict, type PdfObject, PdfRef, PdfString } from "../pdf/objects.ts";
import { encodeText } from "../pdf/text.ts";
import { PdfUpdate } from "../pdf/update.ts";
import { openForSigning, refuseIfForbidden, strictly } from "./open.ts";
import { pageAt } from "./pages.ts";
import { permissionsOf, refuseIfFinal } from "./permissions.ts";
import { refuse } from "./refusal.ts";
import { type NewWidget, tagWidgets } from "./structure.ts";

export { type FieldInfo, fieldsOf, listFields } from "./field-info.ts";
export type { FieldLock } from "../pdf/acroform.ts";
export type { Rect } from "../pdf/geometry.ts";

/** Where a text stands in its field. */
export type Alignment = "left" | "center" | "right";

interface Place {
  /** Unique in the document; 1 to 127 characters without a full stop. */
  readonly name: string;
  /** Puts a number behind a name that is taken, instead of refusing it: for a further initials or copy mark, say. */
  readonly numbered?: boolean;
  /** Counted from 0. */
  readonly page: number;
  /** [left, bottom, right, top] in points on the page as people see it; all 0 for a signature that does not show. */
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

/** For whoever knows what new empty fields do to a signed document. */
export interface AddFieldsOptions {
  /** Adds them all the same: signatures that are there are then found to be broken, here and elsewhere. */
  readonly evenIfSigned?: boolean;
}

/**
 * Adds fields in one appended update, before the first signature. Throws BAD_INPUT for a bad or taken name, page or
 * rectangle; REFUSE_SIGN when the document is signed, certified as final, or must not be changed.
 */
export function addFields(pdf: Buffer, specs: readonly FieldSpec[], options: AddFieldsOptions = {}): Buffer {
  const document = openForSigning(pdf);
  refuseIfForbidden(document, "create");
  return strictly(() => {
    const fields = formFields(document.latest);
    const permissions = permissionsOf(document.latest, fields);
    refuseIfFinal(permissions);
    if (permissions.signed.length > 0 && specs.length > 0 && !options.evenIfSigned) {
      const details = { fields: permissions.signed };
      throw refuse("ALREADY_SIGNED", "New empty fields would break the signatures that are there.", details);
    }
    const update = new PdfUpdate(document);
    addFieldsTo(update, specs, new Set(fields.map((field) => field.name)));
    return update.finish().bytes;
  });
}

/** A field that was added to an update. */
export interface AddedField {
  /** As it was asked for, or with a number behind it. */
  readonly name: string;
  readonly ref: PdfRef;
  readonly dict: PdfDict;
}

/**
 * Adds fields to an update that may change more; returns them in the given order. `taken` are the names of the
 * document's fields; a signature field's appearance may be given with it.
 */
export function addFieldsTo(
  update: PdfUpdate,
  specs: readonly FieldSpec[],
  taken: ReadonlySet<string>,
  appearance?: Appearance,
): AddedField[] {
  const view = update.document.latest;
  const names = new Set(taken);
  const added = specs.map((asked): NewWidget & { readonly name: string } => {
    const spec = asked.numbered ? { ...asked, name: freeName(names, asked.name) } : asked;
    const page = Number.isInteger(spec.page) && spec.page >= 0 ? pageAt(view, spec.page) : undefined;
    if (page === undefined) throw new SigningError("BAD_INPUT", "There is no such page.", { field: spec.name });
    check(spec, names);
    names.add(spec.name);
    const field = fieldDict(update, spec, page, appearance);
    return { name: spec.name, ref: update.add(field), dict: field, page, title: field.get("T") };
  });
  for (const page of new Map(added.map(({ page }) => [page.number, page])).values()) {
    const widgets = added.filter((field) => field.page.number === page.number).map(({ ref }) => ref);
    addAnnotations(update, page, widgets);
  }
  const refs = added.map((field) => field.ref);
  addToForm(update, refs, specs);
  tagWidgets(update, added);
  return added.map(({ name, ref }) => ({ name, ref, dict: update.resolve(ref) as PdfDict }));
}

/** The wanted name, or with the first number behind it that makes it a new one: names must be unique (12.7.4.2). */
export function freeName(taken: ReadonlySet<string>, wanted: string): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.has(`${wanted}${number}`)) return `${wanted}${number}`;
}

const isInvisible = ({ type, rect }: FieldSpec): boolean => type === "signature" && rect.every((side) => side === 0);

function check(spec: FieldSpec, taken: ReadonlySet<string>): void {
  const bad = (message: string): SigningError => new SigningError("BAD_INPUT", message, { field: spec.name });
  // 12.7.4.2: the full stop joins partial names to full ones.
  if (!/^[^.\p{Cc}]{1,127}$/u.test(spec.name)) {
    throw bad("A field's name must be 1 to 127 characters, without a full stop.");
  }
  if (taken.has(spec.name)) throw bad("The document already has a field of this name.");
  if (spec.type === "text" && !(spec.fontSize >= 1 && spec.fontSize <= 200)) {
    throw bad("The font size must be 1 to 200.");
  }
  if (!isInvisible(spec)) checkRect(spec.rect);
}

const QUADDING = { left: 0, center: 1, right: 2 } as const;
const READ_ONLY = 1;
/** 12.5.3: Print and Locked, so that the place of a signature prints and does not move. */
const PRINT_AND_LOCKED = 4 + 128;
const PRINT = 4;

function fieldDict(update: PdfUpdate, spec: FieldSpec, page: PdfRef, appearance?: Appearance): PdfDict {
  if (isInvisible(spec)) return invisibleField(update, spec as SignatureFieldSpec, page);
  const geometry = pageGeometry(update.document.latest, page);
  const signature = spec.type === "signature";
  const place = { width: spec.rect[2] - spec.rect[0], height: spec.rect[3] - spec.rect[1], rotate: geometry.rotate };
  const shown = (signature && appearance) || emptyAppearance(place.width, place.height);
  return dict({
    Type: name("Annot"),
    Subtype: name("Widget"),
    FT: name(signature ? "Sig" : "Tx"),
    T: encodeText(spec.name),
    F: signature ? PRINT_AND_LOCKED : PRINT,
    P: page,
    Rect: [...geometry.toPage(spec.rect)],
    MK: geometry.rotate === 0 ? undefined : dict({ R: geometry.rotate }),
    AP: dict({ N: embedAppearance(update, shown, place) }),
    ...(signature
      ? { Lock: spec.lock && update.add(lockDict("SigFieldLock", spec.lock)) }
      : {
          Ff: READ_ONLY,
          DA: new PdfString(Buffer.from(`/Helv ${spec.fontSize} Tf 0 g`, "latin1")),
          Q: QUADDING[spec.alignment],
        }),
  });
}

/** 12.7.5.5: a signature field without a place on the page has a rectangle without an area, and no appearance. */
function invisibleField(update: PdfUpdate, spec: SignatureFieldSpec, page: PdfRef): PdfDict {
  return dict({
    Type: name("Annot"),
    Subtype: name("Widget"),
    FT: name("Sig"),
    T: encodeText(spec.name),
    F: PRINT_AND_LOCKED,
    P: page,
    Rect: [0, 0, 0, 0],
    Lock: spec.lock && update.add(lockDict("SigFieldLock", spec.lock)),
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
