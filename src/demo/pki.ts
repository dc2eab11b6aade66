import type { KeyObject } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import {
  type Addresses,
  type Authority,
  type CertificateUsage,
  generateKeys,
  issueCertificate,
  issueRoot,
  issueSubordinate,
  type KeyKind,
  readCertificate,
  type Subject,
} from "../../signing/index.ts";
import { byteaArray } from "../credentials/entering.ts";
import { addAnchors } from "../credentials/trust.ts";
import { Context } from "../context.ts";
import { newId } from "../ids.ts";
import type { Services } from "../services.ts";
import { type DemoAuthority, demoAddresses, demoOrigin, keepDemoAuthority } from "./authority.ts";
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
  readonly addresses: Addresses;
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
 * Makes the demo province's certification authority (root, issuing authority and time-stamp service), keys with
 * certificates for all who sign and a seal for each agency; trusts them in the server's trust directory. The authority's
 * keys stay in `directory`.
 */
export async function makeDemoPki(
  services: Services,
  offices: readonly DemoOffice[],
  directory: string,
): Promise<{ root: Authority; issuer: Authority }> {
  const origin = demoOrigin(services.config);
  const authorities = makeAuthorities(services.now(), origin);
  const { root, issuer, stamper } = authorities;
  await trust(services.config.trustDirectory, { root, issuer });
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
      addresses: demoAddresses(origin, "issuer"),
      notBefore: began,
      notAfter: new Date(services.now().getTime() + 5 * year),
    },
    owners.map(({ request }, index) => ({ ...request, index })),
  );
  const serialOf = (certificate: Uint8Array) => readCertificate(Buffer.from(certificate)).serial;
  await keepDemoAuthority(directory, {
    ...authorities,
    origin,
    issued: {
      root: [serialOf(issuer.certificate)],
      issuer: [stamper, ...keys].map(({ certificate }) => serialOf(certificate)),
    },
    revoked: {},
  });
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

function makeAuthorities(now: Date, origin: string): Pick<DemoAuthority, "root" | "issuer" | "stamper"> {
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
  const issuer = {
    key: issuerKeys.privateKey,
    certificate: issueSubordinate({
      publicKey: issuerKeys.publicKey,
      issuer: root,
      subject: { ...organization, CN: "CA thử nghiệm phục vụ các cơ quan nhà nước tỉnh Mẫu Sơn" },
      notBefore: began,
      notAfter: new Date(now.getTime() + 10 * year),
      addresses: demoAddresses(origin, "root"),
    }),
  };
  const stamperKeys = generateKeys("ec-p256");
  const stamper = {
    key: stamperKeys.privateKey,
    certificate: issueCertificate({
      publicKey: stamperKeys.publicKey,
      issuer,
      usage: "timestamp",
      subject: { ...organization, CN: "Dịch vụ cấp dấu thời gian thử nghiệm tỉnh Mẫu Sơn" },
      notBefore: began,
      notAfter: new Date(now.getTime() + 8 * year),
      addresses: demoAddresses(origin, "issuer"),
    }),
  };
  return { root, issuer, stamper };
}

async function trust(directory: string, { root, issuer }: Pick<DemoAuthority, "root" | "issuer">): Promise<void> {
  const terms = { store: "DEMO" };
  await addAnchors(directory, root.certificate, terms, "demo-root.pem");
  await addAnchors(directory, issuer.certificate, terms, "demo-issuer.pem");
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
