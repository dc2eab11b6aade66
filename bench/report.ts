/** One figure of a bench, as it is printed. */
export interface Figure {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** Such as "≥ 0.5"; null where nothing is promised. */
  readonly target: string | null;
  readonly ok: boolean | null;
}

type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** Prints figures as lines of JSON and remembers whether a target was missed. */
export class Report {
  readonly figures: Figure[] = [];
  private readonly bench: string;

  constructor(bench: string) {
    this.bench = bench;
  }

  add(figure: string, value: number, unit: string, bound?: Bound): void {
    const isAtLeast = bound !== undefined && "atLeast" in bound;
    const limit = bound === undefined ? null : "atLeast" in bound ? bound.atLeast : bound.atMost;
    const entry: Figure = {
      bench: this.bench,
      figure,
      value: Number(value.toPrecision(4)),
      unit,
      target: limit === null ? null : `${isAtLeast ? "≥" : "≤"} ${limit}`,
      ok: limit === null ? null : isAtLeast ? value >= limit : value <= limit,
    };
    this.figures.push(entry);
    console.log(JSON.stringify(entry));
  }

  get isMet(): boolean {
    return this.figures.every(({ ok }) => ok !== false);
  }
}

/** The value under which `share` (0 to 1) of the numbers lie. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
