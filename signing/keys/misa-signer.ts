import type { SigningError } from "../errors.ts";
import { publicKeyOf } from "../x509/certificates.ts";
import { chainOf, readable } from "./chain.ts";
import { base64Of, listOf, objectOf, optionalText, textOf, type JsonObject } from "./remote/json.ts";
import { newPending, readPending, type PendingSignatures } from "./remote/pending.ts";
import { inItemOrder, signedProgress, waitingProgress } from "./remote/progress.ts";
import { refuse } from "./remote/refusals.ts";
import type { NotifyingSigner, RemoteCredential, SigningProgress } from "./remote/remote-signer.ts";
import { digestOf } from "./remote/returned-signature.ts";
import { serviceCalls, type ServiceOptions } from "./remote/service.ts";
import { misaHeaders, type MisaAccount, type MisaSession } from "./misa-login.ts";

/** A person's account with MISA eSign, logged in (see `logInToMisa`). */
export interface MisaOptions extends ServiceOptions, MisaAccount {
  readonly session: MisaSession;
  /** How long a person has; five minutes unless given. */
  readonly approvalMilliseconds?: number;
}

const batch = 100;
const service = "external/esrm/service";

/** A client of MISA eSign remote signing. Its keys sign SHA-256. */
export function misaSigner(options: MisaOptions): NotifyingSigner {
  const provider = "MISA";
  const { session, approvalMilliseconds = 5 * 60_000, now = () => new Date() } = options;
  const send = serviceCalls(options);
  const call = async (method: "GET" | "POST", path: string, json: object | undefined): Promise<unknown> => {
    const headers = { ...misaHeaders(options), AuthorizationRM: `Bearer ${session.token}` };
    const safe = method === "GET";
    const reply = await send({ path: `${service}/${path}`, method, headers, safe, ...(json ? { json } : {}) });
    if (reply.status >= 300) throw misaRefusal(reply.status, reply.json);
    return reply.json;
  };
  /** The answer of the status query, and the body of a notification: the same fields. */
  const outcome = (pending: PendingSignatures, answer: JsonObject): SigningProgress => {
    switch (answer["status"]) {
      case "SUCCESS":
        return signedProgress(pending, readSignatures(pending, answer["signatures"]));
      case "PENDING":
        return waitingProgress(pending, { now: now() });
      case "CANCELLED":
        throw refuse("REJECTED", "The person declined.");
      case "FAILED":
        throw misaFailure(optionalText(answer["errorCode"], 100));
      default:
        throw refuse("BAD_ANSWER", "The answer has no known status.");
    }
  };

  return {
    provider,
    async credentials() {
      const list = listOf(await call("GET", "general/api/v1/Certificates/by-userId", undefined), "certificates", 100);
      return list.flatMap((entry) => {
        const credential = readMisaCredential(objectOf(entry, "certificate"), session.userId);
        return credential ? [credential] : [];
      });
    },
    async start(request) {
      const pending = newPending(provider, request, { startedAt: now(), milliseconds: approvalMilliseconds });
      const { items } = readPending(provider, pending);
      const answer = await call("POST", "signing/api/v1/Signing/hash", {
        DataToBeDisplayed: pending.text,
        UserId: pending.state["userId"],
        CertAlias: pending.credential,
        Documents: items.map((item) => ({
          DocumentId: item.id,
          FileToSign: digestOf(item, pending.digest).toString("base64"),
          DocumentName: [...item.name].slice(0, 100).join("") || item.id,
        })),
      });
      const transaction = textOf(objectOf(answer, "transaction")["transactionId"], "transactionId", 200);
      return waitingProgress(pending, { now: now(), state: { transaction } });
    },
    async authorize(pending) {
      readPending(provider, pending);
      throw refuse("BAD_INPUT", "The person approves on the phone; nothing is typed in here.");
    },
    async poll(pending) {
      readPending(provider, pending);
      const { transaction = "" } = pending.state;
      const path = `signing/api/v1/Signing/status/${encodeURIComponent(transaction)}`;
      return outcome(pending, objectOf(await call("GET", path, undefined), "status"));
    },
    async cancel(pending) {
      readPending(provider, pending);
      return false;
    },
    receive(pending, body) {
      readPending(provider, pending);
      const notification = objectOf(body, "notification");
      const ours = notification["transactionId"] === pending.state["transaction"];
      if (ours && notification["status"] === "SUCCESS") return outcome(pending, notification);
      return waitingProgress(pending, { now: now(), pollAfterMilliseconds: 0 });
    },
  };
}

/** `certiticateChain` is the service's own spelling: the signer's certificate, MISA's authority, the national root. */
function readMisaCredential(entry: JsonObject, userId: string): RemoteCredential | undefined {
  const pool = listOf(entry["certiticateChain"] ?? entry["certificateChain"] ?? [], "certiticateChain", 10);
  const [certificate] = readable([base64Of(entry["certificate"], "certificate")]);
  if (!certificate || publicKeyOf(certificate).asymmetricKeyType === "ed25519") return undefined;
  const active = entry["keyStatus"] === "ACTIVE" && (entry["certStatus"] ?? "ACTIVE") === "ACTIVE";
  return {
    id: textOf(entry["keyAlias"], "keyAlias", 200),
    certificate: certificate.der,
    chain: chainOf(certificate, readable(pool.map((text) => base64Of(text, "certiticateChain")))),
    digest: "sha256",
    status: active ? "VALID" : "DISABLED",
    factors: [],
    batch,
    state: { userId: optionalText(entry["userId"], 200) ?? userId },
  };
}

/** With documentId by that, else in the order of the request, as the service promises. */
function readSignatures(pending: PendingSignatures, value: unknown): readonly Buffer[] {
  const returned = listOf(value, "signatures").map((entry) => {
    const signature = objectOf(entry, "signature");
    return { id: optionalText(signature["documentId"], 100), signature: base64Of(signature["signature"], "signature") };
  });
  if (returned.every(({ id }) => id === undefined)) return returned.map(({ signature }) => signature);
  return inItemOrder(
    pending,
    returned.map(({ id, signature }) => ({ id: id ?? "", signature })),
  );
}

function misaFailure(errorCode: string | undefined): SigningError {
  const code = (errorCode ?? "").toUpperCase();
  const details = { reason: /^[A-Z0-9_]{1,60}$/.test(code) ? code : "unknown" };
  if (/EXPIRE|TIMEOUT|TIME_OUT/.test(code)) return refuse("EXPIRED", "Nobody approved the signature in time.", details);
  if (/REJECT|CANCEL|DENY|DENIED/.test(code)) return refuse("REJECTED", "The person declined.", details);
  if (/QUOTA|LIMIT/.test(code)) return refuse("LIMIT", "The account's quota is used up.", details);
  if (/CERT/.test(code)) return refuse("CREDENTIAL_UNUSABLE", "The certificate cannot be used now.", details);
  return refuse("REFUSED", "The signing service refused.", details);
}

/** An answer of 4xx: {error, errorCode, devMsg, userMsg}. */
function misaRefusal(status: number, json: unknown): SigningError {
  const body = typeof json === "object" && json !== null ? (json as JsonObject) : {};
  if (status === 401) return refuse("ACCESS_DENIED", "The log-in has run out.", { status });
  return misaFailure(optionalText(body["errorCode"], 100));
}
