import type { TestApp } from "../support/app.ts";
import type { Client } from "../support/client.ts";

export const demoPin = "123456";

/** What the tests look at of an outgoing document. */
export const shown = `{ outgoingDocument { id status version number notation referenceCode issuedOn
  signatureBlock { lines fullName delegation { kind } }
  revisions { id ordinal kind file { url sha256 } by { person { fullName } } }
  signatures { field signer { id } signatureBlock { lines } credential { isAgencySeal } }
  reviews { decision comment reviewer { id } } recipients { id name role agency { code } } file { url sha256 } } }`;

export interface Shown {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly number: number | null;
  readonly notation: string;
  readonly referenceCode: string | null;
  readonly issuedOn: string | null;
  readonly signatureBlock: {
    readonly lines: string[];
    readonly fullName: string;
    readonly delegation: { kind: string } | null;
  } | null;
  readonly revisions: { id: string; ordinal: number; kind: string; file: { url: string; sha256: string } }[];
  readonly signatures: {
    field: string;
    signatureBlock: { lines: string[] } | null;
    credential: { isAgencySeal: boolean };
  }[];
  readonly reviews: { decision: string | null; comment: string | null }[];
  readonly recipients: { id: string; name: string; role: string; agency: { code: string } | null }[];
  readonly file: { readonly url: string; readonly sha256: string };
}

/** Somebody of an office with what signing takes. */
export interface Colleague {
  readonly client: Client;
  readonly appointmentId: string;
  readonly keys: {
    readonly id: string;
    readonly isAgencySeal: boolean;
    readonly subject: string;
    readonly serial: string;
  }[];
}

export async function colleague(app: TestApp, username: string): Promise<Colleague> {
  const client = await app.signIn(username);
  const { viewer } = await client.call(
    `{ viewer { appointment { id } signingCredentials { id isAgencySeal subject serial } } }`,
  );
  return { client, appointmentId: viewer.appointment.id, keys: viewer.signingCredentials };
}

/** Does an act on an outgoing document over the API and gives the document as it is then. */
export async function act(who: Colleague, name: string, input: Record<string, unknown>): Promise<Shown> {
  return (await who.client.act(name, input, shown)).outgoingDocument;
}

export const letter = {
  typeCode: "CV",
  subject: "triển khai Hệ thống quản lý văn bản và điều hành dùng chung",
  body: "Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh, Sở Nội vụ đề nghị các cơ quan, đơn vị:\n\n1. Rà soát danh sách người làm công tác văn thư.\n\n2. Báo cáo kết quả trước ngày 05 tháng 12 năm 2026./.",
  recipients: [{ agencyCode: "H99.03" }, { agencyCode: "H99.31" }, { name: "Lưu hồ sơ", role: "CC" }],
};

export const decision = {
  typeCode: "QD",
  subject: "Ban hành Quy chế công tác văn thư, lưu trữ",
  body: "Căn cứ Luật Lưu trữ ngày 21 tháng 6 năm 2024;\n\nTheo đề nghị của Chánh Văn phòng Sở.\n\nĐiều 1. Ban hành kèm theo Quyết định này Quy chế công tác văn thư, lưu trữ.\n\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký./.",
  recipients: [{ agencyCode: "H99.01" }],
};

export const draft = (who: Colleague, input: Record<string, unknown> = letter) =>
  act(who, "draftOutgoingDocument", input);

export const submit = (who: Colleague, outgoingDocumentId: string, signer: Colleague) =>
  act(who, "submitForSignature", { outgoingDocumentId, signerId: signer.appointmentId });

export const sign = (who: Colleague, outgoingDocumentId: string, more: Record<string, unknown> = {}) =>
  act(who, "signOutgoingDocument", {
    outgoingDocumentId,
    credentialId: who.keys.find((key) => !key.isAgencySeal)?.id,
    pin: demoPin,
    ...more,
  });

export const seal = (who: Colleague, outgoingDocumentId: string, more: Record<string, unknown> = {}) =>
  act(who, "sealOutgoingDocument", {
    outgoingDocumentId,
    credentialId: who.keys.find((key) => key.isAgencySeal)?.id,
    pin: demoPin,
    ...more,
  });

export const number = (who: Colleague, outgoingDocumentId: string, more: Record<string, unknown> = {}) =>
  act(who, "numberOutgoingDocument", { outgoingDocumentId, ...more });

/** The code of a refusal, or "done" where there was none. */
export const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "done",
    (error: { code?: string }) => error.code ?? String(error),
  );
