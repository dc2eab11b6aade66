import {
  algorithmName,
  issueCrl,
  issueOcspFailure,
  issueOcspResponse,
  issueTimestampResponse,
  issueTimestampToken,
  type OcspAnswer,
  readOcspRequest,
  readTimestampRequest,
  SigningError,
} from "../../signing/index.ts";
import { notFound } from "../errors.ts";
import { bytesOf, refuseAnnounced } from "../http/body.ts";
import { tooLarge } from "../http/failures.ts";
import type { Request, Route } from "../http/request.ts";
import type { Services } from "../services.ts";
import { type DemoAuthority, type DemoIssuer, demoKeysDirectory, demoPaths, readDemoAuthority } from "./authority.ts";

const largestQuestion = 16 << 10;
const day = 86_400_000;
const digests: Readonly<Record<string, "sha256" | "sha384" | "sha512">> = {
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};
const issuers = ["root", "issuer"] as const;

/**
 * The demo's certification authority over HTTP (RFC 3161 §3.4, RFC 6960 appendix A, RFC 5280 §4.2.1.13): time-stamps, the
 * state of certificates, lists of the revoked and the issuers' own certificates. NOT_FOUND where a demo has none.
 */
export function demoAuthorityRoutes(services: Services): readonly Route[] {
  const route = (
    method: Route["method"],
    path: string,
    type: string,
    answer: (authority: DemoAuthority, question: Buffer, now: Date) => Buffer,
  ): Route => ({
    method,
    path,
    async answer(koa) {
      // Read each time: a certificate may have been revoked by the command line.
      const authority = await readDemoAuthority(demoKeysDirectory(services.config));
      if (!authority) throw notFound("path");
      const question = method === "post" ? await questionOf(koa) : Buffer.alloc(0);
      koa.set("cache-control", "no-store");
      koa.body = answer(authority, question, services.now());
      koa.type = type;
    },
  });
  return [
    route("post", demoPaths.stamp, "application/timestamp-reply", stamp),
    ...issuers.flatMap((issuer) => [
      route("post", demoPaths.ocsp(issuer), "application/ocsp-response", (authority, question, now) =>
        statusOf(authority, issuer, question, now),
      ),
      route("get", demoPaths.crl(issuer), "application/pkix-crl", (authority, _, now) =>
        listOf(authority, issuer, now),
      ),
      route(
        "get",
        demoPaths.certificate(issuer),
        "application/pkix-cert",
        (authority) => authority[issuer].certificate,
      ),
    ]),
  ];
}

async function questionOf(koa: Request): Promise<Buffer> {
  refuseAnnounced(koa.req, largestQuestion);
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of bytesOf(koa.req)) {
    size += part.length;
    if (size > largestQuestion) throw tooLarge(largestQuestion);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What cannot be read, or is asked in a digest that is no longer good, is rejected as RFC 3161 §2.4.2 has it. */
function stamp({ stamper, issuer }: DemoAuthority, question: Buffer, now: Date): Buffer {
  const asked = readOr(() => readTimestampRequest(question));
  if (!asked) return issueTimestampResponse({ status: 2, failure: 5 });
  const { imprint, imprintAlgorithm, nonce, policy, certificatesWanted } = asked;
  const digest = digests[algorithmName(imprintAlgorithm)];
  if (!digest) return issueTimestampResponse({ status: 2, failure: 0 });
  if (imprint.length * 8 !== Number(digest.slice(3))) return issueTimestampResponse({ status: 2, failure: 5 });
  const token = issueTimestampToken({
    authority: { ...stamper, chain: [issuer.certificate] },
    imprint,
    imprintAlgorithm: digest,
    at: now,
    accuracy: { seconds: 1 },
    withCertificates: certificatesWanted,
    ...(nonce !== undefined && { nonce }),
    ...(policy !== undefined && { policy }),
  });
  return issueTimestampResponse({ status: 0, token });
}

function statusOf(authority: DemoAuthority, name: DemoIssuer, question: Buffer, now: Date): Buffer {
  const issuer = authority[name];
  const asked = readOr(() => readOcspRequest(question));
  if (!asked) return issueOcspFailure(1);
  const answers = asked.questions.map(({ certificateId, serialNumber, isOf }): OcspAnswer => {
    const serial = hexOf(serialNumber);
    const isOurs = isOf(issuer.certificate) && authority.issued[name].includes(serial);
    const revokedAt = authority.revoked[serial];
    return {
      about: { certificateId },
      status: !isOurs ? "unknown" : revokedAt ? { revokedAt: new Date(revokedAt) } : "good",
      thisUpdate: now,
      nextUpdate: new Date(now.getTime() + day),
    };
  });
  // The issuer answers for itself (RFC 6960 §4.2.2.2): a demo needs no responder beside it.
  return issueOcspResponse({ responder: issuer, answers, producedAt: now, ...(asked.nonce && { nonce: asked.nonce }) });
}

function listOf({ issued, revoked, ...authority }: DemoAuthority, name: DemoIssuer, now: Date): Buffer {
  const ours = Object.entries(revoked).filter(([serial]) => issued[name].includes(serial));
  return issueCrl({
    issuer: authority[name],
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + day),
    // RFC 5280 §5.2.3: of two lists the later has the higher number.
    number: BigInt(Math.floor(now.getTime() / 1_000)),
    revoked: ours.map(([serial, at]) => ({ serialNumber: BigInt(`0x${serial}`), at: new Date(at) })),
  });
}

/** As `readCertificate` shows serial numbers. */
const hexOf = (serialNumber: bigint): string => {
  const hex = serialNumber.toString(16).toUpperCase();
  return hex.length % 2 === 0 ? hex : `0${hex}`;
};

function readOr<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof SigningError) return null;
    throw error;
  }
}
