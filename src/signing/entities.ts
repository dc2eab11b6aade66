import { defineEntity, p } from "@mikro-orm/core";
import type { PendingSignatures, SignatureState, SigningLevel } from "../../signing/index.ts";
import { SigningCredential } from "../credentials/entities.ts";
import type { Fault } from "../credentials/refusals.ts";
import { SigningRole, SigningState } from "../graphql/types.ts";
import { Agency, Appointment } from "../organization/entities.ts";
import { OutgoingDocument, OutgoingRevision, SigningStep } from "../outgoing/entities.ts";

/** What was made ready for a signature: no secret is in it. */
export interface Prepared {
  readonly state: SignatureState;
  /** What is to be signed, in base64. */
  readonly toBeSigned: string;
}

const SigningSessionSchema = defineEntity({
  name: "SigningSession",
  properties: {
    id: p.uuid().primary(),
    agencyId: () => p.manyToOne(Agency).mapToPk().joinColumn("agency_id"),
    documentId: () => p.manyToOne(OutgoingDocument).mapToPk().joinColumn("document_id"),
    stepId: () => p.manyToOne(SigningStep).mapToPk().joinColumn("step_id").nullable(),
    role: p.enum(() => SigningRole),
    field: p.text(),
    appointmentId: () => p.manyToOne(Appointment).mapToPk().joinColumn("appointment_id"),
    credentialId: () => p.manyToOne(SigningCredential).mapToPk().joinColumn("credential_id"),
    state: p.enum(() => SigningState),
    baseSha256: p.blob(),
    batchId: p.uuid(),
    wantedLevel: p.text().$type<SigningLevel>(),
    digestAlgorithm: p.text(),
    prepared: p.json().$type<Prepared>().nullable(),
    rawSignature: p.blob().nullable(),
    challenge: p.text(),
    factors: p.array(),
    pending: p.json().$type<PendingSignatures>().nullable(),
    nextPollAt: p.datetime(3).nullable(),
    handedOutSha256: p.blob().nullable(),
    downloadedAt: p.datetime(3).nullable(),
    uploadedAt: p.datetime(3).nullable(),
    quarantinedSha256: p.blob().nullable(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    error: p.json().$type<Fault>().nullable(),
    revisionId: () => p.manyToOne(OutgoingRevision).mapToPk().joinColumn("revision_id").nullable(),
  },
});

/** A signature on its way (phiên ký số). */
export class SigningSession extends SigningSessionSchema.class {}
SigningSessionSchema.setClass(SigningSession);
