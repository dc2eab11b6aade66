import { signatureAlgorithmOf, type RsaScheme } from "../../algorithms/identifiers.ts";
import { publicKeyOf, readCertificate } from "../../x509/certificates.ts";
import type { SignatureDigest } from "../signer.ts";
import type { AuthorizationFactor, SigningItem, SigningRequest } from "./remote-signer.ts";
import { refuse } from "./refusals.ts";

/** A transaction as it is stored: plain JSON, no secrets. Byte strings are base64, times ISO 8601. */
export interface PendingSignatures {
  readonly version: 1;
  readonly provider: string;
  readonly credential: string;
  readonly certificate: string;
  readonly digest: SignatureDigest;
  readonly scheme?: RsaScheme;
  readonly items: readonly { readonly id: string; readonly name: string; readonly toBeSigned: string }[];
  readonly text: string;
  readonly step: "AUTHORIZE" | "WAITING";
  readonly factors: readonly AuthorizationFactor[];
  readonly startedAt: string;
  readonly expiresAt: string;
  /** What the provider remembers: transaction numbers and the like. */
  readonly state: Readonly<Record<string, string>>;
}

/** A pending transaction with its bytes read. */
export interface ReadPending {
  readonly pending: PendingSignatures;
  readonly certificate: Buffer;
  readonly items: readonly SigningItem[];
}

/** Bounds of one transaction. */
export const pendingLimits = { items: 500, bytes: 64 * 1024, name: 500, text: 1_000 } as const;

const factors: readonly string[] = ["pin", "otp", "password", "sad"];

/** Makes the record of a request. Throws BAD_INPUT, LIMIT or CREDENTIAL_UNUSABLE. */
export function newPending(
  provider: string,
  request: SigningRequest,
  period: { readonly startedAt: Date; readonly milliseconds: number },
): PendingSignatures {
  const { credential, items, text } = request;
  if (items.length === 0 || items.length > pendingLimits.items) {
    throw refuse("BAD_INPUT", `A request takes 1 to ${pendingLimits.items} signatures.`);
  }
  if (items.length > credential.batch) {
    throw refuse("LIMIT", "More signatures than one authorization allows.", { most: credential.batch });
  }
  if (credential.status !== "VALID" && credential.status !== "UNKNOWN") {
    throw refuse("CREDENTIAL_UNUSABLE", "The key cannot be used now.", { status: credential.status });
  }
  const pending: PendingSignatures = {
    version: 1,
    provider,
    credential: credential.id,
    certificate: credential.certificate.toString("base64"),
    digest: credential.digest,
    ...(credential.scheme ? { scheme: credential.scheme } : {}),
    items: items.map(({ id, name, toBeSigned }) => ({
      id,
      name: name.normalize("NFC"),
      toBeSigned: toBeSigned.toString("base64"),
    })),
    text: text.normalize("NFC"),
    step: "AUTHORIZE",
    factors: credential.factors,
    startedAt: period.startedAt.toISOString(),
    expiresAt: new Date(period.startedAt.getTime() + period.milliseconds).toISOString(),
    state: credential.state,
  };
  const fault = faultIn(pending);
  if (fault) throw refuse("BAD_INPUT", `The request is not right: ${fault}.`);
  return pending;
}

/** Reads a stored transaction of this provider. Throws BAD_PENDING. */
export function readPending(provider: string, pending: PendingSignatures): ReadPending {
  const fault = pending?.provider === provider ? faultIn(pending) : "another provider's";
  if (fault) throw refuse("BAD_PENDING", `The stored transaction is not right: ${fault}.`);
  return {
    pending,
    certificate: Buffer.from(pending.certificate, "base64"),
    items: pending.items.map(({ id, name, toBeSigned }) => ({
      id,
      name,
      toBeSigned: Buffer.from(toBeSigned, "base64"),
    })),
  };
}

function faultIn(pending: PendingSignatures): string | undefined {
  const isText = (value: unknown, longest: number) => typeof value === "string" && value.length <= longest;
  if (pending.version !== 1) return "version";
  if (!isText(pending.credential, 500) || !pending.credential) return "credential";
  if (!["AUTHORIZE", "WAITING"].includes(pending.step)) return "step";
  if (!Array.isArray(pending.factors) || !pending.factors.every((factor) => factors.includes(factor))) return "factors";
  if (!isText(pending.text, pendingLimits.text)) return "text";
  if (Number.isNaN(Date.parse(pending.startedAt)) || Number.isNaN(Date.parse(pending.expiresAt))) return "times";
  if (typeof pending.state !== "object" || pending.state === null) return "state";
  if (!Object.values(pending.state).every((value) => isText(value, 8_192))) return "state";
  try {
    const key = publicKeyOf(readCertificate(Buffer.from(pending.certificate, "base64")));
    signatureAlgorithmOf(key.asymmetricKeyType, pending.digest, pending.scheme);
  } catch {
    return "certificate and algorithm";
  }
  if (!Array.isArray(pending.items) || pending.items.length === 0) return "items";
  if (pending.items.length > pendingLimits.items) return "items";
  const ids = new Set<string>();
  for (const { id, name, toBeSigned } of pending.items) {
    if (typeof id !== "string" || !/^[A-Za-z0-9._-]{1,36}$/.test(id) || ids.has(id)) return "an item's id";
    if (!isText(name, pendingLimits.name)) return "an item's name";
    if (!isText(toBeSigned, pendingLimits.bytes * 2) || !toBeSigned) return "an item's bytes";
    ids.add(id);
  }
  return undefined;
}
