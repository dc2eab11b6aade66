import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";
import { Refusal, tooLarge } from "./failures.ts";
import type { Request } from "./request.ts";

/** A body in a GraphQL request comes at once or not at all. */
const bodyMilliseconds = 10_000;

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

const jsonType = /^application\/json\s*(?:;\s*charset\s*=\s*"?(?<charset>[\w-]+)"?\s*)?$/i;

/** The body as a JSON object; 415 for another media type or an encoded body, 400 for what is no JSON object. */
export async function readJsonObject(koa: Request, limit: number): Promise<Readonly<Record<string, unknown>>> {
  const { headers } = koa.req;
  const type = jsonType.exec(headers["content-type"] ?? "");
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
