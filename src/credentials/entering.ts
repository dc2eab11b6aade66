import { X509Certificate } from "node:crypto";
import {
  isAcceptedAt,
  noEvidence,
  readAnchors,
  readCertificate,
  SigningError,
  validateCertificate,
} from "../../signing/index.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context.ts";
import type { SigningProvider } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { columns, execute } from "../sql.ts";
import { type CredentialSettings, SigningCredential } from "./entities.ts";
import { trustStore } from "./trust.ts";

/** A key that somebody else keeps, as it is to be entered; certificates in DER, the issuers from the signer's upwards. */
export interface NewKey {
  /** Null for the agency's seal. */
  readonly personId: string | null;
  readonly provider: Exclude<SigningProvider, "PKCS12">;
  readonly settings: CredentialSettings;
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
}

/** A certificate that nobody should sign with, in words for who enters it. */
export class UnusableCertificate extends Error {
  override readonly name = "UnusableCertificate";
}

/** Purposes of a service, not of a signer (RFC 3161 §2.3, RFC 6960 §4.2.2.2): time-stamps, OCSP responses. */
const servicePurposes = new Set(["1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9"]);

/**
 * What is to be known of a certificate before it is entered; throws UnusableCertificate where signatures with it would be
 * refused. The rest, such as an issuer that is not trusted here, is given as notes: it can still be mended.
 */
export async function assessCertificate(
  { certificate, chain }: Pick<NewKey, "certificate" | "chain">,
  trustDirectory: string,
  at: Date,
): Promise<string[]> {
  const read = readable(certificate);
  const { publicKey } = new X509Certificate(certificate);
  const unusable = (why: string) => new UnusableCertificate(`${read.subject.text}: ${why}`);
  if (read.notAfter < at) throw unusable(`expired on ${read.notAfter.toISOString()}`);
  if (read.basicConstraints?.ca) throw unusable("this is the certificate of an authority, not of a signer");
  const { keyUsage, extendedKeyUsage: purposes } = read;
  // RFC 5280 §4.2.1.3: either of the two signs documents.
  if (keyUsage && !keyUsage.has("digitalSignature") && !keyUsage.has("nonRepudiation"))
    throw unusable("its key is not for signatures (key usage)");
  if (purposes && purposes.length > 0 && purposes.every((each) => servicePurposes.has(each)))
    throw unusable("its key is for time-stamps or OCSP responses alone (extended key usage)");
  if (!isAcceptedAt({ key: publicKey }, at))
    throw unusable(`its key is too small or of an unknown kind (${publicKey.asymmetricKeyType ?? "unknown"})`);
  const verdict = validateCertificate({
    certificate: read,
    evidence: { ...noEvidence, certificates: chain.map(readable) },
    anchors: readAnchors(await trustStore(trustDirectory)),
    at: at < read.notBefore ? read.notBefore : at,
    purpose: "signature",
    // Asked when something is signed; here it is only about who the issuer is.
    revocation: "none",
  });
  return [
    ...(at < read.notBefore ? [`not valid before ${read.notBefore.toISOString()}`] : []),
    ...(verdict.indication === "PASSED"
      ? []
      : [`not trusted here (${verdict.subIndication ?? verdict.indication}); see "congvan trust add"`]),
  ];
}

function readable(der: Buffer) {
  try {
    return readCertificate(der);
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    throw new UnusableCertificate(`no certificate can be read: ${error.message}`);
  }
}

/** Enters a key for the context's agency (đăng ký khóa); its id. Throws UnusableCertificate where it is there already. */
export async function enterKey(ctx: Context, key: NewKey): Promise<string> {
  const { personId, provider, settings, certificate, chain } = key;
  const { subject, issuer, serial, notBefore, notAfter } = readCertificate(certificate);
  const id = newId(ctx.now().getTime());
  await ctx.transact(async (em) => {
    const same = { certificate, personId, isAgencySeal: personId === null, revokedAt: null };
    if ((await em.count(SigningCredential, { agencyId: ctx.agencyId!, ...same })) > 0)
      throw new UnusableCertificate(`${subject.text}: this key is entered already`);
    await execute(
      em,
      `insert into signing_credential (id, agency_id, person_id, is_agency_seal, subject, issuer, serial, not_before,
         not_after, certificate, chain, provider, settings, created_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bytea[], ?, ?::jsonb, ?)`,
      [
        id,
        ctx.agencyId,
        personId,
        personId === null,
        subject.text,
        issuer.text,
        serial,
        notBefore,
        notAfter,
        certificate,
        byteaArray(chain),
        provider,
        JSON.stringify(settings),
        ctx.now(),
      ],
    );
    await record(ctx, em, {
      act: "credential.enter",
      objectType: "SigningCredential",
      objectId: id,
      data: { person: personId, provider, settings, subject: subject.text, serial, issuer: issuer.text },
    });
  });
  return id;
}

/** Byte strings as PostgreSQL writes an array of them. */
export const byteaArray = (list: readonly Buffer[]): string =>
  `{${list.map((each) => `"\\\\x${each.toString("hex")}"`).join()}}`;

/** A key of the agency, with its owner's name. */
export type ListedKey = SigningCredential & { readonly owner: string | null };

/** Every key of the context's agency, the withdrawn ones too. */
export const keysOfAgency = (ctx: Context): Promise<ListedKey[]> =>
  ctx.read(
    `select ${columns(ctx.services.orm, SigningCredential, "c").list}, n.full_name as owner
     from signing_credential c left join person n on n.id = c.person_id
     where c.agency_id = $1 order by c.revoked_at is not null, c.is_agency_seal desc, n.full_name, c.id limit 10000`,
    [ctx.agencyId],
  );

/** Withdraws a key of the context's agency from use (thu hồi khóa); the key, or undefined where none is in use by this id. */
export async function revokeKey(ctx: Context, id: string, reason: string): Promise<SigningCredential | undefined> {
  return ctx.transact(async (em) => {
    const key = await em.findOne(SigningCredential, { id, agencyId: ctx.agencyId!, revokedAt: null });
    if (!key) return undefined;
    key.revokedAt = ctx.now();
    await record(ctx, em, {
      act: "credential.revoke",
      objectType: "SigningCredential",
      objectId: id,
      data: { reason, subject: key.subject, serial: key.serial },
    });
    return key;
  });
}
