/** The stable reason of a fault in an edXML message. */
export type EdxmlReason =
  // The whole message is refused.
  | "too_large"
  | "too_deep"
  | "too_many_elements"
  | "too_many_attributes"
  | "too_long"
  | "doctype"
  | "encoding"
  | "malformed"
  | "not_edxml"
  | "zip_bomb"
  // One value is at fault; reading goes on without it.
  | "missing"
  | "out_of_range"
  | "bad_value"
  | "bad_base64"
  | "bad_zip"
  | "duplicate"
  | "unexpected_content"
  | "stray_bytes"
  | "illegal_character"
  | "text_mode_damage";

/**
 * N: nothing there; R: out of range; T: not of its type; M: not of its form. The letters of the provincial checkers.
 */
export type EdxmlLetter = "N" | "R" | "T" | "M";

/** One fault that did not stop the reading. `code` is letter and path, such as "N.MessageHeader.From.OrganId". */
export interface EdxmlProblem {
  readonly code: string;
  readonly reason: EdxmlReason;
  /** What stood there, cut to 200 characters. */
  readonly received: string;
}

/** A message that cannot be read, or a value that cannot be written. */
export class EdxmlError extends Error {
  readonly code: string;
  readonly reason: EdxmlReason;
  readonly path: string;

  constructor(letter: EdxmlLetter, path: string, reason: EdxmlReason, detail = "") {
    super(`${letter}.${path}: ${reason}${detail && ` (${detail})`}`);
    this.name = "EdxmlError";
    this.code = `${letter}.${path}`;
    this.reason = reason;
    this.path = path;
  }
}
