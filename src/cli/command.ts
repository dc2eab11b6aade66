/** Exit status of every command: fine, not fine, could not run. */
export const fine = 0;
export const notFine = 1;
export const couldNotRun = 2;

/** The words after a command's name, and where it writes. */
export interface Invocation {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}

export interface Command {
  /** As in the list of commands. */
  readonly usage: string;
  readonly about: string;
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** The caller's words are off: told with the command's usage, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
