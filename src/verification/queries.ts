import type { Context } from "../context.ts";
import { typedSecret } from "../dossiers/secrets.ts";
import type { DossierStatus, PublicDossier } from "../graphql/types.ts";
import { resultLink } from "./links.ts";
import { Tries } from "../tries.ts";

const tries = new WeakMap<object, Tries>();
const longestCode = 60;

interface FoundDossier extends Omit<PublicDossier, "results"> {
  readonly status: DossierStatus;
  readonly results: readonly { readonly code: string; readonly sha256: string; readonly issuedAt: string }[];
}

/**
 * What its applicant may see of a dossier (tra cứu hồ sơ). Null both for a code that does not exist and for a wrong secret;
 * TOO_MANY_TRIES after five of either in a quarter of an hour, per code and per address.
 */
export async function publicDossier(ctx: Context, typedCode: string, secret: string): Promise<PublicDossier | null> {
  const code = typedCode.trim().toUpperCase();
  const keys = [`code ${code.slice(0, longestCode)}`, `address ${ctx.origin}`];
  const giveBack = triesOf(ctx).take(keys, ctx.now().getTime());
  const isLong = code.length > longestCode || secret.length > 40;
  // The same work is done for every answer, so that its time tells nothing.
  const hash = ctx.services.keys.lookupHash(isLong ? "" : code, isLong ? "" : typedSecret(secret));
  const row = await ctx.readOne<{ found: FoundDossier | null }>("select dossier_lookup($1, $2) as found", [
    isLong ? "" : code,
    hash,
  ]);
  if (!row?.found) return null;
  giveBack();
  const { found } = row;
  return {
    ...found,
    results: found.results.map((result) => ({ ...result, url: resultLink(ctx.services.keys, result.code, ctx.now()) })),
  };
}

function triesOf({ services }: Context): Tries {
  let kept = tries.get(services);
  if (!kept) tries.set(services, (kept = new Tries()));
  return kept;
}

/** A result as anybody who has its bytes may know it. */
export interface KnownResult {
  readonly code: string;
  readonly agencyName: string;
  readonly referenceCode: string;
  readonly issuedAt: Date;
  readonly size: number;
}

/** Results with these very bytes, oldest first; several where one document decides several dossiers. */
export const resultsByDigest = (ctx: Context, sha256: Uint8Array): Promise<KnownResult[]> =>
  ctx.read(
    `select code, agency_name as "agencyName", reference_code as "referenceCode", issued_at as "issuedAt", size
     from results_by_digest($1)`,
    [sha256],
  );

/** The stored bytes behind a result code. */
export const resultFile = (ctx: Context, code: string): Promise<{ sha256: Buffer; size: number } | undefined> =>
  ctx.readOne("select sha256, size from result_by_code($1)", [code]);

/** What `verifyResult` answers; `known` is null where code and digest do not belong together, whichever is wrong. */
export interface CheckedResult {
  readonly code: string;
  readonly sha256: string;
  readonly known: KnownResult | null;
}

/** Whether a file is the result that a code names (xác minh kết quả): the digest must be of that very file. */
export async function verifyResult(ctx: Context, typedCode: string, sha256: string): Promise<CheckedResult> {
  const code = typedCode
    .trim()
    .toUpperCase()
    .slice(0, 2 * longestCode);
  const found = await resultsByDigest(ctx, Buffer.from(sha256, "hex"));
  return { code, sha256, known: found.find((result) => result.code === code) ?? null };
}
