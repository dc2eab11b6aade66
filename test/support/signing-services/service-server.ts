import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What can be made to go wrong with a pretended service; a test sets and clears these as it goes. */
export interface Faults {
  /** Takes requests and never answers those whose path contains this. */
  silentFor?: string;
  /** Answers 500 to so many requests that come next. */
  brokenFor?: number;
  /** Signs other bytes than it was asked to. */
  wrongHash?: boolean;
  /** Signs with a key that is not the certificate's. */
  wrongKey?: boolean;
  /** Gives the first signature that it ever made, again. */
  replay?: boolean;
  /** Gives the signatures of a batch in another order. */
  swapped?: boolean;
  /** Gives one signature less. */
  missing?: boolean;
  /** The person lets the time pass, declines, or approves after so many questions. */
  person?: "expires" | "rejects" | { readonly approvesAfter: number };
  /** The account's quota is used up. */
  quota?: boolean;
  /** Answers something that is no JSON. */
  garbage?: boolean;
}

/** A request as a pretended service sees it. */
export interface ServiceAsked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** The JSON body, or the fields of a form. */
  readonly body: Record<string, unknown>;
}

/** What it answers; `hold` keeps the answer back until the promise settles. */
export interface ServiceAnswered {
  readonly status: number;
  readonly json?: unknown;
}

/** A pretended service on loopback. */
export interface ServiceServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  /** Every request so far. */
  readonly asked: ServiceAsked[];
}

/** Starts a server that answers by `answer`. */
export async function startService(
  faults: Faults,
  answer: (asked: ServiceAsked) => ServiceAnswered | Promise<ServiceAnswered>,
): Promise<ServiceServer> {
  const asked: ServiceAsked[] = [];
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString("utf8");
    const form = request.headers["content-type"] === "application/x-www-form-urlencoded";
    const body = form ? Object.fromEntries(new URLSearchParams(text)) : text ? (JSON.parse(text) as object) : {};
    const path = request.url ?? "";
    const one: ServiceAsked = {
      method: request.method ?? "",
      path,
      headers: request.headers,
      body: body as Record<string, unknown>,
    };
    asked.push(one);
    if (faults.silentFor !== undefined && path.includes(faults.silentFor)) return;
    if (faults.brokenFor) {
      faults.brokenFor--;
      response.writeHead(500).end("<html>Internal Server Error</html>");
      return;
    }
    if (faults.garbage) {
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Bảo trì</html>");
      return;
    }
    const { status, json } = await answer(one);
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(json === undefined ? "" : JSON.stringify(json));
  };
  const port = await listen(server);
  const host = `127.0.0.1:${port}`;
  return {
    url: `http://${host}`,
    host,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Listens on a free port of loopback. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return (server.address() as AddressInfo).port;
}
