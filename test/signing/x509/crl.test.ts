import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import { readName } from "../../../signing/x509/certificates.ts";
import { crlLimits, readCrl } from "../../../signing/x509/crl.ts";
import { scanEntries } from "../../../signing/x509/crl-entries.ts";
import { readDer, readHeader } from "../../../signing/x509/der.ts";
import {
  caParty,
  codeOf,
  crl,
  crlBytes,
  day,
  ecdsa,
  extension,
  general,
  keyId,
  name,
  now,
  party,
  plus,
  start,
  type CrlSpec,
} from "./pki.ts";

const spec = (extra: Partial<CrlSpec> = {}): CrlSpec => ({ issuer: caParty, ...extra });
const nameOf = (text: string) => readName(readDer(name(text)));
const authority = nameOf("CN=Authority, C=VN");
const codeFor = (extra: Partial<CrlSpec>) => codeOf(() => readCrl(crlBytes(spec(extra))));

describe("a list is read", () => {
  test("with all its fields", () => {
    const read = crl(
      spec({
        number: 7,
        base: 5,
        aki: keyId(caParty),
        scope: { names: [general.uri("http://list")], onlyUser: true, onlyReasons: [1, 2], indirect: true },
        extensions: [extension(Oid.expiredCertificatesOnCrl, der.generalizedTime(start))],
        entries: [{ serial: 1 }, { serial: 2 }],
      }),
    );
    expect(read).toMatchObject({
      issuer: { text: "CN=Authority, C=VN" },
      thisUpdate: plus(now, -day),
      nextUpdate: plus(now, day),
      number: 7n,
      baseNumber: 5n,
      authorityKeyIdentifier: keyId(caParty),
      issuingDistributionPoint: {
        point: { fullName: [{ kind: "uri", value: "http://list" }] },
        onlyUserCertificates: true,
        onlyAuthorityCertificates: false,
        onlyAttributeCertificates: false,
        onlyReasons: new Set(["keyCompromise", "cACompromise"]),
        indirect: true,
      },
      expiredCertificatesSince: start,
      unknownCritical: [],
      size: 2,
    });
    expect(readCrl(Buffer.from(read.der))).toBe(read);
    const bytes = Buffer.from(read.der);
    expect(bytes.subarray(bytes.indexOf(read.tbs)).subarray(0, read.tbs.length)).toEqual(read.tbs);
  });

  test("without entries, next time or extensions", () => {
    expect(crl(spec({ nextUpdate: null }))).toMatchObject({
      nextUpdate: undefined,
      number: undefined,
      baseNumber: undefined,
      issuingDistributionPoint: undefined,
      expiredCertificatesSince: undefined,
      authorityKeyIdentifier: undefined,
      size: 0,
    });
    expect(crl(spec()).find(1n, authority)).toEqual([]);
    const version1 = crl(spec({ tbs: ([, ...fields]) => fields, entries: [{ serial: 1 }] }));
    expect(version1.size).toBe(1);
    const flags = { onlyCa: true, onlyAttribute: true };
    expect(crl(spec({ scope: flags })).issuingDistributionPoint).toMatchObject({
      point: undefined,
      onlyAuthorityCertificates: true,
      onlyAttributeCertificates: true,
      onlyReasons: undefined,
    });
  });

  test("with times of both kinds", () => {
    const late = new Date("2055-01-01T00:00:00Z");
    expect(crl(spec({ nextUpdate: late })).nextUpdate).toEqual(late);
    expect(crl(spec({ entries: [{ serial: 1, at: late }] })).find(1n, authority)[0]!.revokedAt).toEqual(late);
  });

  test.each([
    ["an algorithm outside that differs", { outerAlgorithm: der.sequence(der.oid(Oid.ecdsaWithSha384)) }],
    ["a version it does not know", { tbs: ([, ...f]: Buffer[]) => [der.integer(0), ...f] }],
    ["missing fields", { tbs: (f: Buffer[]) => f.slice(0, 3) }],
    ["fields too many", { tbs: (f: Buffer[]) => [...f, der.null()] }],
    ["very many fields", { tbs: (f: Buffer[]) => [...f, ...Array<Buffer>(9).fill(der.null())] }],
    ["an entry that is none", { tbs: (f: Buffer[]) => [...f, der.sequence(der.null())] }],
    [
      "an entry without a serial number",
      { tbs: (f: Buffer[]) => [...f, der.sequence(der.sequence(der.time(now), der.time(now)))] },
    ],
    ["an empty serial number", { entries: [{ serial: Buffer.from([2, 0]) }] }],
    ["a serial number of 128 bytes", { entries: [{ serial: der.integer(1n << 1016n) }] }],
    [
      "entry extensions that are no list",
      { tbs: (f: Buffer[]) => [...f, der.sequence(der.sequence(der.integer(1), der.time(now), der.null()))] },
    ],
    [
      "something behind entry extensions",
      {
        tbs: (f: Buffer[]) => [
          ...f,
          der.sequence(der.sequence(der.integer(1), der.time(now), der.sequence(), der.null())),
        ],
      },
    ],
  ] satisfies [string, Partial<CrlSpec>][])("not with %s", (_, extra) => {
    expect(["BAD_CRL", "ASN1_MALFORMED"]).toContain(codeFor(extra));
  });

  test("not with extensions, or a scope, that are empty or twice as many", () => {
    const wrapped = (...lists: Buffer[]) => codeFor({ tbs: (f) => [...f, der.explicit(0, ...lists)] });
    expect([wrapped(), wrapped(der.sequence(), der.sequence()), wrapped(der.sequence())]).toEqual([
      "BAD_CRL",
      "BAD_CRL",
      "none",
    ]);
    const scope = der.sequence(der.explicit(0));
    expect(codeFor({ extensions: [extension(Oid.issuingDistributionPoint, scope, true)] })).toBe("ASN1_MALFORMED");
  });

  test("not with more fields than are looked at", () => {
    const withNulls = (count: number) => () =>
      crl(spec({ tbs: (f) => [...f, ...Array<Buffer>(count).fill(der.null())] }));
    expect(withNulls(4)).toThrow("unknown fields");
    expect(withNulls(5)).toThrow("too many fields");
  });

  test("not with bytes behind it, parts missing, or a size beyond the limit", () => {
    const bytes = crlBytes(spec());
    expect(codeOf(() => readCrl(Buffer.concat([bytes, Buffer.alloc(1)])))).toBe("BAD_CRL");
    expect(codeOf(() => readCrl(Buffer.alloc(0)))).toBe("ASN1_MALFORMED");
    expect(codeOf(() => readCrl(Buffer.from([0x31, 0])))).toBe("BAD_CRL");
    expect(codeOf(() => readCrl(der.sequence()))).toBe("ASN1_MALFORMED");
    expect(codeOf(() => readCrl(der.sequence(der.null(), ecdsa, der.bits(Buffer.alloc(1)))))).toBe("BAD_CRL");
    expect(codeOf(() => readCrl(der.sequence(der.sequence(), ecdsa, der.null(), der.null())))).toBe("BAD_CRL");
    expect(() => readCrl(Buffer.alloc(crlLimits.bytes + 1))).toThrow("list is too large");
    expect(() => readCrl(Buffer.alloc(crlLimits.bytes))).toThrow("one SEQUENCE expected");
  });

  test("naming critical extensions whose meaning is not applied", () => {
    expect(crl(spec({ extensions: [extension("1.2.3.4", der.null(), true)] })).unknownCritical).toEqual(["1.2.3.4"]);
    expect(crl(spec({ extensions: [extension("1.2.3.4", der.null())] })).unknownCritical).toEqual([]);
    const inEntry = (critical: boolean, oid: string) =>
      crl(spec({ entries: [{ serial: 1, extensions: [extension(oid, der.null(), critical)] }, { serial: 2 }] }))
        .unknownCritical;
    expect(inEntry(true, "1.2.3.5")).toEqual(["1.2.3.5"]);
    expect(inEntry(false, "1.2.3.5")).toEqual([]);
    expect([Oid.crlReason, Oid.invalidityDate, Oid.holdInstruction].map((oid) => inEntry(true, oid))).toEqual([
      [],
      [],
      [],
    ]);
    // An entry for somebody else's certificate, in a list that is not indirect.
    expect(
      crl(spec({ entries: [{ serial: 1, certificateIssuer: [general.directory(name("CN=x"))] }] })).unknownCritical,
    ).toEqual([Oid.certificateIssuer]);
    const explicitlyNot = der.sequence(der.oid("1.2.3.6"), der.boolean(false), der.octets(der.null()));
    expect(crl(spec({ entries: [{ serial: 1, extensions: [explicitlyNot] }] })).unknownCritical).toEqual([]);
    const known = [
      extension(Oid.issuerAltName, der.sequence(), true),
      extension(Oid.freshestCrl, der.sequence(), true),
      extension(Oid.authorityInfoAccess, der.sequence(), true),
      extension(Oid.crlNumber, der.integer(1), true),
      extension(Oid.authorityKeyIdentifier, der.sequence(), true),
      extension(Oid.expiredCertificatesOnCrl, der.generalizedTime(start), true),
    ];
    expect(crl(spec({ extensions: known })).unknownCritical).toEqual([]);
    const many = (count: number) =>
      codeFor({
        entries: Array.from({ length: count }, (_, i) => ({
          serial: i,
          extensions: [extension(`1.2.3.${i}`, der.null(), true)],
        })),
      });
    expect([many(64), many(65)]).toEqual(["none", "BAD_CRL"]);
    const repeated = Array.from({ length: 100 }, (_, i) => ({
      serial: i,
      extensions: [extension("1.2.3.4", der.null(), true)],
    }));
    expect(crl(spec({ entries: repeated })).unknownCritical).toEqual(["1.2.3.4"]);
  });
});

describe("an entry is found", () => {
  const serials = [0n, 1n, 127n, 128n, 255n, 256n, 65535n, 1n << 159n];
  const list = crl(spec({ entries: serials.map((serial) => ({ serial })) }));

  test("by its serial number and by no other", () => {
    for (const serial of serials) {
      expect(list.find(serial, authority)).toMatchObject([{ serialNumber: serial }]);
      expect(serials.includes(serial + 3n) ? [] : list.find(serial + 3n, authority)).toEqual([]);
    }
    expect(list.find(-1n, authority)).toEqual([]);
    expect(list.find(1n, nameOf("CN=Other"))).toEqual([]);
    expect(list.find(1n, nameOf("CN=AUTHORITY, C=vn"))).toHaveLength(1);
    expect(codeOf(() => list.find(1n << 1015n, authority))).toBe("BAD_CRL");
    expect(list.find(1n << 1014n, authority)).toEqual([]);
  });

  test("where it is encoded with more bytes than needed, or negative", () => {
    const odd = crl(
      spec({
        entries: [
          { serial: Buffer.from([2, 3, 0, 0, 5]) },
          { serial: Buffer.from([2, 2, 0xff, 0xfe]) },
          { serial: Buffer.from([2, 1, 0x80]) },
        ],
      }),
    );
    expect(odd.find(5n, authority)).toHaveLength(1);
    expect(odd.find(-2n, authority)).toHaveLength(1);
    expect(odd.find(-128n, authority)).toHaveLength(1);
    expect(odd.find(254n, authority)).toEqual([]);
    expect(odd.find(128n, authority)).toEqual([]);
    expect(odd.find(65534n, authority)).toEqual([]);
    const plain = crl(spec({ entries: [{ serial: 128 }, { serial: Buffer.from([2, 2, 0xff, 0x7f]) }] }));
    expect(plain.find(128n, authority)).toHaveLength(1);
    expect(plain.find(-129n, authority)).toHaveLength(1);
    expect(plain.find(-128n, authority)).toEqual([]);
    expect(plain.find(127n, authority)).toEqual([]);
    expect(crl(spec({ entries: [{ serial: Buffer.from([2, 2, 0xff, 0x80]) }] })).find(-128n, authority)).toHaveLength(
      1,
    );
  });

  test("with reason, and the time from when the key was not safe", () => {
    const [entry] = crl(spec({ entries: [{ serial: 9, at: now, reason: 1, invalidFrom: start }] })).find(9n, authority);
    expect(entry).toEqual({ serialNumber: 9n, revokedAt: now, reason: "keyCompromise", invalidFrom: start });
    const reasons = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(
      (reason) => crl(spec({ entries: [{ serial: 9, reason }] })).find(9n, authority)[0]!.reason,
    );
    expect(reasons).toEqual([
      "unspecified",
      "cACompromise",
      "affiliationChanged",
      "superseded",
      "cessationOfOperation",
      "certificateHold",
      undefined,
      "removeFromCRL",
      "privilegeWithdrawn",
      "aACompromise",
      undefined,
    ]);
    expect(crl(spec({ entries: [{ serial: 9 }] })).find(9n, authority)[0]).toMatchObject({
      reason: undefined,
      invalidFrom: undefined,
    });
    for (const value of [der.integer(1), Buffer.from([10, 2, 0, 1])]) {
      const broken = crl(spec({ entries: [{ serial: 9, extensions: [extension(Oid.crlReason, value)] }] }));
      expect(codeOf(() => broken.find(9n, authority))).toBe("ASN1_MALFORMED");
    }
  });

  test("more than once, sixteen times at most", () => {
    const twice = crl(spec({ entries: Array.from({ length: 20 }, () => ({ serial: 5 })) }));
    expect(twice.find(5n, authority)).toHaveLength(16);
  });

  test("in a long list of long entries", () => {
    const note = extension("1.2.3.9", der.octets(Buffer.alloc(150)));
    const entries = Array.from({ length: 500 }, (_, serial) => ({ serial, extensions: [note] }));
    const long = crl(spec({ entries }));
    expect(long.size).toBe(500);
    expect([0n, 63n, 64n, 65n, 499n].map((serial) => long.find(serial, authority).length)).toEqual([1, 1, 1, 1, 1]);
    expect(long.find(500n, authority)).toEqual([]);
  });

  test("within a limit of entries", () => {
    const bytes = der.sequence(...[1, 2, 3].map((serial) => der.sequence(der.integer(serial), der.time(now))));
    const scan = (limit: number) =>
      scanEntries(bytes, readHeader(bytes, 0, bytes.length), { issuer: authority, indirect: false, limit });
    expect(scan(3).size).toBe(3);
    expect(codeOf(() => scan(2))).toBe("BAD_CRL");
  });
});

describe("an indirect list", () => {
  const other = [general.directory(name("CN=Other"))];
  const scope = { indirect: true };

  test("speaks of its own issuer's certificates until an entry names another", () => {
    const list = crl(
      spec({
        scope,
        entries: [
          { serial: 1 },
          { serial: 2, certificateIssuer: other, reason: 1 },
          { serial: 3 },
          { serial: 4, certificateIssuer: [general.uri("x"), general.directory(authority.der)] },
          { serial: 5, certificateIssuer: other },
          { serial: 6, certificateIssuer: other },
        ],
      }),
    );
    const found = (text: string) =>
      [1n, 2n, 3n, 4n, 5n, 6n].filter((serial) => list.find(serial, nameOf(text)).length > 0);
    expect(found("CN=Authority, C=VN")).toEqual([1n, 4n]);
    expect(found("CN=Other")).toEqual([2n, 3n, 5n, 6n]);
    expect(list.unknownCritical).toEqual([]);
  });

  test("may say so without marking it critical", () => {
    const issuer = extension(Oid.certificateIssuer, der.sequence(...other));
    const list = crl(spec({ scope, entries: [{ serial: 1, extensions: [issuer] }] }));
    expect(list.find(1n, nameOf("CN=Other"))).toHaveLength(1);
    expect(list.find(1n, authority)).toEqual([]);
  });

  test("speaks of 5000 authorities at most", () => {
    const issuers = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ serial: i, certificateIssuer: [general.directory(name(`CN=${i}`))] }));
    const list = crl(spec({ scope, entries: issuers(5000) }));
    expect(list.find(4999n, nameOf("CN=4999"))).toHaveLength(1);
    expect(codeFor({ scope, entries: issuers(5001) })).toBe("BAD_CRL");
  });
});

test("a list of 100,000 entries is read and searched", () => {
  const entry = (serial: number) =>
    Buffer.from(`301602${"05"}01${serial.toString(16).padStart(8, "0")}170d3236303130313030303030305a`, "hex");
  const entries = Array.from({ length: 100_000 }, (_, serial) => {
    const bytes = entry(serial);
    bytes[1] = bytes.length - 2;
    return bytes;
  });
  const bytes = crlBytes(spec({ tbs: (fields) => [...fields, der.sequence(...entries)] }));
  const list = readCrl(bytes);
  expect(list.size).toBe(100_000);
  for (let i = 0; i < 25; i++) expect(list.find(0x01_0001_869fn, authority)).toHaveLength(1);
  expect(list.find(0x01_0001_86a0n, authority)).toEqual([]);
  expect(list.find(0x01_0000_0000n, party("CN=x") && authority)).toHaveLength(1);
});
