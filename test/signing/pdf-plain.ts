import { SigningError } from "../../signing/errors.ts";
import { readPdf } from "../../signing/pdf/document.ts";
import { structureFacts } from "../../signing/pdf/facts.ts";
import {
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
  type Span,
} from "../../signing/pdf/objects.ts";
import type { PdfSource } from "../../signing/pdf/source.ts";

const place = (span: Span | undefined): string => (span ? `${span.start}-${span.end}` : "");

/** An object as text, with the places where it was read. */
export function plain(object: PdfObject | undefined): string {
  if (object instanceof PdfName) return `/${object.name}`;
  if (object instanceof PdfString) return `<${object.bytes.toString("hex")}>@${place(object.span)}`;
  if (object instanceof PdfRef) return `${object.number} ${object.generation} R`;
  if (Array.isArray(object)) return `[${object.map(plain).join(" ")}]`;
  if (object instanceof PdfStream) return `${plain(object.dict)} stream ${object.raw.toString("latin1")}`;
  if (!(object instanceof PdfDict)) return String(object);
  const entries = [...object.entries].map(([key, value]) => `/${key} ${plain(value)}`).join(" ");
  return `<<${entries}>>@${place(object.span)}${object.repeated.join()}`;
}

const codeOrRethrow = (error: unknown): string => {
  if (error instanceof SigningError) return `${error.code} ${error.message}`;
  throw error;
};

/** Everything that a reader can see of a file: each object of each revision, the pages, repairs and facts. */
export function everything(file: Buffer | PdfSource, repair = false): string[] {
  const seen: string[] = [];
  try {
    const document = readPdf(file, { repair });
    for (const { index, end, startxref, kind } of document.revisions) {
      const view = document.at(index);
      seen.push(`revision ${end} ${startxref} ${kind} ${plain(view.trailer)}`);
      for (const number of view.numbers()) {
        try {
          const object = view.object(number);
          seen.push(`${number} ${place(object?.span)} ${plain(object?.value)}`);
        } catch (error) {
          seen.push(`${number} ${codeOrRethrow(error)}`);
        }
      }
    }
    seen.push(JSON.stringify(structureFacts(document)), ...document.repairs, String(document.rebuilt));
    seen.push(plain(document.latest.pages()));
  } catch (error) {
    seen.push(codeOrRethrow(error));
  }
  return seen;
}
