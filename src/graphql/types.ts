// Made from schema.graphql by `npm run codegen`; not to be edited.
/* eslint-disable */
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { CountsWhenAsked } from './pages.ts';
import type { Agency as AgencyRecord, Unit as UnitRecord, Position as PositionRecord, Person as PersonRecord, Appointment as AppointmentRecord } from '../organization/entities.ts';
import type { Viewer as ViewerRecord, Context } from '../context.ts';
import type { ApiToken as ApiTokenRecord } from '../auth/entities.ts';
import type { Delegation as DelegationRecord } from '../delegations/entities.ts';
import type { ComputedBlock } from '../delegations/queries.ts';
import type { DocumentRegister as DocumentRegisterRecord, RegisterEntry as RegisterEntryRecord, NumberingPolicy as NumberingPolicyRecord } from '../registers/entities.ts';
import type { FileRecord } from '../files/records.ts';
import type { IncomingRow } from '../incoming/queries.ts';
import type { Directive as DirectiveRecord, Assignment as AssignmentRecord, ProgressNote as ProgressNoteRecord } from '../incoming/entities.ts';
import type { ArrivalRow } from '../exchange/queries.ts';
import type { SigningCredential as SigningCredentialRecord } from '../credentials/entities.ts';
import type { OutgoingRow, RevisionRow, SignatureRow, StepRow } from '../outgoing/queries.ts';
import type { SigningSession as SigningSessionRecord } from '../signing/entities.ts';
import type { OutgoingReview, OutgoingRecipient } from '../outgoing/entities.ts';
import type { Procedure as ProcedureRecord } from '../procedures/entities.ts';
import type { DossierRow, DossierEventRow, DossierResultRow } from '../dossiers/queries.ts';
import type { SignatureCheck as SignatureCheckRecord } from '../verification/entities.ts';
import type { CheckedResult } from '../verification/queries.ts';
import type { AuditEventRecord } from '../audit/queries.ts';
export type Maybe<T> = T | null | undefined;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A day in Vietnam's calendar, `YYYY-MM-DD` (ngày). */
  Date: { input: string; output: string; }
  /** An instant in UTC with milliseconds, `2026-11-21T01:02:03.004Z` (thời điểm). */
  DateTime: { input: Date; output: Date | string; }
  /** A SHA-256 digest as 64 lower-case hexadecimal digits (giá trị băm). */
  Sha256: { input: string; output: string; }
  /** A JSON value of a documented shape (dữ liệu JSON). */
  JSON: { input: unknown; output: unknown; }
};

/** Something with a global id (đối tượng). */
export type Node = {
  /** Opaque and globally unique. */
  id: Scalars['ID']['output'];
};

/** Where a page of a connection lies (thông tin trang). */
export type PageInfo = {
  __typename?: 'PageInfo';
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
  endCursor?: Maybe<Scalars['String']['output']>;
};

/** How many rows there are in all, counted up to a limit (tổng số). */
export type Total = {
  __typename?: 'Total';
  /** Exact while `isExact`; otherwise the limit, to be shown as “1.000+”. */
  count: Scalars['Int']['output'];
  isExact: Scalars['Boolean']['output'];
};

export type Query = {
  __typename?: 'Query';
  /** Any object by its global id; null when it is absent or not the viewer's to see. */
  node?: Maybe<Node>;
  /** Who is signed in and in what office; null when nobody is (người dùng hiện tại). */
  viewer?: Maybe<Viewer>;
  /** The directory of agencies (danh bạ cơ quan), by code. */
  agencies: AgencyConnection;
  /** The 29 types of administrative documents of NĐ 30/2020 (loại văn bản). */
  documentTypes: Array<DocumentType>;
  /** The viewer's agency's registers (sổ đăng ký văn bản). */
  documentRegisters: Array<DocumentRegister>;
  /** How the viewer's agency numbers its documents (quy tắc đánh số). */
  numberingPolicies: Array<NumberingPolicy>;
  /** Documents that arrived and were registered, newest first (văn bản đến). */
  incomingDocuments: IncomingDocumentConnection;
  /** Registered documents that the given data would repeat; a warning for the clerk (kiểm tra trùng). */
  possibleDuplicates: Array<IncomingDocument>;
  /** What the viewer has been given to do, soonest deadline first (việc được giao). */
  myAssignments: AssignmentConnection;
  /** The agency's own documents, newest first (văn bản đi). */
  outgoingDocuments: OutgoingDocumentConnection;
  /** The signature block that the viewer or the given signer would sign under today (thể thức đề ký). */
  signatureBlock: SignatureBlock;
  /** Documents that the axis has brought, to accept or refuse, newest first (văn bản chờ tiếp nhận). */
  arrivals: ArrivalConnection;
  /** Procedures that the viewer's agency receives or decides (thủ tục hành chính). */
  procedures: ProcedureConnection;
  /** Dossiers that the viewer's agency received or decides, newest first (hồ sơ một cửa). */
  dossiers: DossierConnection;
  /** What its applicant may see of a dossier, by code and secret; needs no sign-in (tra cứu hồ sơ). */
  publicDossier?: Maybe<PublicDossier>;
  /** Whether a file is the result that a dossier's result code names; needs no sign-in (xác minh kết quả). */
  verifyResult: ResultVerification;
  /** Checks the signatures of a stored PDF, by what is trusted now (kiểm tra chữ ký số). */
  fileSignatures: SignatureVerification;
  /** What was done in the viewer's agency, newest first (nhật ký). */
  auditEvents: AuditEventConnection;
};


export type QuerynodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryagenciesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  query?: InputMaybe<Scalars['String']['input']>;
};


export type QuerydocumentRegistersArgs = {
  kind?: InputMaybe<RegisterKind>;
  year?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryincomingDocumentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<IncomingDocumentFilter>;
};


export type QuerypossibleDuplicatesArgs = {
  input: DuplicateCheckInput;
};


export type QuerymyAssignmentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<AssignmentStatus>;
};


export type QueryoutgoingDocumentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<OutgoingDocumentFilter>;
};


export type QuerysignatureBlockArgs = {
  signerId: Scalars['ID']['input'];
};


export type QueryarrivalsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  state?: InputMaybe<ArrivalState>;
};


export type QueryproceduresArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QuerydossiersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<DossierStatus>;
};


export type QuerypublicDossierArgs = {
  code: Scalars['String']['input'];
  secret: Scalars['String']['input'];
};


export type QueryverifyResultArgs = {
  code: Scalars['String']['input'];
  sha256: Scalars['Sha256']['input'];
};


export type QueryfileSignaturesArgs = {
  fileId: Scalars['ID']['input'];
};


export type QueryauditEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  objectId?: InputMaybe<Scalars['ID']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Signs in by password; sets the session cookie (đăng nhập). */
  signIn: SignInPayload;
  /** Ends the session (đăng xuất). */
  signOut: SignOutPayload;
  /** Makes a personal token for programs; its value is shown once (tạo mã truy cập). */
  createApiToken: CreateApiTokenPayload;
  /** Withdraws a personal token at once (thu hồi mã truy cập). */
  revokeApiToken: RevokeApiTokenPayload;
  /** Hands over authority to sign (giao quyền ký: KT., TL., TUQ., Q.). */
  grantDelegation: GrantDelegationPayload;
  /** Ends a delegation from now on (chấm dứt giao quyền). */
  revokeDelegation: RevokeDelegationPayload;
  /** Sets how documents of a kind are numbered from a year on (đặt quy tắc đánh số). */
  setNumberingPolicy: SetNumberingPolicyPayload;
  /** Keeps the next number for later use, with a reason (giữ số). */
  reserveNumber: ReserveNumberPayload;
  /** Declares a number void for good, with a reason; it stays visible (hủy số). */
  voidNumber: VoidNumberPayload;
  /** Enters a document that arrived in its register under the next number (vào sổ văn bản đến). */
  registerIncomingDocument: RegisterIncomingDocumentPayload;
  /** The leader's directive and who deals with it (bút phê, phân công). */
  assignIncomingDocument: AssignIncomingDocumentPayload;
  /** Reports progress on one's own assignment (cập nhật tiến độ). */
  reportProgress: ReportProgressPayload;
  /** Closes an incoming document, saying how it was answered (hoàn thành xử lý). */
  completeIncomingDocument: CompleteIncomingDocumentPayload;
  /** Sends a registered document back with a reason; its number stays taken (trả lại). */
  returnIncomingDocument: ReturnIncomingDocumentPayload;
  /** Checks the signatures of a file again, by what is trusted and can be known now (kiểm tra lại chữ ký số). */
  refreshSignatureCheck: RefreshSignatureCheckPayload;
  /** Starts a document of one's own, from text or from an uploaded PDF (soạn dự thảo). */
  draftOutgoingDocument: DraftOutgoingDocumentPayload;
  /** Changes a draft (sửa dự thảo). */
  reviseDraft: ReviseDraftPayload;
  /** Says who answers for a draft by signing it, and in what order (đặt chuỗi ký). */
  setSigningChain: SetSigningChainPayload;
  /** Hands a draft to a reviewer (trình duyệt). */
  submitForReview: SubmitForReviewPayload;
  /** Approves a draft or returns it with a comment (duyệt, trả lại dự thảo). */
  reviewDraft: ReviewDraftPayload;
  /** Freezes the text and hands the document to its signer (trình ký). */
  submitForSignature: SubmitForSignaturePayload;
  /** Who answers for content or layout confirms it without a digital signature (xác nhận nội dung, thể thức). */
  confirmSigningStep: ConfirmSigningStepPayload;
  /** Whose turn it is signs with a key that is kept here, or returns the document instead by `reviewDraft` (ký số). */
  signOutgoingDocument: SignOutgoingDocumentPayload;
  /** Makes a signature ready, whoever keeps the key (chuẩn bị ký số). */
  prepareSignature: PrepareSignaturePayload;
  /** Makes signatures on several documents ready, for one authorization (chuẩn bị ký hàng loạt). */
  prepareSignatures: PrepareSignaturesPayload;
  /** Lets a key that is kept here or at a service sign what was made ready; repeating it changes nothing (xác nhận ký). */
  authorizeSignature: AuthorizeSignaturePayload;
  /** Brings the raw signature that the person's own program made; repeating it changes nothing (hoàn tất ký số). */
  completeSignature: CompleteSignaturePayload;
  /** Gives a signature on its way up (hủy phiên ký). */
  cancelSignature: CancelSignaturePayload;
  /** Gives number and date (cấp số, ngày). */
  numberOutgoingDocument: NumberOutgoingDocumentPayload;
  /** Writes number and date into the file and seals it, in one revision (đóng dấu, ký số cơ quan). */
  sealOutgoingDocument: SealOutgoingDocumentPayload;
  /** Gives a document up before it is issued; its number, if any, becomes void (hủy văn bản). */
  cancelOutgoingDocument: CancelOutgoingDocumentPayload;
  /** Issues the document and hands it to the axis (phát hành). */
  dispatchOutgoingDocument: DispatchOutgoingDocumentPayload;
  /** Accepts a document that the axis brought and enters it in the register (tiếp nhận). */
  acceptArrival: AcceptArrivalPayload;
  /** Refuses a document that the axis brought; the sender is told why (từ chối tiếp nhận). */
  refuseArrival: RefuseArrivalPayload;
  /** Receives a dossier over the counter and starts its clock (tiếp nhận hồ sơ). */
  receiveDossier: ReceiveDossierPayload;
  /** Records that a step of the procedure is done (chuyển bước xử lý). */
  advanceDossier: AdvanceDossierPayload;
  /** Ties a dossier to an incoming or outgoing document (liên kết hồ sơ với văn bản). */
  linkDossierDocument: LinkDossierDocumentPayload;
  /** Hands the result to the applicant (trả kết quả). */
  returnDossierResult: ReturnDossierResultPayload;
};


export type MutationsignInArgs = {
  input: SignInInput;
};


export type MutationcreateApiTokenArgs = {
  input: CreateApiTokenInput;
};


export type MutationrevokeApiTokenArgs = {
  input: RevokeApiTokenInput;
};


export type MutationgrantDelegationArgs = {
  input: GrantDelegationInput;
};


export type MutationrevokeDelegationArgs = {
  input: RevokeDelegationInput;
};


export type MutationsetNumberingPolicyArgs = {
  input: SetNumberingPolicyInput;
};


export type MutationreserveNumberArgs = {
  input: ReserveNumberInput;
};


export type MutationvoidNumberArgs = {
  input: VoidNumberInput;
};


export type MutationregisterIncomingDocumentArgs = {
  input: RegisterIncomingDocumentInput;
};


export type MutationassignIncomingDocumentArgs = {
  input: AssignIncomingDocumentInput;
};


export type MutationreportProgressArgs = {
  input: ReportProgressInput;
};


export type MutationcompleteIncomingDocumentArgs = {
  input: CompleteIncomingDocumentInput;
};


export type MutationreturnIncomingDocumentArgs = {
  input: ReturnIncomingDocumentInput;
};


export type MutationrefreshSignatureCheckArgs = {
  input: RefreshSignatureCheckInput;
};


export type MutationdraftOutgoingDocumentArgs = {
  input: DraftOutgoingDocumentInput;
};


export type MutationreviseDraftArgs = {
  input: ReviseDraftInput;
};


export type MutationsetSigningChainArgs = {
  input: SetSigningChainInput;
};


export type MutationsubmitForReviewArgs = {
  input: SubmitForReviewInput;
};


export type MutationreviewDraftArgs = {
  input: ReviewDraftInput;
};


export type MutationsubmitForSignatureArgs = {
  input: SubmitForSignatureInput;
};


export type MutationconfirmSigningStepArgs = {
  input: ConfirmSigningStepInput;
};


export type MutationsignOutgoingDocumentArgs = {
  input: SignOutgoingDocumentInput;
};


export type MutationprepareSignatureArgs = {
  input: PrepareSignatureInput;
};


export type MutationprepareSignaturesArgs = {
  input: PrepareSignaturesInput;
};


export type MutationauthorizeSignatureArgs = {
  input: AuthorizeSignatureInput;
};


export type MutationcompleteSignatureArgs = {
  input: CompleteSignatureInput;
};


export type MutationcancelSignatureArgs = {
  input: CancelSignatureInput;
};


export type MutationnumberOutgoingDocumentArgs = {
  input: NumberOutgoingDocumentInput;
};


export type MutationsealOutgoingDocumentArgs = {
  input: SealOutgoingDocumentInput;
};


export type MutationcancelOutgoingDocumentArgs = {
  input: CancelOutgoingDocumentInput;
};


export type MutationdispatchOutgoingDocumentArgs = {
  input: DispatchOutgoingDocumentInput;
};


export type MutationacceptArrivalArgs = {
  input: AcceptArrivalInput;
};


export type MutationrefuseArrivalArgs = {
  input: RefuseArrivalInput;
};


export type MutationreceiveDossierArgs = {
  input: ReceiveDossierInput;
};


export type MutationadvanceDossierArgs = {
  input: AdvanceDossierInput;
};


export type MutationlinkDossierDocumentArgs = {
  input: LinkDossierDocumentInput;
};


export type MutationreturnDossierResultArgs = {
  input: ReturnDossierResultInput;
};

export type Subscription = {
  __typename?: 'Subscription';
  /** Each act in the viewer's agency on something the viewer may see; clients re-read what they show (thay đổi). */
  changes: Change;
};

/** Something was done to an object (thay đổi). */
export type Change = {
  __typename?: 'Change';
  /** The object's global id. */
  objectId: Scalars['ID']['output'];
  /** The object's type in this schema. */
  objectType: Scalars['String']['output'];
  /** The act, as in `AuditEvent.act`. */
  act: Scalars['String']['output'];
  at: Scalars['DateTime']['output'];
};

/** The level of government that an agency belongs to (cấp). */
export const AgencyLevel = {
  /** Province (cấp tỉnh) */
  PROVINCE: 'PROVINCE',
  /** Commune, ward, special zone (cấp xã) */
  COMMUNE: 'COMMUNE'
} as const;

export type AgencyLevel = typeof AgencyLevel[keyof typeof AgencyLevel];
/** What kind of body an agency is (loại cơ quan). */
export const AgencyKind = {
  /** People's Committee (Ủy ban nhân dân) */
  PEOPLES_COMMITTEE: 'PEOPLES_COMMITTEE',
  /** Office of the People's Committee (Văn phòng) */
  OFFICE: 'OFFICE',
  /** Department (Sở) */
  DEPARTMENT: 'DEPARTMENT',
  /** One-stop centre (Trung tâm Phục vụ hành chính công) */
  ONE_STOP_CENTRE: 'ONE_STOP_CENTRE'
} as const;

export type AgencyKind = typeof AgencyKind[keyof typeof AgencyKind];
/** A body that issues and receives documents under its own seal (cơ quan). */
export type Agency = Node & {
  __typename?: 'Agency';
  id: Scalars['ID']['output'];
  /** Code by QĐ 20/2020/QĐ-TTg (mã định danh). */
  code: Scalars['String']['output'];
  /** Code by QCVN 102:2016/BTTTT (mã định danh cũ). */
  code102?: Maybe<Scalars['String']['output']>;
  name: Scalars['String']['output'];
  /** What stands for it in a document's notation, as in 15/QĐ-SNV (chữ viết tắt). */
  symbol: Scalars['String']['output'];
  level: AgencyLevel;
  kind: AgencyKind;
  parent?: Maybe<Agency>;
  /** Place name in front of a document's date (địa danh). */
  place: Scalars['String']['output'];
  address?: Maybe<Scalars['String']['output']>;
  email?: Maybe<Scalars['String']['output']>;
  phone?: Maybe<Scalars['String']['output']>;
  validFrom: Scalars['Date']['output'];
  validTo?: Maybe<Scalars['Date']['output']>;
  /** Agencies that it took over from (cơ quan tiền nhiệm). */
  predecessors: Array<Agency>;
  /** Agencies that took over from it (cơ quan kế thừa). */
  successors: Array<Agency>;
  units: Array<Unit>;
  positions: Array<Position>;
};

/** A part of an agency (đơn vị). */
export type Unit = Node & {
  __typename?: 'Unit';
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  symbol: Scalars['String']['output'];
  agency: Agency;
};

/** Where a position stands (cấp bậc chức vụ). */
export const PositionRank = {
  /** Head of the agency (người đứng đầu) */
  HEAD: 'HEAD',
  /** Deputy head (cấp phó) */
  DEPUTY: 'DEPUTY',
  /** Head of a unit (trưởng đơn vị) */
  UNIT_HEAD: 'UNIT_HEAD',
  /** Deputy head of a unit (phó trưởng đơn vị) */
  UNIT_DEPUTY: 'UNIT_DEPUTY',
  /** Officer (chuyên viên) */
  OFFICER: 'OFFICER',
  /** Clerk (văn thư) */
  CLERK: 'CLERK'
} as const;

export type PositionRank = typeof PositionRank[keyof typeof PositionRank];
/** A post in an agency with its permissions (chức vụ). */
export type Position = Node & {
  __typename?: 'Position';
  id: Scalars['ID']['output'];
  title: Scalars['String']['output'];
  rank: PositionRank;
  agency: Agency;
  unit?: Maybe<Unit>;
  /** Kinds of acts that the position may do, such as `incoming:register` (quyền). */
  permissions: Array<Scalars['String']['output']>;
  /** Who holds it today (người giữ chức vụ). */
  holders: Array<Appointment>;
};

/** A person who works in an agency (cán bộ, công chức). */
export type Person = Node & {
  __typename?: 'Person';
  id: Scalars['ID']['output'];
  fullName: Scalars['String']['output'];
  email?: Maybe<Scalars['String']['output']>;
};

/** A person in a position, for a time (bổ nhiệm). */
export type Appointment = Node & {
  __typename?: 'Appointment';
  id: Scalars['ID']['output'];
  person: Person;
  position: Position;
  validFrom: Scalars['Date']['output'];
  validTo?: Maybe<Scalars['Date']['output']>;
};

/** Who is signed in (người dùng hiện tại). */
export type Viewer = {
  __typename?: 'Viewer';
  person: Person;
  /** The office that the session acts in. */
  appointment: Appointment;
  agency: Agency;
  permissions: Array<Scalars['String']['output']>;
  /** Authority received from others, in force now (được giao quyền). */
  delegations: Array<Delegation>;
  apiTokens: Array<ApiToken>;
  signingCredentials: Array<SigningCredential>;
};

export type SignInInput = {
  username: Scalars['String']['input'];
  password: Scalars['String']['input'];
  /** Which of several offices to act in; the first one when left out. */
  appointmentId?: InputMaybe<Scalars['ID']['input']>;
};

export type SignInPayload = {
  __typename?: 'SignInPayload';
  viewer: Viewer;
};

export type SignOutPayload = {
  __typename?: 'SignOutPayload';
  ok: Scalars['Boolean']['output'];
};

/** What a personal token may be used for (phạm vi mã truy cập). */
export const TokenScope = {
  /** Queries and subscriptions only (chỉ đọc) */
  READ: 'READ',
  /** Everything that its owner may do but sign (đọc và ghi) */
  WRITE: 'WRITE',
  /** Also sign and seal (ký số) */
  SIGN: 'SIGN',
  /** Also read the schema by introspection (đọc lược đồ) */
  INTROSPECT: 'INTROSPECT'
} as const;

export type TokenScope = typeof TokenScope[keyof typeof TokenScope];
/** A personal token for programs (mã truy cập cá nhân). */
export type ApiToken = Node & {
  __typename?: 'ApiToken';
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  scopes: Array<TokenScope>;
  createdAt: Scalars['DateTime']['output'];
  expiresAt: Scalars['DateTime']['output'];
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  revokedAt?: Maybe<Scalars['DateTime']['output']>;
};

export type CreateApiTokenInput = {
  idempotencyKey: Scalars['String']['input'];
  name: Scalars['String']['input'];
  scopes: Array<TokenScope>;
  /** At most a year ahead; 90 days when left out. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
};

export type CreateApiTokenPayload = {
  __typename?: 'CreateApiTokenPayload';
  apiToken: ApiToken;
  /** Shown only now; null when the same request is repeated. */
  token?: Maybe<Scalars['String']['output']>;
};

export type RevokeApiTokenInput = {
  apiTokenId: Scalars['ID']['input'];
};

export type RevokeApiTokenPayload = {
  __typename?: 'RevokeApiTokenPayload';
  apiToken: ApiToken;
};

/** By what right somebody signs for somebody else, NĐ 30/2020 Điều 13 (hình thức đề ký). */
export const DelegationKind = {
  /** Deputy for the head (KT., ký thay) */
  KT: 'KT',
  /** Head of a unit by order of the head (TL., thừa lệnh) */
  TL: 'TL',
  /** By written authorisation (TUQ., thừa ủy quyền) */
  TUQ: 'TUQ',
  /** Acting head (Q., quyền) */
  Q: 'Q',
  /** On behalf of a collective (TM., thay mặt) */
  TM: 'TM'
} as const;

export type DelegationKind = typeof DelegationKind[keyof typeof DelegationKind];
/** Authority to sign, handed over for a scope and a time (giao quyền ký). */
export type Delegation = Node & {
  __typename?: 'Delegation';
  id: Scalars['ID']['output'];
  kind: DelegationKind;
  grantor: Appointment;
  grantee: Appointment;
  /** Types of documents it is good for; all when empty. */
  documentTypes: Array<DocumentType>;
  validFrom: Scalars['DateTime']['output'];
  validTo?: Maybe<Scalars['DateTime']['output']>;
  /** The decision or work rule it rests on (căn cứ). */
  legalBasis: Scalars['String']['output'];
  revokedAt?: Maybe<Scalars['DateTime']['output']>;
};

export type GrantDelegationInput = {
  idempotencyKey: Scalars['String']['input'];
  kind: DelegationKind;
  granteeId: Scalars['ID']['input'];
  documentTypeCodes: Array<Scalars['String']['input']>;
  validFrom: Scalars['DateTime']['input'];
  validTo?: InputMaybe<Scalars['DateTime']['input']>;
  legalBasis: Scalars['String']['input'];
};

export type GrantDelegationPayload = {
  __typename?: 'GrantDelegationPayload';
  delegation: Delegation;
};

export type RevokeDelegationInput = {
  delegationId: Scalars['ID']['input'];
};

export type RevokeDelegationPayload = {
  __typename?: 'RevokeDelegationPayload';
  delegation: Delegation;
};

/** What stands over a signature: computed from positions and delegations, never typed (thể thức đề ký). */
export type SignatureBlock = {
  __typename?: 'SignatureBlock';
  /** As printed, one line each, such as “KT. GIÁM ĐỐC”, “PHÓ GIÁM ĐỐC”. */
  lines: Array<Scalars['String']['output']>;
  fullName: Scalars['String']['output'];
  /** The delegation it rests on; null when the head signs. */
  delegation?: Maybe<Delegation>;
};

/** A key to sign with and its certificate (chứng thư chữ ký số). */
export type SigningCredential = Node & {
  __typename?: 'SigningCredential';
  id: Scalars['ID']['output'];
  subject: Scalars['String']['output'];
  issuer: Scalars['String']['output'];
  serial: Scalars['String']['output'];
  notBefore: Scalars['DateTime']['output'];
  notAfter: Scalars['DateTime']['output'];
  /** True for the agency's seal (chữ ký số của cơ quan). */
  isAgencySeal: Scalars['Boolean']['output'];
  /** Who keeps the key (nơi giữ khóa). */
  provider: SigningProvider;
};

/** Who keeps a key, and how it is asked to sign (nơi giữ khóa). */
export const SigningProvider = {
  /** A file on this server, opened by a PIN (tệp khóa) */
  PKCS12: 'PKCS12',
  /** A device on this server, opened by a PIN (thiết bị HSM) */
  PKCS11: 'PKCS11',
  /** A signing service after the Cloud Signature Consortium (dịch vụ ký số từ xa) */
  CSC: 'CSC',
  /** Viettel MySign (ký số từ xa Viettel) */
  VIETTEL: 'VIETTEL',
  /** VNPT SmartCA (ký số từ xa VNPT) */
  VNPT: 'VNPT',
  /** MISA eSign (ký số từ xa MISA) */
  MISA: 'MISA',
  /** The agent of Ban Cơ yếu on the person's own computer, with a USB token (bộ công cụ ký số VGCA) */
  VGCA: 'VGCA',
  /** The person's own program, which is given the digest and brings the signature (thiết bị của người ký) */
  EXTERNAL: 'EXTERNAL'
} as const;

export type SigningProvider = typeof SigningProvider[keyof typeof SigningProvider];
/** Where a signature on its way stands (trạng thái phiên ký). */
export const SigningState = {
  /** Ready to be authorized or signed (đã chuẩn bị) */
  PREPARED: 'PREPARED',
  /** With the person: a secret, an approval on the phone or the own computer is awaited (chờ người ký) */
  WAITING_USER: 'WAITING_USER',
  /** Signed, and being completed (đã có chữ ký) */
  SIGNED_RAW: 'SIGNED_RAW',
  /** The document has it (đã lưu) */
  STORED: 'STORED',
  /** Nobody signed in time (hết hạn) */
  EXPIRED: 'EXPIRED',
  /** Given up by the person (đã từ chối) */
  REJECTED: 'REJECTED',
  /** Something else was done to the document meanwhile; prepare it again (văn bản đã thay đổi) */
  STALE: 'STALE',
  /** Could not be used; `error` says why, and the document is as it was (thất bại) */
  FAILED: 'FAILED'
} as const;

export type SigningState = typeof SigningState[keyof typeof SigningState];
/** A signature on its way, made by whatever keeps the key; good for 20 minutes at most (phiên ký số). */
export type SigningSession = Node & {
  __typename?: 'SigningSession';
  id: Scalars['ID']['output'];
  outgoingDocument: OutgoingDocument;
  role: SigningRole;
  credential: SigningCredential;
  state: SigningState;
  /** The file that is signed. */
  baseRevision: Scalars['Sha256']['output'];
  /** sha256, sha384 or sha512. */
  digestAlgorithm: Scalars['String']['output'];
  /** The bytes to be signed, in base64; null where an agent signs the whole file. */
  dtbs?: Maybe<Scalars['String']['output']>;
  /** Their digest, in hexadecimal: what a token or an own program signs. */
  dtbsDigest?: Maybe<Scalars['String']['output']>;
  /** What the person reads before approving. */
  challengeText: Scalars['String']['output'];
  /**
   * What `authorizeSignature` asks for: pin, otp, password or sad; nothing where the person approves elsewhere. A service may
   * ask for more while the session waits: then it stands here, and `authorizeSignature` is sent again.
   */
  factors: Array<Scalars['String']['output']>;
  expiresAt: Scalars['DateTime']['output'];
  error?: Maybe<SigningFault>;
  /** The revision that it became. */
  revision?: Maybe<Revision>;
};

/** Why a signature could not be used (lỗi ký số). */
export type SigningFault = {
  __typename?: 'SigningFault';
  code: Scalars['String']['output'];
  /** The sentence in Vietnamese. */
  vi: Scalars['String']['output'];
  en: Scalars['String']['output'];
  details?: Maybe<Scalars['JSON']['output']>;
};

/** What a page hands to the agent on the person's computer, with addresses that are good once (phiếu ký cho phần mềm ký). */
export type AgentTicket = {
  __typename?: 'AgentTicket';
  protocol: Scalars['String']['output'];
  /** Where the agent listens on the person's own computer. */
  endpoint: Scalars['String']['output'];
  /** The message that it takes. */
  payload: Scalars['JSON']['output'];
};

export type PrepareSignatureInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  role: SigningRole;
  credentialId: Scalars['ID']['input'];
  /** Refuses with CONFLICT unless the newest revision is this one. */
  ifRevision?: InputMaybe<Scalars['Sha256']['input']>;
  reason?: InputMaybe<Scalars['String']['input']>;
};

export type PrepareSignaturePayload = {
  __typename?: 'PrepareSignaturePayload';
  session: SigningSession;
  /** For the agent of VGCA alone. */
  agent?: Maybe<AgentTicket>;
};

export type SignatureItemInput = {
  outgoingDocumentId: Scalars['ID']['input'];
  role: SigningRole;
  ifRevision?: InputMaybe<Scalars['Sha256']['input']>;
  reason?: InputMaybe<Scalars['String']['input']>;
};

export type PrepareSignaturesInput = {
  idempotencyKey: Scalars['String']['input'];
  credentialId: Scalars['ID']['input'];
  /** At most 50 documents, for one authorization of all. */
  items: Array<SignatureItemInput>;
};

export type PrepareSignaturesPayload = {
  __typename?: 'PrepareSignaturesPayload';
  sessions: Array<SigningSession>;
};

export type AuthorizeSignatureInput = {
  /** Sessions that were prepared together. */
  sessionIds: Array<Scalars['ID']['input']>;
  /** None of these is stored or logged. */
  pin?: InputMaybe<Scalars['String']['input']>;
  otp?: InputMaybe<Scalars['String']['input']>;
  password?: InputMaybe<Scalars['String']['input']>;
  sad?: InputMaybe<Scalars['String']['input']>;
};

export type AuthorizeSignaturePayload = {
  __typename?: 'AuthorizeSignaturePayload';
  sessions: Array<SigningSession>;
};

export type CompleteSignatureInput = {
  sessionId: Scalars['ID']['input'];
  /** The raw signature over the bytes to be signed, in base64: PKCS#1 for RSA, DER for ECDSA. */
  signature: Scalars['String']['input'];
};

export type CompleteSignaturePayload = {
  __typename?: 'CompleteSignaturePayload';
  session: SigningSession;
};

export type CancelSignatureInput = {
  sessionId: Scalars['ID']['input'];
};

export type CancelSignaturePayload = {
  __typename?: 'CancelSignaturePayload';
  session: SigningSession;
};

export type AgencyConnection = {
  __typename?: 'AgencyConnection';
  edges: Array<AgencyEdge>;
  nodes: Array<Agency>;
  pageInfo: PageInfo;
  total: Total;
};

export type AgencyEdge = {
  __typename?: 'AgencyEdge';
  cursor: Scalars['String']['output'];
  node: Agency;
};

/** A type of document and what stands for it in a number (loại văn bản). */
export type DocumentType = {
  __typename?: 'DocumentType';
  /** Such as `QD`; stable. */
  code: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** As printed, such as “QĐ”; empty for công văn (chữ viết tắt). */
  abbreviation: Scalars['String']['output'];
};

/** Which way documents of a register go (loại sổ). */
export const RegisterKind = {
  /** Incoming documents (sổ văn bản đến) */
  INCOMING: 'INCOMING',
  /** Outgoing documents (sổ văn bản đi) */
  OUTGOING: 'OUTGOING'
} as const;

export type RegisterKind = typeof RegisterKind[keyof typeof RegisterKind];
/** The book of one agency, kind, series and year, in which numbers are given (sổ đăng ký văn bản). */
export type DocumentRegister = Node & {
  __typename?: 'DocumentRegister';
  id: Scalars['ID']['output'];
  kind: RegisterKind;
  year: Scalars['Int']['output'];
  name: Scalars['String']['output'];
  /** Empty for the common series; otherwise the type or group that has a series of its own. */
  series: Scalars['String']['output'];
  lastNumber: Scalars['Int']['output'];
  /** Every number that was given, reserved or voided, highest first (số đã cấp). */
  entries: RegisterEntryConnection;
};


/** The book of one agency, kind, series and year, in which numbers are given (sổ đăng ký văn bản). */
export type DocumentRegisterentriesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  state?: InputMaybe<RegisterEntryState>;
};

/** What became of a number (trạng thái số). */
export const RegisterEntryState = {
  /** Given to a document (đã dùng) */
  USED: 'USED',
  /** Kept for later (giữ chỗ) */
  RESERVED: 'RESERVED',
  /** Void for good (đã hủy) */
  VOID: 'VOID'
} as const;

export type RegisterEntryState = typeof RegisterEntryState[keyof typeof RegisterEntryState];
/** One number of a register (số trong sổ). */
export type RegisterEntry = Node & {
  __typename?: 'RegisterEntry';
  id: Scalars['ID']['output'];
  register: DocumentRegister;
  number: Scalars['Int']['output'];
  state: RegisterEntryState;
  /** Why it is reserved or void (lý do). */
  reason?: Maybe<Scalars['String']['output']>;
  /** The document that has it. */
  document?: Maybe<Node>;
  at: Scalars['DateTime']['output'];
  by: Appointment;
};

export type RegisterEntryConnection = {
  __typename?: 'RegisterEntryConnection';
  edges: Array<RegisterEntryEdge>;
  nodes: Array<RegisterEntry>;
  pageInfo: PageInfo;
  total: Total;
};

export type RegisterEntryEdge = {
  __typename?: 'RegisterEntryEdge';
  cursor: Scalars['String']['output'];
  node: RegisterEntry;
};

/** How many series there are, NĐ 30/2020 Điều 15.1 (cách đánh số). */
export const NumberingMode = {
  /** One series for all types (một hệ thống số chung) */
  ONE_SERIES: 'ONE_SERIES',
  /** A series for each type (riêng từng loại) */
  PER_TYPE: 'PER_TYPE',
  /** A series for each group of types (theo nhóm) */
  PER_GROUP: 'PER_GROUP'
} as const;

export type NumberingMode = typeof NumberingMode[keyof typeof NumberingMode];
/** How documents are numbered from a year on (quy tắc đánh số). */
export type NumberingPolicy = Node & {
  __typename?: 'NumberingPolicy';
  id: Scalars['ID']['output'];
  kind: RegisterKind;
  fromYear: Scalars['Int']['output'];
  mode: NumberingMode;
  groups: Array<NumberingGroup>;
  /** Whether outgoing documents may get their number before the leader signs (cấp số trước khi ký). */
  numberBeforeSigning: Scalars['Boolean']['output'];
};

/** Types of documents that share a series (nhóm loại văn bản). */
export type NumberingGroup = {
  __typename?: 'NumberingGroup';
  name: Scalars['String']['output'];
  documentTypeCodes: Array<Scalars['String']['output']>;
};

export type NumberingGroupInput = {
  name: Scalars['String']['input'];
  documentTypeCodes: Array<Scalars['String']['input']>;
};

export type SetNumberingPolicyInput = {
  kind: RegisterKind;
  fromYear: Scalars['Int']['input'];
  mode: NumberingMode;
  groups: Array<NumberingGroupInput>;
  numberBeforeSigning: Scalars['Boolean']['input'];
};

export type SetNumberingPolicyPayload = {
  __typename?: 'SetNumberingPolicyPayload';
  numberingPolicy: NumberingPolicy;
};

export type ReserveNumberInput = {
  idempotencyKey: Scalars['String']['input'];
  kind: RegisterKind;
  /** Chooses the series where types have their own. */
  documentTypeCode?: InputMaybe<Scalars['String']['input']>;
  reason: Scalars['String']['input'];
};

export type ReserveNumberPayload = {
  __typename?: 'ReserveNumberPayload';
  entry: RegisterEntry;
};

export type VoidNumberInput = {
  idempotencyKey: Scalars['String']['input'];
  /** A reserved number; a number that a document has is voided with the document. */
  entryId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};

export type VoidNumberPayload = {
  __typename?: 'VoidNumberPayload';
  entry: RegisterEntry;
};

/** A stored file; bytes are sent by `POST /files` and read from `url`, with ranges (tệp). */
export type File = Node & {
  __typename?: 'File';
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  mediaType: Scalars['String']['output'];
  size: Scalars['Int']['output'];
  sha256: Scalars['Sha256']['output'];
  uploadedAt: Scalars['DateTime']['output'];
  /** Path of the bytes on this server, for whoever may see the file. */
  url: Scalars['String']['output'];
};

/** What a file is to its document (vai trò của tệp). */
export const FileRole = {
  /** The document itself (văn bản chính) */
  MAIN: 'MAIN',
  /** Annex or attachment (phụ lục, tài liệu kèm theo) */
  ANNEX: 'ANNEX'
} as const;

export type FileRole = typeof FileRole[keyof typeof FileRole];
/** A file of a document (tệp đính kèm). */
export type Attachment = {
  __typename?: 'Attachment';
  role: FileRole;
  file: File;
};

export type AttachmentInput = {
  role: FileRole;
  fileId: Scalars['ID']['input'];
};

/** How urgent a document is, NĐ 30/2020 Điều 8 (mức độ khẩn). */
export const Urgency = {
  /** Normal (thường) */
  NORMAL: 'NORMAL',
  /** Urgent (khẩn) */
  URGENT: 'URGENT',
  /** Very urgent (thượng khẩn) */
  VERY_URGENT: 'VERY_URGENT',
  /** Flash (hỏa tốc) */
  FLASH: 'FLASH'
} as const;

export type Urgency = typeof Urgency[keyof typeof Urgency];
/** How a document came (đường đến). */
export const ReceivedVia = {
  /** On paper or as a file over the counter (trực tiếp, bưu chính) */
  DIRECT: 'DIRECT',
  /** Over the axis (trục liên thông) */
  AXIS: 'AXIS'
} as const;

export type ReceivedVia = typeof ReceivedVia[keyof typeof ReceivedVia];
/** Where an incoming document stands (trạng thái văn bản đến). */
export const IncomingStatus = {
  /** Registered, waiting for a directive (đã vào sổ) */
  REGISTERED: 'REGISTERED',
  /** Given to people (đã phân công) */
  ASSIGNED: 'ASSIGNED',
  /** Being dealt with (đang xử lý) */
  IN_PROGRESS: 'IN_PROGRESS',
  /** Done (hoàn thành) */
  COMPLETED: 'COMPLETED',
  /** Sent back (đã trả lại) */
  RETURNED: 'RETURNED'
} as const;

export type IncomingStatus = typeof IncomingStatus[keyof typeof IncomingStatus];
/** A document received from another body, with the fields of NĐ 30/2020 Annex VI (văn bản đến). */
export type IncomingDocument = Node & {
  __typename?: 'IncomingDocument';
  id: Scalars['ID']['output'];
  register: DocumentRegister;
  /** Given in order of receipt within the year (số đến). */
  arrivalNumber: Scalars['Int']['output'];
  arrivedAt: Scalars['DateTime']['output'];
  receivedVia: ReceivedVia;
  /** The issuing body as written (tác giả). */
  senderName: Scalars['String']['output'];
  /** The issuing body in the directory, if it is there. */
  sender?: Maybe<Agency>;
  /** Number and notation as written on it (số, ký hiệu). */
  referenceCode: Scalars['String']['output'];
  issuedOn?: Maybe<Scalars['Date']['output']>;
  /** Name of its type as written (tên loại). */
  typeName: Scalars['String']['output'];
  subject: Scalars['String']['output'];
  language: Scalars['String']['output'];
  pageCount?: Maybe<Scalars['Int']['output']>;
  note?: Maybe<Scalars['String']['output']>;
  signerName?: Maybe<Scalars['String']['output']>;
  signerPosition?: Maybe<Scalars['String']['output']>;
  urgency: Urgency;
  status: IncomingStatus;
  /** Last day to deal with it (hạn giải quyết). */
  dueOn?: Maybe<Scalars['Date']['output']>;
  /** How the deadline was found, in Vietnamese (căn cứ tính hạn). */
  dueReason?: Maybe<Scalars['String']['output']>;
  attachments: Array<Attachment>;
  /** One for each PDF, made when it arrived (kiểm tra chữ ký số). */
  signatureChecks: Array<SignatureCheck>;
  directives: Array<Directive>;
  assignments: Array<Assignment>;
  /** How it was answered, once completed (kết quả xử lý). */
  completion?: Maybe<Completion>;
  /** Why it was sent back. */
  returnReason?: Maybe<Scalars['String']['output']>;
  registeredBy: Appointment;
  /** Own documents that answer it (văn bản trả lời). */
  answers: Array<OutgoingDocument>;
  dossiers: Array<Dossier>;
  version: Scalars['Int']['output'];
};

/** How an incoming document was dealt with (kết quả xử lý). */
export type Completion = {
  __typename?: 'Completion';
  kind: CompletionKind;
  note?: Maybe<Scalars['String']['output']>;
  at: Scalars['DateTime']['output'];
  by: Appointment;
};

/** In what way a document was dealt with (hình thức hoàn thành). */
export const CompletionKind = {
  /** Answered by a document (có văn bản trả lời) */
  ANSWERED: 'ANSWERED',
  /** Done without an answer (đã thực hiện) */
  DONE: 'DONE',
  /** Kept for information (lưu để biết) */
  FILED: 'FILED'
} as const;

export type CompletionKind = typeof CompletionKind[keyof typeof CompletionKind];
/** A leader's opinion on a document (ý kiến chỉ đạo, bút phê). */
export type Directive = Node & {
  __typename?: 'Directive';
  id: Scalars['ID']['output'];
  text: Scalars['String']['output'];
  by: Appointment;
  at: Scalars['DateTime']['output'];
};

/** What part somebody has in dealing with a document (vai trò xử lý). */
export const AssignmentRole = {
  /** Leads; exactly one (chủ trì) */
  LEAD: 'LEAD',
  /** Helps (phối hợp) */
  COLLABORATING: 'COLLABORATING',
  /** Is told (để biết) */
  INFORMED: 'INFORMED'
} as const;

export type AssignmentRole = typeof AssignmentRole[keyof typeof AssignmentRole];
/** Where an assignment stands (trạng thái việc). */
export const AssignmentStatus = {
  /** Not begun (chưa xử lý) */
  ASSIGNED: 'ASSIGNED',
  /** Begun (đang xử lý) */
  IN_PROGRESS: 'IN_PROGRESS',
  /** Done (đã xong) */
  DONE: 'DONE'
} as const;

export type AssignmentStatus = typeof AssignmentStatus[keyof typeof AssignmentStatus];
/** A document given to a person, with a deadline (phân công xử lý). */
export type Assignment = Node & {
  __typename?: 'Assignment';
  id: Scalars['ID']['output'];
  document: IncomingDocument;
  role: AssignmentRole;
  assignee: Appointment;
  dueOn?: Maybe<Scalars['Date']['output']>;
  status: AssignmentStatus;
  /** What was reported, oldest first (tiến độ). */
  progress: Array<ProgressNote>;
};

/** One report of progress (báo cáo tiến độ). */
export type ProgressNote = {
  __typename?: 'ProgressNote';
  text: Scalars['String']['output'];
  at: Scalars['DateTime']['output'];
  by: Appointment;
};

export type IncomingDocumentFilter = {
  status?: InputMaybe<Array<IncomingStatus>>;
  year?: InputMaybe<Scalars['Int']['input']>;
  /** Matches the reference code from its beginning. */
  referenceCode?: InputMaybe<Scalars['String']['input']>;
  assignedToMe?: InputMaybe<Scalars['Boolean']['input']>;
  dueBefore?: InputMaybe<Scalars['Date']['input']>;
};

export type DuplicateCheckInput = {
  senderName: Scalars['String']['input'];
  referenceCode: Scalars['String']['input'];
};

export type RegisterIncomingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  senderName: Scalars['String']['input'];
  /** The sender's code in the directory, if known. */
  senderCode?: InputMaybe<Scalars['String']['input']>;
  referenceCode: Scalars['String']['input'];
  issuedOn?: InputMaybe<Scalars['Date']['input']>;
  typeName: Scalars['String']['input'];
  subject: Scalars['String']['input'];
  language: Scalars['String']['input'];
  pageCount?: InputMaybe<Scalars['Int']['input']>;
  note?: InputMaybe<Scalars['String']['input']>;
  signerName?: InputMaybe<Scalars['String']['input']>;
  signerPosition?: InputMaybe<Scalars['String']['input']>;
  urgency: Urgency;
  /** Asked for by the sender; otherwise computed from the calendar. */
  dueOn?: InputMaybe<Scalars['Date']['input']>;
  attachments: Array<AttachmentInput>;
};

export type RegisterIncomingDocumentPayload = {
  __typename?: 'RegisterIncomingDocumentPayload';
  incomingDocument: IncomingDocument;
  /** Earlier documents with the same number, notation and issuing body (có thể trùng). */
  possibleDuplicates: Array<IncomingDocument>;
};

export type AssigneeInput = {
  appointmentId: Scalars['ID']['input'];
  role: AssignmentRole;
  dueOn?: InputMaybe<Scalars['Date']['input']>;
};

export type AssignIncomingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  incomingDocumentId: Scalars['ID']['input'];
  directive: Scalars['String']['input'];
  assignees: Array<AssigneeInput>;
  dueOn?: InputMaybe<Scalars['Date']['input']>;
  /** Guards against somebody else's change; as read. */
  version?: InputMaybe<Scalars['Int']['input']>;
};

export type AssignIncomingDocumentPayload = {
  __typename?: 'AssignIncomingDocumentPayload';
  incomingDocument: IncomingDocument;
};

export type ReportProgressInput = {
  idempotencyKey: Scalars['String']['input'];
  assignmentId: Scalars['ID']['input'];
  text: Scalars['String']['input'];
  done: Scalars['Boolean']['input'];
};

export type ReportProgressPayload = {
  __typename?: 'ReportProgressPayload';
  assignment: Assignment;
};

export type CompleteIncomingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  incomingDocumentId: Scalars['ID']['input'];
  kind: CompletionKind;
  note?: InputMaybe<Scalars['String']['input']>;
  /** The issued document that answers it; needed for `ANSWERED`. */
  answeredById?: InputMaybe<Scalars['ID']['input']>;
};

export type CompleteIncomingDocumentPayload = {
  __typename?: 'CompleteIncomingDocumentPayload';
  incomingDocument: IncomingDocument;
};

export type ReturnIncomingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  incomingDocumentId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};

export type ReturnIncomingDocumentPayload = {
  __typename?: 'ReturnIncomingDocumentPayload';
  incomingDocument: IncomingDocument;
};

export type IncomingDocumentConnection = {
  __typename?: 'IncomingDocumentConnection';
  edges: Array<IncomingDocumentEdge>;
  nodes: Array<IncomingDocument>;
  pageInfo: PageInfo;
  total: Total;
};

export type IncomingDocumentEdge = {
  __typename?: 'IncomingDocumentEdge';
  cursor: Scalars['String']['output'];
  node: IncomingDocument;
};

export type AssignmentConnection = {
  __typename?: 'AssignmentConnection';
  edges: Array<AssignmentEdge>;
  nodes: Array<Assignment>;
  pageInfo: PageInfo;
  total: Total;
};

export type AssignmentEdge = {
  __typename?: 'AssignmentEdge';
  cursor: Scalars['String']['output'];
  node: Assignment;
};

/** Where an outgoing document stands (trạng thái văn bản đi). */
export const OutgoingStatus = {
  /** Being written (dự thảo) */
  DRAFT: 'DRAFT',
  /** With a reviewer (đang duyệt) */
  IN_REVIEW: 'IN_REVIEW',
  /** With the signer; the text is frozen (trình ký) */
  AWAITING_SIGNATURE: 'AWAITING_SIGNATURE',
  /** Signed by the leader (đã ký) */
  SIGNED: 'SIGNED',
  /** Signed and numbered (đã cấp số) */
  NUMBERED: 'NUMBERED',
  /** Carries the agency's seal (đã đóng dấu) */
  SEALED: 'SEALED',
  /** Issued (đã phát hành) */
  DISPATCHED: 'DISPATCHED',
  /** Given up; a number it had is void (đã hủy) */
  CANCELLED: 'CANCELLED'
} as const;

export type OutgoingStatus = typeof OutgoingStatus[keyof typeof OutgoingStatus];
/** A document that the agency issues (văn bản đi). */
export type OutgoingDocument = Node & {
  __typename?: 'OutgoingDocument';
  id: Scalars['ID']['output'];
  type: DocumentType;
  subject: Scalars['String']['output'];
  /** Paragraphs of the text, unless a PDF was uploaded (nội dung). */
  body?: Maybe<Scalars['String']['output']>;
  urgency: Urgency;
  status: OutgoingStatus;
  register?: Maybe<DocumentRegister>;
  number?: Maybe<Scalars['Int']['output']>;
  /** Notation without the number, such as QĐ-SNV (ký hiệu). */
  notation: Scalars['String']['output'];
  /** Number and notation, once numbered (số, ký hiệu). */
  referenceCode?: Maybe<Scalars['String']['output']>;
  issuedOn?: Maybe<Scalars['Date']['output']>;
  drafter: Appointment;
  signer?: Maybe<Appointment>;
  signatureBlock?: Maybe<SignatureBlock>;
  /** Every form the file has had, oldest first; from the signer's on each keeps the bytes of the one before (phiên bản). */
  revisions: Array<Revision>;
  /** The newest revision. */
  file?: Maybe<File>;
  signatures: Array<DocumentSignature>;
  /** Who answers for it by signing, in order; until one is set, what it would be (chuỗi ký). */
  signingChain: Array<SigningStep>;
  /** Whether an open step of the chain is the viewer's (chờ tôi ký). */
  awaitingMySignature: Scalars['Boolean']['output'];
  reviews: Array<Review>;
  recipients: Array<Recipient>;
  attachments: Array<Attachment>;
  /** The incoming document it answers (trả lời văn bản). */
  answersTo?: Maybe<IncomingDocument>;
  dossiers: Array<Dossier>;
  version: Scalars['Int']['output'];
};

/** What somebody answers for by signing a document (vai trò ký). */
export const SigningRole = {
  /** Who drafted or checked it puts initials (ký nháy, ký tắt) */
  INITIALS: 'INITIALS',
  /** The head of the drafting unit answers for its content, NĐ 30/2020 Điều 12 (nội dung) */
  CONTENT: 'CONTENT',
  /** The designated checker answers for its layout, NĐ 30/2020 Điều 12 (thể thức) */
  FORMAT: 'FORMAT',
  /** Signs beside the leader, under a title and name of the own (đồng ký) */
  CO_SIGNER: 'CO_SIGNER',
  /** Who is competent to sign it, NĐ 30/2020 Điều 13 (người ký) */
  LEADER: 'LEADER',
  /** The agency, by its clerk, after all others, NĐ 30/2020 Điều 32 (đóng dấu) */
  AGENCY_SEAL: 'AGENCY_SEAL'
} as const;

export type SigningRole = typeof SigningRole[keyof typeof SigningRole];
/** Where a step of a signing chain stands (trạng thái bước ký). */
export const SigningStepStatus = {
  /** Others come first (chưa đến lượt) */
  WAITING: 'WAITING',
  /** It is its turn (đến lượt) */
  READY: 'READY',
  /** Done, by a signature in the file or a confirmation (đã ký) */
  SIGNED: 'SIGNED',
  /** Sent the document back (đã trả lại) */
  RETURNED: 'RETURNED',
  /** Optional, and passed over (bỏ qua) */
  SKIPPED: 'SKIPPED'
} as const;

export type SigningStepStatus = typeof SigningStepStatus[keyof typeof SigningStepStatus];
/** One step of the chain of those who answer for a document (bước ký). */
export type SigningStep = {
  __typename?: 'SigningStep';
  role: SigningRole;
  /** Steps with the same number may be taken in any order (thứ tự). */
  turn: Scalars['Int']['output'];
  isRequired: Scalars['Boolean']['output'];
  status: SigningStepStatus;
  /** Whose step it is; with neither person nor position anybody's who may by right. */
  appointment?: Maybe<Appointment>;
  position?: Maybe<Position>;
  /** What is printed over the signature of who signs the document itself. */
  signatureBlock?: Maybe<SignatureBlock>;
  /** Name of its form field, once the document was submitted. */
  field?: Maybe<Scalars['String']['output']>;
  /** Why it was sent back or passed over. */
  reason?: Maybe<Scalars['String']['output']>;
  doneBy?: Maybe<Appointment>;
  doneAt?: Maybe<Scalars['DateTime']['output']>;
};

export type SigningStepInput = {
  role: SigningRole;
  /** The person; left out for the seal, and for the leader, who is named on submission. */
  appointmentId?: InputMaybe<Scalars['ID']['input']>;
  /** The position instead, whoever holds it. */
  positionId?: InputMaybe<Scalars['ID']['input']>;
  /** Steps with the same number may be taken in any order. */
  turn: Scalars['Int']['input'];
  /** Only initials, content and layout can be optional: the chain does not wait for them. */
  isRequired: Scalars['Boolean']['input'];
};

export type SetSigningChainInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  steps: Array<SigningStepInput>;
};

export type SetSigningChainPayload = {
  __typename?: 'SetSigningChainPayload';
  outgoingDocument: OutgoingDocument;
};

export type ConfirmSigningStepInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  /** CONTENT or FORMAT. */
  role: SigningRole;
  comment?: InputMaybe<Scalars['String']['input']>;
};

export type ConfirmSigningStepPayload = {
  __typename?: 'ConfirmSigningStepPayload';
  outgoingDocument: OutgoingDocument;
};

/** What a revision of the file added (loại phiên bản). */
export const RevisionKind = {
  /** A draft to read (dự thảo) */
  DRAFT: 'DRAFT',
  /** The frozen text with empty fields (bản trình ký) */
  FOR_SIGNATURE: 'FOR_SIGNATURE',
  /** Initials of who answers for text or layout (ký nháy) */
  INITIALLED: 'INITIALLED',
  /** The leader's signature, or that of who signs beside (chữ ký) */
  SIGNED: 'SIGNED',
  /** Number, date and the agency's seal (số, ngày, dấu) */
  SEALED: 'SEALED',
  /** What keeps the signatures valid for long (dữ liệu xác thực lâu dài) */
  AUGMENTED: 'AUGMENTED',
  /** The same after the document was issued, for the archive alone: what was sent stays as it was (bản lưu trữ) */
  ARCHIVAL: 'ARCHIVAL'
} as const;

export type RevisionKind = typeof RevisionKind[keyof typeof RevisionKind];
/** One form of a document's file (phiên bản). */
export type Revision = Node & {
  __typename?: 'Revision';
  id: Scalars['ID']['output'];
  ordinal: Scalars['Int']['output'];
  kind: RevisionKind;
  file: File;
  at: Scalars['DateTime']['output'];
  /** Null where the system did it by itself. */
  by?: Maybe<Appointment>;
};

/** A signature in the file, as it was made (chữ ký trên văn bản). */
export type DocumentSignature = {
  __typename?: 'DocumentSignature';
  /** Name of the form field, as `Leader`, `CoSigner1`, `Initials1` or `Seal`. */
  field: Scalars['String']['output'];
  signer: Appointment;
  credential: SigningCredential;
  /** Null for the agency's seal, over which no title stands. */
  signatureBlock?: Maybe<SignatureBlock>;
  at: Scalars['DateTime']['output'];
  /** What it reaches by what stands in the file: B-B, B-T, B-LT or B-LTA (mức chữ ký). */
  level: Scalars['String']['output'];
  /** What it shall reach; until then it is looked at again and again. */
  wantedLevel: Scalars['String']['output'];
  /** Why it has not reached it yet. */
  levelNote?: Maybe<Scalars['String']['output']>;
};

/** A reviewer's opinion on a draft (ý kiến duyệt). */
export type Review = Node & {
  __typename?: 'Review';
  id: Scalars['ID']['output'];
  reviewer: Appointment;
  /** Null while it is awaited. */
  decision?: Maybe<ReviewDecision>;
  comment?: Maybe<Scalars['String']['output']>;
  requestedAt: Scalars['DateTime']['output'];
  decidedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** What a reviewer decided (kết quả duyệt). */
export const ReviewDecision = {
  /** Good to go on (đồng ý) */
  APPROVED: 'APPROVED',
  /** Back to the drafter (trả lại) */
  RETURNED: 'RETURNED'
} as const;

export type ReviewDecision = typeof ReviewDecision[keyof typeof ReviewDecision];
/** What a recipient shall do with a document (vai trò nơi nhận). */
export const RecipientRole = {
  /** To act (kính gửi, để thực hiện) */
  TO: 'TO',
  /** For information (để biết) */
  CC: 'CC'
} as const;

export type RecipientRole = typeof RecipientRole[keyof typeof RecipientRole];
/** Where a document goes and its fate there (nơi nhận). */
export type Recipient = Node & {
  __typename?: 'Recipient';
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  /** Null for recipients outside the axis. */
  agency?: Maybe<Agency>;
  role: RecipientRole;
  /** How far the transport got; null before dispatch (trạng thái gửi). */
  delivery?: Maybe<DeliveryState>;
  /** What the recipient reported last, QCVN 102 codes 01 to 06 (trạng thái xử lý). */
  status?: Maybe<ExchangeStatus>;
  statusAt?: Maybe<Scalars['DateTime']['output']>;
  statusNote?: Maybe<Scalars['String']['output']>;
  /** Everything that was reported, oldest first (lịch sử). */
  history: Array<StatusReport>;
};

/** How far the axis has brought a message (trạng thái truyền nhận). */
export const DeliveryState = {
  /** Waiting to be sent (chờ gửi) */
  QUEUED: 'QUEUED',
  /** Sending failed and will be tried again (gửi lại) */
  RETRYING: 'RETRYING',
  /** The hub has it (trục đã nhận) */
  ACCEPTED: 'ACCEPTED',
  /** Stored at the recipient's (đã đến) */
  STORED: 'STORED',
  /** Turned away by the recipient's system (bị từ chối kỹ thuật) */
  REFUSED: 'REFUSED',
  /** Given up; somebody must act (lỗi) */
  BLOCKED: 'BLOCKED',
  /** Not on the axis; to be sent on paper (gửi giấy) */
  OFF_AXIS: 'OFF_AXIS'
} as const;

export type DeliveryState = typeof DeliveryState[keyof typeof DeliveryState];
/** What the receiving agency did, in the codes of QCVN 102 (trạng thái xử lý). */
export const ExchangeStatus = {
  /** 01, the software has it (đã đến) */
  ARRIVED: 'ARRIVED',
  /** 02, turned away by the clerk (từ chối tiếp nhận) */
  REFUSED: 'REFUSED',
  /** 03, entered in the register (đã tiếp nhận) */
  ACCEPTED: 'ACCEPTED',
  /** 04, given to people (phân công) */
  ASSIGNED: 'ASSIGNED',
  /** 05, being dealt with (đang xử lý) */
  IN_PROGRESS: 'IN_PROGRESS',
  /** 06, done (hoàn thành) */
  COMPLETED: 'COMPLETED'
} as const;

export type ExchangeStatus = typeof ExchangeStatus[keyof typeof ExchangeStatus];
/** One report of a recipient (báo cáo trạng thái). */
export type StatusReport = {
  __typename?: 'StatusReport';
  status: ExchangeStatus;
  at: Scalars['DateTime']['output'];
  note?: Maybe<Scalars['String']['output']>;
};

export type OutgoingDocumentFilter = {
  status?: InputMaybe<Array<OutgoingStatus>>;
  year?: InputMaybe<Scalars['Int']['input']>;
  typeCode?: InputMaybe<Scalars['String']['input']>;
  draftedByMe?: InputMaybe<Scalars['Boolean']['input']>;
  /** Those in whose chain the viewer's step is open, in whatever role (chờ tôi ký). */
  toSignByMe?: InputMaybe<Scalars['Boolean']['input']>;
};

export type RecipientInput = {
  /** The agency's code in the directory, or else a name. */
  agencyCode?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  role: RecipientRole;
};

export type DraftOutgoingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  typeCode: Scalars['String']['input'];
  subject: Scalars['String']['input'];
  /** Paragraphs, parted by blank lines; left out when a PDF is uploaded. */
  body?: InputMaybe<Scalars['String']['input']>;
  /**
   * An uploaded PDF of at most 20 MB with the document as it shall be signed, without signatures, scripts or encryption. On
   * submission it gets empty fields, none over text: number and date in full at the top of page 1, the leader's signature
   * and the seal at the lower right of the last page, above the lowest line there if that leaves room.
   */
  fileId?: InputMaybe<Scalars['ID']['input']>;
  urgency: Urgency;
  recipients: Array<RecipientInput>;
  attachments: Array<AttachmentInput>;
  /** The incoming document it answers. */
  answersToId?: InputMaybe<Scalars['ID']['input']>;
};

export type DraftOutgoingDocumentPayload = {
  __typename?: 'DraftOutgoingDocumentPayload';
  outgoingDocument: OutgoingDocument;
};

export type ReviseDraftInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  subject?: InputMaybe<Scalars['String']['input']>;
  body?: InputMaybe<Scalars['String']['input']>;
  fileId?: InputMaybe<Scalars['ID']['input']>;
  urgency?: InputMaybe<Urgency>;
  recipients?: InputMaybe<Array<RecipientInput>>;
  version: Scalars['Int']['input'];
};

export type ReviseDraftPayload = {
  __typename?: 'ReviseDraftPayload';
  outgoingDocument: OutgoingDocument;
};

export type SubmitForReviewInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  reviewerId: Scalars['ID']['input'];
};

export type SubmitForReviewPayload = {
  __typename?: 'SubmitForReviewPayload';
  outgoingDocument: OutgoingDocument;
};

export type ReviewDraftInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  decision: ReviewDecision;
  /** Needed when returning. */
  comment?: InputMaybe<Scalars['String']['input']>;
};

export type ReviewDraftPayload = {
  __typename?: 'ReviewDraftPayload';
  outgoingDocument: OutgoingDocument;
};

export type SubmitForSignatureInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  signerId: Scalars['ID']['input'];
};

export type SubmitForSignaturePayload = {
  __typename?: 'SubmitForSignaturePayload';
  outgoingDocument: OutgoingDocument;
};

export type SignOutgoingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  credentialId: Scalars['ID']['input'];
  /** Opens the key; never stored, never logged. */
  pin: Scalars['String']['input'];
  reason?: InputMaybe<Scalars['String']['input']>;
  /** As what the viewer signs; not the seal. */
  role: SigningRole;
};

export type SignOutgoingDocumentPayload = {
  __typename?: 'SignOutgoingDocumentPayload';
  outgoingDocument: OutgoingDocument;
};

export type NumberOutgoingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  /** A reserved number to use instead of the next one. */
  reservedEntryId?: InputMaybe<Scalars['ID']['input']>;
};

export type NumberOutgoingDocumentPayload = {
  __typename?: 'NumberOutgoingDocumentPayload';
  outgoingDocument: OutgoingDocument;
};

export type SealOutgoingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  credentialId: Scalars['ID']['input'];
  /** Opens the agency's key; never stored, never logged. */
  pin: Scalars['String']['input'];
};

export type SealOutgoingDocumentPayload = {
  __typename?: 'SealOutgoingDocumentPayload';
  outgoingDocument: OutgoingDocument;
};

export type CancelOutgoingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};

export type CancelOutgoingDocumentPayload = {
  __typename?: 'CancelOutgoingDocumentPayload';
  outgoingDocument: OutgoingDocument;
};

export type DispatchOutgoingDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  outgoingDocumentId: Scalars['ID']['input'];
};

export type DispatchOutgoingDocumentPayload = {
  __typename?: 'DispatchOutgoingDocumentPayload';
  outgoingDocument: OutgoingDocument;
};

export type OutgoingDocumentConnection = {
  __typename?: 'OutgoingDocumentConnection';
  edges: Array<OutgoingDocumentEdge>;
  nodes: Array<OutgoingDocument>;
  pageInfo: PageInfo;
  total: Total;
};

export type OutgoingDocumentEdge = {
  __typename?: 'OutgoingDocumentEdge';
  cursor: Scalars['String']['output'];
  node: OutgoingDocument;
};

/** What became of a document that the axis brought (trạng thái tiếp nhận). */
export const ArrivalState = {
  /** Waits for the clerk (chờ tiếp nhận) */
  ARRIVED: 'ARRIVED',
  /** Entered in the register (đã tiếp nhận) */
  ACCEPTED: 'ACCEPTED',
  /** Turned away (đã từ chối) */
  REFUSED: 'REFUSED'
} as const;

export type ArrivalState = typeof ArrivalState[keyof typeof ArrivalState];
/** A document that the axis brought (văn bản đến qua trục). */
export type Arrival = Node & {
  __typename?: 'Arrival';
  id: Scalars['ID']['output'];
  messageId: Scalars['String']['output'];
  state: ArrivalState;
  arrivedAt: Scalars['DateTime']['output'];
  senderName: Scalars['String']['output'];
  sender?: Maybe<Agency>;
  referenceCode: Scalars['String']['output'];
  issuedOn?: Maybe<Scalars['Date']['output']>;
  typeName: Scalars['String']['output'];
  subject: Scalars['String']['output'];
  signerName?: Maybe<Scalars['String']['output']>;
  urgency: Urgency;
  attachments: Array<Attachment>;
  /** Whether the PDF's signatures hold, checked on arrival (kiểm tra chữ ký số). */
  verification?: Maybe<SignatureVerification>;
  /** One for each PDF, with the material that was kept (kiểm tra chữ ký số). */
  signatureChecks: Array<SignatureCheck>;
  incomingDocument?: Maybe<IncomingDocument>;
  refusalReason?: Maybe<Scalars['String']['output']>;
};

/** The three words of ETSI EN 319 102-1 (kết luận). */
export const Indication = {
  /** All signatures are valid (hợp lệ) */
  TOTAL_PASSED: 'TOTAL_PASSED',
  /** Cannot be decided from what is at hand; never to be shown as valid (chưa đủ căn cứ) */
  INDETERMINATE: 'INDETERMINATE',
  /** At least one signature is invalid (không hợp lệ) */
  TOTAL_FAILED: 'TOTAL_FAILED'
} as const;

export type Indication = typeof Indication[keyof typeof Indication];
/** The verdict on a signed PDF (kết quả kiểm tra chữ ký). */
export type SignatureVerification = {
  __typename?: 'SignatureVerification';
  indication: Indication;
  /** Bytes, structure, signature values and permitted changes, with trust in certificates left aside: PASS, FAIL or INDETERMINATE. */
  integrity: Scalars['String']['output'];
  sha256: Scalars['Sha256']['output'];
  /** The time that certificates were judged at. */
  validatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Digest of the trust anchors that the verdict rests on (kho tin cậy). */
  trustStore?: Maybe<Scalars['Sha256']['output']>;
  trustStores?: Maybe<Array<Scalars['String']['output']>>;
  signatures: Array<SignatureVerdict>;
  /** About the file as a whole; each begins with a stable code. */
  notes?: Maybe<Array<Scalars['String']['output']>>;
  /**
   * What in the first signed state could mislead its readers – scripts, hidden layers and fields, covered text, objects in reserve
   * (cần lưu ý). Says nothing about integrity.
   */
  warnings?: Maybe<Array<VerdictWarning>>;
  /** The conclusion and what it rests on, in words. */
  words?: Maybe<VerdictWords>;
};

/** Something that may mislead the readers of a signed document (điều cần lưu ý). */
export type VerdictWarning = {
  __typename?: 'VerdictWarning';
  /** A stable code, with details after a space. */
  code: Scalars['String']['output'];
  vi: Scalars['String']['output'];
  en: Scalars['String']['output'];
};

/** A conclusion in words, with a sentence for each note (kết luận bằng lời). */
export type VerdictWords = {
  __typename?: 'VerdictWords';
  vi: Scalars['String']['output'];
  en: Scalars['String']['output'];
  notesVi: Array<Scalars['String']['output']>;
  notesEn: Array<Scalars['String']['output']>;
};

/** The verdict on one signature (kết quả từng chữ ký). */
export type SignatureVerdict = {
  __typename?: 'SignatureVerdict';
  field: Scalars['String']['output'];
  indication: Indication;
  subIndication?: Maybe<Scalars['String']['output']>;
  integrity: Scalars['String']['output'];
  /** How much of the file it covers. */
  coverage: Scalars['String']['output'];
  /** What was changed after it. */
  modificationLevel: Scalars['String']['output'];
  /** APPROVAL, CERTIFICATION or DOCUMENT_TIMESTAMP. */
  kind?: Maybe<Scalars['String']['output']>;
  /** NUMBER, DAY or MONTH, for a signature that only shows that part of the text. */
  mark?: Maybe<Scalars['String']['output']>;
  /** What it reaches by what was found: B-B, B-T, B-LT, B-LTA … */
  level?: Maybe<Scalars['String']['output']>;
  signerName?: Maybe<Scalars['String']['output']>;
  signerSerial?: Maybe<Scalars['String']['output']>;
  /** When the signer says it was made; proves nothing. */
  claimedTime?: Maybe<Scalars['DateTime']['output']>;
  /** When a trusted time-stamp proves it existed. */
  provenTime?: Maybe<Scalars['DateTime']['output']>;
  /** What was signed is the file up to this byte. */
  revisionEnd?: Maybe<Scalars['Int']['output']>;
  /** From the signer's certificate up to the one that is trusted. */
  certificates?: Maybe<Array<CertificateVerdict>>;
  timestamps?: Maybe<Array<TimestampVerdict>>;
  notes: Array<Scalars['String']['output']>;
  words?: Maybe<VerdictWords>;
};

/** What was found about one certificate (kết quả kiểm tra chứng thư số). */
export type CertificateVerdict = {
  __typename?: 'CertificateVerdict';
  subject: Scalars['String']['output'];
  issuer: Scalars['String']['output'];
  serial: Scalars['String']['output'];
  notBefore: Scalars['DateTime']['output'];
  notAfter: Scalars['DateTime']['output'];
  fingerprint: Scalars['Sha256']['output'];
  /** The trust store, where the path ends here. */
  trustedBy?: Maybe<Scalars['String']['output']>;
  revocation?: Maybe<RevocationVerdict>;
};

/** Whether a certificate was revoked, and how that is known (tình trạng thu hồi). */
export type RevocationVerdict = {
  __typename?: 'RevocationVerdict';
  /** GOOD, REVOKED or UNKNOWN, at the time that counts for the signature. */
  status: Scalars['String']['output'];
  revokedAt?: Maybe<Scalars['DateTime']['output']>;
  /** CRL or OCSP. */
  source?: Maybe<Scalars['String']['output']>;
  sourceIssuer?: Maybe<Scalars['String']['output']>;
  asOf?: Maybe<Scalars['DateTime']['output']>;
};

/** A time-stamp that bears on a signature (dấu thời gian). */
export type TimestampVerdict = {
  __typename?: 'TimestampVerdict';
  /** SIGNATURE, CONTENT or DOCUMENT. */
  kind: Scalars['String']['output'];
  /** valid, invalid or unknown. */
  result: Scalars['String']['output'];
  time?: Maybe<Scalars['DateTime']['output']>;
  authority?: Maybe<Scalars['String']['output']>;
  isTrusted: Scalars['Boolean']['output'];
};

/** How far the check of a file's signatures has come (tình trạng kiểm tra). */
export const CheckState = {
  /** It will be checked within moments (chờ kiểm tra) */
  PENDING: 'PENDING',
  /** Checked (đã kiểm tra) */
  DONE: 'DONE',
  /** Could not be checked (không kiểm tra được) */
  FAILED: 'FAILED'
} as const;

export type CheckState = typeof CheckState[keyof typeof CheckState];
/** The check of a file's signatures when it arrived, or since, TT 41/2017 Điều 9 (kiểm tra chữ ký số). */
export type SignatureCheck = {
  __typename?: 'SignatureCheck';
  file: File;
  state: CheckState;
  requestedAt: Scalars['DateTime']['output'];
  checkedAt?: Maybe<Scalars['DateTime']['output']>;
  report?: Maybe<SignatureVerification>;
  /** Digest of the certificates and revocation data that were kept with it (dữ liệu xác thực). */
  material?: Maybe<Scalars['Sha256']['output']>;
  /** What could not be fetched for it. */
  materialNote?: Maybe<Scalars['String']['output']>;
  /** Where a signature is invalid: a reason for `returnIncomingDocument` or `refuseArrival` (lý do trả lại gợi ý). */
  suggestedReturnReason?: Maybe<Scalars['String']['output']>;
  /** Path of the report as a PDF, in Vietnamese; in English with `?lang=en` (bản in). For programs: `.json` instead of `.pdf`. */
  reportUrl: Scalars['String']['output'];
};

export type RefreshSignatureCheckInput = {
  idempotencyKey: Scalars['String']['input'];
  fileId: Scalars['ID']['input'];
};

export type RefreshSignatureCheckPayload = {
  __typename?: 'RefreshSignatureCheckPayload';
  check: SignatureCheck;
};

export type AcceptArrivalInput = {
  idempotencyKey: Scalars['String']['input'];
  arrivalId: Scalars['ID']['input'];
  note?: InputMaybe<Scalars['String']['input']>;
};

export type AcceptArrivalPayload = {
  __typename?: 'AcceptArrivalPayload';
  arrival: Arrival;
  incomingDocument: IncomingDocument;
  possibleDuplicates: Array<IncomingDocument>;
};

export type RefuseArrivalInput = {
  idempotencyKey: Scalars['String']['input'];
  arrivalId: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
};

export type RefuseArrivalPayload = {
  __typename?: 'RefuseArrivalPayload';
  arrival: Arrival;
};

export type ArrivalConnection = {
  __typename?: 'ArrivalConnection';
  edges: Array<ArrivalEdge>;
  nodes: Array<Arrival>;
  pageInfo: PageInfo;
  total: Total;
};

export type ArrivalEdge = {
  __typename?: 'ArrivalEdge';
  cursor: Scalars['String']['output'];
  node: Arrival;
};

/** In what a procedure's time limit is counted (đơn vị thời hạn). */
export const TimeUnit = {
  /** Working hours (giờ làm việc) */
  WORKING_HOUR: 'WORKING_HOUR',
  /** Working days (ngày làm việc) */
  WORKING_DAY: 'WORKING_DAY'
} as const;

export type TimeUnit = typeof TimeUnit[keyof typeof TimeUnit];
/** An administrative procedure in one version (thủ tục hành chính). */
export type Procedure = Node & {
  __typename?: 'Procedure';
  id: Scalars['ID']['output'];
  /** National code, such as 1.005129 (mã thủ tục). */
  code: Scalars['String']['output'];
  version: Scalars['Int']['output'];
  name: Scalars['String']['output'];
  sector: Scalars['String']['output'];
  competentAgency: Agency;
  timeLimit: Scalars['Int']['output'];
  timeUnit: TimeUnit;
  validFrom: Scalars['Date']['output'];
  validTo?: Maybe<Scalars['Date']['output']>;
  steps: Array<ProcedureStep>;
  /** Papers that a dossier consists of (thành phần hồ sơ). */
  components: Array<Scalars['String']['output']>;
};

/** A step of the internal process (bước quy trình nội bộ). */
export type ProcedureStep = {
  __typename?: 'ProcedureStep';
  ordinal: Scalars['Int']['output'];
  name: Scalars['String']['output'];
  /** Working hours given for it. */
  hours: Scalars['Int']['output'];
};

/** Where a dossier stands, in the order of the national portal's codes (trạng thái hồ sơ). */
export const DossierStatus = {
  /** 2, received (được tiếp nhận) */
  RECEIVED: 'RECEIVED',
  /** 4, being dealt with (đang xử lý) */
  IN_PROGRESS: 'IN_PROGRESS',
  /** 9, decided; the result is there (đã xử lý xong) */
  COMPLETED: 'COMPLETED',
  /** 10, result handed over (đã trả kết quả) */
  RETURNED: 'RETURNED'
} as const;

export type DossierStatus = typeof DossierStatus[keyof typeof DossierStatus];
/** An applicant's case under a procedure (hồ sơ một cửa). */
export type Dossier = Node & {
  __typename?: 'Dossier';
  id: Scalars['ID']['output'];
  /** Such as H99.12-261121-0001 (mã hồ sơ). */
  code: Scalars['String']['output'];
  procedure: Procedure;
  /** Where it was handed in (nơi tiếp nhận). */
  receivedBy: Agency;
  /** Who decides (cơ quan có thẩm quyền). */
  competentAgency: Agency;
  applicantName: Scalars['String']['output'];
  applicantAddress?: Maybe<Scalars['String']['output']>;
  applicantPhone?: Maybe<Scalars['String']['output']>;
  status: DossierStatus;
  submittedAt: Scalars['DateTime']['output'];
  receivedAt: Scalars['DateTime']['output'];
  /** When the result is promised (hẹn trả kết quả). */
  dueAt: Scalars['DateTime']['output'];
  /** How the promise was found, in Vietnamese (căn cứ tính hạn). */
  dueReason: Scalars['String']['output'];
  completedAt?: Maybe<Scalars['DateTime']['output']>;
  returnedAt?: Maybe<Scalars['DateTime']['output']>;
  currentStep?: Maybe<ProcedureStep>;
  /** What happened, oldest first (quá trình xử lý). */
  history: Array<DossierEvent>;
  documents: Array<DossierDocument>;
  results: Array<DossierResult>;
  /** The printed receipt with appointment, form 01 (giấy tiếp nhận và hẹn trả kết quả). */
  receipt: File;
  version: Scalars['Int']['output'];
};

/** Something that happened to a dossier (quá trình xử lý). */
export type DossierEvent = {
  __typename?: 'DossierEvent';
  at: Scalars['DateTime']['output'];
  text: Scalars['String']['output'];
  by?: Maybe<Appointment>;
};

/** What a document is to a dossier (quan hệ với hồ sơ). */
export const DossierRelation = {
  /** A paper of the case (thành phần, liên quan) */
  RELATED: 'RELATED',
  /** Its result (kết quả giải quyết) */
  RESULT: 'RESULT'
} as const;

export type DossierRelation = typeof DossierRelation[keyof typeof DossierRelation];
/** A document tied to a dossier (văn bản của hồ sơ). */
export type DossierDocument = {
  __typename?: 'DossierDocument';
  relation: DossierRelation;
  incomingDocument?: Maybe<IncomingDocument>;
  outgoingDocument?: Maybe<OutgoingDocument>;
};

/** The electronic result of a dossier, NĐ 45/2020 Điều 14.3 (kết quả điện tử). */
export type DossierResult = Node & {
  __typename?: 'DossierResult';
  id: Scalars['ID']['output'];
  /** Such as H99.12-261121-0001-KQ1 (mã kết quả). */
  code: Scalars['String']['output'];
  dossier: Dossier;
  file: File;
  /** Null where it is not the viewer's to see: at the agency that only received the dossier. */
  outgoingDocument?: Maybe<OutgoingDocument>;
  issuedAt: Scalars['DateTime']['output'];
};

export type ReceiveDossierInput = {
  idempotencyKey: Scalars['String']['input'];
  procedureId: Scalars['ID']['input'];
  applicantName: Scalars['String']['input'];
  applicantIdentity?: InputMaybe<Scalars['String']['input']>;
  applicantAddress?: InputMaybe<Scalars['String']['input']>;
  applicantPhone?: InputMaybe<Scalars['String']['input']>;
  submittedAt?: InputMaybe<Scalars['DateTime']['input']>;
  note?: InputMaybe<Scalars['String']['input']>;
};

export type ReceiveDossierPayload = {
  __typename?: 'ReceiveDossierPayload';
  dossier: Dossier;
  /** For the applicant's look-up, also printed on the receipt; shown only now. */
  secret?: Maybe<Scalars['String']['output']>;
};

export type AdvanceDossierInput = {
  idempotencyKey: Scalars['String']['input'];
  dossierId: Scalars['ID']['input'];
  note?: InputMaybe<Scalars['String']['input']>;
};

export type AdvanceDossierPayload = {
  __typename?: 'AdvanceDossierPayload';
  dossier: Dossier;
};

export type LinkDossierDocumentInput = {
  idempotencyKey: Scalars['String']['input'];
  dossierId: Scalars['ID']['input'];
  documentId: Scalars['ID']['input'];
  relation: DossierRelation;
};

export type LinkDossierDocumentPayload = {
  __typename?: 'LinkDossierDocumentPayload';
  dossier: Dossier;
};

export type ReturnDossierResultInput = {
  idempotencyKey: Scalars['String']['input'];
  dossierId: Scalars['ID']['input'];
  note?: InputMaybe<Scalars['String']['input']>;
};

export type ReturnDossierResultPayload = {
  __typename?: 'ReturnDossierResultPayload';
  dossier: Dossier;
};

export type ProcedureConnection = {
  __typename?: 'ProcedureConnection';
  edges: Array<ProcedureEdge>;
  nodes: Array<Procedure>;
  pageInfo: PageInfo;
  total: Total;
};

export type ProcedureEdge = {
  __typename?: 'ProcedureEdge';
  cursor: Scalars['String']['output'];
  node: Procedure;
};

export type DossierConnection = {
  __typename?: 'DossierConnection';
  edges: Array<DossierEdge>;
  nodes: Array<Dossier>;
  pageInfo: PageInfo;
  total: Total;
};

export type DossierEdge = {
  __typename?: 'DossierEdge';
  cursor: Scalars['String']['output'];
  node: Dossier;
};

/** What an applicant sees of a dossier (thông tin tra cứu). */
export type PublicDossier = {
  __typename?: 'PublicDossier';
  code: Scalars['String']['output'];
  procedureName: Scalars['String']['output'];
  status: DossierStatus;
  receivedByName: Scalars['String']['output'];
  competentAgencyName: Scalars['String']['output'];
  receivedAt: Scalars['DateTime']['output'];
  dueAt: Scalars['DateTime']['output'];
  completedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Steps done and steps in all. */
  stepsDone: Scalars['Int']['output'];
  stepsTotal: Scalars['Int']['output'];
  results: Array<PublicResult>;
};

/** A result that the applicant may fetch (kết quả). */
export type PublicResult = {
  __typename?: 'PublicResult';
  code: Scalars['String']['output'];
  sha256: Scalars['Sha256']['output'];
  issuedAt: Scalars['DateTime']['output'];
  /** Path of the signed PDF; good for ten minutes. */
  url: Scalars['String']['output'];
};

/** What is known of a file that is shown as a result (xác minh kết quả). */
export type ResultVerification = {
  __typename?: 'ResultVerification';
  /** True only when the code exists and its file has this very digest. */
  isGenuine: Scalars['Boolean']['output'];
  code: Scalars['String']['output'];
  issuedAt?: Maybe<Scalars['DateTime']['output']>;
  agencyName?: Maybe<Scalars['String']['output']>;
  referenceCode?: Maybe<Scalars['String']['output']>;
  verification?: Maybe<SignatureVerification>;
};

/** One row of the agency's chain of acts; nothing is ever changed in it (nhật ký). */
export type AuditEvent = Node & {
  __typename?: 'AuditEvent';
  id: Scalars['ID']['output'];
  sequence: Scalars['Int']['output'];
  at: Scalars['DateTime']['output'];
  /** Such as `incoming.register`. */
  act: Scalars['String']['output'];
  actor?: Maybe<Appointment>;
  objectId?: Maybe<Scalars['ID']['output']>;
  /** What was done, as recorded. */
  data: Scalars['JSON']['output'];
  /** Hash of this row and, through `previousHash`, of all before it. */
  hash: Scalars['Sha256']['output'];
  previousHash: Scalars['Sha256']['output'];
};

export type AuditEventConnection = {
  __typename?: 'AuditEventConnection';
  edges: Array<AuditEventEdge>;
  nodes: Array<AuditEvent>;
  pageInfo: PageInfo;
  total: Total;
};

export type AuditEventEdge = {
  __typename?: 'AuditEventEdge';
  cursor: Scalars['String']['output'];
  node: AuditEvent;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;




/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( AgencyRecord )
    | ( UnitRecord )
    | ( PositionRecord )
    | ( PersonRecord )
    | ( AppointmentRecord )
    | ( ApiTokenRecord )
    | ( DelegationRecord )
    | ( SigningCredentialRecord )
    | ( SigningSessionRecord )
    | ( DocumentRegisterRecord )
    | ( RegisterEntryRecord )
    | ( NumberingPolicyRecord )
    | ( FileRecord )
    | ( IncomingRow )
    | ( DirectiveRecord )
    | ( AssignmentRecord )
    | ( OutgoingRow )
    | ( RevisionRow )
    | ( OutgoingReview )
    | ( OutgoingRecipient )
    | ( ArrivalRow )
    | ( ProcedureRecord )
    | ( DossierRow )
    | ( DossierResultRow )
    | ( AuditEventRecord )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Sha256: ResolverTypeWrapper<Scalars['Sha256']['output']>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Total: ResolverTypeWrapper<CountsWhenAsked>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Change: ResolverTypeWrapper<Change>;
  AgencyLevel: AgencyLevel;
  AgencyKind: AgencyKind;
  Agency: ResolverTypeWrapper<AgencyRecord>;
  Unit: ResolverTypeWrapper<UnitRecord>;
  PositionRank: PositionRank;
  Position: ResolverTypeWrapper<PositionRecord>;
  Person: ResolverTypeWrapper<PersonRecord>;
  Appointment: ResolverTypeWrapper<AppointmentRecord>;
  Viewer: ResolverTypeWrapper<ViewerRecord>;
  SignInInput: SignInInput;
  SignInPayload: ResolverTypeWrapper<Omit<SignInPayload, 'viewer'> & { viewer: ResolversTypes['Viewer'] }>;
  SignOutPayload: ResolverTypeWrapper<SignOutPayload>;
  TokenScope: TokenScope;
  ApiToken: ResolverTypeWrapper<ApiTokenRecord>;
  CreateApiTokenInput: CreateApiTokenInput;
  CreateApiTokenPayload: ResolverTypeWrapper<Omit<CreateApiTokenPayload, 'apiToken'> & { apiToken: ResolversTypes['ApiToken'] }>;
  RevokeApiTokenInput: RevokeApiTokenInput;
  RevokeApiTokenPayload: ResolverTypeWrapper<Omit<RevokeApiTokenPayload, 'apiToken'> & { apiToken: ResolversTypes['ApiToken'] }>;
  DelegationKind: DelegationKind;
  Delegation: ResolverTypeWrapper<DelegationRecord>;
  GrantDelegationInput: GrantDelegationInput;
  GrantDelegationPayload: ResolverTypeWrapper<Omit<GrantDelegationPayload, 'delegation'> & { delegation: ResolversTypes['Delegation'] }>;
  RevokeDelegationInput: RevokeDelegationInput;
  RevokeDelegationPayload: ResolverTypeWrapper<Omit<RevokeDelegationPayload, 'delegation'> & { delegation: ResolversTypes['Delegation'] }>;
  SignatureBlock: ResolverTypeWrapper<ComputedBlock>;
  SigningCredential: ResolverTypeWrapper<SigningCredentialRecord>;
  SigningProvider: SigningProvider;
  SigningState: SigningState;
  SigningSession: ResolverTypeWrapper<SigningSessionRecord>;
  SigningFault: ResolverTypeWrapper<SigningFault>;
  AgentTicket: ResolverTypeWrapper<AgentTicket>;
  PrepareSignatureInput: PrepareSignatureInput;
  PrepareSignaturePayload: ResolverTypeWrapper<Omit<PrepareSignaturePayload, 'session'> & { session: ResolversTypes['SigningSession'] }>;
  SignatureItemInput: SignatureItemInput;
  PrepareSignaturesInput: PrepareSignaturesInput;
  PrepareSignaturesPayload: ResolverTypeWrapper<Omit<PrepareSignaturesPayload, 'sessions'> & { sessions: Array<ResolversTypes['SigningSession']> }>;
  AuthorizeSignatureInput: AuthorizeSignatureInput;
  AuthorizeSignaturePayload: ResolverTypeWrapper<Omit<AuthorizeSignaturePayload, 'sessions'> & { sessions: Array<ResolversTypes['SigningSession']> }>;
  CompleteSignatureInput: CompleteSignatureInput;
  CompleteSignaturePayload: ResolverTypeWrapper<Omit<CompleteSignaturePayload, 'session'> & { session: ResolversTypes['SigningSession'] }>;
  CancelSignatureInput: CancelSignatureInput;
  CancelSignaturePayload: ResolverTypeWrapper<Omit<CancelSignaturePayload, 'session'> & { session: ResolversTypes['SigningSession'] }>;
  AgencyConnection: ResolverTypeWrapper<Omit<AgencyConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['AgencyEdge']>, nodes: Array<ResolversTypes['Agency']>, total: ResolversTypes['Total'] }>;
  AgencyEdge: ResolverTypeWrapper<Omit<AgencyEdge, 'node'> & { node: ResolversTypes['Agency'] }>;
  DocumentType: ResolverTypeWrapper<DocumentType>;
  RegisterKind: RegisterKind;
  DocumentRegister: ResolverTypeWrapper<DocumentRegisterRecord>;
  RegisterEntryState: RegisterEntryState;
  RegisterEntry: ResolverTypeWrapper<RegisterEntryRecord>;
  RegisterEntryConnection: ResolverTypeWrapper<Omit<RegisterEntryConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['RegisterEntryEdge']>, nodes: Array<ResolversTypes['RegisterEntry']>, total: ResolversTypes['Total'] }>;
  RegisterEntryEdge: ResolverTypeWrapper<Omit<RegisterEntryEdge, 'node'> & { node: ResolversTypes['RegisterEntry'] }>;
  NumberingMode: NumberingMode;
  NumberingPolicy: ResolverTypeWrapper<NumberingPolicyRecord>;
  NumberingGroup: ResolverTypeWrapper<NumberingGroup>;
  NumberingGroupInput: NumberingGroupInput;
  SetNumberingPolicyInput: SetNumberingPolicyInput;
  SetNumberingPolicyPayload: ResolverTypeWrapper<Omit<SetNumberingPolicyPayload, 'numberingPolicy'> & { numberingPolicy: ResolversTypes['NumberingPolicy'] }>;
  ReserveNumberInput: ReserveNumberInput;
  ReserveNumberPayload: ResolverTypeWrapper<Omit<ReserveNumberPayload, 'entry'> & { entry: ResolversTypes['RegisterEntry'] }>;
  VoidNumberInput: VoidNumberInput;
  VoidNumberPayload: ResolverTypeWrapper<Omit<VoidNumberPayload, 'entry'> & { entry: ResolversTypes['RegisterEntry'] }>;
  File: ResolverTypeWrapper<FileRecord>;
  FileRole: FileRole;
  Attachment: ResolverTypeWrapper<Omit<Attachment, 'file'> & { file: ResolversTypes['File'] }>;
  AttachmentInput: AttachmentInput;
  Urgency: Urgency;
  ReceivedVia: ReceivedVia;
  IncomingStatus: IncomingStatus;
  IncomingDocument: ResolverTypeWrapper<IncomingRow>;
  Completion: ResolverTypeWrapper<Omit<Completion, 'by'> & { by: ResolversTypes['Appointment'] }>;
  CompletionKind: CompletionKind;
  Directive: ResolverTypeWrapper<DirectiveRecord>;
  AssignmentRole: AssignmentRole;
  AssignmentStatus: AssignmentStatus;
  Assignment: ResolverTypeWrapper<AssignmentRecord>;
  ProgressNote: ResolverTypeWrapper<ProgressNoteRecord>;
  IncomingDocumentFilter: IncomingDocumentFilter;
  DuplicateCheckInput: DuplicateCheckInput;
  RegisterIncomingDocumentInput: RegisterIncomingDocumentInput;
  RegisterIncomingDocumentPayload: ResolverTypeWrapper<Omit<RegisterIncomingDocumentPayload, 'incomingDocument' | 'possibleDuplicates'> & { incomingDocument: ResolversTypes['IncomingDocument'], possibleDuplicates: Array<ResolversTypes['IncomingDocument']> }>;
  AssigneeInput: AssigneeInput;
  AssignIncomingDocumentInput: AssignIncomingDocumentInput;
  AssignIncomingDocumentPayload: ResolverTypeWrapper<Omit<AssignIncomingDocumentPayload, 'incomingDocument'> & { incomingDocument: ResolversTypes['IncomingDocument'] }>;
  ReportProgressInput: ReportProgressInput;
  ReportProgressPayload: ResolverTypeWrapper<Omit<ReportProgressPayload, 'assignment'> & { assignment: ResolversTypes['Assignment'] }>;
  CompleteIncomingDocumentInput: CompleteIncomingDocumentInput;
  CompleteIncomingDocumentPayload: ResolverTypeWrapper<Omit<CompleteIncomingDocumentPayload, 'incomingDocument'> & { incomingDocument: ResolversTypes['IncomingDocument'] }>;
  ReturnIncomingDocumentInput: ReturnIncomingDocumentInput;
  ReturnIncomingDocumentPayload: ResolverTypeWrapper<Omit<ReturnIncomingDocumentPayload, 'incomingDocument'> & { incomingDocument: ResolversTypes['IncomingDocument'] }>;
  IncomingDocumentConnection: ResolverTypeWrapper<Omit<IncomingDocumentConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['IncomingDocumentEdge']>, nodes: Array<ResolversTypes['IncomingDocument']>, total: ResolversTypes['Total'] }>;
  IncomingDocumentEdge: ResolverTypeWrapper<Omit<IncomingDocumentEdge, 'node'> & { node: ResolversTypes['IncomingDocument'] }>;
  AssignmentConnection: ResolverTypeWrapper<Omit<AssignmentConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['AssignmentEdge']>, nodes: Array<ResolversTypes['Assignment']>, total: ResolversTypes['Total'] }>;
  AssignmentEdge: ResolverTypeWrapper<Omit<AssignmentEdge, 'node'> & { node: ResolversTypes['Assignment'] }>;
  OutgoingStatus: OutgoingStatus;
  OutgoingDocument: ResolverTypeWrapper<OutgoingRow>;
  SigningRole: SigningRole;
  SigningStepStatus: SigningStepStatus;
  SigningStep: ResolverTypeWrapper<StepRow>;
  SigningStepInput: SigningStepInput;
  SetSigningChainInput: SetSigningChainInput;
  SetSigningChainPayload: ResolverTypeWrapper<Omit<SetSigningChainPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  ConfirmSigningStepInput: ConfirmSigningStepInput;
  ConfirmSigningStepPayload: ResolverTypeWrapper<Omit<ConfirmSigningStepPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  RevisionKind: RevisionKind;
  Revision: ResolverTypeWrapper<RevisionRow>;
  DocumentSignature: ResolverTypeWrapper<SignatureRow>;
  Review: ResolverTypeWrapper<OutgoingReview>;
  ReviewDecision: ReviewDecision;
  RecipientRole: RecipientRole;
  Recipient: ResolverTypeWrapper<OutgoingRecipient>;
  DeliveryState: DeliveryState;
  ExchangeStatus: ExchangeStatus;
  StatusReport: ResolverTypeWrapper<StatusReport>;
  OutgoingDocumentFilter: OutgoingDocumentFilter;
  RecipientInput: RecipientInput;
  DraftOutgoingDocumentInput: DraftOutgoingDocumentInput;
  DraftOutgoingDocumentPayload: ResolverTypeWrapper<Omit<DraftOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  ReviseDraftInput: ReviseDraftInput;
  ReviseDraftPayload: ResolverTypeWrapper<Omit<ReviseDraftPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  SubmitForReviewInput: SubmitForReviewInput;
  SubmitForReviewPayload: ResolverTypeWrapper<Omit<SubmitForReviewPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  ReviewDraftInput: ReviewDraftInput;
  ReviewDraftPayload: ResolverTypeWrapper<Omit<ReviewDraftPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  SubmitForSignatureInput: SubmitForSignatureInput;
  SubmitForSignaturePayload: ResolverTypeWrapper<Omit<SubmitForSignaturePayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  SignOutgoingDocumentInput: SignOutgoingDocumentInput;
  SignOutgoingDocumentPayload: ResolverTypeWrapper<Omit<SignOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  NumberOutgoingDocumentInput: NumberOutgoingDocumentInput;
  NumberOutgoingDocumentPayload: ResolverTypeWrapper<Omit<NumberOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  SealOutgoingDocumentInput: SealOutgoingDocumentInput;
  SealOutgoingDocumentPayload: ResolverTypeWrapper<Omit<SealOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  CancelOutgoingDocumentInput: CancelOutgoingDocumentInput;
  CancelOutgoingDocumentPayload: ResolverTypeWrapper<Omit<CancelOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  DispatchOutgoingDocumentInput: DispatchOutgoingDocumentInput;
  DispatchOutgoingDocumentPayload: ResolverTypeWrapper<Omit<DispatchOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversTypes['OutgoingDocument'] }>;
  OutgoingDocumentConnection: ResolverTypeWrapper<Omit<OutgoingDocumentConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['OutgoingDocumentEdge']>, nodes: Array<ResolversTypes['OutgoingDocument']>, total: ResolversTypes['Total'] }>;
  OutgoingDocumentEdge: ResolverTypeWrapper<Omit<OutgoingDocumentEdge, 'node'> & { node: ResolversTypes['OutgoingDocument'] }>;
  ArrivalState: ArrivalState;
  Arrival: ResolverTypeWrapper<ArrivalRow>;
  Indication: Indication;
  SignatureVerification: ResolverTypeWrapper<SignatureVerification>;
  VerdictWarning: ResolverTypeWrapper<VerdictWarning>;
  VerdictWords: ResolverTypeWrapper<VerdictWords>;
  SignatureVerdict: ResolverTypeWrapper<SignatureVerdict>;
  CertificateVerdict: ResolverTypeWrapper<CertificateVerdict>;
  RevocationVerdict: ResolverTypeWrapper<RevocationVerdict>;
  TimestampVerdict: ResolverTypeWrapper<TimestampVerdict>;
  CheckState: CheckState;
  SignatureCheck: ResolverTypeWrapper<SignatureCheckRecord>;
  RefreshSignatureCheckInput: RefreshSignatureCheckInput;
  RefreshSignatureCheckPayload: ResolverTypeWrapper<Omit<RefreshSignatureCheckPayload, 'check'> & { check: ResolversTypes['SignatureCheck'] }>;
  AcceptArrivalInput: AcceptArrivalInput;
  AcceptArrivalPayload: ResolverTypeWrapper<Omit<AcceptArrivalPayload, 'arrival' | 'incomingDocument' | 'possibleDuplicates'> & { arrival: ResolversTypes['Arrival'], incomingDocument: ResolversTypes['IncomingDocument'], possibleDuplicates: Array<ResolversTypes['IncomingDocument']> }>;
  RefuseArrivalInput: RefuseArrivalInput;
  RefuseArrivalPayload: ResolverTypeWrapper<Omit<RefuseArrivalPayload, 'arrival'> & { arrival: ResolversTypes['Arrival'] }>;
  ArrivalConnection: ResolverTypeWrapper<Omit<ArrivalConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['ArrivalEdge']>, nodes: Array<ResolversTypes['Arrival']>, total: ResolversTypes['Total'] }>;
  ArrivalEdge: ResolverTypeWrapper<Omit<ArrivalEdge, 'node'> & { node: ResolversTypes['Arrival'] }>;
  TimeUnit: TimeUnit;
  Procedure: ResolverTypeWrapper<ProcedureRecord>;
  ProcedureStep: ResolverTypeWrapper<ProcedureStep>;
  DossierStatus: DossierStatus;
  Dossier: ResolverTypeWrapper<DossierRow>;
  DossierEvent: ResolverTypeWrapper<DossierEventRow>;
  DossierRelation: DossierRelation;
  DossierDocument: ResolverTypeWrapper<Omit<DossierDocument, 'incomingDocument' | 'outgoingDocument'> & { incomingDocument?: Maybe<ResolversTypes['IncomingDocument']>, outgoingDocument?: Maybe<ResolversTypes['OutgoingDocument']> }>;
  DossierResult: ResolverTypeWrapper<DossierResultRow>;
  ReceiveDossierInput: ReceiveDossierInput;
  ReceiveDossierPayload: ResolverTypeWrapper<Omit<ReceiveDossierPayload, 'dossier'> & { dossier: ResolversTypes['Dossier'] }>;
  AdvanceDossierInput: AdvanceDossierInput;
  AdvanceDossierPayload: ResolverTypeWrapper<Omit<AdvanceDossierPayload, 'dossier'> & { dossier: ResolversTypes['Dossier'] }>;
  LinkDossierDocumentInput: LinkDossierDocumentInput;
  LinkDossierDocumentPayload: ResolverTypeWrapper<Omit<LinkDossierDocumentPayload, 'dossier'> & { dossier: ResolversTypes['Dossier'] }>;
  ReturnDossierResultInput: ReturnDossierResultInput;
  ReturnDossierResultPayload: ResolverTypeWrapper<Omit<ReturnDossierResultPayload, 'dossier'> & { dossier: ResolversTypes['Dossier'] }>;
  ProcedureConnection: ResolverTypeWrapper<Omit<ProcedureConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['ProcedureEdge']>, nodes: Array<ResolversTypes['Procedure']>, total: ResolversTypes['Total'] }>;
  ProcedureEdge: ResolverTypeWrapper<Omit<ProcedureEdge, 'node'> & { node: ResolversTypes['Procedure'] }>;
  DossierConnection: ResolverTypeWrapper<Omit<DossierConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['DossierEdge']>, nodes: Array<ResolversTypes['Dossier']>, total: ResolversTypes['Total'] }>;
  DossierEdge: ResolverTypeWrapper<Omit<DossierEdge, 'node'> & { node: ResolversTypes['Dossier'] }>;
  PublicDossier: ResolverTypeWrapper<PublicDossier>;
  PublicResult: ResolverTypeWrapper<PublicResult>;
  ResultVerification: ResolverTypeWrapper<CheckedResult>;
  AuditEvent: ResolverTypeWrapper<AuditEventRecord>;
  AuditEventConnection: ResolverTypeWrapper<Omit<AuditEventConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversTypes['AuditEventEdge']>, nodes: Array<ResolversTypes['AuditEvent']>, total: ResolversTypes['Total'] }>;
  AuditEventEdge: ResolverTypeWrapper<Omit<AuditEventEdge, 'node'> & { node: ResolversTypes['AuditEvent'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  Sha256: Scalars['Sha256']['output'];
  JSON: Scalars['JSON']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  ID: Scalars['ID']['output'];
  PageInfo: PageInfo;
  Boolean: Scalars['Boolean']['output'];
  String: Scalars['String']['output'];
  Total: CountsWhenAsked;
  Int: Scalars['Int']['output'];
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Change: Change;
  Agency: AgencyRecord;
  Unit: UnitRecord;
  Position: PositionRecord;
  Person: PersonRecord;
  Appointment: AppointmentRecord;
  Viewer: ViewerRecord;
  SignInInput: SignInInput;
  SignInPayload: Omit<SignInPayload, 'viewer'> & { viewer: ResolversParentTypes['Viewer'] };
  SignOutPayload: SignOutPayload;
  ApiToken: ApiTokenRecord;
  CreateApiTokenInput: CreateApiTokenInput;
  CreateApiTokenPayload: Omit<CreateApiTokenPayload, 'apiToken'> & { apiToken: ResolversParentTypes['ApiToken'] };
  RevokeApiTokenInput: RevokeApiTokenInput;
  RevokeApiTokenPayload: Omit<RevokeApiTokenPayload, 'apiToken'> & { apiToken: ResolversParentTypes['ApiToken'] };
  Delegation: DelegationRecord;
  GrantDelegationInput: GrantDelegationInput;
  GrantDelegationPayload: Omit<GrantDelegationPayload, 'delegation'> & { delegation: ResolversParentTypes['Delegation'] };
  RevokeDelegationInput: RevokeDelegationInput;
  RevokeDelegationPayload: Omit<RevokeDelegationPayload, 'delegation'> & { delegation: ResolversParentTypes['Delegation'] };
  SignatureBlock: ComputedBlock;
  SigningCredential: SigningCredentialRecord;
  SigningSession: SigningSessionRecord;
  SigningFault: SigningFault;
  AgentTicket: AgentTicket;
  PrepareSignatureInput: PrepareSignatureInput;
  PrepareSignaturePayload: Omit<PrepareSignaturePayload, 'session'> & { session: ResolversParentTypes['SigningSession'] };
  SignatureItemInput: SignatureItemInput;
  PrepareSignaturesInput: PrepareSignaturesInput;
  PrepareSignaturesPayload: Omit<PrepareSignaturesPayload, 'sessions'> & { sessions: Array<ResolversParentTypes['SigningSession']> };
  AuthorizeSignatureInput: AuthorizeSignatureInput;
  AuthorizeSignaturePayload: Omit<AuthorizeSignaturePayload, 'sessions'> & { sessions: Array<ResolversParentTypes['SigningSession']> };
  CompleteSignatureInput: CompleteSignatureInput;
  CompleteSignaturePayload: Omit<CompleteSignaturePayload, 'session'> & { session: ResolversParentTypes['SigningSession'] };
  CancelSignatureInput: CancelSignatureInput;
  CancelSignaturePayload: Omit<CancelSignaturePayload, 'session'> & { session: ResolversParentTypes['SigningSession'] };
  AgencyConnection: Omit<AgencyConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['AgencyEdge']>, nodes: Array<ResolversParentTypes['Agency']>, total: ResolversParentTypes['Total'] };
  AgencyEdge: Omit<AgencyEdge, 'node'> & { node: ResolversParentTypes['Agency'] };
  DocumentType: DocumentType;
  DocumentRegister: DocumentRegisterRecord;
  RegisterEntry: RegisterEntryRecord;
  RegisterEntryConnection: Omit<RegisterEntryConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['RegisterEntryEdge']>, nodes: Array<ResolversParentTypes['RegisterEntry']>, total: ResolversParentTypes['Total'] };
  RegisterEntryEdge: Omit<RegisterEntryEdge, 'node'> & { node: ResolversParentTypes['RegisterEntry'] };
  NumberingPolicy: NumberingPolicyRecord;
  NumberingGroup: NumberingGroup;
  NumberingGroupInput: NumberingGroupInput;
  SetNumberingPolicyInput: SetNumberingPolicyInput;
  SetNumberingPolicyPayload: Omit<SetNumberingPolicyPayload, 'numberingPolicy'> & { numberingPolicy: ResolversParentTypes['NumberingPolicy'] };
  ReserveNumberInput: ReserveNumberInput;
  ReserveNumberPayload: Omit<ReserveNumberPayload, 'entry'> & { entry: ResolversParentTypes['RegisterEntry'] };
  VoidNumberInput: VoidNumberInput;
  VoidNumberPayload: Omit<VoidNumberPayload, 'entry'> & { entry: ResolversParentTypes['RegisterEntry'] };
  File: FileRecord;
  Attachment: Omit<Attachment, 'file'> & { file: ResolversParentTypes['File'] };
  AttachmentInput: AttachmentInput;
  IncomingDocument: IncomingRow;
  Completion: Omit<Completion, 'by'> & { by: ResolversParentTypes['Appointment'] };
  Directive: DirectiveRecord;
  Assignment: AssignmentRecord;
  ProgressNote: ProgressNoteRecord;
  IncomingDocumentFilter: IncomingDocumentFilter;
  DuplicateCheckInput: DuplicateCheckInput;
  RegisterIncomingDocumentInput: RegisterIncomingDocumentInput;
  RegisterIncomingDocumentPayload: Omit<RegisterIncomingDocumentPayload, 'incomingDocument' | 'possibleDuplicates'> & { incomingDocument: ResolversParentTypes['IncomingDocument'], possibleDuplicates: Array<ResolversParentTypes['IncomingDocument']> };
  AssigneeInput: AssigneeInput;
  AssignIncomingDocumentInput: AssignIncomingDocumentInput;
  AssignIncomingDocumentPayload: Omit<AssignIncomingDocumentPayload, 'incomingDocument'> & { incomingDocument: ResolversParentTypes['IncomingDocument'] };
  ReportProgressInput: ReportProgressInput;
  ReportProgressPayload: Omit<ReportProgressPayload, 'assignment'> & { assignment: ResolversParentTypes['Assignment'] };
  CompleteIncomingDocumentInput: CompleteIncomingDocumentInput;
  CompleteIncomingDocumentPayload: Omit<CompleteIncomingDocumentPayload, 'incomingDocument'> & { incomingDocument: ResolversParentTypes['IncomingDocument'] };
  ReturnIncomingDocumentInput: ReturnIncomingDocumentInput;
  ReturnIncomingDocumentPayload: Omit<ReturnIncomingDocumentPayload, 'incomingDocument'> & { incomingDocument: ResolversParentTypes['IncomingDocument'] };
  IncomingDocumentConnection: Omit<IncomingDocumentConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['IncomingDocumentEdge']>, nodes: Array<ResolversParentTypes['IncomingDocument']>, total: ResolversParentTypes['Total'] };
  IncomingDocumentEdge: Omit<IncomingDocumentEdge, 'node'> & { node: ResolversParentTypes['IncomingDocument'] };
  AssignmentConnection: Omit<AssignmentConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['AssignmentEdge']>, nodes: Array<ResolversParentTypes['Assignment']>, total: ResolversParentTypes['Total'] };
  AssignmentEdge: Omit<AssignmentEdge, 'node'> & { node: ResolversParentTypes['Assignment'] };
  OutgoingDocument: OutgoingRow;
  SigningStep: StepRow;
  SigningStepInput: SigningStepInput;
  SetSigningChainInput: SetSigningChainInput;
  SetSigningChainPayload: Omit<SetSigningChainPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  ConfirmSigningStepInput: ConfirmSigningStepInput;
  ConfirmSigningStepPayload: Omit<ConfirmSigningStepPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  Revision: RevisionRow;
  DocumentSignature: SignatureRow;
  Review: OutgoingReview;
  Recipient: OutgoingRecipient;
  StatusReport: StatusReport;
  OutgoingDocumentFilter: OutgoingDocumentFilter;
  RecipientInput: RecipientInput;
  DraftOutgoingDocumentInput: DraftOutgoingDocumentInput;
  DraftOutgoingDocumentPayload: Omit<DraftOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  ReviseDraftInput: ReviseDraftInput;
  ReviseDraftPayload: Omit<ReviseDraftPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  SubmitForReviewInput: SubmitForReviewInput;
  SubmitForReviewPayload: Omit<SubmitForReviewPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  ReviewDraftInput: ReviewDraftInput;
  ReviewDraftPayload: Omit<ReviewDraftPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  SubmitForSignatureInput: SubmitForSignatureInput;
  SubmitForSignaturePayload: Omit<SubmitForSignaturePayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  SignOutgoingDocumentInput: SignOutgoingDocumentInput;
  SignOutgoingDocumentPayload: Omit<SignOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  NumberOutgoingDocumentInput: NumberOutgoingDocumentInput;
  NumberOutgoingDocumentPayload: Omit<NumberOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  SealOutgoingDocumentInput: SealOutgoingDocumentInput;
  SealOutgoingDocumentPayload: Omit<SealOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  CancelOutgoingDocumentInput: CancelOutgoingDocumentInput;
  CancelOutgoingDocumentPayload: Omit<CancelOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  DispatchOutgoingDocumentInput: DispatchOutgoingDocumentInput;
  DispatchOutgoingDocumentPayload: Omit<DispatchOutgoingDocumentPayload, 'outgoingDocument'> & { outgoingDocument: ResolversParentTypes['OutgoingDocument'] };
  OutgoingDocumentConnection: Omit<OutgoingDocumentConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['OutgoingDocumentEdge']>, nodes: Array<ResolversParentTypes['OutgoingDocument']>, total: ResolversParentTypes['Total'] };
  OutgoingDocumentEdge: Omit<OutgoingDocumentEdge, 'node'> & { node: ResolversParentTypes['OutgoingDocument'] };
  Arrival: ArrivalRow;
  SignatureVerification: SignatureVerification;
  VerdictWarning: VerdictWarning;
  VerdictWords: VerdictWords;
  SignatureVerdict: SignatureVerdict;
  CertificateVerdict: CertificateVerdict;
  RevocationVerdict: RevocationVerdict;
  TimestampVerdict: TimestampVerdict;
  SignatureCheck: SignatureCheckRecord;
  RefreshSignatureCheckInput: RefreshSignatureCheckInput;
  RefreshSignatureCheckPayload: Omit<RefreshSignatureCheckPayload, 'check'> & { check: ResolversParentTypes['SignatureCheck'] };
  AcceptArrivalInput: AcceptArrivalInput;
  AcceptArrivalPayload: Omit<AcceptArrivalPayload, 'arrival' | 'incomingDocument' | 'possibleDuplicates'> & { arrival: ResolversParentTypes['Arrival'], incomingDocument: ResolversParentTypes['IncomingDocument'], possibleDuplicates: Array<ResolversParentTypes['IncomingDocument']> };
  RefuseArrivalInput: RefuseArrivalInput;
  RefuseArrivalPayload: Omit<RefuseArrivalPayload, 'arrival'> & { arrival: ResolversParentTypes['Arrival'] };
  ArrivalConnection: Omit<ArrivalConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['ArrivalEdge']>, nodes: Array<ResolversParentTypes['Arrival']>, total: ResolversParentTypes['Total'] };
  ArrivalEdge: Omit<ArrivalEdge, 'node'> & { node: ResolversParentTypes['Arrival'] };
  Procedure: ProcedureRecord;
  ProcedureStep: ProcedureStep;
  Dossier: DossierRow;
  DossierEvent: DossierEventRow;
  DossierDocument: Omit<DossierDocument, 'incomingDocument' | 'outgoingDocument'> & { incomingDocument?: Maybe<ResolversParentTypes['IncomingDocument']>, outgoingDocument?: Maybe<ResolversParentTypes['OutgoingDocument']> };
  DossierResult: DossierResultRow;
  ReceiveDossierInput: ReceiveDossierInput;
  ReceiveDossierPayload: Omit<ReceiveDossierPayload, 'dossier'> & { dossier: ResolversParentTypes['Dossier'] };
  AdvanceDossierInput: AdvanceDossierInput;
  AdvanceDossierPayload: Omit<AdvanceDossierPayload, 'dossier'> & { dossier: ResolversParentTypes['Dossier'] };
  LinkDossierDocumentInput: LinkDossierDocumentInput;
  LinkDossierDocumentPayload: Omit<LinkDossierDocumentPayload, 'dossier'> & { dossier: ResolversParentTypes['Dossier'] };
  ReturnDossierResultInput: ReturnDossierResultInput;
  ReturnDossierResultPayload: Omit<ReturnDossierResultPayload, 'dossier'> & { dossier: ResolversParentTypes['Dossier'] };
  ProcedureConnection: Omit<ProcedureConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['ProcedureEdge']>, nodes: Array<ResolversParentTypes['Procedure']>, total: ResolversParentTypes['Total'] };
  ProcedureEdge: Omit<ProcedureEdge, 'node'> & { node: ResolversParentTypes['Procedure'] };
  DossierConnection: Omit<DossierConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['DossierEdge']>, nodes: Array<ResolversParentTypes['Dossier']>, total: ResolversParentTypes['Total'] };
  DossierEdge: Omit<DossierEdge, 'node'> & { node: ResolversParentTypes['Dossier'] };
  PublicDossier: PublicDossier;
  PublicResult: PublicResult;
  ResultVerification: CheckedResult;
  AuditEvent: AuditEventRecord;
  AuditEventConnection: Omit<AuditEventConnection, 'edges' | 'nodes' | 'total'> & { edges: Array<ResolversParentTypes['AuditEventEdge']>, nodes: Array<ResolversParentTypes['AuditEvent']>, total: ResolversParentTypes['Total'] };
  AuditEventEdge: Omit<AuditEventEdge, 'node'> & { node: ResolversParentTypes['AuditEvent'] };
};

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface Sha256ScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Sha256'], any> {
  name: 'Sha256';
}

export interface JSONScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Agency' | 'Unit' | 'Position' | 'Person' | 'Appointment' | 'ApiToken' | 'Delegation' | 'SigningCredential' | 'SigningSession' | 'DocumentRegister' | 'RegisterEntry' | 'NumberingPolicy' | 'File' | 'IncomingDocument' | 'Directive' | 'Assignment' | 'OutgoingDocument' | 'Revision' | 'Review' | 'Recipient' | 'Arrival' | 'Procedure' | 'Dossier' | 'DossierResult' | 'AuditEvent', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type TotalResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Total'] = ResolversParentTypes['Total']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isExact?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QuerynodeArgs, 'id'>>;
  viewer?: Resolver<Maybe<ResolversTypes['Viewer']>, ParentType, ContextType>;
  agencies?: Resolver<ResolversTypes['AgencyConnection'], ParentType, ContextType, RequireFields<QueryagenciesArgs, 'first'>>;
  documentTypes?: Resolver<Array<ResolversTypes['DocumentType']>, ParentType, ContextType>;
  documentRegisters?: Resolver<Array<ResolversTypes['DocumentRegister']>, ParentType, ContextType, Partial<QuerydocumentRegistersArgs>>;
  numberingPolicies?: Resolver<Array<ResolversTypes['NumberingPolicy']>, ParentType, ContextType>;
  incomingDocuments?: Resolver<ResolversTypes['IncomingDocumentConnection'], ParentType, ContextType, RequireFields<QueryincomingDocumentsArgs, 'first'>>;
  possibleDuplicates?: Resolver<Array<ResolversTypes['IncomingDocument']>, ParentType, ContextType, RequireFields<QuerypossibleDuplicatesArgs, 'input'>>;
  myAssignments?: Resolver<ResolversTypes['AssignmentConnection'], ParentType, ContextType, RequireFields<QuerymyAssignmentsArgs, 'first'>>;
  outgoingDocuments?: Resolver<ResolversTypes['OutgoingDocumentConnection'], ParentType, ContextType, RequireFields<QueryoutgoingDocumentsArgs, 'first'>>;
  signatureBlock?: Resolver<ResolversTypes['SignatureBlock'], ParentType, ContextType, RequireFields<QuerysignatureBlockArgs, 'signerId'>>;
  arrivals?: Resolver<ResolversTypes['ArrivalConnection'], ParentType, ContextType, RequireFields<QueryarrivalsArgs, 'first'>>;
  procedures?: Resolver<ResolversTypes['ProcedureConnection'], ParentType, ContextType, RequireFields<QueryproceduresArgs, 'first'>>;
  dossiers?: Resolver<ResolversTypes['DossierConnection'], ParentType, ContextType, RequireFields<QuerydossiersArgs, 'first'>>;
  publicDossier?: Resolver<Maybe<ResolversTypes['PublicDossier']>, ParentType, ContextType, RequireFields<QuerypublicDossierArgs, 'code' | 'secret'>>;
  verifyResult?: Resolver<ResolversTypes['ResultVerification'], ParentType, ContextType, RequireFields<QueryverifyResultArgs, 'code' | 'sha256'>>;
  fileSignatures?: Resolver<ResolversTypes['SignatureVerification'], ParentType, ContextType, RequireFields<QueryfileSignaturesArgs, 'fileId'>>;
  auditEvents?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<QueryauditEventsArgs, 'first'>>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  signIn?: Resolver<ResolversTypes['SignInPayload'], ParentType, ContextType, RequireFields<MutationsignInArgs, 'input'>>;
  signOut?: Resolver<ResolversTypes['SignOutPayload'], ParentType, ContextType>;
  createApiToken?: Resolver<ResolversTypes['CreateApiTokenPayload'], ParentType, ContextType, RequireFields<MutationcreateApiTokenArgs, 'input'>>;
  revokeApiToken?: Resolver<ResolversTypes['RevokeApiTokenPayload'], ParentType, ContextType, RequireFields<MutationrevokeApiTokenArgs, 'input'>>;
  grantDelegation?: Resolver<ResolversTypes['GrantDelegationPayload'], ParentType, ContextType, RequireFields<MutationgrantDelegationArgs, 'input'>>;
  revokeDelegation?: Resolver<ResolversTypes['RevokeDelegationPayload'], ParentType, ContextType, RequireFields<MutationrevokeDelegationArgs, 'input'>>;
  setNumberingPolicy?: Resolver<ResolversTypes['SetNumberingPolicyPayload'], ParentType, ContextType, RequireFields<MutationsetNumberingPolicyArgs, 'input'>>;
  reserveNumber?: Resolver<ResolversTypes['ReserveNumberPayload'], ParentType, ContextType, RequireFields<MutationreserveNumberArgs, 'input'>>;
  voidNumber?: Resolver<ResolversTypes['VoidNumberPayload'], ParentType, ContextType, RequireFields<MutationvoidNumberArgs, 'input'>>;
  registerIncomingDocument?: Resolver<ResolversTypes['RegisterIncomingDocumentPayload'], ParentType, ContextType, RequireFields<MutationregisterIncomingDocumentArgs, 'input'>>;
  assignIncomingDocument?: Resolver<ResolversTypes['AssignIncomingDocumentPayload'], ParentType, ContextType, RequireFields<MutationassignIncomingDocumentArgs, 'input'>>;
  reportProgress?: Resolver<ResolversTypes['ReportProgressPayload'], ParentType, ContextType, RequireFields<MutationreportProgressArgs, 'input'>>;
  completeIncomingDocument?: Resolver<ResolversTypes['CompleteIncomingDocumentPayload'], ParentType, ContextType, RequireFields<MutationcompleteIncomingDocumentArgs, 'input'>>;
  returnIncomingDocument?: Resolver<ResolversTypes['ReturnIncomingDocumentPayload'], ParentType, ContextType, RequireFields<MutationreturnIncomingDocumentArgs, 'input'>>;
  refreshSignatureCheck?: Resolver<ResolversTypes['RefreshSignatureCheckPayload'], ParentType, ContextType, RequireFields<MutationrefreshSignatureCheckArgs, 'input'>>;
  draftOutgoingDocument?: Resolver<ResolversTypes['DraftOutgoingDocumentPayload'], ParentType, ContextType, RequireFields<MutationdraftOutgoingDocumentArgs, 'input'>>;
  reviseDraft?: Resolver<ResolversTypes['ReviseDraftPayload'], ParentType, ContextType, RequireFields<MutationreviseDraftArgs, 'input'>>;
  setSigningChain?: Resolver<ResolversTypes['SetSigningChainPayload'], ParentType, ContextType, RequireFields<MutationsetSigningChainArgs, 'input'>>;
  submitForReview?: Resolver<ResolversTypes['SubmitForReviewPayload'], ParentType, ContextType, RequireFields<MutationsubmitForReviewArgs, 'input'>>;
  reviewDraft?: Resolver<ResolversTypes['ReviewDraftPayload'], ParentType, ContextType, RequireFields<MutationreviewDraftArgs, 'input'>>;
  submitForSignature?: Resolver<ResolversTypes['SubmitForSignaturePayload'], ParentType, ContextType, RequireFields<MutationsubmitForSignatureArgs, 'input'>>;
  confirmSigningStep?: Resolver<ResolversTypes['ConfirmSigningStepPayload'], ParentType, ContextType, RequireFields<MutationconfirmSigningStepArgs, 'input'>>;
  signOutgoingDocument?: Resolver<ResolversTypes['SignOutgoingDocumentPayload'], ParentType, ContextType, RequireFields<MutationsignOutgoingDocumentArgs, 'input'>>;
  prepareSignature?: Resolver<ResolversTypes['PrepareSignaturePayload'], ParentType, ContextType, RequireFields<MutationprepareSignatureArgs, 'input'>>;
  prepareSignatures?: Resolver<ResolversTypes['PrepareSignaturesPayload'], ParentType, ContextType, RequireFields<MutationprepareSignaturesArgs, 'input'>>;
  authorizeSignature?: Resolver<ResolversTypes['AuthorizeSignaturePayload'], ParentType, ContextType, RequireFields<MutationauthorizeSignatureArgs, 'input'>>;
  completeSignature?: Resolver<ResolversTypes['CompleteSignaturePayload'], ParentType, ContextType, RequireFields<MutationcompleteSignatureArgs, 'input'>>;
  cancelSignature?: Resolver<ResolversTypes['CancelSignaturePayload'], ParentType, ContextType, RequireFields<MutationcancelSignatureArgs, 'input'>>;
  numberOutgoingDocument?: Resolver<ResolversTypes['NumberOutgoingDocumentPayload'], ParentType, ContextType, RequireFields<MutationnumberOutgoingDocumentArgs, 'input'>>;
  sealOutgoingDocument?: Resolver<ResolversTypes['SealOutgoingDocumentPayload'], ParentType, ContextType, RequireFields<MutationsealOutgoingDocumentArgs, 'input'>>;
  cancelOutgoingDocument?: Resolver<ResolversTypes['CancelOutgoingDocumentPayload'], ParentType, ContextType, RequireFields<MutationcancelOutgoingDocumentArgs, 'input'>>;
  dispatchOutgoingDocument?: Resolver<ResolversTypes['DispatchOutgoingDocumentPayload'], ParentType, ContextType, RequireFields<MutationdispatchOutgoingDocumentArgs, 'input'>>;
  acceptArrival?: Resolver<ResolversTypes['AcceptArrivalPayload'], ParentType, ContextType, RequireFields<MutationacceptArrivalArgs, 'input'>>;
  refuseArrival?: Resolver<ResolversTypes['RefuseArrivalPayload'], ParentType, ContextType, RequireFields<MutationrefuseArrivalArgs, 'input'>>;
  receiveDossier?: Resolver<ResolversTypes['ReceiveDossierPayload'], ParentType, ContextType, RequireFields<MutationreceiveDossierArgs, 'input'>>;
  advanceDossier?: Resolver<ResolversTypes['AdvanceDossierPayload'], ParentType, ContextType, RequireFields<MutationadvanceDossierArgs, 'input'>>;
  linkDossierDocument?: Resolver<ResolversTypes['LinkDossierDocumentPayload'], ParentType, ContextType, RequireFields<MutationlinkDossierDocumentArgs, 'input'>>;
  returnDossierResult?: Resolver<ResolversTypes['ReturnDossierResultPayload'], ParentType, ContextType, RequireFields<MutationreturnDossierResultArgs, 'input'>>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  changes?: SubscriptionResolver<ResolversTypes['Change'], "changes", ParentType, ContextType>;
};

export type ChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Change'] = ResolversParentTypes['Change']> = {
  objectId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  objectType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  act?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AgencyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Agency'] = ResolversParentTypes['Agency']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  code102?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  symbol?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['AgencyLevel'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['AgencyKind'], ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType>;
  place?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  predecessors?: Resolver<Array<ResolversTypes['Agency']>, ParentType, ContextType>;
  successors?: Resolver<Array<ResolversTypes['Agency']>, ParentType, ContextType>;
  units?: Resolver<Array<ResolversTypes['Unit']>, ParentType, ContextType>;
  positions?: Resolver<Array<ResolversTypes['Position']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UnitResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Unit'] = ResolversParentTypes['Unit']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  symbol?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PositionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Position'] = ResolversParentTypes['Position']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rank?: Resolver<ResolversTypes['PositionRank'], ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  unit?: Resolver<Maybe<ResolversTypes['Unit']>, ParentType, ContextType>;
  permissions?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  holders?: Resolver<Array<ResolversTypes['Appointment']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PersonResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Person'] = ResolversParentTypes['Person']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fullName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AppointmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Appointment'] = ResolversParentTypes['Appointment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  person?: Resolver<ResolversTypes['Person'], ParentType, ContextType>;
  position?: Resolver<ResolversTypes['Position'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  person?: Resolver<ResolversTypes['Person'], ParentType, ContextType>;
  appointment?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  permissions?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  delegations?: Resolver<Array<ResolversTypes['Delegation']>, ParentType, ContextType>;
  apiTokens?: Resolver<Array<ResolversTypes['ApiToken']>, ParentType, ContextType>;
  signingCredentials?: Resolver<Array<ResolversTypes['SigningCredential']>, ParentType, ContextType>;
};

export type SignInPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignInPayload'] = ResolversParentTypes['SignInPayload']> = {
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
};

export type SignOutPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignOutPayload'] = ResolversParentTypes['SignOutPayload']> = {
  ok?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ApiTokenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ApiToken'] = ResolversParentTypes['ApiToken']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<Array<ResolversTypes['TokenScope']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  revokedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateApiTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateApiTokenPayload'] = ResolversParentTypes['CreateApiTokenPayload']> = {
  apiToken?: Resolver<ResolversTypes['ApiToken'], ParentType, ContextType>;
  token?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RevokeApiTokenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeApiTokenPayload'] = ResolversParentTypes['RevokeApiTokenPayload']> = {
  apiToken?: Resolver<ResolversTypes['ApiToken'], ParentType, ContextType>;
};

export type DelegationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Delegation'] = ResolversParentTypes['Delegation']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['DelegationKind'], ParentType, ContextType>;
  grantor?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  grantee?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  documentTypes?: Resolver<Array<ResolversTypes['DocumentType']>, ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  legalBasis?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revokedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GrantDelegationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GrantDelegationPayload'] = ResolversParentTypes['GrantDelegationPayload']> = {
  delegation?: Resolver<ResolversTypes['Delegation'], ParentType, ContextType>;
};

export type RevokeDelegationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevokeDelegationPayload'] = ResolversParentTypes['RevokeDelegationPayload']> = {
  delegation?: Resolver<ResolversTypes['Delegation'], ParentType, ContextType>;
};

export type SignatureBlockResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignatureBlock'] = ResolversParentTypes['SignatureBlock']> = {
  lines?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  fullName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  delegation?: Resolver<Maybe<ResolversTypes['Delegation']>, ParentType, ContextType>;
};

export type SigningCredentialResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SigningCredential'] = ResolversParentTypes['SigningCredential']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuer?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  serial?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notBefore?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  notAfter?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  isAgencySeal?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['SigningProvider'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SigningSessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SigningSession'] = ResolversParentTypes['SigningSession']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['SigningRole'], ParentType, ContextType>;
  credential?: Resolver<ResolversTypes['SigningCredential'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SigningState'], ParentType, ContextType>;
  baseRevision?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  digestAlgorithm?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dtbs?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  dtbsDigest?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  challengeText?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  factors?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['SigningFault']>, ParentType, ContextType>;
  revision?: Resolver<Maybe<ResolversTypes['Revision']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SigningFaultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SigningFault'] = ResolversParentTypes['SigningFault']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vi?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  en?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  details?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>;
};

export type AgentTicketResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgentTicket'] = ResolversParentTypes['AgentTicket']> = {
  protocol?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  endpoint?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  payload?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
};

export type PrepareSignaturePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PrepareSignaturePayload'] = ResolversParentTypes['PrepareSignaturePayload']> = {
  session?: Resolver<ResolversTypes['SigningSession'], ParentType, ContextType>;
  agent?: Resolver<Maybe<ResolversTypes['AgentTicket']>, ParentType, ContextType>;
};

export type PrepareSignaturesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PrepareSignaturesPayload'] = ResolversParentTypes['PrepareSignaturesPayload']> = {
  sessions?: Resolver<Array<ResolversTypes['SigningSession']>, ParentType, ContextType>;
};

export type AuthorizeSignaturePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuthorizeSignaturePayload'] = ResolversParentTypes['AuthorizeSignaturePayload']> = {
  sessions?: Resolver<Array<ResolversTypes['SigningSession']>, ParentType, ContextType>;
};

export type CompleteSignaturePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CompleteSignaturePayload'] = ResolversParentTypes['CompleteSignaturePayload']> = {
  session?: Resolver<ResolversTypes['SigningSession'], ParentType, ContextType>;
};

export type CancelSignaturePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelSignaturePayload'] = ResolversParentTypes['CancelSignaturePayload']> = {
  session?: Resolver<ResolversTypes['SigningSession'], ParentType, ContextType>;
};

export type AgencyConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgencyConnection'] = ResolversParentTypes['AgencyConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AgencyEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Agency']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type AgencyEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgencyEdge'] = ResolversParentTypes['AgencyEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
};

export type DocumentTypeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DocumentType'] = ResolversParentTypes['DocumentType']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  abbreviation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DocumentRegisterResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DocumentRegister'] = ResolversParentTypes['DocumentRegister']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RegisterKind'], ParentType, ContextType>;
  year?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  series?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lastNumber?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  entries?: Resolver<ResolversTypes['RegisterEntryConnection'], ParentType, ContextType, RequireFields<DocumentRegisterentriesArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RegisterEntryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterEntry'] = ResolversParentTypes['RegisterEntry']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  register?: Resolver<ResolversTypes['DocumentRegister'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['RegisterEntryState'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  document?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RegisterEntryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterEntryConnection'] = ResolversParentTypes['RegisterEntryConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RegisterEntryEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['RegisterEntry']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type RegisterEntryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterEntryEdge'] = ResolversParentTypes['RegisterEntryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['RegisterEntry'], ParentType, ContextType>;
};

export type NumberingPolicyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NumberingPolicy'] = ResolversParentTypes['NumberingPolicy']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RegisterKind'], ParentType, ContextType>;
  fromYear?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  mode?: Resolver<ResolversTypes['NumberingMode'], ParentType, ContextType>;
  groups?: Resolver<Array<ResolversTypes['NumberingGroup']>, ParentType, ContextType>;
  numberBeforeSigning?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NumberingGroupResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NumberingGroup'] = ResolversParentTypes['NumberingGroup']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  documentTypeCodes?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SetNumberingPolicyPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetNumberingPolicyPayload'] = ResolversParentTypes['SetNumberingPolicyPayload']> = {
  numberingPolicy?: Resolver<ResolversTypes['NumberingPolicy'], ParentType, ContextType>;
};

export type ReserveNumberPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReserveNumberPayload'] = ResolversParentTypes['ReserveNumberPayload']> = {
  entry?: Resolver<ResolversTypes['RegisterEntry'], ParentType, ContextType>;
};

export type VoidNumberPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VoidNumberPayload'] = ResolversParentTypes['VoidNumberPayload']> = {
  entry?: Resolver<ResolversTypes['RegisterEntry'], ParentType, ContextType>;
};

export type FileResolvers<ContextType = Context, ParentType extends ResolversParentTypes['File'] = ResolversParentTypes['File']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mediaType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  size?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  uploadedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AttachmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Attachment'] = ResolversParentTypes['Attachment']> = {
  role?: Resolver<ResolversTypes['FileRole'], ParentType, ContextType>;
  file?: Resolver<ResolversTypes['File'], ParentType, ContextType>;
};

export type IncomingDocumentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IncomingDocument'] = ResolversParentTypes['IncomingDocument']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  register?: Resolver<ResolversTypes['DocumentRegister'], ParentType, ContextType>;
  arrivalNumber?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  arrivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  receivedVia?: Resolver<ResolversTypes['ReceivedVia'], ParentType, ContextType>;
  senderName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sender?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType>;
  referenceCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuedOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  typeName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  language?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pageCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  signerName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  signerPosition?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  urgency?: Resolver<ResolversTypes['Urgency'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['IncomingStatus'], ParentType, ContextType>;
  dueOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  dueReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  attachments?: Resolver<Array<ResolversTypes['Attachment']>, ParentType, ContextType>;
  signatureChecks?: Resolver<Array<ResolversTypes['SignatureCheck']>, ParentType, ContextType>;
  directives?: Resolver<Array<ResolversTypes['Directive']>, ParentType, ContextType>;
  assignments?: Resolver<Array<ResolversTypes['Assignment']>, ParentType, ContextType>;
  completion?: Resolver<Maybe<ResolversTypes['Completion']>, ParentType, ContextType>;
  returnReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  registeredBy?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  answers?: Resolver<Array<ResolversTypes['OutgoingDocument']>, ParentType, ContextType>;
  dossiers?: Resolver<Array<ResolversTypes['Dossier']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CompletionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Completion'] = ResolversParentTypes['Completion']> = {
  kind?: Resolver<ResolversTypes['CompletionKind'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
};

export type DirectiveResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Directive'] = ResolversParentTypes['Directive']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AssignmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Assignment'] = ResolversParentTypes['Assignment']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  document?: Resolver<ResolversTypes['IncomingDocument'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['AssignmentRole'], ParentType, ContextType>;
  assignee?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  dueOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['AssignmentStatus'], ParentType, ContextType>;
  progress?: Resolver<Array<ResolversTypes['ProgressNote']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProgressNoteResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProgressNote'] = ResolversParentTypes['ProgressNote']> = {
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
};

export type RegisterIncomingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RegisterIncomingDocumentPayload'] = ResolversParentTypes['RegisterIncomingDocumentPayload']> = {
  incomingDocument?: Resolver<ResolversTypes['IncomingDocument'], ParentType, ContextType>;
  possibleDuplicates?: Resolver<Array<ResolversTypes['IncomingDocument']>, ParentType, ContextType>;
};

export type AssignIncomingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AssignIncomingDocumentPayload'] = ResolversParentTypes['AssignIncomingDocumentPayload']> = {
  incomingDocument?: Resolver<ResolversTypes['IncomingDocument'], ParentType, ContextType>;
};

export type ReportProgressPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReportProgressPayload'] = ResolversParentTypes['ReportProgressPayload']> = {
  assignment?: Resolver<ResolversTypes['Assignment'], ParentType, ContextType>;
};

export type CompleteIncomingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CompleteIncomingDocumentPayload'] = ResolversParentTypes['CompleteIncomingDocumentPayload']> = {
  incomingDocument?: Resolver<ResolversTypes['IncomingDocument'], ParentType, ContextType>;
};

export type ReturnIncomingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReturnIncomingDocumentPayload'] = ResolversParentTypes['ReturnIncomingDocumentPayload']> = {
  incomingDocument?: Resolver<ResolversTypes['IncomingDocument'], ParentType, ContextType>;
};

export type IncomingDocumentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IncomingDocumentConnection'] = ResolversParentTypes['IncomingDocumentConnection']> = {
  edges?: Resolver<Array<ResolversTypes['IncomingDocumentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['IncomingDocument']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type IncomingDocumentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IncomingDocumentEdge'] = ResolversParentTypes['IncomingDocumentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['IncomingDocument'], ParentType, ContextType>;
};

export type AssignmentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AssignmentConnection'] = ResolversParentTypes['AssignmentConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AssignmentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Assignment']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type AssignmentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AssignmentEdge'] = ResolversParentTypes['AssignmentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Assignment'], ParentType, ContextType>;
};

export type OutgoingDocumentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OutgoingDocument'] = ResolversParentTypes['OutgoingDocument']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['DocumentType'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  body?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  urgency?: Resolver<ResolversTypes['Urgency'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OutgoingStatus'], ParentType, ContextType>;
  register?: Resolver<Maybe<ResolversTypes['DocumentRegister']>, ParentType, ContextType>;
  number?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  notation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  referenceCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  issuedOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  drafter?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  signer?: Resolver<Maybe<ResolversTypes['Appointment']>, ParentType, ContextType>;
  signatureBlock?: Resolver<Maybe<ResolversTypes['SignatureBlock']>, ParentType, ContextType>;
  revisions?: Resolver<Array<ResolversTypes['Revision']>, ParentType, ContextType>;
  file?: Resolver<Maybe<ResolversTypes['File']>, ParentType, ContextType>;
  signatures?: Resolver<Array<ResolversTypes['DocumentSignature']>, ParentType, ContextType>;
  signingChain?: Resolver<Array<ResolversTypes['SigningStep']>, ParentType, ContextType>;
  awaitingMySignature?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  reviews?: Resolver<Array<ResolversTypes['Review']>, ParentType, ContextType>;
  recipients?: Resolver<Array<ResolversTypes['Recipient']>, ParentType, ContextType>;
  attachments?: Resolver<Array<ResolversTypes['Attachment']>, ParentType, ContextType>;
  answersTo?: Resolver<Maybe<ResolversTypes['IncomingDocument']>, ParentType, ContextType>;
  dossiers?: Resolver<Array<ResolversTypes['Dossier']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SigningStepResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SigningStep'] = ResolversParentTypes['SigningStep']> = {
  role?: Resolver<ResolversTypes['SigningRole'], ParentType, ContextType>;
  turn?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isRequired?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['SigningStepStatus'], ParentType, ContextType>;
  appointment?: Resolver<Maybe<ResolversTypes['Appointment']>, ParentType, ContextType>;
  position?: Resolver<Maybe<ResolversTypes['Position']>, ParentType, ContextType>;
  signatureBlock?: Resolver<Maybe<ResolversTypes['SignatureBlock']>, ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  doneBy?: Resolver<Maybe<ResolversTypes['Appointment']>, ParentType, ContextType>;
  doneAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type SetSigningChainPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetSigningChainPayload'] = ResolversParentTypes['SetSigningChainPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type ConfirmSigningStepPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConfirmSigningStepPayload'] = ResolversParentTypes['ConfirmSigningStepPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type RevisionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Revision'] = ResolversParentTypes['Revision']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ordinal?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RevisionKind'], ParentType, ContextType>;
  file?: Resolver<ResolversTypes['File'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  by?: Resolver<Maybe<ResolversTypes['Appointment']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DocumentSignatureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DocumentSignature'] = ResolversParentTypes['DocumentSignature']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  signer?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  credential?: Resolver<ResolversTypes['SigningCredential'], ParentType, ContextType>;
  signatureBlock?: Resolver<Maybe<ResolversTypes['SignatureBlock']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  wantedLevel?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  levelNote?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ReviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Review'] = ResolversParentTypes['Review']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reviewer?: Resolver<ResolversTypes['Appointment'], ParentType, ContextType>;
  decision?: Resolver<Maybe<ResolversTypes['ReviewDecision']>, ParentType, ContextType>;
  comment?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  decidedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RecipientResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Recipient'] = ResolversParentTypes['Recipient']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  agency?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['RecipientRole'], ParentType, ContextType>;
  delivery?: Resolver<Maybe<ResolversTypes['DeliveryState']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['ExchangeStatus']>, ParentType, ContextType>;
  statusAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  statusNote?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  history?: Resolver<Array<ResolversTypes['StatusReport']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StatusReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StatusReport'] = ResolversParentTypes['StatusReport']> = {
  status?: Resolver<ResolversTypes['ExchangeStatus'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DraftOutgoingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DraftOutgoingDocumentPayload'] = ResolversParentTypes['DraftOutgoingDocumentPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type ReviseDraftPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReviseDraftPayload'] = ResolversParentTypes['ReviseDraftPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type SubmitForReviewPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SubmitForReviewPayload'] = ResolversParentTypes['SubmitForReviewPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type ReviewDraftPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReviewDraftPayload'] = ResolversParentTypes['ReviewDraftPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type SubmitForSignaturePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SubmitForSignaturePayload'] = ResolversParentTypes['SubmitForSignaturePayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type SignOutgoingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignOutgoingDocumentPayload'] = ResolversParentTypes['SignOutgoingDocumentPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type NumberOutgoingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NumberOutgoingDocumentPayload'] = ResolversParentTypes['NumberOutgoingDocumentPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type SealOutgoingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SealOutgoingDocumentPayload'] = ResolversParentTypes['SealOutgoingDocumentPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type CancelOutgoingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CancelOutgoingDocumentPayload'] = ResolversParentTypes['CancelOutgoingDocumentPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type DispatchOutgoingDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DispatchOutgoingDocumentPayload'] = ResolversParentTypes['DispatchOutgoingDocumentPayload']> = {
  outgoingDocument?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type OutgoingDocumentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OutgoingDocumentConnection'] = ResolversParentTypes['OutgoingDocumentConnection']> = {
  edges?: Resolver<Array<ResolversTypes['OutgoingDocumentEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['OutgoingDocument']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type OutgoingDocumentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OutgoingDocumentEdge'] = ResolversParentTypes['OutgoingDocumentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['OutgoingDocument'], ParentType, ContextType>;
};

export type ArrivalResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Arrival'] = ResolversParentTypes['Arrival']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  messageId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ArrivalState'], ParentType, ContextType>;
  arrivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  senderName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sender?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType>;
  referenceCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuedOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  typeName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  signerName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  urgency?: Resolver<ResolversTypes['Urgency'], ParentType, ContextType>;
  attachments?: Resolver<Array<ResolversTypes['Attachment']>, ParentType, ContextType>;
  verification?: Resolver<Maybe<ResolversTypes['SignatureVerification']>, ParentType, ContextType>;
  signatureChecks?: Resolver<Array<ResolversTypes['SignatureCheck']>, ParentType, ContextType>;
  incomingDocument?: Resolver<Maybe<ResolversTypes['IncomingDocument']>, ParentType, ContextType>;
  refusalReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SignatureVerificationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignatureVerification'] = ResolversParentTypes['SignatureVerification']> = {
  indication?: Resolver<ResolversTypes['Indication'], ParentType, ContextType>;
  integrity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  validatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  trustStore?: Resolver<Maybe<ResolversTypes['Sha256']>, ParentType, ContextType>;
  trustStores?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  signatures?: Resolver<Array<ResolversTypes['SignatureVerdict']>, ParentType, ContextType>;
  notes?: Resolver<Maybe<Array<ResolversTypes['String']>>, ParentType, ContextType>;
  warnings?: Resolver<Maybe<Array<ResolversTypes['VerdictWarning']>>, ParentType, ContextType>;
  words?: Resolver<Maybe<ResolversTypes['VerdictWords']>, ParentType, ContextType>;
};

export type VerdictWarningResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VerdictWarning'] = ResolversParentTypes['VerdictWarning']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vi?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  en?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type VerdictWordsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VerdictWords'] = ResolversParentTypes['VerdictWords']> = {
  vi?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  en?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notesVi?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  notesEn?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SignatureVerdictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignatureVerdict'] = ResolversParentTypes['SignatureVerdict']> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  indication?: Resolver<ResolversTypes['Indication'], ParentType, ContextType>;
  subIndication?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  integrity?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  coverage?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  modificationLevel?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  mark?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  level?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  signerName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  signerSerial?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  claimedTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  provenTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  revisionEnd?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  certificates?: Resolver<Maybe<Array<ResolversTypes['CertificateVerdict']>>, ParentType, ContextType>;
  timestamps?: Resolver<Maybe<Array<ResolversTypes['TimestampVerdict']>>, ParentType, ContextType>;
  notes?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  words?: Resolver<Maybe<ResolversTypes['VerdictWords']>, ParentType, ContextType>;
};

export type CertificateVerdictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CertificateVerdict'] = ResolversParentTypes['CertificateVerdict']> = {
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuer?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  serial?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notBefore?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  notAfter?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  fingerprint?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  trustedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  revocation?: Resolver<Maybe<ResolversTypes['RevocationVerdict']>, ParentType, ContextType>;
};

export type RevocationVerdictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevocationVerdict'] = ResolversParentTypes['RevocationVerdict']> = {
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revokedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sourceIssuer?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  asOf?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type TimestampVerdictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TimestampVerdict'] = ResolversParentTypes['TimestampVerdict']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  result?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  authority?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isTrusted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type SignatureCheckResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignatureCheck'] = ResolversParentTypes['SignatureCheck']> = {
  file?: Resolver<ResolversTypes['File'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['CheckState'], ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  checkedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  report?: Resolver<Maybe<ResolversTypes['SignatureVerification']>, ParentType, ContextType>;
  material?: Resolver<Maybe<ResolversTypes['Sha256']>, ParentType, ContextType>;
  materialNote?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  suggestedReturnReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reportUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RefreshSignatureCheckPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefreshSignatureCheckPayload'] = ResolversParentTypes['RefreshSignatureCheckPayload']> = {
  check?: Resolver<ResolversTypes['SignatureCheck'], ParentType, ContextType>;
};

export type AcceptArrivalPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AcceptArrivalPayload'] = ResolversParentTypes['AcceptArrivalPayload']> = {
  arrival?: Resolver<ResolversTypes['Arrival'], ParentType, ContextType>;
  incomingDocument?: Resolver<ResolversTypes['IncomingDocument'], ParentType, ContextType>;
  possibleDuplicates?: Resolver<Array<ResolversTypes['IncomingDocument']>, ParentType, ContextType>;
};

export type RefuseArrivalPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefuseArrivalPayload'] = ResolversParentTypes['RefuseArrivalPayload']> = {
  arrival?: Resolver<ResolversTypes['Arrival'], ParentType, ContextType>;
};

export type ArrivalConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ArrivalConnection'] = ResolversParentTypes['ArrivalConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ArrivalEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Arrival']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type ArrivalEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ArrivalEdge'] = ResolversParentTypes['ArrivalEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Arrival'], ParentType, ContextType>;
};

export type ProcedureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Procedure'] = ResolversParentTypes['Procedure']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sector?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  competentAgency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  timeLimit?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  timeUnit?: Resolver<ResolversTypes['TimeUnit'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  steps?: Resolver<Array<ResolversTypes['ProcedureStep']>, ParentType, ContextType>;
  components?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProcedureStepResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProcedureStep'] = ResolversParentTypes['ProcedureStep']> = {
  ordinal?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  hours?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DossierResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Dossier'] = ResolversParentTypes['Dossier']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  procedure?: Resolver<ResolversTypes['Procedure'], ParentType, ContextType>;
  receivedBy?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  competentAgency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  applicantName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  applicantAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  applicantPhone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DossierStatus'], ParentType, ContextType>;
  submittedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueReason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  completedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  returnedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  currentStep?: Resolver<Maybe<ResolversTypes['ProcedureStep']>, ParentType, ContextType>;
  history?: Resolver<Array<ResolversTypes['DossierEvent']>, ParentType, ContextType>;
  documents?: Resolver<Array<ResolversTypes['DossierDocument']>, ParentType, ContextType>;
  results?: Resolver<Array<ResolversTypes['DossierResult']>, ParentType, ContextType>;
  receipt?: Resolver<ResolversTypes['File'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DossierEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DossierEvent'] = ResolversParentTypes['DossierEvent']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  by?: Resolver<Maybe<ResolversTypes['Appointment']>, ParentType, ContextType>;
};

export type DossierDocumentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DossierDocument'] = ResolversParentTypes['DossierDocument']> = {
  relation?: Resolver<ResolversTypes['DossierRelation'], ParentType, ContextType>;
  incomingDocument?: Resolver<Maybe<ResolversTypes['IncomingDocument']>, ParentType, ContextType>;
  outgoingDocument?: Resolver<Maybe<ResolversTypes['OutgoingDocument']>, ParentType, ContextType>;
};

export type DossierResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DossierResult'] = ResolversParentTypes['DossierResult']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  dossier?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
  file?: Resolver<ResolversTypes['File'], ParentType, ContextType>;
  outgoingDocument?: Resolver<Maybe<ResolversTypes['OutgoingDocument']>, ParentType, ContextType>;
  issuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ReceiveDossierPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReceiveDossierPayload'] = ResolversParentTypes['ReceiveDossierPayload']> = {
  dossier?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
  secret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type AdvanceDossierPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AdvanceDossierPayload'] = ResolversParentTypes['AdvanceDossierPayload']> = {
  dossier?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
};

export type LinkDossierDocumentPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LinkDossierDocumentPayload'] = ResolversParentTypes['LinkDossierDocumentPayload']> = {
  dossier?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
};

export type ReturnDossierResultPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReturnDossierResultPayload'] = ResolversParentTypes['ReturnDossierResultPayload']> = {
  dossier?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
};

export type ProcedureConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProcedureConnection'] = ResolversParentTypes['ProcedureConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProcedureEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Procedure']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type ProcedureEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProcedureEdge'] = ResolversParentTypes['ProcedureEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Procedure'], ParentType, ContextType>;
};

export type DossierConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DossierConnection'] = ResolversParentTypes['DossierConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DossierEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['Dossier']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type DossierEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DossierEdge'] = ResolversParentTypes['DossierEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
};

export type PublicDossierResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PublicDossier'] = ResolversParentTypes['PublicDossier']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  procedureName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DossierStatus'], ParentType, ContextType>;
  receivedByName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  competentAgencyName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  completedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  stepsDone?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  stepsTotal?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  results?: Resolver<Array<ResolversTypes['PublicResult']>, ParentType, ContextType>;
};

export type PublicResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PublicResult'] = ResolversParentTypes['PublicResult']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  issuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ResultVerificationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResultVerification'] = ResolversParentTypes['ResultVerification']> = {
  isGenuine?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  agencyName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  referenceCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  verification?: Resolver<Maybe<ResolversTypes['SignatureVerification']>, ParentType, ContextType>;
};

export type AuditEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEvent'] = ResolversParentTypes['AuditEvent']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  act?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['Appointment']>, ParentType, ContextType>;
  objectId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  data?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  previousHash?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AuditEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEventConnection'] = ResolversParentTypes['AuditEventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AuditEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<ResolversTypes['AuditEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Total'], ParentType, ContextType>;
};

export type AuditEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEventEdge'] = ResolversParentTypes['AuditEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEvent'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Sha256?: GraphQLScalarType;
  JSON?: GraphQLScalarType;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Total?: TotalResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Change?: ChangeResolvers<ContextType>;
  Agency?: AgencyResolvers<ContextType>;
  Unit?: UnitResolvers<ContextType>;
  Position?: PositionResolvers<ContextType>;
  Person?: PersonResolvers<ContextType>;
  Appointment?: AppointmentResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
  SignInPayload?: SignInPayloadResolvers<ContextType>;
  SignOutPayload?: SignOutPayloadResolvers<ContextType>;
  ApiToken?: ApiTokenResolvers<ContextType>;
  CreateApiTokenPayload?: CreateApiTokenPayloadResolvers<ContextType>;
  RevokeApiTokenPayload?: RevokeApiTokenPayloadResolvers<ContextType>;
  Delegation?: DelegationResolvers<ContextType>;
  GrantDelegationPayload?: GrantDelegationPayloadResolvers<ContextType>;
  RevokeDelegationPayload?: RevokeDelegationPayloadResolvers<ContextType>;
  SignatureBlock?: SignatureBlockResolvers<ContextType>;
  SigningCredential?: SigningCredentialResolvers<ContextType>;
  SigningSession?: SigningSessionResolvers<ContextType>;
  SigningFault?: SigningFaultResolvers<ContextType>;
  AgentTicket?: AgentTicketResolvers<ContextType>;
  PrepareSignaturePayload?: PrepareSignaturePayloadResolvers<ContextType>;
  PrepareSignaturesPayload?: PrepareSignaturesPayloadResolvers<ContextType>;
  AuthorizeSignaturePayload?: AuthorizeSignaturePayloadResolvers<ContextType>;
  CompleteSignaturePayload?: CompleteSignaturePayloadResolvers<ContextType>;
  CancelSignaturePayload?: CancelSignaturePayloadResolvers<ContextType>;
  AgencyConnection?: AgencyConnectionResolvers<ContextType>;
  AgencyEdge?: AgencyEdgeResolvers<ContextType>;
  DocumentType?: DocumentTypeResolvers<ContextType>;
  DocumentRegister?: DocumentRegisterResolvers<ContextType>;
  RegisterEntry?: RegisterEntryResolvers<ContextType>;
  RegisterEntryConnection?: RegisterEntryConnectionResolvers<ContextType>;
  RegisterEntryEdge?: RegisterEntryEdgeResolvers<ContextType>;
  NumberingPolicy?: NumberingPolicyResolvers<ContextType>;
  NumberingGroup?: NumberingGroupResolvers<ContextType>;
  SetNumberingPolicyPayload?: SetNumberingPolicyPayloadResolvers<ContextType>;
  ReserveNumberPayload?: ReserveNumberPayloadResolvers<ContextType>;
  VoidNumberPayload?: VoidNumberPayloadResolvers<ContextType>;
  File?: FileResolvers<ContextType>;
  Attachment?: AttachmentResolvers<ContextType>;
  IncomingDocument?: IncomingDocumentResolvers<ContextType>;
  Completion?: CompletionResolvers<ContextType>;
  Directive?: DirectiveResolvers<ContextType>;
  Assignment?: AssignmentResolvers<ContextType>;
  ProgressNote?: ProgressNoteResolvers<ContextType>;
  RegisterIncomingDocumentPayload?: RegisterIncomingDocumentPayloadResolvers<ContextType>;
  AssignIncomingDocumentPayload?: AssignIncomingDocumentPayloadResolvers<ContextType>;
  ReportProgressPayload?: ReportProgressPayloadResolvers<ContextType>;
  CompleteIncomingDocumentPayload?: CompleteIncomingDocumentPayloadResolvers<ContextType>;
  ReturnIncomingDocumentPayload?: ReturnIncomingDocumentPayloadResolvers<ContextType>;
  IncomingDocumentConnection?: IncomingDocumentConnectionResolvers<ContextType>;
  IncomingDocumentEdge?: IncomingDocumentEdgeResolvers<ContextType>;
  AssignmentConnection?: AssignmentConnectionResolvers<ContextType>;
  AssignmentEdge?: AssignmentEdgeResolvers<ContextType>;
  OutgoingDocument?: OutgoingDocumentResolvers<ContextType>;
  SigningStep?: SigningStepResolvers<ContextType>;
  SetSigningChainPayload?: SetSigningChainPayloadResolvers<ContextType>;
  ConfirmSigningStepPayload?: ConfirmSigningStepPayloadResolvers<ContextType>;
  Revision?: RevisionResolvers<ContextType>;
  DocumentSignature?: DocumentSignatureResolvers<ContextType>;
  Review?: ReviewResolvers<ContextType>;
  Recipient?: RecipientResolvers<ContextType>;
  StatusReport?: StatusReportResolvers<ContextType>;
  DraftOutgoingDocumentPayload?: DraftOutgoingDocumentPayloadResolvers<ContextType>;
  ReviseDraftPayload?: ReviseDraftPayloadResolvers<ContextType>;
  SubmitForReviewPayload?: SubmitForReviewPayloadResolvers<ContextType>;
  ReviewDraftPayload?: ReviewDraftPayloadResolvers<ContextType>;
  SubmitForSignaturePayload?: SubmitForSignaturePayloadResolvers<ContextType>;
  SignOutgoingDocumentPayload?: SignOutgoingDocumentPayloadResolvers<ContextType>;
  NumberOutgoingDocumentPayload?: NumberOutgoingDocumentPayloadResolvers<ContextType>;
  SealOutgoingDocumentPayload?: SealOutgoingDocumentPayloadResolvers<ContextType>;
  CancelOutgoingDocumentPayload?: CancelOutgoingDocumentPayloadResolvers<ContextType>;
  DispatchOutgoingDocumentPayload?: DispatchOutgoingDocumentPayloadResolvers<ContextType>;
  OutgoingDocumentConnection?: OutgoingDocumentConnectionResolvers<ContextType>;
  OutgoingDocumentEdge?: OutgoingDocumentEdgeResolvers<ContextType>;
  Arrival?: ArrivalResolvers<ContextType>;
  SignatureVerification?: SignatureVerificationResolvers<ContextType>;
  VerdictWarning?: VerdictWarningResolvers<ContextType>;
  VerdictWords?: VerdictWordsResolvers<ContextType>;
  SignatureVerdict?: SignatureVerdictResolvers<ContextType>;
  CertificateVerdict?: CertificateVerdictResolvers<ContextType>;
  RevocationVerdict?: RevocationVerdictResolvers<ContextType>;
  TimestampVerdict?: TimestampVerdictResolvers<ContextType>;
  SignatureCheck?: SignatureCheckResolvers<ContextType>;
  RefreshSignatureCheckPayload?: RefreshSignatureCheckPayloadResolvers<ContextType>;
  AcceptArrivalPayload?: AcceptArrivalPayloadResolvers<ContextType>;
  RefuseArrivalPayload?: RefuseArrivalPayloadResolvers<ContextType>;
  ArrivalConnection?: ArrivalConnectionResolvers<ContextType>;
  ArrivalEdge?: ArrivalEdgeResolvers<ContextType>;
  Procedure?: ProcedureResolvers<ContextType>;
  ProcedureStep?: ProcedureStepResolvers<ContextType>;
  Dossier?: DossierResolvers<ContextType>;
  DossierEvent?: DossierEventResolvers<ContextType>;
  DossierDocument?: DossierDocumentResolvers<ContextType>;
  DossierResult?: DossierResultResolvers<ContextType>;
  ReceiveDossierPayload?: ReceiveDossierPayloadResolvers<ContextType>;
  AdvanceDossierPayload?: AdvanceDossierPayloadResolvers<ContextType>;
  LinkDossierDocumentPayload?: LinkDossierDocumentPayloadResolvers<ContextType>;
  ReturnDossierResultPayload?: ReturnDossierResultPayloadResolvers<ContextType>;
  ProcedureConnection?: ProcedureConnectionResolvers<ContextType>;
  ProcedureEdge?: ProcedureEdgeResolvers<ContextType>;
  DossierConnection?: DossierConnectionResolvers<ContextType>;
  DossierEdge?: DossierEdgeResolvers<ContextType>;
  PublicDossier?: PublicDossierResolvers<ContextType>;
  PublicResult?: PublicResultResolvers<ContextType>;
  ResultVerification?: ResultVerificationResolvers<ContextType>;
  AuditEvent?: AuditEventResolvers<ContextType>;
  AuditEventConnection?: AuditEventConnectionResolvers<ContextType>;
  AuditEventEdge?: AuditEventEdgeResolvers<ContextType>;
};

