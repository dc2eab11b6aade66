import {
  AxisError,
  type InboxEntry,
  type Manifest,
  type Part,
  verifyHubReceipt,
  verifyManifest,
} from "../../axis/index.ts";
import { inspectContent, StorageError } from "../../storage/index.ts";
import type { Context } from "../context.ts";
import { trustStore } from "../credentials/trust.ts";
import { AppError } from "../errors.ts";
import { largestInMemory, onDisk } from "../files/large-files.ts";
import { pdfVerifier } from "../files/pdf-verification.ts";
import { reportOf, undecided } from "../files/signature-reports.ts";
import type { SignatureVerification } from "../graphql/types.ts";
import { certificatesOf } from "./directory.ts";
import { isReport } from "./rules.ts";

/** A message that may be taken in. */
export interface Examined {
  readonly manifest: Manifest;
  /** By part id: what the bytes are, whatever the message says they are. */
  readonly mediaTypes: ReadonlyMap<string, string>;
  /** Null where there is no PDF among the parts that is the document itself. */
  readonly verification: SignatureVerification | null;
}

/**
 * Looks at a message before anything of it is taken in: the hub's receipt, the sender's signature by the directory, the
 * addressee, every part in the store. Throws AxisError for what is wrong with the message for good, another error for
 * what may pass. Slow: never inside a transaction.
 */
export async function examine(ctx: Context, recipient: string, entry: InboxEntry): Promise<Examined> {
  const acceptedAt = hubAcceptedAt(ctx, entry);
  const manifest = await verifyManifest(entry.manifest, {
    certificateFor: (sender) => certificatesOf(ctx, sender),
    addressee: recipient,
    // A message may wait longer than its sender's certificate is valid: what counts is when the hub took it.
    at: acceptedAt,
  });
  if (manifest.messageId !== entry.messageId)
    throw new AxisError("malformed", "The hub calls the message by another id");
  if (manifest.expiresAt !== null && Date.parse(manifest.expiresAt) <= +ctx.now())
    throw new AxisError("expired", "The message has expired");
  if (manifest.meta.kind === "status" && !(isReport(manifest.meta.statusCode) && manifest.refersTo))
    throw new AxisError("unknown_kind", "This report is not taken", { statusCode: manifest.meta.statusCode });

  const mediaTypes = new Map<string, string>();
  for (const part of manifest.parts) mediaTypes.set(part.id, await examinePart(ctx, part));
  const main = manifest.parts.find(({ id, role }) => role === "main" && mediaTypes.get(id) === "application/pdf");
  const verification = main && manifest.kind === "document" ? await verify(ctx, main) : null;
  return { manifest, mediaTypes, verification };
}

/** When the hub took the message, by its receipt; one that does not hold is not the sender's fault, so nothing is refused. */
function hubAcceptedAt(ctx: Context, { hubReceipt, manifest }: InboxEntry): Date {
  const trusted = ctx.services.transmission.hub.certificateChain.slice(0, 1);
  try {
    return new Date(verifyHubReceipt(hubReceipt, manifest.bytes, trusted).acceptedAt);
  } catch (cause) {
    throw new Error("The hub delivers a message without a receipt of its own that holds", { cause });
  }
}

async function examinePart(ctx: Context, part: Part): Promise<string> {
  const { store, config } = ctx.services;
  if (part.size > config.maxFileBytes)
    throw new AxisError("too_large", "A part is larger than is taken here", { part: part.id });
  const stored = await store.stat(part.sha256);
  if (stored?.size !== part.size) throw missing(part);
  const { mediaType, problems } = await inspectContent(store, stored);
  // Annex VI of NĐ 30/2020, Part I, III: files that run are not taken into the system.
  if (problems.includes("EXECUTABLE")) throw new AxisError("infected", "A part is a program", { part: part.id });
  return mediaType;
}

/** The verdict on the document's signatures; a file too hard to check is undecided, and the clerk decides. */
async function verify(ctx: Context, main: Part): Promise<SignatureVerification> {
  const { services } = ctx;
  const options = { anchors: await trustStore(services.config.trustDirectory), at: ctx.now() };
  try {
    const { verification } = await whole(main, () =>
      main.size > largestInMemory
        ? onDisk(services, main.sha256, (path) => pdfVerifier.examine({ path }, options))
        : services.store.read(main.sha256, main.size).then((bytes) => pdfVerifier.examine(bytes, options)),
    );
    return reportOf(verification);
  } catch (error) {
    if (!(error instanceof AppError && error.code === "TOO_LARGE")) throw error;
    return undecided(main.sha256);
  }
}

/** Works on a whole part, its digest checked on the way. */
async function whole<T>(part: Part, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageError && (error.code === "CORRUPT" || error.code === "NOT_FOUND")) throw missing(part);
    throw error;
  }
}

const missing = (part: Part) =>
  new AxisError("digest_mismatch", "A part is missing or not the one that was sent", { part: part.id });
