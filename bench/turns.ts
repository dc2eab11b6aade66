import { quantile } from "./report.ts";

/** Something whose speed is measured: one piece of work on the n-th input. */
export interface Contender {
  readonly name: string;
  /** Does the work once; `index` counts up from 0. */
  act(index: number): unknown;
}

/** Rates in pieces of work a second, one for each round. */
export type Rates = ReadonlyMap<string, readonly number[]>;

/**
 * Lets contenders work by turns, each for `slice` milliseconds a round and once at least, so that what else the machine
 * does falls on all alike. The first round warms up for ten times as long, and does not count.
 */
export async function byTurns(contenders: readonly Contender[], rounds: number, slice: number): Promise<Rates> {
  const rates = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const counts = new Map<string, number>();
  for (let round = 0; round <= rounds; round++) {
    for (const { name, act } of contenders) {
      let index = counts.get(name) ?? 0;
      let done = 0;
      const begin = performance.now();
      do {
        await act(index++);
        done++;
      } while (performance.now() - begin < (round === 0 ? 10 * slice : slice));
      const seconds = (performance.now() - begin) / 1000;
      counts.set(name, index);
      if (round > 0) rates.get(name)!.push(done / seconds);
    }
  }
  return rates;
}

/** The median rate of one contender. */
export function rateOf(rates: Rates, name: string): number {
  return quantile(rates.get(name) ?? [], 0.5);
}

/** The median over the rounds of how many times as fast one contender was as another. */
export function ratioOf(rates: Rates, name: string, other: string): number {
  const others = rates.get(other) ?? [];
  return quantile(
    (rates.get(name) ?? []).map((rate, round) => rate / others[round]!),
    0.5,
  );
}
