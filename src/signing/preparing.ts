import { prepareSignature as prepareRevision } from "../../signing/index.ts";
import { record } from "../audit/record.ts";
import { type Context, requireViewer } from "../context.ts";
import { assertUsable, type UsableCredential, usableCredential } from "../credentials/signer.ts";
import { AppError, badInput } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { PrepareSignatureInput, PrepareSignaturesInput, SignatureItemInput } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { limitText } from "../incoming/rules.ts";
import { documentType } from "../organization/document-types.ts";
import {
  assertRightKey,
  bytesToSign,
  signingTask,
  type SigningTask,
  signRequest,
  wholeFileToSign,
} from "../outgoing/making.ts";
import { preparedOnce } from "../outgoing/prepared.ts";
import { lockUnchanged, type SeenDocument, seeDocument } from "../outgoing/revisions.ts";
import { type Prepared, SigningSession } from "./entities.ts";
import { sessionsOfBatch } from "./queries.ts";
import { refusalOf } from "../credentials/refusals.ts";

/** How long a session is good: an agent's addresses are good no longer. */
export const sessionMilliseconds = 15 * 60_000;
const largestBatch = 50;

interface Ready {
  readonly task: SigningTask;
  readonly prepared: Prepared | null;
  /** Of the file for the agent, where it is not the newest revision. */
  readonly handedOutSha256: Buffer | null;
  readonly digest: string;
  readonly challenge: string;
}

/** Makes a signature ready (chuẩn bị ký số). */
export async function prepareSignature(ctx: Context, input: PrepareSignatureInput): Promise<SigningSession> {
  const { idempotencyKey, credentialId, ...item } = input;
  return (await prepareSignatures(ctx, { idempotencyKey, credentialId, items: [item] }))[0]!;
}

/**
 * Makes signatures ready with one key, each on a document of its own, for one authorization (chuẩn bị ký hàng loạt).
 * All or none: what is against one of them is against all.
 */
export async function prepareSignatures(ctx: Context, input: PrepareSignaturesInput): Promise<SigningSession[]> {
  const viewer = requireViewer(ctx);
  const { items } = input;
  if (items.length < 1 || items.length > largestBatch)
    throw badInput(
      "items",
      `Ký mỗi lần từ 1 đến ${largestBatch} văn bản.`,
      `1 to ${largestBatch} documents at a time.`,
    );
  if (new Set(items.map(({ outgoingDocumentId }) => outgoingDocumentId)).size !== items.length)
    throw badInput("items", "Có văn bản được nêu hai lần.", "A document is named twice.");
  const seen: SeenDocument[] = [];
  for (const { outgoingDocumentId } of items) seen.push(await seeDocument(ctx, outgoingDocumentId));
  const credentialId = fromGlobalId("SigningCredential", input.credentialId);

  const prepare = async () => {
    const usable = await usableCredential(ctx, credentialId);
    assertUsable(usable.credential, ctx.now());
    if (usable.credential.provider === "VGCA" && items.length > 1)
      throw badInput("items", "Phần mềm ký VGCA ký từng văn bản một.", "The agent signs one document at a time.");
    const ready: Ready[] = [];
    for (const [index, document] of seen.entries()) {
      const item = items[index]!;
      const task = await signingTask(ctx, document, item.role);
      if (item.ifRevision && item.ifRevision !== document.headSha256) throw moved();
      assertRightKey(task, usable.credential);
      ready.push(await makeReady(ctx, task, usable, item));
    }
    return { ready, credential: usable.credential };
  };
  const done = await preparedOnce(
    ctx,
    "signing.prepare",
    input,
    prepare,
    async (em, batchId, { ready, credential }) => {
      for (const { task, prepared, handedOutSha256, digest, challenge } of ready) {
        await lockUnchanged(em, task.seen);
        const session = em.create(SigningSession, {
          id: newId(ctx.now().getTime()),
          agencyId: viewer.agencyId,
          documentId: task.seen.id,
          stepId: task.step.id,
          role: task.step.role,
          field: task.step.field!,
          appointmentId: viewer.appointmentId,
          credentialId: credential.id,
          state: credential.provider === "VGCA" ? "WAITING_USER" : "PREPARED",
          baseSha256: Buffer.from(task.seen.headSha256, "hex"),
          batchId,
          wantedLevel: ctx.services.signing.level,
          digestAlgorithm: digest,
          prepared,
          handedOutSha256,
          challenge,
          factors: [...ctx.services.signing.factors(credential)],
          createdAt: ctx.now(),
          expiresAt: new Date(ctx.now().getTime() + sessionMilliseconds),
        });
        await record(ctx, em, {
          act: "signing.prepare",
          objectType: "SigningSession",
          objectId: session.id,
          data: { document: task.seen.id, role: task.step.role, base: task.seen.headSha256, credential: credential.id },
        });
      }
    },
  );
  return sessionsOfBatch(ctx, done.id);
}

async function makeReady(
  ctx: Context,
  task: SigningTask,
  { credential, signer }: UsableCredential,
  item: Pick<SignatureItemInput, "reason">,
): Promise<Ready> {
  const { subject, typeCode, referenceCode } = task.seen;
  const name = [documentType(typeCode)?.name ?? typeCode, referenceCode].filter(Boolean).join(" ");
  const challenge = `Ký ${name}: ${subject}`.slice(0, 300);
  const pdf = await bytesToSign(ctx, task);
  // The agent makes the revision itself, out of the whole file.
  if (credential.provider === "VGCA") {
    const whole = await wholeFileToSign(task, pdf).catch((error: unknown) => {
      throw refusalOf(error);
    });
    const stored = whole === pdf ? null : await ctx.services.store.put(whole);
    const handedOutSha256 = stored && Buffer.from(stored.sha256, "hex");
    return { task, prepared: null, handedOutSha256, digest: signer.digest, challenge };
  }
  const reason = item.reason ? limitText("reason", item.reason, 200) : undefined;
  const request = { ...(await signRequest(task, pdf, reason)), signer, at: ctx.now() };
  const { toBeSigned, state, digestAlgorithm } = await prepareRevision(pdf, request).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const prepared = { state, toBeSigned: toBeSigned.toString("base64") };
  return { task, prepared, handedOutSha256: null, digest: digestAlgorithm, challenge };
}

const moved = () =>
  new AppError(
    "CONFLICT",
    "Văn bản không còn là phiên bản đã xem; hãy xem lại.",
    "The document is no longer the revision that was seen; look again.",
  );
