import { deflateSync } from "node:zlib";
import { verifyPdf } from "../../../signing/validate/verify.ts";
import { during, issueSigner, root } from "../authorities.ts";
import { addSignature, append, at, decision, signAsLeader, stream, type Objects } from "../verify-documents.ts";

export const leader = issueSigner().signer;
export const agency = issueSigner().signer;

/** What the validator says of a file as a whole. */
export const judge = (pdf: Buffer) => verifyPdf(pdf, { anchors: [root], at: during });

/** Another text for the page of the decision. */
export const forged = stream("", "BT /F1 12 Tf 50 760 Td (KHAC) Tj ET");

/** The decision with other objects, signed by the leader. */
export const signedWith = (objects: Objects = {}) =>
  signAsLeader(leader, "", "", append(Buffer.alloc(0), { ...decision, ...objects }));

export const latin1 = (text: string) => Buffer.from(text, "latin1");
export const tenDigits = (offset: number) => String(offset).padStart(10, "0");
export const startxrefOf = (pdf: Buffer) => Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(pdf.toString("latin1"))![1]);

/** An object number 60 that nobody refers to, in whose data another content of the page stands. */
export const trap = `60 0 obj\n${stream("", `\n4 0 obj\n${forged}\nendobj\n`)}\nendobj\n`;

/** The parts of an update that an attacker writes by hand. */
export interface Crude {
  readonly objects?: string;
  readonly table?: (at: number) => string;
  readonly trailer?: string;
  readonly tail?: (startxref: number) => string;
}

/** An update of these parts; by default a sound one that brings the given objects, the first of them listed as 60. */
export function crudeUpdate(base: Buffer, { objects = trap, table, trailer, tail }: Crude = {}): Buffer {
  const before = startxrefOf(base);
  const rows = table?.(base.length) ?? `60 1\n${tenDigits(base.length)} 00000 n \n`;
  const dictionary = trailer ?? `<</Size 100 /Root 1 0 R /Info 11 0 R /Prev ${before}>>`;
  const place = base.length + latin1(objects).length;
  const end = tail?.(place) ?? `startxref\n${place}\n%%EOF\n`;
  return Buffer.concat([base, latin1(`${objects}xref\n${rows}trailer\n${dictionary}\n${end}`)]);
}

/** A stream that inflates to the given data. */
export function packed(dictionary: string, data: string): string {
  const bytes = deflateSync(latin1(data)).toString("latin1");
  return `<<${dictionary} /Filter /FlateDecode /Length ${bytes.length}>>\nstream\n${bytes}\nendstream`;
}

/** The page's title lies in this rectangle. */
export const overTitle = "45 750 300 780";

/** A form XObject of the size of that rectangle. */
export const looks = (content: string, resources = "", box = "/BBox [0 0 255 30]") =>
  stream(`/Type /XObject /Subtype /Form ${box} /Resources <<${resources}>>`, content);

export const newWidget = (rect: string, more = "/AP <</N 42 0 R>>") =>
  `<</Type /Annot /Subtype /Widget /FT /Sig /T (New) /V 40 0 R /Rect [${rect}] /P 3 0 R /F 4 ${more}>>`;

/** Signs in a new field behind what the leader signed. */
export function signInNew(widget: string, objects: Objects, base: Buffer, page = decision[at.page]!): Promise<Buffer> {
  return addSignature(base, {
    signer: agency,
    number: 40,
    objects: {
      41: widget,
      [at.page]: page.replace("8 0 R]", "8 0 R 41 0 R]"),
      [at.form]: decision[at.form]!.replace("8 0 R]", "8 0 R 41 0 R]").replace(">> /DA", ">> /SigFlags 3 /DA"),
      ...objects,
    },
  });
}
