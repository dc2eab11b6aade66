import { createHash } from "node:crypto";
import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { signatureAppearance, signPdf } from "../../signing/index.ts";
import { canonicalJson } from "../audit/canonical.ts";
import { record } from "../audit/record.ts";
import type { Done } from "../auth/once.ts";
import { type Context, requirePermission } from "../context.ts";
import { openSigner } from "../credentials/signer.ts";
import { Delegation } from "../delegations/entities.ts";
import { signatureBlockOf } from "../delegations/queries.ts";
import { isInForce } from "../delegations/rules.ts";
import { AppError, forbidden } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { SignOutgoingDocumentInput } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { limitText } from "../incoming/rules.ts";
import { issuerOf } from "./composition.ts";
import { OutgoingSignature, type StoredBlock } from "./entities.ts";
import { fieldNames, numberFills, sizeOf } from "./fields.ts";
import { preparedOnce } from "./prepared.ts";
import { addRevision, headBytes, lockUnchanged, type SeenDocument, seeDocument, storePdf } from "./revisions.ts";
import { assertMay, isSameBlock, statusAfterSigning } from "./rules.ts";
import { assertSound } from "./soundness.ts";

/** The named signer signs in person, by a right that holds at this moment (ký số). */
export async function signOutgoingDocument(ctx: Context, input: SignOutgoingDocumentInput): Promise<Done> {
  const viewer = requirePermission(ctx, "outgoing:sign", "SIGN");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const credentialId = fromGlobalId("SigningCredential", input.credentialId);
  const reason = input.reason ? limitText("reason", input.reason, 200) : undefined;
  const prepare = async () => {
    assertMay("sign", seen.status);
    if (seen.signerId !== viewer.appointmentId) throw forbidden("signer");
    const block = await presentBlock(ctx, seen);
    const at = ctx.now();
    await using opened = await openSigner(ctx, credentialId, input.pin);
    const { credential, signer } = opened;
    // D4: whoever keeps the agency's key as well must not sign with it in the own name.
    if (credential.personId !== viewer.personId)
      throw refusal("OTHER_KEY", "Lãnh đạo phải ký bằng chữ ký số của chính mình.", "A leader signs with the own key.");
    const pdf = await headBytes(ctx, seen);
    const { place } = await issuerOf(ctx, seen.drafterId);
    const signed = await signPdf(pdf, {
      field: fieldNames.leader,
      signer,
      at,
      name: block.fullName,
      location: place,
      ...(reason !== undefined && { reason }),
      appearance: await signatureAppearance({
        kind: "PERSON",
        name: block.fullName,
        ...sizeOf(pdf, fieldNames.leader),
      }),
      fill: await fillsFor(pdf, seen, place),
    });
    await assertSound(ctx, signed, [fieldNames.leader]);
    return { block, at, credential, file: await storePdf(ctx, signed, "Da-ky.pdf") };
  };
  return preparedOnce(ctx, "outgoing.sign", input, prepare, async (em, id, { block, at, credential, file }) => {
    const document = await lockUnchanged(em, seen);
    const delegationHash = block.delegationId ? await hashInForce(ctx, em, block.delegationId) : null;
    const revisionId = await addRevision(ctx, em, seen.id, "SIGNED", file);
    em.create(OutgoingSignature, {
      id: newId(at.getTime()),
      agencyId: viewer.agencyId,
      documentId: seen.id,
      revisionId,
      field: fieldNames.leader,
      signerId: viewer.appointmentId,
      credentialId: credential.id,
      block,
      delegationId: block.delegationId,
      at,
    });
    document.status = statusAfterSigning(document.number != null);
    await record(ctx, em, {
      act: "outgoing.sign",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: {
        signature: id,
        block,
        delegation: block.delegationId,
        delegationHash,
        credential: credential.id,
        certificate: credential.serial,
        sha256: file.sha256,
      },
    });
  });
}

/** The number given before signing goes under the leader's signature (cấp số trước khi ký). */
async function fillsFor(pdf: Buffer, seen: SeenDocument, place: string) {
  const { number, issuedOn, referenceCode } = seen;
  if (number == null || !issuedOn || !referenceCode) return [];
  return numberFills(pdf, { number, issuedOn, referenceCode }, seen.uploadedFileId ? { place } : null);
}

/** The block of the signer computed anew; SIGNING_REFUSED when it is no longer the one that the text was frozen under. */
async function presentBlock(ctx: Context, seen: SeenDocument): Promise<StoredBlock> {
  const now = await signatureBlockOf(ctx, seen.signerId!, seen.typeCode, ctx.now()).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "FORBIDDEN" ? submitAgain() : error;
  });
  if (!seen.block || !isSameBlock(seen.block, now)) throw submitAgain();
  return seen.block;
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
