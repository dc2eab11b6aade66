import { AppError } from "../errors.ts";

const limit = 5;
const windowMilliseconds = 15 * 60_000;
const remembered = 50_000;

/** Failed tries by key (an account, an address, a dossier code): after five in a quarter of an hour, no more for a while. */
export class Throttle {
  private readonly failures = new Map<string, { count: number; until: number }>();

  /** TOO_MANY_TRIES when the key has used up its tries. */
  check(key: string, now: number): void {
    const entry = this.failures.get(key);
    if (entry && entry.until > now && entry.count >= limit)
      throw new AppError(
        "TOO_MANY_TRIES",
        "Đã thử sai quá nhiều lần; vui lòng đợi 15 phút.",
        "Too many failed tries; please wait a quarter of an hour.",
        { retryAfterSeconds: Math.ceil((entry.until - now) / 1_000) },
      );
  }

  fail(key: string, now: number): void {
    const entry = this.failures.get(key);
    if (entry && entry.until > now) entry.count++;
    else {
      this.failures.delete(key);
      this.failures.set(key, { count: 1, until: now + windowMilliseconds });
      // The oldest are forgotten first: memory stays bounded whatever is thrown at it.
      if (this.failures.size > remembered) this.failures.delete(this.failures.keys().next().value!);
    }
  }

  succeed(key: string): void {
    this.failures.delete(key);
  }
}
