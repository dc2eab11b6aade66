import { type KeyObject, X509Certificate } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import {
  type Authority,
  type CertificateUsage,
  generateKeys,
  issueRoot,
  issueSubordinate,
  type KeyKind,
  readCertificate,
  type Subject,
} from "../../signing/index.ts";
import { Context } from "../context.ts";
import { newId } from "../ids.ts";
import type { Services } from "../services.ts";
import type { DemoOffice } from "./province.ts";

/** Opens every key of the demo province. */
export const demoPin = "123456";

interface DemoKeyRequest {
  readonly index: number;
  readonly subject: Subject;
  readonly usage: CertificateUsage;
  readonly kind: KeyKind;
  readonly friendlyName: string;
}

/** What one thread has to make; certificates in DER. */
export interface DemoKeyWork {
  readonly issuer: { readonly key: KeyObject; readonly certificate: Uint8Array };
  readonly chain: readonly Uint8Array[];
  readonly pin: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly requests: readonly DemoKeyRequest[];
}

interface DemoKey {
  readonly index: number;
  readonly certificate: Uint8Array;
  readonly keystore: Uint8Array;
}

const year = 365.25 * 86_400_000;
/** Nobody's office in the demo is older. */
const began = new Date("2025-07-01T00:00:00+07:00");
const signing = new Set(["HEAD", "DEPUTY", "UNIT_HEAD"]);

/**
 * Makes the demo province's certification authority (root and issuing authority), keys with certificates for all who sign
 * and a seal for each agency; trusts them in the server's trust directory. The authority's key stays in `directory`.
 */
export async function makeDemoPki(
  services: Services,
  offices: readonly DemoOffice[],
  directory: string,
): Promise<{ root: Authority; issuer: Authority }> {
  const authorities = makeAuthorities(services.now());
  const { root, issuer } = authorities;
  await keepAuthorities(authorities, directory, services.config.trustDirectory);
  const owners = offices.flatMap((office, place) => [
    { office, personId: null, request: sealOf(office, place) },
    ...office.people
      .filter(({ rank }) => signing.has(rank))
      .map((person, nth) => ({ office, personId: person.personId, request: signerOf(office, person, place, nth) })),
  ]);
  const keys = await makeKeys(
    {
      issuer,
      chain: [issuer.certificate, root.certificate],
      pin: demoPin,
      notBefore: began,
      notAfter: new Date(services.now().getTime() + 5 * year),
    },
    owners.map(({ request }, index) => ({ ...request, index })),
  );
  for (const office of offices)
    await new Context(services, null, "demo", office.id).transact(async (em) => {
      for (const [index, owner] of owners.entries()) {
        if (owner.office !== office) continue;
        const { certificate, keystore } = keys[index]!;
        const { subject, issuer, serial, notBefore, notAfter } = readCertificate(Buffer.from(certificate));
        await em.execute(
          `insert into signing_credential (id, agency_id, person_id, is_agency_seal, subject, issuer, serial,
             not_before, not_after, certificate, chain, keystore, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bytea[], ?, ?)`,
          [
            newId(),
            office.id,
            owner.personId,
            owner.personId === null,
            subject.text,
            issuer.text,
            serial,
            notBefore,
            notAfter,
            Buffer.from(certificate),
            byteaArray([authorities.issuer.certificate, authorities.root.certificate]),
            Buffer.from(keystore),
            services.now(),
          ],
        );
      }
    });
  return authorities;
}

/** Byte strings as PostgreSQL writes an array of them. */
const byteaArray = (list: readonly Buffer[]): string =>
  `{${list.map((each) => `"\\\\x${each.toString("hex")}"`).join()}}`;

function makeAuthorities(now: Date): { root: Authority; issuer: Authority } {
  const organization = { C: "VN", O: "Ủy ban nhân dân tỉnh Mẫu Sơn" };
  const rootKeys = generateKeys("ec-p384");
  const root = {
    key: rootKeys.privateKey,
    certificate: issueRoot({
      key: rootKeys.privateKey,
      subject: { ...organization, CN: "CA gốc thử nghiệm tỉnh Mẫu Sơn" },
      notBefore: began,
      notAfter: new Date(now.getTime() + 20 * year),
    }),
  };
  const issuerKeys = generateKeys("ec-p384");
  const certificate = issueSubordinate({
    publicKey: issuerKeys.publicKey,
    issuer: root,
    subject: { ...organization, CN: "CA thử nghiệm phục vụ các cơ quan nhà nước tỉnh Mẫu Sơn" },
    notBefore: began,
    notAfter: new Date(now.getTime() + 10 * year),
  });
  return { root, issuer: { key: issuerKeys.privateKey, certificate } };
}

async function keepAuthorities(
  { root, issuer }: { root: Authority; issuer: Authority },
  directory: string,
  trustDirectory: string,
): Promise<void> {
  const pem = (authority: Authority) => new X509Certificate(authority.certificate).toString();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await mkdir(trustDirectory, { recursive: true });
  await writeFile(
    join(directory, "demo-ca.pem"),
    `${issuer.key.export({ type: "pkcs8", format: "pem" }).toString()}${pem(issuer)}`,
    { mode: 0o600 },
  );
  await writeFile(join(trustDirectory, "demo-root.pem"), pem(root));
  await writeFile(join(trustDirectory, "demo-issuer.pem"), pem(issuer));
}

/** Some keys are RSA, so that either kind signs over the other's; most lie on a curve: the first start shall be quick. */
const kindOf = (isRsa: boolean): KeyKind => (isRsa ? "rsa-2048" : "ec-p256");

function sealOf({ agency }: DemoOffice, place: number): Omit<DemoKeyRequest, "index"> {
  const taxCode = `99${String(place + 1).padStart(8, "0")}`;
  return {
    subject: {
      C: "VN",
      ST: "Mẫu Sơn",
      O: agency.name,
      CN: agency.name,
      UID: [`MST:${taxCode}`, `MNS:${agency.code102}`],
    },
    usage: "agency-seal",
    kind: kindOf(place % 4 === 3),
    friendlyName: agency.name,
  };
}

function signerOf(
  { agency }: DemoOffice,
  person: DemoOffice["people"][number],
  place: number,
  nth: number,
): Omit<DemoKeyRequest, "index"> {
  return {
    subject: {
      C: "VN",
      ST: "Mẫu Sơn",
      O: agency.name,
      title: person.title,
      CN: person.fullName,
      UID: `CCCD:${String(place + 1).padStart(6, "0")}${String(nth + 1).padStart(6, "0")}`,
      emailAddress: `${person.username}@mauson.example`,
    },
    usage: "person",
    kind: kindOf(place % 4 === 2 && nth === 0),
    friendlyName: person.fullName,
  };
}

/** The keys in the order of the requests. */
async function makeKeys(
  work: Omit<DemoKeyWork, "requests">,
  requests: readonly DemoKeyRequest[],
): Promise<readonly DemoKey[]> {
  const threads = Math.min(availableParallelism(), 8, requests.length);
  const shares = Array.from({ length: threads }, (_, thread) =>
    requests.filter(({ index }) => index % threads === thread),
  );
  const made = await Promise.all(shares.map((share) => makeShare({ ...work, requests: share })));
  return made.flat().sort((a, b) => a.index - b.index);
}

function makeShare(work: DemoKeyWork): Promise<DemoKey[]> {
  return new Promise((resolve, reject) => {
    const made: DemoKey[] = [];
    const worker = new Worker(new URL("./pki-worker.ts", import.meta.url), { workerData: work, execArgv: [] });
    worker.on("message", (key: DemoKey) => made.push(key));
    worker.on("error", reject);
    worker.on("exit", () => {
      if (made.length === work.requests.length) resolve(made);
      else reject(new Error("the demo keys could not be made"));
    });
  });
}
