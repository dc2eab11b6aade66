import { Client } from "./client.ts";

/** Who takes part, by the part they play: the user names of the demo province. */
const usernames = {
  oneStop: "motcua.ttpvhcc",
  clerk: "vanthu.sxd",
  director: "giamdoc.sxd",
  deputy: "phogiamdoc.sxd",
  unitHead: "truongphong.sxd",
  officer: "chuyenvien.sxd",
  wardClerk: "vanthu.phuongmauson",
  wardChair: "chutich.phuongmauson",
  wardOfficer: "chuyenvien.phuongmauson",
  environmentClerk: "vanthu.snnmt",
  stranger: "vanthu.stp",
} as const;

/** Printed by the server when it starts in demo mode. */
const password = "congvan-demo";
export const pin = "123456";

type Part = keyof typeof usernames;

/** The clients of all who take part; the citizen is nobody to the server. */
export type People = Readonly<Record<Part | "citizen", Client>>;

/** Signs everybody in but the citizen. */
export async function signInAll(url: string): Promise<People> {
  const parts = Object.entries(usernames) as [Part, string][];
  const clients = await Promise.all(
    parts.map(async ([part, username]) => {
      const client = new Client(url);
      await client.signIn(username, password);
      return [part, client] as const;
    }),
  );
  return { ...(Object.fromEntries(clients) as Record<Part, Client>), citizen: new Client(url) };
}

interface Colleagues {
  readonly viewer: {
    readonly agency: {
      readonly positions: readonly { readonly title: string; readonly holders: readonly { readonly id: string }[] }[];
    };
  };
}

/** The appointment of whoever holds the position of that title in the client's own agency. */
export async function holderOf(client: Client, title: string): Promise<string> {
  const { viewer } = await client.ask<Colleagues>("{ viewer { agency { positions { title holders { id } } } } }");
  const id = viewer.agency.positions.find((position) => position.title === title)?.holders[0]?.id;
  if (!id) throw new Error(`nobody is ${title}`);
  return id;
}

/** The key that the client may sign with, or the agency's seal. */
export async function credentialOf(client: Client, isAgencySeal: boolean): Promise<string> {
  const { viewer } = await client.ask<{ viewer: { signingCredentials: { id: string; isAgencySeal: boolean }[] } }>(
    "{ viewer { signingCredentials { id isAgencySeal } } }",
  );
  const id = viewer.signingCredentials.find((credential) => credential.isAgencySeal === isAgencySeal)?.id;
  if (!id) throw new Error(isAgencySeal ? "there is no seal" : "there is no key to sign with");
  return id;
}
