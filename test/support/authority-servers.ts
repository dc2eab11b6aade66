import { createHash, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  generateKeys,
  issueCertificate,
  issueRoot,
  issueSubordinate,
  type CertificateOptions,
  type CertificateUsage,
  type KeyKind,
} from "../../signing/issue/certificates.ts";
import { issueCrl, type IssuedReason } from "../../signing/issue/crl.ts";
import type { Authority } from "../../signing/issue/keys.ts";
import { readOcspRequest } from "../../signing/issue/ocsp-request.ts";
import { issueOcspFailure, issueOcspResponse, type OcspAnswer } from "../../signing/issue/ocsp.ts";
import { issueTimestampResponse, issueTimestampToken } from "../../signing/issue/timestamps.ts";
import { signerFromKey, type Signer } from "../../signing/keys/signer.ts";
import { Oid } from "../../signing/oids.ts";
import { readTimestampRequest } from "../../signing/tsp/request.ts";
import { readCertificate } from "../../signing/x509/certificates.ts";

/** Faults of transport, which every address can have. */
export type TransportFault = "down" | "slow" | "error-500" | "garbage" | "huge" | "redirect" | "empty";
/** Faults of the authorities themselves. */
export type StampFault =
  | "wrong-nonce"
  | "no-nonce"
  | "wrong-imprint"
  | "wrong-policy"
  | "wrong-signature"
  | "expired-certificate"
  | "other-purpose"
  | "no-certificate"
  | "rejected"
  | "granted-without-token";
export type OcspFault =
  "wrong-nonce" | "no-nonce" | "try-later" | "unknown" | "other-certificate" | "stale" | "wrong-signature";
export type CrlFault = "stale" | "wrong-signature";
export type Fault = TransportFault | StampFault | OcspFault | CrlFault;

/** Addresses, as they stand behind the server's own. */
export type AuthorityPath =
  | "/tsa/rsa"
  | "/tsa/ec"
  | "/tsa/pss"
  | "/tsa/ed25519"
  | "/ocsp/root"
  | "/ocsp/authority"
  | "/crl/root"
  | "/crl/authority"
  | "/ca/root"
  | "/ca/authority";

export interface ServersOptions {
  /** What the authorities take as the present; the machine's clock unless given. */
  readonly now?: () => Date;
  /** Kind of the key of the authority that issues signers' certificates; P-256 unless given. */
  readonly authorityKey?: KeyKind;
}

export interface IssuedSigner {
  readonly key: KeyObject;
  readonly certificate: Buffer;
  readonly signer: Signer;
}

/** A whole invented PKI with its servers on loopback: time-stamps, OCSP, CRLs and issuers' certificates. */
export interface AuthorityServers {
  readonly origin: string;
  /** "127.0.0.1:port", for an allow-list. */
  readonly host: string;
  readonly root: Authority;
  readonly authority: Authority;
  readonly stampers: Readonly<Record<"rsa" | "ec" | "pss" | "ed25519", Authority>>;
  /** Certificates of the delegated OCSP responders below the root and below the authority. */
  readonly responders: Readonly<Record<"root" | "authority", Authority>>;
  url(path: AuthorityPath): string;
  /** A new key with a certificate below the authority, all addresses in it; its chain is the authority's certificate. */
  issue(kind?: KeyKind, usage?: CertificateUsage, options?: Partial<CertificateOptions>): IssuedSigner;
  revoke(certificate: Buffer, at: Date, reason?: IssuedReason): void;
  /** Gives an address a fault, or takes it away. */
  fault(path: AuthorityPath, fault: Fault | undefined): void;
  /** How often each address was asked. */
  readonly asked: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const validity = { notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2045-01-01T00:00:00Z") };
const hour = 3_600_000;

/** Starts the servers on a free port. */
export async function startAuthorityServers(options: ServersOptions = {}): Promise<AuthorityServers> {
  const { now = () => new Date(), authorityKey = "ec-p256" } = options;
  const asked = new Map<string, number>();
  const faults = new Map<string, Fault>();
  const waiting = new Set<NodeJS.Timeout>();
  let answer: (path: string, request: Buffer, fault: Fault | undefined) => Answer = () => undefined;

  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const fault = faults.get(path);
    void readBody(request).then((body) => {
      if (fault === "slow") {
        // Nothing for longer than any client waits; the timer goes when the server closes.
        waiting.add(setTimeout(() => response.destroy(), 60_000));
      } else if (!answeredByFault(request, response, fault)) send(response, answer(path, body, fault));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = `http://${host}`;
  const url = (path: AuthorityPath) => `${origin}${path}`;
  const addressesBelow = (issuer: "root" | "authority") => ({
    crl: url(`/crl/${issuer}`),
    ocsp: url(`/ocsp/${issuer}`),
    issuer: url(`/ca/${issuer}`),
  });

  const rootKeys = generateKeys("ec-p384");
  const organization = { C: "VN", O: "Ban Cơ yếu Chính phủ" } as const;
  const root: Authority = {
    key: rootKeys.privateKey,
    certificate: issueRoot({ ...validity, key: rootKeys.privateKey, subject: { ...organization, CN: "CA gốc thử" } }),
  };
  const authorityKeys = generateKeys(authorityKey);
  const authority: Authority = {
    key: authorityKeys.privateKey,
    certificate: issueSubordinate({
      ...validity,
      subject: { ...organization, CN: "CA phục vụ các cơ quan Nhà nước (thử)" },
      publicKey: authorityKeys.publicKey,
      issuer: root,
      addresses: addressesBelow("root"),
    }),
  };
  const service = (
    kind: KeyKind,
    usage: CertificateUsage,
    name: string,
    issuer: "root" | "authority" = "authority",
    more: Partial<CertificateOptions> = {},
  ): Authority => {
    const { privateKey, publicKey } = generateKeys(kind);
    const certificate = issueCertificate({
      ...validity,
      subject: { ...organization, CN: name },
      publicKey,
      issuer: issuer === "root" ? root : authority,
      usage,
      addresses: addressesBelow(issuer),
      ...more,
    });
    return { key: privateKey, certificate };
  };
  const rsaStamper = service("rsa-2048", "timestamp", "Dịch vụ cấp dấu thời gian 1");
  const stampers = {
    rsa: rsaStamper,
    pss: rsaStamper,
    ec: service("ec-p256", "timestamp", "Dịch vụ cấp dấu thời gian 2"),
    ed25519: service("ed25519", "timestamp", "Dịch vụ cấp dấu thời gian 3"),
  };
  const badStampers = {
    "expired-certificate": service("ec-p256", "timestamp", "Dấu thời gian hết hạn", "authority", {
      notAfter: new Date("2021-01-01T00:00:00Z"),
    }),
    "other-purpose": service("ec-p256", "person", "Không phải dấu thời gian"),
  };
  const responders = {
    root: service("ec-p256", "ocsp", "OCSP của CA gốc", "root"),
    authority: service("ec-p256", "ocsp", "OCSP"),
  };
  const issuers = { root, authority };
  const revoked = new Map<bigint, { readonly at: Date; readonly reason?: IssuedReason }>();
  const strangers = generateKeys("ec-p256").privateKey;

  const stamp = (name: keyof typeof stampers, body: Buffer, fault: Fault | undefined): Answer => {
    const question = readTimestampRequest(body);
    const type = "application/timestamp-reply";
    if (fault === "rejected") {
      return { type, body: issueTimestampResponse({ status: 2, text: "bị từ chối", failure: 0 }) };
    }
    if (fault === "granted-without-token") return { type, body: issueTimestampResponse({ status: 0 }) };
    const bad = fault === "expired-certificate" || fault === "other-purpose" ? badStampers[fault] : undefined;
    const stamper = bad ?? stampers[name];
    const algorithm = (["sha256", "sha384", "sha512", "sha1"] as const).find(
      (each) => Oid[each] === question.imprintAlgorithm,
    );
    if (!algorithm) return { type, body: issueTimestampResponse({ status: 2, failure: 0 }) };
    const imprint = fault === "wrong-imprint" ? flipped(question.imprint) : question.imprint;
    const nonce = fault === "wrong-nonce" && question.nonce !== undefined ? question.nonce + 1n : question.nonce;
    const policy = fault === "wrong-policy" ? "1.2.3.4" : question.policy;
    const token = issueTimestampToken({
      authority: {
        key: fault === "wrong-signature" ? strangers : stamper.key,
        certificate: stamper.certificate,
        chain: [authority.certificate],
        ...(fault === "wrong-signature" ? { digest: "sha256" as const } : {}),
        ...(name === "pss" && !bad ? { scheme: "pss" as const } : {}),
      },
      imprint,
      imprintAlgorithm: algorithm,
      at: now(),
      accuracy: { seconds: 1 },
      withCertificates: question.certificatesWanted && fault !== "no-certificate",
      ...(policy ? { policy } : {}),
      ...(nonce !== undefined && fault !== "no-nonce" ? { nonce } : {}),
    });
    return { type, body: issueTimestampResponse({ status: 0, token }) };
  };

  const ocsp = (name: keyof typeof responders, body: Buffer, fault: Fault | undefined): Answer => {
    const type = "application/ocsp-response";
    if (fault === "try-later") return { type, body: issueOcspFailure(3) };
    const { questions, nonce } = readOcspRequest(body);
    const present = now().getTime();
    const [thisUpdate, nextUpdate] = fault === "stale" ? [-100 * hour, -50 * hour] : [-hour, 24 * hour];
    const answers = questions.map(({ certificateId, serialNumber, isOf }): OcspAnswer => {
      const revocation = revoked.get(serialNumber);
      const ours = isOf(issuers[name].certificate);
      const status =
        !ours || fault === "unknown"
          ? ("unknown" as const)
          : revocation
            ? { revokedAt: revocation.at, ...(revocation.reason ? { reason: revocation.reason } : {}) }
            : ("good" as const);
      return {
        about:
          fault === "other-certificate"
            ? { certificate: responders[name].certificate, issuer: issuers[name].certificate }
            : { certificateId },
        status,
        thisUpdate: new Date(present + thisUpdate),
        nextUpdate: new Date(present + nextUpdate),
      };
    });
    const returned = fault === "wrong-nonce" && nonce ? flipped(nonce) : nonce;
    const { certificate, key } = responders[name];
    const response = issueOcspResponse({
      responder: { certificate, key: fault === "wrong-signature" ? strangers : key },
      answers,
      producedAt: new Date(present + Math.min(0, thisUpdate + hour)),
      ...(returned && fault !== "no-nonce" ? { nonce: returned } : {}),
    });
    return { type, body: response };
  };

  const crl = (name: keyof typeof issuers, fault: Fault | undefined): Answer => {
    const present = now().getTime();
    const [thisUpdate, nextUpdate] = fault === "stale" ? [-100 * hour, -50 * hour] : [-hour, 24 * hour];
    const body = issueCrl({
      issuer: {
        certificate: issuers[name].certificate,
        key: fault === "wrong-signature" ? strangers : issuers[name].key,
      },
      thisUpdate: new Date(present + thisUpdate),
      nextUpdate: new Date(present + nextUpdate),
      revoked: [...revoked].map(([serialNumber, entry]) => ({ serialNumber, ...entry })),
    });
    return { type: "application/pkix-crl", body };
  };

  answer = (path, body, fault) => {
    const [, kind, name] = path.split("/") as [string, string, "root" | "authority"];
    try {
      if (kind === "tsa" && path.slice(5) in stampers) return stamp(path.slice(5) as "rsa", body, fault);
      if (!(name in issuers)) return undefined;
      if (kind === "ocsp") return ocsp(name, body, fault);
      if (kind === "crl") return crl(name, fault);
      if (kind === "ca") return { type: "application/pkix-cert", body: issuers[name].certificate };
      return undefined;
    } catch {
      return undefined; // A question that cannot be read.
    }
  };

  return {
    origin,
    host,
    root,
    authority,
    stampers,
    responders,
    url,
    asked,
    issue: (kind = "ec-p256", usage = "person", more = {}) => {
      const { key, certificate } = service(kind, usage, "Nguyễn Thị Ước", "authority", more);
      return { key, certificate, signer: signerFromKey(key, certificate, [authority.certificate]) };
    },
    revoke: (certificate, at, reason) => {
      revoked.set(readCertificate(certificate).serialNumber, { at, ...(reason ? { reason } : {}) });
    },
    fault: (path, fault) => void (fault ? faults.set(path, fault) : faults.delete(path)),
    close: () =>
      new Promise((resolve) => {
        for (const timer of waiting) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = { readonly type: string; readonly body: Buffer } | undefined;

/** Answers as a fault of transport has it; false where there is none. */
function answeredByFault(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): boolean {
  switch (fault) {
    case "down":
      request.socket.destroy();
      return true;
    case "error-500":
      response.writeHead(500).end("lỗi");
      return true;
    case "garbage":
      send(response, { type: "application/octet-stream", body: createHash("sha512").update("rác").digest() });
      return true;
    case "huge":
      send(response, { type: "application/octet-stream", body: Buffer.alloc(64 * 1024 * 1024) });
      return true;
    case "redirect":
      response.writeHead(302, { location: "/ca/root" }).end();
      return true;
    case "empty":
      send(response, { type: "application/octet-stream", body: Buffer.alloc(0) });
      return true;
    default:
      return false;
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (!answer) response.writeHead(404).end();
  else response.writeHead(200, { "content-type": answer.type, "content-length": answer.body.length }).end(answer.body);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function flipped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)));
}
