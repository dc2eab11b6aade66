import { Worker } from "node:worker_threads";
import { type SignatureDigest, type Signer, SigningError } from "../../signing/index.ts";

/** What the thread that holds the key is given. */
export interface KeyRequest {
  readonly keystore: Uint8Array;
  readonly pin: string;
}

/** What it answers: once on opening, then once for each piece of data to sign. */
export type KeyAnswer =
  | {
      readonly kind: "opened";
      readonly certificate: Uint8Array;
      readonly chain: readonly Uint8Array[];
      readonly digest: SignatureDigest;
    }
  | { readonly kind: "signature"; readonly signature: Uint8Array }
  | { readonly kind: "failed"; readonly code: string };

/** A signer whose private key lives in a thread of its own until it is disposed of. */
export type OpenKeystore = Signer & AsyncDisposable;

/** Opening a sound keystore takes some 0.2 s; a file may ask for a million rounds of key derivation. */
const patienceMilliseconds = 10_000;

/** Opens a PKCS#12 file with its PIN; throws SigningError with BAD_PASSWORD, TIMED_OUT or what `openPkcs12` says. */
export async function openKeystore(keystore: Uint8Array, pin: string): Promise<OpenKeystore> {
  const request: KeyRequest = { keystore, pin };
  const worker = new Worker(new URL("./key-worker.ts", import.meta.url), {
    workerData: request,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  try {
    const opened = await answerOf(worker, "opened");
    return {
      certificate: Buffer.from(opened.certificate),
      chain: opened.chain.map((certificate) => Buffer.from(certificate)),
      digest: opened.digest,
      async sign(data) {
        const answer = answerOf(worker, "signature");
        worker.postMessage(data);
        return Buffer.from((await answer).signature);
      },
      async [Symbol.asyncDispose]() {
        await worker.terminate();
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

function answerOf<K extends "opened" | "signature">(worker: Worker, kind: K): Promise<Extract<KeyAnswer, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const fail = (code: string) => settle(() => reject(new SigningError(code, "the key could not be used")));
    const timer = setTimeout(() => fail("TIMED_OUT"), patienceMilliseconds);
    const onMessage = (answer: KeyAnswer) => {
      if (answer.kind === kind) settle(() => resolve(answer as Extract<KeyAnswer, { kind: K }>));
      else fail(answer.kind === "failed" ? answer.code : "SIGNING_FAILED");
    };
    const onError = () => fail("SIGNING_FAILED");
    const settle = (done: () => void) => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onError);
      done();
    };
    worker.on("message", onMessage).on("error", onError).on("exit", onError);
  });
}
