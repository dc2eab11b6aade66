import { SaxesParser } from "saxes";
import { isName, PdfStream, type PdfObject } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import type { Step } from "./step.ts";

const maximumMetadata = 4 * 1024 * 1024;

/** Whether this is XMP (14.3.2) that a parser without entities and document types reads to its end. */
export function isMetadata({ final, context }: Step, value: PdfObject | undefined): boolean {
  const stream = final.resolve(value);
  if (!(stream instanceof PdfStream) || !isName(final.resolve(stream.dict.get("Subtype")), "XML")) return false;
  const text = attempt(
    () => context.document.decode(stream, final),
    () => undefined,
  );
  return text !== undefined && text.length <= maximumMetadata && isWellFormed(text.toString("utf8"));
}

function isWellFormed(text: string): boolean {
  let sound = true;
  const refuse = () => {
    sound = false;
  };
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", refuse);
  parser.on("doctype", refuse);
  parser.write(text).close();
  return sound;
}
