/** Which of the two identifier schemes a code is written in. */
export type CodeScheme = "qd20" | "qcvn102" | "other";

/** An agency by both its codes. The two are matched by published lists, never by arithmetic: groups were renumbered. */
export interface AgencyCodes {
  /** QĐ 20/2020/QĐ-TTg, level 1 on the left: "H99.01". */
  readonly code: string;
  /** QCVN 102:2016/BTTTT, level 1 on the right: "000.00.01.H99". Null if the agency never had one. */
  readonly code102: string | null;
}

/**
 * What a code of QĐ 20/2020 looks like, articles 4 to 6: agencies, enterprises by registration number, others from Z01.
 */
export const agencyCodePattern = /^[0-9A-Z](?:[0-9A-Z.-]{0,33}[0-9A-Z])?$/;

/** The scheme by the look of the code alone. "H99" is the same in both, and counts as QĐ 20. */
export function codeScheme(code: string): CodeScheme {
  // QĐ 20/2020, điều 4: MX1X2, then groups; at most 35 characters.
  if (code.length <= 35 && /^[A-Y]\d{2}(?:\.[0-9A-Z]+)*$/.test(code)) return "qd20";
  // V1V2V3.Z1Z2.Y1Y2.MX1X2; senders leave leading groups out.
  if (/^(?:\d{2,3}\.){1,3}[A-Z]{1,2}\d{1,2}$/.test(code)) return "qcvn102";
  return "other";
}
