import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { der, readBer } from "../asn1.ts";
import { keyUsages, readCertificate, type KeyUsage } from "../x509/certificates.ts";
import { signatureAlgorithmOf } from "../cms/write.ts";
import { SigningError } from "../errors.ts";
import { attributeLabels, Oid } from "../oids.ts";
import { digestForKey } from "../keys/signer.ts";

/** Parts of a subject; `UID` is what Vietnamese certificates use: "CCCD:…" for persons, "MST:…" for agencies. */
export type SubjectPart =
  "C" | "ST" | "L" | "O" | "OU" | "title" | "CN" | "SN" | "GN" | "serialNumber" | "UID" | "emailAddress";
export type Subject = Partial<Record<SubjectPart, string | readonly string[]>>;

/** What a certificate is for; decides key usage and extended key usage. */
export type CertificateUsage = "person" | "agency-seal" | "transmission" | "timestamp" | "ocsp";
export type KeyKind = "rsa-2048" | "rsa-3072" | "rsa-4096" | "ec-p256" | "ec-p384" | "ec-p521" | "ed25519";

/** An authority: its private key and its own certificate in DER. */
export interface Authority {
  readonly key: KeyObject;
  readonly certificate: Buffer;
}

/** Where a relying party finds revocation data and the issuer's certificate; http addresses. */
export interface Addresses {
  readonly crl?: string;
  readonly ocsp?: string;
  readonly issuer?: string;
}

interface Validity {
  readonly subject: Subject;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const profiles: Record<CertificateUsage, { keyUsage: readonly KeyUsage[]; purposes: readonly string[] }> = {
  person: {
    keyUsage: ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"],
    purposes: [Oid.clientAuth, Oid.emailProtection],
  },
  "agency-seal": { keyUsage: ["digitalSignature", "nonRepudiation"], purposes: [Oid.emailProtection] },
  transmission: { keyUsage: ["digitalSignature", "keyEncipherment"], purposes: [Oid.clientAuth, Oid.serverAuth] },
  timestamp: { keyUsage: ["digitalSignature"], purposes: [Oid.timeStamping] },
  ocsp: { keyUsage: ["digitalSignature"], purposes: [Oid.ocspSigning] },
};

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

/** A new key pair. */
export function generateKeys(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (kind) {
    case "rsa-2048":
    case "rsa-3072":
    case "rsa-4096":
      return generateKeyPairSync("rsa", { modulusLength: Number(kind.slice(4)) });
    case "ec-p256":
    case "ec-p384":
    case "ec-p521":
      return generateKeyPairSync("ec", { namedCurve: kind.replace("ec-p", "P-") });
    case "ed25519":
      return generateKeyPairSync("ed25519");
  }
}

/** A self-signed root certificate for the private key `key`, in DER. */
export function issueRoot(root: Validity & { readonly key: KeyObject }): Buffer {
  const publicKey = createPublicKey(root.key);
  return issue({
    ...root,
    publicKey,
    signingKey: root.key,
    issuerName: writeSubject(root.subject),
    extensions: [...authorityExtensions(undefined), keyIdentifier(publicKey)],
  });
}

/** A subordinate authority's certificate, in DER; `pathLength` (0 unless given) bounds the authorities below it. */
export function issueSubordinate(
  subordinate: Validity & {
    readonly publicKey: KeyObject;
    readonly issuer: Authority;
    readonly pathLength?: number;
    readonly addresses?: Addresses;
  },
): Buffer {
  return issueBelow(subordinate, authorityExtensions(subordinate.pathLength ?? 0));
}

/** A certificate for a person, an agency's seal or a service, in DER. */
export function issueCertificate(
  entity: Validity & {
    readonly publicKey: KeyObject;
    readonly issuer: Authority;
    readonly usage: CertificateUsage;
    readonly addresses?: Addresses;
  },
): Buffer {
  const { keyUsage, purposes } = profiles[entity.usage];
  const signsOnly = entity.publicKey.asymmetricKeyType !== "rsa";
  // Keys that cannot encipher must not claim it (RFC 8813 §3).
  const usages = keyUsage.filter((usage) => !signsOnly || !usage.endsWith("Encipherment"));
  return issueBelow(entity, [
    extension(Oid.basicConstraints, true, der.sequence()),
    keyUsageExtension(usages),
    // RFC 3161 §2.3 wants the purpose of a time-stamping key critical, and alone.
    extension(Oid.extendedKeyUsage, entity.usage === "timestamp", der.sequence(...purposes.map(der.oid))),
    ...(entity.usage === "ocsp" ? [extension(Oid.ocspNoCheck, false, der.null())] : []),
  ]);
}

function issueBelow(
  entity: Validity & { readonly publicKey: KeyObject; readonly issuer: Authority; readonly addresses?: Addresses },
  extensions: readonly Buffer[],
): Buffer {
  const authority = readCertificate(entity.issuer.certificate);
  if (!authority.basicConstraints?.ca) throw new SigningError("NOT_AN_AUTHORITY", "the issuer is not an authority");
  const authorityId = authority.subjectKeyIdentifier;
  return issue({
    ...entity,
    signingKey: entity.issuer.key,
    issuerName: authority.subject.der,
    extensions: [
      ...extensions,
      keyIdentifier(entity.publicKey),
      ...(authorityId
        ? [extension(Oid.authorityKeyIdentifier, false, der.sequence(der.implicitPrimitive(0, authorityId)))]
        : []),
      ...addressExtensions(entity.addresses ?? {}),
    ],
  });
}

function issue(
  request: Validity & {
    readonly publicKey: KeyObject;
    readonly signingKey: KeyObject;
    readonly issuerName: Buffer;
    readonly extensions: readonly Buffer[];
  },
): Buffer {
  if (!(request.notBefore < request.notAfter)) throw new SigningError("BAD_VALIDITY", "validity ends before it begins");
  const digest = digestForKey(request.signingKey);
  const algorithm = signatureAlgorithmOf(request.signingKey.asymmetricKeyType, digest);
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(BigInt(`0x01${randomBytes(15).toString("hex")}`)),
    algorithm,
    request.issuerName,
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    writeSubject(request.subject),
    request.publicKey.export({ type: "spki", format: "der" }),
    der.explicit(3, der.sequence(...request.extensions)),
  );
  const ed25519 = request.signingKey.asymmetricKeyType === "ed25519";
  return der.sequence(tbs, algorithm, der.bits(sign(ed25519 ? null : digest, tbs, request.signingKey)));
}

/** A Name in UTF-8 (country as PrintableString, e-mail as IA5String: RFC 5280 §4.1.2.4), composed to NFC. */
function writeSubject(subject: Subject): Buffer {
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

function authorityExtensions(pathLength: number | undefined): Buffer[] {
  const constraints = [der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)])];
  return [
    extension(Oid.basicConstraints, true, der.sequence(...constraints)),
    keyUsageExtension(["keyCertSign", "cRLSign"]),
  ];
}

function addressExtensions({ crl, ocsp, issuer }: Addresses): Buffer[] {
  const address = (url: string) => der.implicitPrimitive(6, Buffer.from(url, "ascii"));
  const access = [
    ...(ocsp ? [der.sequence(der.oid(Oid.ocsp), address(ocsp))] : []),
    ...(issuer ? [der.sequence(der.oid(Oid.caIssuers), address(issuer))] : []),
  ];
  // CRLDistributionPoints: [0] distributionPoint, in it [0] fullName.
  const point = crl && der.sequence(der.explicit(0, der.explicit(0, address(crl))));
  return [
    ...(access.length ? [extension(Oid.authorityInfoAccess, false, der.sequence(...access))] : []),
    ...(point ? [extension(Oid.crlDistributionPoints, false, der.sequence(point))] : []),
  ];
}

function keyUsageExtension(usages: readonly KeyUsage[]): Buffer {
  return extension(Oid.keyUsage, true, der.namedBits(usages.map((usage) => keyUsages.indexOf(usage))));
}

/** SHA-1 of the public key's bits (RFC 5280 §4.2.1.2 method 1): a label, not a protection. */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const [, key] = readBer(publicKey.export({ type: "spki", format: "der" })).sequence();
  const identifier = createHash("sha1").update(key!.bits()).digest();
  return extension(Oid.subjectKeyIdentifier, false, der.octets(identifier));
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}
