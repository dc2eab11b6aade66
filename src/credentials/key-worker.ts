import { parentPort, workerData } from "node:worker_threads";
import { openPkcs12 } from "../../signing/index.ts";
import type { KeyAnswer, KeyRequest } from "./open-keystore.ts";

// A thread of its own: deriving the key takes a tenth of a second, and the private key ends with the thread.
const { keystore, pin } = workerData as KeyRequest;
const answer = (message: KeyAnswer) => parentPort!.postMessage(message);
try {
  const signer = openPkcs12(Buffer.from(keystore), pin);
  parentPort!.on("message", (data: Uint8Array) => {
    signer.sign(Buffer.from(data)).then(
      (signature) => answer({ kind: "signature", signature }),
      () => answer({ kind: "failed", code: "SIGNING_FAILED" }),
    );
  });
  answer({ kind: "opened", certificate: signer.certificate, chain: signer.chain, digest: signer.digest });
} catch (error) {
  answer({ kind: "failed", code: (error as { code?: string }).code ?? "PKCS12_MALFORMED" });
}
