import { der } from "../asn1.ts";
import { SigningError } from "../errors.ts";
import { attributeLabels } from "../oids.ts";

/** Parts of a subject; `UID` is what Vietnamese certificates use: "CCCD:…" for persons, "MST:…" for agencies. */
export type SubjectPart =
  "C" | "ST" | "L" | "O" | "OU" | "title" | "CN" | "SN" | "GN" | "serialNumber" | "UID" | "emailAddress";
export type Subject = Partial<Record<SubjectPart, string | readonly string[]>>;

/** From the country down to the person, as issued certificates order their subjects. */
const subjectOrder: readonly SubjectPart[] = [
  "C",
  "ST",
  "L",
  "O",
  "OU",
  "title",
  "SN",
  "GN",
  "CN",
  "serialNumber",
  "UID",
  "emailAddress",
];
const oidOfLabel = new Map([...attributeLabels].map(([oid, label]) => [label, oid]));

/**
 * A Name in UTF-8 (country as PrintableString, e-mail as IA5String: RFC 5280 §4.1.2.4), composed to NFC.
 * Throws BAD_SUBJECT where nothing is given.
 */
export function writeSubject(subject: Subject): Buffer {
  const parts = subjectOrder.flatMap((label) =>
    [subject[label] ?? []].flat().map((value) => {
      const text = value.normalize("NFC");
      const string = label === "C" ? der.printable(text) : label === "emailAddress" ? der.ia5(text) : der.utf8(text);
      return der.setOf([der.sequence(der.oid(oidOfLabel.get(label)!), string)]);
    }),
  );
  if (parts.length === 0) throw new SigningError("BAD_SUBJECT", "a subject needs at least one part");
  return der.sequence(...parts);
}
