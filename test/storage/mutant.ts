import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "../..");

/** A copy of the library with one passage of one file replaced: a planted bug, which the tests must catch. */
export async function plantBug(file: string, passage: string, replacement: string): Promise<Mutant> {
  const folder = await mkdtemp(join(tmpdir(), "congvan-mutant-"));
  await cp(join(root, "storage"), join(folder, "storage"), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), `{ "type": "module" }`);
  const path = join(folder, "storage", file);
  const source = await readFile(path, "utf8");
  if (source.split(passage).length !== 2) throw new Error(`The passage is not once in ${file}: ${passage}`);
  await writeFile(
    path,
    source.replace(passage, () => replacement),
  );
  const module = (name: string): Promise<unknown> => import(pathToFileURL(join(folder, "storage", name)).href);
  return {
    content: async () => (await module("content.ts")) as typeof import("../../storage/content.ts"),
    files: async () => (await module("files.ts")) as typeof import("../../storage/files.ts"),
    s3: async () => (await module("s3.ts")) as typeof import("../../storage/s3.ts"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

interface Mutant extends AsyncDisposable {
  content(): Promise<typeof import("../../storage/content.ts")>;
  files(): Promise<typeof import("../../storage/files.ts")>;
  s3(): Promise<typeof import("../../storage/s3.ts")>;
}
