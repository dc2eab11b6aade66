import { unavailable } from "./failures.ts";

/** Lets so many in at a time and turns the rest away with UNAVAILABLE: a queue would only make everybody late. */
export class Gate {
  private inside = 0;
  private readonly perKey = new Map<string, number>();
  private readonly limit: number;
  private readonly limitPerKey: number;

  constructor(limit: number, limitPerKey = limit) {
    this.limit = limit;
    this.limitPerKey = limitPerKey;
  }

  get count(): number {
    return this.inside;
  }

  /** Gives the way out, to be called once. `key` is whose share it comes from. */
  enter(key: string): () => void {
    const mine = this.perKey.get(key) ?? 0;
    if (this.inside >= this.limit || mine >= this.limitPerKey) throw unavailable();
    this.inside++;
    this.perKey.set(key, mine + 1);
    return () => {
      this.inside--;
      const left = this.perKey.get(key)! - 1;
      if (left > 0) this.perKey.set(key, left);
      else this.perKey.delete(key);
    };
  }
}
