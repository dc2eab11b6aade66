import { createHash } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** What a WebSocket server does with one text; what it gives back is sent as the answer. */
export type AnswerText = (path: string, text: string) => Promise<string>;

const maximumText = 1024 * 1024;

/** Lets an HTTP server speak WebSocket (RFC 6455), as far as one short text each way needs it. */
export function answerWebSockets(server: Server, answer: AnswerText): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const key = request.headers["sec-websocket-key"];
    if (request.headers.upgrade?.toLowerCase() !== "websocket" || !key) return socket.destroy();
    // §4.2.2: the accept key is made with this very number.
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    let received = Buffer.alloc(0);
    const parts: Buffer[] = [];
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length > maximumText) return socket.destroy();
      for (let frame = readFrame(received); frame; frame = readFrame(received)) {
        received = received.subarray(frame.end);
        if (frame.opcode === 8) return socket.end(writeFrame(8, Buffer.alloc(0)));
        if (frame.opcode > 1) continue;
        parts.push(frame.payload);
        if (!frame.last) continue;
        const text = Buffer.concat(parts.splice(0)).toString("utf8");
        answer(request.url ?? "/", text).then(
          (reply) => socket.write(writeFrame(1, Buffer.from(reply, "utf8"))),
          () => socket.destroy(),
        );
      }
    });
  });
}

interface Frame {
  readonly last: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  readonly end: number;
}

/** A whole frame of a client's, unmasked (§5.2); undefined while it is still coming. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const head = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < head + 4) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  const end = head + 4 + length;
  if (bytes.length < end) return undefined;
  const mask = bytes.subarray(head, head + 4);
  const payload = Buffer.from(bytes.subarray(head + 4, end).map((byte, i) => byte ^ mask[i % 4]!));
  return { last: (bytes[0]! & 0x80) !== 0, opcode: bytes[0]! & 0x0f, payload, end };
}

function writeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.alloc(4);
  if (length >= 126) {
    head.set([0x80 | opcode, 126]);
    head.writeUInt16BE(length, 2);
  }
  return Buffer.concat([head, payload]);
}
