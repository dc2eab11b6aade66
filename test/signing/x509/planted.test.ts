import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import type { readCertificate } from "../../../signing/x509/certificates.ts";
import type { readCrl } from "../../../signing/x509/crl.ts";
import type { readOcspResponse } from "../../../signing/x509/ocsp.ts";
import type { CertificateRequest, validateCertificate } from "../../../signing/x509/validation.ts";
import {
  ca,
  caExtensions,
  caParty,
  certificateBytes,
  crlBytes,
  day,
  ecdsa,
  end,
  ext,
  extension,
  general,
  keyOf,
  name,
  now,
  ocspBytes,
  party,
  person,
  personParty,
  plus,
  root,
  rootParty,
  type CertificateSpec,
  type CrlSpec,
  type OcspSpec,
} from "./pki.ts";

/** Something that must not pass: a certificate with what is at hand to judge it, all of it as bytes. */
interface Attack extends Omit<Partial<CertificateRequest>, "certificate" | "evidence" | "anchors"> {
  readonly leaf?: Buffer;
  readonly pool?: readonly Buffer[];
  readonly crls?: readonly Buffer[];
  readonly ocsp?: readonly Buffer[];
  readonly until?: Date;
}

interface Library {
  readonly readCertificate: typeof readCertificate;
  readonly readCrl: typeof readCrl;
  readonly readOcspResponse: typeof readOcspResponse;
  readonly validateCertificate: typeof validateCertificate;
}

const project = fileURLToPath(new URL("../../../signing", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "planted-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');

async function load(from: string): Promise<Library> {
  const files = ["certificates", "crl", "ocsp", "validation"].map((file) => join(from, `x509/${file}.ts`));
  const modules = (await Promise.all(files.map((file) => import(pathToFileURL(file).href)))) as object[];
  return Object.assign({}, ...modules) as Library;
}

function passes(library: Library, attack: Attack): boolean {
  const { leaf = person.der, pool = [ca.der], crls = [list(), rootList], ocsp = [], until, ...rest } = attack;
  try {
    const { indication } = library.validateCertificate({
      certificate: library.readCertificate(leaf),
      evidence: {
        certificates: pool.map(library.readCertificate),
        crls: crls.map(library.readCrl),
        ocsp: ocsp.map(library.readOcspResponse),
      },
      anchors: [{ certificate: library.readCertificate(root.der), store: "TEST", ...(until && { until }) }],
      at: now,
      purpose: "signature",
      revocation: "required",
      ...rest,
    });
    return indication === "PASSED";
  } catch (error) {
    expect(error).toMatchObject({ name: "SigningError" });
    return false;
  }
}

const list = (extra: Partial<CrlSpec> = {}) => crlBytes({ issuer: caParty, ...extra });
const rootList = crlBytes({ issuer: rootParty });
const leaf = (extra: Partial<CertificateSpec> = {}) =>
  certificateBytes({ subject: personParty, issuer: caParty, serial: 42, ...extra });
const authority = (extensions: Buffer[]) => certificateBytes({ subject: caParty, issuer: rootParty, extensions });
const revoking = (reason?: number, at = plus(now, -1000)): CrlSpec["entries"] => [
  { serial: 42, at, ...(reason !== undefined && { reason }) },
];
const offline = { crls: [], revocation: "none" as const };
const responder = party("CN=Responder");
const answer = (extensions: Buffer[], extra: Partial<CertificateSpec> = {}, spec: Partial<OcspSpec> = {}): Attack => ({
  crls: [rootList],
  ocsp: [
    ocspBytes({
      responder,
      singles: [{ certificate: person, issuer: caParty }],
      certificates: [certificateBytes({ subject: responder, issuer: caParty, serial: 43, extensions, ...extra })],
      ...spec,
    }),
  ],
});
const delegate = [ext.purposes(false, Oid.ocspSigning), ext.noCheck()];
const point = (text: string) => [general.uri(text)];
const policies = (...oids: string[]) => ext.policies(oids);
const listSigner = party("CN=List signer");
const indirect = ext.points({ crlIssuer: [general.directory(listSigner.name)] });
const signerOf = (serial: number) => certificateBytes({ subject: listSigner, issuer: rootParty, serial });

const [A, B] = ["1.2.3.1", "1.2.3.2"] as const;
const mapping = [...caExtensions(), policies(A), ext.mappings([A, B])];

const planted: [string, string, string, string, Attack][] = [
  [
    "an extension may stand twice",
    "certificates",
    "if (extensions.has(oid)) throw",
    "if (false) throw",
    { leaf: leaf({ extensions: [ext.unknown(false), ext.unknown(false)] }) },
  ],
  [
    "the two algorithms may differ",
    "certificates",
    "if (!inner.raw.equals(outer.raw)) throw",
    "if (false) throw",
    // The algorithm outside is the one that the signature is by; what was signed names another.
    { leaf: leaf({ algorithm: der.sequence(der.oid("1.2.3")), outerAlgorithm: ecdsa }) },
  ],
  [
    "lengths need not be DER",
    "der",
    "if (element.indefinite || header",
    "if (false && header",
    { leaf: leaf({ subject: { ...personParty, name: Buffer.from([0x30, 0x81, 0]) } }) },
  ],
  [
    "signatures of an unknown algorithm pass",
    "path-validation",
    'return result === "valid" ? undefined : notes[0];',
    'return result !== "invalid" ? undefined : notes[0];',
    { leaf: leaf({ algorithm: der.sequence(der.oid("1.2.3.4")) }), algorithms: () => undefined },
  ],
  [
    "names need not lead on",
    "names",
    "a.der.equals(b.der) || nameKey(a) === nameKey(b)",
    "true",
    { ...offline, leaf: leaf({ issuer: { ...rootParty, name: name("CN=Nobody") } }), pool: [] },
  ],
  [
    "expiry is not looked at",
    "path-validation",
    'at > certificate.notAfter ? "EXPIRED" : undefined',
    "undefined",
    { ...offline, leaf: leaf({ notAfter: plus(now, -1000) }) },
  ],
  [
    "certificates hold before they begin",
    "path-validation",
    'if (at < certificate.notBefore) return "NOT_YET_VALID"',
    "",
    { ...offline, leaf: leaf({ notBefore: plus(now, 1000) }) },
  ],
  [
    "serial numbers may be negative",
    "path-validation",
    "certificate.serialNumber < 0n",
    "false",
    { ...offline, leaf: leaf({ serial: Buffer.from([2, 1, 0xff]) }) },
  ],
  [
    "anchors are trusted for ever",
    "path-validation",
    "!isTrustedAt(anchor, inputs.at)",
    "false",
    { ...offline, until: plus(now, -1) },
  ],
  [
    "everybody is an authority",
    "path-validation",
    'ca ? undefined : "ISSUER_IS_NO_AUTHORITY"',
    "undefined && ca",
    { ...offline, leaf: leaf(), pool: [authority([ext.notCa()])] },
  ],
  [
    "key usage of an authority is not looked at",
    "path-validation",
    'keyUsage && !keyUsage.has("keyCertSign")',
    "false",
    { ...offline, leaf: leaf(), pool: [authority([ext.ca(), ext.usage("cRLSign")])] },
  ],
  [
    "path lengths are not counted",
    "path-validation",
    "state.maximumLength <= 0",
    "false",
    {
      ...offline,
      leaf: leaf({ issuer: party("CN=Third") }),
      pool: [
        authority(caExtensions(0)),
        certificateBytes({ subject: party("CN=Third"), issuer: caParty, extensions: caExtensions() }),
      ],
    },
  ],
  [
    "critical extensions are ignored",
    "path-validation",
    "if (!critical || understood.has(oid)) continue;",
    "continue;",
    { ...offline, leaf: leaf({ extensions: [ext.unknown(true)] }) },
  ],
  [
    "names need not be permitted",
    "name-constraints",
    'return "NAME_NOT_PERMITTED"',
    "continue",
    {
      ...offline,
      leaf: leaf({ extensions: [ext.alternative(general.dns("a.com"))] }),
      pool: [authority([...caExtensions(), ext.names([general.dns("vn")])])],
    },
  ],
  [
    "names may be excluded",
    "name-constraints",
    'if (excluded) return "NAME_EXCLUDED"',
    "",
    {
      ...offline,
      leaf: leaf({ extensions: [ext.alternative(general.dns("a.com"))] }),
      pool: [authority([...caExtensions(), ext.names(undefined, [general.dns("com")])])],
    },
  ],
  [
    "policies are never required",
    "path-validation",
    "requireExplicitPolicy ?? Infinity",
    "Infinity || requireExplicitPolicy",
    { ...offline, leaf: leaf(), pool: [authority([...caExtensions(), policies(A), ext.constraints(0)])] },
  ],
  [
    "acceptable policies are not asked for",
    "policy-graph",
    "found.filter(({ policy }) => acceptable.has(policy))",
    "found",
    {
      ...offline,
      leaf: leaf({ extensions: [policies(A)] }),
      pool: [authority([...caExtensions(), policies(A)])],
      policies: [B],
      explicitPolicy: true,
    },
  ],
  [
    "mappings are never inhibited",
    "path-validation",
    "state.policyMapping > 0",
    "true",
    {
      ...offline,
      leaf: leaf({ extensions: [policies(B)] }),
      pool: [authority(mapping)],
      explicitPolicy: true,
      inhibitPolicyMapping: true,
    },
  ],
  [
    "any policy is never inhibited",
    "path-validation",
    "state.anyPolicy > 0 ||",
    "true ||",
    {
      ...offline,
      leaf: leaf({ extensions: [policies(Oid.anyPolicy)] }),
      pool: [authority([...caExtensions(), policies(A), ext.inhibitAny(0)])],
      explicitPolicy: true,
    },
  ],
  [
    "any policy may be mapped",
    "path-validation",
    'if (any) return "POLICY_MAPPING_WITH_ANY_POLICY"',
    "",
    { ...offline, leaf: leaf(), pool: [authority([...caExtensions(), ext.mappings([Oid.anyPolicy, B])])] },
  ],
  [
    "any key stamps time",
    "validation",
    'alone && extensions.get(Oid.extendedKeyUsage)?.critical ? undefined : "KEY_MAY_NOT_TIMESTAMP"',
    "undefined",
    { ...offline, purpose: "timestamp" },
  ],
  [
    "lists need no signature",
    "statements",
    'verifySigned(signed, key).result !== "valid"',
    "false",
    { crls: [list({ signature: Buffer.alloc(8) }), rootList] },
  ],
  [
    "whoever has the name may sign lists",
    "crl-status",
    'issuer.keyUsage && !issuer.keyUsage.has("cRLSign")',
    "false",
    { leaf: leaf(), pool: [authority([ext.ca(), ext.usage("keyCertSign")])] },
  ],
  [
    "critical extensions of lists are ignored",
    "crl-status",
    "crl.unknownCritical.length > 0",
    "false",
    { crls: [list({ entries: [{ serial: 1, extensions: [ext.unknown(true)] }] }), rootList] },
  ],
  [
    "old lists are as good as new ones",
    "statements",
    "at.getTime() <= until",
    "true",
    { crls: [list({ nextUpdate: plus(now, -1000) }), rootList] },
  ],
  [
    "a revocation counts a moment late",
    "revocation",
    "revokedAt <= at",
    "revokedAt < at",
    { leaf: leaf(), crls: [list({ entries: revoking(1, now)! }), rootList] },
  ],
  [
    "lists of another distribution point count",
    "crl-scope",
    "if (!scope?.point) return true;",
    "return true;",
    { crls: [list({ scope: { names: point("http://elsewhere") } }), rootList] },
  ],
  [
    "lists for authorities count for everybody",
    "crl-scope",
    "scope.onlyAuthorityCertificates && !isAuthority",
    "false",
    { crls: [list({ scope: { onlyCa: true } }), rootList] },
  ],
  [
    "lists for users count for authorities",
    "crl-scope",
    "scope.onlyUserCertificates && isAuthority",
    "false",
    { crls: [list(), crlBytes({ issuer: rootParty, scope: { onlyUser: true } })] },
  ],
  [
    "lists for attribute certificates count",
    "crl-scope",
    "if (scope.onlyAttributeCertificates) return",
    "if (false) return",
    { crls: [list({ scope: { onlyAttribute: true } }), rootList] },
  ],
  [
    "some reasons are as good as all",
    "revocation",
    "told.size < allReasons.size",
    "false",
    { crls: [list({ scope: { onlyReasons: [1] } }), rootList] },
  ],
  [
    "delta lists are not looked at",
    "crl-status",
    ".filter((delta) => completes(delta, complete))",
    ".filter(() => false)",
    { leaf: leaf(), crls: [list({ number: 1 }), list({ number: 2, base: 1, entries: revoking(1)! }), rootList] },
  ],
  [
    "delta lists lift more than a hold",
    "crl-status",
    'base && base.reason !== "certificateHold" ? base : undefined',
    "undefined",
    {
      leaf: leaf(),
      crls: [list({ number: 1, entries: revoking(1)! }), list({ number: 2, base: 1, entries: revoking(8)! }), rootList],
    },
  ],
  [
    "a delta list alone is a list",
    "crl-status",
    "near.filter(({ baseNumber }) => baseNumber === undefined)",
    "near",
    { crls: [list({ number: 2, base: 1 }), rootList] },
  ],
  [
    "entries of an indirect list are its issuer's",
    "crl-entries",
    "sections.push({ from: size, issuers })",
    "{}",
    {
      leaf: leaf({ extensions: [indirect] }),
      pool: [ca.der, signerOf(7)],
      crls: [
        crlBytes({
          issuer: listSigner,
          scope: { indirect: true },
          entries: [{ serial: 42, certificateIssuer: [general.directory(caParty.name)] }],
        }),
        rootList,
      ],
    },
  ],
  [
    "a list need not say that it is indirect",
    "crl-scope",
    "!scope?.indirect || ",
    "",
    {
      leaf: leaf({ extensions: [indirect] }),
      pool: [ca.der, signerOf(7)],
      crls: [crlBytes({ issuer: listSigner }), rootList],
    },
  ],
  [
    "the signer of a list may be revoked",
    "crl-status",
    'if (status !== "GOOD" || !fresh) return',
    "if (false) return",
    {
      leaf: leaf({ extensions: [indirect] }),
      pool: [ca.der, signerOf(7)],
      crls: [
        crlBytes({ issuer: listSigner, scope: { indirect: true } }),
        crlBytes({ issuer: rootParty, entries: [{ serial: 7 }] }),
      ],
    },
  ],
  [
    "the signer of a list needs no path",
    "crl-status",
    'return `SIGNER_${first ?? "WITHOUT_PATH"}`;',
    "return first;",
    {
      leaf: leaf({ extensions: [indirect] }),
      pool: [ca.der, certificateBytes({ subject: listSigner, issuer: party("CN=Nobody") })],
      crls: [crlBytes({ issuer: listSigner, scope: { indirect: true } }), rootList],
    },
  ],
  [
    "expired certificates are good when taken off the list",
    "crl-status",
    "!found && newest.thisUpdate > certificate.notAfter",
    "false",
    {
      leaf: leaf({ notAfter: plus(now, 1000) }),
      crls: [list({ thisUpdate: plus(now, 2000) }), rootList],
    },
  ],
  [
    "delegates need no purpose",
    "ocsp-status",
    "!candidate.extendedKeyUsage?.includes(Oid.ocspSigning)",
    "false",
    answer([ext.noCheck()]),
  ],
  [
    "delegates may have expired",
    "ocsp-status",
    "if (ownFault) return",
    "if (false) return",
    answer(delegate, { notAfter: plus(now, -3 * day) }),
  ],
  [
    "delegates may be revoked",
    "ocsp-status",
    "if (hasNoCheck(candidate) || !hasStatusService(candidate)) return undefined;",
    "return undefined;",
    answer([ext.purposes(false, Oid.ocspSigning), ext.points({ names: point("http://x") })]),
  ],
  [
    "delegates answer for themselves",
    "revocation",
    '{ status: "UNKNOWN", fresh: false, notes: [] }',
    '{ status: "GOOD", fresh: true, notes: [] }',
    selfAnswering(),
  ],
  [
    "responses need no signature",
    "statements",
    'verifySigned(signed, key).result !== "valid"',
    "false",
    answer(delegate, {}, { signature: Buffer.alloc(8) }),
  ],
  [
    "unknown is good",
    "ocsp-status",
    'single.status === "unknown"',
    "false",
    answer(delegate, {}, { singles: [{ certificate: person, issuer: caParty, status: "unknown" }] }),
  ],
  [
    "responses for another serial number count",
    "ocsp",
    "id.serialNumber !== certificate.serialNumber",
    "false",
    answer(delegate, {}, { singles: [{ certificate: person, issuer: caParty, serial: 5 }] }),
  ],
  [
    "responses for another issuer's key count",
    "ocsp",
    "hashed(keyBits(issuer)).equals(id.issuerKeyHash)",
    "true",
    answer(delegate, {}, { singles: [{ certificate: person, issuer: { ...caParty, key: keyOf("x") } }] }),
  ],
  [
    "responses for another certificate count",
    "ocsp-status",
    "!digest(hash.algorithm, certificate.der).equals(hash.hash)",
    "false",
    answer(
      delegate,
      {},
      {
        singles: [
          {
            certificate: person,
            issuer: caParty,
            extensions: [
              extension(
                Oid.ocspCertificateHash,
                der.sequence(der.sequence(der.oid(Oid.sha256)), der.octets(Buffer.alloc(32))),
              ),
            ],
          },
        ],
      },
    ),
  ],
  [
    "critical extensions of responses are ignored",
    "ocsp-status",
    "if (critical) return",
    "if (false) return",
    answer(delegate, {}, { extensions: [ext.unknown(true)] }),
  ],
  [
    "responders remember for ever",
    "ocsp-status",
    "if (!revoked && forgotten) return",
    "if (false) return",
    forgetful(),
  ],
];

/** The responder's own status is only in an answer of its own. */
function selfAnswering(): Attack {
  const access = ext.access([Oid.ocsp, general.uri("http://x")]);
  const spec: CertificateSpec = {
    subject: responder,
    issuer: caParty,
    serial: 44,
    extensions: [ext.purposes(false, Oid.ocspSigning), access],
  };
  const bytes = certificateBytes(spec);
  const self = { ...person, serialNumber: 44n };
  const answers = [person, self].map((certificate) =>
    ocspBytes({ responder, singles: [{ certificate, issuer: caParty }], certificates: [bytes] }),
  );
  return { crls: [rootList], ocsp: answers };
}

/** Produced after the certificate's end, by a responder that does not say how long it remembers. */
function forgetful(): Attack {
  const late = { notAfter: plus(end, 9 * day) };
  const after = { thisUpdate: plus(end, 1000), nextUpdate: plus(end, day) };
  return answer(delegate, late, {
    producedAt: plus(end, 1000),
    singles: [{ certificate: person, issuer: caParty, ...after }],
  });
}

describe("planted bugs are caught", () => {
  let sound: Library;
  beforeAll(async () => void (sound = await load(project)));

  test("while what is right passes", () => {
    expect(passes(sound, {})).toBe(true);
    expect(passes(sound, answer(delegate))).toBe(true);
    expect(passes(sound, { ...offline, leaf: leaf() })).toBe(true);
    expect(passes(sound, { leaf: leaf() })).toBe(true);
    const timestamp = leaf({ extensions: [ext.purposes(true, Oid.timeStamping)] });
    expect(passes(sound, { ...offline, leaf: timestamp, purpose: "timestamp" })).toBe(true);
  });

  test.each(planted)("%s", async (title, file, code, broken, attack) => {
    expect(passes(sound, attack)).toBe(false);
    const copy = join(folder, title.replaceAll(" ", "-"));
    for (const part of ["x509", "algorithms", "asn1.ts", "errors.ts", "oids.ts"]) {
      cpSync(join(project, part), join(copy, part), { recursive: true });
    }
    const path = join(copy, "x509", `${file}.ts`);
    const source = readFileSync(path, "utf8");
    expect(source.split(code)).toHaveLength(2);
    writeFileSync(
      path,
      source.replace(code, () => broken),
    );
    expect(passes(await load(copy), attack)).toBe(true);
  });
});
