import { expect, test } from "vitest";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { genuineFile } from "../attacks/genuine.ts";
import { keys } from "../attacks/pki.ts";
import { during, root } from "../authorities.ts";

/** CONGVAN_TEST_GENUINE asks for more files. */
const count = Number(process.env["CONGVAN_TEST_GENUINE"] ?? 500);

test(`${count} files signed several times and changed in legal ways: no false alarm, and the right levels`, async () => {
  const wrong: unknown[] = [];
  let signatures = 0;
  for (let seed = 1; seed <= count; seed++) {
    const file = await genuineFile(seed, keys);
    const verification = verifyPdf(file.bytes, { anchors: [root], at: during });
    const found = verification.signatures.map(({ field, modificationLevel }) => ({ field, level: modificationLevel }));
    signatures += found.length;
    const isRight = verification.integrity === "PASS" && JSON.stringify(found) === JSON.stringify(file.signatures);
    if (!isRight)
      wrong.push({ seed, expected: file.signatures, found, notes: verification.signatures.map((s) => s.notes) });
  }
  expect(wrong).toEqual([]);
  expect(signatures).toBeGreaterThan(2 * count);
});
