import type { SigningError } from "../errors.ts";
import type { PdfDocument } from "../pdf/document.ts";
import { exceeded } from "../pdf/limits.ts";
import { PdfRef, PdfStream } from "../pdf/objects.ts";
import type { FoundSignature } from "../validate/signature-fields.ts";
import { attempt } from "./attempt.ts";
import { compareCatalog, compareTrailer } from "./catalog.ts";
import type { Change } from "./changes.ts";
import { compareForm } from "./form.ts";
import { readNodes, type Nodes } from "./nodes.ts";
import { comparePages } from "./pages.ts";
import { References } from "./references.ts";
import { SignedText } from "./signed-text.ts";
import { Step, type StepContext } from "./step.ts";

/** What one revision changed. */
export interface RevisionChanges {
  readonly revision: number;
  readonly changes: readonly Change[];
  /** Changes that no rule allows. */
  readonly reasons: readonly string[];
  readonly doubts: readonly string[];
}

/** Most pairs of values compared in one file: twice-linked structures could go round almost for ever. */
const maximumPairs = 10_000_000;

/**
 * What each revision of a file changed, from the first signature on. Every revision is compared once, with the one
 * before it, whatever the number of signatures; so what was shown in between and taken back is seen as well.
 */
export class History {
  readonly #document: PdfDocument;
  readonly #signatures = new Map<number, FoundSignature>();
  /** Revisions that a signature closes, ascending. */
  readonly #closing: readonly number[];
  readonly #text: SignedText;
  readonly #steps: RevisionChanges[] = [];
  #pairs = 0;

  constructor(document: PdfDocument, signatures: readonly FoundSignature[]) {
    this.#document = document;
    this.#text = new SignedText(document);
    const closing = new Set<number>();
    for (const signature of signatures) {
      if (signature.revision !== undefined) closing.add(signature.revision);
      if (signature.faults.length === 0) this.#signatures.set(signature.fieldRef.number, signature);
    }
    this.#closing = [...closing].sort((a, b) => a - b);
    this.#compareAll();
  }

  /** What the revisions after the given one changed, oldest first. */
  since(revision: number): readonly RevisionChanges[] {
    return this.#steps.filter((step) => step.revision > revision);
  }

  #compareAll(): void {
    const [first] = this.#closing;
    const last = this.#document.revisions.length - 1;
    if (first === undefined || first === last) return;
    let revision = first + 1;
    const compare = () => {
      const references = new References(this.#document, first);
      let nodes: Nodes | undefined;
      /** The revision behind which comparing goes on, after one that no signature before it survives. */
      let resume = first;
      for (; revision <= last; revision++) {
        const base = references.view;
        if (revision > resume) nodes ??= readNodes(base);
        const changed = references.advance();
        if (!nodes) continue;
        const step = this.#compare({ references, base, changed, nodes, first });
        this.#steps.push(step);
        if (step.reasons.length === 0) continue;
        nodes = undefined;
        resume = this.#closing.find((closing) => closing >= revision) ?? last;
      }
    };
    // After a fault nothing is known of that revision, nor of those behind it.
    attempt(compare, (fault) => {
      for (; revision <= last; revision++) this.#steps.push(failed(revision, fault));
    });
  }

  #compare({ references, base, changed, nodes, first }: Between): RevisionChanges {
    const final = references.view;
    const isNode = (number: number) => nodes.has(number);
    const dependents = references.dependents(changed, isNode);
    const context: StepContext = {
      base,
      final,
      dependents,
      isNode,
      nodes,
      first,
      document: this.#document,
      signatures: this.#signatures,
      text: this.#text,
      charge: (weight = 1) => {
        if ((this.#pairs += weight) > maximumPairs) throw exceeded("There is too much to compare.");
      },
    };
    const step = new Step(context);
    const compare = () => {
      compareTrailer(step);
      // The form comes first: the rules for pages and structure ask for the new widgets.
      compareForm(step);
      comparePages(step);
      compareCatalog(step);
      refuseGuessed(step, changed);
      this.#doubtUnreadable(step, references, changed);
    };
    attempt(compare, (fault) => step.refuse(causeOf(fault)));
    for (const node of step.newNodes) nodes.set(node.ref.number, node);
    this.#text.forget(dependents);
    const { revision, changes, reasons, doubts } = step;
    return { revision, changes, reasons, doubts };
  }

  /**
   * What cannot be read may show anything that it refers to. That matters where something changed that no known path
   * leads to, or a stream, which may be shown in two places.
   */
  #doubtUnreadable(step: Step, references: References, changed: ReadonlySet<number>): void {
    const { unreadable } = references;
    if (unreadable.size === 0) return;
    const metadata = step.base.catalog.get("Metadata");
    const isSuspect = (number: number): boolean => {
      if ((step.base.entry(number)?.type ?? "free") === "free") return false;
      if (metadata instanceof PdfRef && metadata.number === number) return false;
      return !references.reaches(number) || step.base.object(number)?.value instanceof PdfStream;
    };
    if (![...changed].some(isSuspect)) return;
    for (const number of unreadable.keys()) step.doubt(`UNREADABLE_OBJECT ${number}`);
  }
}

/**
 * An object that a revision writes anew so that nobody can read it: what stood there before is only a guess of ours,
 * and other readers show what they make of it.
 */
function refuseGuessed(step: Step, changed: ReadonlySet<number>): void {
  const { base, final } = step;
  const { end } = base.revision;
  for (const number of changed) {
    const entry = final.entry(number);
    if (entry?.type !== "offset" || entry.offset < end) continue;
    const found = attempt(
      () => final.object(number),
      () => undefined,
    );
    if (found?.span && found.span.start < end) step.refuse(`CANNOT_COMPARE MALFORMED_PDF object ${number}`);
  }
}

interface Between {
  readonly references: References;
  readonly base: StepContext["base"];
  readonly changed: ReadonlySet<number>;
  readonly nodes: Nodes;
  readonly first: number;
}

function failed(revision: number, error: SigningError): RevisionChanges {
  return { revision, changes: [], reasons: [causeOf(error)], doubts: [] };
}

function causeOf(error: SigningError): string {
  return `CANNOT_COMPARE ${error.code} ${error.message}`;
}
