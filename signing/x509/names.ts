import { isUtf8 } from "node:buffer";
import { Tag, type Asn1 } from "../asn1.ts";
import { atLeast, readDer } from "./der.ts";
import { readName, type DistinguishedName } from "./certificates.ts";
import { SigningError } from "../errors.ts";

/** One GeneralName (RFC 5280 §4.2.1.6); kinds without a meaning here keep their bytes. */
export type GeneralName =
  | { readonly kind: "email" | "dns" | "uri"; readonly value: string }
  | { readonly kind: "directory"; readonly value: DistinguishedName }
  | { readonly kind: "ip"; readonly value: Buffer }
  | { readonly kind: "registeredId"; readonly value: string }
  | { readonly kind: "other"; readonly value: { readonly type: string; readonly der: Buffer } }
  | { readonly kind: "x400" | "ediParty"; readonly value: Buffer };

/** Most names that are read from one extension. */
const maximumNames = 2000;

/** GeneralNames ::= SEQUENCE OF GeneralName, given as its members. Throws BAD_CERTIFICATE. */
export function readGeneralNames(names: readonly Asn1[]): GeneralName[] {
  if (names.length > maximumNames) throw new SigningError("BAD_CERTIFICATE", "too many names");
  return names.map(readGeneralName);
}

/** One GeneralName. Throws BAD_CERTIFICATE or ASN1_MALFORMED. */
export function readGeneralName(element: Asn1): GeneralName {
  const malformed = () => new SigningError("BAD_CERTIFICATE", "general name is malformed");
  if (element.identifier >> 6 !== 2) throw malformed();
  const text = () => element.content.toString("latin1");
  switch (element.tag) {
    case 0: {
      const [type] = atLeast(1, element.children);
      return { kind: "other", value: { type: type.oid(), der: element.raw } };
    }
    case 1:
      return { kind: "email", value: text() };
    case 2:
      return { kind: "dns", value: text() };
    case 3:
      return { kind: "x400", value: element.raw };
    case 4: {
      // Name is a CHOICE, so its tag is explicit.
      const [name] = atLeast(1, element.children);
      return { kind: "directory", value: readName(name) };
    }
    case 5:
      return { kind: "ediParty", value: element.raw };
    case 6:
      return { kind: "uri", value: text() };
    case 7:
      return { kind: "ip", value: element.content };
    case 8:
      return { kind: "registeredId", value: element.content.toString("hex") };
    default:
      throw malformed();
  }
}

/** Whether two names are the same under RFC 5280 §7.1: letter case, spaces and kind of string make no difference. */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return a.der.equals(b.der) || nameKey(a) === nameKey(b);
}

const keys = new WeakMap<DistinguishedName, readonly string[]>();

/** A string that is equal for equal names. */
export function nameKey(name: DistinguishedName): string {
  return relativeNameKeys(name).join("/");
}

/** Whether `name` lies in the subtree under `base`: its first parts are those of `base`. */
export function isWithin(name: DistinguishedName, base: DistinguishedName): boolean {
  const parts = relativeNameKeys(name);
  return relativeNameKeys(base).every((key, i) => parts[i] === key);
}

/** A string that is equal for equal general names. */
export function generalNameKey(name: GeneralName): string {
  switch (name.kind) {
    case "directory":
      return `directory:${nameKey(name.value)}`;
    case "ip":
    case "x400":
    case "ediParty":
      return `${name.kind}:${name.value.toString("hex")}`;
    case "other":
      return `other:${name.value.der.toString("hex")}`;
    default:
      return `${name.kind}:${name.value}`;
  }
}

/** The name made of the parts of `issuer` and one more, as a `nameRelativeToCRLIssuer` is meant (§4.2.1.13). */
export function extendedNameKey(issuer: DistinguishedName, relative: Asn1): string {
  return [...relativeNameKeys(issuer), relativeNameKey(relative.children)].join("/");
}

/** Whether the name has no parts at all. */
export function isEmptyName(name: DistinguishedName): boolean {
  return relativeNameKeys(name).length === 0;
}

function relativeNameKeys(name: DistinguishedName): readonly string[] {
  let known = keys.get(name);
  if (!known) {
    const parts = readDer(name.der).sequence();
    keys.set(name, (known = parts.map((relative) => relativeNameKey(relative.set()))));
  }
  return known;
}

/** One part of a name: its attributes in any order; hexadecimal and "=", "+" keep them apart. */
function relativeNameKey(attributes: readonly Asn1[]): string {
  return attributes
    .map((attribute) => {
      const [type, value] = atLeast(2, attribute.sequence());
      return `${type.oid()}=${valueKey(value)}`;
    })
    .sort()
    .join("+");
}

const strings: ReadonlySet<number> = new Set([
  Tag.utf8String,
  Tag.numericString,
  Tag.printableString,
  Tag.t61String,
  Tag.ia5String,
  Tag.visibleString,
  Tag.bmpString,
]);

/** Character strings prepared for comparison; anything else as it is encoded. */
function valueKey(value: Asn1): string {
  const raw = `#${value.raw.toString("hex")}`;
  if (value.identifier > 0x1f || !strings.has(value.tag)) return raw;
  // Different invalid bytes would all become the same replacement character.
  if (value.tag === Tag.utf8String && !isUtf8(value.content)) return raw;
  return Buffer.from(prepare(value.text())).toString("hex");
}

/** The steps of RFC 4518 §2 for caseIgnoreMatch: map, fold case, normalise, make spaces insignificant. */
function prepare(text: string): string {
  return (
    text
      .replace(/[\t\n\v\f\r\u0085]/g, " ")
      // Control and format characters, soft hyphens and variation selectors are mapped to nothing.
      .replace(/[\p{Cc}\p{Cf}\u034f\u180b-\u180d\ufe00-\ufe0f\ufffc]/gu, "")
      .toUpperCase()
      .toLowerCase()
      .normalize("NFKC")
      .replace(/[\p{Z}]+/gu, " ")
      .trim()
  );
}
