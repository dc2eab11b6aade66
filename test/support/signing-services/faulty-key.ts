import { createHash } from "node:crypto";
import { heldKey, signHash, type HashSigning, type HeldKey } from "./key-holder.ts";
import type { Faults } from "./service-server.ts";

/** Keys of somebody else, of either kind. */
const strangers = { rsa: heldKey("rsa-2048", "CCCD:099"), ec: heldKey("ec-p256", "CCCD:099") };

/** Signs digests with a held key, as faithfully as the faults let it. */
export function faultySigning(
  held: HeldKey,
  faults: Faults,
): (hashes: readonly Buffer[], way?: HashSigning) => Buffer[] {
  let first: Buffer | undefined;
  return (hashes, way = {}) => {
    const signatures = hashes.map((hash) => {
      const key = faults.wrongKey ? strangers[held.key.asymmetricKeyType === "ec" ? "ec" : "rsa"] : held;
      const signed = faults.wrongHash
        ? createHash(way.digest ?? "sha256")
            .update("other bytes")
            .digest()
        : hash;
      const signature = faults.replay && first ? first : signHash(key, signed, way);
      first ??= signature;
      return signature;
    });
    if (faults.swapped) signatures.reverse();
    if (faults.missing) signatures.pop();
    return signatures;
  };
}

/** Tells, question after question, how far the person is. */
export function personsAnswer(faults: Faults): () => "waiting" | "approved" | "expired" | "rejected" {
  let questions = 0;
  return () => {
    const { person } = faults;
    if (person === "expires") return "expired";
    if (person === "rejects") return "rejected";
    return person && questions++ < person.approvesAfter ? "waiting" : "approved";
  };
}
