import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assign, colleagues, register, rows } from "../incoming/office.ts";
import { codeOf, type Colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, deputy: Colleague, officer: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, deputy, officer] = await colleagues(
    app,
    "vanthu.snv",
    "giamdoc.snv",
    "phogiamdoc.snv",
    "chuyenvien.snv",
  );
});
afterAll(() => app?.[Symbol.asyncDispose]());

interface Keyed {
  readonly mutation: string;
  /** How the act is called in the audit. */
  readonly audited: string;
  readonly selection: string;
  /** Who does it, with what input, and what other input the same key must not serve. */
  readonly prepare: () => Promise<{ who: Colleague; input: Record<string, unknown>; other: Record<string, unknown> }>;
}

const paper = async () => (await register(clerk.client, `${randomUUID().slice(0, 8)}/CV`)).id;
const assigned = async () => assign(head.client, await paper(), officer.appointmentId);
const later = "2027-06-30T00:00:00.000Z";

const acts: readonly Keyed[] = [
  {
    mutation: "registerIncomingDocument",
    audited: "incoming.register",
    selection: "{ incomingDocument { id arrivalNumber } }",
    prepare: async () => ({
      who: clerk,
      input: { senderName: "Bộ Nội vụ", referenceCode: "1/BNV", typeName: "Công văn", subject: "Về văn thư" },
      other: { subject: "Về lưu trữ" },
    }),
  },
  {
    mutation: "assignIncomingDocument",
    audited: "incoming.assign",
    selection: "{ incomingDocument { id version assignments { id } directives { id } } }",
    prepare: async () => ({
      who: head,
      other: { directive: "Giao khẩn" },
      input: {
        incomingDocumentId: await paper(),
        directive: "Giao xử lý",
        assignees: [{ appointmentId: officer.appointmentId, role: "LEAD" }],
      },
    }),
  },
  {
    mutation: "reportProgress",
    audited: "incoming.progress",
    selection: "{ assignment { id status progress { text } } }",
    prepare: async () => ({
      who: officer,
      input: { assignmentId: (await assigned()).assignments[0]!.id, text: "Đã đọc", done: true },
      other: { done: false },
    }),
  },
  {
    mutation: "completeIncomingDocument",
    audited: "incoming.complete",
    selection: "{ incomingDocument { id version completion { at } } }",
    prepare: async () => ({
      who: head,
      input: { incomingDocumentId: await paper(), kind: "FILED" },
      other: { kind: "DONE" },
    }),
  },
  {
    mutation: "returnIncomingDocument",
    audited: "incoming.return",
    selection: "{ incomingDocument { id version returnReason } }",
    prepare: async () => ({
      who: clerk,
      input: { incomingDocumentId: await paper(), reason: "Gửi nhầm" },
      other: { reason: "Sai thể thức" },
    }),
  },
  {
    mutation: "reserveNumber",
    audited: "register.reserve",
    selection: "{ entry { id number } }",
    prepare: async () => ({
      who: clerk,
      input: { kind: "OUTGOING", reason: "Giữ số họp" },
      other: { kind: "INCOMING" },
    }),
  },
  {
    mutation: "voidNumber",
    audited: "register.void",
    selection: "{ entry { id number state reason } }",
    prepare: async () => {
      const { entry } = await clerk.client.act(
        "reserveNumber",
        { kind: "OUTGOING", reason: "Giữ số họp" },
        "{ entry { id } }",
      );
      return { who: clerk, input: { entryId: entry.id, reason: "Không dùng" }, other: { reason: "Nhầm" } };
    },
  },
  {
    mutation: "grantDelegation",
    audited: "delegation.grant",
    selection: "{ delegation { id kind validTo } }",
    prepare: async () => ({
      who: head,
      other: { documentTypeCodes: ["QD"] },
      input: {
        kind: "TUQ",
        granteeId: deputy.appointmentId,
        validFrom: "2026-11-01T00:00:00.000Z",
        validTo: later,
        legalBasis: "Giấy ủy quyền",
      },
    }),
  },
  {
    mutation: "createApiToken",
    audited: "auth.create-token",
    selection: "{ apiToken { id scopes } }",
    prepare: async () => ({
      who: officer,
      input: { name: "Phần mềm", scopes: ["READ"], expiresAt: later },
      other: { scopes: ["READ", "WRITE"] },
    }),
  },
];

const done = async (audited: string): Promise<number> =>
  (await rows<{ count: number }>(app, "select count(*)::int as count from audit_event where act = $1", [audited]))[0]!
    .count;

test.each(acts)(
  "$mutation: repeated under its key, also sixteen times at once, it is done once and answered alike",
  async ({ mutation, audited, selection, prepare }) => {
    const { who, input, other } = await prepare();
    const keyed = { idempotencyKey: randomUUID(), ...input };
    const before = await done(audited);
    const answers = await Promise.all(Array.from({ length: 16 }, () => who.client.act(mutation, keyed, selection)));
    answers.push(await who.client.act(mutation, keyed, selection));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await done(audited)).toBe(before + 1);
    expect(
      await codeOf(who.client.act(mutation, { ...keyed, ...other }, selection)),
      "another request under the same key",
    ).toBe("CONFLICT");
    expect(await done(audited)).toBe(before + 1);
  },
);
