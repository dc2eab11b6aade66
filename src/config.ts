import { resolve } from "node:path";
import type { SigningLevel } from "../signing/index.ts";

/** Everything that can be set from outside, checked; see .env.example for what each means. */
export interface Config {
  readonly demo: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly dataDirectory: string;
  /** Null: the embedded PostgreSQL under the data directory. */
  readonly database: { readonly app: string; readonly owner: string; readonly hub: string } | null;
  /** Null: the folder store under the data directory. */
  readonly s3Url: string | null;
  /** Null only in demo mode, where one is made and kept under the data directory. */
  readonly sessionSecret: string | null;
  readonly trustDirectory: string;
  readonly maxBodyBytes: number;
  readonly maxFileBytes: number;
  readonly logLevel: string;
  /** Whether X-Forwarded-For and -Proto are to be believed. */
  readonly behindProxy: boolean;
  readonly poolSize: number;
  readonly signing: SigningConfig;
}

/** What signatures are made with, besides keys. */
export interface SigningConfig {
  /** What every signature shall reach. */
  readonly level: SigningLevel;
  /** What the settings say of it in so many words; null where they leave it to the rest. */
  readonly wanted: SigningLevel | null;
  /** Time-stamp servers, asked in this order. */
  readonly timestampUrls: readonly string[];
  /** Hosts that issuers, OCSP responses and CRLs may be fetched from, as `readAllowedHost` reads them; nothing else is. */
  readonly hosts: readonly string[];
  /** A file with the accounts at signing services; null where there are none. */
  readonly servicesFile: string | null;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/** Reads the environment; throws ConfigError with every fault at once. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const faults: string[] = [];
  const text = (name: string) => env[name]?.trim() || undefined;
  const whole = (name: string, fallback: number, low: number, high: number) => {
    const value = text(name);
    if (value === undefined) return fallback;
    if (/^\d{1,12}$/.test(value) && Number(value) >= low && Number(value) <= high) return Number(value);
    faults.push(`${name} must be a whole number from ${low} to ${high}, not "${value}"`);
    return fallback;
  };
  const flag = (name: string, fallback: boolean) => {
    const value = text(name);
    if (value === undefined) return fallback;
    if (["1", "true", "0", "false"].includes(value)) return value === "1" || value === "true";
    faults.push(`${name} must be 1 or 0, not "${value}"`);
    return fallback;
  };
  const url = (name: string, schemes: readonly string[]) => {
    const value = text(name);
    if (value !== undefined && !schemes.some((scheme) => value.startsWith(`${scheme}://`) && URL.canParse(value)))
      faults.push(`${name} must be a URL beginning with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`);
    return value;
  };

  const app = url("DATABASE_URL", ["postgres", "postgresql"]);
  const owner = url("DATABASE_OWNER_URL", ["postgres", "postgresql"]);
  const hub = url("DATABASE_HUB_URL", ["postgres", "postgresql"]);
  const demo = flag("CONGVAN_DEMO", app === undefined);
  const host = text("HOST") ?? "127.0.0.1";
  const port = whole("PORT", 4000, 0, 65535);
  const sessionSecret = text("SESSION_SECRET") ?? null;

  if (app && (!owner || !hub))
    faults.push("DATABASE_URL needs DATABASE_OWNER_URL (for migrations) and DATABASE_HUB_URL (for the axis) beside it");
  if (!app && (owner || hub)) faults.push("DATABASE_OWNER_URL and DATABASE_HUB_URL are of no use without DATABASE_URL");
  if (app && app === owner) faults.push("DATABASE_URL must not connect as the owner: row-level security would be void");
  if (!demo && !app) faults.push("DATABASE_URL is missing (only demo mode brings its own database)");
  if (!demo && !sessionSecret) faults.push("SESSION_SECRET is missing");
  if (sessionSecret && sessionSecret.length < 32) faults.push("SESSION_SECRET must have at least 32 characters");
  if (demo && !["127.0.0.1", "::1", "localhost"].includes(host))
    faults.push("HOST must be a loopback address in demo mode: its passwords are public");
  const logLevel = text("LOG_LEVEL") ?? "info";
  if (!["fatal", "error", "warn", "info", "debug", "trace", "silent"].includes(logLevel))
    faults.push(`LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "${logLevel}"`);

  const list = (name: string) => (text(name) ?? "").split(/[\s,]+/).filter(Boolean);
  const timestampUrls = list("TIMESTAMP_URLS");
  for (const each of timestampUrls)
    if (!/^https?:\/\//.test(each) || !URL.canParse(each)) faults.push(`TIMESTAMP_URLS has no URL in "${each}"`);
  const hosts = list("VALIDATION_HOSTS");
  for (const each of hosts)
    if (!/^(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?(?:\+private)?$/i.test(each))
      faults.push(`VALIDATION_HOSTS has no host in "${each}"`);
  const levelText = text("SIGNING_LEVEL");
  const wanted = (["B-B", "B-T", "B-LT", "B-LTA"] as const).find((each) => each === levelText) ?? null;
  if (levelText && !wanted) faults.push(`SIGNING_LEVEL must be B-B, B-T, B-LT or B-LTA, not "${levelText}"`);
  // The demo has a time-stamp service of its own.
  if (wanted && wanted !== "B-B" && timestampUrls.length === 0 && !demo)
    faults.push(`SIGNING_LEVEL ${wanted} needs TIMESTAMP_URLS`);
  const servicesFile = text("SIGNING_SERVICES");

  const dataDirectory = resolve(text("CONGVAN_DATA") ?? "data");
  const config: Config = {
    demo,
    host,
    port,
    publicUrl: url("PUBLIC_URL", ["http", "https"]) ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    dataDirectory,
    database: app && owner && hub ? { app, owner, hub } : null,
    s3Url: url("S3_URL", ["s3"]) ?? null,
    sessionSecret,
    trustDirectory: resolve(text("TRUST_DIR") ?? `${dataDirectory}/trust`),
    maxBodyBytes: whole("MAX_BODY_BYTES", 1 << 20, 1024, 16 << 20),
    maxFileBytes: whole("MAX_FILE_BYTES", 100 << 20, 1024, 2 ** 31 - 1),
    logLevel,
    behindProxy: flag("BEHIND_PROXY", false),
    poolSize: whole("DATABASE_POOL", 10, 2, 200),
    signing: {
      level: wanted ?? (timestampUrls.length > 0 ? "B-LT" : "B-B"),
      wanted,
      timestampUrls,
      hosts,
      servicesFile: servicesFile ? resolve(servicesFile) : null,
    },
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}
