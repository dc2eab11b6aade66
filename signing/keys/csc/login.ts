import { objectOf, textOf, wholeNumber } from "../remote/json.ts";
import { lifetime, type AccessToken } from "../remote/access-token.ts";
import { refuse } from "../remote/refusals.ts";
import { serviceCalls, type ServiceOptions, type ServiceReply } from "../remote/service.ts";

/** How a client proves to the service who it is (CSC API §8.2, RFC 6749). */
export type CscLogin =
  /** A token from elsewhere, such as the authorization code flow of a person. */
  | { readonly kind: "bearer"; readonly token: string; readonly expiresAt?: Date }
  /** OAuth 2.0 client credentials, or resource owner password where `user` is given. */
  | {
      readonly kind: "oauth2";
      /** The address before "oauth2/token". */
      readonly baseUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly user?: { readonly name: string; readonly password: string };
      readonly scope?: string;
    }
  /** HTTP Basic at auth/login. */
  | { readonly kind: "basic"; readonly user: string; readonly password: string };

/** Gets a token. Throws ACCESS_DENIED, UNAVAILABLE, BAD_ANSWER. */
export async function logInToCsc(login: CscLogin, options: ServiceOptions, now: () => Date): Promise<AccessToken> {
  switch (login.kind) {
    case "bearer":
      if (login.expiresAt && login.expiresAt <= now()) throw denied();
      return { token: login.token, expiresAt: login.expiresAt?.getTime() ?? Infinity };
    case "oauth2": {
      const { user, scope, clientId, clientSecret, baseUrl } = login;
      const call = serviceCalls({ ...options, baseUrl });
      const form = {
        grant_type: user ? "password" : "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        ...(user ? { username: user.name, password: user.password } : {}),
        ...(scope ? { scope } : {}),
      };
      // A token more or less does no harm: asking twice is safe.
      return readToken(await call({ path: "oauth2/token", form, safe: true }), now);
    }
    case "basic": {
      const basic = Buffer.from(`${login.user}:${login.password}`, "utf8").toString("base64");
      const call = serviceCalls(options);
      const headers = { Authorization: `Basic ${basic}` };
      // A wrong password must not be tried twice by itself: accounts lock.
      return readToken(await call({ path: "auth/login", json: { rememberMe: false }, headers, safe: false }), now);
    }
  }
}

/** Reads `access_token` and `expires_in` (RFC 6749 §5.1). Throws ACCESS_DENIED for any refusal. */
export function readToken({ status, json }: ServiceReply, now: () => Date): AccessToken {
  if (status !== 200) throw denied();
  const answer = objectOf(json, "token");
  const token = textOf(answer["access_token"], "access_token", 16_384);
  return { token, expiresAt: now().getTime() + lifetime(wholeNumber(answer["expires_in"])) };
}

const denied = () => refuse("ACCESS_DENIED", "The signing service does not accept our account.");
