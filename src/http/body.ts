import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";
import { Refusal, tooLarge } from "./failures.ts";
import type { Request } from "./request.ts";

/** A body in a GraphQL request comes at once or not at all. */
const bodyMilliseconds = 10_000;
/** What a refused sender may still send before the line is cut, so that it gets to read the answer. */
const lingering = { bytes: 16 << 20, milliseconds: 1_500 };

/** The request's bytes; leaving the loop early leaves the connection open, so that an answer can be sent. */
export const bytesOf = (request: IncomingMessage): AsyncIterable<Buffer> =>
  request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;

/** TOO_LARGE before the first byte, where the sender announces too many. */
export function refuseAnnounced(request: IncomingMessage, limit: number): void {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
}

/** The body as text; TOO_LARGE at the first byte too many, BAD_REQUEST for what is not UTF-8. */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  refuseAnnounced(request, limit);
  const chunks: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => request.destroy(), bodyMilliseconds);
  try {
    for await (const chunk of bytesOf(request)) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(late);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks, size));
  } catch {
    throw new Refusal(400, "BAD_REQUEST", "Nội dung gửi lên không phải UTF-8.", "The body is not UTF-8.");
  }
}

/** The body as a JSON object; 415 for another media type or an encoded body, 400 for what is no JSON object. */
export async function readJsonObject(koa: Request, limit: number): Promise<Readonly<Record<string, unknown>>> {
  const { headers } = koa.req;
  const type = /^application\/json\s*(?:;\s*charset\s*=\s*"?(?<charset>[\w-]+)"?\s*)?$/i.exec(headers["content-type"] ?? "");
  const charset = type?.groups?.["charset"]?.toLowerCase() ?? "utf-8";
  if (!type || !["utf-8", "utf8"].includes(charset) || (headers["content-encoding"] ?? "identity") !== "identity")
    throw new Refusal(
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      "Nội dung phải là application/json, mã UTF-8, không nén.",
      "The body must be application/json in UTF-8, not compressed.",
    );
  const text = await readText(koa.req, limit);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, "BAD_REQUEST", "Nội dung gửi lên không phải JSON.", "The body is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refusal(400, "BAD_REQUEST", "Cần đúng một đối tượng JSON.", "One JSON object is wanted, and no batch.");
  return value as Record<string, unknown>;
}

/** BAD_INPUT for JSON nested too deep, or with text that PostgreSQL cannot hold (NUL, lone surrogates). */
export function refuseUnstorable(value: unknown, depth = 20): void {
  if (typeof value === "string") {
    if (value.includes("\0") || !value.isWellFormed())
      throw new AppError("BAD_INPUT", "Văn bản có ký tự không hợp lệ.", "There is a character that no text can have.");
  } else if (typeof value === "object" && value !== null) {
    if (depth === 0) throw new AppError("BAD_INPUT", "Dữ liệu lồng nhau quá sâu.", "The data are nested too deep.");
    for (const [key, each] of Object.entries(value)) {
      refuseUnstorable(key, depth);
      refuseUnstorable(each, depth - 1);
    }
  }
}

/**
 * Answers with JSON. If the body has not been read to its end the connection is closed, but not before the sender has had
 * a chance to read why: closing at once would reset the line and the answer would be lost (RFC 9112 §9.6).
 */
export async function answerEarly(koa: Request, status: number, json: object): Promise<void> {
  const { "content-length": length, "transfer-encoding": encoding } = koa.req.headers;
  if (koa.req.complete || (encoding === undefined && Number(length ?? 0) === 0)) {
    koa.body = json;
    koa.status = status;
    return;
  }
  koa.respond = false;
  const text = JSON.stringify(json);
  koa.set({ connection: "close", "content-type": "application/json; charset=utf-8", "content-length": String(Buffer.byteLength(text)) });
  koa.res.writeHead(status);
  koa.res.write(text);
  await discard(koa.req);
  koa.res.end();
  koa.req.socket.end();
}

async function discard(request: IncomingMessage): Promise<void> {
  const enough = Promise.withResolvers<void>();
  const timer = setTimeout(enough.resolve, lingering.milliseconds);
  let rest = lingering.bytes;
  request.on("data", (chunk: Buffer) => {
    rest -= chunk.length;
    if (rest < 0) enough.resolve();
  });
  for (const event of ["end", "close", "error"]) request.once(event, () => enough.resolve());
  request.resume();
  await enough.promise;
  clearTimeout(timer);
  request.pause();
}
