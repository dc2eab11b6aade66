import type { Certificate } from "../x509/certificates.ts";
import type { Crl } from "../x509/crl.ts";
import type { Evidence } from "../x509/evidence.ts";
import type { OcspResponse } from "../x509/ocsp.ts";
import { SigningError } from "../errors.ts";
import { readCertificateBundle } from "./bundles.ts";
import { crlCacheOf, type CrlCache } from "./crl-cache.ts";
import type { Fetch, FetchRequest } from "./fetch.ts";

/** What one collection does not go beyond; certificates decide how much there is to be asked. */
export const collectionLimits = { certificates: 32, questions: 100, atOnce: 6, addresses: 4, notes: 100 } as const;

/** What is found while going through chains, and the questions on their way. */
export class Collection {
  readonly at: Date;
  readonly crlCache: CrlCache;
  readonly limits = collectionLimits;
  readonly #fetch: Fetch;
  readonly #certificates = new Map<string, Certificate>();
  readonly #crls = new Map<string, Crl>();
  readonly #ocsp = new Map<string, OcspResponse>();
  readonly #notes = new Set<string>();
  readonly #asked = new Map<string, Promise<Buffer>>();
  readonly #queue: (() => void)[] = [];
  #running = 0;
  #questions = 0;

  constructor(fetch: Fetch, at: Date, known: Evidence) {
    this.#fetch = fetch;
    this.at = at;
    this.crlCache = crlCacheOf(fetch);
    for (const certificate of known.certificates) this.addCertificate(certificate);
    for (const crl of known.crls) this.addCrl(crl);
    for (const response of known.ocsp) this.addOcsp(response);
  }

  get found(): Evidence {
    return { certificates: this.certificates(), crls: [...this.#crls.values()], ocsp: [...this.#ocsp.values()] };
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }

  certificates(): Certificate[] {
    return [...this.#certificates.values()];
  }

  addCertificate(certificate: Certificate): void {
    this.#certificates.set(certificate.sha256, certificate);
  }

  addCrl(crl: Crl): void {
    this.#crls.set(crl.sha256, crl);
  }

  addOcsp(response: OcspResponse): void {
    this.#ocsp.set(response.sha256, response);
  }

  /** Notes what is amiss with a certificate's evidence. */
  note(certificate: Certificate, text: string): void {
    if (this.#notes.size < this.limits.notes) this.#notes.add(`${text} (${certificate.subject.text})`);
  }

  /** Runs a step; a failure becomes a note, with what was attempted, and an empty list. */
  async attempt<T>(certificate: Certificate, what: string, step: () => Promise<T[]>): Promise<T[]> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      this.note(certificate, `${error.code} ${what}: ${error.message}`);
      return [];
    }
  }

  /** Asks, with few others at the same time; the same question (by `key`) is asked once. Throws FETCH_…. */
  ask(request: FetchRequest, key = request.url): Promise<Buffer> {
    let answer = this.#asked.get(key);
    if (!answer) {
      answer = this.#enqueue(request);
      this.#asked.set(key, answer);
      // Whoever waits for it hears of a failure; nobody may be left to.
      answer.catch(() => undefined);
    }
    return answer;
  }

  async #enqueue(request: FetchRequest): Promise<Buffer> {
    if (++this.#questions > this.limits.questions) throw new SigningError("FETCH_REFUSED", "too many questions");
    if (this.#running >= this.limits.atOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running++;
    try {
      return await this.#fetch(request);
    } finally {
      this.#running--;
      this.#queue.shift()?.();
    }
  }

  /** Fetches certificates of issuers from the addresses that a certificate names. */
  async fetchIssuers(certificate: Certificate, addresses: readonly string[]): Promise<void> {
    for (const url of addresses.slice(0, this.limits.addresses)) {
      const found = await this.attempt(certificate, `issuer from ${url}`, async () =>
        readCertificateBundle(await this.ask({ url })),
      );
      for (const issuer of found) this.addCertificate(issuer);
      if (found.length > 0) return;
    }
  }
}
