import { createHash } from "node:crypto";
import type { RsaScheme } from "../algorithms/identifiers.ts";
import { prepareSignedData } from "../cms/write.ts";
import { SigningError } from "../errors.ts";
import type { SignatureDigest } from "../keys/signer.ts";
import { refuseMismatch, refuseUnfit, signingCertificate } from "./certificate.ts";
import { type ByteRange, digestAround, fillHole, formatByteRange, holeSizeFor, joined, TOKEN_ROOM } from "./hole.ts";
import { openForSigning } from "./open.ts";
import type { SignatureRequest } from "./request.ts";
import { drawFills, prepareRevision } from "./revision.ts";

/** Whose signature will come later: certificates in DER, `chain` without the signer's. */
export interface DeferredSigner {
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
  readonly digest: SignatureDigest;
  /** PKCS#1 v1.5 unless given; what the remote key is asked for. */
  readonly scheme?: RsaScheme;
}

/** One signature to be made elsewhere. */
export interface DeferredRequest extends SignatureRequest {
  readonly signer: DeferredSigner;
  /** Bytes kept free for a time-stamp token; 8 KiB if absent, as a remote key does not sign again for a wider hole. */
  readonly tokenRoom?: number;
}

/** A signature under way: plain JSON to be kept until the raw signature arrives; it holds no secret. */
export interface SignatureState {
  readonly version: 1;
  /** Of the file that is signed, lower-case hexadecimal: what the signature will be appended to. */
  readonly baseSha256: string;
  readonly field: string;
  readonly at: string;
  readonly digest: SignatureDigest;
  readonly scheme: RsaScheme;
  readonly certificate: string;
  readonly chain: readonly string[];
  /** What is appended up to the hole and from behind it on, both in base64, and the hole's size in bytes. */
  readonly before: string;
  readonly after: string;
  readonly holeSize: number;
}

/** What a remote signer is asked to sign. */
export interface PreparedSignature {
  /** The DER SET OF signed attributes. */
  readonly toBeSigned: Buffer;
  /** Its digest: what services that sign hashes take. */
  readonly digest: Buffer;
  readonly digestAlgorithm: SignatureDigest;
  readonly state: SignatureState;
}

/**
 * Makes the revision and tells what is to be signed; the signature is completed later, maybe in another process.
 * Throws what signPdf throws but for the signer's own errors.
 */
export async function prepareSignature(pdf: Buffer, request: DeferredRequest): Promise<PreparedSignature> {
  const { signer, at } = request;
  const { certificate, chain, digest, scheme = "pkcs1" } = signer;
  const own = signingCertificate(certificate);
  refuseUnfit(own, at);
  const document = openForSigning(pdf);
  const fill = await drawFills(document.latest, request.fill ?? []);
  const holeSize = holeSizeFor(own, chain, request.tokenRoom ?? TOKEN_ROOM);
  const prepared = prepareRevision(document, { ...request, fill, certificate, chain, digest, holeSize });
  const { toBeSigned } = prepareSignedData(signer, prepared.digest);
  const [, start, end] = prepared.byteRange;
  const state: SignatureState = {
    version: 1,
    baseSha256: createHash("sha256").update(pdf).digest("hex"),
    field: prepared.field,
    at: at.toISOString(),
    digest,
    scheme,
    certificate: certificate.toString("base64"),
    chain: chain.map((each) => each.toString("base64")),
    before: prepared.tail.toString("base64", 0, start + 1 - pdf.length),
    after: prepared.tail.toString("base64", end - 1 - pdf.length),
    holeSize,
  };
  return { toBeSigned, digest: createHash(digest).update(toBeSigned).digest(), digestAlgorithm: digest, state };
}

/** A completed revision, before it is validated. */
export interface CompletedRevision {
  readonly bytes: Buffer;
  readonly byteRange: ByteRange;
  readonly cms: Buffer;
}

/**
 * Puts the raw signature into its revision. What was to be signed is worked out again from the very bytes, so that
 * nothing in the state is believed. Throws STALE when `pdf` is not the file that was prepared, BAD_STATE, REFUSE_SIGN
 * with KEY_MISMATCH when the signature is not the certificate key's, or of other bytes.
 */
export function completeRevision(state: SignatureState, pdf: Buffer, signature: Buffer): CompletedRevision {
  const { before, after, certificate, chain, digest, scheme, holeSize } = readState(state);
  if (createHash("sha256").update(pdf).digest("hex") !== state.baseSha256) {
    throw new SigningError("STALE", "The document is no longer what the signature was prepared for.", {
      prepared: state.baseSha256,
    });
  }
  const start = pdf.length + before.length - 1;
  const end = start + 2 * holeSize + 2;
  const tail = Buffer.concat([before, Buffer.alloc(2 * holeSize, 0x30), after]);
  const byteRange = [0, start, end, pdf.length + tail.length - end] as const;
  // The hole's size is not under the signature, the byte range is: they must agree.
  if (!before.includes(`/ByteRange ${formatByteRange(byteRange)}`)) throw badState();
  const signer = { certificate, chain, digest, scheme };
  const signedData = prepareSignedData(signer, digestAround(pdf, tail, byteRange, digest));
  refuseMismatch(signingCertificate(certificate), signer, signedData.toBeSigned, signature);
  const cms = signedData.complete(signature);
  return { bytes: fillHole(joined(pdf, tail), byteRange, cms), byteRange, cms };
}

const badState = (): SigningError => new SigningError("BAD_STATE", "The state is not one of a prepared signature.");

function readState(state: SignatureState) {
  const bytes = (value: unknown): Buffer => {
    if (typeof value !== "string") throw badState();
    return Buffer.from(value, "base64");
  };
  if (state?.version !== 1 || !Array.isArray(state.chain)) throw badState();
  const { digest, scheme, holeSize } = state;
  if (!["sha256", "sha384", "sha512"].includes(digest) || !["pkcs1", "pss"].includes(scheme)) throw badState();
  const before = bytes(state.before);
  const after = bytes(state.after);
  const framed = before.at(-1) === 0x3c && after[0] === 0x3e;
  if (!framed || !Number.isInteger(holeSize) || holeSize < 1 || holeSize > 2 ** 20) throw badState();
  return {
    before,
    after,
    holeSize,
    digest,
    scheme,
    certificate: bytes(state.certificate),
    chain: state.chain.map(bytes),
  };
}
