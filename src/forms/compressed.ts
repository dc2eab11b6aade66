import { deflateSync } from "node:zlib";
import { PDFRawStream, type PDFContext } from "pdf-lib";

/** A stream object with FlateDecode, compressed at once so that no page waits in memory in the clear. */
export function compressed(context: PDFContext, bytes: Uint8Array, entries: Record<string, number> = {}): PDFRawStream {
  const contents = deflateSync(bytes);
  return PDFRawStream.of(context.obj({ ...entries, Filter: "FlateDecode", Length: contents.length }), contents);
}
