/** Why a judge says otherwise than we do, where it does. */
export interface Explanation {
  readonly judge: string;
  readonly file: string;
  /** "*" for all of the file's signatures. */
  readonly field: string;
  readonly why: string;
}

export const explanations: readonly Explanation[] = [
  {
    judge: "pyHanko",
    file: "certified, number, day and month each signed in a new field",
    field: "Signature1",
    why:
      "pyHanko reads DocMDP level 2 strictly: no new fields. Every document of the practice in force is made this way, and " +
      "signing is what level 2 allows (ISO 32000-2 table 257): we pass a new field that comes signed, and name it.",
  },
  {
    judge: "pyHanko",
    file: "multi-11",
    field: "*",
    why: "pyHanko does not follow `/Prev 0`; we take it for the end of the chain, say so, and go on.",
  },
  {
    judge: "pyHanko",
    file: "integrity-16",
    field: "Signature1",
    why:
      "The second signature's dictionary was replaced by the first one's bytes. The judge looks at what was added after the " +
      "first signature and sees a field being signed; we see a field whose signature is not one, which is not signing.",
  },
  {
    judge: "pyHanko",
    file: "integrity-17",
    field: "*",
    why: "The file is broken; pyHanko gives up where we say which byte range is wrong.",
  },
  {
    judge: "pyHanko",
    file: "shadow-28",
    field: "Signature2",
    why: "A shadow attack that replaces what is shown; pyHanko takes it for a filled form, EU DSS and its makers as we do for a change that nothing permits.",
  },
  {
    judge: "pyHanko",
    file: "shadow-29",
    field: "*",
    why: "The attack replaces the encryption dictionary's reference, which pyHanko does not read; we do, and fail the file.",
  },
  {
    judge: "pyHanko",
    file: "robust-59",
    field: "*",
    why: "The cross-reference sections run in a circle; pyHanko gives up where we report what can be seen.",
  },
  {
    judge: "EU DSS",
    file: "multi-11",
    field: "*",
    why:
      "The signed attributes are not in the order of DER. DSS 6 hashes them re-ordered and fails; the signer hashed them as " +
      "written. Peers differ; the same attributes have the same meaning, so we accept both and note it (SIGNED_ATTRIBUTES_NOT_DER).",
  },
  {
    judge: "EU DSS",
    file: "integrity-16",
    field: "Signature1",
    why:
      "As with pyHanko: the first signature's own bytes are whole, but after it a field was filled with a signature that is " +
      "not its own, which is no permitted change.",
  },
  {
    judge: "EU DSS",
    file: "coverage-21",
    field: "Sig1",
    why: "The byte range ends inside a revision and leaves a tail uncovered; DSS does not compare it with the revisions.",
  },
  {
    judge: "EU DSS",
    file: "coverage-22",
    field: "*",
    why: "The byte range has one part only; DSS does not list such a signature at all, we fail it.",
  },
  {
    judge: "EU DSS",
    file: "timestamp-56",
    field: "*",
    why:
      "One signature carries the other's time-stamp. DSS reports the broken stamp beside the signatures; we name the doubt at " +
      "the signature that carries it.",
  },
];
