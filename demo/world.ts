import type { Journal } from "./journal.ts";
import type { Output } from "./output.ts";
import type { People } from "./people.ts";

/** What every part of the path uses. */
export interface World {
  readonly journal: Journal;
  readonly output: Output;
  readonly people: People;
}
