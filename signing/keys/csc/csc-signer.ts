import { Oid } from "../../oids.ts";
import type { SigningError } from "../../errors.ts";
import { tokenKeeper, type AccessToken } from "../remote/access-token.ts";
import { base64Of, listOf, objectOf, optionalText, textOf } from "../remote/json.ts";
import { newPending, readPending, type PendingSignatures } from "../remote/pending.ts";
import { authorizeProgress, signedProgress, waitingProgress } from "../remote/progress.ts";
import { refuse } from "../remote/refusals.ts";
import type { Authorization, RemoteCredential, RemoteSigner, SigningProgress } from "../remote/remote-signer.ts";
import { digestOf } from "../remote/returned-signature.ts";
import { serviceCalls, type ServiceOptions, type ServiceReply } from "../remote/service.ts";
import { algorithmParameters } from "./algorithms.ts";
import { readCredential } from "./credentials.ts";
import { logInToCsc, type CscLogin } from "./login.ts";
import { cscRefusal } from "./refusals.ts";

/** A service of the Cloud Signature Consortium's API. */
export interface CscOptions extends ServiceOptions {
  readonly version: 1 | 2;
  /** How to log in, or a log-in of the provider's own. */
  readonly login: CscLogin | (() => Promise<AccessToken>);
  /** Named in transactions; "CSC" unless given. */
  readonly provider?: string;
  /** Whose keys, where the account is the agency's and not the person's. */
  readonly userId?: string;
  /** v2: asks for operation mode "A" and polls for the signatures. */
  readonly asynchronous?: boolean;
  /** Most digests in one signHash call; a larger batch is continued with credentials/extendTransaction. */
  readonly hashesPerCall?: number;
  /** How long a person has; five minutes unless given. Also the patience for a call that waits for a phone. */
  readonly approvalMilliseconds?: number;
}

const mostCredentials = 100;
const mostPages = 20;

/** A client of CSC API v1.0.4 or v2. */
export function cscSigner(options: CscOptions): RemoteSigner {
  const { version, provider = "CSC", approvalMilliseconds = 5 * 60_000, now = () => new Date() } = options;
  const login = options.login;
  const keeper = tokenKeeper(typeof login === "function" ? login : () => logInToCsc(login, options, now), now);
  const send = serviceCalls(options);
  const call = async (
    path: string,
    json: Readonly<Record<string, unknown>>,
    more: { readonly safe: boolean; readonly timeoutMilliseconds?: number },
  ): Promise<ServiceReply> =>
    keeper.with(async (token) => {
      const reply = await send({ path, json, headers: { Authorization: `Bearer ${token}` }, ...more });
      if (reply.status === 401) return "UNAUTHORIZED";
      if (reply.status >= 300) throw cscRefusal(reply);
      return reply;
    });

  const names =
    version === 1
      ? ({ hashes: "hash", algorithm: "hashAlgo" } as const)
      : ({ hashes: "hashes", algorithm: "hashAlgorithmOID" } as const);
  const digestsOf = (pending: PendingSignatures): string[] =>
    readPending(provider, pending).items.map((item) => digestOf(item, pending.digest).toString("base64"));

  const listIds = async (): Promise<string[]> => {
    const ids: string[] = [];
    let pageToken: string | undefined;
    for (let page = 0; page < mostPages && ids.length < mostCredentials; page++) {
      const { json } = await call(
        "credentials/list",
        { ...(options.userId ? { userID: options.userId } : {}), ...(pageToken ? { pageToken } : {}) },
        { safe: true },
      );
      const answer = objectOf(json, "list of credentials");
      ids.push(...listOf(answer["credentialIDs"], "credentialIDs").map((id) => textOf(id, "credentialID", 500)));
      pageToken = optionalText(answer["nextPageToken"]);
      if (!pageToken) break;
    }
    return ids.slice(0, mostCredentials);
  };

  const sendOtp = (pending: PendingSignatures, id: string) =>
    version === 1
      ? call("credentials/sendOTP", { credentialID: pending.credential }, { safe: false })
      : call("credentials/getChallenge", { credentialID: pending.credential, authObjectID: id }, { safe: false });

  const authorizationOf = (pending: PendingSignatures, { pin, otp }: Authorization): object => {
    if (version === 1)
      return { ...(pin === undefined ? {} : { PIN: pin }), ...(otp === undefined ? {} : { OTP: otp }) };
    const { pinId, otpId, elsewhere } = pending.state;
    const announced = (elsewhere ? (JSON.parse(elsewhere) as unknown[]) : []).map((id) => ({ id }));
    const authData = [
      ...(pinId && pin !== undefined ? [{ id: pinId, value: pin }] : []),
      ...(otpId && otp !== undefined ? [{ id: otpId, value: otp }] : []),
      ...announced,
    ];
    return { authData };
  };

  /** Asks for a SAD that is bound to exactly these digests; a 202 says that the person is still being asked. */
  const askForSad = async (pending: PendingSignatures, authorization: Authorization): Promise<SigningProgress> => {
    const hashes = digestsOf(pending);
    const reply = await call(
      "credentials/authorize",
      {
        credentialID: pending.credential,
        numSignatures: hashes.length,
        [names.hashes]: hashes,
        ...(version === 2 ? { hashAlgorithmOID: Oid[pending.digest] } : {}),
        description: pending.text.slice(0, 500),
        ...authorizationOf(pending, authorization),
      },
      // Without secrets to type in, the service may hold the answer back until the person has approved on a phone.
      { safe: false, ...(pending.factors.length ? {} : { timeoutMilliseconds: approvalMilliseconds }) },
    ).catch((error: SigningError) => {
      throw whichWasWrong(error, authorization);
    });
    return afterAuthorization(pending, reply);
  };

  const afterAuthorization = async (pending: PendingSignatures, reply: ServiceReply): Promise<SigningProgress> => {
    const answer = objectOf(reply.json, "authorization");
    if (reply.status === 202 || (answer["SAD"] === undefined && answer["handle"] !== undefined)) {
      return waitingProgress(pending, { now: now(), state: { handle: textOf(answer["handle"], "handle") } });
    }
    return sign(pending, textOf(answer["SAD"], "SAD", 16_384));
  };

  const sign = async (pending: PendingSignatures, firstSad: string): Promise<SigningProgress> => {
    const hashes = digestsOf(pending);
    const size = options.hashesPerCall ?? hashes.length;
    if (options.asynchronous && size < hashes.length) {
      throw refuse("LIMIT", "A batch in several calls cannot be polled for.", { most: size });
    }
    const { signAlgo = "" } = pending.state;
    const parameters = algorithmParameters(signAlgo, pending.digest);
    const returned: Buffer[] = [];
    let sad = firstSad;
    for (let from = 0; from < hashes.length; from += size) {
      const part = hashes.slice(from, from + size);
      const shared = { credentialID: pending.credential, [names.hashes]: part, [names.algorithm]: Oid[pending.digest] };
      if (from > 0) {
        const { json } = await call("credentials/extendTransaction", { ...shared, SAD: sad }, { safe: false });
        sad = textOf(objectOf(json, "authorization")["SAD"], "SAD", 16_384);
      }
      const { json } = await call(
        "signatures/signHash",
        {
          ...shared,
          SAD: sad,
          signAlgo,
          ...(parameters ? { signAlgoParams: parameters } : {}),
          ...(options.asynchronous ? { operationMode: "A", validity_period: approvalMilliseconds } : {}),
        },
        { safe: false, timeoutMilliseconds: approvalMilliseconds },
      );
      const answer = objectOf(json, "signatures");
      if (options.asynchronous && answer["signatures"] === undefined) {
        const responseId = textOf(answer["responseID"], "responseID", 500);
        return waitingProgress(pending, { now: now(), state: { responseId } });
      }
      returned.push(...readSignatures(answer["signatures"]));
    }
    return signedProgress(pending, returned);
  };

  const authorize = async (pending: PendingSignatures, authorization: Authorization): Promise<SigningProgress> => {
    readPending(provider, pending);
    if (pending.step !== "AUTHORIZE") throw refuse("BAD_PENDING", "The transaction is authorized already.");
    if (now().getTime() > Date.parse(pending.expiresAt)) throw refuse("EXPIRED", "The time to authorize is over.");
    if (authorization.sad !== undefined) return sign(pending, authorization.sad);
    return askForSad(pending, authorization);
  };

  return {
    provider,
    async credentials() {
      const found: RemoteCredential[] = [];
      for (const credentialID of await listIds()) {
        // Not certInfo: names and dates are read from the certificate itself.
        const query = { credentialID, certificates: "chain", authInfo: true };
        const credential = readCredential(credentialID, (await call("credentials/info", query, { safe: true })).json);
        if (credential) found.push(credential);
      }
      return found;
    },
    async start(request) {
      const pending = newPending(provider, request, { startedAt: now(), milliseconds: approvalMilliseconds });
      if (request.authorization || pending.factors.length === 0) {
        return authorize(pending, request.authorization ?? {});
      }
      if (pending.state["sendOtp"]) await sendOtp(pending, pending.state["sendOtp"]);
      return authorizeProgress(pending);
    },
    authorize,
    async poll(pending) {
      readPending(provider, pending);
      const { handle, responseId } = pending.state;
      if (responseId) {
        const { status, json } = await call("signatures/signPolling", { requestID: responseId }, { safe: true });
        const answer = status === 202 ? {} : objectOf(json, "signatures");
        if (answer["signatures"] === undefined) return waitingProgress(pending, { now: now() });
        return signedProgress(pending, readSignatures(answer["signatures"]));
      }
      if (handle) {
        const reply = await call("credentials/authorizeCheck", { handle }, { safe: true });
        return afterAuthorization(pending, reply);
      }
      return authorizeProgress(pending);
    },
    async cancel(pending) {
      readPending(provider, pending);
      return false;
    },
  };
}

function readSignatures(value: unknown): Buffer[] {
  return listOf(value, "signatures").map((signature) => base64Of(signature, "signature"));
}

/** v2 says only that the secrets are wrong; where one alone was given, it is that one. */
function whichWasWrong(error: SigningError, given: Authorization): SigningError {
  if (error.code !== "WRONG_AUTHORIZATION") return error;
  const details = error.details ?? {};
  if (given.otp !== undefined && given.pin === undefined)
    return refuse("WRONG_OTP", "The one-time password is wrong.", details);
  if (given.pin !== undefined && given.otp === undefined) return refuse("WRONG_PIN", "The PIN is wrong.", details);
  return error;
}
