import type { PdfDocument, PdfView } from "../pdf/document.ts";
import type { PdfDict, PdfObject, PdfRef } from "../pdf/objects.ts";
import type { FoundSignature } from "../validate/signature-fields.ts";
import type { Change } from "./changes.ts";
import { Comparison, type Transition } from "./comparison.ts";
import type { FieldNode, Node, Nodes } from "./nodes.ts";
import type { SignedText } from "./signed-text.ts";

/** Most reasons kept for one step. */
const maximumReasons = 20;

/** A widget that shows something for the first time. */
export interface ShownWidget {
  readonly field: FieldNode;
  readonly ref: PdfRef;
  /** The page that shows it, once that is known. */
  page?: PdfRef;
}

/** What a step needs to know besides the two states. */
export interface StepContext extends Transition {
  readonly document: PdfDocument;
  readonly nodes: Nodes;
  /** Signatures without a fault, by the number of their field. */
  readonly signatures: ReadonlyMap<number, FoundSignature>;
  /** Revision of the first signature; fields that came later were unknown to some signature. */
  readonly first: number;
  readonly text: SignedText;
}

/** One revision against the one before it. The rules look at what may differ and demand that all else is equal. */
export class Step {
  readonly context: StepContext;
  readonly base: PdfView;
  readonly final: PdfView;
  readonly changes: Change[] = [];
  readonly reasons: string[] = [];
  /** What could not be compared: no change is shown, and none is excluded. */
  readonly doubts: string[] = [];
  /** Widgets of new signature fields, by object number. */
  readonly newWidgets = new Map<number, ShownWidget>();
  /** Widgets signed now, of fields that are younger than the first signature. */
  readonly signedWidgets: ShownWidget[] = [];
  /** Nodes that this revision brings. */
  readonly newNodes: Node[] = [];
  readonly #comparison: Comparison;

  constructor(context: StepContext) {
    this.context = context;
    this.base = context.base;
    this.final = context.final;
    this.#comparison = new Comparison(context);
  }

  /** Index of the later revision. */
  get revision(): number {
    return this.final.revision.index;
  }

  /** Whether something may have changed in the object or in what it leads to. */
  touched(number: number): boolean {
    return this.context.dependents.has(number);
  }

  /** Records a change that a rule knows. */
  allow(change: Omit<Change, "revision">): void {
    this.changes.push({ revision: this.revision, ...change });
  }

  /** Records a change that no rule allows. */
  refuse(reason: string): void {
    if (this.reasons.length < maximumReasons && !this.reasons.includes(reason)) this.reasons.push(reason);
  }

  /** Records that something could not be compared. */
  doubt(doubt: string): void {
    if (this.doubts.length < maximumReasons && !this.doubts.includes(doubt)) this.doubts.push(doubt);
  }

  /** Whether two values are equal on every path. */
  same(a: PdfObject | undefined, b: PdfObject | undefined): boolean {
    return this.#comparison.difference(a, b, "") === undefined;
  }

  /** Demands that two values are equal. */
  equal(a: PdfObject | undefined, b: PdfObject | undefined, where: string): void {
    const place = this.#comparison.difference(a, b, where);
    if (place !== undefined) this.refuse(`CHANGED ${place}`);
  }

  /** Demands equality for every key of two dictionaries but the given ones. */
  equalExcept(a: PdfDict, b: PdfDict, except: ReadonlySet<string>, where: string): void {
    for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
      if (!except.has(key)) this.equal(a.get(key), b.get(key), `${where}/${key}`);
    }
    // Readers disagree about which of two equal keys counts; the version of the standard changes nothing that is shown.
    const repeated = b.repeated.find((key) => where !== "catalog" || key !== "Version");
    if (a !== b && repeated !== undefined) this.refuse(`REPEATED_KEY ${where}/${repeated}`);
  }
}
