import { caught } from "./caught.ts";
import { publicKeyOf, type Certificate } from "./certificates.ts";
import type { Crl } from "./crl.ts";
import type { CrlEntry } from "./crl-entries.ts";
import { completes, mayConcern, pointsOf, scopeOf } from "./crl-scope.ts";
import type { ReasonFlag } from "./distribution-points.ts";
import type { Path } from "./path.ts";
import { bySubject, findPaths } from "./path-building.ts";
import { validatePath } from "./path-validation.ts";
import { nameKey, sameName } from "./names.ts";
import { faultOfSignature, isFresh, later, type Inquiry, type Statement } from "./statements.ts";

/** Most paths that are tried for one signer of a list. */
const maximumPaths = 8;

/** What the revocation lists at hand say of a certificate (RFC 5280 §6.3.3). */
export function crlStatements(inquiry: Inquiry): Statement[] {
  const { certificate, evidence, note } = inquiry;
  const points = pointsOf(certificate);
  const near = evidence.crls.filter((crl) => mayConcern(crl, certificate, points));
  const complete = near.filter(({ baseNumber }) => baseNumber === undefined);
  const deltas = near.filter(({ baseNumber }) => baseNumber !== undefined);
  const statementsOf = (crl: Crl): Statement[] => {
    const scope = scopeOf(crl, certificate, points);
    if ("note" in scope) {
      note(scope.note);
      return [];
    }
    const signer = authenticate(crl, inquiry);
    return signer ? statement(crl, latestDelta(crl, deltas, inquiry), scope.reasons, signer, inquiry) : [];
  };
  return complete.flatMap((crl) =>
    caught(
      () => statementsOf(crl),
      ({ code }) => {
        note(`CRL_${code}`);
        return [];
      },
    ),
  );
}

function statement(
  complete: Crl,
  delta: Crl | undefined,
  reasons: ReadonlySet<ReasonFlag>,
  signer: Certificate,
  { certificate, at, note }: Inquiry,
): Statement[] {
  const found = combine(entryIn(complete, certificate), delta && entryIn(delta, certificate));
  const newest = delta ?? complete;
  const kept = complete.expiredCertificatesSince;
  // Expired certificates are taken off the list (RFC 5280 §3.3), unless it says that it keeps them.
  if (!found && newest.thisUpdate > certificate.notAfter && !(kept && kept <= certificate.notAfter)) {
    note("CRL_AFTER_EXPIRY");
    return [];
  }
  return [
    {
      revoked: found !== undefined,
      reason: found?.reason,
      revokedAt: found?.revokedAt,
      invalidFrom: found?.invalidFrom,
      reasons,
      source: {
        kind: "CRL",
        issuer: signer.subject.text,
        signer,
        thisUpdate: newest.thisUpdate,
        nextUpdate: newest.nextUpdate,
        producedAt: undefined,
        sha256: newest.sha256,
      },
      fresh: isFresh(at, complete) && isFresh(at, newest),
    },
  ];
}

/** The entry for a certificate; of several, the earliest, and none that takes it off the list. */
function entryIn(crl: Crl, certificate: Certificate): CrlEntry | undefined {
  const entries = crl.find(certificate.serialNumber, certificate.issuer);
  const lasting = entries.filter(({ reason }) => reason !== "removeFromCRL");
  const [first] = (lasting.length ? lasting : entries).toSorted((a, b) => Number(a.revokedAt) - Number(b.revokedAt));
  return first;
}

/** §6.3.3 (i)–(k): the delta list speaks first. Only a hold can be lifted. */
function combine(complete: CrlEntry | undefined, delta: CrlEntry | undefined): CrlEntry | undefined {
  const base = complete?.reason === "removeFromCRL" ? undefined : complete;
  if (delta?.reason === "removeFromCRL") return base && base.reason !== "certificateHold" ? base : undefined;
  return delta ?? base;
}

/** The newest delta list that belongs to a complete one and is authentic. */
function latestDelta(complete: Crl, deltas: readonly Crl[], inquiry: Inquiry): Crl | undefined {
  return deltas
    .filter((delta) => completes(delta, complete))
    .toSorted((a, b) => Number(b.thisUpdate) - Number(a.thisUpdate))
    .find((delta) => authenticate(delta, inquiry) !== undefined);
}

/** Who signed a list, if authorised and all of the list is understood (§5.2, §5.3, §6.3.3 f–h). */
function authenticate(crl: Crl, inquiry: Inquiry): Certificate | undefined {
  const { issuer, evidence, note } = inquiry;
  if (crl.unknownCritical.length > 0) {
    note(`CRL_CRITICAL_EXTENSION ${crl.unknownCritical[0]}`);
    return undefined;
  }
  let fault: string | undefined;
  if (sameName(crl.issuer, issuer.subject)) {
    fault = faultOfIssuer(crl, inquiry);
    if (!fault) return issuer;
  }
  const anchor = inquiry.path.anchor.certificate;
  const others = new Set(bySubject(evidence.certificates).get(nameKey(crl.issuer)));
  if (sameName(anchor.subject, crl.issuer)) others.add(anchor);
  for (const candidate of others) {
    // What is wrong with one candidate must not keep another from being found.
    const found = caught(
      () => faultOfOther(candidate, crl, inquiry),
      ({ code }) => `SIGNER_${code}`,
    );
    if (!found) return candidate;
    fault ??= found;
  }
  note(fault ? `CRL_${fault}` : "CRL_SIGNER_NOT_FOUND");
  return undefined;
}

/** The certificate's own issuer, whose path is the rest of this one. */
function faultOfIssuer(crl: Crl, inquiry: Inquiry): string | undefined {
  const { issuer, path } = inquiry;
  if (issuer.keyUsage && !issuer.keyUsage.has("cRLSign")) return "SIGNER_UNAUTHORISED";
  const { publicKey } = validatePath({ certificates: path.certificates.slice(1), anchor: path.anchor }, inquiry);
  return publicKey ? faultOfSignature(crl, publicKey, inquiry) : "SIGNER_KEY";
}

/** Another certificate or key, which needs a path of its own to the same anchor (§6.3.3 f). */
function faultOfOther(candidate: Certificate, crl: Crl, inquiry: Inquiry): string | undefined {
  const { path, evidence, at, algorithms, statusOf } = inquiry;
  if (candidate.keyUsage && !candidate.keyUsage.has("cRLSign")) return "SIGNER_UNAUTHORISED";
  // Most candidates are told apart here, before any path is looked for.
  const fault = faultOfSignature(crl, publicKeyOf(candidate), inquiry);
  if (fault) return fault;
  const pool = [...path.certificates, ...evidence.certificates];
  let first: string | undefined;
  let tried = 0;
  for (const found of findPaths({ certificate: candidate, pool, anchors: [path.anchor], at: crl.thisUpdate })) {
    if (++tried > maximumPaths) break;
    const { faults } = validatePath(found, { at: crl.thisUpdate, algorithms });
    const note = faults[0]?.note ?? faultOfStatus(found, inquiry, (each) => statusOf(each, later(at, crl.thisUpdate)));
    if (!note) return undefined;
    first ??= note;
  }
  return `SIGNER_${first ?? "WITHOUT_PATH"}`;
}

/**
 * The status of those certificates of a signer's path that are not judged with the path in hand anyway. A signer of
 * lists whose own list is where its status is to be found is asked no further: there is nobody else to ask.
 */
function faultOfStatus(
  signer: Path,
  { path, certificate }: Inquiry,
  statusOf: (path: Path) => { readonly status: string; readonly fresh: boolean },
): string | undefined {
  const own = new Set([certificate, ...path.certificates.slice(1)]);
  for (let index = 0; index < signer.certificates.length - 1; index++) {
    const certificates = signer.certificates.slice(index);
    if (own.has(certificates[0]!)) continue;
    const { status, fresh } = statusOf({ certificates, anchor: signer.anchor });
    if (status !== "GOOD" || !fresh) return `STATUS_${status}`;
  }
  return undefined;
}
