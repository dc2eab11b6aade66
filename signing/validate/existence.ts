import type { Evidence } from "../x509/evidence.ts";

/**
 * Proofs of existence (EN 319 102-1 §5.6.2.3): since when each thing is known to have been there. Without a proof a
 * thing is only known to exist now. Things are named by the SHA-256 of their bytes, or by their place in the file.
 */
export class Existence {
  readonly now: number;
  readonly #earliest = new Map<string, number>();

  constructor(now: Date) {
    this.now = now.getTime();
  }

  /** Records that a thing existed at a time. */
  prove(thing: string, time: number): void {
    const known = this.#earliest.get(thing);
    if (known === undefined || time < known) this.#earliest.set(thing, time);
  }

  /** Whether anything proves how old a thing is. */
  isProven(thing: string): boolean {
    return this.#earliest.has(thing);
  }

  /** The earliest time at which a thing is known to have existed, in milliseconds; now at the latest. */
  since(thing: string): number {
    return Math.min(this.#earliest.get(thing) ?? this.now, this.now);
  }

  /** The evidence that is proven to have existed at a time. */
  known(evidence: Evidence, time: number): Evidence {
    if (time >= this.now) return evidence;
    const existed = ({ sha256 }: { readonly sha256: string }) => this.since(sha256) <= time;
    return {
      certificates: evidence.certificates.filter(existed),
      crls: evidence.crls.filter(existed),
      ocsp: evidence.ocsp.filter(existed),
    };
  }
}
