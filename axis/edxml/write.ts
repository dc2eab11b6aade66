import type { XmlElement } from "./parse.ts";
import { element, Place, wrongType } from "./codec.ts";
import { EdxmlError } from "./errors.ts";
import { checkExtensions, graft } from "./extensions.ts";
import { documentHeader, statusHeader, traceHeaderList } from "./fields.ts";
import { checkAttachments, writeAttachment } from "./attachments.ts";
import { serializeEdxml } from "./serialize.ts";
import type { EdxmlDocument, EdxmlHeader, EdxmlMessage } from "./types.ts";

/**
 * Writes a message in the one form that every axis takes: UTF-8, fixed order, `edXML:` on all of the envelope.
 * The result is the file's text, without byte order mark. Throws `EdxmlError` at the first value the format does not
 * allow.
 */
export function writeEdxml(message: EdxmlMessage): string {
  return serializeEdxml(buildMessage(parseEdxmlMessage(message)));
}

/** Checks JSON of unknown origin against every rule of the format. Throws `EdxmlError`. */
export function parseEdxmlMessage(json: unknown): EdxmlMessage {
  const place = new Place("");
  const header = checkHeader(json, place);
  const given = (json as Partial<EdxmlDocument>).attachments;
  const attachments = header.kind === "document" ? checkAttachments(given, place) : [];
  const [problem] = place.problems;
  if (problem) {
    const [letter = "M", ...path] = problem.code.split(".");
    throw new EdxmlError(letter as "N" | "R" | "T" | "M", path.join("."), problem.reason, problem.received);
  }
  return header.kind === "document" ? { ...header, attachments } : header;
}

/**
 * Checks the types alone of a header in JSON: received messages break the format's lengths and lack required values,
 * and must still be passed on. Throws `EdxmlError`.
 */
export function parseEdxmlHeader(json: unknown): EdxmlHeader {
  return checkHeader(json, new Place(""));
}

function checkHeader(json: unknown, place: Place): EdxmlHeader {
  const { kind, extensions } = (json ?? {}) as Partial<Record<keyof EdxmlHeader, unknown>>;
  if (kind !== "document" && kind !== "status") throw wrongType(place.at("edXML"), '"document" or "status"');
  const header = place.at("MessageHeader");
  const kept = checkExtensions(extensions);
  if (kind === "status") return { kind, ...statusHeader.check(json, header), extensions: kept };
  const trace = traceHeaderList.check(json, place.at("TraceHeaderList"));
  return { kind, ...documentHeader.check(json, header), ...trace, extensions: kept };
}

function buildMessage(message: EdxmlMessage): XmlElement {
  const fields = message.kind === "status" ? statusHeader.write(message) : documentHeader.write(message);
  const header = element("edXMLHeader", fields);
  const envelope = element("edXMLEnvelope", [header]);
  const root = element("edXML", [envelope]);
  if (message.kind === "document") {
    const files = message.attachments.map(writeAttachment);
    const manifest = element(
      "edXMLManifest",
      files.flatMap(({ reference }) => reference),
      { version: "1.0" },
    );
    header.children.push(...traceHeaderList.write(message));
    envelope.children.push(element("edXMLBody", [manifest]));
    root.children.push(
      element(
        "AttachmentEncoded",
        files.flatMap(({ attachment }) => attachment),
      ),
    );
  }
  graft(root, message.extensions);
  return root;
}
