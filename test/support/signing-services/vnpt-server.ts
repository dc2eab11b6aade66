import { randomUUID } from "node:crypto";
import { readCertificate } from "../../../signing/x509/certificates.ts";
import { faultySigning, personsAnswer } from "./faulty-key.ts";
import type { HashSigning, HeldKey } from "./key-holder.ts";
import { startService, type Faults, type ServiceAnswered, type ServiceServer } from "./service-server.ts";

/** What the pretended SmartCA takes as a log-in, and what the subscriber types in. */
export const vnptAccount = {
  spId: "4184-637127995547330633.apps.signserviceapi.com",
  spPassword: "NGNhMzdmOGE",
  userId: "001093000001",
  password: "mật khẩu 1A@",
  otp: "249560",
} as const;

interface SignFile {
  readonly doc_id: string;
  readonly data_to_be_signed: string;
  readonly file_type: string;
  readonly sign_type: string;
}

/** A pretended VNPT SmartCA ("sp769"); answers are envelopes {status_code, message, data}, mostly with HTTP 200. */
export async function startVnptServer(setting: {
  readonly held: HeldKey;
  readonly faults?: Faults;
  readonly signing?: HashSigning;
}): Promise<ServiceServer> {
  const { held, faults = {} } = setting;
  const sign = faultySigning(held, faults);
  const serial = readCertificate(held.certificate).serial.toLowerCase();
  const transactions = new Map<string, { files: SignFile[]; person: ReturnType<typeof personsAnswer> }>();
  const activations = new Map<string, string>();
  const envelope = (code: number, message: string, data?: object): ServiceAnswered => ({
    status: 200,
    json: { status_code: code, message, data: data ?? null },
  });

  const signaturesOf = (files: readonly SignFile[]) => {
    const hashes = files.map((file) => Buffer.from(file.data_to_be_signed, "hex"));
    const signatures = sign(hashes, setting.signing);
    return signatures.map((signature, i) => ({
      doc_id: files[i]!.doc_id,
      signature_value: signature.toString("base64"),
      timestamp_signature: null,
    }));
  };

  const order = (body: Record<string, unknown>): ServiceAnswered | string => {
    const files = body["sign_files"] as SignFile[];
    const right = files.every(
      (file) => /^[0-9a-f]{64}$/.test(file.data_to_be_signed) && file.sign_type === "hash" && file.file_type === "pdf",
    );
    if (!right || body["serial_number"] !== serial || !/^\d{14}Z$/.test(String(body["time_stamp"]))) {
      return envelope(400, "BAD_REQUEST");
    }
    if (transactions.has(String(body["transaction_id"]))) return envelope(400, "TRANSACTION_EXISTED");
    const id = String(body["transaction_id"]);
    transactions.set(id, { files, person: personsAnswer(faults) });
    return id;
  };

  const statusOf = (id: string): ServiceAnswered => {
    const transaction = transactions.get(id);
    if (!transaction) return envelope(404, "NOT_FOUND");
    switch (transaction.person()) {
      case "waiting":
        return envelope(200, "sig_wait_for_user_confirm", { transaction_id: id, signatures: null });
      case "expired":
        return envelope(200, "EXPIRED", { transaction_id: id, signatures: null });
      case "rejected":
        return envelope(200, "REJECTED", { transaction_id: id, signatures: null });
      default:
        return envelope(200, "SUCCESS", { transaction_id: id, signatures: signaturesOf(transaction.files) });
    }
  };

  return startService(faults, ({ path, body }) => {
    const status = /^\/sca\/sp769\/v1\/signatures\/sign\/([^/]+)\/status$/.exec(path);
    if (status) return statusOf(decodeURIComponent(status[1]!));
    const { spId, spPassword, userId, password, otp } = vnptAccount;
    if (body["sp_id"] !== spId || body["sp_password"] !== spPassword || body["user_id"] !== userId) {
      return envelope(401, "SP_CREDENTIAL_INVALID: sp_password");
    }
    switch (path) {
      case "/sca/sp769/v1/credentials/get_certificate":
        return envelope(200, "Success", {
          user_certificates: [
            {
              service_type: "SMARTCA",
              service_name: "SMARTCA PERSONAL PRO",
              cert_id: "fcfffddf-2bed-4dda-8276-d00b4c3df6c9",
              cert_status: "Đang hoạt động",
              serial_number: serial,
              cert_data: held.certificate.toString("base64"),
              chain_data: { ca_cert: held.chain[0]?.toString("base64"), root_cert: held.chain[1]?.toString("base64") },
            },
          ],
        });
      case "/sca/sp769/v1/signatures/sign": {
        if (faults.quota) return envelope(403, "CREDENTIAL_STATUS_INVALID");
        const id = order(body);
        if (typeof id !== "string") return id;
        return envelope(200, "sig_wait_for_user_confirm", { transaction_id: id, tran_code: randomUUID() });
      }
      case "/sca/sp769/v2/signatures/sign": {
        if (body["password"] !== password) return envelope(401, "User password invalid");
        if (body["otp"] !== otp) return envelope(400, "OTP invalid");
        const id = order(body);
        if (typeof id !== "string") return id;
        const sad = randomUUID();
        activations.set(sad, id);
        return envelope(200, "sig_wait_for_user_confirm", { transaction_id: id, sad, expired_in: 299 });
      }
      case "/sca/sp769/v2/signatures/confirm": {
        const id = activations.get(String(body["sad"]));
        if (!id || id !== body["transaction_id"] || body["password"] !== password) return envelope(400, "SAD invalid");
        if (faults.person === "expires") return envelope(400, "EXPIRED");
        activations.delete(String(body["sad"]));
        return envelope(200, "Success", { transaction_id: id, signatures: signaturesOf(transactions.get(id)!.files) });
      }
      default:
        return { status: 404, json: {} };
    }
  });
}
