import { algorithmsByDate } from "./algorithm-policy.ts";
import { caught } from "./caught.ts";
import type { Certificate } from "./certificates.ts";
import { crlStatements } from "./crl-status.ts";
import { allReasons, distributionPoints, type RevocationReason } from "./distribution-points.ts";
import type { Evidence } from "./evidence.ts";
import { authorityInformation } from "./extensions.ts";
import { ocspStatements } from "./ocsp-status.ts";
import type { AlgorithmPolicy, Path } from "./path.ts";
import type { Inquiry, Statement } from "./statements.ts";
import type { TrustAnchor } from "./trust.ts";
import { Oid } from "../oids.ts";

export interface RevocationRequest {
  readonly path: Path;
  /** Which certificate of the path; 0 is the one judged. */
  readonly index: number;
  readonly evidence: Evidence;
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly algorithms?: AlgorithmPolicy;
}

/** Where a status comes from. */
export interface RevocationSource {
  readonly kind: "CRL" | "OCSP";
  /** The name of who signed it. */
  readonly issuer: string;
  readonly signer: Certificate;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** When an OCSP response was signed. */
  readonly producedAt: Date | undefined;
  /** Of the encoded CRL (of the delta list, where one was applied) or OCSP response, lower-case hexadecimal. */
  readonly sha256: string;
}

/** The status of one certificate at one instant. */
export interface RevocationVerdict {
  /** REVOKED: at that instant. Revoked later is GOOD, with `revokedAt` and the note REVOKED_LATER. */
  readonly status: "GOOD" | "REVOKED" | "UNKNOWN";
  readonly reason?: RevocationReason;
  readonly revokedAt?: Date;
  /** When the key is known or suspected to have been unsafe, where the list tells (RFC 5280 §5.3.2). */
  readonly invalidFrom?: Date;
  readonly source?: RevocationSource;
  /** Whether the source still speaks at the instant, or was issued after it. */
  readonly fresh: boolean;
  readonly notes: readonly string[];
}

/** How far signers of lists and responses are followed, and how many of them are looked at for one status. */
export const revocationLimits = { depth: 4, signers: 40, notes: 20 } as const;

/** The status of a certificate of a path at an instant, from all evidence. Never throws for what evidence contains. */
export function revocationStatus(request: RevocationRequest): RevocationVerdict {
  const { path, index, evidence, at, algorithms = algorithmsByDate } = request;
  let signers = 0;
  const statusOf = (path: Path, at: Date, depth: number): RevocationVerdict => {
    const [certificate, issuer] = path.certificates;
    if (!certificate || !issuer) return { status: "GOOD", fresh: true, notes: ["TRUST_ANCHOR"] };
    const notes = new Set<string>();
    const note = (text: string) => void (notes.size < revocationLimits.notes && notes.add(text));
    const judge = (): RevocationVerdict => {
      const exempt = exemption(certificate, note);
      if (exempt) return { status: "GOOD", fresh: true, notes: [exempt] };
      const inquiry: Inquiry = {
        path,
        certificate,
        issuer,
        evidence,
        at,
        algorithms,
        note,
        // Signers that vouch for each other in a circle come to an end here as well, and prove nothing.
        statusOf: (other, then) =>
          depth >= revocationLimits.depth || ++signers > revocationLimits.signers
            ? { status: "UNKNOWN", fresh: false, notes: [] }
            : statusOf(other, then, depth + 1),
      };
      return conclude([...ocspStatements(inquiry), ...crlStatements(inquiry)], at, notes);
    };
    return caught(judge, ({ code }) => ({ status: "UNKNOWN", fresh: false, notes: [...notes, code] }));
  };
  return statusOf({ certificates: path.certificates.slice(index), anchor: path.anchor }, at, 0);
}

/** Certificates that are not meant to be looked up. */
function exemption(certificate: Certificate, note: (text: string) => void): string | undefined {
  const { extensions, basicConstraints } = certificate;
  // EN 319 412-1 §5.2.2: so short-lived that revoking would come too late.
  if (extensions.has(Oid.validityAssuredShortTerm)) return "VALIDITY_ASSURED_SHORT_TERM";
  if (!extensions.has(Oid.noRevocationAvailable)) return undefined;
  // RFC 9608 §2: not for authorities, and not beside addresses of such news.
  const contradicted =
    basicConstraints?.ca ||
    extensions.has(Oid.freshestCrl) ||
    distributionPoints(certificate).length > 0 ||
    authorityInformation(certificate).ocsp.length > 0;
  if (!contradicted) return "NO_REVOCATION_AVAILABLE";
  note("NO_REVOCATION_AVAILABLE_CONTRADICTED");
  return undefined;
}

/** One verdict from everything said: a revocation for good stands, of anything else the newest word counts. */
function conclude(statements: readonly Statement[], at: Date, notes: ReadonlySet<string>): RevocationVerdict {
  const newestFirst = statements.toSorted((a, b) => Number(b.source.thisUpdate) - Number(a.source.thisUpdate));
  const revocations = newestFirst.filter(({ revoked }) => revoked);
  const lasting = revocations
    .filter(({ reason }) => reason !== "certificateHold")
    .toSorted((a, b) => Number(a.revokedAt) - Number(b.revokedAt));
  const [first] = lasting;
  if (first) return revocation(first, at, notes);
  const [newest] = newestFirst;
  const held = revocations.find(({ source }) => source.thisUpdate >= newest!.source.thisUpdate);
  if (held) return revocation(held, at, notes);

  const good = newestFirst.filter(({ revoked }) => !revoked);
  const fresh = covers(good.filter((each) => each.fresh));
  const source = (fresh ?? covers(good))?.source;
  if (source) return { status: "GOOD", source, fresh: fresh !== undefined, notes: [...notes] };
  const partial = good.length > 0 ? ["REASONS_NOT_COVERED"] : [];
  return { status: "UNKNOWN", fresh: false, notes: [...notes, ...partial] };
}

function revocation(statement: Statement, at: Date, notes: ReadonlySet<string>): RevocationVerdict {
  const { reason, invalidFrom, source } = statement;
  const revokedAt = statement.revokedAt!;
  const already = revokedAt <= at;
  return {
    status: already ? "REVOKED" : "GOOD",
    ...(reason && { reason }),
    revokedAt,
    ...(invalidFrom && { invalidFrom }),
    source,
    // Whoever knows of a later revocation knows that there was none before.
    fresh: already ? statement.fresh : true,
    notes: already ? [...notes] : [...notes, "REVOKED_LATER"],
  };
}

/** The newest of the statements if together they speak of every reason; otherwise undefined. */
function covers(statements: readonly Statement[]): Statement | undefined {
  const told = new Set<string>();
  for (const { reasons } of statements) for (const reason of reasons ?? allReasons) told.add(reason);
  if (told.size < allReasons.size) return undefined;
  // A source that is limited to some reasons is not named where another tells them all.
  return statements.find(({ reasons }) => !reasons || reasons.size === allReasons.size) ?? statements[0];
}
