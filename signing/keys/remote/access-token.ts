import { refuse } from "./refusals.ts";

/** What a log-in gives. */
export interface AccessToken {
  readonly token: string;
  /** Until when it is good, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Hands out one token for as long as it is good; kept in memory alone. */
export interface TokenKeeper {
  /** Calls `use` with a token; when it answers "UNAUTHORIZED", once more with a new one, then ACCESS_DENIED. */
  with<T>(use: (token: string) => Promise<T | "UNAUTHORIZED">): Promise<T>;
}

/** A token is renewed this long before its end. */
const margin = 30_000;

/** Keeps what `logIn` gives; many callers at once wait for one log-in. */
export function tokenKeeper(logIn: () => Promise<AccessToken>, now: () => Date): TokenKeeper {
  let current: Promise<AccessToken> | undefined;
  const take = async (): Promise<string> => {
    const waiting = current;
    if (waiting) {
      const known = await waiting.catch(() => undefined);
      if (known && known.expiresAt - margin > now().getTime()) return known.token;
      if (current === waiting) current = undefined;
    }
    current ??= logIn();
    return (await current).token;
  };
  return {
    async with(use) {
      const token = await take();
      const used = current;
      const first = await use(token);
      if (first !== "UNAUTHORIZED") return first;
      if (current === used) current = undefined;
      const second = await use(await take());
      if (second !== "UNAUTHORIZED") return second;
      throw refuse("ACCESS_DENIED", "The signing service does not accept our account.");
    },
  };
}

/** The life of a token in milliseconds as `expires_in` tells it (seconds, RFC 6749 §5.1); an hour unless it does. */
export function lifetime(seconds: number | undefined): number {
  return Math.max(0, Math.min(seconds ?? 3_600, 24 * 3_600)) * 1_000;
}
