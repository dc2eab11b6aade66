import { type Client, until } from "../client.ts";
import { digestOf } from "../output.ts";
import type { World } from "../world.ts";
import type { Issued } from "./signing.ts";

/** The arrivals at the two agencies on the axis. */
export interface Arrived {
  readonly wardId: string;
  readonly environmentId: string;
}

export interface Recipient {
  readonly name: string;
  readonly agency: { readonly code: string } | null;
  readonly delivery: string | null;
  readonly status: string | null;
  readonly statusNote: string | null;
  readonly history: readonly { readonly status: string }[];
}

interface Arrival {
  readonly id: string;
  readonly state: string;
  readonly referenceCode: string;
  readonly subject: string;
  readonly sender: { readonly code: string } | null;
  readonly attachments: readonly {
    readonly role: string;
    readonly file: { readonly url: string; readonly sha256: string };
  }[];
  readonly verification: {
    readonly indication: string;
    readonly integrity: string;
    readonly sha256: string;
    readonly signatures: readonly { readonly indication: string; readonly signerName: string | null }[];
  } | null;
}

const arrivalFields = `id state referenceCode subject sender { code } attachments { role file { url sha256 } }
  verification { indication integrity sha256 signatures { indication signerName } }`;

export const arrivalsOf = async (client: Client): Promise<readonly Arrival[]> =>
  (await client.ask<{ arrivals: { nodes: Arrival[] } }>(`{ arrivals(first: 10) { nodes { ${arrivalFields} } } }`))
    .arrivals.nodes;

/** How the document fares with each recipient, as its sender sees it. */
export async function recipientsOf(client: Client, outgoingDocumentId: string): Promise<readonly Recipient[]> {
  const { node } = await client.ask<{ node: { recipients: Recipient[] } }>(
    `query ($id: ID!) { node(id: $id) { ... on OutgoingDocument {
       recipients { name agency { code } delivery status statusNote history { status } } } } }`,
    { id: outgoingDocumentId },
  );
  return node.recipients;
}

/** Issued and handed to the axis; both agencies on it have it, with its signatures checked (phát hành, đã đến). */
export async function dispatchAnswer({ journal, output, people }: World, issued: Issued): Promise<Arrived> {
  const { clerk, wardClerk, environmentClerk } = people;
  await journal.step(
    "dispatched",
    async ({ check }) => {
      const { outgoingDocument } = await clerk.act<{ outgoingDocument: { status: string } }>(
        "dispatchOutgoingDocument",
        { outgoingDocumentId: issued.id },
        "outgoingDocument { id status }",
      );
      check("trạng thái (status)", "DISPATCHED", outgoingDocument.status);
      await output.keep("outgoing.edxml", await clerk.download(`/exchange/outgoing/${issued.id}.edxml`));
    },
    () => `Văn thư phát hành ${issued.referenceCode} qua trục liên thông`,
  );

  const receive = (client: Client, agency: string, file: string) =>
    journal.step(
      "arrived, signatures verified on arrival",
      async ({ check }) => {
        const [arrival] = await until(
          ([first]) => first?.verification != null,
          () => arrivalsOf(client),
        );
        if (!arrival) throw new Error("nothing arrived");
        check("số, ký hiệu (reference code)", issued.referenceCode, arrival.referenceCode);
        check("nơi gửi (sender)", "H99.04", arrival.sender?.code);
        check("kết luận (indication)", "TOTAL_PASSED", arrival.verification?.indication);
        check("toàn vẹn (integrity)", "PASS", arrival.verification?.integrity);
        check(
          "số chữ ký hợp lệ (valid signatures)",
          2,
          arrival.verification?.signatures.filter(({ indication }) => indication === "TOTAL_PASSED").length,
        );
        const main = arrival.attachments.find(({ role }) => role === "MAIN");
        const pdf = await client.download(main?.file.url ?? "/");
        check("SHA-256 như nơi gửi (same digest as at the sender)", issued.sealedSha256, digestOf(pdf));
        check("SHA-256 trong kết luận (digest in the verdict)", issued.sealedSha256, arrival.verification?.sha256);
        await output.keep(`${file}.pdf`, pdf);
        await output.keep(`${file}.edxml`, await client.download(`/exchange/arrivals/${arrival.id}.edxml`));
        return arrival;
      },
      ({ verification }) =>
        `${agency} nhận được ${issued.referenceCode}: ${verification?.signatures.length} chữ ký hợp lệ`,
    );
  const atWard = await receive(wardClerk, "UBND phường Mẫu Sơn", "arrival-ward");
  const atDepartment = await receive(environmentClerk, "Sở Nông nghiệp và Môi trường", "arrival-environment");
  return { wardId: atWard.id, environmentId: atDepartment.id };
}
