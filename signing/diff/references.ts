import { isDeepStrictEqual } from "node:util";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { attempt } from "./attempt.ts";
import { PdfDict, PdfRef, PdfStream, type PdfObject } from "../pdf/objects.ts";

/**
 * Who refers to whom among the objects that can be reached from the trailer. It moves from one revision to the next
 * and reads only what changed, so that many signatures cost no more than the file is long.
 */
export class References {
  readonly #document: PdfDocument;
  #view: PdfView;
  /** Referrers of each object. Those that once were stay: they only let more be compared than needed. */
  readonly #referrers = new Map<number, Set<number>>();
  /** Objects inside each object stream: they change with it. */
  readonly #members = new Map<number, Set<number>>();
  readonly #followed = new Set<number>();
  /** Objects that cannot be read, with the revision at which this was seen: what hangs on them is not known. */
  readonly unreadable = new Map<number, number>();

  constructor(document: PdfDocument, revision: number) {
    this.#document = document;
    this.#view = document.at(revision);
    this.#follow(referencesIn(this.#view.trailer));
  }

  get view(): PdfView {
    return this.#view;
  }

  /** Whether the object can be, or could be, reached from the trailer. */
  reaches(number: number): boolean {
    return this.#followed.has(number);
  }

  /** Moves on by one revision; gives the objects that it defines otherwise, or frees. */
  advance(): ReadonlySet<number> {
    const before = this.#view;
    const after = this.#document.at(before.revision.index + 1);
    const changed = new Set<number>();
    for (const [number, entry] of after.revision.entries) {
      if (number !== 0 && !isDeepStrictEqual(before.entry(number), entry)) changed.add(number);
    }
    for (const container of [...changed]) for (const member of this.#members.get(container) ?? []) changed.add(member);
    this.#view = after;
    const known = [...changed].filter((number) => this.#followed.has(number));
    for (const number of known) this.#followed.delete(number);
    this.#follow([...referencesIn(after.trailer), ...known]);
    return changed;
  }

  /**
   * The changed objects and all from which one of them can be reached. Paths end at a node: that is an object which a
   * rule of its own compares, so whoever refers to it depends on its number alone.
   */
  dependents(changed: ReadonlySet<number>, isNode: (number: number) => boolean): Set<number> {
    const dependents = new Set(changed);
    const waiting = [...changed].filter((number) => !isNode(number));
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      for (const referrer of this.#referrers.get(number) ?? []) {
        if (dependents.has(referrer)) continue;
        dependents.add(referrer);
        if (!isNode(referrer)) waiting.push(referrer);
      }
    }
    return dependents;
  }

  #follow(waiting: number[]): void {
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (this.#followed.has(number)) continue;
      this.#followed.add(number);
      for (const target of this.#targets(number)) {
        put(this.#referrers, target, number);
        if (!this.#followed.has(target)) waiting.push(target);
      }
    }
  }

  #targets(number: number): number[] {
    const entry = this.#view.entry(number);
    if (entry?.type === "compressed") put(this.#members, entry.stream, number);
    return attempt(
      () => referencesIn(this.#view.object(number)?.value ?? null),
      (fault) => {
        if (fault.code === "LIMIT_EXCEEDED") throw fault;
        this.unreadable.set(number, this.#view.revision.index);
        return [];
      },
    );
  }
}

function put(map: Map<number, Set<number>>, key: number, value: number): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}

/** The numbers of all objects that a value refers to. */
function referencesIn(value: PdfObject): number[] {
  const found: number[] = [];
  const waiting: PdfObject[] = [value];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part instanceof PdfRef) found.push(part.number);
    else if (part instanceof PdfDict) for (const item of part.entries.values()) waiting.push(item);
    else if (part instanceof PdfStream) waiting.push(part.dict);
    else if (Array.isArray(part)) for (const item of part) waiting.push(item);
  }
  return found;
}
