import { viewerOfOffice } from "../auth/viewer.ts";
import { Context } from "../context.ts";
import { SecretsWanted } from "../credentials/misa-logins.ts";
import { usableCredential } from "../credentials/signer.ts";
import type { Services } from "../services.ts";
import { advance } from "./authorizing.ts";
import type { SigningSession } from "./entities.ts";
import { finish, settle } from "./finishing.ts";
import { sessionsOfBatch, sessionsWhere } from "./queries.ts";

/** A service that does not answer is asked again after this time. */
const againMilliseconds = 5_000;
/** What could not be completed in a day is given up. */
const mostMilliseconds = 86_400_000;

/**
 * Ends the sessions that ran out, asks services that let persons approve elsewhere, and completes what was signed when a
 * server stopped; gives how many it dealt with.
 */
export async function tendSessions(services: Services, { id: agencyId }: { readonly id: string }): Promise<number> {
  const ctx = new Context(services, null, "worker", agencyId);
  const now = ctx.now();
  let done = 0;
  const over = await sessionsWhere(ctx, "s.state in ('PREPARED', 'WAITING_USER') and s.expires_at <= ?", now);
  for (const session of over) if (await settle(ctx, session, { state: "EXPIRED", nextPollAt: null })) done++;

  for (const session of await sessionsWhere(ctx, "s.state = 'SIGNED_RAW' and s.next_poll_at <= ?", now)) {
    await complete(services, ctx, session);
    done++;
  }

  for (const session of await sessionsWhere(ctx, "s.state = 'WAITING_USER' and s.next_poll_at <= ?", now)) {
    await ask(services, session);
    done++;
  }
  return done;
}

/** What a stopped server left behind, or a fault of ours kept from its end. */
async function complete(services: Services, nobody: Context, session: SigningSession): Promise<void> {
  const own = await contextOf(services, session);
  const isOver = session.createdAt.getTime() + mostMilliseconds < nobody.now().getTime();
  if (!own || isOver) await settle(nobody, session, { state: "FAILED", nextPollAt: null, error: own ? late : gone });
  else
    await finish(own, session, Buffer.from(session.rawSignature!)).catch((error: unknown) =>
      services.log.error({ error, session: session.id }, "a signature is not completed yet"),
    );
}

const late = {
  code: "UNAVAILABLE",
  vi: "Không hoàn tất được chữ ký trong một ngày; hãy ký lại.",
  en: "The signature could not be completed within a day; sign again.",
};

/** What was begun goes on with the rights of whoever began it, as they are now; null where none are left. */
async function contextOf(services: Services, { appointmentId }: SigningSession): Promise<Context | null> {
  const viewer = await viewerOfOffice(services, appointmentId);
  return viewer && new Context(services, viewer, "worker");
}

const gone = {
  code: "FORBIDDEN",
  vi: "Người ký không còn giữ chức vụ hoặc tài khoản đã bị khóa.",
  en: "The signer no longer holds the office, or the account is locked.",
};

async function ask(services: Services, session: SigningSession): Promise<void> {
  const ctx = await contextOf(services, session);
  if (!ctx) {
    const nobody = new Context(services, null, "worker", session.agencyId);
    await settle(nobody, session, { state: "FAILED", nextPollAt: null, error: gone });
    return;
  }
  const again = () =>
    settle(ctx, session, { state: "WAITING_USER", nextPollAt: new Date(ctx.now().getTime() + againMilliseconds) });
  // Set first, so that a question that fails for good does not come back at once.
  await again();
  const { credential } = await usableCredential(ctx, session.credentialId);
  const batch = (await sessionsOfBatch(ctx, session.batchId)).filter(({ state }) => state === "WAITING_USER");
  try {
    const signer = await services.signing.remote(credential, { isAttended: false });
    await advance(ctx, batch, () => signer.poll(session.pending!));
  } catch (error) {
    // Another process has the person's log-in, and asks; or nobody has, and the person is to authorize once more.
    if (!(error instanceof SecretsWanted))
      services.log.warn({ error, session: session.id }, "a signing service could not be asked");
  }
}
