import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as tcpConnect, isIP, type Socket } from "node:net";
import { connect as tlsConnect, createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { SigningError } from "../errors.ts";
import { addressKind } from "./addresses.ts";
import { allowTarget, readAllowedHost, refused, type AllowedHost, type AllowedTarget } from "./allowed-hosts.ts";

/** One question to a server outside. */
export interface FetchRequest {
  readonly url: string;
  /** GET unless given. */
  readonly method?: "GET" | "POST";
  readonly body?: Buffer;
  readonly contentType?: string;
  readonly accept?: string;
  /** Largest answer taken, in bytes; the fetcher's own bound unless given. */
  readonly maxBytes?: number;
}

/** Gets an answer of status 200 or throws SigningError FETCH_REFUSED (a rule forbids it) or FETCH_FAILED. */
export type Fetch = (request: FetchRequest) => Promise<Buffer>;

export interface OutsideFetchOptions {
  /** Whom may be asked: entries as `readAllowedHost` reads them, or objects. Nobody unless given. */
  readonly hosts?: readonly (string | AllowedHost)[];
  /** For the whole exchange, in milliseconds; 10 s unless given. */
  readonly timeout?: number;
  /** Largest answer where the request says nothing, in bytes; 256 KiB unless given. */
  readonly maxBytes?: number;
  /** Largest answer that a request may ask for, in bytes (lists of large authorities); 16 MiB unless given. */
  readonly ceiling?: number;
  /** Authorities of one's own that https servers may be certified by, in PEM, beside those that Node knows. */
  readonly certificateAuthorities?: readonly string[];
  /** Finds the addresses of a name; the system's resolver unless given. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Opens the connection to an address that was checked; for tests that count. */
  readonly connect?: (address: string, port: number) => Socket;
}

/**
 * A fetcher for addresses that come out of certificates, which anybody can have made: http and https only, hosts of
 * the list only, no redirects, bounded in time and size. A name is resolved here, its addresses are checked, and the
 * connection goes to the very address that was checked, so that no second answer of the name service can lead it
 * elsewhere. Throws BAD_INPUT for an unreadable entry of the list.
 */
export function outsideFetch(options: OutsideFetchOptions = {}): Fetch {
  const entries = (options.hosts ?? []).map((each) => (typeof each === "string" ? readAllowedHost(each) : each));
  const { timeout = 10_000, maxBytes = 256 * 1024, ceiling = 16 * 1024 * 1024 } = options;
  const resolve = options.resolve ?? resolveName;
  const own = options.certificateAuthorities;
  const secureContext = own && createSecureContext({ ca: [...rootCertificates, ...own] });
  return async (request) => {
    const target = allowTarget(request.url, entries);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeout);
    try {
      const address = await vetAddress(target, resolve, deadline.signal);
      const limit = Math.min(request.maxBytes ?? maxBytes, ceiling);
      const open = opener(target, address, options.connect, secureContext);
      return await exchange(target, request, limit, open, deadline.signal);
    } catch (error) {
      if (error instanceof SigningError) throw error;
      throw failed(deadline.signal.aborted ? "no answer in time" : `no answer: ${(error as Error).message}`);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function resolveName(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}

/** The address to connect to. Throws FETCH_REFUSED where any address of the name is none that may be asked. */
async function vetAddress(
  { host, entry }: AllowedTarget,
  resolve: (host: string) => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<string> {
  const addresses = isIP(host) ? [host] : await untilAborted(resolve(host), signal);
  for (const address of addresses) {
    const kind = addressKind(address);
    if (kind === "public" || (kind === "private" && entry.privateAddresses)) continue;
    throw refused(`${host} leads to an address that is not asked`);
  }
  const [first] = addresses;
  if (first === undefined) throw failed("the host has no address");
  return first;
}

/** Opens the connection to the address that was checked; the certificate of a https server is for the host's name. */
function opener(
  { url, host, port }: AllowedTarget,
  address: string,
  connect: OutsideFetchOptions["connect"],
  secureContext: SecureContext | undefined,
): () => Socket {
  return () => {
    const socket = connect ? connect(address, port) : tcpConnect({ host: address, port });
    if (url.protocol !== "https:") return socket;
    return tlsConnect({
      socket,
      host,
      ...(isIP(host) ? {} : { servername: host }),
      ...(secureContext ? { secureContext } : {}),
    });
  };
}

function exchange(
  { url, host, port }: AllowedTarget,
  request: FetchRequest,
  limit: number,
  open: () => Socket,
  signal: AbortSignal,
): Promise<Buffer> {
  const { method = "GET", body, contentType, accept } = request;
  return new Promise((resolve, reject) => {
    const question = (url.protocol === "https:" ? httpsRequest : httpRequest)(
      {
        method,
        host,
        port,
        path: `${url.pathname}${url.search}`,
        headers: {
          host: url.host,
          "accept-encoding": "identity",
          ...(accept ? { accept } : {}),
          ...(contentType ? { "content-type": contentType } : {}),
          ...(body ? { "content-length": body.length } : {}),
        },
        createConnection: open,
        signal,
      },
      (answer) => {
        readAnswer(answer, limit).then(resolve, (error: unknown) => {
          answer.destroy();
          reject(error as Error);
        });
      },
    );
    question.on("error", reject);
    question.end(body);
  });
}

/** The body of an answer of status 200. A redirect is no answer: where it leads was not configured. */
async function readAnswer(answer: IncomingMessage, limit: number): Promise<Buffer> {
  if (answer.statusCode !== 200) throw failed(`status ${answer.statusCode}`);
  if ((answer.headers["content-encoding"] ?? "identity") !== "identity") throw failed("the answer is encoded");
  if (Number(answer.headers["content-length"] ?? 0) > limit) throw failed("the answer is too large");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw failed("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The resolver of the system cannot be stopped, but need not be waited for. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(failed("no answer in time")), { once: true });
    work.then(resolve, reject);
  });
}

function failed(message: string): SigningError {
  return new SigningError("FETCH_FAILED", message);
}
