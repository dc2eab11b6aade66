import { createHash, createPrivateKey, constants, privateEncrypt } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { der } from "../../signing/asn1.ts";
import { generateKeys, issueCertificate, issueRoot, type KeyKind } from "../../signing/issue/certificates.ts";
import { signerFromKey, type Signer } from "../../signing/keys/signer.ts";
import { Oid } from "../../signing/oids.ts";
import { completeRevision, prepareSignature, type SignatureState } from "../../signing/sign/deferred.ts";
import { addFields, type FieldSpec } from "../../signing/sign/fields.ts";
import { completeSignature } from "../../signing/sign/levels.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { blankDocument } from "./pdf-documents.ts";
import { installed, opensslAccepts, rawSignatures } from "./pdf-judges.ts";

const at = new Date("2026-05-05T05:05:05Z");
const validity = { notBefore: new Date("2026-01-01"), notAfter: new Date("2036-01-01") };
const rootKeys = generateKeys("ec-p256");
const root = issueRoot({ key: rootKeys.privateKey, subject: { C: "VN", CN: "CA gốc" }, ...validity });
const fields: readonly FieldSpec[] = [
  { type: "signature", name: "leader", page: 0, rect: [300, 200, 480, 280] },
  { type: "text", name: "number", page: 0, rect: [60, 740, 140, 758], fontSize: 13, alignment: "center" },
];

function remote(kind: KeyKind, scheme?: "pss") {
  const { privateKey, publicKey } = generateKeys(kind);
  const issuer = { key: rootKeys.privateKey, certificate: root };
  const subject = { C: "VN", CN: `Lãnh đạo ${kind}` };
  const certificate = issueCertificate({ publicKey, issuer, usage: "person", subject, ...validity });
  return { privateKey, signer: signerFromKey(privateKey, certificate, [root], scheme ? { scheme } : {}) };
}

/** As another process would get it: text from a database. */
const stored = (state: SignatureState): SignatureState => JSON.parse(JSON.stringify(state)) as SignatureState;

let empty: Buffer;
beforeAll(async () => {
  empty = addFields(await blankDocument("stream"), fields);
});
const request = (signer: Signer) => ({ field: "leader", at, signer, fill: [{ field: "number", value: "7" }] });

describe.each([
  ["rsa-2048", undefined],
  ["rsa-3072", "pss"],
  ["ec-p384", undefined],
  ["ed25519", undefined],
] as const)("a signature by a remote key, %s %s", (kind, scheme) => {
  test("is completed later from what was stored, and passes", async () => {
    const { signer } = remote(kind, scheme);
    const prepared = await prepareSignature(empty, request(signer));
    expect(prepared.digest).toEqual(createHash(signer.digest).update(prepared.toBeSigned).digest());
    const raw = await signer.sign(prepared.toBeSigned);
    const { bytes, field, level, notes } = await completeSignature(stored(prepared.state), Buffer.from(empty), raw);
    expect([field, level, notes]).toEqual(["leader", "B-B", []]);
    expect(bytes.subarray(0, empty.length).equals(empty)).toBe(true);
    const [signature] = rawSignatures(bytes);
    if (installed("openssl") && kind !== "ed25519") expect(opensslAccepts(signature!, root)).toBe(true);
  });
});

test("a raw signature whose DigestInfo has no parameters, as some services write it, is taken", async () => {
  const { privateKey, signer } = remote("rsa-2048");
  const { digest, state } = await prepareSignature(empty, request(signer));
  const info = der.sequence(der.sequence(der.oid(Oid.sha256)), der.octets(digest));
  const key = {
    key: createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" })),
    padding: constants.RSA_PKCS1_PADDING,
  };
  const { bytes } = await completeSignature(state, empty, privateEncrypt(key, info));
  expect(bytes.length).toBeGreaterThan(empty.length);
});

describe("a signature is not completed", () => {
  let signer: Signer;
  let state: SignatureState;
  let raw: Buffer;
  beforeAll(async () => {
    ({ signer } = remote("ec-p256"));
    const prepared = await prepareSignature(empty, request(signer));
    ({ state } = prepared);
    raw = await signer.sign(prepared.toBeSigned);
  });
  const complete = (changes: Partial<SignatureState> = {}, pdf = empty, signature = raw) =>
    completeSignature({ ...stored(state), ...changes }, pdf, signature).then(
      () => "",
      ({ code, details }: { code: string; details?: { reason?: string } }) => details?.reason ?? code,
    );

  test("on a document that has moved on, or is another", async () => {
    const moved = await signPdf(empty, {
      field: { ...(fields[0] as FieldSpec & { type: "signature" }), name: "nháy" },
      signer,
      at,
    });
    expect(await complete({}, moved)).toBe("STALE");
    expect(await complete({}, Buffer.concat([empty, Buffer.from("\n")]))).toBe("STALE");
    expect(await complete()).toBe("");
  });

  test("with another key's signature, one over something else, or none", async () => {
    expect(await complete({}, empty, await remote("ec-p256").signer.sign(Buffer.from("x")))).toBe("KEY_MISMATCH");
    expect(await complete({}, empty, await signer.sign(Buffer.from("x")))).toBe("KEY_MISMATCH");
    expect(await complete({}, empty, Buffer.alloc(0))).toBe("KEY_MISMATCH");
  });

  test("from a state that was changed", async () => {
    const tail = Buffer.from(state.before, "base64").toString("latin1");
    const altered = tail.replace("/Print", "/Prynt").replace("0", "1");
    expect(await complete({ before: Buffer.from(altered, "latin1").toString("base64") })).not.toBe("");
    expect(
      await complete({
        after: Buffer.concat([Buffer.from(state.after, "base64"), Buffer.from("%")]).toString("base64"),
      }),
    ).toBe("BAD_STATE");
    expect(await complete({ holeSize: state.holeSize + 1 })).toBe("BAD_STATE");
    expect(await complete({ holeSize: 2 ** 40 })).toBe("BAD_STATE");
    expect(await complete({ certificate: remote("ec-p256").signer.certificate.toString("base64") })).toBe(
      "KEY_MISMATCH",
    );
    expect(await complete({ digest: "sha512" })).toBe("KEY_MISMATCH");
    for (const broken of [{ version: 2 }, { before: 7 }, { chain: "x" }, { digest: "md5" }, { after: "" }]) {
      expect(await complete(broken as never)).toBe("BAD_STATE");
    }
    expect(await completeSignature(null as never, empty, raw).catch(({ code }: { code: string }) => code)).toBe(
      "BAD_STATE",
    );
  });
});

test("the same state and signature always give the same file", async () => {
  const { signer } = remote("rsa-2048");
  const { state, toBeSigned } = await prepareSignature(empty, request(signer));
  const raw = await signer.sign(toBeSigned);
  expect(completeRevision(state, empty, raw).bytes.equals(completeRevision(stored(state), empty, raw).bytes)).toBe(
    true,
  );
});
