import { SigningError } from "../../errors.ts";

/** Why a service does not sign, and whether the transaction is over with it. */
export const remoteRefusals = {
  /** The person declined. */
  REJECTED: { final: true },
  /** Nobody approved in time, or the authorization ran out. */
  EXPIRED: { final: true },
  WRONG_OTP: { final: false },
  WRONG_PIN: { final: false },
  /** The service does not say which of the secrets was wrong. */
  WRONG_AUTHORIZATION: { final: false },
  /** Too many wrong secrets. */
  LOCKED: { final: true },
  /** More signatures than one authorization or the account's quota allows. */
  LIMIT: { final: true },
  /** No answer, or the service is out of order; `details.uncertain` says that the order may have been carried out. */
  UNAVAILABLE: { final: false },
  /** Our own account with the service is refused, or its log-in has run out; after a new one it can go on. */
  ACCESS_DENIED: { final: false },
  /** The account's log-in takes a second factor first. */
  SECOND_FACTOR_REQUIRED: { final: false },
  /** Certificate or key expired, revoked, suspended or disabled. */
  CREDENTIAL_UNUSABLE: { final: true },
  /** The service refused for a reason of its own: `details.reason`. */
  REFUSED: { final: true },
  /** The answer is not what the protocol promises. */
  BAD_ANSWER: { final: true },
  /** The signature is the key's own, over other bytes than were asked for. */
  OTHER_HASH_SIGNED: { final: true },
  /** The signature is not by the certificate's key, or broken. */
  OTHER_KEY_SIGNED: { final: true },
  /** The stored transaction is damaged, or another provider's. */
  BAD_PENDING: { final: true },
  BAD_INPUT: { final: true },
} as const;

export type RemoteRefusalCode = keyof typeof remoteRefusals;

/** The error for a refusal; `details` must hold no secrets and no text of the service's. */
export function refuse(code: RemoteRefusalCode, message: string, details?: Record<string, unknown>): SigningError {
  return new SigningError(code, message, details);
}

/** Whether an error is a refusal after which the same transaction cannot go on. */
export function isFinalRefusal(error: unknown): boolean {
  return (
    error instanceof SigningError &&
    Object.hasOwn(remoteRefusals, error.code) &&
    remoteRefusals[error.code as RemoteRefusalCode].final
  );
}
