/** What may be done with an encrypted file without the owner's password (7.6.4.2, table 22). */
export interface Permissions {
  readonly print: boolean;
  readonly printWell: boolean;
  /** Change the content otherwise than by what follows. */
  readonly modify: boolean;
  readonly copy: boolean;
  /** Add annotations; with `modify` also create fields of the form. */
  readonly annotate: boolean;
  /** Fill in existing fields, those for signatures included. */
  readonly fillForms: boolean;
  readonly assemble: boolean;
  /** /P as it is written, as a signed number. */
  readonly bits: number;
}

/** Reads /P; revision 2 knew only four of the bits. */
export function permissionsOf(bits: number, revision: number): Permissions {
  const has = (position: number): boolean => (bits & (1 << (position - 1))) !== 0;
  const [print, modify, copy, annotate] = [has(3), has(4), has(5), has(6)];
  const basic = { print, modify, copy, annotate, bits: bits | 0 };
  if (revision === 2) return { ...basic, printWell: print, fillForms: annotate, assemble: modify };
  return { ...basic, printWell: print && has(12), fillForms: annotate || has(9), assemble: modify || has(11) };
}
