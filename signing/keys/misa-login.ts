import { lifetime } from "./remote/access-token.ts";
import { objectOf, optionalText, textOf, wholeNumber, type JsonObject } from "./remote/json.ts";
import { refuse } from "./remote/refusals.ts";
import { serviceCalls, type ServiceOptions } from "./remote/service.ts";

/** What MISA gives an integrator. */
export interface MisaAccount {
  readonly clientId: string;
  readonly clientKey: string;
}

/** A logged-in person. The tokens are secrets: they live an hour and are kept in memory alone. */
export interface MisaSession {
  readonly token: string;
  readonly refreshToken: string | undefined;
  readonly userId: string;
  readonly expiresAt: Date;
}

type LoginOptions = ServiceOptions & MisaAccount;

const paths = {
  logIn: "api/auth/api/v1/auth/login-api",
  secondFactor: "api/auth/api/v1/auth/two-factor-auth",
  resend: "webdev/api/auth/api/v1/auth/resend-otp-auth",
  refresh: "webdev/api/auth/api/v1/auth/refreshtoken",
} as const;

/** The service's code for "a second factor is needed". */
const needsSecondFactor = 122;

export const misaHeaders = ({ clientId, clientKey }: MisaAccount) => ({
  "x-clientId": clientId,
  "x-clientKey": clientKey,
});

/** Logs a person in. Throws SECOND_FACTOR_REQUIRED (go on with `confirmMisaLogin`), ACCESS_DENIED, UNAVAILABLE. */
export function logInToMisa(
  options: LoginOptions,
  person: { readonly userName: string; readonly password: string },
): Promise<MisaSession> {
  return ask(options, paths.logIn, { userName: person.userName, password: person.password });
}

/**
 * The second factor: a code from the authenticator app (`fromApp`), or by SMS or e-mail. Throws WRONG_OTP where the
 * service does not take it.
 */
export function confirmMisaLogin(
  options: LoginOptions,
  confirmation: { readonly userName: string; readonly code: string; readonly fromApp: boolean },
): Promise<MisaSession> {
  const { userName, code, fromApp } = confirmation;
  // This one method wants the headers without "x-"; both are sent, as other accounts' gateways ask for them.
  const headers = { clientId: options.clientId, clientKey: options.clientKey };
  const body = { userName, code, otpType: fromApp ? 1 : 0, remember: false };
  return ask(options, paths.secondFactor, body, headers).catch((error: { code?: string }) => {
    throw error.code === "ACCESS_DENIED" ? refuse("WRONG_OTP", "The one-time password is wrong.") : error;
  });
}

/** Has the code of the second factor sent again. */
export async function resendMisaCode(options: LoginOptions, userName: string): Promise<void> {
  const reply = await serviceCalls(options)({
    path: paths.resend,
    json: { userName, language: "vi-VN" },
    headers: misaHeaders(options),
    safe: false,
  });
  if (reply.status >= 300) throw refuse("REFUSED", "The code was not sent again.", { status: reply.status });
}

/** A new token for a session that runs out. Throws ACCESS_DENIED: then the person logs in again. */
export async function refreshMisaSession(options: LoginOptions, session: MisaSession): Promise<MisaSession> {
  if (!session.refreshToken) throw refuse("ACCESS_DENIED", "The log-in cannot be prolonged.");
  const fresh = await ask(options, paths.refresh, { refreshToken: session.refreshToken });
  return { ...fresh, userId: fresh.userId || session.userId };
}

async function ask(options: LoginOptions, path: string, json: object, headers: Record<string, string> = {}) {
  const { now = () => new Date() } = options;
  const call = { path, json, headers: { ...misaHeaders(options), ...headers }, safe: false };
  const reply = await serviceCalls(options)(call);
  const body = objectOf(reply.json, "envelope");
  const status = typeof body["status"] === "object" && body["status"] !== null ? (body["status"] as JsonObject) : body;
  if (wholeNumber(status["errorCode"]) === needsSecondFactor) {
    throw refuse("SECOND_FACTOR_REQUIRED", "The account asks for a second factor.");
  }
  if (reply.status >= 300 || status["error"] === true) {
    throw refuse("ACCESS_DENIED", "The signing service does not accept the log-in.", { status: reply.status });
  }
  // A refresh is answered without the envelope.
  const data = objectOf(body["data"] ?? body, "data");
  const user = typeof data["user"] === "object" && data["user"] !== null ? (data["user"] as JsonObject) : {};
  const session: MisaSession = {
    token: textOf(data["remoteSigningAccessToken"], "remoteSigningAccessToken", 16_384),
    refreshToken: optionalText(data["refreshToken"], 16_384),
    userId: optionalText(user["id"], 200) ?? "",
    expiresAt: new Date(now().getTime() + lifetime(wholeNumber(data["expiresIn"]))),
  };
  return session;
}
