import { append, at, decision, stream, waiting, type Objects } from "./verify-documents.ts";

const page = decision[at.page]!;
const signedForm = decision[at.form]!.replace(">> /DA", ">> /SigFlags 3 /DA");
const note = "<</Type /Annot /Subtype /FreeText /Rect [50 700 200 720] /Contents (Sai)>>";
const widget = (more: string) => `<</Type /Annot /Subtype /Widget /Rect [50 690 200 720] ${more}>>`;

/** Updates that an attacker appends to a document signed by the leader; none of them is signing or filling in. */
export const appended: Readonly<Record<string, Objects>> = {
  "page content replaced": { [at.text]: stream("", "BT /F1 12 Tf 50 760 Td (KHAC) Tj ET") },
  "page content emptied by freeing it": { [at.text]: null },
  "page content extended": {
    [at.page]: page.replace("/Contents 4 0 R", "/Contents [4 0 R 50 0 R]"),
    50: stream("", "0 0 595 842 re f"),
  },
  "page resized": { [at.page]: page.replace("595 842", "595 400") },
  "page cropped": { [at.page]: page.replace("/MediaBox", "/CropBox [0 0 10 10] /MediaBox") },
  "page turned": { [at.page]: page.replace("/MediaBox", "/Rotate 180 /MediaBox") },
  "page added": {
    [at.pages]: "<</Type /Pages /Kids [3 0 R 50 0 R] /Count 2>>",
    50: page.replace("/Annots [6 0 R 7 0 R 8 0 R]", ""),
  },
  "page exchanged": { [at.pages]: "<</Type /Pages /Kids [50 0 R] /Count 1>>", 50: page },
  "box inherited from the page tree": { [at.pages]: "<</Type /Pages /Kids [3 0 R] /Count 1 /Rotate 90>>" },
  "font replaced": { [at.font]: "<</Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats>>" },
  "image replaced (shadow replace)": { [at.image]: decision[at.image]!.replace("\nx\n", "\ny\n") },
  "image freed (shadow hide)": { [at.image]: null },
  "catalog exchanged": {
    [at.catalog]: "<</Type /Catalog /Pages 50 0 R /AcroForm 9 0 R>>",
    50: "<</Type /Pages /Kids [51 0 R] /Count 1>>",
    51: page,
  },
  "script on opening": {
    [at.catalog]: decision[at.catalog]!.replace(">>", " /OpenAction <</S /JavaScript /JS (1)>>>>"),
  },
  "names added": { [at.catalog]: decision[at.catalog]!.replace(">>", " /Names <</EmbeddedFiles <</Names []>>>>>>") },
  "layers added": { [at.catalog]: decision[at.catalog]!.replace(">>", " /OCProperties <</OCGs [] /D <<>>>>>>") },
  "permissions added": { [at.catalog]: decision[at.catalog]!.replace(">>", " /Perms <</DocMDP 20 0 R>>>>") },
  "metadata that is no XML": {
    [at.catalog]: decision[at.catalog]!.replace(">>", " /Metadata 50 0 R>>"),
    50: stream("/Type /Metadata /Subtype /XML", "<x><y></x>"),
  },
  "metadata with a document type": {
    [at.catalog]: decision[at.catalog]!.replace(">>", " /Metadata 50 0 R>>"),
    50: stream("/Type /Metadata /Subtype /XML", "<!DOCTYPE x [<!ENTITY e 'e'>]><x/>"),
  },
  "title that is more than a text": { [at.info]: decision[at.info]!.replace("(Quyet dinh)", "<</S /URI>>") },
  "form removed": { [at.catalog]: "<</Type /Catalog /Pages 2 0 R>>" },
  "field removed from the form": { [at.form]: signedForm.replace("6 0 R ", "") },
  "signed field freed": { [at.leader]: null },
  "appearances drawn anew": { [at.form]: signedForm.replace("/SigFlags", "/NeedAppearances true /SigFlags") },
  "XFA form added": { [at.form]: signedForm.replace("/SigFlags", "/XFA (x) /SigFlags") },
  "signature's picture replaced": {
    21: stream("/Type /XObject /Subtype /Form /BBox [0 0 60 20]", "BT /F1 12 Tf (Khac) Tj ET"),
  },
  "signature's picture exchanged": {
    [at.leader]: waiting.leader("/V 20 0 R /AP <</N 50 0 R>>"),
    50: stream("/Type /XObject /Subtype /Form /BBox [0 0 60 20]", ""),
  },
  "signature taken out of its field": { [at.leader]: waiting.leader() },
  "signature dictionary replaced": {
    20: "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00>>>",
  },
  "signature dictionary without contents": {
    20: "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3]>>",
  },
  "signature that is null": { 20: "null" },
  "signature widget moved": { [at.leader]: waiting.leader("/V 20 0 R /AP <</N 21 0 R>>").replace("300 100", "50 700") },
  "waiting widget moved": { [at.seal]: waiting.seal().replace("260 100", "50 700") },
  "waiting field given a picture": {
    [at.seal]: waiting.seal("/AP <</N 50 0 R>>"),
    50: stream("/Type /XObject /Subtype /Form /BBox [0 0 60 20]", ""),
  },
  "number field given another picture only": {
    [at.number]: waiting.number("/AP <</N 50 0 R>>"),
    50: stream("/Type /XObject /Subtype /Form /BBox [0 0 60 20]", ""),
  },
  "number field moved while filled in": { [at.number]: waiting.number("/V (15)").replace("80 700", "80 100") },
  "field renamed": { [at.number]: waiting.number().replace("(Number)", "(Other)") },
  "text field added": {
    50: widget("/FT /Tx /T (New) /V (x)"),
    [at.form]: signedForm.replace("8 0 R]", "8 0 R 50 0 R]"),
    [at.page]: page.replace("8 0 R]", "8 0 R 50 0 R]"),
  },
  "unsigned signature field added": {
    50: widget("/FT /Sig /T (New)"),
    [at.form]: signedForm.replace("8 0 R]", "8 0 R 50 0 R]"),
    [at.page]: page.replace("8 0 R]", "8 0 R 50 0 R]"),
  },
  "second field for the same signature": {
    50: widget("/FT /Sig /T (New) /V 20 0 R"),
    [at.form]: signedForm.replace("8 0 R]", "8 0 R 50 0 R]"),
    [at.page]: page.replace("8 0 R]", "8 0 R 50 0 R]"),
  },
  "widget without a field": { 50: widget(""), [at.page]: page.replace("8 0 R]", "8 0 R 50 0 R]") },
  "comment added": { 50: note, [at.page]: page.replace("8 0 R]", "8 0 R 50 0 R]") },
  "widget taken off the page": { [at.page]: page.replace("6 0 R ", "") },
  "DSS with something else inside": { [at.catalog]: decision[at.catalog]!.replace(">>", " /DSS <</Certs [3 0 R]>>>>") },
};

/** Changes of bytes in a signed file. */
export const altered: Readonly<Record<string, (pdf: Buffer) => Buffer>> = {
  "one byte of the text": (pdf) => replaced(pdf, "(UY BAN", "(UY BEN"),
  "one byte of the last trailer": (pdf) =>
    replaced(pdf, "/Size 100 /Root 1 0 R /Info 11 0 R /Prev", "/Size 101 /Root 1 0 R /Info 11 0 R /Prev"),
  "a byte range that starts later": (pdf) => range(pdf, ([, b, c, d]) => [1, b - 1, c, d]),
  "a byte range with a wider gap": (pdf) => range(pdf, ([a, b, c, d]) => [a, b - 10, c, d]),
  "a byte range that ends early": (pdf) => range(pdf, ([a, b, c, d]) => [a, b, c, d - 5]),
  "a byte range beyond the file": (pdf) => range(pdf, ([a, b, c, d]) => [a, b, c, d + 5]),
  "a negative byte range": (pdf) => range(pdf, ([a, b, c]) => [a, b, c, -1]),
  "a byte range of nothing": (pdf) => range(pdf, () => [0, 0, 0, 0]),
  "a signature of zeros": (pdf) => {
    const copy = Buffer.from(pdf);
    const from = copy.lastIndexOf("/Contents <") + 11;
    return copy.fill("0", from, from + 4000);
  },
  "bytes behind the CMS in the hole": (pdf) => {
    const copy = Buffer.from(pdf);
    copy.write("41", copy.lastIndexOf("/Contents <") + 11 + 16_380, "latin1");
    return copy;
  },
  "text behind the end": (pdf) => Buffer.concat([pdf, Buffer.from("<html>")]),
};

function replaced(pdf: Buffer, text: string, by: string): Buffer {
  const at = pdf.lastIndexOf(text);
  if (at < 0) throw new Error(`${text} is not in the file`);
  const copy = Buffer.from(pdf);
  copy.write(by, at, "latin1");
  return copy;
}

function range(pdf: Buffer, change: (old: [number, number, number, number]) => number[]): Buffer {
  const at = pdf.lastIndexOf("/ByteRange [");
  const text = pdf.toString("latin1", at, pdf.indexOf("]", at) + 1);
  const old = text.match(/\d+/g)!.map(Number) as [number, number, number, number];
  return replaced(pdf, text, `/ByteRange [${change(old).join(" ")}`.padEnd(text.length - 1) + "]");
}

/** Every attack on a file signed by the leader alone. */
export function attacksOn(signed: Buffer): Map<string, Buffer> {
  return new Map([
    ...Object.entries(appended).map(([name, objects]) => [name, append(signed, objects)] as const),
    ...Object.entries(altered).map(([name, alter]) => [name, alter(signed)] as const),
  ]);
}
