import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readPdf } from "../../signing/pdf/document.ts";
import { PdfRef, PdfStream } from "../../signing/pdf/objects.ts";
import { findForward } from "../../signing/pdf/search.ts";
import { fileSource, joinedSource, memorySource, startOf, type PdfSource } from "../../signing/pdf/source.ts";
import { blankDocument, codeOf, craftedTable, crudeUpdate } from "./pdf-documents.ts";
import { everything } from "./pdf-plain.ts";

const directory = mkdtempSync(join(tmpdir(), "congvan-source-"));
afterAll(() => rmSync(directory, { recursive: true }));

function onDisk<T>(bytes: Buffer, use: (source: PdfSource, descriptor: number) => T): T {
  const path = join(directory, "file.pdf");
  writeFileSync(path, bytes);
  const descriptor = openSync(path, "r+");
  try {
    return use(fileSource(descriptor), descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const CATALOG = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";
const stream = (data: string): string => `<< /Length ${data.length} >>\nstream\n${data}\nendstream`;

/** Sizes around those of the pieces in which a file on disk is read, so that every token is cut somewhere. */
function crafted(size: number): Buffer {
  const filling = (text: string): string => `(${text.padEnd(size, "x")})`;
  const array = `[${Array.from({ length: size >> 3 }, (_, at) => `${at} 0 R`).join(" ")}]`;
  return craftedTable([CATALOG, PAGES, PAGE, filling("a"), stream("y".repeat(size)), array, filling("b"), "<00ff>"]);
}

describe("a file on disk is read as the same file in memory", () => {
  test.each([1, 4_000, 4_070, 4_096, 32_700, 32_768, 65_500, 65_536, 131_072, 300_000])("%i bytes a piece", (size) => {
    const bytes = crafted(size);
    const expected = everything(bytes);
    expect(expected.length).toBeGreaterThan(9);
    onDisk(bytes, (source) => expect(everything(source)).toEqual(expected));
  });

  test("whatever piece a structure is cut in", () => {
    // A source that gives out no more than it is asked for.
    for (let size = 4_020; size < 4_100; size++) {
      const filling = `(${"x".repeat(size)})`;
      const kept = stream("abc");
      const filled = kept.replace("/Length", `/Filling ${filling} /Length`);
      const bytes = craftedTable([
        CATALOG,
        PAGES,
        PAGE,
        filling,
        filled,
        `[${filling} 3 0 R]`,
        `<</A ${filling}/B<00>>>`,
      ]);
      const source = memorySource(bytes);
      const narrow: PdfSource = {
        ...source,
        inMemory: false,
        window: (start, wanted) => ({ bytes: bytes.subarray(start, start + wanted), start }),
      };
      expect(everything(narrow)).toEqual(everything(bytes));
    }
  });

  test("cut at any byte", () => {
    const bytes = craftedTable([CATALOG, PAGES, PAGE, stream("abc")]);
    for (let end = 0; end < bytes.length; end += 7) {
      const cut = bytes.subarray(0, end);
      onDisk(cut, (source) => expect(everything(source, true)).toEqual(everything(cut, true)));
    }
  });

  test("with cross-reference streams", async () => {
    const bytes = await blankDocument("stream", [0, 90]);
    onDisk(bytes, (source) => expect(everything(source)).toEqual(everything(bytes)));
  });

  const corpus = "../shared/data/pdf-corpus/";
  const files = existsSync(corpus) ? readdirSync(corpus).filter((file) => file.endsWith(".pdf")) : [];
  if (files.length === 0) console.warn("SKIPPED: reading files of other makers from disk, for the corpus is absent");
  test.each(files)("%s", (file) => {
    const bytes = readFileSync(corpus + file);
    const expected = everything(bytes, true);
    const descriptor = openSync(corpus + file, "r");
    expect(everything(fileSource(descriptor), true)).toEqual(expected);
    closeSync(descriptor);
  });
});

describe("streams", () => {
  test("are read when they are asked for", () => {
    const bytes = craftedTable([CATALOG, PAGES, PAGE, stream("y".repeat(200_000))]);
    const reads: number[] = [];
    const source = { ...memorySource(bytes), inMemory: false };
    const watched = {
      ...source,
      read: (start: number, end: number) => (reads.push(end - start), source.read(start, end)),
    };
    const object = readPdf(watched).latest.get(new PdfRef(4)) as PdfStream;
    expect(Math.max(...reads)).toBeLessThan(10_000);
    expect(object.raw).toHaveLength(200_000);
    expect(Math.max(...reads)).toBe(200_000);
  });

  test("are compared by their place, or piece by piece", () => {
    const data = "z".repeat(2_500_000);
    const bytes = craftedTable([CATALOG, PAGES, PAGE, stream(data), stream(data), stream(`${data.slice(1)}y`)]);
    onDisk(bytes, (source) => {
      const [one, same, other] = [4, 5, 6].map((n) => readPdf(source).latest.get(new PdfRef(n)) as PdfStream);
      expect(one!.sameBytes(readPdf(source).latest.get(new PdfRef(4)) as PdfStream)).toBe(true);
      expect([one!.sameBytes(same!), one!.sameBytes(other!)]).toEqual([true, false]);
      expect(one!.sameBytes(new PdfStream(one!.dict, Buffer.from(data)))).toBe(true);
    });
  });
});

describe("a disk that fails", () => {
  test("a file that becomes shorter", () => {
    onDisk(crafted(300_000), (source, descriptor) => {
      const { latest } = readPdf(source);
      ftruncateSync(descriptor, 100_000);
      expect(codeOf(() => latest.get(new PdfRef(7)))).toBe("MALFORMED_PDF");
    });
  });

  test("a descriptor that was closed", () => {
    const path = join(directory, "closed.pdf");
    writeFileSync(path, crafted(300_000));
    const descriptor = openSync(path, "r");
    const source = fileSource(descriptor);
    closeSync(descriptor);
    expect(codeOf(() => readPdf(source))).toBe("FILE_UNREADABLE");
    expect(codeOf(() => fileSource(descriptor))).toBe("FILE_UNREADABLE");
  });
});

test("a file with a tail behind it reads as the joined bytes", () => {
  const first = craftedTable([CATALOG, PAGES, PAGE]);
  const both = crudeUpdate(first, { 3: PAGE.replace("100 100", "200 200") }, readPdf(first).latest.revision.startxref);
  const tail = both.subarray(first.length);
  expect(everything(joinedSource(memorySource(first), tail))).toEqual(everything(both));
  onDisk(first, (source) => expect(everything(joinedSource(source, tail))).toEqual(everything(both)));
});

test("a file of a gigabyte takes no more memory than a small one", () => {
  const path = join(directory, "large.pdf");
  const descriptor = openSync(path, "w");
  const length = 1_000_000_000;
  const text = craftedTable([CATALOG, PAGES, PAGE, `<< /Length ${length} >>\nstream\n`]).toString("latin1");
  // The file has a hole, which takes no place on the disk; offsets behind it move on.
  const [head, tail] = text.split("\nendobj\nxref") as [string, string];
  writeSync(descriptor, head, 0, "latin1");
  const moved = head.length + length;
  const section = `\nendstream\nendobj\nxref${tail}`.replace(/startxref\n\d+/, `startxref\n${moved + 18}`);
  writeSync(descriptor, section, moved, "latin1");
  closeSync(descriptor);
  const inner = (name: string): string => JSON.stringify(new URL(`../../signing/pdf/${name}.ts`, import.meta.url).href);
  const program = `
    import { openSync } from "node:fs";
    import { readPdf } from ${inner("document")};
    import { structureFacts } from ${inner("facts")};
    import { fileSource } from ${inner("source")};
    const document = readPdf(fileSource(openSync(${JSON.stringify(path)}, "r")));
    const pages = document.latest.pages().length;
    const { stray, unlisted } = structureFacts(document);
    const stream = document.latest.object(4).value;
    console.log(pages, stream.stored.length, stray.length + unlisted.length, process.resourceUsage().maxRSS >> 10);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const [pages, size, unaccounted, megabytes] = stdout.trim().split(" ").map(Number);
  expect([stderr, pages, size, unaccounted]).toEqual(["", 1, length, 0]);
  expect(megabytes).toBeLessThan(256);
});

describe("the beginning of a file as a file", () => {
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));
  const length = 70_001;

  test.each<[string, (use: (source: PdfSource) => void) => void]>([
    ["in memory", (use) => use(memorySource(bytes))],
    ["on disk", (use) => onDisk(bytes, use)],
  ])("%s ends where it is told to", (_, having) => {
    having((whole) => {
      const source = startOf(whole, length);
      expect([source.length, source.inMemory]).toEqual([length, whole.inMemory]);
      expect(source.read(length - 5, length)).toEqual(bytes.subarray(length - 5, length));
      expect(codeOf(() => source.read(length - 5, length + 1))).toBe("MALFORMED_PDF");
      for (const [start, size] of [
        [0, 10],
        [65_530, 100],
        [69_990, 500],
        [length - 1, 1],
        [0, 200_000],
      ] as const) {
        const piece = source.window(start, size);
        const end = piece.start + piece.bytes.length;
        expect(end).toBeLessThanOrEqual(length);
        expect(end).toBeGreaterThanOrEqual(Math.min(start + size, length));
        expect(piece.bytes).toEqual(bytes.subarray(piece.start, end));
      }
      for (const start of [length, length + 1, 150_000]) {
        expect(source.window(start, 10)).toEqual({ bytes: Buffer.alloc(0), start: length });
      }
    });
  });
});

test("a word is found wherever the pieces in which a file is searched end", () => {
  for (const place of [16_380, 16_384, 49_148, 49_152, 114_684, 114_688, 245_756, 299_990]) {
    const bytes = Buffer.alloc(300_000, " ");
    bytes.write("endstream", place, "latin1");
    onDisk(bytes, (source) => {
      expect(findForward(source, "endstream", 0)).toBe(place);
      expect(findForward(source, "endstream", place)).toBe(place);
      expect(findForward(source, "endstream", place + 1)).toBeUndefined();
    });
  }
});
