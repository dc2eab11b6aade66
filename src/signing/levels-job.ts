import {
  raiseLevel,
  type RaisedPdf,
  renewalDue,
  renewTimestamp,
  type SigningLevel,
  signingLevels,
  type Verification,
} from "../../signing/index.ts";
import { record } from "../audit/record.ts";
import { Context } from "../context.ts";
import { OutgoingSignature } from "../outgoing/entities.ts";
import { reaches } from "../outgoing/levels.ts";
import {
  addRevision,
  headBytes,
  lockUnchanged,
  type SeenDocument,
  seeForServer,
  storePdf,
} from "../outgoing/revisions.ts";
import { assertLeaderUntouched, assertSound } from "../outgoing/soundness.ts";
import type { Services } from "../services.ts";

const firstWaitMilliseconds = 60_000;
const longestWaitMilliseconds = 6 * 3_600_000;
/** A time-stamp is renewed so long before its authority's certificate, or an algorithm of its, comes to an end. */
const renewalMilliseconds = 90 * 86_400_000;
const weekMilliseconds = 7 * 86_400_000;
const mostAtOnce = 20;

interface Due {
  readonly documentId: string;
  readonly tries: number;
}

/**
 * Raises the signatures of documents to what they should have reached, by an appended revision, and renews the time-stamps
 * of those that shall last; gives how many documents it changed. A document on which somebody is signing is left alone, and
 * of one that was issued only the archive's copy grows.
 */
export async function tendLevels(services: Services, { id: agencyId }: { readonly id: string }): Promise<number> {
  const ctx = new Context(services, null, "worker", agencyId);
  const due = await ctx.read<Due>(
    `select s.document_id as "documentId", max(s.tries) as tries from outgoing_signature s
     where s.next_try_at <= $1 group by s.document_id limit ${mostAtOnce}`,
    [ctx.now()],
  );
  let changed = 0;
  for (const each of due) {
    // Set first, so that a document that fails for good keeps no other waiting.
    await postpone(ctx, each, null);
    try {
      if (await tend(ctx, each)) changed++;
    } catch (error) {
      services.log.warn({ error, document: each.documentId }, "signatures could not be raised");
      await postpone(ctx, each, (error as Error).message);
    }
  }
  return changed;
}

function postpone(ctx: Context, { documentId, tries }: Due, note: string | null): Promise<unknown> {
  const wait = Math.min(firstWaitMilliseconds * 2 ** Math.min(tries, 20), longestWaitMilliseconds);
  const nextTryAt = new Date(ctx.now().getTime() + wait);
  const change = { nextTryAt, tries: tries + 1, ...(note && { levelNote: note.slice(0, 1_000) }) };
  return ctx.transact((em) => em.nativeUpdate(OutgoingSignature, { documentId, nextTryAt: { $ne: null } }, change));
}

async function tend(ctx: Context, { documentId }: Due): Promise<boolean> {
  const seen = await seeForServer(ctx, documentId);
  const signatures = await ctx.read<{ field: string; wanted: SigningLevel; isCurrent: boolean }>(
    `select s.field, s.wanted_level as wanted, exists (select 1 from signing_step t where t.signature_id = s.id) as "isCurrent"
     from outgoing_signature s where s.document_id = $1`,
    [documentId],
  );
  const current = signatures.filter(({ isCurrent }) => isCurrent);
  // Signatures of an earlier submission are in no file that counts, and what was given up needs no archive.
  if (!seen || seen.status === "CANCELLED" || current.length === 0) return stop(ctx, documentId);
  if (await isBeingSigned(ctx, documentId)) return false;

  const fields = current.map(({ field }) => field);
  const wanted = signingLevels[Math.max(...current.map((each) => signingLevels.indexOf(each.wanted)))]!;
  const pdf = await headBytes(ctx, seen);
  const before = await assertSound(ctx, pdf, fields);
  const services = await ctx.services.signing.levels(ctx);
  const { timestamp } = services;
  let raised: RaisedPdf;
  if (!fields.every((field) => reaches(levelIn(before, field), wanted)))
    raised = await raiseLevel(pdf, { to: wanted, fields }, services);
  else if (wanted === "B-LTA" && timestamp && nextRenewal(pdf, before) <= ctx.now())
    raised = await renewTimestamp(pdf, { ...services, timestamp });
  else return note(ctx, documentId, pdf, before, []);

  if (raised.bytes === pdf) return note(ctx, documentId, pdf, before, raised.notes);
  const after = await assertSound(ctx, raised.bytes, fields);
  assertLeaderUntouched(after);
  await append(ctx, seen, raised, after);
  return true;
}

async function stop(ctx: Context, documentId: string): Promise<false> {
  await ctx.transact((em) => em.nativeUpdate(OutgoingSignature, { documentId }, { nextTryAt: null }));
  return false;
}

async function isBeingSigned(ctx: Context, documentId: string): Promise<boolean> {
  const open = await ctx.readOne(
    `select 1 from signing_session where document_id = $1 and expires_at > $2
       and state in ('PREPARED', 'WAITING_USER', 'SIGNED_RAW')`,
    [documentId, ctx.now()],
  );
  return open !== undefined;
}

function levelIn({ signatures }: Verification, field: string): SigningLevel {
  const found = signatures.find((each) => each.field === field)?.level;
  return signingLevels.find((level) => level === found) ?? "B-B";
}

/** When the newest time-stamp over the document has to be followed by another (EN 319 142-1 §5.5). */
function nextRenewal(pdf: Buffer, { signatures }: Verification): Date {
  const times = signatures.flatMap(({ evidence }) =>
    evidence.timestamps.flatMap(({ kind, time }) => (kind === "DOCUMENT" && time ? [time.getTime()] : [])),
  );
  const made = Math.max(0, ...times);
  const end = renewalDue(pdf);
  // Of a time-stamp whose authority is not known nothing better can be said than that it is looked at in a quarter.
  const due = end ? end.getTime() - renewalMilliseconds : made + renewalMilliseconds;
  // An authority that is itself about to end gives no longer life: it is asked once a week, not without end.
  return new Date(Math.max(due, made + weekMilliseconds));
}

/** What the signatures of a document reach, and when they are looked at again. */
async function note(
  ctx: Context,
  documentId: string,
  pdf: Buffer,
  verification: Verification,
  notes: readonly string[],
): Promise<false> {
  await ctx.transact((em) => noteIn(em, documentId, pdf, verification, notes));
  return false;
}

async function noteIn(
  em: Parameters<Parameters<Context["transact"]>[0]>[0],
  documentId: string,
  pdf: Buffer,
  verification: Verification,
  notes: readonly string[],
): Promise<void> {
  for (const signature of await em.find(OutgoingSignature, { documentId })) {
    const level = levelIn(verification, signature.field);
    const isReached = reaches(level, signature.wantedLevel as SigningLevel);
    em.assign(signature, {
      level,
      levelNote:
        isReached || notes.length === 0 ? (isReached ? null : signature.levelNote) : notes.join("; ").slice(0, 1_000),
      ...(isReached && { tries: 0, nextTryAt: level === "B-LTA" ? nextRenewal(pdf, verification) : null }),
    });
  }
  await em.flush();
}

async function append(
  ctx: Context,
  seen: SeenDocument,
  { bytes, notes }: RaisedPdf,
  after: Verification,
): Promise<void> {
  const isIssued = seen.status === "DISPATCHED";
  const file = await storePdf(ctx, bytes, isIssued ? "Luu-tru.pdf" : "Da-bo-sung.pdf");
  await ctx.transact(async (em) => {
    await lockUnchanged(em, seen);
    await addRevision(ctx, em, seen.id, isIssued ? "ARCHIVAL" : "AUGMENTED", file);
    await noteIn(em, seen.id, bytes, after, notes);
    await record(ctx, em, {
      act: "outgoing.augment",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: {
        sha256: file.sha256,
        base: seen.headSha256,
        levels: after.signatures.map(({ field, level }) => `${field} ${level}`),
      },
    });
  });
}
