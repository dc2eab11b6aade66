import { benchList } from "./list.ts";
import { benchRegister } from "./register.ts";
import type { Report } from "./report.ts";
import { benchSigning } from "./signing.ts";
import { benchStart } from "./start.ts";

/** Every bench by its name; each prints its figures as lines of JSON. */
const benches: Readonly<Record<string, (flags: readonly string[]) => Promise<Report>>> = {
  register: benchRegister,
  list: benchList,
  start: benchStart,
  signing: benchSigning,
};

// What follows the name goes to the server's Node, such as --cpu-prof.
const [name = "", ...flags] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  const report = await bench(flags);
  process.exitCode = report.isMet ? 0 : 1;
} else {
  console.error(`Usage: npm run bench -- NAME, where NAME is one of: ${Object.keys(benches).join(", ")}.`);
  process.exitCode = 2;
}
