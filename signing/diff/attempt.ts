import { SigningError } from "../errors.ts";

/** What reading gives, or what is made of a fault of the file; any other error is a fault of ours, and goes on. */
export function attempt<T>(read: () => T, otherwise: (fault: SigningError) => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SigningError) return otherwise(error);
    throw error;
  }
}
