import type { Reactions } from "./audit/record.ts";

/** What later modules do in the transaction of an act of an earlier one: the one place where they meet. */
export const reactions: Reactions = {};
