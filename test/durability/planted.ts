import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { buildApp } from "../../src/app.ts";
import { serve, type Serving } from "../../src/http/serve.ts";
import type { Services } from "../../src/services.ts";

/** A statement of a command and its parameters (`?` style), as it shall be instead. */
export type Rewrite = (
  sql: string,
  parameters: readonly unknown[],
) => readonly [sql: string, parameters: readonly unknown[]];

/** A second HTTP server on the same services, whose commands' statements are rewritten: a fault planted on purpose. */
export function plantedServer(services: Services, rewrite: Rewrite): Promise<Serving> {
  return serve(buildApp({ ...services, orm: rewritten(services.orm, rewrite) }), { host: "127.0.0.1", port: 0 });
}

function rewritten(orm: MikroORM, rewrite: Rewrite): MikroORM {
  const manager = (em: EntityManager): EntityManager =>
    replaced(em, {
      fork: () => manager(em.fork() as EntityManager),
      transactional: (work: (inner: EntityManager) => Promise<unknown>) =>
        em.transactional((inner) => work(manager(inner as EntityManager))),
      execute: (sql: string, parameters: readonly unknown[] = []) => {
        const [text, values] = rewrite(sql, parameters);
        return em.execute(text, [...values]);
      },
    });
  return replaced(orm, { em: manager(orm.em as EntityManager) });
}

/** The object with some of its members replaced; the others work on the object itself. */
function replaced<T extends object>(target: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(target, {
    get(object, name) {
      if (typeof name === "string" && name in members) return members[name];
      const value: unknown = Reflect.get(object, name, object);
      return typeof value === "function" ? (value as (...args: never[]) => unknown).bind(object) : value;
    },
  });
}
