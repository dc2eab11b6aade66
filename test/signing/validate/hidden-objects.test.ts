import { describe, expect, test } from "vitest";
import { readPdf } from "../../../signing/pdf/document.ts";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { Target } from "../attacks/target.ts";
import { ownFile } from "../attacks/targets.ts";
import { during, issueSigner, root } from "../authorities.ts";
import { append, decision, signAsLeader, stream, type Objects } from "../verify-documents.ts";

const leader = issueSigner().signer;
const look = (pdf: Buffer) => {
  const { integrity, notes } = verifyPdf(pdf, { anchors: [root], at: during });
  return { integrity, notes };
};
const bait = "\n4 0 obj\n<</Length 0>>\nstream\nendstream\nendobj\ntrailer <</Root 1 0 R>>\n";
const sound = { integrity: "PASS", notes: [] };

const talk = "See 4 0 obj and what the trailer << says.".replace("<<", "(<<)");
/** A later revision with a stream that holds such words as they stand. */
const words: Objects = { 50: stream("", talk) };
/** The rows of the last cross-reference table without the blank at their ends, which some readers do not take. */
const shortRows = (pdf: Buffer) => {
  const table = pdf.lastIndexOf("xref\n", pdf.lastIndexOf("trailer"));
  const rest = pdf.toString("latin1", table).replaceAll(" n \n", " n\n");
  return Buffer.concat([pdf.subarray(0, table), Buffer.from(rest, "latin1")]);
};
/** What `append` looks for to chain its section to the one before. */
const previousEnd = (pdf: Buffer) => pdf.subarray(pdf.lastIndexOf("startxref"));
const rowsNote = expect.stringMatching(/^XREF_LINES_OF_ANOTHER_LENGTH/);
const objectNote = expect.stringMatching(/^UNLISTED_OBJECT 4 at byte /);
const trailerNote = expect.stringMatching(/^UNLISTED_TRAILER at byte /);

describe("what looks like an object", () => {
  test("in the words of a later stream is none", async () => {
    expect(look(append(await signAsLeader(leader), words))).toEqual(sound);
  });

  test.each(["<<", "[1]", "(x)", "<00>", "/N", "7", "-1", "+1", ".5", "true", "false", "null", "% x", ""])(
    "with a value behind it is one, also in a stream: %s",
    async (value) => {
      const pdf = append(await signAsLeader(leader), { 50: stream("", `4 0 obj ${value}${" ".repeat(70)}`) });
      expect(look(pdf)).toEqual({ integrity: "INDETERMINATE", notes: [objectNote] });
    },
  );

  test("with a trailer is one, also in a stream", async () => {
    const pdf = append(await signAsLeader(leader), { 50: stream("", "trailer <</Root 1 0 R>>") });
    expect(look(pdf)).toEqual({ integrity: "INDETERMINATE", notes: [trailerNote] });
  });

  test("in words outside of a stream's data is suspect", async () => {
    expect(look(append(await signAsLeader(leader), { 50: `(${talk})` })).notes).toEqual([objectNote]);
  });

  test("between later objects is one that a searching reader finds", async () => {
    const signed = await signAsLeader(leader);
    const pdf = append(Buffer.concat([signed, Buffer.from(bait, "latin1"), previousEnd(signed)]), {});
    expect(look(pdf)).toMatchObject({ integrity: "INDETERMINATE", notes: [objectNote, trailerNote] });
  });

  test("in a later stream's dictionary is no data", async () => {
    const inDictionary = { 50: stream("/Type /Zz%4 0 obj\n", "x") };
    expect(look(append(await signAsLeader(leader), inDictionary)).notes).toEqual([objectNote]);
  });

  test("matters in the words of a stream, too, where the update makes readers search", async () => {
    const { integrity, notes } = look(shortRows(append(await signAsLeader(leader), words)));
    expect(integrity).toBe("INDETERMINATE");
    expect(notes).toEqual([objectNote, rowsNote]);
  });

  const attached = { ...decision, 50: stream("/Type /EmbeddedFile", bait) };

  test("in the signed part matters only where the update makes readers search", async () => {
    const signed = await signAsLeader(leader, "", "", append(Buffer.alloc(0), attached));
    expect(look(signed)).toEqual(sound);
    expect(look(append(signed, { 60: "(orphan)" }))).toEqual(sound);
    expect(look(shortRows(append(signed, { 60: "(orphan)" })))).toEqual({
      integrity: "INDETERMINATE",
      notes: [objectNote, rowsNote],
    });
  });

  test("was there for all who search when the signed part itself made them", async () => {
    const base = shortRows(append(Buffer.alloc(0), attached));
    const signed = await signAsLeader(leader, "", "", base);
    const note = { integrity: "PASS", notes: [rowsNote] };
    expect(look(signed)).toEqual(note);
    expect(look(append(signed, words))).toEqual(note);
  });

  test("of a number that is not in use shows nothing", async () => {
    const other = { ...decision, 50: stream("/Type /EmbeddedFile", bait.replace("4 0 obj", "77 0 obj")) };
    const signed = await signAsLeader(leader, "", "", append(Buffer.alloc(0), other));
    expect(look(shortRows(append(signed, { 60: "(orphan)" })))).toEqual({ integrity: "PASS", notes: [rowsNote] });
  });
});

describe("a container with an object that stands elsewhere", () => {
  const container = (copy: string, number = 51) => stream("/Type /ObjStm /N 1 /First 5", `${number} 0 ${copy}`);
  const misleading = { integrity: "INDETERMINATE", notes: ["MISLEADING_STREAM 50"] };

  test.each<[string, string, unknown]>([
    ["the same", "[1 (a) <</B /C>>]", sound],
    ["the same in another way", "[1 <61> <</#42 /#43>>]", sound],
    ["something else", "[2 (a) <</B /C>>]", misleading],
    ["more", "[1 (a) <</B /C /D 1>>]", misleading],
    ["another value first", "[1 (a) <</B /D /B /C>>]", misleading],
    ["nothing that can be read", "[1 (a", misleading],
  ])("may hold %s: it is judged", async (_, copy, expected) => {
    const pdf = append(await signAsLeader(leader), { 50: container(copy), 51: "[1 (a) <</B /C>>]" });
    expect(look(pdf)).toEqual(expected);
  });

  test.each([
    ["the same", "[1]", sound],
    ["another", "[2]", misleading],
  ])("may hold %s value of a number twice: it is judged", async (_, other, expected) => {
    const base = await signAsLeader(leader);
    const packed = stream("/Type /ObjStm /N 2 /First 10", `51 0 51 4 [1] ${other}`);
    const pdf = append(base, { 50: packed, 51: "[1]" });
    expect(look(pdf)).toEqual(expected);
  });

  test("may hold only so many copies", async () => {
    const many = 20_000;
    const packed = stream(`/Type /ObjStm /N ${many} /First ${5 * many}`, `${"51 0 ".repeat(many)}[1]`);
    expect(look(append(await signAsLeader(leader), { 50: packed, 51: "[1]" }))).toEqual(misleading);
  });

  test("may not hold one that is not in use", async () => {
    expect(look(append(await signAsLeader(leader), { 50: container("[1]", 52), 51: "[1]" }))).toEqual(misleading);
  });

  test("may not hold what a later update has changed", async () => {
    const pdf = append(await signAsLeader(leader), { 50: container("[1]"), 51: "[1]" });
    expect(look(append(pdf, { 51: "[2]" }))).toEqual(misleading);
  });
});

test.each(["table", "stream"] as const)(
  "a startxref that names the white space before its section is only noted (%s)",
  async (section) => {
    const target = new Target(await ownFile(section));
    const pdf = target.append({ [target.fresh()]: "(orphan)" });
    const { startxref } = readPdf(pdf).latest.revision;
    const spaced = Buffer.concat([pdf.subarray(0, startxref), Buffer.from("\r\n \n"), pdf.subarray(startxref)]);
    const { integrity, notes } = look(spaced);
    expect(integrity).toBe("PASS");
    expect(notes[0]).toMatch(section === "table" ? /^SPACE_BEFORE_XREF/ : /^SPACE_BEFORE_(XREF|OBJECT)/);
    expect(notes.filter((note) => !note.startsWith("SPACE_BEFORE_"))).toEqual([]);
  },
);
