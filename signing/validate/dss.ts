import { SigningError } from "../errors.ts";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { PdfRef, PdfStream, type PdfObject } from "../pdf/objects.ts";
import { readCertificate, type Certificate } from "../x509/certificates.ts";
import { readCrl, type Crl } from "../x509/crl.ts";
import { joinEvidence, noEvidence, type Evidence } from "../x509/evidence.ts";
import { readOcspResponse, type OcspResponse } from "../x509/ocsp.ts";

/** What one state of the file holds in its document security store (ISO 32000-2, 12.8.4.3). */
export interface SecurityStore {
  readonly evidence: Evidence;
  /** Whether there is one that holds anything. */
  readonly present: boolean;
  readonly notes: readonly string[];
}

/** Most objects read from one state, and entries of /VRI. */
const mostObjects = 4000;
const mostEntries = 1000;

type Kind = "certificates" | "crls" | "ocsp";
const kinds = [
  ["certificates", "Certs", "Cert"],
  ["crls", "CRLs", "CRL"],
  ["ocsp", "OCSPs", "OCSP"],
] as const;
const read: { readonly [K in Kind]: (der: Buffer) => Evidence[K][number] } = {
  certificates: readCertificate,
  crls: readCrl,
  ocsp: readOcspResponse,
};

/** Reads the security stores of a document's states; each stream is decoded once, however many states show it. */
export class SecurityStores {
  readonly #document: PdfDocument;
  #latest: SecurityStore | undefined;
  readonly #known = new Map<PdfStream, Certificate | Crl | OcspResponse | undefined>();

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** The store as the last state shows it. */
  get latest(): SecurityStore {
    return (this.#latest ??= this.at(this.#document.latest));
  }

  /** The store as a view shows it. What cannot be read is named in the notes, and proves nothing. */
  at(view: PdfView): SecurityStore {
    const notes: string[] = [];
    try {
      const store = view.dict(view.catalog.get("DSS"));
      if (!store) return { evidence: noEvidence, present: false, notes };
      // Only an array counts as a list; each may be direct or indirect (12.8.4.3, table 261).
      const list = (object: PdfObject | undefined) => {
        const value = view.resolve(object);
        return Array.isArray(value) ? value : [];
      };
      const named = view.dict(store.get("VRI"))?.entries.values() ?? [];
      const entries = [...named].slice(0, mostEntries).map((entry) => view.dict(entry));
      const found = { certificates: new Set(), crls: new Set(), ocsp: new Set() } as {
        readonly [K in Kind]: Set<Evidence[K][number]>;
      };
      let left = mostObjects;
      for (const [kind, plural, singular] of kinds) {
        const references = [store.get(plural), ...entries.map((entry) => entry?.get(singular))].flatMap(list);
        for (const reference of references) {
          if (left-- <= 0) {
            notes.push("DSS_TOO_LARGE");
            break;
          }
          const item = this.#item(view, kind, reference);
          if (item) (found[kind] as Set<typeof item>).add(item);
          else notes.push(`DSS_UNREADABLE_OBJECT ${reference instanceof PdfRef ? reference.number : "direct"}`);
        }
      }
      const evidence = joinEvidence({
        certificates: [...found.certificates],
        crls: [...found.crls],
        ocsp: [...found.ocsp],
      });
      const size = evidence.certificates.length + evidence.crls.length + evidence.ocsp.length;
      return { evidence, present: size > 0, notes: [...new Set(notes)].slice(0, 20) };
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      return { evidence: noEvidence, present: false, notes: [`DSS_UNREADABLE ${error.code}`] };
    }
  }

  #item(view: PdfView, kind: Kind, object: PdfObject): Certificate | Crl | OcspResponse | undefined {
    try {
      const stream = view.resolve(object);
      if (!(stream instanceof PdfStream)) return undefined;
      if (!this.#known.has(stream)) {
        this.#known.set(stream, undefined);
        this.#known.set(stream, read[kind](this.#document.decode(stream, view)));
      }
      return this.#known.get(stream);
    } catch (error) {
      if (error instanceof SigningError) return undefined;
      throw error;
    }
  }
}
