import type { RsaScheme } from "../../algorithms/identifiers.ts";
import type { SignatureDigest } from "../signer.ts";
import type { PendingSignatures } from "./pending.ts";

/** What a provider says of a credential at this moment. */
export type CredentialStatus = "VALID" | "EXPIRED" | "REVOKED" | "SUSPENDED" | "DISABLED" | "UNKNOWN";

/** A secret that a person types in. A "sad" is what a service's own web page gave (CSC: mode "oauth2code"). */
export type AuthorizationFactor = "pin" | "otp" | "password" | "sad";

/** The secrets for one authorization. They are handed on to the service and kept nowhere. */
export type Authorization = Readonly<Partial<Record<AuthorizationFactor, string>>>;

/** A key that a service keeps for a person. Certificates are DER. */
export interface RemoteCredential {
  /** The service's own identifier. */
  readonly id: string;
  readonly certificate: Buffer;
  /** The issuers as far as the service gives them, from the signer's upwards. */
  readonly chain: readonly Buffer[];
  /** What `prepareSignedData` needs to know before anything is signed. */
  readonly digest: SignatureDigest;
  readonly scheme?: RsaScheme;
  readonly status: CredentialStatus;
  /** What `authorize` will ask for; nothing where the person approves on a device of one's own. */
  readonly factors: readonly AuthorizationFactor[];
  /** Most signatures under one authorization. */
  readonly batch: number;
  /** What the provider needs to use it again; no secrets. */
  readonly state: Readonly<Record<string, string>>;
}

/** One signature that is asked for. */
export interface SigningItem {
  /** Unique in its request, at most 36 characters of `A-Z a-z 0-9 . _ -`. */
  readonly id: string;
  /** The document's name, for the person who approves. */
  readonly name: string;
  /** The DER of the signed attributes; only its digest leaves this machine. */
  readonly toBeSigned: Buffer;
}

/** Many signatures with one key and one authorization. */
export interface SigningRequest {
  readonly credential: RemoteCredential;
  readonly items: readonly SigningItem[];
  /** What the person reads on the device before approving. */
  readonly text: string;
  /** Where it is at hand already; else `start` answers AUTHORIZE. */
  readonly authorization?: Authorization;
}

/** A raw signature that has been verified with the credential's certificate over the item's bytes; ECDSA in DER. */
export interface SignedItem {
  readonly id: string;
  readonly signature: Buffer;
  /** What is right but unusual, such as DIGEST_INFO_WITHOUT_PARAMETERS. */
  readonly notes: readonly string[];
}

/**
 * Where a transaction stands. AUTHORIZE waits for the person's secrets here (`authorize`), WAITING for an approval on
 * the person's device or for the service (`poll`), SIGNED is the end. Refusals are thrown.
 */
export type SigningProgress =
  | {
      readonly state: "AUTHORIZE";
      readonly factors: readonly AuthorizationFactor[];
      readonly pending: PendingSignatures;
    }
  | { readonly state: "WAITING"; readonly pollAfterMilliseconds: number; readonly pending: PendingSignatures }
  | { readonly state: "SIGNED"; readonly signatures: readonly SignedItem[] };

/**
 * A service that keeps keys and signs digests. A pending transaction is plain JSON without secrets: it can be stored,
 * and any other instance for the same account goes on with it. All methods throw SigningError with a
 * RemoteRefusalCode and nothing else; a refusal never gives signatures.
 */
export interface RemoteSigner {
  /** "CSC", "VIETTEL", "VNPT", "MISA". */
  readonly provider: string;
  /** The account's keys; those whose certificate cannot be read or cannot sign digests are left out. */
  credentials(): Promise<readonly RemoteCredential[]>;
  /** Begins a transaction. Throws BAD_INPUT, LIMIT, CREDENTIAL_UNUSABLE, and what the service refuses. */
  start(request: SigningRequest): Promise<SigningProgress>;
  /** Gives the secrets; after WRONG_OTP or WRONG_PIN it can be called again with the same pending transaction. */
  authorize(pending: PendingSignatures, authorization: Authorization): Promise<SigningProgress>;
  /** Asks how it stands; UNAVAILABLE can be asked again. */
  poll(pending: PendingSignatures): Promise<SigningProgress>;
  /** Gives a transaction up; true where the service was told, false where its protocol knows no way to. */
  cancel(pending: PendingSignatures): Promise<boolean>;
}

/** A provider that also reports by itself. */
export interface NotifyingSigner extends RemoteSigner {
  /**
   * Reads the body of a notification about this transaction. Anybody may have sent it: only signatures that verify
   * count, anything else is answered as WAITING, so that the service itself is asked.
   */
  receive(pending: PendingSignatures, body: unknown): SigningProgress;
}
