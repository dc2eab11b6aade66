import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { during, issueSigner, root } from "./authorities.ts";
import { attacksOn } from "./verify-attacks.ts";
import {
  addSignature,
  append,
  at,
  decision,
  sealWithNumber,
  signAsLeader,
  signInNewField,
  stream,
  waiting,
} from "./verify-documents.ts";

const leader = issueSigner().signer;
const agency = issueSigner("rsa-2048", "agency-seal").signer;
const trusted = { anchors: [root], at: during };
const certify = (level: number) =>
  `/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /V /1.2 /P ${level}>>>>]`;
const signed = await signAsLeader(leader);

describe("a document signed, numbered and sealed", () => {
  test("passes, each signature for what it covers", async () => {
    const pdf = await sealWithNumber(signed, agency);
    const verification = verifyPdf(pdf, trusted);
    expect(verification).toMatchObject({
      indication: "TOTAL-PASSED",
      integrity: "PASS",
      notes: [],
    });
    expect(verification.signatures).toMatchObject([
      {
        field: "Leader",
        coverage: "ENTIRE_REVISION",
        modificationLevel: "FORM_FILLING",
        level: "B-B",
        revisionEnd: signed.length,
      },
      { field: "Seal", coverage: "ENTIRE_FILE", modificationLevel: "NONE", level: "B-B", revisionEnd: pdf.length },
    ]);
    expect(verification.signatures[0]!.notes).toEqual(
      expect.arrayContaining(["FILLED Number", "LATER_SIGNATURE Seal", "REVOCATION_NOT_CHECKED"]),
    );
    expect(verification.signatures[0]!.claimedTime).toEqual(new Date("2026-08-01T01:00:00Z"));
    expect(verification.signatures[0]!.signer?.subject).toContain("CN=Nguyễn Thị Ước");
  });

  test("is not certain without a trust anchor", () => {
    const verification = verifyPdf(signed, { anchors: [] });
    expect(verification).toMatchObject({ indication: "INDETERMINATE", integrity: "PASS" });
    expect(verification.signatures[0]!.subIndication).toBe("NO_CERTIFICATE_CHAIN_FOUND");
  });

  test("is not certain after the certificate's end", () => {
    const verification = verifyPdf(signed, { anchors: [root], at: new Date("2037-01-01") });
    expect(verification.signatures[0]).toMatchObject({
      indication: "INDETERMINATE",
      subIndication: "OUT_OF_BOUNDS_NO_POE",
    });
  });

  test("without a signature nothing is known", () => {
    const verification = verifyPdf(append(Buffer.alloc(0), decision), trusted);
    expect(verification).toMatchObject({
      indication: "INDETERMINATE",
      integrity: "INDETERMINATE",
      notes: ["NO_SIGNATURES"],
    });
  });
});

describe("as token agents sign today", () => {
  test("a certification of level 2, then a signature in a new field in the gap of the text", async () => {
    const certified = await signAsLeader(leader, certify(2));
    const pdf = await signInNewField(certified, agency, "75 698 105 718");
    const { integrity, signatures } = verifyPdf(pdf, trusted);
    expect(integrity).toBe("PASS");
    expect(signatures[0]).toMatchObject({ kind: "CERTIFICATION", modificationLevel: "FORM_FILLING" });
    expect(signatures[0]!.notes).toContain("NEW_SIGNATURE_FIELD Signature1");
  });

  test("metadata, extensions and a cross-reference update alone", () => {
    const catalog = decision[at.catalog]!.replace(
      ">>",
      " /Metadata 50 0 R /Extensions <</ADBE <</BaseVersion /1.7 /ExtensionLevel 8>>>>>>",
    );
    const pdf = append(signed, { [at.catalog]: catalog, 50: stream("/Type /Metadata /Subtype /XML", "<x/>") });
    expect(verifyPdf(pdf, trusted).signatures[0]).toMatchObject({
      integrity: "PASS",
      modificationLevel: "LTA_UPDATES",
    });
  });

  test("objects written again without a change, and objects nobody refers to", () => {
    const pdf = append(signed, { [at.text]: decision[at.text]!, [at.page]: decision[at.page]!, 60: "(orphan)" });
    expect(verifyPdf(pdf, trusted).signatures[0]).toMatchObject({ integrity: "PASS", modificationLevel: "NONE" });
  });
});

describe("permissions", () => {
  const comment = {
    50: "<</Type /Annot /Subtype /Text /Rect [10 10 20 20] /Contents (Y kien)>>",
    [at.page]: decision[at.page]!.replace("8 0 R]", "8 0 R 50 0 R]"),
  };

  test.each([
    [1, "FAIL"],
    [2, "FAIL"],
    [3, "PASS"],
  ])("level %i and a comment: %s", async (level, integrity) => {
    const pdf = append(await signAsLeader(leader, certify(level)), comment);
    expect(verifyPdf(pdf, trusted)).toMatchObject({ integrity });
  });

  test("level 1 forbids signing and filling in", async () => {
    const pdf = await sealWithNumber(await signAsLeader(leader, certify(1)), agency);
    const { signatures } = verifyPdf(pdf, trusted);
    expect(signatures[0]).toMatchObject({
      integrity: "FAIL",
      notes: expect.arrayContaining(["NOT_PERMITTED FORM_FILLING"]),
    });
  });

  test("a certification that is not the first signature fails", async () => {
    const approved = await signInNewField(signed, agency, "75 698 105 718");
    expect(verifyPdf(approved, trusted).integrity).toBe("PASS");
    const second = await addSignature(signed, {
      signer: agency,
      number: 30,
      more: certify(2),
      objects: { [at.seal]: waiting.seal("/V 30 0 R") },
    });
    expect(verifyPdf(second, trusted)).toMatchObject({ integrity: "FAIL" });
  });

  test.each([
    ["the locked number", "/Lock <</Type /SigFieldLock /Action /Include /Fields [(Number)]>>", "FAIL"],
    ["all fields", "/Lock <</Type /SigFieldLock /Action /All>>", "FAIL"],
    ["another field of a like name", "/Lock <</Type /SigFieldLock /Action /Include /Fields [(Numb)]>>", "PASS"],
    ["all but number and seal", "/Lock <</Type /SigFieldLock /Action /Exclude /Fields [(Number) (Seal)]>>", "PASS"],
  ])("a lock on %s", async (_, lock, integrity) => {
    const base = append(Buffer.alloc(0), { ...decision, [at.leader]: waiting.leader(lock) });
    const pdf = await sealWithNumber(await signAsLeader(leader, "", lock, base), agency);
    expect(verifyPdf(pdf, trusted).integrity).toBe(integrity);
  });

  test("a number filled in again after the seal fails", async () => {
    const sealed = await sealWithNumber(signed, agency, {
      [at.number]: waiting.number("/V (15) /Ff 1 /AP <</N 32 0 R>>"),
    });
    expect(verifyPdf(sealed, trusted).integrity).toBe("PASS");
    const again = append(sealed, { [at.number]: waiting.number("/V (16) /Ff 1") });
    expect(verifyPdf(again, trusted).integrity).toBe("FAIL");
  });
});

const attacks = attacksOn(signed);
// Right in its mathematics: the reason for signing can be exchanged afterwards.
attacks.set(
  "a signature that leaves out more than itself",
  await addSignature(append(Buffer.alloc(0), decision), {
    signer: leader,
    number: 20,
    more: "/Reason (Dong y)",
    uncovered: 30,
    objects: { [at.leader]: waiting.leader("/V 20 0 R") },
  }),
);

describe("an attack on a signed document never passes", () => {
  test.each([...attacks.keys()])("%s", (name) => {
    const verification = verifyPdf(attacks.get(name)!, trusted);
    expect(verification.integrity).not.toBe("PASS");
    expect(verification.indication).not.toBe("TOTAL-PASSED");
  });

  test("a new signature field that covers signed text", async () => {
    const pdf = await signInNewField(signed, agency, "40 750 250 790");
    const { integrity, signatures } = verifyPdf(pdf, trusted);
    expect(integrity).toBe("FAIL");
    expect(signatures[0]!.notes).toContain("NEW_WIDGET_OVER_TEXT page 1");
  });

  test("a later signature does not heal it", async () => {
    const pdf = await sealWithNumber(signed, agency, { [at.text]: stream("", "BT (KHAC) Tj ET") });
    const { integrity, signatures } = verifyPdf(pdf, trusted);
    expect(integrity).toBe("FAIL");
    expect(signatures.map((each) => each.integrity)).toEqual(["FAIL", "PASS"]);
  });
});

test("1,000 damaged files: a verdict each time, and never that of the whole one", async () => {
  const pdf = await sealWithNumber(signed, agency);
  let state = 7;
  const random = (below: number) => (state = (state * 1103515245 + 12345) & 0x7fffffff) % below;
  // Zeros inside the holes are most of the file: what surrounds them is worth damaging.
  const places = [...pdf.keys()].filter((i) => pdf[i] !== 0x30);
  for (let i = 0; i < 1000; i++) {
    const bytes = Buffer.from(pdf);
    for (let n = random(3); n >= 0; n--) bytes[places[random(places.length)]!]! ^= 1 + random(255);
    const { integrity, signatures } = verifyPdf(bytes, trusted);
    const whole = integrity === "PASS" && signatures.length === 2;
    // Case and white space of the hexadecimal digits, and the unsigned parts of the CMS, are not signed.
    if (whole)
      expect(bytes.toString("latin1").replace(/<[0-9a-fA-F\s]{1000,}>/g, "")).toBe(
        pdf.toString("latin1").replace(/<[0-9a-f]{1000,}>/g, ""),
      );
  }
});

describe("planted bugs are caught by these attacks", () => {
  const folder = mkdtempSync(join(tmpdir(), "planted-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const project = fileURLToPath(new URL("../../", import.meta.url));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');

  test.each([
    [
      "gap of the byte range unchecked",
      "validate/signature-fields.ts",
      "before !== value.span.start || after !== value.span.end",
      "false",
      "a signature that leaves out more than itself",
    ],
    [
      "differences not looked at",
      "validate/verdict.ts",
      "if (differences.reasons.length > 0) return",
      "if (false) return",
      "page content replaced",
    ],
    [
      "message digest not compared",
      "cms/verify.ts",
      "!singleValue(attributes, Oid.messageDigest)?.octets().equals(expected)",
      "false",
      "one byte of the text",
    ],
    [
      "annotations not compared",
      "diff/pages.ts",
      "compareAnnotations(step, ref",
      "false && compareAnnotations(step, ref",
      "comment added",
    ],
    [
      "zeros behind the CMS not demanded",
      "cms/signed-data.ts",
      "byte !== 0",
      "false",
      "bytes behind the CMS in the hole",
    ],
  ])("%s", async (name, file, code, broken, attack) => {
    const copy = join(folder, name.replaceAll(" ", "-"));
    cpSync(join(project, "signing"), copy, { recursive: true });
    const source = readFileSync(join(copy, file), "utf8");
    expect(source.split(code)).toHaveLength(2);
    writeFileSync(join(copy, file), source.replace(code, broken));
    const { verifyPdf: verifyBroken } = (await import(pathToFileURL(join(copy, "validate/verify.ts")).href)) as {
      verifyPdf: typeof verifyPdf;
    };
    expect(verifyBroken(signed, trusted).integrity).toBe("PASS");
    const passed = [...attacks]
      .filter(([, pdf]) => verifyBroken(pdf, trusted).integrity === "PASS")
      .map(([each]) => each);
    expect(passed).toContain(attack);
  });
});
