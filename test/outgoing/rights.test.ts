import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type TestApp } from "../support/app.ts";
import { act, codeOf, type Colleague, colleague, draft, number, seal, shown, sign, submit } from "./office.ts";

let app: TestApp;
let officer: Colleague,
  head: Colleague,
  deputy: Colleague,
  unitHead: Colleague,
  clerk: Colleague,
  stranger: Colleague,
  otherClerk: Colleague;
beforeAll(async () => {
  app = await startApp();
  const names = [
    "chuyenvien.snv",
    "giamdoc.snv",
    "phogiamdoc.snv",
    "chanhvanphong.snv",
    "vanthu.snv",
    "giamdoc.stc",
    "vanthu.stc",
  ];
  const people = await Promise.all(names.map((name) => colleague(app, name)));
  [officer, head, deputy, unitHead, clerk, stranger, otherClerk] = people as [
    Colleague,
    Colleague,
    Colleague,
    Colleague,
    Colleague,
    Colleague,
    Colleague,
  ];
});
afterAll(() => app?.[Symbol.asyncDispose]());

test("only the named signer signs, with the own key and the right PIN", async () => {
  const { id } = await submit(officer, (await draft(officer)).id, deputy);
  expect(await codeOf(sign(head, id))).toBe("FORBIDDEN");
  expect(await codeOf(sign(deputy, id, { credentialId: head.keys[0]!.id }))).toBe("NOT_FOUND");
  expect(await codeOf(sign(deputy, id, { credentialId: stranger.keys[0]!.id }))).toBe("NOT_FOUND");
  expect(await codeOf(sign(deputy, id, { pin: "654321" }))).toBe("BAD_PIN");
  expect(await codeOf(sign(clerk, id, { credentialId: clerk.keys[0]!.id }))).toBe("FORBIDDEN");
  const signed = await sign(deputy, id);
  expect(signed).toMatchObject({
    status: "SIGNED",
    signatures: [{ field: "Leader", signatureBlock: { lines: ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"] } }],
  });
});

test("the agency's key does not sign for a person, and a person's does not seal", async () => {
  const { id } = await submit(officer, (await draft(officer)).id, head);
  await sign(head, id);
  await number(clerk, id);
  expect(await codeOf(seal(clerk, id, { credentialId: head.keys[0]!.id }))).toBe("NOT_FOUND");
  expect(await codeOf(seal(head, id, { credentialId: clerk.keys[0]!.id }))).toBe("FORBIDDEN");
  expect(await codeOf(seal(otherClerk, id))).toBe("NOT_FOUND");
});

test("a token signs only with the scope to sign", async () => {
  const { id } = await submit(officer, (await draft(officer)).id, head);
  const tokenFor = async (scopes: string[]) => {
    const { token } = await head.client.act("createApiToken", { name: "kiểm thử", scopes }, "{ token }");
    const client = await app.signIn("giamdoc.snv");
    client.cookie = "";
    client.token = token;
    return { ...head, client };
  };
  expect(await codeOf(sign(await tokenFor(["READ", "WRITE"]), id))).toBe("FORBIDDEN");
  expect((await sign(await tokenFor(["READ", "WRITE", "SIGN"]), id)).status).toBe("SIGNED");
});

test("a right that ended a second before the signature is refused, and one that ends a second after is not", async () => {
  const ends = new Date(Date.now() + 3_600_000);
  const grant = {
    kind: "TUQ",
    granteeId: unitHead.appointmentId,
    documentTypeCodes: ["GM"],
    validFrom: new Date().toISOString(),
    validTo: ends.toISOString(),
    legalBasis: "Giấy ủy quyền số 05/GUQ-SNV",
  };
  await head.client.act("grantDelegation", grant, "{ delegation { id } }");
  // The head of the office signs by standing order (TL.); TUQ. comes after it, so it is withdrawn for this test.
  const { viewer } = await unitHead.client.call("{ viewer { delegations { id kind } } }");
  const standing = viewer.delegations.find(({ kind }: { kind: string }) => kind === "TL");
  await head.client.act("revokeDelegation", { delegationId: standing.id }, "{ delegation { id } }", false);

  const invitation = { typeCode: "GM", subject: "họp giao ban tháng", body: "Kính mời dự họp giao ban./." };
  const late = await submit(officer, (await draft(officer, invitation)).id, unitHead);
  const early = await submit(officer, (await draft(officer, invitation)).id, unitHead);
  expect(late.signatureBlock).toMatchObject({
    lines: ["TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG SỞ"],
    delegation: { kind: "TUQ" },
  });
  app.setClock(new Date(ends.getTime() - 1_000));
  try {
    expect((await sign(unitHead, early.id)).status).toBe("SIGNED");
    app.setClock(ends);
    expect(await codeOf(sign(unitHead, late.id))).toBe("SIGNING_REFUSED");
    app.setClock(new Date(ends.getTime() + 1_000));
    expect(await codeOf(sign(unitHead, late.id))).toBe("SIGNING_REFUSED");
    expect(await codeOf(submit(officer, (await draft(officer, invitation)).id, unitHead))).toBe("FORBIDDEN");
  } finally {
    app.setClock(null);
  }
  const { outgoingDocument } = await head.client.call(
    `query ($id: ID!) { outgoingDocument: node(id: $id) { ... on OutgoingDocument { status } } }`,
    { id: late.id },
  );
  expect(outgoingDocument.status).toBe("AWAITING_SIGNATURE");
});

test("a signature on record names the delegation and its hash in the audit", async () => {
  const { id } = await submit(officer, (await draft(officer)).id, deputy);
  await sign(deputy, id);
  const { auditEvents } = await head.client.call(
    `query ($id: ID!) { auditEvents(first: 5, objectId: $id) { nodes { act data } } }`,
    { id },
  );
  const event = auditEvents.nodes.find(({ act: name }: { act: string }) => name === "outgoing.sign");
  expect(event.data).toMatchObject({
    delegation: expect.stringMatching(/^[0-9a-f-]{36}$/),
    delegationHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(JSON.stringify(auditEvents)).not.toContain("123456");
});

test("another agency, and a colleague without the right to read, see nothing", async () => {
  const own = await draft(head);
  const query = `query ($id: ID!) { node(id: $id) { id } }`;
  expect((await stranger.client.call(query, { id: own.id })).node).toBeNull();
  expect((await officer.client.call(query, { id: own.id })).node).toBeNull();
  expect((await clerk.client.call(query, { id: own.id })).node).toEqual({ id: own.id });
  for (const part of [own.revisions[0]!.id, own.recipients[0]!.id]) {
    expect((await stranger.client.call(query, { id: part })).node).toBeNull();
    expect((await officer.client.call(query, { id: part })).node).toBeNull();
    expect((await clerk.client.call(query, { id: part })).node).toEqual({ id: part });
  }
  expect(await codeOf(stranger.client.download(own.file.url))).toBe("HTTP_404");
  expect(await codeOf(officer.client.download(own.file.url))).toBe("HTTP_404");
  const attempts = [
    submit(stranger, own.id, stranger),
    sign(stranger, own.id),
    number(otherClerk, own.id),
    seal(otherClerk, own.id),
    act(otherClerk, "dispatchOutgoingDocument", { outgoingDocumentId: own.id }),
    act(otherClerk, "cancelOutgoingDocument", { outgoingDocumentId: own.id, reason: "không phải của mình" }),
    submit(officer, own.id, head),
  ];
  const codes = await Promise.all(attempts.map(codeOf));
  expect(new Set(codes)).toEqual(new Set(["NOT_FOUND"]));
  const { outgoingDocuments } = await stranger.client.call("{ outgoingDocuments(first: 100) { nodes { id } } }");
  expect(outgoingDocuments.nodes).toEqual([]);
});

test("lists show what awaits one's signature, page by page, with all relations", async () => {
  const { id } = await submit(officer, (await draft(officer)).id, head);
  const fields = shown.slice(shown.indexOf("{", 1) + 1, shown.lastIndexOf("}", shown.length - 2));
  const { outgoingDocuments } = await head.client.call(
    `{ outgoingDocuments(first: 1, filter: { toSignByMe: true, year: ${new Date().getFullYear()}, typeCode: "CV" }) { nodes { ${fields} } pageInfo { hasNextPage endCursor } total { count isExact } } }`,
  );
  expect(outgoingDocuments.nodes[0]).toMatchObject({
    id,
    status: "AWAITING_SIGNATURE",
    revisions: [{ kind: "DRAFT" }, { kind: "FOR_SIGNATURE" }],
  });
  const { outgoingDocuments: mine } = await officer.client.call(
    `{ outgoingDocuments(first: 2, filter: { draftedByMe: true }) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
  );
  expect(mine.pageInfo.hasNextPage).toBe(true);
  const { outgoingDocuments: next } = await officer.client.call(
    `query ($after: String) { outgoingDocuments(first: 100, after: $after, filter: { draftedByMe: true }) { nodes { id } } }`,
    { after: mine.pageInfo.endCursor },
  );
  expect(next.nodes.map((node: { id: string }) => node.id)).not.toContain(mine.nodes[0].id);
});
