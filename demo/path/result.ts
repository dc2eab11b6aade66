import { digestOf } from "../output.ts";
import type { World } from "../world.ts";
import type { Incoming } from "./incoming.ts";
import type { Dossier } from "./reception.ts";
import type { Issued } from "./signing.ts";

/** The incoming document is closed with the issued answer (hoàn thành: có văn bản trả lời). */
export async function completeIncoming(
  { journal, people: { officer } }: World,
  incoming: Incoming,
  issued: Issued,
): Promise<void> {
  await journal.step(
    "completed as answered",
    async ({ check }) => {
      const { incomingDocument } = await officer.act<{
        incomingDocument: {
          status: string;
          completion: { kind: string } | null;
          answers: { id: string; referenceCode: string }[];
        };
      }>(
        "completeIncomingDocument",
        { incomingDocumentId: incoming.id, kind: "ANSWERED", answeredById: issued.id },
        "incomingDocument { id status completion { kind } answers { id referenceCode } }",
      );
      check(
        "trạng thái, kết quả (status, kind)",
        ["COMPLETED", "ANSWERED"],
        [incomingDocument.status, incomingDocument.completion?.kind],
      );
      check(
        "văn bản trả lời (answers)",
        [issued.referenceCode],
        incomingDocument.answers.map(({ referenceCode }) => referenceCode),
      );
    },
    () => `Chuyên viên kết thúc văn bản đến số 01: đã trả lời bằng ${issued.referenceCode}`,
  );
}

interface WithResults {
  readonly status: string;
  readonly results: readonly {
    readonly code: string;
    readonly file: { readonly url: string; readonly sha256: string };
  }[];
}

/** The issued document is the dossier's result; the one-stop centre hands it over (kết quả, trả kết quả); its code. */
export async function returnResult(
  { journal, output, people: { oneStop } }: World,
  dossier: Dossier,
  issued: Issued,
): Promise<string> {
  const code = await journal.step(
    "result there, the same bytes",
    async ({ check }) => {
      const { node } = await oneStop.ask<{ node: WithResults }>(
        "query ($id: ID!) { node(id: $id) { ... on Dossier { status results { code file { url sha256 } } } } }",
        { id: dossier.id },
      );
      check("trạng thái hồ sơ (status)", "COMPLETED", node.status);
      check(
        "mã kết quả (result code)",
        [`${dossier.code}-KQ1`],
        node.results.map((result) => result.code),
      );
      const [result] = node.results;
      const pdf = await oneStop.download(result?.file.url ?? "/");
      check("SHA-256 như bản phát hành (same digest as issued)", issued.sealedSha256, digestOf(pdf));
      await output.keep("dossier-result.pdf", pdf);
      return result?.code ?? "";
    },
    (result) => `Hồ sơ ${dossier.code} đã xử lý xong, kết quả ${result}`,
  );
  await journal.step(
    "handed over",
    async ({ check }) => {
      const answer = await oneStop.act<{ dossier: { status: string } }>(
        "returnDossierResult",
        { dossierId: dossier.id, note: "Trả bản điện tử" },
        "dossier { id status }",
      );
      check("trạng thái hồ sơ (status)", "RETURNED", answer.dossier.status);
    },
    () => "Một cửa trả kết quả cho công dân",
  );
  return code;
}

interface PublicAnswer {
  readonly status: string;
  readonly stepsTotal: number;
  readonly results: readonly { readonly code: string; readonly sha256: string; readonly url: string }[];
}

interface Verdict {
  readonly sha256: string;
  readonly indication: string;
  readonly integrity: string;
  readonly result: { readonly code: string; readonly agencyName: string } | null;
}

interface Known {
  readonly isGenuine: boolean;
  readonly referenceCode: string | null;
}

/** Without any account: looked up, fetched, checked; a tampered copy fails (tra cứu, tải về, xác minh). */
export async function verifyAsCitizen(
  { journal, output, people: { citizen } }: World,
  dossier: Dossier,
  issued: Issued,
): Promise<void> {
  const pdf = await journal.step(
    "the citizen fetches the result through the public link",
    async ({ check }) => {
      const { publicDossier } = await citizen.ask<{ publicDossier: PublicAnswer | null }>(
        `query ($code: String!, $secret: String!) { publicDossier(code: $code, secret: $secret) {
           status stepsTotal results { code sha256 url } } }`,
        { code: dossier.code, secret: dossier.secret },
      );
      check("trạng thái (status)", "RETURNED", publicDossier?.status);
      const [result] = publicDossier?.results ?? [];
      const bytes = await citizen.download(result?.url ?? "/");
      check("SHA-256 (digest)", [issued.sealedSha256, issued.sealedSha256], [result?.sha256, digestOf(bytes)]);
      await output.keep("public-result.pdf", bytes);
      return bytes;
    },
    (bytes) =>
      `Công dân tra cứu bằng mã, tải kết quả ${dossier.code}-KQ1 (${bytes.length.toLocaleString("vi-VN")} byte)`,
  );
  await journal.step(
    "verified without signing in",
    async ({ check }) => {
      const verdict = await citizen.post<Verdict>("/public/verify", pdf, "application/pdf");
      check("SHA-256 (digest)", issued.sealedSha256, verdict.sha256);
      check("kết luận (indication)", ["TOTAL_PASSED", "PASS"], [verdict.indication, verdict.integrity]);
      check("kết quả của hồ sơ (result)", `${dossier.code}-KQ1`, verdict.result?.code);
      const known = await verifyResult(citizen, `${dossier.code}-KQ1`, digestOf(pdf));
      check("xác minh (verifyResult)", [true, issued.referenceCode], [known.isGenuine, known.referenceCode]);
    },
    () => "Công dân xác minh tệp: đúng là kết quả do Sở Xây dựng phát hành, chữ ký hợp lệ",
  );
  await journal.step(
    "a tampered copy fails",
    async ({ check }) => {
      const tampered = tamper(pdf);
      await output.keep("tampered.pdf", tampered);
      const verdict = await citizen.post<Verdict>("/public/verify", tampered, "application/pdf");
      check("kết luận (indication)", ["TOTAL_FAILED", "FAIL"], [verdict.indication, verdict.integrity]);
      check("kết quả của hồ sơ (result)", null, verdict.result);
      const known = await verifyResult(citizen, `${dossier.code}-KQ1`, digestOf(tampered));
      check("xác minh (verifyResult)", [false, null], [known.isGenuine, known.referenceCode]);
    },
    () => "Bản bị sửa một byte: không hợp lệ, không phải kết quả của hồ sơ",
  );
}

/** The file with one byte of its metadata changed, which no reader would show. */
export function tamper(pdf: Buffer): Buffer {
  const copy = Buffer.from(pdf);
  const place = copy.indexOf("/Producer");
  const at = copy.indexOf("(", place) + 1;
  if (place < 0 || at <= 0) throw new Error("there is no producer to change");
  copy[at] = copy[at]! ^ 1;
  return copy;
}

async function verifyResult(citizen: World["people"]["citizen"], code: string, sha256: string): Promise<Known> {
  const answer = await citizen.ask<{ verifyResult: Known }>(
    `query ($code: String!, $sha256: Sha256!) {
       verifyResult(code: $code, sha256: $sha256) { isGenuine referenceCode } }`,
    { code, sha256 },
  );
  return answer.verifyResult;
}
