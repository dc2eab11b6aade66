import { readPdf, type PdfDocument, type PdfView } from "../../../signing/pdf/document.ts";
import { PdfDict, PdfRef, PdfStream, type PdfObject } from "../../../signing/pdf/objects.ts";
import { formFields, type FormField } from "../../../signing/pdf/acroform.ts";
import { serialize, type Chunk } from "../../../signing/pdf/serialize.ts";
import type { SignatureToMake } from "./growing-file.ts";

/** Objects of an update as they stand in the file, in Latin-1; null frees one. */
export type Bodies = Readonly<Record<number, string | null>>;

/** How an update is appended. */
export interface Appending {
  readonly section?: "table" | "stream";
  /** More of the trailer, or another /Root. */
  readonly trailer?: Readonly<Record<string, string>>;
  /** Offsets to list for some objects instead of the true ones. */
  readonly offsets?: Readonly<Record<number, number>>;
  /** Generations to list. */
  readonly generations?: Readonly<Record<number, number>>;
}

const hole = 3_000;
const blank = "0".repeat(10);

/** A signed file under attack: where its parts are, and ways to append to it. */
export class Target {
  readonly bytes: Buffer;
  readonly document: PdfDocument;
  readonly view: PdfView;
  readonly #next: number;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.document = readPdf(bytes);
    this.view = this.document.latest;
    this.#next = Math.max(...this.document.revisions.flatMap(({ entries }) => [...entries.keys()])) + 1;
  }

  get catalog(): PdfRef {
    return this.view.trailer.get("Root") as PdfRef;
  }

  get page(): PdfRef {
    return this.view.pages()[0]!;
  }

  /** The first stream of the first page's content. */
  get content(): PdfRef {
    const contents = this.view.dict(this.page)!.get("Contents");
    return [this.view.resolve(contents)].flat()[0] instanceof PdfStream ? (contents as PdfRef) : this.#first(contents);
  }

  #first(contents: PdfObject | undefined): PdfRef {
    return this.view.array(contents)[0] as PdfRef;
  }

  /** The nth number that no object has. */
  fresh(n = 0): number {
    return this.#next + n;
  }

  field(name: string): FormField {
    const field = formFields(this.view).find((each) => each.name === name);
    if (!field) throw new Error(`there is no field ${name}`);
    return field;
  }

  /** The fields of a type in the form's order, signed ones only if asked. */
  fields(type: string): FormField[] {
    return formFields(this.view).filter((field) => field.type === type);
  }

  /** Where an object's value is, through dictionaries: `at(page, "Resources", "Font")`. */
  at(start: PdfObject, ...keys: readonly string[]): PdfObject {
    let value: PdfObject = start;
    for (const key of keys) value = this.view.dict(value)?.get(key) ?? null;
    return value;
  }

  /** An object as it would be written. */
  text(object: PdfObject): string {
    const value = object instanceof PdfRef ? this.view.get(object) : object;
    return written(value);
  }

  /** A dictionary (or a stream's) with some keys set to other texts, or left out. */
  with(object: PdfObject, keys: Readonly<Record<string, string | undefined>>): string {
    const value = this.view.resolve(object);
    const dict = value instanceof PdfStream ? value.dict : (value as PdfDict);
    const entries = new Map([...dict.entries].map(([key, item]) => [key, written(item)]));
    for (const [key, item] of Object.entries(keys)) {
      if (item === undefined) entries.delete(key);
      else entries.set(key, item);
    }
    const head = `<<${[...entries].map(([key, item]) => `/${key} ${item}`).join(" ")}>>`;
    return value instanceof PdfStream ? `${head}\nstream\n${value.raw.toString("latin1")}\nendstream` : head;
  }

  /** The array of a key with more items behind, as text. */
  longer(object: PdfObject, key: string, more: string): string {
    const list = this.view.array(this.at(object, key));
    return `[${[...list.map(written), more].join(" ")}]`;
  }

  /** The form with some keys set: by its own object, or in the catalog that holds it. */
  form(keys: Readonly<Record<string, string | undefined>>): Bodies {
    const form = this.at(this.catalog, "AcroForm");
    const changed = this.with(form, keys);
    if (form instanceof PdfRef) return { [form.number]: changed };
    return { [this.catalog.number]: this.with(this.catalog, { AcroForm: changed }) };
  }

  /** A new field at the end of the form, and on the first page. */
  newField(number: number, body: string): Bodies {
    const fields = this.longer(this.at(this.catalog, "AcroForm"), "Fields", `${number} 0 R`);
    return { [number]: body, ...this.form({ Fields: fields }), ...this.annotated(`${number} 0 R`) };
  }

  /** The first page with one more annotation. */
  annotated(annotation: string): Bodies {
    return { [this.page.number]: this.with(this.page, { Annots: this.longer(this.page, "Annots", annotation) }) };
  }

  /** The catalog with some keys set. */
  catalogWith(keys: Readonly<Record<string, string | undefined>>): Bodies {
    return { [this.catalog.number]: this.with(this.catalog, keys) };
  }

  /** The file with one more revision. */
  append(bodies: Bodies, appending: Appending = {}): Buffer {
    const parts = [this.bytes];
    let length = this.bytes.length;
    const push = (text: string) => {
      parts.push(Buffer.from(text, "latin1"));
      length += text.length;
    };
    const rows: [number, number | null, number][] = [];
    for (const [key, body] of Object.entries(bodies)) {
      const number = Number(key);
      const generation = appending.generations?.[number] ?? 0;
      rows.push([number, body === null ? null : (appending.offsets?.[number] ?? length), generation]);
      if (body !== null) push(`${number} ${generation} obj\n${body}\nendobj\n`);
    }
    const size = Math.max(this.fresh(40), ...rows.map(([number]) => number + 1));
    const own = size;
    const trailer = {
      Root: `${this.catalog.number} 0 R`,
      ...(this.view.trailer.get("Info") ? { Info: written(this.view.trailer.get("Info")!) } : {}),
      ...(this.view.trailer.get("ID") ? { ID: written(this.view.trailer.get("ID")!) } : {}),
      Prev: String(this.view.revision.startxref),
      ...appending.trailer,
      Size: String(size + 1),
    };
    const keys = Object.entries(trailer)
      .map(([key, value]) => `/${key} ${value}`)
      .join(" ");
    const kind = appending.section ?? (this.view.revision.kind === "stream" ? "stream" : "table");
    const start = length;
    if (kind === "table") {
      const table = rows.map(([number, offset, generation]) => {
        const place = String(offset ?? 0).padStart(10, "0");
        return `${number} 1\n${place} ${String(generation).padStart(5, "0")} ${offset === null ? "f" : "n"} \n`;
      });
      push(`xref\n${table.join("")}trailer\n<<${keys}>>\n`);
    } else {
      const data = Buffer.alloc(7 * (rows.length + 1));
      for (const [i, [, offset, generation]] of [...rows, [own, start, 0] as const].entries()) {
        data.writeUInt8(offset === null ? 0 : 1, 7 * i);
        data.writeUInt32BE(offset ?? 0, 7 * i + 1);
        data.writeUInt16BE(generation, 7 * i + 5);
      }
      const index = [...rows.map(([number]) => `${number} 1`), `${own} 1`].join(" ");
      const dict = `<</Type /XRef /W [1 4 2] /Index [${index}] ${keys} /Length ${data.length}>>`;
      push(`${own} 0 obj\n${dict}\nstream\n${data.toString("latin1")}\nendstream\nendobj\n`);
    }
    push(`startxref\n${start}\n%%EOF\n`);
    return Buffer.concat(parts);
  }

  /** The file with one more revision that a signature closes; `more` goes into its dictionary. */
  async sign(bodies: Bodies, number: number, sign: SignatureToMake["sign"], more = ""): Promise<Buffer> {
    const dictionary =
      `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20260801080000Z) ${more} ` +
      `/ByteRange [0 ${blank} ${blank} ${blank}] /Contents <${"00".repeat(hole)}>>>`;
    const pdf = this.append({ ...bodies, [number]: dictionary });
    const range = pdf.indexOf(`[0 ${blank}`, this.bytes.length);
    const start = pdf.indexOf("/Contents <00", range) + "/Contents ".length;
    const end = start + 2 * hole + 2;
    pdf.write(`[0 ${[start, end, pdf.length - end].map((n) => String(n).padEnd(10)).join(" ")}]`, range, "latin1");
    const content = Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]);
    pdf.write((await sign(content)).toString("hex"), start + 1, "latin1");
    return pdf;
  }
}

/** An object in the way it stands in a file, in Latin-1. */
export function written(value: PdfObject): string {
  const chunks: Chunk[] = [];
  serialize(value, chunks);
  return chunks.map((chunk) => (typeof chunk === "string" ? chunk : chunk.toString("latin1"))).join("");
}

/** A stream as it stands in a file. */
export function streamText(keys: string, data: string): string {
  return `<<${keys} /Length ${Buffer.byteLength(data, "latin1")}>>\nstream\n${data}\nendstream`;
}

/** A form XObject that paints the given content over 60 × 20. */
export function looks(content: string, resources = ""): string {
  return streamText(`/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources <<${resources}>>`, content);
}
