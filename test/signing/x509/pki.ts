import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import { keyUsages, readCertificate, type Certificate, type KeyUsage } from "../../../signing/x509/certificates.ts";
import { readCrl, type Crl } from "../../../signing/x509/crl.ts";
import { readDer } from "../../../signing/x509/der.ts";
import { readOcspResponse, type OcspResponse } from "../../../signing/x509/ocsp.ts";
import type { TrustAnchor } from "../../../signing/x509/trust.ts";

/** A maker of certificates, lists and responses that may be as wrong as a test wants them. */
export const day = 24 * 60 * 60 * 1000;
export const start = new Date("2026-01-01T00:00:00Z");
export const end = new Date("2027-01-01T00:00:00Z");
/** When everything is judged unless a test says otherwise. */
export const now = new Date("2026-06-01T12:00:00Z");
export const plus = (date: Date, milliseconds: number) => new Date(date.getTime() + milliseconds);

const keys = new Map<string, KeyObject>();

/** The same P-256 key for the same label. */
export function keyOf(label: string): KeyObject {
  let key = keys.get(label);
  if (!key) keys.set(label, (key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey));
  return key;
}

export const ecdsa = der.sequence(der.oid(Oid.ecdsaWithSha256));

/** A Name: "CN=a, O=b" with the most significant part last, as it is read out. */
export function name(text: string, string: (value: string) => Buffer = der.utf8): Buffer {
  const oids: Record<string, string> = { CN: "2.5.4.3", O: "2.5.4.10", C: "2.5.4.6", E: "1.2.840.113549.1.9.1" };
  const parts = text === "" ? [] : text.split(", ").reverse();
  return der.sequence(
    ...parts.map((part) => {
      const [label, value] = part.split("=") as [string, string];
      return der.setOf([der.sequence(der.oid(oids[label]!), string(value))]);
    }),
  );
}

/** Somebody with a name and a key, who may sign. */
export interface Party {
  readonly name: Buffer;
  readonly key: KeyObject;
}

export const party = (text: string, label = text): Party => ({ name: name(text), key: keyOf(label) });

export interface CertificateSpec {
  readonly subject: Party;
  readonly issuer: Party;
  readonly serial?: Buffer | number;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extensions?: readonly Buffer[];
  readonly version?: number;
  readonly spki?: Buffer;
  /** Changes the bytes that are signed. */
  readonly tbs?: (fields: Buffer[]) => Buffer[];
  /** Changes the signed algorithm, and the one outside. */
  readonly algorithm?: Buffer;
  readonly outerAlgorithm?: Buffer;
  readonly signature?: Buffer;
}

let serials = 1000;

export const spkiOf = (key: KeyObject) => {
  const pem = key.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(pem.x!, "base64url"), Buffer.from(pem.y!, "base64url")]);
  return der.sequence(der.sequence(der.oid(Oid.ecPublicKey), der.oid("1.2.840.10045.3.1.7")), der.bits(point));
};

export function certificateBytes(spec: CertificateSpec): Buffer {
  const { subject, issuer, extensions = [], version = 3, algorithm = ecdsa } = spec;
  const { serial = serials++ } = spec;
  const fields = [
    ...(version === 1 ? [] : [der.explicit(0, der.integer(version - 1))]),
    typeof serial === "number" ? der.integer(serial) : serial,
    algorithm,
    issuer.name,
    der.sequence(der.time(spec.notBefore ?? start), der.time(spec.notAfter ?? end)),
    subject.name,
    spec.spki ?? spkiOf(subject.key),
    ...(extensions.length ? [der.explicit(3, der.sequence(...extensions))] : []),
  ];
  const tbs = der.sequence(...(spec.tbs?.(fields) ?? fields));
  const signature = spec.signature ?? sign("sha256", tbs, issuer.key);
  return der.sequence(tbs, spec.outerAlgorithm ?? algorithm, der.bits(signature));
}

export const certificate = (spec: CertificateSpec): Certificate => readCertificate(certificateBytes(spec));

export function extension(oid: string, value: Buffer, critical = false): Buffer {
  return der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(value));
}

/** An INTEGER or string under an implicit tag. */
const tagged = (tag: number, value: number) => der.implicitPrimitive(tag, readDer(der.integer(value)).content);
export const keyId = ({ key }: Party) =>
  createHash("sha1")
    .update(pointOf(spkiOf(key)))
    .digest();
export const pointOf = (spki: Buffer) => readDer(spki).sequence()[1]!.bits();

export const general = {
  email: (text: string) => der.implicitPrimitive(1, Buffer.from(text, "latin1")),
  dns: (text: string) => der.implicitPrimitive(2, Buffer.from(text, "latin1")),
  directory: (bytes: Buffer) => der.explicit(4, bytes),
  uri: (text: string) => der.implicitPrimitive(6, Buffer.from(text, "latin1")),
  ip: (...bytes: number[]) => der.implicitPrimitive(7, Buffer.from(bytes)),
  registered: () => der.implicitPrimitive(8, Buffer.from([0x2a, 3])),
  other: (oid: string, text = "x") => der.implicit(0, Buffer.concat([der.oid(oid), der.explicit(0, der.utf8(text))])),
  x400: () => der.implicit(3, der.sequence()),
  ediParty: () => der.implicit(5, der.explicit(1, der.utf8("x"))),
};

export interface PointSpec {
  readonly names?: readonly Buffer[];
  readonly relative?: Buffer;
  readonly reasons?: readonly number[];
  readonly crlIssuer?: readonly Buffer[];
}

const pointName = ({ names, relative }: PointSpec) =>
  names || relative
    ? [der.explicit(0, names ? der.implicit(0, Buffer.concat([...names])) : der.implicit(1, relative!))]
    : [];
const reasonBits = (tag: number, reasons?: readonly number[]) =>
  reasons ? [der.implicitPrimitive(tag, readDer(der.namedBits(reasons)).content)] : [];

function point(spec: PointSpec): Buffer {
  return der.sequence(
    ...pointName(spec),
    ...reasonBits(1, spec.reasons),
    ...(spec.crlIssuer ? [der.implicit(2, Buffer.concat([...spec.crlIssuer]))] : []),
  );
}

export const ext = {
  ca: (pathLength?: number) =>
    extension(
      Oid.basicConstraints,
      der.sequence(der.boolean(true), ...(pathLength === undefined ? [] : [der.integer(pathLength)])),
      true,
    ),
  notCa: () => extension(Oid.basicConstraints, der.sequence(), true),
  usage: (...usages: KeyUsage[]) =>
    extension(Oid.keyUsage, der.namedBits(usages.map((usage) => keyUsages.indexOf(usage))), true),
  purposes: (critical: boolean, ...oids: string[]) =>
    extension(Oid.extendedKeyUsage, der.sequence(...oids.map(der.oid)), critical),
  ski: (bytes: Buffer) => extension(Oid.subjectKeyIdentifier, der.octets(bytes)),
  aki: (bytes: Buffer) => extension(Oid.authorityKeyIdentifier, der.sequence(der.implicitPrimitive(0, bytes))),
  akiSerial: (issuer: Buffer, serial: number) =>
    extension(Oid.authorityKeyIdentifier, der.sequence(der.implicit(1, general.directory(issuer)), tagged(2, serial))),
  policies: (oids: readonly string[], options: { critical?: boolean; qualifier?: string } = {}) =>
    extension(
      Oid.certificatePolicies,
      der.sequence(
        ...oids.map((oid) =>
          der.sequence(
            der.oid(oid),
            ...(options.qualifier ? [der.sequence(der.sequence(der.oid(options.qualifier), der.ia5("x")))] : []),
          ),
        ),
      ),
      options.critical,
    ),
  mappings: (...pairs: (readonly [string, string])[]) =>
    extension(Oid.policyMappings, der.sequence(...pairs.map(([from, to]) => der.sequence(der.oid(from), der.oid(to))))),
  constraints: (explicit: number | undefined, mapping?: number) =>
    extension(
      Oid.policyConstraints,
      der.sequence(
        ...(explicit === undefined ? [] : [tagged(0, explicit)]),
        ...(mapping === undefined ? [] : [tagged(1, mapping)]),
      ),
      true,
    ),
  inhibitAny: (skip: number) => extension(Oid.inhibitAnyPolicy, der.integer(skip), true),
  names: (permitted: readonly Buffer[] | undefined, excluded?: readonly Buffer[]) => {
    const list = (tag: number, names: readonly Buffer[] | undefined) =>
      names ? [der.implicit(tag, Buffer.concat(names.map((base) => der.sequence(base))))] : [];
    return extension(Oid.nameConstraints, der.sequence(...list(0, permitted), ...list(1, excluded)), true);
  },
  alternative: (...names: Buffer[]) => extension(Oid.subjectAltName, der.sequence(...names)),
  points: (...points: PointSpec[]) => extension(Oid.crlDistributionPoints, der.sequence(...points.map(point))),
  freshest: (...points: PointSpec[]) => extension(Oid.freshestCrl, der.sequence(...points.map(point))),
  access: (...pairs: (readonly [string, Buffer])[]) =>
    extension(
      Oid.authorityInfoAccess,
      der.sequence(...pairs.map(([oid, location]) => der.sequence(der.oid(oid), location))),
    ),
  noCheck: () => extension(Oid.ocspNoCheck, der.null()),
  unknown: (critical: boolean) => extension("1.2.3.4.5", der.null(), critical),
};

export interface EntrySpec {
  readonly serial: Buffer | number | bigint;
  readonly at?: Date;
  readonly reason?: number;
  readonly invalidFrom?: Date;
  readonly certificateIssuer?: readonly Buffer[];
  readonly extensions?: readonly Buffer[];
}

export interface CrlSpec {
  readonly issuer: Party;
  readonly entries?: readonly EntrySpec[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly number?: number;
  readonly base?: number;
  readonly aki?: Buffer;
  readonly scope?: PointSpec & {
    readonly onlyUser?: boolean;
    readonly onlyCa?: boolean;
    readonly onlyAttribute?: boolean;
    readonly onlyReasons?: readonly number[];
    readonly indirect?: boolean;
  };
  readonly extensions?: readonly Buffer[];
  readonly signature?: Buffer;
  readonly tbs?: (fields: Buffer[]) => Buffer[];
  readonly outerAlgorithm?: Buffer;
}

const flag = (tag: number, set: boolean | undefined) => (set ? [der.implicitPrimitive(tag, Buffer.from([0xff]))] : []);

function entry(spec: EntrySpec): Buffer {
  const extensions = [
    ...(spec.reason === undefined ? [] : [extension(Oid.crlReason, der.enumerated(spec.reason))]),
    ...(spec.invalidFrom ? [extension(Oid.invalidityDate, der.generalizedTime(spec.invalidFrom))] : []),
    ...(spec.certificateIssuer
      ? [extension(Oid.certificateIssuer, der.sequence(...spec.certificateIssuer), true)]
      : []),
    ...(spec.extensions ?? []),
  ];
  return der.sequence(
    Buffer.isBuffer(spec.serial) ? spec.serial : der.integer(spec.serial),
    der.time(spec.at ?? start),
    ...(extensions.length ? [der.sequence(...extensions)] : []),
  );
}

export function crlBytes(spec: CrlSpec): Buffer {
  const { scope, entries = [], nextUpdate = plus(now, day) } = spec;
  const extensions = [
    ...(spec.aki ? [ext.aki(spec.aki)] : []),
    ...(spec.number === undefined ? [] : [extension(Oid.crlNumber, der.integer(spec.number))]),
    ...(spec.base === undefined ? [] : [extension(Oid.deltaCrlIndicator, der.integer(spec.base), true)]),
    ...(scope
      ? [
          extension(
            Oid.issuingDistributionPoint,
            der.sequence(
              ...pointName(scope),
              ...flag(1, scope.onlyUser),
              ...flag(2, scope.onlyCa),
              ...reasonBits(3, scope.onlyReasons),
              ...flag(4, scope.indirect),
              ...flag(5, scope.onlyAttribute),
            ),
            true,
          ),
        ]
      : []),
    ...(spec.extensions ?? []),
  ];
  const fields = [
    der.integer(1),
    ecdsa,
    spec.issuer.name,
    der.time(spec.thisUpdate ?? plus(now, -day)),
    ...(nextUpdate ? [der.time(nextUpdate)] : []),
    ...(entries.length ? [der.sequence(...entries.map(entry))] : []),
    ...(extensions.length ? [der.explicit(0, der.sequence(...extensions))] : []),
  ];
  const tbs = der.sequence(...(spec.tbs?.(fields) ?? fields));
  const signature = spec.signature ?? sign("sha256", tbs, spec.issuer.key);
  return der.sequence(tbs, spec.outerAlgorithm ?? ecdsa, der.bits(signature));
}

export const crl = (spec: CrlSpec): Crl => readCrl(crlBytes(spec));

export interface SingleSpec {
  readonly certificate: Certificate;
  readonly issuer: Party;
  readonly status?: "good" | "unknown" | { readonly at: Date; readonly reason?: number };
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  readonly hash?: "sha1" | "sha256";
  readonly serial?: number;
  readonly extensions?: readonly Buffer[];
}

export interface OcspSpec {
  readonly responder: Party;
  readonly byKey?: boolean;
  readonly responderId?: Buffer;
  readonly producedAt?: Date;
  readonly singles: readonly SingleSpec[];
  readonly certificates?: readonly Buffer[];
  readonly nonce?: Buffer;
  readonly extensions?: readonly Buffer[];
  readonly signature?: Buffer;
  readonly tbs?: (fields: Buffer[]) => Buffer[];
}

function single(spec: SingleSpec): Buffer {
  const { status = "good", hash = "sha1", nextUpdate = plus(now, day), extensions } = spec;
  const hashed = (bytes: Buffer) => der.octets(createHash(hash).update(bytes).digest());
  const state =
    status === "good"
      ? der.implicitPrimitive(0, Buffer.alloc(0))
      : status === "unknown"
        ? der.implicitPrimitive(2, Buffer.alloc(0))
        : der.implicit(
            1,
            Buffer.concat([
              der.generalizedTime(status.at),
              ...(status.reason === undefined ? [] : [der.explicit(0, der.enumerated(status.reason))]),
            ]),
          );
  return der.sequence(
    der.sequence(
      der.sequence(der.oid(Oid[hash]), der.null()),
      hashed(spec.issuer.name),
      hashed(pointOf(spkiOf(spec.issuer.key))),
      der.integer(spec.serial ?? spec.certificate.serialNumber),
    ),
    state,
    der.generalizedTime(spec.thisUpdate ?? plus(now, -day)),
    ...(nextUpdate ? [der.explicit(0, der.generalizedTime(nextUpdate))] : []),
    ...(extensions ? [der.explicit(1, der.sequence(...extensions))] : []),
  );
}

export function basicBytes(spec: OcspSpec): Buffer {
  const { responder, certificates = [] } = spec;
  const extensions = [
    ...(spec.nonce ? [extension(Oid.ocspNonce, der.octets(spec.nonce))] : []),
    ...(spec.extensions ?? []),
  ];
  const id = spec.byKey ? der.explicit(2, der.octets(keyId(responder))) : der.explicit(1, responder.name);
  const fields = [
    spec.responderId ?? id,
    der.generalizedTime(spec.producedAt ?? plus(now, -day)),
    der.sequence(...spec.singles.map(single)),
    ...(extensions.length ? [der.explicit(1, der.sequence(...extensions))] : []),
  ];
  const tbs = der.sequence(...(spec.tbs?.(fields) ?? fields));
  const signature = spec.signature ?? sign("sha256", tbs, responder.key);
  return der.sequence(
    tbs,
    ecdsa,
    der.bits(signature),
    ...(certificates.length ? [der.explicit(0, der.sequence(...certificates))] : []),
  );
}

export const ocspBytes = (spec: OcspSpec) =>
  der.sequence(der.enumerated(0), der.explicit(0, der.sequence(der.oid(Oid.ocspBasic), der.octets(basicBytes(spec)))));

export const ocsp = (spec: OcspSpec): OcspResponse => readOcspResponse(ocspBytes(spec));

/** A root, an authority below it and a person: what most tests begin with. */
export const rootParty = party("CN=Root, C=VN");
export const caParty = party("CN=Authority, C=VN");
export const personParty = party("CN=Person, C=VN");
export const caExtensions = (pathLength?: number) => [ext.ca(pathLength), ext.usage("keyCertSign", "cRLSign")];
export const root = certificate({ subject: rootParty, issuer: rootParty, extensions: caExtensions() });
export const ca = certificate({ subject: caParty, issuer: rootParty, extensions: caExtensions() });
export const person = certificate({
  subject: personParty,
  issuer: caParty,
  extensions: [ext.notCa(), ext.usage("digitalSignature", "nonRepudiation")],
});
export const anchor: TrustAnchor = { certificate: root, store: "TEST" };

/** The code of the error that a call throws. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "none";
}
