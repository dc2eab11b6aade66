import { SaxesParser } from "saxes";
import type { PdfDocument } from "../pdf/document.ts";
import { isName, PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import type { Comparison } from "./comparison.ts";

/** Keys of a trailer that every update rewrites, and those of a cross-reference stream as such (7.5.5, 7.5.8.2). */
const trailerKeys = new Set([
  "Size",
  "Prev",
  "XRefStm",
  "ID",
  "Info",
  "Type",
  "W",
  "Index",
  "Length",
  "Filter",
  "DecodeParms",
  "Root",
]);
const catalogKeys = new Set(["AcroForm", "Pages", "DSS", "Extensions", "Metadata", "MarkInfo", "Version"]);
const infoKeys = new Set(["ModDate", "Producer"]);
const maximumMetadata = 1024 * 1024;

/** Trailer, catalog, document information and metadata: what any saving program may touch, and the DSS. */
export function compareCatalog(comparison: Comparison, document: PdfDocument): void {
  const { base, final } = comparison;
  comparison.equalExcept(base.trailer, final.trailer, trailerKeys, "trailer");
  const [root, newRoot] = [base.trailer.get("Root"), final.trailer.get("Root")];
  if (!(root instanceof PdfRef) || !(newRoot instanceof PdfRef) || root.number !== newRoot.number) {
    return comparison.refuse("CHANGED trailer/Root");
  }
  comparison.nodes.add(root.number);
  compareId(comparison);
  compareInfo(comparison);

  const [a, b] = [base.catalog, final.catalog];
  comparison.equalExcept(a, b, catalogKeys, "catalog");
  compareDss(comparison);
  const changed = (key: string) => b.get(key) !== undefined && !comparison.isEqual(a.get(key), b.get(key));
  for (const key of ["Extensions", "Metadata", "MarkInfo", "Version"]) {
    if (a.get(key) !== undefined && b.get(key) === undefined) comparison.refuse(`REMOVED catalog/${key}`);
  }
  if (changed("Version") && !(b.get("Version") instanceof PdfName)) comparison.refuse("CHANGED catalog/Version");
  if (changed("MarkInfo") && !isPlain(comparison, b.get("MarkInfo"))) comparison.refuse("CHANGED catalog/MarkInfo");
  if (changed("Extensions")) {
    if (isPlain(comparison, b.get("Extensions"))) comparison.allow("LTA_UPDATES");
    else comparison.refuse("CHANGED catalog/Extensions");
  }
  if (changed("Metadata")) {
    if (isMetadata(comparison, document, b.get("Metadata"))) comparison.allow("LTA_UPDATES");
    else comparison.refuse("CHANGED catalog/Metadata");
  }
}

/** The first half of /ID names the document for ever (14.4). */
function compareId(comparison: Comparison): void {
  const first = comparison.base.array(comparison.base.trailer.get("ID"))[0];
  const then = comparison.final.array(comparison.final.trailer.get("ID"))[0];
  if (first !== undefined && !comparison.isEqual(first, then)) comparison.refuse("CHANGED trailer/ID");
}

function compareInfo(comparison: Comparison): void {
  const { base, final } = comparison;
  const a = base.dict(base.trailer.get("Info")) ?? new PdfDict(new Map());
  const b = final.dict(final.trailer.get("Info")) ?? new PdfDict(new Map());
  comparison.equalExcept(a, b, infoKeys, "Info");
  for (const key of infoKeys) {
    const value = final.resolve(b.get(key));
    if (comparison.isEqual(a.get(key), value)) continue;
    if (value instanceof PdfString) comparison.allow("LTA_UPDATES");
    else comparison.refuse(`CHANGED Info/${key}`);
  }
}

/** Names, numbers, booleans, strings, and dictionaries and arrays of them: nothing that could be shown or run. */
function isPlain(comparison: Comparison, value: PdfObject | undefined, depth = 0): boolean {
  const resolved = comparison.final.resolve(value);
  const parts = resolved instanceof PdfDict ? [...resolved.entries.values()] : resolved;
  if (Array.isArray(parts)) return depth < 4 && parts.every((part) => isPlain(comparison, part, depth + 1));
  if (resolved instanceof PdfName || resolved instanceof PdfString) return true;
  return typeof resolved === "number" || typeof resolved === "boolean";
}

/** XMP that a parser without entities and document types reads to its end. */
function isMetadata({ final }: Comparison, document: PdfDocument, value: PdfObject | undefined): boolean {
  const stream = final.resolve(value);
  if (!(stream instanceof PdfStream) || !isName(final.resolve(stream.dict.get("Subtype")), "XML")) return false;
  const text = document.decode(stream, final);
  if (text.length > maximumMetadata) return false;
  let sound = true;
  const parser = new SaxesParser({ xmlns: true });
  const refuse = () => {
    sound = false;
  };
  parser.on("error", refuse);
  parser.on("doctype", refuse);
  parser.write(text.toString("utf8")).close();
  return sound;
}

/** /DSS may only grow, by streams of certificates, OCSP answers and CRLs (EN 319 142-1 §5.4.2). */
function compareDss(comparison: Comparison): void {
  const { base, final } = comparison;
  const before = base.resolve(base.catalog.get("DSS"));
  const after = final.resolve(final.catalog.get("DSS"));
  if (before === null && after === null) return;
  if (!(after instanceof PdfDict)) return comparison.refuse("REMOVED catalog/DSS");
  const a = before instanceof PdfDict ? before : new PdfDict(new Map());
  comparison.equalExcept(a, after, new Set(["Certs", "OCSPs", "CRLs", "VRI", "Type"]), "DSS");
  let grown = before === null;
  for (const key of ["Certs", "OCSPs", "CRLs"]) {
    grown = growsByStreams(comparison, a.get(key), after.get(key), key) || grown;
  }

  const [vri, newVri] = [base.dict(a.get("VRI")), final.dict(after.get("VRI"))];
  for (const key of vri?.entries.keys() ?? []) if (!newVri?.get(key)) comparison.refuse(`REMOVED DSS/VRI/${key}`);
  for (const [key, value] of newVri?.entries ?? []) {
    if (key === "Type") continue;
    const entry = final.dict(value);
    const old = base.dict(vri?.get(key));
    if (!entry) return comparison.refuse(`CHANGED DSS/VRI/${key}`);
    const lists = new Set(["Cert", "OCSP", "CRL"]);
    comparison.equalExcept(old ?? new PdfDict(new Map()), entry, new Set([...lists, "TU", "TS", "Type"]), "DSS/VRI");
    for (const list of lists) grown = growsByStreams(comparison, old?.get(list), entry.get(list), list) || grown;
    grown ||= !old;
  }
  if (grown) comparison.allow("LTA_UPDATES");
}

function growsByStreams(
  comparison: Comparison,
  a: PdfObject | undefined,
  b: PdfObject | undefined,
  key: string,
): boolean {
  const { base, final } = comparison;
  const [before, after] = [base.resolve(a) ?? [], final.resolve(b) ?? []];
  if (!Array.isArray(before) || !Array.isArray(after)) {
    comparison.refuse(`CHANGED DSS/${key}`);
    return false;
  }
  const known = new Map(before.map((item) => [item instanceof PdfRef ? item.number : -1, item]));
  const kept = new Set<number>();
  let grown = false;
  for (const item of after) {
    if (!(item instanceof PdfRef) || !(final.resolve(item) instanceof PdfStream)) {
      comparison.refuse(`CHANGED DSS/${key}`);
      continue;
    }
    const old = known.get(item.number);
    if (old) comparison.equal(old, item, `DSS/${key}`);
    else grown = true;
    kept.add(item.number);
  }
  for (const number of known.keys()) if (!kept.has(number)) comparison.refuse(`REMOVED DSS/${key}`);
  return grown;
}
