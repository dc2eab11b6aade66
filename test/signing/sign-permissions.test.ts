import { generateKeyPairSync, sign } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { SigningError } from "../../signing/errors.ts";
import { issueCertificate, issueRoot } from "../../signing/issue/certificates.ts";
import type { Signer } from "../../signing/keys/signer.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { addFields, type FieldSpec } from "../../signing/sign/fields.ts";
import type { SignRequest } from "../../signing/sign/request.ts";
import { signPdf } from "../../signing/sign/sign.ts";
import { verifyPdf } from "../../signing/validate/verify.ts";
import { encrypted } from "./encrypted-document.ts";
import { blankDocument, craftedTable, crudeUpdate, newSigner, rootCertificate } from "./pdf-documents.ts";
import { installed, pdfsigVerdicts, qpdfComplaints } from "./pdf-judges.ts";

const at = new Date("2026-03-01T00:00:00Z");
const place = (name: string): FieldSpec & { type: "signature" } => ({
  type: "signature",
  name,
  page: 0,
  rect: [30, 30, 90, 60],
});
let signer: Signer;
beforeAll(() => {
  signer = newSigner("ec-p256", "person", "Trần Thị Bình");
});

/** The reason of the refusal, with what details name; "" where the document was signed. */
async function refusal(pdf: Buffer, request: Partial<SignRequest> = {}): Promise<string> {
  try {
    await signPdf(pdf, { field: place("new"), signer, at, ...request });
    return "";
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    const { reason, key } = error.details ?? {};
    return error.code === "REFUSE_SIGN" ? [reason, key].filter((part) => part !== undefined).join(" ") : error.code;
  }
}

const pages = ["<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] >>"];
const trusted = { anchors: [rootCertificate], at };

describe("a certification", () => {
  test.each([2, 3] as const)(
    "of level %i comes first, is found by validators and leaves forms open",
    async (certify) => {
      const empty = addFields(await blankDocument("table"), [
        place("leader"),
        { ...place("seal"), rect: [300, 30, 360, 60] },
      ]);
      const certified = await signPdf(empty, { field: "leader", signer, at, certify });
      const { latest } = readPdf(certified);
      const named = latest.dict(latest.dict(latest.catalog.get("Perms"))?.get("DocMDP"));
      const reference = latest.dict(latest.array(named?.get("Reference"))[0]);
      expect(latest.dict(reference?.get("TransformParams"))?.get("P")).toBe(certify);
      const sealed = await signPdf(certified, { field: "seal", signer, at });
      const { integrity, signatures } = verifyPdf(sealed, trusted);
      expect(integrity).toBe("PASS");
      expect(signatures.map(({ kind }) => kind)).toEqual(["CERTIFICATION", "APPROVAL"]);
    },
  );

  test("is refused behind another signature", async () => {
    const signed = await signPdf(await blankDocument("table"), { field: place("first"), signer, at });
    expect(await refusal(signed, { certify: 2 })).toBe("ALREADY_SIGNED");
  });

  test("keeps the other permissions that the catalog holds", async () => {
    const pdf = craftedTable(["<< /Pages 2 0 R /Perms 4 0 R >>", ...pages, "<< /Other true >>"]);
    const { latest } = readPdf(await signPdf(pdf, { field: place("a"), signer, at, certify: 2 }));
    expect([...latest.dict(latest.catalog.get("Perms"))!.entries.keys()]).toEqual(["Other", "DocMDP"]);
  });
});

describe("a document that is final is not signed", () => {
  const mdp = (level: string) =>
    `<< /Type /Sig /Reference [<< /TransformMethod /DocMDP /TransformParams << ${level} >> >>] >>`;
  const field = (more: string) => `<< /FT /Sig /T (a) /V 5 0 R /Rect [0 0 0 0] ${more} >>`;
  const form = "<< /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>";
  test.each([
    ["by its certification", [form, ...pages, field(""), mdp("/P 1")], "CERTIFIED"],
    [
      "by a certification that no field shows",
      ["<< /Pages 2 0 R /Perms << /DocMDP 4 0 R >> >>", ...pages, mdp("/P 1")],
      "CERTIFIED",
    ],
    [
      "by the lock of a signed field",
      [form, ...pages, field("/Lock << /Action /All /P 1 >>"), "<< /Type /Sig >>"],
      "CERTIFIED",
    ],
    [
      "but a lock of level 2 leaves it open",
      [form, ...pages, field("/Lock << /Action /Include /Fields [] /P 2 >>"), "<< /Type /Sig >>"],
      "",
    ],
    ["by a lock on all fields", [form, ...pages, field("/Lock << /Action /All >>"), "<< /Type /Sig >>"], "LOCKED"],
  ])("%s", async (_, objects, reason) => {
    expect(await refusal(craftedTable(objects))).toBe(reason);
  });

  test("a signed document gets no new empty fields, which would break its signatures", async () => {
    const signed = await signPdf(await blankDocument("table"), { field: place("first"), signer, at });
    expect(() => addFields(signed, [place("late")])).toThrow(expect.objectContaining({ code: "REFUSE_SIGN" }));
    const forced = addFields(signed, [place("late")], { evenIfSigned: true });
    expect(verifyPdf(forced, trusted).integrity).toBe("FAIL");
  });

  test("a number that was filled is not filled again, locked or not", async () => {
    const style = { type: "text", page: 0, fontSize: 12, alignment: "left" } as const;
    const specs: FieldSpec[] = [place("leader"), { ...style, name: "number", rect: [30, 700, 90, 715] }];
    const fill = [{ field: "number", value: "12" }];
    const empty = addFields(await blankDocument("table"), specs);
    const filled = await signPdf(empty, { field: "leader", signer, at, fill });
    expect(await refusal(filled, { fill: [{ field: "number", value: "13" }] })).toBe("LOCKED");
  });
});

describe("seed values of the field", () => {
  const withSeeds = (seeds: string): Buffer =>
    craftedTable([
      "<< /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
      ...pages,
      `<< /Type /Annot /Subtype /Widget /FT /Sig /T (seeded) /Rect [0 0 0 0] /SV << ${seeds} >> >>`,
    ]);
  const own = (): string => `<${signer.certificate.toString("hex")}>`;
  test.each<[string, string, string, Partial<SignRequest>?]>([
    ["a hint is no demand", "/SubFilter [/adbe.pkcs7.sha1] /Reasons [(A)] /DigestMethod [(SHA512)]", ""],
    ["another handler", "/Ff 1 /Filter /Entrust.PPKEF", "SEED_VALUE Filter"],
    ["our handler", "/Ff 1 /Filter /Adobe.PPKLite", ""],
    ["another format", "/Ff 2 /SubFilter [/adbe.pkcs7.detached]", "SEED_VALUE SubFilter"],
    ["our format among others", "/Ff 2 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached]", ""],
    ["a later version of seed values", "/Ff 4 /V 4", "SEED_VALUE V"],
    ["a known version", "/Ff 4 /V 2", ""],
    ["another digest", "/Ff 64 /DigestMethod [(SHA512) (RIPEMD160)]", "SEED_VALUE DigestMethod"],
    ["the key's digest", "/Ff 64 /DigestMethod [(SHA256)]", ""],
    ["a reason from a list", "/Ff 8 /Reasons [(A) (B)]", "SEED_VALUE Reasons", { reason: "C" }],
    ["a reason where none is given", "/Ff 8 /Reasons [(A) (B)]", "SEED_VALUE Reasons"],
    ["a reason on the list", "/Ff 8 /Reasons [(A) (B)]", "", { reason: "B" }],
    ["no reason at all", "/Ff 8 /Reasons [(.)]", "SEED_VALUE Reasons", { reason: "A" }],
    ["no reason, and none is given", "/Ff 8 /Reasons [(.)]", ""],
    ["a legal attestation", "/Ff 16 /LegalAttestation [(I swear)]", "SEED_VALUE LegalAttestation"],
    ["revocation data inside the CMS", "/Ff 32 /AddRevInfo true", "SEED_VALUE AddRevInfo"],
    ["no revocation data inside the CMS", "/Ff 32 /AddRevInfo false", ""],
    ["a document locked for good", "/Ff 128 /LockDocument /true", "SEED_VALUE LockDocument"],
    ["an appearance of a certain name", "/Ff 256 /AppearanceFilter (stamp)", "SEED_VALUE AppearanceFilter"],
    ["a certification of level 1", "/MDP << /P 1 >>", "SEED_VALUE MDP", { certify: 2 }],
    ["a certification of level 2", "/MDP << /P 2 >>", "", { certify: 2 }],
    ["a certification, but an ordinary signature is asked for", "/MDP << /P 2 >>", "SEED_VALUE MDP"],
    ["an ordinary signature, but a certification is asked for", "/MDP << /P 0 >>", "SEED_VALUE MDP", { certify: 2 }],
    ["a time-stamp", "/TimeStamp << /URL (http://127.0.0.1/) /Ff 1 >>", "SEED_VALUE TimeStamp"],
    ["a time-stamp as a hint", "/TimeStamp << /URL (http://127.0.0.1/) >>", ""],
    ["another certificate", "/Cert << /Ff 1 /Subject [<3000>] >>", "SEED_VALUE Cert/Subject"],
    ["another issuer", "/Cert << /Ff 2 /Issuer [<3000>] >>", "SEED_VALUE Cert/Issuer"],
    ["a usage that the certificate has", "/Cert << /Ff 32 /KeyUsage [(11)] >>", ""],
    ["a usage that it must not have", "/Cert << /Ff 32 /KeyUsage [(0) (XXXXX1)] >>", "SEED_VALUE Cert/KeyUsage"],
    ["a policy, which is not understood", "/Cert << /Ff 4 /OID [(1.2.3)] >>", "SEED_VALUE Cert"],
    ["an address to get certificates from", "/Cert << /Ff 64 /URL (http://127.0.0.1/) >>", ""],
  ])("%s", async (_, seeds, reason, request = {}) => {
    expect(await refusal(withSeeds(seeds), { field: "seeded", ...request })).toBe(reason);
  });

  test("the certificate asked for", async () => {
    expect(await refusal(withSeeds(`/Cert << /Ff 1 /Subject [<3000> ${own()}] >>`), { field: "seeded" })).toBe("");
  });
});

describe("certificates and keys that no validator would accept", () => {
  const root = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const validity = { notBefore: new Date("2026-01-01"), notAfter: new Date("2027-01-01") };
  const issuer = { key: root, certificate: issueRoot({ key: root, subject: { CN: "Gốc" }, ...validity }) };
  const made = (modulusLength: number, usage: Parameters<typeof issueCertificate>[0]["usage"]): Signer => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
    const certificate = issueCertificate({ publicKey, issuer, usage, subject: { CN: "Người ký" }, ...validity });
    return {
      certificate,
      chain: [],
      digest: "sha256",
      sign: (data) => Promise.resolve(sign("sha256", data, privateKey)),
    };
  };

  test("expired, not valid yet, for other purposes, an authority's, too short, another key's", async () => {
    const pdf = await blankDocument("table");
    const person = made(2048, "person");
    expect(await refusal(pdf, { signer: person })).toBe("");
    expect(await refusal(pdf, { signer: person, at: new Date("2027-01-02") })).toBe("CERTIFICATE_EXPIRED");
    expect(await refusal(pdf, { signer: person, at: new Date("2025-12-31") })).toBe("CERTIFICATE_NOT_YET_VALID");
    expect(await refusal(pdf, { signer: made(2048, "timestamp") })).toBe("KEY_USAGE");
    expect(await refusal(pdf, { signer: made(2048, "ocsp") })).toBe("KEY_USAGE");
    expect(await refusal(pdf, { signer: { ...person, certificate: issuer.certificate } })).toBe("KEY_USAGE");
    expect(await refusal(pdf, { signer: made(1024, "person") })).toBe("WEAK_KEY");
    expect(await refusal(pdf, { signer: { ...made(2048, "person"), certificate: person.certificate } })).toBe(
      "KEY_MISMATCH",
    );
    const liar: Signer = { ...person, sign: async () => Buffer.alloc(256) };
    expect(await refusal(pdf, { signer: liar })).toBe("KEY_MISMATCH");
  });
});

test("a file that readers would have to repair is not signed", async () => {
  const pdf = await blankDocument("table");
  const shifted = Buffer.concat([Buffer.from("%junk\n"), pdf]);
  const wrong = Buffer.from(pdf.toString("latin1").replace(/startxref\n(\d+)/, "startxref\n7"), "latin1");
  expect(await refusal(shifted)).toBe("STRUCTURE");
  expect(await refusal(wrong)).toBe("STRUCTURE");
  const elsewhere = crudeUpdate(craftedTable(["<< /Pages 2 0 R >>", ...pages]), { 3: "(no page)" }, 9);
  expect(await refusal(elsewhere)).toBe("STRUCTURE");
});

describe.skipIf(!installed("qpdf") || !installed("pdfsig"))("an encrypted file", () => {
  test.each([
    ["RC4 of 128 bits", ["", "owner", "128"]],
    ["AES of 128 bits", ["", "owner", "128", "--use-aes=y"]],
    ["AES of 256 bits", ["", "owner", "256"]],
  ])("with %s and no user password is signed twice, its texts enciphered", async (_, options) => {
    const base = encrypted(await blankDocument("table"), ...options);
    const first = await signPdf(base, { field: place("first"), signer, at, reason: "Ký nháy", name: "Trần Thị Bình" });
    const second = await signPdf(first, { field: { ...place("second"), rect: [300, 30, 360, 60] }, signer, at });
    expect(second.subarray(0, base.length).equals(base)).toBe(true);
    expect(pdfsigVerdicts(second)).toEqual(Array(2).fill("Signature is Valid"));
    expect(qpdfComplaints(second)).toBe("");
    expect(verifyPdf(second, trusted).integrity).toBe("PASS");
    const reason = Buffer.from("\ufeffKý nháy", "utf16le").swap16().toString("hex");
    expect(second.toString("latin1").toLowerCase()).not.toContain(reason);
  });

  test("whose author forbids it is not signed: neither in a new field nor in one that waits", async () => {
    const empty = addFields(await blankDocument("table"), [place("waiting")]);
    const forms = encrypted(empty, "", "owner", "256", "--modify=form");
    expect(await refusal(forms)).toBe("ENCRYPTION");
    expect(await refusal(forms, { field: "waiting" })).toBe("");
    expect(() => addFields(forms, [place("x")])).toThrow(expect.objectContaining({ code: "REFUSE_SIGN" }));
    const closed = encrypted(empty, "", "owner", "256", "--modify=none");
    expect(await refusal(closed, { field: "waiting" })).toBe("ENCRYPTION");
  });

  test("with a user password is not signed", async () => {
    expect(await refusal(encrypted(await blankDocument("table"), "user", "owner", "256"))).toBe("ENCRYPTED");
  });
});
