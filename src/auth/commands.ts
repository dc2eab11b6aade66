import { randomBytes } from "node:crypto";
import { record } from "../audit/record.ts";
import { dayOf } from "../calendar/rules.ts";
import { Context, requireViewer, type Viewer } from "../context.ts";
import { AppError, badInput, forbidden } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { CreateApiTokenInput, RevokeApiTokenInput, SignInInput } from "../graphql/types.ts";
import { ApiToken, Session } from "./entities.ts";
import { once } from "./once.ts";
import { isPassword } from "./passwords.ts";
import { Tries } from "../tries.ts";
import { forgetViewer, viewerOf } from "./viewer.ts";

/** A working day and the evening: nobody stays signed in overnight. */
const sessionHours = 12;
const day = 86_400_000;
const tries = new Tries();

const wrongCredentials = () =>
  new AppError("UNAUTHENTICATED", "Tên đăng nhập hoặc mật khẩu không đúng.", "Wrong user name or password.");

export interface SignedIn {
  readonly viewer: Viewer;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Checks name and password and opens a session in one of the person's offices (đăng nhập). */
export async function signIn(ctx: Context, input: SignInInput): Promise<SignedIn> {
  const now = ctx.now();
  const username = input.username.normalize("NFC").trim().toLowerCase();
  if (username.length > 100 || input.password.length > 200) throw wrongCredentials();
  const giveBack = tries.take([`account ${username}`], now.getTime());

  const account = await accountOf(ctx, username);
  const right = await isPassword(input.password, account?.disabled_at ? null : (account?.password_hash ?? null));
  if (!right || !account) {
    // Not the name that was typed: people type passwords there.
    ctx.services.log.warn({ origin: ctx.origin }, "a sign-in failed");
    throw wrongCredentials();
  }
  giveBack();

  const today = dayOf(now);
  const offices = await ctx.read<{ id: string; agency_id: string }>(
    `select id, agency_id from appointment where person_id = $1 and valid_from <= $2 and (valid_to is null or valid_to >= $2)
     order by valid_from, id`,
    [account.person_id, today],
  );
  const wanted = input.appointmentId ? fromGlobalId("Appointment", input.appointmentId) : offices[0]?.id;
  const office = offices.find(({ id }) => id === wanted);
  if (!office) throw forbidden("appointment");

  const token = randomBytes(32).toString("base64url");
  const tokenHash = ctx.services.keys.tokenHash(token);
  const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000);
  const acting = new Context(
    ctx.services,
    { personId: account.person_id, agencyId: office.agency_id, appointmentId: office.id } as Viewer,
    ctx.origin,
  );
  await acting.transact(async (em) => {
    em.create(Session, {
      tokenHash,
      agencyId: office.agency_id,
      personId: account.person_id,
      appointmentId: office.id,
      createdAt: now,
      expiresAt,
      address: ctx.origin,
    });
    await record(acting, em, {
      act: "auth.sign-in",
      objectType: "Person",
      objectId: account.person_id,
      data: { username },
    });
  });
  const viewer = await viewerOf(ctx.services, token);
  if (!viewer) throw wrongCredentials();
  return { viewer, token, expiresAt };
}

interface AccountRow {
  person_id: string;
  password_hash: string;
  disabled_at: Date | null;
}

async function accountOf(ctx: Context, username: string): Promise<AccountRow | undefined> {
  return ctx.transact(async (em) => {
    await em.execute("select set_config('app.username', ?, true)", [username]);
    const [row] = await em.execute<AccountRow[]>(
      "select person_id, password_hash, disabled_at from account where username = ?",
      [username],
    );
    return row;
  });
}

/** Ends the session (đăng xuất). */
export async function signOut(ctx: Context): Promise<void> {
  const viewer = requireViewer(ctx);
  // A personal token is no session: it is withdrawn, and lasts until then.
  if (viewer.scopes) throw forbidden("session");
  await ctx.transact(async (em) => {
    await em.nativeDelete(Session, { tokenHash: viewer.tokenHash });
    await record(ctx, em, { act: "auth.sign-out", objectType: "Person", objectId: viewer.personId, data: {} });
  });
  forgetViewer(ctx.services, viewer.tokenHash);
}

/** Makes a personal token; its secret is known to the caller alone (tạo mã truy cập). */
export async function createApiToken(
  ctx: Context,
  input: CreateApiTokenInput,
): Promise<{ id: string; token: string | null }> {
  const viewer = requireViewer(ctx);
  // A token that could make tokens would outlive its own withdrawal.
  if (viewer.scopes) throw forbidden("session");
  const now = ctx.now();
  const expiresAt = input.expiresAt ?? new Date(now.getTime() + 90 * day);
  if (expiresAt <= now || expiresAt.getTime() > now.getTime() + 366 * day)
    throw badInput("expiresAt", "Mã truy cập có hiệu lực tối đa một năm.", "A token is good for a year at most.");
  if (input.scopes.length === 0) throw badInput("scopes", "Cần chọn phạm vi.", "Choose at least one scope.");
  const name = input.name.trim();
  if (!name || name.length > 100)
    throw badInput("name", "Tên có từ 1 đến 100 ký tự.", "A name has 1 to 100 characters.");
  const token = `cv_${randomBytes(32).toString("base64url")}`;
  const done = await once(
    ctx,
    "auth.create-token",
    { ...input, expiresAt: input.expiresAt ?? null } as typeof input,
    async (em, id) => {
      em.create(ApiToken, {
        id,
        tokenHash: ctx.services.keys.tokenHash(token),
        agencyId: viewer.agencyId,
        personId: viewer.personId,
        appointmentId: viewer.appointmentId,
        name,
        scopes: [...new Set(input.scopes)],
        createdAt: now,
        expiresAt,
      });
      await record(ctx, em, {
        act: "auth.create-token",
        objectType: "ApiToken",
        objectId: id,
        data: { name, scopes: input.scopes, expiresAt },
      });
    },
  );
  return { id: done.id, token: done.replayed ? null : token };
}

/** Withdraws a token of one's own (thu hồi mã truy cập). */
export async function revokeApiToken(ctx: Context, input: RevokeApiTokenInput): Promise<string> {
  const viewer = requireViewer(ctx);
  const id = fromGlobalId("ApiToken", input.apiTokenId);
  return ctx.transact(async (em) => {
    const token = await em.findOneOrFail(ApiToken, { id, personId: viewer.personId });
    token.revokedAt ??= ctx.now();
    await record(ctx, em, {
      act: "auth.revoke-token",
      objectType: "ApiToken",
      objectId: id,
      data: { name: token.name },
    });
    forgetViewer(ctx.services, Buffer.from(token.tokenHash));
    return id;
  });
}
