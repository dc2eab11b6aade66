import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type Client } from "../support/client.ts";

/** What the server said of one registration, and how hard it was to hear. */
export interface Told {
  /** The act's own name: every act registers a document with a subject of its own. */
  readonly subject: string;
  readonly key: string;
  /** Global id of the document. */
  readonly id: string;
  readonly number: number;
  readonly year: number;
  readonly arrivedAt: string;
  /** Attempts that brought no answer, or one that says to ask again. */
  readonly failures: readonly string[];
}

export interface Patience {
  /** The key of an attempt; the same for all of an act, unless a test plants the fault that it is not. */
  readonly keyOf?: (subject: string, attempt: number) => string;
  readonly milliseconds?: number;
}

const selection = `{ incomingDocument { id arrivalNumber arrivedAt subject register { year } } }`;

interface Payload {
  incomingDocument: {
    id: string;
    arrivalNumber: number;
    arrivedAt: string;
    subject: string;
    register: { year: number };
  };
}

/** The data of a registration with a subject of its own. */
export const registration = (subject: string) => ({
  senderName: "Bộ Nội vụ",
  referenceCode: `${subject.slice(-8)}/BNV-VP`,
  typeName: "Công văn",
  subject,
});

/** Registers one document, asking again with the same key until the server has answered. */
export async function register(client: Client, subject: string, patience: Patience = {}): Promise<Told> {
  const own = randomUUID();
  const keyOf = patience.keyOf ?? (() => own);
  const deadline = Date.now() + (patience.milliseconds ?? 60_000);
  const failures: string[] = [];
  for (let attempt = 0; ; attempt++) {
    const idempotencyKey = keyOf(subject, attempt);
    try {
      const input = { ...registration(subject), idempotencyKey };
      const { incomingDocument: found } = await client.act<Payload>("registerIncomingDocument", input, selection);
      if (found.subject !== subject) throw new Error(`The answer to "${subject}" is about "${found.subject}".`);
      const {
        id,
        arrivalNumber: number,
        arrivedAt,
        register: { year },
      } = found;
      return { subject, key: idempotencyKey, id, number, year, arrivedAt, failures };
    } catch (error) {
      const reason = reasonToRepeat(error);
      if (!reason || Date.now() > deadline) throw error;
      failures.push(reason);
      await sleep(Math.min(20 * 2 ** attempt, 250) * (0.5 + Math.random()));
    }
  }
}

/** Why a request may be repeated: no answer came, or one that says to try again; null for a refusal. */
function reasonToRepeat(error: unknown): string | null {
  if (error instanceof ApiError)
    return error.code === "UNAVAILABLE" || /^HTTP_50[234]$/.test(error.code) ? error.code : null;
  if (!(error instanceof Error)) return null;
  // `fetch` says TypeError for a connection that broke and SyntaxError comes of an answer cut off in the middle.
  return error.name === "TypeError" || error.name === "SyntaxError" ? error.name : null;
}

/** Does `count` acts with so many at a time; `act` gets 0, 1, 2, … */
export async function inParallel<T>(count: number, atOnce: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await act(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return results;
}
