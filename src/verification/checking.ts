import type { EntityManager } from "@mikro-orm/postgresql";
import type { Act } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Done } from "../auth/once.ts";
import { Context } from "../context.ts";
import { trustStore } from "../credentials/trust.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import { readFile } from "../files/access.ts";
import { largestInMemory, onDisk } from "../files/large-files.ts";
import { type Examination, type Material, PdfVerifier } from "../files/pdf-verification.ts";
import { hexOf } from "../files/records.ts";
import { reportOf, undecided } from "../files/signature-reports.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { RefreshSignatureCheckInput, SignatureVerification } from "../graphql/types.ts";
import { preparedOnce } from "../outgoing/prepared.ts";
import type { Services } from "../services.ts";
import { columns, execute } from "../sql.ts";
import { SignatureCheck } from "./entities.ts";
import { largestPublicPdf } from "./signatures.ts";

/** Fetching what long-term validation needs takes longer than judging. */
const verifier = new PdfVerifier({ milliseconds: 60_000, waiting: 100 });
/** How many files one call checks at most, so that one agency's flood does not keep the others waiting. */
const mostAtOnce = 20;
const mostTries = 6;
const firstWaitMilliseconds = 10_000;

/**
 * Wants the PDFs of what has just arrived checked, in the transaction of its arriving (kiểm tra chữ ký số khi văn bản đến).
 * `files` is a table that ties files to it by a column.
 */
const wantChecks =
  (files: "incoming_file" | "arrival_file", column: "document_id" | "arrival_id") =>
  async (ctx: Context, em: EntityManager, { objectId }: Act): Promise<void> => {
    // Of the busiest act there is: one statement, planned once.
    const found = await execute<{ id: string }>(
      em,
      `insert into signature_check (id, agency_id, file_id, state, requested_at, next_try_at)
       select uuidv7(), i.agency_id, f.id, 'PENDING', ?, ? from ${files} i join file f on f.id = i.file_id
       where i.${column} = ? and f.media_type = 'application/pdf'
         and not exists (select 1 from signature_check c where c.file_id = f.id) returning id`,
      [ctx.now(), ctx.now(), objectId],
    );
    if (found.length > 0) ctx.afterCommit(() => ctx.services.wake());
  };

export const checkRegistered = wantChecks("incoming_file", "document_id");
export const checkArrived = wantChecks("arrival_file", "arrival_id");

interface Waiting {
  readonly id: string;
  readonly fileId: string;
  readonly sha256: string;
  readonly size: number;
  readonly tries: number;
}

/** Checks what an agency has waiting; gives how many came to an end. */
export async function checkWaiting(services: Services, { id: agencyId }: { readonly id: string }): Promise<number> {
  const ctx = new Context(services, null, "worker", agencyId);
  const waiting = await ctx.read<Waiting>(
    `select c.id, c.file_id as "fileId", encode(f.sha256, 'hex') as sha256, f.size::float8 as size, c.tries
     from signature_check c join file f on f.id = c.file_id
     where c.next_try_at <= $1 order by c.next_try_at, c.id limit ${mostAtOnce}`,
    [ctx.now()],
  );
  let ended = 0;
  for (const check of waiting) if (await checkOne(ctx, check)) ended++;
  return ended;
}

async function checkOne(ctx: Context, { id, fileId, tries, ...file }: Waiting): Promise<boolean> {
  let result: Partial<SignatureCheck>;
  try {
    result = await examined(ctx, file, null);
  } catch (error) {
    ctx.services.log.warn({ error, file: fileId }, "the signatures of a file could not be checked");
    const isLast = tries + 1 >= mostTries;
    const nextTryAt = new Date(ctx.now().getTime() + firstWaitMilliseconds * 4 ** tries);
    const change = isLast ? { state: "FAILED" as const, nextTryAt: null } : { nextTryAt };
    await ctx.transact((em) =>
      em.nativeUpdate(SignatureCheck, { id, state: "PENDING" }, { ...change, tries: tries + 1 }),
    );
    return isLast;
  }
  await ctx.transact(async (em) => {
    const done = { ...result, state: "DONE" as const, nextTryAt: null, tries: tries + 1 };
    if ((await em.nativeUpdate(SignatureCheck, { id, state: "PENDING" }, done)) === 0) return;
    await recordCheck(ctx, em, fileId, file.sha256, result);
  });
  return true;
}

const recordCheck = (
  ctx: Context,
  em: EntityManager,
  fileId: string,
  sha256: string,
  result: Partial<SignatureCheck>,
) =>
  record(ctx, em, {
    act: "file.check-signatures",
    objectType: "File",
    objectId: fileId,
    data: {
      sha256,
      indication: result.indication ?? null,
      integrity: result.integrity ?? null,
      trustStore: result.trustStore ?? null,
      material: result.materialSha256 ? Buffer.from(result.materialSha256).toString("hex") : null,
    },
  });

/** The verdict on stored bytes, its material gathered from the hosts of the settings and kept (TT 41/2017 Điều 9). */
async function examined(
  ctx: Context,
  { sha256, size }: Pick<Waiting, "sha256" | "size">,
  material: Material | null,
): Promise<Partial<SignatureCheck>> {
  const { store, config } = ctx.services;
  const checkedAt = ctx.now();
  let found: Examination;
  try {
    const anchors = await trustStore(config.trustDirectory);
    const options = { anchors, at: checkedAt, hosts: config.signing.hosts, material: material ?? undefined };
    found =
      size > largestInMemory
        ? await onDisk(ctx.services, sha256, (path) => verifier.examine({ path }, options))
        : await verifier.examine(await store.read(sha256, largestInMemory), options);
  } catch (error) {
    const isTooHard = error instanceof Error && (error as { code?: unknown }).code === "TOO_LARGE";
    if (!isTooHard) throw error;
    return { ...summaryOf(undecided(sha256)), checkedAt };
  }
  const kept = found.material && found.verification.signatures.length > 0 ? found.material : null;
  const stored = kept && (await store.put(Buffer.from(JSON.stringify(kept))));
  return {
    ...summaryOf(reportOf(found.verification)),
    checkedAt,
    trustStore: found.verification.trustStore.sha256,
    materialSha256: stored ? Buffer.from(stored.sha256, "hex") : null,
    materialNote: found.missing?.length ? found.missing.join("; ").slice(0, 2_000) : null,
  };
}

const summaryOf = (verdict: SignatureVerification): Partial<SignatureCheck> => ({
  verdict,
  indication: verdict.indication,
  integrity: verdict.integrity,
  signatures: verdict.signatures.length,
});

/** Checks a file again by what is trusted and can be known today, beside what was kept before (kiểm tra lại). */
export async function refreshSignatureCheck(ctx: Context, input: RefreshSignatureCheckInput): Promise<Done> {
  const fileId = fromGlobalId("File", input.fileId);
  const file = await readFile(ctx, fileId);
  if (!file) throw notFound("File");
  const { scopes } = ctx.viewer!;
  if (scopes && !scopes.has("WRITE")) throw forbidden("scope WRITE");
  const sha256 = hexOf(file.sha256);
  const prepare = async () => {
    const before = await newestCheck(ctx, fileId);
    return examined(ctx, { sha256, size: file.size }, await materialOf(ctx, before));
  };
  return preparedOnce(ctx, "file.check-signatures", input, prepare, async (em, id, result) => {
    em.create(SignatureCheck, {
      id,
      agencyId: ctx.agencyId!,
      fileId,
      state: "DONE",
      requestedAt: ctx.now(),
      tries: 1,
      ...result,
    });
    await recordCheck(ctx, em, fileId, sha256, result);
  });
}

const longestMaterial = 32 << 20;

async function materialOf(ctx: Context, check: SignatureCheck | undefined): Promise<Material | null> {
  if (!check?.materialSha256) return null;
  const bytes = await ctx.services.store.read(Buffer.from(check.materialSha256).toString("hex"), longestMaterial);
  return JSON.parse(bytes.toString("utf8")) as Material;
}

/** The last check of a file that came to an end, or else the one that waits. */
export async function newestCheck(ctx: Context, fileId: string): Promise<SignatureCheck | undefined> {
  return ctx.readOne(
    `select ${columns(ctx.services.orm, SignatureCheck, "c").list} from signature_check c where c.file_id = $1
     order by c.state = 'PENDING', c.requested_at desc, c.id desc limit 1`,
    [fileId],
  );
}

/** The newest check of each file of something that arrived. */
export function checksOf(
  ctx: Context,
  files: "incoming_file" | "arrival_file",
  column: "document_id" | "arrival_id",
  id: string,
): Promise<SignatureCheck[]> {
  return ctx.read(
    `select c.* from ${files} i join lateral (
       select ${columns(ctx.services.orm, SignatureCheck, "x").list} from signature_check x where x.file_id = i.file_id
       order by x.state = 'PENDING', x.requested_at desc, x.id desc limit 1) c on true
     where i.${column} = $1 order by i.ordinal`,
    [id],
  );
}

/** TOO_LARGE for a file that is not checked while somebody waits. */
export function assertCheckable(size: number): void {
  if (size > largestPublicPdf)
    throw new AppError("TOO_LARGE", "Tệp quá lớn để kiểm tra ngay.", "The file is too large to be checked at once.");
}
