import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import { readCertificate, type Certificate } from "../../../signing/x509/certificates.ts";
import { readDer } from "../../../signing/x509/der.ts";
import { isSignedBy, verifySigned, workingKey } from "../../../signing/x509/signatures.ts";
import { findPaths, pathLimits, validatePath, type Path, type PathInputs } from "../../../signing/x509/path.ts";
import {
  anchor,
  ca,
  caExtensions,
  caParty,
  certificate,
  certificateBytes,
  end,
  ext,
  extension,
  general,
  keyId,
  keyOf,
  name,
  now,
  party,
  person,
  personParty,
  plus,
  root,
  rootParty,
  start,
  type CertificateSpec,
  type Party,
} from "./pki.ts";

const whole: Path = { certificates: [person, ca, root], anchor };

function faults(path: Path, inputs: Partial<PathInputs> = {}) {
  return validatePath(path, { at: now, ...inputs }).faults.map(
    ({ subIndication, note, index }) => `${subIndication} ${note} ${index}`,
  );
}

/** The faults of a path whose leaf, authority or anchor is made differently. */
function faultsWith(
  changes: {
    leaf?: Partial<CertificateSpec>;
    authority?: Partial<CertificateSpec>;
    root?: Partial<CertificateSpec>;
  },
  inputs: Partial<PathInputs> = {},
) {
  const top = changes.root
    ? certificate({ subject: rootParty, issuer: rootParty, extensions: caExtensions(), ...changes.root })
    : root;
  const middle = certificate({ subject: caParty, issuer: rootParty, extensions: caExtensions(), ...changes.authority });
  const leaf = certificate({ subject: personParty, issuer: caParty, ...changes.leaf });
  return faults({ certificates: [leaf, middle, top], anchor: { certificate: top, store: "TEST" } }, inputs);
}

const general_ = "CERTIFICATE_CHAIN_GENERAL_FAILURE";
const constraint = "CHAIN_CONSTRAINTS_FAILURE";

describe("a path is valid", () => {
  test("with all in order; the key of its first certificate is told", () => {
    const verdict = validatePath(whole, { at: now });
    expect(verdict).toMatchObject({ faults: [], policies: [] });
    expect(verdict.publicKey?.asymmetricKeyType).toBe("ec");
  });

  test("through a root of version 1, which cannot say that it is an authority", () => {
    expect(faultsWith({ root: { version: 1, extensions: [] } })).toEqual([]);
    expect(faultsWith({ authority: { version: 1, extensions: [] } })).toEqual([
      `${constraint} ISSUER_IS_NO_AUTHORITY 1`,
    ]);
  });

  test("of one certificate that is trusted itself, as long as it is right in itself", () => {
    const alone = (extra: Partial<CertificateSpec> = {}) => {
      const own = certificate({ subject: personParty, issuer: caParty, ...extra });
      return { certificates: [own], anchor: { certificate: own, store: "TEST" } };
    };
    expect(faults(alone())).toEqual([]);
    expect(faults(alone(), { at: plus(end, 1000) })).toEqual(["OUT_OF_BOUNDS_NO_POE EXPIRED 0"]);
    expect(faults(alone({ extensions: [ext.unknown(true)] }))).toEqual([`${general_} CRITICAL_EXTENSION 1.2.3.4.5 0`]);
    expect(faults(alone(), { explicitPolicy: true })).toEqual([
      `${constraint} NO_VALID_POLICY 0`,
      `${constraint} NO_VALID_POLICY 0`,
    ]);
    expect(validatePath(alone(), { at: now }).publicKey).toBeDefined();
  });
});

describe("a path fails", () => {
  test.each([
    ["a second before it begins", plus(start, -1000), "OUT_OF_BOUNDS_NO_POE NOT_YET_VALID 0"],
    ["a second after it ends", plus(end, 1000), "OUT_OF_BOUNDS_NO_POE EXPIRED 0"],
    ["not when it begins", start, undefined],
    ["not when it ends", end, undefined],
  ])("%s", (_, at, fault) => {
    const wide = { notBefore: plus(start, -1e9), notAfter: plus(end, 1e9) };
    expect(faultsWith({ authority: wide, root: wide }, { at })).toEqual(fault ? [fault] : []);
    expect(faultsWith({ leaf: wide, root: wide }, { at })).toEqual(fault ? [fault.replace("0", "1")] : []);
    // The anchor is trusted as such.
    expect(faultsWith({ leaf: wide, authority: wide }, { at })).toEqual([]);
  });

  test("outside the time in which its anchor is trusted", () => {
    const limited = (from?: Date, until?: Date): Path => ({
      ...whole,
      anchor: { ...anchor, ...(from && { from }), ...(until && { until }) },
    });
    const fault = ["NO_CERTIFICATE_CHAIN_FOUND ANCHOR_NOT_TRUSTED_AT_THIS_TIME 2"];
    expect(faults(limited(now, now))).toEqual([]);
    expect(faults(limited(plus(now, 1)))).toEqual(fault);
    expect(faults(limited(undefined, plus(now, -1)))).toEqual(fault);
  });

  test("where a signature is another's, or a name does not lead on", () => {
    const stranger = { ...caParty, key: keyOf("stranger") };
    expect(faultsWith({ leaf: { issuer: stranger } })).toEqual([`${general_} SIGNATURE_MISMATCH 0`]);
    expect(faultsWith({ authority: { issuer: { ...rootParty, key: keyOf("stranger") } } })).toEqual([
      `${general_} SIGNATURE_MISMATCH 1`,
    ]);
    expect(faultsWith({ leaf: { issuer: { ...caParty, name: name("CN=Other") } } })).toEqual([
      `${general_} ISSUER_NAME_DIFFERS 0`,
    ]);
    expect(faultsWith({ leaf: { issuer: { ...caParty, name: name("CN=AUTHORITY, C=vn", der.printable) } } })).toEqual(
      [],
    );
  });

  test("where an algorithm or key is not known", () => {
    const unknown = der.sequence(der.oid("1.2.3.4"));
    expect(faultsWith({ leaf: { algorithm: unknown } })).toEqual([
      `${general_} UNSUPPORTED_SIGNATURE_ALGORITHM 1.2.3.4 0`,
    ]);
    const malformed = der.sequence(der.oid(Oid.rsassaPss), der.null());
    expect(faultsWith({ leaf: { algorithm: malformed } })[0]).toContain(`${general_} `);
    const spki = der.sequence(der.sequence(der.oid("1.2.3")), der.bits(Buffer.from([1])));
    expect(faultsWith({ authority: { spki } })).toEqual([
      `${general_} UNSUPPORTED_KEY 1`,
      `${general_} ISSUER_KEY_UNREADABLE 0`,
    ]);
    expect(faultsWith({ root: { spki } })).toEqual([
      `${general_} UNSUPPORTED_KEY 2`,
      `${general_} ISSUER_KEY_UNREADABLE 1`,
    ]);
  });

  test("where an algorithm is not accepted, each signature by its own algorithm and key", () => {
    const asked: string[] = [];
    const result = faults(whole, {
      algorithms: ({ algorithm, key, at }) => {
        asked.push(`${algorithm.oid} ${key.asymmetricKeyType}`);
        expect(at).toBe(now);
        return asked.length === 2 ? "ALGORITHM_TOO_OLD" : undefined;
      },
    });
    expect(asked).toEqual([`${Oid.ecdsaWithSha256} ec`, `${Oid.ecdsaWithSha256} ec`]);
    expect(result).toEqual(["CRYPTO_CONSTRAINTS_FAILURE_NO_POE ALGORITHM_TOO_OLD 0"]);
  });

  test("for a negative serial number", () => {
    expect(faultsWith({ leaf: { serial: Buffer.from([2, 1, 0x80]) } })).toEqual([
      `${general_} SERIAL_NUMBER_NEGATIVE 0`,
    ]);
    expect(faultsWith({ leaf: { serial: 0 } })).toEqual([]);
  });

  test("for a critical extension that is not known, anywhere but in the anchor", () => {
    const extensions = [...caExtensions(), ext.unknown(true)];
    expect(faultsWith({ leaf: { extensions: [ext.unknown(true)] } })).toEqual([
      `${general_} CRITICAL_EXTENSION 1.2.3.4.5 0`,
    ]);
    expect(faultsWith({ authority: { extensions } })).toEqual([`${general_} CRITICAL_EXTENSION 1.2.3.4.5 1`]);
    expect(faultsWith({ root: { extensions } })).toEqual([]);
    expect(faultsWith({ leaf: { extensions: [ext.unknown(false)] } })).toEqual([]);
  });

  test("never for critical extensions whose meaning is applied", () => {
    const known = [
      Oid.subjectAltName,
      Oid.issuerAltName,
      Oid.crlDistributionPoints,
      Oid.freshestCrl,
      Oid.authorityInfoAccess,
      Oid.qcStatements,
      Oid.policyMappings,
    ];
    const extensions = [
      ext.notCa(),
      ext.usage("digitalSignature"),
      ext.purposes(true, Oid.emailProtection),
      ext.policies(["1.2.3"], { critical: true }),
      ext.inhibitAny(9),
      ext.names([general.dns("x")]),
      ext.constraints(9),
      ...known.map((oid) => extension(oid, der.sequence(), true)),
      extension(Oid.subjectKeyIdentifier, der.octets(Buffer.from([1])), true),
      extension(Oid.authorityKeyIdentifier, der.sequence(), true),
      extension(Oid.ocspNoCheck, der.null(), true),
      extension(Oid.noRevocationAvailable, der.null(), true),
    ];
    expect(faultsWith({ leaf: { extensions } })).toEqual([]);
  });

  test("through somebody who is no authority or may not certify", () => {
    const authority = (extensions: Buffer[]) => faultsWith({ authority: { extensions } });
    expect(authority([ext.notCa(), ext.usage("keyCertSign")])).toEqual([`${constraint} ISSUER_IS_NO_AUTHORITY 1`]);
    expect(authority([ext.usage("keyCertSign")])).toEqual([`${constraint} ISSUER_IS_NO_AUTHORITY 1`]);
    expect(authority([ext.ca(), ext.usage("cRLSign", "digitalSignature")])).toEqual([
      `${constraint} ISSUER_MAY_NOT_CERTIFY 1`,
    ]);
    expect(authority([ext.ca()])).toEqual([]);
    expect(faultsWith({ root: { extensions: [ext.notCa()] } })).toEqual([`${constraint} ISSUER_IS_NO_AUTHORITY 2`]);
    expect(faultsWith({ root: { extensions: [ext.ca(), ext.usage("cRLSign")] } })).toEqual([
      `${constraint} ISSUER_MAY_NOT_CERTIFY 2`,
    ]);
    expect(faultsWith({ root: { extensions: [] } })).toEqual([`${constraint} ISSUER_IS_NO_AUTHORITY 2`]);
  });

  test("for what cannot be read in a certificate, without throwing", () => {
    const broken = (oid: string) => [...caExtensions(), extension(oid, der.octets(Buffer.alloc(0)))];
    for (const oid of [
      Oid.certificatePolicies,
      Oid.policyMappings,
      Oid.policyConstraints,
      Oid.inhibitAnyPolicy,
      Oid.nameConstraints,
    ]) {
      expect(faultsWith({ authority: { extensions: broken(oid) } })).toContain(`${general_} ASN1_MALFORMED 1`);
    }
    expect(faultsWith({ root: { extensions: broken(Oid.nameConstraints) } })).toEqual([`${general_} ASN1_MALFORMED 2`]);
    expect(faultsWith({ leaf: { extensions: [extension(Oid.policyConstraints, der.null())] } })).toEqual([
      `${general_} ASN1_MALFORMED 0`,
    ]);
  });
});

describe("path lengths", () => {
  /** Authorities below the root, each with its length or none, then a person. */
  function chain(lengths: (number | undefined | "self")[], rootLength?: number): string[] {
    const top = certificate({ subject: rootParty, issuer: rootParty, extensions: caExtensions(rootLength) });
    const certificates = [top];
    let issuer: Party = rootParty;
    for (const [i, length] of lengths.entries()) {
      const self = length === "self";
      const subject = { name: self ? issuer.name : name(`CN=${i}`), key: keyOf(`length ${i}`) };
      const extensions = caExtensions(self ? undefined : length);
      certificates.unshift(certificate({ subject, issuer, extensions }));
      issuer = subject;
    }
    certificates.unshift(certificate({ subject: personParty, issuer }));
    return faults({ certificates, anchor: { certificate: top, store: "TEST" } });
  }

  test("count the authorities between, and not the last certificate", () => {
    expect(chain([0])).toEqual([]);
    expect(chain([0, undefined])).toEqual([`${constraint} PATH_TOO_LONG 1`]);
    expect(chain([1, undefined])).toEqual([]);
    expect(chain([1, undefined, undefined])).toEqual([`${constraint} PATH_TOO_LONG 1`]);
    expect(chain([undefined, undefined, undefined])).toEqual([]);
  });

  test("of the anchor hold as well", () => {
    expect(chain([undefined], 0)).toEqual([`${constraint} PATH_TOO_LONG 1`]);
    expect(chain([undefined], 1)).toEqual([]);
    expect(chain([undefined, undefined], 1)).toEqual([`${constraint} PATH_TOO_LONG 1`]);
  });

  test("do not grow again further down", () => {
    expect(chain([1, 5, undefined])).toEqual([`${constraint} PATH_TOO_LONG 1`]);
  });

  test("leave self-issued certificates out of account", () => {
    expect(chain([0, "self"])).toEqual([]);
    expect(chain([1, "self", undefined, "self"])).toEqual([]);
    expect(chain([0, "self", undefined])).toEqual([`${constraint} PATH_TOO_LONG 1`]);
  });
});

describe("name constraints of a path", () => {
  const constrained = (permitted: Buffer[]) => ({ extensions: [...caExtensions(), ext.names(permitted)] });
  const leaf = (dns: string) => ({ extensions: [ext.alternative(general.dns(dns))] });

  test("hold below the authority that makes them, the anchor included", () => {
    const fault = [`${constraint} NAME_NOT_PERMITTED 0`];
    expect(faultsWith({ authority: constrained([general.dns("vn")]), leaf: leaf("a.vn") })).toEqual([]);
    expect(faultsWith({ authority: constrained([general.dns("vn")]), leaf: leaf("a.com") })).toEqual(fault);
    expect(faultsWith({ root: constrained([general.dns("vn")]), leaf: leaf("a.com") })).toEqual(fault);
    const own = { extensions: [...caExtensions(), ext.names([general.dns("vn")]), ext.alternative(general.dns("x"))] };
    expect(faultsWith({ authority: own })).toEqual([]);
    const bounded = der.sequence(
      der.implicit(0, der.sequence(general.dns("vn"), der.implicitPrimitive(1, Buffer.from([1])))),
    );
    const unsupported = { extensions: [...caExtensions(), extension(Oid.nameConstraints, bounded, true)] };
    expect(faultsWith({ authority: unsupported })).toEqual([`${general_} NAME_CONSTRAINT_UNSUPPORTED 1`]);
    expect(faultsWith({ root: unsupported })).toEqual([`${general_} NAME_CONSTRAINT_UNSUPPORTED 2`]);
  });

  test("do not hold for a self-issued authority, but for a self-issued last certificate", () => {
    const names = ext.names([general.dns("vn")]);
    const dns = ext.alternative(general.dns("x"));
    const middle = certificate({ subject: caParty, issuer: rootParty, extensions: [...caExtensions(), names] });
    const second = { ...caParty, key: keyOf("second") };
    const self = certificate({ subject: second, issuer: caParty, extensions: [...caExtensions(), dns] });
    const below = certificate({ subject: personParty, issuer: second });
    expect(faults({ certificates: [below, self, middle, root], anchor })).toEqual([]);
    expect(faults({ certificates: [self, middle, root], anchor })).toEqual([`${constraint} NAME_NOT_PERMITTED 0`]);
  });
});

describe("paths are found", () => {
  const find = (
    subject: Certificate,
    pool: readonly Certificate[],
    options: { anchors?: Certificate[]; at?: Date } = {},
  ): Certificate[][] => {
    const anchors = (options.anchors ?? [root]).map((each) => ({ certificate: each, store: "TEST" }));
    const found = findPaths({ certificate: subject, pool, anchors, ...(options.at && { at: options.at }) });
    return [...found].map(({ certificates }) => [...certificates]);
  };

  test("from the certificate to the anchor, whether that is in the pool or not", () => {
    expect(find(person, [ca])).toEqual([[person, ca, root]]);
    expect(find(person, [root, ca, person, ca])).toEqual([[person, ca, root]]);
    expect(find(person, [])).toEqual([]);
    expect(find(person, [ca], { anchors: [] })).toEqual([]);
  });

  test("to a certificate that is an anchor itself, and beyond it", () => {
    expect(find(ca, [], { anchors: [ca] })).toEqual([[ca]]);
    expect(find(person, [ca], { anchors: [ca, root] })).toEqual([
      [person, ca],
      [person, ca, root],
    ]);
    const twice = [
      { certificate: root, store: "A", until: start },
      { certificate: root, store: "B" },
    ];
    const stores = [...findPaths({ certificate: person, pool: [ca], anchors: twice })].map((path) => path.anchor.store);
    expect(stores).toEqual(["A", "B"]);
  });

  test("not over a namesake with another key", () => {
    const namesake = certificate({ subject: { ...caParty, key: keyOf("namesake") }, issuer: rootParty });
    expect(find(person, [namesake])).toEqual([]);
    expect(find(person, [namesake, ca])).toEqual([[person, ca, root]]);
  });

  test("not round in circles", () => {
    const other = party("CN=Other");
    const cross = [
      certificate({ subject: caParty, issuer: other, extensions: caExtensions() }),
      certificate({ subject: other, issuer: caParty, extensions: caExtensions() }),
    ];
    expect(find(person, cross)).toEqual([]);
    expect(find(person, [...cross, ca])).toEqual([[person, ca, root]]);
  });

  test("over cross-certificates, all of them", () => {
    const other = party("CN=Other root");
    const otherRoot = certificate({ subject: other, issuer: other, extensions: caExtensions() });
    const cross = certificate({ subject: caParty, issuer: other, extensions: caExtensions() });
    const found = find(person, [ca, cross], { anchors: [root, otherRoot] });
    expect(found).toHaveLength(2);
    expect(found).toContainEqual([person, cross, otherRoot]);
  });

  test("the likeliest first: by key identifier, serial number, trust, authority, time", () => {
    const made = (extra: Partial<CertificateSpec> = {}) =>
      certificate({ subject: caParty, issuer: rootParty, extensions: [ext.ca()], ...extra });
    const first = (leafExtensions: Buffer[], likely: Certificate, others: Certificate[], anchors = [root]) => {
      const leaf = certificate({ subject: personParty, issuer: caParty, extensions: leafExtensions });
      for (const pool of [
        [likely, ...others],
        [...others, likely],
      ]) {
        const [path] = find(leaf, pool, { anchors, at: now });
        expect(path![1]).toBe(likely);
        // None of them is left out.
        expect(find(leaf, pool, { anchors, at: now })).toHaveLength(pool.length);
      }
    };
    const id = keyId(caParty);
    const named = made({ extensions: [ext.ca(), ext.ski(id)] });
    const misnamed = made({ extensions: [ext.ca(), ext.ski(Buffer.from([1]))] });
    const nameless = made();
    first([ext.aki(id)], named, [nameless, misnamed]);
    first([ext.aki(id)], nameless, [misnamed]);
    first([ext.akiSerial(caParty.name, 77)], made({ serial: 77 }), [nameless]);
    first([], made({ serial: 78 }), [made({ extensions: [] })]);
    first([], made({ serial: 79 }), [made({ notAfter: plus(now, -1000) }), made({ notBefore: plus(now, 1000) })]);
    first([], made({ serial: 80, notBefore: now }), [made({ notAfter: plus(now, -1000) })]);
    first([], made({ serial: 81, notAfter: now }), [made({ notAfter: plus(now, -1000) })]);
    // A broken hint is no hint.
    first([extension(Oid.authorityKeyIdentifier, der.sequence(der.implicit(1, der.null())))], named, []);
  });

  test("to an anchor before anything else at hand", () => {
    const other = certificate({ subject: caParty, issuer: rootParty, extensions: caExtensions() });
    const [path] = find(person, [ca], { anchors: [root, other] });
    expect(path).toEqual([person, other]);
  });

  test("of a limited length, and with limited work", () => {
    const certificates: Certificate[] = [];
    let issuer: Party = rootParty;
    for (let i = 0; i < pathLimits.length - 1; i++) {
      const subject = party(`CN=deep ${i}`);
      certificates.push(certificate({ subject, issuer, extensions: caExtensions() }));
      issuer = subject;
    }
    expect(find(certificates.at(-1)!, certificates)).toHaveLength(1);
    const deeper = certificate({ subject: personParty, issuer });
    expect(find(deeper, certificates)).toEqual([]);

    const namesakes = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        certificate({
          subject: { ...caParty, key: keyOf(`k${i % 2}`) },
          issuer: rootParty,
          extensions: caExtensions(),
        }),
      );
    const unlikely = certificate({ subject: caParty, issuer: rootParty, notAfter: plus(start, 1000) });
    // Two attempts: the authority, and the root above it.
    expect(find(person, [...namesakes(pathLimits.attempts - 2), unlikely], { at: now })).toHaveLength(1);
    expect(find(person, [...namesakes(pathLimits.attempts - 1), unlikely], { at: now })).toHaveLength(0);
  });

  test("over keys of a kind that is not known only to be refused", () => {
    const odd = certificate({ subject: caParty, issuer: rootParty, spki: der.sequence(der.null(), der.null()) });
    expect(find(person, [odd])).toEqual([]);
    const empty = certificate({ subject: caParty, issuer: rootParty, spki: der.sequence() });
    expect(find(person, [empty])).toEqual([]);
    const strange = certificate({ subject: personParty, issuer: caParty, algorithm: der.sequence(der.oid("1.2.3")) });
    expect(find(strange, [ca])).toEqual([[strange, ca, root]]);
    expect(faults({ certificates: [strange, ca, root], anchor })).toEqual([
      `${general_} UNSUPPORTED_SIGNATURE_ALGORITHM 1.2.3 0`,
    ]);
  });
});

describe("DSA", () => {
  const keys = generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 });
  const spki = keys.publicKey.export({ type: "spki", format: "der" });
  const [algorithm, bits] = readDer(spki).sequence();
  const [oid] = algorithm!.sequence();
  const bare = der.sequence(der.sequence(oid!.raw), bits!.raw);
  const nulled = der.sequence(der.sequence(oid!.raw, der.null()), bits!.raw);
  const parent = { ...caParty, key: keys.privateKey };
  const dsaWith = (id: string) => der.sequence(der.oid(id));
  const child = (spec: Partial<CertificateSpec> = {}) =>
    certificate({ subject: personParty, issuer: parent, algorithm: dsaWith(Oid.dsaWithSha256), ...spec });
  const full = certificate({ subject: parent, issuer: rootParty, extensions: caExtensions(), spki });

  test("signatures are checked, by keys of their kind only", () => {
    expect(isSignedBy(child(), full)).toBe(true);
    expect(isSignedBy(child({ signature: Buffer.alloc(8) }), full)).toBe(false);
    expect(isSignedBy(child(), ca)).toBe(false);
    expect(verifySigned(child(), workingKey(ca, undefined)).notes).toEqual(["KEY_OF_ANOTHER_KIND"]);
    expect(faults({ certificates: [child(), full, root], anchor }, { algorithms: () => undefined })).toEqual([]);
  });

  test.each([
    ["absent", bare],
    ["NULL", nulled],
  ])("keys whose parameters are %s take those of their issuer", (_, below) => {
    const subject = { name: name("CN=Below"), key: keys.privateKey };
    const inheriting = certificate({
      subject,
      issuer: parent,
      extensions: caExtensions(),
      spki: below,
      algorithm: dsaWith(Oid.dsaWithSha256),
    });
    const leaf = child({ issuer: subject });
    const path = { certificates: [leaf, inheriting, full, root], anchor };
    expect([...findPaths({ certificate: leaf, pool: [inheriting, full], anchors: [anchor] })]).toEqual([path]);
    expect(faults(path, { algorithms: () => undefined })).toEqual([]);
    expect(faults(path, { algorithms: () => undefined })).toEqual([]);
    const key = workingKey(full, undefined);
    expect(workingKey(inheriting, key)).toBe(workingKey(inheriting, key));
    // A key that is not even there.
    const keyless = certificate({
      subject,
      issuer: parent,
      extensions: caExtensions(),
      spki: der.sequence(der.sequence(oid!.raw)),
      algorithm: dsaWith(Oid.dsaWithSha256),
    });
    expect(faults({ certificates: [leaf, keyless, full, root], anchor }, { algorithms: () => undefined })).toEqual([
      `${general_} ASN1_MALFORMED 1`,
      `${general_} ISSUER_KEY_UNREADABLE 0`,
    ]);
    // From an issuer without such parameters there is nothing to take.
    const orphan = certificate({ subject, issuer: rootParty, extensions: caExtensions(), spki: below });
    expect(faults({ certificates: [leaf, orphan, root], anchor }, { algorithms: () => undefined })).toEqual([
      `${general_} UNSUPPORTED_KEY 1`,
      `${general_} ISSUER_KEY_UNREADABLE 0`,
    ]);
  });
});

describe("signatures", () => {
  test("are checked once for the same certificate and key", () => {
    const key = workingKey(ca, undefined);
    expect(verifySigned(person, key)).toBe(verifySigned(person, key));
    expect(verifySigned(readCertificate(Buffer.from(person.der)), key)).toBe(verifySigned(person, key));
    expect(verifySigned(person, workingKey(root, undefined)).result).toBe("invalid");
  });

  test("by a key that cannot be read are nobody's", () => {
    const odd = certificate({ subject: caParty, issuer: rootParty, spki: der.sequence(der.sequence(der.oid("1.2"))) });
    expect(isSignedBy(person, odd)).toBe(false);
  });

  test("whose parameters are malformed are invalid, not an error", () => {
    const malformed = certificate({
      subject: personParty,
      issuer: caParty,
      algorithm: der.sequence(der.oid(Oid.rsassaPss), der.null()),
    });
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect(verifySigned(malformed, rsa.publicKey).result).toBe("invalid");
    const spec = { subject: personParty, issuer: caParty };
    const bytes = certificateBytes(spec);
    expect(sign("sha256", bytes, caParty.key).length).toBeGreaterThan(60);
  });
});
