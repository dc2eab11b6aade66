import { digestOf } from "../output.ts";
import { printedTime } from "../days.ts";
import { applicant } from "../letter.ts";
import type { World } from "../world.ts";

/** A dossier on its way, with the secret that only its applicant has. */
export interface Dossier {
  readonly id: string;
  readonly code: string;
  readonly secret: string;
}

interface Received {
  readonly secret: string | null;
  readonly dossier: {
    readonly id: string;
    readonly code: string;
    readonly status: string;
    readonly dueAt: string;
    readonly dueReason: string;
    readonly receipt: { readonly url: string; readonly sha256: string };
  };
}

const procedureCode = "9.009001";

/** A citizen hands in a dossier at the one-stop centre and gets a receipt with code and secret (tiếp nhận hồ sơ). */
export async function receiveDossier({ journal, output, people }: World): Promise<Dossier> {
  const procedure = await journal.step(
    "procedure found",
    async ({ check }) => {
      const { procedures } = await people.oneStop.ask<{
        procedures: {
          nodes: { id: string; code: string; name: string; timeLimit: number; competentAgency: { code: string } }[];
        };
      }>("{ procedures(first: 50) { nodes { id code name timeLimit competentAgency { code } } } }");
      const found = procedures.nodes.find(({ code }) => code === procedureCode);
      if (!found) throw new Error(`no procedure ${procedureCode} among ${procedures.nodes.length}`);
      check("cơ quan giải quyết (competent agency)", "H99.04", found.competentAgency.code);
      return found;
    },
    ({ name, timeLimit }) => `Trung tâm Phục vụ hành chính công chọn thủ tục “${name}”, ${timeLimit} ngày làm việc`,
  );

  const { dossier, secret } = await journal.step(
    "dossier received, receipt printed",
    async ({ check }) => {
      const received = await people.oneStop.act<Received>(
        "receiveDossier",
        {
          procedureId: procedure.id,
          applicantName: applicant,
          applicantIdentity: "001099000001",
          applicantAddress: "Tổ 5, phường Mẫu Sơn, tỉnh Mẫu Sơn",
          applicantPhone: "0900000001",
        },
        "secret dossier { id code status dueAt dueReason receipt { url sha256 } }",
      );
      const { code, status, receipt } = received.dossier;
      check("dạng mã hồ sơ (form of the code)", true, /^H99\.10-\d{6}-\d{4}$/.test(code));
      check("trạng thái (status)", "RECEIVED", status);
      check("mã tra cứu (secret)", "string", typeof received.secret);
      const pdf = await people.oneStop.download(receipt.url);
      await output.keep("dossier-receipt.pdf", pdf);
      check("giấy tiếp nhận là PDF (receipt is a PDF)", "%PDF-", pdf.toString("latin1", 0, 5));
      check("SHA-256 của giấy tiếp nhận (receipt)", receipt.sha256, digestOf(pdf));
      return received;
    },
    ({ dossier: { code, dueAt } }) =>
      `Một cửa tiếp nhận hồ sơ ${code} của ông ${applicant}, hẹn trả ${printedTime(dueAt)}`,
  );

  await journal.step(
    "the citizen looks it up; a wrong secret shows nothing",
    async ({ check }) => {
      check(
        "tra cứu đúng mã (right secret)",
        { code: dossier.code, status: "RECEIVED" },
        await lookUp(people.citizen, dossier.code, secret ?? ""),
      );
      check("tra cứu sai mã (wrong secret)", null, await lookUp(people.citizen, dossier.code, "SAISAISA"));
    },
    () => `Công dân tra cứu hồ sơ ${dossier.code}: được tiếp nhận; sai mã tra cứu thì không thấy gì`,
  );
  return { id: dossier.id, code: dossier.code, secret: secret ?? "" };
}

async function lookUp(citizen: World["people"]["citizen"], code: string, secret: string): Promise<unknown> {
  const { publicDossier } = await citizen.ask<{ publicDossier: object | null }>(
    "query ($code: String!, $secret: String!) { publicDossier(code: $code, secret: $secret) { code status } }",
    { code, secret },
  );
  return publicDossier && { ...publicDossier };
}
