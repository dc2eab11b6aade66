import { expect, test } from "vitest";
import { addSignature, append, at, decision, signAsLeader, stream, waiting } from "../verify-documents.ts";
import { judge, leader } from "./bases.ts";

const reference = (method: string, parameters: string) =>
  `<</Type /SigRef /TransformMethod /${method} /TransformParams <</Type /TransformParams /V /1.2 ${parameters}>>>>`;
const filled = {
  [at.number]: waiting.number("/V (15) /AP <</N 32 0 R>>"),
  32: stream(
    "/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources <</Font <</F1 5 0 R>>>>",
    "BT /F1 12 Tf 2 4 Td (15) Tj ET",
  ),
};
const comment = {
  50: "<</Type /Annot /Subtype /Text /Rect [10 10 20 20] /Contents (Y kien)>>",
  [at.page]: decision[at.page]!.replace("8 0 R]", "8 0 R 50 0 R]"),
};
const lock = (parameters: string) => reference("FieldMDP", parameters);

test.each([
  [
    "two certifications in one signature, a comment",
    `${reference("DocMDP", "/P 1")} ${reference("DocMDP", "/P 3")}`,
    comment,
  ],
  [
    "two certifications in one signature, a filling",
    `${reference("DocMDP", "/P 1")} ${reference("DocMDP", "/P 2")}`,
    filled,
  ],
  ["a level that does not exist", reference("DocMDP", "/P 4"), filled],
  ["a lock without an action", lock("/Fields [(Number)]"), filled],
  ["a lock whose action is a string", lock("/Action (All)"), filled],
  ["a lock that names its fields as names", lock("/Action /Include /Fields [/Number]"), filled],
  ["two locks", `${lock("/Action /All")} ${lock("/Action /Include /Fields [(Other)]")}`, filled],
])("%s: the strictest reading counts", async (_, references, update) => {
  const pdf = append(await signAsLeader(leader, `/Reference [${references}]`), update);
  expect(judge(pdf).integrity).toBe("FAIL");
});

test("a lock on another field lets the number be filled in", async () => {
  const pdf = append(await signAsLeader(leader, `/Reference [${lock("/Action /Include /Fields [(Other)]")}]`), filled);
  expect(judge(pdf).integrity).toBe("PASS");
});

test("fields that readers draw anew keep the defaults that they are drawn with", async () => {
  const form = "<</Fields [6 0 R 7 0 R 8 0 R] /SigFlags 3 /NeedAppearances true>>";
  const number = waiting.number("/V (15)").replace("/DA (/F1 12 Tf)", "");
  const base = append(Buffer.alloc(0), { ...decision, [at.form]: form, [at.number]: number });
  const pdf = await addSignature(base, {
    signer: leader,
    number: 20,
    objects: { [at.leader]: waiting.leader("/V 20 0 R") },
  });
  expect(judge(pdf).integrity).toBe("PASS");
  expect(judge(append(pdf, { [at.form]: form.replace(">>", " /DA (/F1 12 Tf 1 g)>>") })).integrity).toBe("FAIL");
});
