import { createSign } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listFields, signerFromKey, signPdf } from "../../signing/index.ts";
import { codeOf, type Colleague, colleague, draft, number, seal, sign, submit } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { heldKey, type HeldKey } from "../support/signing-services/key-holder.ts";
import { misaAccount, startMisaServer } from "../support/signing-services/misa-server.ts";
import type { Faults, ServiceServer } from "../support/signing-services/service-server.ts";
import { startViettelGateway, viettelAccount } from "../support/signing-services/viettel-server.ts";
import { asSuperuser, authorize, complete, enterKey, prepare, sessionFields, sessionNow } from "./keys.ts";
import { PlantedSources } from "./planted-sources.ts";

// Each rule of chains and sessions, and the same program with that rule broken: the attack that the first withstands must
// get through the second, or the attack shows nothing.
const chain = "src/outgoing/chain.ts";
const finishing = "src/signing/finishing.ts";
const making = "src/outgoing/making.ts";
const sources = new PlantedSources({
  "the seal before the leader": [
    ["src/outgoing/rules.ts", 'seal: ["NUMBERED"],', 'get seal() { return PLANTED ? ["NUMBERED", "AWAITING_SIGNATURE"] : ["NUMBERED"]; },'], // prettier-ignore
    [making, 'if (task.step.role === "AGENCY_SEAL") await', 'if (task.step.role === "AGENCY_SEAL" && !PLANTED) await'],
    ["src/outgoing/steps.ts", 'mine.find(({ status }) => status === "READY");', 'mine.find(({ status }) => status === "READY" || (PLANTED && status === "WAITING"));'], // prettier-ignore
  ],
  "the order of roles not looked at": [
    [chain, "const before = chain.filter(({ turn }) => turn < step.turn);", "const before = chain.filter(({ turn }) => !PLANTED && turn < step.turn);"], // prettier-ignore
  ],
  "the base not compared": [
    [finishing, "if (seen.headSha256 !==", "if (!PLANTED && seen.headSha256 !=="],
    [finishing, "return seen !== undefined &&", "return !PLANTED && seen !== undefined &&"],
    [finishing, "if (task.step.id !== session.stepId)", "if (!PLANTED && task.step.id !== session.stepId)"],
    ["signing/sign/deferred.ts", 'if (createHash("sha256").update(pdf)', 'if (!PLANTED && createHash("sha256").update(pdf)'], // prettier-ignore
  ],
  "the raw signature not verified": [
    ["signing/sign/deferred.ts", "  refuseMismatch(signingCertificate(certificate), signer, signedData.toBeSigned, signature);\n  const cms", "  if (!PLANTED) refuseMismatch(signingCertificate(certificate), signer, signedData.toBeSigned, signature);\n  const cms"], // prettier-ignore
  ],
  "the library's validator passed over": [
    ["signing/sign/sound.ts", "if (faults.length > 0) {", "if (faults.length > 0 && !PLANTED) {"],
  ],
  "the validator passed over before storing": [
    [making, "  assertLeaderUntouched(await assertSound(ctx, signed, task.signedFields));", "  if (!PLANTED) assertLeaderUntouched(await assertSound(ctx, signed, task.signedFields));"], // prettier-ignore
  ],
  "the end of a session not looked at": [
    ["src/signing/authorizing.ts", "if (isOpen(session!) && session!.expiresAt > ctx.now()) {", "if (isOpen(session!) && (PLANTED || session!.expiresAt > ctx.now())) {"], // prettier-ignore
  ],
  "quarantine passed over": [
    ["src/signing/agent.ts", 'if (verdict.verdict === "QUARANTINE") {', 'if (verdict.verdict === "QUARANTINE" && !PLANTED) {'], // prettier-ignore
    ["src/signing/agent.ts", "const { field } = verdict;", 'const { field = "VGCASign1" } = verdict;'],
  ],
  "number and date not covered": [
    [
      "src/signing/preparing.ts",
      "const stored = whole === pdf ? null :",
      "const stored = whole === pdf || PLANTED ? null :",
    ],
  ],
  "asked on the phone once more": [
    ["src/signing/authorizing.ts", "const asked = underway.get(batchId) ?? begin();", "const asked = (PLANTED ? undefined : underway.get(batchId)) ?? begin();"], // prettier-ignore
  ],
  "a code sent to nobody": [
    ["src/credentials/misa-logins.ts", "if (!isAttended && (takesCode || password === undefined))", "if (!isAttended && !PLANTED && (takesCode || password === undefined))"], // prettier-ignore
  ],
  "anybody's key taken": [
    ["src/credentials/access.ts", 'conditions.add("c.person_id = ?", viewer.personId)', '(PLANTED ? conditions : conditions.add("c.person_id = ?", viewer.personId))'], // prettier-ignore
    [making, "  if (isRight) return;", "  if (isRight || PLANTED) return;"],
  ],
});

let app: TestApp;
let officer: Colleague, deputy: Colleague, head: Colleague, clerk: Colleague;
const own = heldKey("ec-p256");
const token = heldKey("rsa-2048");
let ownId: string, tokenId: string, sealId: string, gatewayId: string, misaId: string;
let gateway: ServiceServer;
let misa: Awaited<ReturnType<typeof startMisaServer>>;
const faults: Faults = { person: { approvesAfter: 99 } };
const stack = new AsyncDisposableStack();
beforeAll(async () => {
  gateway = stack.use(await startViettelGateway({ held: token, faults }));
  misa = stack.use(await startMisaServer({ held: token, faults, secondFactor: "message" }));
  const folder = await mkdtemp(join(tmpdir(), "congvan-services-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const { clientId, clientKey, userName, password } = misaAccount;
  await writeFile(
    join(folder, "services.json"),
    JSON.stringify({
      gateway: { provider: "VIETTEL", baseUrl: gateway.url, ...viettelAccount },
      misa: { provider: "MISA", baseUrl: misa.url, clientId, clientKey, userName, password },
    }),
  );
  app = await startApp({ sources: sources.folder, env: { SIGNING_SERVICES: join(folder, "services.json") } });
  [officer, deputy, head, clerk] = (await Promise.all(
    ["chuyenvien", "phogiamdoc", "giamdoc", "vanthu"].map((name) => colleague(app, `${name}.sxd`)),
  )) as [Colleague, Colleague, Colleague, Colleague];
  ownId = await enterKey(app, head, own, "EXTERNAL");
  tokenId = await enterKey(app, head, token, "VGCA");
  sealId = await enterKey(app, clerk, token, "VGCA", {}, true);
  gatewayId = await enterKey(app, head, token, "VIETTEL", { service: "gateway", userId: viettelAccount.userId });
  misaId = await enterKey(app, head, token, "MISA", { service: "misa" });
  const year = new Date().getFullYear();
  const early = { kind: "OUTGOING", fromYear: year, mode: "PER_TYPE", numberBeforeSigning: true };
  await clerk.client.act("setNumberingPolicy", early, "{ numberingPolicy { id } }", false);
});
afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
  await stack.disposeAsync();
  sources[Symbol.dispose]();
});

const forSignature = async () => (await submit(officer, (await draft(officer)).id, head)).id;
const rawBy = ({ key }: HeldKey, dtbs: string) => createSign("sha256").update(Buffer.from(dtbs, "base64")).sign(key);

async function sealUnsigned(): Promise<string> {
  const id = await forSignature();
  await number(clerk, id);
  return codeOf(seal(clerk, id));
}

async function signOutOfTurn(): Promise<string> {
  const { id } = await draft(officer);
  const steps = [
    { role: "INITIALS", turn: 1, appointmentId: deputy.appointmentId },
    { role: "LEADER", turn: 2 },
    { role: "AGENCY_SEAL", turn: 3 },
  ];
  await officer.client.act("setSigningChain", { outgoingDocumentId: id, steps }, "{ outgoingDocument { id } }");
  await submit(officer, id, head);
  return codeOf(sign(head, id));
}

async function signWhatWasSubmittedAgain(): Promise<string> {
  const id = await forSignature();
  const session = await prepare(head, id, ownId);
  await submit(officer, id, head);
  return (await complete(head, session.id, rawBy(own, session.dtbs!))).state;
}

async function signWithAnotherKey(): Promise<string> {
  const session = await prepare(head, await forSignature(), ownId);
  const { state, error } = await complete(head, session.id, rawBy(heldKey("ec-p256"), session.dtbs!));
  return `${state} ${error?.details.reason ?? ""}`.trim();
}

async function signTooLate(): Promise<string> {
  const session = await prepare(head, await forSignature(), ownId);
  try {
    app.setClock(new Date(Date.now() + 21 * 60_000));
    return (await complete(head, session.id, rawBy(own, session.dtbs!))).state;
  } finally {
    app.setClock(null);
  }
}

async function bringBackOfSomebodyElse(): Promise<string> {
  const input = { outgoingDocumentId: await forSignature(), credentialId: tokenId };
  const { session, agent } = await head.client.act(
    "prepareSignature",
    input,
    `{ session ${sessionFields} agent { payload } }`,
  );
  const here = (url: string) => new URL(new URL(url).pathname, app.url);
  const file = Buffer.from(await (await fetch(here(agent.payload.FileName))).arrayBuffer());
  const { key, certificate, chain: issuers } = heldKey("rsa-2048", "CCCD:001093000009");
  const signed = await signPdf(file, {
    field: { name: "VGCASign1", type: "signature", page: 0, rect: [300, 300, 400, 340] },
    signer: signerFromKey(key, certificate, issuers),
    at: new Date(),
  });
  const form = new FormData();
  form.set("uploadfile", new Blob([signed as never], { type: "application/pdf" }), "ky.pdf");
  await fetch(here(agent.payload.FileUploadHandler), { method: "POST", body: form });
  return (await sessionNow(head, session.id))!.state;
}

/** What is to be read in the file that the sealing agent gets: the number that was given. */
async function handOutForSeal(): Promise<string> {
  const id = await forSignature();
  await sign(head, id);
  await number(clerk, id);
  const input = { outgoingDocumentId: id, credentialId: sealId, role: "AGENCY_SEAL" };
  const { agent } = await clerk.client.act("prepareSignature", input, `{ agent { payload } }`);
  const { pathname } = new URL(agent.payload.FileName);
  const file = Buffer.from(await (await fetch(new URL(pathname, app.url))).arrayBuffer());
  return listFields(file).find(({ name }) => name === "Number")?.value ? "numbered" : "bare";
}

async function authorizeTwiceAtOnce(): Promise<string> {
  const session = await prepare(head, await forSignature(), gatewayId);
  const before = gateway.asked.length;
  await Promise.all([authorize(head, [session]), authorize(head, [session])]);
  return `${gateway.asked.slice(before).filter(({ path }) => path.endsWith("/signHash")).length} orders`;
}

/** Whether the worker has the person sent a code after a log-in was lost. */
async function loseTheLogin(): Promise<string> {
  const session = await prepare(head, await forSignature(), misaId);
  await authorize(head, [session]);
  if ((await sessionNow(head, session.id))!.factors.length > 0)
    await authorize(head, [session], { otp: misa.messages.at(-1) });
  misa.endLogins();
  const before = misa.messages.length;
  for (let round = 0; round < 2; round++) {
    await asSuperuser(app, (database) =>
      database.query("update signing_session set next_poll_at = now() where next_poll_at is not null"),
    );
    await app.settle();
  }
  return misa.messages.length > before ? "codes" : "none";
}

async function signWithTheDeputysKey(): Promise<string> {
  const id = await forSignature();
  const credentialId = deputy.keys.find(({ isAgencySeal }) => !isAgencySeal)!.id;
  return codeOf(sign(head, id, { credentialId }));
}

const unverified = "the raw signature not verified";
const unjudged = "the library's validator passed over";
test.each<[attack: string, () => Promise<string>, right: string, faults: string[], wrong: string]>([
  ["a seal where the leader has not signed", sealUnsigned, "WRONG_STATE", ["the seal before the leader"], "done"],
  ["the leader before the initials", signOutOfTurn, "WRONG_STATE", ["the order of roles not looked at"], "done"],
  ["a text that was exchanged", signWhatWasSubmittedAgain, "STALE", ["the base not compared"], "FAILED"],
  ["another key's signature", signWithAnotherKey, "FAILED KEY_MISMATCH", [unverified], "FAILED UNSOUND_RESULT"],
  [
    "the same, past the first check",
    signWithAnotherKey,
    "FAILED KEY_MISMATCH",
    [unverified, unjudged],
    "FAILED NOT_SOUND",
  ],
  ["the same, past all checks", signWithAnotherKey, "FAILED KEY_MISMATCH", [unverified, unjudged, "the validator passed over before storing"], "STORED"], // prettier-ignore
  ["a signature after the session's end", signTooLate, "PREPARED", ["the end of a session not looked at"], "STORED"],
  ["somebody else's signature by the agent", bringBackOfSomebodyElse, "FAILED", ["quarantine passed over"], "STORED"],
  ["a seal by the agent without a number", handOutForSeal, "numbered", ["number and date not covered"], "bare"],
  ["a person asked twice at once", authorizeTwiceAtOnce, "1 orders", ["asked on the phone once more"], "2 orders"],
  ["a worker that logs in for nobody", loseTheLogin, "none", ["a code sent to nobody"], "codes"],
  ["the deputy's key in the head's hand", signWithTheDeputysKey, "NOT_FOUND", ["anybody's key taken"], "done"],
])("%s", async (_, attack, right, faults, wrong) => {
  expect(await attack()).toBe(right);
  expect(await sources.during(faults, attack)).toBe(wrong);
});
