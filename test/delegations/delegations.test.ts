import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, type Colleague, colleague, draft, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
const people: Record<string, Colleague> = {};
const names = [
  "giamdoc.snv",
  "phogiamdoc.snv",
  "chanhvanphong.snv",
  "chuyenvien.snv",
  "vanthu.snv",
  "giamdoc.stc",
  "chuyenvien.stc",
  "chutich.ubnd",
  "phochutich.ubnd",
  "tonghop.ubnd",
  "vanthu.ubnd",
];
beforeAll(async () => {
  app = await startApp();
  await Promise.all(names.map(async (name) => (people[name] = await colleague(app, name))));
});
afterAll(() => app?.[Symbol.asyncDispose]());

const year = { validFrom: "2026-11-01T00:00:00.000Z", validTo: "2027-10-31T00:00:00.000Z" };
const shown = `{ delegation { id kind grantor { id } grantee { id } documentTypes { code }
    validFrom validTo legalBasis revokedAt } }`;

const grant = (from: string, to: string, more: Record<string, unknown> = {}) =>
  people[from]!.client.act(
    "grantDelegation",
    { kind: "TUQ", granteeId: people[to]!.appointmentId, ...year, legalBasis: "Giấy ủy quyền số 05/GUQ-SNV", ...more },
    shown,
  );
const revoke = (who: string, delegationId: string) =>
  people[who]!.client.act("revokeDelegation", { delegationId }, shown, false);
const blockOf = (asker: string, signer: string) =>
  people[asker]!.client.call(
    "query ($id: ID!) { signatureBlock(signerId: $id) { lines fullName delegation { kind } } }",
    { id: people[signer]!.appointmentId },
  );
const linesOf = async (signer: string): Promise<string[]> => (await blockOf(signer, signer)).signatureBlock.lines;
/** The field that a refusal names, or its code. */
const refusedFor = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "done",
    (error: { code: string; extensions: Record<string, unknown> }) => String(error.extensions["field"] ?? error.code),
  );
const standing = async (who: string): Promise<{ id: string; kind: string }[]> =>
  (await people[who]!.client.call("{ viewer { delegations { id kind } } }")).viewer.delegations;

describe("the signature block", () => {
  test("is computed from posts and standing rights: head, deputy, head of a unit, and nobody else", async () => {
    expect(await blockOf("chuyenvien.snv", "giamdoc.snv")).toEqual({
      signatureBlock: { lines: ["GIÁM ĐỐC"], fullName: "Nguyễn Thị Thanh Hà", delegation: null },
    });
    expect(await blockOf("chuyenvien.snv", "phogiamdoc.snv")).toEqual({
      signatureBlock: {
        lines: ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
        fullName: "Đặng Văn Long",
        delegation: { kind: "KT" },
      },
    });
    expect(await linesOf("chanhvanphong.snv")).toEqual(["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG SỞ"]);
    for (const name of ["chuyenvien.snv", "vanthu.snv"]) expect(await codeOf(linesOf(name))).toBe("FORBIDDEN");
  });

  test("of a People's Committee speaks for the collective, but not where the chair gives an order", async () => {
    expect(await linesOf("chutich.ubnd")).toEqual(["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]);
    expect(await linesOf("phochutich.ubnd")).toEqual(["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]);
    expect(await linesOf("tonghop.ubnd")).toEqual(["TL. CHỦ TỊCH", "TRƯỞNG PHÒNG TỔNG HỢP"]);
    expect(await codeOf(linesOf("vanthu.ubnd"))).toBe("FORBIDDEN");
  });

  test("is told within the agency only", async () => {
    expect(await codeOf(blockOf("giamdoc.stc", "phogiamdoc.snv"))).toBe("NOT_FOUND");
    expect(
      await codeOf(
        app.anonymous.call("query ($id: ID!) { signatureBlock(signerId: $id) { lines } }", {
          id: people["giamdoc.snv"]!.appointmentId,
        }),
      ),
    ).toBe("UNAUTHENTICATED");
  });
});

describe("handing over", () => {
  test("is the head's alone, and within the own agency", async () => {
    for (const name of ["phogiamdoc.snv", "chanhvanphong.snv", "chuyenvien.snv", "vanthu.snv"])
      expect(await codeOf(grant(name, "chuyenvien.snv"))).toBe("FORBIDDEN");
    expect(await codeOf(grant("giamdoc.snv", "chuyenvien.stc"))).toBe("NOT_FOUND");
    expect(await codeOf(grant("giamdoc.stc", "chuyenvien.snv"))).toBe("NOT_FOUND");
    expect(await refusedFor(grant("giamdoc.snv", "giamdoc.snv")), "not to oneself").toBe("granteeId");
  });

  test("fits the rank, ends where the law wants it, rests on something, and names types that exist", async () => {
    expect(await refusedFor(grant("giamdoc.snv", "chanhvanphong.snv", { kind: "KT" }))).toBe("granteeId");
    expect(await refusedFor(grant("giamdoc.snv", "phogiamdoc.snv", { kind: "TL" }))).toBe("granteeId");
    expect(await refusedFor(grant("giamdoc.snv", "vanthu.snv"))).toBe("granteeId");
    expect(await refusedFor(grant("giamdoc.snv", "phogiamdoc.snv", { validTo: null }))).toBe("validTo");
    for (const validTo of [year.validFrom, "2026-10-31T00:00:00.000Z"])
      expect(await refusedFor(grant("giamdoc.snv", "phogiamdoc.snv", { validTo }))).toBe("validTo");
    for (const legalBasis of ["", "  ", "x".repeat(501)])
      expect(await refusedFor(grant("giamdoc.snv", "phogiamdoc.snv", { legalBasis }))).toBe("legalBasis");
    expect(await refusedFor(grant("giamdoc.snv", "phogiamdoc.snv", { documentTypeCodes: ["XYZ"] }))).toBe("typeCode");
    expect(await refusedFor(grant("giamdoc.snv", "phogiamdoc.snv", { kind: "TM" })), "no collective").toBe("kind");
    expect(await refusedFor(grant("giamdoc.snv", "chuyenvien.snv")), "no permission to sign").toBe("granteeId");
    expect(await standing("chuyenvien.snv"), "nothing was left behind").toEqual([]);
    expect(
      (await standing("phogiamdoc.snv")).map(({ kind }) => kind),
      "nor here",
    ).toEqual(["KT"]);
  });

  test("gives the right as written, for its types of documents, until it is withdrawn", async () => {
    const [order] = await standing("tonghop.ubnd");
    await revoke("chutich.ubnd", order!.id);
    const basis = "Giấy ủy quyền số 07/GUQ-UBND";
    const { delegation } = await grant("chutich.ubnd", "tonghop.ubnd", {
      documentTypeCodes: ["GM", "GGT"],
      legalBasis: ` ${basis} `,
    });
    expect(delegation).toMatchObject({
      kind: "TUQ",
      grantor: { id: people["chutich.ubnd"]!.appointmentId },
      grantee: { id: people["tonghop.ubnd"]!.appointmentId },
      documentTypes: [{ code: "GM" }, { code: "GGT" }],
      ...year,
      legalBasis: basis,
      revokedAt: null,
    });
    expect(await standing("tonghop.ubnd")).toEqual([{ id: delegation.id, kind: "TUQ" }]);
    const submitted = async (typeCode: string) => {
      const { id } = await draft(people["vanthu.ubnd"]!, {
        typeCode,
        subject: "họp giao ban",
        body: "Kính mời dự họp./.",
        recipients: [{ name: "Các phòng" }],
      });
      return (await submit(people["vanthu.ubnd"]!, id, people["tonghop.ubnd"]!)).signatureBlock?.lines;
    };
    expect(await submitted("GM")).toEqual(["TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG TỔNG HỢP"]);
    expect(await codeOf(submitted("TB"))).toBe("FORBIDDEN");

    expect([
      await codeOf(revoke("phochutich.ubnd", delegation.id)),
      await codeOf(revoke("giamdoc.stc", delegation.id)),
    ]).toEqual(["FORBIDDEN", "NOT_FOUND"]);
    const withdrawn = await revoke("chutich.ubnd", delegation.id);
    expect(withdrawn.delegation.revokedAt).not.toBeNull();
    expect(await standing("tonghop.ubnd")).toEqual([]);
    expect(await codeOf(submitted("GM"))).toBe("FORBIDDEN");
    expect(await revoke("chutich.ubnd", delegation.id), "once is enough").toEqual(withdrawn);
  });
});

test("a right begins and ends at its very millisecond, by the server's clock", async () => {
  const [standingOrder] = await standing("chanhvanphong.snv");
  await revoke("giamdoc.snv", standingOrder!.id);
  const [from, to] = ["2026-12-01T01:00:00.000Z", "2026-12-01T10:00:00.000Z"];
  await grant("giamdoc.snv", "chanhvanphong.snv", { validFrom: from, validTo: to });
  const at = async (instant: string, shift: number) => {
    app.setClock(new Date(Date.parse(instant) + shift));
    const lines = await codeOf(linesOf("chanhvanphong.snv"));
    return [lines, (await standing("chanhvanphong.snv")).length];
  };
  try {
    expect([await at(from, -1), await at(from, 0), await at(to, -1), await at(to, 0), await at(to, 1)]).toEqual([
      ["FORBIDDEN", 0],
      ["done", 1],
      ["done", 1],
      ["FORBIDDEN", 0],
      ["FORBIDDEN", 0],
    ]);
  } finally {
    app.setClock(null);
  }
});

test("a delegation is the agency's to read, and everything about it is in the audit", async () => {
  const [right] = await standing("phogiamdoc.snv");
  const read = async (who: string) =>
    (await people[who]!.client.call("query ($id: ID!) { node(id: $id) { id } }", { id: right!.id })).node;
  expect([await read("chuyenvien.snv"), await read("giamdoc.stc")]).toEqual([{ id: right!.id }, null]);
  const { delegation } = await grant("giamdoc.snv", "phogiamdoc.snv", { kind: "Q" });
  expect(await linesOf("phogiamdoc.snv")).toEqual(["Q. GIÁM ĐỐC"]);
  await revoke("giamdoc.snv", delegation.id);
  expect(await linesOf("phogiamdoc.snv")).toEqual(["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]);
  const { auditEvents } = await people["giamdoc.snv"]!.client.call(
    "query ($id: ID!) { auditEvents(first: 5, objectId: $id) { nodes { act actor { id } } } }",
    { id: delegation.id },
  );
  const actor = { id: people["giamdoc.snv"]!.appointmentId };
  expect(auditEvents.nodes).toEqual([
    { act: "delegation.revoke", actor },
    { act: "delegation.grant", actor },
  ]);
});
