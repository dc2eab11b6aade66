import { randomBytes, randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PdfVerifier } from "../../src/files/pdf-verification.ts";
import {
  act,
  colleague,
  demoPin,
  draft,
  letter as letterInput,
  number,
  seal,
  sign,
  submit,
} from "../outgoing/office.ts";
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

const statusOf = async (document: Parameters<typeof deliveries>[1]) =>
  (await deliveries(world, document)).map(({ status }) => status);

describe("a document on its way", () => {
  test("goes from one agency to the others, and every step of theirs comes back", async () => {
    const document = await issue(world, "H99.02", ["H99.03", "H99.04", "Công ty Thoát nước"], {
      subject: "Về việc cải cách hành chính",
    });
    expect(await deliveries(world, document)).toMatchObject([
      { state: "QUEUED" },
      { state: "QUEUED" },
      { state: "OFF_AXIS" },
    ]);
    await world.settle();
    expect(await deliveries(world, document)).toEqual([
      { recipient: "H99.03", state: "STORED", status: "01", note: null },
      { recipient: "H99.04", state: "STORED", status: "01", note: null },
      { recipient: "Công ty Thoát nước", state: "OFF_AXIS", status: null, note: null },
    ]);

    const arrivalId = await arrivalOf(world, "H99.03", document);
    const { arrivals } = await clerk.call(
      `{ arrivals(state: ARRIVED) { nodes { id state senderName sender { code } referenceCode issuedOn typeName subject urgency signerName
         attachments { role file { id sha256 mediaType url } } verification { indication sha256 } signatureChecks { state report { indication } } incomingDocument { id } } total { count } } }`,
    );
    expect(arrivals.nodes).toMatchObject([
      {
        id: arrivalId,
        state: "ARRIVED",
        senderName: "Sở Nội vụ tỉnh Mẫu Sơn",
        sender: { code: "H99.02" },
        urgency: "URGENT",
        typeName: "Quyết định",
        subject: "Về việc cải cách hành chính",
        signerName: "Nguyễn Văn Mẫu",
        incomingDocument: null,
        attachments: [{ role: "MAIN", file: { sha256: document.sha256, mediaType: "application/pdf" } }],
        verification: { indication: "INDETERMINATE", sha256: document.sha256 },
        signatureChecks: [{ state: "DONE", report: { indication: "INDETERMINATE" } }],
      },
    ]);

    const { incomingDocument } = await clerk.act(
      "acceptArrival",
      { arrivalId, note: "Bản điện tử" },
      `{ arrival { state } incomingDocument { id arrivalNumber receivedVia senderName referenceCode subject note signerPosition
         attachments { role file { sha256 } } } possibleDuplicates { id } }`,
    );
    expect(incomingDocument).toMatchObject({
      arrivalNumber: 1,
      receivedVia: "AXIS",
      senderName: "Sở Nội vụ tỉnh Mẫu Sơn",
      note: "Bản điện tử",
      signerPosition: "KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC",
      attachments: [{ role: "MAIN", file: { sha256: document.sha256 } }],
    });
    await world.settle();
    expect(await statusOf(document)).toEqual(["03", "01", null]);
    expect((await deliveries(world, document))[0]!.note).toMatch(/^Số đến 1, ngày \d\d\/\d\d\/\d{4}$/);

    const { viewer } = await leader.call("{ viewer { appointment { id } } }");
    await leader.act(
      "assignIncomingDocument",
      {
        incomingDocumentId: incomingDocument.id,
        directive: "Giao phòng Ngân sách",
        assignees: [{ appointmentId: viewer.appointment.id, role: "LEAD" }],
      },
      "{ incomingDocument { status } }",
    );
    await world.settle();
    expect(await statusOf(document)).toEqual(["04", "01", null]);

    const { myAssignments } = await leader.call("{ myAssignments { nodes { id } } }");
    for (const text of ["Đang làm", "Gần xong"])
      await leader.act(
        "reportProgress",
        { assignmentId: myAssignments.nodes[0].id, text },
        "{ assignment { status } }",
      );
    await world.settle();
    expect(await statusOf(document)).toEqual(["05", "01", null]);
  });
});

const followed = `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { file { sha256 } recipients {
  name delivery status statusAt statusNote history { status at note } } } } }`;

describe("over the API alone", () => {
  test("a signed letter arrives with its signatures proven, is answered, and both offices see the whole course", async () => {
    const [officer, head, sender] = await Promise.all(
      ["chuyenvien.snv", "giamdoc.snv", "vanthu.snv"].map((username) => colleague(world, username)),
    );
    const { id } = await draft(officer!, letterInput);
    await submit(officer!, id, head!);
    await sign(head!, id, { pin: demoPin });
    const { referenceCode } = await number(sender!, id);
    await seal(sender!, id);
    await act(sender!, "dispatchOutgoingDocument", { outgoingDocumentId: id });
    await world.settle();
    const look = async () => (await sender!.client.call(followed, { id })).node.recipients as Record<string, unknown>[];
    expect(await look()).toMatchObject([
      { delivery: "STORED", status: "ARRIVED", history: [{ status: "ARRIVED" }] },
      { delivery: "STORED", status: "ARRIVED" },
      { name: "Lưu hồ sơ", delivery: "OFF_AXIS", status: null, statusAt: null, history: [] },
    ]);

    const { arrivals } = await clerk.call(
      `{ arrivals(state: ARRIVED, first: 1) { nodes { id referenceCode signerName verification { indication integrity
         signatures { field indication signerName claimedTime coverage } } } } }`,
    );
    const [arrival] = arrivals.nodes;
    expect(arrival).toMatchObject({
      referenceCode,
      signerName: "Nguyễn Thị Thanh Hà",
      verification: {
        indication: "TOTAL_PASSED",
        integrity: "PASS",
        signatures: [{ field: "Leader" }, { field: "Seal", coverage: "ENTIRE_FILE" }],
      },
    });
    expect(arrival.verification.signatures[0].signerName).toContain("Nguyễn Thị Thanh Hà");
    const { incomingDocument } = await clerk.act(
      "acceptArrival",
      { arrivalId: arrival.id },
      "{ incomingDocument { id referenceCode } }",
    );
    expect(incomingDocument.referenceCode).toBe(referenceCode);
    await leader.act(
      "completeIncomingDocument",
      { incomingDocumentId: incomingDocument.id, kind: "FILED", note: "Lưu để biết" },
      "{ incomingDocument { status } }",
    );
    await world.settle();
    const [first] = await look();
    expect(first).toMatchObject({ status: "COMPLETED", delivery: "STORED" });
    expect((first!["history"] as { status: string }[]).map(({ status }) => status)).toEqual([
      "ARRIVED",
      "ACCEPTED",
      "COMPLETED",
    ]);
    const { auditEvents } = await sender!.client.call(
      "query ($id: ID!) { auditEvents(objectId: $id) { nodes { act } } }",
      { id },
    );
    expect(auditEvents.nodes.map((event: { act: string }) => event.act)).toEqual(
      expect.arrayContaining(["outgoing.dispatch", "exchange.accepted", "exchange.stored", "exchange.report"]),
    );
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
    await expect(clerk.act("acceptArrival", { arrivalId }, "{ arrival { state } }")).rejects.toMatchObject({
      code: "WRONG_STATE",
    });
    await world.settle();
    expect(await deliveries(world, document)).toEqual([
      { recipient: "H99.03", state: "STORED", status: "02", note: "Gửi nhầm nơi nhận" },
    ]);
    expect(
      await world.count(
        "exchange_report r join exchange_delivery d on d.id = r.delivery_id where d.document_id = $1",
        document.documentId,
      ),
    ).toBe(2);
  });
});

test("a document too large for memory is looked at from the disk, on arriving and in its check", async () => {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage();
  const image = {
    Type: "XObject",
    Subtype: "Image",
    Width: 8,
    Height: 8,
    ColorSpace: "DeviceGray",
    BitsPerComponent: 8,
  };
  page.node.newXObject("Scan", pdf.context.register(pdf.context.stream(randomBytes(22 << 20), image)));
  const document = await issue(world, "H99.02", ["H99.03"], { file: Buffer.from(await pdf.save()) });
  const looked: unknown[] = [];
  const { examine } = PdfVerifier.prototype;
  PdfVerifier.prototype.examine = function (bytes, options) {
    looked.push("path" in bytes ? "disk" : "memory");
    return examine.call(this, bytes, options);
  };
  try {
    await world.settle();
  } finally {
    PdfVerifier.prototype.examine = examine;
  }
  expect(looked).toEqual(["disk", "disk"]);
  const id = await arrivalOf(world, "H99.03", document);
  const { node } = await clerk.call(
    `query ($id: ID!) { node(id: $id) { ... on Arrival {
       verification { sha256 indication notes } signatureChecks { state report { sha256 indication } } } } }`,
    { id },
  );
  const verdict = { sha256: document.sha256, indication: "INDETERMINATE" };
  expect(node).toMatchObject({
    verification: { ...verdict, notes: expect.not.arrayContaining(["LIMIT_EXCEEDED"]) },
    signatureChecks: [{ state: "DONE", report: verdict }],
  });
  expect(await readdir(join(world.dataDirectory, "checking"))).toEqual([]);
}, 30_000);
