import type { IndirectObject } from "./indirect.ts";
import { type Budget, MAX_OBJECTS, malformed } from "./limits.ts";
import type { PdfStream } from "./objects.ts";
import { Parser } from "./parser.ts";

/** The objects inside one object stream (7.5.7). */
export class ObjectStream {
  readonly #data: Buffer;
  readonly #budget: Budget;
  readonly #numbers: number[] = [];
  readonly #offsets: number[] = [];
  readonly #objects = new Map<number, IndirectObject>();

  /** Throws MALFORMED_PDF when /N, /First or the list of objects makes no sense. */
  constructor(stream: PdfStream, data: Buffer, budget: Budget) {
    this.#data = data;
    this.#budget = budget;
    const count = stream.dict.get("N");
    const first = stream.dict.get("First");
    if (typeof count !== "number" || typeof first !== "number" || count > MAX_OBJECTS || !(first >= 0)) {
      throw malformed("An object stream's /N or /First is out of range.");
    }
    const parser = new Parser(data, 0, budget, false);
    for (let index = 0; index < count; index++) {
      this.#numbers.push(parser.integer());
      this.#offsets.push(first + parser.integer());
    }
  }

  /** The numbers of its objects, in order. */
  get numbers(): readonly number[] {
    return this.#numbers;
  }

  /** The object at an index, which must be of this number. Throws MALFORMED_PDF. */
  object(index: number, number: number): IndirectObject {
    if (this.#numbers[index] !== number) throw malformed(`Object ${number} is not where the object stream says.`);
    let object = this.#objects.get(index);
    if (object === undefined) {
      const value = new Parser(this.#data, this.#offsets[index]!, this.#budget, false).object();
      this.#objects.set(index, (object = { number, generation: 0, value }));
    }
    return object;
  }
}
