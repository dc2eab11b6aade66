import type { PdfView } from "../pdf/document.ts";
import { attempt } from "./attempt.ts";
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";

interface Pair {
  readonly a: PdfObject;
  readonly b: PdfObject;
  readonly where: string;
}

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
    const waiting: Pair[] = [{ a: a ?? null, b: b ?? null, where }];
    const seen = new Set<string>();
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      this.#transition.charge();
      if (!this.#samePair(pair, waiting, seen)) return pair.where;
    }
    for (const pair of seen) this.#equal.add(pair);
    return undefined;
  }

  #samePair({ a, b, where }: Pair, waiting: Pair[], seen: Set<string>): boolean {
    if (!(a instanceof PdfRef) && !(b instanceof PdfRef)) return sameShallow(a, b, waiting, where);
    const { isNode } = this.#transition;
    if (a instanceof PdfRef && b instanceof PdfRef) {
      if (this.#isUntouched(a, b)) return true;
      if (isNode(a.number) || isNode(b.number)) return false;
      const key = `${identity(a)} ${identity(b)}`;
      if (this.#equal.has(key) || seen.has(key)) return true;
      seen.add(key);
    } else if ([a, b].some((value) => value instanceof PdfRef && isNode(value.number))) return false;
    return sameShallow(...this.#resolve(a, b), waiting, where);
  }

  /** Whether both are references to one object that is a node, or in which nothing can have changed. */
  #isUntouched(a: PdfRef, b: PdfRef): boolean {
    const { isNode, dependents } = this.#transition;
    return a.number === b.number && a.generation === b.generation && (isNode(a.number) || !dependents.has(a.number));
  }

  /** Both values; what cannot be read, and may have changed, gives a pair that differs. */
  #resolve(a: PdfObject, b: PdfObject): readonly [PdfObject, PdfObject] {
    const { base, final } = this.#transition;
    return attempt<readonly [PdfObject, PdfObject]>(
      () => [base.resolve(a), final.resolve(b)],
      () => [false, true],
    );
  }
}

function identity({ number, generation }: PdfRef): string {
  return `${number}.${generation}`;
}

/** Compares two resolved values; their parts are put on the list. */
function sameShallow(a: PdfObject, b: PdfObject, waiting: Pair[], where: string): boolean {
  if (a instanceof PdfStream) {
    return b instanceof PdfStream && a.sameBytes(b) && sameShallow(a.dict, b.dict, waiting, where);
  }
  if (a instanceof PdfDict) {
    if (!(b instanceof PdfDict)) return false;
    for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
      waiting.push({ a: a.get(key) ?? null, b: b.get(key) ?? null, where: below(where, key) });
    }
    // Readers disagree about which of two equal keys counts, so only the very same bytes are the same.
    return a === b || a.repeated.length + b.repeated.length === 0;
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (const [i, item] of a.entries()) waiting.push({ a: item, b: b[i]!, where });
    return true;
  }
  if (a instanceof PdfName) return b instanceof PdfName && a.name === b.name;
  if (a instanceof PdfString) return b instanceof PdfString && a.bytes.equals(b.bytes);
  return a === b;
}

/** A path for people to read, kept short. */
function below(where: string, key: string): string {
  return where.length > 80 ? where : `${where}/${key}`;
}
