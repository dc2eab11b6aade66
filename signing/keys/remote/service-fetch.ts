import { request as requestHttp } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import { SigningError } from "../../errors.ts";
import type { ServiceAnswer, ServiceFetch } from "./service.ts";

/** Where requests may go, and how. */
export interface ServiceFetchOptions {
  /** `host` or `host:port`, as in the address. */
  readonly hosts: readonly string[];
  /** Certificates that services are trusted by instead of the machine's, and the client's own; all in PEM. */
  readonly tls?: Readonly<Pick<RequestOptions, "ca" | "cert" | "key">>;
}

/**
 * Carries requests to signing services out: only to the hosts given, over https (plain http to this machine's loopback
 * alone), without following redirects, and reads no more than is allowed. The addresses come from the installation's
 * settings, never from documents or certificates. Throws FETCH_REFUSED, TOO_LARGE, and the errors of the network.
 */
export function serviceFetch({ hosts, tls = {} }: ServiceFetchOptions): ServiceFetch {
  return async ({ url, method, headers, body, maxBytes, signal }) => {
    const { protocol, host, hostname, username, password } = new URL(url);
    const loopback = hostname === "127.0.0.1" || hostname === "[::1]";
    const allowed = hosts.includes(host) && (protocol === "https:" || (protocol === "http:" && loopback));
    if (!allowed || username || password) throw new SigningError("FETCH_REFUSED", "this address is not allowed");
    // A new connection each time: on one that was kept and has just been closed, nobody could tell whether an order
    // for signatures arrived.
    const options = { method, headers: { ...headers, Connection: "close" }, signal, agent: false, ...tls };
    const send = protocol === "https:" ? requestHttps : requestHttp;
    return new Promise<ServiceAnswer>((resolve, reject) => {
      const outgoing = send(url, options, (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on("error", reject);
        response.on("data", (part: Buffer) => {
          size += part.length;
          if (size > maxBytes) outgoing.destroy(new SigningError("TOO_LARGE", "the answer is too large"));
          else parts.push(part);
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  };
}
