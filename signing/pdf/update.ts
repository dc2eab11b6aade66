import { randomBytes } from "node:crypto";
import type { PdfDocument } from "./document.ts";
import { MAX_OBJECT_NUMBER, exceeded, malformed } from "./limits.ts";
import { dict, name, type PdfObject, PdfRef, PdfStream, PdfString } from "./objects.ts";
import { type Chunk, formatNumber, serialize } from "./serialize.ts";

/** A finished update: the whole file, and for each object written the offset of its body behind `n g obj`. */
export interface WrittenUpdate {
  readonly bytes: Buffer;
  readonly bodies: ReadonlyMap<number, number>;
}

/**
 * New and changed objects to be appended to a file (7.5.6). The original bytes stay as they are, in front; what is not
 * set is not written; the cross-reference section is of the last one's kind.
 */
export class PdfUpdate {
  readonly document: PdfDocument;
  readonly #objects = new Map<number, { generation: number; body: PdfObject | Buffer }>();
  #next: number;

  constructor(document: PdfDocument) {
    this.document = document;
    const size = document.latest.trailer.get("Size");
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 1) throw malformed("/Size is not a number.");
    this.#next = size;
    // A section may list objects beyond its /Size; their numbers must not be given away a second time.
    for (const { entries } of document.revisions) {
      for (const number of entries.keys()) if (number >= this.#next) this.#next = number + 1;
    }
  }

  /** A reference to a new object, to be set later. */
  allocate(): PdfRef {
    if (this.#next > MAX_OBJECT_NUMBER) throw exceeded("The file has no object number left.");
    return new PdfRef(this.#next++);
  }

  /** Writes the object anew under its number, or the bytes of one already serialised. */
  set(ref: PdfRef, body: PdfObject | Buffer): void {
    this.#objects.set(ref.number, { generation: ref.generation, body });
  }

  /** Writes a new object. */
  add(body: PdfObject | Buffer): PdfRef {
    const ref = this.allocate();
    this.set(ref, body);
    return ref;
  }

  /** The object as this update leaves it. */
  resolve(object: PdfObject | undefined): PdfObject {
    if (object instanceof PdfRef) {
      const changed = this.#objects.get(object.number)?.body;
      if (changed !== undefined && !Buffer.isBuffer(changed)) return changed;
    }
    return this.document.latest.resolve(object);
  }

  /** The whole file with the update behind it. */
  finish(): WrittenUpdate {
    const base = this.document.bytes;
    const out = new Output(base);
    // The marker's line must not run on with what is put behind it.
    if (base[base.length - 1] !== 10 && base[base.length - 1] !== 13) out.push("\n");
    const offsets = new Map<number, number>();
    const bodies = new Map<number, number>();
    for (const [number, { generation, body }] of this.#objects) {
      offsets.set(number, out.length);
      out.push(`${number} ${generation} obj\n`);
      bodies.set(number, out.length);
      if (Buffer.isBuffer(body)) out.push(body);
      else out.pushObject(body);
      out.push("\nendobj\n");
    }
    const startxref = out.length;
    if (this.document.latest.revision.kind === "stream") this.#writeStream(out, offsets, startxref);
    else this.#writeTable(out, offsets);
    out.push(`startxref\n${startxref}\n%%EOF\n`);
    return { bytes: out.join(), bodies };
  }

  #trailer(): Record<string, PdfObject | undefined> {
    const { trailer, revision } = this.document.latest;
    const id = this.document.latest.resolve(trailer.get("ID"));
    const fresh = new PdfString(randomBytes(16), true);
    const first = Array.isArray(id) && id[0] instanceof PdfString ? id[0] : fresh;
    return {
      Size: this.#next,
      Root: trailer.get("Root"),
      Info: trailer.get("Info"),
      // 14.4: the first part stays for the file's life, the second is of this version.
      ID: [first, fresh],
      Prev: revision.startxref,
    };
  }

  #writeTable(out: Output, offsets: ReadonlyMap<number, number>): void {
    let table = "xref\n";
    for (const run of runs([...offsets.keys()])) {
      table += `${run[0]} ${run.length}\n`;
      for (const number of run) {
        const generation = this.#objects.get(number)!.generation;
        table += `${digits(offsets.get(number)!, 10)} ${digits(generation, 5)} n \n`;
      }
    }
    out.push(`${table}trailer\n`);
    out.pushObject(dict(this.#trailer()));
    out.push("\n");
  }

  #writeStream(out: Output, offsets: ReadonlyMap<number, number>, startxref: number): void {
    const own = this.allocate();
    const sections = runs([...offsets.keys(), own.number]);
    const offsetWidth = startxref < 2 ** 32 ? 4 : 6;
    const width = 1 + offsetWidth + 2;
    const data = Buffer.alloc(width * sections.reduce((count, run) => count + run.length, 0));
    let at = 0;
    for (const number of sections.flat()) {
      data[at] = 1;
      data.writeUIntBE(offsets.get(number) ?? startxref, at + 1, offsetWidth);
      data.writeUInt16BE(this.#objects.get(number)?.generation ?? 0, at + 1 + offsetWidth);
      at += width;
    }
    const index = sections.flatMap((run) => [run[0]!, run.length]);
    const keys = { Type: name("XRef"), ...this.#trailer(), W: [1, offsetWidth, 2], Index: index };
    out.push(`${own.number} 0 obj\n`);
    out.pushObject(new PdfStream(dict(keys), data));
    out.push("\nendobj\n");
  }
}

/** Numbers in ascending runs without gaps. */
function runs(numbers: number[]): number[][] {
  const out: number[][] = [];
  for (const number of numbers.sort((a, b) => a - b)) {
    const last = out.at(-1);
    if (last !== undefined && last.at(-1) === number - 1) last.push(number);
    else out.push([number]);
  }
  return out;
}

function digits(value: number, length: number): string {
  const text = formatNumber(value).padStart(length, "0");
  if (text.length > length) throw exceeded("The file is too long for a cross-reference table.");
  return text;
}

/** The file as it grows: chunks, and how long they are together. */
class Output {
  readonly #chunks: Chunk[] = [];
  length = 0;

  constructor(base: Buffer) {
    this.push(base);
  }

  push(chunk: Chunk): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  pushObject(object: PdfObject): void {
    const chunks: Chunk[] = [];
    serialize(object, chunks);
    for (const chunk of chunks) this.push(chunk);
  }

  join(): Buffer {
    const out = Buffer.allocUnsafe(this.length);
    let at = 0;
    for (const chunk of this.#chunks) {
      at += typeof chunk === "string" ? out.write(chunk, at, "latin1") : chunk.copy(out, at);
    }
    return out;
  }
}
