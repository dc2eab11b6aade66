import { constants, createHash, privateEncrypt } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { digest } from "../../signing/algorithms/digests.ts";
import { der } from "../../signing/asn1.ts";
import { attribute } from "../../signing/cms/write.ts";
import { issueTimestampResponse, issueTimestampToken } from "../../signing/issue/timestamps.ts";
import { Oid } from "../../signing/oids.ts";
import { issueSigner } from "./authorities.ts";
import { buildCms, essV2, type CmsParts } from "./cms-builder.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "planted-"));
afterAll(() => rmSync(folder, { recursive: true }));
symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');

type Library = {
  readonly "cms/signed-data.ts": typeof import("../../signing/cms/signed-data.ts");
  readonly "cms/pdf-signature.ts": typeof import("../../signing/cms/pdf-signature.ts");
  readonly "tsp/token.ts": typeof import("../../signing/tsp/token.ts");
  readonly "tsp/check.ts": typeof import("../../signing/tsp/check.ts");
  readonly "fetching/fetch.ts": typeof import("../../signing/fetching/fetch.ts");
};
/** Loads modules of the library, or of a copy of it. */
type Load = <K extends keyof Library>(file: K) => Promise<Library[K]>;
const load =
  (root: string): Load =>
  (file) =>
    import(pathToFileURL(join(root, file)).href) as never;

const content = Buffer.from("Quyết định");
const rsa = issueSigner("rsa-2048");
const ec = issueSigner("ec-p256");
const other = issueSigner("ec-p256");
const stamper = issueSigner("ec-p256", "timestamp");
const hash = createHash("sha256").update(content).digest();
const build = (more: Partial<CmsParts> = {}) =>
  buildCms({ key: ec.key, certificate: ec.certificate, content, ...more });

/** Whether the library takes these bytes, in the hole of a PDF, for a signature over the content. */
const takes =
  (contents: Buffer, over = content) =>
  async (library: Load): Promise<boolean> => {
    const { verifyPdfSignature } = await library("cms/pdf-signature.ts");
    const covered = { digest: (oid: string) => digest(oid, over), chunks: () => [over] };
    return verifyPdfSignature({ subFilter: "ETSI.CAdES.detached", contents }, covered).result === "valid";
  };
const block = (info: (hash: Buffer) => Buffer) =>
  build({
    key: rsa.key,
    certificate: rsa.certificate,
    sign: (bytes) => {
      const made = info(createHash("sha256").update(bytes).digest());
      return privateEncrypt({ key: rsa.key, padding: constants.RSA_PKCS1_PADDING }, made);
    },
  });
const token = (nonce: bigint, authority: typeof stamper = stamper) =>
  issueTimestampToken({
    authority,
    imprint: hash,
    imprintAlgorithm: "sha256",
    at: new Date("2026-08-01T00:00:00Z"),
    nonce,
  });
const answers =
  (answer: Buffer) =>
  async (library: Load): Promise<boolean> => {
    const { checkTimestampResponse } = await library("tsp/check.ts");
    try {
      checkTimestampResponse(answer, { imprint: hash, algorithm: "sha256", nonce: 5n, policy: undefined, pool: [] });
      return true;
    } catch {
      return false;
    }
  };
const withoutPurpose = () => {
  const person = issueSigner("ec-p256", "person");
  return issueTimestampResponse({ status: 0, token: token(5n, person) });
};
const replaced = (oid: string, instead: Buffer) => (usual: readonly Buffer[]) => [
  ...usual.filter((each) => !each.includes(der.oid(oid))),
  instead,
];
/** Whether a connection is opened to this address. */
const dials =
  (url: string, addresses: readonly string[]) =>
  async (library: Load): Promise<boolean> => {
    const { outsideFetch } = await library("fetching/fetch.ts");
    let dialled = false;
    const fetch = outsideFetch({
      hosts: ["crl.example.vn"],
      resolve: async () => addresses,
      connect: () => {
        dialled = true;
        return connect(1, "127.0.0.1");
      },
    });
    await fetch({ url }).catch(() => undefined);
    return dialled;
  };

test.each<[string, string, string, string, (library: Load) => Promise<boolean>]>([
  [
    "message digest not compared",
    "cms/verify.ts",
    "!singleValue(attributes, Oid.messageDigest)?.octets().equals(expected)",
    "false",
    takes(build(), Buffer.from("Quyết định khác")),
  ],
  [
    "content type not compared",
    "cms/verify.ts",
    "contentType !== undefined && singleValue(attributes, Oid.contentType)?.oid() !== contentType",
    "false",
    takes(build({ attributes: replaced(Oid.contentType, attribute(Oid.contentType, der.oid(Oid.tstInfo))) })),
  ],
  [
    "signature not looked at",
    "cms/verify.ts",
    'if (raw.result === "invalid") return',
    "if (false) return",
    takes(build({ sign: () => Buffer.alloc(70) })),
  ],
  [
    "signing certificate not compared",
    "cms/verify.ts",
    'chosen.ess.result === "differs"',
    "false",
    takes(
      build({
        attributes: replaced(
          Oid.signingCertificateV2,
          attribute(Oid.signingCertificateV2, essV2(createHash("sha256").update(other.certificate).digest())),
        ),
      }),
    ),
  ],
  [
    "issuer and serial number of it not compared",
    "cms/signing-certificate.ts",
    "issuerSerial === undefined || isIssuerSerial(issuerSerial, certificate)",
    "true",
    takes(
      build({
        attributes: replaced(
          Oid.signingCertificateV2,
          attribute(
            Oid.signingCertificateV2,
            essV2(
              createHash("sha256").update(ec.certificate).digest(),
              der.sequence(der.sequence(der.explicit(4, der.sequence())), der.integer(1)),
            ),
          ),
        ),
      }),
    ),
  ],
  [
    "algorithm protection not compared",
    "cms/verify.ts",
    "protection && !isAlgorithmProtected(protection, signer)",
    "false",
    takes(build({ attributes: (usual) => [...usual, attribute(Oid.cmsAlgorithmProtection, der.sequence())] })),
  ],
  [
    "attributes that stand twice",
    "cms/attributes.ts",
    "if (earlier && !mayRepeat(oid)) throw",
    "if (false) throw",
    takes(
      build({
        attributes: (usual) => [
          ...usual,
          attribute(Oid.signingTime, der.null()),
          attribute(Oid.signingTime, der.null()),
        ],
      }),
    ),
  ],
  [
    "zeros behind the CMS not demanded",
    "cms/signed-data.ts",
    "byte !== 0",
    "false",
    takes(Buffer.concat([build(), Buffer.from("rác")])),
  ],
  ["several signers", "cms/signed-data.ts", "infos.length !== 1", "infos.length === 0", takes(build({ signers: 2 }))],
  [
    "enclosed content",
    "cms/pdf-signature.ts",
    "if (data.content !== undefined) throw",
    "if (false) throw",
    takes(build({ enclosed: content })),
  ],
  [
    "a third form of DigestInfo",
    "algorithms/pkcs1.ts",
    "block.equals(paddedBlock(block.length, digestOid, digest))",
    "block.subarray(-digest.length).equals(digest)",
    takes(block((made) => der.sequence(der.sequence(der.oid(Oid.sha256), der.integer(0)), der.octets(made)))),
  ],
  [
    "two digest algorithms",
    "algorithms/raw.ts",
    "digestAlgorithm && digestAlgorithm !== known.digest",
    "false",
    takes(
      build({
        digestAlgorithm: der.sequence(der.oid(Oid.sha512)),
        attributes: (usual) =>
          replaced(
            Oid.messageDigest,
            attribute(Oid.messageDigest, der.octets(createHash("sha512").update(content).digest())),
          )(usual),
      }),
    ),
  ],
  [
    "imprint not compared",
    "tsp/token.ts",
    "!request.imprint(info.imprintAlgorithm).equals(info.imprint)",
    "false",
    async (library) => {
      const { readToken } = await library("tsp/token.ts");
      return readToken({ token: token(5n), imprint: () => Buffer.alloc(32) }).result === "valid";
    },
  ],
  [
    "nonce not compared",
    "tsp/check.ts",
    "info.nonce !== expected.nonce",
    "false",
    answers(issueTimestampResponse({ status: 0, token: token(6n) })),
  ],
  ["purpose not looked at", "tsp/check.ts", "!isStampingCertificate(authority)", "false", answers(withoutPurpose())],
  [
    "status not looked at",
    "tsp/check.ts",
    "status > 1",
    "false",
    answers(issueTimestampResponse({ status: 2, token: token(5n) })),
  ],
  [
    "addresses not looked at",
    "fetching/fetch.ts",
    'kind === "public" ||',
    "true ||",
    dials("http://crl.example.vn/", ["127.0.0.1"]),
  ],
  [
    "only the first address looked at",
    "fetching/fetch.ts",
    "for (const address of addresses)",
    "for (const address of addresses.slice(0, 1))",
    dials("http://crl.example.vn/", ["93.184.216.34", "127.0.0.1"]),
  ],
  [
    "hosts compared by their end",
    "fetching/allowed-hosts.ts",
    "each.host === host",
    "host.endsWith(each.host)",
    dials("http://not-crl.example.vn/", ["93.184.216.34"]),
  ],
])("a planted bug is seen: %s", async (name, file, code, broken, taken) => {
  expect(await taken(load(join(project, "signing")))).toBe(false);
  const copy = join(folder, name.replaceAll(" ", "-"));
  cpSync(join(project, "signing"), copy, { recursive: true });
  const source = readFileSync(join(copy, file), "utf8");
  expect(source.split(code)).toHaveLength(2);
  writeFileSync(join(copy, file), source.replace(code, broken));
  expect(await taken(load(copy))).toBe(true);
});
