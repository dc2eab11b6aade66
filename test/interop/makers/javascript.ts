import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HttpTimestampAuthority, P12Signer as LibPdfSigner, PDF } from "@libpdf/core";
import { plainAddPlaceholder } from "@signpdf/placeholder-plain";
import { P12Signer } from "@signpdf/signer-p12";
import { SignPdf } from "@signpdf/signpdf";
import { judgesFolder } from "../judges.ts";
import type { Work } from "./workers.ts";

const password = "congvan";
const about = { reason: "Ban hanh", location: "Mau Son" };

/** Signs a file by a package of npm, and writes it; throws what the package throws. */
export async function runInJavaScript(work: Work): Promise<void> {
  const source = readFileSync(String(work.in));
  const key = readFileSync(String(work["key"]));
  const made = await makers[work.maker]!(work, source, key);
  writeFileSync(work.out, made);
}

const makers: Readonly<Record<string, (work: Work, source: Buffer, key: Buffer) => Promise<Uint8Array>>> = {
  async "@signpdf"(work, source, key) {
    const place = rectOf(work) ?? [0, 0, 0, 0];
    const more = { contactInfo: "", name: "Nguyen Thi Uoc", signatureLength: 12_000, widgetRect: [...place] };
    const prepared = plainAddPlaceholder({ pdfBuffer: source, ...about, ...more });
    return new SignPdf().sign(prepared, new P12Signer(key, { passphrase: password }));
  },
  /** Its helper for pdf-lib, which writes the whole file anew; for first signatures only. */
  async "@signpdf with pdf-lib"(work, source, key) {
    const load = createRequire(join(judgesFolder, "makers-node", "package.json"));
    const { PDFDocument } = load("pdf-lib") as typeof import("pdf-lib");
    const { pdflibAddPlaceholder } = load("@signpdf/placeholder-pdf-lib") as {
      pdflibAddPlaceholder(options: Record<string, unknown>): void;
    };
    const pdfDoc = await PDFDocument.load(source);
    const widgetRect = rectOf(work) ?? [0, 0, 0, 0];
    const more = { contactInfo: "", name: "Nguyen Thi Uoc", signatureLength: 12_000, widgetRect };
    pdflibAddPlaceholder({ pdfDoc, ...about, ...more });
    const prepared = Buffer.from(await pdfDoc.save({ useObjectStreams: work["streams"] === true }));
    return new SignPdf().sign(prepared, new P12Signer(key, { passphrase: password }));
  },
  /** Signs in the field of that name, or in a new one that is not to be seen. */
  async "@libpdf/core"(work, source, key) {
    const file = await PDF.load(source);
    const timestampAuthority = work["tsa"] ? new HttpTimestampAuthority(String(work["tsa"])) : undefined;
    if (work["action"] === "timestamp")
      return (await file.addTimestamp({ timestampAuthority: timestampAuthority!, fieldName: String(work["field"]) }))
        .bytes;
    const { bytes } = await file.sign({
      signer: await LibPdfSigner.create(key, password),
      fieldName: String(work["field"]),
      ...about,
      ...(work["level"] ? { level: work["level"] as "B-B" } : { subFilter: "adbe.pkcs7.detached" as const }),
      ...(timestampAuthority && { timestampAuthority }),
    });
    return bytes;
  },
};

function rectOf(work: Work): readonly number[] | undefined {
  return work["rect"] as readonly number[] | undefined;
}
