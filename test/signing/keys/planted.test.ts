import { createPublicKey, sign, verify } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type * as csc from "../../../signing/keys/csc/csc-signer.ts";
import type * as session from "../../../signing/keys/pkcs11/token-session.ts";
import type { Cryptoki } from "../../../signing/keys/pkcs11/cryptoki.ts";
import type * as progress from "../../../signing/keys/remote/progress.ts";
import type * as returned from "../../../signing/keys/remote/returned-signature.ts";
import { serviceFetch } from "../../../signing/keys/remote/service-fetch.ts";
import type * as upload from "../../../signing/keys/vgca/agent-upload.ts";
import { cscAccount, startCscServer } from "../../support/signing-services/csc-server.ts";
import { heldKey } from "../../support/signing-services/key-holder.ts";
import { signAsAgent, withComment } from "../../support/signing-services/vgca-agent.ts";
import { blankDocument } from "../pdf-documents.ts";
import { at, request } from "./deferred.ts";

const project = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "planted-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));
symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{"type":"module"}');

const held = heldKey("rsa-2048");
const ec = heldKey("ec-p256");
const document = await blankDocument("table");
const expected = { certificate: held.certificate, digest: "sha256" } as const;
const item = (id: string, text: string) => ({ id, name: "", toBeSigned: Buffer.from(text) });
const [one, two] = [item("1", "một"), item("2", "hai")];
const signed = (text: string, key = held.key) => sign("sha256", Buffer.from(text), key);

/** Loads a module of signing/keys, as it is or from a copy. */
type Load = <T>(file: string) => Promise<T>;
/** True where the attack gets through. */
type Attack = (load: Load) => Promise<boolean>;

const succeeds = async (act: () => unknown): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch {
    return false;
  }
};

const accept =
  (items: (typeof one)[], signatures: Buffer[], key: { certificate: Buffer; digest: "sha256" } = expected): Attack =>
  async (load) => {
    const { acceptSignatures } = await load<typeof returned>("remote/returned-signature.ts");
    return succeeds(() => acceptSignatures(key, items, signatures));
  };

const takeUpload =
  (received: Buffer, more: Partial<upload.AgentUpload> = {}): Attack =>
  async (load) => {
    const { checkAgentUpload } = await load<typeof upload>("vgca/agent-upload.ts");
    const allowed = { from: at, until: new Date(at.getTime() + 1_000) };
    const expectedSigner = { certificate: held.certificate };
    return checkAgentUpload({ sent: document, received, expectedSigner, at, allowed, ...more }).verdict === "ACCEPTED";
  };

const other = Buffer.from(document);
other.write("0071", document.indexOf("<FEFF0051") + 5, "latin1");
const otherDocument = await signAsAgent(other, held, at);
const changed = await signAsAgent(withComment(document), held, at);
const byStranger = await signAsAgent(document, heldKey("rsa-2048"), at);
const fine = await signAsAgent(document, held, at);

/** A service that is out of order for every order; how often it is asked is what counts. */
const ordersRepeated: Attack = async (load) => {
  const { cscSigner } = await load<typeof csc>("csc/csc-signer.ts");
  const faults = { brokenFor: 0 };
  await using server = await startCscServer({ version: 1, keys: [held], pin: "1234", faults });
  const { clientId, clientSecret } = cscAccount;
  const client = cscSigner({
    version: 1,
    baseUrl: server.baseUrl,
    fetch: serviceFetch({ hosts: [server.host] }),
    login: { kind: "oauth2", baseUrl: server.url, clientId, clientSecret },
    now: () => at,
    retryMilliseconds: 1,
  });
  const batch = { ...(await request(client)), authorization: { pin: "1234" } };
  faults.brokenFor = 100;
  await client.start(batch).catch(() => undefined);
  return server.asked.filter(({ path }) => path.endsWith("credentials/authorize")).length > 1;
};

/** A token of which one more wrong PIN is the end. */
const lastTryUsed: Attack = async (load) => {
  const { openKey } = await load<typeof session>("pkcs11/token-session.ts");
  let tried = false;
  const library = {
    C_GetSlotList: () => [Buffer.from([0])],
    C_GetTokenInfo: () => ({ label: "T", serialNumber: "1", manufacturerID: "", flags: 0x400 | 0x2_0000 }),
    C_OpenSession: () => Buffer.from([1]),
    C_Login: () => {
      tried = true;
      throw new Error("CKR_PIN_INCORRECT");
    },
  } as unknown as Cryptoki;
  await succeeds(() => openKey(library, { token: {}, key: {}, pin: "0000" }));
  return tried;
};

const stranger = "remote/returned-signature.ts";
const agent = "vgca/agent-upload.ts";

describe("planted bugs are caught", () => {
  test.each<[string, string, string, string, Attack]>([
    ["signatures not verified", stranger, 'verdict.result === "valid"', "true", accept([one], [signed("khác")])],
    ["another key's signature", stranger, 'verdict.result === "valid"', "true", accept([one], [signed("một", ec.key)])],
    [
      "their number not looked at",
      stranger,
      "returned.length !== items.length",
      "false",
      accept([one], [signed("một"), signed("hai")]),
    ],
    [
      "verified over any item of the batch",
      stranger,
      "if (swapped || isByKey(key, returned[i]!))",
      "if (swapped) return { id: item.id, signature: returned[i]!, notes: [] };\n    if (isByKey(key, returned[i]!))",
      accept([one, two], [signed("hai"), signed("một")]),
    ],
    [
      "one document's signature used for two",
      "remote/progress.ts",
      "byId.size !== returned.length || returned.length !== all.length || all.includes(undefined)",
      "all.includes(undefined)",
      async (load) => {
        const { inItemOrder } = await load<typeof progress>("remote/progress.ts");
        const pending = { items: [{ id: "1" }] } as never;
        const twice = [signed("một"), signed("hai")].map((signature) => ({ id: "1", signature }));
        return succeeds(() => inItemOrder(pending, twice));
      },
    ],
    ["orders repeated", "remote/service.ts", "call.safe && attempt < tries", "attempt < tries", ordersRepeated],
    ["last try of a PIN used", "pkcs11/token-session.ts", 'info.pin === "LAST_TRY"', "false", lastTryUsed],
    [
      "another file of the same length taken",
      agent,
      "!received.subarray(0, sent.length).equals(sent)",
      "false",
      takeUpload(otherDocument),
    ],
    ["changes not looked at", agent, "change.refused.length || ", "false && ", takeUpload(changed)],
    [
      "another signer taken",
      agent,
      "!certificate.der.equals(expectedSigner.certificate)",
      "false",
      takeUpload(byStranger),
    ],
    [
      "a late file taken",
      agent,
      "if (outside(at, 0))",
      "if (false)",
      takeUpload(fine, { at: new Date(at.getTime() + 2_000) }),
    ],
    [
      "a made-up certificate taken",
      agent,
      "anchors.length && verdict && isUntrusted(verdict)",
      "false",
      takeUpload(byStranger, { expectedSigner: { uid: "CCCD:001093000001" }, anchors: [ec.certificate] }),
    ],
  ])("%s", async (name, file, code, broken, attack) => {
    const sound: Load = (module) => import(pathToFileURL(join(project, "signing/keys", module)).href) as never;
    expect(await attack(sound)).toBe(false);

    const copy = join(folder, name.replaceAll(/\W/g, "-"));
    cpSync(join(project, "signing"), copy, { recursive: true });
    const source = readFileSync(join(copy, "keys", file), "utf8");
    expect(source.split(code)).toHaveLength(2);
    writeFileSync(join(copy, "keys", file), source.replace(code, broken));
    const planted: Load = (module) => import(pathToFileURL(join(copy, "keys", module)).href) as never;
    expect(await attack(planted)).toBe(true);
  });

  test("what the attacks start from is accepted", async () => {
    const sound: Load = (module) => import(pathToFileURL(join(project, "signing/keys", module)).href) as never;
    expect(await accept([one, two], [signed("một"), signed("hai")])(sound)).toBe(true);
    expect(await takeUpload(fine)(sound)).toBe(true);
    expect(verify("sha256", one!.toBeSigned, createPublicKey(held.key), signed("một"))).toBe(true);
  });
});
