import type { XmlElement } from "./parse.ts";
import { element } from "./codec.ts";
import { EdxmlError } from "./errors.ts";
import type { EdxmlElement, EdxmlExtension } from "./types.ts";

const maxExtensions = 1_000;
const maxDepth = 16;
// XML names (XML 1.0, production 5) as far as Latin letters go, Vietnamese ones included.
const letters = "A-Za-z_\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u1E00-\\u1FFF";
const namePattern = new RegExp(`^[${letters}][${letters}\\d.-]{0,99}$`);
const stepPattern = /^([A-Za-z_][\w-]{0,99})(?:\[(\d{1,4})\])?$/;
const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Puts unknown elements back where they stood, at the end of their parent. */
export function graft(root: XmlElement, extensions: readonly EdxmlExtension[]): void {
  for (const { path, element: unknown } of extensions) {
    const [first = "", ...steps] = path.split(".");
    let parent = locate(root, first);
    for (const step of steps) parent = child(parent, step);
    parent.children.push(copy(unknown));
  }
}

/** Checks unknown elements in JSON of unknown origin. Throws `EdxmlError`. */
export function checkExtensions(value: unknown): EdxmlExtension[] {
  if (!Array.isArray(value) || value.length > maxExtensions) throw bad("must be a list");
  return value.map((entry: unknown) => {
    const { path, element: unknown } = object(entry);
    if (typeof path !== "string" || !path.split(".").every((step) => stepPattern.test(step))) throw bad("path");
    return { path, element: checkElement(unknown, 0) };
  });
}

function checkElement(value: unknown, depth: number): EdxmlElement {
  if (depth > maxDepth) throw bad("nested too deeply");
  const { name, namespace, attributes, text, children } = object(value);
  if (typeof name !== "string" || !namePattern.test(name)) throw bad("name");
  if (!isText(namespace, 500) || !isText(text, 65_536)) throw bad("text");
  if (!Array.isArray(children) || children.length > maxExtensions) throw bad("children");
  const entries = Object.entries(object(attributes));
  const fits = ([key, given]: [string, unknown]) => namePattern.test(key) && key !== "xmlns" && isText(given, 2_048);
  if (entries.length > 16 || !entries.every(fits)) throw bad("attributes");
  const own = Object.fromEntries(entries) as Record<string, string>;
  return { name, namespace, attributes: own, text, children: children.map((entry) => checkElement(entry, depth + 1)) };
}

/**
 * The elements of the envelope have names that no header field has, so the first step finds its element wherever it is.
 */
function locate(root: XmlElement, step: string): XmlElement {
  const [, name, index] = stepPattern.exec(step) ?? [];
  const levels = [root, ...root.children, ...root.children.flatMap(({ children }) => children)];
  const all = [...levels, ...levels.flatMap(({ children }) => children)];
  const found = [...new Set(all)].filter((candidate) => candidate.name === name)[Number(index ?? 1) - 1];
  if (!found) throw bad(`no ${step} in this message`);
  return found;
}

function child(parent: XmlElement, step: string): XmlElement {
  const [, name = "", index] = stepPattern.exec(step) ?? [];
  const found = parent.children.filter((candidate) => candidate.name === name)[Number(index ?? 1) - 1];
  if (found) return found;
  const made = element(name);
  parent.children.push(made);
  return made;
}

function copy({ name, namespace, attributes, text, children }: EdxmlElement): XmlElement {
  return { name, namespace, attributes, text, children: children.map(copy) };
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad("must be an object");
  return value as Record<string, unknown>;
}

function isText(value: unknown, max: number): value is string {
  return typeof value === "string" && value.length <= max && !illegal.test(value);
}

function bad(detail: string): EdxmlError {
  return new EdxmlError("T", "extensions", "bad_value", detail);
}
