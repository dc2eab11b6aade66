import { expect, test } from "vitest";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { agency, leader } from "./attacks/pki.ts";
import { during } from "./authorities.ts";
import { blankDocument, seeded } from "./pdf-documents.ts";
import { sealWithNumber, signAsLeader } from "./verify-documents.ts";
import { signPdf } from "../../signing/sign/sign.ts";

const count = Number(process.env.CONGVAN_TEST_MUTATIONS ?? 1500);

/** Own files with signatures: tables and streams, one hand and two. */
async function seeds(): Promise<Buffer[]> {
  const signed = await signAsLeader(leader);
  const inNewField = async (kind: "table" | "stream") =>
    signPdf(await blankDocument(kind), {
      field: { type: "signature", name: "Signature1", page: 0, rect: [50, 50, 150, 100] },
      signer: leader,
      at: during,
    });
  return [signed, await sealWithNumber(signed, agency), await inNewField("table"), await inNewField("stream")];
}

/** Words that mean something to a reader of PDFs. */
const words = ["obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref", "%%EOF", "<<", ">>", "[", "]"];
const values = ["0", "-1", "4294967296", "99999999999999999999", "1 0 R", "null", "true", "()", "<>", "/X", "1e9", "R"];

/** One change of bytes; it may do nothing. */
function mutate(pdf: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(pdf);
  const at = Math.floor(random() * copy.length);
  const some = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  switch (Math.floor(random() * 8)) {
    case 0:
      copy[at] = Math.floor(random() * 256);
      return copy;
    case 1:
      copy[at]! ^= 1 << Math.floor(random() * 8);
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3: {
      const length = Math.floor(random() * 400);
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    }
    case 4: {
      const from = Math.floor(random() * copy.length);
      return Buffer.concat([copy.subarray(0, at), copy.subarray(from, from + 300), copy.subarray(at)]);
    }
    case 5: {
      // A word of the structure is exchanged for another, where it stands.
      const place = copy.indexOf(some(words), at, "latin1");
      if (place >= 0) copy.write(some(words), place, "latin1");
      return copy;
    }
    case 6: {
      const digits = /\d+/g;
      digits.lastIndex = 0;
      const text = copy.toString("latin1", at, at + 200);
      const number = digits.exec(text);
      if (!number) return copy;
      const place = at + number.index;
      return Buffer.concat([
        copy.subarray(0, place),
        Buffer.from(some(values)),
        copy.subarray(place + number[0].length),
      ]);
    }
    default:
      return Buffer.concat([copy, copy.subarray(at, at + 500)]);
  }
}

/** The bytes without what stands between the brackets of each /Contents: a signature does not cover itself. */
const withoutHoles = (pdf: Buffer) => pdf.toString("latin1").replace(/\/Contents <[0-9A-Fa-f\s\0]*>/g, "");

test(`${count} mutated PDFs: a verdict each, in time, and PASS only where nothing signed was touched`, async () => {
  const files = await seeds();
  const random = seeded(20260801);
  const whole = new Map(files.map((file) => [file, withoutHoles(file)]));
  for (const file of files) expect(verifyPdf(file, { anchors: [], at: during }).integrity).toBe("PASS");
  for (let n = 0; n < count; n++) {
    const file = files[n % files.length]!;
    let mutated = mutate(file, random);
    if (random() < 0.3) mutated = mutate(mutated, random);
    const started = performance.now();
    const { integrity } = verifyPdf(mutated, { anchors: [], at: during });
    expect(performance.now() - started, `mutation ${n}`).toBeLessThan(3_000);
    if (integrity !== "PASS") continue;
    // White space behind the end, or a file cut back to an earlier revision, is nothing that was signed.
    const left = withoutHoles(mutated).trimEnd();
    expect(whole.get(file)!.startsWith(left) || left === whole.get(file)!.trimEnd(), `mutation ${n}`).toBe(true);
  }
});
