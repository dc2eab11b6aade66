import type { Keys } from "../keys.ts";

const validMilliseconds = 10 * 60_000;
const purpose = "dossier result";
const textOf = (code: string, expires: string) => `${code}\n${expires}`;

/** Path of a result's PDF for whoever has shown the look-up secret; good for ten minutes. */
export function resultLink(keys: Keys, code: string, now: Date): string {
  const expires = String(now.getTime() + validMilliseconds);
  const query = new URLSearchParams({ expires, proof: keys.sign(purpose, textOf(code, expires)) });
  return `/public/results/${encodeURIComponent(code)}?${query}`;
}

/** Whether this server gave the link out and it has not expired. */
export function linkHolds(keys: Keys, code: string, expires: string, proof: string, now: Date): boolean {
  if (!/^\d{13}$/.test(expires) || proof.length > 100) return false;
  return keys.check(purpose, textOf(code, expires), proof) && Number(expires) > now.getTime();
}
