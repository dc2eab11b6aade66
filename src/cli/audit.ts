import { parseArgs } from "node:util";
import pg from "pg";
import { readCheckpoints } from "../audit/checkpoints.ts";
import { printAudit, verifyAudit } from "../audit/verify.ts";
import { readConfig } from "../config.ts";
import { openDatabases } from "../databases.ts";
import { type Command, fine, notFine, UsageError } from "./command.ts";

export const audit: Command = {
  usage: "audit verify [--json]",
  about: "recomputes every agency's chain of acts and compares it with the signed checkpoints",
  async run({ args, env, print }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    });
    if (positionals.join(" ") !== "verify") throw new UsageError("say: audit verify");
    const config = readConfig(env);
    await using databases = await openDatabases(config);
    const checkpoints = await readCheckpoints(config.dataDirectory);
    const client = new pg.Client({ connectionString: databases.urls.owner });
    // What breaks is told by rejection; without a listener the event would end the process.
    client.on("error", () => undefined);
    await client.connect();
    try {
      const report = await verifyAudit(client, { checkpoints });
      print(values.json ? JSON.stringify(report) : printAudit(report));
      return report.ok ? fine : notFine;
    } finally {
      await client.end();
    }
  },
};
