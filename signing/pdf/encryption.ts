import { SigningError } from "../errors.ts";
import { aesDecipher, aesEncipher, aesRaw, rc4 } from "./ciphers.ts";
import { fileKey, objectKey } from "./encryption-key.ts";
import { MAX_DEPTH, exceeded, malformed } from "./limits.ts";
import { isName, PdfDict, PdfName, type PdfObject, PdfStream, PdfString } from "./objects.ts";
import { type Permissions, permissionsOf } from "./permissions.ts";

type Resolve = (object: PdfObject | undefined) => PdfObject;

/** How the bytes of strings or streams are enciphered (7.6.6, /CFM). */
type Method = "none" | "RC4" | "AES-128" | "AES-256";

/** What a reader may know of a file's encryption. */
export interface EncryptionInfo {
  /** How streams are enciphered. */
  readonly method: Method;
  /** /R of the standard security handler: 2 to 6. */
  readonly revision: number;
  readonly keyBits: number;
  /** What the file's author allows those who open it without the owner's password. */
  readonly permissions: Permissions;
  /** Revisions 5 and 6: whether the sealed copy of the permissions says the same. */
  readonly permissionsAreIntact: boolean;
  readonly encryptsMetadata: boolean;
}

/**
 * The standard security handler (7.6.4), opened with the empty user password. Strings and streams are deciphered
 * when they are read, and enciphered when they are written.
 */
export class Security {
  readonly info: EncryptionInfo;
  readonly #key: Buffer;
  readonly #strings: Method;
  readonly #streams: Method;
  readonly #files: Method;
  readonly #filters: ReadonlyMap<string, Method>;

  /** Throws ENCRYPTED_PDF when a password is needed or the way of encryption is unknown; MALFORMED_PDF. */
  constructor(dictionary: PdfDict, id: Buffer, resolve: Resolve) {
    const read = (key: string): PdfObject => resolve(dictionary.get(key));
    const version = read("V");
    const revision = read("R");
    const permissions = read("P");
    if (!isName(read("Filter"), "Standard")) throw closed("The file is encrypted for certain recipients.");
    const known = [1, 2, 4, 5].includes(version as number) && [2, 3, 4, 5, 6].includes(revision as number);
    if (!known) throw closed("The file's encryption is of an unknown version.");
    if ((version === 5) !== (revision as number) >= 5) throw malformed("/V and /R of the encryption do not fit.");
    if (typeof permissions !== "number") throw malformed("The encryption has no /P.");
    const encryptsMetadata = read("EncryptMetadata") !== false;
    this.#filters = version === 1 || version === 2 ? new Map() : methodsOf(resolve, read("CF"));
    const named = (key: string, otherwise: Method): Method => {
      const filter = read(key);
      return filter === null ? otherwise : this.#named(filter);
    };
    this.#streams = version === 1 || version === 2 ? "RC4" : named("StmF", "none");
    this.#strings = version === 1 || version === 2 ? "RC4" : named("StrF", "none");
    this.#files = named("EFF", this.#streams);
    const material = {
      revision: revision as number,
      owner: bytesOf(read("O")),
      user: bytesOf(read("U")),
      userKey: bytesOf(read("UE")),
      permissions,
      id,
      encryptsMetadata,
    };
    const key = fileKey(material, keyLengths(version as number, resolve, dictionary));
    if (key === undefined) throw closed("The file needs a password.");
    this.#key = key;
    const sealed = revision === 5 || revision === 6 ? sealedPermissions(key, bytesOf(read("Perms"))) : permissions;
    this.info = {
      method: this.#streams,
      revision: revision as number,
      keyBits: key.length * 8,
      permissions: permissionsOf(permissions, revision as number),
      permissionsAreIntact: sealed !== undefined && (sealed | 0) === (permissions | 0),
      encryptsMetadata,
    };
  }

  /** The object as its author wrote it, from an object as it stands in the file under this number. */
  reveal(object: PdfObject, number: number, generation: number): PdfObject {
    const keys = this.#keysOf(number, generation);
    const string = (value: PdfString): PdfString => {
      const plain = decipher(this.#strings, keys, value.bytes);
      // Some signers forget to encipher what they append; what cannot be deciphered is taken as it stands.
      return plain === undefined ? value : new PdfString(plain, value.hex, value.span);
    };
    if (!(object instanceof PdfStream)) return mapStrings(object, string);
    const dictionary = mapStrings(object.dict, string) as PdfDict;
    const method = this.#methodOf(dictionary);
    const { stored } = object;
    if (method === "none" || stored === undefined) return new PdfStream(dictionary, stored ?? object.raw);
    const plain = (bytes: Buffer): Buffer => {
      const deciphered = decipher(method, keys, bytes);
      if (deciphered === undefined) throw malformed("A stream cannot be deciphered.", { object: number });
      return deciphered;
    };
    return new PdfStream(dictionary, stored.decipheredBy(plain));
  }

  /** The bytes of one of an object's strings, deciphered; undefined for bytes that no enciphering can have made. */
  revealBytes(bytes: Buffer, number: number, generation: number): Buffer | undefined {
    return decipher(this.#strings, this.#keysOf(number, generation), bytes);
  }

  /** The object as it is to be written under this number. */
  protect(object: PdfObject, number: number, generation: number): PdfObject {
    const keys = this.#keysOf(number, generation);
    const string = (value: PdfString): PdfString =>
      this.#strings === "none" ? value : new PdfString(encipher(this.#strings, keys, value.bytes), true);
    if (!(object instanceof PdfStream)) return mapStrings(object, string);
    const dictionary = mapStrings(object.dict, string) as PdfDict;
    return new PdfStream(dictionary, encipher(this.#methodOf(object.dict), keys, object.raw));
  }

  /** The key for one method; made when first asked for, for most objects hold nothing to decipher. */
  #keysOf(number: number, generation: number): (method: Method) => Buffer {
    const made = new Map<Method, Buffer>();
    return (method) => {
      if (method === "AES-256") return this.#key;
      let key = made.get(method);
      if (key === undefined) {
        made.set(method, (key = objectKey(this.#key, number, generation, method === "AES-128")));
      }
      return key;
    };
  }

  #methodOf(dictionary: PdfDict): Method {
    const type = dictionary.get("Type");
    if (isName(type, "XRef")) return "none"; // 7.5.8.2
    if (isName(type, "Metadata") && !this.info.encryptsMetadata) return "none";
    const filter = dictionary.get("Filter");
    const first = Array.isArray(filter) ? filter[0] : filter;
    if (isName(first, "Crypt")) {
      const written = dictionary.get("DecodeParms");
      const parameters = Array.isArray(written) ? written[0] : written;
      return this.#named((parameters instanceof PdfDict ? parameters.get("Name") : undefined) ?? null);
    }
    return isName(type, "EmbeddedFile") ? this.#files : this.#streams;
  }

  #named(filter: PdfObject): Method {
    if (filter === null || isName(filter, "Identity")) return "none";
    const method = filter instanceof PdfName ? this.#filters.get(filter.name) : undefined;
    if (method === undefined) throw malformed("A crypt filter is named that the file does not have.");
    return method;
  }
}

function closed(message: string): SigningError {
  return new SigningError("ENCRYPTED_PDF", message);
}

const METHODS: Readonly<Record<string, Method>> = { None: "none", V2: "RC4", AESV2: "AES-128", AESV3: "AES-256" };

function methodsOf(resolve: Resolve, filters: PdfObject): Map<string, Method> {
  const methods = new Map<string, Method>();
  for (const [name, value] of filters instanceof PdfDict ? filters.entries : []) {
    const filter = resolve(value);
    const method = filter instanceof PdfDict ? resolve(filter.get("CFM")) : null;
    const known = method === null ? "none" : method instanceof PdfName ? METHODS[method.name] : undefined;
    if (known === undefined) throw closed("The file is enciphered in an unknown way.");
    methods.set(name, known);
  }
  return methods;
}

/** Lengths in bytes that the key may have: writers of version 4 disagree about where its length stands, and in what. */
function keyLengths(version: number, resolve: Resolve, dictionary: PdfDict): number[] {
  if (version === 1) return [5];
  const written = [resolve(dictionary.get("Length"))];
  const filters = resolve(dictionary.get("CF"));
  if (version === 4 && filters instanceof PdfDict) {
    for (const value of [...filters.entries.values()].slice(0, 4)) {
      const filter = resolve(value);
      if (filter instanceof PdfDict) written.push(resolve(filter.get("Length")));
    }
  }
  const bytes = written.flatMap((length) => (typeof length !== "number" ? [] : length >= 40 ? [length / 8] : [length]));
  const candidates = version === 4 ? [16, ...bytes, 5] : [...bytes, 5, 16];
  return [...new Set(candidates)].filter((length) => Number.isInteger(length) && length >= 5 && length <= 16);
}

/** Algorithm 13: /P as it is sealed in /Perms; undefined when the seal is broken. */
function sealedPermissions(key: Buffer, sealed: Buffer): number | undefined {
  if (sealed.length !== 16) return undefined;
  // One block in ECB is one block in CBC after an empty vector.
  const plain = aesRaw("decipher", key, Buffer.alloc(16), sealed);
  return plain.toString("latin1", 9, 12) === "adb" ? plain.readInt32LE(0) : undefined;
}

function bytesOf(object: PdfObject): Buffer {
  return object instanceof PdfString ? object.bytes : Buffer.alloc(0);
}

type Keys = (method: Method) => Buffer;

function decipher(method: Method, keys: Keys, bytes: Buffer): Buffer | undefined {
  if (method === "none" || bytes.length === 0) return bytes;
  return method === "RC4" ? rc4(keys(method), bytes) : aesDecipher(keys(method), bytes);
}

function encipher(method: Method, keys: Keys, bytes: Buffer): Buffer {
  if (method === "none") return bytes;
  return method === "RC4" ? rc4(keys(method), bytes) : aesEncipher(keys(method), bytes);
}

/** A copy with every string exchanged, but for /Contents of a signature, which is never enciphered (7.6.2). */
function mapStrings(object: PdfObject, map: (value: PdfString) => PdfString, depth = 0): PdfObject {
  if (depth > MAX_DEPTH + 1) throw exceeded("Objects are nested too deep.");
  if (object instanceof PdfString) return map(object);
  if (Array.isArray(object)) return object.map((item) => mapStrings(item, map, depth + 1));
  if (!(object instanceof PdfDict)) return object;
  const type = object.get("Type");
  const signature = object.get("ByteRange") !== undefined || isName(type, "Sig") || isName(type, "DocTimeStamp");
  const entries = new Map<string, PdfObject>();
  for (const [key, value] of object.entries) {
    const spared = signature && key === "Contents" && value instanceof PdfString;
    entries.set(key, spared ? value : mapStrings(value, map, depth + 1));
  }
  return new PdfDict(entries, object.span, object.repeated);
}
