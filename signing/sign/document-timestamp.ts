import type { SignatureDigest } from "../keys/signer.ts";
import { formFields } from "../pdf/acroform.ts";
import type { PdfDocument } from "../pdf/document.ts";
import type { PdfDict, PdfRef } from "../pdf/objects.ts";
import { PdfUpdate } from "../pdf/update.ts";
import type { TimestampClient } from "../tsp/client.ts";
import { timestampKeys } from "./dictionary.ts";
import { withExtension } from "./dss.ts";
import { addFieldsTo, freeName, markSigned } from "./fields.ts";
import { finishWithHole, type PreparedRevision } from "./hole.ts";
import { openForSigning, strictly, refuseIfForbidden } from "./open.ts";
import { rememberRoom, roomFor } from "./token-room.ts";

/** A document with its new time-stamp. */
export interface StampedDocument {
  readonly bytes: Buffer;
  /** The name of the field made for it. */
  readonly field: string;
}

/**
 * Appends a document time-stamp over the whole file (12.8.5, EN 319 142-1 §5.4.3), in a new field that does not show.
 * Certifications and locks leave it open. Throws TIMESTAMP_UNAVAILABLE, LIMIT_EXCEEDED, REFUSE_SIGN with ENCRYPTED,
 * ENCRYPTION or STRUCTURE.
 */
export async function addDocumentTimestamp(
  pdf: Buffer,
  client: TimestampClient,
  digest: SignatureDigest = "sha256",
): Promise<StampedDocument> {
  const document = openForSigning(pdf);
  refuseIfForbidden(document, "create");
  const attempt = async (room: number): Promise<{ prepared: PreparedRevision; token: Buffer; room: number }> => {
    const prepared = strictly(() => prepareTimestamp(document, digest, room));
    return { prepared, token: await client.stamp(prepared.digest, digest), room };
  };
  let made = await attempt(roomFor(client));
  rememberRoom(client, made.token);
  if (made.token.length > made.room) made = await attempt(roomFor(client));
  return { bytes: made.prepared.complete(made.token), field: made.prepared.field };
}

function prepareTimestamp(document: PdfDocument, digest: SignatureDigest, holeSize: number): PreparedRevision {
  const update = new PdfUpdate(document);
  const view = document.latest;
  const names = new Set(formFields(view).map(({ name }) => name));
  const field = freeName(names, "Timestamp");
  const added = addFieldsTo(update, [{ type: "signature", name: field, page: 0, rect: [0, 0, 0, 0] }], names)[0]!;
  const signature = update.allocate();
  update.set(added.ref, added.dict.with({ V: signature }));
  markSigned(update);
  const root = view.trailer.get("Root") as PdfRef;
  const catalog = update.resolve(root) as PdfDict;
  const declared = withExtension(document, catalog);
  if (declared !== catalog) update.set(root, declared);
  return finishWithHole(update, signature, timestampKeys(), { field, digest, holeSize });
}
