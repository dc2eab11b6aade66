import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoAgencies } from "../src/demo/agencies.ts";
import { demoPassword } from "../src/demo/province.ts";
import { openEmbeddedPostgres } from "../src/embedded/postgres.ts";
import { type ServerProcess, startServer } from "../test/durability/server-process.ts";
import { Client } from "../test/support/client.ts";
import type { Load } from "./load.ts";
import type { SqlOrder } from "./sql-process.ts";

/** A clerk who is signed in, and who that is in the database. */
export interface Clerk {
  readonly cookie: string;
  readonly agencyId: string;
  readonly personId: string;
  readonly appointmentId: string;
}

/** The real server in a process of its own on an embedded PostgreSQL as careful as in production, with the demo province. */
export interface World extends AsyncDisposable {
  readonly server: ServerProcess;
  readonly appUrl: string;
  readonly superUrl: string;
  signIn(agencies: number): Promise<Clerk[]>;
  /** Work straight through `pg`, in a process of its own too. */
  sql(order: SqlOrder): Promise<Load & { readonly rows: unknown[] }>;
}

export async function openWorld(flags: readonly string[] = []): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "congvan-bench-"));
  opened.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const server = await startServer({ CONGVAN_DEMO: "1", CONGVAN_DATA: directory, PORT: "0", LOG_LEVEL: "info" }, flags);
  opened.defer(() => server.stop());
  const postgres = opened.use(await openEmbeddedPostgres({ directory: join(directory, "postgres"), revive: false }));
  const child = fork(new URL("./sql-process.ts", import.meta.url));
  opened.defer(() => void child.kill());
  const stack = opened.move();
  return {
    server,
    appUrl: postgres.url("congvan_app", "congvan"),
    superUrl: postgres.url("postgres", "congvan"),
    signIn: (agencies) =>
      Promise.all(
        demoAgencies
          .flatMap(({ officials }) => officials.filter(({ rank }) => rank === "CLERK"))
          .slice(0, agencies)
          .map(({ username }) => signIn(server.url, username)),
      ),
    async sql(order) {
      child.send(order);
      const [answer] = (await once(child, "message")) as [(Load & { rows: unknown[] }) | { error: string }];
      if ("error" in answer) throw new Error(answer.error);
      return answer;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function signIn(url: string, username: string): Promise<Clerk> {
  const client = new Client(url);
  await client.signIn(username, demoPassword);
  const { viewer } = await client.call<{ viewer: Record<"person" | "appointment" | "agency", { id: string }> }>(
    "{ viewer { person { id } appointment { id } agency { id } } }",
  );
  const [personId, appointmentId, agencyId] = [viewer.person, viewer.appointment, viewer.agency].map(
    ({ id }) => Buffer.from(id, "base64url").toString().split(":")[1]!,
  ) as [string, string, string];
  return { cookie: client.cookie, personId, appointmentId, agencyId };
}
