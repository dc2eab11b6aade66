import {
  type Authorization,
  isFinalRefusal,
  type SigningProgress,
  type SigningRequest,
  type RemoteSigner,
} from "../../signing/index.ts";
import { type Context, requireViewer } from "../context.ts";
import type { SigningCredential } from "../credentials/entities.ts";
import { SecretsWanted } from "../credentials/misa-logins.ts";
import { openSigner, usableCredential } from "../credentials/signer.ts";
import { badInput, forbidden, wrongState } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { AuthorizeSignatureInput, CancelSignatureInput, CompleteSignatureInput } from "../graphql/types.ts";
import { Tries } from "../tries.ts";
import type { SigningSession } from "./entities.ts";
import { complete, finish, keepRaw, settle } from "./finishing.ts";
import { openStates, ownSessions } from "./queries.ts";
import { faultOf, refusalOf } from "../credentials/refusals.ts";

const tries = new Tries();
/** A service that waits for the person's phone is not waited for by the request. */
const patienceMilliseconds = 8_000;

const isOpen = ({ state }: SigningSession): boolean => openStates.includes(state);

function requireScope(ctx: Context): void {
  const { scopes } = requireViewer(ctx);
  if (scopes && !scopes.has("SIGN")) throw forbidden("scope SIGN");
}

/** Lets the key of a batch sign; the sessions as they are then. Those that have come to an end stay as they are. */
export async function authorizeSignature(ctx: Context, input: AuthorizeSignatureInput): Promise<SigningSession[]> {
  requireScope(ctx);
  const ids = input.sessionIds.map((id) => fromGlobalId("SigningSession", id));
  const sessions = await ownSessions(ctx, ids);
  if (new Set(sessions.map(({ batchId }) => batchId)).size > 1)
    throw badInput("sessionIds", "Các phiên phải được chuẩn bị cùng nhau.", "Sessions are to be prepared together.");
  const now = ctx.now();
  const open = sessions.filter((session) => isOpen(session) && session.expiresAt > now);
  if (open.length > 0) {
    const { credential } = await usableCredential(ctx, open[0]!.credentialId);
    if (credential.provider === "PKCS12" || credential.provider === "PKCS11")
      await signHere(ctx, open, input.pin ?? "");
    else if (credential.provider === "EXTERNAL" || credential.provider === "VGCA")
      throw wrongState("Khóa này ký trên máy của người ký.", "This key signs on the person's own computer.");
    else await askService(ctx, open, credential, secretsOf(input));
  }
  return ownSessions(ctx, ids);
}

const secretsOf = ({ pin, otp, password, sad }: AuthorizeSignatureInput): Authorization => ({
  ...(pin && { pin }),
  ...(otp && { otp }),
  ...(password && { password }),
  ...(sad && { sad }),
});

/** One opening of the key for all. */
async function signHere(ctx: Context, sessions: readonly SigningSession[], pin: string): Promise<void> {
  await using opened = await openSigner(ctx, sessions[0]!.credentialId, pin);
  for (const session of sessions) {
    const toBeSigned = Buffer.from(session.prepared!.toBeSigned, "base64");
    const raw = await opened.signer.sign(toBeSigned).catch((error: unknown) => {
      throw refusalOf(error);
    });
    await finish(ctx, session, raw);
  }
}

/** Batches whose service has been asked by this process and has not answered. */
const underway = new Map<string, Promise<void>>();

/** Begins the batch's transaction at the service, or goes on with it, by what the person typed in. */
async function askService(
  ctx: Context,
  sessions: readonly SigningSession[],
  credential: SigningCredential,
  secrets: Authorization,
): Promise<void> {
  const { batchId } = sessions[0]!;
  const pending = sessions.find((session) => session.pending)?.pending;
  const begin = (): Promise<void> => {
    const hasSecret = Object.keys(secrets).length > 0;
    const giveBack = hasSecret ? tries.take([`service ${credential.id}`], ctx.now().getTime()) : () => undefined;
    const asked = advance(ctx, sessions, async () => {
      const signer = await ctx.services.signing.remote(credential, { secrets, isAttended: true });
      if (pending) return hasSecret ? signer.authorize(pending, secrets) : signer.poll(pending);
      return signer.start(await requestFor(signer, credential, sessions, hasSecret ? secrets : undefined));
    })
      .then(giveBack)
      .finally(() => underway.delete(batchId));
    underway.set(batchId, asked);
    return asked;
  };
  // Asked for again while the person is being asked, the service would ask the person twice.
  const asked = underway.get(batchId) ?? begin();
  asked.catch(() => undefined);
  // Whoever approves on a phone takes a minute: the answer then comes by the session.
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), patienceMilliseconds);
  try {
    if ((await Promise.race([asked, late])) !== "late") return;
  } finally {
    clearTimeout(timer);
  }
  for (const session of sessions) await settle(ctx, session, { state: "WAITING_USER", factors: [] }, ["PREPARED"]);
}

async function requestFor(
  signer: RemoteSigner,
  { settings, certificate }: SigningCredential,
  sessions: readonly SigningSession[],
  authorization: Authorization | undefined,
): Promise<SigningRequest> {
  const known = await signer.credentials();
  const found = known.find(
    (each) =>
      each.certificate.equals(Buffer.from(certificate)) && (!settings.credential || each.id === settings.credential),
  );
  if (!found) throw wrongState("Dịch vụ không có khóa này.", "The service does not have this key.");
  // What is to be signed names its digest: it was made ready for the key as it was entered here.
  if (found.digest !== sessions[0]!.digestAlgorithm)
    throw wrongState("Dịch vụ ký bằng thuật toán khác.", "The service signs by another digest.", {
      digest: found.digest,
    });
  return {
    credential: found,
    items: sessions.map(({ id, challenge, prepared }) => ({
      id,
      name: challenge,
      toBeSigned: Buffer.from(prepared!.toBeSigned, "base64"),
    })),
    text: sessions.length === 1 ? sessions[0]!.challenge : `Ký ${sessions.length} văn bản`,
    ...(authorization && { authorization }),
  };
}

/**
 * Takes a batch as far as its service has come: what is signed is completed, what waits is asked again by the worker. A
 * refusal for good ends all; one that can be tried again is thrown.
 */
export async function advance(
  ctx: Context,
  sessions: readonly SigningSession[],
  ask: () => Promise<SigningProgress>,
): Promise<void> {
  let progress: SigningProgress;
  try {
    progress = await ask();
  } catch (error) {
    if (error instanceof SecretsWanted) {
      // What the service was asked before stays: it goes on once the person has typed in what is missing.
      const factors = [...error.factors];
      for (const session of sessions) await settle(ctx, session, { state: "WAITING_USER", factors, nextPollAt: null });
      return;
    }
    const fault = faultOf(error);
    if (!isFinalRefusal(error) || !fault) throw refusalOf(error);
    const code = (error as { code: string }).code;
    const state = code === "REJECTED" ? "REJECTED" : code === "EXPIRED" ? "EXPIRED" : "FAILED";
    for (const session of sessions) await settle(ctx, session, { state, error: fault, nextPollAt: null });
    return;
  }
  if (progress.state === "SIGNED") {
    const made = progress.signatures.flatMap(({ id, signature }) => {
      const session = sessions.find((each) => each.id === id);
      return session ? [{ session, signature }] : [];
    });
    await completeAll(ctx, made);
    return;
  }
  const waiting =
    progress.state === "WAITING"
      ? { factors: [], nextPollAt: new Date(ctx.now().getTime() + progress.pollAfterMilliseconds) }
      : { factors: [...progress.factors], nextPollAt: null };
  for (const [index, session] of sessions.entries())
    await settle(ctx, session, {
      state: "WAITING_USER",
      factors: waiting.factors,
      ...(index === 0 && { pending: progress.pending, nextPollAt: waiting.nextPollAt }),
    });
}

/** All are kept before the first is completed, so that a fault with one of a batch loses none of the others. */
async function completeAll(
  ctx: Context,
  made: readonly { readonly session: SigningSession; readonly signature: Buffer }[],
): Promise<void> {
  const kept: (typeof made)[number][] = [];
  for (const each of made) if (await keepRaw(ctx, each.session, each.signature)) kept.push(each);
  const faults: unknown[] = [];
  for (const { session, signature } of kept)
    await complete(ctx, session, signature).catch((error: unknown) => void faults.push(error));
  if (faults.length > 0) throw faults[0];
}

/** Brings a raw signature that was made elsewhere (hoàn tất ký số). */
export async function completeSignature(ctx: Context, input: CompleteSignatureInput): Promise<SigningSession> {
  requireScope(ctx);
  const id = fromGlobalId("SigningSession", input.sessionId);
  const [session] = await ownSessions(ctx, [id]);
  if (isOpen(session!) && session!.expiresAt > ctx.now()) {
    const { credential } = await usableCredential(ctx, session!.credentialId);
    if (credential.provider !== "EXTERNAL")
      throw wrongState("Khóa này không nhận chữ ký từ ngoài.", "This key takes no signature from outside.");
    await finish(ctx, session!, rawOf(input.signature));
  }
  return (await ownSessions(ctx, [id]))[0]!;
}

function rawOf(text: string): Buffer {
  const raw = Buffer.from(text, "base64");
  // A signature of RSA-8192 has 1,024 bytes.
  if (raw.length < 8 || raw.length > 1_024 || raw.toString("base64") !== text)
    throw badInput("signature", "Chữ ký phải ở dạng base64.", "A signature is given in base64.");
  return raw;
}

/** Gives a signature on its way up (hủy phiên ký). */
export async function cancelSignature(ctx: Context, input: CancelSignatureInput): Promise<SigningSession> {
  const id = fromGlobalId("SigningSession", input.sessionId);
  const [session] = await ownSessions(ctx, [id]);
  // One that is signed already is completed: the document may have it in this moment.
  if (isOpen(session!) && session!.state !== "SIGNED_RAW") {
    await settle(ctx, session!, { state: "REJECTED", nextPollAt: null });
    if (session!.pending) await cancelThere(ctx, session!);
  }
  return (await ownSessions(ctx, [id]))[0]!;
}

/** The service is told, too, as far as it can be: nobody should be asked on the phone for what was given up. */
async function cancelThere(ctx: Context, { credentialId, pending }: SigningSession): Promise<void> {
  const { credential } = await usableCredential(ctx, credentialId);
  await ctx.services.signing
    .remote(credential, { isAttended: false })
    .then((signer) => signer.cancel(pending!))
    .catch((error: unknown) => ctx.services.log.warn({ error }, "a signing service could not be told"));
}
