import type { RsaScheme } from "../../algorithms/identifiers.ts";
import { SigningError } from "../../errors.ts";
import { publicKeyOf, type Certificate } from "../../x509/certificates.ts";
import { chainOf, readable } from "../chain.ts";
import { digestForKey, type SignatureDigest } from "../signer.ts";
import { alreadyLoggedIn, Ck, returnValue, type Cryptoki } from "./cryptoki.ts";
import { signingWay } from "./mechanisms.ts";

/** A token in a slot. `pin` says how many tries are left, as far as tokens tell. */
export interface TokenInfo {
  readonly label: string;
  readonly serial: string;
  readonly manufacturer: string;
  readonly pin: "OK" | "FEW_TRIES" | "LAST_TRY" | "LOCKED";
}

/** Which token; one alone needs no choice. */
export interface TokenChoice {
  readonly label?: string;
  readonly serial?: string;
}

/** Which key on it; one alone needs no choice. `id` is CKA_ID and `serial` the certificate's, in hexadecimal. */
export interface KeyChoice {
  readonly id?: string;
  readonly label?: string;
  readonly serial?: string;
}

/** A certificate on a token. */
export interface TokenCertificate {
  /** CKA_ID in hexadecimal. */
  readonly id: string;
  readonly label: string;
  readonly certificate: Buffer;
}

/** What opening a key takes. */
export interface OpenRequest {
  readonly token: TokenChoice;
  readonly key: KeyChoice;
  readonly pin: string;
  readonly digest?: SignatureDigest;
  readonly scheme?: RsaScheme;
  /** Goes on although a wrong PIN would lock the token. */
  readonly useLastTry?: boolean;
}

/** An opened key; `sign` is synchronous and may take seconds. */
export interface TokenKey {
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
  readonly digest: SignatureDigest;
  readonly scheme?: RsaScheme;
  sign(data: Buffer): Buffer;
}

const mostObjects = 200;

/** The initialized tokens of a library. */
export function listTokens(library: Cryptoki): TokenInfo[] {
  return slots(library).map(({ info }) => info);
}

/** The certificates of a token; they are public, no PIN is needed. */
export function listCertificates(library: Cryptoki, choice: TokenChoice): TokenCertificate[] {
  const { slot } = chooseSlot(library, choice);
  return certificatesIn(library, library.C_OpenSession(slot, Ck.CKF_SERIAL_SESSION)).map(
    ({ id, label, certificate }) => ({ id, label, certificate: certificate.der }),
  );
}

/**
 * Logs in and finds the key. Throws TOKEN_MISSING, AMBIGUOUS_TOKEN, PIN_LOCKED, PIN_LAST_TRY, NO_CERTIFICATE,
 * AMBIGUOUS_KEY, NO_PRIVATE_KEY, UNSUPPORTED_KEY, and the library's own errors.
 */
export function openKey(library: Cryptoki, request: OpenRequest): TokenKey {
  const { slot, info, flags } = chooseSlot(library, request.token);
  if (info.pin === "LOCKED") throw new SigningError("PIN_LOCKED", "The token is locked after wrong PINs.");
  if (info.pin === "LAST_TRY" && !request.useLastTry) {
    throw new SigningError("PIN_LAST_TRY", "One more wrong PIN would lock the token.");
  }
  const session = library.C_OpenSession(slot, Ck.CKF_SERIAL_SESSION);
  // Tokens with a keypad of their own take no PIN from here.
  const keypad = (flags & Ck.CKF_PROTECTED_AUTHENTICATION_PATH) !== 0;
  const logIn = (user: number) => library.C_Login(session, user, keypad ? undefined : request.pin);
  try {
    logIn(Ck.CKU_USER);
  } catch (error) {
    if (returnValue(error) !== alreadyLoggedIn) throw error;
  }
  const found = certificatesIn(library, session);
  const own = chooseCertificate(found, request.key, (id) => privateKeys(library, session, id).length > 0);
  const [key, ...others] = privateKeys(library, session, own.id);
  if (!key || others.length) throw new SigningError("NO_PRIVATE_KEY", "One private key goes with a certificate.");
  const publicKey = publicKeyOf(own.certificate);
  const digest = request.digest ?? digestForKey(publicKey);
  const type = publicKey.asymmetricKeyType;
  const scheme = type === "rsa" ? request.scheme : undefined;
  const way = signingWay(library.C_GetMechanismList(slot), type, digest, scheme);
  const eachTime = attribute(library, session, key, Ck.CKA_ALWAYS_AUTHENTICATE)?.[0] === 1;
  return {
    certificate: own.certificate.der,
    chain: chainOf(own.certificate, readable(found.map(({ certificate }) => certificate.der))),
    digest,
    ...(scheme ? { scheme } : {}),
    sign(data) {
      library.C_SignInit(session, way.mechanism, key);
      // CKA_ALWAYS_AUTHENTICATE: signature keys of identity cards ask for the PIN at each use.
      if (eachTime) logIn(Ck.CKU_CONTEXT_SPECIFIC);
      return Buffer.from(library.C_Sign(session, way.input(data), Buffer.alloc(1_024)));
    },
  };
}

function slots(library: Cryptoki) {
  return library.C_GetSlotList(true).flatMap((slot) => {
    const { label, serialNumber, manufacturerID, flags } = library.C_GetTokenInfo(slot);
    if ((flags & Ck.CKF_TOKEN_INITIALIZED) === 0) return [];
    const info: TokenInfo = {
      label: label.trim(),
      serial: serialNumber.trim(),
      manufacturer: manufacturerID.trim(),
      pin:
        flags & Ck.CKF_USER_PIN_LOCKED
          ? "LOCKED"
          : flags & Ck.CKF_USER_PIN_FINAL_TRY
            ? "LAST_TRY"
            : flags & Ck.CKF_USER_PIN_COUNT_LOW
              ? "FEW_TRIES"
              : "OK",
    };
    return [{ slot, info, flags }];
  });
}

function chooseSlot(library: Cryptoki, { label, serial }: TokenChoice) {
  const fitting = slots(library).filter(
    ({ info }) => (label === undefined || info.label === label) && (serial === undefined || info.serial === serial),
  );
  if (fitting.length > 1) throw new SigningError("AMBIGUOUS_TOKEN", "Several tokens fit.", { count: fitting.length });
  if (!fitting[0]) throw new SigningError("TOKEN_MISSING", "The token is not there.");
  return fitting[0];
}

interface FoundCertificate {
  readonly id: string;
  readonly label: string;
  readonly certificate: Certificate;
}

function certificatesIn(library: Cryptoki, session: Buffer): FoundCertificate[] {
  const objects = find(library, session, [
    { type: Ck.CKA_CLASS, value: Ck.CKO_CERTIFICATE },
    { type: Ck.CKA_CERTIFICATE_TYPE, value: Ck.CKC_X_509 },
  ]);
  return objects.flatMap((object) => {
    const value = attribute(library, session, object, Ck.CKA_VALUE);
    const [certificate] = readable([value]);
    if (!certificate) return [];
    const id = attribute(library, session, object, Ck.CKA_ID)?.toString("hex") ?? "";
    const label = attribute(library, session, object, Ck.CKA_LABEL)?.toString("utf8") ?? "";
    return [{ id, label, certificate }];
  });
}

/** The certificate that fits the choice and has a key on the token, alone of its kind. */
function chooseCertificate(
  found: readonly FoundCertificate[],
  { id, label, serial }: KeyChoice,
  hasKey: (id: string) => boolean,
): FoundCertificate {
  const fitting = found.filter(
    (entry) =>
      entry.id !== "" &&
      (id === undefined || entry.id === id.toLowerCase()) &&
      (label === undefined || entry.label === label) &&
      (serial === undefined || entry.certificate.serial === serial.toUpperCase()) &&
      hasKey(entry.id),
  );
  if (fitting.length > 1)
    throw new SigningError("AMBIGUOUS_KEY", "Several keys fit.", { ids: fitting.map((x) => x.id) });
  if (!fitting[0]) throw new SigningError("NO_CERTIFICATE", "The token has no such certificate with a key.");
  return fitting[0];
}

function privateKeys(library: Cryptoki, session: Buffer, id: string): Buffer[] {
  return find(library, session, [
    { type: Ck.CKA_CLASS, value: Ck.CKO_PRIVATE_KEY },
    { type: Ck.CKA_ID, value: Buffer.from(id, "hex") },
  ]);
}

function find(library: Cryptoki, session: Buffer, template: Parameters<Cryptoki["C_FindObjectsInit"]>[1]): Buffer[] {
  library.C_FindObjectsInit(session, template);
  try {
    return library.C_FindObjects(session, mostObjects);
  } finally {
    library.C_FindObjectsFinal(session);
  }
}

/** An attribute's value; undefined where the object has none: one unknown attribute would fail a whole list. */
function attribute(library: Cryptoki, session: Buffer, object: Buffer, type: number): Buffer | undefined {
  try {
    const value = library.C_GetAttributeValue(session, object, [{ type }])[0]?.value;
    return Buffer.isBuffer(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
