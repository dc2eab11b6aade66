import { readToken } from "./csc/login.ts";
import { cscSigner } from "./csc/csc-signer.ts";
import { readCredential } from "./csc/credentials.ts";
import type { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { tokenKeeper, type AccessToken } from "./remote/access-token.ts";
import { base64Of, listOf, objectOf, textOf, wholeNumber } from "./remote/json.ts";
import { newPending, readPending } from "./remote/pending.ts";
import { authorizeProgress, signedProgress, waitingProgress } from "./remote/progress.ts";
import { refuse } from "./remote/refusals.ts";
import type { RemoteSigner, SigningItem } from "./remote/remote-signer.ts";
import { digestOf } from "./remote/returned-signature.ts";
import { serviceCalls, type ServiceOptions, type ServiceReply } from "./remote/service.ts";

/** An account with Viettel MySign; `baseUrl` is the address of the host alone. */
export interface ViettelOptions extends ServiceOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly userId: string;
  /** "adss:ras:profile:001" unless given. */
  readonly profileId?: string;
  /** How long a person has; three minutes unless given. */
  readonly approvalMilliseconds?: number;
}

const account = (options: ViettelOptions) => ({
  client_id: options.clientId,
  client_secret: options.clientSecret,
  user_id: options.userId,
  profile_id: options.profileId ?? "adss:ras:profile:001",
});

/** The log-in of the service: an own form of client credentials that names the person. */
async function logIn(options: ViettelOptions, path: string): Promise<AccessToken> {
  const now = options.now ?? (() => new Date());
  return readToken(await serviceCalls(options)({ path, json: account(options), safe: true }), now);
}

/**
 * Viettel MySign over CSC v1 (ADSS RAS). Its keys are approved on the phone: `start` waits for that within the call,
 * up to the patience given, and leaves nothing pending that another process could go on with.
 */
export function viettelSigner(options: ViettelOptions): RemoteSigner {
  return cscSigner({
    ...options,
    provider: "VIETTEL",
    version: 1,
    baseUrl: `${options.baseUrl.replace(/\/+$/, "")}/adss/service/ras/csc/v1`,
    login: () => logIn(options, "adss/service/ras/v1/login"),
    userId: options.userId,
    approvalMilliseconds: options.approvalMilliseconds ?? 3 * 60_000,
  });
}

/**
 * Viettel MySign over the gateway that it offers beside CSC ("vtss"): the signature is ordered, and asked for until
 * the person has approved on the phone.
 */
export function viettelGatewaySigner(options: ViettelOptions): RemoteSigner {
  const provider = "VIETTEL_GATEWAY";
  const { approvalMilliseconds = 3 * 60_000, now = () => new Date() } = options;
  const keeper = tokenKeeper(() => logIn(options, "vtss/service/ras/v1/login"), now);
  const send = serviceCalls(options);
  const call = (path: string, json: object, safe: boolean): Promise<ServiceReply> =>
    keeper.with(async (token) => {
      const headers = { Authorization: `Bearer ${token}` };
      const reply = await send({ path: `vtss/service/${path}`, json, headers, safe });
      if (reply.status === 401) return "UNAUTHORIZED";
      if (reply.status >= 300)
        throw gatewayRefusal(wholeNumber((reply.json as { error?: unknown })?.error), reply.status);
      return reply;
    });

  return {
    provider,
    async credentials() {
      const query = { ...account(options), certificates: "chain", certInfo: true, authInfo: true };
      const { json } = await call("certificates/info", query, true);
      return listOf(json, "certificates", 100).flatMap((entry) => {
        const id = textOf(objectOf(entry, "certificate")["credential_id"], "credential_id", 500);
        const credential = readCredential(id, entry);
        return credential ? [{ ...credential, factors: [] }] : [];
      });
    },
    async start(request) {
      const pending = newPending(provider, request, { startedAt: now(), milliseconds: approvalMilliseconds });
      const { items } = readPending(provider, pending);
      const order = {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        credentialID: pending.credential,
        numSignatures: items.length,
        description: shownText(pending.text),
        documents: items.map((item) => ({ document_id: item.id, document_name: shownText(item.name) })),
        hash: items.map((item: SigningItem) => digestOf(item, pending.digest).toString("base64")),
        hashAlgo: Oid[pending.digest],
        signAlgo: pending.state["signAlgo"],
        async: 1,
      };
      const answer = objectOf((await call("signHash", order, false)).json, "transaction");
      const transaction = textOf(answer["transactionId"], "transactionId", 200);
      return waitingProgress(pending, { now: now(), state: { transaction } });
    },
    async authorize(pending) {
      readPending(provider, pending);
      throw refuse("BAD_INPUT", "The person approves on the phone; nothing is typed in here.");
    },
    async poll(pending) {
      readPending(provider, pending);
      const transactionId = pending.state["transaction"];
      if (!transactionId) return authorizeProgress(pending);
      const answer = objectOf((await call("requests/status", { transactionId }, true)).json, "status");
      const status = wholeNumber(answer["status"]);
      if (status === 4000 || status === 6000) return waitingProgress(pending, { now: now() });
      if (status !== 1) throw gatewayRefusal(status, 200);
      const signatures = listOf(answer["signatures"], "signatures").map((text) => base64Of(text, "signature"));
      return signedProgress(pending, signatures);
    },
    async cancel(pending) {
      readPending(provider, pending);
      return false;
    },
  };
}

/** What is shown on the phone goes over in base64 of less than 100 characters, which hold 72 bytes of UTF-8. */
function shownText(text: string): string {
  let shown = text.normalize("NFC");
  while (Buffer.byteLength(shown) > 72) shown = [...shown].slice(0, -1).join("");
  return Buffer.from(shown, "utf8").toString("base64");
}

function gatewayRefusal(status: number | undefined, http: number): SigningError {
  const details = { status: status ?? http };
  switch (status) {
    case 4001:
      return refuse("EXPIRED", "Nobody approved the signature in time.", details);
    case 4002:
      return refuse("REJECTED", "The person declined.", details);
    case 4005:
      return refuse("LIMIT", "The account's quota is used up.", details);
    case 13004:
      return refuse("CREDENTIAL_UNUSABLE", "The certificate cannot be used now.", details);
    case 50000:
      return refuse("UNAVAILABLE", "The signing service is out of order.", { ...details, uncertain: true });
    case 58007:
    case 58008:
    case 59033:
    case 86024:
      return refuse("ACCESS_DENIED", "The service does not accept our account.", details);
    default:
      return refuse("REFUSED", "The signing service refused.", details);
  }
}
