import DataLoader from "dataloader";
import type { Context } from "../context.ts";
import { columns } from "../sql.ts";

type Entity<T> = new () => T;

/** Loads rows by id, those asked for in one turn with one statement; null where there is none or it is not visible. */
export function loaders(ctx: Context) {
  const byEntity = new Map<Entity<object>, DataLoader<string, object | null>>();
  return <T extends object>(entity: Entity<T>, id: string | null | undefined): Promise<T | null> => {
    if (!id) return Promise.resolve(null);
    let loader = byEntity.get(entity);
    if (!loader) {
      loader = new DataLoader<string, object | null>(
        async (ids) => {
          const { table, list } = columns(ctx.services.orm, entity);
          const rows = await ctx.read<{ id: string }>(`select ${list} from ${table} where id = any($1)`, [ids]);
          const found = new Map(rows.map((row) => [row.id, row]));
          return ids.map((each) => found.get(each) ?? null);
        },
        { maxBatchSize: 500 },
      );
      byEntity.set(entity, loader);
    }
    return loader.load(id) as Promise<T | null>;
  };
}
