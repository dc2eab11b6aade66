import { createHash } from "node:crypto";
import { readCertificate, type Certificate } from "../x509/certificates.ts";
import { checkChain, type ChainVerdict } from "../x509/chain.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";
import { readPdf, type PdfDocument } from "../pdf/document.ts";
import { digest, digestName } from "../algorithms/raw.ts";
import { differencesSince, type Differences } from "../diff/differences.ts";
import {
  worstIndication,
  worstIntegrity,
  type Indication,
  type Integrity,
  type SignatureLevel,
  type SignatureVerdict,
  type SubIndication,
  type Verification,
} from "./report.ts";
import { findSignatures, removedSignatures, type ByteRange, type FoundSignature } from "./signature-fields.ts";
import { readSignedData, sha1, verifySignedData, type SignedData, type SignedDataVerdict } from "../cms/signed-data.ts";
import { verifyTimestamp, type TimestampVerdict } from "../tsp/token.ts";
import { verifyUnreadable } from "./unreadable.ts";

/** Whom to trust, and as of when (now unless given). Anchors are DER certificates. */
export interface VerifyOptions {
  readonly anchors: readonly Buffer[];
  readonly at?: Date;
}

interface Setting {
  readonly bytes: Buffer;
  readonly document: PdfDocument;
  readonly anchors: readonly Certificate[];
  readonly at: Date;
}

/**
 * Validates every signature of a PDF: structure, coverage, CMS, what was changed afterwards, and the certificate at
 * one point in time. Never throws for what a file contains; throws BAD_CERTIFICATE or ASN1_… for a broken anchor.
 */
export function verifyPdf(bytes: Buffer, options: VerifyOptions): Verification {
  const anchors = options.anchors.map(readCertificate);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    const document = readPdf(bytes);
    return { sha256, ...verifyDocument({ bytes, document, anchors, at: options.at ?? new Date() }) };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return { sha256, ...verifyUnreadable(bytes, error) };
  }
}

function verifyDocument(setting: Setting): Omit<Verification, "sha256"> {
  const { bytes, document } = setting;
  const found = findSignatures(document);
  const faults = removedSignatures(document, found).map((name) => `SIGNATURE_REMOVED ${name}`);
  const trailing = bytes.subarray(document.revisions.at(-1)!.end);
  const covered = found.some(({ coverage }) => coverage === "ENTIRE_FILE");
  const blank = trailing.every((byte) => byte === 10 || byte === 13 || byte === 32);
  if (!covered && !blank) faults.push("BYTES_AFTER_THE_END");
  const certifications = found.filter(({ kind }) => kind === "CERTIFICATION");
  const signatures = found.map((signature) => {
    const misplaced = signature.kind === "CERTIFICATION" && signature !== found[0];
    const own = misplaced ? [certifications.length > 1 ? "SECOND_CERTIFICATION" : "CERTIFICATION_IS_NOT_FIRST"] : [];
    return verifySignature(setting, { ...signature, faults: [...signature.faults, ...own] }, found);
  });
  const notes = [...faults, ...(found.length ? ["REVOCATION_NOT_CHECKED"] : ["NO_SIGNATURES"])];
  if (faults.length) return { indication: "TOTAL-FAILED", integrity: "FAIL", signatures, notes };
  return {
    indication: worstIndication(signatures.map(({ indication }) => indication)),
    integrity: worstIntegrity(signatures.map(({ integrity }) => integrity)),
    signatures,
    notes,
  };
}

function verifySignature(
  setting: Setting,
  signature: FoundSignature,
  all: readonly FoundSignature[],
): SignatureVerdict {
  const { document } = setting;
  const differences = differencesSince(document, signature, all);
  const { range } = signature;
  const cms = range && verifyContents(setting, signature, range);
  const changes = [...differences.reasons, ...differences.doubts, ...differences.notes];
  const notes = [...signature.faults, ...changes, ...(cms?.notes ?? [])];
  const [integrity, failure] = judgeIntegrity(signature, differences, cms);
  const [indication, subIndication] = judge(integrity, failure, cms);
  const { certificate } = cms ?? {};
  return {
    field: signature.field,
    kind: signature.kind,
    indication,
    subIndication,
    integrity,
    coverage: signature.coverage,
    modificationLevel: differences.level,
    level: integrity === "FAIL" ? "NONE" : (cms?.level ?? "NONE"),
    signer: certificate && {
      subject: certificate.subject.text,
      issuer: certificate.issuer.text,
      serial: certificate.serial,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
    },
    claimedTime: signature.claimedTime ?? cms?.claimedTime,
    provenTime: cms?.provenTime,
    revisionEnd: range && signature.revision !== undefined ? range[2] + range[3] : undefined,
    notes: [...new Set(notes)],
  };
}

/** What the bytes in /Contents say about the bytes of the ByteRange. */
interface ContentsVerdict {
  readonly result: "valid" | "invalid" | "unknown";
  readonly subIndication: SubIndication | undefined;
  readonly certificate: Certificate | undefined;
  readonly claimedTime: Date | undefined;
  readonly provenTime: Date | undefined;
  readonly level: SignatureLevel;
  readonly chain: ChainVerdict | undefined;
  readonly notes: readonly string[];
}

function verifyContents(setting: Setting, signature: FoundSignature, range: ByteRange): ContentsVerdict {
  const ranged = new RangedBytes(setting.bytes, range);
  const nothing = { certificate: undefined, claimedTime: undefined, provenTime: undefined, chain: undefined };
  if (signature.kind === "DOCUMENT_TIMESTAMP") return verifyDocumentTimestamp(setting, signature, ranged);
  if (!["ETSI.CAdES.detached", "adbe.pkcs7.detached", "adbe.pkcs7.sha1"].includes(signature.subFilter)) {
    const notes = [`UNSUPPORTED_SUBFILTER ${signature.subFilter}`];
    return { ...nothing, result: "unknown", subIndication: "SIG_CONSTRAINTS_FAILURE", level: "NONE", notes };
  }
  let data: SignedData;
  let verdict: SignedDataVerdict;
  try {
    data = readSignedData(signature.contents, true);
    verdict = verifyDetached(data, signature, ranged);
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    const notes = [`${error.code} ${error.message}`];
    return { ...nothing, result: "invalid", subIndication: "FORMAT_FAILURE", level: "NONE", notes };
  }
  const { certificate } = verdict;
  const stamps = signatureTimestamps(setting, data);
  const notes = [...verdict.notes, ...stamps.flatMap((stamp) => stamp.notes)];
  let { result } = verdict;
  // A stamp that belongs to something else leaves the signature whole but its time in doubt.
  if (result === "valid" && stamps.some((stamp) => stamp.result !== "valid")) result = "unknown";
  const stamped = stamps.length > 0 && stamps.every((stamp) => stamp.result === "valid");
  const baseline =
    signature.subFilter === "ETSI.CAdES.detached" && verdict.signingCertificate && signature.claimedTime !== undefined;
  const proven = stamps.filter(({ trusted }) => trusted).map(({ time }) => time!.getTime());
  const weak = notes.some((note) => note.startsWith("WEAK_"));
  const chain =
    certificate &&
    checkChain({
      certificate,
      pool: data.certificates,
      anchors: setting.anchors,
      at: setting.at,
      purpose: "signature",
    });
  const doubtful = result === "unknown" && verdict.result === "valid";
  return {
    result,
    subIndication:
      verdict.subIndication ??
      (doubtful ? "SIG_CONSTRAINTS_FAILURE" : weak ? "CRYPTO_CONSTRAINTS_FAILURE_NO_POE" : undefined),
    certificate,
    claimedTime: verdict.claimedTime,
    provenTime: proven.length ? new Date(Math.min(...proven)) : undefined,
    level: baseline ? (stamped ? "B-T" : "B-B") : stamped ? "CMS_WITH_TIMESTAMP" : "CMS",
    chain,
    notes: [...notes, ...(chain?.notes ?? [])],
  };
}

function verifyDetached(data: SignedData, { subFilter }: FoundSignature, ranged: RangedBytes): SignedDataVerdict {
  if (subFilter === "adbe.pkcs7.sha1") {
    // 12.8.3.3.1: the CMS carries the SHA-1 of the range, and signs that.
    const { content } = data;
    if (!content?.equals(sha1(ranged.all()))) throw new SigningError("CMS_MALFORMED", "another SHA-1 is enclosed");
    const verdict = verifySignedData(
      data,
      (oid) => digest(oid, content),
      () => content,
    );
    return { ...verdict, notes: [...verdict.notes, "WEAK_DIGEST_SHA1"] };
  }
  if (data.content !== undefined) throw new SigningError("CMS_MALFORMED", "a detached signature encloses content");
  if (data.contentType !== Oid.data) throw new SigningError("CMS_MALFORMED", "content is not of type data");
  return verifySignedData(
    data,
    (oid) => ranged.digest(oid),
    () => ranged.all(),
  );
}

function signatureTimestamps({ anchors, at }: Setting, data: SignedData): TimestampVerdict[] {
  const tokens = data.unsignedAttributes.get(Oid.signatureTimeStampToken) ?? [];
  return tokens.slice(0, 8).map((token) =>
    verifyTimestamp({
      token: token.raw,
      imprint: (oid) => digest(oid, data.signature),
      anchors,
      pool: data.certificates,
      at,
    }),
  );
}

function verifyDocumentTimestamp(
  { anchors, at }: Setting,
  { contents }: FoundSignature,
  ranged: RangedBytes,
): ContentsVerdict {
  const imprint = (oid: string) => ranged.digest(oid);
  const stamp = verifyTimestamp({ token: contents, padded: true, imprint, anchors, pool: [], at });
  const differs = stamp.notes.includes("TIMESTAMP_IMPRINT_DIFFERS");
  return {
    result: stamp.result,
    subIndication:
      stamp.result === "valid"
        ? stamp.trusted
          ? undefined
          : "NO_CERTIFICATE_CHAIN_FOUND"
        : differs
          ? "HASH_FAILURE"
          : stamp.result === "invalid"
            ? "SIG_CRYPTO_FAILURE"
            : "CRYPTO_CONSTRAINTS_FAILURE",
    certificate: stamp.authority,
    claimedTime: stamp.time,
    provenTime: stamp.trusted ? stamp.time : undefined,
    level: "DOCUMENT_TIMESTAMP",
    chain: undefined,
    notes: stamp.notes,
  };
}

function judgeIntegrity(
  { faults }: FoundSignature,
  { reasons, doubts }: Differences,
  cms: ContentsVerdict | undefined,
): [Integrity, SubIndication | undefined] {
  if (faults.length > 0 || !cms) return ["FAIL", "FORMAT_FAILURE"];
  if (cms.result === "invalid") return ["FAIL", cms.subIndication];
  if (reasons.length > 0) return ["FAIL", "FORMAT_FAILURE"];
  if (cms.result === "unknown") return ["INDETERMINATE", cms.subIndication];
  return doubts.length > 0 ? ["INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"] : ["PASS", undefined];
}

function judge(
  integrity: Integrity,
  failure: SubIndication | undefined,
  cms: ContentsVerdict | undefined,
): [Indication, SubIndication | undefined] {
  if (integrity === "FAIL") return ["TOTAL-FAILED", failure];
  const doubt = failure ?? cms?.subIndication ?? cms?.chain?.subIndication;
  return doubt ? ["INDETERMINATE", doubt] : ["TOTAL-PASSED", undefined];
}

/** The bytes of a ByteRange; digests are kept, for several parts ask for the same one. */
class RangedBytes {
  readonly #parts: readonly [Buffer, Buffer];
  readonly #digests = new Map<string, Buffer>();

  constructor(bytes: Buffer, [start, before, after, rest]: ByteRange) {
    this.#parts = [bytes.subarray(start, start + before), bytes.subarray(after, after + rest)];
  }

  digest(oid: string): Buffer {
    let known = this.#digests.get(oid);
    if (!known) {
      const name = digestName(oid);
      if (!name) throw new SigningError("UNSUPPORTED_ALGORITHM", `digest ${oid} is not supported`);
      const hash = createHash(name);
      for (const part of this.#parts) hash.update(part);
      this.#digests.set(oid, (known = hash.digest()));
    }
    return known;
  }

  /** One copy of them all: for the formats that do not sign a digest. */
  all(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
