import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signRaw } from "../../signing/algorithms/identifiers.ts";
import { digest } from "../../signing/algorithms/digests.ts";
import { der, readBer } from "../../signing/asn1.ts";
import { assembleSignedData, type SignedDataParts } from "../../signing/cms/assemble.ts";
import { countersignatureNotes, verifyCountersignatures } from "../../signing/cms/countersignatures.ts";
import { embeddedEvidence } from "../../signing/cms/embedded-evidence.ts";
import { readSignedData, verifySignedData } from "../../signing/cms/signed-data.ts";
import { readSignedProperties } from "../../signing/cms/signed-properties.ts";
import { attempt, readableOf } from "../../signing/cms/tolerance.ts";
import { SigningError } from "../../signing/errors.ts";
import { archiveTimestampNotes, signatureTimestamps } from "../../signing/cms/timestamps.ts";
import {
  attribute,
  prepareSignedData,
  withUnsignedAttribute,
  type SignedDataOptions,
} from "../../signing/cms/write.ts";
import { issueCrl } from "../../signing/issue/crl.ts";
import { issueOcspResponse } from "../../signing/issue/ocsp.ts";
import { generateKeys } from "../../signing/issue/keys.ts";
import { Oid } from "../../signing/oids.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { authority, during, issueSigner, root, subordinate } from "./authorities.ts";
import { buildCms, toIndefinite, usualAttributes, type CmsParts } from "./cms-builder.ts";

const content = Buffer.from("Quyết định về việc ban hành quy chế");
const ec = issueSigner("ec-p256");
const build = (more: Partial<CmsParts> = {}) =>
  buildCms({ key: ec.key, certificate: ec.certificate, content, ...more });
const withSigned = (...attributes: readonly Buffer[]) => build({ attributes: (usual) => [...usual, ...attributes] });
const verify = (cms: Buffer) =>
  verifySignedData(
    readSignedData(cms),
    (oid) => digest(oid, content),
    () => content,
  );

describe("what a signer says besides", () => {
  const written = (options: SignedDataOptions) => {
    const prepared = prepareSignedData(ec.signer, createHash("sha256").update(content).digest(), options);
    return prepared.complete(signRaw(ec.key, "sha256", prepared.toBeSigned));
  };

  test("commitment, place and policy as we write them", () => {
    const policy = {
      oid: "1.2.3.4",
      digestAlgorithm: "sha512",
      digest: Buffer.alloc(64, 7),
      uri: "http://a.vn/p",
    } as const;
    const location = { country: "VN", locality: "Huế", postalAddress: ["16 Lê Lợi", "Huế"] };
    const cms = written({ commitmentType: Oid.proofOfApproval, location, policy, algorithmProtection: true });
    expect(verify(cms)).toMatchObject({ result: "valid", notes: [] });
    expect(readSignedProperties(readSignedData(cms))).toMatchObject({
      commitments: [Oid.proofOfApproval],
      location,
      policy: { oid: "1.2.3.4", digestAlgorithm: Oid.sha512, digest: policy.digest, uri: "http://a.vn/p" },
      claimedTime: undefined,
      claimedRoles: [],
      contentHints: undefined,
      contentTimestamps: [],
      notes: [],
    });
  });

  test("only what is given is written", () => {
    const types = (options: SignedDataOptions) => readSignedProperties(readSignedData(written(options))).types.length;
    expect(types({})).toBe(3);
    expect(types({ location: {} })).toBe(3);
    expect(types({ location: { postalAddress: [] } })).toBe(3);
    expect(types({ location: { locality: "Huế" } })).toBe(4);
    for (const location of [{ country: "VN" }, { locality: "Huế" }, { postalAddress: ["16 Lê Lợi"] }]) {
      expect(readSignedProperties(readSignedData(written({ location }))).location).toEqual(location);
    }
    const bare = { oid: "1.2.3", digestAlgorithm: "sha256", digest: Buffer.alloc(32) } as const;
    expect(readSignedProperties(readSignedData(written({ policy: bare }))).policy).toMatchObject({ uri: undefined });
  });

  test("as others write it", () => {
    const role = der.sequence(der.oid("2.5.4.72"), der.setOf([der.utf8("Giám đốc")]));
    const stamp = der.sequence(der.integer(1));
    const cms = withSigned(
      attribute(Oid.signaturePolicy, der.null()),
      attribute(Oid.signingTime, der.time(during)),
      attribute(Oid.contentHints, der.sequence(der.utf8("một tờ trình"), der.oid(Oid.data))),
      attribute(Oid.signerAttributes, der.sequence(der.explicit(0, der.sequence(role)))),
      attribute(
        Oid.signerAttributesV2,
        der.sequence(der.explicit(0, role), der.explicit(1, der.null()), der.explicit(2, der.null())),
      ),
      attribute(Oid.commitmentType, der.sequence(der.oid(Oid.proofOfOrigin), der.sequence())),
      attribute(Oid.contentTimeStamp, stamp),
    );
    expect(readSignedProperties(readSignedData(cms))).toMatchObject({
      policy: "implied",
      claimedTime: during,
      contentHints: { type: Oid.data, description: "một tờ trình" },
      claimedRoles: ["Giám đốc", "Giám đốc"],
      commitments: [Oid.proofOfOrigin],
      contentTimestamps: [stamp],
      notes: ["CERTIFIED_ATTRIBUTES", "SIGNED_ASSERTIONS"],
    });
    const hint = withSigned(attribute(Oid.contentHints, der.sequence(der.oid(Oid.data))));
    expect(readSignedProperties(readSignedData(hint)).contentHints).toEqual({ type: Oid.data, description: undefined });
  });

  test("what cannot be read is named, and the signature stands", () => {
    const cms = withSigned(
      attribute(Oid.signaturePolicy, der.sequence(der.oid("1.2.3"))),
      attribute(Oid.signerLocation, der.integer(1)),
      attribute(Oid.contentHints, der.sequence()),
      attribute(Oid.commitmentType, der.sequence(), der.null()),
      attribute(Oid.signerAttributes, der.null(), der.null()),
      attribute(Oid.signerAttributesV2, der.sequence(der.explicit(0, der.sequence(der.oid("2.5.4.72"))))),
      attribute(Oid.signingTime, der.null()),
    );
    expect(verify(cms)).toMatchObject({ result: "valid", notes: ["UNREADABLE_SIGNING_TIME"] });
    expect(readSignedProperties(readSignedData(cms)).notes.toSorted()).toEqual([
      "UNREADABLE_ATTRIBUTE commitment-type-indication",
      "UNREADABLE_ATTRIBUTE commitment-type-indication",
      "UNREADABLE_ATTRIBUTE content-hints",
      "UNREADABLE_ATTRIBUTE signature-policy-identifier",
      "UNREADABLE_ATTRIBUTE signer-attributes",
      "UNREADABLE_ATTRIBUTE signer-attributes-v2",
      "UNREADABLE_ATTRIBUTE signer-location",
      "UNREADABLE_ATTRIBUTE signing-time",
    ]);
  });

  test("nothing, where nothing is signed but the content", () => {
    expect(readSignedProperties(readSignedData(build({ attributes: () => undefined })))).toMatchObject({
      types: [],
      notes: [],
    });
  });
});

describe("tolerance", () => {
  const refusal = new SigningError("BAD_INPUT", "so nicht");
  const refuse = () => {
    throw refusal;
  };
  const ours = () => {
    throw new TypeError("ours");
  };

  test("gives the value or the refusal; errors of ours are thrown on", () => {
    expect(attempt(() => 5)).toBe(5);
    expect(attempt(refuse)).toBe(refusal);
    expect(() => attempt(ours)).toThrow(TypeError);
    let refused = 0;
    expect(
      readableOf(
        [1, 2, 3],
        (n) => (n === 2 ? refuse() : n),
        () => refused++,
      ),
    ).toEqual([1, 3]);
    expect(refused).toBe(1);
  });
});

describe("time-stamps in a CMS", () => {
  test("over the signature, from either attribute, at most eight", () => {
    const [one, two] = [der.sequence(der.integer(1)), der.sequence(der.integer(2))];
    const unsigned = [attribute(Oid.signatureTimeStampToken, one), attribute(Oid.adobeTimeStamp, two)];
    expect(signatureTimestamps(readSignedData(build({ unsigned })))).toEqual([one, two]);
    const many = Array.from({ length: 9 }, (_, i) => der.integer(i));
    const crowded = readSignedData(build({ unsigned: [attribute(Oid.signatureTimeStampToken, ...many)] }));
    expect(signatureTimestamps(crowded)).toHaveLength(8);
    expect(signatureTimestamps(readSignedData(build()))).toEqual([]);
  });

  test("of the archive are named", () => {
    const records = ["1.2.840.113549.1.9.16.2.49", "1.2.840.113549.1.9.16.2.50"];
    const stamps = [Oid.archiveTimeStamp, Oid.archiveTimeStampV2, Oid.archiveTimeStampV3, Oid.longTermValidation];
    const oids = [...stamps, ...records];
    const unsigned = oids.map((oid) => attribute(oid, der.null()));
    expect(archiveTimestampNotes(readSignedData(build({ unsigned })))).toEqual([
      "ARCHIVE_TIMESTAMP_V1",
      "ARCHIVE_TIMESTAMP_V2",
      "ARCHIVE_TIMESTAMP_V3",
      "LONG_TERM_VALIDATION",
      "EVIDENCE_RECORD",
      "EVIDENCE_RECORD",
    ]);
    expect(archiveTimestampNotes(readSignedData(build()))).toEqual([]);
  });
});

describe("an unsigned attribute added", () => {
  const token = der.sequence(der.integer(7));

  test("leaves the signature as it is, and can be read", () => {
    const first = withUnsignedAttribute(build(), Oid.signatureTimeStampToken, token);
    expect(verify(first)).toMatchObject({ result: "valid", notes: [] });
    expect(signatureTimestamps(readSignedData(first))).toEqual([token]);
    const second = withUnsignedAttribute(first, "1.2.3.4", der.null());
    const third = withUnsignedAttribute(second, Oid.signatureTimeStampToken, der.null());
    expect(verify(third)).toMatchObject({ result: "valid" });
    const { unsignedAttributes } = readSignedData(third);
    expect([...unsignedAttributes.keys()].toSorted()).toEqual([Oid.signatureTimeStampToken, "1.2.3.4"].toSorted());
    expect(unsignedAttributes.get(Oid.signatureTimeStampToken)!.map(({ raw }) => raw)).toEqual([der.null(), token]);
  });

  test("keeps certificates and lists, and BER as it was signed", () => {
    const cms = build({ crls: [der.sequence(der.integer(1))] });
    const read = readSignedData(withUnsignedAttribute(cms, "1.2.3.4", der.null()));
    expect([read.crls.length, read.certificates.length]).toEqual([1, 1]);
    const indefinite = withUnsignedAttribute(toIndefinite(readBer(build())), "1.2.3.4", der.null());
    expect(verify(indefinite)).toMatchObject({ result: "valid" });
  });

  test.each<[string, Buffer]>([
    ["no SignedData", der.sequence(der.oid(Oid.data), der.explicit(0, der.sequence()))],
    ["another tag", der.sequence(der.oid(Oid.signedData), der.explicit(1, der.sequence()))],
    ["two signers", build({ signers: 2 })],
    ["no signer", build({ signers: 0 })],
    ["nothing in it", der.sequence(der.oid(Oid.signedData), der.explicit(0))],
  ])("is refused: %s", (_, cms) => {
    expect(() => withUnsignedAttribute(cms, "1.2.3.4", der.null())).toThrow(
      expect.objectContaining({ code: "CMS_MALFORMED" }),
    );
  });
});

describe("assembling", () => {
  const parts = {
    signerIdentifier: der.sequence(),
    digestAlgorithm: der.sequence(der.oid(Oid.sha256)),
    signedAttributes: undefined,
    signatureAlgorithm: der.sequence(der.oid(Oid.ecdsaWithSha256)),
    signature: Buffer.alloc(8),
    certificates: [],
  };
  const versions = (more: Partial<SignedDataParts>) => {
    const signedData = readBer(assembleSignedData({ ...parts, ...more })).children[1]!.children[0]!;
    const signerInfo = signedData.children.at(-1)!.children[0]!;
    return [signedData.children[0]!.count(9), signerInfo.children[0]!.count(9)];
  };

  test("the versions say what is inside (RFC 5652 §5.1, §5.3)", () => {
    expect(versions({})).toEqual([1, 1]);
    expect(versions({ signerIdentifier: der.implicitPrimitive(0, Buffer.alloc(20)) })).toEqual([3, 3]);
    expect(versions({ contentType: Oid.tstInfo })).toEqual([3, 1]);
    expect(versions({ crls: [der.sequence()] })).toEqual([1, 1]);
    expect(versions({ crls: [der.sequence(), der.implicit(1, der.null())] })).toEqual([5, 1]);
  });

  test("sets stand in the order of their encodings", () => {
    const [a, b] = [attribute("1.2.3.4", der.null()), attribute("1.2.3.5", der.null())];
    const read = readBer(
      assembleSignedData({
        ...parts,
        unsignedAttributes: [b, a],
        certificates: [root, subordinate],
        crls: [der.integer(2), der.integer(1)],
      }),
    );
    const signedData = read.children[1]!.children[0]!;
    const sets = [
      signedData.children[3]!,
      signedData.children[4]!,
      signedData.children.at(-1)!.children[0]!.children.at(-1)!,
    ];
    for (const { children } of sets) {
      const encodings = children.map(({ raw }) => raw);
      expect(encodings).toHaveLength(2);
      expect(encodings).toEqual(encodings.toSorted(Buffer.compare));
    }
  });

  test("the serial number is written as the certificate has it, and a certificate of version 1 has one too", () => {
    // Version 1: no [0] before the serial number, no extensions.
    const { privateKey, publicKey } = generateKeys("ec-p256");
    const algorithm = der.sequence(der.oid(Oid.ecdsaWithSha256));
    const name = der.sequence(der.setOf([der.sequence(der.oid("2.5.4.3"), der.utf8("Một"))]));
    const validity = der.sequence(der.time(during), der.time(new Date("2030-01-01")));
    const serialNumber = Buffer.from("0201ff", "hex"); // -1
    const key = publicKey.export({ type: "spki", format: "der" });
    const tbs = der.sequence(serialNumber, algorithm, name, validity, name, key);
    const certificate = der.sequence(tbs, algorithm, der.bits(signRaw(privateKey, "sha256", tbs)));
    const prepared = prepareSignedData(
      { certificate, chain: [], digest: "sha256" },
      createHash("sha256").update(content).digest(),
    );
    const cms = prepared.complete(signRaw(privateKey, "sha256", prepared.toBeSigned));
    expect(readSignedData(cms).signerIdentifier.children[1]!.raw).toEqual(serialNumber);
    expect(verify(cms)).toMatchObject({ result: "valid" });
  });
});

describe("writing", () => {
  test("a digest of another length, and a key that does not sign so", () => {
    expect(() => prepareSignedData(ec.signer, Buffer.alloc(31))).toThrow(
      expect.objectContaining({ code: "BAD_DIGEST" }),
    );
    const ed25519 = { ...issueSigner("ed25519").signer, digest: "sha256" as const };
    expect(() => prepareSignedData(ed25519, Buffer.alloc(32))).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_KEY" }),
    );
  });

  test("what is remembered of a signer changes with digest, scheme and chain", () => {
    const rsa = issueSigner("rsa-2048");
    const make = (signer: Parameters<typeof prepareSignedData>[0]) => {
      const hash = createHash(signer.digest).update(content).digest();
      const prepared = prepareSignedData(signer, hash);
      return prepared.complete(signRaw(rsa.key, signer.digest, prepared.toBeSigned, signer.scheme));
    };
    const base = { certificate: rsa.certificate, chain: [subordinate], digest: "sha256" as const };
    for (const signer of [
      base,
      { ...base, digest: "sha512" as const },
      { ...base, scheme: "pss" as const },
      { ...base, chain: [] },
      { ...base, chain: [subordinate, root] },
      { ...base, chain: [root, subordinate] },
      base,
    ]) {
      const cms = make(signer);
      expect(verify(cms)).toMatchObject({ result: "valid", notes: [] });
      const read = readSignedData(cms);
      expect(read.certificates).toHaveLength(1 + signer.chain.length);
      expect(read.digestAlgorithm.oid).toBe(Oid[signer.digest]);
    }
  });
});

describe("evidence in a CMS", () => {
  const crl = issueCrl({ issuer: authority, thisUpdate: during });
  const response = issueOcspResponse({
    responder: authority,
    answers: [{ about: { certificate: ec.certificate, issuer: subordinate }, status: "good", thisUpdate: during }],
    producedAt: during,
  });
  const basic = readBer(readBer(response).children[1]!.children[0]!.children[1]!.octets()).raw;
  const found = (cms: Buffer) => {
    const { evidence, notes } = embeddedEvidence(readSignedData(cms));
    return {
      certificates: evidence.certificates.map((each) => each.der),
      crls: evidence.crls.map((each) => each.der),
      ocsp: evidence.ocsp.map((each) => each.der),
      notes,
    };
  };

  test("from its crls field", () => {
    const wrapped = der.implicit(1, Buffer.concat([der.oid(Oid.ocspResponseInfo), response]));
    expect(found(build({ crls: [crl, wrapped] }))).toEqual({
      certificates: [ec.certificate],
      crls: [crl],
      ocsp: [response],
      notes: [],
    });
  });

  const archival = der.sequence(der.explicit(0, der.sequence(crl)), der.explicit(1, der.sequence(response)));

  test.each<[string, Buffer]>([
    ["Adobe's signed attribute", withSigned(attribute(Oid.adobeRevocation, archival))],
    ["Adobe's attribute where it is not signed", build({ unsigned: [attribute(Oid.adobeRevocation, archival)] })],
    [
      "CAdES revocation-values",
      build({
        unsigned: [
          attribute(
            Oid.revocationValues,
            der.sequence(der.explicit(0, der.sequence(crl)), der.explicit(1, der.sequence(basic))),
          ),
        ],
      }),
    ],
    [
      "two places at once, each thing once",
      build({ crls: [crl], attributes: (usual) => [...usual, attribute(Oid.adobeRevocation, archival)] }),
    ],
    ["BER", toIndefinite(readBer(withSigned(attribute(Oid.adobeRevocation, archival))))],
  ])("from %s", (_, cms) => {
    expect(found(cms)).toEqual({ certificates: [ec.certificate], crls: [crl], ocsp: [response], notes: [] });
  });

  test("where nothing is signed but the content", () => {
    expect(found(build({ attributes: () => undefined, crls: [crl] }))).toMatchObject({ crls: [crl], notes: [] });
  });

  test("at most sixty-four of a kind", () => {
    const many = der.sequence(der.explicit(0, der.sequence(...Array.from({ length: 70 }, (_, i) => der.integer(i)))));
    expect(found(withSigned(attribute(Oid.adobeRevocation, many))).notes).toHaveLength(64);
  });

  test("certificates from certificate-values", () => {
    const unsigned = [attribute(Oid.certificateValues, der.sequence(subordinate, root))];
    expect(found(build({ unsigned })).certificates).toEqual([ec.certificate, subordinate, root]);
  });

  test("what cannot be read is named and left out", () => {
    const broken = der.sequence(
      der.explicit(0, der.sequence(der.sequence(), crl)),
      der.explicit(1, der.sequence(der.null())),
    );
    expect(found(withSigned(attribute(Oid.adobeRevocation, broken)))).toMatchObject({
      crls: [crl],
      ocsp: [],
      notes: ["UNREADABLE_CRL", "UNREADABLE_OCSP_RESPONSE"],
    });
    const unsigned = [
      attribute(Oid.adobeRevocation, der.null()),
      attribute(Oid.revocationValues, der.integer(1)),
      attribute(Oid.certificateValues, der.null()),
    ];
    expect(found(build({ unsigned })).notes.toSorted()).toEqual([
      "UNREADABLE_ATTRIBUTE adbe-revocationInfoArchival",
      "UNREADABLE_ATTRIBUTE certificate-values",
      "UNREADABLE_ATTRIBUTE revocation-values",
    ]);
    const odd = [attribute(Oid.certificateValues, der.sequence(der.integer(1)))];
    expect(found(build({ unsigned: odd })).notes).toEqual(["UNREADABLE_CERTIFICATE"]);
    expect(
      found(withSigned(attribute(Oid.adobeRevocation, der.sequence(der.explicit(0), der.explicit(2, der.null()))))),
    ).toMatchObject({ crls: [], notes: [] });
  });
});

describe("countersignatures", () => {
  const second = issueSigner("ec-p256");
  const { issuer, serialNumber } = readCertificate(second.certificate);
  const counter = (over: Buffer, more: readonly Buffer[] = []) => {
    const hash = createHash("sha256").update(over).digest();
    const attributes = [...usualAttributes(second.certificate, hash).slice(1), ...more].sort(Buffer.compare);
    const signed = der.setOf(attributes);
    return der.sequence(
      der.integer(1),
      der.sequence(issuer.der, der.integer(serialNumber)),
      der.sequence(der.oid(Oid.sha256)),
      der.implicit(0, readBer(signed).content),
      der.sequence(der.oid(Oid.ecdsaWithSha256)),
      der.octets(signRaw(second.key, "sha256", signed)),
    );
  };
  const pool = [readCertificate(second.certificate)];

  test("sign the signature value; the certificate may come from the pool", () => {
    const cms = build();
    const signed = withUnsignedAttribute(cms, Oid.counterSignature, counter(readSignedData(cms).signature));
    const data = readSignedData(signed);
    expect(verifyCountersignatures(data, pool)).toMatchObject([
      { result: "valid", certificate: pool[0], signingCertificate: true },
    ]);
    expect(verifyCountersignatures(data)).toMatchObject([
      { result: "unknown", subIndication: "NO_SIGNING_CERTIFICATE_FOUND" },
    ]);
    expect(verify(signed).result).toBe("valid");
  });

  test("over something else are invalid by themselves", () => {
    const signed = withUnsignedAttribute(build(), Oid.counterSignature, counter(content));
    expect(verifyCountersignatures(readSignedData(signed), pool)).toMatchObject([
      { result: "invalid", subIndication: "HASH_FAILURE" },
    ]);
    expect(verify(signed).result).toBe("valid");
  });

  test("without signed attributes sign the value itself", () => {
    const cms = build();
    const { signature } = readSignedData(cms);
    const plain = der.sequence(
      der.integer(1),
      der.sequence(issuer.der, der.integer(serialNumber)),
      der.sequence(der.oid(Oid.sha256)),
      der.sequence(der.oid(Oid.ecdsaWithSha256)),
      der.octets(signRaw(second.key, "sha256", signature)),
    );
    const data = readSignedData(withUnsignedAttribute(cms, Oid.counterSignature, plain));
    expect(verifyCountersignatures(data, pool)).toMatchObject([{ result: "valid", notes: ["NO_SIGNED_ATTRIBUTES"] }]);
  });

  test("that are none are named, and at most eight are looked at", () => {
    const odd = readSignedData(withUnsignedAttribute(build(), Oid.counterSignature, der.null()));
    expect(verifyCountersignatures(odd, pool)).toMatchObject([{ result: "invalid", subIndication: "FORMAT_FAILURE" }]);
    const many = [attribute(Oid.counterSignature, ...Array.from({ length: 9 }, (_, i) => der.integer(i)))];
    expect(verifyCountersignatures(readSignedData(build({ unsigned: many })))).toHaveLength(8);
    expect(verifyCountersignatures(readSignedData(build()))).toEqual([]);
    expect(countersignatureNotes(readSignedData(build({ unsigned: many })), pool)).toEqual([
      ...Array<string>(8).fill("COUNTERSIGNATURE_INVALID"),
      "COUNTERSIGNATURES_NOT_CHECKED 1",
    ]);
    const eight = [attribute(Oid.counterSignature, ...Array.from({ length: 8 }, (_, i) => der.integer(i)))];
    expect(countersignatureNotes(readSignedData(build({ unsigned: eight })), pool)).toHaveLength(8);
    expect(countersignatureNotes(readSignedData(build()), pool)).toEqual([]);
  });

  test("are told in notes: how they came out, and whose they are", () => {
    const cms = build();
    const notesOf = (value: Buffer, certificates = pool) =>
      countersignatureNotes(
        readSignedData(withUnsignedAttribute(cms, Oid.counterSignature, counter(value))),
        certificates,
      );
    const { signature } = readSignedData(cms);
    const who = pool[0]!.subject.text;
    expect(notesOf(signature)).toEqual([`COUNTERSIGNATURE_VALID ${who}`]);
    expect(notesOf(content)).toEqual([`COUNTERSIGNATURE_INVALID ${who}`]);
    expect(notesOf(signature, [])).toEqual(["COUNTERSIGNATURE_UNKNOWN"]);
  });
});
