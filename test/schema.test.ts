import { readFileSync } from "node:fs";
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
} from "graphql";
import { expect, test } from "vitest";
import { entities } from "../src/entities.ts";
import { mappers } from "../src/graphql/mappers.ts";
import { schema } from "../src/graphql/schema.ts";
import { nodes } from "../src/modules.ts";
import { openOrm } from "../src/orm.ts";
import { migratedDatabase } from "./support/app.ts";

const text = readFileSync(new URL("../schema.graphql", import.meta.url), "utf8");
const written = buildSchema(text);
const types = Object.values(written.getTypeMap()).filter((type) => !isIntrospectionType(type));
const vietnamese = /[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]/i;
const plumbing = /(Connection|Edge|Payload|Input|Filter)$|^(Query|Mutation|Subscription)$/;
const builtIn = new Set(["String", "Int", "Float", "Boolean", "ID"]);

test("every type is described, with its Vietnamese term", () => {
  const missing = types
    .filter((type) => !builtIn.has(type.name) && !plumbing.test(type.name))
    .filter((type) => !vietnamese.test(type.description ?? "") || !/\(.+\)|[“”]/.test(type.description ?? ""))
    .map((type) => type.name);
  // These are of the protocol, not of the field.
  expect(missing.filter((name) => name !== "SignInPayload")).toEqual([]);
});

test("every query, mutation, subscription and enumeration value is described", () => {
  const roots = [written.getQueryType()!, written.getMutationType()!, written.getSubscriptionType()!];
  const fields = roots.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => !field.description)
      .map((field) => `${type.name}.${field.name}`),
  );
  const values = types.filter(isEnumType).flatMap((type) =>
    type
      .getValues()
      .filter((value) => !value.description)
      .map((value) => `${type.name}.${value.name}`),
  );
  expect([...fields, ...values]).toEqual([]);
});

test("mutations take one input and give a payload; what creates is safe to repeat", () => {
  const faults: string[] = [];
  for (const field of Object.values(written.getMutationType()!.getFields())) {
    const name = field.name[0]!.toUpperCase() + field.name.slice(1);
    if (String(field.type) !== `${name}Payload!`) faults.push(`${field.name} gives ${field.type}`);
    if (field.args.length > 1 || (field.args[0] && String(field.args[0].type) !== `${name}Input!`))
      faults.push(`${field.name} takes other arguments`);
    const input = written.getType(`${name}Input`);
    const repeatsAnyway = ["signIn", "signOut", "revokeApiToken", "revokeDelegation", "setNumberingPolicy"];
    // A session is where it is: doing the same again finds it there.
    repeatsAnyway.push("authorizeSignature", "completeSignature", "cancelSignature");
    if (isInputObjectType(input) && !input.getFields()["idempotencyKey"] && !repeatsAnyway.includes(field.name))
      faults.push(`${field.name} has no idempotencyKey`);
  }
  expect(faults).toEqual([]);
});

test("lists that grow are Relay connections", () => {
  for (const type of types.filter(isObjectType).filter(({ name }) => name.endsWith("Connection"))) {
    const node = type.name.replace(/Connection$/, "");
    const fields = Object.fromEntries(
      Object.entries(type.getFields()).map(([name, field]) => [name, String(field.type)]),
    );
    expect(fields).toEqual({ edges: `[${node}Edge!]!`, nodes: `[${node}!]!`, pageInfo: "PageInfo!", total: "Total!" });
  }
});

test("custom scalars say where they are specified", () => {
  expect(
    types
      .filter(isScalarType)
      .filter(({ name }) => !builtIn.has(name))
      .filter((type) => !type.specifiedByURL),
  ).toEqual([]);
});

test("every node can be read by its id, and only those", () => {
  const node = written.getType("Node");
  const named = isInterfaceType(node) ? written.getPossibleTypes(node).map(({ name }) => name) : [];
  expect(Object.keys(nodes).toSorted()).toEqual(named.toSorted());
});

test("every field of an entity's type is a column or has a resolver", async () => {
  const entityOf = ({ name }: { name: string }) =>
    byName.get(/\/entities\.ts#(\w+)/.exec(mappers[name] ?? "")?.[1] ?? "");
  const byName = new Map<string, { prototype: object }>(
    entities.map((entity) => [(entity as { name: string }).name, entity as never]),
  );
  await using database = await migratedDatabase();
  const orm = await openOrm(database.appUrl, 1);
  try {
    const missing: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      const entity = entityOf(type);
      if (!isObjectType(type) || !entity) continue;
      const columns = new Set(
        orm
          .getMetadata()
          .get(entity as never)
          .props.map(({ name }) => name as string),
      );
      for (const field of Object.values(type.getFields()))
        if (!field.resolve && !columns.has(field.name)) missing.push(`${type.name}.${field.name}`);
    }
    expect(missing).toEqual([]);
  } finally {
    await orm.close(true);
  }
});

test("every query and mutation has a resolver", () => {
  const roots = [schema.getQueryType()!, schema.getMutationType()!];
  const missing = roots.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => !field.resolve)
      .map((field) => `${type.name}.${field.name}`),
  );
  expect(missing).toEqual([]);
});

test("every column of an entity is in the migrated database, nullable there or not alike", async () => {
  await using database = await migratedDatabase();
  const orm = await openOrm(database.ownerUrl, 1);
  try {
    const rows = await orm.em.getConnection().execute<{ table: string; column: string; nullable: boolean }[]>(
      `select c.relname as table, a.attname as column, not a.attnotnull as nullable from pg_attribute a
       join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`,
    );
    const inDatabase = new Map(rows.map((row) => [`${row.table}.${row.column}`, row.nullable]));
    const faults: string[] = [];
    for (const meta of orm.getMetadata().getAll().values()) {
      if (!meta.class) continue;
      for (const prop of meta.props) {
        if (prop.persist === false || prop.fieldNames?.length !== 1) continue;
        const column = `${meta.tableName}.${prop.fieldNames[0]}`;
        const nullable = inDatabase.get(column);
        if (nullable === undefined) faults.push(`${column} is not in the database`);
        else if (nullable !== Boolean(prop.nullable))
          faults.push(`${column} is ${nullable ? "" : "not "}nullable in the database`);
      }
    }
    expect(faults).toEqual([]);
  } finally {
    await orm.close(true);
  }
});
