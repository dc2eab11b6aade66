import { X509Certificate } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredAnchor } from "../../signing/index.ts";

const mostFiles = 1_000;
const largestFile = 1 << 20;
/** Beside the certificates: which store each is of, and when it is trusted. */
const indexName = "anchors.json";
const kept = new Map<string, { changed: string; anchors: Promise<TrustedCertificate[]> }>();

/** A certificate of the trust directory. */
export interface TrustedCertificate extends StoredAnchor {
  readonly certificate: Buffer;
  /** SHA-256, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** Name of the file that holds it. */
  readonly file: string;
}

/** Which store an anchor is of, and the first and last instant at which it is trusted. */
export interface AnchorTerms {
  readonly store: string;
  readonly from?: Date;
  readonly until?: Date;
}

/** What is remembered of each certificate, by its fingerprint. */
interface Index {
  readonly version: 1;
  readonly anchors: Readonly<
    Record<string, { readonly store: string; readonly from?: string; readonly until?: string }>
  >;
}

/**
 * Whom signatures are trusted by: the certificates in the PEM or DER files (`.pem`, `.crt`, `.cer`) of a directory, with
 * the stores and periods of its index; a certificate that the index does not know is of the store CUSTOM. None where
 * there is no directory. Read again when something changes. Throws for a file that is no certificate.
 */
export async function trustStore(directory: string): Promise<readonly TrustedCertificate[]> {
  const changed = await stateOf(directory);
  if (changed === undefined) return [];
  const known = kept.get(directory);
  if (known?.changed === changed) return known.anchors;
  const anchors = read(directory);
  kept.set(directory, { changed, anchors });
  anchors.catch(() => kept.delete(directory));
  return anchors;
}

/**
 * Trusts the certificates in a file's bytes (PEM or DER) from now on; of one that is there already the terms are
 * exchanged. Answers their fingerprints. Throws for bytes that are no certificate.
 */
export async function addAnchors(
  directory: string,
  bytes: Buffer,
  terms: AnchorTerms,
  file?: string,
): Promise<string[]> {
  const certificates = certificatesIn(bytes);
  await mkdir(directory, { recursive: true });
  const present = new Set((await read(directory)).map(({ fingerprint }) => fingerprint));
  const fingerprints = certificates.map(fingerprintOf);
  for (const [i, certificate] of certificates.entries()) {
    if (present.has(fingerprints[i]!)) continue;
    await replace(directory, file ?? `${fingerprints[i]!.slice(0, 16)}.pem`, certificate.toString());
  }
  const entry = {
    store: terms.store,
    ...(terms.from && { from: terms.from.toISOString() }),
    ...(terms.until && { until: terms.until.toISOString() }),
  };
  const { anchors } = await readIndex(directory);
  await writeIndex(directory, { ...anchors, ...Object.fromEntries(fingerprints.map((each) => [each, entry])) });
  return fingerprints;
}

/** Stops trusting a certificate; false where there is none of this fingerprint. */
export async function removeAnchor(directory: string, fingerprint: string): Promise<boolean> {
  const found = (await trustStore(directory)).filter((each) => each.fingerprint === fingerprint);
  for (const { file } of found) {
    const bytes = await readFile(join(directory, file));
    const others = certificatesIn(bytes).filter((each) => fingerprintOf(each) !== fingerprint);
    if (others.length === 0) await rm(join(directory, file));
    else await replace(directory, file, others.join(""));
  }
  const { anchors } = await readIndex(directory);
  const { [fingerprint]: removed, ...rest } = anchors;
  if (removed) await writeIndex(directory, rest);
  return found.length > 0;
}

async function read(directory: string): Promise<TrustedCertificate[]> {
  const { anchors: terms } = await readIndex(directory);
  const names = (await readdir(directory)).filter((name) => /\.(?:pem|crt|cer)$/i.test(name)).sort();
  if (names.length > mostFiles) throw new Error(`More than ${mostFiles} certificates in ${directory}`);
  const anchors: TrustedCertificate[] = [];
  for (const file of names) {
    const bytes = await readFile(join(directory, file));
    if (bytes.length > largestFile) throw new Error(`${file} is too large for a certificate`);
    for (const certificate of certificatesIn(bytes)) {
      const fingerprint = fingerprintOf(certificate);
      const { store = "CUSTOM", from, until } = terms[fingerprint] ?? {};
      const period = { ...(from && { from: new Date(from) }), ...(until && { until: new Date(until) }) };
      anchors.push({ certificate: certificate.raw, fingerprint, file, store, ...period });
    }
  }
  return anchors;
}

/** What tells one state of the directory from another; undefined where there is none. */
async function stateOf(directory: string): Promise<string | undefined> {
  try {
    const [own, index] = await Promise.all([stat(directory), stat(join(directory, indexName)).catch(() => undefined)]);
    return `${own.mtimeMs} ${index?.mtimeMs ?? ""} ${index?.size ?? ""}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function readIndex(directory: string): Promise<Index> {
  let text: string;
  try {
    text = await readFile(join(directory, indexName), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { version: 1, anchors: {} };
    throw error;
  }
  const index = JSON.parse(text) as Index;
  const entries = Object.entries(index.version === 1 ? (index.anchors ?? {}) : { "": null });
  const right = entries.every(
    ([fingerprint, entry]) =>
      /^[0-9a-f]{64}$/.test(fingerprint) &&
      typeof entry?.store === "string" &&
      [entry.from, entry.until].every((time) => time === undefined || !Number.isNaN(Date.parse(time))),
  );
  // A period that cannot be read must not become trust without an end.
  if (!right) throw new Error(`${join(directory, indexName)} is not an index of anchors`);
  return index;
}

function writeIndex(directory: string, anchors: Index["anchors"]): Promise<void> {
  const index: Index = { version: 1, anchors };
  return replace(directory, indexName, `${JSON.stringify(index, null, 2)}\n`);
}

/** Readers see the old file or the new one, never a part. */
async function replace(directory: string, name: string, content: string): Promise<void> {
  const fresh = join(directory, `.${name}.${process.pid}`);
  await writeFile(fresh, content);
  await rename(fresh, join(directory, name));
}

/** The certificates in a file, PEM blocks or one in DER; throws for bytes that are none. */
export function certificatesIn(bytes: Buffer): X509Certificate[] {
  const blocks = bytes.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (blocks ?? [bytes]).map((block) => new X509Certificate(block));
}

function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}
