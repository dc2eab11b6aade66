import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { Oid } from "../../../signing/oids.ts";
import type { Certificate } from "../../../signing/x509/certificates.ts";
import type { Crl } from "../../../signing/x509/crl.ts";
import type { OcspResponse } from "../../../signing/x509/ocsp.ts";
import type { Path } from "../../../signing/x509/path.ts";
import { revocationLimits, revocationStatus, type RevocationRequest } from "../../../signing/x509/revocation.ts";
import {
  anchor,
  ca,
  caExtensions,
  caParty,
  certificate,
  crl,
  day,
  end,
  ext,
  extension,
  general,
  keyId,
  keyOf,
  name,
  now,
  ocsp,
  party,
  person,
  personParty,
  plus,
  root,
  rootParty,
  start,
  type CertificateSpec,
  type CrlSpec,
  type OcspSpec,
  type PointSpec,
  type SingleSpec,
} from "./pki.ts";

const serialOf = (certificate: Certificate) => ({ serial: certificate.serialNumber });

interface Given {
  readonly subject?: Certificate;
  readonly authority?: Certificate;
  readonly certificates?: readonly Certificate[];
  readonly crls?: readonly Crl[];
  readonly ocsp?: readonly OcspResponse[];
  readonly at?: Date;
  readonly algorithms?: RevocationRequest["algorithms"];
}

function statusOf({ subject = person, authority = ca, ...given }: Given = {}) {
  return revocationStatus({
    path: { certificates: [subject, authority, root], anchor },
    index: 0,
    evidence: { certificates: given.certificates ?? [], crls: given.crls ?? [], ocsp: given.ocsp ?? [] },
    anchors: [anchor],
    at: given.at ?? now,
    ...(given.algorithms && { algorithms: given.algorithms }),
  });
}

const list = (extra: Partial<CrlSpec> = {}) => crl({ issuer: caParty, ...extra });
const revoking = (extra: Partial<CrlSpec> = {}, entry: Partial<NonNullable<CrlSpec["entries"]>[number]> = {}) =>
  list({ entries: [{ ...serialOf(person), at: plus(now, -2 * day), ...entry }], ...extra });
const unknown = (...notes: string[]) => ({ status: "UNKNOWN", fresh: false, notes });

describe("from a list, a certificate", () => {
  test("that is not on it is good, and the source is told", () => {
    const source = list({ entries: [{ serial: 99999 }] });
    expect(statusOf({ crls: [source] })).toEqual({
      status: "GOOD",
      fresh: true,
      notes: [],
      source: {
        kind: "CRL",
        issuer: "CN=Authority, C=VN",
        signer: ca,
        thisUpdate: plus(now, -day),
        nextUpdate: plus(now, day),
        producedAt: undefined,
        sha256: createHash("sha256").update(source.der).digest("hex"),
      },
    });
  });

  test("that is on it is revoked from that instant on", () => {
    const crls = [revoking({}, { at: now, reason: 1, invalidFrom: start })];
    expect(statusOf({ crls })).toMatchObject({
      status: "REVOKED",
      reason: "keyCompromise",
      revokedAt: now,
      invalidFrom: start,
      fresh: true,
      notes: [],
    });
    expect(statusOf({ crls, at: plus(now, -1000) })).toMatchObject({
      status: "GOOD",
      reason: "keyCompromise",
      revokedAt: now,
      fresh: true,
      notes: ["REVOKED_LATER"],
      source: { kind: "CRL" },
    });
    const plain = statusOf({ crls: [revoking()] });
    expect(plain.status).toBe("REVOKED");
    expect([plain, "reason" in plain, "invalidFrom" in plain].slice(1)).toEqual([false, false]);
  });

  test("of another issuer's list is not spoken of", () => {
    const other = list({ issuer: party("CN=Other") });
    expect(statusOf({ crls: [other] })).toEqual(unknown());
    expect(statusOf()).toEqual(unknown());
  });

  test("is judged by lists that are fresh: until their next time, or issued later", () => {
    const of = (thisUpdate: Date, nextUpdate: Date | null) => statusOf({ crls: [list({ thisUpdate, nextUpdate })] });
    expect(of(plus(now, -day), now)).toMatchObject({ status: "GOOD", fresh: true });
    expect(of(plus(now, -day), plus(now, -1000))).toMatchObject({ status: "GOOD", fresh: false });
    expect(of(plus(now, day), plus(now, 2 * day))).toMatchObject({ status: "GOOD", fresh: true });
    expect(of(now, plus(now, -1000))).toMatchObject({ status: "GOOD", fresh: true });
    expect(of(plus(now, -day), null)).toMatchObject({ status: "GOOD", fresh: true });
    expect(of(plus(now, -day - 1000), null)).toMatchObject({ status: "GOOD", fresh: false });
  });

  test("stays revoked by a list that is old", () => {
    const old = revoking(
      { thisUpdate: plus(now, -9 * day), nextUpdate: plus(now, -8 * day) },
      { at: plus(now, -20 * day) },
    );
    expect(statusOf({ crls: [old] })).toMatchObject({ status: "REVOKED", fresh: false });
    expect(statusOf({ crls: [old, list()] })).toMatchObject({ status: "REVOKED" });
    expect(statusOf({ crls: [list(), old] })).toMatchObject({ status: "REVOKED" });
  });

  test("that has expired may have been taken off, unless the list keeps such", () => {
    const late = { thisUpdate: plus(end, 1000), nextUpdate: plus(end, day) };
    const keeping = (since: Date) => [extension(Oid.expiredCertificatesOnCrl, der.generalizedTime(since))];
    expect(statusOf({ crls: [list(late)] })).toEqual(unknown("CRL_AFTER_EXPIRY"));
    expect(statusOf({ crls: [list({ ...late, thisUpdate: end })] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ crls: [list({ ...late, extensions: keeping(end) })] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ crls: [list({ ...late, extensions: keeping(plus(end, 1000)) })] })).toEqual(
      unknown("CRL_AFTER_EXPIRY"),
    );
    expect(statusOf({ crls: [revoking(late)] })).toMatchObject({ status: "REVOKED" });
  });

  test("on hold is revoked until newer news", () => {
    const hold = (at: Date) => revoking({ thisUpdate: at }, { reason: 6 });
    expect(statusOf({ crls: [hold(plus(now, -day))] })).toMatchObject({ status: "REVOKED", reason: "certificateHold" });
    expect(statusOf({ crls: [hold(plus(now, -2 * day)), list()] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ crls: [hold(plus(now, -1000)), list()] })).toMatchObject({ status: "REVOKED" });
    // Of two that are equally new, the worse counts.
    expect(statusOf({ crls: [list(), hold(plus(now, -day))] })).toMatchObject({ status: "REVOKED" });
    const forGood = revoking({ thisUpdate: plus(now, -3 * day) }, { reason: 4 });
    expect(statusOf({ crls: [hold(plus(now, -day)), forGood] })).toMatchObject({ reason: "superseded" });
  });

  test("on a list several times is revoked since the earliest, and an entry that takes it off counts alone only", () => {
    const entries = [
      { ...serialOf(person), at: plus(now, -1000), reason: 4 },
      { ...serialOf(person), at: plus(now, -5000), reason: 1 },
      { ...serialOf(person), at: plus(now, -9000), reason: 8 },
    ];
    expect(statusOf({ crls: [list({ entries })] })).toMatchObject({
      reason: "keyCompromise",
      revokedAt: plus(now, -5000),
    });
    expect(statusOf({ crls: [list({ entries: entries.slice(2) })] })).toMatchObject({ status: "GOOD" });
    const two = [revoking({}, { at: plus(now, -1000), reason: 4 }), revoking({}, { at: plus(now, -2000), reason: 3 })];
    expect(statusOf({ crls: two })).toMatchObject({ reason: "affiliationChanged" });
    expect(statusOf({ crls: two.toReversed() })).toMatchObject({ reason: "affiliationChanged" });
  });

  test("of a list that is not understood is not spoken of, even where it stands on it", () => {
    const critical = [extension("1.2.3.4", der.null(), true)];
    expect(statusOf({ crls: [revoking({ extensions: critical })] })).toEqual(unknown("CRL_CRITICAL_EXTENSION 1.2.3.4"));
    expect(statusOf({ crls: [list({ entries: [{ serial: 1, extensions: critical }] })] })).toEqual(
      unknown("CRL_CRITICAL_EXTENSION 1.2.3.4"),
    );
  });

  test("whose entry is broken is not spoken of", () => {
    const broken = revoking({}, { extensions: [extension(Oid.crlReason, der.null())] });
    expect(statusOf({ crls: [broken] })).toEqual(unknown("CRL_ASN1_MALFORMED"));
  });
});

describe("a list is authentic", () => {
  const forged = { ...caParty, key: keyOf("forger") };

  test("only with the signature of its issuer", () => {
    expect(statusOf({ crls: [list({ issuer: forged })] })).toEqual(unknown("CRL_SIGNATURE"));
    const tampered = list({ signature: Buffer.alloc(8) });
    expect(statusOf({ crls: [tampered] })).toEqual(unknown("CRL_SIGNATURE"));
  });

  test("only by an algorithm that is accepted at the instant", () => {
    const algorithms: Given["algorithms"] = ({ at }) => (at > now ? "TOO_OLD" : undefined);
    expect(statusOf({ crls: [list()], algorithms })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ crls: [list()], algorithms, at: plus(now, 1) })).toEqual(unknown("CRL_TOO_OLD"));
  });

  test("only where its signer may sign lists", () => {
    const of = (...extensions: Buffer[]) => {
      const authority = certificate({ subject: caParty, issuer: rootParty, extensions: [ext.ca(), ...extensions] });
      return statusOf({ authority, crls: [list()] });
    };
    expect(of(ext.usage("keyCertSign"))).toEqual(unknown("CRL_SIGNER_UNAUTHORISED"));
    expect(of(ext.usage("cRLSign"))).toMatchObject({ status: "GOOD" });
    expect(of()).toMatchObject({ status: "GOOD" });
  });

  const second = { ...caParty, key: keyOf("second key") };
  const signer = (extra: Partial<CertificateSpec> = {}) =>
    certificate({ subject: second, issuer: rootParty, extensions: [ext.usage("cRLSign")], ...extra });
  const rootList = (extra: Partial<CrlSpec> = {}) => crl({ issuer: rootParty, ...extra });

  test("by another key of the issuer, whose certificate leads to the same anchor and is not revoked", () => {
    const byOther = list({ issuer: second });
    expect(statusOf({ crls: [byOther, rootList()], certificates: [signer()] })).toMatchObject({
      status: "GOOD",
      source: { issuer: "CN=Authority, C=VN" },
    });
    expect(statusOf({ crls: [byOther, rootList()] })).toEqual(unknown("CRL_SIGNATURE"));
    const own = signer();
    const revoked = rootList({ entries: [{ ...serialOf(own), at: start }] });
    expect(statusOf({ crls: [byOther, revoked], certificates: [own] })).toMatchObject({
      status: "UNKNOWN",
      notes: ["CRL_SIGNATURE"],
    });
    const stale = rootList({ nextUpdate: plus(now, -1000) });
    expect(statusOf({ crls: [byOther, stale], certificates: [own] })).toMatchObject({ status: "UNKNOWN" });
  });

  test("and why another signer will not do is told where there is no more to say", () => {
    // The list bears a name that only the signer has.
    const issuer = party("CN=List signer");
    const listed = certificate({
      subject: personParty,
      issuer: caParty,
      extensions: [ext.points({ crlIssuer: [general.directory(issuer.name)] })],
    });
    const indirect = crl({ issuer, scope: { indirect: true } });
    const of = (extra: Partial<CertificateSpec>, crls: Crl[] = [rootList()], at = now) =>
      statusOf({
        subject: listed,
        crls: [indirect, ...crls],
        certificates: [
          certificate({ subject: issuer, issuer: rootParty, extensions: [ext.usage("cRLSign")], ...extra }),
        ],
        at,
      });
    expect(of({})).toMatchObject({ status: "GOOD", source: { issuer: "CN=List signer" } });
    expect(of({ extensions: [] })).toMatchObject({ status: "GOOD" });
    expect(of({ extensions: [ext.usage("digitalSignature")] })).toEqual(unknown("CRL_SIGNER_UNAUTHORISED"));
    expect(of({ subject: { ...issuer, key: keyOf("x") } })).toEqual(unknown("CRL_SIGNATURE"));
    expect(of({ issuer: party("CN=Nobody") })).toEqual(unknown("CRL_SIGNER_WITHOUT_PATH"));
    expect(of({}, [])).toEqual(unknown("CRL_SIGNER_STATUS_UNKNOWN"));
    // Its time is that of the list, not that of the question.
    const thisUpdate = plus(now, -day);
    expect(of({ notAfter: plus(thisUpdate, -1000) })).toEqual(unknown("CRL_SIGNER_EXPIRED"));
    expect(of({ notBefore: plus(thisUpdate, 1000) })).toEqual(unknown("CRL_SIGNER_NOT_YET_VALID"));
    expect(of({ notBefore: thisUpdate, notAfter: thisUpdate })).toMatchObject({ status: "GOOD" });
    const revoked = rootList({ entries: [{ serial: 4711, at: plus(now, -1000) }] });
    expect(of({ serial: 4711 }, [revoked])).toEqual(unknown("CRL_SIGNER_STATUS_REVOKED"));
    expect(of({ serial: 4711 }, [revoked], plus(now, -2000))).toMatchObject({ status: "GOOD" });
    // A list issued later than the instant asked about: its signer must not have been revoked by then.
    const between = rootList({ entries: [{ serial: 4711, at: plus(now, -2 * day) }] });
    const early = plus(now, -3 * day);
    expect(of({ serial: 4711 }, [between], early)).toEqual(unknown("CRL_SIGNER_STATUS_REVOKED"));
    expect(of({ serial: 4711 }, [revoked], early)).toMatchObject({ status: "GOOD" });
    expect(statusOf({ subject: listed, crls: [indirect] })).toEqual(unknown("CRL_SIGNER_NOT_FOUND"));
    const spki = der.sequence(der.sequence(der.oid("1.2")), der.bits(Buffer.alloc(1)));
    expect(of({ spki })).toEqual(unknown("CRL_SIGNER_UNSUPPORTED_KEY"));
    const unreadable = certificate({ subject: issuer, issuer: rootParty, spki });
    const readable = certificate({ subject: issuer, issuer: rootParty });
    expect(
      statusOf({ subject: listed, crls: [indirect, rootList()], certificates: [unreadable, readable] }),
    ).toMatchObject({ status: "GOOD" });
    // Several signers to be had: the right one is found, the first fault is told.
    const wrong = certificate({ subject: { ...issuer, key: keyOf("x") }, issuer: rootParty });
    const right = certificate({ subject: issuer, issuer: rootParty });
    const both = { subject: listed, crls: [indirect, rootList()] };
    expect(statusOf({ ...both, certificates: [wrong, right] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ ...both, certificates: [wrong] })).toEqual(unknown("CRL_SIGNATURE"));
    // The path of the signer is as long as it is, and each certificate of it has a status.
    const upper = party("CN=Between");
    const middle = certificate({ subject: upper, issuer: rootParty, extensions: caExtensions() });
    const below = certificate({ subject: issuer, issuer: upper });
    const ofBetween = crl({ issuer: upper });
    const deep = { subject: listed, certificates: [middle, below] };
    expect(statusOf({ ...deep, crls: [indirect, ofBetween, rootList()] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ ...deep, crls: [indirect, ofBetween] })).toMatchObject({ status: "UNKNOWN" });
    const middleRevoked = rootList({ entries: [serialOf(middle)] });
    expect(statusOf({ ...deep, crls: [indirect, ofBetween, middleRevoked] })).toMatchObject({ status: "UNKNOWN" });
  });

  test("by a signer for whom only so many paths are tried", () => {
    const issuer = party("CN=List signer");
    const subject = certificate({
      subject: personParty,
      issuer: caParty,
      extensions: [ext.points({ crlIssuer: [general.directory(issuer.name)] })],
    });
    const upper = party("CN=Between");
    const at = (notBefore: Date) =>
      certificate({ subject: upper, issuer: rootParty, extensions: caExtensions(), notBefore });
    const of = (bad: number) =>
      statusOf({
        subject,
        crls: [crl({ issuer, scope: { indirect: true } }), crl({ issuer: upper }), rootList()],
        certificates: [
          certificate({ subject: issuer, issuer: upper }),
          // All of these are as likely, and only the last will do.
          ...Array.from({ length: bad }, () =>
            certificate({ subject: upper, issuer: rootParty, extensions: [ext.ca(), ext.unknown(true)] }),
          ),
          at(start),
        ],
      });
    expect(of(7)).toMatchObject({ status: "GOOD" });
    expect(of(8)).toEqual(unknown("CRL_SIGNER_CRITICAL_EXTENSION 1.2.3.4.5"));
  });

  test("where its signer's status is on that very list, as long as that does not say revoked", () => {
    const issuer = party("CN=List signer");
    const points = ext.points({ crlIssuer: [general.directory(issuer.name)] });
    const subject = certificate({ subject: personParty, issuer: caParty, extensions: [points] });
    const own = certificate({ subject: issuer, issuer: caParty, extensions: [ext.usage("cRLSign"), points] });
    const scope = { indirect: true };
    expect(statusOf({ subject, certificates: [own], crls: [crl({ issuer, scope })] })).toMatchObject({
      status: "GOOD",
    });
    const entries = [{ ...serialOf(own), certificateIssuer: [general.directory(caParty.name)] }];
    expect(statusOf({ subject, certificates: [own], crls: [crl({ issuer, scope, entries })] })).toEqual(
      unknown("CRL_SIGNER_STATUS_REVOKED"),
    );
  });

  test("by the anchor itself, though another certificate of it stands in the path", () => {
    const authority = certificate({
      subject: rootParty,
      issuer: rootParty,
      extensions: [ext.ca(), ext.usage("keyCertSign")],
    });
    const subject = certificate({ subject: personParty, issuer: rootParty });
    const path: Path = { certificates: [subject, authority, root], anchor };
    const evidence = { certificates: [], crls: [rootList()], ocsp: [] };
    expect(revocationStatus({ path, index: 0, evidence, anchors: [anchor], at: now })).toMatchObject({
      status: "GOOD",
    });
  });

  test("never where its signer's key cannot be read", () => {
    const authority = certificate({
      subject: caParty,
      issuer: rootParty,
      spki: der.sequence(der.sequence(der.oid("1.2")), der.bits(Buffer.alloc(1))),
    });
    expect(statusOf({ authority, crls: [list()] })).toEqual(unknown("CRL_SIGNER_KEY"));
  });

  test("and signers that point at each other in a circle prove nothing", () => {
    const [a, b] = [party("CN=A"), party("CN=B")];
    const named = (by: { name: Buffer }) => ext.points({ crlIssuer: [general.directory(by.name)] });
    const subject = certificate({ subject: personParty, issuer: caParty, extensions: [named(a)] });
    const certificates = [
      certificate({ subject: a, issuer: caParty, extensions: [named(b)] }),
      certificate({ subject: b, issuer: caParty, extensions: [named(a)] }),
    ];
    const crls = [a, b].map((issuer) => crl({ issuer, scope: { indirect: true } }));
    expect(statusOf({ subject, certificates, crls })).toEqual(unknown("CRL_SIGNER_STATUS_UNKNOWN"));
  });

  test("and signers are followed so far and no further", () => {
    const chainOf = (length: number) => {
      const parties = Array.from({ length }, (_, i) => party(`CN=signer ${i}`));
      const assured = extension(Oid.validityAssuredShortTerm, der.null());
      const named = (i: number) =>
        i < length ? ext.points({ crlIssuer: [general.directory(parties[i]!.name)] }) : assured;
      return statusOf({
        subject: certificate({ subject: personParty, issuer: caParty, extensions: [named(0)] }),
        certificates: parties.map((subject, i) =>
          certificate({ subject, issuer: caParty, extensions: [named(i + 1)] }),
        ),
        crls: parties.map((issuer) => crl({ issuer, scope: { indirect: true } })),
      }).status;
    };
    expect(chainOf(revocationLimits.depth)).toBe("GOOD");
    expect(chainOf(revocationLimits.depth + 1)).toBe("UNKNOWN");
  });
});

describe("the scope of a list", () => {
  const uri = (text: string) => [general.uri(text)];
  const judged = (points: PointSpec[], scope: CrlSpec["scope"], extra: Partial<CrlSpec> = {}) =>
    statusOf({
      subject: certificate({
        subject: personParty,
        issuer: caParty,
        ...(points.length && { extensions: [ext.points(...points)] }),
      }),
      crls: [list({ ...(scope && { scope }), ...extra })],
    });
  const elsewhere = unknown("CRL_OF_ANOTHER_DISTRIBUTION_POINT");

  test("is a distribution point of the certificate", () => {
    expect(judged([{ names: uri("http://a") }], { names: uri("http://a") })).toMatchObject({ status: "GOOD" });
    expect(judged([{ names: uri("http://b") }], { names: uri("http://a") })).toEqual(elsewhere);
    expect(judged([{ names: uri("http://b") }, { names: uri("http://a") }], { names: uri("http://a") })).toMatchObject({
      status: "GOOD",
    });
    expect(judged([{ names: uri("http://b") }], { names: [...uri("http://a"), ...uri("http://b")] })).toMatchObject({
      status: "GOOD",
    });
    expect(judged([{ names: uri("http://b") }], undefined)).toMatchObject({ status: "GOOD" });
    expect(judged([], { names: uri("http://a") })).toEqual(elsewhere);
    expect(judged([{}], { names: uri("http://a") })).toEqual(elsewhere);
    expect(judged([{}], undefined)).toMatchObject({ status: "GOOD" });
    expect(judged([], { names: [general.directory(caParty.name)] })).toMatchObject({ status: "GOOD" });
  });

  test("may be named relative to the issuer", () => {
    const relative = der.sequence(der.oid("2.5.4.3"), der.utf8("list"));
    const full = [general.directory(name("CN=LIST, CN=Authority, C=VN"))];
    expect(judged([{ relative }], { names: full })).toMatchObject({ status: "GOOD" });
    expect(judged([{ names: full }], { relative })).toMatchObject({ status: "GOOD" });
    expect(judged([{ relative }], { relative })).toMatchObject({ status: "GOOD" });
    expect(judged([{ relative }], { names: [general.directory(name("CN=list"))] })).toEqual(elsewhere);
  });

  test("is one kind of certificates", () => {
    expect(judged([], { onlyUser: true })).toMatchObject({ status: "GOOD" });
    expect(judged([], { onlyCa: true })).toEqual(unknown("CRL_FOR_AUTHORITIES"));
    expect(judged([], { onlyAttribute: true })).toEqual(unknown("CRL_FOR_ATTRIBUTE_CERTIFICATES"));
    const authority = certificate({ subject: personParty, issuer: caParty, extensions: caExtensions() });
    const of = (scope: CrlSpec["scope"]) => statusOf({ subject: authority, crls: [list({ ...(scope && { scope }) })] });
    expect(of({ onlyUser: true })).toEqual(unknown("CRL_FOR_USER_CERTIFICATES"));
    expect(of({ onlyCa: true })).toMatchObject({ status: "GOOD" });
  });

  test("is some reasons, and only all of them together make a certificate good", () => {
    const some = (onlyReasons: number[], extra: Partial<CrlSpec> = {}) => list({ scope: { onlyReasons }, ...extra });
    const rest = [2, 3, 4, 5, 6, 7, 8];
    expect(statusOf({ crls: [some([1])] })).toEqual(unknown("REASONS_NOT_COVERED"));
    expect(statusOf({ crls: [some([1]), some(rest)] })).toMatchObject({ status: "GOOD", fresh: true });
    expect(statusOf({ crls: [some([1]), some(rest.slice(1))] })).toEqual(unknown("REASONS_NOT_COVERED"));
    expect(statusOf({ crls: [some([1]), some(rest, { nextUpdate: plus(now, -1000) })] })).toMatchObject({
      status: "GOOD",
      fresh: false,
    });
    expect(statusOf({ crls: [some([1], { entries: [serialOf(person)] })] })).toMatchObject({ status: "REVOKED" });
    // The one that knows everything is the source, though another is newer.
    const newer = some([1], { thisUpdate: plus(now, -1000) });
    expect(statusOf({ crls: [newer, list()] })).toMatchObject({ source: { thisUpdate: plus(now, -day) } });
  });

  test("is limited by the reasons of the certificate's distribution point as well", () => {
    const named = { names: uri("http://a") };
    expect(judged([{ ...named, reasons: [1] }], named)).toEqual(unknown("REASONS_NOT_COVERED"));
    expect(judged([{ ...named, reasons: [1] }, named], named)).toMatchObject({ status: "GOOD" });
    expect(judged([{ ...named, reasons: [1, 2] }], { ...named, onlyReasons: [2, 3] })).toEqual(
      unknown("REASONS_NOT_COVERED"),
    );
    // A list for everything does, over the point that is taken for granted.
    expect(judged([{ ...named, reasons: [1] }], undefined)).toMatchObject({ status: "GOOD" });
  });

  test("of an indirect list is what a distribution point gives to its issuer", () => {
    const issuer = party("CN=List signer");
    const signer = certificate({ subject: issuer, issuer: rootParty });
    const of = (points: PointSpec, scope: CrlSpec["scope"], entries: CrlSpec["entries"] = []) =>
      statusOf({
        subject: certificate({ subject: personParty, issuer: caParty, serial: 55, extensions: [ext.points(points)] }),
        certificates: [signer],
        crls: [crl({ issuer, ...(scope && { scope }), entries }), crl({ issuer: rootParty })],
      });
    const crlIssuer = [general.directory(issuer.name)];
    expect(of({ crlIssuer }, { indirect: true })).toMatchObject({ status: "GOOD" });
    expect(of({ crlIssuer }, undefined)).toEqual(elsewhere);
    expect(of({ crlIssuer }, {})).toEqual(elsewhere);
    expect(of({ crlIssuer: [general.uri("x")] }, { indirect: true })).toEqual(unknown());
    const named = uri("http://a");
    expect(of({ crlIssuer, names: named }, { indirect: true, names: named })).toMatchObject({ status: "GOOD" });
    expect(of({ crlIssuer, names: uri("http://b") }, { indirect: true, names: named })).toEqual(elsewhere);
    // Without a name of its own, the point is called like its list's issuer.
    expect(of({ crlIssuer }, { indirect: true, names: crlIssuer })).toMatchObject({ status: "GOOD" });
    expect(of({ crlIssuer }, { indirect: true, names: named })).toEqual(elsewhere);
    const relative = der.sequence(der.oid("2.5.4.3"), der.utf8("list"));
    expect(of({ crlIssuer, relative }, { indirect: true, relative })).toMatchObject({ status: "GOOD" });
    const certificateIssuer = [general.directory(caParty.name)];
    expect(of({ crlIssuer }, { indirect: true }, [{ serial: 55, certificateIssuer }])).toMatchObject({
      status: "REVOKED",
    });
    expect(of({ crlIssuer }, { indirect: true }, [{ serial: 55 }])).toMatchObject({ status: "GOOD" });
  });

  test("of a certificate whose points cannot be read is unknown", () => {
    const subject = certificate({
      subject: personParty,
      issuer: caParty,
      extensions: [extension(Oid.crlDistributionPoints, der.null())],
    });
    expect(statusOf({ subject, crls: [list()] })).toEqual(unknown("ASN1_MALFORMED"));
  });
});

describe("a delta list", () => {
  const base = (extra: Partial<CrlSpec> = {}) => list({ number: 5, ...extra });
  const delta = (extra: Partial<CrlSpec> = {}) => list({ number: 6, base: 5, thisUpdate: plus(now, -1000), ...extra });
  const revoked = (reason: number, at = plus(now, -2 * day)) => ({ entries: [{ ...serialOf(person), at, reason }] });

  test("alone says nothing", () => {
    expect(statusOf({ crls: [delta(revoked(1))] })).toEqual(unknown());
  });

  test("revokes what the complete list did not, and is named as the source", () => {
    const source = delta(revoked(1));
    expect(statusOf({ crls: [base(), source] })).toMatchObject({
      status: "REVOKED",
      reason: "keyCompromise",
      source: { sha256: source.sha256, thisUpdate: plus(now, -1000) },
    });
    expect(statusOf({ crls: [base(), delta()] })).toMatchObject({
      status: "GOOD",
      source: { thisUpdate: plus(now, -1000) },
    });
    expect(statusOf({ crls: [base(revoked(1)), delta()] })).toMatchObject({ status: "REVOKED" });
  });

  test("lifts a hold, and nothing else", () => {
    const lifting = delta(revoked(8));
    expect(statusOf({ crls: [base(revoked(6)), lifting] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ crls: [base(revoked(1)), lifting] })).toMatchObject({
      status: "REVOKED",
      reason: "keyCompromise",
    });
    expect(statusOf({ crls: [base(), lifting] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ crls: [base(revoked(8)), lifting] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ crls: [base(revoked(6)), delta(revoked(1))] })).toMatchObject({ reason: "keyCompromise" });
  });

  test.each([
    ["a base that is newer than the complete list", { base: 6, number: 7 }, {}],
    ["a number that is not newer", { number: 5 }, {}],
    ["no number", { number: undefined }, {}],
    ["a complete list without a number", {}, { number: undefined }],
    ["another scope", { scope: { onlyUser: true } }, {}],
    ["another scope in the complete list", {}, { scope: { onlyUser: true } }],
    ["another key", { aki: keyId(caParty) }, {}],
    ["a key that differs", { aki: keyId(caParty) }, { aki: keyId(personParty) }],
    ["a wrong signature", { signature: Buffer.alloc(8) }, {}],
    ["a critical extension", { extensions: [extension("1.2.3.4", der.null(), true)] }, {}],
  ] satisfies [string, object, object][])("does not count with %s", (_, ofDelta, ofBase) => {
    const without = (extra: object) =>
      Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined)) as Partial<CrlSpec>;
    const spec = (made: Partial<CrlSpec>, extra: object) => list(without({ ...made, ...extra }));
    const crls = [
      spec({ number: 5 }, ofBase),
      spec({ number: 6, base: 5, thisUpdate: plus(now, -1000), ...revoked(1) }, ofDelta),
    ];
    expect(statusOf({ crls })).toMatchObject({ status: "GOOD", source: { thisUpdate: plus(now, -day) } });
  });

  test("counts with the same scope and key, and a base older than the complete list", () => {
    const same = { scope: { onlyUser: true }, aki: keyId(caParty) };
    expect(statusOf({ crls: [base(same), delta({ ...same, ...revoked(1) })] })).toMatchObject({ status: "REVOKED" });
    expect(statusOf({ crls: [base(), delta({ base: 3, ...revoked(1) })] })).toMatchObject({ status: "REVOKED" });
    expect(statusOf({ crls: [list({ number: 5 }), list({ number: 6, base: 5, issuer: rootParty })] })).toMatchObject({
      status: "GOOD",
      source: { thisUpdate: plus(now, -day) },
    });
  });

  test("of several, the newest that is authentic", () => {
    const older = delta({ thisUpdate: plus(now, -5000), ...revoked(6) });
    const newest = delta({ number: 8, thisUpdate: plus(now, -1000) });
    const forged = delta({ number: 9, thisUpdate: plus(now, -500), signature: Buffer.alloc(8), ...revoked(1) });
    for (const deltas of [
      [older, newest, forged],
      [forged, newest, older],
    ]) {
      expect(statusOf({ crls: [base(), ...deltas] })).toMatchObject({
        status: "GOOD",
        source: { sha256: newest.sha256 },
      });
    }
  });

  test("and its complete list must both be fresh", () => {
    const old = { nextUpdate: plus(now, -1000) };
    expect(statusOf({ crls: [base(old), delta()] })).toMatchObject({ status: "GOOD", fresh: false });
    expect(statusOf({ crls: [base(), delta({ ...old, thisUpdate: plus(now, -5000) })] })).toMatchObject({
      fresh: false,
    });
  });

  test("issued by somebody whom a distribution point names belongs to that issuer's list", () => {
    const issuer = party("CN=List signer");
    const points = ext.points({ crlIssuer: [general.directory(issuer.name)] });
    const subject = certificate({ subject: personParty, issuer: caParty, extensions: [points] });
    const of = (extra: Partial<CrlSpec>) => crl({ issuer, scope: { indirect: true }, number: 5, ...extra });
    const entries = [{ ...serialOf(subject), certificateIssuer: [general.directory(caParty.name)] }];
    const crls = [of({}), of({ number: 6, base: 5, entries }), crl({ issuer: rootParty })];
    const certificates = [certificate({ subject: issuer, issuer: rootParty })];
    expect(statusOf({ subject, crls, certificates })).toMatchObject({ status: "REVOKED" });
    const foreign = [list({ number: 5 }), of({ number: 6, base: 5, scope: undefined as never, entries })];
    expect(statusOf({ subject, crls: [...foreign, crl({ issuer: rootParty })], certificates })).toMatchObject({
      status: "GOOD",
      source: { issuer: "CN=Authority, C=VN" },
    });
  });
});

describe("from an OCSP response, a certificate", () => {
  const single = (extra: Partial<SingleSpec> = {}): SingleSpec => ({ certificate: person, issuer: caParty, ...extra });
  const response = (extra: Partial<SingleSpec> = {}, spec: Partial<OcspSpec> = {}) =>
    ocsp({ responder: caParty, singles: [single(extra)], ...spec });

  test("is good, and the source is told", () => {
    const source = response({}, { producedAt: plus(now, -5000) });
    expect(statusOf({ ocsp: [source] })).toEqual({
      status: "GOOD",
      fresh: true,
      notes: [],
      source: {
        kind: "OCSP",
        issuer: "CN=Authority, C=VN",
        signer: ca,
        thisUpdate: plus(now, -day),
        nextUpdate: plus(now, day),
        producedAt: plus(now, -5000),
        sha256: source.sha256,
      },
    });
    expect(statusOf({ ocsp: [response({ hash: "sha256" })] })).toMatchObject({ status: "GOOD" });
  });

  test("is revoked from an instant on", () => {
    const revoked = [response({ status: { at: now, reason: 1 } })];
    expect(statusOf({ ocsp: revoked })).toMatchObject({ status: "REVOKED", reason: "keyCompromise", revokedAt: now });
    expect(statusOf({ ocsp: revoked, at: plus(now, -1) })).toMatchObject({ status: "GOOD", notes: ["REVOKED_LATER"] });
    expect(statusOf({ ocsp: revoked, crls: [list()] })).toMatchObject({ status: "REVOKED", source: { kind: "OCSP" } });
    expect(statusOf({ ocsp: [response()], crls: [revoking()] })).toMatchObject({ status: "REVOKED" });
  });

  test("is not known", () => {
    expect(statusOf({ ocsp: [response({ status: "unknown" })] })).toEqual(unknown("OCSP_STATUS_UNKNOWN"));
    expect(statusOf({ ocsp: [response({ serial: 5 })] })).toEqual(unknown());
    expect(statusOf({ ocsp: [response({ issuer: { ...caParty, key: keyOf("x") } })] })).toEqual(unknown());
    expect(statusOf({ ocsp: [response({ issuer: party("CN=x", "CN=Authority, C=VN") })] })).toEqual(unknown());
  });

  test("among several singles of one response", () => {
    const both = response({}, { singles: [single({ serial: 5, status: "unknown" }), single()] });
    expect(statusOf({ ocsp: [both] })).toMatchObject({ status: "GOOD", notes: [] });
    const twice = response({}, { singles: [single(), single({ status: { at: start } })] });
    expect(statusOf({ ocsp: [twice] })).toMatchObject({ status: "REVOKED" });
  });

  test("is judged by fresh responses; without a next time they are so for a day", () => {
    const of = (thisUpdate: Date, nextUpdate: Date | null) =>
      statusOf({ ocsp: [response({ thisUpdate, nextUpdate })] });
    expect(of(plus(now, -2 * day), now).fresh).toBe(true);
    expect(of(plus(now, -2 * day), plus(now, -1000)).fresh).toBe(false);
    expect(of(plus(now, -day), null).fresh).toBe(true);
    expect(of(plus(now, -day - 1000), null).fresh).toBe(false);
    expect(of(now, plus(now, -1000)).fresh).toBe(true);
  });

  test("by the newest of several words", () => {
    const older = response({ thisUpdate: plus(now, -5 * day), status: { at: start, reason: 6 } });
    expect(statusOf({ ocsp: [older], crls: [list()] })).toMatchObject({ status: "GOOD", source: { kind: "CRL" } });
    expect(statusOf({ ocsp: [older], crls: [list({ thisUpdate: plus(now, -6 * day) })] })).toMatchObject({
      status: "REVOKED",
      reason: "certificateHold",
    });
    const fresher = response({ thisUpdate: plus(now, -1000) });
    expect(statusOf({ ocsp: [fresher], crls: [list()] })).toMatchObject({ source: { kind: "OCSP" } });
    const stale = response({ thisUpdate: plus(now, -1000), nextUpdate: plus(now, -500) });
    expect(statusOf({ ocsp: [stale], crls: [list()] })).toMatchObject({ source: { kind: "CRL" }, fresh: true });
  });

  test("that has expired is not vouched for, unless the responder remembers so far back", () => {
    const late = { thisUpdate: plus(end, 1000), nextUpdate: plus(end, day) };
    const producedAt = { producedAt: plus(end, -1000) };
    const cutoff = (date: Date) => ({ extensions: [extension(Oid.ocspArchiveCutoff, der.generalizedTime(date))] });
    expect(statusOf({ ocsp: [response(late, producedAt)] })).toEqual(unknown("OCSP_AFTER_EXPIRY"));
    expect(statusOf({ ocsp: [response({ ...late, thisUpdate: end }, producedAt)] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ ocsp: [response({ ...late, ...cutoff(end) }, producedAt)] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ ocsp: [response({ ...late, ...cutoff(plus(end, 1000)) }, producedAt)] })).toEqual(
      unknown("OCSP_AFTER_EXPIRY"),
    );
    expect(statusOf({ ocsp: [response({ ...late, status: { at: start } }, producedAt)] })).toMatchObject({
      status: "REVOKED",
    });
  });

  test("with another hash is another's", () => {
    const hashed = (bytes: Buffer, algorithm: string = Oid.sha256) => ({
      extensions: [
        extension(
          Oid.ocspCertificateHash,
          der.sequence(der.sequence(der.oid(algorithm)), der.octets(createHash("sha256").update(bytes).digest())),
        ),
      ],
    });
    expect(statusOf({ ocsp: [response(hashed(person.der))] })).toMatchObject({ status: "GOOD" });
    expect(statusOf({ ocsp: [response(hashed(ca.der))] })).toEqual(unknown("OCSP_OF_ANOTHER_CERTIFICATE"));
    expect(statusOf({ ocsp: [response(hashed(person.der, "1.2.3"))] })).toEqual(unknown("OCSP_UNSUPPORTED_ALGORITHM"));
  });

  test("is not spoken of by a response with a critical extension that is not known", () => {
    const critical = [extension("1.2.3.4", der.null(), true)];
    const fault = unknown("OCSP_CRITICAL_EXTENSION 1.2.3.4");
    expect(statusOf({ ocsp: [response({ extensions: critical })] })).toEqual(fault);
    expect(statusOf({ ocsp: [response({}, { extensions: critical })] })).toEqual(fault);
    expect(statusOf({ ocsp: [response({ extensions: [extension("1.2.3.4", der.null())] })] })).toMatchObject({
      status: "GOOD",
    });
    const known = [
      extension(Oid.ocspNonce, der.octets(Buffer.alloc(8)), true),
      extension("1.3.6.1.5.5.7.48.1.9", der.null(), true),
    ];
    expect(statusOf({ ocsp: [response({}, { extensions: known })] })).toMatchObject({ status: "GOOD" });
  });

  test("is not spoken of by a response that is an error", () => {
    const { basic: _, ...error } = response();
    expect(statusOf({ ocsp: [{ ...error, basic: undefined }] })).toEqual(unknown());
  });
});

describe("a responder", () => {
  const responder = party("CN=Responder");
  const delegate = (extra: Partial<CertificateSpec> = {}) =>
    certificate({
      subject: responder,
      issuer: caParty,
      extensions: [ext.purposes(false, Oid.ocspSigning), ext.noCheck()],
      ...extra,
    });
  const by = (signer: Certificate | undefined, spec: Partial<OcspSpec> = {}, given: Given = {}) =>
    statusOf({
      ocsp: [
        ocsp({
          responder,
          singles: [{ certificate: person, issuer: caParty }],
          ...(signer && { certificates: [signer.der] }),
          ...spec,
        }),
      ],
      ...given,
    });

  test("with a certificate of the authority for this purpose may answer", () => {
    const signer = delegate();
    expect(by(signer)).toMatchObject({ status: "GOOD", source: { issuer: "CN=Responder", signer } });
    expect(by(signer, { byKey: true })).toMatchObject({ status: "GOOD" });
    expect(by(undefined, {}, { certificates: [signer] })).toMatchObject({ status: "GOOD" });
    const usage = (...usages: Parameters<typeof ext.usage>) =>
      by(delegate({ extensions: [ext.purposes(true, Oid.ocspSigning), ext.usage(...usages), ext.noCheck()] }));
    expect(usage("digitalSignature")).toMatchObject({ status: "GOOD" });
    expect(usage("nonRepudiation")).toMatchObject({ status: "GOOD" });
    expect(usage("keyEncipherment")).toEqual(unknown("OCSP_RESPONDER_UNAUTHORISED"));
  });

  test("without that purpose, or only with any purpose, may not", () => {
    const fault = unknown("OCSP_RESPONDER_UNAUTHORISED");
    expect(by(delegate({ extensions: [ext.noCheck()] }))).toEqual(fault);
    expect(by(delegate({ extensions: [ext.purposes(false, "2.5.29.37.0"), ext.noCheck()] }))).toEqual(fault);
    expect(by(delegate({ issuer: rootParty }))).toEqual(fault);
  });

  test("must be found, by name or key", () => {
    expect(by(undefined)).toEqual(unknown("OCSP_RESPONDER_NOT_FOUND"));
    expect(by(delegate({ subject: party("CN=Somebody else", "CN=Responder") }))).toEqual(
      unknown("OCSP_RESPONDER_NOT_FOUND"),
    );
    expect(by(delegate({ subject: { ...responder, key: keyOf("x") } }), { byKey: true })).toEqual(
      unknown("OCSP_RESPONDER_NOT_FOUND"),
    );
  });

  test("must have signed, by an accepted algorithm", () => {
    expect(by(delegate(), { signature: Buffer.alloc(8) })).toEqual(unknown("OCSP_RESPONDER_SIGNATURE"));
    expect(by(delegate({ subject: { ...responder, key: keyOf("x") } }))).toEqual(unknown("OCSP_RESPONDER_SIGNATURE"));
    expect(by(delegate(), {}, { algorithms: () => "TOO_OLD" })).toEqual(unknown("OCSP_RESPONDER_TOO_OLD"));
    const forger = { ...caParty, key: keyOf("forger") };
    expect(by(delegate({ issuer: forger }))).toEqual(unknown("OCSP_RESPONDER_SIGNATURE_MISMATCH"));
    expect(by(undefined, { responder: forger })).toEqual(unknown("OCSP_RESPONDER_SIGNATURE"));
  });

  test("must have been valid when it answered, to the second", () => {
    const producedAt = plus(now, -5000);
    expect(by(delegate({ notBefore: producedAt, notAfter: producedAt }), { producedAt })).toMatchObject({
      status: "GOOD",
    });
    expect(by(delegate({ notAfter: plus(producedAt, -1000) }), { producedAt })).toEqual(
      unknown("OCSP_RESPONDER_EXPIRED"),
    );
    expect(by(delegate({ notBefore: plus(producedAt, 1000) }), { producedAt })).toEqual(
      unknown("OCSP_RESPONDER_NOT_YET_VALID"),
    );
    expect(by(delegate({ extensions: [ext.purposes(false, Oid.ocspSigning), ext.unknown(true)] }))).toEqual(
      unknown("OCSP_RESPONDER_CRITICAL_EXTENSION 1.2.3.4.5"),
    );
  });

  test("is not judged by its authority's times, which are those of the path", () => {
    const authority = certificate({
      subject: caParty,
      issuer: rootParty,
      extensions: caExtensions(),
      notBefore: plus(now, -1000),
    });
    expect(by(delegate(), { producedAt: plus(now, -day) }, { authority })).toMatchObject({ status: "GOOD" });
  });

  test("whose status can be asked for must not be revoked", () => {
    const purposes = ext.purposes(false, Oid.ocspSigning);
    const asked = delegate({ serial: 808, extensions: [purposes, ext.points({ names: [general.uri("http://a")] })] });
    const answered = delegate({ extensions: [purposes, ext.access([Oid.ocsp, general.uri("http://a")])] });
    const silent = delegate({ extensions: [purposes] });
    expect(by(silent)).toMatchObject({ status: "GOOD" });
    expect(by(asked)).toEqual(unknown("OCSP_RESPONDER_STATUS_UNKNOWN"));
    expect(by(answered)).toEqual(unknown("OCSP_RESPONDER_STATUS_UNKNOWN"));
    // A list that does not know the person because it is limited to somebody else's point.
    const points = { scope: { names: [general.uri("http://a")] } };
    expect(by(asked, {}, { crls: [list(points)] })).toMatchObject({ status: "GOOD", source: { kind: "OCSP" } });
    const stale = list({ ...points, nextUpdate: plus(now, -2000) });
    expect(by(asked, {}, { crls: [stale] })).toMatchObject({ status: "UNKNOWN" });
    const revoked = list({ ...points, entries: [{ serial: 808, at: plus(now, -1000) }] });
    expect(by(asked, {}, { crls: [revoked] }).notes).toContain("OCSP_RESPONDER_STATUS_REVOKED");
    // Revoked after it answered, and before the instant asked about: what it said may be backdated.
    expect(by(asked, { producedAt: plus(now, -5000) }, { crls: [revoked] }).status).toBe("UNKNOWN");
    expect(by(asked, { producedAt: plus(now, -5000) }, { crls: [revoked], at: plus(now, -2000) }).status).toBe("GOOD");
    // What it says of itself is worth nothing.
    const own = ocsp({ responder, singles: [{ certificate: asked, issuer: caParty }], certificates: [asked.der] });
    const about = ocsp({ responder, singles: [{ certificate: person, issuer: caParty }], certificates: [asked.der] });
    expect(statusOf({ ocsp: [own, about] })).toMatchObject({ status: "UNKNOWN" });
    // With no-check it is not asked for.
    const exempt = delegate({ extensions: [purposes, ext.noCheck(), ext.points({})] });
    expect(by(exempt)).toMatchObject({ status: "GOOD" });
  });

  test("may be the authority itself under another of its certificates", () => {
    const renewed = certificate({ subject: caParty, issuer: rootParty, serial: 4, extensions: caExtensions() });
    const response = ocsp({
      responder: caParty,
      singles: [{ certificate: person, issuer: caParty }],
      certificates: [renewed.der],
    });
    expect(statusOf({ ocsp: [response] })).toMatchObject({ status: "GOOD" });
  });

  test("is not found with keys that cannot be read", () => {
    const spki = der.sequence(der.sequence(der.oid("1.2")), der.bits(Buffer.alloc(1)));
    const odd = certificate({ subject: caParty, issuer: rootParty, spki });
    const id = ocsp({ responder: caParty, singles: [{ certificate: person, issuer: caParty }] });
    const basic = id.basic!;
    const [first] = basic.singles;
    const keyHash = createHash("sha1").update(Buffer.alloc(1)).digest();
    const changed = {
      ...id,
      basic: { ...basic, singles: [{ ...first!, id: { ...first!.id, issuerKeyHash: keyHash } }] },
    };
    expect(statusOf({ authority: odd, ocsp: [changed] })).toEqual(unknown("OCSP_RESPONDER_KEY"));
    const broken = certificate({
      subject: responder,
      issuer: caParty,
      spki: der.sequence(der.sequence(der.oid("1.2"))),
    });
    // It does not keep the right one from being found, nor is it taken for one.
    expect(by(delegate(), { byKey: true, certificates: [broken.der, delegate().der] })).toMatchObject({
      status: "GOOD",
    });
    expect(by(broken, { byKey: true })).toEqual(unknown("OCSP_RESPONDER_NOT_FOUND"));
    const unreadable = certificate({
      subject: responder,
      issuer: caParty,
      extensions: [ext.purposes(false, Oid.ocspSigning)],
      spki,
    });
    expect(by(unreadable)).toEqual(unknown("OCSP_RESPONDER_UNSUPPORTED_KEY"));
    expect(by(undefined, { certificates: [unreadable.der, delegate().der] })).toMatchObject({ status: "GOOD" });
  });
});

describe("no status is needed", () => {
  test("for the anchor", () => {
    const path: Path = { certificates: [person, ca, root], anchor };
    const evidence = { certificates: [], crls: [], ocsp: [] };
    expect(revocationStatus({ path, index: 2, evidence, anchors: [anchor], at: now })).toEqual({
      status: "GOOD",
      fresh: true,
      notes: ["TRUST_ANCHOR"],
    });
    expect(revocationStatus({ path, index: 1, evidence, anchors: [anchor], at: now })).toEqual(unknown());
    const crls = [crl({ issuer: rootParty })];
    expect(
      revocationStatus({ path, index: 1, evidence: { ...evidence, crls }, anchors: [anchor], at: now }),
    ).toMatchObject({ status: "GOOD" });
  });

  const exempt = (...extensions: Buffer[]) =>
    statusOf({ subject: certificate({ subject: personParty, issuer: caParty, extensions }) });
  const none = extension(Oid.noRevocationAvailable, der.null());

  test("for certificates that say so (RFC 9608), unless they contradict themselves", () => {
    expect(exempt(none)).toEqual({ status: "GOOD", fresh: true, notes: ["NO_REVOCATION_AVAILABLE"] });
    const contradicted = unknown("NO_REVOCATION_AVAILABLE_CONTRADICTED");
    expect(exempt(none, ext.notCa())).toMatchObject({ status: "GOOD" });
    expect(exempt(none, ext.ca())).toEqual(contradicted);
    expect(exempt(none, ext.points({ names: [general.uri("x")] }))).toEqual(contradicted);
    expect(exempt(none, ext.freshest({ names: [general.uri("x")] }))).toEqual(contradicted);
    expect(exempt(none, ext.access([Oid.ocsp, general.uri("x")]))).toEqual(contradicted);
    expect(exempt(none, ext.access([Oid.caIssuers, general.uri("x")]))).toMatchObject({ status: "GOOD" });
  });

  test("for certificates whose short life is assured", () => {
    expect(exempt(extension(Oid.validityAssuredShortTerm, der.null()))).toEqual({
      status: "GOOD",
      fresh: true,
      notes: ["VALIDITY_ASSURED_SHORT_TERM"],
    });
  });
});

test("notes are told once, and no more than twenty", () => {
  const many = Array.from({ length: 30 }, (_, i) => list({ extensions: [extension(`1.2.3.${i}`, der.null(), true)] }));
  expect(statusOf({ crls: many }).notes).toHaveLength(revocationLimits.notes);
  const same = Array.from({ length: 3 }, () => list({ signature: Buffer.alloc(8) }));
  expect(statusOf({ crls: same }).notes).toEqual(["CRL_SIGNATURE"]);
});

test("so many signers are looked at for one status and no more", () => {
  const responder = party("CN=Responder");
  const extensions = [ext.purposes(false, Oid.ocspSigning), ext.points({ names: [general.uri("http://a")] })];
  const delegates = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      certificate({ subject: responder, issuer: caParty, serial: i + 1, extensions }),
    );
  const response = ocsp({ responder, singles: [{ certificate: person, issuer: caParty }] });
  const entries = Array.from({ length: revocationLimits.signers }, (_, i) => ({ serial: i + 1 }));
  const crls = [list({ scope: { names: [general.uri("http://a")] }, entries })];
  const of = (count: number) => statusOf({ ocsp: [response], crls, certificates: delegates(count) }).status;
  // All but the last are revoked.
  const last = (count: number) => {
    const shorter = [list({ scope: { names: [general.uri("http://a")] }, entries: entries.slice(0, count - 1) })];
    return statusOf({ ocsp: [response], crls: shorter, certificates: delegates(count) }).status;
  };
  expect(last(revocationLimits.signers)).toBe("GOOD");
  expect(of(revocationLimits.signers + 1)).toBe("UNKNOWN");
});
