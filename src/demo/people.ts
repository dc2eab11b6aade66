import { Context } from "../context.ts";
import type { Services } from "../services.ts";
import type { DemoPerson } from "../http/start-page.ts";

/** More than any demo has; a list for people to choose from. */
const atMost = 500;

/** Who can sign in, agency by agency, highest rank first; for the start page of demo mode and nothing else. */
export function demoPeople(services: Services): Promise<DemoPerson[]> {
  return new Context(services, null, "start page").transact(async (em) => {
    const people = await em.execute<(Omit<DemoPerson, "username"> & { personId: string })[]>(
      `select g.name as agency, n.full_name as "fullName", p.title, n.id as "personId"
       from appointment a join person n on n.id = a.person_id join position p on p.id = a.position_id
         join agency g on g.id = a.agency_id
       order by g.code, array_position('{HEAD,DEPUTY,UNIT_HEAD,UNIT_DEPUTY,OFFICER,CLERK}', p.rank), n.full_name
       limit ${atMost}`,
    );
    const found: DemoPerson[] = [];
    for (const { personId, ...person } of people) {
      // Accounts are hidden from all but their person, so each is asked for by its own.
      await em.execute("select set_config('app.person_id', ?, true)", [personId]);
      const [account] = await em.execute<{ username: string }[]>(
        "select username from account where person_id = ? and disabled_at is null",
        [personId],
      );
      if (account) found.push({ ...person, username: account.username });
    }
    return found;
  });
}
