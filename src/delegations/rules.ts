import { AppError, badInput } from "../errors.ts";
import type { AgencyKind, DelegationKind, PositionRank } from "../graphql/types.ts";

export interface SigningOffice {
  readonly rank: PositionRank;
  readonly title: string;
}

export interface SigningRight {
  readonly id: string;
  readonly kind: DelegationKind;
  readonly documentTypes: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date | null;
  readonly revokedAt: Date | null;
}

/** Whether a delegation is in force at an instant; it ends at the very moment it says. */
export const isInForce = (right: Omit<SigningRight, "id" | "kind" | "documentTypes">, at: Date): boolean =>
  right.validFrom <= at &&
  (right.validTo === null || at < right.validTo) &&
  (right.revokedAt === null || at < right.revokedAt);

export const coversType = (right: Pick<SigningRight, "documentTypes">, typeCode: string | null): boolean =>
  right.documentTypes.length === 0 || (typeCode !== null && right.documentTypes.includes(typeCode));

// In the order in which one would choose: an acting head before a deputy's standing right, authorisation last.
const preference: readonly DelegationKind[] = ["Q", "KT", "TL", "TUQ", "TM"];

export interface Block {
  readonly lines: readonly string[];
  readonly delegationId: string | null;
}

/**
 * What stands over the signature (thể thức đề ký), NĐ 30/2020 Điều 13 and Annex I.II.7: the head signs in the own title,
 * everybody else by a delegation in force for the type of document. FORBIDDEN where there is none.
 */
export function signatureBlock(
  agency: { readonly kind: AgencyKind; readonly name: string },
  headTitle: string,
  signer: SigningOffice,
  rights: readonly SigningRight[],
  typeCode: string | null,
  at: Date,
): Block {
  const upper = (text: string) => text.toLocaleUpperCase("vi");
  const collective = agency.kind === "PEOPLES_COMMITTEE" ? ["TM. ỦY BAN NHÂN DÂN"] : [];
  if (signer.rank === "HEAD") return { lines: [...collective, upper(signer.title)], delegationId: null };

  const right = rights
    .filter((each) => isInForce(each, at) && coversType(each, typeCode))
    .sort((a, b) => preference.indexOf(a.kind) - preference.indexOf(b.kind))[0];
  if (!right)
    throw new AppError(
      "FORBIDDEN",
      `${signer.title} chưa được giao quyền ký loại văn bản này vào thời điểm này (NĐ 30/2020, Điều 13).`,
      "No delegation in force gives this person the right to sign such a document now.",
      { reason: "NO_SIGNING_RIGHT" },
    );
  const lines: Record<DelegationKind, string[]> = {
    TM: [...collective, upper(signer.title)],
    Q: [...collective, `Q. ${upper(headTitle)}`],
    KT: [...collective, `KT. ${upper(headTitle)}`, upper(signer.title)],
    TL: [`TL. ${upper(headTitle)}`, upper(signer.title)],
    TUQ: [`TUQ. ${upper(headTitle)}`, upper(signer.title)],
  };
  return { lines: lines[right.kind], delegationId: right.id };
}

const grantees: Record<DelegationKind, readonly PositionRank[]> = {
  KT: ["DEPUTY"],
  TL: ["UNIT_HEAD"],
  TUQ: ["DEPUTY", "UNIT_HEAD", "UNIT_DEPUTY", "OFFICER"],
  Q: ["DEPUTY"],
  TM: ["DEPUTY"],
};

/** Who may hand what to whom: the head only, so that authority received is never handed on (Điều 13.3). */
export function assertMayDelegate(
  kind: DelegationKind,
  grantor: PositionRank,
  grantee: PositionRank,
  validTo: Date | null,
  agency: AgencyKind,
): void {
  if (grantor !== "HEAD")
    throw new AppError(
      "FORBIDDEN",
      "Chỉ người đứng đầu được giao quyền ký; không ủy quyền lại.",
      "Only the head hands over authority; it is not handed on.",
    );
  if (!grantees[kind].includes(grantee))
    throw badInput(
      "granteeId",
      `Không thể giao quyền ${kind}. cho chức vụ này (NĐ 30/2020, Điều 13).`,
      `${kind} cannot be given to this rank.`,
    );
  if (kind === "TM" && agency !== "PEOPLES_COMMITTEE")
    throw badInput(
      "kind",
      "Chỉ ký thay mặt (TM.) cho tập thể (NĐ 30/2020, Điều 13.2).",
      "TM. is for a collective only.",
    );
  if (kind === "TUQ" && !validTo)
    throw badInput(
      "validTo",
      "Thừa ủy quyền phải có thời hạn (NĐ 30/2020, Điều 13.3).",
      "An authorisation must be limited in time.",
    );
}
