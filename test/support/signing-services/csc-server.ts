import { randomUUID } from "node:crypto";
import { Oid } from "../../../signing/oids.ts";
import { faultySigning, personsAnswer } from "./faulty-key.ts";
import type { HashSigning, HeldKey } from "./key-holder.ts";
import {
  startService,
  type Faults,
  type ServiceAnswered,
  type ServiceAsked,
  type ServiceServer,
} from "./service-server.ts";

/** A pretended service of the Cloud Signature Consortium's API. */
export interface CscSetting {
  readonly version: 1 | 2;
  readonly keys: readonly HeldKey[];
  /** What the person types in; without any, a phone is asked (v1: authorize holds its answer back; v2: answers 202). */
  readonly pin?: string;
  readonly otp?: string;
  readonly multisign?: number;
  /** `key/algo`; all that fit unless given. */
  readonly algorithms?: readonly string[];
  readonly signing?: HashSigning;
  readonly faults?: Faults;
  /** Where the methods are; "/csc/v1" or "/csc/v2" unless given. */
  readonly path?: string;
  /** A log-in of the provider's own, beside those of the standard. */
  readonly logIn?: (asked: ServiceAsked) => ServiceAnswered | undefined;
  /** Milliseconds for which v1 holds the answer back while the phone is asked. */
  readonly approvalDelay?: number;
}

export interface CscServer extends ServiceServer {
  readonly baseUrl: string;
  /** The one-time passwords that were sent out. */
  readonly sent: string[];
  /** Makes all access tokens worthless. */
  forgetTokens(): void;
}

const clientId = "cong-van";
const clientSecret = "bí mật của ứng dụng";
/** What the server takes as a log-in. */
export const cscAccount = { clientId, clientSecret, user: "van-thu", password: "mật khẩu" } as const;

interface Activation {
  readonly credential: string;
  hashes: string[];
  left: number;
}

const error = (status: number, code: string, description: string): ServiceAnswered => ({
  status,
  json: { error: code, error_description: description },
});
const invalid = (description: string) => error(400, "invalid_request", description);

/** Starts the server; the standard's own sentences are given as errors. */
export async function startCscServer(setting: CscSetting): Promise<CscServer> {
  const { version, keys, pin, otp, multisign = 10, faults = {} } = setting;
  const path = setting.path ?? `/csc/v${version}`;
  const credentials = new Map(keys.map((held, i) => [`GX01123${i}`, { held, sign: faultySigning(held, faults) }]));
  const tokens = new Set<string>();
  const activations = new Map<string, Activation>();
  const handles = new Map<string, { activation: Activation; person: ReturnType<typeof personsAnswer> }>();
  const results = new Map<string, { signatures: string[]; person: ReturnType<typeof personsAnswer> }>();
  const sent: string[] = [];
  let wrongTries = 0;

  const logIn = ({ path: asked, body, headers }: ServiceAsked): ServiceAnswered | undefined => {
    const give = (): ServiceAnswered => {
      const token = randomUUID();
      tokens.add(token);
      return { status: 200, json: { access_token: token, token_type: "Bearer", expires_in: 3600 } };
    };
    if (asked === "/oauth2/token") {
      if (body["client_id"] !== clientId || body["client_secret"] !== clientSecret) {
        return error(401, "invalid_client", "Client authentication failed");
      }
      const byUser = body["username"] === cscAccount.user && body["password"] === cscAccount.password;
      if (body["grant_type"] === "client_credentials" || (body["grant_type"] === "password" && byUser)) return give();
      return error(400, "invalid_grant", "The grant is invalid");
    }
    if (asked === `${path}/auth/login`) {
      const basic = Buffer.from(`${cscAccount.user}:${cscAccount.password}`).toString("base64");
      return headers.authorization === `Basic ${basic}` ? give() : error(400, "authentication_error", "Wrong log-in");
    }
    const own = setting.logIn?.({ path: asked, body, headers, method: "POST" });
    return own && (own.status === 200 ? give() : own);
  };

  const info = (id: string): ServiceAnswered => {
    const entry = credentials.get(id);
    if (!entry) return invalid("Invalid parameter credentialID");
    const { held } = entry;
    const rsa = held.key.asymmetricKeyType === "rsa";
    const typed = (value: string | undefined) => ({ presence: value === undefined ? "false" : "true" });
    const authorization =
      version === 1
        ? {
            authMode: pin === undefined && otp === undefined ? "implicit" : "explicit",
            SCAL: "2",
            PIN: { ...typed(pin), format: "N", label: "PIN" },
            OTP: { ...typed(otp), type: "online", format: "N", label: "OTP" },
          }
        : {
            SCAL: "2",
            auth: {
              mode: "explicit",
              expression: "PIN AND OTP",
              objects: [
                ...(pin === undefined ? [] : [{ type: "Password", id: "PIN", format: "N", label: "PIN" }]),
                ...(otp === undefined ? [] : [{ type: "ChallengeResponse", id: "OTP", label: "OTP" }]),
                ...(pin === undefined && otp === undefined ? [{ type: "ChallengeResponseOOB", id: "mobile" }] : []),
              ],
            },
          };
    return {
      status: 200,
      json: {
        key: {
          status: "enabled",
          algo: setting.algorithms ?? (rsa ? [Oid.sha256WithRsa, Oid.rsassaPss] : [Oid.ecdsaWithSha256]),
          len: rsa ? 2048 : 256,
        },
        cert: {
          status: "valid",
          certificates: [held.certificate, ...held.chain].map((bytes) => bytes.toString("base64")),
        },
        multisign,
        ...authorization,
      },
    };
  };

  /** Whether PIN and one-time password are right; undefined if so. */
  const refuseSecrets = (body: Record<string, unknown>): ServiceAnswered | undefined => {
    const given = (body["authData"] ?? []) as { id: string; value?: string }[];
    const value = (id: string) => (version === 1 ? body[id] : given.find((entry) => entry.id === id)?.value);
    if (wrongTries >= 3) return invalid("Credential locked");
    if (pin !== undefined && value("PIN") !== pin) {
      wrongTries++;
      if (version === 2) return error(400, "invalid_authentication_data", "The authentication data is invalid");
      return error(400, "invalid_pin", "The PIN is invalid");
    }
    if (otp !== undefined && (value("OTP") !== otp || sent.length === 0)) {
      wrongTries++;
      if (version === 2) return error(400, "invalid_authentication_data", "The authentication data is invalid");
      return error(400, "invalid_otp", "The OTP is invalid");
    }
    return undefined;
  };

  const activate = (activation: Activation): ServiceAnswered => {
    const sad = randomUUID();
    activations.set(sad, activation);
    return { status: 200, json: { SAD: sad, expiresIn: 300 } };
  };

  const authorize = async (body: Record<string, unknown>): Promise<ServiceAnswered> => {
    const hashes = body[version === 1 ? "hash" : "hashes"] as string[];
    const count = Number(body["numSignatures"]);
    if (!credentials.has(String(body["credentialID"]))) return invalid("Invalid parameter credentialID");
    if (count > multisign || faults.quota) return invalid("Numbers of signatures is too high");
    if (!Array.isArray(hashes) || hashes.length !== count) return invalid("Invalid value for parameter numSignatures");
    if (version === 2 && typeof body["hashAlgorithmOID"] !== "string") return invalid("Missing hashAlgorithmOID");
    const refused = refuseSecrets(body);
    if (refused) return refused;
    const activation = { credential: String(body["credentialID"]), hashes: [...hashes], left: count };
    const phone = pin === undefined && otp === undefined;
    if (phone && version === 2) {
      const handle = randomUUID();
      handles.set(handle, { activation, person: personsAnswer(faults) });
      return { status: 202, json: { handle } };
    }
    if (phone) await new Promise((resolve) => setTimeout(resolve, setting.approvalDelay ?? 0));
    switch (personsAnswer(faults)()) {
      case "expired":
        return invalid("SAD expired");
      case "rejected":
        return error(400, "access_denied", "The user denied the request");
      default:
        return activate(activation);
    }
  };

  const check = (body: Record<string, unknown>): ServiceAnswered => {
    const entry = handles.get(String(body["handle"]));
    if (!entry) return invalid("Invalid parameter handle");
    switch (entry.person()) {
      case "waiting":
        return { status: 202, json: { handle: body["handle"] } };
      case "expired":
        return invalid("Expired handle");
      case "rejected":
        return error(400, "access_denied", "The user denied the request");
      default:
        handles.delete(String(body["handle"]));
        return activate(entry.activation);
    }
  };

  const signHash = (body: Record<string, unknown>): ServiceAnswered => {
    const hashes = body[version === 1 ? "hash" : "hashes"] as string[];
    const algorithm = body[version === 1 ? "hashAlgo" : "hashAlgorithmOID"];
    const sad = String(body["SAD"]);
    const activation = activations.get(sad);
    if (!activation || activation.credential !== body["credentialID"]) return invalid("Invalid parameter SAD");
    if (!hashes.every((hash) => activation.hashes.includes(hash))) return invalid("Hash is not authorized by the SAD");
    if (hashes.length > activation.left) return invalid("Numbers of signatures is too high");
    if (hashes.some((hash) => Buffer.from(hash, "base64").length !== 32)) return invalid("Invalid digest value length");
    if (algorithm !== Oid.sha256) return invalid("Invalid parameter hashAlgo");
    const pss = body["signAlgo"] === Oid.rsassaPss;
    if (pss && typeof body["signAlgoParams"] !== "string") return invalid("Missing string parameter signAlgoParams");
    activation.left -= hashes.length;
    // A SAD is good for one call; what is left of it is carried on by extendTransaction.
    activations.set(sad, { ...activation, hashes: [] });
    const { sign } = credentials.get(activation.credential)!;
    const way = { ...setting.signing, ...(pss ? { scheme: "pss" as const } : {}) };
    const decoded = hashes.map((hash) => Buffer.from(hash, "base64"));
    const signatures = sign(decoded, way).map((signature) => signature.toString("base64"));
    if (body["operationMode"] !== "A") return { status: 200, json: { signatures } };
    const responseID = randomUUID();
    results.set(responseID, { signatures, person: personsAnswer(faults) });
    return { status: 200, json: { responseID } };
  };

  const extend = (body: Record<string, unknown>): ServiceAnswered => {
    const activation = activations.get(String(body["SAD"]));
    if (!activation || activation.left === 0) return invalid("Invalid parameter SAD");
    activations.delete(String(body["SAD"]));
    return activate({ ...activation, hashes: body[version === 1 ? "hash" : "hashes"] as string[] });
  };

  const poll = (body: Record<string, unknown>): ServiceAnswered => {
    const result = results.get(String(body["requestID"]));
    if (!result) return invalid("Invalid parameter requestID");
    if (result.person() === "waiting") return { status: 202, json: { error: "accepted_request" } };
    return { status: 200, json: { signatures: result.signatures } };
  };

  const server = await startService(faults, (asked) => {
    const token = logIn(asked);
    if (token) return token;
    if (!asked.path.startsWith(`${path}/`)) return { status: 404 };
    const method = asked.path.slice(path.length + 1);
    if (method === "info") return { status: 200, json: { specs: version === 1 ? "1.0.4.0" : "2.0.0.2", name: "Thử" } };
    if (!tokens.has(asked.headers.authorization?.replace(/^Bearer /, "") ?? "")) {
      return error(401, "invalid_token", "The access token is invalid");
    }
    switch (method) {
      case "credentials/list":
        return { status: 200, json: { credentialIDs: [...credentials.keys()] } };
      case "credentials/info":
        return info(String(asked.body["credentialID"]));
      case version === 1 ? "credentials/sendOTP" : "credentials/getChallenge":
        sent.push(otp ?? "");
        return { status: 204 };
      case "credentials/authorize":
        return authorize(asked.body);
      case "credentials/extendTransaction":
        return extend(asked.body);
      case "signatures/signHash":
        return signHash(asked.body);
      case version === 2 ? "credentials/authorizeCheck" : "":
        return check(asked.body);
      case version === 2 ? "signatures/signPolling" : "":
        return poll(asked.body);
      default:
        return { status: 404 };
    }
  });
  return Object.assign(server, { baseUrl: `${server.url}${path}`, sent, forgetTokens: () => tokens.clear() });
}
