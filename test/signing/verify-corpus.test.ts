import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { hasWords } from "../../signing/validate/words.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";

const folder = fileURLToPath(new URL("../../../shared/data/pdf-corpus/", import.meta.url));
const present = existsSync(folder);

interface Entry {
  readonly id: string;
  readonly file: string;
  readonly level: string | null;
  readonly expected: "PASS" | "FAIL" | "INDETERMINATE" | "REFUSE_SIGN" | "TERMINATE";
  readonly trust_anchor: string | null;
  readonly validate_at: string | null;
}

const entries: Entry[] = present ? (JSON.parse(readFileSync(`${folder}manifest.json`, "utf8")) as Entry[]) : [];
const expectations = { PASS: "PASS", FAIL: "FAIL", INDETERMINATE: "INDETERMINATE", REFUSE_SIGN: "PASS" } as const;

describe.skipIf(!present)(
  "signed files made by others, with the verdicts of their own tests (skipped where they are not at hand)",
  () => {
    test.each(entries)("$id: $expected", ({ file, expected, level, trust_anchor, validate_at }) => {
      const anchors = trust_anchor ? [new X509Certificate(readFileSync(`${folder}trust/${trust_anchor}`)).raw] : [];
      const started = performance.now();
      const { integrity, indication, signatures, notes } = verifyPdf(readFileSync(folder + file), {
        anchors,
        ...(validate_at ? { at: new Date(validate_at) } : {}),
      });
      expect(performance.now() - started).toBeLessThan(3000);
      if (expected !== "TERMINATE") expect(integrity).toBe(expectations[expected]);
      if (level?.startsWith("B-")) expect(signatures[0]!.level).toBe(level);
      if (level === "not PAdES") expect(signatures[0]!.level).toBe("CMS");
      if (trust_anchor === null) expect(indication).not.toBe("TOTAL-PASSED");
      else expect(indication).toBe("TOTAL-PASSED");
      const all = [...notes, ...signatures.flatMap((signature) => signature.notes)];
      expect(all.filter((note) => !hasWords(note.split(" ")[0]!))).toEqual([]);
    });
  },
);
