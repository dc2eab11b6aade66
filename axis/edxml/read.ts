import { parseXml, type XmlElement } from "./parse.ts";
import { byName, nameKey, Place } from "./codec.ts";
import { EdxmlError, type EdxmlProblem } from "./errors.ts";
import { attachmentReference, documentHeader, statusHeader, traceHeaderList } from "./fields.ts";
import { defaultLimits, edxmlNamespace, type ReadLimits } from "./limits.ts";
import { readAttachments } from "./attachments.ts";
import type { EdxmlMessage } from "./types.ts";

/** What a message says, and what in it was not as it should be. */
export interface EdxmlReading {
  readonly message: EdxmlMessage;
  readonly problems: readonly EdxmlProblem[];
  /** Whether there is an XML signature. It is not verified: axes rewrite the tree that it covers. */
  readonly signed: boolean;
}

/**
 * Reads an edXML message of unknown origin: any order, prefix, case and date order, zipped or plain attachments.
 * Faults of single values are reported, what is unsafe or no edXML throws `EdxmlError`.
 */
export function readEdxml(bytes: Uint8Array, limits: ReadLimits = defaultLimits): EdxmlReading {
  const { root, stray } = parseXml(bytes, limits);
  const place = new Place("");
  if (stray.trim().replace("\u{EF}\u{BB}\u{BF}", "") !== "") place.at("edXML").report("M", "stray_bytes", stray);
  if (nameKey(root.name) !== "edxml") throw new EdxmlError("M", "edXML", "not_edxml", root.name.slice(0, 40));
  if (root.namespace !== edxmlNamespace) place.at("edXML").report("M", "bad_value", root.namespace);

  const [envelopes, encoded] = open([root], ["edXMLEnvelope", "AttachmentEncoded"], place.at("edXML"));
  const [headers, bodies] = open(envelopes, ["edXMLHeader", "edXMLBody"], place.at("edXMLEnvelope"));
  const [messages, traces, signatures, seals] = open(
    headers,
    ["MessageHeader", "TraceHeaderList", "Signature", "DigitalSignature"],
    place.at("edXMLHeader"),
  );
  const [message] = messages;
  if (!message) throw new EdxmlError("N", "MessageHeader", "not_edxml");
  const signed = [...signatures, ...seals].some(({ children }) => children.length > 0);
  const header = place.at("MessageHeader");
  if (byName(message).has("statuscode")) {
    const status = statusHeader.read(messages, header);
    return { message: { kind: "status", ...status, extensions: place.extensions }, problems: place.problems, signed };
  }

  const fields = documentHeader.read(messages, header);
  const trace = traceHeaderList.read(traces, place.at("TraceHeaderList"));
  const [manifests] = open(bodies, ["edXMLManifest"], place.at("edXMLBody"));
  const [listed] = open(manifests, ["Reference"], place.at("edXMLManifest"));
  const references = listed.map((found, index) => attachmentReference.read([found], place.at("Reference", index + 1)));
  const [files] = open(encoded, ["Attachment"], place.at("AttachmentEncoded"));
  const attachments = readAttachments(files, references, limits, place);
  return {
    message: { kind: "document", ...fields, ...trace, attachments, extensions: place.extensions },
    problems: place.problems,
    signed,
  };
}

type Groups<N extends readonly string[]> = { -readonly [I in keyof N]: XmlElement[] };

/** The children of some elements by the given names; others are kept as extensions. */
function open<const N extends readonly string[]>(elements: readonly XmlElement[], names: N, place: Place): Groups<N> {
  const groups = elements.map(byName);
  const keys = names.map(nameKey);
  for (const group of groups) {
    for (const [key, children] of group) if (!keys.includes(key)) for (const child of children) place.keep(child);
  }
  return keys.map((key) => groups.flatMap((group) => group.get(key) ?? [])) as Groups<N>;
}
