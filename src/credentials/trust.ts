import { X509Certificate } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const mostFiles = 1_000;
const largestFile = 1 << 20;
const kept = new Map<string, { changed: number; anchors: Promise<Buffer[]> }>();

/**
 * The certificates that signatures are trusted by, in DER: those of the PEM or DER files (`.pem`, `.crt`, `.cer`) in a
 * directory, none where there is no directory. Read again when a file comes or goes. Throws for a file that is none.
 */
export async function trustAnchors(directory: string): Promise<Buffer[]> {
  const found = await stat(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!found) return [];
  const known = kept.get(directory);
  if (known?.changed === found.mtimeMs) return known.anchors;
  const anchors = read(directory);
  kept.set(directory, { changed: found.mtimeMs, anchors });
  anchors.catch(() => kept.delete(directory));
  return anchors;
}

async function read(directory: string): Promise<Buffer[]> {
  const names = (await readdir(directory)).filter((name) => /\.(?:pem|crt|cer)$/i.test(name)).sort();
  if (names.length > mostFiles) throw new Error(`More than ${mostFiles} certificates in ${directory}`);
  const anchors: Buffer[] = [];
  for (const name of names) {
    const bytes = await readFile(join(directory, name));
    if (bytes.length > largestFile) throw new Error(`${name} is too large for a certificate`);
    const blocks = bytes.toString("latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    for (const certificate of blocks ?? [bytes]) anchors.push(new X509Certificate(certificate).raw);
  }
  return anchors;
}
