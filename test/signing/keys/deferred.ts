import { expect } from "vitest";
import type {
  Authorization,
  RemoteCredential,
  RemoteSigner,
  SigningProgress,
} from "../../../signing/keys/remote/remote-signer.ts";
import type { PendingSignatures } from "../../../signing/keys/remote/pending.ts";
import { completeRevision, prepareSignature } from "../../../signing/sign/deferred.ts";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { serviceRoot } from "../../support/signing-services/key-holder.ts";
import { blankDocument } from "../pdf-documents.ts";

/** When everything in these tests happens. */
export const at = new Date("2026-08-01T01:00:00Z");

/** A field of an appearance of nothing, for a signature. */
export const field = (name: string) => ({
  type: "signature" as const,
  name,
  page: 0,
  rect: [300, 100, 500, 160] as const,
});

const document = await blankDocument("table");

/** A batch of documents that wait for signatures with one remote key. */
export async function prepareBatch(credential: RemoteCredential, count: number) {
  const prepared = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      prepareSignature(document, { field: field(`LanhDao${i}`), signer: credential, at }),
    ),
  );
  const items = prepared.map(({ toBeSigned }, i) => ({
    id: `van-ban-${i}`,
    name: `Quyết định số ${i}/QĐ-SYT`,
    toBeSigned,
  }));
  return { prepared, items };
}

/** Stored and read again, as between two processes; it must hold none of the secrets. */
export function stored(pending: PendingSignatures, secrets: readonly string[] = []): PendingSignatures {
  const text = JSON.stringify(pending);
  for (const secret of secrets) expect(text).not.toContain(secret);
  return JSON.parse(text) as PendingSignatures;
}

/** Goes on with a transaction until it is signed, with another client each time. */
export async function finish(
  client: () => RemoteSigner,
  first: SigningProgress,
  authorization: Authorization = {},
): Promise<Extract<SigningProgress, { state: "SIGNED" }>> {
  let progress = first;
  for (let step = 0; step < 20; step++) {
    if (progress.state === "SIGNED") return progress;
    const pending = stored(progress.pending, Object.values(authorization));
    progress =
      progress.state === "AUTHORIZE" ? await client().authorize(pending, authorization) : await client().poll(pending);
  }
  throw new Error("the transaction does not end");
}

/** The documents with their signatures in; each must pass our own validator, trust included. */
export async function signBatch(
  client: () => RemoteSigner,
  options: { readonly count?: number; readonly authorization?: Authorization } = {},
) {
  const { count = 1, authorization } = options;
  const [credential] = await client().credentials();
  const { prepared, items } = await prepareBatch(credential!, count);
  const request = { credential: credential!, items, text: "Ký quyết định số 12/QĐ-SYT" };
  const { signatures } = await finish(client, await client().start(request), authorization);
  expect(signatures.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  return prepared.map(({ state }, i) => {
    const signed = completeRevision(state, document, signatures[i]!.signature).bytes;
    const { signatures: verdicts, integrity } = verifyPdf(signed, { anchors: [serviceRoot], at });
    expect(integrity).toBe("PASS");
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]!.signer?.subject).toContain("Trần Văn Được");
    return { signed, notes: [...signatures[i]!.notes] };
  });
}

/** A request for signatures over bytes that belong to no document. */
export async function request(client: RemoteSigner, count = 1) {
  const [credential] = await client.credentials();
  const items = Array.from({ length: count }, (_, i) => ({
    id: `d${i}`,
    name: `Văn bản ${i}`,
    toBeSigned: Buffer.from(`thuộc tính ${i}`),
  }));
  return { credential: credential!, items, text: "Ký văn bản" };
}
