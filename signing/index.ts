/** The one door of the signing library. */
export { SigningError } from "./errors.ts";
export type { RsaScheme } from "./algorithms/identifiers.ts";
export { digestForKey, signerFromKey, type SignatureDigest, type Signer } from "./keys/signer.ts";
export { openPkcs12, writePkcs12, type Pkcs12Contents } from "./keys/pkcs12.ts";
export {
  certificatesOnToken,
  openToken,
  tokensOf,
  type TokenLibrary,
  type TokenRequest,
  type TokenSigner,
} from "./keys/pkcs11/token.ts";
export type { KeyChoice, TokenCertificate, TokenChoice, TokenInfo } from "./keys/pkcs11/token-session.ts";
export type {
  Authorization,
  AuthorizationFactor,
  CredentialStatus,
  NotifyingSigner,
  RemoteCredential,
  RemoteSigner,
  SignedItem,
  SigningItem,
  SigningProgress,
  SigningRequest,
} from "./keys/remote/remote-signer.ts";
export type { PendingSignatures } from "./keys/remote/pending.ts";
export { isFinalRefusal, remoteRefusals, type RemoteRefusalCode } from "./keys/remote/refusals.ts";
export type { ServiceAnswer, ServiceFetch, ServiceOptions, ServiceRequest } from "./keys/remote/service.ts";
export { serviceFetch } from "./keys/remote/service-fetch.ts";
export { cscSigner, type CscOptions } from "./keys/csc/csc-signer.ts";
export type { CscLogin } from "./keys/csc/login.ts";
export { viettelGatewaySigner, viettelSigner, type ViettelOptions } from "./keys/viettel-signer.ts";
export { vnptSigner, type VnptOptions } from "./keys/vnpt-signer.ts";
export { misaSigner, type MisaOptions } from "./keys/misa-signer.ts";
export {
  confirmMisaLogin,
  logInToMisa,
  refreshMisaSession,
  resendMisaCode,
  type MisaAccount,
  type MisaSession,
} from "./keys/misa-login.ts";
export {
  agentDataRequest,
  agentRequest,
  agentUploadAnswer,
  type AgentDataTask,
  type AgentOperation,
  type AgentRequest,
  type AgentTask,
  type AgentUploadAnswer,
} from "./keys/vgca/agent-request.ts";
export {
  checkAgentUpload,
  type AgentUpload,
  type AgentUploadVerdict,
  type ExpectedSigner,
  type QuarantineReason,
} from "./keys/vgca/agent-upload.ts";
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
export { joinEvidence, noEvidence, type Evidence } from "./x509/evidence.ts";
export { isTrustedAt, type TrustAnchor } from "./x509/trust.ts";
export { readCrl, type Crl, type CrlEntry } from "./x509/crl.ts";
export { ocspRequest, readOcspResponse, type OcspResponse, type OcspSingle } from "./x509/ocsp.ts";
export {
  findPaths,
  validatePath,
  type AlgorithmPolicy,
  type CertificateSubIndication,
  type Fault,
  type Path,
  type PathInputs,
  type PathVerdict,
} from "./x509/path.ts";
export {
  revocationStatus,
  type RevocationRequest,
  type RevocationSource,
  type RevocationVerdict,
} from "./x509/revocation.ts";
export type { RevocationReason } from "./x509/distribution-points.ts";
export {
  validateCertificate,
  type CertificatePurpose,
  type CertificateRequest,
  type CertificateVerdict,
} from "./x509/validation.ts";
export { prepareSignedData, type PreparedSignedData } from "./cms/write.ts";
export {
  arrivalAppearance,
  imageAppearance,
  signatureAppearance,
  textAppearance,
  type Appearance,
  type ArrivalMark,
  type SignatureAppearance,
  type TextAppearance,
} from "./appearance/appearance.ts";
export { annexMark, copyMark, vietnamTime, type CopyForm, type PlacedMark } from "./appearance/marks.ts";
export { visualDifferences, type Look, type VisualDifference } from "./visual/differences.ts";
export { verifyAndLook, wantsLook, type LookOptions } from "./visual/second-opinion.ts";
export { addFields, listFields, type FieldInfo, type FieldLock, type FieldSpec, type Rect } from "./sign/fields.ts";
export { fillFields } from "./sign/fill.ts";
export { signPdf } from "./sign/sign.ts";
export type { FieldFill, SignatureRequest, SignRequest } from "./sign/request.ts";
export type { RefusalReason } from "./sign/refusal.ts";
export {
  prepareSignature,
  type DeferredRequest,
  type DeferredSigner,
  type PreparedSignature,
  type SignatureState,
} from "./sign/deferred.ts";
export { completeSignature, signPdfTo, type LevelRequest, type SignedPdf } from "./sign/levels.ts";
export { raiseLevel, type RaisedPdf, type RaiseRequest } from "./sign/raise.ts";
export { renewalDue, renewTimestamp } from "./sign/renewal.ts";
export { addValidationMaterial, type DssOptions } from "./sign/dss.ts";
export { addDocumentTimestamp, type StampedDocument } from "./sign/document-timestamp.ts";
export { signingLevels, type LevelServices, type SigningLevel } from "./sign/services.ts";
export { readPdf, type PdfDocument, type ReadOptions } from "./pdf/document.ts";
export type { EncryptionInfo } from "./pdf/encryption.ts";
export { structureFacts, type StructureFacts } from "./pdf/facts.ts";
export type { Permissions } from "./pdf/permissions.ts";
export { fileSource, memorySource, type PdfSource } from "./pdf/source.ts";
export { pageGeometry } from "./pdf/geometry.ts";
export { textPlaces } from "./diff/text-places.ts";
export { strictPolicy, type Change, type DifferencePolicy } from "./diff/differences.ts";
export { warningsOf } from "./diff/warnings.ts";
export { verifyPdf, type VerifyOptions } from "./validate/verify.ts";
export { readAnchors, type AnchorInput, type StoredAnchor } from "./validate/anchors.ts";
export type { ValidationPolicy } from "./validate/policy.ts";
export { signedPieces, whatWasSigned } from "./validate/signed-revision.ts";
export { wordsFor, wordsOfNote, type Words } from "./validate/words.ts";
export type {
  CertificateReport,
  Coverage,
  Indication,
  Integrity,
  ModificationLevel,
  RevocationReport,
  SignatureEvidence,
  SignatureKind,
  SignatureLevel,
  SignatureMark,
  SignatureVerdict,
  SignerIdentity,
  SubIndication,
  TimestampReport,
  TrustStoreIdentity,
  Verification,
} from "./validate/report.ts";
export { outsideFetch, type Fetch, type FetchRequest, type OutsideFetchOptions } from "./fetching/fetch.ts";
export { collectEvidence, type Collected, type CollectRequest } from "./fetching/collect.ts";
export { readAllowedHost, type AllowedHost } from "./fetching/allowed-hosts.ts";
export { acceptedUntil, isAcceptedAt, type Suite } from "./algorithms/suites.ts";
export { algorithmName } from "./algorithms/names.ts";
export { issueCrl, type CrlRequest, type IssuedReason, type RevokedCertificate } from "./issue/crl.ts";
export { issueOcspFailure, issueOcspResponse, type OcspAnswer, type OcspResponseRequest } from "./issue/ocsp.ts";
export { readOcspRequest, type OcspQuestion } from "./issue/ocsp-request.ts";
export {
  issueTimestampResponse,
  issueTimestampToken,
  type StampingAuthority,
  type TimestampTokenRequest,
} from "./issue/timestamps.ts";
export { readTimestampRequest, type TimestampQuestion } from "./tsp/request.ts";
export { readToken, type TokenVerdict } from "./tsp/token.ts";
export { timestampClient, type TimestampClient, type TimestampClientOptions } from "./tsp/client.ts";
export { certificatesOf, readSignedFile, type ReadSignature, type SignedFile } from "./sign/material.ts";
