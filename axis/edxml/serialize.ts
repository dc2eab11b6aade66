import type { XmlElement } from "./parse.ts";
import { edxmlNamespace } from "./limits.ts";

/**
 * Writes a tree in the form that the national axis reads: root and attachments without prefix, everything in the
 * envelope
 * and the content of attachments with `edXML:`. The prefix is not decoration: that axis reads names, not namespaces.
 */
export function serializeEdxml(root: XmlElement): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  write(root, "", 0, lines);
  return `${lines.join("\n")}\n`;
}

function write(element: XmlElement, inherited: string, depth: number, lines: string[]): void {
  const foreign = element.namespace !== edxmlNamespace;
  const opensPrefix = !foreign && (element.name === "edXMLEnvelope" || element.name === "ContentTransferEncoded");
  const prefix = foreign ? "" : opensPrefix ? "edXML:" : inherited;
  const name = prefix + element.name;
  const declared = foreign
    ? ` xmlns="${escapeAttribute(element.namespace)}"`
    : opensPrefix
      ? ` xmlns:edXML="${edxmlNamespace}"`
      : depth === 0
        ? ` xmlns="${edxmlNamespace}"`
        : "";
  const attributes = Object.entries(element.attributes).map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`);
  const indent = " ".repeat(depth);
  const start = `${indent}<${name}${declared}${attributes.join("")}`;

  if (element.children.length === 0) {
    lines.push(element.text === "" ? `${start}/>` : `${start}>${escapeText(element.text)}</${name}>`);
    return;
  }
  lines.push(`${start}>${escapeText(element.text.trim())}`);
  for (const child of element.children) write(child, prefix, depth + 1, lines);
  lines.push(`${indent}</${name}>`);
}

// A bare carriage return would come back as a line feed (XML 1.0, 2.11).
function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;").replaceAll("\t", "&#9;").replaceAll("\n", "&#10;");
}
