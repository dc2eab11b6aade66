import type { KeyObject } from "node:crypto";
import type { AlgorithmIdentifier, Certificate } from "./certificates.ts";
import type { Fault } from "./faults.ts";
import type { ValidPolicy } from "./policy-graph.ts";
import type { TrustAnchor } from "./trust.ts";

/** Certificates from the one judged up to the anchor's own, which stands last. */
export interface Path {
  readonly certificates: readonly Certificate[];
  readonly anchor: TrustAnchor;
}

/**
 * Whether a signature by this algorithm and key may be relied on at an instant: undefined, or a note that says why not.
 */
export type AlgorithmPolicy = (use: {
  readonly algorithm: AlgorithmIdentifier;
  readonly key: KeyObject;
  readonly at: Date;
}) => string | undefined;

/** The inputs of RFC 5280 §6.1.1. */
export interface PathInputs {
  readonly at: Date;
  /** Acceptable policies; any where left out. */
  readonly policies?: readonly string[];
  readonly explicitPolicy?: boolean;
  readonly inhibitPolicyMapping?: boolean;
  readonly inhibitAnyPolicy?: boolean;
  readonly algorithms?: AlgorithmPolicy;
}

export interface PathVerdict {
  /** The gravest first; none where the path is valid. */
  readonly faults: readonly Fault[];
  /** The policies under which the path is valid (RFC 5280 §6.1.6), "2.5.29.32.0" for any. */
  readonly policies: readonly ValidPolicy[];
  /** Of the certificate judged, with inherited parameters; undefined where it cannot be read. */
  readonly publicKey: KeyObject | undefined;
}

export type { CertificateSubIndication, Fault } from "./faults.ts";
export { findPaths, pathLimits, type PathRequest } from "./path-building.ts";
export { validatePath } from "./path-validation.ts";
