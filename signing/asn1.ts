import { SigningError } from "./errors.ts";

/** Universal tag numbers (X.680 §8.6) that certificates and CMS use. */
export const Tag = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  enumerated: 10,
  utf8String: 12,
  sequence: 16,
  set: 17,
  numericString: 18,
  printableString: 19,
  t61String: 20,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  visibleString: 26,
  universalString: 28,
  bmpString: 30,
} as const;

/** What the reader refuses to go beyond. */
export const asn1Limits = { bytes: 16 * 1024 * 1024, depth: 48, elements: 200_000 } as const;

const malformed = (message: string, offset: number) =>
  new SigningError("ASN1_MALFORMED", `${message} at byte ${offset}`, { offset });

/** One BER element: offsets count from the start of `source`; `contentEnd` leaves out an end-of-contents mark. */
export class Asn1 {
  readonly source: Buffer;
  readonly identifier: number;
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
  readonly children: readonly Asn1[];
  /** True where the length is of the indefinite form (X.690 §8.1.3.6). */
  readonly indefinite: boolean;

  constructor(
    fields: Pick<
      Asn1,
      "source" | "identifier" | "tag" | "start" | "contentStart" | "contentEnd" | "end" | "children" | "indefinite"
    >,
  ) {
    this.source = fields.source;
    this.identifier = fields.identifier;
    this.tag = fields.tag;
    this.start = fields.start;
    this.contentStart = fields.contentStart;
    this.contentEnd = fields.contentEnd;
    this.end = fields.end;
    this.children = fields.children;
    this.indefinite = fields.indefinite;
  }

  get constructed(): boolean {
    return (this.identifier & 0x20) !== 0;
  }

  /** The element as it stands in the source, header included. */
  get raw(): Buffer {
    return this.source.subarray(this.start, this.end);
  }

  get content(): Buffer {
    return this.source.subarray(this.contentStart, this.contentEnd);
  }

  isUniversal(tag: number): boolean {
    return (this.identifier & 0xc0) === 0 && this.tag === tag;
  }

  isContext(tag: number): boolean {
    return (this.identifier & 0xc0) === 0x80 && this.tag === tag;
  }

  /** The children of a SEQUENCE. */
  sequence(): readonly Asn1[] {
    return this.#constructed(Tag.sequence, "SEQUENCE");
  }

  /** The children of a SET. */
  set(): readonly Asn1[] {
    return this.#constructed(Tag.set, "SET");
  }

  /** The dotted form of an OBJECT IDENTIFIER. */
  oid(): string {
    const bytes = this.#primitive(Tag.oid, "OBJECT IDENTIFIER");
    const arcs: bigint[] = [];
    let value = 0n;
    for (const [i, byte] of bytes.entries()) {
      if (value === 0n && byte === 0x80) throw malformed("padded object identifier arc", this.contentStart + i);
      value = (value << 7n) | BigInt(byte & 0x7f);
      if (byte & 0x80) continue;
      if (arcs.length === 0) {
        const first = value < 40n ? 0n : value < 80n ? 1n : 2n;
        arcs.push(first, value - first * 40n);
      } else arcs.push(value);
      value = 0n;
    }
    if (bytes.length === 0 || bytes.length > 64 || (bytes.at(-1)! & 0x80) !== 0) {
      throw malformed("object identifier without an end", this.start);
    }
    return arcs.join(".");
  }

  /** An INTEGER as a signed number of any size (at most 8 KiB long). */
  integer(): bigint {
    const bytes = this.#primitive(Tag.integer, "INTEGER");
    if (bytes.length === 0 || bytes.length > 8192) throw malformed("INTEGER of a wrong length", this.start);
    const unsigned = BigInt(`0x${bytes.toString("hex")}`);
    return bytes[0]! & 0x80 ? unsigned - (1n << BigInt(bytes.length * 8)) : unsigned;
  }

  /** An INTEGER that must lie within 0…`limit`. */
  count(limit: number): number {
    const value = this.integer();
    if (value < 0n || value > BigInt(limit)) throw malformed(`number outside 0…${limit}`, this.start);
    return Number(value);
  }

  boolean(): boolean {
    const bytes = this.#primitive(Tag.boolean, "BOOLEAN");
    if (bytes.length !== 1) throw malformed("BOOLEAN of a wrong length", this.start);
    return bytes[0] !== 0;
  }

  /** The value of an OCTET STRING, its pieces joined where BER has cut it up; `tag` for an IMPLICIT one. */
  octets(implicit?: number): Buffer {
    const right = implicit === undefined ? this.isUniversal(Tag.octetString) : this.isContext(implicit);
    if (!right) throw malformed("OCTET STRING expected", this.start);
    return this.constructed ? Buffer.concat(this.children.map((piece) => piece.octets())) : this.content;
  }

  /** The bytes of a BIT STRING that is a whole number of bytes. */
  bits(): Buffer {
    const bytes = this.#primitive(Tag.bitString, "BIT STRING");
    if (bytes[0] !== 0) throw malformed("BIT STRING is not a whole number of bytes", this.start);
    return bytes.subarray(1);
  }

  /** The named bits of a BIT STRING such as KeyUsage: the positions that are set. */
  namedBits(): ReadonlySet<number> {
    const bytes = this.#primitive(Tag.bitString, "BIT STRING");
    if (bytes.length === 0 || bytes.length > 17 || bytes[0]! > 7) throw malformed("wrong named bits", this.start);
    const found = new Set<number>();
    for (let bit = 0; bit < (bytes.length - 1) * 8 - bytes[0]!; bit++) {
      if (bytes[1 + (bit >> 3)]! & (0x80 >> (bit & 7))) found.add(bit);
    }
    return found;
  }

  /** A character string of any of the kinds that names use. */
  text(): string {
    if (this.constructed || (this.identifier & 0xc0) !== 0) throw malformed("character string expected", this.start);
    switch (this.tag) {
      case Tag.utf8String:
        return this.content.toString("utf8");
      case Tag.bmpString: {
        if (this.content.length % 2) throw malformed("BMPString of an odd length", this.start);
        return Buffer.from(this.content).swap16().toString("utf16le");
      }
      case Tag.numericString:
      case Tag.printableString:
      case Tag.t61String:
      case Tag.ia5String:
      case Tag.visibleString:
        return this.content.toString("latin1");
      default:
        throw malformed("character string expected", this.start);
    }
  }

  /** UTCTime or GeneralizedTime in UTC, with seconds (RFC 5280 §4.1.2.5; fractions as in RFC 3161). */
  time(): Date {
    const text = this.constructed ? "" : this.content.subarray(0, 32).toString("latin1");
    const utc = this.isUniversal(Tag.utcTime) && /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
    const general =
      this.isUniversal(Tag.generalizedTime) && /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
    const parts = utc || general;
    if (!parts) throw malformed("time expected", this.start);
    type Parts = [number, number, number, number, number];
    const [month, day, hour, minute, second] = parts.slice(2, 7).map(Number) as Parts;
    const year = utc ? Number(parts[1]) + (Number(parts[1]) < 50 ? 2000 : 1900) : Number(parts[1]);
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, Number(`0.${parts[7] ?? 0}`) * 1000);
    // A day such as 31 February would roll over into March.
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
      throw malformed("time that does not exist", this.start);
    }
    return date;
  }

  #constructed(tag: number, name: string): readonly Asn1[] {
    if (!this.isUniversal(tag) || !this.constructed) throw malformed(`${name} expected`, this.start);
    return this.children;
  }

  #primitive(tag: number, name: string): Buffer {
    if (!this.isUniversal(tag) || this.constructed) throw malformed(`${name} expected`, this.start);
    return this.content;
  }
}

/** Reads the one BER element that starts at `offset`; what follows it is the caller's to judge. */
export function readElement(source: Buffer, offset = 0): Asn1 {
  if (source.length - offset > asn1Limits.bytes) throw new SigningError("ASN1_LIMIT", "too many bytes");
  let elements = 0;

  const read = (start: number, limit: number, depth: number): Asn1 => {
    if (depth > asn1Limits.depth) throw new SigningError("ASN1_LIMIT", "nested too deeply", { offset: start });
    if (++elements > asn1Limits.elements) throw new SigningError("ASN1_LIMIT", "too many elements", { offset: start });
    let at = start;
    const next = () => {
      if (at >= limit) throw malformed("unexpected end", at);
      return source[at++]!;
    };
    const identifier = next();
    let tag = identifier & 0x1f;
    if (tag === 0x1f) {
      tag = 0;
      for (let more = true; more;) {
        const byte = next();
        if (tag > 0xffff) throw malformed("tag number too large", start);
        tag = (tag << 7) | (byte & 0x7f);
        more = (byte & 0x80) !== 0;
      }
    }
    const first = next();
    const indefinite = first === 0x80;
    const constructed = (identifier & 0x20) !== 0;
    let length = first;
    if (first > 0x80) {
      if (first > 0x84) throw malformed("length of more than four bytes", at - 1);
      length = 0;
      for (let i = first & 0x7f; i > 0; i--) length = length * 256 + next();
    }
    const contentStart = at;
    const children: Asn1[] = [];
    const fields = { source, identifier, tag, start, contentStart, children, indefinite };
    if (indefinite) {
      if (!constructed) throw malformed("primitive element of indefinite length", start);
      while (!(source[at] === 0 && source[at + 1] === 0 && at + 2 <= limit)) {
        const child = read(at, limit, depth + 1);
        children.push(child);
        at = child.end;
      }
      return new Asn1({ ...fields, contentEnd: at, end: at + 2 });
    }
    const end = at + length;
    if (end > limit) throw malformed("element runs past its container", start);
    while (constructed && at < end) {
      const child = read(at, end, depth + 1);
      children.push(child);
      at = child.end;
    }
    return new Asn1({ ...fields, contentEnd: end, end });
  };

  return read(offset, source.length, 0);
}

/** Reads bytes that hold exactly one BER element and nothing after it. */
export function readBer(source: Buffer): Asn1 {
  const element = readElement(source);
  if (element.end !== source.length) throw malformed("bytes after the element", element.end);
  return element;
}

/** The DER form of an element: definite lengths, joined strings, the members of each SET in order (X.690 §10–11). */
export function toDer(element: Asn1): Buffer {
  const universal = element.identifier >> 6 === 0;
  if (universal && element.tag === Tag.octetString) return der.octets(element.octets());
  if (!element.constructed) return tlv(element.identifier, element.content, element.tag);
  const parts = element.children.map(toDer);
  if (universal && element.tag === Tag.set) return der.setOf(parts);
  return tlv(element.identifier, Buffer.concat(parts), element.tag);
}

function tlv(identifier: number, content: Buffer, tag = 0): Buffer {
  // Tag numbers from 31 on stand in bytes of their own (X.690 §8.1.2.4).
  if (tag >= 0x1f) {
    const number = base128(BigInt(tag));
    return Buffer.concat([Buffer.from([identifier, ...number]), tlv(0, content).subarray(1)]);
  }
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([identifier, length]), content]);
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  return Buffer.concat([Buffer.from([identifier, 0x80 | size.length, ...size]), content]);
}

/** Identifiers are written again and again; there are few of them. */
const writtenOids = new Map<string, Buffer>();

function writeOid(dotted: string): Buffer {
  let known = writtenOids.get(dotted);
  if (!known) {
    known = tlv(Tag.oid, encodeOid(dotted));
    if (writtenOids.size < 1000) writtenOids.set(dotted, known);
  }
  return known;
}

function encodeOid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split(".").map(BigInt) as [bigint, bigint, ...bigint[]];
  return Buffer.from([first * 40n + second, ...rest].flatMap(base128));
}

/** A number in groups of seven bits, all but the last with the eighth bit set. */
function base128(value: bigint): number[] {
  const bytes = [Number(value & 0x7fn)];
  for (let left = value >> 7n; left > 0n; left >>= 7n) bytes.unshift(Number(left & 0x7fn) | 0x80);
  return bytes;
}

function encodeInteger(value: bigint): Buffer {
  if (value < 0n) throw new SigningError("ASN1_MALFORMED", "negative numbers are not written");
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex");
  return bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

/** UTCTime to 2049, GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5), whole seconds. */
function encodeTime(date: Date): Buffer {
  const digits = date
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace(/[^\d]/g, "");
  return date.getUTCFullYear() < 2050
    ? tlv(Tag.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : tlv(Tag.generalizedTime, Buffer.from(`${digits}Z`));
}

/** GeneralizedTime with up to three digits of a second, without trailing zeros (X.690 §11.7). */
function encodeGeneralizedTime(date: Date): Buffer {
  const text = date
    .toISOString()
    .replace(/[-:T]/g, "")
    .replace(/\.?0*Z$/, "");
  // The pattern also takes zeros of whole seconds away.
  return tlv(Tag.generalizedTime, Buffer.from(`${text.includes(".") ? text : text.padEnd(14, "0")}Z`));
}

/** Writers of DER: each gives the bytes of one whole element. */
export const der = {
  sequence: (...parts: readonly Buffer[]) => tlv(0x30, Buffer.concat(parts)),
  /** SET OF: the members sorted by their encodings (X.690 §11.6). */
  setOf: (parts: readonly Buffer[]) => tlv(0x31, Buffer.concat([...parts].sort(Buffer.compare))),
  oid: writeOid,
  integer: (value: bigint | number) => tlv(Tag.integer, encodeInteger(BigInt(value))),
  boolean: (value: boolean) => tlv(Tag.boolean, Buffer.from([value ? 0xff : 0])),
  null: () => tlv(Tag.null, Buffer.alloc(0)),
  octets: (bytes: Buffer) => tlv(Tag.octetString, bytes),
  bits: (bytes: Buffer) => tlv(Tag.bitString, Buffer.concat([Buffer.from([0]), bytes])),
  /** A BIT STRING of named bits, without trailing zeros (X.690 §11.2.2). */
  namedBits: (positions: readonly number[]) => {
    const last = Math.max(...positions);
    const bytes = Buffer.alloc((last >> 3) + 1);
    for (const bit of positions) bytes[bit >> 3]! |= 0x80 >> (bit & 7);
    return tlv(Tag.bitString, Buffer.concat([Buffer.from([7 - (last & 7)]), bytes]));
  },
  utf8: (text: string) => tlv(Tag.utf8String, Buffer.from(text, "utf8")),
  printable: (text: string) => tlv(Tag.printableString, Buffer.from(text, "latin1")),
  ia5: (text: string) => tlv(Tag.ia5String, Buffer.from(text, "latin1")),
  bmp: (text: string) => tlv(Tag.bmpString, Buffer.from(text, "utf16le").swap16()),
  time: encodeTime,
  generalizedTime: encodeGeneralizedTime,
  enumerated: (value: number) => tlv(Tag.enumerated, encodeInteger(BigInt(value))),
  /** `[n] EXPLICIT`: wraps whole elements. */
  explicit: (n: number, ...parts: readonly Buffer[]) => tlv(0xa0 | n, Buffer.concat(parts)),
  /** `[n] IMPLICIT` of a constructed element's content. */
  implicit: (n: number, content: Buffer) => tlv(0xa0 | n, content),
  /** `[n] IMPLICIT` of a primitive element's content. */
  implicitPrimitive: (n: number, content: Buffer) => tlv(0x80 | n, content),
};
