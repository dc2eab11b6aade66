import { randomUUID } from "node:crypto";
import { faultySigning, personsAnswer } from "./faulty-key.ts";
import type { HashSigning, HeldKey } from "./key-holder.ts";
import { startService, type Faults, type ServiceAnswered, type ServiceServer } from "./service-server.ts";

/** What the pretended eSign takes as a log-in. */
export const misaAccount = {
  clientId: "cong-van",
  clientKey: "khoa-misa",
  userName: "duoc@sytest.vn",
  password: "mật khẩu",
  code: "112233",
} as const;

const userId = "7d1c7cd4-0000-4000-8000-000000000001";
const keyAlias = "7d1c7cd4-0000-4000-8000-0000000000aa";

/** A pretended MISA eSign. */
export async function startMisaServer(setting: {
  readonly held: HeldKey;
  readonly faults?: Faults;
  readonly signing?: HashSigning;
  /**
   * Whether the account asks for a second factor. Said where from, a code is good only after a log-in with the password and
   * once; by message, each log-in sends another one, which voids the one before.
   */
  readonly secondFactor?: boolean | "app" | "message";
  /** Whether `signatures` name their documents; the service's own paper shows both. */
  readonly named?: boolean;
}): Promise<
  ServiceServer & {
    notification(transactionId: string): object;
    /** Codes that were sent by message, the newest last. */
    readonly messages: string[];
    /** Lets all log-ins run out. */
    endLogins(): void;
  }
> {
  const { held, faults = {}, named = true } = setting;
  const sign = faultySigning(held, faults);
  const tokens = new Set<string>();
  const refreshTokens = new Set<string>();
  const messages: string[] = [];
  let goodCode: string | undefined;
  type Transaction = {
    documents: { DocumentId: string; FileToSign: string }[];
    person: ReturnType<typeof personsAnswer>;
  };
  const transactions = new Map<string, Transaction>();

  const tokensOf = () => {
    const [token, refreshToken] = [randomUUID(), randomUUID()];
    tokens.add(token);
    refreshTokens.add(refreshToken);
    return { accessToken: randomUUID(), remoteSigningAccessToken: token, refreshToken, expiresIn: 3600 };
  };
  const loggedIn = (): ServiceAnswered => ({
    status: 200,
    json: {
      status: { type: "success", code: 200, message: "", error: false, errorCode: 0, devMsg: "", userMsg: "" },
      data: { ...tokensOf(), tokenType: "Bearer", user: { id: userId, username: misaAccount.userName } },
    },
  });
  const refused = (status: number, errorCode: number): ServiceAnswered => ({
    status,
    json: { status: { type: "fail", code: status, error: true, errorCode, devMsg: "…", userMsg: "…" }, data: null },
  });

  const result = (id: string) => {
    const { documents } = transactions.get(id)!;
    const signatures = sign(
      documents.map(({ FileToSign }) => Buffer.from(FileToSign, "base64")),
      setting.signing,
    );
    return signatures.map((signature, i) => ({
      ...(named ? { documentId: documents[i]!.DocumentId } : {}),
      signature: signature.toString("base64"),
    }));
  };

  const statusOf = (id: string): ServiceAnswered => {
    const transaction = transactions.get(id);
    if (!transaction) return { status: 404, json: { error: "", errorCode: "NOT_FOUND", devMsg: "", userMsg: "" } };
    const answer = (status: string, errorCode: string, signatures: object[]): ServiceAnswered => ({
      status: 200,
      json: { status, errorCode, errorDescription: "", transactionId: id, signatures },
    });
    switch (transaction.person()) {
      case "waiting":
        return answer("PENDING", "", []);
      case "expired":
        return answer("FAILED", "TRANSACTION_EXPIRED", []);
      case "rejected":
        return answer("CANCELLED", "USER_REJECTED", []);
      default:
        return answer("SUCCESS", "", result(id));
    }
  };

  const order = (body: Record<string, unknown>): ServiceAnswered => {
    const documents = body["Documents"] as { DocumentId: string; FileToSign: string; DocumentName: string }[];
    const right = documents.every(
      ({ DocumentId, DocumentName, FileToSign }) =>
        DocumentId.length <= 36 && DocumentName.length <= 100 && Buffer.from(FileToSign, "base64").length === 32,
    );
    if (!right || body["UserId"] !== userId || body["CertAlias"] !== keyAlias || !body["DataToBeDisplayed"]) {
      return { status: 400, json: { error: "", errorCode: "INVALID_INPUT", devMsg: "", userMsg: "" } };
    }
    if (faults.quota) return { status: 400, json: { error: "", errorCode: "QUOTA_EXCEEDED", devMsg: "", userMsg: "" } };
    const transactionId = randomUUID();
    transactions.set(transactionId, { documents, person: personsAnswer(faults) });
    return { status: 200, json: { transactionId } };
  };

  const server = await startService(faults, ({ path, body, headers }) => {
    const { clientId, clientKey, userName, password, code } = misaAccount;
    if (headers["x-clientid"] !== clientId || headers["x-clientkey"] !== clientKey) return refused(401, 401);
    switch (path) {
      case "/api/auth/api/v1/auth/login-api":
        if (body["userName"] !== userName || body["password"] !== password) return refused(400, 101);
        if (!setting.secondFactor) return loggedIn();
        goodCode = setting.secondFactor === "message" ? String(556_001 + messages.length) : code;
        if (setting.secondFactor === "message") messages.push(goodCode);
        return refused(400, 122);
      case "/api/auth/api/v1/auth/two-factor-auth":
        if (headers["clientid"] !== clientId || headers["clientkey"] !== clientKey) return refused(401, 401);
        if (body["userName"] !== userName) return refused(400, 123);
        if (setting.secondFactor === true) return body["code"] === code ? loggedIn() : refused(400, 123);
        if (body["otpType"] !== (setting.secondFactor === "app" ? 1 : 0)) return refused(400, 124);
        if (goodCode === undefined || body["code"] !== goodCode) return refused(400, 123);
        goodCode = undefined;
        return loggedIn();
      case "/webdev/api/auth/api/v1/auth/resend-otp-auth":
        return body["userName"] === userName ? loggedIn() : refused(400, 101);
      case "/webdev/api/auth/api/v1/auth/refreshtoken":
        if (!refreshTokens.delete(String(body["refreshToken"]))) return refused(401, 401);
        return { status: 200, json: tokensOf() };
    }
    if (!tokens.has(String(headers["authorizationrm"]).replace(/^Bearer /, ""))) return { status: 401, json: {} };
    const status = /^\/external\/esrm\/service\/signing\/api\/v1\/Signing\/status\/([^/]+)$/.exec(path);
    if (status) return statusOf(decodeURIComponent(status[1]!));
    switch (path) {
      case "/external/esrm/service/general/api/v1/Certificates/by-userId":
        return {
          status: 200,
          json: [
            {
              userId,
              keyAlias,
              appName: "eSign",
              keyStatus: "ACTIVE",
              certificate: held.certificate.toString("base64"),
              certiticateChain: [held.certificate, ...held.chain].map((bytes) => bytes.toString("base64")),
              certStatus: "ACTIVE",
              isAutoSign: false,
            },
          ],
        };
      case "/external/esrm/service/signing/api/v1/Signing/hash":
        return order(body);
      default:
        return { status: 404, json: {} };
    }
  });
  return Object.assign(server, {
    messages,
    endLogins() {
      tokens.clear();
      refreshTokens.clear();
    },
    /** The body that the service posts to its partner once all is signed. */
    notification: (transactionId: string) => ({
      messageId: randomUUID(),
      clientId: misaAccount.clientId,
      extraData: {},
      status: "SUCCESS",
      errorCode: "",
      transactionId,
      signatures: result(transactionId),
    }),
  });
}
