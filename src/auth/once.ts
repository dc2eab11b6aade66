import { createHash } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import { canonicalJson } from "../audit/canonical.ts";
import { type Context, requireViewer } from "../context.ts";
import { AppError, badInput } from "../errors.ts";
import { newId } from "../ids.ts";
import { execute } from "../sql.ts";

/** What an act made, and whether it had been done before under the same key. */
export interface Done {
  readonly id: string;
  readonly replayed: boolean;
}

/** Secrets are left out of what is kept of a request: a digest of a PIN gives the PIN away. */
const secretFields = new Set(["pin", "password", "idempotencyKey"]);

/**
 * Does an act once for each key of a person (khóa chống lặp). Repeating the request answers with what the first one made;
 * another request under the same key is refused with CONFLICT. Requests at the same time wait for each other.
 */
export async function once(
  ctx: Context,
  act: string,
  input: { readonly idempotencyKey: string },
  work: (em: EntityManager, id: string) => Promise<void>,
): Promise<Done> {
  const viewer = requireViewer(ctx);
  const key = input.idempotencyKey;
  if (key.length < 8 || key.length > 200)
    throw badInput(
      "idempotencyKey",
      "Khóa chống lặp phải có từ 8 đến 200 ký tự.",
      "An idempotency key has 8 to 200 characters.",
    );
  const request = Object.fromEntries(Object.entries(input).filter(([name]) => !secretFields.has(name)));
  const hash = createHash("sha256").update(canonicalJson(request)).digest();
  const id = newId(ctx.now().getTime());

  return ctx.transact(async (em) => {
    const [mine] = await execute<{ result_id: string }>(
      em,
      `insert into idempotency (agency_id, person_id, key, act, request_hash, result_id, at) values (?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing returning result_id`,
      [viewer.agencyId, viewer.personId, key, act, hash, id, ctx.now()],
    );
    if (mine) {
      await work(em, id);
      return { id, replayed: false };
    }
    const [first] = await execute<{ act: string; request_hash: Buffer; result_id: string }>(
      em,
      "select act, request_hash, result_id from idempotency where agency_id = ? and person_id = ? and key = ?",
      [viewer.agencyId, viewer.personId, key],
    );
    if (!first || first.act !== act || !hash.equals(first.request_hash))
      throw new AppError(
        "CONFLICT",
        "Khóa chống lặp này đã dùng cho một yêu cầu khác.",
        "This idempotency key was used for another request.",
        { idempotencyKey: key },
      );
    return { id: first.result_id, replayed: true };
  });
}
