import { describe, expect, test } from "vitest";
import { der } from "../../../signing/asn1.ts";
import { readName, type DistinguishedName } from "../../../signing/x509/certificates.ts";
import { readDer } from "../../../signing/x509/der.ts";
import {
  extendedNameKey,
  generalNameKey,
  isEmptyName,
  isWithin,
  nameKey,
  readGeneralName,
  sameName,
} from "../../../signing/x509/names.ts";
import { maximumComparisons, NameConstraints } from "../../../signing/x509/name-constraints.ts";
import { caParty, certificate, codeOf, ext, extension, general, name, party, rootParty } from "./pki.ts";
import { Oid } from "../../../signing/oids.ts";

const read = (bytes: Buffer): DistinguishedName => readName(readDer(bytes));
const of = (text: string, string?: (value: string) => Buffer) => read(name(text, string));
const universal = (text: string) => Buffer.concat([Buffer.from([0x1c, text.length]), Buffer.from(text)]);

describe("names are the same", () => {
  test.each([
    ["in other letter case", of("CN=Sở Y TẾ"), of("CN=sở y tế")],
    ["with other spaces", of("CN= a  b "), of("CN=a b")],
    ["with a tab or a no-break space for a space", of("CN=a\tb"), of("CN=a\u00a0b")],
    ["in another kind of string", of("CN=A b", der.printable), of("CN=a B", der.bmp)],
    ["composed and decomposed", of("CN=Sở"), of(`CN=${"Sở".normalize("NFD")}`)],
    ["with characters that are not seen", of("CN=a\u200b\u00adb"), of("CN=ab")],
    ["with full-width letters", of("CN=ＡＢ"), of("CN=ab")],
    ["with a letter that folds to two", of("CN=straße"), of("CN=STRASSE")],
  ])("%s", (_, a, b) => {
    expect(sameName(a, b)).toBe(true);
    expect(nameKey(a)).toBe(nameKey(b));
  });

  test("with the attributes of one part in another order", () => {
    const attributes = [der.oid("2.5.4.3"), der.oid("2.5.4.10")].map((oid) => der.sequence(oid, der.utf8("x")));
    const unsorted = (parts: Buffer[]) =>
      der.sequence(Buffer.concat([Buffer.from([0x31, Buffer.concat(parts).length]), ...parts]));
    expect(sameName(read(unsorted(attributes)), read(unsorted(attributes.toReversed())))).toBe(true);
  });
});

describe("names differ", () => {
  test.each([
    ["in a letter", of("CN=a"), of("CN=b")],
    ["in diacritics", of("CN=Sở"), of("CN=So")],
    ["in a part more", of("CN=a, O=b"), of("O=b")],
    ["in the order of parts", of("CN=a, O=b"), of("O=b, CN=a")],
    ["in the attribute", of("CN=a"), of("O=a")],
    ["in a space within", of("CN=ab"), of("CN=a b")],
    [
      "with bytes that are no UTF-8",
      of("CN=x", () => Buffer.from([12, 1, 0xff])),
      of("CN=x", () => Buffer.from([12, 1, 0xfe])),
    ],
    ["where a value looks like a separator", of("CN=a+2.5.4.3"), of("CN=a")],
    ["in what is no text", of("CN=x", () => der.integer(1)), of("CN=x", () => der.integer(2))],
    ["in text and bytes that look alike", of("CN=x", () => universal("ab")), of("CN=ab")],
  ])("%s", (_, a, b) => {
    expect(sameName(a, b)).toBe(false);
    expect(nameKey(a)).not.toBe(nameKey(b));
  });
});

test("a name lies within another where it begins with its parts", () => {
  expect(isWithin(of("CN=x, O=B, C=VN"), of("O=b, C=vn"))).toBe(true);
  expect(isWithin(of("C=VN"), of("C=VN"))).toBe(true);
  expect(isWithin(of("C=VN"), of("O=b, C=VN"))).toBe(false);
  expect(isWithin(of("O=b"), of("C=VN"))).toBe(false);
  expect(isWithin(of("O=b"), of(""))).toBe(true);
  expect([isEmptyName(of("")), isEmptyName(of("O=b"))]).toEqual([true, false]);
});

test("a relative name continues its issuer's", () => {
  const relative = readDer(der.implicit(1, der.sequence(der.oid("2.5.4.3"), der.utf8("LIST"))));
  expect(extendedNameKey(of("O=b"), relative)).toBe(nameKey(of("CN=list, O=b")));
  const broken = readDer(der.implicit(1, der.sequence(der.oid("2.5.4.3"))));
  expect(codeOf(() => extendedNameKey(of("O=b"), broken))).toBe("ASN1_MALFORMED");
});

test("general names are told apart by kind and value", () => {
  const key = (bytes: Buffer) => generalNameKey(readGeneralName(readDer(bytes)));
  const keys = [
    general.email("a"),
    general.dns("a"),
    general.uri("a"),
    general.uri("b"),
    general.directory(name("CN=a")),
    general.ip(1),
    general.ip(2),
    general.x400(),
    general.ediParty(),
    general.registered(),
    general.other("1.2.3"),
    general.other("1.2.3", "y"),
  ].map(key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(key(general.directory(name("CN=A ")))).toBe(key(general.directory(name("CN=a"))));
});

describe("name constraints", () => {
  const check = (subject: string, alternatives: Buffer[], ...constraints: [Buffer[]?, Buffer[]?][]) => {
    const names = new NameConstraints();
    for (const [permitted, excluded] of constraints) {
      const authority = certificate({
        subject: caParty,
        issuer: rootParty,
        extensions: [ext.names(permitted, excluded)],
      });
      expect(names.add(authority)).toBeUndefined();
    }
    return names.check(
      certificate({
        subject: party(subject),
        issuer: caParty,
        extensions: alternatives.length ? [ext.alternative(...alternatives)] : [],
      }),
    );
  };
  const directory = (text: string) => general.directory(name(text));

  const matching: [string, (text: string) => Buffer, string, string, boolean][] = [
    ["a host itself", general.dns, "gov.vn", "gov.vn", true],
    ["a host below", general.dns, "a.b.Gov.VN", "gov.vn", true],
    ["a host that only ends alike", general.dns, "agov.vn", "gov.vn", false],
    ["a host with a trailing period", general.dns, "a.gov.vn.", "gov.vn", true],
    ["any host", general.dns, "x", "", true],
    ["a host below a domain with a period", general.dns, "a.gov.vn", ".gov.vn", true],
    ["the domain with a period itself", general.dns, "gov.vn", ".gov.vn", false],
    ["a mailbox itself", general.email, "An@GOV.vn", "An@gov.vn", true],
    ["a mailbox of one letter", general.email, "a@gov.vn", "a@gov.vn", true],
    ["a mailbox in other case", general.email, "an@gov.vn", "An@gov.vn", false],
    ["a mailbox elsewhere", general.email, "An@com.vn", "An@gov.vn", false],
    ["a mailbox of a host", general.email, "an@Gov.vn", "gov.vn", true],
    ["a mailbox below a host", general.email, "an@a.gov.vn", "gov.vn", false],
    ["a mailbox below a domain", general.email, "an@a.gov.vn", ".gov.vn", true],
    ["a mailbox at a domain", general.email, "an@gov.vn", ".gov.vn", false],
    ["any mailbox", general.email, "an@gov.vn", "", true],
    ["a URI's host", general.uri, "http://Gov.vn/x", "gov.vn", true],
    ["a URI's host below", general.uri, "http://a.gov.vn", "gov.vn", false],
    ["a URI's host below a domain", general.uri, "https://u@a.gov.vn:8080?x", ".gov.vn", true],
    ["a URI's host in its query", general.uri, "http://x.com/?http://gov.vn", "gov.vn", false],
    ["a URI's host in the user's place", general.uri, "http://gov.vn@x.com", "gov.vn", false],
    ["a name below", directory, "CN=x, O=b, C=VN", "O=b, C=VN", true],
    ["a name beside", directory, "CN=x, O=c, C=VN", "O=b, C=VN", false],
  ];
  test.each(matching)("%s", (_, kind, value, base, match) => {
    expect(check("", [kind(value)], [[kind(base)]])).toBe(match ? undefined : "NAME_NOT_PERMITTED");
    expect(check("", [kind(value)], [undefined, [kind(base)]])).toBe(match ? "NAME_EXCLUDED" : undefined);
  });

  test.each([
    ["within the mask", [10, 1, 2, 3], [10, 1, 0, 0, 255, 255, 0, 0], true],
    ["outside the mask", [10, 2, 2, 3], [10, 1, 0, 0, 255, 255, 0, 0], false],
    ["of the other length", [10, 1, 2, 3], [...Array(16).fill(0), ...Array(16).fill(0)], false],
    ["of 16 bytes", Array(16).fill(7), [...Array(16).fill(7), ...Array(16).fill(255)], true],
  ])("an address %s", (_, address, base, match) => {
    expect(check("", [general.ip(...address)], [[general.ip(...base)]])).toBe(match ? undefined : "NAME_NOT_PERMITTED");
    expect(check("", [general.ip(...address)], [undefined, [general.ip(...base)]])).toBe(
      match ? "NAME_EXCLUDED" : undefined,
    );
  });

  test.each([
    ["a URI without a host", general.uri("urn:x"), general.uri("x")],
    ["a URI with an address", general.uri("http://10.1.2.3/"), general.uri("x")],
    ["a URI with a host of other characters", general.uri("http://a b/"), general.uri("x")],
    ["a mailbox without a host", general.email("an"), general.email("x")],
    ["a mailbox without a local part", general.email("@x"), general.email("y")],
    ["a mailbox of other characters", general.email("a\u0000@x"), general.email("y")],
    ["a host of other characters", general.dns("a\u0000.x"), general.dns("y")],
    ["an address of a wrong length", general.ip(1, 2, 3), general.ip(1, 2, 3, 4, 255, 255, 255, 255)],
    ["an address under a wrong constraint", general.ip(1, 2, 3, 4), general.ip(1, 2, 3, 4)],
    ["a registered identifier", general.registered(), general.registered()],
    ["another kind of name", general.other("1.2.3"), general.other("1.2.3")],
    ["an X.400 address", general.x400(), general.x400()],
  ])("%s cannot be judged, so that it is neither permitted nor free of exclusion", (_, value, base) => {
    expect(check("", [value], [[base]])).toBe("NAME_NOT_PERMITTED");
    expect(check("", [value], [undefined, [base]])).toBe("NAME_EXCLUDED");
  });

  test("restrict only names of their kind", () => {
    expect(check("CN=x", [general.dns("a")], [[general.email("gov.vn")], [general.uri("x")]])).toBeUndefined();
    expect(check("", [general.other("1.2.4")], [[general.other("1.2.3")]])).toBeUndefined();
    expect(check("CN=x", [])).toBeUndefined();
  });

  test("of several authorities must all permit, and none exclude", () => {
    const wide = [general.dns("vn")];
    const narrow = [general.dns("gov.vn")];
    expect(check("", [general.dns("a.gov.vn")], [wide], [narrow])).toBeUndefined();
    expect(check("", [general.dns("a.com.vn")], [wide], [narrow])).toBe("NAME_NOT_PERMITTED");
    expect(check("", [general.dns("a.gov.vn")], [wide, narrow])).toBe("NAME_EXCLUDED");
    expect(check("", [general.dns("b.vn")], [[general.dns("a.vn"), general.dns("b.vn")]])).toBeUndefined();
  });

  test("hold for the subject, and for e-mail addresses in it", () => {
    expect(check("CN=x, O=b", [], [[directory("O=b")]])).toBeUndefined();
    expect(check("CN=x, O=c", [], [[directory("O=b")]])).toBe("NAME_NOT_PERMITTED");
    expect(check("", [], [[directory("O=b")]])).toBeUndefined();
    expect(check("E=an@gov.vn", [], [[general.email("gov.vn")]])).toBeUndefined();
    expect(check("E=an@com.vn", [], [[general.email("gov.vn")]])).toBe("NAME_NOT_PERMITTED");
    expect(check("E=an@com.vn", [general.email("an@gov.vn")], [[general.email("gov.vn")]])).toBe("NAME_NOT_PERMITTED");
  });

  test("with a minimum or maximum are not supported", () => {
    const bounded = (tag: number) =>
      extension(
        Oid.nameConstraints,
        der.sequence(der.implicit(tag, der.sequence(general.dns("a"), der.implicitPrimitive(1, Buffer.from([3]))))),
        true,
      );
    for (const tag of [0, 1]) {
      const authority = certificate({ subject: caParty, issuer: rootParty, extensions: [bounded(tag)] });
      expect(new NameConstraints().add(authority)).toBe("NAME_CONSTRAINT_UNSUPPORTED");
    }
  });

  test("are compared so many times and no more", () => {
    const hosts = (count: number) => Array.from({ length: count }, (_, i) => general.dns(`h${i}`));
    const names = hosts(1000);
    expect(check("", names, [undefined, hosts(maximumComparisons / 1000).map((_, i) => general.dns(`x${i}`))])).toBe(
      undefined,
    );
    const more = Array.from({ length: maximumComparisons / 1000 + 1 }, (_, i) => general.dns(`x${i}`));
    expect(check("", names, [undefined, more])).toBe("NAME_CONSTRAINTS_TOO_MANY");
    expect(check("", names, [[...more, general.dns("")]])).toBe("NAME_CONSTRAINTS_TOO_MANY");
  });
});

test("a list of hundreds of thousands of elements is read as any other", () => {
  const list = der.sequence(Buffer.alloc(2 * 190_000, der.null()));
  expect(readDer(list).children).toHaveLength(190_000);
});
