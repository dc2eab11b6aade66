import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import { readDer } from "../../../signing/x509/der.ts";
import {
  identifies,
  keyHashOf,
  ocspLimits,
  ocspRequest,
  readOcspResponse,
  wrapBasicResponse,
} from "../../../signing/x509/ocsp.ts";
import {
  basicBytes,
  ca,
  caParty,
  certificate,
  codeOf,
  day,
  extension,
  keyId,
  now,
  ocsp,
  ocspBytes,
  person,
  personParty,
  plus,
  pointOf,
  spkiOf,
  start,
  type OcspSpec,
} from "./pki.ts";

const spec = (extra: Partial<OcspSpec> = {}): OcspSpec => ({
  responder: caParty,
  singles: [{ certificate: person, issuer: caParty }],
  ...extra,
});
const codeFor = (extra: Partial<OcspSpec>) => codeOf(() => readOcspResponse(ocspBytes(spec(extra))));

describe("a response is read", () => {
  test("with all its fields", () => {
    const nonce = Buffer.from("nonce");
    const read = ocsp(spec({ nonce, certificates: [ca.der], producedAt: plus(now, -5000) }));
    expect(read).toMatchObject({
      status: "successful",
      basic: {
        responder: { name: { text: "CN=Authority, C=VN" } },
        producedAt: plus(now, -5000),
        nonce,
        singles: [
          {
            status: "good",
            revokedAt: undefined,
            reason: undefined,
            thisUpdate: plus(now, -day),
            nextUpdate: plus(now, day),
            archiveCutoff: undefined,
            certificateHash: undefined,
            id: { hashAlgorithm: Oid.sha1, serialNumber: person.serialNumber },
          },
        ],
      },
    });
    expect(read.basic!.certificates).toEqual([ca]);
    expect(readOcspResponse(Buffer.from(read.der))).toBe(read);
  });

  test("with a responder named by its key, revocations, and unknown ones", () => {
    const read = ocsp(
      spec({
        byKey: true,
        singles: [
          { certificate: person, issuer: caParty, status: { at: start, reason: 1 }, nextUpdate: null },
          { certificate: person, issuer: caParty, status: { at: start } },
          { certificate: person, issuer: caParty, status: "unknown" },
        ],
      }),
    ).basic!;
    expect(read.responder).toEqual({ keyHash: keyId(caParty) });
    expect(read.singles).toMatchObject([
      { status: "revoked", revokedAt: start, reason: "keyCompromise", nextUpdate: undefined },
      { status: "revoked", revokedAt: start, reason: undefined },
      { status: "unknown", revokedAt: undefined },
    ]);
    expect(read).toMatchObject({ nonce: undefined, certificates: [] });
  });

  test("with extensions of a single response", () => {
    const hash = createHash("sha256").update(person.der).digest();
    const [single] = ocsp(
      spec({
        singles: [
          {
            certificate: person,
            issuer: caParty,
            extensions: [
              extension(Oid.ocspArchiveCutoff, der.generalizedTime(start)),
              extension(Oid.ocspCertificateHash, der.sequence(der.sequence(der.oid(Oid.sha256)), der.octets(hash))),
            ],
          },
        ],
      }),
    ).basic!.singles;
    expect(single).toMatchObject({ archiveCutoff: start, certificateHash: { algorithm: Oid.sha256, hash } });
    expect([...single!.extensions.keys()]).toEqual([Oid.ocspArchiveCutoff, Oid.ocspCertificateHash]);
  });

  test("with a nonce that is not wrapped, as older responders write it", () => {
    const read = (value: Buffer) => ocsp(spec({ extensions: [extension(Oid.ocspNonce, value)] })).basic!.nonce;
    expect(read(Buffer.from("plain nonce"))).toEqual(Buffer.from("plain nonce"));
    expect(read(der.octets(Buffer.from("wrapped")))).toEqual(Buffer.from("wrapped"));
    expect(read(der.integer(5))).toEqual(der.integer(5));
  });

  test("leaving out enclosed certificates that cannot be read", () => {
    expect(ocsp(spec({ certificates: [der.sequence(), ca.der] })).basic!.certificates).toEqual([ca]);
  });

  test.each([
    [1, "malformedRequest"],
    [2, "internalError"],
    [3, "tryLater"],
    [5, "sigRequired"],
    [6, "unauthorized"],
  ])("that is an error %i", (number, status) => {
    expect(readOcspResponse(der.sequence(der.enumerated(number)))).toMatchObject({ status, basic: undefined });
  });

  test("where it comes as a basic response alone", () => {
    const basic = basicBytes(spec());
    expect(readOcspResponse(wrapBasicResponse(basic)).basic!.singles).toHaveLength(1);
    expect(readOcspResponse(wrapBasicResponse(basic)).der).toEqual(wrapBasicResponse(basic));
  });
});

describe("a response is refused", () => {
  const successful =
    (...parts: Buffer[]) =>
    () =>
      readOcspResponse(der.sequence(der.enumerated(0), ...parts));
  const basicWith = (change: (parts: Buffer[]) => Buffer[]) => () =>
    readOcspResponse(
      wrapBasicResponse(
        der.sequence(
          ...change(
            readDer(basicBytes(spec()))
              .sequence()
              .map(({ raw }) => raw),
          ),
        ),
      ),
    );

  test.each([
    ["no status", () => readOcspResponse(der.sequence())],
    ["a status of another type", () => readOcspResponse(der.sequence(der.integer(1)))],
    ["a status of two bytes", () => readOcspResponse(der.sequence(Buffer.from([10, 2, 0, 0])))],
    ["a status that is not defined", () => readOcspResponse(der.sequence(der.enumerated(4)))],
    ["a status beyond", () => readOcspResponse(der.sequence(der.enumerated(7)))],
    ["three parts", successful(der.null(), der.null())],
    ["success without bytes", successful()],
    [
      "bytes under another tag",
      successful(der.explicit(1, der.sequence(der.oid(Oid.ocspBasic), der.octets(Buffer.alloc(0))))),
    ],
    [
      "another type of response",
      successful(der.explicit(0, der.sequence(der.oid("1.2.3"), der.octets(Buffer.alloc(0))))),
    ],
    ["a type without a response", successful(der.explicit(0, der.sequence(der.oid(Oid.ocspBasic))))],
    ["a basic response of five", basicWith((parts) => [...parts, der.explicit(0, der.sequence()), der.null()])],
    ["certificates under another tag", basicWith((parts) => [...parts, der.explicit(1, der.sequence())])],
  ])("with %s", (_, run) => {
    expect(codeOf(run)).toBe("BAD_OCSP_RESPONSE");
  });

  test.each([
    ["missing fields", { tbs: (f: Buffer[]) => f.slice(0, 2) }],
    ["fields too many", { tbs: (f: Buffer[]) => [...f, der.explicit(1, der.sequence()), der.null()] }],
    ["extensions under another tag", { tbs: (f: Buffer[]) => [...f, der.explicit(2, der.sequence())] }],
    ["a version that is not known", { tbs: (f: Buffer[]) => [der.explicit(0, der.integer(1)), ...f] }],
    ["a version that is empty", { tbs: (f: Buffer[]) => [der.explicit(0), ...f] }],
    ["a responder of another kind", { responderId: der.explicit(3, der.null()) }],
    ["a responder that is empty", { responderId: der.explicit(1) }],
    ["a single response that is empty", { tbs: ([a, b]: Buffer[]) => [a!, b!, der.sequence(der.sequence())] }],
    ["a single response with more behind", { tbs: withSingle((parts) => [...parts, der.null()]) }],
    [
      "a status of another kind",
      { tbs: withSingle(([id, , ...rest]) => [id!, der.implicit(3, der.generalizedTime(now)), ...rest]) },
    ],
    [
      "a revocation without a time",
      { tbs: withSingle(([id, , ...rest]) => [id!, der.implicit(1, Buffer.alloc(0)), ...rest]) },
    ],
    [
      "an identifier of two parts",
      { tbs: withSingle(([, ...rest]) => [der.sequence(der.null(), der.null()), ...rest]) },
    ],
    [
      "a certificate hash of one part",
      {
        singles: [
          {
            certificate: person,
            issuer: caParty,
            extensions: [extension(Oid.ocspCertificateHash, der.sequence(der.sequence(der.oid(Oid.sha256))))],
          },
        ],
      },
    ],
  ] satisfies [string, Partial<OcspSpec>][])("with %s", (_, extra) => {
    expect(["BAD_OCSP_RESPONSE", "ASN1_MALFORMED"]).toContain(codeFor(extra));
  });

  function withSingle(change: (parts: Buffer[]) => Buffer[]) {
    return ([id, time, list]: Buffer[]) => {
      const [single] = readDer(list!).sequence();
      return [id!, time!, der.sequence(der.sequence(...change(single!.sequence().map(({ raw }) => raw))))];
    };
  }

  test("for its size", () => {
    expect(() => readOcspResponse(Buffer.alloc(ocspLimits.bytes + 1))).toThrow("response is too large");
    expect(codeOf(() => readOcspResponse(Buffer.alloc(ocspLimits.bytes)))).toBe("ASN1_MALFORMED");
  });

  test("with a basic response of two parts", () => {
    expect(codeOf(basicWith((parts) => parts.slice(0, 2)))).toBe("ASN1_MALFORMED");
  });

  test("with more singles or certificates than are looked at", () => {
    const singles = (count: number) => Array.from({ length: count }, () => ({ certificate: person, issuer: caParty }));
    expect([codeFor({ singles: singles(1000) }), codeFor({ singles: singles(1001) })]).toEqual([
      "none",
      "BAD_OCSP_RESPONSE",
    ]);
    const certificates = (count: number) => Array.from({ length: count }, () => ca.der);
    expect([codeFor({ certificates: certificates(20) }), codeFor({ certificates: certificates(21) })]).toEqual([
      "none",
      "BAD_OCSP_RESPONSE",
    ]);
  });

  test("a version that is written out, and a reason under another tag, are taken", () => {
    expect(codeFor({ tbs: (fields) => [der.explicit(0, der.integer(0)), ...fields] })).toBe("none");
    const odd = der.implicit(1, Buffer.concat([der.generalizedTime(now), der.explicit(1, der.enumerated(1))]));
    const read = ocsp(spec({ tbs: withSingle(([id, , ...rest]) => [id!, odd, ...rest]) })).basic!.singles[0];
    expect(read).toMatchObject({ status: "revoked", reason: undefined });
  });
});

describe("an identifier", () => {
  const idOf = (extra: Parameters<typeof ocsp>[0]["singles"][number]) =>
    ocsp(spec({ singles: [extra] })).basic!.singles[0]!.id;

  test("means one certificate of one issuer, by SHA-1 or SHA-256", () => {
    for (const hash of ["sha1", "sha256"] as const) {
      const id = idOf({ certificate: person, issuer: caParty, hash });
      expect(identifies(id, person, ca)).toBe(true);
      const otherKey = certificate({ subject: { ...caParty, key: personParty.key }, issuer: caParty });
      expect(identifies(id, person, otherKey)).toBe(false);
      expect(identifies({ ...id, issuerNameHash: Buffer.alloc(id.issuerNameHash.length) }, person, ca)).toBe(false);
    }
    expect(identifies(idOf({ certificate: person, issuer: caParty, serial: 5 }), person, ca)).toBe(false);
    const unknown = { ...idOf({ certificate: person, issuer: caParty }), hashAlgorithm: "1.2.3" };
    expect(identifies(unknown, person, ca)).toBe(false);
  });

  test("needs an issuer's key that can be read", () => {
    const odd = certificate({ subject: caParty, issuer: caParty, spki: der.sequence() });
    expect(codeOf(() => identifies(idOf({ certificate: person, issuer: caParty }), person, odd))).toBe(
      "ASN1_MALFORMED",
    );
    expect(keyHashOf(ca)).toEqual(
      createHash("sha1")
        .update(pointOf(spkiOf(caParty.key)))
        .digest(),
    );
  });
});

describe("a request", () => {
  test("names the certificate as a response to it would, with a nonce if there is one", () => {
    for (const hash of ["sha1", "sha256"] as const) {
      const nonce = Buffer.alloc(16, 7);
      const [tbs] = readDer(ocspRequest({ certificate: person, issuer: ca, nonce, hash })).sequence();
      const [list, extensions] = tbs!.sequence();
      const [id] = list!.sequence()[0]!.sequence();
      const [algorithm, nameHash, keyHash, serial] = id!.sequence();
      const read = {
        hashAlgorithm: algorithm!.sequence()[0]!.oid(),
        issuerNameHash: nameHash!.octets(),
        issuerKeyHash: keyHash!.octets(),
        serialNumber: serial!.integer(),
      };
      expect(read.hashAlgorithm).toBe(Oid[hash]);
      expect(identifies(read, person, ca)).toBe(true);
      expect(extensions!.isContext(2)).toBe(true);
      expect(extensions!.raw.includes(der.octets(der.octets(nonce)))).toBe(true);
    }
    const [tbs, ...rest] = readDer(ocspRequest({ certificate: person, issuer: ca })).sequence();
    expect([tbs!.sequence().length, rest.length]).toEqual([1, 0]);
    expect(tbs!.raw.includes(der.oid(Oid.sha1))).toBe(true);
  });

  test("keeps an odd serial number as it is encoded", () => {
    const odd = certificate({ subject: personParty, issuer: caParty, serial: Buffer.from([2, 2, 0xff, 0xfe]) });
    expect(ocspRequest({ certificate: odd, issuer: ca }).includes(Buffer.from([2, 2, 0xff, 0xfe]))).toBe(true);
  });
});
