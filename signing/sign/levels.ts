import { SigningError } from "../errors.ts";
import type { Signer } from "../keys/signer.ts";
import { refuseRevoked, refuseUnfit, signingCertificate } from "./certificate.ts";
import { completeRevision, type SignatureState } from "./deferred.ts";
import { fillHole } from "./hole.ts";
import { openForSigning } from "./open.ts";
import { lift } from "./lift.ts";
import type { SignRequest } from "./request.ts";
import { type LevelServices, presentOf, type SigningLevel } from "./services.ts";
import { signOnce } from "./sign.ts";
import { assertSound } from "./sound.ts";
import { withTimestamp } from "./stamping.ts";
import { roomFor } from "./token-room.ts";

/** A signature as it came out. */
export interface SignedPdf {
  readonly bytes: Buffer;
  /** The field that was signed. */
  readonly field: string;
  /** The level that our validator finds; below `wanted` after an outage, which raiseLevel repairs later. */
  readonly level: SigningLevel;
  readonly wanted: SigningLevel;
  /** What lowered the level, or was done otherwise than asked: a stable code, with details after a space. */
  readonly notes: readonly string[];
}

/** What is asked of the result. */
export interface LevelRequest {
  /** B-B unless given. */
  readonly level?: SigningLevel;
  /** Fields besides the new one that must have passed: the leader's, below the seal. */
  readonly sound?: readonly string[];
}

/**
 * Signs up to a level, and gives out nothing that our own validator does not pass. Outages of time-stamp, OCSP or CRL
 * servers lower the level and are named in the notes; they neither block nor lose a signature. Throws what signPdf
 * throws, and UNSOUND_RESULT.
 */
export async function signPdfTo(
  pdf: Buffer,
  request: SignRequest & LevelRequest,
  services: LevelServices = {},
): Promise<SignedPdf> {
  const { level: wanted = "B-B", signer } = request;
  refuseNow(signer, services);
  const notes: string[] = [];
  const { timestamp: client } = services;
  const stamps = wanted !== "B-B" && client !== undefined;
  if (wanted !== "B-B" && client === undefined) notes.push("TIMESTAMP_UNAVAILABLE no time-stamp server is configured");
  const { prepared, cms } = await signOnce(openForSigning(pdf), request, {
    // Kept free in an outage, too, for a later time-stamp in the signature itself.
    tokenRoom: wanted === "B-B" ? 0 : roomFor(client),
    ...(stamps && {
      augment: (plain, signature) => {
        notes.length = 0;
        return withTimestamp(client, plain, signature, signer.digest, notes);
      },
    }),
  });
  return finish({ bytes: prepared.complete(cms), field: prepared.field }, pdf, wanted, request.sound, services, notes);
}

/**
 * Completes what prepareSignature began with the raw signature that was made elsewhere. Throws STALE when `pdf` is no
 * longer the file that was prepared, BAD_STATE, REFUSE_SIGN with KEY_MISMATCH when the raw signature is not the
 * certificate key's over these bytes, or with CERTIFICATE_REVOKED, and UNSOUND_RESULT.
 */
export async function completeSignature(
  state: SignatureState,
  pdf: Buffer,
  signature: Buffer,
  request: LevelRequest = {},
  services: LevelServices = {},
): Promise<SignedPdf> {
  const { level: wanted = "B-B" } = request;
  const { bytes, byteRange, cms } = completeRevision(state, pdf, signature);
  const chain = state.chain.map((each) => Buffer.from(each, "base64"));
  refuseNow({ certificate: Buffer.from(state.certificate, "base64"), chain }, services);
  const notes: string[] = [];
  if (wanted !== "B-B") {
    const { timestamp: client } = services;
    if (client === undefined) notes.push("TIMESTAMP_UNAVAILABLE no time-stamp server is configured");
    else {
      const stamped = await withTimestamp(client, cms, signature, state.digest, notes);
      try {
        fillHole(bytes, byteRange, stamped);
      } catch (error) {
        if (!(error instanceof SigningError) || error.code !== "HOLE_TOO_SMALL") throw error;
        // The remote key would have to sign again; a document time-stamp proves the time as well.
        notes.push("DOCUMENT_TIMESTAMP_INSTEAD the token does not fit into the signature");
      }
    }
  }
  return finish({ bytes, field: state.field }, pdf, wanted, request.sound, services, notes);
}

/** The certificate must be good now, not only at the time that is claimed: an approval may take its time. */
function refuseNow(signer: Pick<Signer, "certificate" | "chain">, services: LevelServices): void {
  const present = presentOf(services);
  refuseUnfit(signingCertificate(signer.certificate), present);
  refuseRevoked(signer, services, present);
}

/** Adds what the level takes beyond the signature's own time-stamp, and has the result validated. */
async function finish(
  made: { readonly bytes: Buffer; readonly field: string },
  base: Buffer,
  wanted: SigningLevel,
  sound: readonly string[] = [],
  services: LevelServices,
  notes: string[],
): Promise<SignedPdf> {
  const { field } = made;
  let { bytes } = made;
  const withoutTime = notes.some((note) => /^TIMESTAMP/.test(note));
  if (wanted !== "B-B" && !withoutTime) ({ bytes } = await lift(bytes, [field], wanted, services, notes));
  const verdicts = await assertSound(bytes, base, [field, ...sound], services);
  return { bytes, field, level: levelIn(verdicts.get(field)!.level), wanted, notes };
}

/** The baseline level that a verdict names; anything below counts as B-B, which is what was made. */
export function levelIn(found: string): SigningLevel {
  return found === "B-T" || found === "B-LT" || found === "B-LTA" ? found : "B-B";
}
