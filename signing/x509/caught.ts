import { SigningError } from "../errors.ts";

/**
 * What `run` gives, or what `refused` makes of the SigningError that it throws for what it was given to read. Any
 * other error is a fault of this program and goes on.
 */
export function caught<T>(run: () => T, refused: (error: SigningError) => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SigningError) return refused(error);
    throw error;
  }
}
