import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import { fingerprint, publicKeyOf, readCertificate } from "../../../signing/x509/certificates.ts";
import {
  authorityInformation,
  authorityIssuerAndSerial,
  certificatePolicies,
  hasNoCheck,
  inhibitAnyPolicy,
  issuerAlternativeNames,
  nameConstraints,
  policyConstraints,
  policyMappings,
  qualifiedStatements,
  subjectAlternativeNames,
} from "../../../signing/x509/extensions.ts";
import { distributionPoints, freshestPoints } from "../../../signing/x509/distribution-points.ts";
import { readDer, readHeader } from "../../../signing/x509/der.ts";
import { ReadCache } from "../../../signing/x509/read-cache.ts";
import {
  caParty,
  certificate,
  certificateBytes,
  codeOf,
  ecdsa,
  end,
  ext,
  extension,
  general,
  keyId,
  name,
  party,
  person,
  personParty,
  start,
  type CertificateSpec,
} from "./pki.ts";

const spec = (extra: Partial<CertificateSpec> = {}): CertificateSpec => ({
  subject: personParty,
  issuer: caParty,
  ...extra,
});
const codeFor = (extra: Partial<CertificateSpec>) => codeOf(() => readCertificate(certificateBytes(spec(extra))));
const withExtensions = (...extensions: Buffer[]) => certificate(spec({ extensions }));

describe("a certificate is read", () => {
  test("with all its fields", () => {
    const read = certificate(
      spec({
        serial: 255,
        extensions: [ext.ca(3), ext.usage("digitalSignature", "decipherOnly"), ext.ski(keyId(personParty))],
      }),
    );
    expect(read).toMatchObject({
      version: 3,
      serial: "FF",
      serialNumber: 255n,
      notBefore: start,
      notAfter: end,
      basicConstraints: { ca: true, pathLength: 3 },
      keyUsage: new Set(["digitalSignature", "decipherOnly"]),
      subjectKeyIdentifier: keyId(personParty),
      authorityKeyIdentifier: undefined,
      extendedKeyUsage: undefined,
    });
    expect(read.subject.text).toBe("CN=Person, C=VN");
    expect(read.extensions.get(Oid.keyUsage)?.critical).toBe(true);
    expect(read.extensions.get(Oid.subjectKeyIdentifier)?.critical).toBe(false);
    expect(fingerprint(read)).toMatch(/^[0-9a-f]{64}$/);
  });

  test("as one object for the same bytes, from a copy of them", () => {
    const bytes = certificateBytes(spec());
    const read = readCertificate(bytes);
    const again = Buffer.from(bytes);
    bytes.fill(0);
    expect(readCertificate(again)).toBe(read);
    expect(read.der).toEqual(again);
    expect(publicKeyOf(read)).toBe(publicKeyOf(read));
  });

  test("of version 1, without extensions, and with unique identifiers", () => {
    expect(certificate(spec({ version: 1 })).version).toBe(1);
    const ids = [der.implicitPrimitive(1, Buffer.from([0, 1])), der.implicitPrimitive(2, Buffer.from([0, 1]))];
    expect(certificate(spec({ version: 2, tbs: (fields) => [...fields, ...ids] })).version).toBe(2);
    expect(codeFor({ tbs: (fields) => [...fields, ...ids.toReversed()] })).toBe("BAD_CERTIFICATE");
    expect(codeFor({ tbs: (fields) => [...fields, ids[0]!, ids[0]!] })).toBe("BAD_CERTIFICATE");
    expect(codeFor({ tbs: (fields) => [...fields, der.null()] })).toBe("BAD_CERTIFICATE");
    expect(codeFor({ tbs: ([, ...fields]) => [der.explicit(0, der.integer(3)), ...fields] })).toBe("ASN1_MALFORMED");
    expect(codeFor({ tbs: ([, ...fields]) => [der.explicit(0), ...fields] })).toBe("BAD_CERTIFICATE");
    const two = der.explicit(0, der.integer(2), der.integer(2));
    expect(codeFor({ tbs: ([, ...fields]) => [two, ...fields] })).toBe("BAD_CERTIFICATE");
  });

  test("with a negative serial number shown as such, and leading zeros left out", () => {
    expect(certificate(spec({ serial: Buffer.from([2, 1, 0xff]) }))).toMatchObject({
      serial: "-FF",
      serialNumber: -1n,
    });
    expect(certificate(spec({ serial: Buffer.from([2, 3, 0, 0, 7]) })).serial).toBe("07");
    expect(certificate(spec({ serial: 0 })).serial).toBe("00");
  });

  test("with attributes that are no text, and with dangerous characters made visible", () => {
    const attribute = (value: Buffer) => der.sequence(der.setOf([der.sequence(der.oid("2.5.4.45"), value)]));
    const subject = (bytes: Buffer) => certificate(spec({ subject: { ...personParty, name: bytes } })).subject.text;
    expect(subject(attribute(der.bits(Buffer.from([1]))))).toBe("2.5.4.45=#03020001");
    expect(subject(attribute(der.utf8("a\u202eb,c")))).toBe("2.5.4.45=a\u{fffd}b\\,c");
    expect(subject(attribute(der.sequence()))).toBe("2.5.4.45=#3000");
    const broken = der.sequence(der.setOf([der.sequence(der.oid("2.5.4.3"))]));
    expect(codeOf(() => subject(broken))).toBe("ASN1_MALFORMED");
  });
});

describe("a certificate is refused", () => {
  const bytes = certificateBytes(spec());
  test.each([
    ["an extension that stands twice", { extensions: [ext.ca(), ext.ca()] }],
    ["an algorithm outside that differs", { outerAlgorithm: der.sequence(der.oid(Oid.ecdsaWithSha384)) }],
    ["three times", { tbs: (f: Buffer[]) => f.toSpliced(4, 1, der.sequence(...[start, start, end].map(der.time))) }],
    ["65 extensions", { extensions: Array.from({ length: 65 }, (_, i) => extension(`1.2.3.${i}`, der.null())) }],
    ["an extension of four", { extensions: [der.sequence(der.oid("1.2.3"), ...Array(3).fill(der.boolean(true)))] }],
    [
      "basic constraints of three parts",
      {
        extensions: [extension(Oid.basicConstraints, der.sequence(der.boolean(true), der.integer(1), der.integer(1)))],
      },
    ],
    ["an algorithm of three parts", { algorithm: der.sequence(der.oid(Oid.ecdsaWithSha256), der.null(), der.null()) }],
  ] satisfies [string, Partial<CertificateSpec>][])("for %s", (_, extra) => {
    expect(codeFor(extra)).toBe("BAD_CERTIFICATE");
  });

  test.each([
    ["fields", { tbs: (fields: Buffer[]) => fields.slice(0, 6) }],
    ["all fields", { tbs: () => [] }],
    ["a time", { tbs: (f: Buffer[]) => f.toSpliced(4, 1, der.sequence(der.time(start))) }],
    ["the value of an extension", { extensions: [der.sequence(der.oid("1.2.3"))] }],
    ["all of an extension", { extensions: [der.sequence()] }],
  ] satisfies [string, Partial<CertificateSpec>][])("where it lacks %s", (_, extra) => {
    expect(codeFor(extra)).toBe("ASN1_MALFORMED");
  });

  test("not with 64 extensions, or with one that writes out that it is not critical", () => {
    expect(codeFor({ extensions: Array.from({ length: 64 }, (_, i) => extension(`1.2.3.${i}`, der.null())) })).toBe(
      "none",
    );
    const explicit = der.sequence(der.oid("1.2.3"), der.boolean(false), der.octets(der.null()));
    expect(certificate(spec({ extensions: [explicit] })).extensions.get("1.2.3")).toEqual({
      critical: false,
      value: der.null(),
    });
  });

  test("for bytes after it, parts too many or too few, and size", () => {
    expect(codeOf(() => readCertificate(Buffer.concat([bytes, Buffer.from([0])])))).toBe("ASN1_MALFORMED");
    const parts = readDer(bytes)
      .sequence()
      .map(({ raw }) => raw);
    expect(codeOf(() => readCertificate(der.sequence(...parts, der.null())))).toBe("BAD_CERTIFICATE");
    expect(codeOf(() => readCertificate(der.sequence(...parts.slice(0, 2))))).toBe("ASN1_MALFORMED");
    expect(codeOf(() => readCertificate(Buffer.alloc(64 * 1024 + 1)))).toBe("BAD_CERTIFICATE");
    expect(codeOf(() => readCertificate(Buffer.alloc(64 * 1024)))).toBe("ASN1_MALFORMED");
  });

  test("for a signature that is no whole number of bytes, and a usage that is malformed", () => {
    const [tbs, algorithm, signature] = readDer(bytes).sequence();
    const bits = Buffer.from(signature!.raw);
    bits[signature!.contentStart - signature!.start] = 1;
    expect(codeOf(() => readCertificate(der.sequence(tbs!.raw, algorithm!.raw, bits)))).toBe("ASN1_MALFORMED");
    expect(codeFor({ extensions: [extension(Oid.keyUsage, der.null())] })).toBe("ASN1_MALFORMED");
    expect(codeFor({ extensions: [extension(Oid.extendedKeyUsage, Buffer.from("3000ff", "hex"))] })).toBe(
      "ASN1_MALFORMED",
    );
  });

  test("for lengths that are not DER: of the indefinite form, or longer than needed", () => {
    const indefinite = Buffer.concat([Buffer.from([0x30, 0x80]), readDer(bytes).content, Buffer.alloc(2)]);
    expect(codeOf(() => readCertificate(indefinite))).toBe("ASN1_MALFORMED");
    const long = (length: number, ...header: number[]) =>
      Buffer.from([0x04, ...header, ...Array<number>(length).fill(1)]);
    expect(readDer(long(0x7f, 0x7f)).content).toHaveLength(0x7f);
    expect(readDer(long(0x80, 0x81, 0x80)).content).toHaveLength(0x80);
    expect(readDer(long(0x100, 0x82, 1, 0)).content).toHaveLength(0x100);
    expect(readDer(long(0x1_0000, 0x83, 1, 0, 0)).content).toHaveLength(0x1_0000);
    for (const wrong of [
      long(0x7f, 0x81, 0x7f),
      long(0xff, 0x82, 0, 0xff),
      long(0xffff, 0x83, 0, 0xff, 0xff),
      long(0x1_0000, 0x84, 0, 1, 0, 0),
    ]) {
      expect(codeOf(() => readDer(wrong))).toBe("ASN1_MALFORMED");
      expect(codeOf(() => readDer(der.sequence(wrong)))).toBe("ASN1_MALFORMED");
      expect(codeOf(() => readHeader(wrong, 0, wrong.length))).toBe("ASN1_MALFORMED");
    }
    const longest = Buffer.alloc(0x100_0005);
    longest.set([0x04, 0x84, 1, 0, 0, 0]);
    expect(readHeader(longest, 0, 0x100_0006)).toBeDefined();
  });

  test("a key of no known kind is told when it is asked for", () => {
    const read = certificate(spec({ spki: der.sequence(der.sequence(der.oid("1.2.3")), der.bits(Buffer.from([1]))) }));
    expect(codeOf(() => publicKeyOf(read))).toBe("UNSUPPORTED_KEY");
  });
});

test("the header of an element is read within its bounds", () => {
  const bytes = Buffer.from("0403010203ff", "hex");
  expect(readHeader(bytes, 0, 6)).toEqual({ identifier: 4, start: 0, contentStart: 2, end: 5 });
  expect(readHeader(bytes, 0, 5).end).toBe(5);
  expect(codeOf(() => readHeader(bytes, 0, 4))).toBe("ASN1_MALFORMED");
  expect(codeOf(() => readHeader(bytes, 5, 6))).toBe("ASN1_MALFORMED");
  expect(codeOf(() => readHeader(bytes, 6, 6))).toBe("ASN1_MALFORMED");
  for (const wrong of ["1f0100", "0480", "0485000000000100", "0482", "0481"]) {
    expect(codeOf(() => readHeader(Buffer.from(wrong, "hex"), 0, wrong.length / 2))).toBe("ASN1_MALFORMED");
  }
});

test("what was read is kept within a bound, the least asked for goes first", () => {
  const cache = new ReadCache<{ id: string }>(10);
  const get = (id: string) => cache.get(Buffer.from(id), (copy) => ({ id: copy.toString() }));
  const first = get("1111");
  const second = get("2222");
  expect(get("1111")).toBe(first);
  get("3333");
  expect(get("1111")).toBe(first);
  expect(get("2222")).not.toBe(second);
  const large = get("x".repeat(11));
  expect(get("x".repeat(11))).not.toBe(large);
  const exact = get("y".repeat(10));
  expect(get("y".repeat(10))).toBe(exact);
  expect(() =>
    cache.get(Buffer.from("z"), () => {
      throw new Error("unreadable");
    }),
  ).toThrow("unreadable");
  expect(get("y".repeat(10))).toBe(exact);
});

describe("extensions", () => {
  test("are absent where they are absent", () => {
    for (const read of [
      certificatePolicies,
      policyMappings,
      policyConstraints,
      inhibitAnyPolicy,
      nameConstraints,
      issuerAlternativeNames,
      authorityIssuerAndSerial,
      qualifiedStatements,
    ]) {
      expect(read(person)).toBeUndefined();
    }
    expect(subjectAlternativeNames(person)).toEqual([]);
    expect(authorityInformation(person)).toEqual({ ocsp: [], issuers: [] });
    expect(distributionPoints(person)).toEqual([]);
    expect(freshestPoints(person)).toEqual([]);
    expect(hasNoCheck(person)).toBe(false);
  });

  test("policies with their qualifiers, and the same object when asked again", () => {
    const read = withExtensions(ext.policies(["1.2.3"], { qualifier: "1.3.6.1.5.5.7.2.1" }));
    const [policy] = certificatePolicies(read)!;
    expect(policy!.policy).toBe("1.2.3");
    expect(policy!.qualifiers[0]!.sequence()[0]!.oid()).toBe("1.3.6.1.5.5.7.2.1");
    expect(certificatePolicies(read)).toBe(certificatePolicies(read));
    expect(certificatePolicies(withExtensions(ext.policies(["1.2.3"])))![0]!.qualifiers).toEqual([]);
    const empty = withExtensions(extension(Oid.certificatePolicies, der.sequence(der.sequence())));
    expect(codeOf(() => certificatePolicies(empty))).toBe("ASN1_MALFORMED");
  });

  test("at most 512 policies and mappings", () => {
    const many = (count: number) => withExtensions(ext.policies(Array.from({ length: count }, (_, i) => `1.2.${i}`)));
    expect(certificatePolicies(many(512))).toHaveLength(512);
    expect(codeOf(() => certificatePolicies(many(513)))).toBe("BAD_CERTIFICATE");
    const pairs = Array.from({ length: 513 }, (_, i) => ["1.2.3", `1.2.${i}`] as const);
    expect(codeOf(() => policyMappings(withExtensions(ext.mappings(...pairs))))).toBe("BAD_CERTIFICATE");
  });

  test("mappings and constraints on policies", () => {
    expect(policyMappings(withExtensions(ext.mappings(["1.2.3", "1.2.4"])))).toEqual([
      { issuerDomain: "1.2.3", subjectDomain: "1.2.4" },
    ]);
    const half = extension(Oid.policyMappings, der.sequence(der.sequence(der.oid("1.2.3"))));
    expect(codeOf(() => policyMappings(withExtensions(half)))).toBe("ASN1_MALFORMED");
    expect(policyConstraints(withExtensions(ext.constraints(0)))).toEqual({
      requireExplicitPolicy: 0,
      inhibitPolicyMapping: undefined,
    });
    expect(policyConstraints(withExtensions(ext.constraints(undefined, 2)))).toEqual({
      requireExplicitPolicy: undefined,
      inhibitPolicyMapping: 2,
    });
    expect(inhibitAnyPolicy(withExtensions(ext.inhibitAny(0)))).toBe(0);
    expect(codeOf(() => inhibitAnyPolicy(withExtensions(ext.inhibitAny(1_000_001))))).toBe("ASN1_MALFORMED");
    const skip = (...bytes: number[]) =>
      withExtensions(extension(Oid.policyConstraints, der.sequence(der.implicitPrimitive(0, Buffer.from(bytes)))));
    expect(policyConstraints(skip(1, 0))).toMatchObject({ requireExplicitPolicy: 256 });
    for (const wrong of [skip(), skip(0x80), skip(0, 0, 0, 0, 1)]) {
      expect(codeOf(() => policyConstraints(wrong))).toBe("BAD_CERTIFICATE");
    }
  });

  test("addresses of services, leaving out what is no URI", () => {
    const read = withExtensions(
      ext.access(
        [Oid.ocsp, general.uri("http://ocsp")],
        [Oid.caIssuers, general.uri("http://ca")],
        [Oid.ocsp, general.dns("x")],
        ["1.2.3", general.uri("http://other")],
      ),
    );
    expect(authorityInformation(read)).toEqual({ ocsp: ["http://ocsp"], issuers: ["http://ca"] });
    for (const broken of [der.sequence(der.sequence(der.oid(Oid.ocsp))), der.sequence(der.sequence())]) {
      const wrong = withExtensions(extension(Oid.authorityInfoAccess, broken));
      expect(codeOf(() => authorityInformation(wrong))).toBe("ASN1_MALFORMED");
    }
  });

  test("the issuer and serial number of the authority's certificate", () => {
    const read = withExtensions(ext.akiSerial(caParty.name, 7));
    expect(authorityIssuerAndSerial(read)).toMatchObject({
      issuer: [{ kind: "directory", value: { text: "CN=Authority, C=VN" } }],
      serialNumber: 7n,
    });
    expect(read.authorityKeyIdentifier).toBeUndefined();
    expect(authorityIssuerAndSerial(withExtensions(ext.aki(Buffer.from([1]))))).toEqual({
      issuer: undefined,
      serialNumber: undefined,
    });
    const empty = der.sequence(der.implicitPrimitive(2, Buffer.alloc(0)));
    expect(authorityIssuerAndSerial(withExtensions(extension(Oid.authorityKeyIdentifier, empty)))).toMatchObject({
      serialNumber: undefined,
    });
  });

  test("statements of qualified certificates", () => {
    const statements = der.sequence(
      der.sequence(der.oid("0.4.0.1862.1.1")),
      der.sequence(der.oid("1.2.3"), der.null()),
    );
    const read = qualifiedStatements(withExtensions(extension(Oid.qcStatements, statements)))!;
    expect([...read].map(([oid, value]) => [oid, value?.raw])).toEqual([
      ["0.4.0.1862.1.1", undefined],
      ["1.2.3", der.null()],
    ]);
    const broken = withExtensions(extension(Oid.qcStatements, der.sequence(der.sequence())));
    expect(codeOf(() => qualifiedStatements(broken))).toBe("ASN1_MALFORMED");
  });

  test("names of all kinds", () => {
    const read = withExtensions(
      ext.alternative(
        general.email("a@b"),
        general.dns("d"),
        general.uri("u:"),
        general.ip(1, 2, 3, 4),
        general.directory(name("CN=x")),
        general.registered(),
        general.other("1.2.3"),
        general.x400(),
        general.ediParty(),
      ),
      extension(Oid.issuerAltName, der.sequence(general.dns("i"))),
    );
    expect(subjectAlternativeNames(read).map(({ kind }) => kind)).toEqual([
      "email",
      "dns",
      "uri",
      "ip",
      "directory",
      "registeredId",
      "other",
      "x400",
      "ediParty",
    ]);
    expect(subjectAlternativeNames(read)[6]).toMatchObject({ value: { type: "1.2.3" } });
    expect(issuerAlternativeNames(read)).toEqual([{ kind: "dns", value: "i" }]);
    const codeOfName = (wrong: Buffer) => codeOf(() => subjectAlternativeNames(withExtensions(ext.alternative(wrong))));
    expect([der.null(), der.implicitPrimitive(9, Buffer.alloc(0))].map(codeOfName)).toEqual([
      "BAD_CERTIFICATE",
      "BAD_CERTIFICATE",
    ]);
    expect([der.implicit(0, Buffer.alloc(0)), der.explicit(4)].map(codeOfName)).toEqual([
      "ASN1_MALFORMED",
      "ASN1_MALFORMED",
    ]);
    const many = (count: number) => withExtensions(ext.alternative(...Array<Buffer>(count).fill(general.dns("d"))));
    expect(subjectAlternativeNames(many(2000))).toHaveLength(2000);
    expect(codeOf(() => subjectAlternativeNames(many(2001)))).toBe("BAD_CERTIFICATE");
  });

  test("distribution points with reasons and an issuer of their own", () => {
    const read = withExtensions(
      ext.points(
        { names: [general.uri("http://a")], reasons: [1, 8] },
        { relative: der.sequence(der.oid("2.5.4.3"), der.utf8("x")) },
        { crlIssuer: [general.directory(name("CN=c"))] },
      ),
      ext.freshest({ names: [general.uri("http://d")] }),
    );
    const [first, second, third] = distributionPoints(read);
    expect(first).toEqual({
      point: { fullName: [{ kind: "uri", value: "http://a" }] },
      reasons: new Set(["keyCompromise", "aACompromise"]),
      crlIssuer: undefined,
    });
    expect(second!.point).toHaveProperty("relativeName");
    expect(third).toMatchObject({ point: undefined, reasons: undefined, crlIssuer: [{ kind: "directory" }] });
    expect(freshestPoints(read)).toHaveLength(1);
    const wrongName = extension(Oid.crlDistributionPoints, der.sequence(der.sequence(der.explicit(0, der.null()))));
    expect(codeOf(() => distributionPoints(withExtensions(wrongName)))).toBe("BAD_CERTIFICATE");
    const noName = extension(Oid.crlDistributionPoints, der.sequence(der.sequence(der.explicit(0))));
    expect(codeOf(() => distributionPoints(withExtensions(noName)))).toBe("ASN1_MALFORMED");
    for (const bits of [[], [8, 0], [0, 1, 1, 1]]) {
      const reasons = der.implicitPrimitive(1, Buffer.from(bits));
      const wrong = extension(Oid.crlDistributionPoints, der.sequence(der.sequence(reasons)));
      expect(codeOf(() => distributionPoints(withExtensions(wrong)))).toBe("BAD_CERTIFICATE");
    }
    const many = (count: number) => withExtensions(ext.points(...Array.from({ length: count }, () => ({}))));
    expect(distributionPoints(many(256))).toHaveLength(256);
    expect(codeOf(() => distributionPoints(many(257)))).toBe("BAD_CERTIFICATE");
  });

  test("no-check", () => expect(hasNoCheck(withExtensions(ext.noCheck()))).toBe(true));

  test("a malformed one throws each time it is asked for", () => {
    const read = withExtensions(extension(Oid.certificatePolicies, der.null()));
    expect([1, 2].map(() => codeOf(() => certificatePolicies(read)))).toEqual(["ASN1_MALFORMED", "ASN1_MALFORMED"]);
  });
});

test("a name constraint's minimum is the default or beyond the profile", () => {
  const base = general.dns("a");
  const constraints = (...bounds: Buffer[]) =>
    nameConstraints(
      withExtensions(
        extension(Oid.nameConstraints, der.sequence(der.implicit(0, der.sequence(base, ...bounds))), true),
      ),
    )!.permitted!.map(({ bounded }) => bounded);
  expect(constraints()).toEqual([false]);
  expect(constraints(der.implicitPrimitive(0, Buffer.from([0])))).toEqual([false]);
  expect(constraints(der.implicitPrimitive(0, Buffer.from([1])))).toEqual([true]);
  expect(constraints(der.implicitPrimitive(1, Buffer.from([0])))).toEqual([true]);
  const empty = extension(Oid.nameConstraints, der.sequence(der.implicit(0, der.sequence())));
  expect(codeOf(() => nameConstraints(withExtensions(empty)))).toBe("ASN1_MALFORMED");
});

test("an algorithm is compared with its parameters", () => {
  expect(codeFor({ algorithm: ecdsa, outerAlgorithm: der.sequence(der.oid(Oid.ecdsaWithSha256), der.null()) })).toBe(
    "BAD_CERTIFICATE",
  );
  expect(codeFor({ subject: party("CN=ok") })).toBe("none");
});
