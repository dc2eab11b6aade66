import { modificationLevels, type ModificationLevel } from "../../../signing/validate/report.ts";
import { draft } from "./documents.ts";
import { LegalUpdates, type Keys } from "./legal-updates.ts";
import { Random } from "./random.ts";

/** A file that was signed several times and changed in legal ways only, with what is right to say of each signature. */
export interface GenuineFile {
  readonly bytes: Buffer;
  readonly signatures: readonly { readonly field: string; readonly level: ModificationLevel }[];
}

/** Makes the genuine file with the given number. */
export async function genuineFile(seed: number, keys: Keys): Promise<GenuineFile> {
  const random = new Random(seed);
  const updates = new LegalUpdates(draft(random), random, keys);
  for (let left = 3 + random.below(6); left > 0; left--) await updates.step();
  const { signatures, levels } = updates.course;
  return {
    bytes: updates.draft.file.bytes,
    signatures: signatures.map(({ field, revision }) => ({ field, level: highest(levels.slice(revision + 1)) })),
  };
}

function highest(levels: readonly ModificationLevel[]): ModificationLevel {
  return modificationLevels[Math.max(0, ...levels.map((level) => modificationLevels.indexOf(level)))]!;
}
