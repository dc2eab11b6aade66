import { setTimeout as sleep } from "node:timers/promises";
import { SigningError } from "../../errors.ts";
import { refuse } from "./refusals.ts";

/** One request to a signing service. */
export interface ServiceRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Largest answer taken, in bytes. */
  readonly maxBytes: number;
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** The answer, of whatever status. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * Carries a request out. It follows no redirects, talks only to hosts that are allowed, and throws where there is no
 * answer. `serviceFetch` is one; tests and installations may give another.
 */
export type ServiceFetch = (request: ServiceRequest) => Promise<ServiceAnswer>;

/** What every client of a service is given. */
export interface ServiceOptions {
  readonly fetch: ServiceFetch;
  /** The address before the protocol's own paths, such as "https://host/csc/v1". */
  readonly baseUrl: string;
  /** For one answer; 20,000 unless given. */
  readonly timeoutMilliseconds?: number;
  /** The current time; the clock's unless given. */
  readonly now?: () => Date;
  /** Before the first repetition of a safe request; 300 unless given. */
  readonly retryMilliseconds?: number;
}

/** One call of a service's protocol. */
export interface ServiceCall {
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** True where asking twice does no harm: only then is it repeated after a failure. */
  readonly safe: boolean;
  readonly timeoutMilliseconds?: number;
}

/** What came back; `json` is undefined for an empty body and for what is no JSON. */
export interface ServiceReply {
  readonly status: number;
  readonly json: unknown;
}

export type CallService = (call: ServiceCall) => Promise<ServiceReply>;

const maxBytes = 4 * 1024 * 1024;
const tries = 3;

/** Failures before a byte of the request was sent: the order cannot have been carried out. */
const notSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "FETCH_REFUSED"]);

/** Calls that throw UNAVAILABLE for time-outs, broken connections and answers of 5xx and 429. */
export function serviceCalls(options: ServiceOptions): CallService {
  const { fetch, retryMilliseconds = 300 } = options;
  const base = options.baseUrl.replace(/\/+$/, "");
  const once = async (call: ServiceCall): Promise<ServiceReply> => {
    const { path, json, form, safe, timeoutMilliseconds = options.timeoutMilliseconds ?? 20_000 } = call;
    const encoded = form
      ? { type: "application/x-www-form-urlencoded", body: Buffer.from(new URLSearchParams(form).toString()) }
      : json === undefined
        ? undefined
        : { type: "application/json", body: Buffer.from(JSON.stringify(json), "utf8") };
    const request = {
      url: `${base}/${path}`,
      method: call.method ?? "POST",
      headers: {
        Accept: "application/json",
        ...(encoded ? { "Content-Type": encoded.type } : {}),
        ...call.headers,
      },
      ...(encoded ? { body: encoded.body } : {}),
      maxBytes,
    } as const;
    const answer = await answerWithin(fetch, request, timeoutMilliseconds).catch((error: unknown) => {
      const reason = reasonOf(error);
      const uncertain = !safe && !notSent.has(reason);
      throw refuse("UNAVAILABLE", "The signing service does not answer.", { reason, uncertain });
    });
    if (answer.status >= 500 || answer.status === 429) {
      const details = { status: answer.status, uncertain: !safe && answer.status !== 429 };
      throw refuse("UNAVAILABLE", "The signing service is out of order.", details);
    }
    return { status: answer.status, json: parse(answer.body) };
  };
  return async (call) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(call);
      } catch (error) {
        const again = call.safe && attempt < tries && error instanceof SigningError && error.code === "UNAVAILABLE";
        if (!again || error.details?.["status"] === 429) throw error;
        await sleep(retryMilliseconds * attempt);
      }
    }
  };
}

/** The fetcher may ignore the signal; whoever waits must not wait longer for it. */
async function answerWithin(
  fetch: ServiceFetch,
  request: Omit<ServiceRequest, "signal">,
  milliseconds: number,
): Promise<ServiceAnswer> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SigningError("TIMED_OUT", "no answer in time"));
      controller.abort();
    }, milliseconds);
  });
  try {
    const answer = await Promise.race([fetch({ ...request, signal: controller.signal }), late]);
    if (answer.body.length > request.maxBytes) throw new SigningError("TOO_LARGE", "the answer is too large");
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

/** A stable code, never a message: those may quote addresses and bodies. */
function reasonOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const found = [code, cause?.code].find((value) => typeof value === "string" && /^[A-Z0-9_]{1,40}$/.test(value));
  return typeof found === "string" ? found : "NO_ANSWER";
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
