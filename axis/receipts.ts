import { agencyCodePattern } from "./agency-code.ts";
import { canonicalJson, sha256 } from "./canonical.ts";
import { AxisError, type RefusalCode } from "./errors.ts";
import { digestPattern, parseCanonical, parseManifest, protocolVersion, type Manifest } from "./manifest.ts";
import { instant, list, malformed, nullable, oneOf, record, text } from "./shape.ts";
import { signBytes, verifyBytes, type Credential, type Signed } from "./signature.ts";
import { uuidPattern, uuidv7Pattern } from "./uuid.ts";

/** The hub's word that it holds a message durably and will deliver it to these recipients. */
export interface HubReceipt {
  readonly v: typeof protocolVersion;
  readonly hub: string;
  readonly messageId: string;
  readonly manifestSha256: string;
  readonly acceptedAt: string;
  readonly recipients: readonly string[];
}

/** A recipient's word about one delivery: stored with these digests, or refused and why. */
export interface DeliveryReceipt {
  readonly v: typeof protocolVersion;
  readonly deliveryId: string;
  readonly messageId: string;
  readonly recipient: string;
  readonly manifestSha256: string;
  /** Of a stored message all parts; of a refused one those that were read. */
  readonly parts: readonly { readonly id: string; readonly sha256: string }[];
  readonly outcome: "stored" | "refused";
  /** Why it was refused; null when stored. */
  readonly code: RefusalCode | null;
  readonly at: string;
}

const maxReceiptBytes = 64 * 1024;
const agency = text(35, { pattern: agencyCodePattern });
const digest = text(64, { pattern: digestPattern });

const hubReceipt = record<HubReceipt>({
  v: oneOf(protocolVersion),
  hub: agency,
  messageId: text(36, { pattern: uuidv7Pattern }),
  manifestSha256: digest,
  acceptedAt: instant,
  recipients: list(agency, 1, 500),
});

const deliveryReceipt = record<DeliveryReceipt>({
  v: oneOf(protocolVersion),
  deliveryId: text(36, { pattern: uuidPattern }),
  messageId: text(36, { pattern: uuidv7Pattern }),
  recipient: agency,
  manifestSha256: digest,
  parts: list(record({ id: text(40), sha256: digest }), 0, 200),
  outcome: oneOf("stored", "refused"),
  code: nullable(
    oneOf<RefusalCode>(
      "bad_signature",
      "digest_mismatch",
      "not_addressee",
      "unsupported_version",
      "too_large",
      "infected",
      "unknown_kind",
      "malformed",
      "expired",
    ),
  ),
  at: instant,
});

/** Signs the hub's receipt for a message. */
export function signHubReceipt(receipt: HubReceipt, credential: Credential): Signed {
  return signBytes("ltvb-hub-receipt", Buffer.from(canonicalJson(receipt)), credential);
}

/**
 * Checks a hub's receipt against the manifest that was sent: signature, message, content, recipients.
 * Throws `AxisError` "bad_signature", "digest_mismatch" or "malformed".
 */
export function verifyHubReceipt(signed: Signed, manifestBytes: Buffer, trusted: readonly Buffer[]): HubReceipt {
  const receipt = hubReceipt(parseReceipt(signed.bytes), "receipt");
  verifyBytes("ltvb-hub-receipt", signed, trusted, new Date(receipt.acceptedAt));
  const manifest = parseManifest(manifestBytes);
  assertBound(receipt, manifest, manifestBytes);
  const named = canonicalJson(manifest.recipients.map(({ code }) => code).toSorted());
  if (canonicalJson(receipt.recipients.toSorted()) !== named) {
    throw malformed("receipt.recipients", "are not those that it was sent to");
  }
  return receipt;
}

/** Signs a recipient's receipt for a delivery. */
export function signDeliveryReceipt(receipt: DeliveryReceipt, credential: Credential): Signed {
  return signBytes("ltvb-delivery-receipt", Buffer.from(canonicalJson(receipt)), credential);
}

/** The receipt of a recipient that has stored a whole message, or refuses it with `code`. */
export function receiptFor(
  delivery: { readonly deliveryId: string; readonly recipient: string },
  manifestBytes: Buffer,
  code: RefusalCode | null,
  at: Date,
): DeliveryReceipt {
  const manifest = parseManifest(manifestBytes);
  return {
    v: protocolVersion,
    deliveryId: delivery.deliveryId,
    messageId: manifest.messageId,
    recipient: delivery.recipient,
    manifestSha256: sha256(manifestBytes),
    parts: code === null ? manifest.parts.map((part) => ({ id: part.id, sha256: part.sha256 })) : [],
    outcome: code === null ? "stored" : "refused",
    code,
    at: at.toISOString(),
  };
}

/**
 * Checks a recipient's receipt against the message as the hub or the sender holds it: signature, addressee, content of
 * manifest and parts. The certificate must be valid at `at`, or else when the receipt says it was made. Throws
 * `AxisError` "bad_signature", "not_addressee", "digest_mismatch" or "malformed".
 */
export function verifyDeliveryReceipt(
  signed: Signed,
  manifestBytes: Buffer,
  trusted: readonly Buffer[],
  at?: Date,
): DeliveryReceipt {
  const receipt = deliveryReceipt(parseReceipt(signed.bytes), "receipt");
  verifyBytes("ltvb-delivery-receipt", signed, trusted, at ?? new Date(receipt.at));
  const manifest = parseManifest(manifestBytes);
  assertBound(receipt, manifest, manifestBytes);
  if (!manifest.recipients.some(({ code }) => code === receipt.recipient)) {
    throw new AxisError("not_addressee", "The receipt is by an agency that the message was not sent to");
  }
  const refused = receipt.outcome === "refused";
  if (refused !== (receipt.code !== null)) throw malformed("receipt.code", "does not fit the outcome");
  if (receipt.outcome === "stored") assertAllParts(receipt, manifest);
  return receipt;
}

function parseReceipt(bytes: Buffer): unknown {
  const max = maxReceiptBytes;
  if (bytes.length > max) throw new AxisError("too_large", "The receipt is too large", { max });
  return parseCanonical(bytes);
}

function assertBound(receipt: HubReceipt | DeliveryReceipt, { messageId }: Manifest, manifestBytes: Buffer): void {
  if (receipt.messageId !== messageId || receipt.manifestSha256 !== sha256(manifestBytes)) {
    throw new AxisError("digest_mismatch", "The receipt is for another message or another content");
  }
}

function assertAllParts({ parts }: DeliveryReceipt, manifest: Manifest): void {
  const sent = manifest.parts.map((part) => ({ id: part.id, sha256: part.sha256 }));
  if (canonicalJson(parts) !== canonicalJson(sent)) {
    throw new AxisError("digest_mismatch", "The receipt does not name the parts that were sent");
  }
}
