import type { Target } from "./target.ts";

/** One way of attacking a signed file. */
export interface Recipe {
  readonly name: string;
  /** Which signature the attack deceives about: the first one unless said otherwise; "file": none in particular. */
  readonly deceives: "first" | "last" | "file";
  /** The attacked file; undefined where the target has nothing of the kind. */
  readonly apply: (target: Target) => Buffer | Promise<Buffer> | undefined;
}

/** A set of recipes with one kind of victim. */
export function recipes(
  deceives: Recipe["deceives"],
  set: Readonly<Record<string, Recipe["apply"]>>,
): readonly Recipe[] {
  return Object.entries(set).map(([name, apply]) => ({ name, deceives, apply }));
}
