import { execFileSync } from "node:child_process";
import type { KeyObject } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where distributions put SoftHSM's library. */
const libraries = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
  "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
  "/usr/lib64/pkcs11/libsofthsm2.so",
  "/usr/local/lib/softhsm/libsofthsm2.so",
];

/** SoftHSM's library; undefined where it is not installed. */
export const softTokenModule = libraries.find((path) => existsSync(path));

/** A folder of software tokens. */
export interface SoftTokens extends Disposable {
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A new token with this PIN. */
  add(label: string, pin: string): void;
  /** Puts a key on a token, with its certificate where one is given. `id` is hexadecimal. */
  put(token: { label: string; pin: string }, entry: { id: string; key?: KeyObject; certificate?: Buffer }): void;
}

/** Starts with no token at all. Needs the programs softhsm2-util and pkcs11-tool. */
export function softTokens(): SoftTokens {
  const folder = mkdtempSync(join(tmpdir(), "softhsm-"));
  mkdirSync(join(folder, "tokens"));
  const configuration = join(folder, "softhsm2.conf");
  writeFileSync(configuration, `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\n`);
  const environment = { SOFTHSM2_CONF: configuration };
  const run = (program: string, ...options: string[]) =>
    execFileSync(program, options, { env: { ...process.env, ...environment }, stdio: "pipe" });
  const module = softTokenModule ?? "";
  return {
    module,
    environment,
    add(label, pin) {
      run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "12345678");
    },
    put({ label, pin }, { id, key, certificate }) {
      const login = ["--token", label, "--pin", pin];
      if (key) {
        const file = join(folder, "key.pem");
        writeFileSync(file, key.export({ type: "pkcs8", format: "pem" }));
        run("softhsm2-util", "--import", file, ...login, "--label", `key ${id}`, "--id", id);
        rmSync(file);
      }
      if (certificate) {
        const file = join(folder, "certificate.der");
        writeFileSync(file, certificate);
        const named = ["--token-label", label, "--login", "--pin", pin, "--label", `key ${id}`];
        run("pkcs11-tool", "--module", module, ...named, "--write-object", file, "--type", "cert", "--id", id);
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
