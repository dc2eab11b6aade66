import { parentPort } from "node:worker_threads";
// Not by the library's door: this thread checks signatures and needs nothing else of it.
import { verifyPdf } from "../../signing/index.ts";
import type { VerificationAnswer, VerificationRequest } from "./pdf-verification.ts";

const port = parentPort!;
const answer = (message: VerificationAnswer) => port.postMessage(message);

port.on("message", ({ bytes, anchors, at }: VerificationRequest) => {
  try {
    const options = { anchors: anchors.map((anchor) => Buffer.from(anchor)), ...(at && { at }) };
    answer({ verification: verifyPdf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), options) });
  } catch (error) {
    answer({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
