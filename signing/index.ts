/** The one door of the signing library. */
export { SigningError } from "./errors.ts";
export { signerFromKey, type SignatureDigest, type Signer } from "./signer.ts";
export { openPkcs12, writePkcs12, type Pkcs12Contents } from "./pkcs12.ts";
export {
  generateKeys,
  issueCertificate,
  issueRoot,
  issueSubordinate,
  type Addresses,
  type Authority,
  type CertificateUsage,
  type KeyKind,
  type Subject,
} from "./issue.ts";
export { fingerprint, readCertificate, type Certificate } from "./certificates.ts";
export { checkChain, type ChainRequest, type ChainVerdict } from "./chain.ts";
export { prepareSignedData, type PreparedSignedData } from "./cms.ts";
export {
  imageAppearance,
  signatureAppearance,
  textAppearance,
  type Appearance,
  type SignatureAppearance,
  type TextAppearance,
} from "./appearance.ts";
export { addFields, listFields, type FieldInfo, type FieldLock, type FieldSpec, type Rect } from "./fields.ts";
export {
  prepareSignature,
  signPdf,
  type FieldFill,
  type PreparedSignature,
  type PrepareRequest,
  type SignRequest,
} from "./sign.ts";
export { readPdf, type PdfDocument } from "./pdf/document.ts";
export { pageGeometry } from "./pdf/geometry.ts";
export { textPlaces } from "./verify/differences/text-places.ts";
export { verifyPdf, type VerifyOptions } from "./verify.ts";
export type {
  Coverage,
  Indication,
  Integrity,
  ModificationLevel,
  SignatureKind,
  SignatureLevel,
  SignatureVerdict,
  SignerIdentity,
  SubIndication,
  Verification,
} from "./verify/report.ts";
