import { parseArgs } from "node:util";
import { createInterface } from "node:readline/promises";
import { Account } from "../auth/entities.ts";
import { hashPassword } from "../auth/passwords.ts";
import { dayOf } from "../calendar/rules.ts";
import { record } from "../audit/record.ts";
import { readConfig } from "../config.ts";
import { Context } from "../context.ts";
import { permissionsByRank } from "../organization/permissions.ts";
import { PositionRank } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { Appointment, Person, Position, Unit } from "../organization/entities.ts";
import { openServices } from "../start.ts";
import { type Command, fine, UsageError } from "./command.ts";

const usage =
  "user add USERNAME --agency CODE --name FULLNAME --title TITLE --rank RANK [--unit SYMBOL] [--permission P]…   (password on standard input)";

/** The password, typed or piped: never an argument, which every user of the machine could read. */
async function readPassword(): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdin.isTTY ? process.stderr : undefined });
  try {
    return (await lines.question("Password: ")).trim();
  } finally {
    lines.close();
  }
}

export const user: Command = {
  usage,
  about: "gives a person an office in an agency and a way to sign in",
  async run({ args, env, print }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        agency: { type: "string" },
        name: { type: "string" },
        title: { type: "string" },
        rank: { type: "string" },
        unit: { type: "string" },
        permission: { type: "string", multiple: true, default: [] },
      },
    });
    const [act, name] = positionals;
    const username = name?.normalize("NFC").trim().toLowerCase();
    const rank = Object.values(PositionRank).find((each) => each === values.rank);
    if (act !== "add" || !username || !values.agency || !values.name || !values.title || !rank)
      throw new UsageError(usage);
    if (!/^[a-z0-9][a-z0-9._-]{2,63}$/.test(username))
      throw new UsageError("a user name has 3 to 64 letters, digits, dots, dashes");
    const password = await readPassword();
    if (password.length < 10) throw new UsageError("the password must have at least 10 characters");

    await using opened = await openServices(readConfig(env));
    const { services } = opened;
    const agency = await new Context(services, null, "cli").readOne<{ id: string }>(
      "select id from agency where code = $1",
      [values.agency],
    );
    if (!agency) throw new UsageError(`no agency has the code ${values.agency}`);
    const ctx = new Context(services, null, "cli", agency.id);
    const passwordHash = await hashPassword(password);
    await ctx.transact(async (em) => {
      const unit = values.unit ? await em.findOneOrFail(Unit, { agencyId: agency.id, symbol: values.unit }) : null;
      const permissions = [...permissionsByRank[rank], ...values.permission];
      const position = em.create(Position, {
        id: newId(),
        agencyId: agency.id,
        unitId: unit?.id ?? null,
        title: values.title!,
        rank,
        permissions,
      });
      const person = em.create(Person, { id: newId(), homeAgencyId: agency.id, fullName: values.name!, email: null });
      em.create(Appointment, {
        id: newId(),
        agencyId: agency.id,
        personId: person.id,
        positionId: position.id,
        validFrom: dayOf(services.now()),
        validTo: null,
      });
      await em.flush();
      await em.execute("select set_config('app.username', ?, true)", [username]);
      await em.insert(Account, { personId: person.id, username, passwordHash });
      await record(ctx, em, {
        act: "auth.add-user",
        objectType: "Person",
        objectId: person.id,
        data: { username, rank, permissions },
      });
    });
    print(`${username} can sign in to ${values.agency}.`);
    return fine;
  },
};
