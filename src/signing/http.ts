import { badInput, notFound } from "../errors.ts";
import { bytesOf, refuseAnnounced } from "../http/body.ts";
import { tooLarge } from "../http/failures.ts";
import { Gate } from "../http/gate.ts";
import type { Request, Route } from "../http/request.ts";
import { largestDocument } from "../outgoing/uploads.ts";
import type { Services } from "../services.ts";
import { agentDownload, type AgentPath, agentUpload } from "./agent.ts";

/** Where the agent on a person's own computer gets a file to sign and brings it back; the address is all that it has. */
export const signingRoutes = (services: Services): readonly Route[] => [
  { method: "get", path: "/signing-agent/:agency/:session/download/:proof", answer: handOut(services) },
  { method: "post", path: "/signing-agent/:agency/:session/upload/:proof", answer: takeIn(services) },
];

function pathOf(koa: Request): AgentPath {
  const [, agencyId, id, proof] = /^\/signing-agent\/([^/]+)\/([^/]+)\/(?:down|up)load\/([\w-]+)$/.exec(koa.path) ?? [];
  if (!agencyId || !id || !proof) throw notFound("SigningSession");
  return { agencyId, id, proof };
}

function handOut(services: Services) {
  return async (koa: Request): Promise<void> => {
    const bytes = await agentDownload(services, koa.state.origin, pathOf(koa));
    koa.set({ "cache-control": "private, no-store" });
    koa.type = "application/pdf";
    koa.body = bytes;
  };
}

/** What a signature, a form around it and its fonts add to the largest document. */
const largestUpload = largestDocument + (17 << 20);

function takeIn(services: Services) {
  const gate = new Gate(8, 2);
  return async (koa: Request): Promise<void> => {
    refuseAnnounced(koa.req, largestUpload);
    const leave = gate.enter(koa.state.origin);
    try {
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of bytesOf(koa.req)) {
        size += part.length;
        if (size > largestUpload) throw tooLarge(largestUpload);
        parts.push(part);
      }
      const file = uploadedFile(koa.get("content-type"), Buffer.concat(parts));
      koa.body = await agentUpload(services, koa.state.origin, pathOf(koa), file);
    } finally {
      leave();
    }
  };
}

/** The agent sends one file, as field `uploadfile` of a form (RFC 7578); nothing else of the form is read. */
function uploadedFile(contentType: string, body: Buffer): Buffer {
  const boundary = /^multipart\/form-data;.*\bboundary="?([^";]{1,70})"?/i.exec(contentType)?.[1];
  if (!boundary) throw noForm();
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at >= 0;) {
    const next = body.indexOf(`\r\n--${boundary}`, at + mark.length);
    const head = body.indexOf("\r\n\r\n", at);
    if (next < 0 || head < 0 || head > next) throw noForm();
    const names = body.toString("latin1", at + mark.length, Math.min(head, at + mark.length + 2_000));
    if (/content-disposition:[^\r\n]*\bname="uploadfile"/i.test(names)) return body.subarray(head + 4, next);
    at = next + 2;
  }
  throw noForm();
}

const noForm = () => badInput("uploadfile", "Thiếu tệp uploadfile.", "The form has no file uploadfile.");
