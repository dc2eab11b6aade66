import { AppError } from "../errors.ts";

const remembered = 50_000;

/** So many requests of an address in a stretch of time, the next ones TOO_MANY_TRIES. */
export class Rate {
  private readonly counts = new Map<string, { count: number; until: number }>();
  private readonly limit: number;
  private readonly milliseconds: number;

  constructor(limit: number, milliseconds: number) {
    this.limit = limit;
    this.milliseconds = milliseconds;
  }

  count(address: string, now: number): void {
    const known = this.counts.get(address);
    if (!known || known.until <= now) {
      this.counts.delete(address);
      this.counts.set(address, { count: 1, until: now + this.milliseconds });
      if (this.counts.size > remembered) this.counts.delete(this.counts.keys().next().value!);
    } else if (++known.count > this.limit)
      throw new AppError("TOO_MANY_TRIES", "Quá nhiều yêu cầu; vui lòng đợi.", "Too many requests; please wait.", {
        retryAfterSeconds: Math.ceil((known.until - now) / 1_000),
      });
  }
}
