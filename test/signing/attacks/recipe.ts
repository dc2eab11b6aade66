import type { Target } from "./target.ts";

/** One way of attacking a signed file. */
export interface Recipe {
  readonly name: string;
  /** Which signature the attack deceives about: the first one unless said otherwise; "file": none in particular. */
  readonly deceives: "first" | "last" | "file";
  /** Set where nothing can be known any more, so that INDETERMINATE is right, too. */
  readonly mayBeUnknown?: boolean;
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

/** Recipes that leave a file which shows nothing any more, so that nothing can be known of it either. */
export function destructive(set: Readonly<Record<string, Recipe["apply"]>>): readonly Recipe[] {
  return recipes("file", set).map((recipe) => ({ ...recipe, mayBeUnknown: true }));
}
