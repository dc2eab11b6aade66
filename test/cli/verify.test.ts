import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trust as trustCommand } from "../../src/cli/trust.ts";
import { verify } from "../../src/cli/verify.ts";
import { issueSigner, root, subordinate, toPem } from "../signing/authorities.ts";
import { looks, newWidget, signedWith, signInNew } from "../signing/attacks-red/bases.ts";
import { at as numberOf, sealWithNumber, signAsLeader, stream } from "../signing/verify-documents.ts";

const program = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "congvan-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const data = path("data");

/** Runs a command in this process; its exit status, what it printed, and what it complained of. */
async function congvan(name: "verify" | "trust", ...args: string[]) {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  try {
    const status = await { verify, trust: trustCommand }[name].run({ args, env: { CONGVAN_DATA: data }, print });
    return { status, out: lines.join("\n"), complaint: "" };
  } catch (error) {
    return { status: 2, out: lines.join("\n"), complaint: (error as Error).message };
  }
}

const at = ["--at", "2026-08-02T00:00:00Z"];
/** A title whose letters a program has turned to shapes. */
const shape = (x: number) => `${x} 700 m ${x + 1} 709 l ${x + 3} 709 l ${x + 5} 703 l ${x + 8} 700 l ${x + 4} 705 l f`;
const outlines = {
  [numberOf.text]: stream("", Array.from({ length: 20 }, (_, i) => shape(60 + 10 * i)).join(" ")),
};
const signed = await signAsLeader(issueSigner().signer);
const sealed = await sealWithNumber(signed, issueSigner("ec-p256", "agency-seal").signer);

beforeAll(() => {
  writeFileSync(path("decision.pdf"), sealed);
  writeFileSync(path("root.pem"), toPem(root));
  writeFileSync(path("both.pem"), toPem(root) + toPem(subordinate));
});

describe("trust", () => {
  test("is added with its store and period, listed, and taken away again", async () => {
    expect((await congvan("verify", path("decision.pdf"), ...at)).status).toBe(1);
    const added = await congvan(
      "trust",
      "add",
      path("both.pem"),
      "--store",
      "VGCA",
      "--from",
      "2026-01-01",
      "--until",
      "2026-12-31",
    );
    expect(added).toMatchObject({ status: 0, complaint: "" });
    const fingerprint = added.out.split(" ")[0]!;
    expect((await congvan("verify", path("decision.pdf"), ...at)).status).toBe(0);
    expect((await congvan("verify", path("decision.pdf"), "--at", "2027-01-02")).status).toBe(1);

    const list = JSON.parse((await congvan("trust", "list", "--json")).out) as object[];
    // A bare day is one in Việt Nam.
    const terms = { store: "VGCA", from: "2025-12-31T17:00:00.000Z", until: "2026-12-31T16:59:59.999Z" };
    expect(list).toEqual(expect.arrayContaining([expect.objectContaining({ fingerprint, ...terms })]));
    expect(list.length).toBe(2);
    expect((await congvan("trust", "list")).out).toContain("CA gốc thử nghiệm");

    expect((await congvan("trust", "remove", fingerprint.slice(0, 12))).status).toBe(0);
    expect((await congvan("trust", "remove", fingerprint)).status).toBe(1);
    expect(JSON.parse((await congvan("trust", "list", "--json")).out)).toHaveLength(1);
  });

  test("added again changes its terms, and plain files beside the index are of the store CUSTOM", async () => {
    const directory = path("stores");
    await congvan("trust", "add", path("root.pem"), "--store", "NEAC", "--trust", directory);
    await congvan("trust", "add", path("root.pem"), "--store", "VGCA", "--trust", directory);
    writeFileSync(join(directory, "plain.crt"), subordinate);
    const { out } = await congvan("trust", "list", "--json", "--trust", directory);
    expect((JSON.parse(out) as { store: string }[]).map(({ store }) => store).sort()).toEqual(["CUSTOM", "VGCA"]);
    expect(readdirSync(directory).filter((name) => name.endsWith(".pem"))).toHaveLength(1);
  });

  test.each([
    [["add"], "add, list or remove?"],
    [["add", "FILE"], "--store"],
    [["add", "FILE", "--store", "vgca"], "--store"],
    [["add", "FILE", "--store", "VGCA", "--from", "someday"], "--from"],
    [["add", "FILE", "--store", "VGCA", "--from", "2027-01-01", "--until", "2026-01-01"], "--until"],
    [["remove", "12"], "8 digits"],
    [["list", "--trust", "/nowhere/at/all"], "--trust"],
  ])("%j is refused, with the reason", async (args, reason) => {
    const { status, complaint } = await congvan(
      "trust",
      ...args.map((word) => (word === "FILE" ? path("root.pem") : word)),
    );
    expect(status).toBe(2);
    expect(complaint).toContain(reason);
  });

  test("what is no certificate is not trusted", async () => {
    writeFileSync(path("none.pem"), "nothing");
    expect((await congvan("trust", "add", path("none.pem"), "--store", "VGCA")).status).toBe(2);
  });

  test("an index that cannot be read must not become trust without an end", async () => {
    const directory = path("broken");
    await congvan("trust", "add", path("root.pem"), "--store", "VGCA", "--until", "2026-01-01", "--trust", directory);
    const index = join(directory, "anchors.json");
    writeFileSync(index, readFileSync(index, "utf8").replace(/2026-01-01T[^"]*|2025-12-31T[^"]*/, "soon"));
    const { status } = await congvan("verify", path("decision.pdf"), ...at, "--trust", directory);
    expect(status).toBe(2);
  });
});

describe("verify", () => {
  const trust = path("trust");
  beforeAll(async () => {
    await congvan("trust", "add", path("root.pem"), "--store", "CUSTOM", "--trust", trust);
  });

  test("prints one JSON object with every field, and the revisions as files", async () => {
    const out = path("revisions");
    const { status, out: text } = await congvan(
      "verify",
      path("decision.pdf"),
      ...at,
      "--trust",
      trust,
      "--json",
      "--extract",
      out,
    );
    expect(status).toBe(0);
    expect(text.trimEnd().split("\n")).toHaveLength(1);
    const verdict = JSON.parse(text) as Record<string, unknown> & { signatures: Record<string, unknown>[] };
    expect(verdict).toMatchObject({
      file: path("decision.pdf"),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      indication: "TOTAL-PASSED",
      integrity: "PASS",
      validatedAt: "2026-08-02T00:00:00.000Z",
      trustStore: { anchors: 1, stores: ["CUSTOM"] },
      notes: [],
    });
    const fields = [
      "field",
      "kind",
      "mark",
      "indication",
      "subIndication",
      "integrity",
      "coverage",
      "modificationLevel",
    ];
    const more = ["level", "signer", "claimedTime", "provenTime", "revisionEnd", "evidence", "notes"];
    for (const signature of verdict.signatures) expect(Object.keys(signature)).toEqual([...fields, ...more]);
    expect(verdict.signatures[0]).toMatchObject({ field: "Leader", subIndication: null, provenTime: null });
    expect(readFileSync(join(out, "001-Leader.pdf")).equals(signed)).toBe(true);
    expect(readFileSync(join(out, "002-Seal.pdf")).equals(sealed)).toBe(true);
  });

  test("speaks Vietnamese and English; what is undecided is not called valid", async () => {
    const good = await congvan("verify", path("decision.pdf"), ...at, "--trust", trust);
    expect(good.out).toContain("hợp lệ (valid)");
    expect(good.out).toContain("A field was filled in after the signature: Number");
    mkdirSync(path("empty"));
    const open = await congvan("verify", path("decision.pdf"), ...at, "--trust", path("empty"));
    expect(open.status).toBe(1);
    expect(open.out).toContain("chưa đủ căn cứ / không xác định (not enough grounds / undetermined)");
    expect(open.out.replaceAll("không hợp lệ", "")).not.toMatch(/: hợp lệ/);
  });

  interface Told {
    readonly integrity: string;
    readonly signatures: readonly { readonly notes: readonly string[] }[];
    readonly notes: readonly string[];
    readonly warnings: readonly string[];
  }

  test("with --visual pages are looked at; without, only where the verdict depends on it", async () => {
    const verdict = async (file: string, ...more: string[]) => {
      const { status, out } = await congvan("verify", path(file), ...at, "--trust", trust, "--json", ...more);
      const { integrity, signatures, warnings, notes } = JSON.parse(out) as Told;
      const seen = signatures.flatMap((each) => each.notes).filter((note) => /^(?:COVER|FIELD_OVER)/.test(note));
      return { status, integrity, seen, warnings, notes };
    };
    const passed = { status: 0, integrity: "PASS", seen: [], warnings: [], notes: [] };
    expect(await verdict("decision.pdf", "--visual")).toEqual(passed);

    writeFileSync(path("outlined.pdf"), await signedWith(outlines));
    const look = (drawn: string) => signInNew(newWidget("55 690 160 715"), { 42: looks(drawn) }, signedOutlines);
    const signedOutlines = readFileSync(path("outlined.pdf"));
    writeFileSync(path("covered.pdf"), await look("1 g 0 0 255 30 re f"));
    const covered = { status: 1, integrity: "INDETERMINATE", seen: [expect.stringMatching(/^COVERED_SINCE page 1 /)] };
    expect(await verdict("covered.pdf")).toMatchObject(covered);
    writeFileSync(path("beside.pdf"), await look("1 g 250 0 5 30 re f 0 0 m 255 0 l 255 .1 l 0 .1 l f"));
    expect(await verdict("beside.pdf")).toMatchObject({ integrity: "PASS", seen: [] });

    const large = await signedWith({ ...outlines, 60: stream("", " ".repeat(32 * 2 ** 20)) });
    const hidden = { 42: looks("1 g 0 0 255 30 re f") };
    writeFileSync(path("large.pdf"), await signInNew(newWidget("55 690 160 715"), hidden, large));
    expect(await verdict("large.pdf")).toMatchObject({ integrity: "INDETERMINATE", notes: ["NOT_DRAWN TOO_LARGE"] });
  });

  test("a file that is none, or is not there, or too many of them", async () => {
    writeFileSync(path("text.pdf"), "not a PDF");
    expect(JSON.parse((await congvan("verify", path("text.pdf"), "--json")).out)).toMatchObject({
      indication: "INDETERMINATE",
      signatures: [],
    });
    expect((await congvan("verify", path("absent.pdf"))).status).toBe(2);
    expect((await congvan("verify", folder)).status).toBe(2);
    expect((await congvan("verify", "a.pdf", "b.pdf")).complaint).toContain("one file is needed");
    expect((await congvan("verify", path("decision.pdf"), "--at", "soon")).complaint).toContain("--at");
  });
});

test("the program itself: the verdict on standard output, complaints on standard error, and an exit status", async () => {
  const run = (...args: string[]) =>
    new Promise<{ status: number; out: string; complaint: string }>((resolve) => {
      execFile(process.execPath, [program, ...args], (error, out, complaint) => {
        resolve({ status: error ? Number(error.code) : 0, out, complaint });
      });
    });
  const trusted = await run("verify", path("decision.pdf"), ...at, "--json", "--trust", path("trust"));
  expect([trusted.status, trusted.complaint]).toEqual([0, ""]);
  expect(JSON.parse(trusted.out)).toMatchObject({ indication: "TOTAL-PASSED" });
  expect(await run("verify")).toMatchObject({
    status: 2,
    out: "",
    complaint: expect.stringContaining("usage: congvan"),
  });
}, 60_000);

const corpus = fileURLToPath(new URL("../../../shared/data/pdf-corpus/", import.meta.url));
test.skipIf(!existsSync(corpus))("a file made by others, where it is at hand (else skipped)", async () => {
  const { status, out } = await congvan(
    "verify",
    ...[`${corpus}level-04-pades-lta-dss-indirect-arrs-test.pdf`, "--json"],
    ...["--trust", `${corpus}trust`, "--at", "2020-11-01"],
  );
  expect(status).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ indication: "TOTAL-PASSED", signatures: [{ level: "B-LTA" }, {}] });
});
