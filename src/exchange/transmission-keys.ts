import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { agencyCodePattern, type Credential } from "../../axis/index.ts";
import { type Authority, generateKeys, issueCertificate, type Subject } from "../../signing/index.ts";

/** The keys that sign this server's messages on the axis: one for each agency it hosts, one for its hub (khóa truyền nhận). */
export interface TransmissionKeys {
  /** Null for an agency that is not hosted here, or has no key. */
  for(agencyCode: string): Credential | null;
  /** Throws while there is none: a hub without a key takes no messages. */
  readonly hub: Credential;
  /** Codes of the agencies that have a key, in order. */
  codes(): string[];
  /** Reads the directory again. */
  reload(): Promise<void>;
}

/** The hub's code in its receipts. */
export const hubCode = "AXIS";
const hubFile = "hub";

/**
 * Reads `<agency code>.key` (PKCS #8, PEM) and `<agency code>.pem` (certificate chain, leaf first) of a directory, and the
 * hub's as `hub.key` and `hub.pem`. A directory that is absent holds no keys; a key without its certificate is an error.
 */
export async function transmissionKeys(directory: string): Promise<TransmissionKeys> {
  let keys = await readKeys(directory);
  return {
    for: (agencyCode) => (agencyCode === hubFile ? null : (keys.get(agencyCode) ?? null)),
    get hub() {
      const hub = keys.get(hubFile);
      if (!hub) throw new Error(`The hub has no transmission key: ${join(directory, "hub.key")} is missing`);
      return hub;
    },
    codes: () => [...keys.keys()].filter((code) => code !== hubFile).toSorted(),
    reload: async () => {
      keys = await readKeys(directory);
    },
  };
}

/** Makes keys for the hub and for those agencies that have none yet, with certificates by `authority` that last five years. */
export async function issueTransmissionKeys(
  directory: string,
  authority: Authority,
  agencies: readonly { readonly code: string; readonly name: string }[],
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const existing = await readKeys(directory);
  const owners = [
    { file: hubFile, subject: { C: "VN", CN: "Trục liên thông văn bản" } },
    ...agencies.map(({ code, name }) => ({
      file: code,
      subject: { C: "VN", O: name, OU: "Truyền nhận văn bản", CN: code },
    })),
  ];
  for (const { file, subject } of owners) if (!existing.has(file)) await issueOne(directory, authority, file, subject);
}

async function issueOne(directory: string, issuer: Authority, file: string, subject: Subject): Promise<void> {
  const { privateKey, publicKey } = generateKeys("ec-p256");
  const { validFromDate } = new X509Certificate(issuer.certificate);
  const notAfter = new Date();
  notAfter.setFullYear(notAfter.getFullYear() + 5);
  const validity = { notBefore: validFromDate, notAfter };
  const certificate = issueCertificate({ subject, publicKey, issuer, usage: "transmission", ...validity });
  await writeWhole(
    join(directory, `${file}.pem`),
    [certificate, issuer.certificate].map(certificatePem).join(""),
    0o644,
  );
  // The key last: where there is a key, its certificate is there too.
  await writeWhole(
    join(directory, `${file}.key`),
    privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    0o600,
  );
}

/** Under another name first, so that nobody ever reads half of a file. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await chmod(`${path}.new`, mode);
  await rename(`${path}.new`, path);
}

const certificatePem = (der: Buffer) => new X509Certificate(der).toString();

async function readKeys(directory: string): Promise<Map<string, Credential>> {
  const keys = new Map<string, Credential>();
  for (const name of await filesOf(directory)) {
    const owner = /^(.+)\.key$/.exec(name)?.[1];
    if (owner === undefined || (owner !== hubFile && !agencyCodePattern.test(owner))) continue;
    const key = createPrivateKey(await readFile(join(directory, name)));
    const pem = await readFile(join(directory, `${owner}.pem`), "latin1");
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const certificates = blocks.map((each) => new X509Certificate(each));
    if (!certificates[0]?.checkPrivateKey(key))
      throw new Error(`${join(directory, `${owner}.pem`)} is not the certificate of ${name}`);
    keys.set(owner, { key, certificateChain: certificates.map(({ raw }) => raw) });
  }
  return keys;
}

async function filesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
