import { createHash } from "node:crypto";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { dict, name, PdfDict, PdfName, type PdfObject, PdfRef, PdfStream } from "../pdf/objects.ts";
import { PdfUpdate } from "../pdf/update.ts";
import type { Evidence } from "../x509/evidence.ts";
import { openForSigning, strictly } from "./open.ts";

/** Where and how validation material is filed. */
export interface DssOptions {
  /**
   * The /Contents of signatures to be named in /VRI with this material (12.8.4.4). Optional, as EN 319 142-1 §5.4.2.3
   * leaves it; validators take everything in the store for every signature.
   */
  readonly vri?: readonly Buffer[];
}

const LISTS = [
  { key: "Certs", vri: "Cert", of: (evidence: Evidence) => evidence.certificates },
  { key: "OCSPs", vri: "OCSP", of: (evidence: Evidence) => evidence.ocsp },
  { key: "CRLs", vri: "CRL", of: (evidence: Evidence) => evidence.crls },
] as const;

/**
 * Puts certificates, OCSP responses and CRLs into the document security store (12.8.4.3) by an appended update. What
 * the store holds stays, and nothing gets into it twice: the same buffer comes back when there is nothing new. Any
 * certification lets this be done. Throws REFUSE_SIGN with ENCRYPTED or STRUCTURE, LIMIT_EXCEEDED.
 */
export function addValidationMaterial(pdf: Buffer, evidence: Evidence, options: DssOptions = {}): Buffer {
  const document = openForSigning(pdf);
  return strictly(() => writeMaterial(document, evidence, options)) ?? pdf;
}

/** The file with its larger store; undefined when there is nothing new. */
function writeMaterial(document: PdfDocument, evidence: Evidence, options: DssOptions): Buffer | undefined {
  const view = document.latest;
  const update = new PdfUpdate(document);
  const root = view.trailer.get("Root") as PdfRef;
  const held = view.catalog.get("DSS");
  const store = view.dict(held) ?? dict({ Type: name("DSS") });
  const known = new Map<string, PdfRef>();
  const changes: Record<string, PdfObject> = {};
  const entries: Record<string, PdfObject[]> = {};
  let added = 0;
  for (const { key, vri, of } of LISTS) {
    const list = view.array(store.get(key));
    for (const ref of list) remember(document, ref, known);
    const fresh: PdfRef[] = [];
    for (const { der } of of(evidence)) {
      const digest = sha256(der);
      let ref = known.get(digest);
      if (ref === undefined) {
        known.set(digest, (ref = update.add(new PdfStream(dict({}), der))));
        fresh.push(ref);
      }
      (entries[vri] ??= []).push(ref);
    }
    added += fresh.length;
    if (fresh.length === 0) continue;
    const written = store.get(key);
    const grown = [...list, ...fresh];
    // A list of its own grows where it stands.
    if (written instanceof PdfRef) update.set(written, grown);
    else changes[key] = grown;
  }
  const vri = withEntries(document, store, entries, options.vri ?? []);
  if (added === 0 && vri === undefined) return undefined;

  if (vri !== undefined) changes.VRI = vri;
  const changed = store.with(changes);
  let catalog = view.catalog;
  if (held instanceof PdfRef) update.set(held, changed);
  else catalog = catalog.with({ DSS: update.add(changed) });
  catalog = withExtension(document, catalog);
  if (catalog !== view.catalog) update.set(root, catalog);
  return update.finish().bytes;
}

/** Files a stream of the store under its digest; what cannot be read is left where it is. */
function remember(document: PdfDocument, ref: PdfObject, known: Map<string, PdfRef>): void {
  const stream = document.latest.resolve(ref);
  if (ref instanceof PdfRef && stream instanceof PdfStream) known.set(sha256(document.decode(stream)), ref);
}

/** /VRI with new entries, or undefined when all are there. The key is the SHA-1 of /Contents, padding included. */
function withEntries(
  { latest: view }: PdfDocument,
  store: PdfDict,
  entries: Readonly<Record<string, PdfObject[]>>,
  contents: readonly Buffer[],
): PdfDict | undefined {
  const present = view.dict(store.get("VRI"));
  const fresh: Record<string, PdfObject> = {};
  for (const content of contents) {
    const key = createHash("sha1").update(content).digest("hex").toUpperCase();
    if (present?.get(key) === undefined) fresh[key] = dict(entries);
  }
  return Object.keys(fresh).length === 0 ? undefined : (present ?? dict({})).with(fresh);
}

/** The level of ETSI's extensions at which the DSS and document time-stamps stand; part of PDF 2.0 as such. */
const ESIC_LEVEL = 5;

/** Declares ETSI's extension in a file before PDF 2.0 (7.12, EN 319 142-1 §5.6); the same catalog if it is. */
export function withExtension({ latest: view }: PdfDocument, catalog: PdfDict): PdfDict {
  if (versionOf(view) >= 2) return catalog;
  const extensions = view.dict(catalog.get("Extensions")) ?? dict({});
  const level = view.resolve(view.dict(extensions.get("ESIC"))?.get("ExtensionLevel"));
  if (typeof level === "number" && level >= ESIC_LEVEL) return catalog;
  const esic = dict({ BaseVersion: name("1.7"), ExtensionLevel: ESIC_LEVEL });
  return catalog.with({ Extensions: extensions.with({ ESIC: esic }) });
}

/** The version in the header, or the later one that the catalog gives (7.2.2). */
function versionOf(view: PdfView): number {
  const header = Number(/^%PDF-(\d\.\d)/.exec(view.document.bytes.toString("latin1", 0, 8))?.[1] ?? 1.7);
  const version = view.resolve(view.catalog.get("Version"));
  return Math.max(header, (version instanceof PdfName && Number(version.name)) || 0);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
