import { extname } from "node:path";
import type { XmlElement } from "./parse.ts";
import { byName, element, nameKey, type Place } from "./codec.ts";
import { EdxmlError } from "./errors.ts";
import { attachmentLabel, attachmentReference, type AttachmentReference } from "./fields.ts";
import type { ReadLimits } from "./limits.ts";
import type { EdxmlAttachment } from "./types.ts";
import { looksZipped, pack, singleEntry, unpack, type ZipEntry } from "./zip.ts";

const contentElement = "ContentTransferEncoded";
// A PDF that went through a text-mode transfer has these bytes, U+FFFD in UTF-8, all over it.
const replacementCharacter = Buffer.from("\u{FFFD}");

/** Reads the attachments, each with its file unpacked. A file that cannot be read is null and reported. */
export function readAttachments(
  attachments: readonly XmlElement[],
  references: readonly AttachmentReference[],
  limits: ReadLimits,
  place: Place,
): EdxmlAttachment[] {
  const seen = new Set<string>();
  let left = limits.unpackedBytes;
  const read = attachments.map((found, index) => {
    const at = place.at("Attachment", index + 1);
    const isContent = ({ name }: XmlElement) => nameKey(name) === nameKey(contentElement);
    const labels = found.children.filter((child) => !isContent(child));
    const label = attachmentLabel.read([{ ...found, children: labels }], at);
    if (seen.has(label.contentId)) at.at("ContentId").report("M", "duplicate", label.contentId);
    seen.add(label.contentId);

    const reference = references.find(({ contentId }) => contentId === label.contentId);
    const name = label.name || (reference?.name ?? "");
    const contents = byName(found).get(nameKey(contentElement)) ?? [];
    const file = readFile(contents, name, left, limits.zipRatio, at.at(contentElement));
    left -= file.content?.length ?? 0;
    return {
      contentId: label.contentId,
      name,
      description: label.description || (reference?.description ?? ""),
      contentType: label.contentType || (reference?.contentType ?? ""),
      zipped: file.zipped,
      content: file.content?.toString("base64") ?? null,
    };
  });
  for (const { contentId } of references) {
    if (!seen.has(contentId)) place.at("Attachment").report("N", "missing", contentId);
  }
  return read;
}

/** Checks attachments of unknown origin, and that a reader will find in them what the writer put. */
export function checkAttachments(value: unknown, place: Place): EdxmlAttachment[] {
  if (!Array.isArray(value)) throw new EdxmlError("T", "AttachmentEncoded", "bad_value", "must be a list");
  const seen = new Set<string>();
  return value.map((entry: unknown, index) => {
    const at = place.at("Attachment", index + 1);
    const label = attachmentLabel.check(entry, at);
    const { zipped, content } = entry as Record<string, unknown>;
    if (typeof zipped !== "boolean") throw new EdxmlError("T", at.path, "bad_value", "zipped must be true or false");
    if (typeof content !== "string") throw new EdxmlError("N", at.at(contentElement).path, "missing");
    if (label.name === "") at.at("AttachmentName").report("N", "missing");
    if (seen.has(label.contentId)) at.at("ContentId").report("M", "duplicate", label.contentId);
    seen.add(label.contentId);

    const bytes = decodeBase64(content);
    if (!bytes || bytes.toString("base64") !== content) at.at(contentElement).report("T", "bad_base64", content);
    // A zip with one entry of the attachment's own kind would be unpacked by whoever reads it: it must be zipped once
    // more.
    else if (!zipped && wrapping(bytes, label.name)) at.at(contentElement).report("M", "bad_zip");
    return { ...label, zipped, content };
  });
}

/** Reference and Attachment of one file. */
export function writeAttachment(attachment: EdxmlAttachment): { reference: XmlElement[]; attachment: XmlElement[] } {
  const { name, contentId, zipped } = attachment;
  const content = attachment.content ?? "";
  const entryName = `${contentId.replace(/^cid:/, "").replaceAll(/[^\w.-]/g, "_")}${extname(name)}`;
  const encoded = zipped ? pack(entryName, Buffer.from(content, "base64")).toString("base64") : content;
  const [label] = attachmentLabel.write(attachment);
  return {
    reference: attachmentReference.write(attachment),
    attachment: label ? [{ ...label, children: [...label.children, element(contentElement, encoded)] }] : [],
  };
}

function readFile(elements: readonly XmlElement[], name: string, left: number, ratio: number, place: Place) {
  const [found] = elements;
  if (elements.length > 1) place.report("M", "duplicate");
  if (!found) place.report("N", "missing");
  const bytes = found ? decodeBase64(found.text) : null;
  if (found && !bytes) place.report("T", "bad_base64", found.text);
  if (!bytes) return { zipped: false, content: null };

  const entry = wrapping(bytes, name);
  const content = entry ? unpack(entry, left, ratio, place.path) : bytes;
  if (!content) place.report("M", "bad_zip");
  if (content && content.length > left) throw new EdxmlError("R", place.path, "zip_bomb");
  if (content && isTextDamaged(content)) place.report("M", "text_mode_damage");
  return { zipped: entry !== null, content };
}

/** The entry, if the bytes are a zip made for the transport: one entry, of the kind that the attachment's name says. */
function wrapping(bytes: Buffer, name: string): ZipEntry | null {
  // A .docx is itself a zip; and a .zip that a person attached holds what it likes.
  const entry = looksZipped(bytes) ? singleEntry(bytes) : null;
  return entry && extname(entry.name).toLowerCase() === extname(name).toLowerCase() ? entry : null;
}

function decodeBase64(text: string): Buffer | null {
  const packed = /\s/.test(text) ? text.replaceAll(/\s+/g, "") : text;
  const length = packed.endsWith("==") ? packed.length - 2 : packed.endsWith("=") ? packed.length - 1 : packed.length;
  if (length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return null;
  return Buffer.from(packed, "base64");
}

function isTextDamaged(content: Buffer): boolean {
  if (content.toString("latin1", 0, 5) !== "%PDF-") return false;
  let at = -1;
  for (let count = 0; count < 8; count++) {
    at = content.indexOf(replacementCharacter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
