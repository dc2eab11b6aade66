/** The things used last, as long as they are not too large together. */
export class Kept<K, V> {
  readonly #most: number;
  readonly #values = new Map<K, { readonly value: V; readonly size: number }>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    return this.#values.get(key)?.value;
  }

  set(key: K, value: V, size: number): void {
    this.#values.set(key, { value, size });
    this.#size += size;
    for (const [oldest, kept] of this.#values) {
      if (this.#size <= this.#most || oldest === key) break;
      this.#values.delete(oldest);
      this.#size -= kept.size;
    }
  }
}
