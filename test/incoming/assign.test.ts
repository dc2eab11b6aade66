import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, type Colleague, colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { act, assign, colleagues, read, register, rows, traces, uuidOf } from "./office.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, deputy: Colleague, unitHead: Colleague, officer: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, deputy, unitHead, officer, stranger] = await colleagues(
    app,
    "vanthu.snv",
    "giamdoc.snv",
    "phogiamdoc.snv",
    "chanhvanphong.snv",
    "chuyenvien.snv",
    "chuyenvien.stc",
  );
});
afterAll(() => app?.[Symbol.asyncDispose]());

test("a directive names one who leads, those who help and are told, each with a deadline", async () => {
  const { id, dueOn } = await register(clerk.client, "1/PC");
  const assigned = await act(head.client, "assignIncomingDocument", id, {
    directive: " Chánh Văn phòng chủ trì tham mưu ",
    assignees: [
      { appointmentId: unitHead.appointmentId, role: "LEAD", dueOn: "2026-12-01" },
      { appointmentId: officer.appointmentId, role: "COLLABORATING" },
      { appointmentId: deputy.appointmentId, role: "INFORMED" },
    ],
  });
  expect(assigned).toMatchObject({
    status: "ASSIGNED",
    dueOn,
    directives: [{ text: "Chánh Văn phòng chủ trì tham mưu", by: { id: head.appointmentId } }],
  });
  const of = (who: Colleague) => assigned.assignments.find(({ assignee }) => assignee.id === who.appointmentId);
  expect(assigned.assignments.length).toBe(3);
  expect(of(unitHead)).toMatchObject({ role: "LEAD", dueOn: "2026-12-01", status: "ASSIGNED" });
  expect(of(officer)).toMatchObject({ role: "COLLABORATING", dueOn });
  expect(of(deputy)).toMatchObject({ role: "INFORMED", dueOn });
});

test("the leader's own deadline becomes the document's, with the reason", async () => {
  const { id } = await register(clerk.client, "2/PC");
  const assigned = await assign(head.client, id, officer.appointmentId, [], { dueOn: "2026-12-03" });
  expect(assigned).toMatchObject({
    dueOn: "2026-12-03",
    dueReason: "Lãnh đạo ấn định ngày 03/12/2026.",
    assignments: [{ dueOn: "2026-12-03" }],
  });
});

test("no lead, two leads, nobody, somebody twice, or somebody from elsewhere is refused whole", async () => {
  const { id } = await register(clerk.client, "3/PC");
  const before = await traces(app);
  const to = (...roles: (readonly [Colleague, string])[]) =>
    codeOf(
      act(head.client, "assignIncomingDocument", id, {
        directive: "Giao",
        assignees: roles.map(([{ appointmentId }, role]) => ({ appointmentId, role })),
      }),
    );
  expect(await to()).toBe("BAD_INPUT");
  expect(await to([officer, "COLLABORATING"])).toBe("BAD_INPUT");
  expect(await to([officer, "LEAD"], [unitHead, "LEAD"])).toBe("BAD_INPUT");
  expect(await to([officer, "LEAD"], [officer, "INFORMED"])).toBe("BAD_INPUT");
  expect(await to([officer, "LEAD"], [stranger, "INFORMED"])).toBe("BAD_INPUT");
  for (const directive of ["  ", "x".repeat(4_001)])
    expect(await codeOf(assign(head.client, id, officer.appointmentId, [], { directive }))).toBe("BAD_INPUT");
  for (const who of [clerk, officer])
    expect(await codeOf(assign(who.client, id, officer.appointmentId))).toBe("FORBIDDEN");
  expect(await codeOf(assign((await colleague(app, "giamdoc.stc")).client, id, stranger.appointmentId))).toBe(
    "NOT_FOUND",
  );
  expect(await traces(app)).toEqual(before);
});

test("nothing is given to somebody who is no longer in office", async () => {
  const { id } = await register(clerk.client, "4/PC");
  const appointment = uuidOf(deputy.appointmentId);
  await rows(app, "update appointment set valid_to = '2026-01-31' where id = $1", [appointment]);
  try {
    expect(await codeOf(assign(head.client, id, deputy.appointmentId))).toBe("BAD_INPUT");
  } finally {
    await rows(app, "update appointment set valid_to = null where id = $1", [appointment]);
  }
  expect(await codeOf(assign(head.client, id, deputy.appointmentId))).toBe("done");
});

test("of two leaders who read the same version, the second is told that the first was there", async () => {
  const { id, version } = await register(clerk.client, "5/PC");
  const codes = await Promise.all([
    codeOf(assign(head.client, id, officer.appointmentId, [], { version })),
    codeOf(assign(deputy.client, id, unitHead.appointmentId, [], { version })),
  ]);
  expect(codes.toSorted()).toEqual(["CONFLICT", "done"]);
  const { assignments, directives } = (await read(head.client, id))!;
  expect([assignments.length, directives.length]).toEqual([1, 1]);
  expect(await codeOf(assign(deputy.client, id, unitHead.appointmentId, [], { version }))).toBe("CONFLICT");
});

test("a new directive passes the lead on and keeps what was there", async () => {
  const { id } = await register(clerk.client, "6/PC");
  const first = await assign(head.client, id, officer.appointmentId, [deputy.appointmentId]);
  const second = await assign(head.client, id, unitHead.appointmentId, [officer.appointmentId], {
    version: first.version,
    directive: "Chuyển chủ trì",
  });
  expect(second.directives.map(({ text }) => text)).toEqual(["Giao nghiên cứu, tham mưu trả lời", "Chuyển chủ trì"]);
  const roles = Object.fromEntries(second.assignments.map(({ role, assignee }) => [assignee.id, role]));
  expect(roles).toEqual({
    [officer.appointmentId]: "COLLABORATING",
    [deputy.appointmentId]: "COLLABORATING",
    [unitHead.appointmentId]: "LEAD",
  });
  const kept = second.assignments.filter((each) => first.assignments.some(({ id: before }) => before === each.id));
  expect(kept.length, "the older assignments are the same ones").toBe(2);
  const { auditEvents } = await head.client.call(
    "query ($id: ID!) { auditEvents(first: 10, objectId: $id) { nodes { act } } }",
    { id },
  );
  expect(auditEvents.nodes.map((event: { act: string }) => event.act)).toEqual([
    "incoming.assign",
    "incoming.assign",
    "incoming.register",
  ]);
});
