import type { Certificate } from "./certificates.ts";
import { nameConstraints, subjectAlternativeNames, type GeneralSubtrees } from "./extensions.ts";
import { isEmptyName, isWithin, type GeneralName } from "./names.ts";
import { readDer } from "./der.ts";

/** Most comparisons of a name with a constraint in one path: names × constraints are the attacker's choice. */
export const maximumComparisons = 100_000;

/**
 * The name constraints gathered along a path (RFC 5280 §6.1.2 b–c, §6.1.4 g). A name must lie in every set of
 * permitted subtrees that has some of its kind, which is what their intersection means, and in no excluded one.
 */
export class NameConstraints {
  readonly #permitted: GeneralName[][] = [];
  readonly #excluded: GeneralName[] = [];
  #comparisons = 0;

  /** Adds those of an authority's certificate. Returns a note where they cannot be applied. */
  add(authority: Certificate): string | undefined {
    const constraints = nameConstraints(authority);
    if (!constraints) return undefined;
    const { permitted, excluded } = constraints;
    if ([permitted, excluded].some(isBeyondProfile)) return "NAME_CONSTRAINT_UNSUPPORTED";
    if (permitted) this.#permitted.push(permitted.map(({ base }) => base));
    this.#excluded.push(...(excluded ?? []).map(({ base }) => base));
    return undefined;
  }

  /** A note where a name of the certificate is not allowed (§6.1.3 b–c). */
  check(certificate: Certificate): string | undefined {
    if (this.#permitted.length === 0 && this.#excluded.length === 0) return undefined;
    for (const name of namesOf(certificate)) {
      for (const subtrees of this.#permitted) {
        const ofKind = subtrees.filter((base) => isOfKind(name, base));
        this.#comparisons += subtrees.length;
        if (ofKind.length > 0 && !ofKind.some((base) => matches(name, base) === "yes")) return "NAME_NOT_PERMITTED";
      }
      this.#comparisons += this.#excluded.length;
      if (this.#comparisons > maximumComparisons) return "NAME_CONSTRAINTS_TOO_MANY";
      // Where it cannot be told whether a name is excluded, it is.
      const excluded = this.#excluded.some((base) => isOfKind(name, base) && matches(name, base) !== "no");
      if (excluded) return "NAME_EXCLUDED";
    }
    return undefined;
  }
}

/** §4.2.1.10: minimum is 0 and maximum absent. */
function isBeyondProfile(subtrees: GeneralSubtrees | undefined): boolean {
  return (subtrees ?? []).some(({ bounded }) => bounded);
}

/** The subject, its alternative names, and e-mail addresses that stand in the subject. */
function namesOf(certificate: Certificate): GeneralName[] {
  const { subject } = certificate;
  const emails = readDer(subject.der)
    .sequence()
    .flatMap((relative) => relative.set())
    .map((attribute) => attribute.sequence())
    .filter(([type]) => type!.oid() === emailAddress)
    .map(([, value]): GeneralName => ({ kind: "email", value: value!.text() }));
  return [
    ...(isEmptyName(subject) ? [] : [{ kind: "directory" as const, value: subject }]),
    ...emails,
    ...subjectAlternativeNames(certificate),
  ];
}

const emailAddress = "1.2.840.113549.1.9.1";

function isOfKind(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === "other" && base.kind === "other") return name.value.type === base.value.type;
  return name.kind === base.kind;
}

/** "unknown" where the name or the constraint is of a form that is not understood. */
function matches(name: GeneralName, base: GeneralName): "yes" | "no" | "unknown" {
  const is = (match: boolean) => (match ? "yes" : "no");
  if (name.kind === "directory" && base.kind === "directory") return is(isWithin(name.value, base.value));
  if (name.kind === "ip" && base.kind === "ip") return matchesAddress(name.value, base.value);
  if (name.kind === "dns" && base.kind === "dns") {
    return isPlain(name.value) ? is(isHostWithin(lower(name.value), lower(base.value))) : "unknown";
  }
  if (name.kind === "email" && base.kind === "email") return matchesMailbox(name.value, base.value);
  if (name.kind === "uri" && base.kind === "uri") {
    const host = hostOf(name.value);
    return host === undefined ? "unknown" : is(matchesHost(host, lower(base.value)));
  }
  return "unknown";
}

const lower = (host: string) => host.toLowerCase().replace(/\.$/, "");
const isPlain = (text: string) => /^[\x21-\x7e]+$/.test(text);

/** dNSName: zero or more labels added on the left; a leading period, beyond the RFC, asks for one at least. */
function isHostWithin(host: string, base: string): boolean {
  if (base === "") return true;
  return base.startsWith(".") ? host.endsWith(base) : host === base || host.endsWith(`.${base}`);
}

/** A host for rfc822Name and URI: the host itself, or with a leading period any below it. */
function matchesHost(host: string, base: string): boolean {
  return base.startsWith(".") ? host.endsWith(base) : host === base;
}

/** rfc822Name: one mailbox, all mailboxes of a host, or of all hosts below a domain. */
function matchesMailbox(address: string, base: string): "yes" | "no" | "unknown" {
  const at = address.lastIndexOf("@");
  if (at < 1 || !isPlain(address)) return "unknown";
  const local = address.slice(0, at);
  const host = lower(address.slice(at + 1));
  const baseAt = base.lastIndexOf("@");
  if (baseAt < 0) return base === "" || matchesHost(host, lower(base)) ? "yes" : "no";
  return local === base.slice(0, baseAt) && host === lower(base.slice(baseAt + 1)) ? "yes" : "no";
}

/** The fully qualified host of a URI; undefined where there is none, or an address in its place (§4.2.1.10). */
function hostOf(uri: string): string | undefined {
  const [, host] = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri) ?? [];
  return host === undefined || !isPlain(host) || /^[\d.]+$/.test(host) ? undefined : lower(host);
}

/** iPAddress: 4 or 16 bytes under an address and a mask of the same length. */
function matchesAddress(address: Buffer, base: Buffer): "yes" | "no" | "unknown" {
  if ((base.length !== 8 && base.length !== 32) || (address.length !== 4 && address.length !== 16)) return "unknown";
  if (base.length !== address.length * 2) return "no";
  return address.every((byte, i) => (byte & base[address.length + i]!) === (base[i]! & base[address.length + i]!))
    ? "yes"
    : "no";
}
