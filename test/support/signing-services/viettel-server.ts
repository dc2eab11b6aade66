import { randomUUID } from "node:crypto";
import { Oid } from "../../../signing/oids.ts";
import { startCscServer, type CscServer } from "./csc-server.ts";
import { faultySigning, personsAnswer } from "./faulty-key.ts";
import type { HashSigning, HeldKey } from "./key-holder.ts";
import { startService, type Faults, type ServiceAnswered, type ServiceServer } from "./service-server.ts";

/** What the pretended MySign takes as a log-in. */
export const viettelAccount = {
  clientId: "cong_van",
  clientSecret: "khoa_ung_dung",
  userId: "001093000001",
  profileId: "adss:ras:profile:001",
} as const;

function isAccount(body: Record<string, unknown>): boolean {
  const { clientId, clientSecret, userId, profileId } = viettelAccount;
  return (
    body["client_id"] === clientId &&
    body["client_secret"] === clientSecret &&
    body["user_id"] === userId &&
    body["profile_id"] === profileId
  );
}

/** A pretended Viettel MySign with its CSC interface (ADSS RAS); the phone is asked while authorize waits. */
export function startViettelServer(setting: {
  readonly keys: readonly HeldKey[];
  readonly faults?: Faults;
  readonly signing?: HashSigning;
  readonly approvalDelay?: number;
}): Promise<CscServer> {
  return startCscServer({
    ...setting,
    version: 1,
    path: "/adss/service/ras/csc/v1",
    logIn({ path, body }) {
      if (path !== "/adss/service/ras/v1/login") return undefined;
      return isAccount(body) ? { status: 200 } : { status: 401, json: { error: 59033, error_description: "Sai" } };
    },
  });
}

/** A pretended Viettel MySign with the gateway beside CSC ("vtss"). */
export async function startViettelGateway(setting: {
  readonly held: HeldKey;
  readonly faults?: Faults;
  readonly signing?: HashSigning;
}): Promise<ServiceServer> {
  const { held, faults = {} } = setting;
  const sign = faultySigning(held, faults);
  const tokens = new Set<string>();
  const transactions = new Map<string, { signatures: string[]; person: ReturnType<typeof personsAnswer> }>();
  const credential = "001093000001_1_20260101";

  const order = (body: Record<string, unknown>): ServiceAnswered => {
    const hashes = body["hash"] as string[];
    const documents = body["documents"] as { document_name: string }[];
    const short = [String(body["description"]), ...documents.map((each) => each.document_name)];
    const wrong =
      body["credentialID"] !== credential ||
      body["hashAlgo"] !== Oid.sha256 ||
      body["async"] !== 1 ||
      body["numSignatures"] !== hashes.length ||
      documents.length !== hashes.length ||
      !short.every((text) => /^[A-Za-z0-9+/=]{0,99}$/.test(text));
    if (wrong) return { status: 400, json: { error: 50001, error_description: "Tham số không hợp lệ" } };
    if (faults.quota) return { status: 400, json: { error: 4005, error_description: "Hết lượt ký" } };
    const id = randomUUID();
    const decoded = hashes.map((hash) => Buffer.from(hash, "base64"));
    const signatures = sign(decoded, setting.signing).map((signature) => signature.toString("base64"));
    transactions.set(id, { signatures, person: personsAnswer(faults) });
    return { status: 200, json: { transactionId: id } };
  };

  const statusOf = (body: Record<string, unknown>): ServiceAnswered => {
    const transaction = transactions.get(String(body["transactionId"]));
    if (!transaction) return { status: 400, json: { error: 50002 } };
    const outcome = transaction.person();
    const status = { waiting: "4000", expired: "4001", rejected: "4002", approved: "1" }[outcome];
    return { status: 200, json: { status, signatures: outcome === "approved" ? transaction.signatures : null } };
  };

  return startService(faults, ({ path, body, headers }) => {
    if (path === "/vtss/service/ras/v1/login") {
      if (!isAccount(body))
        return { status: 400, json: { error: 86024, error_description: "Client secret is invalid" } };
      const token = randomUUID();
      tokens.add(token);
      return { status: 200, json: { access_token: token, refresh_token: "", token_type: "Bearer", expires_in: 3600 } };
    }
    if (!tokens.has(headers.authorization?.replace(/^Bearer /, "") ?? "")) return { status: 401, json: {} };
    switch (path) {
      case "/vtss/service/certificates/info":
        return {
          status: 200,
          json: [
            {
              description: "Ký trên điện thoại",
              key: { status: "enabled", algo: [Oid.rsaEncryption], len: "2048", curve: null },
              cert: {
                status: "valid",
                certificates: [held.certificate, ...held.chain].map((bytes) => bytes.toString("base64")),
              },
              authMode: "implicit",
              multisign: "2147483647",
              credential_id: credential,
              scal: "2",
            },
          ],
        };
      case "/vtss/service/signHash":
        return order(body);
      case "/vtss/service/requests/status":
        return statusOf(body);
      default:
        return { status: 404, json: {} };
    }
  });
}
