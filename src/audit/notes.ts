import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { promisify } from "node:util";

/**
 * Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature; others may add theirs.
 * `id` is the first four bytes of SHA-256 over the name, a line feed and the raw key.
 */
export interface NoteVerifier {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

/** On another thread, so that reading a long log does not hold up requests. */
const isSigned = promisify(verify);

/** Ed25519 in the list of signature types of C2SP signed-note. */
const ed25519 = Buffer.of(0x01);
/** What RFC 8410 puts before the 32 bytes of an Ed25519 public key. */
const spkiPrefix = Buffer.from("302a300506032b6570032100", "hex");

const rawKey = (key: KeyObject) => key.export({ type: "spki", format: "der" }).subarray(spkiPrefix.length);
const keyId = (name: string, raw: Buffer) =>
  hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), ed25519, raw]), "buffer").subarray(0, 4);

/** A new Ed25519 private key in PEM (PKCS#8). */
export const makeNoteKey = (): string =>
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** A signer from its PEM; `name` has neither spaces nor plus signs. */
export function noteSigner(name: string, pem: string): NoteSigner {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== "ed25519") throw new TypeError("A note is signed with an Ed25519 key.");
  const publicKey = createPublicKey(privateKey);
  return { name, id: keyId(name, rawKey(publicKey)), publicKey, privateKey };
}

/** The public key as one line, `name+id+key`, to be handed to whoever verifies. */
export const verifierLine = ({ name, id, publicKey }: NoteVerifier): string =>
  `${name}+${id.toString("hex")}+${Buffer.concat([ed25519, rawKey(publicKey)]).toString("base64")}`;

/** A verifier from that line, or null if it is none. */
export function noteVerifier(line: string): NoteVerifier | null {
  const [, name, id, key] = /^([^\s+]{1,100})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(line.trim()) ?? [];
  if (!name || !id || !key) return null;
  const bytes = Buffer.from(key, "base64");
  if (bytes[0] !== ed25519[0] || keyId(name, bytes.subarray(1)).toString("hex") !== id) return null;
  const der = Buffer.concat([spkiPrefix, bytes.subarray(1)]);
  return { name, id: Buffer.from(id, "hex"), publicKey: createPublicKey({ key: der, type: "spki", format: "der" }) };
}

/** The note of a text, which ends in a line feed. */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = Buffer.concat([signer.id, sign(null, Buffer.from(text), signer.privateKey)]);
  return `${text}\n— ${signer.name} ${signature.toString("base64")}\n`;
}

/** The text of a note if this verifier's signature is among its own, else null; other signatures are passed over. */
export async function openNote(note: string, { name, id, publicKey }: NoteVerifier): Promise<string | null> {
  const end = note.lastIndexOf("\n\n");
  if (end < 0) return null;
  const text = note.slice(0, end + 1);
  for (const line of note.slice(end + 2).split("\n", 17)) {
    if (!line.startsWith(`— ${name} `)) continue;
    const signature = Buffer.from(line.slice(name.length + 3), "base64");
    if (signature.length !== 68 || !signature.subarray(0, 4).equals(id)) continue;
    if (await isSigned(null, Buffer.from(text), publicKey, signature.subarray(4))) return text;
  }
  return null;
}
