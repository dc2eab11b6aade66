import { Watch } from "../watch.ts";
import type { World } from "../world.ts";
import { draftAnswer, reviewAnswer } from "./drafting.ts";
import { dispatchAnswer } from "./exchange.ts";
import { directAndReport, registerLetter } from "./incoming.ts";
import { acceptAndRefuse, readReports, workAtRecipient } from "./processing.ts";
import { type Dossier, receiveDossier } from "./reception.ts";
import { printRegisters } from "./registers.ts";
import { repeatEverything, tryAsStranger } from "./repeats.ts";
import { completeIncoming, returnResult, verifyAsCitizen } from "./result.ts";
import { type Issued, numberAndSeal, signAnswer, useUpTwoNumbers } from "./signing.ts";

/** What the path made, to be checked from outside. */
export interface Walked {
  readonly dossier: Dossier;
  readonly issued: Issued;
}

/** The whole path, from a citizen's dossier to the verified result; throws PathBroken where it cannot go on. */
export async function walk(world: World): Promise<Walked> {
  const { journal, people } = world;
  await using watch = new Watch(people.clerk);
  const dossier = await receiveDossier(world);
  const incoming = await registerLetter(world);
  await directAndReport(world, incoming);
  const draftId = await draftAnswer(world, incoming, dossier);
  await reviewAnswer(world, draftId);
  const signerName = await signAnswer(world, draftId);
  await useUpTwoNumbers(world);
  const issued = await numberAndSeal(world, draftId, signerName);
  const arrived = await dispatchAnswer(world, issued);
  await workAtRecipient(world, await acceptAndRefuse(world, issued, arrived));
  await readReports(world, issued);
  await completeIncoming(world, incoming, issued);
  await returnResult(world, dossier, issued);
  await verifyAsCitizen(world, dossier, issued);
  const [register] = await printRegisters(world);

  await journal.step(
    "changes seen over server-sent events",
    async ({ check }) => {
      const expected = [
        "outgoing.draft",
        "outgoing.review",
        "outgoing.sign",
        "outgoing.number",
        "outgoing.seal",
        "outgoing.dispatch",
      ];
      const heard = await watch.actsOn(issued.id, expected);
      check(
        "các việc nghe được (acts heard)",
        expected,
        expected.filter((act) => heard.includes(act)),
      );
      return watch.heard.length;
    },
    (count) => `Máy của văn thư nghe ${count} thay đổi qua đăng ký sự kiện (SSE)`,
  );
  await repeatEverything(world, issued.id);
  const ids = {
    incoming: incoming.id,
    outgoing: issued.id,
    arrival: arrived.wardId,
    dossier: dossier.id,
    register: register!,
  };
  await tryAsStranger(world, ids, await fileUrlOf(world, issued.id));
  return { dossier, issued };
}

async function fileUrlOf({ people: { clerk } }: World, id: string): Promise<string> {
  const { node } = await clerk.ask<{ node: { file: { url: string } } }>(
    "query ($id: ID!) { node(id: $id) { ... on OutgoingDocument { file { url } } } }",
    { id },
  );
  return node.file.url;
}
