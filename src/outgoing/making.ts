import { createHash } from "node:crypto";
import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import {
  type Appearance,
  type FieldFill,
  fillFields,
  signatureAppearance,
  type SignRequest,
  textAppearance,
} from "../../signing/index.ts";
import { canonicalJson } from "../audit/canonical.ts";
import { record } from "../audit/record.ts";
import { type Context, requirePermission, type Viewer } from "../context.ts";
import type { SigningCredential } from "../credentials/entities.ts";
import { Delegation } from "../delegations/entities.ts";
import { signatureBlockOf } from "../delegations/queries.ts";
import { isInForce } from "../delegations/rules.ts";
import { AppError, forbidden } from "../errors.ts";
import type { StoredFile } from "../files/commands.ts";
import type { RevisionKind, SigningRole } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { isFullySigned, isInitialling, isSigning, permissionFor } from "./chain.ts";
import { type Issuer, issuerOf } from "./composition.ts";
import { OutgoingSignature, type SigningStep, type StoredBlock } from "./entities.ts";
import { numberFills, sizeOf } from "./fields.ts";
import { addRevision, headBytes, lockUnchanged, type SeenDocument, storePdf } from "./revisions.ts";
import { assertMay, isSameBlock, statusAfterSigning } from "./rules.ts";
import { assertLeaderUntouched, assertSound } from "./soundness.ts";
import { completeStep, stepFor, stepsOf } from "./steps.ts";

/** What is to be signed for a step of the chain, found out before any key is asked. */
export interface SigningTask {
  readonly seen: SeenDocument;
  readonly step: SigningStep;
  readonly viewer: Viewer;
  readonly block: StoredBlock | null;
  /** The fields that are signed once this step is. */
  readonly signedFields: readonly string[];
  readonly issuer: Issuer;
  readonly fullName: string;
}

/** A step's signature as it was made, its revision stored. */
export interface MadeSignature {
  readonly credential: SigningCredential;
  readonly at: Date;
  readonly file: StoredFile;
  readonly level?: Pick<OutgoingSignature, "level" | "wantedLevel" | "levelNote" | "nextTryAt">;
}

/**
 * The step that the viewer would take on the document in a role, with the right to it as it is now. FORBIDDEN where it is
 * somebody else's, WRONG_STATE before its turn, SIGNING_REFUSED when the right has changed since submission.
 */
export async function signingTask(ctx: Context, seen: SeenDocument, role: SigningRole): Promise<SigningTask> {
  const viewer = requirePermission(ctx, permissionFor(role), "SIGN");
  assertMay(role === "AGENCY_SEAL" ? "seal" : "sign", seen.status);
  const steps = await stepsOf(ctx, seen.id);
  const step = stepFor(viewer, steps, role);
  if (!step) throw forbidden("signer");
  const block = isSigning(role) ? await presentBlock(ctx, viewer, seen, step) : null;
  const issuer = await issuerOf(ctx, seen.drafterId);
  const signed = steps.flatMap(({ field, signatureId }) => (signatureId && field ? [field] : []));
  const person = await ctx.readOne<{ name: string }>("select full_name as name from person where id = $1", [
    viewer.personId,
  ]);
  const fullName = block?.fullName ?? person!.name;
  return { seen, step, viewer, block, issuer, fullName, signedFields: [...signed, step.field!] };
}

/** D4: a person signs with the own key and the agency's seal is the agency's; SIGNING_REFUSED for any other key. */
export function assertRightKey({ step, viewer }: SigningTask, credential: SigningCredential): void {
  const isRight = step.role === "AGENCY_SEAL" ? credential.isAgencySeal : credential.personId === viewer.personId;
  if (isRight) return;
  throw step.role === "AGENCY_SEAL"
    ? refusal("OTHER_KEY", "Phải dùng chữ ký số của cơ quan để đóng dấu.", "Sealing takes the agency's key.")
    : refusal("OTHER_KEY", "Người ký phải ký bằng chữ ký số của chính mình.", "Everybody signs with the own key.");
}

/** The bytes that the step is signed on; for the seal SIGNING_REFUSED unless all who sign have signed these very ones. */
export async function bytesToSign(ctx: Context, task: SigningTask): Promise<Buffer> {
  const pdf = await headBytes(ctx, task.seen);
  if (task.step.role === "AGENCY_SEAL") await assertSignedByLeader(ctx, task, pdf);
  return pdf;
}

/**
 * The file that somebody else's program signs as a whole: what the step is signed on, with number and date in it where they
 * go in with this signature, since such a program knows nothing of our fields.
 */
export async function wholeFileToSign(task: SigningTask, pdf: Buffer): Promise<Buffer> {
  const fills = await fillsOf(task, pdf);
  return fills.length > 0 ? fillFields(pdf, fills) : pdf;
}

/** All of a signature but its key and its time: field, words, appearance, and number and date that go in with it. */
export async function signRequest(
  task: SigningTask,
  pdf: Buffer,
  reason?: string,
): Promise<Omit<SignRequest, "signer" | "at">> {
  const { step, issuer, fullName } = task;
  const name = step.role === "AGENCY_SEAL" ? issuer.name : fullName;
  return {
    field: step.field!,
    name,
    location: issuer.place,
    ...(reason !== undefined && { reason }),
    appearance: await appearanceOf(step.role, name, sizeOf(pdf, step.field!)),
    fill: await fillsOf(task, pdf),
  };
}

/** A number given before signing goes under the leader's signature (cấp số trước khi ký), any other under the seal. */
async function fillsOf({ step, seen, issuer }: SigningTask, pdf: Buffer): Promise<FieldFill[]> {
  const { number, issuedOn, referenceCode, uploadedFileId } = seen;
  if (step.role !== "AGENCY_SEAL" && step.role !== "LEADER") return [];
  if (number == null || !issuedOn || !referenceCode) return [];
  return numberFills(pdf, { number, issuedOn, referenceCode }, uploadedFileId ? issuer : null);
}

/** NĐ 30/2020 Annex I: the leader's signature as an image, the agency's seal in its real size; initials are just that. */
function appearanceOf(role: SigningRole, name: string, size: { width: number; height: number }): Promise<Appearance> {
  if (role === "AGENCY_SEAL") return signatureAppearance({ kind: "AGENCY_SEAL", agency: name });
  if (!isInitialling(role)) return signatureAppearance({ kind: "PERSON", name, ...size });
  const initials = name.split(/\s+/u).map((word) => [...word][0]!);
  return textAppearance({
    ...size,
    lines: [initials.join("")],
    fontSize: 11,
    color: "blue",
    align: "center",
    italic: true,
  });
}

/** SIGNING_REFUSED unless the signed bytes pass our own validator with the expected signatures and no others. */
export async function assertMade(ctx: Context, task: SigningTask, signed: Buffer): Promise<void> {
  assertLeaderUntouched(await assertSound(ctx, signed, task.signedFields));
}

const kinds = (role: SigningRole): RevisionKind =>
  role === "AGENCY_SEAL" ? "SEALED" : isInitialling(role) ? "INITIALLED" : "SIGNED";

/** The signed bytes in the store, named as people find them. */
export function storeSigned(ctx: Context, { seen, step }: SigningTask, signed: Buffer): Promise<StoredFile> {
  const name = step.role === "AGENCY_SEAL" ? seen.referenceCode!.replaceAll("/", "-") : "Da-ky";
  return storePdf(ctx, signed, `${name}.pdf`);
}

/**
 * Makes a signature the document's next revision, in the caller's transaction and under the document's lock; CONFLICT when
 * anything was done to it since the task was found. Gives the revision's id.
 */
export async function keepSignature(
  ctx: Context,
  em: EntityManager,
  task: SigningTask,
  { credential, at, file, level }: MadeSignature,
  id = newId(at.getTime()),
): Promise<string> {
  const { seen, step, viewer, block } = task;
  const document = await lockUnchanged(em, seen);
  const delegation = block?.delegationId ?? null;
  const delegationHash = delegation ? await hashInForce(ctx, em, delegation) : null;
  const revisionId = await addRevision(ctx, em, seen.id, kinds(step.role), file);
  em.create(OutgoingSignature, {
    id,
    agencyId: viewer.agencyId,
    documentId: seen.id,
    revisionId,
    field: step.field!,
    signerId: viewer.appointmentId,
    credentialId: credential.id,
    block,
    delegationId: delegation,
    at,
    ...level,
  });
  await em.flush();
  const steps = await completeStep(ctx, em, step, { byId: viewer.appointmentId, signatureId: id, at });
  if (step.role === "AGENCY_SEAL") document.status = "SEALED";
  else if (isFullySigned(steps)) document.status = statusAfterSigning(document.number != null);
  // A document that waits for others still is another one than it was.
  else await em.execute("update outgoing_document set version = version + 1 where id = ?", [seen.id]);
  await record(ctx, em, {
    act:
      step.role === "AGENCY_SEAL" ? "outgoing.seal" : isInitialling(step.role) ? "outgoing.initial" : "outgoing.sign",
    objectType: "OutgoingDocument",
    objectId: seen.id,
    data: {
      signature: id,
      role: step.role,
      ...(block && { block, delegation, delegationHash }),
      credential: credential.id,
      certificate: credential.serial,
      sha256: file.sha256,
      ...(seen.referenceCode && { referenceCode: seen.referenceCode }),
    },
  });
  return revisionId;
}

/** The block of the signer computed anew; SIGNING_REFUSED when it is no longer the one that the text was frozen under. */
async function presentBlock(
  ctx: Context,
  { appointmentId }: Viewer,
  { typeCode }: SeenDocument,
  { block }: SigningStep,
): Promise<StoredBlock> {
  const now = await signatureBlockOf(ctx, appointmentId, typeCode, ctx.now()).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "FORBIDDEN" ? submitAgain() : error;
  });
  if (!block || !isSameBlock(block, now)) throw submitAgain();
  return block;
}

/**
 * D4: the agency's seal goes only on what all have signed: the newest revision, nothing but signatures and what keeps them
 * valid after the leader's, each with the certificate that it is on record with.
 */
async function assertSignedByLeader(
  ctx: Context,
  { seen, step, signedFields }: SigningTask,
  pdf: Buffer,
): Promise<void> {
  const fields = signedFields.filter((field) => field !== step.field);
  const verification = await assertSound(ctx, pdf, fields);
  assertLeaderUntouched(verification);
  const recorded = await ctx.read<{ field: string; role: SigningRole; serial: string; isHead: boolean }>(
    `select s.field, t.role, c.serial, r.ordinal = (select max(x.ordinal) from outgoing_revision x
         where x.document_id = s.document_id and x.kind <> 'AUGMENTED'
           and x.ordinal <= (select h.ordinal from outgoing_revision h where h.id = $2)) as "isHead"
     from signing_step t join outgoing_signature s on s.id = t.signature_id and s.field = t.field
       join signing_credential c on c.id = s.credential_id join outgoing_revision r on r.id = s.revision_id
     where t.document_id = $1 and t.role <> 'AGENCY_SEAL'`,
    [seen.id, seen.headId],
  );
  const serials = new Map(recorded.map(({ field, serial }) => [field, serial]));
  const isOnRecord = fields.every((field) => {
    const made = verification.signatures.find((signature) => signature.field === field);
    return made?.signer && made.signer.serial === serials.get(field);
  });
  if (!isOnRecord || !recorded.some(({ role }) => role === "LEADER") || !recorded.some(({ isHead }) => isHead))
    throw refusal(
      "NOT_SIGNED_BY_LEADER",
      "Chưa có chữ ký hợp lệ của lãnh đạo trên đúng tệp này nên không thể đóng dấu.",
      "The leader's signature is not on these very bytes; they cannot be sealed.",
    );
}

/**
 * The hash of the delegation that a signature rests on, by which the audit shows under what authority it was made; under
 * its row's lock, so that it cannot be withdrawn in the same instant.
 */
async function hashInForce(ctx: Context, em: EntityManager, id: string): Promise<string> {
  const delegation = await em.findOneOrFail(Delegation, { id }, { lockMode: LockMode.PESSIMISTIC_READ });
  const { validFrom, validTo = null, revokedAt = null } = delegation;
  if (!isInForce({ validFrom, validTo, revokedAt }, ctx.now())) throw submitAgain();
  return delegationHash(delegation);
}

/** SHA-256 of a delegation's fields in canonical JSON, hexadecimal. */
export function delegationHash(delegation: Delegation): string {
  const { id, kind, grantorId, granteeId, documentTypes, validFrom, validTo, legalBasis, revokedAt } = delegation;
  const fields = { id, kind, grantorId, granteeId, documentTypes, validFrom, validTo, legalBasis, revokedAt };
  return createHash("sha256").update(canonicalJson(fields)).digest("hex");
}

const submitAgain = () =>
  refusal(
    "BLOCK_CHANGED",
    "Thẩm quyền ký hoặc thể thức đề ký đã thay đổi từ khi trình; hãy trình ký lại.",
    "The right to sign or the signature block has changed since submission; submit the document again.",
  );

const refusal = (reason: string, vi: string, en: string) => new AppError("SIGNING_REFUSED", vi, en, { reason });
