import { createHash } from "node:crypto";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const marker = ".congvan-demo";

/** The folder of what a run leaves behind. */
export class Output {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** An empty folder; throws where there is one that no earlier run has made. */
  static async open(directory: string): Promise<Output> {
    const names = await readdir(directory).catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    if (names.length > 0 && !names.includes(marker))
      throw new Error(`${directory} is not empty and no earlier run of the demo made it: move it away first`);
    for (const name of names) await rm(join(directory, name), { recursive: true });
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, marker), "What stands here is emptied by the next run of the demo.\n");
    return new Output(directory);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Keeps a file and gives its path. */
  async keep(name: string, content: Uint8Array | string): Promise<string> {
    await writeFile(this.path(name), content);
    return this.path(name);
  }

  async keepCopy(name: string, source: string): Promise<void> {
    await cp(source, this.path(name), { recursive: true });
  }
}

/** SHA-256 as 64 hexadecimal digits. */
export const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
