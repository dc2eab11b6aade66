import { Worker } from "node:worker_threads";
import type { AgentUpload, AgentUploadVerdict, StoredAnchor, Verification } from "../../signing/index.ts";
import { AppError } from "../errors.ts";

/** A file that is too large to be held in memory; it must not change meanwhile. */
export interface FileOnDisk {
  readonly path: string;
}

export interface VerificationRequest {
  readonly bytes: Uint8Array | FileOnDisk;
  readonly anchors: readonly (Uint8Array | StoredAnchor)[];
  readonly at?: Date | undefined;
  readonly material?: Material | undefined;
  /** Where missing material may be fetched from; nothing is looked for where this is left out. */
  readonly hosts?: readonly string[] | undefined;
  /** Whether pages are drawn for a second opinion: usually always where material is looked for, as nobody waits then. */
  readonly look?: "always" | "where needed" | undefined;
}

/** Certificates, revocation lists and responses in DER, as base64: what a verdict can be repeated with later. */
export interface Material {
  readonly certificates: readonly string[];
  readonly crls: readonly string[];
  readonly ocsp: readonly string[];
}

/** A verdict, and the material that was found for it. */
export interface Examination {
  readonly verification: Verification;
  readonly material?: Material;
  /** One line for each thing that could not be had. */
  readonly missing?: readonly string[];
}

/** Whom to trust and as of when; plain data, as another thread needs it. */
export interface VerifierOptions {
  readonly anchors: readonly (Uint8Array | StoredAnchor)[];
  readonly at?: Date;
  readonly material?: Material | undefined;
  readonly hosts?: readonly string[];
  readonly look?: "always" | "where needed";
}

/** What a thread is asked: to judge a file's signatures, or a file that an agent has brought back. */
export type VerificationWork = VerificationRequest | { readonly upload: AgentUpload };

export type VerificationAnswer = Examination | { readonly upload: AgentUploadVerdict } | { readonly fault: string };

/** What checking one file may cost, and how many are checked or wait at a time. */
export interface VerificationLimits {
  readonly threads: number;
  readonly waiting: number;
  readonly milliseconds: number;
  readonly heapMegabytes: number;
}

const usualLimits: VerificationLimits = { threads: 2, waiting: 32, milliseconds: 15_000, heapMegabytes: 256 };
/** A thread without work is ended: each holds some 30 MB. */
const idleMilliseconds = 30_000;

const overBudget = (limit: string) =>
  new AppError("TOO_LARGE", "Tệp quá phức tạp, không kiểm tra được.", "The file is too complex to check.", { limit });

const tooBusy = () =>
  new AppError("UNAVAILABLE", "Hệ thống đang bận; vui lòng thử lại.", "The system is busy; please try again.", {
    retryAfterSeconds: 5,
  });

/** Threads that check PDFs from outside: a file made to be slow or greedy costs its thread, never the server. */
export class PdfVerifier {
  private readonly limits: VerificationLimits;
  private readonly program: URL;
  private readonly idle: { readonly worker: Worker; readonly end: NodeJS.Timeout }[] = [];
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  constructor(
    limits: Partial<VerificationLimits> = {},
    program = new URL("./pdf-verification-worker.ts", import.meta.url),
  ) {
    this.limits = { ...usualLimits, ...limits };
    this.program = program;
  }

  /** The verdict of `verifyPdf`. UNAVAILABLE when too many wait, TOO_LARGE over the time or memory for one file. */
  async verify(bytes: Uint8Array, options: VerifierOptions): Promise<Verification> {
    return (await this.examine(bytes, options)).verification;
  }

  /** The same with validation material, gathered for the file before it is judged where hosts are given. */
  async examine(bytes: Uint8Array | FileOnDisk, options: VerifierOptions): Promise<Examination> {
    return (await this.work({ ...options, bytes })) as Examination;
  }

  /** The verdict of `checkAgentUpload`; throws as `verify` does. */
  async checkUpload(upload: AgentUpload): Promise<AgentUploadVerdict> {
    return ((await this.work({ upload })) as { readonly upload: AgentUploadVerdict }).upload;
  }

  private async work(work: VerificationWork): Promise<Exclude<VerificationAnswer, { readonly fault: string }>> {
    await this.enter();
    try {
      const worker = this.takeWorker();
      const answer = await this.ask(worker, work);
      this.keep(worker);
      if ("fault" in answer) throw new Error(`a PDF could not be checked: ${answer.fault}`);
      return answer;
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.busy < this.limits.threads) this.busy++;
    else {
      if (this.waiting.length >= this.limits.waiting) throw tooBusy();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Hands the place on, so that nobody slips in between. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.busy--;
  }

  private takeWorker(): Worker {
    const kept = this.idle.pop();
    if (kept) {
      clearTimeout(kept.end);
      kept.worker.ref();
      return kept.worker;
    }
    const worker = new Worker(this.program, { resourceLimits: { maxOldGenerationSizeMb: this.limits.heapMegabytes } });
    // Without a listener a thread that fails between two files would end the process.
    worker.on("error", () => undefined).once("exit", () => this.forget(worker));
    return worker;
  }

  private forget(worker: Worker): void {
    const index = this.idle.findIndex((each) => each.worker === worker);
    if (index >= 0) clearTimeout(this.idle.splice(index, 1)[0]!.end);
  }

  private keep(worker: Worker): void {
    worker.unref();
    const end = setTimeout(() => {
      this.forget(worker);
      void worker.terminate();
    }, idleMilliseconds).unref();
    this.idle.push({ worker, end });
  }

  private ask(worker: Worker, request: VerificationWork): Promise<VerificationAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<VerificationAnswer>();
    const late = setTimeout(() => reject(overBudget("time")), this.limits.milliseconds);
    const fail = (error: Error & { code?: string }) =>
      reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? overBudget("memory") : error);
    const end = () => reject(new Error("the thread that checks PDFs ended"));
    worker.once("message", resolve).once("error", fail).once("exit", end);
    worker.postMessage(request);
    return promise
      .catch(async (error: unknown) => {
        await worker.terminate();
        throw error;
      })
      .finally(() => {
        clearTimeout(late);
        worker.off("message", resolve).off("error", fail).off("exit", end);
      });
  }
}

/** The process's threads for checking PDFs. */
export const pdfVerifier = new PdfVerifier();
