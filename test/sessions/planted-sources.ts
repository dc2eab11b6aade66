import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(import.meta.dirname, "../..");
const key = "congvanPlanted";

/** A rule made wrong in one place: the code that stands there once, and what shall stand in its stead. */
export type Edit = readonly [file: string, code: string, broken: string];

/**
 * A copy of the program in which each fault can be switched on: `PLANTED` in an edit's text is true while it is. One
 * copy for all faults, since starting it takes longer than trying it.
 */
export class PlantedSources implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "congvan-planted-"));
  readonly #on = new Set<string>();

  constructor(faults: Readonly<Record<string, readonly Edit[]>>) {
    for (const name of ["src", "signing", "axis", "storage", "migrations", "schema.graphql", "package.json"])
      cpSync(join(project, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(project, "node_modules"), join(this.folder, "node_modules"));
    Object.assign(globalThis, { [key]: this.#on });
    for (const [name, edits] of Object.entries(faults))
      for (const [file, code, broken] of edits) {
        const source = readFileSync(join(this.folder, file), "utf8");
        if (source.split(code).length !== 2) throw new Error(`${file} has not this once: ${code}`);
        const planted = broken.replaceAll("PLANTED", `globalThis.${key}.has(${JSON.stringify(name)})`);
        writeFileSync(
          join(this.folder, file),
          source.replace(code, () => planted),
        );
      }
  }

  /** Does something while faults are there. */
  async during<T>(faults: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const each of faults) this.#on.add(each);
    try {
      return await work();
    } finally {
      this.#on.clear();
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
