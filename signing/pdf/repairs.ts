/** Most things named, and places for each of them; a broken file could name one for each of its bytes. */
const MOST_NAMED = 200;
const MOST_PLACES = 5;

/**
 * What a file does otherwise than the standard says. Harmless is what every reader takes in the same way; all else may
 * be read differently elsewhere, so it must not lead to a good verdict by itself.
 */
export class Repairs {
  /** Whether things are put right that are not harmless, or refused. */
  readonly tolerant: boolean;
  readonly #named = new Set<string>();
  readonly #places = new Map<string, number>();
  #rebuilt = false;

  constructor(tolerant: boolean) {
    this.tolerant = tolerant;
  }

  /** A code and the offset, each once, in the order in which they were met. */
  get named(): readonly string[] {
    return [...this.#named];
  }

  /** Whether anything was put right that other readers may read otherwise. */
  get rebuilt(): boolean {
    return this.#rebuilt;
  }

  /** Whether something of this code was named. */
  has(code: string): boolean {
    for (const name of this.#named) if (name.startsWith(`${code} `)) return true;
    return false;
  }

  /** Names something that every reader takes in the same way. */
  harmless(code: string, offset: number): void {
    this.#name(code, offset);
  }

  /** Names something that was put right by guessing. */
  guessed(code: string, offset: number): void {
    this.#rebuilt = true;
    this.#name(code, offset);
  }

  #name(code: string, offset: number): void {
    const places = this.#places.get(code) ?? 0;
    const name = `${code} at byte ${offset}`;
    if (places === MOST_PLACES || this.#named.size === MOST_NAMED || this.#named.has(name)) return;
    this.#places.set(code, places + 1);
    this.#named.add(name);
  }

  /** Takes over what an attempt that succeeded has named. */
  adopt(other: Repairs): void {
    this.#rebuilt ||= other.#rebuilt;
    for (const name of other.#named) if (this.#named.size < MOST_NAMED) this.#named.add(name);
  }
}
