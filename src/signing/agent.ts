import {
  agentRequest,
  type AgentUpload,
  agentUploadAnswer,
  type AgentUploadAnswer,
  type AgentUploadVerdict,
} from "../../signing/index.ts";
import { viewerOfOffice } from "../auth/viewer.ts";
import { Context } from "../context.ts";
import { usableCredential } from "../credentials/signer.ts";
import { AppError, notFound } from "../errors.ts";
import { documentVerifier } from "../files/own-documents.ts";
import { toGlobalId } from "../graphql/ids.ts";
import type { AgentTicket, SigningRole } from "../graphql/types.ts";
import { isUuid } from "../ids.ts";
import { bytesToSign, type SigningTask } from "../outgoing/making.ts";
import { largestDocument } from "../outgoing/uploads.ts";
import type { Services } from "../services.ts";
import { SigningSession } from "./entities.ts";
import { ending, presentTask, settle, store } from "./finishing.ts";
import { sessionsWhere } from "./queries.ts";

type Way = "download" | "upload";
const purpose = (way: Way) => `signing agent ${way}`;

/**
 * An address for the agent on the person's own computer, which has no session of the server's: good for this document, this
 * way, once, and no longer than the session. Only who can make the server's proofs can make one, so none is kept.
 */
function agentUrl({ keys, config }: Services, { agencyId, id }: SigningSession, way: Way): string {
  const proof = keys.sign(purpose(way), `${agencyId}\n${id}`);
  return `${config.publicUrl}/signing-agent/${agencyId}/${id}/${way}/${proof}`;
}

/**
 * What the agent is asked to do. Number and day are in the file that it gets, so that the seal's signature covers them:
 * its own SignIssued would print both once more, each with a signature of its own.
 */
const operations: Readonly<Record<SigningRole, "SignApproved" | "SignPDF">> = {
  LEADER: "SignApproved",
  CO_SIGNER: "SignApproved",
  AGENCY_SEAL: "SignPDF",
  INITIALS: "SignPDF",
  CONTENT: "SignPDF",
  FORMAT: "SignPDF",
};

/** The message that the page hands to the agent of VGCA; null for keys of other keepers and for sessions that are over. */
export async function agentTicket(ctx: Context, session: SigningSession): Promise<AgentTicket | null> {
  const { credential } = await usableCredential(ctx, session.credentialId);
  if (credential.provider !== "VGCA" || session.state !== "WAITING_USER") return null;
  const { endpoint, message } = agentRequest({
    operation: operations[session.role],
    downloadUrl: agentUrl(ctx.services, session, "download"),
    uploadUrl: agentUrl(ctx.services, session, "upload"),
    sessionId: session.id,
  });
  return { protocol: "VGCA", endpoint, payload: JSON.parse(message) };
}

/** The session behind an address, used up by this; NOT_FOUND for a forged, an expired and a used one alike. */
async function useAddress(
  services: Services,
  origin: string,
  [agencyId, id, way, proof]: readonly [string, string, Way, string],
): Promise<{ readonly ctx: Context; readonly session: SigningSession }> {
  const isWhole = isUuid(agencyId) && isUuid(id) && proof.length <= 100;
  if (!isWhole || !services.keys.check(purpose(way), `${agencyId}\n${id}`, proof)) throw notFound("SigningSession");
  const nobody = new Context(services, null, origin, agencyId);
  const used = way === "download" ? "downloadedAt" : "uploadedAt";
  const free = { id, state: "WAITING_USER", [used]: null, expiresAt: { $gt: nobody.now() } } as const;
  const taken = await nobody.transact((em) => em.nativeUpdate(SigningSession, free, { [used]: nobody.now() }));
  const [session] = taken === 1 ? await sessionsWhere(nobody, "s.id = ?", id) : [];
  const viewer = session && (await viewerOfOffice(services, session.appointmentId));
  if (!session || !viewer) throw notFound("SigningSession");
  return { ctx: new Context(services, viewer, origin), session };
}

/** The file that the agent is to sign. */
export async function agentDownload(services: Services, origin: string, path: AgentPath): Promise<Buffer> {
  const { ctx, session } = await useAddress(services, origin, [path.agencyId, path.id, "download", path.proof]);
  return handedOut(ctx, session, await presentTask(ctx, session));
}

/** The very bytes that the agent gets, again at each call: what it brings back must begin with them. */
async function handedOut(ctx: Context, session: SigningSession, task: SigningTask): Promise<Buffer> {
  const newest = await bytesToSign(ctx, task);
  const { handedOutSha256 } = session;
  return handedOutSha256
    ? ctx.services.store.read(Buffer.from(handedOutSha256).toString("hex"), largestHandedOut)
    : newest;
}

/** What number and date with their fonts add to the largest document. */
const largestHandedOut = largestDocument + (1 << 20);

/** What an address of the agent's names. */
export interface AgentPath {
  readonly agencyId: string;
  readonly id: string;
  readonly proof: string;
}

/**
 * Takes the signed file in: it must be the file that was handed out with one signature of the registered certificate and
 * nothing else. Any other is put aside as it came, with the reasons, and never becomes a revision.
 */
export async function agentUpload(
  services: Services,
  origin: string,
  path: AgentPath,
  received: Buffer,
): Promise<AgentUploadAnswer> {
  const { ctx, session } = await useAddress(services, origin, [path.agencyId, path.id, "upload", path.proof]);
  const { credential } = await usableCredential(ctx, session.credentialId);
  await ending(ctx, session, async () => {
    const task = await presentTask(ctx, session);
    const verdict = await judged({
      sent: await handedOut(ctx, session, task),
      received,
      expectedSigner: { certificate: Buffer.from(credential.certificate) },
      at: ctx.now(),
      allowed: { from: session.createdAt, until: session.expiresAt },
    });
    if (verdict.verdict === "QUARANTINE") {
      const { sha256 } = await services.store.put(received);
      await settle(ctx, session, {
        state: "FAILED",
        quarantinedSha256: Buffer.from(sha256, "hex"),
        error: { ...quarantined, details: { reasons: verdict.reasons } },
      });
      return;
    }
    const { field } = verdict;
    const signedFields = [...task.signedFields.filter((each) => each !== session.field), field];
    const made = { ...task, signedFields, step: { ...task.step, field } };
    const level = { level: "B-B", wantedLevel: services.signing.level, levelNote: null, nextTryAt: ctx.now() } as const;
    const needsMore = services.signing.level !== "B-B";
    await store(ctx, session, made, received, { at: ctx.now(), ...(needsMore && { level }) });
  });
  const [now] = await sessionsWhere(ctx, "s.id = ?", session.id);
  return agentUploadAnswer({
    accepted: now?.state === "STORED",
    message: now?.error?.vi ?? "Đã ký và lưu văn bản.",
    fileName: `${session.id}.pdf`,
    fileUrl: `${services.config.publicUrl}/graphql#${toGlobalId("SigningSession", session.id)}`,
  });
}

/** Judges in a thread with its limits: whatever a hostile file asks of its reader, the server goes on. */
async function judged(upload: AgentUpload): Promise<AgentUploadVerdict> {
  try {
    return await documentVerifier.checkUpload(upload);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "TOO_LARGE") throw error;
    return { verdict: "QUARANTINE", reasons: [{ code: "UNREADABLE", detail: "LIMIT_EXCEEDED" }] };
  }
}

const quarantined = {
  code: "SIGNING_REFUSED",
  vi: "Tệp gửi về không phải văn bản đã đưa ký, hoặc có thay đổi ngoài chữ ký; đã được cách ly.",
  en: "The file that came back is not the one handed out with a signature and nothing else; it was put aside.",
};
