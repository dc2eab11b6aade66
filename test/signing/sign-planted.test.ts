import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Signer } from "../../signing/keys/signer.ts";
import { outsideFetch } from "../../signing/fetching/fetch.ts";
import { addFields, type FieldSpec } from "../../signing/sign/fields.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { timestampClient } from "../../signing/tsp/client.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";
import { noEvidence } from "../../signing/x509/evidence.ts";
import { type AuthorityServers, startAuthorityServers } from "../support/authority-servers.ts";
import { blankDocument } from "./pdf-documents.ts";

/** What a copy of the library offers, with a bug planted or without. */
interface Library {
  readonly sign: typeof import("../../signing/sign/sign.ts");
  readonly levels: typeof import("../../signing/sign/levels.ts");
  readonly deferred: typeof import("../../signing/sign/deferred.ts");
  readonly dss: typeof import("../../signing/sign/dss.ts");
  readonly fields: typeof import("../../signing/sign/fields.ts");
}

const at = new Date("2026-04-01T08:00:00Z");
const field = (name: string, more: object = {}): FieldSpec & { type: "signature" } => ({
  type: "signature",
  name,
  page: 0,
  rect: [30, 30, 90, 60],
  ...more,
});
let servers: AuthorityServers;
let signer: Signer;
let other: Signer;
let empty: Buffer;
const services = () => ({
  anchors: [{ certificate: readCertificate(servers.root.certificate), store: "DEMO" }],
  fetch: outsideFetch({ hosts: [`${servers.host}+private`] }),
  timestamp: timestampClient({
    servers: [{ url: servers.url("/tsa/ec") }],
    fetch: outsideFetch({ hosts: [`${servers.host}+private`] }),
    now: () => at,
  }),
  now: () => at,
});
beforeAll(async () => {
  servers = await startAuthorityServers({ now: () => at });
  ({ signer } = servers.issue());
  other = servers.issue().signer;
  empty = addFields(await blankDocument("table"), [
    field("leader", { lock: { action: "ALL" } }),
    { type: "text", name: "number", page: 0, rect: [60, 740, 140, 758], fontSize: 13, alignment: "center" },
  ]);
});
afterAll(() => servers.close());

const outcome = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => "",
    ({ code, details }: { code?: string; details?: { reason?: string } }) => details?.reason ?? code ?? "crash",
  );

/** Each tells whether a copy of the library does what it must. */
const checks: Readonly<Record<string, (library: Library) => Promise<boolean>>> = {
  "refuses another key's raw signature": async ({ deferred, levels }) => {
    const { toBeSigned, state } = await deferred.prepareSignature(empty, { field: "leader", signer, at });
    const raw = await other.sign(toBeSigned);
    return (await outcome(levels.completeSignature(state, empty, raw))) === "KEY_MISMATCH";
  },
  "refuses another key at once": async ({ sign }) =>
    (await outcome(sign.signPdf(empty, { field: "leader", signer: { ...signer, sign: other.sign }, at }))) ===
    "KEY_MISMATCH",
  "finds that the document has moved on": async ({ deferred, levels }) => {
    const { toBeSigned, state } = await deferred.prepareSignature(empty, { field: "leader", signer, at });
    const moved = Buffer.from(empty);
    moved[moved.indexOf("/Title") + 1]! ^= 32;
    return (await outcome(levels.completeSignature(state, moved, await signer.sign(toBeSigned)))) === "STALE";
  },
  "holds the hole's size to the byte range": async ({ deferred }) => {
    const { toBeSigned, state } = await deferred.prepareSignature(empty, { field: "leader", signer, at });
    const raw = await signer.sign(toBeSigned);
    const act = async () => deferred.completeRevision({ ...state, holeSize: state.holeSize + 8 }, empty, raw);
    return (await outcome(act())) === "BAD_STATE";
  },
  "honours the lock of an earlier signature": async ({ sign }) => {
    const signed = await signPdf(empty, { field: "leader", signer, at });
    return (await outcome(sign.signPdf(signed, { field: field("late"), signer: other, at }))) === "LOCKED";
  },
  "puts the field's lock under the signature": async ({ sign }) => {
    const locked = field("own", { lock: { action: "ALL" } });
    const signed = await sign.signPdf(await blankDocument("table"), { field: locked, signer, at });
    return signed.toString("latin1").includes("/FieldMDP");
  },
  "time-stamps the signature and nothing else": async ({ levels }) =>
    (await levels.signPdfTo(empty, { field: "leader", signer, at, level: "B-T" }, services())).level === "B-T",
  "gives out nothing that is broken": async ({ levels }) => {
    const signed = await signPdf(
      addFields(await blankDocument("table"), [field("first"), field("second", { rect: [200, 30, 260, 60] })]),
      { field: "first", signer, at },
    );
    const broken = Buffer.from(signed);
    broken[signed.indexOf("/Title") + 1]! ^= 32;
    const request = { field: "second", signer: other, at, sound: ["first"] };
    return (await outcome(levels.signPdfTo(broken, request, services()))) === "UNSOUND_RESULT";
  },
  "covers the whole file": async ({ sign }) => {
    const signed = await sign.signPdf(empty, { field: "leader", signer, at });
    return verifyPdf(signed, { anchors: services().anchors, at }).integrity === "PASS";
  },
  "files nothing twice": async ({ dss }) => {
    const evidence = { ...noEvidence, certificates: [readCertificate(servers.root.certificate)] };
    const once = dss.addValidationMaterial(empty, evidence);
    return dss.addValidationMaterial(once, evidence) === once;
  },
  "adds no empty field to a signed document": async ({ fields }) => {
    const signed = await signPdf(await blankDocument("table"), { field: field("first"), signer, at });
    return (await outcome((async () => fields.addFields(signed, [field("late")]))())) === "ALREADY_SIGNED";
  },
  "does not certify behind a signature": async ({ sign }) => {
    const signed = await signPdf(await blankDocument("table"), { field: field("first"), signer, at });
    return (
      (await outcome(sign.signPdf(signed, { field: field("second"), signer, at, certify: 2 }))) === "ALREADY_SIGNED"
    );
  },
};

const project = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "planted-"));
afterAll(() => rmSync(folder, { recursive: true }));
symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');

async function load(root: string): Promise<Library> {
  const part = (name: string) => import(pathToFileURL(join(root, "sign", `${name}.ts`)).href) as Promise<never>;
  return {
    sign: await part("sign"),
    levels: await part("levels"),
    deferred: await part("deferred"),
    dss: await part("dss"),
    fields: await part("fields"),
  };
}

describe("the library as it is", () => {
  test.each(Object.keys(checks))("%s", async (name) => {
    expect(await checks[name]!(await load(join(project, "signing")))).toBe(true);
  });
});

describe("planted bugs are caught", () => {
  test.each([
    [
      "raw signature not checked",
      "sign/certificate.ts",
      "if (!isSignedBy(",
      "if (false && !isSignedBy(",
      "refuses another key's raw signature",
    ],
    [
      "raw signature of a key at hand not checked",
      "sign/sign.ts",
      "refuseMismatch(own,",
      "void (own,",
      "refuses another key at once",
    ],
    [
      "base not compared",
      "sign/deferred.ts",
      '.digest("hex") !== state.baseSha256',
      '.digest("hex") === ""',
      "finds that the document has moved on",
    ],
    [
      "byte range of a stored state not compared",
      "sign/deferred.ts",
      "if (!before.includes(",
      "if (false && !before.includes(",
      "holds the hole's size to the byte range",
    ],
    [
      "locks ignored",
      "sign/permissions.ts",
      "if (lock !== undefined) locks.push(lock);",
      "",
      "honours the lock of an earlier signature",
    ],
    [
      "lock left outside the signature",
      "sign/revision.ts",
      "const lock = readLock(",
      "const lock = ((..._: unknown[]) => undefined)(",
      "puts the field's lock under the signature",
    ],
    [
      "imprint over the wrong bytes",
      "sign/stamping.ts",
      ".update(signature)",
      ".update(cms)",
      "time-stamps the signature and nothing else",
    ],
    [
      "result not validated",
      "sign/sound.ts",
      "if (faults.length > 0) {",
      "if (false) {",
      "gives out nothing that is broken",
    ],
    [
      "digest without the tail behind the hole",
      "sign/hole.ts",
      "hash.update(tail.subarray(end - base.length))",
      "hash",
      "covers the whole file",
    ],
    [
      "material not compared with what is held",
      "sign/dss.ts",
      "remember(document, ref, known);",
      "void ref;",
      "files nothing twice",
    ],
    [
      "signatures not looked for before fields are added",
      "sign/fields.ts",
      "permissions.signed.length > 0 &&",
      "false &&",
      "adds no empty field to a signed document",
    ],
    [
      "second certification allowed",
      "sign/permissions.ts",
      "if (signed.length > 0) {",
      "if (false) {",
      "does not certify behind a signature",
    ],
  ])("%s", async (name, file, code, broken, check) => {
    const copy = join(folder, name.replaceAll(" ", "-"));
    cpSync(join(project, "signing"), copy, { recursive: true });
    const source = readFileSync(join(copy, file), "utf8");
    expect(source.split(code)).toHaveLength(2);
    writeFileSync(join(copy, file), source.replace(code, broken));
    expect(await checks[check]!(await load(copy))).toBe(false);
  });
});
