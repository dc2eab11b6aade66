import type { Appearance } from "../appearance/form.ts";
import type { SignatureDigest, Signer } from "../keys/signer.ts";
import type { SignatureFieldSpec } from "./fields.ts";

/** A text field filled in the same revision as the signature. */
export interface FieldFill {
  readonly field: string;
  readonly value: string;
  /** How the value shows; drawn as the field asks if absent. */
  readonly appearance?: Appearance;
}

/** One signature to be made, whoever holds the key. */
export interface SignatureRequest {
  /** An empty signature field's name, or one to be created in the same revision (an arrival mark, say). */
  readonly field: string | SignatureFieldSpec;
  /** Claimed time of signing; proves nothing without a time-stamp. The certificate must be valid then. */
  readonly at: Date;
  readonly name?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly contactInfo?: string;
  readonly appearance?: Appearance;
  readonly fill?: readonly FieldFill[];
  /**
   * Makes this the certification (12.8.2.2), which only the first signature can be: 2 lets forms be filled and signed
   * afterwards, 3 comments too. Level 1 is not offered: it would shut out the seal and every receiver's mark.
   */
  readonly certify?: 2 | 3;
}

/** One signature to be made with a key at hand. */
export interface SignRequest extends SignatureRequest {
  readonly signer: Signer;
}

/** What the revision of a signature holds: all of the request but who signs. */
export interface RevisionRequest extends SignatureRequest {
  readonly digest: SignatureDigest;
  /** Bytes kept free for the CMS. */
  readonly holeSize: number;
  /** The signer's certificate and its issuers in DER, which a field's seed values may ask for. */
  readonly certificate?: Buffer;
  readonly chain?: readonly Buffer[];
  /** Whether a time-stamp goes into the signature, which a field's seed values may ask for. */
  readonly timestamped?: boolean;
}
