import { afterAll, beforeAll, expect, test } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  addFields,
  generateKeys,
  issueCertificate,
  issueRoot,
  signerFromKey,
  signPdf,
  type Signer,
} from "../../signing/index.ts";
import type { Context } from "../../src/context.ts";
import { documentFields, fieldNames, numberFills } from "../../src/outgoing/fields.ts";
import { compose, type Issuer, renderForSignature } from "../../src/outgoing/composition.ts";
import { isSameBlock } from "../../src/outgoing/rules.ts";
import { assertLeaderUntouched, assertSound } from "../../src/outgoing/soundness.ts";

const trustDirectory = mkdtempSync(join(tmpdir(), "congvan-sound-"));
afterAll(() => rmSync(trustDirectory, { recursive: true }));
const ctx = { services: { config: { trustDirectory } }, now: () => at } as unknown as Context;
const at = new Date("2026-11-22T02:00:00Z");

const issuer: Issuer = {
  name: "Sở Nội vụ tỉnh Mẫu Sơn",
  kind: "DEPARTMENT",
  symbol: "SNV",
  place: "Mẫu Sơn",
  superior: "Ủy ban nhân dân tỉnh Mẫu Sơn",
  headTitle: "Giám đốc",
  unitSymbol: "VP",
};
const text = {
  typeCode: "QD",
  subject: "Ban hành Quy chế",
  body: "Căn cứ Luật Lưu trữ;\n\nXét đề nghị của Văn phòng.\n\nĐiều 1. Ban hành Quy chế./.",
  urgency: "NORMAL" as const,
  recipients: [],
};
const block = { lines: ["GIÁM ĐỐC"], fullName: "Nguyễn Thị Thanh Hà", delegationId: null };

let signer: Signer, pdf: Buffer, signed: Buffer, sealed: Buffer;
const seal = async (bytes: Buffer) =>
  signPdf(bytes, {
    field: fieldNames.seal,
    signer,
    at,
    fill: await numberFills(bytes, { number: 7, issuedOn: "2026-11-22", referenceCode: "07/QĐ-SNV" }, null),
  });

beforeAll(async () => {
  const { privateKey, publicKey } = generateKeys("ec-p256");
  const validity = { notBefore: new Date("2026-01-01"), notAfter: new Date("2027-01-01") };
  const authority = generateKeys("ec-p256").privateKey;
  const root = issueRoot({ key: authority, subject: { CN: "Gốc thử" }, ...validity });
  const certificate = issueCertificate({
    publicKey,
    subject: { CN: "Thử" },
    usage: "person",
    issuer: { key: authority, certificate: root },
    ...validity,
  });
  signer = signerFromKey(privateKey, certificate, []);
  pdf = await renderForSignature(text, issuer, block, at);
  signed = await signPdf(pdf, { field: fieldNames.leader, signer, at });
  sealed = await seal(signed);
});

const { leader, seal: sealField } = fieldNames;
const verdictOf = (bytes: Buffer, fields: string[]) =>
  assertSound(ctx, bytes, fields).then(
    (verification) => {
      assertLeaderUntouched(verification);
      return "stored";
    },
    (error: { code: string }) => error.code,
  );

test("a sound file is stored; one with a changed byte, a missing or an unexpected signature is not", async () => {
  expect(await verdictOf(signed, [leader])).toBe("stored");
  expect(await verdictOf(sealed, [leader, sealField])).toBe("stored");
  expect(await verdictOf(signed, [leader, sealField])).toBe("SIGNING_REFUSED");
  expect(await verdictOf(sealed, [leader])).toBe("SIGNING_REFUSED");
  expect(await verdictOf(pdf, [leader])).toBe("SIGNING_REFUSED");
  const changed = Buffer.from(sealed);
  changed[2_000] = changed[2_000]! ^ 1;
  expect(await verdictOf(changed, [leader, sealField])).toBe("SIGNING_REFUSED");
});

test("planted bugs in signing and sealing do not get past the check", async () => {
  const place = { page: 1, rect: [100, 100, 200, 120] as [number, number, number, number] };
  const late = addFields(
    signed,
    [{ name: "Late", type: "text", page: 0, rect: place.rect, fontSize: 12, alignment: "left" }],
    { evenIfSigned: true },
  );
  expect(await verdictOf(await seal(late), [leader, sealField])).toBe("SIGNING_REFUSED");
  // A seal put on the text before the leader: the leader's revision would be the later one, over a closed field.
  const sealedFirst = await signPdf(pdf, { field: sealField, signer, at });
  await expect(signPdf(sealedFirst, { field: leader, signer, at })).rejects.toMatchObject({ code: "REFUSE_SIGN" });
  // A leader who closes everything would make number and seal impossible.
  const bare = await signPdf(
    addFields(Buffer.from(pdf), [
      { name: "Other", type: "signature", page: 0, rect: place.rect, lock: { action: "ALL" } },
    ]),
    { field: "Other", signer, at },
  );
  await expect(seal(bare)).rejects.toMatchObject({ code: "REFUSE_SIGN" });
});

test("number and date are closed by the seal and cannot be filled a second time", async () => {
  expect(await numberFills(sealed, { number: 8, issuedOn: "2026-11-23", referenceCode: "08/QĐ-SNV" }, null)).toEqual(
    [],
  );
  const names = documentFields({ number: place(), date: place(), leader: place(), seal: place() }).map(
    ({ name }) => name,
  );
  expect(names).toEqual(["Leader", "Number", "Date", "Seal"]);
  function place() {
    return { page: 1, rect: [0, 0, 10, 10] as [number, number, number, number] };
  }
});

test("a decision is composed as the template wants it", () => {
  const made = compose(text, issuer, block, at);
  expect(made).toMatchObject({
    superior: "Ủy ban nhân dân tỉnh Mẫu Sơn",
    agency: "Sở Nội vụ",
    symbol: "QĐ-SNV",
    type: "Quyết định",
    authority: "Giám đốc Sở Nội vụ",
    grounds: ["Căn cứ Luật Lưu trữ;", "Xét đề nghị của Văn phòng."],
    enactment: "QUYẾT ĐỊNH:",
    body: "Điều 1. Ban hành Quy chế./.",
    signerTitles: ["GIÁM ĐỐC"],
    archive: "VT, VP",
  });
  const committee: Issuer = {
    ...issuer,
    name: "Ủy ban nhân dân xã Bản Mẫu",
    kind: "PEOPLES_COMMITTEE",
    symbol: "UBND",
    headTitle: "Chủ tịch",
  };
  const collective = compose(text, committee, { ...block, lines: ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"] }, at);
  expect(collective.superior).toBeUndefined();
  expect(collective).toMatchObject({ agency: "Ủy ban nhân dân xã Bản Mẫu", authority: "Ủy ban nhân dân xã Bản Mẫu" });
  const recipients = [
    { name: "Sở Tài chính", role: "TO" as const },
    { name: "Văn phòng", role: "CC" as const },
  ];
  const letter = compose({ ...text, typeCode: "CV", recipients }, issuer, null, at);
  expect(letter).toMatchObject({
    addressees: ["Sở Tài chính"],
    recipients: ["Như trên", "Văn phòng"],
    symbol: "SNV-VP",
  });
  expect(letter.type).toBeUndefined();
});

test("a block is the same only with the same lines, name and delegation", () => {
  expect(isSameBlock(block, { ...block })).toBe(true);
  expect(isSameBlock(block, { ...block, lines: ["Q. GIÁM ĐỐC"] })).toBe(false);
  expect(isSameBlock(block, { ...block, fullName: "Người khác" })).toBe(false);
  expect(isSameBlock(block, { ...block, delegationId: "0198" })).toBe(false);
});
