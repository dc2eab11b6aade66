import { deflateSync } from "node:zlib";
import { createHash } from "node:crypto";
import { prepareSignedData } from "../../../signing/cms/write.ts";
import { issueTimestampToken, type StampingAuthority } from "../../../signing/issue/timestamps.ts";
import type { Signer } from "../../../signing/keys/signer.ts";
import { Raw, Ref, Stream, styles, written, type Dict, type Style, type Value } from "./values.ts";

/** Objects of one revision by number; null frees one. */
export type Objects = Readonly<Record<number, Value>>;

/** How a revision lies in the file. */
export interface Layout {
  readonly style: Style;
  readonly section: "table" | "stream" | "hybrid";
  /** Dictionaries in an object stream; needs a stream or hybrid section. */
  readonly packed: boolean;
  /** Whether the section lists every object, changed or not. */
  readonly complete: boolean;
  /** More keys of the trailer. */
  readonly trailer?: Dict;
}

export const plainLayout: Layout = { style: styles[0]!, section: "table", packed: false, complete: false };

export interface SignatureToMake {
  /** Makes the bytes for /Contents. */
  readonly sign: (content: Buffer) => Promise<Buffer> | Buffer;
  /** Number of the signature dictionary. */
  readonly number: number;
  readonly keys: Dict;
}

type Place = { readonly offset: number } | { readonly stream: number; readonly index: number } | "free";

const hole = 3_000;
const blank = "0".repeat(10);

/** A PDF file to which revisions are appended, with what its objects are now. */
export class GrowingFile {
  bytes = Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1");
  readonly objects = new Map<number, Value>();
  readonly #places = new Map<number, Place>([[0, "free"]]);
  #previous: number | undefined;
  #next = 1;
  root = 1;
  info: number | undefined;

  /** A number that is not in use yet. */
  allocate(): number {
    return this.#next++;
  }

  /** The present value of an object that is a dictionary. */
  dict(number: number): Dict {
    return this.objects.get(number) as Dict;
  }

  /** Where the newest cross-reference section begins. */
  get startxref(): number {
    return this.#previous!;
  }

  get #size(): number {
    return Math.max(...this.#places.keys()) + 1;
  }

  /** Appends one revision. */
  append(objects: Objects, layout: Layout = plainLayout): void {
    const parts: Buffer[] = [this.bytes];
    let length = this.bytes.length;
    const push = (latin1: string) => {
      const bytes = Buffer.from(latin1, "latin1");
      parts.push(bytes);
      length += bytes.length;
    };
    const touched = new Set<number>();
    const put = (number: number, place: Place) => {
      touched.add(number);
      this.#places.set(number, place);
    };
    const numbers = Object.keys(objects).map(Number);
    for (const number of numbers) {
      this.#next = Math.max(this.#next, number + 1);
      this.objects.set(number, objects[number]!);
    }
    const isPacked = (value: Value) =>
      layout.packed &&
      layout.section !== "table" &&
      value !== null &&
      !(value instanceof Stream || value instanceof Raw);
    for (const number of numbers) {
      const value = objects[number]!;
      if (value === null) put(number, "free");
      else if (!isPacked(value)) {
        put(number, { offset: length });
        push(`${number} 0 obj\n${written(value, layout.style)}\nendobj\n`);
      }
    }
    const packed = numbers.filter((number) => isPacked(objects[number]!));
    const hidden = new Set<number>();
    if (packed.length > 0) {
      const container = this.allocate();
      let [head, body] = ["", ""];
      for (const [index, number] of packed.entries()) {
        put(number, { stream: container, index });
        hidden.add(number);
        head += `${number} ${body.length} `;
        body += `${written(objects[number]!, layout.style)}\n`;
      }
      put(container, { offset: length });
      const data = deflateSync(Buffer.from(head + body, "latin1"));
      const dict = { Type: "/ObjStm", N: packed.length, First: head.length, Filter: "/FlateDecode" };
      push(`${container} 0 obj\n${written(new Stream(dict, data), styles[0]!)}\nendobj\n`);
    }
    const listed = layout.complete || this.#previous === undefined ? new Set(this.#places.keys()) : touched;
    this.bytes = Buffer.concat(parts);
    this.#writeSection(listed, hidden, layout);
  }

  /** Appends one revision that a signature closes. */
  async sign(objects: Objects, signature: SignatureToMake, layout: Layout = plainLayout): Promise<void> {
    const { style } = layout;
    const keys = written(signature.keys, { ...style, line: " " }).slice(2, -2);
    const dictionary = `<<${keys} /ByteRange [0 ${blank} ${blank} ${blank}] /Contents <${"00".repeat(hole)}>>>`;
    const from = this.bytes.length;
    this.append({ ...objects, [signature.number]: new Raw(dictionary) }, layout);
    const pdf = this.bytes;
    const range = pdf.indexOf(`[0 ${blank}`, from);
    const start = pdf.indexOf("/Contents <00", range) + "/Contents ".length;
    const end = start + 2 * hole + 2;
    const numbers = [start, end, pdf.length - end].map((n) => String(n).padEnd(10));
    pdf.write(`[0 ${numbers.join(" ")}]`, range, "latin1");
    const content = Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]);
    pdf.write((await signature.sign(content)).toString("hex"), start + 1, "latin1");
  }

  #writeSection(listed: ReadonlySet<number>, hidden: ReadonlySet<number>, layout: Layout): void {
    const numbers = [...listed].sort((a, b) => a - b);
    const trailer: Record<string, Value> = { Root: new Ref(this.root), ...layout.trailer };
    if (this.info !== undefined) trailer["Info"] = new Ref(this.info);
    if (this.#previous !== undefined) trailer["Prev"] = this.#previous;
    if (layout.section === "stream") {
      const own = this.allocate();
      this.#places.set(own, { offset: this.bytes.length });
      this.#finish(this.#xrefStream(own, [...numbers, own], { ...trailer, Size: this.#size }), this.bytes.length);
      return;
    }
    const inStream = numbers.filter((number) => {
      const place = this.#places.get(number)!;
      return place !== "free" && "stream" in place;
    });
    let behind = "";
    if (inStream.length > 0) {
      // Also a hybrid file keeps the entries of packed objects where only newer readers look (7.5.8.4).
      const own = this.allocate();
      trailer["XRefStm"] = this.bytes.length;
      behind = this.#xrefStream(own, inStream, { Size: this.#size });
    }
    const start = this.bytes.length + behind.length;
    let table = "xref\n";
    for (const run of runs(numbers.filter((number) => !inStream.includes(number) || hidden.has(number)))) {
      table += `${run[0]} ${run.length}\n`;
      for (const number of run) {
        const place = this.#places.get(number)!;
        const inUse = place !== "free" && "offset" in place;
        const generation = number === 0 ? "65535" : inUse ? "00000" : "00001";
        table += `${String(inUse ? place.offset : 0).padStart(10, "0")} ${generation} ${inUse ? "n" : "f"} \n`;
      }
    }
    this.#finish(`${behind}${table}trailer\n${written({ ...trailer, Size: this.#size }, layout.style)}\n`, start);
  }

  #xrefStream(own: number, numbers: readonly number[], dict: Dict): string {
    const data = Buffer.alloc(7 * numbers.length);
    for (const [i, number] of numbers.entries()) {
      const place = this.#places.get(number)!;
      const [type, second, third] =
        place === "free" ? [0, 0, 0] : "offset" in place ? [1, place.offset, 0] : [2, place.stream, place.index];
      data.writeUInt8(type, 7 * i);
      data.writeUInt32BE(second, 7 * i + 1);
      data.writeUInt16BE(third, 7 * i + 5);
    }
    const index = runs(numbers).flatMap((run) => [run[0]!, run.length]);
    const stream = new Stream({ Type: "/XRef", W: [1, 4, 2], Index: index, ...dict }, data);
    return `${own} 0 obj\n${written(stream, styles[0]!)}\nendobj\n`;
  }

  #finish(section: string, startxref: number): void {
    this.#previous = startxref;
    const tail = `${section}startxref\n${startxref}\n%%EOF\n`;
    this.bytes = Buffer.concat([this.bytes, Buffer.from(tail, "latin1")]);
  }
}

/** Numbers in ascending runs without gaps. */
function runs(numbers: readonly number[]): number[][] {
  const out: number[][] = [];
  for (const number of numbers) {
    const last = out.at(-1);
    if (last?.at(-1) === number - 1) last.push(number);
    else out.push([number]);
  }
  return out;
}

/** A detached CMS by a signer, for `sign`. */
export const detachedBy = (signer: Signer) => async (content: Buffer) => {
  const prepared = prepareSignedData(signer, createHash(signer.digest).update(content).digest());
  return prepared.complete(await signer.sign(prepared.toBeSigned));
};

/** A time-stamp token, for `sign`. */
export const stampedBy = (authority: StampingAuthority, at: Date) => (content: Buffer) =>
  issueTimestampToken({
    authority,
    imprint: createHash("sha256").update(content).digest(),
    imprintAlgorithm: "sha256",
    at,
  });
