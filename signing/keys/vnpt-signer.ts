import { randomUUID } from "node:crypto";
import type { SigningError } from "../errors.ts";
import { publicKeyOf } from "../x509/certificates.ts";
import { chainOf, readable } from "./chain.ts";
import { base64Of, listOf, objectOf, optionalText, textOf, wholeNumber, type JsonObject } from "./remote/json.ts";
import { newPending, readPending, type PendingSignatures } from "./remote/pending.ts";
import { authorizeProgress, inItemOrder, signedProgress, waitingProgress } from "./remote/progress.ts";
import { refuse } from "./remote/refusals.ts";
import type {
  Authorization,
  CredentialStatus,
  NotifyingSigner,
  RemoteCredential,
  SigningProgress,
} from "./remote/remote-signer.ts";
import { digestOf } from "./remote/returned-signature.ts";
import { serviceCalls, type ServiceOptions } from "./remote/service.ts";

/** An account with VNPT SmartCA ("sp769"); `baseUrl` is the address before "sca/sp769". */
export interface VnptOptions extends ServiceOptions {
  readonly spId: string;
  readonly spPassword: string;
  /** The subscriber: CCCD, CMND, passport or tax number. */
  readonly userId: string;
  /** "app": the person approves on the phone (v1). "otp": password and one-time password are typed in here (v2). */
  readonly flow: "app" | "otp";
  /** How long a person has; five minutes unless given, as the service itself allows. */
  readonly approvalMilliseconds?: number;
}

/** The service documents no bound for a batch; this one keeps a request small. */
const batch = 100;

/** A client of VNPT SmartCA. Its keys are RSA and sign SHA-256. */
export function vnptSigner(options: VnptOptions): NotifyingSigner {
  const provider = "VNPT";
  const { spId, spPassword, userId, flow, approvalMilliseconds = 5 * 60_000, now = () => new Date() } = options;
  const send = serviceCalls(options);
  const account = { sp_id: spId, sp_password: spPassword, user_id: userId };

  /** Sends and reads the envelope {status_code, message, data}. */
  const call = async (path: string, json: object, safe: boolean): Promise<{ message: string; data: JsonObject }> => {
    const reply = await send({ path: `sca/sp769/${path}`, json, safe });
    const envelope = objectOf(reply.json, "envelope");
    const code = wholeNumber(envelope["status_code"]) ?? reply.status;
    const message = optionalText(envelope["message"]) ?? "";
    if (code !== 200) throw vnptRefusal(code, message, { safe, typedIn: path.startsWith("v2/") });
    const data = envelope["data"] ?? {};
    return { message, data: objectOf(data, "data") };
  };

  const signFiles = (pending: PendingSignatures) =>
    readPending(provider, pending).items.map((item) => ({
      file_type: "pdf",
      data_to_be_signed: digestOf(item, pending.digest).toString("hex"),
      doc_id: item.id,
      sign_type: "hash",
    }));

  const order = (pending: PendingSignatures) => ({
    ...account,
    transaction_id: pending.state["transaction"],
    transaction_desc: pending.text,
    time_stamp: timestampOf(now()),
    serial_number: pending.state["serial"],
    sign_files: signFiles(pending),
  });

  const startOnPhone = async (pending: PendingSignatures): Promise<SigningProgress> => {
    const { data } = await call("v1/signatures/sign", order(pending), false);
    const reference = textOf(data["transaction_id"], "transaction_id", 200);
    return waitingProgress(pending, { now: now(), state: { reference } });
  };

  const signWithOtp = async (pending: PendingSignatures, given: Authorization): Promise<SigningProgress> => {
    const { password, otp } = given;
    if (password === undefined || otp === undefined) {
      throw refuse("BAD_INPUT", "Password and one-time password are needed.");
    }
    const signed = await call("v2/signatures/sign", { ...order(pending), password, otp }, false);
    const confirmation = {
      ...account,
      password,
      transaction_id: textOf(signed.data["transaction_id"], "transaction_id", 200),
      sad: textOf(signed.data["sad"], "sad", 16_384),
    };
    const { data } = await call("v2/signatures/confirm", confirmation, false);
    return signedProgress(pending, readSignatures(pending, data["signatures"]));
  };

  const authorize = async (pending: PendingSignatures, given: Authorization): Promise<SigningProgress> => {
    readPending(provider, pending);
    if (pending.step !== "AUTHORIZE") throw refuse("BAD_PENDING", "The transaction is authorized already.");
    if (now().getTime() > Date.parse(pending.expiresAt)) throw refuse("EXPIRED", "The time to authorize is over.");
    // The number must be new for each try, or the service takes a second one for a repetition of the first.
    const state = { ...pending.state, transaction: randomUUID() };
    return flow === "app" ? startOnPhone({ ...pending, state }) : signWithOtp({ ...pending, state }, given);
  };

  return {
    provider,
    async credentials() {
      const query = { ...account, serial_number: "", transaction_id: randomUUID() };
      const { data } = await call("v1/credentials/get_certificate", query, true);
      return listOf(data["user_certificates"] ?? [], "user_certificates", 100).flatMap((entry) => {
        const credential = readVnptCredential(objectOf(entry, "certificate"), flow);
        return credential ? [credential] : [];
      });
    },
    async start(request) {
      const pending = newPending(provider, request, { startedAt: now(), milliseconds: approvalMilliseconds });
      if (flow === "otp" && !request.authorization) return authorizeProgress(pending);
      return authorize(pending, request.authorization ?? {});
    },
    authorize,
    async poll(pending) {
      readPending(provider, pending);
      const { reference } = pending.state;
      if (pending.step === "AUTHORIZE" || !reference) return authorizeProgress(pending);
      const path = `v1/signatures/sign/${encodeURIComponent(reference)}/status`;
      const { message, data } = await call(path, {}, true);
      if (data["signatures"] != null) return signedProgress(pending, readSignatures(pending, data["signatures"]));
      const refused = outcomeOf(message);
      if (refused) throw refused;
      return waitingProgress(pending, { now: now() });
    },
    async cancel(pending) {
      readPending(provider, pending);
      return false;
    },
    receive(pending, body) {
      readPending(provider, pending);
      const { signed_files: files, transaction_id: transaction } = objectOf(body, "notification");
      const ours = [pending.state["transaction"], pending.state["reference"]].includes(String(transaction));
      if (!ours || files == null) return waitingProgress(pending, { now: now(), pollAfterMilliseconds: 0 });
      return signedProgress(pending, readSignatures(pending, files));
    },
  };
}

function readVnptCredential(entry: JsonObject, flow: "app" | "otp"): RemoteCredential | undefined {
  const issuers = objectOf(entry["chain_data"] ?? {}, "chain_data");
  const pool = [issuers["ca_cert"], issuers["root_cert"]].filter((value) => value != null && value !== "");
  const [certificate] = readable([base64Of(entry["cert_data"], "cert_data")]);
  if (!certificate || publicKeyOf(certificate).asymmetricKeyType !== "rsa") return undefined;
  return {
    id: textOf(entry["cert_id"] ?? entry["serial_number"], "cert_id", 200),
    certificate: certificate.der,
    chain: chainOf(certificate, readable(pool.map((value) => base64Of(value, "chain_data")))),
    digest: "sha256",
    status: statusOf(entry),
    factors: flow === "otp" ? ["password", "otp"] : [],
    batch,
    state: { serial: textOf(entry["serial_number"], "serial_number", 200) },
  };
}

/** `cert_status` is a sentence in Vietnamese; some installations give a code besides. */
function statusOf(entry: JsonObject): CredentialStatus {
  const code = optionalText(entry["cert_status_code"], 40)?.toUpperCase();
  const status = (optionalText(entry["cert_status"], 200) ?? "").normalize("NFC").toLowerCase();
  if (code === "VALID" || status === "đang hoạt động") return "VALID";
  if (code === "EXPIRED" || status.includes("hết hạn")) return "EXPIRED";
  if (code === "REVOKED" || status.includes("thu hồi")) return "REVOKED";
  if (code === "SUSPENDED" || status.includes("tạm dừng") || status.includes("tạm ngưng")) return "SUSPENDED";
  return "UNKNOWN";
}

function readSignatures(pending: PendingSignatures, value: unknown): readonly Buffer[] {
  const returned = listOf(value, "signatures").map((entry) => {
    const signature = objectOf(entry, "signature");
    return {
      id: textOf(signature["doc_id"], "doc_id", 100),
      signature: base64Of(signature["signature_value"], "signature_value"),
    };
  });
  return inItemOrder(pending, returned);
}

/** What the message of a finished transaction without signatures means; undefined while it goes on. */
function outcomeOf(message: string): SigningError | undefined {
  const words = message.trim().toUpperCase();
  if (/EXPIRE|TIMEOUT|TIME_OUT/.test(words)) return refuse("EXPIRED", "Nobody approved the signature in time.");
  if (/REJECT|DENIED|DENY|DECLINE|CANCEL|REFUSE/.test(words)) return refuse("REJECTED", "The person declined.");
  if (/FAIL|ERROR/.test(words)) return refuse("REFUSED", "The signing service refused.", { reason: "FAILED" });
  return undefined;
}

function vnptRefusal(
  code: number,
  message: string,
  { safe, typedIn }: { readonly safe: boolean; readonly typedIn: boolean },
): SigningError {
  const details = { status: code };
  if (typedIn) {
    if (/locked|bị khóa|tạm khóa/i.test(message)) return refuse("LOCKED", "The account is locked.", details);
    if (/otp/i.test(message)) return refuse("WRONG_OTP", "The one-time password is wrong.", details);
    if (/password|mật khẩu/i.test(message)) return refuse("WRONG_PIN", "The password is wrong.", details);
  }
  const outcome = outcomeOf(message);
  if (outcome && outcome.code !== "REFUSED") return outcome;
  switch (code) {
    case 401:
      return refuse("ACCESS_DENIED", "The service does not accept our account.", details);
    case 403:
      return refuse("CREDENTIAL_UNUSABLE", "The certificate cannot be used now.", details);
    default:
      return code >= 500
        ? refuse("UNAVAILABLE", "The signing service is out of order.", { ...details, uncertain: !safe })
        : refuse("REFUSED", "The signing service refused.", details);
  }
}

/** `time_stamp`, such as 20220316063000Z. */
function timestampOf(at: Date): string {
  return `${at.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;
}
