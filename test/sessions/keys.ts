import { randomUUID, X509Certificate } from "node:crypto";
import { Client as Database } from "pg";
import { readCertificate } from "../../signing/index.ts";
import { toGlobalId } from "../../src/graphql/ids.ts";
import type { Colleague } from "../outgoing/office.ts";
import type { TestApp } from "../support/app.ts";

export interface Held {
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
}

/** Something done to the database by nobody of the application. */
export async function asSuperuser<T>(app: TestApp, work: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database(app.database.superConnection);
  await database.connect();
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

/** Enters a key of somebody's that is kept elsewhere; its global id. */
export async function enterKey(
  app: TestApp,
  { appointmentId }: Pick<Colleague, "appointmentId">,
  { certificate, chain }: Held,
  provider: string,
  settings: object = {},
  isSeal = false,
): Promise<string> {
  const id = randomUUID();
  const { subject, issuer, serial } = readCertificate(certificate);
  const { validFrom, validTo } = new X509Certificate(certificate);
  await asSuperuser(app, (database) =>
    database.query(
      `insert into signing_credential (id, agency_id, person_id, is_agency_seal, subject, issuer, serial, not_before,
         not_after, certificate, chain, provider, settings, created_at)
       select $1, a.agency_id, case when $12 then null else a.person_id end, $12, $3, $4, $5, $6, $7, $8, $9, $10, $11, now()
       from appointment a where a.id = $2`,
      [
        id,
        Buffer.from(appointmentId, "base64url").toString().split(":")[1],
        subject.text,
        issuer.text,
        serial,
        new Date(validFrom),
        new Date(validTo),
        certificate,
        chain,
        provider,
        settings,
        isSeal,
      ],
    ),
  );
  return toGlobalId("SigningCredential", id);
}

export const sessionFields = `{ id state role baseRevision digestAlgorithm dtbs dtbsDigest challengeText factors expiresAt
  error { code vi en details } revision { id kind ordinal } outgoingDocument { id status } credential { provider } }`;

export interface ShownSession {
  readonly id: string;
  readonly state: string;
  readonly baseRevision: string;
  readonly dtbs: string | null;
  readonly dtbsDigest: string | null;
  readonly challengeText: string;
  readonly factors: string[];
  readonly expiresAt: string;
  readonly error: { code: string; vi: string; details: any } | null;
  readonly revision: { kind: string; ordinal: number } | null;
}

export async function prepare(
  who: Colleague,
  outgoingDocumentId: string,
  credentialId: string,
  more: object = {},
): Promise<ShownSession> {
  const input = { outgoingDocumentId, credentialId, ...more };
  return (await who.client.act("prepareSignature", input, `{ session ${sessionFields} }`)).session;
}

const without = (who: Colleague, name: string, input: Record<string, unknown>, selection: string) =>
  who.client.act(name, input, selection, false);

export const authorize = async (
  who: Colleague,
  sessions: readonly { readonly id: string }[],
  secrets: object = {},
): Promise<ShownSession[]> =>
  (
    await without(
      who,
      "authorizeSignature",
      { sessionIds: sessions.map(({ id }) => id), ...secrets },
      `{ sessions ${sessionFields} }`,
    )
  ).sessions;

export const complete = async (who: Colleague, sessionId: string, signature: Buffer): Promise<ShownSession> =>
  (
    await without(
      who,
      "completeSignature",
      { sessionId, signature: signature.toString("base64") },
      `{ session ${sessionFields} }`,
    )
  ).session;

export const cancel = async (who: Colleague, sessionId: string): Promise<ShownSession> =>
  (await without(who, "cancelSignature", { sessionId }, `{ session ${sessionFields} }`)).session;

export const sessionNow = async (who: Colleague, id: string): Promise<ShownSession | null> =>
  (await who.client.call(`query ($id: ID!) { node(id: $id) { ... on SigningSession ${sessionFields} } }`, { id })).node;
