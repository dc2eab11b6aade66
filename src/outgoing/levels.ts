import { type SignedPdf, signingLevels, type SigningLevel } from "../../signing/index.ts";
import type { Context } from "../context.ts";
import type { OutgoingSignature } from "./entities.ts";

/** What is kept of the level that a signature reached. */
export type KeptLevel = Pick<OutgoingSignature, "level" | "wantedLevel" | "levelNote" | "nextTryAt">;

const firstTryMilliseconds = 60_000;

/** What a signature reached, what it should, and when it is looked at again: an outage is repaired later, not now. */
export function levelOf(
  ctx: Context,
  { level, wanted, notes }: Pick<SignedPdf, "level" | "wanted" | "notes">,
): KeptLevel {
  const isReached = reaches(level, wanted);
  return {
    level,
    wantedLevel: wanted,
    levelNote: notes.length > 0 ? notes.join("; ").slice(0, 1_000) : null,
    // The job also finds out until when a long-lived signature lasts.
    nextTryAt: isReached && level !== "B-LTA" ? null : new Date(ctx.now().getTime() + firstTryMilliseconds),
  };
}

/** Whether a level is at least another. */
export const reaches = (level: SigningLevel, wanted: SigningLevel): boolean =>
  signingLevels.indexOf(level) >= signingLevels.indexOf(wanted);
