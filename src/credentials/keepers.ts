import {
  type Authorization,
  certificatesOnToken,
  cscSigner,
  type Fetch,
  type LevelServices,
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
  viettelSigner,
  vnptSigner,
} from "../../signing/index.ts";
import type { Config } from "../config.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { validateOwn } from "../files/own-documents.ts";
import { type Account, factorsOf, hostsOf, readAccounts, type ServiceAccount } from "./accounts.ts";
import type { SigningCredential } from "./entities.ts";
import { type Asking, MisaLogins } from "./misa-logins.ts";
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
  /**
   * The service that keeps a key; SIGNING_REFUSED where the settings know none, UNAVAILABLE where it lets nobody in,
   * SecretsWanted where the log-in takes what was not given.
   */
  remote(key: KeptKey, asking: Asking): Promise<RemoteSigner>;
  /** What will be typed in for a key, as far as that is known before its service is asked. */
  factors(key: KeptKey): readonly string[];
  /** A key on a device of this server, opened by its PIN; throws SigningError. */
  token(credential: SigningCredential, pin: string): Promise<OpenKeystore>;
  /** The keys that a keeper has for an account, to choose one when it is entered; throws as `remote` and SigningError. */
  held(key: KeptKey, secrets?: Authorization): Promise<readonly HeldKey[]>;
  /** Time-stamps, validation material and trust of this moment. */
  levels(ctx: Pick<Context, "now">): Promise<LevelServices>;
}

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
  const logins = new MisaLogins();
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
    async remote(key, asking) {
      const account = accountOf(key);
      if (account.provider === "PKCS11") throw new SigningError("BAD_INPUT", "a device is no service");
      return remoteSigner(account, key.settings.userId ?? "", logins, asking);
    },
    factors({ provider, settings }) {
      if (provider === "PKCS12") return ["pin"];
      const account = accounts.get(settings.service ?? "");
      return account?.provider === provider ? factorsOf(account) : [];
    },
    async token(credential, pin) {
      const account = accountOf(credential);
      if (account.provider !== "PKCS11") throw new SigningError("TOKEN_MISSING", "no such device");
      const { module, token = {}, environment = {} } = account;
      return openToken({ module, token, environment, pin, key: { serial: credential.serial } });
    },
    async held(key, secrets = {}) {
      const account = accountOf(key);
      if (account.provider === "PKCS11") {
        const { module, token = {}, environment = {} } = account;
        const found = await certificatesOnToken({ module, environment }, token);
        return found.map(({ id, certificate }) => ({ name: id, certificate, chain: [] }));
      }
      const found = await (
        await remoteSigner(account, key.settings.userId ?? "", logins, { secrets, isAttended: true })
      ).credentials();
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
        validate: validateOwn,
        now: () => ctx.now(),
      };
    },
  };
}

/** The entry of the list of hosts that a URL of the settings needs; what one sets oneself may be in one's own network. */
function hostOf(text: string): string {
  const { host } = new URL(text);
  return `${host}+private`;
}

async function remoteSigner(
  account: ServiceAccount,
  userId: string,
  logins: MisaLogins,
  asking: Asking,
): Promise<RemoteSigner> {
  const { baseUrl } = account;
  const options = { baseUrl, fetch: serviceFetch({ hosts: hostsOf(account) }) };
  switch (account.provider) {
    case "CSC":
      return cscSigner({ ...options, version: account.version, login: account.login, ...(userId && { userId }) });
    case "VIETTEL": {
      const { clientId, clientSecret, profileId } = account;
      const signer = account.interface === "csc" ? viettelSigner : viettelGatewaySigner;
      return signer({ ...options, clientId, clientSecret, userId, ...(profileId && { profileId }) });
    }
    case "VNPT": {
      const { spId, spPassword, flow } = account;
      return vnptSigner({ ...options, spId, spPassword, userId, flow });
    }
    case "MISA": {
      const { clientId, clientKey, userName = userId } = account;
      const session = await logins.session(account, userName, options, asking);
      return logins.guarded(account, userName, session, misaSigner({ ...options, clientId, clientKey, session }));
    }
  }
}
