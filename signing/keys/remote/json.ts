import { refuse } from "./refusals.ts";

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads values out of a service's answer; anything else than promised is BAD_ANSWER. */
export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw refuse("BAD_ANSWER", `The answer has no ${what}.`);
}

/** A list of at most `most` members. */
export function listOf(value: unknown, what: string, most = 1_000): readonly unknown[] {
  if (Array.isArray(value) && value.length <= most) return value as unknown[];
  throw refuse("BAD_ANSWER", `The answer has no ${what}, or too many.`);
}

/** A text that is not empty. */
export function textOf(value: unknown, what: string, longest = 4_096): string {
  const text = optionalText(value, longest);
  if (text === undefined) throw refuse("BAD_ANSWER", `The answer has no ${what}, or it is too long.`);
  return text;
}

/** The same, or undefined. */
export function optionalText(value: unknown, longest = 4_096): string | undefined {
  return typeof value === "string" && value.length > 0 && value.length <= longest ? value : undefined;
}

/** A whole number, also where it is written as text; services do. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,12}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** Bytes in base64, with or without line breaks and padding, strictly; a PEM's frame is taken off. */
export function base64Of(value: unknown, what: string): Buffer {
  const text = textOf(value, what, 100_000).replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, "");
  const bare = text.replace(/\s+/g, "").replace(/={1,2}$/, "");
  const bytes = Buffer.from(bare, "base64");
  if (bare.length > 0 && bytes.toString("base64").replace(/=+$/, "") === bare) return bytes;
  throw refuse("BAD_ANSWER", `The answer's ${what} is not base64.`);
}
