import { SigningError } from "../../errors.ts";

/** The part of a PKCS#11 library (OASIS PKCS #11 v2.40) that is used here, as pkcs11js gives it. */
export interface Cryptoki {
  C_GetSlotList(tokenPresent: boolean): Buffer[];
  C_GetTokenInfo(slot: Buffer): { label: string; serialNumber: string; manufacturerID: string; flags: number };
  C_GetMechanismList(slot: Buffer): number[];
  C_OpenSession(slot: Buffer, flags: number): Buffer;
  C_Login(session: Buffer, userType: number, pin?: string): void;
  C_FindObjectsInit(session: Buffer, template: { type: number; value: number | Buffer | boolean }[]): void;
  C_FindObjects(session: Buffer, most: number): Buffer[];
  C_FindObjectsFinal(session: Buffer): void;
  C_GetAttributeValue(session: Buffer, object: Buffer, template: { type: number }[]): { value: unknown }[];
  C_SignInit(session: Buffer, mechanism: { mechanism: number; parameter?: Buffer | PssParameter }, key: Buffer): void;
  C_Sign(session: Buffer, data: Buffer, output: Buffer): Buffer;
  C_Finalize(): void;
}

/** CK_RSA_PKCS_PSS_PARAMS. */
export interface PssParameter {
  readonly type: number;
  readonly hashAlg: number;
  readonly mgf: number;
  readonly saltLen: number;
}

/** The numbers of the standard that are used. */
export const Ck = {
  CKF_SERIAL_SESSION: 0x4,
  CKF_PROTECTED_AUTHENTICATION_PATH: 0x100,
  CKF_TOKEN_INITIALIZED: 0x400,
  CKF_USER_PIN_COUNT_LOW: 0x1_0000,
  CKF_USER_PIN_FINAL_TRY: 0x2_0000,
  CKF_USER_PIN_LOCKED: 0x4_0000,
  CKU_USER: 1,
  CKU_CONTEXT_SPECIFIC: 2,
  CKA_CLASS: 0x0,
  CKA_LABEL: 0x3,
  CKA_VALUE: 0x11,
  CKA_CERTIFICATE_TYPE: 0x80,
  CKA_ID: 0x102,
  CKA_ALWAYS_AUTHENTICATE: 0x202,
  CKO_CERTIFICATE: 1,
  CKO_PRIVATE_KEY: 3,
  CKC_X_509: 0,
  CKM_RSA_PKCS: 0x1,
  CKM_RSA_PKCS_PSS: 0xd,
  CKM_ECDSA: 0x1041,
} as const;

/** The numbers of one digest: alone, with RSA, with PSS, and as mask (CKG_MGF1_…). */
export const ckDigests = {
  sha256: { hash: 0x250, rsa: 0x40, pss: 0x43, mask: 0x2 },
  sha384: { hash: 0x260, rsa: 0x41, pss: 0x44, mask: 0x3 },
  sha512: { hash: 0x270, rsa: 0x42, pss: 0x45, mask: 0x4 },
} as const;

/** pkcs11js's own number for the kind of parameter. */
export const pssParameterType = 5;

const refusals = new Map<number, readonly [code: string, message: string]>([
  [0xa0, ["WRONG_PIN", "The PIN is wrong."]],
  [0xa1, ["WRONG_PIN", "The PIN has signs that the token does not take."]],
  [0xa2, ["WRONG_PIN", "The PIN is too short or too long."]],
  [0xa3, ["PIN_EXPIRED", "The PIN must be changed first."]],
  [0xa4, ["PIN_LOCKED", "The token is locked after wrong PINs."]],
  [0x102, ["PIN_NOT_SET", "The token has no PIN yet."]],
  [0x50, ["REJECTED", "The person declined."]],
  [0x200, ["REJECTED", "The person declined."]],
  [0xe0, ["TOKEN_MISSING", "The token is not there."]],
  [0xe1, ["TOKEN_MISSING", "The token is not known to its library."]],
  [0x32, ["TOKEN_MISSING", "The token has been taken out."]],
  [0xb0, ["TOKEN_MISSING", "The token's session is over."]],
  [0xb3, ["TOKEN_MISSING", "The token's session is over."]],
]);

/** The numbers whose meaning is an answer already. */
export const alreadyLoggedIn = 0x100;

/** The return value (CKR_…) that an error of the library carries. */
export function returnValue(error: unknown): number | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "number" ? code : undefined;
}

/** What an error of the library means; TOKEN_FAILED with `details.ckr` for the rest. */
export function tokenRefusal(error: unknown): SigningError {
  if (error instanceof SigningError) return error;
  const value = returnValue(error);
  const [code, message] = refusals.get(value ?? -1) ?? ["TOKEN_FAILED", "The token could not do it."];
  return new SigningError(code, message, value === undefined ? {} : { ckr: `0x${value.toString(16)}` });
}
