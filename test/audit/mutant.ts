import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "../..");

/** A copy of the server's sources with one passage of one file in `src/audit` replaced: a planted bug to be caught. */
export interface Mutant extends AsyncDisposable {
  verify(): Promise<typeof import("../../src/audit/verify.ts")>;
  checkpoints(): Promise<typeof import("../../src/audit/checkpoints.ts")>;
}

export async function plantBug(file: string, passage: string, replacement: string): Promise<Mutant> {
  const folder = await mkdtemp(join(tmpdir(), "congvan-mutant-"));
  await cp(join(root, "src/audit"), join(folder, "src/audit"), { recursive: true });
  await cp(join(root, "src/ids.ts"), join(folder, "src/ids.ts"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
  const path = join(folder, "src/audit", file);
  const source = await readFile(path, "utf8");
  if (source.split(passage).length !== 2) throw new Error(`The passage is not once in ${file}: ${passage}`);
  await writeFile(
    path,
    source.replace(passage, () => replacement),
  );
  const module = (name: string): Promise<unknown> => import(pathToFileURL(join(folder, "src/audit", name)).href);
  return {
    verify: async () => (await module("verify.ts")) as typeof import("../../src/audit/verify.ts"),
    checkpoints: async () => (await module("checkpoints.ts")) as typeof import("../../src/audit/checkpoints.ts"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
