import { publicKeyOf } from "../../x509/certificates.ts";
import { chainOf, readable } from "../chain.ts";
import { base64Of, listOf, objectOf, optionalText, textOf, wholeNumber, type JsonObject } from "../remote/json.ts";
import type { AuthorizationFactor, CredentialStatus, RemoteCredential } from "../remote/remote-signer.ts";
import { chooseAlgorithm } from "./algorithms.ts";

const statuses: Readonly<Record<string, CredentialStatus>> = {
  valid: "VALID",
  expired: "EXPIRED",
  revoked: "REVOKED",
  suspended: "SUSPENDED",
};

/**
 * Reads the answer of credentials/info, in the form of v1 (authMode, PIN, OTP) and of v2 (auth.mode, auth.objects).
 * Undefined for a key without a readable certificate or an algorithm that signs digests. Throws BAD_ANSWER.
 */
export function readCredential(id: string, answer: unknown): RemoteCredential | undefined {
  const info = objectOf(answer, "credential");
  const key = objectOf(info["key"], "key");
  const cert = objectOf(info["cert"], "cert");
  const offered = listOf(key["algo"], "key algorithms", 100).map((oid) => textOf(oid, "algorithm", 100));
  const encoded = listOf(cert["certificates"], "certificates", 20);
  const [own, ...pool] = encoded.map((text) => base64Of(text, "certificate"));
  const [certificate] = readable([own]);
  const algorithm = certificate && chooseAlgorithm(publicKeyOf(certificate), offered);
  if (!certificate || !algorithm) return undefined;
  const { digest, scheme, signAlgo } = algorithm;
  const status = key["status"] === "disabled" ? "DISABLED" : statuses[String(cert["status"])];
  const authorization = readAuthorization(info);
  return {
    id,
    certificate: certificate.der,
    chain: chainOf(certificate, readable(pool)),
    digest,
    ...(scheme ? { scheme } : {}),
    status: status ?? "UNKNOWN",
    factors: authorization.factors,
    batch: Math.max(1, wholeNumber(info["multisign"]) ?? 1),
    state: { signAlgo, ...authorization.state },
  };
}

interface AuthorizationNeeds {
  readonly factors: readonly AuthorizationFactor[];
  readonly state: Readonly<Record<string, string>>;
}

function readAuthorization(info: JsonObject): AuthorizationNeeds {
  if (typeof info["auth"] === "object" && info["auth"] !== null) return readObjects(objectOf(info["auth"], "auth"));
  switch (info["authMode"]) {
    case "oauth2code":
      return { factors: ["sad"], state: {} };
    case "implicit":
      return { factors: [], state: {} };
    default: {
      const [pin, otp] = [info["PIN"], info["OTP"]].map((entry) => (entry ? objectOf(entry, "PIN or OTP") : {}));
      // "optional" leaves the choice to the user; who asks for what may be there is never refused for want of it.
      const wanted = (entry: JsonObject) => ["true", "optional"].includes(String(entry["presence"]));
      const factors: AuthorizationFactor[] = [
        ...(wanted(pin!) ? ["pin" as const] : []),
        ...(wanted(otp!) ? ["otp" as const] : []),
      ];
      // An online OTP is sent on request (credentials/sendOTP), an offline one comes from a device.
      return { factors, state: wanted(otp!) && otp!["type"] === "online" ? { sendOtp: "OTP" } : {} };
    }
  }
}

/** v2: each object that is typed in becomes a factor; what is confirmed elsewhere ("OOB") is only announced. */
function readObjects(auth: JsonObject): AuthorizationNeeds {
  if (auth["mode"] === "oauth2code") return { factors: ["sad"], state: {} };
  const state: Record<string, string> = {};
  const elsewhere: string[] = [];
  for (const entry of listOf(auth["objects"] ?? [], "auth objects", 20)) {
    const object = objectOf(entry, "auth object");
    const id = textOf(object["id"], "auth object id", 100);
    const type = optionalText(object["type"]) ?? "";
    if (type.endsWith("OOB")) elsewhere.push(id);
    else if (type === "ChallengeResponse") Object.assign(state, { otpId: id, sendOtp: id });
    else if (/otp/i.test(id) || object["generator"] !== undefined) state["otpId"] = id;
    else state["pinId"] = id;
  }
  if (elsewhere.length) state["elsewhere"] = JSON.stringify(elsewhere);
  const either = /\bX?OR\b/.test(optionalText(auth["expression"]) ?? "");
  // With alternatives, what is typed in here goes before what another device must confirm.
  if (either && (state["otpId"] || state["pinId"])) delete state["elsewhere"];
  const factors: AuthorizationFactor[] = [
    ...(state["pinId"] ? ["pin" as const] : []),
    ...(state["otpId"] ? ["otp" as const] : []),
  ];
  return { factors: either ? factors.slice(0, 1) : factors, state };
}
