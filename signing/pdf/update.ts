import { randomUUID } from "node:crypto";
import type { PdfDocument } from "./document.ts";
import { MAX_OBJECT_NUMBER, exceeded, malformed } from "./limits.ts";
import { dict, name, type PdfObject, PdfRef, PdfStream, PdfString } from "./objects.ts";
import { type Chunk, formatNumber, serialize } from "./serialize.ts";

/** A finished update. Offsets are those of the file with the update behind it. */
export interface WrittenUpdate {
  /** What is to be put behind the file as it was. Its own to be written into, as `bytes` is a copy. */
  readonly tail: Buffer;
  /** The whole file, joined when asked for. */
  readonly bytes: Buffer;
  /** For each object written the offset of its body behind `n g obj`. */
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

  /** Throws MALFORMED_PDF for a document that had to be rebuilt: nothing can be put behind what readers disagree on. */
  constructor(document: PdfDocument) {
    const made = document.latest.revision.sections.length === 0;
    if (document.rebuilt || made) throw malformed("The file's structure is broken.", { repairs: document.repairs });
    this.document = document;
    const size = document.latest.trailer.get("Size");
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 1) throw malformed("/Size is not a number.");
    // A section may list objects beyond its /Size; their numbers must not be given away a second time.
    this.#next = Math.max(size, document.highestNumber + 1);
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

  /** The object as it is to be serialised under this number: enciphered in an encrypted file, else as it is. */
  protect(ref: PdfRef, object: PdfObject): PdfObject {
    return this.document.security?.protect(object, ref.number, ref.generation) ?? object;
  }

  /** The update, its cross-reference section included. Neither copies nor reads the file before it. */
  finish(): WrittenUpdate {
    const { source, security, latest } = this.document;
    const out = new Output(source.length);
    // The marker's line must not run on with what is put behind it.
    const last = source.read(Math.max(0, source.length - 1), source.length)[0];
    if (last !== 10 && last !== 13) out.push("\n");
    const offsets = new Map<number, number>();
    const bodies = new Map<number, number>();
    for (const [number, { generation, body }] of this.#objects) {
      offsets.set(number, out.length);
      out.push(`${number} ${generation} obj\n`);
      bodies.set(number, out.length);
      if (Buffer.isBuffer(body)) out.push(body);
      else out.pushObject(security === undefined ? body : security.protect(body, number, generation));
      out.push("\nendobj\n");
    }
    const startxref = out.length;
    // 7.5.8.4: behind a hybrid section a plain table is read by old readers and new ones alike.
    if (latest.revision.kind === "stream") this.#writeStream(out, offsets, startxref);
    else this.#writeTable(out, offsets);
    out.push(`startxref\n${startxref}\n%%EOF\n`);
    const tail = out.join();
    return {
      tail,
      bodies,
      get bytes() {
        return Buffer.concat([source.read(0, source.length), tail]);
      },
    };
  }

  #trailer(): Record<string, PdfObject | undefined> {
    const { trailer, revision } = this.document.latest;
    const id = this.document.latest.resolve(trailer.get("ID"));
    // Need only differ from file to file; random bytes for keys would cost as much as a tenth of the update.
    const fresh = new PdfString(Buffer.from(randomUUID().replaceAll("-", ""), "hex"), true);
    const first = Array.isArray(id) && id[0] instanceof PdfString ? id[0] : undefined;
    const encrypt = this.document.security && trailer.get("Encrypt");
    return {
      Size: this.#next,
      Root: trailer.get("Root"),
      Info: trailer.get("Info"),
      Encrypt: encrypt,
      // 14.4: the first part stays for the file's life, the second is of this version. The key of an encrypted file
      // may hang on the first part, so none is given to a file that had none.
      ID: first === undefined && encrypt !== undefined ? undefined : [first ?? fresh, fresh],
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

/** The file as it grows behind its base: chunks, and how long all is together. */
class Output {
  readonly #chunks: Chunk[] = [];
  readonly #base: number;
  length: number;

  constructor(base: number) {
    this.#base = this.length = base;
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
    const out = Buffer.allocUnsafe(this.length - this.#base);
    let at = 0;
    for (const chunk of this.#chunks) {
      at += typeof chunk === "string" ? out.write(chunk, at, "latin1") : chunk.copy(out, at);
    }
    return out;
  }
}
