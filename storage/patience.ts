import type { ClientRequest, IncomingMessage, request, RequestOptions } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { storageError } from "./errors.ts";

type Request = typeof request;

/** A server that says nothing for this long has failed. */
const silenceMs = 10_000;

/** What the store does is safe to repeat; a failure that may pass gets three tries in all. */
export async function retry<T>(effect: () => Promise<T>): Promise<T> {
  for (let pauseMs = 100; ; pauseMs *= 4) {
    try {
      return await effect();
    } catch (cause) {
      const error = storageError(cause);
      if (error.code !== "UNAVAILABLE" || pauseMs > 400) throw error;
      await sleep(pauseMs);
    }
  }
}

/** The answers of which the client never reads the body. */
const unread = new Set([408, 429, 499, 500, 502, 503, 504, 520]);

/** Requests that give up on a silent server, not on a slow reader, and that free the sockets of failed answers. */
export function impatient(request: Request): Request {
  const send = (options: RequestOptions, answered?: (response: IncomingMessage) => void): ClientRequest => {
    let response: IncomingMessage | undefined;
    const sent = request(options, (arrived) => {
      response = arrived;
      answered?.(arrived);
      if (unread.has(arrived.statusCode ?? 0)) arrived.resume();
    });
    return sent.setTimeout(silenceMs, () => {
      if (response === undefined || response.readableLength === 0) {
        sent.destroy(new Error(`No word from the server in ${silenceMs} ms`));
      }
    });
  };
  return send as Request;
}
