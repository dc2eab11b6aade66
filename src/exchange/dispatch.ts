import type { EntityManager } from "@mikro-orm/postgresql";
import {
  documentUid,
  type EdxmlResponseFor,
  type Manifest,
  parseManifest,
  type Part,
  protocolVersion,
  uuidv7,
} from "../../axis/index.ts";
import type { Act } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { Urgency } from "../graphql/types.ts";
import { requireDocumentType } from "../organization/document-types.ts";
import { enqueue } from "./outbox.ts";
import { documentHeader, documentIdOf, priorityOf } from "./rules.ts";

/** One manifest stays far below its largest size with so many recipients, names and addresses included. */
const recipientsOfOneMessage = 200;

interface Recipient {
  readonly id: string;
  readonly name: string;
  readonly role: "TO" | "CC";
  /** Null for one that is not in the axis's directory. */
  readonly code: string | null;
  readonly code102: string | null;
}

/**
 * Hands an issued document to the axis in the transaction that issues it: one signed message for up to 200 recipients, and
 * what is to become of it at each. Recipients that are not in the directory get it on paper.
 */
export async function sendIssuedDocument(ctx: Context, em: EntityManager, { objectId }: Act): Promise<void> {
  const document = await readDocument(em, objectId);
  const recipients = await readRecipients(ctx, em, objectId);
  const isOnAxis = ctx.services.transmission.for(document.code) !== null;
  const reached = recipients.filter(({ code }) => isOnAxis && code !== null);
  const answers = document.answers_to_id ? await readAnswered(em, document.answers_to_id) : null;
  const parts = await readParts(em, objectId);
  const places = recipients.map(({ name }) => name);

  for (let from = 0; from < reached.length; from += recipientsOfOneMessage) {
    const addressed = reached.slice(from, from + recipientsOfOneMessage);
    const manifest = manifestOf(ctx.now(), document, addressed, parts, places, answers);
    await enqueue(ctx, em, manifest);
    for (const { id, code } of addressed) await insertDelivery(ctx, em, id, objectId, manifest.messageId, code);
  }
  for (const recipient of recipients)
    if (!reached.includes(recipient)) await insertDelivery(ctx, em, recipient.id, objectId, null, null);
}

function insertDelivery(
  ctx: Context,
  em: EntityManager,
  id: string,
  documentId: string,
  messageId: string | null,
  code: string | null,
): Promise<unknown> {
  return em.execute(
    "insert into exchange_delivery (id, agency_id, document_id, message_id, recipient_code, state) values (?, ?, ?, ?, ?, ?)",
    [id, ctx.agencyId, documentId, messageId, code, messageId ? "QUEUED" : "OFF_AXIS"],
  );
}

interface DocumentRow {
  readonly code: string;
  readonly code102: string | null;
  readonly name: string;
  readonly address: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly place: string;
  readonly type_code: string;
  readonly subject: string;
  readonly urgency: Urgency;
  readonly reference_code: string;
  readonly issued_on: string;
  readonly block: string | null;
  readonly answers_to_id: string | null;
}

async function readDocument(em: EntityManager, id: string): Promise<DocumentRow> {
  const [row] = await em.execute<DocumentRow[]>(
    `select a.code, a.code102, a.name, a.address, a.email, a.phone, a.place, d.type_code, d.subject, d.urgency,
       d.reference_code, d.issued_on::text as issued_on, d.block::text as block, d.answers_to_id
     from outgoing_document d join agency a on a.id = d.agency_id where d.id = ?`,
    [id],
  );
  return row!;
}

/** An agency is on the axis if the directory holds it, or if it is hosted here and will be entered before anything is sent. */
function readRecipients(ctx: Context, em: EntityManager, documentId: string): Promise<Recipient[]> {
  const at = ctx.now();
  return em.execute<Recipient[]>(
    `select r.id, r.name, r.role, case when is_on_axis then a.code end as code, a.code102 from outgoing_recipient r
     left join agency a on a.id = r.recipient_id
     cross join lateral (select a.code in (select jsonb_array_elements_text(?::jsonb)) or exists (select from axis_agency x
       where x.code = a.code and x.valid_from <= ? and (x.valid_to is null or x.valid_to > ?) and cardinality(x.certificates) > 0)
       as is_on_axis) directory
     where r.document_id = ? order by r.ordinal`,
    [JSON.stringify(ctx.services.transmission.codes()), at, at, documentId],
  );
}

/** The sealed file and the annexes, in this order. */
async function readParts(em: EntityManager, documentId: string): Promise<Part[]> {
  const files = await em.execute<
    { name: string; media_type: string; size: string; sha256: string; is_main: boolean }[]
  >(
    `select f.name, f.media_type, f.size, encode(f.sha256, 'hex') as sha256, x.is_main from (
       (select file_id, true as is_main, 0 as ordinal from outgoing_revision
        where document_id = ? and kind in ('SEALED', 'AUGMENTED') order by ordinal desc limit 1)
       union all
       select file_id, false, ordinal from outgoing_file where document_id = ? and role = 'ANNEX') x
     join file f on f.id = x.file_id order by x.is_main desc, x.ordinal`,
    [documentId, documentId],
  );
  if (!files[0]?.is_main) throw new Error("A document without a sealed file cannot be sent");
  return files.map(({ name, media_type, size, sha256, is_main }, index) => ({
    id: `p${index + 1}`,
    name: partName(name, `p${index + 1}`),
    description: is_main ? "Văn bản chính" : "Tài liệu kèm theo",
    mediaType: /^[\w.+-]+\/[\w.+-]{1,60}$/.test(media_type) ? media_type : "application/octet-stream",
    size: Number(size),
    sha256,
    role: is_main ? "main" : "attachment",
  }));
}

/** A name as a manifest takes it: no folder, no control character. */
function partName(name: string, instead: string): string {
  const plain = name
    .normalize("NFC")
    .replaceAll(/[/\\\p{Cc}]/gu, "_")
    .slice(0, 255)
    .toWellFormed();
  return plain === "" || plain === "." || plain === ".." ? instead : plain;
}

interface AnsweredRow {
  readonly reference_code: string;
  readonly issued_on: string | null;
  readonly code: string | null;
  readonly manifest: Buffer | null;
}

/** How the document that this one answers is known to its sender; null if the sender's code is not known. */
async function readAnswered(em: EntityManager, incomingId: string): Promise<EdxmlResponseFor | null> {
  const [row] = await em.execute<AnsweredRow[]>(
    `select d.reference_code, d.issued_on::text as issued_on, coalesce(x.sender_code, a.code) as code, x.manifest
     from incoming_document d left join arrival x on x.incoming_document_id = d.id left join agency a on a.id = d.sender_id
     where d.id = ?`,
    [incomingId],
  );
  if (!row?.code) return null;
  const meta = row.manifest && parseManifest(row.manifest).meta;
  const usualId = row.issued_on ? documentIdOf(row.code, row.issued_on, row.reference_code) : "";
  return {
    organId: row.code,
    code: row.reference_code.slice(0, 50),
    promulgationDate: row.issued_on ?? "",
    documentId: meta?.kind === "document" ? meta.documentId : usualId,
  };
}

function manifestOf(
  at: Date,
  document: DocumentRow,
  recipients: readonly Recipient[],
  parts: readonly Part[],
  places: readonly string[],
  answers: EdxmlResponseFor | null,
): Manifest {
  const { code, code102, reference_code: referenceCode, issued_on: issuedOn, urgency } = document;
  const meta = documentHeader(
    document,
    recipients.map((each) => ({ code: each.code!, name: each.name })),
    {
      ...document,
      referenceCode,
      issuedOn,
      typeName: requireDocumentType(document.type_code).name,
      signature: document.block ? (JSON.parse(document.block) as { lines: string[]; fullName: string }) : null,
      answers,
      places,
    },
  );
  return {
    v: protocolVersion,
    messageId: uuidv7(at.getTime()),
    kind: "document",
    documentUid: documentUid(code, meta.documentId),
    revision: 0,
    refersTo: null,
    sender: { code, code102, unit: null },
    recipients: recipients.map(({ code: to, code102: to102, role }) => ({
      code: to!,
      code102: to102,
      role: role === "TO" ? "chinh" : "de_biet",
    })),
    createdAt: at.toISOString(),
    expiresAt: null,
    priority: priorityOf(urgency),
    confidentiality: "thuong",
    legacy: { documentId: meta.documentId, codeNumber: meta.code.number, codeNotation: meta.code.notation },
    meta,
    parts,
  };
}
