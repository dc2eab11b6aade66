import { signatureAppearance, signPdf } from "../../signing/index.ts";
import { record } from "../audit/record.ts";
import type { Done } from "../auth/once.ts";
import { type Context, requirePermission } from "../context.ts";
import { openSigner } from "../credentials/signer.ts";
import { AppError } from "../errors.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import type { SealOutgoingDocumentInput } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { issuerOf } from "./composition.ts";
import { OutgoingSignature } from "./entities.ts";
import { fieldNames, numberFills } from "./fields.ts";
import { preparedOnce } from "./prepared.ts";
import { addRevision, headBytes, lockUnchanged, type SeenDocument, seeDocument, storePdf } from "./revisions.ts";
import { assertMay } from "./rules.ts";
import { assertLeaderUntouched, assertSound } from "./soundness.ts";

/** The clerk writes number and date into the file and seals it, in one appended revision (đóng dấu, ký số cơ quan). */
export async function sealOutgoingDocument(ctx: Context, input: SealOutgoingDocumentInput): Promise<Done> {
  const viewer = requirePermission(ctx, "outgoing:seal", "SIGN");
  const seen = await seeDocument(ctx, input.outgoingDocumentId);
  const credentialId = fromGlobalId("SigningCredential", input.credentialId);
  const prepare = async () => {
    assertMay("seal", seen.status);
    const at = ctx.now();
    await using opened = await openSigner(ctx, credentialId, input.pin);
    const { credential, signer } = opened;
    if (!credential.isAgencySeal)
      throw refusal("OTHER_KEY", "Phải dùng chữ ký số của cơ quan để đóng dấu.", "Sealing takes the agency's key.");
    const pdf = await headBytes(ctx, seen);
    await assertSignedByLeader(ctx, seen, pdf);
    const { name, place } = await issuerOf(ctx, seen.drafterId);
    const numbering = { number: seen.number!, issuedOn: seen.issuedOn!, referenceCode: seen.referenceCode! };
    const sealed = await signPdf(pdf, {
      field: fieldNames.seal,
      signer,
      at,
      name,
      location: place,
      appearance: await signatureAppearance({ kind: "AGENCY_SEAL", agency: name }),
      fill: await numberFills(pdf, numbering, seen.uploadedFileId ? { place } : null),
    });
    assertLeaderUntouched(await assertSound(ctx, sealed, [fieldNames.leader, fieldNames.seal]));
    return { at, credential, file: await storePdf(ctx, sealed, `${numbering.referenceCode.replaceAll("/", "-")}.pdf`) };
  };
  return preparedOnce(ctx, "outgoing.seal", input, prepare, async (em, _, { at, credential, file }) => {
    const document = await lockUnchanged(em, seen);
    const revisionId = await addRevision(ctx, em, seen.id, "SEALED", file);
    em.create(OutgoingSignature, {
      id: newId(at.getTime()),
      agencyId: viewer.agencyId,
      documentId: seen.id,
      revisionId,
      field: fieldNames.seal,
      signerId: viewer.appointmentId,
      credentialId: credential.id,
      block: null,
      delegationId: null,
      at,
    });
    document.status = "SEALED";
    await record(ctx, em, {
      act: "outgoing.seal",
      objectType: "OutgoingDocument",
      objectId: seen.id,
      data: {
        credential: credential.id,
        certificate: credential.serial,
        sha256: file.sha256,
        referenceCode: seen.referenceCode,
      },
    });
  });
}

/**
 * D4: the agency's seal goes only on what the leader has signed: the newest revision, all of it, with the certificate that
 * the signature on record was made with.
 */
async function assertSignedByLeader(ctx: Context, seen: SeenDocument, pdf: Buffer): Promise<void> {
  const { signatures } = await assertSound(ctx, pdf, [fieldNames.leader]);
  const [leader] = signatures;
  const recorded = await ctx.readOne<{ serial: string }>(
    `select c.serial from outgoing_signature s join signing_credential c on c.id = s.credential_id
     where s.document_id = $1 and s.revision_id = $2 and s.field = $3 and s.signer_id = $4`,
    [seen.id, seen.headId, fieldNames.leader, seen.signerId],
  );
  if (leader?.coverage !== "ENTIRE_FILE" || !recorded || leader.signer?.serial !== recorded.serial)
    throw refusal(
      "NOT_SIGNED_BY_LEADER",
      "Chưa có chữ ký hợp lệ của lãnh đạo trên đúng tệp này nên không thể đóng dấu.",
      "The leader's signature is not on these very bytes; they cannot be sealed.",
    );
}

const refusal = (reason: string, vi: string, en: string) => new AppError("SIGNING_REFUSED", vi, en, { reason });
