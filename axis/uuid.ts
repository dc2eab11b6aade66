import { createHash, randomBytes } from "node:crypto";

/** Documents known only by an edXML DocumentId get their uid in this name space. */
const documentNamespace = "6f1f0c1e-0d0b-5a6c-9d5e-3c1b8a4f7e20";

/** Lower-case UUID of any version. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Lower-case UUID of version 7. */
export const uuidv7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A new time-ordered UUID (RFC 9562, 5.7): 48 bits of milliseconds, 74 random bits. */
export function uuidv7(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return format(bytes, 7);
}

/** The same uid for the same edXML document, whichever road it came by (RFC 9562, 5.5). */
export function documentUid(senderCode: string, documentId: string): string {
  const name = `${senderCode}|${documentId.normalize("NFC")}`;
  const namespace = Buffer.from(documentNamespace.replaceAll("-", ""), "hex");
  const digest = createHash("sha1").update(namespace).update(name).digest();
  return format(digest.subarray(0, 16), 5);
}

function format(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
