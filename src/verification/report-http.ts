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

/** `GET /signature-reports/<global id of a file>.pdf[?lang=en]`: what was found about its signatures, to be printed. */
export const reportRoutes: readonly Route[] = [
  { method: "get", path: "/signature-reports/:id", answer: printedReport },
];

const gate = new Gate(4, 1);

async function printedReport(koa: Request): Promise<void> {
  const ctx = koa.state.context!;
  const { viewer } = ctx;
  if (!viewer) throw unauthenticated();
  const [, globalId] = /\/([\w-]{1,120})\.pdf$/.exec(koa.path) ?? [];
  const parsed = globalId ? parseGlobalId(globalId) : null;
  const file = parsed?.type === "File" ? await readFile(ctx, parsed.id) : undefined;
  if (!file) throw notFound("File");
  const leave = gate.enter(viewer.appointmentId);
  try {
    const check = await newestCheck(ctx, file.id);
    if (!check?.verdict) assertCheckable(file.size);
    const report = check?.verdict ?? reportOf(await checkStored(ctx, hexOf(file.sha256)));
    const agency = await ctx.readOne<{ name: string }>("select name from agency where id = $1", [viewer.agencyId]);
    const language = koa.query["lang"] === "en" ? "en" : "vi";
    const { bytes } = await signatureReport(
      {
        language,
        fileName: file.name,
        agency: agency!.name,
        report,
        checkedAt: check?.checkedAt ?? null,
        madeAt: ctx.now(),
      },
      wordsFor,
    );
    const name = language === "en" ? "signature-report.pdf" : "kiem-tra-chu-ky.pdf";
    koa.set({ "cache-control": "private, no-store", "content-disposition": contentDisposition("inline", name) });
    koa.type = "application/pdf";
    koa.body = Buffer.from(bytes);
  } finally {
    leave();
  }
}
