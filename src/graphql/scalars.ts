import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

const daysOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Whether the text is a day that the calendar has, `YYYY-MM-DD`. */
function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  return !!year && !!month && month <= 12 && !!day && day <= daysOf(year, month);
}

// RFC 3339 §5.6: the offset must be there; a time without one means another instant on another server.
const instantForm = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

function instantOf(text: string): Date | undefined {
  const day = instantForm.exec(text)?.[1];
  return day && isDay(day) ? new Date(text) : undefined;
}

const wrong = (what: string) => new GraphQLError(`Not ${what}.`);

/** A scalar that comes in as a string; `read` gives undefined for what is none. `write` throws on a fault of ours. */
function text<In, Out>(
  name: string,
  what: string,
  read: (text: string) => In | undefined,
  write: (value: unknown) => Out,
): GraphQLScalarType<In, Out> {
  const parse = (value: unknown): In => {
    const found = typeof value === "string" ? read(value) : undefined;
    if (found === undefined) throw wrong(what);
    return found;
  };
  return new GraphQLScalarType<In, Out>({
    name,
    serialize: write,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

const date = text(
  "Date",
  "a day, YYYY-MM-DD",
  (value) => (isDay(value) ? value : undefined),
  (value) => {
    // PostgreSQL gives no day that the calendar has not.
    if (typeof value !== "string" || value.length !== 10) throw new TypeError("A day is a string, YYYY-MM-DD");
    return value;
  },
);

const dateTime = text("DateTime", "an instant, such as 2026-11-21T01:02:03Z", instantOf, (value) => {
  // PostgreSQL's JSON has instants as text with an offset and as many decimals as it likes.
  const instant = typeof value === "string" ? instantOf(value) : value;
  if (!(instant instanceof Date)) throw new TypeError("An instant is a Date or its text");
  return instant.toISOString();
});

const sha256Form = /^[0-9a-f]{64}$/;
const sha256 = text(
  "Sha256",
  "a SHA-256, 64 lower-case hexadecimal digits",
  (value) => (sha256Form.test(value) ? value : undefined),
  (value) => {
    const digits = value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
    if (typeof digits !== "string" || !sha256Form.test(digits)) throw new TypeError("A SHA-256 has 32 bytes");
    return digits;
  },
);

const json = new GraphQLScalarType<unknown, unknown>({ name: "JSON" });

/** How the scalars of schema.graphql are read and written, by name. */
export const scalars: Readonly<Record<string, GraphQLScalarType>> = {
  Date: date,
  DateTime: dateTime,
  Sha256: sha256,
  JSON: json,
};
