import { X509Certificate } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  addAnchors,
  removeAnchor,
  trustStore,
  type AnchorTerms,
  type TrustedCertificate,
} from "../credentials/trust.ts";
import { type Command, fine, notFine, UsageError } from "./command.ts";
import { readInput } from "./input.ts";

const largestFile = 1 << 20;
const day = /^\d{4}-\d\d-\d\d$/;

/** Where the trusted certificates are: as told, else as the server has it. Throws where `--trust` names no directory. */
export async function trustDirectory(told: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  if (told === undefined) return resolve(env["TRUST_DIR"] ?? resolve(env["CONGVAN_DATA"] ?? "data", "trust"));
  const found = await stat(told).catch(() => undefined);
  if (!found?.isDirectory()) throw new UsageError(`--trust: ${told} is not a directory`);
  return resolve(told);
}

/** A bare day is one in Việt Nam: `from` its first instant, `until` its last. */
function readTime(option: string, value: string, clock: string): Date {
  const time = new Date(day.test(value) ? `${value}T${clock}+07:00` : value);
  if (Number.isNaN(time.getTime())) throw new UsageError(`--${option}: "${value}" is not a time`);
  return time;
}

function describe({ certificate, fingerprint, store, from, until }: TrustedCertificate): string {
  const { subject, validTo } = new X509Certificate(certificate);
  const period = `${from?.toISOString() ?? "…"} – ${until?.toISOString() ?? "…"}`;
  const name = subject.split("\n").reverse().join(", ");
  return `${fingerprint}  ${store}  ${period}\n    ${name} (hết hạn · expires ${new Date(validTo).toISOString()})`;
}

async function add(
  directory: string,
  file: string,
  terms: AnchorTerms,
  print: (line: string) => void,
): Promise<number> {
  const fingerprints = await addAnchors(directory, await readInput(file, largestFile), terms);
  for (const fingerprint of fingerprints) print(`${fingerprint}  ${terms.store}`);
  return fine;
}

async function remove(directory: string, wanted: string, print: (line: string) => void): Promise<number> {
  const prefix = wanted.replaceAll(":", "").toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(prefix)) throw new UsageError("at least 8 digits of a fingerprint are needed");
  const anchors = await trustStore(directory);
  const found = [...new Set(anchors.map(({ fingerprint }) => fingerprint).filter((each) => each.startsWith(prefix)))];
  if (found.length > 1) throw new UsageError(`${wanted} names ${found.length} certificates`);
  const [fingerprint] = found;
  if (!fingerprint) return notFine;
  await removeAnchor(directory, fingerprint);
  print(fingerprint);
  return fine;
}

export const trust: Command = {
  usage: "trust add FILE --store NAME [--from DATE] [--until DATE] | list [--json] | remove FINGERPRINT; [--trust DIR]",
  about: "whom signatures are trusted by: the certificates of VGCA, NEAC and others, with their periods",
  async run({ args, env, print }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        store: { type: "string" },
        from: { type: "string" },
        until: { type: "string" },
        trust: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const [act, operand, ...rest] = positionals;
    if (rest.length > 0) throw new UsageError("too many words");
    if (act === "add" && operand !== undefined) {
      const { store, from, until } = values;
      if (!store || !/^[A-Z][A-Z0-9_-]{0,31}$/.test(store)) {
        throw new UsageError("--store: a name in capital letters is needed, such as VGCA or NEAC");
      }
      const terms = {
        store,
        ...(from !== undefined && { from: readTime("from", from, "00:00:00.000") }),
        ...(until !== undefined && { until: readTime("until", until, "23:59:59.999") }),
      };
      if (terms.from && terms.until && terms.until < terms.from) throw new UsageError("--until is before --from");
      const directory = values.trust === undefined ? await trustDirectory(undefined, env) : resolve(values.trust);
      return add(directory, operand, terms, print);
    }
    const directory = await trustDirectory(values.trust, env);
    if (act === "remove" && operand !== undefined) return remove(directory, operand, print);
    if (act !== "list" || operand !== undefined) throw new UsageError("add, list or remove?");
    const anchors = await trustStore(directory);
    if (values.json) print(JSON.stringify(anchors.map(({ certificate: _, ...each }) => each)));
    else for (const anchor of anchors) print(describe(anchor));
    return fine;
  },
};
