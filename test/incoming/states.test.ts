import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, type Colleague } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { act, assign, colleagues, type Paper, read, register, traces } from "./office.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, lead: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, lead] = await colleagues(app, "vanthu.snv", "giamdoc.snv", "chuyenvien.snv");
});
afterAll(() => app?.[Symbol.asyncDispose]());

const acts = ["assign", "progress", "complete", "return"] as const;
type Act = (typeof acts)[number];

/** What may be done in each state, written down apart from the server's own table. */
const expected: Readonly<Record<string, readonly Act[]>> = {
  REGISTERED: ["assign", "complete", "return"],
  ASSIGNED: ["assign", "progress", "complete", "return"],
  IN_PROGRESS: ["assign", "progress", "complete"],
  COMPLETED: [],
  RETURNED: [],
};

const report = (who: Colleague, paper: Paper, text = "Đã dự thảo văn bản trả lời", done = false) =>
  who.client.act(
    "reportProgress",
    { assignmentId: paper.assignments.find(({ assignee }) => assignee.id === who.appointmentId)?.id, text, done },
    "{ assignment { status document { status } } }",
  );

const attempt: Record<Act, (paper: Paper) => Promise<unknown>> = {
  assign: ({ id }) => assign(head.client, id, lead.appointmentId),
  progress: (paper) => report(lead, paper),
  complete: ({ id }) => act(head.client, "completeIncomingDocument", id, { kind: "DONE" }),
  return: ({ id }) => act(clerk.client, "returnIncomingDocument", id, { reason: "Gửi nhầm nơi nhận" }),
};

let made = 0;
/** A document in the given state, reached by the acts alone. */
async function inState(state: string): Promise<Paper> {
  const paths: Record<string, Act[]> = {
    REGISTERED: [],
    ASSIGNED: ["assign"],
    IN_PROGRESS: ["assign", "progress"],
    COMPLETED: ["assign", "progress", "complete"],
    RETURNED: ["assign", "return"],
  };
  const { id } = await register(clerk.client, `${++made}/TT`);
  for (const step of paths[state]!) await attempt[step]((await read(head.client, id))!);
  const paper = (await read(head.client, id))!;
  expect(paper.status).toBe(state);
  return paper;
}

type Observed = Record<string, Partial<Record<Act, string>>>;

/** Where the server's answers are not what the table says. */
const faults = (observed: Observed): string[] =>
  Object.entries(observed).flatMap(([state, answers]) =>
    Object.entries(answers)
      .filter(([name, code]) => code !== (expected[state]!.includes(name as Act) ? "done" : "WRONG_STATE"))
      .map(([name, code]) => `${state} ${name}: ${code}`),
  );

test("each act is done in its states, refused in all others, and a refusal leaves nothing behind", async () => {
  const observed: Observed = {};
  for (const state of Object.keys(expected)) {
    observed[state] = {};
    const paper = await inState(state);
    const before = await traces(app);
    // Nobody has an assignment on a document that was only registered, so nobody can report on it.
    const refused = acts.filter(
      (name) => !expected[state]!.includes(name) && !(state === "REGISTERED" && name === "progress"),
    );
    for (const name of refused) observed[state][name] = await codeOf(attempt[name](paper));
    expect(await traces(app), state).toEqual(before);
    for (const name of expected[state]!) observed[state][name] = await codeOf(attempt[name](await inState(state)));
  }
  expect(faults(observed)).toEqual([]);

  const reopens: Observed = { ...observed, COMPLETED: { ...observed["COMPLETED"]!, assign: "done" } };
  expect(faults(reopens), "planted: a closed document that can be given out again").toEqual(["COMPLETED assign: done"]);
}, 120_000);
