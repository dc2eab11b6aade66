import type { MikroORM } from "@mikro-orm/postgresql";
import type { Pool } from "pg";
import type { Logger } from "pino";
import type { AxisHub } from "../axis/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { Changes } from "./changes.ts";
import type { Context } from "./context.ts";
import type { Config } from "./config.ts";
import type { SigningServices } from "./credentials/keepers.ts";
import type { TransmissionKeys } from "./exchange/transmission-keys.ts";
import type { FileReader } from "./files/access.ts";
import type { Keys } from "./keys.ts";
import type { Reactions } from "./audit/record.ts";

/** What lives as long as the process; fakes come in here, nowhere else. */
export interface Services {
  readonly config: Config;
  readonly log: Logger;
  readonly orm: MikroORM;
  /** The application role's connections, shared by commands and reads. */
  readonly pool: Pool;
  readonly store: ObjectStore;
  readonly hub: AxisHub;
  /** Keys that sign this server's messages for the agencies it hosts. */
  readonly transmission: TransmissionKeys;
  /** Keys that others keep, and what signatures above B-B are made with. */
  readonly signing: SigningServices;
  readonly keys: Keys;
  readonly changes: Changes;
  readonly reactions: Reactions;
  /** How modules make the files of their documents readable. */
  readonly fileReaders: readonly FileReader[];
  /** Reads any object by type and id as the context's viewer may see it; here, so that modules can name later ones' objects. */
  readonly readNode: (ctx: Context, type: string, id: string) => Promise<{ __typename: never } | null>;
  /** The clock; tests stop it. */
  readonly now: () => Date;
  /** Something is waiting to be sent or fetched: a hint to the worker, which also looks by itself. */
  wake: () => void;
}
