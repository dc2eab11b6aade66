import { createHmac, timingSafeEqual } from "node:crypto";

/** Secrets of the server, each use with a key of its own, derived from SESSION_SECRET. */
export interface Keys {
  /** What is kept of a session's or token's secret: useless without the server's key. */
  tokenHash(token: string): Buffer;
  /** What is kept of a dossier's look-up secret. */
  lookupHash(dossierCode: string, secret: string): Buffer;
  /** Proof that this server gave out a link; `check` compares in constant time. */
  sign(purpose: string, text: string): string;
  check(purpose: string, text: string, proof: string): boolean;
}

export function keysFrom(secret: string): Keys {
  const mac = (purpose: string, text: string) =>
    createHmac("sha256", secret).update(`${purpose}\0`).update(text).digest();
  return {
    tokenHash: (token) => mac("token", token),
    lookupHash: (dossierCode, lookup) => mac("dossier", `${dossierCode}\0${lookup.toUpperCase()}`),
    sign: (purpose, text) => mac(`link ${purpose}`, text).toString("base64url"),
    check: (purpose, text, proof) => {
      const given = Buffer.from(proof, "base64url");
      const right = mac(`link ${purpose}`, text);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}
