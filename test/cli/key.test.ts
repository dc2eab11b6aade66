import { createSign, type KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateKeys, issueCertificate, type CertificateUsage, type KeyKind } from "../../signing/index.ts";
import { key as command } from "../../src/cli/key.ts";
import { readDemoAuthority } from "../../src/demo/authority.ts";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { draft, colleague, submit } from "../outgoing/office.ts";
import { asSuperuser, complete, prepare } from "../sessions/keys.ts";
import { settings, startApp, type TestApp } from "../support/app.ts";
import { cscAccount, startCscServer } from "../support/signing-services/csc-server.ts";
import { heldKey } from "../support/signing-services/key-holder.ts";
import { misaAccount, startMisaServer } from "../support/signing-services/misa-server.ts";
import { issueSigner, subordinate, toPem } from "../signing/authorities.ts";

let app: TestApp;
let accounts: string;
const stack = new AsyncDisposableStack();
const remote = [heldKey("rsa-2048"), heldKey("rsa-3072")];
let misa: Awaited<ReturnType<typeof startMisaServer>>;
beforeAll(async () => {
  app = stack.use(await startApp());
  const csc = stack.use(await startCscServer({ version: 2, keys: remote, pin: "135790", otp: "246801", faults: {} }));
  accounts = join(app.dataDirectory, "services.json");
  const { clientId, clientSecret } = cscAccount;
  const login = { kind: "oauth2", baseUrl: csc.url, clientId, clientSecret };
  misa = stack.use(await startMisaServer({ held: remote[0]!, secondFactor: "message" }));
  const { clientKey, userName, password } = misaAccount;
  const coded = { provider: "MISA", baseUrl: misa.url, clientId: misaAccount.clientId, clientKey, userName };
  const office = { provider: "CSC", version: 2, baseUrl: csc.baseUrl, login };
  await writeFile(accounts, JSON.stringify({ office, coded: { ...coded, password }, untold: coded }));
});
afterAll(() => stack.disposeAsync());

/** Runs the command in this process; its exit status, what it printed, and what it complained of. */
async function congvan(...args: string[]) {
  const lines: string[] = [];
  const env = settings(app.database, app.dataDirectory, { SIGNING_SERVICES: accounts });
  try {
    const status = await command.run({ args, env, print: (line) => void lines.push(line) });
    return { status, out: lines.join("\n") };
  } catch (error) {
    return { status: 2, out: (error as Error).message };
  }
}

async function file(name: string, ...certificates: Buffer[]): Promise<string> {
  const path = join(app.dataDirectory, name);
  await writeFile(path, certificates.map(toPem).join(""));
  return path;
}

/** A certificate of the authority that the demo trusts. */
async function issued(usage: CertificateUsage = "person", kind: KeyKind = "ec-p256", days = 365) {
  const { issuer } = (await readDemoAuthority(join(app.dataDirectory, "keys")))!;
  const { privateKey, publicKey } = generateKeys(kind);
  const now = Date.now();
  const certificate = issueCertificate({
    ...{ usage, publicKey, issuer, subject: { C: "VN", CN: "Nguyễn Thị Thanh Hà" } },
    ...{ notBefore: new Date(now - 400 * 86_400_000), notAfter: new Date(now + days * 86_400_000) },
  });
  return { key: privateKey, certificate, chain: [issuer.certificate] };
}

const whose = ["--agency", "H99.02", "--person", "giamdoc.snv"];
const external = ["--provider", "EXTERNAL", "--certificate"];
const list = async (): Promise<any[]> =>
  JSON.parse((await congvan("list", "--agency", "H99.02", "--json")).out) as any[];

test("a key that is entered signs, and does not once it is withdrawn; both are in the agency's history", async () => {
  const { key, certificate, chain } = await issued();
  const added = await congvan("add", ...whose, ...external, await file("own.pem", certificate, ...chain));
  expect(added).toEqual({ status: 0, out: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  const id = added.out;
  expect((await list()).find((each) => each.id === id)).toMatchObject({
    provider: "EXTERNAL",
    owner: "Nguyễn Thị Thanh Hà",
    isAgencySeal: false,
    revokedAt: null,
  });

  const [officer, head] = [await colleague(app, "chuyenvien.snv"), await colleague(app, "giamdoc.snv")];
  const first = await submit(officer, (await draft(officer)).id, head);
  const session = await prepare(head, first.id, toGlobalId("SigningCredential", id));
  const raw = (dtbs: string, by: KeyObject) => createSign("sha256").update(Buffer.from(dtbs, "base64")).sign(by);
  expect((await complete(head, session.id, raw(session.dtbs!, key))).state).toBe("STORED");

  expect((await congvan("revoke", id, "--agency", "H99.02")).status).toBe(2);
  expect((await congvan("revoke", id, "--agency", "H99.03", "--reason", "Mất thiết bị")).status).toBe(1);
  expect((await congvan("revoke", id, "--agency", "H99.02", "--reason", "Mất thiết bị")).status).toBe(0);
  expect((await congvan("revoke", id, "--agency", "H99.02", "--reason", "Mất thiết bị")).status).toBe(1);
  const second = await submit(officer, (await draft(officer)).id, head);
  await expect(prepare(head, second.id, toGlobalId("SigningCredential", id))).rejects.toThrow(
    /SIGNING_REFUSED|thu hồi/,
  );

  const history = await asSuperuser(app, (database) =>
    database.query<{ act: string }>("select act from audit_event where object_id = $1 order by sequence", [id]),
  );
  expect(history.rows.map(({ act }) => act)).toEqual(["credential.enter", "credential.revoke"]);
});

test("a certificate that nobody should sign with is not entered", async () => {
  const attempt = async (name: string, certificate: Buffer) =>
    (await congvan("add", ...whose, ...external, await file(`${name}.pem`, certificate))).out;
  expect(await attempt("expired", (await issued("person", "ec-p256", -1)).certificate)).toContain("expired on");
  expect(await attempt("authority", (await issued()).chain[0]!)).toContain("an authority");
  expect(await attempt("stamping", (await issued("timestamp")).certificate)).toContain("time-stamps");
  const small = await issuedSmall();
  expect(await attempt("small", small)).toContain("too small");
  await writeFile(join(app.dataDirectory, "noise.pem"), "rác");
  expect((await congvan("add", ...whose, ...external, join(app.dataDirectory, "noise.pem"))).status).not.toBe(0);
  expect((await list()).every(({ provider }) => provider === "PKCS12" || provider === "EXTERNAL")).toBe(true);
});

async function issuedSmall(): Promise<Buffer> {
  const { generateKeyPairSync } = await import("node:crypto");
  const { issuer } = (await readDemoAuthority(join(app.dataDirectory, "keys")))!;
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const subject = { C: "VN", CN: "Khóa ngắn" };
  const validity = { notBefore: new Date(Date.now() - 1_000), notAfter: new Date(Date.now() + 86_400_000) };
  return issueCertificate({ usage: "person", publicKey, issuer, subject, ...validity });
}

test("a certificate of somebody who is not trusted here is entered with a note, and only once", async () => {
  const { certificate } = issueSigner();
  const path = await file("stranger.pem", certificate, subordinate);
  const added = await congvan("add", "--agency", "H99.02", "--seal", ...external, path);
  expect(added.status).toBe(0);
  expect(added.out).toContain("note: not trusted here (NO_CERTIFICATE_CHAIN_FOUND)");
  const again = await congvan("add", "--agency", "H99.02", "--seal", ...external, path);
  expect(again).toMatchObject({ status: 1, out: expect.stringContaining("entered already") });
});

test("a key at a service is found there, and named where there are several", async () => {
  const at = [...whose, "--provider", "CSC", "--account", "office"];
  const several = await congvan("add", ...at);
  expect(several).toMatchObject({ status: 2, out: expect.stringContaining("say which by --certificate") });
  const added = await congvan("add", ...at, "--certificate", await file("remote.pem", remote[1]!.certificate));
  expect(added.status).toBe(0);
  const entered = (await list()).find(({ provider }) => provider === "CSC");
  expect(entered.settings).toMatchObject({ service: "office", credential: expect.any(String) });
});

test("an account that asks for a code is told it with the second run", async () => {
  const at = [...whose, "--provider", "MISA", "--account"];
  expect(await congvan("add", ...at, "coded")).toEqual({ status: 1, out: expect.stringContaining("--otp CODE") });
  expect(await congvan("add", ...at, "untold")).toEqual({ status: 1, out: expect.stringContaining("its password") });
  expect((await congvan("add", ...at, "coded", "--otp", "000000")).status).toBe(1);
  const added = await congvan("add", ...at, "coded", "--otp", misa.messages[0]!);
  expect(added.status).toBe(0);
  expect((await list()).find(({ provider }) => provider === "MISA").settings).toMatchObject({ service: "coded" });
});

test("who and what is meant has to be said", async () => {
  const complaint = async (...args: string[]) => (await congvan("add", "--agency", "H99.02", ...args)).out;
  expect(await complaint("--seal", "--provider", "CSC")).toContain("--account is needed");
  expect(await complaint("--seal", "--provider", "PKCS12")).toContain("--provider");
  expect(await complaint("--seal", "--provider", "EXTERNAL")).toContain("--certificate is needed");
  expect(await complaint("--provider", "EXTERNAL")).toContain("one of them");
  expect(await complaint("--person", "giamdoc.stc", "--provider", "EXTERNAL")).toContain("nobody of this agency");
  expect(await complaint("--seal", "--provider", "EXTERNAL", "--setting", "pin=1")).toContain("--setting");
  expect((await congvan("list", "--agency", "H98")).out).toContain("no agency");
});
