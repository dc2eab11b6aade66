import type { EntityManager } from "@mikro-orm/postgresql";
import { inspectContent } from "../../storage/index.ts";
import { record } from "../audit/record.ts";
import { once } from "../auth/once.ts";
import { type Context, requireViewer } from "../context.ts";
import { AppError, badInput, forbidden } from "../errors.ts";
import { addFile, type StoredFile } from "./commands.ts";
import { toGlobalId } from "../graphql/ids.ts";
import type { Services } from "../services.ts";
import { bytesOf, refuseAnnounced } from "../http/body.ts";
import { tooLarge } from "../http/failures.ts";
import { Gate } from "../http/gate.ts";
import type { Request } from "../http/request.ts";

const longestName = 200;

/**
 * The name that came with a file, percent-encoded; a name and nothing else, so without a path or control characters.
 */
export function fileNameOf(header: string): string {
  let name: string;
  try {
    name = decodeURIComponent(header).normalize("NFC").trim();
  } catch {
    name = "";
  }
  const isName = name !== "" && name !== "." && name !== ".." && name.length <= longestName && name.isWellFormed();
  // Cf holds the marks that turn the direction of writing, with which “exe.pdf” is shown for “fdp.exe”.
  if (!isName || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]/u.test(name))
    throw badInput(
      "x-file-name",
      `Tên tệp có từ 1 đến ${longestName} ký tự, không có đường dẫn, mã hóa phần trăm.`,
      `A file name is percent-encoded and has 1 to ${longestName} characters, none of a path.`,
    );
  return name;
}

/** `POST /files`: takes the body in as a file of the viewer's agency, to be attached to a document later. */
export function upload(services: Services) {
  const { maxFileBytes } = services.config;
  // Each open upload holds a file and a hash: one office cannot take them all.
  const gate = new Gate(50, 10);

  return async (koa: Request): Promise<void> => {
    const context = koa.state.context!;
    const viewer = requireViewer(context);
    if (viewer.scopes && !viewer.scopes.has("WRITE")) throw forbidden("scope WRITE");
    const name = fileNameOf(koa.get("x-file-name"));
    const sha256 = digestOf(koa.get("x-content-sha256"));
    refuseAnnounced(koa.req, maxFileBytes);

    const leave = gate.enter(viewer.appointmentId);
    try {
      // Nothing is entered in the database before the bytes are safe; bytes without an entry are swept away later.
      const stored = await services.store
        .put(bytesOf(koa.req), { maxBytes: maxFileBytes, ...(sha256 && { sha256 }) })
        .catch((error: unknown) => {
          throw isTooLarge(error) ? tooLarge(maxFileBytes) : error;
        });
      const { mediaType, problems } = await inspectContent(services.store, stored);
      if (problems.length > 0)
        throw new AppError("BAD_INPUT", "Tệp thuộc loại không được nhận.", "Files of this kind are not taken.", {
          field: "body",
          problems,
        });
      const file: StoredFile = { name, mediaType, ...stored };
      const id = await enter(context, file, koa.get("idempotency-key"));
      koa.body = { id: toGlobalId("File", id), ...file };
      koa.status = 201;
      koa.set("location", `/files/${toGlobalId("File", id)}`);
    } finally {
      leave();
    }
  };
}

function digestOf(header: string): string | undefined {
  if (header === "") return undefined;
  const digest = header.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digest))
    throw badInput("x-content-sha256", "Giá trị băm gồm 64 chữ số thập lục phân.", "A digest has 64 hex digits.");
  return digest;
}

const isTooLarge = (error: unknown) => error instanceof Error && (error as { code?: unknown }).code === "TOO_LARGE";

/** Enters the file and its audit row in one transaction, once for each idempotency key; gives its id. */
async function enter(context: Context, file: StoredFile, idempotencyKey: string): Promise<string> {
  const act = async (em: EntityManager, id?: string) => {
    const entry = addFile(context, em, file, false);
    if (id) entry.id = id;
    await record(context, em, { act: "file.upload", objectType: "File", objectId: entry.id, data: { ...file } });
    return entry.id;
  };
  if (!idempotencyKey) return context.transact((em) => act(em));
  const request = { idempotencyKey, ...file };
  const done = await once(context, "file.upload", request, async (em, id) => void (await act(em, id)));
  return done.id;
}
