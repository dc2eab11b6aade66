import { describe, expect, test } from "vitest";
import type { AgencyKind, DelegationKind, PositionRank } from "../../src/graphql/types.ts";
import { assertMayDelegate, signatureBlock, type SigningRight } from "../../src/delegations/rules.ts";

const kinds: readonly DelegationKind[] = ["KT", "TL", "TUQ", "Q", "TM"];
const ranks: readonly PositionRank[] = ["HEAD", "DEPUTY", "UNIT_HEAD", "UNIT_DEPUTY", "OFFICER", "CLERK"];
const end = new Date("2026-12-31T10:00:00.000Z");

/** Who may get what from the head, NĐ 30/2020 Điều 13, written down apart from the server's own table. */
const mayGet: Readonly<Record<DelegationKind, readonly PositionRank[]>> = {
  KT: ["DEPUTY"],
  Q: ["DEPUTY"],
  TM: ["DEPUTY"],
  TL: ["UNIT_HEAD"],
  TUQ: ["DEPUTY", "UNIT_HEAD", "UNIT_DEPUTY", "OFFICER"],
};

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return "done";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("who may hand what to whom", () => {
  const cases = kinds.flatMap((kind) =>
    ranks.flatMap((grantor) => ranks.map((grantee) => ({ kind, grantor, grantee }))),
  );
  const expected = ({ kind, grantor, grantee }: (typeof cases)[number]) =>
    grantor !== "HEAD" ? "FORBIDDEN" : mayGet[kind].includes(grantee) ? "done" : "BAD_INPUT";
  const wrong = (rule: typeof assertMayDelegate) =>
    cases
      .filter(
        (each) =>
          codeOf(() => rule(each.kind, each.grantor, each.grantee, end, "PEOPLES_COMMITTEE")) !== expected(each),
      )
      .map(({ kind, grantor, grantee }) => `${kind} ${grantor} ${grantee}`);

  test("each kind, from each rank, to each rank", () => {
    expect(cases.length).toBe(180);
    expect(wrong(assertMayDelegate)).toEqual([]);
  });

  test("a deputy who hands on what was received, and an order to a deputy, are caught (planted bugs)", () => {
    expect(
      wrong((kind, grantor, grantee, to, agency) =>
        assertMayDelegate(kind, grantor === "DEPUTY" ? "HEAD" : grantor, grantee, to, agency),
      ).length,
    ).toBe(30);
    expect(
      wrong((kind, grantor, grantee, to, agency) =>
        assertMayDelegate(kind === "TL" ? "TUQ" : kind, grantor, grantee, to, agency),
      ),
    ).toEqual(["TL HEAD DEPUTY", "TL HEAD UNIT_DEPUTY", "TL HEAD OFFICER"]);
  });

  test("only a collective is signed for with TM.", () => {
    const given = (kind: DelegationKind, agency: AgencyKind) =>
      codeOf(() => assertMayDelegate(kind, "HEAD", mayGet[kind][0]!, end, agency));
    for (const agency of ["DEPARTMENT", "OFFICE", "ONE_STOP_CENTRE"] as const)
      expect(kinds.filter((kind) => given(kind, agency) !== "done")).toEqual(["TM"]);
    expect(given("TM", "PEOPLES_COMMITTEE")).toBe("done");
  });

  test("an authorisation has an end, the others need none", () => {
    for (const kind of kinds)
      expect(
        codeOf(() => assertMayDelegate(kind, "HEAD", mayGet[kind][0]!, null, "PEOPLES_COMMITTEE")),
        kind,
      ).toBe(kind === "TUQ" ? "BAD_INPUT" : "done");
  });
});

const right = (kind: DelegationKind, more: Partial<SigningRight> = {}): SigningRight => ({
  id: `by ${kind}`,
  kind,
  documentTypes: [],
  validFrom: new Date("2026-01-01T00:00:00.000Z"),
  validTo: null,
  revokedAt: null,
  ...more,
});
const now = new Date("2026-11-23T02:00:00.000Z");
const deputy = { rank: "DEPUTY", title: "Phó Giám đốc" } as const;
const block = (
  rights: readonly SigningRight[],
  at = now,
  typeCode: string | null = "CV",
  kind: AgencyKind = "DEPARTMENT",
) => signatureBlock({ kind, name: "Sở Nội vụ" }, "Giám đốc", deputy, rights, typeCode, at);

describe("what stands over a signature", () => {
  test("by kind of right, for a department and for a People's Committee", () => {
    const committee = ["TM. ỦY BAN NHÂN DÂN"];
    const cases: Partial<Record<DelegationKind, readonly [own: string[], collective: readonly string[]]>> = {
      KT: [["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], committee],
      Q: [["Q. GIÁM ĐỐC"], committee],
      TL: [["TL. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], []],
      TUQ: [["TUQ. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], []],
    };
    for (const [kind, [own, collective]] of Object.entries(cases) as [
      DelegationKind,
      readonly [string[], readonly string[]],
    ][]) {
      expect(block([right(kind)])).toEqual({ lines: own, delegationId: `by ${kind}` });
      expect(
        block([right(kind)], now, "CV", "PEOPLES_COMMITTEE").lines,
        "TL. and TUQ. are the head's own, not the collective's",
      ).toEqual([...collective, ...own]);
    }
    expect(block([right("TM")], now, "CV", "PEOPLES_COMMITTEE").lines).toEqual(["TM. ỦY BAN NHÂN DÂN", "PHÓ GIÁM ĐỐC"]);
  });

  test("the head signs in the own title, without any right", () => {
    const head = (kind: AgencyKind, title: string) =>
      signatureBlock({ kind, name: "" }, title, { rank: "HEAD", title }, [], null, now);
    expect(head("DEPARTMENT", "Giám đốc")).toEqual({ lines: ["GIÁM ĐỐC"], delegationId: null });
    expect(head("PEOPLES_COMMITTEE", "Chủ tịch")).toEqual({
      lines: ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
      delegationId: null,
    });
  });

  test("of several rights the acting head's comes first, an authorisation after the standing ones", () => {
    const all = ["TUQ", "KT", "Q", "TL"].map((kind) => right(kind as DelegationKind));
    expect(block(all).delegationId).toBe("by Q");
    expect(block(all.filter(({ kind }) => kind !== "Q")).delegationId).toBe("by KT");
    expect(block(all.filter(({ kind }) => kind === "TUQ" || kind === "TL")).delegationId).toBe("by TL");
  });

  test("a right for some types of documents is good for those alone", () => {
    const scoped = right("TUQ", { documentTypes: ["GM", "GGT"] });
    expect(block([scoped], now, "GM").delegationId).toBe("by TUQ");
    for (const type of ["QD", null]) expect(codeOf(() => block([scoped], now, type))).toBe("FORBIDDEN");
    expect(
      block([right("KT", { documentTypes: ["QD"] }), scoped], now, "GM").delegationId,
      "the one that covers it",
    ).toBe("by TUQ");
  });

  test("a right begins and ends at its very millisecond, and with its withdrawal", () => {
    const from = new Date("2026-11-23T01:00:00.000Z");
    const at = (milliseconds: number, base = end) => new Date(base.getTime() + milliseconds);
    const inForce = (given: SigningRight, instant: Date) => codeOf(() => block([given], instant)) === "done";
    const window = right("TUQ", { validFrom: from, validTo: end });
    const edges = (rule: typeof inForce) =>
      [at(-1, from), from, at(-1), end, at(1)].map((instant) => rule(window, instant));
    expect(edges(inForce)).toEqual([false, true, true, false, false]);
    expect([at(-1), end, at(1)].map((instant) => inForce(right("KT", { revokedAt: end }), instant))).toEqual([
      true,
      false,
      false,
    ]);
    // Planted: an end that still counts.
    expect(edges((given, instant) => inForce({ ...given, validTo: at(1, given.validTo!) }, instant))).not.toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});
