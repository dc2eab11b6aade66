import type { TimestampClient } from "../tsp/client.ts";
import { TOKEN_ROOM } from "./hole.ts";

/** Between tokens of one authority serial numbers, fractions of seconds and signatures differ in length. */
const SPARE = 512;

const rooms = new WeakMap<TimestampClient, number>();

/** The bytes to keep free for a token: as long as the longest that this client brought so far, or a common size. */
export function roomFor(client: TimestampClient | undefined): number {
  return (client && rooms.get(client)) ?? TOKEN_ROOM;
}

/** Remembers how long a token is, so that the next hole fits at once. */
export function rememberRoom(client: TimestampClient, token: Buffer): void {
  const wanted = token.length + SPARE;
  if (wanted > (rooms.get(client) ?? 0)) rooms.set(client, Math.max(wanted, rooms.get(client) ?? TOKEN_ROOM));
}
