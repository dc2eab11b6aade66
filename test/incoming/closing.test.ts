import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { act as actOn, codeOf, type Colleague, draft, number, seal, sign, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { act, assign, colleagues, type Paper, read, register } from "./office.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, lead: Colleague, helper: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  const names = ["vanthu.snv", "giamdoc.snv", "chuyenvien.snv", "chanhvanphong.snv", "giamdoc.stc"] as const;
  [clerk, head, lead, helper, stranger] = await colleagues(app, ...names);
});
afterAll(() => app?.[Symbol.asyncDispose]());

const report = (who: Colleague, paper: Paper, text = "Đã dự thảo văn bản trả lời", done = false) =>
  who.client.act(
    "reportProgress",
    { assignmentId: paper.assignments.find(({ assignee }) => assignee.id === who.appointmentId)?.id, text, done },
    "{ assignment { status document { status } } }",
  );

describe("progress", () => {
  test("is the assignee's own to report, in order, until it is done", async () => {
    const { id } = await register(clerk.client, "1/TĐ");
    const given = await assign(head.client, id, lead.appointmentId, [helper.appointmentId]);
    expect(await report(lead, given, "Đã đọc")).toEqual({
      assignment: { status: "IN_PROGRESS", document: { status: "IN_PROGRESS" } },
    });
    expect(await report(helper, given, "Đã góp ý", true)).toMatchObject({
      assignment: { status: "DONE", document: { status: "IN_PROGRESS" } },
    });
    await report(lead, given, "Đã dự thảo");
    expect(await codeOf(report(helper, given, "Thêm nữa"))).toBe("WRONG_STATE");
    const { assignments } = (await read(head.client, id))!;
    const of = (who: Colleague) => assignments.find(({ assignee }) => assignee.id === who.appointmentId)!;
    expect(of(lead)).toMatchObject({
      role: "LEAD",
      status: "IN_PROGRESS",
      progress: [{ text: "Đã đọc" }, { text: "Đã dự thảo" }],
    });
    expect(of(helper)).toMatchObject({ status: "DONE", progress: [{ text: "Đã góp ý" }] });
    const notTheirs = (who: Colleague) =>
      codeOf(
        who.client.act(
          "reportProgress",
          { assignmentId: of(lead).id, text: "Thay người khác" },
          "{ assignment { id } }",
        ),
      );
    expect([await notTheirs(helper), await notTheirs(head), await notTheirs(stranger), await notTheirs(clerk)]).toEqual(
      ["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "FORBIDDEN"],
    );
    for (const text of ["  ", "x".repeat(4_001)]) expect(await codeOf(report(lead, given, text))).toBe("BAD_INPUT");
  });
});

describe("closing", () => {
  test("is for who leads or who directs, and says how", async () => {
    const { id } = await register(clerk.client, "2/HT");
    await assign(head.client, id, lead.appointmentId, [helper.appointmentId]);
    const complete = (who: Colleague, input: Record<string, unknown> = {}) =>
      act(who.client, "completeIncomingDocument", id, { kind: "FILED", ...input });
    expect([await codeOf(complete(clerk)), await codeOf(complete(stranger))]).toEqual(["FORBIDDEN", "NOT_FOUND"]);
    expect(await codeOf(complete(lead, { note: "x".repeat(1_001) }))).toBe("BAD_INPUT");
    const closed = await complete(lead, { note: " Lưu để biết " });
    expect(closed).toMatchObject({
      status: "COMPLETED",
      completion: { kind: "FILED", note: "Lưu để biết", by: { id: lead.appointmentId } },
    });
    expect(closed.assignments.map(({ status }) => status)).toEqual(["DONE", "DONE"]);
  });

  test("who helps closes nothing", async () => {
    const { id } = await register(clerk.client, "3/HT");
    await assign(head.client, id, helper.appointmentId, [lead.appointmentId]);
    expect(await codeOf(act(lead.client, "completeIncomingDocument", id, { kind: "DONE" }))).toBe("FORBIDDEN");
  });

  test("as answered needs an issued document of one's own that answers this very one", async () => {
    const [question, other] = [await register(clerk.client, "4/HT"), await register(clerk.client, "5/HT")];
    await assign(head.client, question.id, lead.appointmentId);
    const answered = (answeredById?: string) =>
      codeOf(act(head.client, "completeIncomingDocument", question.id, { kind: "ANSWERED", answeredById }));
    const answer = await draft(head, {
      typeCode: "CV",
      subject: "trả lời",
      body: "Sở Nội vụ trả lời như sau./.",
      recipients: [{ name: "Bộ Nội vụ" }],
      answersToId: question.id,
    });
    expect(await answered(), "none named").toBe("BAD_INPUT");
    expect(await answered(other.id), "not an outgoing document").toBe("BAD_INPUT");
    expect(await answered(answer.id), "a draft").toBe("BAD_INPUT");
    expect((await read(head.client, question.id))!.status).toBe("ASSIGNED");
    await submit(head, answer.id, head);
    await sign(head, answer.id);
    await number(clerk, answer.id);
    await seal(clerk, answer.id);
    expect(await answered(answer.id), "sealed, but not issued").toBe("BAD_INPUT");
    await actOn(clerk, "dispatchOutgoingDocument", { outgoingDocumentId: answer.id });
    const elsewhere = codeOf(
      act(head.client, "completeIncomingDocument", other.id, { kind: "ANSWERED", answeredById: answer.id }),
    );
    expect(await elsewhere, "it answers another one").toBe("BAD_INPUT");
    expect(await answered(answer.id)).toBe("done");
    expect(await read(head.client, question.id)).toMatchObject({
      status: "COMPLETED",
      completion: { kind: "ANSWERED" },
    });
  });
});

describe("sending back", () => {
  test("takes a reason and the register's keeper, and keeps the number", async () => {
    const { id, arrivalNumber } = await register(clerk.client, "6/TL");
    const back = (who: Colleague, reason: string) => act(who.client, "returnIncomingDocument", id, { reason });
    for (const reason of ["", "   ", "x".repeat(1_001)]) expect(await codeOf(back(clerk, reason))).toBe("BAD_INPUT");
    expect([await codeOf(back(head, "Gửi nhầm")), await codeOf(back(stranger, "Gửi nhầm"))]).toEqual([
      "FORBIDDEN",
      "FORBIDDEN",
    ]);
    expect(await back(clerk, " Không đúng thẩm quyền ")).toMatchObject({
      status: "RETURNED",
      returnReason: "Không đúng thẩm quyền",
      arrivalNumber,
    });
    expect((await register(clerk.client, "7/TL")).arrivalNumber).toBe(arrivalNumber + 1);
  });

  test("leaves nobody with something to do", async () => {
    const { id } = await register(clerk.client, "8/TL");
    await assign(head.client, id, lead.appointmentId);
    await act(clerk.client, "returnIncomingDocument", id, { reason: "Gửi nhầm nơi nhận" });
    const { myAssignments } = await lead.client.call(
      "{ myAssignments(first: 100, status: ASSIGNED) { nodes { document { id } } } }",
    );
    expect(myAssignments.nodes).not.toContainEqual({ document: { id } });
  });
});
