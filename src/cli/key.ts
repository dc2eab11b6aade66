import { parseArgs } from "node:util";
import { digestForKey, SigningError } from "../../signing/index.ts";
import { readConfig } from "../config.ts";
import { Context } from "../context.ts";
import type { CredentialSettings } from "../credentials/entities.ts";
import {
  assessCertificate,
  enterKey,
  keysOfAgency,
  type ListedKey,
  type NewKey,
  revokeKey,
  UnusableCertificate,
} from "../credentials/entering.ts";
import type { HeldKey } from "../credentials/keepers.ts";
import { SecretsWanted } from "../credentials/misa-logins.ts";
import { certificatesIn } from "../credentials/trust.ts";
import { demoKeysDirectory, revokeInDemo } from "../demo/authority.ts";
import { dayOf } from "../calendar/rules.ts";
import { AppError } from "../errors.ts";
import { SigningProvider } from "../graphql/types.ts";
import { isUuid } from "../ids.ts";
import type { Services } from "../services.ts";
import { openServices } from "../start.ts";
import { type Command, fine, notFine, UsageError } from "./command.ts";
import { readInput } from "./input.ts";

const usage =
  "key add --agency CODE (--person USERNAME | --seal) --provider NAME [--account NAME] [--certificate FILE] [--setting K=V]… [--otp CODE] | " +
  "list --agency CODE [--json] | revoke ID --agency CODE --reason TEXT";
const largestFile = 1 << 20;
const largestValue = 200;

interface Wanted {
  readonly person: string | undefined;
  readonly provider: string | undefined;
  readonly account: string | undefined;
  readonly certificate: string | undefined;
  readonly seal: boolean;
  readonly setting: readonly string[];
  readonly otp: string | undefined;
}

/** Which settings a key may have besides its account, and what they may be. */
const settings: Readonly<Record<string, (value: string) => CredentialSettings | null>> = {
  userId: (userId) => ({ userId }),
  credential: (credential) => ({ credential }),
  digest: (value) => {
    const digest = (["sha256", "sha384", "sha512"] as const).find((each) => each === value);
    return digest ? { digest } : null;
  },
  scheme: (value) => {
    const scheme = (["pkcs1", "pss"] as const).find((each) => each === value);
    return scheme ? { scheme } : null;
  },
};

function readSettings({ account, setting }: Wanted): CredentialSettings {
  let read: CredentialSettings = account === undefined ? {} : { service: account };
  for (const each of setting) {
    const [, name = "", value = ""] = /^([^=]+)=(.+)$/s.exec(each) ?? [];
    const known = Object.hasOwn(settings, name) && value.length <= largestValue ? settings[name]!(value) : null;
    if (!known)
      throw new UsageError(`--setting: "${each}" is none of userId=…, credential=…, digest=sha256|…, scheme=pkcs1|pss`);
    read = { ...read, ...known };
  }
  return read;
}

/** Keys of these are with the person: nobody but the person can be asked for the certificate. */
const withPerson: ReadonlySet<string> = new Set(["EXTERNAL", "VGCA"]);

/** What the keeper holds, completed by what it says of how the key signs; the one that is meant, where there are several. */
async function found(
  services: Services,
  wanted: Wanted,
  provider: NewKey["provider"],
): Promise<Omit<NewKey, "personId">> {
  const own = readSettings(wanted);
  const given = wanted.certificate ? certificatesIn(await readInput(wanted.certificate, largestFile)) : [];
  const [leaf, ...issuers] = given.map(({ raw }) => raw);
  if (withPerson.has(provider)) {
    if (!leaf) throw new UsageError(`--certificate is needed: a key of ${provider} is with the person`);
    return { provider, settings: own, certificate: leaf, chain: issuers };
  }
  if (!own.service) throw new UsageError(`--account is needed: the name of the account in SIGNING_SERVICES`);
  const held = await services.signing.held({ provider, settings: own }, wanted.otp ? { otp: wanted.otp } : {});
  const meant = held.filter(
    ({ name, certificate }) =>
      (!leaf || certificate.equals(leaf)) && (provider === "PKCS11" || !own.credential || own.credential === name),
  );
  if (meant.length !== 1)
    throw new UsageError(
      `${own.service} holds ${describeHeld(held)}: say which by --certificate or --setting credential=…`,
    );
  const { name, certificate, chain, digest, scheme } = meant[0]!;
  const usual = digestForKey(certificatesIn(certificate)[0]!.publicKey);
  return {
    provider,
    certificate,
    chain: chain.length > 0 ? chain : issuers,
    settings: {
      ...own,
      // A device is asked by the certificate's serial number.
      ...(provider !== "PKCS11" && { credential: name }),
      ...(digest && digest !== usual && { digest }),
      ...(scheme && scheme !== "pkcs1" && { scheme }),
    },
  };
}

const describeHeld = (held: readonly HeldKey[]): string =>
  held.length === 0
    ? "no key"
    : held
        .map(({ name, certificate }) => `${name} (${certificatesIn(certificate)[0]!.subject.split("\n").at(-1)})`)
        .join(", ");

/** A person with a current office in the agency, by the name they sign in with. */
async function personOf(ctx: Context, username: string): Promise<string> {
  const name = username.normalize("NFC").trim().toLowerCase();
  const person = await ctx.transact(async (em) => {
    await em.execute("select set_config('app.username', ?, true)", [name]);
    const [row] = await em.execute<{ id: string }[]>(
      `select k.person_id as id from account k join appointment a on a.person_id = k.person_id
       where k.username = ? and a.agency_id = ? and a.valid_from <= ? and (a.valid_to is null or a.valid_to >= ?) limit 1`,
      [name, ctx.agencyId, dayOf(ctx.now()), dayOf(ctx.now())],
    );
    return row?.id;
  });
  if (!person) throw new UsageError(`nobody of this agency signs in as ${name}`);
  return person;
}

async function add(ctx: Context, wanted: Wanted, print: (line: string) => void): Promise<number> {
  const { services } = ctx;
  const provider = Object.values(SigningProvider).find((each) => each === wanted.provider);
  if (!provider || provider === "PKCS12")
    throw new UsageError(
      `--provider: one of ${Object.values(SigningProvider)
        .filter((each) => each !== "PKCS12")
        .join(", ")}`,
    );
  if ((wanted.person === undefined) !== wanted.seal) throw new UsageError("--person or --seal, one of them");
  const personId = wanted.person === undefined ? null : await personOf(ctx, wanted.person);
  const key = { ...(await found(services, wanted, provider)), personId };
  const notes = await assessCertificate(key, services.config.trustDirectory, services.now());
  const id = await enterKey(ctx, key);
  for (const note of notes) print(`note: ${note}`);
  print(id);
  return fine;
}

function describe({
  id,
  isAgencySeal,
  owner,
  provider,
  settings: kept,
  subject,
  serial,
  notAfter,
  revokedAt,
}: ListedKey): string {
  const state = revokedAt ? `withdrawn ${revokedAt.toISOString()}` : `until ${notAfter.toISOString()}`;
  return `${id}  ${provider}${kept.service ? ` (${kept.service})` : ""}  ${isAgencySeal ? "seal" : owner}  ${state}\n    ${subject} (${serial})`;
}

/** For programs: nothing secret is in it, as nothing secret is kept. */
const shape = ({
  id,
  isAgencySeal,
  owner,
  provider,
  settings: kept,
  subject,
  issuer,
  serial,
  ...times
}: ListedKey) => ({
  ...{ id, isAgencySeal, owner, provider, settings: kept, subject, issuer, serial },
  ...{ notBefore: times.notBefore, notAfter: times.notAfter, revokedAt: times.revokedAt ?? null },
});

async function revoke(ctx: Context, id: string, reason: string, print: (line: string) => void): Promise<number> {
  const key = await revokeKey(ctx, id, reason);
  if (!key) {
    print(`no key in use has the id ${id}`);
    return notFine;
  }
  const { config } = ctx.services;
  if (config.demo) await revokeInDemo(demoKeysDirectory(config), key.serial, ctx.now());
  print(`${id} is withdrawn: ${key.subject}`);
  return fine;
}

export const key: Command = {
  usage,
  about: "enters keys that a service, a device or a person's own computer keeps, and withdraws keys",
  async run({ args, env, print }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        agency: { type: "string" },
        person: { type: "string" },
        seal: { type: "boolean", default: false },
        provider: { type: "string" },
        account: { type: "string" },
        certificate: { type: "string" },
        setting: { type: "string", multiple: true, default: [] },
        otp: { type: "string" },
        reason: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const [act, id, ...rest] = positionals;
    const fits =
      act === "revoke" ? id !== undefined && isUuid(id) : (act === "add" || act === "list") && id === undefined;
    if (!fits || rest.length > 0 || !values.agency) throw new UsageError(usage);
    const reason = values.reason?.normalize("NFC").trim() ?? "";
    if (act === "revoke" && (reason.length === 0 || reason.length > 1_000)) throw new UsageError("--reason is needed");

    await using opened = await openServices(readConfig(env));
    const { services } = opened;
    const agency = await new Context(services, null, "cli").readOne<{ id: string }>(
      "select id from agency where code = $1",
      [values.agency],
    );
    if (!agency) throw new UsageError(`no agency has the code ${values.agency}`);
    const ctx = new Context(services, null, "cli", agency.id);
    try {
      if (act === "add") {
        const { person, seal, provider, account, certificate, setting, otp } = values;
        return await add(ctx, { person, seal, provider, account, certificate, setting, otp }, print);
      }
      if (act === "revoke") return await revoke(ctx, id!, reason, print);
      const keys = await keysOfAgency(ctx);
      if (values.json) print(JSON.stringify(keys.map(shape)));
      else for (const each of keys) print(describe(each));
      return fine;
    } catch (error) {
      if (error instanceof SecretsWanted) {
        print(
          error.factors.includes("password")
            ? "the account needs its password in SIGNING_SERVICES while a key is entered"
            : "the account asks for a one-time code: run this again with --otp CODE",
        );
        return notFine;
      }
      const isRefusal =
        error instanceof UnusableCertificate || error instanceof AppError || error instanceof SigningError;
      if (!isRefusal) throw error;
      print(error instanceof AppError ? `${error.vi}\n${error.en}` : error.message);
      return notFine;
    }
  },
};
