import type { Asn1 } from "../asn1.ts";
import type { Certificate } from "./certificates.ts";
import { atLeast, readDer } from "./der.ts";
import { readGeneralName, readGeneralNames, type GeneralName } from "./names.ts";
import { SigningError } from "../errors.ts";
import { Oid } from "../oids.ts";

/** One certificate policy; qualifiers as they are encoded. */
export interface PolicyInformation {
  readonly policy: string;
  readonly qualifiers: readonly Asn1[];
}

export interface PolicyMapping {
  readonly issuerDomain: string;
  readonly subjectDomain: string;
}

export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
}

/** `bounded`: minimum or maximum are used, which the profile forbids (RFC 5280 §4.2.1.10). */
export type GeneralSubtrees = readonly { readonly base: GeneralName; readonly bounded: boolean }[];

export interface AuthorityInformation {
  readonly ocsp: readonly string[];
  readonly issuers: readonly string[];
}

/** Most policies or mappings that are read from one certificate. */
const maximumPolicies = 512;
/** SkipCerts: a path is never that long. */
const maximumSkip = 1_000_000;

/** An extension of one certificate, read when first asked for and remembered. A malformed one throws each time. */
function lazily<T>(oid: string, read: (value: Asn1) => T): (certificate: Certificate) => T | undefined {
  const known = new WeakMap<Certificate, T>();
  return (certificate) => {
    const extension = certificate.extensions.get(oid);
    if (!extension) return undefined;
    let value = known.get(certificate);
    if (value === undefined) known.set(certificate, (value = read(readDer(extension.value))));
    return value;
  };
}

/** certificatePolicies (RFC 5280 §4.2.1.4). Throws BAD_CERTIFICATE or ASN1_MALFORMED, as all readers here do. */
export const certificatePolicies = lazily(Oid.certificatePolicies, (value): readonly PolicyInformation[] =>
  bounded(value.sequence()).map((information) => {
    const [policy, qualifiers] = atLeast(1, information.sequence());
    return { policy: policy.oid(), qualifiers: qualifiers?.sequence() ?? [] };
  }),
);

/** policyMappings (§4.2.1.5). */
export const policyMappings = lazily(Oid.policyMappings, (value): readonly PolicyMapping[] =>
  bounded(value.sequence()).map((mapping) => {
    const [issuerDomain, subjectDomain] = atLeast(2, mapping.sequence());
    return { issuerDomain: issuerDomain.oid(), subjectDomain: subjectDomain.oid() };
  }),
);

/** policyConstraints (§4.2.1.11). */
export const policyConstraints = lazily(Oid.policyConstraints, (value): PolicyConstraints => {
  const skip = (tag: number) => {
    const field = value.sequence().find((each) => each.isContext(tag));
    return field && implicitCount(field);
  };
  return { requireExplicitPolicy: skip(0), inhibitPolicyMapping: skip(1) };
});

/** inhibitAnyPolicy (§4.2.1.14). */
export const inhibitAnyPolicy = lazily(Oid.inhibitAnyPolicy, (value) => value.count(maximumSkip));

/** nameConstraints (§4.2.1.10). */
export const nameConstraints = lazily(Oid.nameConstraints, (value) => {
  const subtrees = (tag: number): GeneralSubtrees | undefined =>
    value
      .sequence()
      .find((each) => each.isContext(tag))
      ?.children.map((subtree) => {
        const [base, ...bounds] = atLeast(1, subtree.sequence());
        // minimum [0] 0 is the default, which some authorities write out.
        const isDefault = (field: Asn1) => field.isContext(0) && implicitCount(field) === 0;
        return { base: readGeneralName(base), bounded: !bounds.every(isDefault) };
      });
  return { permitted: subtrees(0), excluded: subtrees(1) };
});

const subjectNames = lazily(Oid.subjectAltName, (value) => readGeneralNames(value.sequence()));

/** subjectAltName (§4.2.1.6); none where there is no such extension. */
export function subjectAlternativeNames(certificate: Certificate): readonly GeneralName[] {
  return subjectNames(certificate) ?? [];
}

/** issuerAltName (§4.2.1.7). */
export const issuerAlternativeNames = lazily(Oid.issuerAltName, (value) => readGeneralNames(value.sequence()));

/** The issuer and serial number that authorityKeyIdentifier (§4.2.1.1) may name. */
export const authorityIssuerAndSerial = lazily(Oid.authorityKeyIdentifier, (value) => {
  const issuer = value.sequence().find((field) => field.isContext(1));
  const serial = value.sequence().find((field) => field.isContext(2));
  return {
    issuer: issuer && readGeneralNames(issuer.children),
    serialNumber: serial && (serial.content.length > 0 ? BigInt(`0x${serial.content.toString("hex")}`) : undefined),
  };
});

const accessDescriptions = lazily(Oid.authorityInfoAccess, (value): AuthorityInformation => {
  const at = (oid: string) =>
    value.sequence().flatMap((description) => {
      const [method, location] = atLeast(2, description.sequence());
      const name = method.oid() === oid ? readGeneralName(location) : undefined;
      return name?.kind === "uri" ? [name.value] : [];
    });
  return { ocsp: at(Oid.ocsp), issuers: at(Oid.caIssuers) };
});

/** authorityInfoAccess (§4.2.2.1): where OCSP and the issuer's certificate are to be had. */
export function authorityInformation(certificate: Certificate): AuthorityInformation {
  return accessDescriptions(certificate) ?? { ocsp: [], issuers: [] };
}

/** qcStatements (RFC 3739 §3.2.6): statement to its information, if any. */
export const qualifiedStatements = lazily(
  Oid.qcStatements,
  (value): ReadonlyMap<string, Asn1 | undefined> =>
    new Map(
      value.sequence().map((statement) => {
        const [id, information] = atLeast(1, statement.sequence());
        return [id.oid(), information];
      }),
    ),
);

/** Whether a responder's certificate is not to be checked for revocation (RFC 6960 §4.2.2.2.1). */
export function hasNoCheck({ extensions }: Certificate): boolean {
  return extensions.has(Oid.ocspNoCheck);
}

/** An INTEGER under an implicit tag, not negative. */
function implicitCount(field: Asn1): number {
  const { content } = field;
  if (content.length === 0 || content.length > 4 || content[0]! & 0x80) throw bad("number out of range");
  return content.readUIntBE(0, content.length);
}

function bounded(items: readonly Asn1[]): readonly Asn1[] {
  if (items.length > maximumPolicies) throw bad("too many policies");
  return items;
}

function bad(message: string): SigningError {
  return new SigningError("BAD_CERTIFICATE", message);
}
