import type { XmlElement } from "./parse.ts";
import { edxmlNamespace } from "./limits.ts";
import { EdxmlError, type EdxmlLetter, type EdxmlProblem, type EdxmlReason } from "./errors.ts";
import type { EdxmlExtension } from "./types.ts";

/** One part of the message in its three forms: element, JSON, untrusted JSON. */
export interface Codec<T> {
  readonly name: string;
  /** From all elements of this name under one parent. */
  read(elements: readonly XmlElement[], place: Place): T;
  /** From JSON of unknown origin. */
  check(value: unknown, place: Place): T;
  /** To elements; the value has been checked. */
  write(value: T): XmlElement[];
}

/** Where the reading stands, and where it leaves what it cannot take. */
export class Place {
  readonly path: string;
  readonly problems: EdxmlProblem[];
  readonly extensions: EdxmlExtension[];

  constructor(path: string, problems: EdxmlProblem[] = [], extensions: EdxmlExtension[] = []) {
    this.path = path;
    this.problems = problems;
    this.extensions = extensions;
  }

  /** The place of a child; `index` counts from 1 among children of one name. */
  at(name: string, index = 1): Place {
    const step = index > 1 ? `${name}[${index}]` : name;
    return new Place(this.path ? `${this.path}.${step}` : step, this.problems, this.extensions);
  }

  report(letter: EdxmlLetter, reason: EdxmlReason, received = ""): void {
    this.problems.push({ code: `${letter}.${this.path}`, reason, received: received.slice(0, 200).toWellFormed() });
  }

  /** Keeps an element that the format does not name. */
  keep(element: XmlElement): void {
    this.extensions.push({ path: this.path, element });
  }
}

/** An element of the message's own namespace. */
export function element(
  name: string,
  content: string | XmlElement[] = "",
  attributes: Record<string, string> = {},
): XmlElement {
  const [text, children] = typeof content === "string" ? [content, []] : ["", content];
  return { name, namespace: edxmlNamespace, attributes, text, children };
}

/** Children by normalised name; those of foreign namespaces are under "". */
export function byName(parent: XmlElement): Map<string, XmlElement[]> {
  return Map.groupBy(parent.children, ({ name, namespace }) =>
    namespace === parent.namespace || namespace === "" || namespace === edxmlNamespace ? nameKey(name) : "",
  );
}

/** The name as it is compared: any case, and "Business" for the wire's "Bussiness". */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/^business/, "bussiness");
}

/** An element with a fixed list of children, in the order in which they are written. Unknown children are kept. */
export function record<T extends object>(name: string, fields: { readonly [K in keyof T]: Codec<T[K]> }): Codec<T> {
  const entries = Object.entries<Codec<unknown>>(fields);
  return {
    name,
    read(elements, place) {
      // Some senders repeat an element to add to it: its parts count as those of one.
      const all = elements.flatMap(({ children }) => children);
      const joined: XmlElement = { ...(elements[0] ?? element(name)), children: all };
      for (const { text } of elements) if (text.trim()) place.report("M", "unexpected_content", text);
      const groups = byName(joined);
      const read = entries.map(([key, field]) => {
        const found = groups.get(nameKey(field.name)) ?? [];
        groups.delete(nameKey(field.name));
        return [key, field.read(found, place.at(field.name))];
      });
      for (const unknown of [...groups.values()].flat()) place.keep(unknown);
      return Object.fromEntries(read) as T;
    },
    check(value, place) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(place, "object");
      const given = value as Record<string, unknown>;
      return Object.fromEntries(
        entries.map(([key, field]) => {
          const member = Object.hasOwn(given, key) ? given[key] : undefined;
          return [key, field.check(member, place.at(field.name))];
        }),
      ) as T;
    },
    write(value) {
      const members = value as Record<string, unknown>;
      return [
        element(
          name,
          entries.flatMap(([key, field]) => field.write(members[key])),
        ),
      ];
    },
  };
}

/** A repeated element. Empty ones are left out. */
export function many<T>(item: Codec<T>, max: number, { required = false } = {}): Codec<readonly T[]> {
  const bound = (count: number, place: Place) => {
    if (count > max) throw new EdxmlError("R", place.path, "too_many_elements");
    if (required && count === 0) place.report("N", "missing");
  };
  return {
    name: item.name,
    read(elements, place) {
      const filled = elements.filter(({ text, children }) => children.length > 0 || text.trim());
      bound(filled.length, place);
      return filled.map((found, index) => item.read([found], numbered(place, index)));
    },
    check(value, place) {
      if (!Array.isArray(value)) throw wrongType(place, "list");
      bound(value.length, place);
      return value.map((entry, index) => item.check(entry, numbered(place, index)));
    },
    write: (values) => values.flatMap((value) => item.write(value)),
  };
}

/** A list inside an element of its own, which is left out when the list is empty. */
export function wrapped<T>(name: string, inner: Codec<readonly T[]>): Codec<readonly T[]> {
  const wrapper = record<{ list: readonly T[] }>(name, { list: inner });
  return {
    name,
    read: (elements, place) => wrapper.read(elements, place).list,
    check: (value, place) => wrapper.check({ list: value }, place).list,
    write: (list) => (list.length > 0 ? wrapper.write({ list }) : []),
  };
}

/** An element that may be absent, which is null. */
export function optional<T>(inner: Codec<T>): Codec<T | null> {
  return {
    name: inner.name,
    read: (elements, place) => (elements.length > 0 ? inner.read(elements, place) : null),
    check: (value, place) => (value === null ? null : inner.check(value, place)),
    write: (value) => (value === null ? [] : inner.write(value)),
  };
}

/** The error for JSON of another type than the format's. */
export function wrongType(place: Place, expected: string): EdxmlError {
  return new EdxmlError("T", place.path, "bad_value", `must be a ${expected}`);
}

function numbered(place: Place, index: number): Place {
  return index === 0 ? place : new Place(`${place.path}[${index + 1}]`, place.problems, place.extensions);
}
