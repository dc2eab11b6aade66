import { GrowingFile, plainLayout, type Layout } from "./growing-file.ts";
import type { Random } from "./random.ts";
import { ref, Stream, styles, text, type Dict, type Value } from "./values.ts";

/** A field that waits to be signed or filled in. */
export interface Waiting {
  readonly name: string;
  readonly type: "Sig" | "Tx";
  /** Number of the field's dictionary. */
  readonly field: number;
  /** Number of the widget; the field's own where both are one. */
  readonly widget: number;
  readonly rect: readonly [number, number, number, number];
}

/** A document that is about to be signed, and where its parts are. */
export interface Draft {
  readonly file: GrowingFile;
  readonly pages: readonly number[];
  readonly waiting: Waiting[];
  readonly font: number;
  /** Number of the form's dictionary; undefined where it lies in the catalog, or is not there yet. */
  readonly form: number | undefined;
  /** Number of the structure tree's root and of the element below it, in a tagged document. */
  readonly structure: { readonly root: number; readonly top: number; readonly parents: number } | undefined;
  readonly metadata: number | undefined;
}

/** How a draft is made; what is not given is left to chance. */
export interface DraftChoices {
  readonly pages?: number;
  readonly isTagged?: boolean;
  readonly layout?: Layout;
  readonly hasFields?: boolean;
  readonly hasMetadata?: boolean;
}

export const xmp = (title: string) =>
  `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="${title}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

/** The text of the first page: with gaps and dots where number and date are put in. */
const firstPage =
  "BT /F1 13 Tf 57 770 Td (UY BAN NHAN DAN TINH) Tj 0 -22 Td (S\\363:          /QD-UBND) Tj " +
  "230 0 Td (Hue, ngay ....... thang ....... nam 2026) Tj -160 -60 Td [(QUYET)-250(DINH)] TJ " +
  "-70 -40 Td (Dieu 1. Giao So Y te chu tri thuc hien.) Tj 300 -420 Td (GIAM DOC) Tj ET";

/** Makes a document of one revision. */
export function draft(random: Random, choices: DraftChoices = {}): Draft {
  const file = new GrowingFile();
  const layout = choices.layout ?? randomLayout(random);
  const count = choices.pages ?? 1 + random.below(4);
  const isTagged = choices.isTagged ?? random.chance(0.3);
  const hasFields = choices.hasFields ?? random.chance(0.7);
  const objects: Record<number, Value> = {};
  const add = (value: Value): number => {
    const number = file.allocate();
    objects[number] = value;
    return number;
  };
  const catalog = file.allocate();
  file.root = catalog;
  const tree = file.allocate();
  const font = add(fontOf(random));
  const shared = random.chance(0.5);
  const resources: Dict = { Font: { F1: ref(font) }, ...(random.chance(0.3) ? { XObject: {} } : {}) };
  const inner = count > 1 && random.chance(0.4) ? file.allocate() : undefined;
  const pages = Array.from({ length: count }, () => file.allocate());
  for (const [i, number] of pages.entries()) {
    const content = add(new Stream({}, i === 0 ? firstPage : `BT /F1 12 Tf 60 700 Td (Trang ${i + 1}) Tj ET`));
    objects[number] = {
      Type: "/Page",
      Parent: ref(inner !== undefined && i > 0 ? inner : tree),
      Contents: random.chance(0.5) ? ref(content) : [ref(content)],
      ...(shared ? {} : { MediaBox: [0, 0, 595, 842], Resources: resources }),
      ...(random.chance(0.2) ? { Rotate: random.pick([0, 90, 180]) } : {}),
      ...(isTagged && i === 0 ? { StructParents: 0, Tabs: "/S" } : {}),
    };
  }
  const inherited = shared ? { MediaBox: [0, 0, 595, 842], Resources: resources } : {};
  const [first, ...others] = pages.map(ref);
  if (inner !== undefined) objects[inner] = { Type: "/Pages", Parent: ref(tree), Kids: others, Count: others.length };
  const kids = inner === undefined ? pages.map(ref) : [first!, ref(inner)];
  objects[tree] = { Type: "/Pages", Kids: kids, Count: count, ...inherited };
  const structure = isTagged ? addStructure(add, file, objects, pages[0]!) : undefined;
  const metadata =
    (choices.hasMetadata ?? random.chance(0.4))
      ? add(new Stream({ Type: "/Metadata", Subtype: "/XML" }, xmp("Quyet dinh")))
      : undefined;
  const annotations: Value[] = [];
  if (random.chance(0.3)) annotations.push(link(pages[0]!));
  const waiting = hasFields ? addFields(random, file, objects, annotations, pages[0]!) : [];
  if (annotations.length > 0) {
    const list = random.chance(0.4) ? ref(add(annotations)) : annotations;
    objects[pages[0]!] = { ...(objects[pages[0]!] as Dict), Annots: list };
  }
  const formDict: Dict = {
    Fields: topFields(objects, waiting),
    ...(random.chance(0.5) ? { DA: text("/F1 0 Tf 0 g") } : {}),
  };
  const form = waiting.length > 0 && random.chance(0.6) ? add(formDict) : undefined;
  objects[catalog] = {
    Type: "/Catalog",
    Pages: ref(tree),
    ...(waiting.length > 0 ? { AcroForm: form === undefined ? formDict : ref(form) } : {}),
    ...(structure ? { StructTreeRoot: ref(structure.root), MarkInfo: { Marked: true }, Lang: text("vi-VN") } : {}),
    ...(metadata === undefined ? {} : { Metadata: ref(metadata) }),
    ...(random.chance(0.3) ? { ViewerPreferences: { DisplayDocTitle: true } } : {}),
    ...(random.chance(0.3) ? { Names: { Dests: { Names: [text("dau"), [ref(pages[0]!), "/Fit"]] } } } : {}),
  };
  if (random.chance(0.7)) file.info = add({ Title: text("Quyet dinh"), Producer: text("Soan thao") });
  const trailer = random.chance(0.6) ? { ID: [text("0123456789abcdef"), text("0123456789abcdef")] } : {};
  file.append(objects, { ...layout, trailer });
  return { file, pages, waiting, font, form, structure, metadata };
}

export function randomLayout(random: Random): Layout {
  const section = random.pick(["table", "stream", "hybrid"] as const);
  const packed = section !== "table" && random.chance(0.7);
  return { style: random.pick(styles), section, packed, complete: random.chance(0.15) };
}

function fontOf(random: Random): Dict {
  const font = { Type: "/Font", Subtype: "/Type1", BaseFont: "/Times-Roman" };
  if (random.chance(0.5)) return { ...font, Encoding: "/WinAnsiEncoding" };
  const widths = Array.from({ length: 95 }, (_, i) => (i === 0 || i === 14 ? 250 : 500));
  return { ...font, FirstChar: 32, LastChar: 126, Widths: widths, Encoding: "/WinAnsiEncoding" };
}

function link(page: number): Dict {
  return { Type: "/Annot", Subtype: "/Link", Rect: [300, 20, 400, 30], Dest: [ref(page), "/Fit"] };
}

type Add = (value: Value) => number;

function addStructure(add: Add, file: GrowingFile, objects: Record<number, Value>, page: number): Draft["structure"] {
  const [root, top] = [file.allocate(), file.allocate()];
  const paragraph = add({ Type: "/StructElem", S: "/P", P: ref(top), Pg: ref(page), K: 0 });
  const parents = add({ Nums: [0, [ref(paragraph)]] });
  objects[top] = { Type: "/StructElem", S: "/Document", P: ref(root), K: [ref(paragraph)] };
  objects[root] = { Type: "/StructTreeRoot", K: ref(top), ParentTree: ref(parents), ParentTreeNextKey: 1 };
  return { root, top, parents };
}

function addFields(
  random: Random,
  file: GrowingFile,
  objects: Record<number, Value>,
  annotations: Value[],
  page: number,
): Waiting[] {
  const wanted: Pick<Waiting, "name" | "type" | "rect">[] = [
    { name: "Leader", type: "Sig", rect: [350, 190, 480, 240] },
    { name: "Seal", type: "Sig", rect: [320, 200, 400, 280] },
    { name: "Number", type: "Tx", rect: [78, 742, 105, 760] },
    { name: "Day", type: "Tx", rect: [345, 742, 365, 760] },
  ];
  const group = random.chance(0.3) ? file.allocate() : undefined;
  const grouped: Value[] = [];
  const found = wanted.map(({ name, type, rect }): Waiting => {
    const field = file.allocate();
    const isGrouped = group !== undefined && type === "Tx";
    const isSplit = random.chance(0.25);
    const widget = isSplit ? file.allocate() : field;
    const looks: Dict = { Type: "/Annot", Subtype: "/Widget", Rect: rect, P: ref(page), F: 4 };
    const own: Dict = {
      FT: `/${type}`,
      T: text(name),
      ...(type === "Tx" ? { DA: text("/F1 12 Tf 0 g") } : {}),
      ...(isGrouped ? { Parent: ref(group) } : {}),
    };
    objects[field] = isSplit ? { ...own, Kids: [ref(widget)] } : { ...own, ...looks };
    if (isSplit) objects[widget] = { ...looks, Parent: ref(field) };
    if (isGrouped) grouped.push(ref(field));
    annotations.push(ref(widget));
    return { name: isGrouped ? `Issue.${name}` : name, type, field, widget, rect };
  });
  if (group !== undefined) objects[group] = { T: text("Issue"), Kids: grouped };
  return found;
}

/** References to the fields without a parent. */
function topFields(objects: Record<number, Value>, waiting: readonly Waiting[]): Value[] {
  const tops = waiting.map(({ field }) => (objects[field] as Dict)["Parent"] ?? ref(field));
  const seen = new Map(tops.map((top) => [JSON.stringify(top), top]));
  return [...seen.values()];
}

/** A form XObject that shows a text. */
export function showing(value: string, font: number): Stream {
  const resources = { Font: { F1: ref(font) } };
  return new Stream(
    { Type: "/XObject", Subtype: "/Form", BBox: [0, 0, 60, 20], Resources: resources },
    `q BT /F1 12 Tf 2 4 Td (${value}) Tj ET Q`,
  );
}

export { plainLayout };
