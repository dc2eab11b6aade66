import { SaxesParser } from "saxes";
import { EdxmlError } from "./errors.ts";
import { edxmlNamespace, type ReadLimits } from "./limits.ts";

/** An element while a tree is read or built. */
export interface XmlElement {
  name: string;
  namespace: string;
  attributes: Record<string, string>;
  text: string;
  children: XmlElement[];
}

const chunkSize = 64 * 1024;
const strayLimit = 16;

/**
 * Reads XML into a tree within limits. UTF-8 alone; no DOCTYPE, no entities but the five of XML; comments are dropped.
 * `stray` tells the bytes found before the first "<": digits and blanks, as some senders leave. Throws `EdxmlError`.
 */
export function parseXml(bytes: Uint8Array, limits: ReadLimits): { root: XmlElement; stray: string } {
  if (bytes.length > limits.bytes) throw new EdxmlError("R", "edXML", "too_large", `${bytes.length} bytes`);
  const start = findStart(bytes);
  refuseDeclarations(bytes);

  const { parser, finish } = treeBuilder(limits);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = start; at < bytes.length; at += chunkSize) {
      parser.write(decoder.decode(bytes.subarray(at, at + chunkSize), { stream: true }));
    }
    parser.write(decoder.decode());
    parser.close();
  } catch (error) {
    if (error instanceof EdxmlError) throw error;
    if (error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
      throw new EdxmlError("M", "edXML", "encoding", "not UTF-8");
    }
    throw new EdxmlError("M", "edXML", "malformed", (error as Error).message.slice(0, 200));
  }
  return { root: finish(), stray: Buffer.from(bytes.subarray(0, start)).toString("latin1") };
}

function treeBuilder(limits: ReadLimits) {
  const parser = new SaxesParser({ xmlns: true, position: false, additionalNamespaces: { edXML: edxmlNamespace } });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  const path = () => open.map(({ name }) => name).join(".") || "edXML";

  parser.on("xmldecl", ({ encoding }) => {
    if (encoding && !/^utf-?8$/i.test(encoding)) throw new EdxmlError("M", "edXML", "encoding", encoding.slice(0, 40));
  });
  parser.on("doctype", () => {
    throw new EdxmlError("M", "edXML", "doctype");
  });
  parser.on("opentagstart", () => {
    attributes = 0;
    if (++elements > limits.elements) throw new EdxmlError("R", path(), "too_many_elements");
    if (open.length >= limits.depth) throw new EdxmlError("R", path(), "too_deep");
  });
  parser.on("attribute", ({ value }) => {
    if (++attributes > limits.attributes) throw new EdxmlError("R", path(), "too_many_attributes");
    if (value.length > limits.attributeLength) throw new EdxmlError("R", path(), "too_long", "attribute");
  });
  parser.on("opentag", (tag) => {
    const plain = Object.values(tag.attributes).filter(({ prefix, local }) => prefix === "" && local !== "xmlns");
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: Object.fromEntries(plain.map(({ local, value }) => [local, value])),
      text: "",
      children: [],
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (text: string) => {
    const element = open.at(-1);
    if (!element) return;
    element.text += text;
    if (element.text.length > limits.textLength && element.name.toLowerCase() !== "contenttransferencoded") {
      throw new EdxmlError("R", path(), "too_long", "text");
    }
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const element = open.pop();
    // Between children there is only layout.
    if (element && element.children.length > 0) element.text = element.text.trim();
  });

  const finish = () => {
    if (!root) throw new EdxmlError("N", "edXML", "malformed", "no element");
    return root;
  };
  return { parser, finish };
}

function findStart(bytes: Uint8Array): number {
  const start = bytes.subarray(0, strayLimit + 1).indexOf(0x3c);
  const stray = Buffer.from(bytes.subarray(0, Math.max(start, 0))).toString("latin1");
  // 0xEF 0xBB 0xBF is the UTF-8 byte order mark.
  if (start >= 0 && /^(?:\xef\xbb\xbf)?[\s\d]*$/.test(stray)) return start;
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes[0] === 0;
  throw new EdxmlError("M", "edXML", utf16 ? "encoding" : "malformed", "does not start with an element");
}

/**
 * DOCTYPE and entity declarations are refused before any parsing: a document type is how XML reaches files and
 * explodes.
 */
function refuseDeclarations(bytes: Uint8Array): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = view.indexOf("<!"); at >= 0; at = view.indexOf("<!", at + 2)) {
    const word = view.toString("latin1", at + 2, at + 9).toUpperCase();
    if (word.startsWith("DOCTYPE") || word.startsWith("ENTITY")) throw new EdxmlError("M", "edXML", "doctype");
  }
}
