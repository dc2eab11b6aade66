import { agencyCodePattern, type AgencyCodes } from "./agency-code.ts";
import { canonicalJson, sha256 } from "./canonical.ts";
import { EdxmlError, parseEdxmlHeader, type EdxmlHeader } from "./edxml/index.ts";
import { AxisError } from "./errors.ts";
import { instant, integer, list, malformed, nullable, oneOf, record, text, type Shape } from "./shape.ts";
import { signBytes, verifyBytes, type Credential, type Signed } from "./signature.ts";
import { uuidPattern, uuidv7Pattern } from "./uuid.ts";

/** The version that this code speaks; every message states its own. */
export const protocolVersion = "ltvb/1";

/** The largest manifest, in bytes. */
export const maxManifestBytes = 256 * 1024;

/** The kinds of LTVB/1. Only those of `supportedKinds` are taken today; the others have their place reserved. */
export const messageKinds = ["document", "status", "recall", "update", "replace", "ping"] as const;
export type MessageKind = (typeof messageKinds)[number];
export const supportedKinds: readonly MessageKind[] = ["document", "status"];

/** What a sender signs: one transmission to named recipients. Stored and forwarded byte for byte, never changed. */
export interface Manifest {
  readonly v: typeof protocolVersion;
  /** UUIDv7 of the transmission, chosen before the first try and the same in every later one. */
  readonly messageId: string;
  readonly kind: MessageKind;
  /** The document, the same for all messages about it. */
  readonly documentUid: string;
  readonly revision: number;
  readonly refersTo: DocumentReference | null;
  readonly sender: Party;
  readonly recipients: readonly Recipient[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ. */
  readonly priority: number;
  /** State secrets must not travel here (QĐ 28/2018/QĐ-TTg, điều 1), so there is one value. */
  readonly confidentiality: "thuong";
  /** How axes that speak edXML know the document. */
  readonly legacy: LegacyIdentity | null;
  readonly meta: EdxmlHeader;
  readonly parts: readonly Part[];
}

/** The earlier message, and the document in it, that this one is about. */
export interface DocumentReference {
  readonly messageId: string;
  readonly documentUid: string;
  readonly revision: number;
}

/** Who sends: the agency, and the unit in it if that matters. */
export interface Party extends AgencyCodes {
  readonly unit: string | null;
}

/** An agency that gets the message, and its part in the matter. */
export interface Recipient extends AgencyCodes {
  /** Chủ trì, phối hợp, để biết. */
  readonly role: "chinh" | "phoi_hop" | "de_biet";
}

/** How edXML names the document: its DocumentId, số and ký hiệu. */
export interface LegacyIdentity {
  readonly documentId: string;
  readonly codeNumber: string;
  readonly codeNotation: string;
}

/** A file, which travels apart and is known by its SHA-256 in lower-case hexadecimal. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly role: "main" | "attachment" | "original";
}

/** What a signed manifest is checked against; `at` is now unless given. */
export interface VerifyOptions {
  /** The certificates, DER, that the directory holds for an agency; empty for an unknown one. */
  readonly certificateFor: (senderCode: string) => readonly Buffer[] | Promise<readonly Buffer[]>;
  /** The agency that receives; refused unless it is among the recipients. */
  readonly addressee?: string;
  readonly at?: Date;
}

/** A SHA-256 in lower-case hexadecimal. */
export const digestPattern = /^[0-9a-f]{64}$/;

const code = text(35, { pattern: agencyCodePattern });
const role = oneOf("chinh", "phoi_hop", "de_biet");
const uuid = text(36, { pattern: uuidPattern });
const uuidv7 = text(36, { pattern: uuidv7Pattern });

const meta: Shape<EdxmlHeader> = (value, path) => {
  try {
    return parseEdxmlHeader(value);
  } catch (error) {
    if (error instanceof EdxmlError) throw malformed(`${path}.${error.path}`, error.reason);
    throw error;
  }
};

const manifest = record<Manifest>({
  v: oneOf(protocolVersion),
  messageId: uuidv7,
  kind: oneOf(...messageKinds),
  documentUid: uuid,
  revision: integer(0, 9_999),
  refersTo: nullable(record<DocumentReference>({ messageId: uuidv7, documentUid: uuid, revision: integer(0, 9_999) })),
  sender: record<Party>({ code, code102: nullable(text(35)), unit: nullable(text(200)) }),
  recipients: list(record<Recipient>({ code, code102: nullable(text(35)), role }), 1, 500),
  createdAt: instant,
  expiresAt: nullable(instant),
  priority: integer(0, 4),
  confidentiality: oneOf("thuong"),
  legacy: nullable(
    record<LegacyIdentity>({
      documentId: text(200),
      codeNumber: text(50, { min: 0 }),
      codeNotation: text(50, { min: 0 }),
    }),
  ),
  meta,
  parts: list(
    record<Part>({
      id: text(40, { pattern: /^[A-Za-z0-9][\w-]*$/ }),
      // A name and nothing else: no folder, no control character.
      name: text(255, { pattern: /^(?!\.{1,2}$)[^/\\\p{Cc}]+$/u }),
      description: text(500, { min: 0 }),
      mediaType: text(100, { pattern: /^[\w.+-]+\/[\w.+-]+$/ }),
      size: integer(0, Number.MAX_SAFE_INTEGER),
      sha256: text(64, { pattern: digestPattern }),
      role: oneOf("main", "attachment", "original"),
    }),
    0,
    200,
  ),
});

/**
 * Reads a manifest from untrusted bytes. They must be canonical JSON: one meaning, one form, no name twice.
 * Throws `AxisError` "too_large", "unsupported_version", "unknown_kind" or "malformed".
 */
export function parseManifest(bytes: Buffer): Manifest {
  const max = maxManifestBytes;
  if (bytes.length > max) throw new AxisError("too_large", "The manifest is too large", { max });
  const json = parseCanonical(bytes);
  const { v, kind } = (json ?? {}) as Record<string, unknown>;
  if (v !== protocolVersion) throw new AxisError("unsupported_version", `Only ${protocolVersion} is spoken here`);
  if (typeof kind === "string" && !supportedKinds.some((known) => known === kind)) {
    throw new AxisError("unknown_kind", "This kind of message is not taken", { supported: supportedKinds });
  }
  const parsed = manifest(json, "manifest");
  checkMeaning(parsed);
  return parsed;
}

/**
 * Signs a manifest with the agency's key. Throws `AxisError` as `parseManifest` does: what nobody would take is not
 * signed.
 */
export function signManifest(unsigned: Manifest, credential: Credential): Signed {
  const bytes = Buffer.from(canonicalJson(unsigned));
  parseManifest(bytes);
  return signBytes("ltvb-manifest", bytes, credential);
}

/** Reads a manifest and checks its signature and, if asked, its addressee. Throws `AxisError` with a refusal code. */
export async function verifyManifest(signed: Signed, options: VerifyOptions): Promise<Manifest> {
  const parsed = parseManifest(signed.bytes);
  const trusted = await options.certificateFor(parsed.sender.code);
  verifyBytes("ltvb-manifest", signed, trusted, options.at ?? new Date());
  const { addressee } = options;
  if (addressee !== undefined && !parsed.recipients.some((recipient) => recipient.code === addressee)) {
    throw new AxisError("not_addressee", `${addressee} is not among the recipients`);
  }
  return parsed;
}

/** Checks the files that came with a manifest: all parts, each with its size and digest. Throws "digest_mismatch". */
export function verifyParts(parts: readonly Part[], received: ReadonlyMap<string, Uint8Array>): void {
  for (const part of parts) {
    const bytes = received.get(part.id);
    if (!bytes || bytes.length !== part.size || sha256(bytes) !== part.sha256) {
      throw new AxisError("digest_mismatch", "A part is missing or not the one that was sent", { part: part.id });
    }
  }
}

/** JSON from bytes that are already in the form of RFC 8785. Throws "malformed". */
export function parseCanonical(bytes: Buffer): unknown {
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    if (canonicalJson(json) === bytes.toString()) return json;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw malformed("JSON", "is not in canonical form");
}

function checkMeaning({ kind, meta: header, sender, recipients, parts, createdAt, expiresAt }: Manifest): void {
  const expected = kind === "status" ? "status" : "document";
  if (header.kind !== expected) throw malformed("manifest.meta.kind", "does not fit the kind");
  if (kind === "document" && parts.length === 0) throw malformed("manifest.parts", "must have a file");
  if (expiresAt !== null && expiresAt <= createdAt) throw malformed("manifest.expiresAt", "is before it was made");
  assertDistinct(
    recipients.map((recipient) => recipient.code),
    "manifest.recipients",
  );
  assertDistinct(
    parts.map((part) => part.id),
    "manifest.parts",
  );
  // The header is what people read, the sender is what the signature proves: they must be one.
  if (header.from.organId !== sender.code && header.from.organId !== sender.code102) {
    throw malformed("manifest.meta.from.organId", "is not the sender");
  }
}

function assertDistinct(values: readonly string[], path: string): void {
  if (new Set(values).size !== values.length) throw malformed(path, "names one twice");
}
