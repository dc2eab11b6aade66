import { isDeepStrictEqual } from "node:util";
import { SigningError } from "../errors.ts";
import type { PdfView } from "../pdf/document.ts";
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from "../pdf/objects.ts";
import { modificationLevels, type ModificationLevel } from "../validate/report.ts";

interface Pair {
  readonly a: PdfObject | undefined;
  readonly b: PdfObject | undefined;
  readonly where: string;
}

/** Most reasons kept for one signature. */
const maximumReasons = 20;
/** Most pairs of values compared: twice-linked structures of differing numbers could go round almost for ever. */
const maximumPairs = 10_000_000;

/**
 * Compares two states of a document. Whatever no rule has allowed must be equal on every path that leads to it:
 * rules look at what may differ, and hand everything else to `equal`.
 */
export class Comparison {
  readonly base: PdfView;
  readonly final: PdfView;
  /** Objects that a rule of their own compares, wherever they are referred to from: pages, fields, widgets. */
  readonly nodes = new Set<number>();
  readonly reasons: string[] = [];
  readonly notes: string[] = [];
  /** What could not be compared: no change is shown, and none is excluded. */
  readonly doubts: string[] = [];
  #level: ModificationLevel = "NONE";
  readonly #waiting: Pair[] = [];
  #pairs = 0;

  constructor(base: PdfView, final: PdfView) {
    this.base = base;
    this.final = final;
  }

  get level(): ModificationLevel {
    return this.#level;
  }

  /** Records a change that is allowed up to a level. */
  allow(level: ModificationLevel, note?: string): void {
    if (modificationLevels.indexOf(level) > modificationLevels.indexOf(this.#level)) this.#level = level;
    if (note && this.notes.length < maximumReasons && !this.notes.includes(note)) this.notes.push(note);
  }

  /** Records a change that no rule allows. */
  refuse(reason: string): void {
    this.#level = "OTHER";
    if (this.reasons.length < maximumReasons && !this.reasons.includes(reason)) this.reasons.push(reason);
  }

  /** Demands that two values are equal; looked at in `finish`. */
  equal(a: PdfObject | undefined, b: PdfObject | undefined, where: string): void {
    this.#waiting.push({ a, b, where });
  }

  /** Demands equality for every key of two dictionaries but the given ones. */
  equalExcept(a: PdfDict, b: PdfDict, except: ReadonlySet<string>, where: string): void {
    for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
      if (!except.has(key)) this.equal(a.get(key), b.get(key), `${where}/${key}`);
    }
  }

  /** Whether two values are equal, now. */
  isEqual(a: PdfObject | undefined, b: PdfObject | undefined): boolean {
    return this.#walk([{ a, b, where: "" }]) === undefined;
  }

  /** Looks at everything that was to be equal. */
  finish(): void {
    const seen = new Set<string>();
    for (;;) {
      const where = this.#walk(this.#waiting, seen);
      if (where === undefined) return;
      this.refuse(`CHANGED ${where}`);
      if (this.reasons.length === maximumReasons) return;
    }
  }

  #isNode(object: PdfObject): boolean {
    return object instanceof PdfRef && this.nodes.has(object.number);
  }

  /** Both values, or undefined for one broken object that is the same bytes in both states. */
  #resolve(a: PdfObject, b: PdfObject): [PdfObject, PdfObject] | undefined {
    try {
      return [this.base.resolve(a), this.final.resolve(b)];
    } catch (error) {
      if (!(error instanceof SigningError) || error.code === "LIMIT_EXCEEDED") throw error;
      const [was, is] = [a, b].map((ref, i) => ref instanceof PdfRef && (i ? this.final : this.base).entry(ref.number));
      if (!isDeepStrictEqual(was, is)) return [null, true]; // A pair that differs.
      const doubt = `UNREADABLE_OBJECT ${identity(a)}`;
      if (this.doubts.length < maximumReasons && !this.doubts.includes(doubt)) this.doubts.push(doubt);
      return undefined;
    }
  }

  /** Takes pairs off the list until one differs; gives the place where it did. */
  #walk(waiting: Pair[], seen = new Set<string>()): string | undefined {
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      if (++this.#pairs > maximumPairs) throw new SigningError("LIMIT_EXCEEDED", "too much to compare");
      let { a = null, b = null } = pair;
      const { where } = pair;
      if (this.#isNode(a) || this.#isNode(b)) {
        if (identity(a) !== identity(b)) return where;
        continue;
      }
      if (a instanceof PdfRef || b instanceof PdfRef) {
        const key = `${identity(a)} ${identity(b)}`;
        if (a instanceof PdfRef && b instanceof PdfRef) {
          if (seen.has(key)) continue;
          seen.add(key);
        }
        const values = this.#resolve(a, b);
        if (!values) continue;
        [a, b] = values;
      }
      if (!sameShallow(a, b, waiting, where)) return where;
    }
    return undefined;
  }
}

function identity(object: PdfObject): string {
  return object instanceof PdfRef ? `${object.number}.${object.generation}` : "-";
}

/** Compares two resolved values; their parts are put on the list. */
function sameShallow(a: PdfObject, b: PdfObject, waiting: Pair[], where: string): boolean {
  if (a instanceof PdfStream) {
    if (!(b instanceof PdfStream) || !(a.raw === b.raw || a.raw.equals(b.raw))) return false;
    return sameShallow(a.dict, b.dict, waiting, where);
  }
  if (a instanceof PdfDict) {
    if (!(b instanceof PdfDict)) return false;
    for (const [key, value] of a.entries) waiting.push({ a: value, b: b.get(key), where: below(where, key) });
    for (const [key, value] of b.entries) {
      if (!a.entries.has(key)) waiting.push({ a: null, b: value, where: below(where, key) });
    }
    // Readers disagree about which of two equal keys counts.
    return a.repeated.length === b.repeated.length;
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (const [i, item] of a.entries()) waiting.push({ a: item, b: b[i], where });
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
