import { open } from "node:fs/promises";

/** A whole file, up to so many bytes. */
export async function readInput(path: string, mostBytes: number): Promise<Buffer> {
  await using file = await open(path);
  const found = await file.stat();
  if (!found.isFile()) throw new Error(`${path} is not a file`);
  if (found.size > mostBytes) throw new Error(`${path} is larger than ${mostBytes} bytes`);
  return await file.readFile();
}
