import { printedDay } from "../days.ts";
import { digestOf } from "../output.ts";
import { credentialOf, holderOf, pin } from "../people.ts";
import type { World } from "../world.ts";
import { two } from "./incoming.ts";

/** The document as it was issued, and where its forms were kept. */
export interface Issued {
  readonly id: string;
  readonly referenceCode: string;
  readonly signerName: string;
  /** Paths of 01-draft.pdf to 05-sealed.pdf. */
  readonly revisions: readonly { readonly kind: string; readonly path: string }[];
  readonly sealedSha256: string;
}

interface Signed {
  readonly outgoingDocument: {
    readonly status: string;
    readonly signatureBlock: { readonly lines: readonly string[]; readonly fullName: string } | null;
    readonly signatures: readonly {
      readonly level: string;
      readonly signatureBlock: { readonly lines: readonly string[] } | null;
    }[];
  };
}

const signed =
  "outgoingDocument { id status signatureBlock { lines fullName } signatures { level signatureBlock { lines } } }";

/** Submitted for signature and signed by the deputy for the head (trình ký, ký số KT. GIÁM ĐỐC); the signer's name. */
export async function signAnswer(
  { journal, people: { officer, deputy, clerk } }: World,
  outgoingDocumentId: string,
): Promise<string> {
  const block = ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"];
  const { fullName } = await journal.step(
    "submitted for signature, text frozen",
    async ({ check }) => {
      const signerId = await holderOf(officer, "Phó Giám đốc");
      const { outgoingDocument } = await officer.act<Signed>(
        "submitForSignature",
        { outgoingDocumentId, signerId },
        signed,
      );
      check("trạng thái (status)", "AWAITING_SIGNATURE", outgoingDocument.status);
      check("thể thức đề ký (signature block)", block, outgoingDocument.signatureBlock?.lines);
      return { fullName: outgoingDocument.signatureBlock?.fullName ?? "" };
    },
    () => `Chuyên viên trình ký, thể thức đề ký: ${block.join(" / ")}`,
  );
  await journal.step(
    "a wrong PIN and somebody else's key are refused",
    async ({ check }) => {
      const credentialId = await credentialOf(deputy, false);
      const refusals = [
        await refusal(() =>
          deputy.act("signOutgoingDocument", { outgoingDocumentId, credentialId, pin: "654321" }, signed),
        ),
        await refusal(() => clerk.act("signOutgoingDocument", { outgoingDocumentId, credentialId, pin }, signed)),
      ];
      check("mã lỗi (codes)", ["BAD_PIN", "FORBIDDEN"], refusals);
    },
    () => "Nhập sai mã PIN, và văn thư thử ký thay lãnh đạo: đều bị từ chối",
  );
  await journal.step(
    "signed with the deputy's own key",
    async ({ check }) => {
      const credentialId = await credentialOf(deputy, false);
      const { outgoingDocument } = await deputy.act<Signed>(
        "signOutgoingDocument",
        { outgoingDocumentId, credentialId, pin },
        signed,
      );
      check("trạng thái (status)", "SIGNED", outgoingDocument.status);
      check(
        "đề ký trên chữ ký (block of the signature)",
        [block],
        outgoingDocument.signatures.map((each) => each.signatureBlock?.lines),
      );
      check(
        "mức chữ ký (level)",
        ["B-LT"],
        outgoingDocument.signatures.map(({ level }) => level),
      );
    },
    () => `Phó Giám đốc ${fullName} ký số “${block[0]}” bằng mã PIN, có dấu thời gian, mức B-LT`,
  );
  return fullName;
}

/** The stable code that an act is refused with, or "done". */
export async function refusal(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "done";
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string") throw error;
    return code;
  }
}

interface Entry {
  readonly entry: { readonly id: string; readonly number: number; readonly state: string };
}

/** One number is kept free and one declared void, each with its reason (giữ số, hủy số). */
export async function useUpTwoNumbers({ journal, people: { clerk } }: World): Promise<void> {
  await journal.step(
    "one number reserved, one void",
    async ({ check }) => {
      const reserve = (reason: string) =>
        clerk.act<Entry>("reserveNumber", { kind: "OUTGOING", reason }, "entry { id number state }");
      const kept = await reserve("Giữ số cho quyết định ban hành trong ngày");
      const spoilt = await reserve("Giữ số theo đề nghị của Phòng Quản lý xây dựng");
      const { entry } = await clerk.act<Entry>(
        "voidNumber",
        { entryId: spoilt.entry.id, reason: "Phòng Quản lý xây dựng rút đề nghị" },
        "entry { id number state }",
      );
      check(
        "số (numbers)",
        [
          [1, "RESERVED"],
          [2, "VOID"],
        ],
        [
          [kept.entry.number, kept.entry.state],
          [entry.number, entry.state],
        ],
      );
    },
    () => "Văn thư giữ số 01 và hủy số 02, đều ghi lý do",
  );
}

interface Numbered {
  readonly outgoingDocument: {
    readonly status: string;
    readonly number: number;
    readonly referenceCode: string;
    readonly issuedOn: string;
  };
}

interface StoredFile {
  readonly sha256: string;
  readonly url: string;
}

interface Session {
  readonly id: string;
  readonly state: string;
  readonly factors: readonly string[];
}

interface Sealing extends WithRevisions {
  readonly state: string;
}

interface WithRevisions {
  readonly outgoingDocument: {
    readonly status: string;
    readonly file: StoredFile;
    readonly signatures: readonly { readonly field: string; readonly level: string }[];
    readonly revisions: readonly { readonly ordinal: number; readonly kind: string; readonly file: StoredFile }[];
  };
}

const revised =
  "outgoingDocument { id status file { sha256 url } signatures { field level } revisions { ordinal kind file { sha256 url } } }";

/** The clerk numbers and seals; every form of the file is kept (cấp số, đóng dấu). */
export async function numberAndSeal(
  { journal, output, people: { clerk } }: World,
  id: string,
  signerName: string,
): Promise<Issued> {
  const { referenceCode } = await journal.step(
    "numbered",
    async ({ check }) => {
      const { outgoingDocument } = await clerk.act<Numbered>(
        "numberOutgoingDocument",
        { outgoingDocumentId: id },
        "outgoingDocument { id status number referenceCode issuedOn }",
      );
      check("trạng thái (status)", "NUMBERED", outgoingDocument.status);
      check("số, ký hiệu (reference code)", `${two(3)}/QĐ-SXD`, outgoingDocument.referenceCode);
      return outgoingDocument;
    },
    ({ referenceCode: code, issuedOn }) => `Văn thư Sở Xây dựng cấp số ${code}, ngày ${printedDay(issuedOn)}`,
  );
  return journal.step(
    "number, date and seal written in one revision, by a signing session",
    async ({ check }) => {
      const credentialId = await credentialOf(clerk, true);
      const { session } = await clerk.act<{ session: Session }>(
        "prepareSignature",
        { outgoingDocumentId: id, credentialId, role: "AGENCY_SEAL" },
        "session { id state factors }",
      );
      check("phiên ký (session)", ["PREPARED", ["pin"]], [session.state, session.factors]);
      const { authorizeSignature } = await clerk.ask<{ authorizeSignature: { sessions: readonly Sealing[] } }>(
        `mutation ($input: AuthorizeSignatureInput!) { authorizeSignature(input: $input) { sessions { state ${revised} } } }`,
        { input: { sessionIds: [session.id], pin } },
      );
      const { state, outgoingDocument } = authorizeSignature.sessions[0]!;
      check("phiên ký khi xong (session at its end)", "STORED", state);
      check("trạng thái (status)", "SEALED", outgoingDocument.status);
      check(
        "mức chữ ký (levels)",
        ["Leader B-LT", "Seal B-LT"],
        outgoingDocument.signatures.map(({ field, level }) => `${field} ${level}`),
      );
      const kinds = outgoingDocument.revisions.map(({ kind }) => kind);
      check("các phiên bản (revisions)", ["DRAFT", "DRAFT", "FOR_SIGNATURE", "SIGNED", "SEALED"], kinds);
      const revisions: { kind: string; path: string }[] = [];
      for (const { ordinal, kind, file } of outgoingDocument.revisions) {
        const pdf = await clerk.download(file.url);
        check(`SHA-256 phiên bản ${ordinal} (digest)`, file.sha256, digestOf(pdf));
        const name = `${two(ordinal)}-${kind.toLowerCase().replaceAll("_", "-")}.pdf`;
        revisions.push({ kind, path: await output.keep(name, pdf) });
      }
      return { id, referenceCode, signerName, revisions, sealedSha256: outgoingDocument.file.sha256 };
    },
    ({ revisions }) =>
      `Văn thư chuẩn bị phiên ký, xác nhận bằng mã PIN và đóng dấu số của Sở, mức B-LT; ${revisions.length} phiên bản của tệp được giữ nguyên`,
  );
}
