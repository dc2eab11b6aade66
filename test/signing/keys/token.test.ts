import { createPublicKey, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificatesOnToken, openToken, tokensOf, type TokenRequest } from "../../../signing/keys/pkcs11/token.ts";
import { signPdf } from "../../../signing/sign/sign.ts";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { installed } from "../../support/judges.ts";
import { heldKey, serviceRoot } from "../../support/signing-services/key-holder.ts";
import { softTokenModule, softTokens, type SoftTokens } from "../../support/soft-token.ts";
import { blankDocument } from "../pdf-documents.ts";
import { at, field } from "./deferred.ts";

const available = softTokenModule !== undefined && installed("softhsm2-util") && installed("pkcs11-tool");
if (!available) console.warn("SKIPPED: tests of PKCS#11 tokens, as SoftHSM or its tools are not installed");

const pin = "73551608";
const folder = mkdtempSync(join(tmpdir(), "token-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!available)("a PKCS#11 token", () => {
  const officer = heldKey("rsa-2048");
  const clerk = heldKey("ec-p256", "CCCD:002");
  const seal = heldKey("ec-p384", "MST:0100");
  let tokens: SoftTokens;
  let library: Pick<TokenRequest, "module" | "environment">;
  const open = (more: Partial<TokenRequest> = {}) =>
    openToken({ ...library, pin, token: { label: "CAN BO" }, key: { id: "01" }, ...more });

  beforeAll(() => {
    tokens = softTokens();
    library = { module: tokens.module, environment: tokens.environment };
    const token = { label: "CAN BO", pin };
    tokens.add(token.label, pin);
    tokens.add("CON DAU", "24682468");
    tokens.put(token, { id: "01", ...officer });
    tokens.put(token, { id: "02", ...clerk });
    tokens.put(token, { id: "03", ...seal });
    tokens.put(token, { id: "99", certificate: officer.chain[0]! });
    // A key whose certificate is another key's, and a certificate whose key is elsewhere.
    tokens.put(token, {
      id: "66",
      key: heldKey("rsa-2048").key,
      certificate: heldKey("rsa-2048", "CCCD:066").certificate,
    });
    tokens.put(token, { id: "77", certificate: heldKey("rsa-2048", "CCCD:077").certificate });
  });
  afterAll(() => tokens?.[Symbol.dispose]());

  test.each([
    ["RSA, PKCS#1 v1.5", "01", {}, "B-B"],
    ["RSA, PSS", "01", { scheme: "pss" }, "B-B"],
    ["ECDSA P-256", "02", {}, "B-B"],
    ["ECDSA P-384", "03", {}, "B-B"],
  ] as const)("signs a document: %s", async (_, id, more, level) => {
    await using signer = await open({ key: { id }, ...more });
    expect(signer.chain).toEqual([officer.chain[0]]);
    const pdf = await signPdf(await blankDocument("table"), { field: field("LanhDao"), signer, at });
    expect(verifyPdf(pdf, { anchors: [serviceRoot], at })).toMatchObject({
      integrity: "PASS",
      signatures: [{ level }],
    });
  });

  test("lists tokens, and certificates without a PIN", async () => {
    expect((await tokensOf(library)).map(({ label, pin }) => [label, pin])).toEqual(
      expect.arrayContaining([
        ["CAN BO", "OK"],
        ["CON DAU", "OK"],
      ]),
    );
    const found = await certificatesOnToken(library, { label: "CAN BO" });
    expect(found.find(({ id }) => id === "02")?.certificate).toEqual(clerk.certificate);
    expect(await certificatesOnToken(library, { label: "CON DAU" })).toEqual([]);
  });

  test("many signatures one after another over one session", async () => {
    await using signer = await open();
    const key = createPublicKey(officer.key);
    const all = await Promise.all(Array.from({ length: 40 }, (_, i) => signer.sign(Buffer.from(`văn bản ${i}`))));
    all.forEach((signature, i) => expect(verify("sha256", Buffer.from(`văn bản ${i}`), key, signature)).toBe(true));
  });

  test.each([
    ["a wrong PIN", { pin: "00000000" }, "WRONG_PIN"],
    ["no such token", { token: { label: "KHAC" } }, "TOKEN_MISSING"],
    ["several tokens fit", { token: {} }, "AMBIGUOUS_TOKEN"],
    ["several keys fit", { key: {} }, "AMBIGUOUS_KEY"],
    ["no such key", { key: { id: "0a" } }, "NO_CERTIFICATE"],
    ["a certificate whose key is not there", { key: { id: "77" } }, "NO_CERTIFICATE"],
    ["no such library", { module: "/nowhere/libtoken.so" }, "TOKEN_LIBRARY_MISSING"],
  ])("%s", async (_, more: Partial<TokenRequest>, code) => {
    const failed = open(more);
    await expect(failed).rejects.toMatchObject({ code });
    await failed.catch((error: Error) =>
      expect(JSON.stringify({ ...error, m: error.message })).not.toContain("00000000"),
    );
  });

  test("a key whose certificate is another's signs, and nothing of it is given out", async () => {
    await using signer = await open({ key: { id: "66" } });
    await expect(signer.sign(Buffer.from("x"))).rejects.toMatchObject({ code: "OTHER_KEY_SIGNED" });
  });

  test("a signer that is closed, also twice, signs no more", async () => {
    const closed = await open();
    await closed[Symbol.asyncDispose]();
    await closed[Symbol.asyncDispose]();
    await expect(closed.sign(Buffer.from("x"))).rejects.toMatchObject({ code: "TOKEN_FAILED" });
  });

  test("a library that crashes or hangs ends its own process alone", async () => {
    const inject = (name: string, code: string) => {
      const file = join(folder, name);
      writeFileSync(file, code);
      return { NODE_OPTIONS: `--import ${file}` };
    };
    const onSign = "process.on('message', (q) => { if (q.act === 'sign') ";
    const crash = inject("crash.mjs", `${onSign} process.kill(process.pid, 'SIGSEGV'); });`);
    await using dying = await open({ environment: { ...library.environment, ...crash } });
    await expect(dying.sign(Buffer.from("x"))).rejects.toMatchObject({ code: "TOKEN_CRASHED" });
    await expect(dying.sign(Buffer.from("x"))).rejects.toMatchObject({ code: "TOKEN_CRASHED" });

    const hang = inject("hang.mjs", `${onSign} for (;;); });`);
    const patience = { environment: { ...library.environment, ...hang }, timeoutMilliseconds: 3_000 };
    const wait = async () => {
      await using stuck = await open(patience);
      await stuck.sign(Buffer.from("x"));
    };
    await expect(wait()).rejects.toMatchObject({ code: "TOKEN_TIMED_OUT" });
  });
});

test("without the optional package nothing breaks until a token is asked for", async () => {
  const file = join(folder, "absent.mjs");
  const hook = `export async function resolve(name, context, next) {
    if (name === "pkcs11js") throw new Error("not installed");
    return next(name, context);
  }`;
  const url = `data:text/javascript,${encodeURIComponent(hook)}`;
  writeFileSync(file, `import { register } from "node:module"; register(${JSON.stringify(url)});`);
  const failed = openToken({ module: "/any.so", pin, environment: { NODE_OPTIONS: `--import ${file}` } });
  await expect(failed).rejects.toMatchObject({ code: "TOKEN_LIBRARY_MISSING", message: /pkcs11js/ });
});
