import {
  type CertificateReport,
  type SignatureVerdict,
  type Verification,
  wordsFor,
  wordsOfNote,
} from "../../signing/index.ts";
import type {
  CertificateVerdict as ShownCertificate,
  SignatureVerdict as ShownVerdict,
  SignatureVerification,
  VerdictWords,
} from "../graphql/types.ts";

/** A verdict as the API tells it and as it is kept: ETSI's words, with the underscore that GraphQL needs. */
export function reportOf({
  sha256,
  indication,
  integrity,
  validatedAt,
  trustStore,
  signatures,
  notes,
  warnings,
}: Verification): SignatureVerification {
  return {
    sha256,
    indication: wordOf(indication),
    integrity,
    validatedAt,
    trustStore: trustStore.sha256,
    trustStores: [...trustStore.stores],
    signatures: signatures.map(verdictOf),
    notes: [...notes],
    warnings: warnings.map((code) => ({ code, ...wordsOfNote(code.slice(0, longestNote)) })),
    words: inWords([indication], notes),
  };
}

function verdictOf(verdict: SignatureVerdict): ShownVerdict {
  const { signer, evidence } = verdict;
  return {
    field: verdict.field,
    kind: verdict.kind,
    mark: verdict.mark ?? null,
    indication: wordOf(verdict.indication),
    subIndication: verdict.subIndication ?? null,
    integrity: verdict.integrity,
    coverage: verdict.coverage,
    modificationLevel: verdict.modificationLevel,
    level: verdict.level,
    signerName: signer?.subject ?? null,
    signerSerial: signer?.serial ?? null,
    claimedTime: verdict.claimedTime ?? null,
    provenTime: verdict.provenTime ?? null,
    revisionEnd: verdict.revisionEnd ?? null,
    certificates: evidence.path.map(certificateOf),
    timestamps: evidence.timestamps.map(({ kind, result, time, authority, trusted }) => ({
      kind,
      result,
      time: time ?? null,
      authority: authority ?? null,
      isTrusted: trusted,
    })),
    notes: [...verdict.notes],
    words: inWords([verdict.indication, verdict.subIndication], verdict.notes),
  };
}

function certificateOf(certificate: CertificateReport): ShownCertificate {
  const { subject, issuer, serial, notBefore, notAfter, fingerprint, trustedBy, revocation } = certificate;
  return {
    subject,
    issuer,
    serial,
    notBefore,
    notAfter,
    fingerprint,
    trustedBy: trustedBy ?? null,
    revocation: revocation
      ? {
          status: revocation.status,
          revokedAt: revocation.revokedAt ?? null,
          source: revocation.source?.kind ?? null,
          sourceIssuer: revocation.source?.issuer ?? null,
          asOf: revocation.source?.producedAt ?? revocation.source?.thisUpdate ?? null,
        }
      : null,
  };
}

/** Details of notes are cut to what fits on a line or two. */
const longestNote = 400;

/** A conclusion as a sentence in both languages. */
function inWords(codes: readonly (string | undefined)[], notes: readonly string[]): VerdictWords {
  const said = codes.flatMap((code) => (code && wordsFor(code)) || []);
  const explained = notes.map((note) => wordsOfNote(note.slice(0, longestNote)));
  const sentence = (language: "vi" | "en") => {
    const text = said.map((words) => words[language]).join(". ");
    return text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
  };
  return {
    vi: sentence("vi"),
    en: sentence("en"),
    notesVi: explained.map(({ vi }) => vi),
    notesEn: explained.map(({ en }) => en),
  };
}

const wordOf = (indication: Verification["indication"]) =>
  indication.replace("-", "_") as SignatureVerification["indication"];

/** A file that takes more time or memory than one may is undecided, and a person decides. */
export const undecided = (sha256: string): SignatureVerification => ({
  sha256,
  indication: "INDETERMINATE",
  integrity: "INDETERMINATE",
  signatures: [],
  notes: ["LIMIT_EXCEEDED"],
  words: {
    vi: "Chưa đủ căn cứ: tệp quá lớn hoặc quá phức tạp để kiểm tra tự động; hãy tải về và chạy “congvan verify TỆP”",
    en: "Undetermined: the file is too large or too complicated to be checked here; download it and run “congvan verify FILE”",
    notesVi: [],
    notesEn: [],
  },
});
