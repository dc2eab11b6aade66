import { parentPort, workerData } from "node:worker_threads";
import { prepareUpload } from "./upload-fields.ts";
import type { UploadWork } from "./uploads.ts";

// A thread of its own: whatever a hostile file asks of its reader, only this thread is busy with it, and not for long.
try {
  const { bytes, steps } = workerData as UploadWork;
  const prepared = prepareUpload(Buffer.from(bytes), steps);
  parentPort!.postMessage({ prepared });
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  parentPort!.postMessage({ fault: code ?? "MALFORMED_PDF", message });
}
