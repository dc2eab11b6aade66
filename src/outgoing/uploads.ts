import { Worker } from "node:worker_threads";
import type { Context } from "../context.ts";
import { AppError, badInput } from "../errors.ts";
import type { SigningRole } from "../graphql/types.ts";
import { Turns } from "../turns.ts";

/** The largest PDF that is signed here: it is held in memory. */
export const largestDocument = 20 << 20;
const patienceMilliseconds = 5_000;
const turns = new Turns(2);

const sentences: Readonly<Record<string, string>> = {
  ENCRYPTED_PDF: "Tệp PDF được mã hóa; hãy bỏ mật khẩu trước khi tải lên.",
  LIMIT_EXCEEDED: "Tệp PDF quá lớn hoặc quá phức tạp.",
  SIGNED_BEFORE: "Tệp PDF đã có chữ ký số; hãy tải lên bản chưa ký.",
  ACTIVE_CONTENT: "Tệp PDF có mã lệnh hoặc biểu mẫu XFA.",
  NAME_TAKEN: "Tệp PDF có trường trùng tên với trường ký số.",
  NO_ROOM: "Trang cuối không còn chỗ trống cho các chữ ký.",
};

/** A step that shall have a field in the file. */
export interface UploadStep {
  readonly role: SigningRole;
  readonly field: string;
}

/** What the thread is given. */
export interface UploadWork {
  readonly bytes: Uint8Array;
  readonly steps: readonly UploadStep[];
}

/** Bytes of a stored PDF that shall be signed; TOO_LARGE beyond 20 MB. */
export async function documentBytes(ctx: Context, sha256: string): Promise<Buffer> {
  const found = await ctx.services.store.stat(sha256);
  if (found && found.size > largestDocument)
    throw new AppError("TOO_LARGE", "Văn bản để ký có tối đa 20 MB.", "A document to be signed has at most 20 MB.");
  return ctx.services.store.read(sha256, largestDocument);
}

/** An uploaded PDF with its fields added, made in a thread with a time limit; BAD_INPUT for what cannot be signed. */
export async function preparedUpload(bytes: Buffer, steps: readonly UploadStep[] = []): Promise<Buffer> {
  const endTurn = await turns.take();
  try {
    const answer = await inThread({ bytes, steps: steps.map(({ role, field }) => ({ role, field })) });
    if (answer.prepared) return Buffer.from(answer.prepared);
    const vi = sentences[answer.fault ?? ""] ?? "Đây không phải là tệp PDF đúng chuẩn.";
    throw new AppError("BAD_INPUT", vi, answer.message ?? "The PDF cannot be used.", {
      field: "fileId",
      reason: answer.fault,
    });
  } finally {
    endTurn();
  }
}

interface Answer {
  readonly prepared?: Uint8Array;
  readonly fault?: string;
  readonly message?: string;
}

async function inThread(work: UploadWork): Promise<Answer> {
  const worker = new Worker(new URL("./upload-worker.ts", import.meta.url), {
    workerData: work,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const tooMuch = () => badInput("fileId", sentences["LIMIT_EXCEEDED"]!, "The PDF asks for too much.");
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => reject(tooMuch()), patienceMilliseconds);
      const settle = (done: () => void) => {
        clearTimeout(timer);
        done();
      };
      worker.once("message", (answer: Answer) => settle(() => resolve(answer)));
      worker.once("error", () => settle(() => reject(tooMuch())));
      worker.once("exit", () => settle(() => reject(tooMuch())));
    });
  } finally {
    await worker.terminate();
  }
}
