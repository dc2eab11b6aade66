import type { Crl } from "../x509/crl.ts";
import type { Fetch } from "./fetch.ts";

/** How long a list is used without asking for a newer one, in milliseconds: what is new is to be seen the same hour. */
const longest = 3_600_000;
const maximumBytes = 64 * 1024 * 1024;

interface Kept {
  readonly crl: Crl;
  readonly fetchedAt: number;
}

/** Lists by the address they came from, the oldest going first where they become too many. */
export class CrlCache {
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  /** The list from this address, if it speaks at this instant and was fetched a short while ago. */
  get(url: string, at: Date): Crl | undefined {
    const kept = this.#kept.get(url);
    if (!kept) return undefined;
    const { crl, fetchedAt } = kept;
    const speaks = crl.thisUpdate <= at && crl.nextUpdate !== undefined && crl.nextUpdate > at;
    return speaks && Date.now() - fetchedAt < longest ? crl : undefined;
  }

  set(url: string, crl: Crl): void {
    this.#drop(url);
    this.#kept.set(url, { crl, fetchedAt: Date.now() });
    this.#size += crl.der.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= maximumBytes) break;
      this.#drop(oldest);
    }
  }

  #drop(url: string): void {
    this.#size -= this.#kept.get(url)?.crl.der.length ?? 0;
    this.#kept.delete(url);
  }
}

const caches = new WeakMap<Fetch, CrlCache>();

/** The cache that goes with a fetcher: what another one may see is nothing to this one. */
export function crlCacheOf(fetch: Fetch): CrlCache {
  let cache = caches.get(fetch);
  if (!cache) caches.set(fetch, (cache = new CrlCache()));
  return cache;
}
