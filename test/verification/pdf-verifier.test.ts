import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PdfVerifier } from "../../src/files/pdf-verification.ts";
import { reportOf } from "../../src/files/signature-reports.ts";
import { dossierReceipt } from "../../src/forms/dossier-receipt.ts";

let directory: string;
let pdf: Buffer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "congvan-verifier-"));
  const line = "x";
  ({ bytes: pdf } = await dossierReceipt({
    agency: line,
    desk: line,
    receiptNumber: "1",
    dossierCode: "H99.10-261120-0001",
    lookupSecret: "ABCDEFGH",
    procedureCode: line,
    procedureName: line,
    applicantName: line,
    address: line,
    components: [],
    sets: "01",
    processingTime: line,
    receivedAt: line,
    dueAt: line,
    resultDelivery: line,
    placeAndDay: line,
    receiverName: line,
    madeAt: new Date(0),
  }));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A thread that does something else than to check: it ends, hangs or eats memory when told to by the first byte. */
async function planted(): Promise<URL> {
  const path = join(directory, "planted.mjs");
  await writeFile(
    path,
    `import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ bytes }) => {
      if (bytes[0] === 1) for (;;);
      if (bytes[0] === 2) { const kept = []; for (;;) kept.push(new Array(1e5).fill(Math.random())); }
      if (bytes[0] === 3) throw new Error("planted");
      if (bytes[0] === 4) process.exit(0);
      parentPort.postMessage({ verification: { sha256: "ok" } });
    });`,
  );
  return pathToFileURL(path);
}

const anchors = { anchors: [] };

test("a thread gives the verdict, and an unsigned PDF is never valid", async () => {
  const verdict = await new PdfVerifier().verify(pdf, anchors);
  expect(verdict.indication).toBe("INDETERMINATE");
  expect(reportOf(verdict)).toMatchObject({ indication: "INDETERMINATE", signatures: [] });
  const broken = await new PdfVerifier().verify(Buffer.from("%PDF-1.7 and nothing else"), anchors);
  expect(broken.indication).not.toBe("TOTAL-PASSED");
  expect(broken.notes).not.toEqual(verdict.notes);
});

test("what hangs, eats memory, fails or ends costs its own thread and time only", async () => {
  const verifier = new PdfVerifier({ threads: 2, milliseconds: 1_500, heapMegabytes: 64 }, await planted());
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 9].map((first) => verifier.verify(Buffer.of(first), anchors)));
  const told = outcomes.map((each) =>
    each.status === "fulfilled"
      ? each.value.sha256
      : [each.reason.code, each.reason.details?.limit, each.reason.message].filter(Boolean).slice(0, 2).join(" "),
  );
  expect(told[0]).toBe("TOO_LARGE time");
  expect(told[1]).toBe("TOO_LARGE memory");
  expect(told[2]).toContain("planted");
  expect(told[3]).toContain("ended");
  expect(told[4]).toBe("ok");
  // The places of the lost threads are free again.
  expect(
    await Promise.all([verifier.verify(Buffer.of(9), anchors), verifier.verify(Buffer.of(9), anchors)]),
  ).toHaveLength(2);
});

test("who comes when too many wait is turned away at once", async () => {
  const verifier = new PdfVerifier({ threads: 1, waiting: 2, milliseconds: 500 }, await planted());
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => verifier.verify(Buffer.of(9), anchors)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  expect(outcomes.filter((each) => each.status === "rejected" && each.reason.code === "UNAVAILABLE")).toHaveLength(3);
});
