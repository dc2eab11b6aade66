import { AppError } from "./errors.ts";

const limit = 5;
const windowMilliseconds = 15 * 60_000;
const remembered = 50_000;

/**
 * Tries that are counted before their outcome is known, so that many at once are no way around the limit: five wrong
 * ones of a key (an address, a dossier code) in a quarter of an hour, then none for the rest of it.
 */
export class Tries {
  private readonly taken = new Map<string, { count: number; until: number }>();

  /** Takes one try of each key; TOO_MANY_TRIES, and none taken, where one has no more. Gives them back when called. */
  take(keys: readonly string[], now: number): () => void {
    for (const key of keys) {
      const entry = this.taken.get(key);
      if (entry && entry.until > now && entry.count >= limit)
        throw new AppError(
          "TOO_MANY_TRIES",
          "Đã thử sai quá nhiều lần; vui lòng đợi 15 phút.",
          "Too many failed tries; please wait a quarter of an hour.",
          { retryAfterSeconds: Math.ceil((entry.until - now) / 1_000) },
        );
    }
    const entries = keys.map((key) => this.count(key, now));
    return () => {
      for (const entry of entries) entry.count--;
    };
  }

  private count(key: string, now: number): { count: number } {
    const known = this.taken.get(key);
    if (known && known.until > now) {
      known.count++;
      return known;
    }
    const entry = { count: 1, until: now + windowMilliseconds };
    this.taken.delete(key);
    this.taken.set(key, entry);
    // The oldest are forgotten first: memory stays bounded whatever is thrown at it.
    if (this.taken.size > remembered) this.taken.delete(this.taken.keys().next().value!);
    return entry;
  }
}
