import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { prepareSignedData } from "../../../signing/cms/write.ts";
import { append, at, decision, signAsLeader, stream, waiting } from "../verify-documents.ts";
import { crudeUpdate, forged, judge, latin1, leader, signedWith, startxrefOf, tenDigits } from "./bases.ts";

const signed = await signedWith();
const previous = startxrefOf(signed);

describe("an update that shows nothing new to us, but another page to readers that search the file", () => {
  test.each([
    ["by an object inside of a stream alone", crudeUpdate(signed)],
    ["and lists it as object 0", crudeUpdate(signed, { table: (n) => `0 1\n${tenDigits(n)} 00000 n \n` })],
    ["behind a comment after startxref", crudeUpdate(signed, { tail: (n) => `startxref % 5\n${n}\n%%EOF\n` })],
    [
      "with a /Prev that is no integer",
      crudeUpdate(signed, { trailer: `<</Size 100 /Root 1 0 R /Info 11 0 R /Prev ${previous}.0>>` }),
    ],
    ["in front of much white space", Buffer.concat([crudeUpdate(signed), Buffer.alloc(30_000, 10)])],
    [
      "by a trailer inside of a stream",
      crudeUpdate(signed, { objects: `60 0 obj\n${stream("", "\ntrailer\n<</Root 61 0 R>>\n")}\nendobj\n` }),
    ],
    [
      "by an object that is not listed",
      crudeUpdate(signed, { objects: `4 0 obj\n${forged}\nendobj\n`, table: () => "" }),
    ],
    [
      "by a container of objects that are not listed",
      crudeUpdate(signed, {
        objects: `60 0 obj\n${stream("/Type /ObjStm /N 1 /First 4", "3 0 <</Type /Page>>")}\nendobj\n`,
      }),
    ],
    [
      "by a section that is in no chain",
      crudeUpdate(signed, {
        objects: `60 0 obj\n${stream("/Type /XRef /Root 61 0 R /Size 1 /W [1 1 1]", "000")}\nendobj\n`,
      }),
    ],
  ])("%s is not certain", (_, pdf) => {
    expect(judge(pdf).integrity).not.toBe("PASS");
  });

  test.each([
    ["a sound update", crudeUpdate(signed, { objects: `60 0 obj\n(x)\nendobj\n` })],
    ["a sound update by our own helper", append(signed, { 60: "(obj trailer 5 obj)" })],
    ["some white space behind the end", Buffer.concat([append(signed, { 60: "null" }), Buffer.alloc(500, 10)])],
    [
      "lines of another length",
      crudeUpdate(signed, { objects: "60 0 obj\n(x)\nendobj\n", table: (n) => `60 1\n${tenDigits(n)} 00000 n\n` }),
    ],
  ])("%s passes", (_, pdf) => {
    expect(judge(pdf).integrity).toBe("PASS");
  });
});

test("white space alone does not bring up an object that waited in the signed part", async () => {
  const prepared = Buffer.concat([append(Buffer.alloc(0), decision), latin1(`4 0 obj\n${forged}\nendobj\n`)]);
  // The first revision's own startxref is the last one before the hidden object.
  const base = Buffer.concat([
    prepared,
    latin1(
      `xref\n0 0\ntrailer\n<</Size 100 /Root 1 0 R /Info 11 0 R /Prev ${startxrefOf(append(Buffer.alloc(0), decision))}>>\nstartxref\n${prepared.length}\n%%EOF\n`,
    ),
  ]);
  const pdf = await signAsLeader(leader, "", "", base);
  expect(judge(pdf).integrity).toBe("PASS");
  expect(judge(Buffer.concat([pdf, Buffer.alloc(30_000, 10)])).integrity).not.toBe("PASS");
});

test.each([1, 7, 65_535])(
  "a reference of another generation (%i) does not let content be exchanged",
  async (generation) => {
    const page = decision[at.page]!.replace("/Contents 4 0 R", `/Contents [4 0 R 50 ${generation} R]`);
    const pdf = await signedWith({ [at.page]: page, 50: stream("", "") });
    expect(judge(append(pdf, { 50: forged })).integrity).not.toBe("PASS");
  },
);

test("an object 0 does not let content be exchanged", async () => {
  const zero = (base: Buffer, body: string) =>
    crudeUpdate(base, { objects: `0 0 obj\n${body}\nendobj\n`, table: (n) => `0 1\n${tenDigits(n)} 00000 n \n` });
  const page = decision[at.page]!.replace("/Contents 4 0 R", "/Contents 0 0 R");
  const base = zero(append(Buffer.alloc(0), { ...decision, [at.page]: page }), decision[at.text]!);
  const pdf = await signAsLeader(leader, "", "", base);
  expect(judge(zero(pdf, forged)).integrity).not.toBe("PASS");
});

test("a file that says its length beforehand does not change its face when it reaches it", async () => {
  const head = (length: number) =>
    latin1(
      `%PDF-1.7\n70 0 obj\n<</Linearized 1 /L ${tenDigits(length)} /H [0 0] /O 3 /E 0 /N 1 /T 0>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 100 /Root 71 0 R>>\nstartxref\n0\n%%EOF\n`,
    );
  const make = (length: number) => {
    let file = head(length).toString("latin1");
    let rows = "";
    for (const [number, body] of Object.entries(decision)) {
      rows += `${number} 1\n${tenDigits(file.length)} 00000 n \n`;
      file += `${number} 0 obj\n${body}\nendobj\n`;
    }
    file += `xref\n${rows}trailer\n<</Size 100 /Root 1 0 R /Info 11 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
    return signAsLeader(leader, "", "", latin1(file));
  };
  const { length } = await make(0);
  const pdf = await make(length + 1);
  expect(judge(pdf).integrity).toBe("PASS");
  expect(judge(Buffer.concat([pdf, latin1("\n")])).integrity).not.toBe("PASS");
});

test("an object that begins in what was signed and ends behind it is not what was signed", async () => {
  const base = append(Buffer.alloc(0), decision);
  const [blank, hole] = ["0".repeat(10), 4_000];
  const dictionary = `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 ${blank} ${blank} ${blank}] /Contents <${"0".repeat(2 * hole)}>>>`;
  let text = "";
  let rows = "";
  for (const [number, body] of [
    [at.leader, waiting.leader("/V 20 0 R")],
    [20, dictionary],
  ] as const) {
    rows += `${number} 1\n${tenDigits(base.length + text.length)} 00000 n \n`;
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const table = base.length + text.length;
  const section = (offset: number) =>
    `xref\n4 1\n${tenDigits(offset)} 00000 n \n${rows}trailer\n<</Size 100 /Root 1 0 R /Info 11 0 R /Prev ${startxrefOf(base)}>>\n% `;
  // The page's content begins in a comment; `startxref` and `%%EOF` are its first data.
  text += `${section(table + section(0).length)}4 0 obj <</Length 300>> stream\nstartxref\n${table}\n%%EOF\n`;
  const pdf = Buffer.concat([base, latin1(text)]);
  const start = pdf.indexOf("/Contents <", base.length) + "/Contents ".length;
  const end = start + 2 * hole + 2;
  const range = [start, end, pdf.length - end].map((n) => String(n).padEnd(10)).join(" ");
  pdf.write(`[0 ${range}]`, pdf.indexOf(`[0 ${blank}`, base.length), "latin1");
  const digest = createHash(leader.digest).update(pdf.subarray(0, start)).update(pdf.subarray(end)).digest();
  const prepared = prepareSignedData(leader, digest);
  pdf.write(prepared.complete(await leader.sign(prepared.toBeSigned)).toString("hex"), start + 1, "latin1");
  const shown = pdf.length - pdf.lastIndexOf("stream\nstartxref") - "stream\n".length;
  const rest = "\nBT /F1 12 Tf 50 760 Td (KHAC) Tj ET ".padEnd(300 - shown) + "\nendstream\nendobj\n";
  const update = `xref\n0 0\ntrailer\n<</Size 100 /Root 1 0 R /Info 11 0 R /Prev ${table}>>\nstartxref\n${pdf.length + rest.length}\n%%EOF\n`;
  expect(judge(Buffer.concat([pdf, latin1(rest + update)])).integrity).not.toBe("PASS");
});
