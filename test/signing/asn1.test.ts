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
