import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEdxml } from "../../axis/index.ts";
import { edxmlOf } from "../../src/exchange/edxml.ts";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { arrivalOf, exchangeWorld, type ExchangeWorld, issue, type Issued } from "./world.ts";

let world: ExchangeWorld;
let document: Issued;
let arrivalId: string;

beforeAll(async () => {
  world = await exchangeWorld();
  document = await issue(world, "H99.02", ["H99.03"]);
  await world.settle();
  arrivalId = await arrivalOf(world, "H99.03", document);
  const clerk = await world.signIn("vanthu.stc");
  await clerk.act("acceptArrival", { arrivalId }, "{ arrival { state } }");
  const refused = await issue(world, "H99.02", ["H99.03"], {
    file: Buffer.from("\x7fELF".padEnd(100, "\0"), "latin1"),
  });
  await world.settle();
  expect(refused.recipientIds).toHaveLength(1);
});
afterAll(() => world[Symbol.asyncDispose]());

const tables = [
  "exchange_outbox",
  "exchange_delivery",
  "exchange_report",
  "exchange_inbox",
  "exchange_quarantine",
  "arrival",
  "arrival_file",
];

describe("who sees what", () => {
  test("an arrival and its files are seen by the clerks and leaders of the agency that got it, and nobody else", async () => {
    const look =
      "query ($id: ID!) { node(id: $id) { ... on Arrival { subject attachments { file { url } } } } arrivals { nodes { id } total { count } } }";
    const { node } = await (await world.signIn("vanthu.stc")).call(look, { id: arrivalId });
    const { url } = node.attachments[0].file;
    expect((await (await world.signIn("vanthu.stc")).download(url)).subarray(0, 5).toString()).toBe("%PDF-");
    for (const username of ["vanthu.stc", "giamdoc.stc"]) {
      const client = await world.signIn(username);
      expect(await client.call(look, { id: arrivalId })).toMatchObject({
        node: { subject: "Về việc thử nghiệm liên thông" },
        arrivals: { total: { count: 1 } },
      });
    }
    for (const username of ["chuyenvien.stc", "vanthu.sxd", "giamdoc.snv"]) {
      const client = await world.signIn(username);
      expect(await client.call(look, { id: arrivalId })).toEqual({
        node: null,
        arrivals: { nodes: [], total: { count: 0 } },
      });
      await expect(client.download(url)).rejects.toMatchObject({ code: "HTTP_404" });
      for (const [act, input] of [
        ["acceptArrival", {}],
        ["refuseArrival", { reason: "Không phải của tôi" }],
      ] as const)
        await expect(client.act(act, { arrivalId, ...input }, "{ arrival { id } }")).rejects.toMatchObject({
          code: username === "vanthu.sxd" ? "NOT_FOUND" : "FORBIDDEN",
        });
    }
  });

  test("with the server's own checks left out, the database still keeps every agency to its own rows", async () => {
    for (const table of tables) {
      const owners = await world.query<{ id: string }>(`select distinct agency_id as id from ${table}`);
      expect(owners.length, `${table} has rows to hide`).toBeGreaterThan(0);
      for (const code of ["H99.02", "H99.03", "H99.04"]) {
        const rows = await world.context(code).read<{ id: string }>(`select agency_id as id from ${table}`);
        expect(
          rows.every(({ id }) => id === world.agencyId(code)),
          `${table} as ${code}`,
        ).toBe(true);
        expect(rows.length > 0, `${table} as ${code}`).toBe(owners.some(({ id }) => id === world.agencyId(code)));
      }
      await expect(
        world.context("H99.04").transact((em) => em.execute(`insert into ${table} select * from ${table} where false`)),
      ).resolves.toBeDefined();
    }
    // Planted: without the policy the very same look finds the others' rows.
    await world.query("alter table arrival disable row level security");
    expect(await world.context("H99.04").read("select id from arrival")).not.toEqual([]);
    await world.query("alter table arrival enable row level security");
    expect(await world.context("H99.04").read("select id from arrival")).toEqual([]);
  });

  test("the application's role sees nothing of the hub's tables, and cannot forget what has come", async () => {
    await expect(world.services.pool.query("select from hub.message")).rejects.toThrow("permission denied");
    for (const table of ["exchange_inbox", "exchange_report", "exchange_quarantine", "arrival"])
      await expect(world.context("H99.03").transact((em) => em.execute(`delete from ${table}`))).rejects.toThrow(
        "permission denied",
      );
  });
});

describe("a message as edXML", () => {
  test("says the same on both sides, reads back, and carries the very file", async () => {
    const [{ id }] = (await world.query<{ id: string }>(
      "select message_id as id from exchange_delivery where document_id = $1",
      [document.documentId],
    )) as [{ id: string }];
    const sent = await edxmlOf(world.services, world.agencyId("H99.02"), id);
    const received = await edxmlOf(world.services, world.agencyId("H99.03"), id);
    expect(received).toEqual(sent);
    const { message, problems } = readEdxml(Buffer.from(sent!.xml));
    expect(problems).toEqual([]);
    expect(message).toMatchObject({
      kind: "document",
      from: { organId: "H99.02" },
      to: [{ organId: "H99.03" }],
      subject: "Về việc thử nghiệm liên thông",
      signer: { competence: "KT. GIÁM ĐỐC", position: "PHÓ GIÁM ĐỐC", fullName: "Nguyễn Văn Mẫu" },
    });
    const content = message?.kind === "document" ? Buffer.from(message.attachments[0]!.content!, "base64") : null;
    expect(content).toEqual(await world.services.store.read(document.sha256, 1 << 20));
    expect(await edxmlOf(world.services, world.agencyId("H99.04"), id)).toBeNull();
  });

  test("every report that was sent reads back as a status message", async () => {
    const reports = await world.query<{ id: string }>(
      "select id from exchange_outbox where kind = 'status' and agency_id = $1 order by id",
      [world.agencyId("H99.03")],
    );
    const codes = [];
    for (const { id } of reports) {
      const { message } = readEdxml(Buffer.from((await edxmlOf(world.services, world.agencyId("H99.03"), id))!.xml));
      if (message?.kind === "status") codes.push([message.statusCode, message.description]);
    }
    expect(codes).toEqual([
      ["01", ""],
      ["03", expect.stringMatching(/^Số đến 1/) as string],
    ]);
  });

  test("is downloaded by who may read the document, and by nobody else", async () => {
    const path = `/exchange/arrivals/${arrivalId}.edxml`;
    expect((await (await world.signIn("vanthu.stc")).download(path)).toString()).toContain("<edXML:edXML");
    await expect((await world.signIn("vanthu.sxd")).download(path)).rejects.toMatchObject({ code: "HTTP_404" });
    await expect(world.anonymous.download(path)).rejects.toMatchObject({ code: "HTTP_401" });
    const other = `/exchange/outgoing/${toGlobalId("OutgoingDocument", document.documentId)}.edxml`;
    expect((await (await world.signIn("vanthu.snv")).download(other)).toString()).toContain("<edXML:edXML");
    await expect((await world.signIn("vanthu.stc")).download(other)).rejects.toMatchObject({ code: "HTTP_404" });
  });
});
