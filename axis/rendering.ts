import { extname } from "node:path";
import { codeScheme, type AgencyCodes } from "./agency-code.ts";
import { sha256 } from "./canonical.ts";
import { AxisError } from "./errors.ts";
import type { EdxmlAttachment, EdxmlHeader, EdxmlMessage, EdxmlOrganization } from "./edxml/index.ts";
import type { LegacyIdentity, Manifest, MessageKind, Part, Party, Recipient } from "./manifest.ts";
import { verifyParts } from "./manifest.ts";
import { documentUid } from "./uuid.ts";

/** Finds an agency's codes by whichever of them a message carries; undefined if the directory does not know it. */
export type FindAgency = (organId: string) => AgencyCodes | undefined;

/** What of a manifest an edXML message tells; ids, times and parts are added by who receives it. */
export type ManifestFromEdxml = Pick<
  Manifest,
  "kind" | "documentUid" | "sender" | "recipients" | "priority" | "confidentiality" | "legacy" | "meta"
>;

const businessKinds: readonly MessageKind[] = ["document", "recall", "update", "replace"];

const mediaTypes: Readonly<Record<string, string>> = {
  ".pdf": "application/pdf",
  ".doc": "application/msword",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".xls": "application/vnd.ms-excel",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".xml": "application/xml",
  ".txt": "text/plain",
  ".zip": "application/zip",
};

/**
 * Renders a manifest as the edXML message for an axis that speaks it, codes in that axis's scheme, each file zipped if
 * it wants so. `files` holds the parts by id. Throws "digest_mismatch" unless every part is there: all of it or
 * nothing.
 */
export function manifestToEdxml(
  manifest: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
  { scheme, zipped }: { scheme: "qd20" | "qcvn102"; zipped: boolean },
): EdxmlMessage {
  const inScheme = (agency: AgencyCodes) => (scheme === "qcvn102" ? (agency.code102 ?? agency.code) : agency.code);
  const parties: readonly AgencyCodes[] = [manifest.sender, ...manifest.recipients];
  const recode = <T extends { organId: string }>(organization: T): T => {
    const { organId } = organization;
    const known = parties.find(({ code, code102 }) => organId === code || organId === code102);
    return known ? { ...organization, organId: inScheme(known) } : organization;
  };
  const { meta } = manifest;
  if (meta.kind === "status") return { ...meta, from: recode(meta.from), responseFor: recode(meta.responseFor) };

  verifyParts(manifest.parts, files);
  const attachments = manifest.parts
    .filter(({ role }) => role !== "original")
    .map((part): EdxmlAttachment => ({
      contentId: `cid:${manifest.messageId}-${part.id}`,
      name: part.name,
      description: part.description,
      contentType: zipped ? "application/zip" : part.mediaType,
      zipped,
      content: Buffer.from(files.get(part.id) ?? []).toString("base64"),
    }));
  return { ...meta, from: recode(meta.from), to: meta.to.map(recode), attachments };
}

/**
 * What an edXML message says, in the manifest's words. Both codes of each agency are kept when the directory knows
 * them.
 * Throws `AxisError` "malformed" if the sender or all recipients are missing.
 */
export function edxmlToManifestMeta(message: EdxmlMessage, findAgency: FindAgency): ManifestFromEdxml {
  const { meta, to } = withoutAttachments(message);
  const sender: Party = { ...codesOf(meta.from, findAgency), unit: null };
  const recipients = to.map((organization): Recipient => ({ ...codesOf(organization, findAgency), role: "chinh" }));
  if (recipients.length === 0) throw new AxisError("malformed", "The message names no recipient");
  const status = meta.kind === "status" ? meta : null;
  const documentId = status ? status.responseFor.documentId : (message as { documentId: string }).documentId;
  // What a recipient reports on was sent by the agency it answers; a request to give back (13) is about its own.
  const ownerOrganId = status && status.statusCode !== "13" ? status.responseFor.organId : meta.from.organId;
  return {
    kind: meta.kind === "status" ? "status" : (businessKinds[meta.business.type ?? 0] ?? "document"),
    documentUid: documentUid(codesOf({ organId: ownerOrganId }, findAgency).code, documentId),
    sender,
    recipients,
    priority: meta.kind === "status" ? 0 : (meta.other.priority ?? 0),
    confidentiality: "thuong",
    legacy: documentId === "" ? null : legacyIdentity(meta, documentId),
    meta,
  };
}

/** The parts that the readable attachments of a message make, with their bytes by part id. */
export function edxmlParts(attachments: readonly EdxmlAttachment[]): { parts: Part[]; files: Map<string, Buffer> } {
  const files = new Map<string, Buffer>();
  const parts = attachments.flatMap(({ name, description, content }, index): Part[] => {
    if (content === null) return [];
    const id = `p${index + 1}`;
    const bytes = Buffer.from(content, "base64");
    files.set(id, bytes);
    const mediaType = mediaTypes[extname(name).toLowerCase()] ?? "application/octet-stream";
    const role = index === 0 ? "main" : "attachment";
    return [{ id, name: plainName(name, id), description, mediaType, size: bytes.length, sha256: sha256(bytes), role }];
  });
  return { parts, files };
}

function withoutAttachments(message: EdxmlMessage): {
  meta: EdxmlHeader;
  to: readonly Pick<EdxmlOrganization, "organId">[];
} {
  if (message.kind === "status") return { meta: message, to: [message.responseFor] };
  const { attachments: _, ...meta } = message;
  return { meta, to: message.to };
}

function codesOf({ organId }: Pick<EdxmlOrganization, "organId">, findAgency: FindAgency): AgencyCodes {
  if (organId === "") throw new AxisError("malformed", "The message names an agency without code");
  const trimmed = organId.trim();
  return findAgency(trimmed) ?? { code: trimmed, code102: codeScheme(trimmed) === "qcvn102" ? trimmed : null };
}

function legacyIdentity(meta: EdxmlHeader, documentId: string): LegacyIdentity {
  if (meta.kind === "document") return { documentId, codeNumber: meta.code.number, codeNotation: meta.code.notation };
  const [codeNumber = "", ...notation] = meta.responseFor.code.split("/");
  return { documentId, codeNumber, codeNotation: notation.join("/") };
}

function plainName(name: string, id: string): string {
  const plain = name.replaceAll(/[/\\\p{Cc}]/gu, "_").slice(0, 255);
  return plain === "" || plain === "." || plain === ".." ? id : plain;
}
