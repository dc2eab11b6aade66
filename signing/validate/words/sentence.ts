/** One thing said in Vietnamese and in English. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/** A table of codes, each with its sentence in Vietnamese and in English. */
export type WordTable = Readonly<Record<string, readonly [vi: string, en: string]>>;
