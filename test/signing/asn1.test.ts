import { describe, expect, test } from "vitest";
import { asn1Limits, der, readBer, readElement, toDer } from "../../signing/asn1.ts";
import { SigningError } from "../../signing/errors.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("reading BER", () => {
  test("indefinite lengths and cut-up strings read as their DER twins", () => {
    const ber = readBer(hex("30 80 24 80 04 01 61 04 02 62 63 00 00 02 01 05 00 00"));
    expect(ber.children[0]!.octets().toString()).toBe("abc");
    expect(toDer(ber)).toEqual(der.sequence(der.octets(Buffer.from("abc")), der.integer(5)));
  });

  test("a SET OF comes out in the order of its encodings", () => {
    expect(toDer(readBer(hex("31 06 02 01 09 02 01 01")))).toEqual(hex("31 06 02 01 01 02 01 09"));
  });

  test("offsets point into the source", () => {
    const [, second] = readBer(hex("30 07 02 01 01 04 02 aa bb")).sequence();
    expect([second!.start, second!.contentStart, second!.end]).toEqual([5, 7, 9]);
  });

  test.each([
    ["a length that runs past the end", "30 05 02 01 01"],
    ["a child longer than its parent", "30 03 02 05 01 00 00 00 00"],
    ["an indefinite primitive", "04 80 00 00"],
    ["no end of contents", "30 80 02 01 01"],
    ["bytes after the element", "02 01 01 00"],
    ["a length of five bytes", "30 85 00 00 00 00 01 00"],
    ["nothing", ""],
  ])("refuses %s", (_, bytes) => {
    expect(() => readBer(hex(bytes))).toThrow(SigningError);
  });

  test("refuses depth and width beyond the limits", () => {
    const deep = Buffer.concat([Buffer.from("3080".repeat(asn1Limits.depth + 2), "hex")]);
    expect(() => readBer(deep)).toThrow(expect.objectContaining({ code: "ASN1_LIMIT" }));
    const wide = der.sequence(Buffer.alloc(2 * (asn1Limits.elements + 1), Buffer.from([5, 0])));
    expect(() => readBer(wide)).toThrow(expect.objectContaining({ code: "ASN1_LIMIT" }));
  });

  test("leaves what follows an element to the caller", () => {
    expect(readElement(hex("02 01 01 00 00")).end).toBe(3);
  });
});

describe("writing DER", () => {
  test("tag numbers above 30 survive", () => {
    for (const bytes of ["bf 1f 03 02 01 05", "bf 8f 7f 03 02 01 05", "9f 81 00 01 ff"]) {
      expect(toDer(readBer(hex(bytes)))).toEqual(hex(bytes));
    }
    expect(readBer(hex("bf 8f 7f 03 02 01 05")).tag).toBe(0x7ff);
    expect(() => readBer(hex("bf ff ff ff ff 7f 00"))).toThrow(SigningError);
  });

  test("long lengths are as short as they can be", () => {
    for (const size of [127, 128, 255, 256, 65_535, 65_536]) {
      const encoded = der.octets(Buffer.alloc(size));
      expect(encoded.length - size).toBe(size < 128 ? 2 : size < 256 ? 3 : size < 65_536 ? 4 : 5);
      expect(readBer(encoded).content).toHaveLength(size);
    }
  });

  test("negative numbers are not written", () => {
    expect(() => der.integer(-1n)).toThrow(SigningError);
  });

  test.each([
    ["2026-08-01T01:02:03.000Z", "20260801010203Z"],
    ["2026-08-01T01:02:00.000Z", "20260801010200Z"],
    ["2026-08-01T00:00:00.000Z", "20260801000000Z"],
    ["2020-10-10T10:10:10.100Z", "20201010101010.1Z"],
    ["2026-08-01T01:02:03.050Z", "20260801010203.05Z"],
    ["2026-08-01T01:02:03.456Z", "20260801010203.456Z"],
  ])("GeneralizedTime without zeros behind: %s", (iso, text) => {
    const element = readBer(der.generalizedTime(new Date(iso)));
    expect(element.content.toString()).toBe(text);
    expect(element.time()).toEqual(new Date(iso));
  });

  test("an ENUMERATED has its own tag", () => {
    expect(der.enumerated(3)).toEqual(hex("0a 01 03"));
  });
});

describe("values", () => {
  test.each(["1.2.840.113549.1.7.2", "2.16.704.1.1.1.1.1", "2.5.29.15", "0.9.2342.19200300.100.1.1", "2.999.3"])(
    "object identifier %s survives",
    (oid) => {
      expect(readBer(der.oid(oid)).oid()).toBe(oid);
    },
  );

  test("integers keep sign and size", () => {
    for (const n of [0n, 127n, 128n, 255n, 256n, 2n ** 159n]) expect(readBer(der.integer(n)).integer()).toBe(n);
    expect(readBer(hex("02 01 ff")).integer()).toBe(-1n);
  });

  test("times switch form in 2050 and must exist", () => {
    for (const iso of ["2049-12-31T23:59:59.000Z", "2050-01-01T00:00:00.000Z"]) {
      expect(
        readBer(der.time(new Date(iso)))
          .time()
          .toISOString(),
      ).toBe(iso);
    }
    expect(() => readBer(Buffer.from("\x17\x0d260231000000Z")).time()).toThrow(SigningError);
  });

  test("years of two digits lie between 1950 and 2049", () => {
    const year = (text: string) =>
      readBer(Buffer.from(`\x17\x0d${text}0101000000Z`))
        .time()
        .getUTCFullYear();
    expect(["50", "99", "00", "49"].map(year)).toEqual([1950, 1999, 2000, 2049]);
  });

  test.each(["0600", "060180", "0603 2a 80 01", "0602 2a 81"])("%s is no object identifier", (bytes) => {
    expect(() => readBer(hex(bytes)).oid()).toThrow(SigningError);
  });

  test("what is no character string is none", () => {
    for (const bytes of ["0201 05", "2c 00", "8c 00", "1e 01 41"])
      expect(() => readBer(hex(bytes)).text()).toThrow(SigningError);
    for (const tag of ["12", "13", "14", "16", "1a"]) expect(readBer(hex(`${tag} 01 31`)).text()).toBe("1");
  });

  test("more bytes than anybody sends are not read", () => {
    expect(() => readBer(Buffer.alloc(asn1Limits.bytes + 1))).toThrow(expect.objectContaining({ code: "ASN1_LIMIT" }));
  });

  test("Vietnamese text survives in UTF-8 and BMP form", () => {
    const text = "Ủy ban nhân dân tỉnh Thừa Thiên – Huế";
    expect(readBer(der.utf8(text)).text()).toBe(text);
    expect(readBer(der.bmp(text)).text()).toBe(text);
  });

  test("named bits drop trailing zeros", () => {
    expect(der.namedBits([0, 1])).toEqual(hex("03 02 06 c0"));
    expect([...readBer(der.namedBits([0, 8])).namedBits()]).toEqual([0, 8]);
  });
});
