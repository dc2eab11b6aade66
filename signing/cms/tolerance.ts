import { SigningError } from "../errors.ts";

/**
 * What `read` gives, or the SigningError with which it refuses; for parts whose faults are named and do not decide.
 * Any other error is one of ours and is thrown on.
 */
export function attempt<T>(read: () => T): T | SigningError {
  try {
    return read();
  } catch (error) {
    if (error instanceof SigningError) return error;
    throw error;
  }
}

/** Those of the items that can be read; `refused` is told of each other one. */
export function readableOf<I, T>(items: readonly I[], read: (item: I) => T, refused: () => void): T[] {
  return items.flatMap((item) => {
    const value = attempt(() => read(item));
    if (!(value instanceof SigningError)) return [value];
    refused();
    return [];
  });
}
