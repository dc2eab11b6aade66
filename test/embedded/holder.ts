// A process that opens the embedded PostgreSQL in the directory named by its argument, tells what it found in one
// line of JSON, holds it until its input ends, lets go and says so. The tests start it, and kill it.
import { openEmbeddedPostgres } from "../../src/embedded/postgres.ts";

const [directory = "", settings = "{}"] = process.argv.slice(2);
const steps: string[] = [];
const begun = performance.now();
// As the application does: Ctrl-C is a request to finish, not the end.
process.on("SIGINT", () => undefined);
try {
  const { outcome, socketDirectory, dataDirectory, release } = await openEmbeddedPostgres({
    directory,
    settings: JSON.parse(settings) as Record<string, string>,
    onProgress: (step) => steps.push(step),
  });
  const milliseconds = Math.round(performance.now() - begun);
  console.log(JSON.stringify({ outcome, socketDirectory, dataDirectory, milliseconds, steps }));
  for await (const chunk of process.stdin) void chunk;
  await release();
  console.log(JSON.stringify({ released: true }));
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  console.log(JSON.stringify({ code: code ?? "none", message }));
  process.exitCode = 1;
}
