import { type FieldLock, lockDict } from "../pdf/acroform.ts";
import { dict, name, type PdfDict, type PdfObject } from "../pdf/objects.ts";
import { encodeDate, encodeText } from "../pdf/text.ts";
import type { PdfUpdate } from "../pdf/update.ts";
import type { SignatureRequest } from "./request.ts";

/** The keys of a signature dictionary (12.8.1, table 255) but /ByteRange and /Contents. */
export function signatureKeys(update: PdfUpdate, request: SignatureRequest, lock: FieldLock | undefined): PdfDict {
  const text = (value?: string): PdfObject | undefined => (value === undefined ? undefined : encodeText(value));
  const references = [
    ...(request.certify === undefined ? [] : [certification(request.certify)]),
    ...(lock === undefined ? [] : [fieldReference(update, lock)]),
  ];
  return dict({
    Type: name("Sig"),
    Filter: name("Adobe.PPKLite"),
    SubFilter: name("ETSI.CAdES.detached"),
    M: encodeDate(request.at),
    Name: text(request.name),
    Reason: text(request.reason),
    Location: text(request.location),
    ContactInfo: text(request.contactInfo),
    Reference: references.length === 0 ? undefined : references,
  });
}

/** The keys of a document time-stamp's dictionary (12.8.5): what it says stands in the token. */
export function timestampKeys(): PdfDict {
  return dict({ Type: name("DocTimeStamp"), Filter: name("Adobe.PPKLite"), SubFilter: name("ETSI.RFC3161") });
}

/** 12.8.2.2: what the certification leaves open. */
function certification(level: 2 | 3): PdfDict {
  return dict({
    Type: name("SigRef"),
    TransformMethod: name("DocMDP"),
    TransformParams: dict({ Type: name("TransformParams"), P: level, V: name("1.2") }),
  });
}

/** 12.8.2.4: the field's /Lock becomes the signature's own FieldMDP, so that it is under the signature. */
function fieldReference(update: PdfUpdate, lock: FieldLock): PdfDict {
  return dict({
    Type: name("SigRef"),
    TransformMethod: name("FieldMDP"),
    TransformParams: lockDict("TransformParams", lock),
    Data: update.document.latest.trailer.get("Root"),
  });
}
