import { Context } from "../context.ts";
import { badInput, notFound } from "../errors.ts";
import { reportOf } from "../files/signature-reports.ts";
import { bytesOf, refuseAnnounced } from "../http/body.ts";
import { tooLarge } from "../http/failures.ts";
import { Gate } from "../http/gate.ts";
import type { Request, Route } from "../http/request.ts";
import { send } from "../http/sending.ts";
import type { Services } from "../services.ts";
import { linkHolds } from "./links.ts";
import { verifyPage, verifyPagePolicy } from "./page.ts";
import { resultFile, resultsByDigest } from "./queries.ts";
import { Rate } from "./rate.ts";
import { checkSignatures, largestPublicPdf } from "./signatures.ts";

/** What anybody may ask, signed in or not: a result by its signed link, the check of a file, and the page that explains both. */
export const verificationRoutes = (services: Services): readonly Route[] => [
  { method: "get", path: "/public/results/:code", answer: publicResult(services) },
  { method: "post", path: "/public/verify", answer: publicVerify(services) },
  { method: "get", path: "/verify", answer: explain },
];

const nobody = (services: Services, koa: Request) => new Context(services, null, koa.state.origin);

/** `GET /public/results/:code?expires=…&proof=…`: a result's PDF; a forged link, an expired one and none look alike. */
function publicResult(services: Services) {
  return async (koa: Request): Promise<void> => {
    const code = decodedLast(koa.path);
    const [expires, proof] = [koa.query["expires"], koa.query["proof"]];
    const isWhole = typeof expires === "string" && typeof proof === "string";
    const holds = isWhole && linkHolds(services.keys, code, expires, proof, services.now());
    const file = holds ? await resultFile(nobody(services, koa), code) : undefined;
    if (!file) throw notFound("DossierResult");
    await send(koa, services, {
      name: `${code}.pdf`,
      mediaType: "application/pdf",
      size: file.size,
      sha256: file.sha256.toString("hex"),
    });
  };
}

function decodedLast(path: string): string {
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
  } catch {
    return "";
  }
}

/** `POST /public/verify`: what is known of a PDF, its signatures and whether it is a result that an agency here issued. */
function publicVerify(services: Services) {
  const rate = new Rate(30, 60_000);
  const gate = new Gate(8, 2);
  return async (koa: Request): Promise<void> => {
    rate.count(koa.state.origin, services.now().getTime());
    refuseAnnounced(koa.req, largestPublicPdf);
    const leave = gate.enter(koa.state.origin);
    try {
      const bytes = await readPdf(koa);
      const ctx = nobody(services, koa);
      const verdict = await checkSignatures(ctx, bytes);
      const [known] = await resultsByDigest(ctx, Buffer.from(verdict.sha256, "hex"));
      koa.set("cache-control", "no-store");
      koa.body = {
        ...reportOf(verdict),
        result: known ? { code: known.code, agencyName: known.agencyName, issuedAt: known.issuedAt } : null,
      };
    } finally {
      leave();
    }
  };
}

const bodyMilliseconds = 60_000;

/**
 * The body, if it is a PDF of at most 20 MB that comes within a minute; what is none is refused by its first bytes. It
 * is gathered in one piece: a list of twenty million chunks of one byte would take a hundred times their room.
 */
async function readPdf(koa: Request): Promise<Buffer> {
  let bytes = Buffer.allocUnsafe(1 << 16);
  let size = 0;
  const late = setTimeout(() => koa.req.destroy(), bodyMilliseconds);
  try {
    for await (const chunk of bytesOf(koa.req)) {
      const end = size + chunk.length;
      if (end > largestPublicPdf) throw tooLarge(largestPublicPdf);
      if (end > bytes.length)
        bytes = Buffer.concat([bytes.subarray(0, size)], Math.min(Math.max(2 * bytes.length, end), largestPublicPdf));
      chunk.copy(bytes, size);
      if (size < magic.length && end >= magic.length && !bytes.subarray(0, magic.length).equals(magic)) throw noPdf();
      size = end;
    }
  } finally {
    clearTimeout(late);
  }
  if (size < magic.length) throw noPdf();
  return bytes.subarray(0, size);
}

const magic = Buffer.from("%PDF-");
const noPdf = () => badInput("body", "Tệp gửi lên không phải PDF.", "The body is not a PDF.");

/** `GET /verify`: how anybody checks a result. */
async function explain(koa: Request): Promise<void> {
  koa.set({ "content-security-policy": verifyPagePolicy, "cache-control": "no-cache" });
  koa.type = "text/html; charset=utf-8";
  koa.body = verifyPage;
}
