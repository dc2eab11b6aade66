import { readFile, readlink } from "node:fs/promises";

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What Linux tells of a process; undefined when we may not look, or elsewhere. */
export async function describeProgram(
  pid: number,
): Promise<{ name: string; workingDirectory: string } | "dead" | undefined> {
  if (process.platform !== "linux") return undefined;
  try {
    const workingDirectory = await readlink(`/proc/${pid}/cwd`);
    return { name: (await readFile(`/proc/${pid}/comm`, "utf8")).trim(), workingDirectory };
  } catch (error) {
    // Dead, perhaps not yet buried by its parent: such a process works nowhere.
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ESRCH" ? "dead" : undefined;
  }
}
