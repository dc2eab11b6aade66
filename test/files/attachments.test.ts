import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { newId } from "../../src/ids.ts";
import { colleagues, register, rows, traces, uuidOf } from "../incoming/office.ts";
import { codeOf, type Colleague, letter } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let clerk: Colleague, head: Colleague, officer: Colleague, stranger: Colleague;
beforeAll(async () => {
  app = await startApp();
  [clerk, head, officer, stranger] = await colleagues(app, "vanthu.snv", "giamdoc.snv", "chuyenvien.snv", "vanthu.stc");
});
afterAll(() => app?.[Symbol.asyncDispose]());

let made = 0;
const upload = ({ client }: Colleague, name = "Công văn đến.pdf") =>
  client.upload(Buffer.from(`%PDF-1.7\n% tệp số ${++made}\n%%EOF\n`), name);

interface Attached {
  readonly attachments: {
    role: string;
    file: { id: string; name: string; mediaType: string; size: number; sha256: string; url: string };
  }[];
}
const attach = async (attachments: { role: string; fileId: string }[], who = clerk): Promise<Attached> =>
  (
    await who.client.act(
      "registerIncomingDocument",
      {
        senderName: "Bộ Nội vụ",
        referenceCode: `${++made}/BNV`,
        typeName: "Công văn",
        subject: "Về văn thư",
        attachments,
      },
      "{ incomingDocument { attachments { role file { id name mediaType size sha256 url } } } }",
    )
  ).incomingDocument;
const read = async ({ client }: Colleague, id: string) =>
  (await client.call("query ($id: ID!) { node(id: $id) { ... on File { name } } }", { id })).node;

test("files are kept in their order, with role, name, type, size and digest, and come back byte for byte", async () => {
  const bytes = Buffer.from("%PDF-1.7\n% Bản chính\n%%EOF\n");
  const main = await clerk.client.upload(bytes, "Bản chính.pdf");
  const annexes = [await upload(clerk, "Phụ lục 2.pdf"), await upload(clerk, "Phụ lục 1.pdf")];
  const { attachments } = await attach([
    { role: "MAIN", fileId: main },
    ...annexes.map((fileId) => ({ role: "ANNEX", fileId })),
  ]);
  expect(attachments.map(({ role, file }) => [role, file.name])).toEqual([
    ["MAIN", "Bản chính.pdf"],
    ["ANNEX", "Phụ lục 2.pdf"],
    ["ANNEX", "Phụ lục 1.pdf"],
  ]);
  const [first] = attachments;
  expect(first!.file).toMatchObject({
    id: main,
    mediaType: "application/pdf",
    size: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  });
  expect((await clerk.client.download(first!.file.url)).equals(bytes)).toBe(true);
});

describe("refused, with nothing left behind", () => {
  /** What of an attachment is refused as what, and whether anything is there afterwards. */
  const attempts = async (
    make: (attachments: { role: string; fileId: string }[]) => Promise<unknown>,
    role = "MAIN",
  ) => {
    const [own, second, colleagues, foreign] = [
      await upload(clerk),
      await upload(clerk),
      await upload(head),
      await upload(stranger),
    ];
    const first = (fileId: string) => ({ role, fileId });
    const before = await traces(app);
    const answers = {
      colleagues: await codeOf(make([first(own), { role: "ANNEX", fileId: colleagues }])),
      foreign: await codeOf(make([first(own), { role: "ANNEX", fileId: foreign }])),
      absent: await codeOf(make([first(toGlobalId("File", newId()))])),
      otherType: await codeOf(make([first(toGlobalId("Agency", newId()))])),
      nonsense: await codeOf(make([first("nonsense")])),
      twoMain: await codeOf(make([own, second].map((fileId) => ({ role: "MAIN", fileId })))),
      tooMany: await codeOf(make(Array.from({ length: 51 }, () => ({ role: "ANNEX", fileId: own })))),
    };
    expect(await traces(app)).toEqual(before);
    return answers;
  };
  const expected = {
    colleagues: "NOT_FOUND",
    foreign: "NOT_FOUND",
    absent: "NOT_FOUND",
    otherType: "BAD_INPUT",
    nonsense: "BAD_INPUT",
    twoMain: "BAD_INPUT",
    tooMany: "BAD_INPUT",
  };

  test("with an incoming document", async () =>
    expect(await attempts((attachments) => attach(attachments))).toEqual(expected));

  test("with a draft, whose main file is made by the server", async () => {
    const draft = (attachments: object[]) =>
      clerk.client.act("draftOutgoingDocument", { ...letter, attachments }, "{ outgoingDocument { id } }");
    expect(await attempts(draft, "ANNEX")).toEqual(expected);
  });

  test("for whose the file is, and for nothing else: the same one is taken once it is one's own", async () => {
    const fileId = await upload(head);
    expect(await codeOf(attach([{ role: "MAIN", fileId }]))).toBe("NOT_FOUND");
    await rows(app, "update file set uploaded_by = $1 where id = $2", [uuidOf(clerk.appointmentId), uuidOf(fileId)]);
    expect(await codeOf(attach([{ role: "MAIN", fileId }]))).toBe("done");
  });
});

describe("who sees a file", () => {
  test("before it belongs to something: who uploaded it, and nobody else", async () => {
    const id = await upload(clerk);
    expect([await read(clerk, id), await read(head, id), await read(stranger, id)]).toEqual([
      { name: "Công văn đến.pdf" },
      null,
      null,
    ]);
    expect(await codeOf(head.client.download(`/files/${id}`))).toBe("HTTP_404");
  });

  test("from then on: who may read the document, as long as that is so", async () => {
    const id = await upload(clerk);
    const { id: documentId } = await register(clerk.client, "1/TĐK", { attachments: [{ role: "MAIN", fileId: id }] });
    const seen = async () =>
      Promise.all(
        [head, officer, stranger].map(
          async (who) =>
            (await read(who, id)) !== null && (await codeOf(who.client.download(`/files/${id}`))) === "done",
        ),
      );
    expect(await seen()).toEqual([true, false, false]);
    await head.client.act(
      "assignIncomingDocument",
      {
        incomingDocumentId: documentId,
        directive: "Giao",
        assignees: [{ appointmentId: officer.appointmentId, role: "LEAD" }],
      },
      "{ incomingDocument { id } }",
    );
    expect(await seen()).toEqual([true, true, false]);
  });

  test("an upload may belong to two documents, and is seen with either", async () => {
    const fileId = await upload(clerk);
    for (const reference of ["2/TĐK", "3/TĐK"])
      await register(clerk.client, reference, { attachments: [{ role: "ANNEX", fileId }] });
    expect(await read(head, fileId)).toEqual({ name: "Công văn đến.pdf" });
  });
});
