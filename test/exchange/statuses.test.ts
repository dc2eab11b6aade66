import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptArrival } from "../../src/exchange/commands.ts";
import { Context } from "../../src/context.ts";
import type { Client } from "../support/client.ts";
import { arrivalOf, deliveries, exchangeWorld, type ExchangeWorld, issue } from "./world.ts";

let world: ExchangeWorld;
let clerk: Client;
let leader: Client;

beforeAll(async () => {
  world = await exchangeWorld();
  clerk = await world.signIn("vanthu.stc");
  leader = await world.signIn("giamdoc.stc");
});
afterAll(() => world[Symbol.asyncDispose]());

const accept = async (arrivalId: string): Promise<string> =>
  (await clerk.act("acceptArrival", { arrivalId }, "{ incomingDocument { id } }"))["incomingDocument"].id as string;

async function assign(incomingDocumentId: string): Promise<void> {
  const { viewer } = await leader.call("{ viewer { appointment { id } } }");
  await leader.act(
    "assignIncomingDocument",
    {
      incomingDocumentId,
      directive: "Giao xử lý",
      assignees: [{ appointmentId: viewer.appointment.id, role: "LEAD" }],
    },
    "{ incomingDocument { status } }",
  );
}

test("reports that come late and out of order are all kept, and the state never goes back", async () => {
  const document = await issue(world, "H99.02", ["H99.03"]);
  await world.settle();
  const incoming = await accept(await arrivalOf(world, "H99.03", document));
  await assign(incoming);
  const { node } = await leader.call(
    "query ($id: ID!) { node(id: $id) { ... on IncomingDocument { assignments { id } } } }",
    { id: incoming },
  );
  await leader.act(
    "reportProgress",
    { assignmentId: node.assignments[0].id, text: "Đang làm" },
    "{ assignment { status } }",
  );
  // The newest goes first, and the other two when it has long been taken.
  const waiting = await world.query<{ id: string }>(
    "select id from exchange_outbox where agency_id = $1 and state = 'QUEUED' order by id",
    [world.agencyId("H99.03")],
  );
  expect(waiting).toHaveLength(3);
  await world.query("update exchange_outbox set next_attempt_at = now() + interval '1 hour' where id = any($1)", [
    waiting.slice(0, 2).map(({ id }) => id),
  ]);
  await world.settle();
  expect(await deliveries(world, document)).toMatchObject([{ state: "STORED", status: "05" }]);
  for (const { id } of waiting.slice(0, 2).reverse()) {
    await world.query("update exchange_outbox set next_attempt_at = now() - interval '1 s' where id = $1", [id]);
    await world.settle();
    expect(await deliveries(world, document)).toMatchObject([{ state: "STORED", status: "05" }]);
  }
  const history = await world.query<{ status: string }>(
    "select status from exchange_report where delivery_id = $1 order by at, status",
    [document.recipientIds[0]],
  );
  expect(history.map(({ status }) => status)).toEqual(["01", "03", "04", "05"]);
});

test("each code is told once, however often its act is done, and none for documents that came by hand", async () => {
  const document = await issue(world, "H99.02", ["H99.03"]);
  await world.settle();
  const incoming = await accept(await arrivalOf(world, "H99.03", document));
  for (let time = 0; time < 3; time++) await assign(incoming);
  await world.settle();
  expect(await world.count("exchange_report where delivery_id = $1 and status = '04'", document.recipientIds[0])).toBe(
    1,
  );

  const before = await world.count("exchange_outbox where kind = 'status'");
  const { incomingDocument } = await clerk.act(
    "registerIncomingDocument",
    {
      senderName: "Công ty A",
      referenceCode: "1/CV",
      typeName: "Công văn",
      subject: "Đề nghị",
      urgency: "NORMAL",
      attachments: [],
    },
    "{ incomingDocument { id } }",
  );
  await assign(incomingDocument.id);
  expect(await world.count("exchange_outbox where kind = 'status'")).toBe(before);
});

test("two clerks who accept and refuse at the same time make one decision, and one report of it", async () => {
  const document = await issue(world, "H99.02", ["H99.03"]);
  await world.settle();
  const arrivalId = await arrivalOf(world, "H99.03", document);
  const outcomes = await Promise.allSettled([
    clerk.act("acceptArrival", { arrivalId }, "{ arrival { state } }"),
    clerk.act("refuseArrival", { arrivalId, reason: "Không đúng thẩm quyền" }, "{ arrival { state } }"),
    clerk.act("acceptArrival", { arrivalId }, "{ arrival { state } }"),
  ]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await world.settle();
  expect(await world.count("exchange_report where delivery_id = $1 and status <> '01'", document.recipientIds[0])).toBe(
    1,
  );
  expect(
    await world.count(
      "incoming_document d join arrival a on a.incoming_document_id = d.id where a.message_id in (select message_id from exchange_delivery where document_id = $1)",
      document.documentId,
    ),
  ).toBeLessThan(2);
});

test("an act that fails takes back its report too: number, link and message are one transaction", async () => {
  const document = await issue(world, "H99.02", ["H99.03"]);
  await world.settle();
  const arrivalId = await arrivalOf(world, "H99.03", document);
  const before = await world.count("exchange_outbox");
  const numbers = await world.count("register_entry");
  const [person] = await world.query<{ personId: string; appointmentId: string; positionId: string }>(
    `select a.person_id as "personId", a.id as "appointmentId", a.position_id as "positionId" from appointment a where a.agency_id = $1 limit 1`,
    [world.agencyId("H99.03")],
  );
  // The last step, the audit, cannot be written.
  const services = {
    ...world.services,
    reactions: { "exchange.accept": [() => Promise.reject(new Error("disk full"))] },
  };
  const viewer = {
    ...person!,
    agencyId: world.agencyId("H99.03"),
    unitId: null,
    rank: "CLERK" as const,
    permissions: new Set(["exchange:accept"]),
    scopes: null,
    tokenHash: Buffer.alloc(0),
  };
  await expect(
    acceptArrival(new Context(services, viewer, "test"), { arrivalId, idempotencyKey: "khóa-thử-nghiệm" }),
  ).rejects.toThrow("disk full");
  expect(await world.count("exchange_outbox")).toBe(before);
  expect(await world.count("register_entry")).toBe(numbers);
  await accept(arrivalId);
});
