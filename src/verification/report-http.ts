import { wordsFor } from "../../signing/index.ts";
import { notFound, unauthenticated } from "../errors.ts";
import { readFile } from "../files/access.ts";
import { hexOf } from "../files/records.ts";
import { reportOf } from "../files/signature-reports.ts";
import { signatureReport } from "../forms/signature-report.ts";
import { parseGlobalId } from "../graphql/ids.ts";
import { contentDisposition } from "../http/content-disposition.ts";
import { Gate } from "../http/gate.ts";
import type { Request, Route } from "../http/request.ts";
import { assertCheckable, newestCheck } from "./checking.ts";
import { checkStored } from "./signatures.ts";

/**
 * What was found about a file's signatures: `GET /signature-reports/<global id>.pdf[?lang=en]` to be printed, `….json` for
 * programs (docs/verify.md).
 */
export const reportRoutes: readonly Route[] = [{ method: "get", path: "/signature-reports/:id", answer: report }];

const gate = new Gate(4, 1);

async function report(koa: Request): Promise<void> {
  const ctx = koa.state.context!;
  const { viewer } = ctx;
  if (!viewer) throw unauthenticated();
  const [, globalId, form] = /\/([\w-]{1,120})\.(pdf|json)$/.exec(koa.path) ?? [];
  const parsed = globalId ? parseGlobalId(globalId) : null;
  const file = parsed?.type === "File" ? await readFile(ctx, parsed.id) : undefined;
  if (!file) throw notFound("File");
  const leave = gate.enter(viewer.appointmentId);
  try {
    const check = await newestCheck(ctx, file.id);
    if (!check?.verdict) assertCheckable(file.size);
    const found = check?.verdict ?? reportOf(await checkStored(ctx, hexOf(file.sha256)));
    koa.set("cache-control", "private, no-store");
    if (form === "json") {
      koa.body = { file: file.name, checkedAt: check?.checkedAt ?? null, ...found };
      return;
    }
    const agency = await ctx.readOne<{ name: string }>("select name from agency where id = $1", [viewer.agencyId]);
    const language = koa.query["lang"] === "en" ? "en" : "vi";
    const { bytes } = await signatureReport(
      {
        language,
        fileName: file.name,
        agency: agency!.name,
        report: found,
        checkedAt: check?.checkedAt ?? null,
        madeAt: ctx.now(),
      },
      wordsFor,
    );
    const name = language === "en" ? "signature-report.pdf" : "kiem-tra-chu-ky.pdf";
    koa.set("content-disposition", contentDisposition("inline", name));
    koa.type = "application/pdf";
    koa.body = Buffer.from(bytes);
  } finally {
    leave();
  }
}
