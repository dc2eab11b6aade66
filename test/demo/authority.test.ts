import { rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ocspRequest, readCertificate, readCrl, readOcspResponse, verifyPdf } from "../../signing/index.ts";
import { buildApp } from "../../src/app.ts";
import { trustStore } from "../../src/credentials/trust.ts";
import { readDemoAuthority, revokeInDemo, withDemoAuthority } from "../../src/demo/authority.ts";
import { serve } from "../../src/http/serve.ts";
import { colleague, draft, sign, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

const stack = new AsyncDisposableStack();
afterAll(() => stack.disposeAsync());

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** The demo on a port that it knows of, as `npm start` runs it; its certificates were made when it listened elsewhere. */
async function demo(env: NodeJS.ProcessEnv = {}): Promise<{ app: TestApp; origin: string }> {
  const port = await freePort();
  const app = stack.use(await startApp({ env: { PORT: String(port), ...env } }));
  stack.use(await serve(buildApp(app.services), { host: "127.0.0.1", port }));
  return { app, origin: `http://127.0.0.1:${port}` };
}

let app: TestApp;
let origin: string;
beforeAll(async () => void ({ app, origin } = await demo()));

async function signedBy(of: TestApp) {
  const officer = await colleague(of, "chuyenvien.snv");
  const head = await colleague(of, "giamdoc.snv");
  const { id } = await submit(officer, (await draft(officer)).id, head);
  await sign(head, id);
  const { node } = await head.client.call(
    `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { file { url } signatures { level wantedLevel levelNote } } } }`,
    { id },
  );
  const pdf = await head.client.download(node.file.url);
  const anchors = await trustStore(join(of.dataDirectory, "trust"));
  return { levels: node.signatures, verification: verifyPdf(pdf, { anchors }) };
}

const post = async (path: string, body: Buffer) => {
  const answer = await fetch(origin + path, { method: "POST", body: new Uint8Array(body) });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
};

test("a signature of the demo reaches B-LT by the demo's own authority, wherever it listens by now", async () => {
  const { levels, verification } = await signedBy(app);
  expect(levels).toEqual([{ level: "B-LT", wantedLevel: "B-LT", levelNote: null }]);
  expect(verification).toMatchObject({ indication: "TOTAL-PASSED", signatures: [{ level: "B-LT" }] });
});

test("a demo of before it had such an authority starts, and signs as it did", async () => {
  const { app: old } = await demo();
  for (const name of ["demo-authority.json", "demo-tsa.pem", "demo-root-ca.pem"])
    await rm(join(old.dataDirectory, "keys", name));
  const { config, readdress } = await withDemoAuthority({ ...old.services.config, signing: bare });
  expect(config.signing).toEqual(bare);
  expect(readdress("http://127.0.0.1:4000/demo/pki/tsa")).toBe("http://127.0.0.1:4000/demo/pki/tsa");
  expect((await fetch(`${old.services.config.publicUrl}/demo/pki/crl/issuer`)).status).toBe(404);
});

const bare = { level: "B-B", wanted: null, timestampUrls: [], hosts: [], servicesFile: null } as const;

test("settings hold in a demo too, and outside of demo mode nothing is allowed or answered", async () => {
  const { services } = app;
  const wanted = { ...services.config, signing: { ...bare, wanted: "B-T" as const } };
  expect((await withDemoAuthority(wanted)).config.signing.level).toBe("B-T");
  const own = { ...bare, timestampUrls: ["http://tsa.example/"], level: "B-LTA" as const };
  expect((await withDemoAuthority({ ...services.config, signing: own })).config.signing).toMatchObject({
    level: "B-LTA",
    timestampUrls: ["http://tsa.example/"],
  });
  const production = { ...services.config, demo: false, signing: bare };
  expect((await withDemoAuthority(production)).config.signing).toEqual(bare);
  await using server = await serve(buildApp({ ...services, config: production }), { host: "127.0.0.1", port: 0 });
  expect((await fetch(`${server.url}/demo/pki/crl/issuer`)).status).toBe(404);
});

test("the authority answers GOOD for what it has issued, UNKNOWN for the rest, and REVOKED once it has revoked", async () => {
  const directory = join(app.dataDirectory, "keys");
  const { issuer, stamper, root } = (await readDemoAuthority(directory))!;
  const [issuing, stamping, rooted] = [issuer, stamper, root].map((each) => readCertificate(each.certificate));
  const ask = async (certificate: typeof issuing, by: typeof issuing, path: string) =>
    readOcspResponse(
      (await post(`/demo/pki/ocsp/${path}`, ocspRequest({ certificate: certificate!, issuer: by! }))).bytes,
    ).basic?.singles[0]?.status;
  expect(await ask(stamping, issuing, "issuer")).toBe("good");
  expect(await ask(issuing, rooted, "root")).toBe("good");
  expect(await ask(rooted, rooted, "root")).toBe("unknown");
  expect(await ask(stamping, issuing, "root")).toBe("unknown");

  expect(await revokeInDemo(directory, "00C0FFEE", new Date())).toBe(false);
  const serial = (await readDemoAuthority(directory))!.issued.issuer.at(-1)!;
  expect(await revokeInDemo(directory, serial, new Date())).toBe(true);
  const crl = readCrl(Buffer.from(await (await fetch(`${origin}/demo/pki/crl/issuer`)).arrayBuffer()));
  expect(crl.size).toBe(1);
});

test("what the authority cannot read it refuses by the protocol's own words", async () => {
  expect((await post("/demo/pki/ocsp/issuer", Buffer.from("rác"))).bytes.toString("hex")).toBe("30030a0101");
  const refused = await post("/demo/pki/tsa", Buffer.from("rác"));
  expect([refused.status, refused.bytes.subarray(0, 7).toString("hex")]).toEqual([200, "30093007020102"]);
  expect((await post("/demo/pki/tsa", Buffer.alloc(1 << 20))).status).toBe(413);
});
