import type { Client } from "../client.ts";
import type { World } from "../world.ts";

interface Register {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly lastNumber: number;
  readonly entries: { readonly nodes: readonly { readonly number: number; readonly state: string }[] };
}

export const registersOf = async (client: Client): Promise<readonly Register[]> =>
  (
    await client.ask<{ documentRegisters: Register[] }>(
      "{ documentRegisters { id kind name lastNumber entries(first: 20) { nodes { number state } } } }",
    )
  ).documentRegisters;

/** Both registers, every number accounted for, printed as PDF (in sổ đăng ký); their ids. */
export async function printRegisters({ journal, output, people: { clerk } }: World): Promise<readonly string[]> {
  return journal.step(
    "registers printed",
    async ({ check }) => {
      const registers = await registersOf(clerk);
      const numbers = Object.fromEntries(
        registers.map(({ kind, entries }) => [
          kind,
          entries.nodes.map(({ number, state }) => `${number} ${state}`).sort(),
        ]),
      );
      check(
        "các số (numbers)",
        { INCOMING: ["1 USED", "2 USED"], OUTGOING: ["1 RESERVED", "2 VOID", "3 USED"] },
        numbers,
      );
      for (const { id, kind } of registers) {
        const pdf = await clerk.download(`/registers/${id}.pdf`);
        check("sổ in là PDF (printed register)", "%PDF-", pdf.toString("latin1", 0, 5));
        await output.keep(`register-${kind.toLowerCase()}.pdf`, pdf);
      }
      return registers.map(({ id }) => id);
    },
    () => "Văn thư in sổ văn bản đến và sổ văn bản đi: số giữ, số hủy đều có lý do",
  );
}
