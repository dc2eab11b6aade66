import type { EntityManager } from "@mikro-orm/postgresql";
import pg from "pg";
import { loaders } from "./graphql/loader.ts";
import type { PositionRank, TokenScope } from "./graphql/types.ts";
import { forbidden, unauthenticated } from "./errors.ts";
import { isUuid } from "./ids.ts";
import type { Services } from "./services.ts";

/** Who is signed in, in what office, with what rights. */
export interface Viewer {
  readonly personId: string;
  readonly appointmentId: string;
  readonly agencyId: string;
  readonly positionId: string;
  readonly unitId: string | null;
  readonly rank: PositionRank;
  readonly permissions: ReadonlySet<string>;
  /** Null for a session, which may do all that the office may. */
  readonly scopes: ReadonlySet<TokenScope> | null;
  readonly tokenHash: Buffer;
}

/** An act that was done, to be told to subscribers once it is committed. */
export interface Notice {
  readonly agencyId: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly act: string;
  readonly at: string;
}

// Days stay strings: a JavaScript Date would move them by the time zone.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.DATE, (text) => text);
types.setTypeParser(pg.types.builtins.INT8, Number);

const mostTries = 3;
/** SQLSTATE 40P01, deadlock, and 40001, serialisation failure: nothing is left of the transaction. */
const wasUndone = (error: unknown): boolean =>
  error instanceof Error && ["40P01", "40001"].includes(String((error as { code?: unknown }).code));

const names = new Map<string, string>();
/** Each named statement stays in every connection's memory, and lists can be asked for in very many forms. */
const mostNames = 500;
/** A statement's name on the server, so that it is planned once for each connection; none for those that come late. */
function statementName(sql: string): string | undefined {
  let name = names.get(sql);
  if (!name && names.size < mostNames) names.set(sql, (name = `s${names.size}`));
  return name;
}

/** What one request, job or command-line run may use: its database view is that of one agency. */
export class Context {
  readonly services: Services;
  readonly viewer: Viewer | null;
  readonly agencyId: string | null;
  /** Where the act comes from, for the audit: an address, "worker", "cli". */
  readonly origin: string;
  /** Rows by id; what was loaded before an act of this context is read anew after it. */
  load = loaders(this);
  /** Ends when whoever asks has gone away. */
  signal: AbortSignal | null = null;
  /** For work that lasts: a new Context with the rights of this moment, null where nobody is signed in any more. */
  renew: (() => Promise<Context | null>) | null = null;
  /** Gives the browser its session cookie, or takes it away; only where there is a browser. */
  setSession: ((token: string | null, expiresAt: Date | null) => void) | null = null;
  private readonly notices: Notice[] = [];
  private readonly followUps: (() => void)[] = [];

  constructor(services: Services, viewer: Viewer | null, origin: string, agencyId = viewer?.agencyId ?? null) {
    this.services = services;
    this.viewer = viewer;
    this.origin = origin;
    this.agencyId = agencyId;
  }

  now(): Date {
    return this.services.now();
  }

  /** Rows of one statement (`$1` style), in a short read-only transaction that sees the agency's data only. */
  async read<T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T[]> {
    const client = await this.services.pool.connect();
    let failed = true;
    try {
      // Sent together: connections are pipelined, so that a read costs one round trip.
      const [, result] = await Promise.all([
        client.query(`begin read only; ${this.settings()}`),
        client.query({ name: statementName(sql), text: sql, values: parameters as unknown[], types }),
        client.query("commit"),
      ]);
      failed = false;
      return result.rows as T[];
    } finally {
      client.release(failed);
    }
  }

  async readOne<T extends object>(sql: string, parameters: readonly unknown[] = []): Promise<T | undefined> {
    return (await this.read<T>(sql, parameters))[0];
  }

  /**
   * One act: all of `work` or nothing; subscribers are told after the commit. `work` runs again where PostgreSQL undid
   * it because it and another act waited for each other, so it leaves no traces but in `em` and in this context.
   */
  async transact<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    for (let left = mostTries - 1; ; left--)
      try {
        return await this.attempt(work);
      } catch (error) {
        if (left === 0 || !wasUndone(error)) throw error;
      }
  }

  private async attempt<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    const em = this.services.orm.em.fork();
    em.setSessionContext({
      variables: { "app.agency_id": this.agencyId ?? "", "app.person_id": this.viewer?.personId ?? "" },
    });
    try {
      const result = await em.transactional((inner) => work(inner as EntityManager));
      this.load = loaders(this);
      if (this.notices.length > 0) this.services.changes.publish(this.notices.splice(0));
      for (const followUp of this.followUps.splice(0)) followUp();
      return result;
    } finally {
      this.notices.length = 0;
      this.followUps.length = 0;
    }
  }

  notice(notice: Notice): void {
    this.notices.push(notice);
  }

  /** Does something quick once the act is committed, and nothing if it is not. */
  afterCommit(followUp: () => void): void {
    this.followUps.push(followUp);
  }

  private settings(): string {
    const value = (id: string | null | undefined) => (id && isUuid(id) ? id : "");
    return `select set_config('app.agency_id', '${value(this.agencyId)}', true),
      set_config('app.person_id', '${value(this.viewer?.personId)}', true)`;
  }
}

export function requireViewer(ctx: Context): Viewer {
  if (!ctx.viewer) throw unauthenticated();
  return ctx.viewer;
}

/** The viewer, if the office has the permission and a token was given the scope that writing needs. */
export function requirePermission(ctx: Context, permission: string, scope: TokenScope = "WRITE"): Viewer {
  const viewer = requireViewer(ctx);
  if (!viewer.permissions.has(permission)) throw forbidden(permission);
  if (viewer.scopes && !viewer.scopes.has(scope)) throw forbidden(`scope ${scope}`);
  return viewer;
}
