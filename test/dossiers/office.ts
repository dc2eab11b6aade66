import { act, type Colleague, colleague, draft, number, seal, sign, submit } from "../outgoing/office.ts";
import type { TestApp } from "../support/app.ts";

/** What the tests look at of a dossier. */
export const shown = `{ dossier { id code status version submittedAt receivedAt dueAt dueReason completedAt returnedAt
  applicantName receivedBy { code } competentAgency { code } procedure { code } currentStep { ordinal name }
  history { at text by { id } } receipt { id url sha256 name }
  documents { relation incomingDocument { id } outgoingDocument { id } }
  results { id code issuedAt file { id url sha256 } outgoingDocument { id } } } }`;

export interface Shown {
  readonly id: string;
  readonly code: string;
  readonly status: string;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly dueReason: string;
  readonly completedAt: string | null;
  readonly returnedAt: string | null;
  readonly receivedBy: { readonly code: string };
  readonly competentAgency: { readonly code: string };
  readonly currentStep: { readonly ordinal: number; readonly name: string } | null;
  readonly history: { readonly text: string; readonly by: { readonly id: string } | null }[];
  readonly receipt: { readonly id: string; readonly url: string; readonly sha256: string; readonly name: string };
  readonly documents: {
    readonly relation: string;
    readonly incomingDocument: { id: string } | null;
    readonly outgoingDocument: { id: string } | null;
  }[];
  readonly results: {
    readonly id: string;
    readonly code: string;
    readonly file: { readonly url: string; readonly sha256: string };
    readonly outgoingDocument: { id: string } | null;
  }[];
}

export const applicant = {
  applicantName: "Nguyễn Văn Bình",
  applicantIdentity: "001 099 000 123",
  applicantAddress: "Số 5 ngõ 12 đường Lê Lợi, phường Mẫu Sơn",
  applicantPhone: "0912 345 678",
};

/** The global id of a procedure as an office that receives dossiers finds it, by code and deciding agency. */
export async function procedureId(who: Colleague, code: string, agencyCode: string): Promise<string> {
  const { procedures } = await who.client.call(
    `{ procedures(first: 100) { nodes { id code competentAgency { code } } } }`,
  );
  return procedures.nodes.find(
    (each: { code: string; competentAgency: { code: string } }) =>
      each.code === code && each.competentAgency.code === agencyCode,
  ).id;
}

/** Receives a dossier of the building department at the one-stop centre. */
export async function receive(
  who: Colleague,
  procedure: string,
  more: Record<string, unknown> = {},
): Promise<{ dossier: Shown; secret: string | null }> {
  return who.client.act(
    "receiveDossier",
    { procedureId: procedure, ...applicant, ...more },
    `{ secret dossier ${shown.slice(shown.indexOf("{", 2), -2)} }`,
  );
}

export const dossierAct = async (who: Colleague, name: string, input: Record<string, unknown>): Promise<Shown> =>
  (await who.client.act(name, input, shown)).dossier;

export const readDossier = async (who: Colleague, id: string): Promise<Shown | null> =>
  (
    await who.client.call(
      `query ($id: ID!) { node(id: $id) { ... on Dossier ${shown.slice(shown.indexOf("{", 2), -2)} } }`,
      { id },
    )
  ).node;

/** The people of the demo who work on a dossier of the building department. */
export async function buildingDepartment(app: TestApp) {
  const [desk, head, manager, officer, clerk] = await Promise.all(
    ["motcua.ttpvhcc", "giamdoc.sxd", "truongphong.sxd", "chuyenvien.sxd", "vanthu.sxd"].map((name) =>
      colleague(app, name),
    ),
  );
  return { desk: desk!, head: head!, manager: manager!, officer: officer!, clerk: clerk! };
}

export type Department = Awaited<ReturnType<typeof buildingDepartment>>;

const permit = {
  typeCode: "QD",
  subject: "Cấp giấy phép xây dựng nhà ở riêng lẻ",
  body: "Xét đơn đề nghị cấp giấy phép xây dựng.\n\nĐiều 1. Cho phép xây dựng nhà ở riêng lẻ tại phường Mẫu Sơn./.",
  recipients: [{ name: "Người nộp hồ sơ" }],
};

export const draftPermit = ({ officer }: Department) => draft(officer, permit);

/** From draft to sealed, one step before it is issued. */
export async function sealPermit(team: Department, id: string): Promise<void> {
  await submit(team.officer, id, team.head);
  await sign(team.head, id);
  await number(team.clerk, id);
  await seal(team.clerk, id);
}

export const issue = ({ clerk }: Department, outgoingDocumentId: string) =>
  act(clerk, "dispatchOutgoingDocument", { outgoingDocumentId });
