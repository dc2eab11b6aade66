import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real S3 server of its own, on loopback, with an empty data folder. */
export interface S3Server extends AsyncDisposable {
  readonly port: number;
  readonly data: string;
  /** The address of a bucket in it, for `openS3Store`; `port` may be that of a proxy in front. */
  url(bucket: string, port?: number): string;
}

/** The server's binary: CONGVAN_S3_SERVER, else `minio` in PATH, else where scripts/s3-server.sh builds it. */
export function findS3Server(): string | undefined {
  const named = process.env["CONGVAN_S3_SERVER"];
  if (named !== undefined) return named;
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), join(homedir(), "go", "bin")];
  return folders.map((folder) => join(folder, "minio")).find((path) => existsSync(path));
}

/** Starts the server and waits until it answers; fails with what it said if it does not within 30 s. */
export async function startS3Server(binary: string): Promise<S3Server> {
  const data = await mkdtemp(join(tmpdir(), "congvan-s3-"));
  const port = await freePort();
  const [accessKey, secretKey] = [randomBytes(8).toString("hex"), randomBytes(16).toString("hex")];
  const { command, environment, health } = await program(binary, data, port, accessKey, secretKey);
  const server = spawn(binary, command, {
    env: { PATH: process.env["PATH"], HOME: data, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => (said = (said + text).slice(-4000)));
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()).once("error", () => resolve()));
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await Promise.race([ended, sleep(5_000, undefined, { ref: false }).then(() => server.kill("SIGKILL"))]);
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  for (const started = Date.now(); ; await sleep(50)) {
    const answer = await fetch(`http://127.0.0.1:${port}${health}`).catch(() => undefined);
    if (answer?.ok) break;
    if (server.exitCode !== null || Date.now() - started > 30_000) {
      await stop();
      throw new Error(`${binary} did not start: ${said}`);
    }
  }
  return {
    port,
    data,
    url: (bucket, through = port) => `s3://${accessKey}:${secretKey}@127.0.0.1:${through}/${bucket}?tls=false`,
    [Symbol.asyncDispose]: stop,
  };
}

/** How each server that we know is started; any binary with another name is taken for MinIO. */
async function program(binary: string, data: string, port: number, accessKey: string, secretKey: string) {
  const address = `127.0.0.1:${port}`;
  if (basename(binary) === "versitygw") {
    const [root, meta] = [join(data, "root"), join(data, "meta")];
    await mkdir(root);
    await mkdir(meta);
    return {
      command: ["--port", address, "--health", "/health", "posix", "--sidecar", meta, root],
      environment: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
      health: "/health",
    };
  }
  return {
    command: ["server", "--quiet", "--address", address, "--console-address", "127.0.0.1:0", data],
    environment: { MINIO_ROOT_USER: accessKey, MINIO_ROOT_PASSWORD: secretKey, MINIO_UPDATE: "off" },
    health: "/minio/health/ready",
  };
}

/** A port of loopback that nobody listens on just now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
