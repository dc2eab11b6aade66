import { PdfRef } from "../../../signing/pdf/objects.ts";
import { agency } from "./pki.ts";
import { detachedBy } from "./growing-file.ts";
import { recipes } from "./recipe.ts";
import { looks, streamText, type Target } from "./target.ts";

const sign = detachedBy(agency);
const widget = (more: string) => `<</Type /Annot /Subtype /Widget /Rect [57 760 400 790] /F 4 ${more}>>`;
const signedFields = (t: Target) => t.fields("Sig").filter(({ dict }) => dict.get("V") !== undefined);
const first = (t: Target) => signedFields(t)[0]!;
const last = (t: Target) => signedFields(t).at(-1)!;
const value = (t: Target) => (first(t).dict.get("V") as PdfRef).number;
/** The picture of a signed field's first widget. */
const picture = (t: Target, field = first(t)) => t.at(field.widgets[0]!, "AP", "N") as PdfRef;
const widgetWith = (t: Target, ref: PdfRef, keys: Record<string, string | undefined>) => ({
  [ref.number]: t.with(ref, keys),
});
const texts = (t: Target) => t.fields("Tx");
const filled = (t: Target) => texts(t).find(({ dict }) => dict.get("V") !== undefined);
const empty = (t: Target) => texts(t).find(({ dict }) => dict.get("V") === undefined);
/** Fills a text field, with the given text as picture. */
const fill = (
  t: Target,
  field: ReturnType<typeof filled>,
  text: string,
  shown: string,
  more: Record<string, string> = {},
) => {
  if (!field) return undefined;
  const own = field.widgets[0]!.number === field.ref.number;
  const painted = { AP: `<</N ${t.fresh()} 0 R>>` };
  const resources = "/Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>";
  return t.append({
    [t.fresh()]: looks(`BT /F1 12 Tf 2 4 Td (${shown}) Tj ET`, resources),
    ...(own ? {} : widgetWith(t, field.widgets[0]!, painted)),
    [field.ref.number]: t.with(field.ref, { V: `(${text})`, ...(own ? painted : {}), ...more }),
  });
};
const newSigned = (t: Target, rect: string, paint: string, more = "", resources = "") => {
  const [number, field, look] = [t.fresh(), t.fresh(1), t.fresh(2)];
  const body = `<</Type /Annot /Subtype /Widget /FT /Sig /T (Attacker) /V ${number} 0 R /Rect [${rect}] /F 132 /AP <</N ${look} 0 R>> ${more}>>`;
  return t.sign({ ...t.newField(field, body), [look]: looks(paint, resources) }, number, sign);
};
const helvetica = "/Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>";

/** Changes to fields and signatures that the first signature must not survive. */
export const formRecipes = recipes("first", {
  "signature's picture replaced": (t) => t.append({ [picture(t).number]: looks("BT /F1 12 Tf (Khac) Tj ET") }),
  "signature's picture exchanged": (t) =>
    t.append({ ...widgetWith(t, first(t).widgets[0]!, { AP: `<</N ${t.fresh()} 0 R>>` }), [t.fresh()]: looks("") }),
  "signature's picture removed": (t) => t.append(widgetWith(t, first(t).widgets[0]!, { AP: undefined })),
  "signature's widget moved": (t) => t.append(widgetWith(t, first(t).widgets[0]!, { Rect: "[50 700 90 720]" })),
  "signature's widget hidden": (t) => t.append(widgetWith(t, first(t).widgets[0]!, { F: "2" })),
  "signature taken out of its field": (t) => t.append(widgetWith(t, first(t).ref, { V: undefined })),
  "signature's value nulled": (t) => t.append(widgetWith(t, first(t).ref, { V: "null" })),
  "signature freed": (t) => t.append({ [value(t)]: null }),
  "signature that is null": (t) => t.append({ [value(t)]: "null" }),
  "signature's reason changed": (t) =>
    t.append({ [value(t)]: t.with(new PdfRef(value(t)), { Reason: "(Khong dong y)" }) }),
  "signature copied over its own number": (t) => t.append({ [value(t)]: t.text(new PdfRef(value(t))) }),
  "signed field turned into text": (t) => t.append(widgetWith(t, first(t).ref, { FT: "/Tx", V: "(x)" })),
  "signed field renamed": (t) => t.append(widgetWith(t, first(t).ref, { T: "(Khac)" })),
  "signed field given a parent": (t) =>
    t.append({
      ...widgetWith(t, first(t).ref, { Parent: `${t.fresh()} 0 R` }),
      [t.fresh()]: `<</T (Cha) /Kids [${first(t).ref.number} 0 R]>>`,
      ...t.form({ Fields: `[${t.fresh()} 0 R]` }),
    }),
  "signed field given an action": (t) =>
    t.append(widgetWith(t, first(t).widgets[0]!, { A: "<</S /URI /URI (http://example.org)>>" })),
  "signed field given a lock": (t) => t.append(widgetWith(t, first(t).ref, { Lock: "<</Action /All>>" })),
  "fields emptied": (t) => t.append(t.form({ Fields: "[]" })),
  "form removed": (t) => t.append(t.catalogWith({ AcroForm: undefined })),
  "appearances drawn anew": (t) => t.append(t.form({ NeedAppearances: "true" })),
  "XFA form added": (t) => t.append({ ...t.form({ XFA: `${t.fresh()} 0 R` }), [t.fresh()]: streamText("", "<x/>") }),
  "calculation order added": (t) => t.append(t.form({ CO: `[${first(t).ref.number} 0 R]` })),
  "signature flags removed": (t) => t.append(t.form({ SigFlags: undefined })),
  "default resources replaced": (t) =>
    t.at(t.catalog, "AcroForm", "DR", "Font") === null ? undefined : t.append(t.form({ DR: "<</Font <<>>>>" })),
  "text field added": (t) => t.append(t.newField(t.fresh(), widget("/FT /Tx /T (Moi) /V (x)"))),
  "button added": (t) => t.append(t.newField(t.fresh(), widget("/FT /Btn /T (Nut) /Ff 65536"))),
  "field without a type added": (t) => t.append(t.newField(t.fresh(), widget("/T (Moi)"))),
  "unsigned signature field added": (t) => t.append(t.newField(t.fresh(), widget("/FT /Sig /T (Moi)"))),
  "signature field with a picture but no signature added": (t) =>
    t.append({
      ...t.newField(t.fresh(), widget(`/FT /Sig /T (Moi) /AP <</N ${t.fresh(1)} 0 R>>`)),
      [t.fresh(1)]: looks("1 g 0 0 60 20 re f"),
    }),
  "signature field with an empty dictionary added": (t) =>
    t.append({
      ...t.newField(t.fresh(), widget(`/FT /Sig /T (Moi) /V ${t.fresh(1)} 0 R`)),
      [t.fresh(1)]: "<</Type /Sig>>",
    }),
  "second field for the same signature (recycled)": (t) =>
    t.append(t.newField(t.fresh(), widget(`/FT /Sig /T (Moi) /V ${value(t)} 0 R`))),
  "copy of the signature in a new field (recycled)": (t) =>
    t.append({
      ...t.newField(t.fresh(), widget(`/FT /Sig /T (Moi) /V ${t.fresh(1)} 0 R`)),
      [t.fresh(1)]: t.text(new PdfRef(value(t))),
    }),
  "new signature over signed text (sneaky appearance)": (t) => newSigned(t, "57 760 400 790", "1 g 0 0 60 20 re f"),
  "new signature writes over signed text (sneaky appearance)": (t) =>
    newSigned(t, "57 765 237 785", "BT /F1 9 Tf 0 6 Td (CONG TY KHAC HAN) Tj ET", "", helvetica),
  "new signature with a picture over signed text (sneaky appearance)": (t) => {
    const image =
      "<</Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1>>";
    const number = t.fresh(5);
    const body = `${image}\nstream\nx\nendstream`;
    const [signature, field, look] = [t.fresh(), t.fresh(1), t.fresh(2)];
    const shown = widget(`/FT /Sig /T (Moi) /V ${signature} 0 R /AP <</N ${look} 0 R>>`);
    const painted = looks("q 60 0 0 20 0 0 cm /Im Do Q", `/XObject <</Im ${number} 0 R>>`);
    return t.sign({ ...t.newField(field, shown), [look]: painted, [number]: body }, signature, sign);
  },
  "new signature that runs a script": (t) => newSigned(t, "20 20 80 40", "", "/AA <</E <</S /JavaScript /JS (1)>>>>"),
  "new signature that leads away": (t) => newSigned(t, "20 20 80 40", "", "/A <</S /URI /URI (http://example.org)>>"),
  "new signature shown on many places": (t) => {
    const pages = t.view.pages();
    if (pages.length < 2) return undefined;
    const [number, field] = [t.fresh(), t.fresh(1)];
    const body = widget(`/FT /Sig /T (Moi) /V ${number} 0 R`).replace("57 760 400 790", "20 20 40 40");
    const second = { [pages[1]!.number]: t.with(pages[1]!, { Annots: `[${field} 0 R]` }) };
    return t.sign({ ...t.newField(field, body), ...second }, number, sign);
  },
  "new signature that changes the page as well": (t) => {
    const [number, field] = [t.fresh(), t.fresh(1)];
    const body = widget(`/FT /Sig /T (Moi) /V ${number} 0 R`).replace("57 760 400 790", "20 20 40 40");
    return t.sign({ ...t.newField(field, body), [t.content.number]: streamText("", "BT (KHAC) Tj ET") }, number, sign);
  },
  "new signature whose picture is an object of the page": (t) => {
    const [number, field] = [t.fresh(), t.fresh(1)];
    const body = widget(`/FT /Sig /T (Moi) /V ${number} 0 R /AP <</N ${t.content.number} 0 R>>`).replace(
      "57 760 400 790",
      "20 20 40 40",
    );
    return t.sign({ ...t.newField(field, body), [t.content.number]: looks("BT (KHAC) Tj ET") }, number, sign);
  },
  "text field filled with something else than it shows": (t) => fill(t, empty(t), "15", "51"),
  "waiting field moved while it is filled": (t) => fill(t, empty(t), "15", "15", { Rect: "[57 760 400 790]" }),
  "waiting field given a picture only": (t) => {
    const field = empty(t);
    if (!field) return undefined;
    const keys = { AP: `<</N ${t.fresh()} 0 R>>` };
    return t.append({ ...widgetWith(t, field.widgets[0]!, keys), [t.fresh()]: looks("1 g 0 0 60 20 re f") });
  },
  "waiting field hidden": (t) => {
    const field = empty(t);
    return field && t.append(widgetWith(t, field.widgets[0]!, { F: "2" }));
  },
  "waiting field renamed": (t) => {
    const field = empty(t);
    return field && t.append(widgetWith(t, field.ref, { T: "(Khac)" }));
  },
  "waiting field given a script": (t) => {
    const field = empty(t);
    return field && t.append(widgetWith(t, field.widgets[0]!, { AA: "<</F <</S /JavaScript /JS (1)>>>>" }));
  },
  "field removed from the form": (t) => {
    const fields = t.view.array(t.at(t.catalog, "AcroForm", "Fields")).slice(0, -1) as PdfRef[];
    return t.append(t.form({ Fields: `[${fields.map(({ number }) => `${number} 0 R`).join(" ")}]` }));
  },
});

export const destructiveFormRecipes = recipes("file", {
  "signed field freed": (t) => t.append({ [first(t).ref.number]: null }),
});

/** Changes that only the last signature must not survive, for it covers what is changed. */
export const lateFormRecipes = recipes("last", {
  "number filled in again": (t) => fill(t, filled(t), "16", "16"),
  "number emptied": (t) => {
    const field = filled(t);
    return field && t.append(widgetWith(t, field.ref, { V: undefined }));
  },
  "picture of the number exchanged": (t) => {
    const field = filled(t);
    if (!field) return undefined;
    const keys = { AP: `<</N ${t.fresh()} 0 R>>` };
    return t.append({ ...widgetWith(t, field.widgets[0]!, keys), [t.fresh()]: looks("BT (16) Tj ET") });
  },
  "picture of the number replaced": (t) => {
    const field = filled(t);
    return field && t.append({ [(t.at(field.widgets[0]!, "AP", "N") as PdfRef).number]: looks("BT (16) Tj ET") });
  },
  "last signature's picture replaced": (t) => t.append({ [picture(t, last(t)).number]: looks("BT (Khac) Tj ET") }),
  "last signature's widget moved": (t) => t.append(widgetWith(t, last(t).widgets[0]!, { Rect: "[50 700 90 720]" })),
  "new signature over the last signature's words": (t) => {
    const rect = t.view.array(t.at(last(t).widgets[0]!, "Rect")).join(" ");
    return newSigned(t, rect, "1 g 0 0 60 20 re f");
  },
});
