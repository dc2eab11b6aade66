import { P12Signer as LibPdfSigner, PDF } from "@libpdf/core";
import { plainAddPlaceholder } from "@signpdf/placeholder-plain";
import { P12Signer } from "@signpdf/signer-p12";
import { SignPdf } from "@signpdf/signpdf";
import { at, type BenchSigner, password } from "./signing-documents.ts";
import type { Contender } from "./turns.ts";

/** Other signers of the JavaScript world on the same documents with the same key; nobody checks what they make. */
export async function peers({ pkcs12 }: BenchSigner, documents: readonly Buffer[]): Promise<Contender[]> {
  const input = (index: number) => documents[index % documents.length]!;
  const signpdf = new SignPdf();
  const kept = await LibPdfSigner.create(pkcs12, password);
  const about = { reason: "Ban hanh", location: "Hue" };
  return [
    {
      name: "@signpdf",
      act: (index) => {
        const pdfBuffer = plainAddPlaceholder({ pdfBuffer: input(index), contactInfo: "", name: "Bench", ...about });
        return signpdf.sign(pdfBuffer, new P12Signer(pkcs12, { passphrase: password }), at);
      },
    },
    {
      name: "@libpdf/core",
      act: async (index) => {
        const file = await PDF.load(input(index));
        return file.sign({ signer: kept, signingTime: at, ...about });
      },
    },
  ];
}
