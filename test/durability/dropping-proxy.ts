import { once } from "node:events";
import { createConnection, createServer, type ListenOptions, type NetConnectOpts, type Socket } from "node:net";

/** Decides about one connection. */
export interface Judge {
  /**
   * Sees what the client sends, before it is passed on. "drop request": it never arrives, and the connection breaks;
   * "drop answer": it arrives, and the connection breaks in place of the answer.
   */
  sent(bytes: Buffer): "pass" | "drop request" | "drop answer";
  /** Whether these bytes are the answer to be dropped: the act is done by now. Any bytes, if left out. */
  isAnswer?(bytes: Buffer): boolean;
}

export interface DroppingProxy extends AsyncDisposable {
  readonly port: number | null;
  readonly droppedRequests: number;
  readonly droppedAnswers: number;
}

/** Stands between a client and a server and breaks connections at the worst moment. */
export async function startDroppingProxy(
  listen: ListenOptions,
  target: NetConnectOpts,
  judge: () => Judge,
): Promise<DroppingProxy> {
  const dropped = { requests: 0, answers: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const { sent, isAnswer = () => true } = judge();
    const upstream = createConnection(target);
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        sockets.delete(socket);
        cut();
      });
    }
    let isDropping = false;
    client.on("data", (bytes) => {
      const verdict = sent(bytes);
      if (verdict === "drop request") {
        dropped.requests++;
        cut();
        return;
      }
      if (verdict === "drop answer") isDropping = true;
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (!isDropping) client.write(bytes);
      else if (isAnswer(bytes)) {
        dropped.answers++;
        cut();
      }
    });
  });
  server.listen(listen);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" ? (address?.port ?? null) : null,
    get droppedRequests() {
      return dropped.requests;
    },
    get droppedAnswers() {
      return dropped.answers;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Breaks a share of the commits of registrations on PostgreSQL's own protocol, before or after they are done. */
export function commitJudge(share: number): () => Judge {
  return () => {
    let isRegistration = false;
    return {
      sent(bytes) {
        const text = bytes.toString("latin1");
        if (/begin/i.test(text)) isRegistration = false;
        // The act is a parameter; statements are sent once for each connection, and then by name.
        if (text.includes("incoming.register")) isRegistration = true;
        if (!isRegistration || !/commit\0$/i.test(text) || Math.random() >= share) return "pass";
        return Math.random() < 0.8 ? "drop answer" : "drop request";
      },
      isAnswer: (bytes) => bytes.includes("COMMIT"),
    };
  };
}

/** Breaks a share of the answers to registrations over HTTP. */
export const answerJudge = (share: number) => (): Judge => ({
  sent: (bytes) => (bytes.includes("registerIncomingDocument") && Math.random() < share ? "drop answer" : "pass"),
});
