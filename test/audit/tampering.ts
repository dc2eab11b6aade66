import { hash } from "node:crypto";
import type { Client } from "pg";
import { newId } from "../../src/ids.ts";
import type { Random } from "../axis/random.ts";

/** Chains as they stand, for the attacker to choose from: each agency's number of events, at least 5. */
export interface Target {
  readonly agencies: readonly { readonly id: string; readonly events: number }[];
}

/** What a superuser can do to the raw tables; every one changes something. Those that leave whole chains need a witness. */
export interface Tampering {
  readonly name: string;
  readonly needsWitness?: boolean;
  readonly does: (root: Client, target: Target, random: Random) => Promise<void>;
}

const victim = (target: Target, random: Random) => random.pick(target.agencies);

async function must(root: Client, sql: string, values: unknown[], rows?: number): Promise<void> {
  const { rowCount } = await root.query(sql, values);
  if (rows === undefined ? rowCount === 0 : rowCount !== rows) throw new Error(`Nothing was tampered with: ${sql}`);
}

/** A change of one column of one event: `expression` gives another value for every old one. */
function change(name: string, column: string, expression: string): Tampering {
  return {
    name,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      await must(
        root,
        `update audit_event set ${column} = ${expression} where agency_id = $1 and sequence = $2`,
        [id, 1 + random.below(events)],
        1,
      );
    },
  };
}

function flipBit(column: "hash" | "previous_hash"): Tampering {
  return {
    name: `flip a bit of ${column}`,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      const bit = random.below(256);
      await must(
        root,
        `update audit_event set ${column} = set_bit(${column}, ${bit}, 1 - get_bit(${column}, ${bit}))
        where agency_id = $1 and sequence = $2`,
        [id, 1 + random.below(events)],
        1,
      );
    },
  };
}

function remove(name: string, which: (events: number, random: Random) => number): Tampering {
  return {
    name,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      await must(
        root,
        "delete from audit_event where agency_id = $1 and sequence = $2",
        [id, which(events, random)],
        1,
      );
    },
  };
}

/** Recomputes links, hashes and head from a number on, with the framing written out once more. */
async function rehash(root: Client, agencyId: string, from: number): Promise<void> {
  const { rows } = await root.query(
    `select sequence::int, id, act, actor_id, origin, object_type, object_id, data,
       to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from audit_event where agency_id = $1 and sequence >= $2 order by sequence`,
    [agencyId, from],
  );
  const before = await root.query("select hash from audit_event where agency_id = $1 and sequence = $2", [
    agencyId,
    from - 1,
  ]);
  let previous: string = before.rows[0]?.hash.toString("hex") ?? hash("sha256", "");
  for (const row of rows) {
    const fields = [
      previous,
      agencyId,
      row.sequence,
      row.id,
      row.at,
      row.act,
      row.actor_id,
      row.origin,
      row.object_type,
      row.object_id,
      row.data,
    ];
    const framed = fields
      .map((field) => String(field ?? ""))
      .map((field) => `${Buffer.byteLength(field)}:${field}`)
      .join("");
    const own = hash("sha256", framed);
    await root.query(
      "update audit_event set previous_hash = decode($3, 'hex'), hash = decode($4, 'hex') where agency_id = $1 and sequence = $2",
      [agencyId, row.sequence, previous, own],
    );
    previous = own;
  }
  await root.query(
    `update audit_head h set (sequence, hash) = (select sequence, hash from audit_event e
       where e.agency_id = h.agency_id order by sequence desc limit 1) where agency_id = $1`,
    [agencyId],
  );
}

/** Puts a forged event at a number, the later ones move up by one. */
async function insertAt(root: Client, agencyId: string, at: number): Promise<void> {
  await root.query("update audit_event set sequence = -sequence where agency_id = $1 and sequence >= $2", [
    agencyId,
    at,
  ]);
  await root.query("update audit_event set sequence = 1 - sequence where agency_id = $1 and sequence < 0", [agencyId]);
  await root.query(
    `insert into audit_event select $3, agency_id, $2, at, 'outgoing.issue', actor_id, origin, object_type, object_id, data, previous_hash, hash
     from audit_event where agency_id = $1 order by sequence limit 1`,
    [agencyId, at, newId()],
  );
}

const middle = (events: number, random: Random) => 2 + random.below(events - 2);

async function rollBack(root: Client, agencyId: string, to: number): Promise<void> {
  await must(root, "delete from audit_event where agency_id = $1 and sequence > $2", [agencyId, to]);
  await must(
    root,
    `update audit_head h set (sequence, hash) = (select sequence, hash from audit_event e
    where e.agency_id = h.agency_id and e.sequence = $2) where agency_id = $1`,
    [agencyId, to],
    1,
  );
}

export const changes: readonly Tampering[] = [
  change("change the id", "id", "gen_random_uuid()"),
  change("change the time by a millisecond", "at", "at + interval '1 ms'"),
  change("put the time off for ever", "at", "'infinity'"),
  change("put the time before Christ", "at", "at - interval '4049 years'"),
  change("change the act", "act", "act || 's'"),
  change("change the actor", "actor_id", "gen_random_uuid()"),
  change("take the actor away or make one up", "actor_id", "case when actor_id is null then gen_random_uuid() end"),
  change("change the origin", "origin", "origin || ' '"),
  change("change the type of the object", "object_type", "coalesce(object_type, '') || 'x'"),
  change("change the object", "object_id", "gen_random_uuid()"),
  change("take the object away or make one up", "object_id", "case when object_id is null then gen_random_uuid() end"),
  change("change the data", "data", `jsonb_build_object('number', 0, 'was', length(data))::text`),
  change("add white space to the data", "data", "data || ' '"),
  change("move text from one field into the next", "(act, origin)", "(left(act, -1), right(act, 1) || origin)"),
  change("give another number", "sequence", "sequence + 1000"),
  change("give a number below 1", "sequence", "-sequence"),
  flipBit("hash"),
  flipBit("previous_hash"),
];

export const structural: readonly Tampering[] = [
  remove("delete the first event", () => 1),
  remove("delete one in the middle", middle),
  remove("delete the last event", (events) => events),
  {
    name: "delete one in the middle and renumber",
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      const at = middle(events, random);
      await must(root, "delete from audit_event where agency_id = $1 and sequence = $2", [id, at], 1);
      await root.query("update audit_event set sequence = -sequence where agency_id = $1 and sequence > $2", [id, at]);
      await root.query("update audit_event set sequence = -sequence - 1 where agency_id = $1 and sequence < 0", [id]);
      await root.query("update audit_head set sequence = sequence - 1 where agency_id = $1", [id]);
    },
  },
  {
    name: "insert a forged event without rehashing",
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      await insertAt(root, id, 1 + random.below(events));
      await root.query("update audit_head set sequence = sequence + 1 where agency_id = $1", [id]);
    },
  },
  {
    name: "swap two events",
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      const one = 1 + random.below(events - 1);
      const other = one + 1 + random.below(events - one);
      await root.query("update audit_event set sequence = -sequence where agency_id = $1 and sequence in ($2, $3)", [
        id,
        one,
        other,
      ]);
      await must(
        root,
        "update audit_event set sequence = $2::int + $3::int + sequence where agency_id = $1 and sequence < 0",
        [id, one, other],
        2,
      );
    },
  },
  {
    name: "move an event to another agency",
    async does(root, target, random) {
      const from = victim(target, random);
      const to = random.pick(target.agencies.filter(({ id }) => id !== from.id));
      await must(
        root,
        "update audit_event set agency_id = $3, sequence = $4 where agency_id = $1 and sequence = $2",
        [from.id, 1 + random.below(from.events), to.id, to.events + 1],
        1,
      );
    },
  },
  {
    name: "append a forged event behind the head",
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      await root.query(
        `insert into audit_event select $2, agency_id, sequence + 1, at, act, actor_id, origin, object_type, object_id, data, hash, hash
        from audit_event where agency_id = $1 and sequence = $3`,
        [id, newId(), events],
      );
    },
  },
  {
    name: "set the head back",
    async does(root, target, random) {
      const { id } = victim(target, random);
      await must(root, "update audit_head set sequence = sequence - 1 where agency_id = $1", [id], 1);
    },
  },
  {
    name: "flip a bit of the head",
    async does(root, target, random) {
      const bit = random.below(256);
      await must(
        root,
        `update audit_head set hash = set_bit(hash, ${bit}, 1 - get_bit(hash, ${bit})) where agency_id = $1`,
        [victim(target, random).id],
        1,
      );
    },
  },
  {
    name: "remove the head",
    async does(root, target, random) {
      await must(root, "delete from audit_head where agency_id = $1", [victim(target, random).id], 1);
    },
  },
  {
    name: "remove the events and leave the head",
    async does(root, target, random) {
      await must(root, "delete from audit_event where agency_id = $1", [victim(target, random).id]);
    },
  },
  {
    name: "remove the agency from the directory",
    async does(root, target, random) {
      await must(root, "delete from agency where id = $1", [victim(target, random).id], 1);
    },
  },
  {
    name: "fork: a second event of the same number, without the key",
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      await root.query("alter table audit_event drop constraint audit_event_pkey");
      await root.query(
        `insert into audit_event select gen_random_uuid(), agency_id, sequence, at, act, actor_id, origin, object_type, object_id, data, previous_hash, hash
        from audit_event where agency_id = $1 and sequence = $2`,
        [id, 1 + random.below(events)],
      );
    },
  },
];

export const rewrites: readonly Tampering[] = [
  {
    name: "delete the last events and fix the head",
    needsWitness: true,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      await rollBack(root, id, 1 + random.below(events - 1));
    },
  },
  {
    name: "rewrite the tail with recomputed hashes",
    needsWitness: true,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      const from = 1 + random.below(events);
      await must(
        root,
        "update audit_event set actor_id = gen_random_uuid() where agency_id = $1 and sequence = $2",
        [id, from],
        1,
      );
      await rehash(root, id, from);
    },
  },
  {
    name: "insert a forged event and recompute all after it",
    needsWitness: true,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      const at = 1 + random.below(events);
      await insertAt(root, id, at);
      await rehash(root, id, at);
    },
  },
  {
    name: "delete an event and recompute all after it",
    needsWitness: true,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      const at = middle(events, random);
      await must(root, "delete from audit_event where agency_id = $1 and sequence = $2", [id, at], 1);
      await root.query("update audit_event set sequence = -sequence where agency_id = $1 and sequence > $2", [id, at]);
      await root.query("update audit_event set sequence = -sequence - 1 where agency_id = $1 and sequence < 0", [id]);
      await rehash(root, id, at);
    },
  },
  {
    name: "remove a whole chain and its head",
    needsWitness: true,
    async does(root, target, random) {
      const { id } = victim(target, random);
      await must(root, "delete from audit_event where agency_id = $1", [id]);
      await must(root, "delete from audit_head where agency_id = $1", [id], 1);
    },
  },
  {
    name: "truncate everything",
    needsWitness: true,
    async does(root) {
      await root.query("truncate audit_event, audit_head");
    },
  },
  {
    name: "restore an older state and go on from there",
    needsWitness: true,
    async does(root, target, random) {
      const { id, events } = victim(target, random);
      const to = 1 + random.below(events - 1);
      await rollBack(root, id, to);
      await root.query("select set_config('app.agency_id', $1, false)", [id]);
      for (let number = to; number < events + random.below(3); number++)
        await root.query(
          "select audit_append(gen_random_uuid(), now(), 'incoming.register', null, 'cli', null, null, '{}')",
        );
    },
  },
];

export const tamperings: readonly Tampering[] = [...changes, ...structural, ...rewrites];
