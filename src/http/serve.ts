import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type Koa from "koa";

/** A server that listens. */
export interface Serving extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Stops taking connections, ends the streams, waits for requests up to ten seconds, then cuts what is left. */
  close(): Promise<void>;
}

/** A port that cannot be listened on, said so that whoever started the server knows what to do. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

const stops = new WeakMap<Koa, AbortController>();

function stopOf(app: Koa): AbortController {
  let stop = stops.get(app);
  if (!stop) stops.set(app, (stop = new AbortController()));
  return stop;
}

/** Ends when the server of this app begins to stop: streams end, and `/readyz` says so. */
export const stoppingOf = (app: Koa): AbortSignal => stopOf(app).signal;

const times = {
  /** A head that trickles in, to keep connections busy, is cut off here. */
  headersTimeout: 10_000,
  /** The largest file over a thin line. */
  requestTimeout: 15 * 60_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
};
/** A connection on which nothing moves; streams are kept alive by pings. */
const idleMilliseconds = 60_000;
const waitMilliseconds = 10_000;

/** Listens; throws ListenError where the port is taken or not allowed. */
export async function serve(app: Koa, { host, port }: { host: string; port: number }): Promise<Serving> {
  const server = createServer({ ...times, maxHeaderSize: 16 << 10 }, app.callback());
  server.maxConnections = 5_000;
  server.setTimeout(idleMilliseconds);
  const letGo = letGoWhenIdle(server);
  const listening = Promise.withResolvers<void>();
  server.once("error", (error: NodeJS.ErrnoException) => listening.reject(listenError(error, host, port)));
  server.listen({ host, port }, listening.resolve);
  await listening.promise;

  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= new Promise((resolve) => {
      const cut = setTimeout(() => server.closeAllConnections(), waitMilliseconds);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      letGo();
      stopOf(app).abort();
    }));
  const { port: taken } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return { port: taken, url: `http://${name}:${taken}`, close, [Symbol.asyncDispose]: close };
}

/**
 * Gives a function after which no connection is kept that answers no request. Node's own closeIdleConnections passes
 * over those that have not asked for anything yet, as browsers open them in advance, and those that become idle
 * afterwards.
 */
function letGoWhenIdle(server: Server): () => void {
  const requests = new Map<Socket, number>();
  let isClosing = false;
  const count = (socket: Socket, change: number) => {
    const left = (requests.get(socket) ?? 0) + change;
    requests.set(socket, left);
    if (isClosing && left === 0) socket.destroySoon();
  };
  server.on("connection", (socket: Socket) => {
    count(socket, 0);
    socket.once("close", () => requests.delete(socket));
  });
  server.prependListener("request", ({ socket }, response) => {
    count(socket, 1);
    if (isClosing) response.setHeader("connection", "close");
    response.once("close", () => requests.has(socket) && count(socket, -1));
  });
  return () => {
    isClosing = true;
    for (const [socket, running] of requests) if (running === 0) socket.destroy();
  };
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: "another program listens there already: stop it, or set PORT to another number",
    EACCES: "ports below 1024 need a privilege: set PORT to a higher number",
    EADDRNOTAVAIL: "this machine has no such address: set HOST to one that it has",
  };
  const reason = why[error.code ?? ""];
  return reason ? new ListenError(`Cannot listen on ${host}, port ${port}: ${reason}.`, { cause: error }) : error;
}
