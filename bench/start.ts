import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "../test/durability/server-process.ts";
import { Report } from "./report.ts";

/** How long it takes from the command to the first request, and what the server takes up when nobody asks anything. */
export async function benchStart(): Promise<Report> {
  const report = new Report("start");
  const directory = await mkdtemp(join(tmpdir(), "congvan-bench-"));
  try {
    const settings = { CONGVAN_DEMO: "1", CONGVAN_DATA: directory, PORT: "0" };
    const first = await startServer(settings);
    report.add("first start, from an empty directory", first.startMilliseconds / 1_000, "s", { atMost: 15 });
    await first.stop();
    await using later = await startServer(settings);
    report.add("later start", later.startMilliseconds / 1_000, "s", { atMost: 3 });
    await sleep(10_000);
    report.add("resident memory of the idle server", await residentMegabytes(later.pid), "MB", { atMost: 250 });
    await later.stop();
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  return report;
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}
