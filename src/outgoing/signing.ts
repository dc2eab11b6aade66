import { signPdfTo } from "../../signing/index.ts";
import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { type Context, requirePermission } from "../context.ts";
import { openSigner } from "../credentials/signer.ts";
import { badInput, forbidden } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type {
  ConfirmSigningStepInput,
  SealOutgoingDocumentInput,
  SigningRole,
  SignOutgoingDocumentInput,
} from "../graphql/types.ts";
import { limitText } from "../incoming/rules.ts";
import { refusalOf } from "../credentials/refusals.ts";
import { permissionFor } from "./chain.ts";
import { levelOf } from "./levels.ts";
import {
  assertMade,
  assertRightKey,
  bytesToSign,
  keepSignature,
  signingTask,
  signRequest,
  storeSigned,
} from "./making.ts";
import { preparedOnce } from "./prepared.ts";
import { lockUnchanged, seeDocument } from "./revisions.ts";
import { assertMay } from "./rules.ts";
import { completeStep, stepFor, stepsOf } from "./steps.ts";

/** Whose turn it is signs in person, by a right that holds at this moment (ký số, ký nháy). */
export async function signOutgoingDocument(ctx: Context, input: SignOutgoingDocumentInput): Promise<Done> {
  if (input.role === "AGENCY_SEAL")
    throw badInput("role", "Đóng dấu là việc khác với ký.", "Sealing is another act than signing.");
  return signAtOnce(ctx, "outgoing.sign", input, input.role, input.reason ?? undefined);
}

/** The clerk writes number and date into the file and seals it, in one appended revision (đóng dấu, ký số cơ quan). */
export const sealOutgoingDocument = (ctx: Context, input: SealOutgoingDocumentInput): Promise<Done> =>
  signAtOnce(ctx, "outgoing.seal", input, "AGENCY_SEAL");

/** A signature with a key that is kept here, from PIN to stored revision in one request. */
async function signAtOnce(
  ctx: Context,
  act: string,
  input: Omit<SealOutgoingDocumentInput, "role">,
  role: SigningRole,
  given?: string,
): Promise<Done> {
  requirePermission(ctx, permissionFor(role), "SIGN");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const credentialId = fromGlobalId("SigningCredential", input.credentialId);
  const reason = given ? limitText("reason", given, 200) : undefined;
  const prepare = async () => {
    const task = await signingTask(ctx, seen, role);
    const at = ctx.now();
    await using opened = await openSigner(ctx, credentialId, input.pin);
    const { credential, signer } = opened;
    assertRightKey(task, credential);
    const pdf = await bytesToSign(ctx, task);
    const sound = task.signedFields.filter((field) => field !== task.step.field);
    const request = { ...(await signRequest(task, pdf, reason)), signer, at, level: ctx.services.signing.level, sound };
    const signed = await signPdfTo(pdf, request, await ctx.services.signing.levels(ctx)).catch((error: unknown) => {
      throw refusalOf(error);
    });
    await assertMade(ctx, task, signed.bytes);
    const file = await storeSigned(ctx, task, signed.bytes);
    return { task, made: { credential, at, file, level: levelOf(ctx, signed) } };
  };
  return preparedOnce(ctx, act, input, prepare, async (em, id, { task, made }) => {
    await keepSignature(ctx, em, task, made, id);
  });
}

/** Who answers for content or layout says so without a signature in the file (xác nhận nội dung, thể thức). */
export async function confirmSigningStep(ctx: Context, input: ConfirmSigningStepInput): Promise<Done> {
  const { role } = input;
  // NĐ 30/2020 Điều 12 asks who answers for them; it is the signatures of Điều 13 and 32 that must be in the file.
  if (role !== "CONTENT" && role !== "FORMAT")
    throw badInput("role", "Bước này phải ký số.", "This step takes a digital signature.");
  const viewer = requirePermission(ctx, permissionFor(role));
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const comment = input.comment ? limitText("comment", input.comment, 1_000) : null;
  return once(ctx, "outgoing.confirm", input, async (em) => {
    assertMay("sign", seen.status);
    const step = stepFor(viewer, await stepsOf(ctx, seen.id), role);
    if (!step) throw forbidden("signer");
    await lockUnchanged(em, seen);
    await completeStep(ctx, em, step, { byId: viewer.appointmentId, signatureId: null, at: ctx.now() });
    await em.execute("update outgoing_document set version = version + 1 where id = ?", [seen.id]);
    await record(ctx, em, {
      act: "outgoing.confirm",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: { role, comment, sha256: seen.headSha256 },
    });
  });
}
