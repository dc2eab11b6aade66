import { createHash, randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, colleague, draft } from "../outgoing/office.ts";
import { readWords } from "../forms/poppler.ts";
import { startApp, type TestApp } from "../support/app.ts";
import {
  buildingDepartment,
  type Department,
  dossierAct,
  draftPermit,
  issue,
  procedureId,
  readDossier,
  receive,
  sealPermit,
  type Shown,
} from "./office.ts";

let app: TestApp;
let team: Department;
let permitProcedure: string;
/** A Friday in Vietnam, 08:20. */
const friday = new Date("2026-11-20T01:20:00Z");

beforeAll(async () => {
  app = await startApp();
  team = await buildingDepartment(app);
  permitProcedure = await procedureId(team.desk, "9.009001", "H99.04");
});
afterAll(() => app?.[Symbol.asyncDispose]());

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const publicly = async (code: string, secret: string) =>
  (
    await app.anonymous.call(
      `query ($code: String!, $secret: String!) { publicDossier(code: $code, secret: $secret) { code procedureName status
       receivedByName competentAgencyName dueAt completedAt stepsDone stepsTotal results { code sha256 issuedAt url } } }`,
      { code, secret },
    )
  ).publicDossier;
const verify = async (code: string, digest: string) =>
  (
    await app.anonymous.call(
      `query ($code: String!, $sha256: Sha256!) { verifyResult(code: $code, sha256: $sha256) { isGenuine code issuedAt agencyName
       referenceCode verification { indication integrity signatures { field indication } } } }`,
      { code, sha256: digest },
    )
  ).verifyResult;

describe("a dossier from the counter to its result", () => {
  let dossier: Shown;
  let secret: string;
  let outgoingId: string;
  let pdf: Buffer;

  test("is received with a code, a promise and a receipt that carries the secret", async () => {
    app.setClock(friday);
    const received = await receive(team.desk, permitProcedure, {
      submittedAt: "2026-11-20T01:00:00.000Z",
      note: "Nộp trực tiếp",
    });
    app.setClock(null);
    dossier = received.dossier;
    secret = received.secret!;
    expect(dossier).toMatchObject({
      code: "H99.10-261120-0001",
      status: "RECEIVED",
      receivedBy: { code: "H99.10" },
      competentAgency: { code: "H99.04" },
      dueAt: "2026-12-04T10:00:00.000Z",
      currentStep: { ordinal: 1 },
    });
    expect(dossier.dueReason).toContain(
      "10 ngày làm việc, tính từ sau ngày tiếp nhận 20/11/2026; không tính thứ Bảy, Chủ nhật (21/11, 22/11",
    );
    expect(dossier.history.map(({ text }) => text)).toEqual([
      "Trung tâm Phục vụ hành chính công tỉnh Mẫu Sơn tiếp nhận hồ sơ, hẹn trả kết quả lúc 17:00 ngày 04/12/2026.",
    ]);
    expect(secret).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
    const receipt = await team.desk.client.download(dossier.receipt.url);
    const words = (await readWords(receipt)).words.map(({ text }) => text).join(" ");
    for (const printed of [
      dossier.code,
      secret,
      "Nguyễn Văn Bình",
      "17:00 ngày 04/12/2026",
      "1/TNHS",
      "9.009001",
      "Vương Thị Hiền",
    ])
      expect(words).toContain(printed);
  });

  test("is read by both agencies, each with a receipt of its own, and by nobody else", async () => {
    const there = (await readDossier(team.officer, dossier.id))!;
    expect(there.code).toBe(dossier.code);
    expect(there.receipt.id).not.toBe(dossier.receipt.id);
    expect(there.receipt.sha256).toBe(dossier.receipt.sha256);
    expect(sha256(await team.officer.client.download(there.receipt.url))).toBe(dossier.receipt.sha256);
    expect(await codeOf(team.officer.client.download(dossier.receipt.url))).toBe("HTTP_404");
    const stranger = await colleague(app, "giamdoc.stc");
    expect(await readDossier(stranger, dossier.id)).toBeNull();
    expect(await codeOf(dossierAct(stranger, "returnDossierResult", { dossierId: dossier.id }))).not.toBe("done");
    expect((await stranger.client.call(`{ dossiers { nodes { code } } }`)).dossiers.nodes).toEqual([]);
  });

  test("goes through its steps at the deciding agency only", async () => {
    expect(await codeOf(dossierAct(team.desk, "advanceDossier", { dossierId: dossier.id }))).toBe("FORBIDDEN");
    const advanced = await dossierAct(team.officer, "advanceDossier", {
      dossierId: dossier.id,
      note: "Đã đi thực địa",
    });
    expect(advanced).toMatchObject({
      status: "IN_PROGRESS",
      currentStep: { ordinal: 2, name: "Trưởng phòng soát xét" },
    });
    expect(advanced.history.at(-1)!.text).toBe(
      "Hoàn thành bước 1/4: Thẩm định hồ sơ, kiểm tra thực địa. Ghi chú: Đã đi thực địa",
    );
    expect(await codeOf(dossierAct(team.desk, "returnDossierResult", { dossierId: dossier.id }))).toBe("WRONG_STATE");
    expect(await publicly(dossier.code, secret)).toMatchObject({
      status: "IN_PROGRESS",
      stepsDone: 1,
      stepsTotal: 4,
      results: [],
    });
  });

  test("is tied to an incoming document, which shows it in turn", async () => {
    const { incomingDocument } = await team.clerk.client.act(
      "registerIncomingDocument",
      {
        senderName: "Ủy ban nhân dân phường Mẫu Sơn",
        referenceCode: "77/UBND-VP",
        typeName: "Công văn",
        subject: "Ý kiến về quy hoạch",
        attachments: [],
      },
      "{ incomingDocument { id } }",
    );
    const tied = await dossierAct(team.manager, "linkDossierDocument", {
      dossierId: dossier.id,
      documentId: incomingDocument.id,
      relation: "RELATED",
    });
    expect(tied.documents).toEqual([
      { relation: "RELATED", incomingDocument: { id: incomingDocument.id }, outgoingDocument: null },
    ]);
    const { node } = await team.clerk.client.call(
      `query ($id: ID!) { node(id: $id) { ... on IncomingDocument { dossiers { code } } } }`,
      { id: incomingDocument.id },
    );
    expect(node.dossiers).toEqual([{ code: dossier.code }]);
    // The receiving agency neither sees the deciding agency's papers nor may tie them.
    expect((await readDossier(team.desk, dossier.id))!.documents).toEqual([]);
    const link = { dossierId: dossier.id, documentId: incomingDocument.id };
    expect(await codeOf(dossierAct(team.desk, "linkDossierDocument", { ...link, relation: "RELATED" }))).toBe(
      "NOT_FOUND",
    );
    expect(await codeOf(dossierAct(team.manager, "linkDossierDocument", { ...link, relation: "RELATED" }))).toBe(
      "WRONG_STATE",
    );
    expect(await codeOf(dossierAct(team.manager, "linkDossierDocument", { ...link, relation: "RESULT" }))).toBe(
      "BAD_INPUT",
    );
  });

  test("awaits one result at a time", async () => {
    outgoingId = (await draftPermit(team)).id;
    const other = (await draftPermit(team)).id;
    const link = (documentId: string) => ({ dossierId: dossier.id, documentId, relation: "RESULT" });
    expect(await codeOf(dossierAct(team.desk, "linkDossierDocument", link(outgoingId)))).toBe("NOT_FOUND");
    const elsewhere = await draft(team.desk);
    expect(await codeOf(dossierAct(team.desk, "linkDossierDocument", link(elsewhere.id)))).toBe("FORBIDDEN");
    await dossierAct(team.officer, "linkDossierDocument", link(other));
    expect(await codeOf(dossierAct(team.officer, "linkDossierDocument", link(outgoingId)))).toBe("WRONG_STATE");
    await team.officer.client.act(
      "cancelOutgoingDocument",
      { outgoingDocumentId: other, reason: "Soạn nhầm" },
      "{ outgoingDocument { id } }",
    );
    await dossierAct(team.officer, "linkDossierDocument", link(outgoingId));
    const { node } = await team.officer.client.call(
      `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { dossiers { code } } } }`,
      { id: outgoingId },
    );
    expect(node.dossiers).toEqual([{ code: dossier.code }]);
  });

  test("is completed by the dispatch of its result, in the same act", async () => {
    await sealPermit(team, outgoingId);
    expect((await readDossier(team.officer, dossier.id))!.status).toBe("IN_PROGRESS");
    await issue(team, outgoingId);
    const [there, here] = [(await readDossier(team.officer, dossier.id))!, (await readDossier(team.desk, dossier.id))!];
    for (const seen of [there, here]) {
      expect(seen).toMatchObject({ status: "COMPLETED", currentStep: null });
      expect(seen.results.map(({ code }) => code)).toEqual([`${dossier.code}-KQ1`]);
      expect(seen.history.at(-1)!.text).toMatch(
        /^Đã có kết quả giải quyết H99\.10-261120-0001-KQ1: văn bản số \d+\/QĐ-SXD\.$/,
      );
    }
    // Each has a file of its own with the same bytes; the document is the deciding agency's alone.
    const [own, copy] = [there.results[0]!, here.results[0]!];
    expect(copy.file.sha256).toBe(own.file.sha256);
    expect(copy.file.url).not.toBe(own.file.url);
    pdf = await team.officer.client.download(own.file.url);
    expect(sha256(pdf)).toBe(own.file.sha256);
    expect((await team.desk.client.download(copy.file.url)).equals(pdf)).toBe(true);
    expect(await codeOf(team.desk.client.download(own.file.url))).toBe("HTTP_404");
    expect([own.outgoingDocument?.id, copy.outgoingDocument]).toEqual([outgoingId, null]);
    const { auditEvents } = await team.clerk.client.call(
      `query ($id: ID) { auditEvents(objectId: $id) { nodes { act } } }`,
      { id: dossier.id },
    );
    expect(auditEvents.nodes.map(({ act }: { act: string }) => act)).toEqual([
      "dossier.complete",
      "dossier.link",
      "dossier.link",
      "dossier.link",
      "dossier.advance",
    ]);
  });

  test("shows the applicant the result, by a link that serves the very file", async () => {
    const seen = await publicly(dossier.code.toLowerCase(), ` ${secret.slice(0, 4).toLowerCase()}-${secret.slice(4)}`);
    expect(seen).toMatchObject({
      code: dossier.code,
      status: "COMPLETED",
      receivedByName: "Trung tâm Phục vụ hành chính công tỉnh Mẫu Sơn",
      competentAgencyName: "Sở Xây dựng tỉnh Mẫu Sơn",
      dueAt: "2026-12-04T10:00:00.000Z",
      stepsTotal: 4,
      results: [{ code: `${dossier.code}-KQ1`, sha256: sha256(pdf) }],
    });
    const { url } = seen.results[0];
    const response = await fetch(new URL(url, app.url));
    expect(response.headers.get("content-type")).toBe("application/pdf");
    expect(Buffer.from(await response.arrayBuffer()).equals(pdf)).toBe(true);

    const forged = [
      url.replace("KQ1", "KQ2"),
      url.replace(/expires=\d/, "expires=9"),
      url.replace(/proof=..../, "proof=AAAA"),
      url.split("&proof")[0],
      url.split("?")[0],
      `${url}&expires=9999999999999`,
    ];
    for (const link of forged) expect([link, (await fetch(new URL(link, app.url))).status]).toEqual([link, 404]);
    app.setClock(new Date(Date.now() + 10 * 60_000 + 1_000));
    expect((await fetch(new URL(url, app.url))).status).toBe(404);
    app.setClock(null);
  });

  test("has a result that anybody can verify, and no other file passes for it", async () => {
    const code = `${dossier.code}-KQ1`;
    const known = await verify(code, sha256(pdf));
    expect(known).toMatchObject({
      isGenuine: true,
      code,
      agencyName: "Sở Xây dựng tỉnh Mẫu Sơn",
      verification: { indication: "TOTAL_PASSED", integrity: "PASS" },
    });
    expect(known.verification.signatures).toHaveLength(2);
    const nothing = { isGenuine: false, issuedAt: null, agencyName: null, referenceCode: null, verification: null };
    expect(await verify(code, sha256(Buffer.concat([pdf, Buffer.from(" ")])))).toEqual({ ...nothing, code });
    expect(await verify(`${dossier.code}-KQ2`, sha256(pdf))).toEqual({ ...nothing, code: `${dossier.code}-KQ2` });

    const check = async (bytes: Buffer) => {
      const response = await fetch(`${app.url}/public/verify`, { method: "POST", body: bytes as never });
      return { status: response.status, ...((await response.json()) as Record<string, any>) };
    };
    expect(await check(pdf)).toMatchObject({
      status: 200,
      sha256: sha256(pdf),
      indication: "TOTAL_PASSED",
      integrity: "PASS",
      result: { code, agencyName: "Sở Xây dựng tỉnh Mẫu Sơn" },
    });
    const tampered = Buffer.from(pdf);
    const place = pdf.indexOf("stream") + 40;
    tampered[place] = tampered[place]! ^ 1;
    expect(await check(tampered)).toMatchObject({ indication: "TOTAL_FAILED", integrity: "FAIL", result: null });
    expect(await check(Buffer.from("no pdf at all"))).toMatchObject({ status: 400, error: { code: "BAD_INPUT" } });
    expect(await check(Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(21 << 20)]))).toMatchObject({
      status: 413,
    });
  });

  test("is handed over by the agency that received it, once", async () => {
    expect(await codeOf(dossierAct(team.officer, "returnDossierResult", { dossierId: dossier.id }))).toBe("FORBIDDEN");
    const returned = await dossierAct(team.desk, "returnDossierResult", {
      dossierId: dossier.id,
      note: "Người nộp ký nhận",
    });
    expect(returned.status).toBe("RETURNED");
    expect(returned.history.at(-1)!.text).toBe("Đã trả kết quả cho người nộp hồ sơ. Ghi chú: Người nộp ký nhận");
    expect(await codeOf(dossierAct(team.desk, "returnDossierResult", { dossierId: dossier.id }))).toBe("WRONG_STATE");
    expect(await codeOf(dossierAct(team.officer, "advanceDossier", { dossierId: dossier.id }))).toBe("WRONG_STATE");
    const late = await draftPermit(team);
    expect(
      await codeOf(
        dossierAct(team.officer, "linkDossierDocument", {
          dossierId: dossier.id,
          documentId: late.id,
          relation: "RESULT",
        }),
      ),
    ).toBe("WRONG_STATE");
  });
});

describe("a document issued before it is linked", () => {
  test("completes every dossier that it is linked to, each with its own result code and one digest", async () => {
    const { id } = await draftPermit(team);
    await sealPermit(team, id);
    await issue(team, id);
    const codes: string[] = [];
    for (let n = 0; n < 2; n++) {
      const { dossier } = await receive(team.desk, permitProcedure);
      const done = await dossierAct(team.officer, "linkDossierDocument", {
        dossierId: dossier.id,
        documentId: id,
        relation: "RESULT",
      });
      expect(done.status).toBe("COMPLETED");
      codes.push(done.results[0]!.code);
      expect((await verify(done.results[0]!.code, done.results[0]!.file.sha256)).isGenuine).toBe(true);
      expect(
        await codeOf(
          dossierAct(team.officer, "linkDossierDocument", {
            dossierId: dossier.id,
            documentId: id,
            relation: "RESULT",
          }),
        ),
      ).toBe("WRONG_STATE");
    }
    expect(new Set(codes).size).toBe(2);
  });

  test("either the document is issued and the dossier completed, or nothing has happened", async () => {
    const { id } = await draftPermit(team);
    await sealPermit(team, id);
    const { dossier } = await receive(team.desk, permitProcedure);
    await dossierAct(team.officer, "linkDossierDocument", {
      dossierId: dossier.id,
      documentId: id,
      relation: "RESULT",
    });
    const files = "select count(*)::int as n from file";
    const before = (await sql("H99.10", files)).rows[0].n;
    // The planted fault: something after the completion fails.
    const after = app.services.reactions["outgoing.dispatch"] as (() => Promise<void>)[];
    after.push(() => Promise.reject(new Error("planted")));
    expect(await codeOf(issue(team, id))).toBe("INTERNAL");
    after.pop();
    expect(await readDossier(team.desk, dossier.id)).toMatchObject({
      status: "RECEIVED",
      results: [],
      completedAt: null,
    });
    expect((await sql("H99.10", files)).rows[0].n).toBe(before);
    expect((await issue(team, id)).status).toBe("DISPATCHED");
    expect(await readDossier(team.desk, dossier.id)).toMatchObject({
      status: "COMPLETED",
      results: [{ code: `${dossier.code}-KQ1` }],
    });
    expect((await sql("H99.10", files)).rows[0].n).toBe(before + 1);
  });

  test("linking while it is being issued loses no result", async () => {
    for (let n = 0; n < 3; n++) {
      const { id } = await draftPermit(team);
      await sealPermit(team, id);
      const { dossier } = await receive(team.desk, permitProcedure);
      await Promise.all([
        issue(team, id),
        dossierAct(team.officer, "linkDossierDocument", { dossierId: dossier.id, documentId: id, relation: "RESULT" }),
      ]);
      const seen = (await readDossier(team.desk, dossier.id))!;
      expect([seen.status, seen.results.length]).toEqual(["COMPLETED", 1]);
    }
  });
});

describe("codes", () => {
  test("of 32 receptions at the same time run from 1 to 32, receipts too; a repeated request gives the same dossier", async () => {
    const ward = await colleague(app, "vanthu.phuongmauson");
    const procedure = await procedureId(ward, "9.009007", "H99.31");
    const day = new Date("2026-12-15T02:00:00Z");
    app.setClock(day);
    const keys = Array.from({ length: 32 }, () => randomUUID());
    const received = await Promise.all(keys.map((idempotencyKey) => receive(ward, procedure, { idempotencyKey })));
    expect(received.map(({ dossier }) => dossier.code).sort()).toEqual(
      Array.from({ length: 32 }, (_, n) => `H99.31-261215-${String(n + 1).padStart(4, "0")}`),
    );
    expect(new Set(received.map(({ secret }) => secret)).size).toBe(32);
    expect(new Set(received.map(({ dossier }) => dossier.receipt.sha256)).size).toBe(32);

    const again = await Promise.all(
      keys.slice(0, 4).map((idempotencyKey) => receive(ward, procedure, { idempotencyKey })),
    );
    expect(again.map(({ dossier, secret }) => [dossier.id, secret])).toEqual(
      received.slice(0, 4).map(({ dossier }) => [dossier.id, null]),
    );
    expect((await receive(ward, procedure)).dossier.code).toBe("H99.31-261215-0033");
    app.setClock(new Date("2026-12-16T02:00:00Z"));
    expect((await receive(ward, procedure)).dossier.code).toBe("H99.31-261216-0001");
    app.setClock(null);
    const { rows } = await sql(
      "H99.31",
      "select max(receipt_number)::int as last, count(*)::int as all from dossier where received_by_agency_id = app_agency()",
    );
    expect(rows[0]).toEqual({ last: 34, all: 34 });
  });

  test("the suite sees a counter that reads before it writes", async () => {
    const [{ id }] = (await sql("H99.31", "select id from agency where code = 'H99.31'")).rows as [{ id: string }];
    const next = async () => {
      const client = new pg.Client(app.database.appConnection);
      await client.connect();
      await client.query("begin; select set_config('app.agency_id', $$" + id + "$$, true)");
      const { rows } = await client.query(
        "select coalesce(max(last_number), 0) + 1 as n from dossier_counter where period = 'planted'",
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      await client.query(
        "insert into dossier_counter values ($1, 'planted', $2) on conflict (agency_id, period) do update set last_number = $2",
        [id, rows[0].n],
      );
      await client.query("commit");
      await client.end();
      return rows[0].n as number;
    };
    const given = await Promise.all(Array.from({ length: 8 }, next));
    expect(given.sort()).not.toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

/** Rows of a statement run as the application's role for an agency; nobody's where the code is null. */
async function sql(agencyCode: string | null, text: string, parameters: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client(app.database.appConnection);
  await client.connect();
  try {
    await client.query("begin");
    if (agencyCode)
      await client.query("select set_config('app.agency_id', (select id::text from agency where code = $1), true)", [
        agencyCode,
      ]);
    return await client.query(text, parameters);
  } finally {
    await client.end();
  }
}

describe("the database itself", () => {
  const tables = ["dossier", "dossier_event", "dossier_document", "dossier_result", "dossier_counter"];

  test.each(tables)("%s shows nothing to a third agency or to nobody", async (table) => {
    expect((await sql("H99.04", `select 1 from ${table} limit 1`)).rowCount, "the deciding agency").toBe(
      table === "dossier_counter" ? 0 : 1,
    );
    for (const agency of ["H99.03", null])
      expect((await sql(agency, `select 1 from ${table}`)).rowCount, String(agency)).toBe(0);
  });

  test("the suite sees a policy that is too wide", async () => {
    const owner = new pg.Client(app.database.ownerConnection);
    await owner.connect();
    await owner.query("create policy planted on dossier_event for select to congvan_app using (true)");
    expect((await sql("H99.03", "select 1 from dossier_event")).rowCount).toBeGreaterThan(0);
    await owner.query("drop policy planted on dossier_event");
    await owner.end();
  });

  test("the receiving agency sees dossiers, events and results, but not the other one's papers", async () => {
    const counts = await Promise.all(
      tables.map(async (table) => ((await sql("H99.10", `select 1 from ${table}`)).rowCount ?? 0) > 0),
    );
    expect(counts).toEqual([true, true, false, true, true]);
  });

  test("nobody reads the secrets' hashes, not even with an agency set", async () => {
    await expect(sql("H99.10", "select hash from dossier_secret")).rejects.toThrow(/permission denied/);
  });

  test("a dossier cannot be planted for another agency's counter, nor a result for another's decision", async () => {
    const insert = `insert into dossier (id, agency_id, received_by_agency_id, code, procedure_id, applicant_name, submitted_at, received_at,
        received_by_id, due_at, due_reason, status, receipt_year, receipt_number)
      select gen_random_uuid(), agency_id, received_by_agency_id, 'H99.10-261120-9999', procedure_id, 'x', now(), now(), received_by_id,
        now() + interval '1 day', 'x', 'RECEIVED', 2026, 9999 from dossier where received_by_agency_id <> agency_id limit 1`;
    await expect(sql("H99.04", insert)).rejects.toThrow(/row-level security/);
    expect((await sql("H99.10", insert)).rowCount).toBe(1);
    const result = `insert into dossier_result select gen_random_uuid(), dossier_id, agency_id, received_by_agency_id, 99, 'x', outgoing_document_id,
      reference_code, file_id, receiver_file_id, sha256, size, issued_at from dossier_result limit 1`;
    await expect(sql("H99.10", result)).rejects.toThrow(/row-level security/);
  });
});

describe("what is refused at the counter", () => {
  test.each<[string, () => Record<string, unknown>, string]>([
    ["no name", () => ({ applicantName: "  " }), "BAD_INPUT"],
    ["a telephone number that is none", () => ({ applicantPhone: "gọi sau" }), "BAD_INPUT"],
    ["an identity that is none", () => ({ applicantIdentity: "?" }), "BAD_INPUT"],
    ["a hand-in in the future", () => ({ submittedAt: new Date(Date.now() + 3_600_000).toISOString() }), "BAD_INPUT"],
    [
      "something that is no procedure",
      () => ({ procedureId: Buffer.from(`Agency:${randomUUID()}`).toString("base64url") }),
      "BAD_INPUT",
    ],
    [
      "a procedure that does not exist",
      () => ({ procedureId: Buffer.from(`Procedure:${randomUUID()}`).toString("base64url") }),
      "NOT_FOUND",
    ],
  ])("%s", async (_, more, code) => {
    expect(await codeOf(receive(team.desk, permitProcedure, more()))).toBe(code);
  });

  test("who has no counter", async () => {
    expect(await codeOf(receive(team.officer, permitProcedure))).toBe("FORBIDDEN");
  });

  test("a procedure that is not in force on the day", async () => {
    const admin = new pg.Client({ connectionString: app.database.superUrl });
    await admin.connect();
    await admin.query("update procedure set valid_to = '2026-01-01' where code = '9.009001'");
    try {
      expect(await codeOf(receive(team.desk, permitProcedure))).toBe("WRONG_STATE");
    } finally {
      await admin.query("update procedure set valid_to = null where code = '9.009001'");
      await admin.end();
    }
  });
});

test("a receipt that could not be stored is made up for when it is looked at", async () => {
  const store = app.services.store as { put: unknown };
  const { put } = store;
  store.put = () => Promise.reject(new Error("the store is away"));
  const received = await team.desk.client
    .act(
      "receiveDossier",
      { procedureId: permitProcedure, applicantName: "Trần Thị Sáu" },
      "{ secret dossier { id code } }",
    )
    .finally(() => (store.put = put));
  expect(received.secret).toMatch(/^[2-9A-Z]{8}$/);
  const seen = (await readDossier(team.officer, received.dossier.id))!;
  const words = (await readWords(await team.officer.client.download(seen.receipt.url))).words.map(({ text }) => text);
  expect(words).toContain(received.secret);
  expect((await readDossier(team.desk, received.dossier.id))!.receipt.sha256).toBe(seen.receipt.sha256);
});

test("lists are paged, newest first, and filtered by status", async () => {
  const page = async (after: string | null) =>
    (
      await team.desk.client.call(
        `query ($after: String) { dossiers(first: 3, after: $after) { nodes { code receivedAt currentStep { name } } pageInfo { endCursor hasNextPage } total { count isExact } } }`,
        { after },
      )
    ).dossiers;
  const codes: string[] = [];
  let after: string | null = null;
  for (let n = 0; n < 10; n++) {
    const { nodes, pageInfo, total } = await page(after);
    codes.push(...nodes.map(({ code }: { code: string }) => code));
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) {
      expect(codes).toHaveLength(total.count);
      break;
    }
  }
  expect(new Set(codes).size).toBe(codes.length);
  const { dossiers } = await team.desk.client.call(`{ dossiers(status: RETURNED) { nodes { code status } } }`);
  expect(dossiers.nodes).toEqual([{ code: "H99.10-261120-0001", status: "RETURNED" }]);
});
