import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgetViewer } from "../../src/auth/viewer.ts";
import { toGlobalId } from "../../src/graphql/ids.ts";
import { demoPassword } from "../../src/demo/province.ts";
import { newId } from "../../src/ids.ts";
import { rows, uuidOf } from "../incoming/office.ts";
import { codeOf } from "../outgoing/office.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { Client } from "../support/client.ts";

let app: TestApp;
beforeAll(async () => void (app = await startApp()));
afterAll(() => app?.[Symbol.asyncDispose]());

const signedIn = async (username: string): Promise<Client> => {
  const client = new Client(app.url);
  await client.signIn(username, demoPassword);
  return client;
};

interface Viewer {
  readonly appointment: { id: string; position: { title: string } };
  readonly agency: { code: string };
}
const viewer = async (client: Client): Promise<Viewer | null> =>
  (await client.call<{ viewer: Viewer | null }>("{ viewer { appointment { id position { title } } agency { code } } }"))
    .viewer;

const secretOf = ({ cookie }: Client) => cookie.slice(cookie.indexOf("=") + 1);
/** Has the server look a session up anew, as it does every two seconds. */
const lookAgain = (client: Client) => forgetViewer(app.services, app.services.keys.tokenHash(secretOf(client)));

describe("a session", () => {
  test("begins with a cookie that is opaque, long and new each time", async () => {
    const [one, two] = [await signedIn("giamdoc.snv"), await signedIn("giamdoc.snv")];
    for (const client of [one, two]) expect(secretOf(client)).toMatch(/^[\w-]{43}$/);
    expect(secretOf(one)).not.toBe(secretOf(two));
    expect(await viewer(one)).toMatchObject({ agency: { code: "H99.02" } });
  });

  test("ends at once on signing out, and no other one with it", async () => {
    const [leaving, staying] = [await signedIn("vanthu.snv"), await signedIn("vanthu.snv")];
    const stolen = Object.assign(new Client(app.url), { cookie: leaving.cookie });
    expect(await viewer(stolen)).not.toBeNull();
    expect(await leaving.call("mutation { signOut { ok } }")).toEqual({ signOut: { ok: true } });
    expect(leaving.cookie, "the cookie is taken away").toBe("congvan_session=");
    expect(await viewer(stolen)).toBeNull();
    expect(await codeOf(stolen.call("mutation { signOut { ok } }"))).toBe("UNAUTHENTICATED");
    expect(await codeOf(stolen.call("{ incomingDocuments { nodes { id } } }"))).toBe("UNAUTHENTICATED");
    expect(await viewer(staying)).not.toBeNull();
  });

  test("ends twelve hours after it began, whatever was done in it", async () => {
    const start = Date.parse("2026-11-23T00:30:00.000Z");
    app.setClock(new Date(start));
    try {
      const client = await signedIn("vanthu.snv");
      app.setClock(new Date(start + 12 * 3_600_000 - 1));
      lookAgain(client);
      expect(await viewer(client)).not.toBeNull();
      app.setClock(new Date(start + 12 * 3_600_000));
      lookAgain(client);
      expect(await viewer(client)).toBeNull();
    } finally {
      app.setClock(null);
    }
  });

  test("is nobody's where the cookie is made up", async () => {
    const client = await signedIn("vanthu.snv");
    const secret = secretOf(client);
    for (const forged of [
      "",
      "x",
      secret.slice(1),
      `${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`,
      "a".repeat(5_000),
      "%00",
      `${secret}; x`.replace("; ", ""),
    ])
      expect(await viewer(Object.assign(new Client(app.url), { cookie: `congvan_session=${forged}` }))).toBeNull();
  });
});

describe("whoever loses office", () => {
  const appointmentOf = async (client: Client) => uuidOf((await viewer(client))!.appointment.id);

  test("loses session and token within seconds, and cannot sign in again", async () => {
    const client = await signedIn("chuyenvien.sxd");
    const { token } = await client.act("createApiToken", { name: "Phần mềm", scopes: ["READ"] }, "{ token }");
    const program = Object.assign(new Client(app.url), { token });
    expect(await viewer(program)).not.toBeNull();
    await rows(app, "update appointment set valid_to = current_date - 2 where id = $1", [await appointmentOf(client)]);
    await expect.poll(() => viewer(client), { timeout: 5_000 }).toBeNull();
    await expect.poll(() => codeOf(viewer(program)), { timeout: 5_000 }).toBe("UNAUTHENTICATED");
    expect(await codeOf(signedIn("chuyenvien.sxd"))).toBe("FORBIDDEN");
  });

  test("keeps it through the last day, by Vietnam's calendar", async () => {
    const client = await signedIn("giamdoc.sxd");
    await rows(app, "update appointment set valid_to = '2026-12-01' where id = $1", [await appointmentOf(client)]);
    await rows(app, "update session set expires_at = '2099-01-01'");
    const at = async (instant: string) => {
      app.setClock(new Date(instant));
      lookAgain(client);
      return (await viewer(client)) !== null;
    };
    try {
      expect([await at("2026-12-01T16:59:59.999Z"), await at("2026-12-01T17:00:00.000Z")]).toEqual([true, false]);
    } finally {
      app.setClock(null);
    }
  });

  test("by having the account locked loses what is open within seconds", async () => {
    const client = await signedIn("vanthu.sxd");
    await rows(app, "update account set disabled_at = now() where username = 'vanthu.sxd'");
    await expect.poll(() => viewer(client), { timeout: 5_000 }).toBeNull();
    expect(await codeOf(signedIn("vanthu.sxd"))).toBe("UNAUTHENTICATED");
    await rows(app, "update account set disabled_at = null where username = 'vanthu.sxd'");
    expect(await viewer(await signedIn("vanthu.sxd"))).not.toBeNull();
  });
});

describe("a person with several offices", () => {
  const second = { past: newId(), now: newId(), future: newId() };
  let first: Viewer;
  const choose = (appointmentId: string, password = demoPassword) => {
    const client = new Client(app.url);
    return client.act(
      "signIn",
      { username: "chuyenvien.snv", password, appointmentId },
      "{ viewer { appointment { id } agency { code } } }",
      false,
    );
  };

  beforeAll(async () => {
    first = (await viewer(await signedIn("chuyenvien.snv")))!;
    // A year as budget officer of another agency until now, an office there today, and one to come.
    for (const [id, from, to] of [
      [second.past, "2025-01-01", "2025-12-31"],
      [second.now, "2026-02-01", null],
      [second.future, "2030-01-01", null],
    ])
      await rows(
        app,
        `insert into appointment (id, agency_id, person_id, position_id, valid_from, valid_to)
        select $1, p.agency_id, mine.person_id, p.id, $3, $4
         from appointment mine, position p join agency g on g.id = p.agency_id
        where mine.id = $2 and g.code = 'H99.03' and p.rank = 'OFFICER'`,
        [id, uuidOf(first.appointment.id), from, to],
      );
  });

  test("acts in the first one unless told otherwise, and in one agency at a time", async () => {
    expect(await viewer(await signedIn("chuyenvien.snv"))).toEqual(first);
    const { viewer: chosen } = await choose(toGlobalId("Appointment", second.now));
    expect(chosen).toEqual({ appointment: { id: toGlobalId("Appointment", second.now) }, agency: { code: "H99.03" } });
  });

  test("does not act in one that is over, to come, or somebody else's", async () => {
    const others = (await viewer(await signedIn("giamdoc.stc")))!.appointment.id;
    for (const id of [
      toGlobalId("Appointment", second.past),
      toGlobalId("Appointment", second.future),
      others,
      toGlobalId("Appointment", newId()),
    ])
      expect(await codeOf(choose(id))).toBe("FORBIDDEN");
    for (const id of ["nonsense", toGlobalId("Agency", second.now)]) expect(await codeOf(choose(id))).toBe("BAD_INPUT");
    expect(await codeOf(choose(others, "not-the-password")), "the password comes first").toBe("UNAUTHENTICATED");
  });
});
