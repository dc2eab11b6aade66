import type { EntityManager } from "@mikro-orm/postgresql";
import { Client } from "pg";
import { Account } from "../auth/entities.ts";
import { hashPassword } from "../auth/passwords.ts";
import { Context } from "../context.ts";
import { Delegation } from "../delegations/entities.ts";
import type { PositionRank } from "../graphql/types.ts";
import { newId } from "../ids.ts";
import { Appointment, Person, Position, Unit } from "../organization/entities.ts";
import type { Services } from "../services.ts";
import { permissionsByRank } from "../organization/permissions.ts";
import { type DemoAgency, demoAgencies } from "./agencies.ts";

/** Everybody's password in the demo province; it exists nowhere else. */
export const demoPassword = "congvan-demo";

/** The two-level administration began on 1 July 2025; nobody's appointment in the demo is older. */
const began = "2025-07-01";

export interface DemoPerson {
  readonly appointmentId: string;
  readonly personId: string;
  readonly username: string;
  readonly fullName: string;
  readonly title: string;
  readonly rank: PositionRank;
}

export interface DemoOffice {
  readonly id: string;
  readonly agency: DemoAgency;
  readonly people: readonly DemoPerson[];
}

/** Fills an empty database with the demo province; null where there are agencies already. */
export async function fillDemoProvince(services: Services, ownerUrl: string): Promise<readonly DemoOffice[] | null> {
  const ids = new Map(demoAgencies.map(({ code }) => [code, newId()]));
  if (!(await insertAgencies(ownerUrl, ids))) return null;
  const passwordHash = await hashPassword(demoPassword);
  const offices: DemoOffice[] = [];
  for (const agency of demoAgencies) {
    const id = ids.get(agency.code)!;
    const ctx = new Context(services, null, "demo", id);
    const people = await ctx.transact((em) => staff(em, id, agency, passwordHash));
    offices.push({ id, agency, people });
  }
  return offices;
}

/** Agencies are set up by the owner; one process at a time finds the table empty. */
async function insertAgencies(ownerUrl: string, ids: ReadonlyMap<string, string>): Promise<boolean> {
  const owner = new Client({ connectionString: ownerUrl });
  // What breaks is told by rejection; without a listener the event would end the process.
  owner.on("error", () => undefined);
  await owner.connect();
  try {
    await owner.query("begin");
    await owner.query("lock table agency in exclusive mode");
    const { rowCount } = await owner.query("select from agency limit 1");
    if (rowCount) return false;
    for (const agency of demoAgencies)
      await owner.query(
        `insert into agency (id, code, code102, name, symbol, level, kind, parent_id, place, address, email, valid_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          ids.get(agency.code),
          agency.code,
          agency.code102,
          agency.name,
          agency.symbol,
          agency.level,
          agency.kind,
          agency.parent && ids.get(agency.parent),
          agency.place,
          agency.address,
          `vanthu.${agency.code.toLowerCase()}@mauson.example`,
          began,
        ],
      );
    await owner.query("commit");
    return true;
  } finally {
    await owner.end();
  }
}

async function staff(
  em: EntityManager,
  agencyId: string,
  agency: DemoAgency,
  passwordHash: string,
): Promise<DemoPerson[]> {
  const units = new Map(
    agency.units.map(([symbol, name]) => [symbol, em.create(Unit, { id: newId(), agencyId, name, symbol })]),
  );
  const people: DemoPerson[] = [];
  for (const official of agency.officials) {
    const { username, fullName, title, rank } = official;
    const position = em.create(Position, {
      id: newId(),
      agencyId,
      unitId: official.unit ? units.get(official.unit)!.id : null,
      title,
      rank,
      permissions: [...permissionsByRank[rank], ...(official.also ?? [])],
    });
    const person = em.create(Person, {
      id: newId(),
      homeAgencyId: agencyId,
      fullName,
      email: `${username}@mauson.example`,
    });
    const appointment = em.create(Appointment, {
      id: newId(),
      agencyId,
      personId: person.id,
      positionId: position.id,
      validFrom: began,
      validTo: null,
    });
    await em.flush();
    // An account is visible by its name alone; see the policies of `account`.
    await em.execute("select set_config('app.username', ?, true)", [username]);
    await em.insert(Account, { personId: person.id, username, passwordHash });
    people.push({ appointmentId: appointment.id, personId: person.id, username, fullName, title, rank });
  }
  delegateToDeputies(em, agencyId, people);
  return people;
}

/** Standing rules of work: deputies sign for the head, the head of the office by order. */
function delegateToDeputies(em: EntityManager, agencyId: string, people: readonly DemoPerson[]): void {
  const head = people.find(({ rank }) => rank === "HEAD")!;
  const kinds = { DEPUTY: "KT", UNIT_HEAD: "TL" } as const;
  for (const { rank, appointmentId } of people)
    if (rank === "DEPUTY" || rank === "UNIT_HEAD")
      em.create(Delegation, {
        id: newId(),
        agencyId,
        kind: kinds[rank],
        grantorId: head.appointmentId,
        granteeId: appointmentId,
        documentTypes: [],
        validFrom: new Date("2025-07-01T00:00:00+07:00"),
        validTo: null,
        legalBasis: "Quy chế làm việc của cơ quan",
        revokedAt: null,
      });
}
