import { Client } from "pg";
import { ask, load, type Load, perSecond, together } from "./load.ts";
import { pageSize, type Place } from "./list-sql.ts";
import { quantile, Report } from "./report.ts";
import { type Clerk, openWorld } from "./world.ts";

const documents = 24_000;
const rounds = 5;
const connections = 10;

const query = `query ($after: String) {
  incomingDocuments(first: ${pageSize}, after: $after) {
    nodes {
      id arrivalNumber arrivedAt senderName referenceCode issuedOn typeName subject urgency status dueOn
      register { id name year }
      attachments { role file { name size sha256 } }
      assignments { id role status dueOn }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Shown {
  readonly id: string;
  readonly arrivalNumber: number;
  readonly attachments: unknown[];
  readonly assignments: unknown[];
  readonly register: { readonly year: number };
}

/** A page of 50 incoming documents with three relations over the API against one statement by hand, on the same data. */
export async function benchList(flags: readonly string[] = []): Promise<Report> {
  const report = new Report("list");
  await using world = await openWorld(flags);
  const [clerk] = (await world.signIn(1)) as [Clerk];
  const places = await fill(world.superUrl, clerk);
  report.add("documents in the agency", documents, "documents", { atLeast: 20_000 });

  const cursor = ([arrivedAt, id]: Place) => Buffer.from(`${arrivedAt}\n${id}`).toString("base64url");
  const page = (index: number) =>
    ask(world.server.url, { cookie: clerk.cookie }, query, { after: cursor(places[index % places.length]!) });
  const api = (count: number, clients: number) => load(count, clients, page);
  const sql = (count: number, clients: number) =>
    world.sql({ work: "list", url: world.appUrl, connections, clerk, places, count, clients });

  const shown = JSON.parse((await page(0)).toString()) as { data: { incomingDocuments: { nodes: Shown[] } } };
  assertSame(shown.data.incomingDocuments.nodes, (await sql(1, 1)).rows);
  await api(100, 4);
  await sql(100, 4);
  for (const clients of [1, 4]) {
    const ways = { API: [] as Load[], SQL: [] as Load[] };
    for (let round = 0; round < rounds; round++) {
      ways.API.push(await api(150, clients));
      ways.SQL.push(await sql(150, clients));
    }
    for (const [way, loads] of Object.entries(ways)) {
      const { latencies } = together(loads);
      report.add(`${way}, ${clients} clients: median`, quantile(latencies, 0.5), "ms");
      report.add(`${way}, ${clients} clients: p95`, quantile(latencies, 0.95), "ms");
      report.add(`${way}, ${clients} clients: throughput`, perSecond(together(loads)), "pages/s");
    }
    report.add(
      `API ÷ SQL, ${clients} clients`,
      perSecond(together(ways.API)) / perSecond(together(ways.SQL)),
      "ratio",
      { atLeast: 0.4 },
    );
  }
  return report;
}

/** Both ways must show the same documents with as much on each, or the comparison means nothing. */
function assertSame(nodes: readonly Shown[], rows: unknown[]): void {
  const shapeOf = (id: string, number: number, year: number, files: number, people: number) =>
    [id, number, year, files, people].join(" ");
  const shown = nodes.map((each) =>
    shapeOf(
      Buffer.from(each.id, "base64url").toString().split(":")[1]!,
      each.arrivalNumber,
      each.register.year,
      each.attachments.length,
      each.assignments.length,
    ),
  );
  const read = (
    rows as { id: string; arrival_number: number; register: { year: number }; attachments: []; assignments: [] }[]
  ).map((row) =>
    shapeOf(row.id, row.arrival_number, row.register.year, row.attachments.length, row.assignments.length),
  );
  if (shown.length !== pageSize || shown.join() !== read.slice(0, pageSize).join())
    throw new Error("The two ways read different pages.");
}

/** Fills the agency's register of last year and gives forty places in it, from the newest to the oldest. */
async function fill(superUrl: string, { agencyId, appointmentId }: Clerk): Promise<Place[]> {
  const client = new Client({ connectionString: superUrl });
  await client.connect();
  try {
    const run = (sql: string) => client.query(sql, [agencyId, appointmentId]);
    await client.query("begin");
    await client.query(
      "create temp table made on commit drop as select n, gen_random_uuid() as id, gen_random_uuid() as directive from generate_series(1, $1::int) n",
      [documents],
    );
    await client.query(
      "insert into document_register (id, agency_id, kind, year, name, last_number) select gen_random_uuid(), $1, 'INCOMING', 2025, 'Sổ đăng ký văn bản đến năm 2025', $2",
      [agencyId, documents],
    );
    await run(`
      insert into register_entry (id, agency_id, register_id, number, state, document_type, document_id, at, by_id)
      select gen_random_uuid(), $1, r.id, n, 'USED', 'IncomingDocument', m.id, now(), $2
      from made m, document_register r where r.agency_id = $1 and r.kind = 'INCOMING' and r.year = 2025`);
    await run(`
      insert into incoming_document (id, agency_id, register_id, arrival_number, arrived_at, received_via, sender_name, reference_code,
        issued_on, type_name, subject, language, urgency, status, due_on, due_reason, registered_by_id)
      select m.id, $1, r.id, n, '2025-01-01'::timestamptz + n * interval '15 minutes', 'DIRECT', 'Cơ quan ' || n % 300, n || '/CV-' || n % 97,
        '2025-01-01'::date + n / 100, 'Công văn', 'Về việc triển khai nhiệm vụ số ' || n || ' trong kế hoạch công tác năm của đơn vị',
        'Tiếng Việt', 'NORMAL', 'ASSIGNED', '2025-01-15'::date + n / 100, 'Theo quy chế', $2
      from made m, document_register r where r.agency_id = $1 and r.kind = 'INCOMING' and r.year = 2025`);
    await run(`
      with files as (
        insert into file (id, agency_id, name, media_type, size, sha256, uploaded_at, uploaded_by, is_attached)
        select gen_random_uuid(), $1, 'van-ban-' || n || '-' || k || '.pdf', 'application/pdf', 100000 + n, sha256(convert_to(n || '-' || k, 'UTF8')),
          now(), $2, true from made, generate_series(0, 1) k returning id, name)
      insert into incoming_file (document_id, agency_id, ordinal, file_id, role)
      select m.id, $1, k, f.id, case k when 0 then 'MAIN' else 'ANNEX' end
      from made m, generate_series(0, 1) k, files f where f.name = 'van-ban-' || m.n || '-' || k || '.pdf'`);
    await run(
      "insert into directive (id, agency_id, document_id, text, by_id, at) select directive, $1, id, 'Giao xử lý', $2, now() from made",
    );
    await run(`
      insert into assignment (id, agency_id, document_id, directive_id, assignee_id, role, status, due_on)
      select gen_random_uuid(), $1, m.id, m.directive, p.id, case p.place when 1 then 'LEAD' else 'INFORMED' end, 'ASSIGNED', '2026-01-15'
      from made m, (select id, row_number() over (order by id) as place from appointment where agency_id = $1 and $2::uuid is not null) p where p.place <= 2`);
    await client.query("commit");
    await client.query("vacuum analyze");
    const { rows } = await client.query<{ at: Date; id: string }>(
      `select d.arrived_at as at, d.id from incoming_document d where agency_id = $1 and arrival_number % $2 = $2 - 10 order by arrived_at desc`,
      [agencyId, documents / 40],
    );
    return rows.map(({ at, id }) => [at.toISOString(), id]);
  } finally {
    await client.end();
  }
}
