import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What goes wrong with one request. */
export type Fault =
  | { kind: "status"; status: number } // answered so, and not passed on
  | { kind: "silence" } // never answered
  | { kind: "reset request" } // cut before the server has all of it
  | { kind: "reset response"; after: number } // done by the server, but its answer is cut after so many bytes
  | { kind: "wrong request" } // one bit of the body flipped on the way there
  | { kind: "wrong response" } // one bit of the body flipped on the way back
  | { kind: "short response" } // the body lacks its last byte, and its length says so
  | { kind: "twice" }; // passed on two times

/** A proxy on loopback in front of an S3 server that lets go wrong what it is told to. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** The requests so far, as `"PUT sha256/…"` without the bucket. */
  readonly requests: string[];
  /** Decides for each request; undefined lets it pass. */
  fault: (request: string) => Fault | undefined | Promise<undefined>;
}

/** Starts the proxy; request and response are passed on as they are, with the `Host` that was signed. */
export async function startFaultProxy(serverPort: number): Promise<FaultProxy> {
  const server = createServer((incoming, answer) => {
    const name = `${incoming.method} ${(incoming.url ?? "").replace(/^\/[^/?]*\/?/, "")}`;
    proxy.requests.push(name);
    Promise.resolve(proxy.fault(name))
      .then((fault) => pass(serverPort, incoming, answer, fault))
      .catch(() => answer.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: FaultProxy = {
    port: (server.address() as AddressInfo).port,
    requests: [],
    fault: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

async function pass(port: number, incoming: IncomingMessage, answer: ServerResponse, fault: Fault | undefined) {
  if (fault?.kind === "silence") return;
  if (fault?.kind === "reset request") return void incoming.once("readable", () => incoming.socket.destroy());
  const body = await buffer(incoming);
  if (fault?.kind === "status") return void answer.writeHead(fault.status).end();
  if (fault?.kind === "wrong request") flipLast(body);
  if (fault?.kind === "twice") await forward(port, incoming, body);
  const { response, bytes } = await forward(port, incoming, body);
  if (fault?.kind === "wrong response") flipLast(bytes);
  const sent = fault?.kind === "short response" ? bytes.subarray(0, -1) : bytes;
  const headers = { ...response.headers };
  if (fault?.kind === "short response") headers["content-length"] = String(sent.length);
  answer.writeHead(response.statusCode ?? 500, headers);
  if (fault?.kind !== "reset response") return void answer.end(sent);
  answer.flushHeaders();
  answer.write(sent.subarray(0, fault.after), () => answer.socket?.resetAndDestroy());
}

async function forward(port: number, { method, url, headers }: IncomingMessage, body: Buffer) {
  const sent = request({ host: "127.0.0.1", port, method, path: url, headers, agent: false }).end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return { response, bytes: await buffer(response) };
}

function flipLast(bytes: Buffer): void {
  if (bytes.length > 0) bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
}
