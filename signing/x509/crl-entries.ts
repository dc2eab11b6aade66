import { readExtensions, type DistinguishedName } from "./certificates.ts";
import { readDer, readHeader, type Header } from "./der.ts";
import { readReason, type RevocationReason } from "./distribution-points.ts";
import { nameKey, readGeneralNames } from "./names.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** One revoked certificate (RFC 5280 §5.1.2.6, §5.3). */
export interface CrlEntry {
  readonly serialNumber: bigint;
  readonly revokedAt: Date;
  readonly reason: RevocationReason | undefined;
  /** When the key was or may have been compromised (§5.3.2 invalidityDate). */
  readonly invalidFrom: Date | undefined;
}

/** The entries of a list, of which only the places are known. */
export interface CrlEntries {
  readonly size: number;
  /** The critical extensions that occur in entries. */
  readonly critical: readonly string[];
  readonly find: (serialNumber: bigint, issuer: DistinguishedName) => readonly CrlEntry[];
}

/** Most authorities that an indirect list may speak of, and most different critical extensions. */
const maximumIssuers = 5000;
const maximumCritical = 64;
/** Most entries for one certificate; there should be one. */
const maximumEntries = 16;

const certificateIssuer = Buffer.from("0603551d1d", "hex");

/** From which entry on an indirect list speaks of whose certificates (§5.3.3). */
interface Section {
  readonly from: number;
  readonly issuers: ReadonlySet<string>;
}

/** Goes once over the entries. Throws BAD_CRL or ASN1_MALFORMED. */
export function scanEntries(
  der: Buffer,
  list: Header | undefined,
  options: { readonly issuer: DistinguishedName; readonly indirect: boolean; readonly limit: number },
): CrlEntries {
  const critical = new Map<string, string>();
  const sections: Section[] = [{ from: 0, issuers: new Set([nameKey(options.issuer)]) }];
  const known = new Map<string, ReadonlySet<string>>();
  let offsets = new Uint32Array(64);
  let size = 0;

  for (let at = list?.contentStart ?? 0; at < (list?.end ?? 0);) {
    const entry = readHeader(der, at, list!.end);
    const serial = readHeader(der, entry.contentStart, entry.end);
    const time = readHeader(der, serial.end, entry.end);
    if (entry.identifier !== 0x30 || serial.identifier !== 0x02 || serial.end === serial.contentStart) {
      throw new SigningError("BAD_CRL", "entry is malformed", { offset: at });
    }
    // RFC 5280 §4.1.2.2 allows 20 bytes; a length of one byte is counted upon below.
    if (serial.end - serial.contentStart > 0x7f) throw new SigningError("BAD_CRL", "serial number is too long");
    if (time.end < entry.end) scanExtensions(time.end, entry.end);
    if (size >= options.limit) throw new SigningError("BAD_CRL", "too many entries");
    if (size === offsets.length) {
      const larger = new Uint32Array(size * 2);
      larger.set(offsets);
      offsets = larger;
    }
    offsets[size++] = at;
    at = entry.end;
  }

  function scanExtensions(start: number, end: number): void {
    const all = readHeader(der, start, end);
    if (all.identifier !== 0x30 || all.end !== end) throw new SigningError("BAD_CRL", "entry is malformed");
    for (let at = all.contentStart; at < end;) {
      const extension = readHeader(der, at, end);
      const oid = readHeader(der, extension.contentStart, extension.end);
      const flag = readHeader(der, oid.end, extension.end);
      const isCritical = flag.identifier === 0x01 && der[flag.contentStart] !== 0;
      const isIssuer = der.compare(certificateIssuer, 0, 5, oid.start, oid.end) === 0;
      if (isIssuer && options.indirect) {
        const value = flag.identifier === 0x01 ? readHeader(der, flag.end, extension.end) : flag;
        enterSection(der.subarray(value.contentStart, value.end));
      } else if (isCritical) noteCritical(der.subarray(oid.start, oid.end));
      at = extension.end;
    }
  }

  function noteCritical(oid: Buffer): void {
    const key = oid.toString("hex");
    if (critical.has(key)) return;
    if (critical.size >= maximumCritical) throw new SigningError("BAD_CRL", "too many extensions");
    critical.set(key, readDer(oid).oid());
  }

  function enterSection(value: Buffer): void {
    const key = value.toString("latin1");
    let issuers = known.get(key);
    if (!issuers) {
      if (known.size >= maximumIssuers) throw new SigningError("BAD_CRL", "too many issuers");
      const names = readGeneralNames(readDer(value).sequence());
      issuers = new Set(names.flatMap((name) => (name.kind === "directory" ? [nameKey(name.value)] : [])));
      known.set(key, issuers);
    }
    if (sections.at(-1)!.issuers !== issuers) sections.push({ from: size, issuers });
  }

  return {
    size,
    critical: [...critical.values()],
    find: (serialNumber, issuer) => {
      const wanted = encodeInteger(serialNumber);
      if (wanted.length > 0x7f) throw new SigningError("BAD_CRL", "serial number is too long");
      const key = nameKey(issuer);
      const found: CrlEntry[] = [];
      for (const [i, section] of sections.entries()) {
        if (!section.issuers.has(key)) continue;
        const until = sections[i + 1]?.from ?? size;
        for (let entry = section.from; entry < until && found.length < maximumEntries; entry++) {
          if (hasSerial(der, offsets[entry]!, wanted)) found.push(readEntry(der, offsets[entry]!));
        }
      }
      return found;
    },
  };
}

/** Whether the entry at an offset, already seen to be well-formed, has this serial number. */
function hasSerial(der: Buffer, offset: number, wanted: Buffer): boolean {
  const first = der[offset + 1]!;
  let at = offset + 2 + (first < 0x80 ? 0 : first & 0x7f);
  let length = der[at + 1]!;
  at += 2;
  // Some authorities write more leading bytes than the number needs.
  for (; length > wanted.length && isRedundant(der[at]!, der[at + 1]!); length--) at++;
  if (length !== wanted.length) return false;
  // Serial numbers differ most in their last bytes.
  for (let i = length - 1; i >= 0; i--) if (der[at + i] !== wanted[i]) return false;
  return true;
}

function isRedundant(first: number, second: number): boolean {
  return (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
}

function readEntry(der: Buffer, offset: number): CrlEntry {
  const { start, end } = readHeader(der, offset, der.length);
  const [serial, time, list] = readDer(der.subarray(start, end)).sequence();
  const extensions = list && readExtensions(list);
  const value = (oid: string) => {
    const extension = extensions?.get(oid);
    return extension && readDer(extension.value);
  };
  const reason = value(Oid.crlReason);
  return {
    serialNumber: serial!.integer(),
    revokedAt: time!.time(),
    reason: reason && readReason(reason),
    invalidFrom: value(Oid.invalidityDate)?.time(),
  };
}

/** The shortest content of an INTEGER with this value, in two's complement. */
function encodeInteger(value: bigint): Buffer {
  let bytes = 1;
  while (BigInt.asIntN(bytes * 8, value) !== value) bytes++;
  const hex = BigInt.asUintN(bytes * 8, value).toString(16);
  return Buffer.from(hex.padStart(bytes * 2, "0"), "hex");
}
