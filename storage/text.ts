import type { ContentProblem } from "./content.ts";

interface Text {
  readonly mediaType: string;
  readonly extension: string;
  readonly problems: readonly ContentProblem[];
}

/** What a text is by its first bytes; undefined if they are no UTF-8 text without control characters. */
export function readText(head: Buffer): Text | undefined {
  const text = decode(head);
  if (text === undefined) return undefined;
  const begin = text.trimStart();
  if (begin.startsWith("{\\rtf")) {
    return { mediaType: "application/rtf", extension: "rtf", problems: ["LEGACY_FORMAT"] };
  }
  if (/^<(\?xml|!|([\w.-]+:)?[A-Za-z][\w.-]*[\s>/])/.test(begin)) return readMarkup(begin);
  return { mediaType: "text/plain", extension: "txt", problems: [] };
}

const markups: Readonly<Record<string, Text>> = {
  html: { mediaType: "text/html", extension: "html", problems: ["ACTIVE_CONTENT"] },
  svg: { mediaType: "image/svg+xml", extension: "svg", problems: ["ACTIVE_CONTENT"] },
  // QCVN 102:2016/BTTTT: a message of the integration axis is an XML document with this root.
  edXML: { mediaType: "application/xml", extension: "edxml", problems: [] },
};

const htmlElement = /^(html|head|body|script|iframe|img|a|p|div|style|title|table|br|b|font|h1)$/i;

function readMarkup(begin: string): Text {
  const root = /^<!DOCTYPE\s+html/i.test(begin) ? "html" : rootOf(begin);
  // Without an XML declaration browsers take any of these elements for HTML (WHATWG MIME Sniffing, 7.1).
  const name = !begin.startsWith("<?xml") && htmlElement.test(root) ? "html" : root;
  const known = Object.hasOwn(markups, name) ? markups[name] : undefined;
  const text: Text = known ?? { mediaType: "application/xml", extension: "xml", problems: [] };
  return /<!DOCTYPE/i.test(begin) ? { ...text, problems: [...text.problems, "DOCTYPE"] } : text;
}

/** The local name of the first element after declarations, comments and instructions, or "". */
function rootOf(begin: string): string {
  let at = 0;
  while (at < begin.length) {
    const open = begin.indexOf("<", at);
    if (open < 0) return "";
    const [mark, end] = begin.startsWith("<!--", open)
      ? ["-->", begin.indexOf("-->", open + 4)]
      : begin.startsWith("<?", open) || begin.startsWith("<!", open)
        ? [">", begin.indexOf(">", open)]
        : ["", -1];
    if (mark === "") return /^<(?:[\w.-]+:)?([A-Za-z][\w.-]*)/.exec(begin.slice(open, open + 200))?.[1] ?? "";
    if (end < 0) return "";
    at = end + mark.length;
  }
  return "";
}

function decode(head: Buffer): string | undefined {
  // The head may end inside a character, of which at most three bytes are there.
  for (let cut = 0; cut <= Math.min(3, head.length); cut++) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(head.subarray(0, head.length - cut));
      return /[\0-\x08\x0b\x0e-\x1f\x7f]/.test(text) ? undefined : text;
    } catch {
      continue;
    }
  }
  return undefined;
}
