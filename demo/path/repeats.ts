import type { Client } from "../client.ts";
import type { World } from "../world.ts";
import { recipientsOf, arrivalsOf } from "./exchange.ts";
import { registersOf } from "./registers.ts";
import { refusal } from "./signing.ts";

/** What one agency has, in figures that any act changes: its chain of acts above all. */
async function picture(client: Client): Promise<object> {
  const { auditEvents, incomingDocuments, outgoingDocuments } = await client.ask<
    Record<string, { total: unknown; nodes: unknown }>
  >(
    `{ auditEvents(first: 1) { total { count isExact } nodes { sequence hash } }
       incomingDocuments(first: 10) { total { count } nodes { id arrivalNumber status version } }
       outgoingDocuments(first: 10) {
         total { count } nodes { id referenceCode status version revisions { ordinal file { sha256 } } } } }`,
  );
  return {
    auditEvents,
    incomingDocuments,
    outgoingDocuments,
    registers: await registersOf(client),
    arrivals: await arrivalsOf(client),
  };
}

/** The ids of the objects that a payload gives. */
const idsIn = (payload: unknown): string[] =>
  Object.values(payload as object).flatMap((each) =>
    each && typeof each === "object" && "id" in each ? [String(each.id)] : [],
  );

/** Every mutation so far is sent once more under its own key: nothing may change (chống lặp). */
export async function repeatEverything({ journal, people }: World, outgoingDocumentId: string): Promise<void> {
  await journal.step(
    "every mutation repeated, nothing changed",
    async ({ check }) => {
      const look = async () => [
        ...(await Promise.all([people.clerk, people.wardClerk, people.environmentClerk].map(picture))),
        await recipientsOf(people.clerk, outgoingDocumentId),
        await dossierOf(people.oneStop),
      ];
      const before = await look();
      let repeated = 0;
      for (const client of Object.values(people))
        for (const deed of client.deeds) {
          const again = await client.repeat(deed);
          check(`${deed.mutation}, lặp lại (repeated)`, idsIn(deed.answer), idsIn(again));
          repeated++;
        }
      check("mọi số liệu sau khi lặp lại (figures after repeating)", before, await look());
      return repeated;
    },
    (repeated) => `Gửi lại ${repeated} yêu cầu với khóa chống lặp cũ: không số nào, sổ nào, nhật ký nào thay đổi`,
  );
}

async function dossierOf(oneStop: Client): Promise<unknown> {
  const { dossiers } = await oneStop.ask<{ dossiers: unknown }>(
    "{ dossiers(first: 5) { total { count } nodes { code status version results { code } history { at text } } } }",
  );
  return dossiers;
}

/** Another agency knows the ids and still gets nothing (cơ quan khác không thấy gì). */
export async function tryAsStranger(
  { journal, people: { stranger } }: World,
  ids: Readonly<Record<"incoming" | "outgoing" | "arrival" | "dossier" | "register", string>>,
  fileUrl: string,
): Promise<void> {
  await journal.step(
    "a stranger agency gets NOT_FOUND",
    async ({ check }) => {
      for (const [what, id] of Object.entries(ids)) {
        const { node } = await stranger.ask<{ node: unknown }>("query ($id: ID!) { node(id: $id) { id } }", { id });
        check(`node(${what})`, null, node);
      }
      const paths = [
        fileUrl,
        `/registers/${ids.register}.pdf`,
        `/exchange/outgoing/${ids.outgoing}.edxml`,
        `/exchange/arrivals/${ids.arrival}.edxml`,
      ];
      for (const path of paths) check(path.split("/")[1]!, "NOT_FOUND", await refusal(() => stranger.download(path)));
      const acts = {
        dispatchOutgoingDocument: { outgoingDocumentId: ids.outgoing },
        acceptArrival: { arrivalId: ids.arrival },
        returnIncomingDocument: { incomingDocumentId: ids.incoming, reason: "Thử" },
      };
      for (const [mutation, input] of Object.entries(acts))
        check(mutation, "NOT_FOUND", await refusal(() => stranger.act(mutation, input, "__typename")));
    },
    () => "Văn thư Sở Tư pháp biết mã cũng không xem, không tải, không thao tác được gì",
  );
}
