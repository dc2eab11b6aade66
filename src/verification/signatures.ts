import type { Context } from "../context.ts";
import { trustStore } from "../credentials/trust.ts";
import { pdfVerifier } from "../files/pdf-verification.ts";
import type { Verification } from "../../signing/index.ts";

/** The most that the public may have checked; results are a few pages. */
export const largestPublicPdf = 20 << 20;

/** Checks the signatures of a PDF, apart from the server's own thread, by the certificates that the province trusts. */
export async function checkSignatures(ctx: Context, bytes: Uint8Array): Promise<Verification> {
  const anchors = await trustStore(ctx.services.config.trustDirectory);
  return pdfVerifier.verify(bytes, { anchors, at: ctx.now() });
}

const kept = new WeakMap<object, Map<string, Promise<Verification>>>();
const keptVerdicts = 200;
const keptMilliseconds = 60_000;

/** The verdict on stored bytes; asked for again within a minute it is not computed again. */
export function checkStored(ctx: Context, sha256: string): Promise<Verification> {
  let verdicts = kept.get(ctx.services);
  if (!verdicts) kept.set(ctx.services, (verdicts = new Map()));
  const known = verdicts.get(sha256);
  if (known) return known;
  const verdict = ctx.services.store.read(sha256, largestPublicPdf).then((bytes) => checkSignatures(ctx, bytes));
  verdicts.set(sha256, verdict);
  if (verdicts.size > keptVerdicts) verdicts.delete(verdicts.keys().next().value!);
  const forget = () => void (verdicts.get(sha256) === verdict && verdicts.delete(sha256));
  verdict.then(() => setTimeout(forget, keptMilliseconds).unref(), forget);
  return verdict;
}
