import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeStream } from "../../signing/pdf/filters.ts";
import { Budget } from "../../signing/pdf/limits.ts";
import { decodeLzw } from "../../signing/pdf/lzw.ts";
import { dict, name, type PdfObject, PdfStream } from "../../signing/pdf/objects.ts";
import { needs } from "../support/judges.ts";
import { codeOf, seeded } from "./pdf-documents.ts";

const direct = (object: PdfObject | undefined): PdfObject => object ?? null;

function decode(filter: string, bytes: Buffer, parameters: Readonly<Record<string, number>> = {}): Buffer {
  const keys = dict({ Filter: name(filter), DecodeParms: dict(parameters) });
  return decodeStream(new PdfStream(keys, bytes), new Budget(bytes.length), direct);
}

/** Writes codes of 9 to 12 bits as LZWDecode wants them; an encoder of its own, to judge the decoder. */
function lzw(plain: Buffer, early: number): Buffer {
  const bits: string[] = [];
  let codes = new Map<string, number>();
  let next = 258;
  let width = 9;
  const put = (code: number): void => void bits.push(code.toString(2).padStart(width, "0"));
  const codeFor = (text: string): number => (text.length === 1 ? text.charCodeAt(0) : codes.get(text)!);
  put(256);
  let text = "";
  for (const character of plain.toString("latin1")) {
    if (text === "" || codes.has(text + character)) {
      text += character;
      continue;
    }
    put(codeFor(text));
    codes.set(text + character, next++);
    if (next - 1 + early === 1 << width) width++;
    if (next === 4_094) {
      put(256);
      [codes, next, width] = [new Map(), 258, 9];
    }
    text = character;
  }
  if (text !== "") put(codeFor(text));
  // A decoder has taken in one more code by now.
  if (text !== "" && next + early === 1 << width) width++;
  put(257);
  const all = bits.join("").padEnd(Math.ceil(bits.join("").length / 8) * 8, "0");
  return Buffer.from(all.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
}

const random = seeded(11);
const samples: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  "one byte": Buffer.from("a"),
  text: Buffer.from("ban hành kèm theo ".repeat(50)),
  "equal bytes": Buffer.alloc(40_000, 7),
  "many codes": Buffer.from(Array.from({ length: 30_000 }, () => random() * 256)),
};

describe("LZWDecode", () => {
  test.each(Object.entries(samples))("%s, with early change and without", (_, plain) => {
    for (const EarlyChange of [0, 1]) {
      expect(decode("LZWDecode", lzw(plain, EarlyChange), { EarlyChange }).equals(plain)).toBe(true);
    }
  });

  test("the example of the standard (7.4.4.2)", () => {
    const coded = Buffer.from("800b6050220c0c8501", "hex");
    expect([...decode("LZWDecode", coded)]).toEqual([45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
  });

  test.each(["ffff", "80404020", "8041ffff"])("broken codes %s", (hex) => {
    expect(["MALFORMED_PDF", ""]).toContain(codeOf(() => decode("LZWDecode", Buffer.from(hex, "hex"))));
  });

  test("a code that means nothing yet", () => {
    // Clear, then a code that only a second text could define.
    expect(codeOf(() => decode("LZWDecode", Buffer.from("8040a0", "hex")))).toBe("MALFORMED_PDF");
  });

  test("a bomb", () => {
    const coded = lzw(samples["equal bytes"]!, 1);
    expect(codeOf(() => decodeLzw(coded, 1, 39_999))).toBe("LIMIT_EXCEEDED");
    expect(decodeLzw(coded, 1, 40_000)).toHaveLength(40_000);
  });
});

describe("RunLengthDecode", () => {
  test("literal and repeated runs", () => {
    const coded = Buffer.from([2, 1, 2, 3, 254, 9, 0, 5, 129, 7, 128, 99]);
    const plain = Buffer.concat([Buffer.from([1, 2, 3, 9, 9, 9, 5]), Buffer.alloc(128, 7)]);
    expect(decode("RunLengthDecode", coded).equals(plain)).toBe(true);
  });

  test.each([[[3, 1]], [[200]]])("cut off: %j", (bytes) => {
    expect(codeOf(() => decode("RL", Buffer.from(bytes)))).toBe("MALFORMED_PDF");
  });

  test("a bomb", () => {
    const bomb = Buffer.alloc(200_000, 129);
    expect(codeOf(() => decode("RunLengthDecode", bomb))).toBe("LIMIT_EXCEEDED");
  });
});

describe("predictors", () => {
  /** TIFF's differences, by the definition alone: sample by sample from the left. */
  function differences(plain: number[][], bits: number, colors: number): Buffer {
    const rows = plain.map((row) => {
      const written = row.map((sample, at) => (sample - (row[at - colors] ?? 0)) & ((1 << bits) - 1));
      const text = written.map((sample) => sample.toString(2).padStart(bits, "0")).join("");
      return text.padEnd(Math.ceil(text.length / 8) * 8, "0");
    });
    return Buffer.from(
      rows
        .join("")
        .match(/.{8}/g)!
        .map((byte) => parseInt(byte, 2)),
    );
  }

  test.each([
    [1, 1],
    [2, 3],
    [4, 1],
    [4, 3],
    [8, 1],
    [8, 3],
    [16, 1],
    [16, 4],
  ])("TIFF, %i bits, %i colours", (BitsPerComponent, Colors) => {
    const Columns = 5;
    const rows = [0, 1, 2].map(() =>
      Array.from({ length: Columns * Colors }, () => Math.floor(random() * 2 ** BitsPerComponent)),
    );
    const raw = deflateSync(differences(rows, BitsPerComponent, Colors));
    const text = (row: number[]): string => row.map((n) => n.toString(2).padStart(BitsPerComponent, "0")).join("");
    const decoded = decode("FlateDecode", raw, { Predictor: 2, BitsPerComponent, Colors, Columns });
    const width = Math.ceil((BitsPerComponent * Colors * Columns) / 8);
    for (const [at, row] of rows.entries()) {
      const bytes = [...decoded.subarray(at * width, (at + 1) * width)];
      expect(
        bytes
          .map((byte) => byte.toString(2).padStart(8, "0"))
          .join("")
          .slice(0, text(row).length),
      ).toBe(text(row));
    }
  });

  test.each([
    [{ Predictor: 3 }],
    [{ Predictor: 2, BitsPerComponent: 7 }],
    [{ Predictor: 12, Columns: 0 }],
    [{ Predictor: 12, Colors: 99 }],
    [{ Predictor: 12, Columns: 2 ** 40 }],
    [{ Predictor: 12, Columns: 7 }],
  ])("refuse %j", (parameters) => {
    expect(codeOf(() => decode("FlateDecode", deflateSync(Buffer.alloc(10, 1)), parameters))).toBe("MALFORMED_PDF");
  });
});

test("honest data of a small file may shrink a thousandfold", () => {
  const blank = deflateSync(Buffer.alloc(3_000_000, 255));
  expect(blank.length).toBeLessThan(3_100);
  expect(decode("FlateDecode", blank)).toHaveLength(3_000_000);
  // Nothing stored as nothing.
  expect(decode("FlateDecode", Buffer.alloc(0))).toHaveLength(0);
});

test("a stream whose data is said to be in another file is refused", () => {
  const stream = new PdfStream(dict({ F: name("elsewhere") }), Buffer.from("x"));
  expect(codeOf(() => decodeStream(stream, new Budget(1), direct))).toBe("MALFORMED_PDF");
});

test("LZW is judged from outside", () => {
  needs("qpdf");
  const directory = mkdtempSync(join(tmpdir(), "congvan-lzw-"));
  try {
    const coded = lzw(samples["many codes"]!, 1);
    const page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>";
    const bodies = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page];
    let file = "%PDF-1.7\n";
    const offsets = [
      ...bodies,
      `<< /Filter /LZWDecode /Length ${coded.length} >>\nstream\n${coded.toString("latin1")}\nendstream`,
    ].map((body, at) => {
      const offset = file.length;
      file += `${at + 1} 0 obj\n${body}\nendobj\n`;
      return `${String(offset).padStart(10, "0")} 00000 n \n`;
    });
    const table = `xref\n0 5\n0000000000 65535 f \n${offsets.join("")}trailer\n<< /Size 5 /Root 1 0 R >>\n`;
    const path = join(directory, "file.pdf");
    writeFileSync(path, `${file}${table}startxref\n${file.length}\n%%EOF\n`, "latin1");
    const shown = execFileSync("qpdf", ["--show-object=4", "--filtered-stream-data", path]);
    expect(shown.equals(samples["many codes"]!)).toBe(true);
    expect(readFileSync(path).includes(coded)).toBe(true);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
