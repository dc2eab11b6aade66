import { X509Certificate } from "node:crypto";
import { type DeferredSigner, digestForKey, type Signer, SigningError } from "../../signing/index.ts";
import { type Context, requireViewer } from "../context.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import { columns, Conditions } from "../sql.ts";
import { Tries } from "../tries.ts";
import { Turns } from "../turns.ts";
import { usableBy } from "./access.ts";
import { SigningCredential } from "./entities.ts";
import { type OpenKeystore, openKeystore } from "./open-keystore.ts";
import { sentenceFor } from "./refusals.ts";

/** A credential that is ready to sign until it is disposed of. */
export interface OpenCredential extends AsyncDisposable {
  readonly credential: SigningCredential;
  readonly signer: Signer;
}

/** Each opened key is a thread with some 30 MB: a crowd waits. */
const turns = new Turns(4);
const tries = new Tries();

/** A key that the viewer may sign with, and what can be known of it without opening it. */
export interface UsableCredential {
  readonly credential: SigningCredential;
  readonly signer: DeferredSigner;
  /** Null where the key is not in a file here. */
  readonly keystore: Buffer | null;
}

/** A key of the viewer's, or the agency's seal for who may seal; NOT_FOUND for any other, FORBIDDEN without the scope. */
export async function usableCredential(ctx: Context, credentialId: string): Promise<UsableCredential> {
  const viewer = requireViewer(ctx);
  if (viewer.scopes && !viewer.scopes.has("SIGN")) throw forbidden("scope SIGN");
  const where = usableBy(viewer, new Conditions()).add("c.id = ?", credentialId);
  const row = await ctx.readOne<SigningCredential & { keystore: Buffer | null; chain: Buffer[] }>(
    `select ${columns(ctx.services.orm, SigningCredential, "c").list}, c.keystore, c.chain
     from signing_credential c where ${where.sql}`,
    where.parameters,
  );
  if (!row) throw notFound("SigningCredential");
  const { keystore, chain, ...credential } = row;
  const certificate = Buffer.from(credential.certificate);
  const { scheme, digest = digestForKey(new X509Certificate(certificate).publicKey) } = credential.settings;
  return { credential, signer: { certificate, chain, digest, ...(scheme && { scheme }) }, keystore };
}

/**
 * Opens a key that is kept here, a file or a device. Throws what `usableCredential` does, SIGNING_REFUSED when its
 * certificate is withdrawn, not valid now or not the key's, or when the key is kept elsewhere, BAD_PIN, and
 * TOO_MANY_TRIES after five wrong PINs. The PIN goes to what opens the key and nowhere else.
 */
export async function openSigner(ctx: Context, credentialId: string, pin: string): Promise<OpenCredential> {
  const { credential, keystore } = await usableCredential(ctx, credentialId);
  assertUsable(credential, ctx.now());
  if (credential.provider !== "PKCS12" && credential.provider !== "PKCS11")
    throw refused(
      "KEPT_ELSEWHERE",
      "Khóa này do thiết bị hoặc dịch vụ khác giữ; hãy chuẩn bị ký rồi xác nhận.",
      "This key is kept elsewhere: prepare the signature, then authorize it.",
    );

  const endTurn = await turns.take();
  try {
    const opened = await openWithPin(ctx, credential, pin, () =>
      keystore ? openKeystore(keystore, pin) : ctx.services.signing.token(credential, pin),
    );
    return {
      credential,
      signer: opened,
      async [Symbol.asyncDispose]() {
        endTurn();
        await opened[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    endTurn();
    throw error;
  }
}

/** SIGNING_REFUSED unless the certificate is good at this instant. */
export function assertUsable(
  credential: Pick<SigningCredential, "notBefore" | "notAfter" | "revokedAt">,
  at: Date,
): void {
  if (credential.revokedAt)
    throw refused("REVOKED", "Chứng thư số này đã bị thu hồi.", "This certificate has been withdrawn.");
  if (at < credential.notBefore || at > credential.notAfter)
    throw refused("NOT_VALID_NOW", "Chứng thư số chưa có hoặc đã hết hiệu lực.", "This certificate is not valid now.");
}

async function openWithPin(
  ctx: Context,
  credential: SigningCredential,
  pin: string,
  open: () => Promise<OpenKeystore>,
): Promise<OpenKeystore> {
  const giveBack = tries.take([`pin ${credential.id}`], ctx.now().getTime());
  if (pin.length < 4 || pin.length > 100) throw badPin();
  const opened = await open().catch((error: unknown) => {
    if (!(error instanceof SigningError)) throw error;
    if (error.code === "BAD_PASSWORD" || error.code === "WRONG_PIN") throw badPin();
    const vi = sentenceFor(error.code) ?? "Không mở được khóa ký số này.";
    throw refused(error.code, vi, `This key cannot be opened: ${error.message}`);
  });
  giveBack();
  if (opened.certificate.equals(Buffer.from(credential.certificate))) return opened;
  await opened[Symbol.asyncDispose]();
  throw refused(
    "OTHER_CERTIFICATE",
    "Khóa không khớp với chứng thư số.",
    "The key does not belong to the certificate.",
  );
}

const badPin = () => new AppError("BAD_PIN", "Mã PIN không đúng.", "Wrong PIN.");

const refused = (reason: string, vi: string, en: string) => new AppError("SIGNING_REFUSED", vi, en, { reason });
