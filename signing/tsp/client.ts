import { randomBytes } from "node:crypto";
import type { Certificate } from "../x509/certificates.ts";
import { SigningError } from "../errors.ts";
import type { Fetch } from "../fetching/fetch.ts";
import type { SignatureDigest } from "../keys/signer.ts";
import { checkTimestampResponse } from "./check.ts";
import { writeTimestampRequest } from "./request.ts";
import type { TokenVerdict } from "./token.ts";

/** A time-stamping authority's address. */
export interface TimestampServer {
  readonly url: string;
  /** The policy to ask for, as an object identifier; the authority's own choice unless given. */
  readonly policy?: string;
  /** The authority's certificate, for servers that do not send it. */
  readonly certificate?: Certificate;
}

export interface TimestampClientOptions {
  /** Asked in this order; the first right answer is taken. */
  readonly servers: readonly TimestampServer[];
  readonly fetch: Fetch;
  /** Longest wait for one server, in milliseconds; 10 s unless given. */
  readonly timeout?: number;
  /** How long a server that failed is asked last, in milliseconds; a minute unless given. */
  readonly avoidFor?: number;
  /** How far a token's time may lie from `now`, in milliseconds; not compared unless given. */
  readonly maximumSkew?: number;
  readonly now?: () => Date;
  /** A further check, of trust say: the reason why a token is not taken, or undefined. */
  readonly refuse?: (token: TokenVerdict) => string | undefined;
}

export interface TimestampClient {
  /**
   * A TimeStampToken in DER over a digest, checked in full. Throws TIMESTAMP_UNAVAILABLE with
   * `details.servers`, a list of `{ url, code, message }`, when no server gave a right answer.
   */
  stamp(digest: Buffer, algorithm: SignatureDigest): Promise<Buffer>;
}

/** One server's fault, as `details.servers` lists it. */
export interface TimestampFault {
  readonly url: string;
  readonly code: string;
  readonly message: string;
}

/** A client that goes from server to server until one gives a right answer. */
export function timestampClient(options: TimestampClientOptions): TimestampClient {
  const { servers, avoidFor = 60_000, now = () => new Date() } = options;
  const failedAt = new Map<TimestampServer, number>();
  // A server that failed a moment ago comes last, not never: it may be the only one.
  const inOrder = (at: number) => {
    const avoided = (server: TimestampServer) => at - (failedAt.get(server) ?? -Infinity) < avoidFor;
    return [...servers.filter((server) => !avoided(server)), ...servers.filter(avoided)];
  };
  return {
    async stamp(digest, algorithm) {
      const faults: TimestampFault[] = [];
      for (const server of inOrder(now().getTime())) {
        try {
          const token = await ask(server, options, digest, algorithm);
          failedAt.delete(server);
          return token;
        } catch (error) {
          if (!(error instanceof SigningError)) throw error;
          failedAt.set(server, now().getTime());
          faults.push({ url: server.url, code: error.code, message: error.message });
        }
      }
      const summary = faults.map(({ url, code }) => `${url}: ${code}`).join("; ") || "no server is configured";
      throw new SigningError("TIMESTAMP_UNAVAILABLE", `no time-stamp could be had (${summary})`, { servers: faults });
    },
  };
}

async function ask(
  server: TimestampServer,
  { fetch, timeout = 10_000, maximumSkew, now = () => new Date(), refuse }: TimestampClientOptions,
  digest: Buffer,
  algorithm: SignatureDigest,
): Promise<Buffer> {
  const nonce = BigInt(`0x${randomBytes(8).toString("hex")}`);
  const { policy } = server;
  const request = writeTimestampRequest({
    imprint: digest,
    imprintAlgorithm: algorithm,
    nonce,
    ...(policy ? { policy } : {}),
  });
  const answer = await inTime(
    fetch({
      url: server.url,
      method: "POST",
      body: request,
      contentType: "application/timestamp-query", // RFC 3161 §3.4
      accept: "application/timestamp-reply",
    }),
    timeout,
  );
  const pool = server.certificate ? [server.certificate] : [];
  const { token, verdict } = checkTimestampResponse(answer, { imprint: digest, algorithm, nonce, policy, pool });
  const skew = Math.abs(verdict.time!.getTime() - now().getTime());
  if (maximumSkew !== undefined && skew > maximumSkew) {
    throw new SigningError("TIMESTAMP_SKEW", "the token's time is far from this machine's");
  }
  const reason = refuse?.(verdict);
  if (reason !== undefined) throw new SigningError("TIMESTAMP_NOT_TRUSTED", reason);
  return token;
}

/** A fetcher has a limit of its own, but another may be put in its place. */
async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SigningError("FETCH_FAILED", "no answer in time")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
