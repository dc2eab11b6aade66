import { notFound, unauthenticated } from "../errors.ts";
import { parseGlobalId } from "../graphql/ids.ts";
import type { Request } from "../http/request.ts";
import { send } from "../http/sending.ts";
import type { Services } from "../services.ts";
import { readFile } from "./access.ts";
import { hexOf } from "./records.ts";

/** `GET /files/:id`: the bytes of a file that the viewer may see, with ranges; absent and hidden look the same. */
export function download(services: Services) {
  return async (koa: Request): Promise<void> => {
    const context = koa.state.context!;
    if (!context.viewer) throw unauthenticated();
    const parsed = parseGlobalId(koa.path.slice("/files/".length));
    const file = parsed?.type === "File" ? await readFile(context, parsed.id) : undefined;
    if (!file) throw notFound("File");
    await send(koa, services, { ...file, sha256: hexOf(file.sha256) });
  };
}
