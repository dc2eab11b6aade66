import { der } from "../../../signing/asn1.ts";
import { describe, expect, test } from "vitest";
import { whatWasSigned } from "../../../signing/validate/signed-revision.ts";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { during, subordinate } from "../authorities.ts";
import { append, stream } from "../verify-documents.ts";
import {
  agency,
  byPhone,
  byToken,
  chain,
  draft,
  leader,
  places,
  signAll,
  signLoosely,
  type Step,
} from "./practice-documents.ts";
import { root as stampRoot } from "./time-machine.ts";

// The signatures bring the signers' certificates alone, so their issuer is the anchor.
const trusted = { anchors: [subordinate, stampRoot.certificate], at: new Date(during.getTime() + 86_400_000) };
const look = (pdf: Buffer) => verifyPdf(pdf, trusted);
const issued = await signAll(draft, chain);

describe("a document as agencies issue it", () => {
  const verification = look(issued);
  const [initials, byLeader, number, day, month, seal] = verification.signatures;

  test("passes with all its signatures", () => {
    expect(verification).toMatchObject({ integrity: "PASS", indication: "TOTAL-PASSED" });
    expect(verification.signatures.map(({ integrity, kind }) => [integrity, kind])).toEqual([
      ["PASS", "CERTIFICATION"],
      ...Array.from({ length: 5 }, () => ["PASS", "APPROVAL"]),
    ]);
  });

  test("number, day and month are recognised as the agency's marks", () => {
    const marks = verification.signatures.map(({ mark }) => mark);
    expect(marks).toEqual([undefined, undefined, "NUMBER", "DAY", "MONTH", undefined]);
  });

  test("says plainly what the leader's revision did not yet contain", () => {
    expect(byLeader!.notes).toEqual(
      expect.arrayContaining([
        "LATER_MARK NUMBER 15 Signature3",
        "LATER_MARK DAY 05 Signature4",
        "LATER_MARK MONTH 8 Signature5",
        "LATER_SIGNATURE Signature6",
        "NEW_SIGNATURE_FIELD Signature3",
      ]),
    );
    expect(seal!.notes.filter((note) => note.startsWith("LATER"))).toEqual([]);
  });

  test("what each signed is a file of its own, in which it had the last word", () => {
    const signed = whatWasSigned(issued, byLeader!);
    expect(issued.subarray(0, signed.length).equals(signed)).toBe(true);
    const { integrity, signatures } = look(signed);
    expect(integrity).toBe("PASS");
    expect(signatures.map(({ field, coverage }) => [field, coverage])).toEqual([
      ["Signature1", "ENTIRE_REVISION"],
      ["Signature2", "ENTIRE_FILE"],
    ]);
  });

  test("names the level that is really there, and the leader's way of signing", () => {
    expect([initials, byLeader, number, day, month].map((each) => each!.level)).toEqual([
      "CMS_WITH_TIMESTAMP",
      "CMS_WITH_TIMESTAMP",
      "CMS_WITH_TIMESTAMP",
      "CMS",
      "CMS_WITH_TIMESTAMP",
    ]);
    expect(byLeader!.notes).toEqual(expect.arrayContaining(["BER_ENCODING", "DIGEST_INFO_WITHOUT_PARAMETERS"]));
    expect([byLeader!.provenTime, day!.provenTime]).toEqual([new Date("2026-08-01T01:00:00Z"), undefined]);
  });

  test("is whole, but unproven, without a trust anchor", () => {
    const { integrity, indication, signatures } = verifyPdf(issued, { anchors: [] });
    expect([integrity, indication]).toEqual(["PASS", "INDETERMINATE"]);
    expect(new Set(signatures.map(({ subIndication }) => subIndication))).toEqual(
      new Set(["NO_CERTIFICATE_CHAIN_FOUND"]),
    );
  });
});

test("marks are told by their places where the words in front of them cannot be read", async () => {
  const silent = append(draft, { 4: stream("", "BT /F1 12 Tf 60 680 Td (QUYET DINH) Tj ET") });
  const { integrity, signatures } = look(await signAll(silent, chain));
  expect(integrity).toBe("PASS");
  expect(signatures.map(({ mark }) => mark).slice(2, 5)).toEqual(["NUMBER", "DAY", "MONTH"]);
});

test("a digitised paper copy: one agency signature", async () => {
  const copy: Step = {
    name: "Signature1",
    rect: "430 800 580 830",
    shows: "SAO Y",
    cms: byToken(agency),
    writer: "agent",
  };
  expect(look(await signAll(draft, [copy]))).toMatchObject({ integrity: "PASS", signatures: [{ mark: undefined }] });
});

describe("near misses fail", () => {
  const replaced = (index: number, change: Partial<Step>) =>
    chain.map((step, i) => (i === index ? { ...step, ...change } : step));

  test.each([
    ["parameters that are neither absent nor NULL", [der.sequence()], []],
    ["two NULLs", [der.null(), der.null()], []],
    ["bytes behind the DigestInfo", [], [Buffer.from([0])]],
  ])("a DigestInfo of a third form: %s", async (_, parameters, behind) => {
    const sign = signLoosely(leader.key, parameters, behind);
    const { integrity, signatures } = look(await signAll(draft, replaced(1, { cms: byPhone(leader, sign) })));
    expect(integrity).toBe("FAIL");
    expect(signatures[1]).toMatchObject({ integrity: "FAIL", subIndication: "SIG_CRYPTO_FAILURE" });
  });

  const fields = (count: number, ...more: string[]) =>
    [...Array.from({ length: count }, (_, i) => `${21 + 3 * i} 0 R`), ...more].join(" ");
  const pageWith = (annots: string) =>
    `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>> /Annots [${annots}]>>`;

  test("a new field that nobody signed", () => {
    const unsigned = append(issued, {
      3: pageWith(fields(6, "60 0 R")),
      12: `<</Fields [${fields(6, "60 0 R")}] /SigFlags 3>>`,
      60: "<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature7) /Rect [10 400 60 420] /P 3 0 R /F 132 /AP <</N 61 0 R>>>>",
      61: stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources <</Font <</F1 5 0 R>>>>",
        "BT /F1 9 Tf (16) Tj ET",
      ),
    });
    expect(look(unsigned).integrity).toBe("FAIL");
  });

  test("a signed mark over signed text", async () => {
    const { integrity, signatures } = look(await signAll(draft, replaced(2, { rect: "58 770 200 795" })));
    expect(integrity).toBe("FAIL");
    expect(signatures[1]!.notes.some((note) => note.startsWith("NEW_WIDGET_OVER_TEXT"))).toBe(true);
  });

  test("a number shown anew after the seal", () => {
    const refilled = append(issued, {
      28: stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources <</Font <</F1 5 0 R>>>>",
        "q BT /F1 12 Tf 2 4 Td (16) Tj ET Q",
      ),
    });
    expect(look(refilled).integrity).toBe("FAIL");
  });

  test("a second certification", async () => {
    const { integrity, signatures } = look(await signAll(draft, replaced(5, { certify: 2 })));
    expect(integrity).toBe("FAIL");
    expect(signatures[5]!.notes).toContain("SECOND_CERTIFICATION");
  });

  test("a certification of level 1 forbids all that follows", async () => {
    expect(look(await signAll(draft, replaced(0, { certify: 1 }))).integrity).toBe("FAIL");
  });

  test("a number in a gap is no mark where the signature has another meaning", async () => {
    const large: Partial<Step> = { rect: "60 500 300 600", shows: "15" };
    expect(look(await signAll(draft, replaced(2, large))).signatures[2]!.mark).toBeUndefined();
    expect(
      look(await signAll(draft, replaced(2, { rect: places.number, shows: "Kinh trinh" }))).signatures[2]!.mark,
    ).toBeUndefined();
  });
});
