/** What a verdict demands beyond the rules of the formats. */
export interface ValidationPolicy {
  /**
   * News about revocation: "required" for every certificate below the anchor (else TRY_LATER); "if-available": what is
   * at hand counts, and its absence is noted; "none": not looked at.
   */
  readonly revocation: "required" | "if-available" | "none";
  /** How long a source that names no next update speaks for a certificate, in milliseconds. */
  readonly freshness: number;
  /** By how much the clocks of two time-stamp authorities may differ, in milliseconds. */
  readonly clockDifference: number;
}

export const usualPolicy: ValidationPolicy = {
  revocation: "if-available",
  freshness: 24 * 3_600_000,
  clockDifference: 5 * 60_000,
};
