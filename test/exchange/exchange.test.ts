import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

const statusOf = async (document: Parameters<typeof deliveries>[1]) => (await deliveries(world, document)).map(({ status }) => status);

describe("a document on its way", () => {
  test("goes from one agency to the others, and every step of theirs comes back", async () => {
    const document = await issue(world, "H99.02", ["H99.03", "H99.04", "Công ty Thoát nước"], { subject: "Về việc cải cách hành chính" });
    expect(await deliveries(world, document)).toMatchObject([{ state: "QUEUED" }, { state: "QUEUED" }, { state: "OFF_AXIS" }]);
    await world.settle();
    expect(await deliveries(world, document)).toEqual([
      { recipient: "H99.03", state: "STORED", status: "01", note: null },
      { recipient: "H99.04", state: "STORED", status: "01", note: null },
      { recipient: "Công ty Thoát nước", state: "OFF_AXIS", status: null, note: null },
    ]);

    const arrivalId = await arrivalOf(world, "H99.03", document);
    const { arrivals } = await clerk.call(
      `{ arrivals(state: ARRIVED) { nodes { id state senderName sender { code } referenceCode issuedOn typeName subject urgency signerName
         attachments { role file { id sha256 mediaType url } } verification { indication sha256 } incomingDocument { id } } total { count } } }`,
    );
    expect(arrivals.nodes).toMatchObject([
      {
        id: arrivalId, state: "ARRIVED", senderName: "Sở Nội vụ tỉnh Mẫu Sơn", sender: { code: "H99.02" }, urgency: "URGENT",
        typeName: "Quyết định", subject: "Về việc cải cách hành chính", signerName: "Nguyễn Văn Mẫu", incomingDocument: null,
        attachments: [{ role: "MAIN", file: { sha256: document.sha256, mediaType: "application/pdf" } }],
        verification: { indication: "INDETERMINATE", sha256: document.sha256 },
      },
    ]);

    const { incomingDocument } = await clerk.act(
      "acceptArrival",
      { arrivalId, note: "Bản điện tử" },
      `{ arrival { state } incomingDocument { id arrivalNumber receivedVia senderName referenceCode subject note signerPosition
         attachments { role file { sha256 } } } possibleDuplicates { id } }`,
    );
    expect(incomingDocument).toMatchObject({
      arrivalNumber: 1, receivedVia: "AXIS", senderName: "Sở Nội vụ tỉnh Mẫu Sơn", note: "Bản điện tử",
      signerPosition: "KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC", attachments: [{ role: "MAIN", file: { sha256: document.sha256 } }],
    });
    await world.settle();
    expect(await statusOf(document)).toEqual(["03", "01", null]);
    expect((await deliveries(world, document))[0]!.note).toMatch(/^Số đến 1, ngày \d\d\/\d\d\/\d{4}$/);

    const { viewer } = await leader.call("{ viewer { appointment { id } } }");
    await leader.act(
      "assignIncomingDocument",
      {
        incomingDocumentId: incomingDocument.id, directive: "Giao phòng Ngân sách",
        assignees: [{ appointmentId: viewer.appointment.id, role: "LEAD" }],
      },
      "{ incomingDocument { status } }",
    );
    await world.settle();
    expect(await statusOf(document)).toEqual(["04", "01", null]);

    const { myAssignments } = await leader.call("{ myAssignments { nodes { id } } }");
    for (const text of ["Đang làm", "Gần xong"])
      await leader.act("reportProgress", { assignmentId: myAssignments.nodes[0].id, text }, "{ assignment { status } }");
    await world.settle();
    expect(await statusOf(document)).toEqual(["05", "01", null]);
  });
});

describe("what the clerk decides", () => {
  test("a refusal goes back to the sender with its reason, once, and is final", async () => {
    const document = await issue(world, "H99.02", ["H99.03"]);
    await world.settle();
    const arrivalId = await arrivalOf(world, "H99.03", document);
    const input = { arrivalId, reason: "Gửi nhầm nơi nhận", idempotencyKey: randomUUID() };
    for (let time = 0; time < 2; time++)
      expect(await clerk.act("refuseArrival", input, "{ arrival { state refusalReason } }")).toEqual({
        arrival: { state: "REFUSED", refusalReason: "Gửi nhầm nơi nhận" },
      });
    await expect(clerk.act("acceptArrival", { arrivalId }, "{ arrival { state } }")).rejects.toMatchObject({ code: "WRONG_STATE" });
    await world.settle();
    expect(await deliveries(world, document)).toEqual([
      { recipient: "H99.03", state: "STORED", status: "02", note: "Gửi nhầm nơi nhận" },
    ]);
    expect(await world.count("exchange_report r join exchange_delivery d on d.id = r.delivery_id where d.document_id = $1", document.documentId)).toBe(2);
  });
});
