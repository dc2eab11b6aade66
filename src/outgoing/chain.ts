import type { Viewer } from "../context.ts";
import { badInput } from "../errors.ts";
import type { SigningRole, SigningStepStatus } from "../graphql/types.ts";

/** One who answers for a document, before its text is frozen. With neither office nor position: whoever may by right. */
export interface ChainEntry {
  readonly role: SigningRole;
  readonly appointmentId: string | null;
  readonly positionId: string | null;
  /** Entries with the same turn may sign in any order; a turn opens when nothing required is left before it. */
  readonly turn: number;
  readonly isRequired: boolean;
}

/** What the rules look at of a step that stands in the frozen chain. */
export type ChainStep = Pick<ChainEntry, "role" | "turn" | "isRequired"> & { readonly status: SigningStepStatus };

const longestChain = 20;
/** So many places for initials the template has. */
export const mostInitials = 9;
const mostCoSigners = 10;
/** Those who answer for text and layout put small signatures; NĐ 30/2020 Điều 12. */
const initialling: ReadonlySet<SigningRole> = new Set(["INITIALS", "CONTENT", "FORMAT"]);
const signing: ReadonlySet<SigningRole> = new Set(["LEADER", "CO_SIGNER"]);

export const isInitialling = (role: SigningRole): boolean => initialling.has(role);
/** Whether the role signs the document itself, as its leader does (NĐ 30/2020 Điều 13). */
export const isSigning = (role: SigningRole): boolean => signing.has(role);

/**
 * The chain of a document for which none was set: NĐ 30/2020 Điều 13 and 32 ask of every type and of every agency the
 * signature of who is competent and then the agency's.
 */
export const defaultChain: readonly ChainEntry[] = (["LEADER", "AGENCY_SEAL"] as const).map((role, index) => ({
  role,
  appointmentId: null,
  positionId: null,
  turn: index + 1,
  isRequired: true,
}));

/** A chain as it may be kept, in the order of its turns, which count from 1; BAD_INPUT says what is against the rules. */
export function checkedChain(entries: readonly ChainEntry[]): ChainEntry[] {
  const wrong = (vi: string, en: string) => badInput("steps", vi, en);
  const count = (role: SigningRole) => entries.filter((entry) => entry.role === role).length;
  if (entries.length > longestChain)
    throw wrong(`Chuỗi ký có tối đa ${longestChain} bước.`, `A chain has at most ${longestChain} steps.`);
  // NĐ 30/2020 Điều 13, 32.2d: one leader's signature, then the agency's seal on it.
  for (const role of ["LEADER", "AGENCY_SEAL"] as const)
    if (count(role) !== 1)
      throw wrong("Chuỗi ký có đúng một người ký và một bước đóng dấu.", "A chain has one leader and one seal.");
  // NĐ 30/2020 Điều 12: one head of the drafting unit answers for content, one checker for layout.
  for (const role of ["CONTENT", "FORMAT"] as const)
    if (count(role) > 1) throw wrong("Nội dung và thể thức mỗi việc do một người chịu trách nhiệm.", "One each for content and layout."); // prettier-ignore
  if (entries.filter(({ role }) => isInitialling(role)).length > mostInitials || count("CO_SIGNER") > mostCoSigners)
    throw wrong("Quá nhiều người ký nháy hoặc đồng ký.", "Too many initials or co-signers.");
  for (const { role, appointmentId, positionId, isRequired, turn } of entries) {
    if (!Number.isInteger(turn) || turn < 1 || turn > 100)
      throw wrong("Thứ tự ký là số nguyên từ 1 đến 100.", "A turn is a whole number from 1 to 100.");
    if (appointmentId && positionId)
      throw wrong("Mỗi bước do một người hoặc một chức vụ.", "A step is a person's or a position's, not both.");
    if (role === "LEADER" ? positionId : role !== "AGENCY_SEAL" && !appointmentId && !positionId)
      throw wrong("Cần nêu người của từng bước.", "Say whose each step is; the leader is a person.");
    if (role === "CO_SIGNER" && !appointmentId)
      throw wrong("Người đồng ký phải nêu đích danh.", "A co-signer is named in person: the name is printed.");
    if (!isRequired && !isInitialling(role))
      throw wrong("Chỉ ký nháy, nội dung, thể thức có thể không bắt buộc.", "Only initials can be optional.");
  }
  const leader = entries.find(({ role }) => role === "LEADER")!;
  const seal = entries.find(({ role }) => role === "AGENCY_SEAL")!;
  if (entries.some(({ role, turn }) => isInitialling(role) && turn >= leader.turn))
    throw wrong("Ký nháy, nội dung, thể thức phải trước lãnh đạo ký.", "Initials come before the leader's signature.");
  if (entries.some((entry) => entry !== seal && entry.turn >= seal.turn))
    throw wrong("Đóng dấu là bước cuối cùng (NĐ 30/2020, Điều 32).", "The seal comes last.");
  const who = entries.map(({ role, appointmentId, positionId }) => `${role} ${appointmentId ?? positionId ?? ""}`);
  if (new Set(who).size !== who.length)
    throw wrong("Có người được nêu hai lần trong cùng vai trò.", "Somebody is named twice in one role.");
  const turns = [...new Set(entries.map(({ turn }) => turn))].toSorted((a, b) => a - b);
  return entries
    .toSorted((a, b) => a.turn - b.turn)
    .map((entry) => ({ ...entry, turn: turns.indexOf(entry.turn) + 1 }));
}

/** Names of the form fields of a chain's steps, in its order. */
export function fieldsOfChain(chain: readonly Pick<ChainEntry, "role">[]): string[] {
  const counted = new Map<SigningRole, number>();
  return chain.map(({ role }) => {
    const nth = (counted.get(role) ?? 0) + 1;
    counted.set(role, nth);
    return role === "CO_SIGNER" || role === "INITIALS" ? `${stepFields[role]}${nth}` : stepFields[role];
  });
}

const stepFields: Readonly<Record<SigningRole, string>> = {
  INITIALS: "Initials",
  CONTENT: "Content",
  FORMAT: "Format",
  CO_SIGNER: "CoSigner",
  LEADER: "Leader",
  AGENCY_SEAL: "Seal",
};

/** Whether a field of this name could be a step's. */
export const isStepField = (name: string): boolean =>
  /^(?:(?:Initials|CoSigner)\d{1,2}|Content|Format|Leader|Seal)$/.test(name);

const isDone = ({ status }: ChainStep): boolean => status === "SIGNED" || status === "SKIPPED";

/** Where each step of a running chain stands: open are those with nothing required left in the turns before. */
export const statusesOf = (chain: readonly ChainStep[]): SigningStepStatus[] =>
  chain.map((step) => {
    if (isDone(step)) return step.status;
    const before = chain.filter(({ turn }) => turn < step.turn);
    return before.every((each) => isDone(each) || !each.isRequired) ? "READY" : "WAITING";
  });

/** Whether a step is passed over for good once a step of that turn is done. */
export const isPassedOver = (step: ChainStep, turn: number): boolean => !isDone(step) && step.turn < turn;

/** Whether all who sign the document itself have done so; what is left is number, date and seal. */
export const isFullySigned = (chain: readonly ChainStep[]): boolean =>
  chain.every((step) => !isSigning(step.role) || step.status === "SIGNED");

/** What an office must be allowed to do to take the step. */
export const permissionFor = (role: SigningRole): string =>
  role === "AGENCY_SEAL" ? "outgoing:seal" : isSigning(role) ? "outgoing:sign" : "outgoing:draft";

/** Whether a step is the viewer's to take. */
export function isStepOf(
  { appointmentId, positionId, permissions }: Pick<Viewer, "appointmentId" | "positionId" | "permissions">,
  step: { readonly role: SigningRole; readonly appointmentId?: string | null; readonly positionId?: string | null },
): boolean {
  if (step.appointmentId) return step.appointmentId === appointmentId;
  if (step.positionId) return step.positionId === positionId;
  return step.role === "AGENCY_SEAL" && permissions.has("outgoing:seal");
}
