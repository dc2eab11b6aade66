import { SigningError } from "../../errors.ts";

/** What the VGCA agent is asked to do with a whole PDF; the names are those of its own addresses. */
export type AgentOperation =
  /** Ký phê duyệt: the leader signs. */
  | "SignApproved"
  /** Ký phát hành: the clerk puts on number, day and the agency's seal. */
  | "SignIssued"
  /** Ký công văn đến: the clerk marks an arrival. */
  | "SignIncome"
  /** Bút phê: a leader's note. */
  | "Comment"
  /** Ký tài liệu đính kèm: a separate annex. */
  | "SignAppendix"
  /** Ký sao y: a copy. */
  | "SignCopy"
  | "SignPDF"
  | "SignPDFWP"
  | "SignFile";

/** One document that is handed to the agent on a person's machine. */
export interface AgentTask {
  readonly operation: AgentOperation;
  /** Where the agent gets the document: an address that works once, for this document, for a short time. */
  readonly downloadUrl: string;
  /** Where it sends the result: another such address. */
  readonly uploadUrl: string;
  readonly sessionId?: string;
  readonly token?: string;
  /** Số, ký hiệu; SignIssued cannot do without. */
  readonly documentNumber?: string;
  /** Ngày ban hành; SignIssued cannot do without. */
  readonly issuedAt?: Date;
  /** What the agent's templates print, by their own keys. */
  readonly metadata?: readonly { readonly key: string; readonly value: string }[];
}

/** What the page does: opens a WebSocket at `endpoint` and sends `message` as it is. */
export interface AgentRequest {
  readonly endpoint: string;
  readonly message: string;
}

/** The agent listens on its own machine alone. */
const agentAddress = "wss://127.0.0.1:8987/";

/** The ready message for the VGCA agent. Throws BAD_INPUT. */
export function agentRequest(task: AgentTask): AgentRequest {
  const { operation, documentNumber, issuedAt, metadata, sessionId = "", token } = task;
  for (const url of [task.downloadUrl, task.uploadUrl]) checkAddress(url);
  if (task.downloadUrl === task.uploadUrl) throw bad("Download and upload need addresses of their own.");
  if (operation === "SignIssued" && (!documentNumber || !issuedAt)) throw bad("Number and day of issue are needed.");
  const message = {
    FileUploadHandler: task.uploadUrl,
    SessionId: sessionId,
    ...(token === undefined ? {} : { JWTToken: token }),
    FileName: task.downloadUrl,
    ...(documentNumber === undefined ? {} : { DocNumber: documentNumber.normalize("NFC") }),
    ...(issuedAt === undefined ? {} : { IssuedDate: vietnameseTime(issuedAt) }),
    ...(metadata === undefined
      ? {}
      : { MetaData: metadata.map(({ key, value }) => ({ Key: key, Value: value.normalize("NFC") })) }),
  };
  return { endpoint: `${agentAddress}${operation}`, message: JSON.stringify(message) };
}

/** Data that the agent signs without a file. */
export type AgentDataTask =
  | {
      readonly operation: "SignXML";
      readonly content: Buffer;
      readonly signatureOnly?: boolean;
      readonly form?: "enveloped" | "enveloping" | "detached";
    }
  | { readonly operation: "SignJson"; readonly content: string };

/** The ready message for data, hashed with SHA-256. */
export function agentDataRequest(task: AgentDataTask): AgentRequest {
  const message =
    task.operation === "SignJson"
      ? { JsonContent: task.content }
      : {
          Base64Content: task.content.toString("base64"),
          HashAlg: "SHA256",
          ReturnSignatureOnly: task.signatureOnly ?? false,
          XmlDsigForm: task.form ?? "enveloped",
        };
  return { endpoint: `${agentAddress}${task.operation}`, message: JSON.stringify(message) };
}

/** What the upload address must answer, and what the page then gets from the agent. */
export interface AgentUploadAnswer {
  /** 0 is success; anything else shows `Message` to the person. */
  readonly Status: number;
  readonly Message: string;
  readonly FileName: string;
  readonly FileServer: string;
}

/** The answer to an upload. `fileUrl` is where the page finds the result, empty where it is not to be had. */
export function agentUploadAnswer(outcome: {
  readonly accepted: boolean;
  readonly message: string;
  readonly fileName: string;
  readonly fileUrl?: string;
}): AgentUploadAnswer {
  const { accepted, message, fileName, fileUrl = "" } = outcome;
  return { Status: accepted ? 0 : 1, Message: message, FileName: fileName, FileServer: accepted ? fileUrl : "" };
}

function checkAddress(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url?.hostname === "127.0.0.1" || url?.hostname === "localhost";
  if (!url || url.username || url.password) throw bad("The address is not one.");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) throw bad("The address must be https.");
}

/** ISO 8601 in Vietnam's time, as the agent prints it. */
function vietnameseTime(at: Date): string {
  return `${new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}

const bad = (message: string) => new SigningError("BAD_INPUT", message);
