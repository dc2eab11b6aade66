import { expect } from "vitest";
import { readPdf } from "../../../signing/pdf/document.ts";
import { differencesSince, type Differences, type DifferencePolicy } from "../../../signing/diff/differences.ts";
import { findSignatures, type FoundSignature } from "../../../signing/validate/signature-fields.ts";
import { GrowingFile, plainLayout, type Layout, type Objects } from "../attacks/growing-file.ts";
import { ref, Stream, text, type Dict, type Value } from "../attacks/values.ts";

/** Numbers of the objects of the scene. */
export const at = {
  catalog: 1,
  tree: 2,
  page: 3,
  content: 4,
  font: 5,
  leader: 6,
  seal: 7,
  number: 8,
  form: 9,
  info: 10,
  other: 11,
  image: 12,
  // What updates may use.
  signature: 20,
  looks: 21,
  free: 30,
} as const;

export const widget = (type: string, name: string, rect: readonly number[], more: Dict = {}): Dict => ({
  Type: "/Annot",
  Subtype: "/Widget",
  FT: `/${type}`,
  T: text(name),
  Rect: rect,
  P: ref(at.page),
  F: 4,
  ...more,
});

/** A form XObject that paints the given content over 100 × 20 points. */
export const looks = (content: string, resources: Dict = {}, more: Dict = {}): Stream =>
  new Stream({ Subtype: "/Form", BBox: [0, 0, 100, 20], Resources: resources, ...more }, content);
export const helvetica: Dict = { Font: { F1: { Type: "/Font", Subtype: "/Type1", BaseFont: "/Helvetica" } } };
export const writing = (value: string): Stream => looks(`BT /F1 12 Tf 2 4 Td (${value}) Tj ET`, helvetica);

/** A two-page document with a title at 57…, 770 and fields that wait for leader, seal and number. */
export const scene: Readonly<Record<number, Value>> = {
  [at.catalog]: { Type: "/Catalog", Pages: ref(at.tree), AcroForm: ref(at.form) },
  [at.tree]: { Type: "/Pages", Kids: [ref(at.page), ref(at.other)], Count: 2, MediaBox: [0, 0, 595, 842] },
  [at.page]: {
    Type: "/Page",
    Parent: ref(at.tree),
    Contents: ref(at.content),
    Resources: { Font: { F1: ref(at.font) }, XObject: { Im: ref(at.image) } },
    Annots: [ref(at.leader), ref(at.seal), ref(at.number)],
  },
  [at.content]: new Stream({}, "BT /F1 12 Tf 57 770 Td (UY BAN NHAN DAN) Tj 0 -40 Td (So:        /QD) Tj ET"),
  [at.font]: { Type: "/Font", Subtype: "/Type1", BaseFont: "/Times-Roman" },
  [at.leader]: widget("Sig", "Leader", [300, 100, 400, 160]),
  [at.seal]: widget("Sig", "Seal", [260, 100, 320, 160]),
  [at.number]: widget("Tx", "Number", [76, 728, 106, 744], { DA: text("/F1 12 Tf") }),
  [at.form]: { Fields: [ref(at.leader), ref(at.seal), ref(at.number)] },
  [at.info]: { Title: text("Quyet dinh") },
  [at.other]: { Type: "/Page", Parent: ref(at.tree), Resources: {} },
  [at.image]: new Stream(
    { Subtype: "/Image", Width: 1, Height: 1, BitsPerComponent: 8, ColorSpace: "/DeviceGray" },
    "x",
  ),
};

export interface Signing {
  readonly field?: number;
  readonly number?: number;
  /** More keys of the signature dictionary. */
  readonly keys?: Dict;
  readonly layout?: Layout;
}

export const certified = (level: Value): Dict => ({
  Reference: [{ TransformMethod: "/DocMDP", TransformParams: { Type: "/TransformParams", V: "/1.2", P: level } }],
});

/** The scene as a file of one revision, with some objects otherwise. */
export function fileOf(objects: Objects = {}, trailer: Dict = {}): GrowingFile {
  const file = new GrowingFile();
  file.info = at.info;
  file.append({ ...scene, ...objects }, { ...plainLayout, trailer });
  return file;
}

/** Appends a revision that a field's signature closes. What it says does not matter here. */
export async function sign(file: GrowingFile, objects: Objects = {}, signing: Signing = {}): Promise<void> {
  const { field = at.leader, number = at.signature, keys = {}, layout = plainLayout } = signing;
  const signed = { ...((objects[field] ?? file.dict(field)) as Dict), V: ref(number) };
  const dictionary = { Type: "/Sig", Filter: "/Adobe.PPKLite", SubFilter: "/ETSI.CAdES.detached", ...keys };
  const made = { number, keys: dictionary, sign: () => Buffer.from("3000", "hex") };
  await file.sign({ ...objects, [field]: signed }, made, layout);
}

/** The scene signed by the leader: with a picture of the signature, and what the test wants otherwise. */
export async function signedScene(objects: Objects = {}, signing: Signing = {}): Promise<GrowingFile> {
  const file = fileOf(objects);
  await sign(file, { [at.looks]: writing("Da ky"), [at.leader]: withLooks(file, at.leader, at.looks) }, signing);
  return file;
}

export const withLooks = (file: GrowingFile, field: number, number: number): Dict => ({
  ...file.dict(field),
  AP: { N: ref(number) },
});

/** What changed since each signature, by field. */
export function judge(file: GrowingFile, policy?: DifferencePolicy): Record<string, Omit<Differences, "changes">> {
  return judgeBytes(file.bytes, policy);
}

export function judgeBytes(bytes: Buffer, policy?: DifferencePolicy): Record<string, Omit<Differences, "changes">> {
  const document = readPdf(bytes);
  const all: FoundSignature[] = findSignatures(document);
  return Object.fromEntries(
    all.map((signature) => {
      const { level, reasons, doubts, notes } = differencesSince(document, signature, all, policy);
      return [signature.field, { level, reasons, doubts, notes }];
    }),
  );
}

/** What the leader's signature says to the given updates of the signed scene, however broken they leave it. */
export async function afterwards(
  updates: readonly Objects[] | ((file: GrowingFile) => readonly Objects[]),
  base: Objects = {},
  signing: Signing = {},
): Promise<Omit<Differences, "changes">> {
  const file = await signedScene(base, signing);
  const all = findSignatures(readPdf(file.bytes));
  for (const update of typeof updates === "function" ? updates(file) : updates) file.append(update);
  const { level, reasons, doubts, notes } = differencesSince(readPdf(file.bytes), all[0]!, all);
  return { level, reasons, doubts, notes };
}

export const clean = { level: "NONE", reasons: [], doubts: [], notes: [] };
export const allowed = (level: string, ...notes: string[]) => ({ level, reasons: [], doubts: [], notes });
export const refused = (...reasons: string[]) => expect.objectContaining({ level: "OTHER", reasons });
