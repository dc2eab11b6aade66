import type { EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { buildApp } from "../../src/app.ts";
import { serve, type Serving } from "../../src/http/serve.ts";
import type { Services } from "../../src/services.ts";

/** A statement of a command (`$1` style) and its parameters, as it shall be instead. */
export type Rewrite = (
  sql: string,
  parameters: readonly unknown[],
) => readonly [sql: string, parameters: readonly unknown[]];

/** A second HTTP server on the same services, whose commands' statements are rewritten: a fault planted on purpose. */
export function plantedServer(services: Services, rewrite: Rewrite): Promise<Serving> {
  return serve(buildApp({ ...services, orm: rewritten(services.orm, rewrite) }), { host: "127.0.0.1", port: 0 });
}

interface Query {
  readonly sql: string | { readonly name: string; readonly text: string };
  readonly parameters: readonly unknown[];
}

interface Transaction {
  executeQuery(query: Query): Promise<unknown>;
}

function rewritten(orm: MikroORM, rewrite: Rewrite): MikroORM {
  const executeQuery = (transaction: Transaction) => (query: Query) => {
    if (typeof query.sql === "string") return transaction.executeQuery(query);
    const [text, parameters] = rewrite(query.sql.text, query.parameters);
    const name = text === query.sql.text ? query.sql.name : `planted ${query.sql.name}`;
    return transaction.executeQuery({ ...query, sql: { name, text }, parameters });
  };
  const manager = (em: EntityManager): EntityManager =>
    replaced(em, {
      fork: () => manager(em.fork() as EntityManager),
      transactional: (work: (inner: EntityManager) => Promise<unknown>) =>
        em.transactional((inner) => work(manager(inner as EntityManager))),
      getTransactionContext: () => {
        const transaction = em.getTransactionContext() as unknown as Transaction;
        return replaced(transaction, { executeQuery: executeQuery(transaction) });
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
