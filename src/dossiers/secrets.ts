import type { Keys } from "../keys.ts";

/** 32 signs that are not mistaken for each other on paper: no 0 and O, no 1 and I. */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const length = 8;

/**
 * A dossier's look-up secret (mã tra cứu): 8 signs, so one of 2⁴⁰. It follows from the server's key and the dossier's
 * id, so that a receipt that could not be printed at once can be printed later, although nobody keeps the secret.
 */
export function lookupSecret(keys: Keys, dossierId: string): string {
  const bytes = Buffer.from(keys.sign("dossier look-up secret", dossierId), "base64url");
  return Array.from({ length }, (_, index) => alphabet[bytes[index]! % alphabet.length]).join("");
}

/** A secret as typed, in the form that it is compared in. */
export const typedSecret = (text: string): string => text.replace(/[\s-]/g, "").toUpperCase();
