import type { Context } from "../context.ts";
import { badInput } from "../errors.ts";
import { type AdministrativeDocument, administrativeDocument } from "../forms/administrative-document.ts";
import { paragraphs } from "../forms/document-body.ts";
import { FormError } from "../forms/errors.ts";
import { addFields } from "../../signing/index.ts";
import type { AgencyKind, RecipientRole, Urgency } from "../graphql/types.ts";
import { requireDocumentType } from "../organization/document-types.ts";
import { notationOf } from "../registers/rules.ts";
import type { StoredBlock } from "./entities.ts";
import { documentFields, placesOfSteps } from "./fields.ts";
import type { FrozenStep } from "./steps.ts";

/** Who issues a document and which unit drafted it, as the template needs it. */
export interface Issuer {
  readonly name: string;
  readonly kind: AgencyKind;
  readonly symbol: string;
  readonly place: string;
  readonly superior: string | null;
  readonly headTitle: string | null;
  readonly unitSymbol: string | null;
}

/** What a document says, apart from who signs it. */
export interface Text {
  readonly typeCode: string;
  readonly subject: string;
  readonly body: string;
  readonly urgency: Urgency;
  readonly recipients: readonly { readonly name: string; readonly role: RecipientRole }[];
}

/** The agency of the context and the unit of the drafter's office. */
export async function issuerOf(ctx: Context, drafterId: string): Promise<Issuer> {
  const row = await ctx.readOne<Issuer>(
    `select g.name, g.kind, g.symbol, g.place, s.name as superior, u.symbol as "unitSymbol",
       (select h.title from position h where h.agency_id = g.id and h.rank = 'HEAD' limit 1) as "headTitle"
     from appointment a join agency g on g.id = a.agency_id join position p on p.id = a.position_id
       left join unit u on u.id = p.unit_id left join agency s on s.id = g.parent_id
     where a.id = $1 and g.id = $2`,
    [drafterId, ctx.agencyId],
  );
  return row!;
}

/** What follows the number of a document of this agency. */
export const notationFor = (issuer: Issuer, typeCode: string): string =>
  notationOf(requireDocumentType(typeCode), issuer.symbol, issuer.unitSymbol);

/** Types that name those they are addressed to (kính gửi) above their text. */
const addressed = new Set(["CV", "CD", "TTR", "BC", "THC", "PG", "PC"]);
/** Types without a name of their own on the page. */
const unnamed = new Set(["CV", "THC"]);

/** A document as the template of NĐ 30/2020 wants it; without a block it is a draft that nobody signs yet. */
export function compose(
  text: Text,
  issuer: Issuer,
  block: StoredBlock | null,
  madeAt: Date,
  steps: readonly FrozenStep[] = [],
): AdministrativeDocument {
  const type = requireDocumentType(text.typeCode);
  const to = addressed.has(type.code) ? text.recipients.filter(({ role }) => role === "TO") : [];
  const others = text.recipients.filter((recipient) => !to.includes(recipient)).map(({ name }) => name);
  const isCommittee = issuer.kind === "PEOPLES_COMMITTEE";
  const headTitle = issuer.headTitle ?? "Thủ trưởng";
  const agency = shortName(issuer);
  return {
    // Annex I.II.2: a People's Committee has no superior agency above its name.
    ...(issuer.superior && !isCommittee && { superior: issuer.superior }),
    agency,
    symbol: notationFor(issuer, type.code),
    place: issuer.place,
    ...(!unnamed.has(type.code) && { type: type.name }),
    subject: text.subject,
    ...(text.urgency !== "NORMAL" && { urgency: text.urgency }),
    addressees: to.map(({ name }) => name),
    ...(type.code === "QD" ? decision(text.body, decides(issuer, headTitle, agency, block)) : { body: text.body }),
    signerTitles: block?.lines ?? [headTitle],
    signerName: block?.fullName ?? "(Họ và tên người ký)",
    coSigners: steps.flatMap(({ role, block: own }) =>
      role === "CO_SIGNER" && own ? [{ titles: own.lines, name: own.fullName }] : [],
    ),
    recipients: [...(to.length > 0 ? ["Như trên"] : []), ...others],
    archive: issuer.unitSymbol ? `VT, ${issuer.unitSymbol}` : "VT",
    madeAt,
  };
}

/** Sets a document from the template; BAD_INPUT names the part that cannot be printed. */
export async function renderDraft(text: Text, issuer: Issuer, madeAt: Date): Promise<Buffer> {
  return (await render(compose(text, issuer, null, madeAt))).bytes;
}

/** The final text under its signature block, with empty fields for what comes. */
export async function renderForSignature(
  text: Text,
  issuer: Issuer,
  block: StoredBlock,
  madeAt: Date,
  steps: readonly FrozenStep[] = [],
): Promise<Buffer> {
  const { bytes, places } = await render(compose(text, issuer, block, madeAt, steps));
  return addFields(bytes, documentFields({ ...places, steps: placesOfSteps(places, steps) }));
}

async function render(document: AdministrativeDocument) {
  try {
    const { bytes, places } = await administrativeDocument(document);
    return { bytes: Buffer.from(bytes), places };
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    const { field, limit, characters } = error.details;
    const why = limit ? ` (tối đa ${limit})` : characters ? ` (${characters})` : "";
    throw badInput(field, `Không in được phần “${field}”${why}.`, error.message);
  }
}

/** The name without the place that its superior's name ends with: SỞ NỘI VỤ under ỦY BAN NHÂN DÂN TỈNH MẪU SƠN. */
function shortName({ name, kind, superior }: Issuer): string {
  const locality = superior?.split("Ủy ban nhân dân").at(1);
  return kind !== "PEOPLES_COMMITTEE" && locality && name.endsWith(locality) ? name.slice(0, -locality.length) : name;
}

function decides({ kind, name }: Issuer, headTitle: string, agency: string, block: StoredBlock | null): string {
  if (kind !== "PEOPLES_COMMITTEE") return `${headTitle} ${agency}`;
  return block && !block.lines[0]?.startsWith("TM.") ? `${headTitle} ${name}` : name;
}

/** The grounds of a decision are its first paragraphs, as far as they open the way grounds do (Annex I, template 1.2). */
function decision(body: string, authority: string) {
  const all = paragraphs(body);
  const end = all.findIndex((text) => !/^(?:Căn cứ|Theo đề nghị|Xét)\s/u.test(text));
  const grounds = end === -1 ? [] : all.slice(0, end);
  return { authority, grounds, enactment: "QUYẾT ĐỊNH:", body: all.slice(grounds.length).join("\n\n") };
}
