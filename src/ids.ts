import { randomFillSync } from "node:crypto";

const random = Buffer.alloc(16);

/** A UUID of version 7 (RFC 9562 §5.7): sorts by time of making, so that indexes grow at one end. */
export function newId(now = Date.now()): string {
  randomFillSync(random);
  random.writeUIntBE(now, 0, 6);
  random[6] = (random[6]! & 0x0f) | 0x70;
  random[8] = (random[8]! & 0x3f) | 0x80;
  const hex = random.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const isUuid = (text: string) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
