import { badInput } from "../errors.ts";
import { isUuid } from "../ids.ts";

/** A global id: opaque to clients, a type and a UUID to us. */
export const toGlobalId = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`, "latin1").toString("base64url");

/** The type and UUID of a global id, or null where it is none. */
export function parseGlobalId(globalId: string): { type: string; id: string } | null {
  if (globalId.length > 120) return null;
  const [type, id, ...rest] = Buffer.from(globalId, "base64url").toString("latin1").split(":");
  return type && id && rest.length === 0 && isUuid(id) && toGlobalId(type, id) === globalId ? { type, id } : null;
}

/** The UUID of a global id of the given type, or BAD_INPUT. */
export function fromGlobalId(type: string, globalId: string): string {
  const parsed = parseGlobalId(globalId);
  if (parsed?.type !== type)
    throw badInput("id", `Đây không phải là mã của ${type}.`, `This is not the id of a ${type}.`);
  return parsed.id;
}
