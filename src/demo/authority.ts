import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Addresses, Authority } from "../../signing/index.ts";
import type { Config } from "../config.ts";

/** Who issues certificates in the demo: the root for the issuing authority, and that one for everybody. */
export type DemoIssuer = "root" | "issuer";

/** The demo's certification authority at work, with its time-stamp service. */
export interface DemoAuthority extends DemoRegister {
  readonly root: Authority;
  readonly issuer: Authority;
  readonly stamper: Authority;
}

/** What the authority has issued and revoked; serial numbers in upper-case hexadecimal. */
interface DemoRegister {
  /** Where the addresses in its certificates lead: the server may listen elsewhere by now. */
  readonly origin: string;
  readonly issued: Readonly<Record<DemoIssuer, readonly string[]>>;
  readonly revoked: Readonly<Record<string, string>>;
}

const files = { issuer: "demo-ca.pem", root: "demo-root-ca.pem", stamper: "demo-tsa.pem" } as const;
const register = "demo-authority.json";
const usualPort = 4000;

/** Behind the origin, where the authority answers. */
export const demoPaths = {
  stamp: "/demo/pki/tsa",
  ocsp: (issuer: DemoIssuer) => `/demo/pki/ocsp/${issuer}`,
  crl: (issuer: DemoIssuer) => `/demo/pki/crl/${issuer}`,
  certificate: (issuer: DemoIssuer) => `/demo/pki/ca/${issuer}`,
};

export const demoKeysDirectory = ({ dataDirectory }: Pick<Config, "dataDirectory">): string =>
  join(dataDirectory, "keys");

/** Host and port as they stand in an address. Demo mode listens on a loopback address, in plain HTTP. */
const hostOf = ({ host }: Pick<Config, "host">, port: number): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** The origin that new certificates name. */
export const demoOrigin = (config: Pick<Config, "host" | "port">): string =>
  `http://${hostOf(config, config.port || usualPort)}`;

/** What certificates below an issuer say of where its answers are to be had. */
export const demoAddresses = (origin: string, issuer: DemoIssuer): Addresses => ({
  crl: origin + demoPaths.crl(issuer),
  ocsp: origin + demoPaths.ocsp(issuer),
  issuer: origin + demoPaths.certificate(issuer),
});

/** Keeps the authority in the directory, the keys for the server's user alone. */
export async function keepDemoAuthority(directory: string, authority: DemoAuthority): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const part of ["root", "issuer", "stamper"] as const) {
    const { key, certificate } = authority[part];
    const pem = `${key.export({ type: "pkcs8", format: "pem" }).toString()}${new X509Certificate(certificate).toString()}`;
    await writeFile(join(directory, files[part]), pem, { mode: 0o600 });
  }
  const { origin, issued, revoked } = authority;
  await writeRegister(directory, { origin, issued, revoked });
}

/** The authority of a directory; null where there is none, or one of before it gave time-stamps and answers. */
export async function readDemoAuthority(directory: string): Promise<DemoAuthority | null> {
  try {
    const [root, issuer, stamper] = await Promise.all(
      (["root", "issuer", "stamper"] as const).map(async (part): Promise<Authority> => {
        const pem = await readFile(join(directory, files[part]), "latin1");
        return {
          key: createPrivateKey(pem),
          certificate: new X509Certificate(pem.slice(pem.indexOf("-----BEGIN CERT"))).raw,
        };
      }),
    );
    const kept = JSON.parse(await readFile(join(directory, register), "utf8")) as DemoRegister;
    return { root: root!, issuer: issuer!, stamper: stamper!, ...kept };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Revokes a certificate that the demo's authority has issued; false for any other. */
export async function revokeInDemo(directory: string, serial: string, at: Date): Promise<boolean> {
  const authority = await readDemoAuthority(directory);
  if (!authority?.issued.issuer.includes(serial)) return false;
  const { origin, issued, revoked } = authority;
  await writeRegister(directory, { origin, issued, revoked: { [serial]: at.toISOString(), ...revoked } });
  return true;
}

/** Readers see the old register or the new one, never a part. */
async function writeRegister(directory: string, content: DemoRegister): Promise<void> {
  const fresh = join(directory, `.${register}.${process.pid}`);
  await writeFile(fresh, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, join(directory, register));
}

/** The settings of a server of the demo, and where it finds what certificates of another port's time name. */
export interface DemoSigning {
  readonly config: Config;
  readonly readdress: (url: string) => string;
}

/**
 * In demo mode signatures reach B-LT out of the box: the server's own authority gives the time-stamps, and its host, and no
 * other, may be asked. Settings that say otherwise hold, as they do everywhere; a demo of before the authority answered
 * goes on without.
 */
export async function withDemoAuthority(config: Config): Promise<DemoSigning> {
  const unchanged = { config, readdress: (url: string) => url };
  if (!config.demo || config.port === 0) return unchanged;
  const authority = await readDemoAuthority(demoKeysDirectory(config));
  if (!authority) return unchanged;
  const { signing } = config;
  const host = hostOf(config, config.port);
  const origin = `http://${host}`;
  const own = signing.timestampUrls.length === 0;
  return {
    config: {
      ...config,
      signing: {
        ...signing,
        hosts: [...signing.hosts, `${host}+private`],
        ...(own && { timestampUrls: [origin + demoPaths.stamp], level: signing.wanted ?? "B-LT" }),
      },
    },
    readdress: (url) =>
      url.startsWith(`${authority.origin}/demo/pki/`) ? origin + url.slice(authority.origin.length) : url,
  };
}
