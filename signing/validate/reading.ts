import { embeddedEvidence } from "../cms/embedded-evidence.ts";
import type { PdfSignatureVerdict } from "../cms/pdf-signature.ts";
import { digestName } from "../algorithms/digests.ts";
import type { SignedData } from "../cms/signed-data.ts";
import { SigningError } from "../errors.ts";
import type { PdfDocument } from "../pdf/document.ts";
import type { Certificate } from "../x509/certificates.ts";
import { joinEvidence, noEvidence, type Evidence } from "../x509/evidence.ts";
import { readContents, verifyContents, type Contents } from "./contents.ts";
import { hashRanges } from "./hashing.ts";
import { SignedBytes } from "./signed-bytes.ts";
import type { FoundSignature } from "./signature-fields.ts";
import { MarkerScan } from "./stray.ts";
import { documentStamp, stampsInside, type Stamp } from "./time-stamps.ts";

/** A signature with its mathematics checked; nobody is trusted yet. */
export interface ReadSignature {
  readonly found: FoundSignature;
  readonly contents: Contents;
  /** Undefined where no bytes are covered, and for document time-stamps. */
  readonly verdict: PdfSignatureVerdict | undefined;
  /** The time-stamps inside it, or the one that it is. */
  readonly stamps: readonly Stamp[];
  /** Certificates, lists and responses inside it and inside its time-stamps. */
  readonly embedded: Evidence;
  /** Of the covered bytes: the digest that the signature rests on. */
  readonly digest: { readonly algorithm: string; readonly value: string } | undefined;
}

/** All signatures of a file, and what one pass over its bytes tells besides. */
export interface ReadFile {
  readonly sha256: string;
  readonly signatures: readonly ReadSignature[];
  /** Bytes at which `/ByteRange` stands. */
  readonly places: readonly number[];
}

/** Reads and hashes everything once. `pool` may hold certificates that a signature does not bring. */
export function readSignatures(
  document: PdfDocument,
  all: readonly FoundSignature[],
  pool: readonly Certificate[],
): ReadFile {
  const scan = new MarkerScan();
  const parts = all.map((found) => ({ found, contents: readContents(found) }));
  // Of a signature with faults nothing good can be said: its bytes need not be hashed.
  const sound = parts.filter(({ found }) => found.range && found.faults.length === 0);
  const requests = sound.map(({ found, contents }) => {
    const [, holeStart, holeEnd, rest] = found.range!;
    const algorithms = contents.digests.flatMap((oid) => digestName(oid) ?? []);
    return { holeStart, holeEnd, end: holeEnd + rest, algorithms };
  });
  const { sha256, digests } = hashRanges(document.source, requests, (piece, start) => scan.look(piece, start));
  const signatures = parts.map((part): ReadSignature => {
    const index = sound.indexOf(part);
    if (index < 0) return { ...part, ...nothing, embedded: embedded(part.contents, []) };
    const known = digests[index]!;
    const bytes = new SignedBytes(document.source, part.found.range!, known);
    return readSignature(document, part, bytes, known, pool);
  });
  return { sha256, signatures, places: scan.places };
}

const nothing = { verdict: undefined, stamps: [], digest: undefined } as const;

function readSignature(
  document: PdfDocument,
  { found, contents }: Pick<ReadSignature, "found" | "contents">,
  bytes: SignedBytes,
  digests: ReadonlyMap<string, Buffer>,
  pool: readonly Certificate[],
): ReadSignature {
  const isStamp = found.kind === "DOCUMENT_TIMESTAMP";
  const verdict = isStamp ? undefined : verifyContents(document, found, bytes, pool);
  const revision = found.revision ?? -1;
  const inside = contents.data && !isStamp ? stampsInside(contents.data, revision, bytes, pool) : [];
  const stamps = isStamp ? [documentStamp(found, bytes, pool)] : inside;
  const [algorithm] = contents.digests.flatMap((oid) => digestName(oid) ?? []);
  const value = algorithm && digests.get(algorithm)?.toString("hex");
  const digest = algorithm && value ? { algorithm, value } : undefined;
  return { found, contents, verdict, stamps, embedded: embedded(contents, stamps), digest };
}

function embedded({ data }: Contents, stamps: readonly Stamp[]): Evidence {
  const sources = stamps.flatMap(({ token }) => token.data ?? []);
  if (data && !sources.includes(data)) sources.push(data);
  const parts = sources.map(evidenceIn);
  return parts.length > 0 ? joinEvidence(...parts) : noEvidence;
}

function evidenceIn(data: SignedData): Evidence {
  try {
    return embeddedEvidence(data).evidence;
  } catch (error) {
    // Broken attributes are judged with the signature.
    if (error instanceof SigningError) return { ...noEvidence, certificates: data.certificates };
    throw error;
  }
}
