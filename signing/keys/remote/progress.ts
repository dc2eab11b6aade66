import { acceptSignatures } from "./returned-signature.ts";
import { readPending, type PendingSignatures } from "./pending.ts";
import { refuse } from "./refusals.ts";
import type { SigningProgress } from "./remote-signer.ts";

/** SIGNED with the signatures in the items' order, once each has been verified (see `acceptSignatures`). */
export function signedProgress(pending: PendingSignatures, returned: readonly Buffer[]): SigningProgress {
  const { certificate, items } = readPending(pending.provider, pending);
  const { digest, scheme } = pending;
  const expected = { certificate, digest, ...(scheme ? { scheme } : {}) };
  return { state: "SIGNED", signatures: acceptSignatures(expected, items, returned) };
}

/** WAITING with what the provider wants remembered. Throws EXPIRED where the transaction's time is over. */
export function waitingProgress(
  pending: PendingSignatures,
  waiting: {
    readonly now: Date;
    readonly state?: Readonly<Record<string, string>>;
    readonly pollAfterMilliseconds?: number;
  },
): SigningProgress {
  if (waiting.now.getTime() > Date.parse(pending.expiresAt)) {
    throw refuse("EXPIRED", "Nobody approved the signature in time.");
  }
  const state = { ...pending.state, ...waiting.state };
  return {
    state: "WAITING",
    pollAfterMilliseconds: waiting.pollAfterMilliseconds ?? 2_000,
    pending: { ...pending, step: "WAITING", state },
  };
}

/** AUTHORIZE with what is to be typed in. */
export function authorizeProgress(pending: PendingSignatures): SigningProgress {
  return { state: "AUTHORIZE", factors: pending.factors, pending };
}

/**
 * Signatures that carry their document's number, put into the items' order. Throws BAD_ANSWER where one is missing,
 * stands twice, or is for a document that was not asked for.
 */
export function inItemOrder(
  pending: PendingSignatures,
  returned: readonly { readonly id: string; readonly signature: Buffer }[],
): readonly Buffer[] {
  const byId = new Map(returned.map(({ id, signature }) => [id, signature]));
  const all = pending.items.map(({ id }) => byId.get(id));
  if (byId.size !== returned.length || returned.length !== all.length || all.includes(undefined)) {
    throw refuse("BAD_ANSWER", "The signatures are not those of the documents asked for.");
  }
  return all as readonly Buffer[];
}
