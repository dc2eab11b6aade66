import type { EntityManager } from "@mikro-orm/postgresql";
import type { Context } from "../context.ts";
import { badInput } from "../errors.ts";
import type { RecipientInput, RecipientRole } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { requireText } from "../incoming/rules.ts";
import { OutgoingRecipient } from "./entities.ts";

export interface ResolvedRecipient {
  readonly recipientId: string | null;
  readonly name: string;
  readonly role: RecipientRole;
}

const mostRecipients = 300;

/** Recipients by the directory's names or by the given ones; BAD_INPUT for unknown codes and for naming one twice. */
export async function resolveRecipients(ctx: Context, inputs: readonly RecipientInput[]): Promise<ResolvedRecipient[]> {
  if (inputs.length > mostRecipients)
    throw badInput(
      "recipients",
      `Có tối đa ${mostRecipients} nơi nhận.`,
      `There are at most ${mostRecipients} recipients.`,
    );
  const codes = inputs.flatMap(({ agencyCode }) => agencyCode ?? []);
  const rows = await ctx.read<{ id: string; code: string; name: string }>(
    "select id, code, name from agency where code = any($1)",
    [codes],
  );
  const agencies = new Map(rows.map((row) => [row.code, row]));
  const recipients = inputs.map(({ agencyCode, name, role }): ResolvedRecipient => {
    if (!agencyCode) return { recipientId: null, name: requireText("recipients", name ?? "", 200), role };
    const agency = agencies.get(agencyCode);
    if (!agency)
      throw badInput(
        "recipients",
        `Danh bạ không có cơ quan mang mã ${agencyCode}.`,
        `No agency has the code ${agencyCode}.`,
      );
    return { recipientId: agency.id, name: agency.name, role };
  });
  const keys = recipients.map(({ recipientId, name }) => recipientId ?? name);
  if (new Set(keys).size !== keys.length)
    throw badInput("recipients", "Có nơi nhận được ghi hai lần.", "A recipient is named twice.");
  return recipients;
}

/** Writes the recipients of a document, in place of those it had; in the caller's transaction. */
export async function setRecipients(
  ctx: Context,
  em: EntityManager,
  documentId: string,
  recipients: readonly ResolvedRecipient[],
): Promise<void> {
  await em.nativeDelete(OutgoingRecipient, { documentId });
  for (const [ordinal, recipient] of recipients.entries())
    em.create(OutgoingRecipient, {
      id: newId(ctx.now().getTime()),
      agencyId: ctx.agencyId!,
      documentId,
      ordinal,
      ...recipient,
    });
  await em.flush();
}

/** Where a document goes, in order. */
export const recipientsOf = (ctx: Context, documentId: string): Promise<ResolvedRecipient[]> =>
  ctx.read(
    `select recipient_id as "recipientId", name, role from outgoing_recipient where document_id = $1 order by ordinal`,
    [documentId],
  );
