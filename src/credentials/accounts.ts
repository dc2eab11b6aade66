import { readFile } from "node:fs/promises";
import type { CscLogin } from "../../signing/index.ts";
import { ConfigError } from "../config.ts";

/** An account at a service or a device, as the settings have it. The secrets in it go to the service alone. */
export type Account =
  | {
      readonly provider: "PKCS11";
      readonly module: string;
      readonly token?: { readonly label?: string };
      readonly environment?: Readonly<Record<string, string>>;
    }
  | ServiceAccount;

export type ServiceAccount = { readonly baseUrl: string } & (
  | { readonly provider: "CSC"; readonly version: 1 | 2; readonly login: CscLogin }
  | {
      readonly provider: "VIETTEL";
      readonly clientId: string;
      readonly clientSecret: string;
      readonly profileId?: string;
      /** The gateway beside CSC unless given. */
      readonly interface?: "gateway" | "csc";
    }
  | { readonly provider: "VNPT"; readonly spId: string; readonly spPassword: string; readonly flow: "app" | "otp" }
  | ({ readonly provider: "MISA" } & MisaSetting)
);

/** An account at MISA eSign. */
export interface MisaSetting {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientKey: string;
  /** The key's own `userId` unless given. */
  readonly userName?: string;
  /** Typed in by the person for each log-in unless given. */
  readonly password?: string;
  /** Where one-time codes come from, if the account is known to ask for them; else it is found out. */
  readonly secondFactor?: "app" | "message";
}

/** The accounts by their names; throws ConfigError for a file that is no JSON. */
export async function readAccounts(path: string): Promise<ReadonlyMap<string, Account>> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, Account>));
  } catch (error) {
    // Not what it says: the file holds secrets.
    throw new ConfigError([
      `SIGNING_SERVICES: ${path} cannot be read (${(error as { code?: string }).code ?? "no JSON"})`,
    ]);
  }
}

/** Where an account's service may be asked; nowhere else. */
export const hostsOf = (account: ServiceAccount): string[] =>
  [account.baseUrl, account.provider === "CSC" && account.login.kind === "oauth2" ? account.login.baseUrl : ""]
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url).host);

/** What people type in for an account's keys, as far as the settings tell. */
export function factorsOf(account: Account): readonly string[] {
  switch (account.provider) {
    case "PKCS11":
      return ["pin"];
    case "VNPT":
      return account.flow === "otp" ? ["password", "otp"] : [];
    case "MISA":
      return [...(account.password === undefined ? ["password"] : []), ...(account.secondFactor ? ["otp"] : [])];
    default:
      return [];
  }
}
