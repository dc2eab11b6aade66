import { describe, expect, test } from "vitest";
import { Budget } from "../../signing/pdf/limits.ts";
import { dict, PdfDict, PdfName, type PdfObject, PdfRef, PdfString } from "../../signing/pdf/objects.ts";
import { Parser } from "../../signing/pdf/parser.ts";
import { type Chunk, serialize } from "../../signing/pdf/serialize.ts";
import { decodeText, encodeDate, encodeText } from "../../signing/pdf/text.ts";
import { codeOf, seeded } from "./pdf-documents.ts";

const parse = (text: string | Buffer): PdfObject => {
  const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
  return new Parser(bytes, 0, new Budget(bytes.length)).object();
};

const write = (object: PdfObject): Buffer => {
  const chunks: Chunk[] = [];
  serialize(object, chunks);
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk, "latin1") : chunk)));
};

/** Objects as plain data, without the places where they were read. */
function plain(object: PdfObject): unknown {
  if (object instanceof PdfName) return `/${object.name}`;
  if (object instanceof PdfString) return [object.hex, object.bytes.toString("hex")];
  if (object instanceof PdfRef) return `${object.number} ${object.generation} R`;
  if (Array.isArray(object)) return object.map(plain);
  if (object instanceof PdfDict) return new Map([...object.entries].map(([key, value]) => [key, plain(value)]));
  return object;
}

function randomObject(random: () => number, depth = 0): PdfObject {
  const bytes = (): Buffer => Buffer.from(Array.from({ length: random() * 20 }, () => random() * 256));
  switch (Math.floor(random() * (depth > 4 ? 7 : 9))) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return Math.floor((random() - 0.5) * 2 ** 40);
    case 3:
      return (random() - 0.5) * 10 ** Math.floor(random() * 12 - 6);
    case 4:
      return new PdfName(bytes().toString("latin1"));
    case 5:
      return new PdfString(bytes(), random() < 0.5);
    case 6:
      return new PdfRef(Math.floor(random() * 8_000_000), Math.floor(random() * 65_536));
    case 7:
      return Array.from({ length: random() * 5 }, () => randomObject(random, depth + 1));
    default: {
      const keys = Array.from({ length: random() * 5 }, () => bytes().toString("latin1"));
      return new PdfDict(new Map(keys.map((key) => [key, randomObject(random, depth + 1)])));
    }
  }
}

/** How many of 3,000 random objects are not read back as they were written by `writer`. */
function losses(writer: (object: PdfObject) => Buffer): number {
  const random = seeded(20260105);
  let lost = 0;
  for (let round = 0; round < 3_000; round++) {
    const object = randomObject(random);
    try {
      expect(plain(parse(writer(object)))).toEqual(plain(object));
    } catch {
      lost++;
    }
  }
  return lost;
}

test("every object is read back as it was written", () => {
  expect(losses(write)).toBe(0);
});

test("the round trip catches a writer that forgets to escape a carriage return", () => {
  const careless = (object: PdfObject): Buffer =>
    Buffer.from(write(object).toString("latin1").replaceAll("\\r", "\r"), "latin1");
  expect(losses(careless)).toBeGreaterThan(0);
});

describe("parsing", () => {
  test.each([
    ["(a\\(b\\)\\\\c (d) \\101\\53\\0)", "a(b)\\c (d) A+\0"],
    ["(line\\\nbreak\r\nnext\rlast)", "linebreak\nnext\nlast"],
    ["<48 65 6C6c 6F7>", "Hellop"],
  ])("the string %s", (text, expected) => {
    expect((parse(text) as PdfString).bytes.toString("latin1")).toBe(expected);
  });

  test("numbers, references and comments", () => {
    expect(plain(parse("[1 0 R 1 0 +5 -.5 4. 1 % 2 0 R\n 2 0 R]"))).toEqual(["1 0 R", 1, 0, 5, -0.5, 4, 1, "2 0 R"]);
  });

  test("a string knows its place, a repeated key is named", () => {
    const read = parse("<< /Contents <00ff> /A 1 /A 2 >>") as PdfDict;
    expect((read.get("Contents") as PdfString).span).toEqual({ start: 13, end: 19 });
    expect([read.get("A"), read.repeated, read.span]).toEqual([2, ["A"], { start: 0, end: 32 }]);
  });

  test.each(["", "(", "(\\", "<0g>", "<<", "<</A>>", "[", "nul", "1.2.3", "--1", "truer", "<</A 1", "]"])(
    "refuses %j",
    (text) => expect(codeOf(() => parse(text))).toBe("MALFORMED_PDF"),
  );

  test("refuses deep nesting, whatever the depth", () => {
    expect(codeOf(() => parse("[".repeat(2_000_000)))).toBe("LIMIT_EXCEEDED");
    expect(codeOf(() => parse("<</A".repeat(200_000)))).toBe("LIMIT_EXCEEDED");
    expect(codeOf(() => parse(`${"[".repeat(100)}${"]".repeat(100)}`))).toBe("");
  });
});

describe("text", () => {
  test("Vietnamese goes through UTF-16 and is composed", () => {
    expect(decodeText(encodeText("Quyết định: Nguyễn Đức"))).toBe("Quyết định: Nguyễn Đức");
    expect(decodeText(encodeText("ễ".normalize("NFD")))).toBe("ễ");
    expect(encodeText("ê").bytes.toString("hex")).toBe("feff00ea");
  });

  test("PDFDocEncoding and UTF-8 are read", () => {
    expect(decodeText(new PdfString(Buffer.from([0x41, 0x80, 0x9b, 0xa0, 0xe9])))).toBe("A•ł€é");
    expect(decodeText(new PdfString(Buffer.from("\ufeffĐỗ", "utf8")))).toBe("Đỗ");
  });

  test("dates are in Vietnamese time", () => {
    expect(encodeDate(new Date("2026-01-05T18:15:30Z")).bytes.toString()).toBe("D:20260106011530+07'00'");
  });
});

test("a dictionary is changed as a copy", () => {
  const before = dict({ A: 1, B: 2 });
  expect(plain(before.with({ A: undefined, C: 3 }))).toEqual(
    new Map([
      ["B", 2],
      ["C", 3],
    ]),
  );
  expect(before.get("A")).toBe(1);
});
