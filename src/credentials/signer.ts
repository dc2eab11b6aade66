import { type Signer, SigningError } from "../../signing/index.ts";
import { type Context, requireViewer } from "../context.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import { columns, Conditions } from "../sql.ts";
import { Tries } from "../tries.ts";
import { usableBy } from "./access.ts";
import { SigningCredential } from "./entities.ts";
import { openKeystore } from "./open-keystore.ts";
import { Turns } from "./turns.ts";

/** A credential that is ready to sign until it is disposed of. */
export interface OpenCredential extends AsyncDisposable {
  readonly credential: SigningCredential;
  readonly signer: Signer;
}

/** Each opened key is a thread with some 30 MB: a crowd waits. */
const turns = new Turns(4);
const tries = new Tries();

/**
 * Opens a key of the viewer's, or the agency's seal for who may seal. Throws NOT_FOUND for any other key, SIGNING_REFUSED
 * when its certificate is withdrawn, not valid now or not the key's, BAD_PIN, and TOO_MANY_TRIES after five wrong PINs.
 * The PIN goes to the thread that opens the key and nowhere else.
 */
export async function openSigner(ctx: Context, credentialId: string, pin: string): Promise<OpenCredential> {
  const viewer = requireViewer(ctx);
  if (viewer.scopes && !viewer.scopes.has("SIGN")) throw forbidden("scope SIGN");
  const where = usableBy(viewer, new Conditions()).add("c.id = ?", credentialId);
  const row = await ctx.readOne<SigningCredential & { keystore: Buffer }>(
    `select ${columns(ctx.services.orm, SigningCredential, "c").list}, c.keystore
     from signing_credential c where ${where.sql}`,
    where.parameters,
  );
  if (!row) throw notFound("SigningCredential");
  const { keystore, ...credential } = row;
  assertUsable(credential, ctx.now());

  const endTurn = await turns.take();
  try {
    const opened = await openWithPin(ctx, credential, keystore, pin);
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

async function openWithPin(ctx: Context, credential: SigningCredential, keystore: Buffer, pin: string) {
  const giveBack = tries.take([`pin ${credential.id}`], ctx.now().getTime());
  if (pin.length < 4 || pin.length > 100) throw badPin();
  const opened = await openKeystore(keystore, pin).catch((error: unknown) => {
    if (!(error instanceof SigningError)) throw error;
    if (error.code === "BAD_PASSWORD") throw badPin();
    throw refused(error.code, "Không mở được khóa ký số này.", "This key cannot be opened.");
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
