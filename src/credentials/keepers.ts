import { readFile } from "node:fs/promises";
import {
  certificatesOnToken,
  cscSigner,
  type CscLogin,
  type Fetch,
  type LevelServices,
  logInToMisa,
  misaSigner,
  openToken,
  outsideFetch,
  readAnchors,
  type RemoteSigner,
  serviceFetch,
  SigningError,
  type RsaScheme,
  type SignatureDigest,
  type SigningLevel,
  timestampClient,
  viettelGatewaySigner,
  vnptSigner,
} from "../../signing/index.ts";
import { type Config, ConfigError } from "../config.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { SigningCredential } from "./entities.ts";
import type { OpenKeystore } from "./open-keystore.ts";
import { trustStore } from "./trust.ts";

/** A key as its keeper tells of it; certificates in DER. */
export interface HeldKey {
  /** The keeper's own name for it. */
  readonly name: string;
  readonly certificate: Buffer;
  readonly chain: readonly Buffer[];
  /** How it signs, where the keeper says so. */
  readonly digest?: SignatureDigest;
  readonly scheme?: RsaScheme;
}

/** What tells whose account at which keeper is meant. */
export type KeptKey = Pick<SigningCredential, "provider" | "settings">;

/** Keys that others keep, and what signatures above B-B are made with. */
export interface SigningServices {
  /** What every signature shall reach. */
  readonly level: SigningLevel;
  /** The service that keeps a key; SIGNING_REFUSED where the settings know none, UNAVAILABLE where it lets nobody in. */
  remote(credential: SigningCredential): Promise<RemoteSigner>;
  /** A key on a device of this server, opened by its PIN; throws SigningError. */
  token(credential: SigningCredential, pin: string): Promise<OpenKeystore>;
  /** The keys that a keeper has for an account, to choose one when it is entered; throws as `remote` and SigningError. */
  held(key: KeptKey): Promise<readonly HeldKey[]>;
  /** Time-stamps, validation material and trust of this moment. */
  levels(ctx: Pick<Context, "now">): Promise<LevelServices>;
}

/** An account at a service or a device, as the settings have it. The secrets in it go to the service alone. */
type Account =
  | {
      readonly provider: "PKCS11";
      readonly module: string;
      readonly token?: { readonly label?: string };
      readonly environment?: Readonly<Record<string, string>>;
    }
  | ServiceAccount;

type ServiceAccount = { readonly baseUrl: string } & (
  | { readonly provider: "CSC"; readonly version: 1 | 2; readonly login: CscLogin }
  | { readonly provider: "VIETTEL"; readonly clientId: string; readonly clientSecret: string }
  | { readonly provider: "VNPT"; readonly spId: string; readonly spPassword: string; readonly flow: "app" | "otp" }
  | {
      readonly provider: "MISA";
      readonly clientId: string;
      readonly clientKey: string;
      readonly userName: string;
      readonly password: string;
    }
);

/** A server that does not answer must not hold up who signs: the level is repaired later. */
const timestampMilliseconds = 3_000;

/**
 * Reads the accounts once; throws ConfigError for a file that is no JSON. `readdress` tells where what stands at an address
 * is to be had now.
 */
export async function signingServices(
  config: Pick<Config, "signing" | "trustDirectory">,
  readdress: (url: string) => string = (url) => url,
): Promise<SigningServices> {
  const { level, timestampUrls, hosts, servicesFile } = config.signing;
  const accounts = servicesFile ? await readAccounts(servicesFile) : new Map<string, Account>();
  const ask = outsideFetch({ hosts: [...hosts, ...timestampUrls.map(hostOf)], timeout: timestampMilliseconds });
  const fetch: Fetch = (request) => ask({ ...request, url: readdress(request.url) });
  const timestamp =
    timestampUrls.length > 0
      ? timestampClient({ servers: timestampUrls.map((url) => ({ url })), fetch, timeout: timestampMilliseconds })
      : null;
  const accountOf = ({ provider, settings }: KeptKey): Account => {
    const account = accounts.get(settings.service ?? "");
    if (account?.provider !== provider)
      throw new AppError(
        "SIGNING_REFUSED",
        "Máy chủ chưa có tài khoản tại dịch vụ giữ khóa này.",
        "This server has no account at the service that keeps this key.",
        { reason: "NO_SERVICE" },
      );
    return account;
  };
  return {
    level,
    async remote(credential) {
      const account = accountOf(credential);
      if (account.provider === "PKCS11") throw new SigningError("BAD_INPUT", "a device is no service");
      return remoteSigner(account, credential.settings.userId ?? "");
    },
    async token(credential, pin) {
      const account = accountOf(credential);
      if (account.provider !== "PKCS11") throw new SigningError("TOKEN_MISSING", "no such device");
      const { module, token = {}, environment = {} } = account;
      return openToken({ module, token, environment, pin, key: { serial: credential.serial } });
    },
    async held(key) {
      const account = accountOf(key);
      if (account.provider === "PKCS11") {
        const { module, token = {}, environment = {} } = account;
        const found = await certificatesOnToken({ module, environment }, token);
        return found.map(({ id, certificate }) => ({ name: id, certificate, chain: [] }));
      }
      const found = await (await remoteSigner(account, key.settings.userId ?? "")).credentials();
      return found.map(({ id, certificate, chain, digest, scheme }) => ({
        ...{ name: id, certificate, chain, digest },
        ...(scheme && { scheme }),
      }));
    },
    async levels(ctx) {
      const anchors = await trustStore(config.trustDirectory);
      return {
        fetch,
        ...(timestamp && { timestamp }),
        anchors: readAnchors(anchors),
        now: () => ctx.now(),
      };
    },
  };
}

async function readAccounts(path: string): Promise<Map<string, Account>> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, Account>));
  } catch (error) {
    // Not what it says: the file holds secrets.
    throw new ConfigError([
      `SIGNING_SERVICES: ${path} cannot be read (${(error as { code?: string }).code ?? "no JSON"})`,
    ]);
  }
}

/** The entry of the list of hosts that a URL of the settings needs; what one sets oneself may be in one's own network. */
function hostOf(text: string): string {
  const { host } = new URL(text);
  return `${host}+private`;
}

async function remoteSigner(account: ServiceAccount, userId: string): Promise<RemoteSigner> {
  const { baseUrl } = account;
  const options = { baseUrl, fetch: serviceFetch({ hosts: hostsOf(account) }) };
  switch (account.provider) {
    case "CSC":
      return cscSigner({ ...options, version: account.version, login: account.login, ...(userId && { userId }) });
    case "VIETTEL":
      return viettelGatewaySigner({
        ...options,
        clientId: account.clientId,
        clientSecret: account.clientSecret,
        userId,
      });
    case "VNPT": {
      const { spId, spPassword, flow } = account;
      return vnptSigner({ ...options, spId, spPassword, userId, flow });
    }
    case "MISA": {
      const { clientId, clientKey, userName, password } = account;
      const session = await logInToMisa({ ...options, clientId, clientKey }, { userName, password });
      return misaSigner({ ...options, clientId, clientKey, session });
    }
  }
}

const hostsOf = (account: ServiceAccount): string[] =>
  [account.baseUrl, account.provider === "CSC" && account.login.kind === "oauth2" ? account.login.baseUrl : ""]
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url).host);
