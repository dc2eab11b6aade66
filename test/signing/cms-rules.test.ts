import { createHash, sign as signBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { digest } from "../../signing/algorithms/digests.ts";
import { der, readBer, toDer } from "../../signing/asn1.ts";
import { attribute } from "../../signing/cms/write.ts";
import { SigningError } from "../../signing/errors.ts";
import { readSignedData, signedAttributesBytes, verifySignedData } from "../../signing/cms/signed-data.ts";
import { issueCertificate } from "../../signing/issue/certificates.ts";
import { generateKeys } from "../../signing/issue/keys.ts";
import { Oid } from "../../signing/oids.ts";
import { readCertificate, type Certificate } from "../../signing/x509/certificates.ts";
import { authority, issueSigner, notAfter, notBefore, subordinate } from "./authorities.ts";
import { buildCms, essV2, toCutUp, toIndefinite, type CmsParts } from "./cms-builder.ts";

const content = Buffer.from("Quyết định về việc ban hành quy chế");
const rsa = issueSigner("rsa-2048");
const ec = issueSigner("ec-p256");
const other = issueSigner("ec-p256");
const build = (more: Partial<CmsParts> = {}) =>
  buildCms({ key: ec.key, certificate: ec.certificate, content, ...more });
const verify = (cms: Buffer, pool: readonly Certificate[] = []) =>
  verifySignedData(
    readSignedData(cms),
    (oid) => digest(oid, content),
    () => content,
    pool,
  );
const sha = (name: string, bytes: Buffer) => createHash(name).update(bytes).digest();
const without = (oid: string) => (usual: readonly Buffer[]) =>
  usual.filter((each) => readBer(each).sequence()[0]!.oid() !== oid);
const replacing =
  (oid: string, ...instead: readonly Buffer[]) =>
  (usual: readonly Buffer[]) => [...without(oid)(usual), ...instead];
const adding =
  (...more: readonly Buffer[]) =>
  (usual: readonly Buffer[]) => [...usual, ...more];

test("what the builder of these tests makes is right", () => {
  expect(verify(build())).toMatchObject({ result: "valid", signingCertificate: true, notes: [] });
});

describe("the structure", () => {
  const malformed = expect.objectContaining({ code: "CMS_MALFORMED" });
  const info = (...parts: Buffer[]) => der.sequence(...parts);
  const inner = () => readBer(build()).children[1]!.children[0]!;

  test.each<[string, () => Buffer]>([
    ["another content type", () => info(der.oid(Oid.data), der.explicit(0, inner().raw))],
    ["content under another tag", () => info(der.oid(Oid.signedData), der.explicit(1, inner().raw))],
    ["no content", () => info(der.oid(Oid.signedData))],
    ["empty content", () => info(der.oid(Oid.signedData), der.explicit(0))],
    ["two contents", () => info(der.oid(Oid.signedData), der.explicit(0, inner().raw, inner().raw))],
    ["a field behind the content", () => info(der.oid(Oid.signedData), der.explicit(0, inner().raw), der.null())],
    ["no fields", () => info(der.oid(Oid.signedData), der.explicit(0, der.sequence()))],
    ["no SignerInfo", () => build({ signers: 0 })],
    ["two SignerInfos", () => build({ signers: 2 })],
    ["a field behind the SignerInfos", () => build({ behind: [der.setOf([])] })],
    ["a field behind the unsigned attributes", () => build({ behindSigner: [der.null()] })],
    ["unsigned attributes twice", () => build({ unsigned: [], behindSigner: [der.implicit(1, Buffer.alloc(0))] })],
    ["65 certificates", () => build({ certificates: Array.from({ length: 65 }, () => ec.certificate) })],
    ["65 revocation lists", () => build({ crls: Array.from({ length: 65 }, () => der.sequence()) })],
    ["65 attributes", () => build({ unsigned: Array.from({ length: 65 }, () => attribute(Oid.data, der.null())) })],
    ["an attribute without values", () => build({ unsigned: [der.sequence(der.oid(Oid.data))] })],
    [
      "an attribute of three parts",
      () => build({ unsigned: [der.sequence(der.oid(Oid.data), der.setOf([]), der.null())] }),
    ],
  ])("refuses %s", (_, make) => {
    expect(() => readSignedData(make())).toThrow(malformed);
  });

  test("64 of each are read", () => {
    const of64 = (item: Buffer) => Array.from({ length: 64 }, () => item);
    expect(readSignedData(build({ certificates: of64(ec.certificate) })).certificates).toHaveLength(64);
    expect(readSignedData(build({ crls: of64(der.sequence()) })).crls).toHaveLength(64);
    const unsigned = of64(attribute("1.2.3.4", der.null()));
    expect(readSignedData(build({ unsigned })).unsignedAttributes.get("1.2.3.4")).toHaveLength(64);
  });

  describe("each field has its place", () => {
    const signedData = (change: (fields: Buffer[]) => Buffer[]) => {
      const fields = inner().children.map(({ raw }) => raw);
      return info(der.oid(Oid.signedData), der.explicit(0, der.sequence(...change(fields))));
    };
    const signerInfo = (change: (fields: Buffer[]) => Buffer[]) =>
      signedData((fields) => {
        const own = readBer(fields.at(-1)!).children[0]!.children.map(({ raw }) => raw);
        return [...fields.slice(0, -1), der.setOf([der.sequence(...change(own))])];
      });
    const omit = (at: number) => (fields: Buffer[]) => fields.filter((_, i) => i !== at);
    const put = (at: number, instead: Buffer) => (fields: Buffer[]) => fields.with(at, instead);
    const enclosing = (...more: Buffer[]) => signedData(put(2, der.sequence(der.oid(Oid.data), ...more)));
    const bytes = der.octets(content);

    test("as they stand they are read", () => {
      expect(verify(signedData((fields) => fields)).result).toBe("valid");
      expect(verify(signerInfo((fields) => fields)).result).toBe("valid");
      expect(readSignedData(enclosing(der.explicit(0, bytes))).content).toEqual(content);
    });

    test.each<[string, () => Buffer]>([
      ["a SignedData without its version", () => signedData(omit(0))],
      ["a SignedData without digests", () => signedData(omit(1))],
      ["a SignedData without content information", () => signedData(omit(2))],
      ["a SignedData without SignerInfos", () => signedData(omit(4))],
      ["a SignedData of version 6", () => signedData(put(0, der.integer(6)))],
      ["content information without a type", () => signedData(put(2, der.sequence()))],
      ["content under another tag", () => enclosing(der.explicit(1, bytes))],
      ["an empty content", () => enclosing(der.explicit(0))],
      ["two contents", () => enclosing(der.explicit(0, bytes, bytes))],
      ["a field behind the content", () => enclosing(der.explicit(0, bytes), der.null())],
      [
        "certificates behind the lists",
        () => signedData((f) => [...f.slice(0, 3), der.implicit(1, der.sequence()), f[3]!, f[4]!]),
      ],
      ...["version", "identifier", "digest", "", "signature algorithm", "signature"].flatMap(
        (name, i): [string, () => Buffer][] =>
          name ? [[`a SignerInfo without its ${name}`, () => signerInfo(omit(i))]] : [],
      ),
      ...[0, 1, 2, 3, 4, 5].map((n): [string, () => Buffer] => [
        `a SignerInfo of ${n} fields`,
        () => signerInfo((fields) => fields.slice(0, n)),
      ]),
    ])("%s is none", (_, make) => {
      expect(() => readSignedData(make())).toThrow(SigningError);
    });

    test("where nothing is left of a SignerInfo, it is called malformed", () => {
      const plain = (n: number) => signerInfo((fields) => fields.filter((_, i) => i !== 3).slice(0, n));
      for (const n of [1, 2, 3, 4]) expect(() => readSignedData(plain(n))).toThrow(malformed);
      expect(readSignedData(plain(5)).signedAttributes).toBeUndefined();
    });
  });

  test("what is hashed of the signed attributes is their DER form", () => {
    const backwards = (usual: readonly Buffer[]) => [...usual].sort(Buffer.compare).reverse();
    const read = readSignedData(build({ attributes: backwards, unsorted: true }));
    expect(signedAttributesBytes(read)).toEqual(der.setOf(read.signedAttributes!.children.map(({ raw }) => raw)));
    expect(signedAttributesBytes(readSignedData(build({ attributes: () => undefined })))).toBeUndefined();
  });

  test("other kinds of certificates and revocation information are passed over, by name", () => {
    const certificates = [ec.certificate, der.implicit(1, der.null()), der.sequence(der.integer(1))];
    const crls = [der.implicit(1, Buffer.concat([der.oid("1.2.3"), der.null()])), der.integer(4)];
    expect(verify(build({ certificates, crls }))).toMatchObject({
      result: "valid",
      notes: [
        "OTHER_KIND_OF_CERTIFICATE",
        "UNREADABLE_CERTIFICATE",
        "OTHER_KIND_OF_REVOCATION",
        "OTHER_KIND_OF_REVOCATION",
      ],
    });
  });

  test("lists and OCSP responses of the crls field are handed out as they stand", () => {
    const list = der.sequence(der.integer(7));
    const response = der.sequence(der.enumerated(3));
    const wrapped = der.implicit(1, Buffer.concat([der.oid(Oid.ocspResponseInfo), response]));
    const read = readSignedData(build({ crls: [list, wrapped] }));
    expect(read.crls).toEqual([list]);
    expect(read.ocspResponses).toEqual([response]);
    const indefinite = readSignedData(toIndefinite(readBer(build({ crls: [list, wrapped] }))));
    expect([indefinite.crls, indefinite.ocspResponses]).toEqual([[list], [response]]);
  });

  test("a digest that the list of digests leaves out is noted", () => {
    const digestAlgorithms = [der.sequence(der.oid(Oid.sha512))];
    expect(verify(build({ digestAlgorithms }))).toMatchObject({
      result: "valid",
      notes: ["DIGEST_ALGORITHM_NOT_LISTED"],
    });
  });

  test("BER with cut-up strings", () => {
    expect(verify(toCutUp(build()))).toMatchObject({
      result: "valid",
      signingCertificate: true,
      notes: ["BER_ENCODING"],
    });
  });

  test("certificates in the indefinite form are read as the DER that was signed", () => {
    const cms = toIndefinite(readBer(build()));
    expect(readSignedData(cms).certificates[0]!.der).toEqual(ec.certificate);
  });
});

describe("the signer's certificate", () => {
  test("is found by its subject key identifier", () => {
    const identifier = readCertificate(ec.certificate).subjectKeyIdentifier!;
    const byKey = (id: Buffer) => build({ signerIdentifier: der.implicitPrimitive(0, id) });
    expect(verify(byKey(identifier))).toMatchObject({ result: "valid" });
    expect(verify(byKey(Buffer.alloc(20)))).toMatchObject({
      result: "unknown",
      subIndication: "NO_SIGNING_CERTIFICATE_FOUND",
    });
  });

  test("is found in the pool, and nowhere else", () => {
    const cms = build({ certificates: [subordinate] });
    expect(verify(cms)).toMatchObject({ result: "unknown", subIndication: "NO_SIGNING_CERTIFICATE_FOUND" });
    expect(verify(cms, [readCertificate(ec.certificate)])).toMatchObject({ result: "valid" });
  });

  test("is not one of another serial number or issuer", () => {
    const { issuer, subject, serialNumber } = readCertificate(ec.certificate);
    const named = (name: Buffer, serial: bigint) =>
      build({ signerIdentifier: der.sequence(name, der.integer(serial)) });
    expect(verify(named(issuer.der, serialNumber)).result).toBe("valid");
    expect(verify(named(issuer.der, serialNumber + 1n)).result).toBe("unknown");
    expect(verify(named(subject.der, serialNumber)).result).toBe("unknown");
  });

  test("may be named in another kind of string, as issuers' names may be compared (RFC 5280 §7.1)", () => {
    const { issuer, serialNumber } = readCertificate(ec.certificate);
    const respelled = der.sequence(
      ...readBer(issuer.der)
        .sequence()
        .map((relative) => {
          const [type, value] = relative.children[0]!.sequence();
          return der.setOf([der.sequence(type!.raw, der.bmp(value!.text()))]);
        }),
    );
    expect(respelled.equals(issuer.der)).toBe(false);
    expect(verify(build({ signerIdentifier: der.sequence(respelled, der.integer(serialNumber)) })).result).toBe(
      "valid",
    );
  });

  test("an identifier of three parts is malformed", () => {
    const { issuer, serialNumber } = readCertificate(ec.certificate);
    for (const parts of [[issuer.der], [issuer.der, der.integer(serialNumber), der.null()]]) {
      expect(() => verify(build({ signerIdentifier: der.sequence(...parts) }))).toThrow(
        expect.objectContaining({ code: "CMS_MALFORMED" }),
      );
    }
  });

  test("of two with one name and number, it is the one that is signed for, or else the one whose key fits", () => {
    const serialNumber = 77n;
    const make = () => {
      const { privateKey, publicKey } = generateKeys("ec-p256");
      const certificate = issueCertificate({
        subject: { CN: "Một" },
        publicKey,
        issuer: authority,
        usage: "person",
        notBefore,
        notAfter,
        serialNumber,
      });
      return { key: privateKey, certificate };
    };
    const [one, twin] = [make(), make()];
    const certificates = [twin.certificate, one.certificate];
    for (const attributes of [undefined, without(Oid.signingCertificateV2)]) {
      const verdict = verify(build({ ...one, certificates, ...(attributes ? { attributes } : {}) }));
      expect(verdict.result).toBe("valid");
      expect(verdict.certificate!.der).toEqual(one.certificate);
    }
    const first = verify(
      build({ ...one, certificates: [...certificates].reverse(), attributes: without(Oid.signingCertificateV2) }),
    );
    expect(first.certificate!.der).toEqual(one.certificate);
    const nobody = verify(build({ ...one, key: ec.key, certificates, attributes: without(Oid.signingCertificateV2) }));
    expect(nobody).toMatchObject({ result: "invalid", subIndication: "SIG_CRYPTO_FAILURE" });
    // Four are tried; who sends more namesakes than that has no honest reason.
    const crowd = [...Array.from({ length: 4 }, () => make().certificate), one.certificate];
    expect(
      verify(build({ ...one, certificates: crowd.slice(1), attributes: without(Oid.signingCertificateV2) })).result,
    ).toBe("valid");
    expect(verify(build({ ...one, certificates: crowd, attributes: without(Oid.signingCertificateV2) })).result).toBe(
      "invalid",
    );
    // Signed by the first, for the second: the signature is nobody's.
    const crossed = build({
      ...one,
      certificates,
      attributes: replacing(Oid.signingCertificateV2, ess(twin.certificate)),
    });
    expect(verify(crossed)).toMatchObject({ result: "invalid", subIndication: "SIG_CRYPTO_FAILURE" });
  });
});

const ess = (certificate: Buffer, ...more: Buffer[]) =>
  attribute(Oid.signingCertificateV2, essV2(sha("sha256", certificate), ...more));

describe("the signing-certificate attribute", () => {
  const { issuer, serialNumber, subject } = readCertificate(ec.certificate);
  const issuerSerial = (name: Buffer, serial: bigint, tag = 4) =>
    der.sequence(der.sequence(der.explicit(tag, name)), der.integer(serial));
  const sha1Id = (hash: Buffer, ...more: Buffer[]) =>
    attribute(Oid.signingCertificate, der.sequence(der.sequence(der.sequence(der.octets(hash), ...more))));
  const named = (oid: string, hash: Buffer) =>
    attribute(
      Oid.signingCertificateV2,
      der.sequence(der.sequence(der.sequence(der.sequence(der.oid(oid)), der.octets(hash)))),
    );
  const second = attribute(Oid.signingCertificateV2, essV2(sha("sha256", ec.certificate)));

  test.each<[string, Buffer, readonly string[]]>([
    ["with issuer and serial number", ess(ec.certificate, issuerSerial(issuer.der, serialNumber)), []],
    ["with a digest of another kind, named", named(Oid.sha512, sha("sha512", ec.certificate)), []],
    ["of the first version, with SHA-1", sha1Id(sha("sha1", ec.certificate)), ["SIGNING_CERTIFICATE_BY_SHA1"]],
    [
      "of the first version, with issuer and serial number",
      sha1Id(sha("sha1", ec.certificate), issuerSerial(issuer.der, serialNumber)),
      ["SIGNING_CERTIFICATE_BY_SHA1"],
    ],
    [
      "with further certificates behind the signer's",
      attribute(
        Oid.signingCertificateV2,
        der.sequence(
          der.sequence(
            der.sequence(der.octets(sha("sha256", ec.certificate))),
            der.sequence(der.octets(sha("sha256", subordinate))),
          ),
        ),
      ),
      [],
    ],
  ])("is right %s", (_, instead, notes) => {
    const verdict = verify(build({ attributes: replacing(Oid.signingCertificateV2, instead) }));
    expect(verdict).toMatchObject({ result: "valid", signingCertificate: true, notes });
  });

  test("may be missing, which is no baseline", () => {
    expect(verify(build({ attributes: without(Oid.signingCertificateV2) }))).toMatchObject({
      result: "valid",
      signingCertificate: false,
    });
  });

  test.each<[string, readonly Buffer[]]>([
    ["the digest of another certificate", [ess(other.certificate)]],
    [
      "a digest with one bit changed",
      [attribute(Oid.signingCertificateV2, essV2(flip(sha("sha256", ec.certificate))))],
    ],
    ["another serial number", [ess(ec.certificate, issuerSerial(issuer.der, serialNumber + 1n))]],
    ["another issuer", [ess(ec.certificate, issuerSerial(subject.der, serialNumber))]],
    ["an issuer under another tag", [ess(ec.certificate, issuerSerial(issuer.der, serialNumber, 5))]],
    [
      "two issuers",
      [
        ess(
          ec.certificate,
          der.sequence(
            der.sequence(der.explicit(4, issuer.der), der.explicit(4, issuer.der)),
            der.integer(serialNumber),
          ),
        ),
      ],
    ],
    ["an issuer without a number", [ess(ec.certificate, der.sequence(der.sequence(der.explicit(4, issuer.der))))]],
    ["an empty issuer and number", [ess(ec.certificate, der.sequence())]],
    ["a fourth part", [ess(ec.certificate, issuerSerial(issuer.der, serialNumber), der.null())]],
    ["a digest nobody computes", [named(Oid.md2, Buffer.alloc(16))]],
    ["the digest of another kind than named", [named(Oid.sha384, sha("sha256", ec.certificate))]],
    ["no entry", [attribute(Oid.signingCertificateV2, der.sequence(der.sequence()))]],
    ["an empty entry", [attribute(Oid.signingCertificateV2, der.sequence(der.sequence(der.sequence())))]],
    ["an empty attribute", [attribute(Oid.signingCertificateV2, der.sequence())]],
    ["no value", [attribute(Oid.signingCertificateV2)]],
    [
      "two values",
      [attribute(Oid.signingCertificateV2, essV2(sha("sha256", ec.certificate)), essV2(Buffer.alloc(32)))],
    ],
    ["SHA-256 in the first version", [sha1Id(sha("sha256", ec.certificate))]],
    ["the first version for another certificate", [sha1Id(sha("sha1", other.certificate))]],
    [
      "two values of the first version",
      [attribute(Oid.signingCertificate, essV2(sha("sha1", ec.certificate)), der.null())],
    ],
    ["a right second version beside a wrong first", [second, sha1Id(Buffer.alloc(20))]],
    ["a right first version beside a wrong second", [ess(other.certificate), sha1Id(sha("sha1", ec.certificate))]],
    [
      "the certificate as the second entry only",
      [
        attribute(
          Oid.signingCertificateV2,
          der.sequence(
            der.sequence(
              der.sequence(der.octets(sha("sha256", subordinate))),
              der.sequence(der.octets(sha("sha256", ec.certificate))),
            ),
          ),
        ),
      ],
    ],
  ])("fails: %s", (_, instead) => {
    const verdict = verify(build({ attributes: replacing(Oid.signingCertificateV2, ...instead) }));
    expect(verdict).toMatchObject({
      result: "invalid",
      subIndication: "NO_SIGNING_CERTIFICATE_FOUND",
      signingCertificate: false,
      notes: ["SIGNING_CERTIFICATE_DIFFERS"],
    });
  });
});

describe("content type and message digest", () => {
  const fails = (subIndication: string, ...notes: string[]) => ({ result: "invalid", subIndication, notes });

  test.each<[string, CmsParts["attributes"], ReturnType<typeof fails>]>([
    ["no content type", without(Oid.contentType), fails("FORMAT_FAILURE", "CONTENT_TYPE")],
    [
      "another content type",
      replacing(Oid.contentType, attribute(Oid.contentType, der.oid(Oid.tstInfo))),
      fails("FORMAT_FAILURE", "CONTENT_TYPE"),
    ],
    [
      "two content types",
      replacing(Oid.contentType, attribute(Oid.contentType, der.oid(Oid.data), der.oid(Oid.tstInfo))),
      fails("FORMAT_FAILURE", "CONTENT_TYPE"),
    ],
    ["no message digest", without(Oid.messageDigest), fails("HASH_FAILURE")],
    ["no value of it", replacing(Oid.messageDigest, attribute(Oid.messageDigest)), fails("HASH_FAILURE")],
    [
      "two message digests",
      replacing(
        Oid.messageDigest,
        attribute(Oid.messageDigest, der.octets(sha("sha256", content)), der.octets(Buffer.alloc(32))),
      ),
      fails("HASH_FAILURE"),
    ],
    [
      "a digest of another length",
      replacing(Oid.messageDigest, attribute(Oid.messageDigest, der.octets(sha("sha256", content).subarray(0, 20)))),
      fails("HASH_FAILURE"),
    ],
    [
      "an empty digest",
      replacing(Oid.messageDigest, attribute(Oid.messageDigest, der.octets(Buffer.alloc(0)))),
      fails("HASH_FAILURE"),
    ],
  ])("fails: %s", (_, attributes, expected) => {
    expect(verify(build(attributes ? { attributes } : {}))).toMatchObject(expected);
  });

  test.each([Oid.contentType, Oid.messageDigest, Oid.signingCertificateV2, Oid.signingTime])(
    "an attribute that stands twice is malformed: %s",
    (oid) => {
      const twice = (usual: readonly Buffer[]) => {
        const own = usual.find((each) => readBer(each).sequence()[0]!.oid() === oid) ?? attribute(oid, der.null());
        return [...without(oid)(usual), own, own];
      };
      expect(() => verify(build({ attributes: twice }))).toThrow(expect.objectContaining({ code: "CMS_MALFORMED" }));
    },
  );

  test("content time-stamps may stand several times, and unsigned attributes too", () => {
    const stamp = attribute(Oid.contentTimeStamp, der.null());
    const unsigned = [
      attribute(Oid.signatureTimeStampToken, der.integer(1)),
      attribute(Oid.signatureTimeStampToken, der.integer(2)),
    ];
    const cms = build({ attributes: adding(stamp, stamp), unsigned });
    expect(verify(cms).result).toBe("valid");
    expect(readSignedData(cms).unsignedAttributes.get(Oid.signatureTimeStampToken)).toHaveLength(2);
  });

  test("a claimed time is told; one that cannot be read takes nothing away", () => {
    const at = new Date("2026-08-01T02:00:00Z");
    const claim = (value: Buffer) => verify(build({ attributes: adding(attribute(Oid.signingTime, value)) }));
    expect(claim(der.time(at))).toMatchObject({ result: "valid", claimedTime: at, notes: [] });
    expect(claim(der.utf8("hôm qua"))).toMatchObject({
      result: "valid",
      claimedTime: undefined,
      notes: ["UNREADABLE_SIGNING_TIME"],
    });
  });
});

describe("without signed attributes", () => {
  const plain = { attributes: () => undefined };

  test("the content itself is signed, in memory or in pieces", () => {
    expect(verify(build(plain))).toMatchObject({ result: "valid", notes: ["NO_SIGNED_ATTRIBUTES"] });
    for (const { key, certificate } of [ec, rsa, issueSigner("ed25519")]) {
      const cms = build({
        ...plain,
        key,
        certificate,
        digest: key.asymmetricKeyType === "ed25519" ? "sha512" : "sha256",
      });
      const inPieces = (bytes: Buffer) =>
        verifySignedData(
          readSignedData(cms),
          (oid) => digest(oid, bytes),
          () => [bytes.subarray(0, 7), bytes.subarray(7)],
        );
      expect(inPieces(content)).toMatchObject({ result: "valid" });
      expect(inPieces(Buffer.from("khác nhiều lắm"))).toMatchObject({
        result: "invalid",
        subIndication: "SIG_CRYPTO_FAILURE",
      });
    }
  });

  test("nothing but plain data may be signed so", () => {
    const verdict = verify(build({ ...plain, contentType: Oid.tstInfo, enclosed: content }));
    expect(verdict).toMatchObject({
      result: "invalid",
      subIndication: "FORMAT_FAILURE",
      notes: ["SIGNED_ATTRIBUTES_MISSING"],
    });
  });
});

describe("the order of signed attributes", () => {
  const backwards = (usual: readonly Buffer[]) => [...usual].sort(Buffer.compare).reverse();

  test("hashed as written is right, and noted", () => {
    expect(verify(build({ attributes: backwards, unsorted: true }))).toMatchObject({
      result: "valid",
      notes: ["SIGNED_ATTRIBUTES_NOT_DER"],
    });
  });

  test("hashed in order, though written in another, is right without a note", () => {
    const cms = build({
      attributes: backwards,
      unsorted: true,
      sign: (bytes) => signBytes("sha256", der.setOf(readBer(bytes).set().map(toDer)), ec.key),
    });
    expect(verify(cms)).toMatchObject({ result: "valid", notes: [] });
  });

  test("in order, but with a value that is not DER, is right and noted", () => {
    const unordered = Buffer.from("31060201090201013000", "hex"); // SET { 9, 1 } out of order; then SEQUENCE {}
    const odd = der.sequence(der.oid("1.2.3.4"), der.setOf([unordered.subarray(0, 8)]));
    const cms = build({ attributes: adding(odd) });
    expect(verify(cms)).toMatchObject({ result: "valid", notes: ["SIGNED_ATTRIBUTES_NOT_DER"] });
  });

  test("an attribute changed after signing fails in every form", () => {
    for (const unsorted of [false, true]) {
      const cms = build({ unsorted, attributes: unsorted ? backwards : adding(attribute("1.2.3.4", der.utf8("mật"))) });
      const at = cms.indexOf(sha("sha256", ec.certificate));
      const changed = Buffer.from(cms);
      changed[at]! ^= 1;
      expect(verify(changed).result).toBe("invalid");
    }
    const named = build({ attributes: adding(attribute("1.2.3.4", der.utf8("mật"))) });
    const changed = Buffer.from(named);
    changed[named.indexOf(Buffer.from("mật"))]! ^= 1;
    expect(verify(changed)).toMatchObject({ result: "invalid", subIndication: "SIG_CRYPTO_FAILURE" });
  });

  test("a signature over the [0] tag as it stands is not taken", () => {
    const cms = build({
      sign: (bytes) => {
        const tagged = Buffer.from(bytes);
        tagged[0] = 0xa0;
        return signBytes("sha256", tagged, ec.key);
      },
    });
    expect(verify(cms)).toMatchObject({ result: "invalid", subIndication: "SIG_CRYPTO_FAILURE" });
  });
});

describe("algorithm protection (RFC 6211)", () => {
  const sha256 = der.sequence(der.oid(Oid.sha256));
  const ecdsa = der.oid(Oid.ecdsaWithSha256);
  const protect = (...values: readonly Buffer[]) => ({
    attributes: adding(attribute(Oid.cmsAlgorithmProtection, ...values)),
  });
  const copy = (digestCopy: Buffer, ...signature: readonly Buffer[]) =>
    der.sequence(digestCopy, der.implicit(1, Buffer.concat(signature)));

  test.each<[string, Buffer]>([
    ["the same", copy(sha256, ecdsa)],
    ["NULL for absent parameters of the digest", copy(der.sequence(der.oid(Oid.sha256), der.null()), ecdsa)],
    ["NULL for absent parameters of the signature", copy(sha256, ecdsa, der.null())],
  ])("right: %s", (_, value) => {
    expect(verify(build(protect(value)))).toMatchObject({ result: "valid", notes: [] });
  });

  test("right: NULL in the SignerInfo and absent in the copy, as phone signers write it", () => {
    const value = copy(sha256, der.oid(Oid.sha256WithRsa));
    const cms = build({ ...protect(value), key: rsa.key, certificate: rsa.certificate });
    expect(verify(cms)).toMatchObject({ result: "valid" });
  });

  test("PSS parameters are compared as a whole", () => {
    const pss = readBer(
      readSignedData(build({ key: rsa.key, certificate: rsa.certificate, scheme: "pss" })).signatureAlgorithm
        .parameters!.raw,
    );
    const parts = { key: rsa.key, certificate: rsa.certificate, scheme: "pss" } as const;
    const same = copy(sha256, der.oid(Oid.rsassaPss), pss.raw);
    expect(verify(build({ ...parts, ...protect(same) }))).toMatchObject({ result: "valid" });
    const shorter = copy(sha256, der.oid(Oid.rsassaPss), der.sequence(pss.children[0]!.raw));
    expect(verify(build({ ...parts, ...protect(shorter) })).result).toBe("invalid");
    expect(verify(build({ ...parts, ...protect(copy(sha256, der.oid(Oid.rsassaPss))) })).result).toBe("invalid");
  });

  test.each<[string, readonly Buffer[]]>([
    ["another digest", [copy(der.sequence(der.oid(Oid.sha512)), ecdsa)]],
    ["another signature algorithm", [copy(sha256, der.oid(Oid.ecdsaWithSha512))]],
    ["parameters that are not outside", [copy(sha256, ecdsa, der.oid("1.2.3"))]],
    ["parameters of the digest that are not outside", [copy(der.sequence(der.oid(Oid.sha256), der.integer(1)), ecdsa)]],
    ["a MAC instead", [der.sequence(sha256, der.implicit(2, ecdsa))]],
    ["a MAC besides", [der.sequence(sha256, der.implicit(1, ecdsa), der.implicit(2, ecdsa))]],
    ["no signature algorithm", [der.sequence(sha256)]],
    ["an empty signature algorithm", [copy(sha256)]],
    ["three parts of the signature algorithm", [copy(sha256, ecdsa, der.null(), der.null())]],
    ["nothing", [der.sequence()]],
    ["no value", []],
    ["two values", [copy(sha256, ecdsa), copy(der.sequence(der.oid(Oid.sha512)), ecdsa)]],
  ])("fails: %s", (_, values) => {
    expect(verify(build(protect(...values)))).toMatchObject({
      result: "invalid",
      subIndication: "FORMAT_FAILURE",
      notes: ["ALGORITHM_PROTECTION"],
    });
  });
});

describe("what cannot be judged is unknown, never valid", () => {
  test("a digest that is not computed is named", () => {
    const cms = build({ digestAlgorithm: der.sequence(der.oid("1.2.643.7.1.1.2.2")) });
    expect(verify(cms)).toMatchObject({
      result: "unknown",
      subIndication: "CRYPTO_CONSTRAINTS_FAILURE",
      notes: ["UNSUPPORTED_DIGEST GOST R 34.11-2012 (256)"],
    });
  });

  test("a signature algorithm that is not computed is named", () => {
    const cms = build({ signatureAlgorithm: der.sequence(der.oid("1.2.156.10197.1.501")) });
    expect(verify(cms)).toMatchObject({
      result: "unknown",
      subIndication: "CRYPTO_CONSTRAINTS_FAILURE",
      notes: ["UNSUPPORTED_SIGNATURE_ALGORITHM SM2 with SM3"],
    });
  });

  test("a digest algorithm other than the signature's fails", () => {
    const signatureAlgorithm = der.sequence(der.oid(Oid.ecdsaWithSha512));
    expect(verify(build({ signatureAlgorithm }))).toMatchObject({
      result: "invalid",
      subIndication: "SIG_CRYPTO_FAILURE",
      notes: ["DIGEST_ALGORITHMS_DIFFER"],
    });
  });

  test("a key that nobody reads is named", () => {
    const strange = Buffer.from(ec.certificate);
    const at = strange.indexOf(der.oid(Oid.ecPublicKey));
    strange[at + 5]! ^= 0x40;
    const cms = build({ certificate: strange, attributes: without(Oid.signingCertificateV2) });
    expect(verify(cms)).toMatchObject({
      result: "unknown",
      subIndication: "CRYPTO_CONSTRAINTS_FAILURE",
      notes: ["UNSUPPORTED_KEY"],
    });
  });

  test("an unsupported algorithm is tried in one form of the attributes only, and stays unsupported", () => {
    const backwards = (usual: readonly Buffer[]) => [...usual].sort(Buffer.compare).reverse();
    const signatureAlgorithm = der.sequence(der.oid("1.2.3.4"));
    const verdict = verify(build({ signatureAlgorithm, unsorted: true, attributes: backwards }));
    expect(verdict).toMatchObject({ result: "unknown", notes: ["UNSUPPORTED_SIGNATURE_ALGORITHM 1.2.3.4"] });
  });

  test("a certificate without a key identifier is not found by one", () => {
    const { privateKey, publicKey } = generateKeys("ec-p256");
    const certificate = issueCertificate({
      subject: { CN: "Một" },
      publicKey,
      issuer: authority,
      usage: "person",
      notBefore,
      notAfter,
      without: [Oid.subjectKeyIdentifier],
    });
    const signerIdentifier = der.implicitPrimitive(0, Buffer.alloc(0));
    expect(verify(build({ key: privateKey, certificate, signerIdentifier }))).toMatchObject({
      result: "unknown",
      subIndication: "NO_SIGNING_CERTIFICATE_FOUND",
    });
  });

  test("an error in reading the content is not the signature's fault", () => {
    const cms = build({ attributes: () => undefined });
    const broken = function* (): Generator<Buffer> {
      yield content.subarray(0, 3);
      throw new RangeError("disk");
    };
    const check = () =>
      verifySignedData(
        readSignedData(cms),
        (oid) => digest(oid, content),
        () => broken(),
      );
    expect(check).toThrow(RangeError);
  });

  test("an error of ours is not taken for one of the file's", () => {
    const broken = () => {
      throw new TypeError("ours");
    };
    expect(() => verifySignedData(readSignedData(build()), broken, () => content)).toThrow(TypeError);
  });
});

function flip(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => (i === 5 ? byte ^ 4 : byte)));
}
