import type { PdfView } from "../pdf/document.ts";
import { attempt } from "./attempt.ts";
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";

interface Pair {
  readonly a: PdfObject;
  readonly b: PdfObject;
  readonly where: string;
  /** By how much numbers may differ: what writers round away. */
  readonly rounding?: number | undefined;
}

/**
 * What programs that write a page or a field anew round, by key, and so little that nobody sees it: rectangles, in
 * points, for which poppler, PoDoFo and Spire have fewer decimals; colours, which pdf.js keeps in eight bits.
 */
const roundings: ReadonlyMap<string, number> = new Map([
  ...["MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Rect"].map((key) => [key, 0.001] as const),
  ...["BC", "BG"].map((key) => [key, 0.5 / 255 + 1e-6] as const),
]);

/** Two states of a document one revision apart, and what is known of the way between them. */
export interface Transition {
  readonly base: PdfView;
  readonly final: PdfView;
  /** Objects that changed, and those from which one can be reached without passing a node. */
  readonly dependents: ReadonlySet<number>;
  /** Objects that a rule of their own compares, wherever they are referred to from: pages, fields, structure. */
  readonly isNode: (number: number) => boolean;
  /** Called for each pair of values; throws LIMIT_EXCEEDED when there were too many. */
  readonly charge: (weight?: number) => void;
}

/** Compares values of two states of a document, whatever way they are written and wherever they lie. */
export class Comparison {
  readonly #transition: Transition;
  /** Pairs of references found equal; circles end here. */
  readonly #equal = new Set<string>();

  constructor(transition: Transition) {
    this.#transition = transition;
  }

  /** The place of the first difference; undefined when the values are equal on every path. */
  difference(a: PdfObject | undefined, b: PdfObject | undefined, where: string): string | undefined {
    if (a instanceof PdfRef && b instanceof PdfRef && this.#isUntouched(a, b)) return undefined;
    const rounding = roundings.get(where.slice(where.lastIndexOf("/") + 1));
    const waiting: Pair[] = [{ a: a ?? null, b: b ?? null, where, rounding }];
    const seen = new Set<string>();
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      this.#transition.charge();
      if (!this.#samePair(pair, waiting, seen)) return pair.where;
    }
    for (const pair of seen) this.#equal.add(pair);
    return undefined;
  }

  #samePair({ a, b, where, rounding }: Pair, waiting: Pair[], seen: Set<string>): boolean {
    if (!(a instanceof PdfRef) && !(b instanceof PdfRef)) return sameShallow({ a, b, where, rounding }, waiting);
    const { isNode } = this.#transition;
    if (a instanceof PdfRef && b instanceof PdfRef) {
      if (this.#isUntouched(a, b)) return true;
      if (isNode(a.number) || isNode(b.number)) return false;
      const key = `${identity(a)} ${identity(b)}`;
      if (this.#equal.has(key) || seen.has(key)) return true;
      seen.add(key);
    } else if ([a, b].some((value) => value instanceof PdfRef && isNode(value.number))) return false;
    return sameShallow({ ...this.#resolve(a, b), where, rounding }, waiting);
  }

  /** Whether both are references to one object that is a node, or in which nothing can have changed. */
  #isUntouched(a: PdfRef, b: PdfRef): boolean {
    const { isNode, dependents } = this.#transition;
    return a.number === b.number && a.generation === b.generation && (isNode(a.number) || !dependents.has(a.number));
  }

  /** Both values; what cannot be read, and may have changed, gives a pair that differs. */
  #resolve(a: PdfObject, b: PdfObject): Pick<Pair, "a" | "b"> {
    const { base, final } = this.#transition;
    return attempt<Pick<Pair, "a" | "b">>(
      () => ({ a: base.resolve(a), b: final.resolve(b) }),
      () => ({ a: false, b: true }),
    );
  }
}

function identity({ number, generation }: PdfRef): string {
  return `${number}.${generation}`;
}

/** Compares two resolved values; their parts are put on the list. */
function sameShallow({ a, b, where, rounding }: Pair, waiting: Pair[]): boolean {
  if (a instanceof PdfStream) {
    return b instanceof PdfStream && a.sameBytes(b) && sameShallow({ a: a.dict, b: b.dict, where }, waiting);
  }
  if (a instanceof PdfDict) {
    if (!(b instanceof PdfDict)) return false;
    for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
      const rounding = roundings.get(key);
      waiting.push({ a: a.get(key) ?? null, b: b.get(key) ?? null, where: below(where, key), rounding });
    }
    // Readers disagree about which of two equal keys counts, so only the very same bytes are the same.
    return a === b || a.repeated.length + b.repeated.length === 0;
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (const [i, item] of a.entries()) waiting.push({ a: item, b: b[i]!, where, rounding });
    return true;
  }
  if (rounding !== undefined && typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= rounding;
  if (a instanceof PdfName) return b instanceof PdfName && a.name === b.name;
  if (a instanceof PdfString) return b instanceof PdfString && a.bytes.equals(b.bytes);
  return a === b;
}

/** A path for people to read, kept short. */
function below(where: string, key: string): string {
  return where.length > 80 ? where : `${where}/${key}`;
}
