import { AxisError } from "../errors.ts";
import { sha256 } from "../canonical.ts";
import { parseManifest, protocolVersion, verifyManifest, type Manifest } from "../manifest.ts";
import { signHubReceipt } from "../receipts.ts";
import type { Credential, Signed } from "../signature.ts";
import { uuidPattern } from "../uuid.ts";
import { acknowledge, lease, reopen, withdraw } from "./deliveries.ts";
import { certificatesOf, directoryChanges, registerAgency, unknownAgencies } from "./directory.ts";
import { fanOut } from "./fanout.ts";
import { inboxEntry, signedOf, timelineEvent, type Row } from "./rows.ts";
import type { Accepted, Agency, AxisHub, Database, InboxEntry, Query, TimelineEvent } from "./types.ts";

/** What a hub needs from its surroundings. */
export interface HubOptions {
  readonly database: Database;
  /** The hub's own agency code, and the key by which it signs receipts. */
  readonly code: string;
  readonly credential: Credential;
  /** Whether a part is durably stored; files come before the message that names them. */
  readonly hasBlob: (sha256: string) => boolean | Promise<boolean>;
  /** How long a consumer may work on a delivery before another may take it. */
  readonly leaseSeconds?: number;
}

const maxPage = 100;

/**
 * The axis server: takes signed messages, queues them for each recipient, keeps receipts. All its state is in
 * PostgreSQL.
 */
export class Hub implements AxisHub {
  readonly #options: HubOptions;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  async accept(signed: Signed): Promise<Accepted> {
    const manifest = parseManifest(signed.bytes);
    const { stored, certificates } = await this.#transaction(async (query) => ({
      stored: await findMessage(query, manifest.messageId),
      certificates: await certificatesOf(query, manifest.sender.code),
    }));
    // A retry must get its receipt even after the sender's certificate has been replaced.
    if (stored && isSame(stored, signed)) return replay(stored);
    if (certificates.length === 0) throw new AxisError("UNKNOWN_SENDER", "The directory has no such sender");
    await verifyManifest(signed, { certificateFor: () => certificates });
    if (stored) throw conflict(manifest.messageId);
    if (manifest.expiresAt !== null && Date.parse(manifest.expiresAt) <= Date.now()) {
      throw new AxisError("expired", "The message has expired");
    }
    await this.#assertBlobs(manifest);

    const receipt = this.#receiptFor(manifest, signed);
    return this.#transaction(async (query) => {
      if (await insertMessage(query, manifest, signed, receipt)) {
        await fanOut(query, manifest);
        return { receipt, replayed: false };
      }
      // Another request with this id committed in the meantime: what it stored decides.
      const winner = await findMessage(query, manifest.messageId);
      if (winner && isSame(winner, signed)) return replay(winner);
      throw conflict(manifest.messageId);
    });
  }

  inbox(recipient: string, { after, limit }: { after: number; limit: number }): Promise<InboxEntry[]> {
    return this.#transaction(async (query) => {
      const rows = await query(
        `select d.seq, d.delivery_id, d.message_id, d.state, m.manifest, m.signature, m.receipt, m.receipt_signature
         from hub.delivery d join hub.message m using (message_id)
         where d.recipient = $1 and d.seq > $2 and d.state in ('AVAILABLE', 'LEASED') order by d.seq limit $3`,
        [recipient, Math.max(0, Math.trunc(after) || 0), Math.min(Math.max(1, Math.trunc(limit) || 1), maxPage)],
      );
      return rows.map(inboxEntry);
    });
  }

  lease(deliveryId: string, recipient: string) {
    const seconds = this.#options.leaseSeconds ?? 300;
    return this.#transaction((query) => lease(query, known(deliveryId), recipient, seconds));
  }

  acknowledge(deliveryId: string, fence: number | null, receipt: Signed) {
    return this.#transaction((query) => acknowledge(query, known(deliveryId), fence, receipt));
  }

  reopen(deliveryId: string, recipient: string) {
    return this.#transaction((query) => reopen(query, known(deliveryId), recipient));
  }

  withdraw(deliveryId: string, sender: string) {
    return this.#transaction((query) => withdraw(query, known(deliveryId), sender));
  }

  timeline(messageId: string, requester: string): Promise<TimelineEvent[]> {
    return this.#transaction(async (query) => {
      const rows = await query(
        `select e.at, e.event, e.delivery_id, d.recipient, d.seq, d.state, r.bytes, r.signature as receipt_signature
         from hub.event e join hub.message m using (message_id)
         left join hub.delivery d using (delivery_id)
         left join hub.receipt r on r.delivery_id = e.delivery_id and r.sha256 = e.receipt_sha256
         where e.message_id = $1 and (m.sender = $2 or d.recipient = $2 or (e.delivery_id is null and exists (
           select from hub.delivery mine where mine.message_id = m.message_id and mine.recipient = $2)))
         order by e.id`,
        [known(messageId), requester],
      );
      // A message that is none of the requester's business looks like one that does not exist.
      if (rows.length === 0) throw new AxisError("NOT_FOUND", "No such message");
      return rows.map(timelineEvent);
    });
  }

  directory(since: number) {
    return this.#transaction((query) => directoryChanges(query, since));
  }

  /**
   * Enters an agency in the directory or changes it; for the operator of the axis. Returns the directory's new version.
   */
  /** The agencies for which something is open: who operates the hub asks once for all whom he serves. */
  waiting(): Promise<string[]> {
    return this.#transaction(async (query) => {
      const rows = await query(
        "select distinct recipient from hub.delivery where state in ('AVAILABLE', 'LEASED')",
        [],
      );
      return rows.map((row) => String(row["recipient"]));
    });
  }

  registerAgency(agency: Agency): Promise<number> {
    return this.#transaction((query) => registerAgency(query, agency));
  }

  #transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#options.database.transaction(work);
  }

  async #assertBlobs(manifest: Manifest): Promise<void> {
    const missing: string[] = [];
    for (const digest of new Set(manifest.parts.map((part) => part.sha256))) {
      if (!(await this.#options.hasBlob(digest))) missing.push(digest);
    }
    if (missing.length > 0) throw new AxisError("MISSING_BLOBS", "Files of the message have not arrived", { missing });
  }

  #receiptFor(manifest: Manifest, signed: Signed): Signed {
    const recipients = manifest.recipients.map(({ code }) => code).toSorted();
    return signHubReceipt(
      {
        v: protocolVersion,
        hub: this.#options.code,
        messageId: manifest.messageId,
        manifestSha256: sha256(signed.bytes),
        acceptedAt: new Date().toISOString(),
        recipients,
      },
      this.#options.credential,
    );
  }
}

async function findMessage(query: Query, messageId: string): Promise<Row | undefined> {
  const [row] = await query(
    "select manifest_sha256, receipt, receipt_signature from hub.message where message_id = $1",
    [messageId],
  );
  return row;
}

/** False if the hub has a message of this id; waits for a transaction that is just writing it. */
async function insertMessage(query: Query, manifest: Manifest, signed: Signed, receipt: Signed): Promise<boolean> {
  const codes = manifest.recipients.map(({ code }) => code);
  const unknown = await unknownAgencies(query, codes);
  if (unknown.length > 0) throw new AxisError("UNKNOWN_RECIPIENT", "The directory lacks recipients", { unknown });
  const rows = await query(
    `insert into hub.message (message_id, sender, kind, document_uid, revision, manifest_sha256, manifest, signature,
       accepted_at, receipt, receipt_signature)
     values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp(), $9, $10) on conflict do nothing returning message_id`,
    [
      manifest.messageId,
      manifest.sender.code,
      manifest.kind,
      manifest.documentUid,
      manifest.revision,
      Buffer.from(sha256(signed.bytes), "hex"),
      signed.bytes,
      signed.jws,
      receipt.bytes,
      receipt.jws,
    ],
  );
  return rows.length === 1;
}

function isSame(stored: Row, signed: Signed): boolean {
  return (stored["manifest_sha256"] as Buffer).toString("hex") === sha256(signed.bytes);
}

function replay(stored: Row): Accepted {
  return { receipt: signedOf(stored["receipt"], stored["receipt_signature"]), replayed: true };
}

function conflict(messageId: string): AxisError {
  return new AxisError("CONFLICT", "The hub has another message of this id", { messageId });
}

/** An id that is no UUID names nothing; it must not reach the database as a type error. */
function known(id: string): string {
  if (!uuidPattern.test(id)) throw new AxisError("NOT_FOUND", "No such delivery or message");
  return id;
}
