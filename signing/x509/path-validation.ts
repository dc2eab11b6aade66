import type { KeyObject } from "node:crypto";
import { algorithmsByDate } from "./algorithm-policy.ts";
import { caught } from "./caught.ts";
import type { Certificate } from "./certificates.ts";
import { certificatePolicies, inhibitAnyPolicy, policyConstraints, policyMappings } from "./extensions.ts";
import { atLeast } from "./der.ts";
import { byGravity, type CertificateSubIndication, type Fault } from "./faults.ts";
import { NameConstraints } from "./name-constraints.ts";
import { sameName } from "./names.ts";
import type { Path, PathInputs, PathVerdict } from "./path.ts";
import { PolicyGraph } from "./policy-graph.ts";
import { verifySigned, workingKey } from "./signatures.ts";
import { isTrustedAt } from "./trust.ts";
import { Oid } from "../oids.ts";

/** Extensions whose meaning is applied here or where the certificate is used, or that restrict nothing. */
const understood: ReadonlySet<string> = new Set([
  Oid.basicConstraints,
  Oid.keyUsage,
  Oid.extendedKeyUsage,
  Oid.subjectKeyIdentifier,
  Oid.authorityKeyIdentifier,
  Oid.certificatePolicies,
  Oid.policyMappings,
  Oid.policyConstraints,
  Oid.inhibitAnyPolicy,
  Oid.nameConstraints,
  Oid.subjectAltName,
  Oid.issuerAltName,
  Oid.crlDistributionPoints,
  Oid.freshestCrl,
  Oid.authorityInfoAccess,
  Oid.qcStatements,
  Oid.ocspNoCheck,
  Oid.noRevocationAvailable,
]);

/** Qualifiers that need no processing to be relied on: CPS pointer and user notice (RFC 5280 §4.2.1.4). */
const knownQualifiers: ReadonlySet<string> = new Set(["1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2"]);

/** The state variables of RFC 5280 §6.1.2; the working issuer's name and key stand in the certificate above. */
class Validation {
  readonly faults: Fault[] = [];
  readonly inputs: PathInputs;
  readonly graph = new PolicyGraph();
  readonly names = new NameConstraints();
  explicitPolicy: number;
  policyMapping: number;
  anyPolicy: number;
  maximumLength: number;
  key: KeyObject | undefined;

  constructor(inputs: PathInputs, length: number) {
    this.inputs = inputs;
    this.explicitPolicy = inputs.explicitPolicy ? 0 : length + 1;
    this.policyMapping = inputs.inhibitPolicyMapping ? 0 : length + 1;
    this.anyPolicy = inputs.inhibitAnyPolicy ? 0 : length + 1;
    this.maximumLength = length;
  }

  /** Runs one check; what it throws or returns as a note is a fault of the certificate at `index`. */
  check(index: number, subIndication: CertificateSubIndication, run: () => string | undefined): void {
    const fault = caught<Omit<Fault, "index"> | undefined>(
      () => {
        const note = run();
        return note ? { subIndication, note } : undefined;
      },
      ({ code }) => ({ subIndication: "CERTIFICATE_CHAIN_GENERAL_FAILURE", note: code }),
    );
    if (fault) this.faults.push({ ...fault, index });
  }
}

/**
 * Path validation of RFC 5280 §6.1 with the policy graph of RFC 9618, at one instant, without revocation. Everything
 * wrong is told, not only the first thing. Beyond the RFC, what an anchor's certificate itself says of its use
 * (authority, key usage, path length, names) is applied as well. A certificate that is its own anchor is checked
 * for everything but its signature. Never throws for what certificates contain.
 */
export function validatePath(path: Path, inputs: PathInputs): PathVerdict {
  const { certificates, anchor } = path;
  const top = certificates.length - 1;
  const alone = top === 0;
  const state = new Validation(inputs, Math.max(top, 1));
  if (!isTrustedAt(anchor, inputs.at)) {
    state.check(top, "NO_CERTIFICATE_CHAIN_FOUND", () => "ANCHOR_NOT_TRUSTED_AT_THIS_TIME");
  }
  prepareAnchor(state, anchor.certificate, top, alone);
  for (let index = alone ? 0 : top - 1; index >= 0; index--) {
    const certificate = certificates[index]!;
    const issuer = alone ? undefined : certificates[index + 1]!;
    checkCertificate(state, certificate, issuer, index);
    if (index > 0) prepareNext(state, certificate, index);
  }
  wrapUp(state, certificates[0]!);
  const acceptable = inputs.policies && new Set(inputs.policies);
  const policies = state.graph.result(acceptable?.has(Oid.anyPolicy) ? undefined : acceptable);
  if (state.explicitPolicy === 0 && policies.length === 0) {
    state.check(0, "CHAIN_CONSTRAINTS_FAILURE", () => "NO_VALID_POLICY");
  }
  return { faults: byGravity(state.faults), policies, publicKey: state.key };
}

/** §6.1.2: the anchor's key, and what its certificate says of those below it, where there are any. */
function prepareAnchor(state: Validation, anchor: Certificate, index: number, alone: boolean): void {
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => {
    state.key = workingKey(anchor, undefined);
    return undefined;
  });
  if (alone) return;
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => state.names.add(anchor));
  checkAuthority(state, anchor, index, true);
  state.maximumLength = Math.min(state.maximumLength, anchor.basicConstraints?.pathLength ?? Infinity);
}

/** §6.1.3: what every certificate goes through. */
function checkCertificate(
  state: Validation,
  certificate: Certificate,
  issuer: Certificate | undefined,
  index: number,
): void {
  const { at } = state.inputs;
  if (issuer) checkSignature(state, certificate, issuer, index);
  state.check(index, "OUT_OF_BOUNDS_NO_POE", () => {
    if (at < certificate.notBefore) return "NOT_YET_VALID";
    return at > certificate.notAfter ? "EXPIRED" : undefined;
  });
  // RFC 5280 §4.1.2.2 leaves room for such certificates; nothing honest that is in use needs it.
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () =>
    certificate.serialNumber < 0n ? "SERIAL_NUMBER_NEGATIVE" : undefined,
  );
  const selfIssued = isSelfIssued(certificate);
  if (index === 0 || !selfIssued) {
    state.check(index, "CHAIN_CONSTRAINTS_FAILURE", () => state.names.check(certificate));
  }
  state.check(index, "CHAIN_CONSTRAINTS_FAILURE", () => {
    const policies = certificatePolicies(certificate);
    state.graph.addCertificate(policies, state.anyPolicy > 0 || (index > 0 && selfIssued));
    return state.explicitPolicy === 0 && state.graph.isNull ? "NO_VALID_POLICY" : undefined;
  });
  checkCriticalExtensions(state, certificate, index);
}

function checkSignature(state: Validation, certificate: Certificate, issuer: Certificate, index: number): void {
  const { key } = state;
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => {
    if (!sameName(certificate.issuer, issuer.subject)) return "ISSUER_NAME_DIFFERS";
    if (!key) return "ISSUER_KEY_UNREADABLE";
    const { result, notes } = verifySigned(certificate, key);
    return result === "valid" ? undefined : notes[0];
  });
  state.check(index, "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", () => {
    const { algorithms = algorithmsByDate, at } = state.inputs;
    return key && algorithms({ algorithm: certificate.signatureAlgorithm, key, at });
  });
  state.key = undefined;
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => {
    state.key = workingKey(certificate, key);
    return undefined;
  });
}

function checkCriticalExtensions(state: Validation, certificate: Certificate, index: number): void {
  for (const [oid, { critical }] of certificate.extensions) {
    if (!critical || understood.has(oid)) continue;
    state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => `CRITICAL_EXTENSION ${oid}`);
  }
  if (!certificate.extensions.get(Oid.certificatePolicies)?.critical) return;
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => {
    const qualifiers = certificatePolicies(certificate)!.flatMap((policy) => policy.qualifiers);
    const unknown = qualifiers
      .map((each) => atLeast(1, each.sequence())[0].oid())
      .find((oid) => !knownQualifiers.has(oid));
    return unknown && `POLICY_QUALIFIER ${unknown}`;
  });
}

/** §6.1.4: what an authority's certificate says of those below it. */
function prepareNext(state: Validation, authority: Certificate, index: number): void {
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => {
    const mappings = policyMappings(authority);
    if (!mappings) return undefined;
    const any = mappings.some((each) => [each.issuerDomain, each.subjectDomain].includes(Oid.anyPolicy));
    if (any) return "POLICY_MAPPING_WITH_ANY_POLICY";
    state.graph.addMappings(mappings, certificatePolicies(authority) ?? [], state.policyMapping > 0);
    return undefined;
  });
  state.check(index, "CERTIFICATE_CHAIN_GENERAL_FAILURE", () => state.names.add(authority));
  if (!isSelfIssued(authority)) {
    state.explicitPolicy = Math.max(0, state.explicitPolicy - 1);
    state.policyMapping = Math.max(0, state.policyMapping - 1);
    state.anyPolicy = Math.max(0, state.anyPolicy - 1);
  }
  state.check(index, "CHAIN_CONSTRAINTS_FAILURE", () => {
    const { requireExplicitPolicy, inhibitPolicyMapping } = policyConstraints(authority) ?? {};
    state.explicitPolicy = Math.min(state.explicitPolicy, requireExplicitPolicy ?? Infinity);
    state.policyMapping = Math.min(state.policyMapping, inhibitPolicyMapping ?? Infinity);
    state.anyPolicy = Math.min(state.anyPolicy, inhibitAnyPolicy(authority) ?? Infinity);
    return undefined;
  });
  checkAuthority(state, authority, index, false);
  if (!isSelfIssued(authority)) {
    state.check(index, "CHAIN_CONSTRAINTS_FAILURE", () => (state.maximumLength <= 0 ? "PATH_TOO_LONG" : undefined));
    state.maximumLength--;
  }
  state.maximumLength = Math.min(state.maximumLength, authority.basicConstraints?.pathLength ?? Infinity);
}

/** §6.1.4 (k) and (n): it is an authority and may sign certificates. */
function checkAuthority(state: Validation, authority: Certificate, index: number, anchor: boolean): void {
  const { basicConstraints, keyUsage, version } = authority;
  // Old roots were made before the extension was.
  const ca = basicConstraints?.ca ?? (anchor && version < 3);
  state.check(index, "CHAIN_CONSTRAINTS_FAILURE", () => (ca ? undefined : "ISSUER_IS_NO_AUTHORITY"));
  state.check(index, "CHAIN_CONSTRAINTS_FAILURE", () =>
    keyUsage && !keyUsage.has("keyCertSign") ? "ISSUER_MAY_NOT_CERTIFY" : undefined,
  );
}

/** §6.1.5 (a)–(b). */
function wrapUp(state: Validation, certificate: Certificate): void {
  state.explicitPolicy = Math.max(0, state.explicitPolicy - 1);
  state.check(0, "CHAIN_CONSTRAINTS_FAILURE", () => {
    if (policyConstraints(certificate)?.requireExplicitPolicy === 0) state.explicitPolicy = 0;
    return undefined;
  });
}

/** Whether a certificate changes keys under one name (§3.2). */
export function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return sameName(subject, issuer);
}
