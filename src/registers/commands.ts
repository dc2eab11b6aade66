import { LockMode } from "@mikro-orm/core";
import type { EntityManager } from "@mikro-orm/postgresql";
import { record } from "../audit/record.ts";
import { type Done, once } from "../auth/once.ts";
import { yearOf } from "../calendar/rules.ts";
import { type Context, requirePermission } from "../context.ts";
import { badInput, wrongState } from "../errors.ts";
import type {
  NumberingMode,
  RegisterKind,
  ReserveNumberInput,
  SetNumberingPolicyInput,
  VoidNumberInput,
} from "../graphql/types.ts";
import { fromGlobalId } from "../graphql/ids.ts";
import { newId } from "../ids.ts";
import { requireDocumentType } from "../organization/document-types.ts";
import { execute } from "../sql.ts";
import { NumberingPolicy, RegisterEntry } from "./entities.ts";
import { assertEntryTransition, type Policy, seriesOf, usualPolicy } from "./rules.ts";

export interface TakenNumber {
  readonly registerId: string;
  readonly number: number;
  readonly year: number;
  /** When it was given: whatever is dated with the number takes this instant, so that both lie in the same year. */
  readonly at: Date;
}

export interface NumberRequest {
  readonly kind: RegisterKind;
  readonly series: string;
  readonly state: "USED" | "RESERVED";
  readonly entryId?: string;
  readonly document?: { readonly type: string; readonly id: string };
  readonly reason?: string;
}

/**
 * Gives the next number of a register and writes its entry, in the caller's transaction (cấp số). The register's row stays
 * locked until the transaction ends, so that no number is lost, given twice or left out. Call it as late as possible.
 */
export async function takeNumber(ctx: Context, em: EntityManager, request: NumberRequest): Promise<TakenNumber> {
  const at = ctx.now();
  const year = yearOf(at);
  const key = [ctx.agencyId, request.kind, year, request.series];
  const take = async () => {
    const [taken] = await execute<{ register_id: string; number: number }>(
      em,
      `with register as (
         update document_register set last_number = last_number + 1
         where agency_id = ? and kind = ? and year = ? and series = ? returning id, agency_id, last_number)
       insert into register_entry (id, agency_id, register_id, number, state, reason, document_type, document_id, at, by_id)
       select ?, agency_id, id, last_number, ?, ?, ?, ?, ?, ? from register returning register_id, number`,
      [
        ...key,
        request.entryId ?? newId(at.getTime()),
        request.state,
        request.reason ?? null,
        request.document?.type ?? null,
        request.document?.id ?? null,
        at,
        ctx.viewer?.appointmentId ?? null,
      ],
    );
    return taken;
  };
  let taken = await take();
  if (!taken) {
    // The first number of a year opens its book.
    await execute(
      em,
      `insert into document_register (id, agency_id, kind, year, series, name) values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
      [newId(at.getTime()), ...key, registerName(request.kind, year, request.series)],
    );
    taken = (await take())!;
  }
  return { registerId: taken.register_id, number: taken.number, year, at };
}

const registerName = (kind: RegisterKind, year: number, series: string) =>
  `Sổ đăng ký văn bản ${kind === "INCOMING" ? "đến" : "đi"} năm ${year}${series ? ` (${series})` : ""}`;

/** Puts a reserved number to use for a document (dùng số đã giữ). */
export async function useReservedNumber(
  ctx: Context,
  em: EntityManager,
  entryId: string,
  document: { type: string; id: string },
): Promise<RegisterEntry> {
  const entry = await em.findOneOrFail(
    RegisterEntry,
    { id: entryId, agencyId: ctx.agencyId! },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (entry.state !== "RESERVED") assertEntryTransition(entry.state, "USED");
  entry.state = "USED";
  entry.documentType = document.type;
  entry.documentId = document.id;
  return entry;
}

/** Declares a given number void; it stays in the register with its reason (hủy số). */
export async function voidEntry(
  ctx: Context,
  em: EntityManager,
  where: { id: string } | { documentId: string },
  reason: string,
) {
  const entry = await em.findOneOrFail(
    RegisterEntry,
    { ...where, agencyId: ctx.agencyId! },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  assertEntryTransition(entry.state, "VOID");
  entry.state = "VOID";
  entry.reason = reason;
  await record(ctx, em, {
    act: "register.void",
    objectType: "RegisterEntry",
    objectId: entry.id,
    data: { number: entry.number, register: entry.registerId, reason },
  });
  return entry;
}

/** How the agency numbers documents of a kind in a year. */
export async function policyOf(ctx: Context, em: EntityManager, kind: RegisterKind, year: number): Promise<Policy> {
  const found = await em.find(
    NumberingPolicy,
    { agencyId: ctx.agencyId!, kind, fromYear: { $lte: year } },
    { orderBy: { fromYear: "desc" }, limit: 1 },
  );
  return found[0] ?? usualPolicy;
}

export function reserveNumber(ctx: Context, input: ReserveNumberInput): Promise<Done> {
  const viewer = requirePermission(ctx, "register:manage");
  const reason = requireReason(input.reason);
  const type = input.documentTypeCode ? requireDocumentType(input.documentTypeCode) : null;
  return once(ctx, "register.reserve", input, async (em, id) => {
    const policy = input.kind === "INCOMING" ? usualPolicy : await policyOf(ctx, em, input.kind, yearOf(ctx.now()));
    if (policy.mode !== "ONE_SERIES" && !type)
      throw badInput(
        "documentTypeCode",
        "Cần chọn loại văn bản để biết hệ thống số.",
        "The document type is needed to choose the series.",
      );
    const series = seriesOf(policy, type?.code ?? "");
    const { number, registerId } = await takeNumber(ctx, em, {
      kind: input.kind,
      series,
      state: "RESERVED",
      entryId: id,
      reason,
    });
    await record(ctx, em, {
      act: "register.reserve",
      objectType: "RegisterEntry",
      objectId: id,
      data: { number, register: registerId, reason, by: viewer.appointmentId },
    });
  });
}

export function voidNumber(ctx: Context, input: VoidNumberInput): Promise<Done> {
  requirePermission(ctx, "register:manage");
  const reason = requireReason(input.reason);
  const entryId = fromGlobalId("RegisterEntry", input.entryId);
  return once(ctx, "register.void", input, async (em) => {
    const mine = { id: entryId, agencyId: ctx.agencyId! };
    const entry = await em.findOneOrFail(RegisterEntry, mine, { lockMode: LockMode.PESSIMISTIC_WRITE });
    // A number in use is given up together with its document, never apart from it.
    if (entry.state === "USED")
      throw wrongState(
        "Số đang dùng chỉ hủy cùng với văn bản của nó.",
        "A number in use is given up with its document.",
        {
          from: "USED",
          to: "VOID",
        },
      );
    await voidEntry(ctx, em, { id: entryId }, reason);
  });
}

export async function setNumberingPolicy(ctx: Context, input: SetNumberingPolicyInput): Promise<string> {
  const viewer = requirePermission(ctx, "register:manage");
  // NĐ 30/2020 Điều 22.2: arrival numbers run on in one series, on paper and electronic alike.
  if (input.kind === "INCOMING" && input.mode !== "ONE_SERIES")
    throw badInput(
      "mode",
      "Số đến phải liên tiếp trong một hệ thống số chung (NĐ 30/2020, Điều 22.2).",
      "Arrival numbers run in one series.",
    );
  if (input.fromYear <= yearOf(ctx.now()) && (await hasNumbers(ctx, input.kind, input.fromYear)))
    throw badInput(
      "fromYear",
      "Năm này đã có số được cấp; hãy đặt từ năm sau.",
      "Numbers have been given in that year; set it from the next one.",
    );
  if (input.fromYear < 2000 || input.fromYear > yearOf(ctx.now()) + 10)
    throw badInput("fromYear", "Năm từ 2000 đến mười năm tới.", "The year is from 2000 to ten years from now.");
  assertGroups(input.mode, input.groups);
  return ctx.transact(async (em) => {
    const key = { agencyId: viewer.agencyId, kind: input.kind, fromYear: input.fromYear };
    const data = { mode: input.mode, groups: input.groups, numberBeforeSigning: input.numberBeforeSigning };
    // In one statement: two who set it for the first time at once would both find nothing there.
    const [policy] = await execute<{ id: string }>(
      em,
      `insert into numbering_policy (id, agency_id, kind, from_year, mode, groups, number_before_signing) values (?, ?, ?, ?, ?, ?, ?)
       on conflict (agency_id, kind, from_year) do update set mode = excluded.mode, groups = excluded.groups,
         number_before_signing = excluded.number_before_signing
       returning id`,
      [newId(), key.agencyId, key.kind, key.fromYear, data.mode, JSON.stringify(data.groups), data.numberBeforeSigning],
    );
    await record(ctx, em, {
      act: "register.set-policy",
      objectType: "NumberingPolicy",
      objectId: policy!.id,
      data: { ...key, ...data },
    });
    return policy!.id;
  });
}

/** Groups have names of their own, by which their series go, and no type is of two of them (NĐ 30/2020 Điều 15.1). */
function assertGroups(mode: NumberingMode, groups: SetNumberingPolicyInput["groups"]): void {
  if (mode !== "PER_GROUP" && groups.length > 0)
    throw badInput("groups", "Chỉ đánh số theo nhóm mới cần nhóm.", "Groups are for numbering by groups only.");
  const codes = groups.flatMap(({ documentTypeCodes }) => documentTypeCodes);
  for (const code of codes) requireDocumentType(code);
  const names = groups.map(({ name }) => name);
  const areNames = names.every(
    (name) => name === name.normalize("NFC").trim() && name.length >= 1 && name.length <= 50,
  );
  if (!areNames || new Set(names).size !== names.length || new Set(codes).size !== codes.length)
    throw badInput(
      "groups",
      "Mỗi nhóm có tên riêng từ 1 đến 50 ký tự; mỗi loại văn bản thuộc tối đa một nhóm.",
      "Each group has a name of its own of 1 to 50 characters; a type is of one group at most.",
    );
}

async function hasNumbers(ctx: Context, kind: RegisterKind, year: number): Promise<boolean> {
  const row = await ctx.readOne(
    "select 1 from document_register where agency_id = $1 and kind = $2 and year >= $3 and last_number > 0 limit 1",
    [ctx.agencyId, kind, year],
  );
  return row !== undefined;
}

function requireReason(text: string): string {
  const reason = text.trim();
  if (reason.length < 3 || reason.length > 1_000)
    throw badInput("reason", "Cần nêu lý do (từ 3 đến 1.000 ký tự).", "A reason of 3 to 1,000 characters is needed.");
  return reason;
}
