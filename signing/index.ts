/** The one door of the signing library. */
export { SigningError } from "./errors.ts";
export { signerFromKey, type SignatureDigest, type Signer } from "./keys/signer.ts";
export { openPkcs12, writePkcs12, type Pkcs12Contents } from "./keys/pkcs12.ts";
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
} from "./issue/certificates.ts";
export { fingerprint, readCertificate, type Certificate } from "./x509/certificates.ts";
export { checkChain, type ChainRequest, type ChainVerdict } from "./x509/chain.ts";
export { prepareSignedData, type PreparedSignedData } from "./cms/write.ts";
export {
  imageAppearance,
  signatureAppearance,
  textAppearance,
  type Appearance,
  type SignatureAppearance,
  type TextAppearance,
} from "./appearance/appearance.ts";
export { addFields, listFields, type FieldInfo, type FieldLock, type FieldSpec, type Rect } from "./sign/fields.ts";
export {
  prepareSignature,
  signPdf,
  type FieldFill,
  type PreparedSignature,
  type PrepareRequest,
  type SignRequest,
} from "./sign/sign.ts";
export { readPdf, type PdfDocument } from "./pdf/document.ts";
export { pageGeometry } from "./pdf/geometry.ts";
export { textPlaces } from "./diff/text-places.ts";
export { verifyPdf, type VerifyOptions } from "./validate/verify.ts";
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
} from "./validate/report.ts";
