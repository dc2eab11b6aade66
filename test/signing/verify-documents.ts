import { createHash } from "node:crypto";
import { prepareSignedData } from "../../signing/cms/write.ts";
import type { Signer } from "../../signing/keys/signer.ts";

/** Indirect objects by number; null frees one. */
export type Objects = Readonly<Record<number, string | null>>;

export const stream = (dictionary: string, data: string) =>
  `<<${dictionary} /Length ${Buffer.byteLength(data, "latin1")}>>\nstream\n${data}\nendstream`;

const form = (text: string) =>
  stream(
    "/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources <</Font <</F1 5 0 R>>>>",
    `BT /F1 12 Tf 2 4 Td (${text}) Tj ET`,
  );

/** Number of each object of the document below. */
export const at = {
  catalog: 1,
  pages: 2,
  page: 3,
  text: 4,
  font: 5,
  leader: 6,
  seal: 7,
  number: 8,
  form: 9,
  image: 10,
  info: 11,
};

const field = (name: string, type: string, rect: string, more = "") =>
  `<</Type /Annot /Subtype /Widget /FT /${type} /T (${name}) /Rect [${rect}] /P 3 0 R /F 4 ${more}>>`;

/** Fields as they wait to be signed or filled in. */
export const waiting = {
  leader: (more = "") => field("Leader", "Sig", "300 100 400 160", more),
  seal: (more = "") => field("Seal", "Sig", "260 100 320 160", more),
  number: (more = "") => field("Number", "Tx", "80 700 140 720", `/DA (/F1 12 Tf) ${more}`),
};

/** A one-page decision with waiting fields for leader, seal and number. */
export const decision: Objects = {
  [at.catalog]: "<</Type /Catalog /Pages 2 0 R /AcroForm 9 0 R>>",
  [at.pages]: "<</Type /Pages /Kids [3 0 R] /Count 1>>",
  [at.page]:
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>> /XObject <</Im 10 0 R>>>> /Annots [6 0 R 7 0 R 8 0 R]>>",
  [at.text]: stream("", "BT /F1 12 Tf 50 760 Td (UY BAN NHAN DAN TINH) Tj 0 -60 Td (So:) Tj 100 0 Td (/QD-UBND) Tj ET"),
  [at.font]: "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
  [at.leader]: waiting.leader(),
  [at.seal]: waiting.seal(),
  [at.number]: waiting.number(),
  [at.form]: "<</Fields [6 0 R 7 0 R 8 0 R] /DR <</Font <</F1 5 0 R>>>> /DA (/F1 12 Tf)>>",
  [at.image]: stream(
    "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray",
    "x",
  ),
  [at.info]: "<</Title (Quyet dinh) /ModDate (D:20260801080000+07'00')>>",
};

/** One revision behind `base`: its objects, a classic cross-reference table, a trailer. */
export function append(base: Buffer, objects: Objects, trailer = ""): Buffer {
  const parts = [base];
  let length = base.length;
  const rows: [number, string][] = base.length ? [] : [[0, "0000000000 65535 f \n"]];
  const push = (text: string) => {
    const bytes = Buffer.from(text, "latin1");
    parts.push(bytes);
    length += bytes.length;
  };
  if (base.length === 0) push("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
  for (const [number, body] of Object.entries(objects)) {
    rows.push([
      Number(number),
      `${String(body === null ? 0 : length).padStart(10, "0")} 0000${body === null ? "1 f" : "0 n"} \n`,
    ]);
    if (body !== null) push(`${number} 0 obj\n${body}\nendobj\n`);
  }
  const start = length;
  const table = rows.map(([number, row]) => `${number} 1\n${row}`).join("");
  const previous = base.length ? `/Prev ${previousXref(base)}` : "";
  push(
    `xref\n${table}trailer\n<</Size 100 /Root 1 0 R /Info 11 0 R ${previous} ${trailer}>>\nstartxref\n${start}\n%%EOF\n`,
  );
  return Buffer.concat(parts);
}

function previousXref(base: Buffer): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(base.toString("latin1", base.length - 60))![1]);
}

export interface SignatureToAdd {
  readonly signer: Signer;
  /** Number for the signature dictionary. */
  readonly number: number;
  /** Other objects of the same revision, the field with its /V included. */
  readonly objects: Objects;
  /** More keys of the signature dictionary. */
  readonly more?: string;
  readonly subFilter?: string;
  /** Bytes in front of /Contents that the signature leaves out, as only an attacker's signer does. */
  readonly uncovered?: number;
  /** The CMS instead of one by the signer. */
  readonly cms?: (content: Buffer) => Promise<Buffer>;
}

const hole = 8192;

/** One signed revision behind `base`. */
export async function addSignature(base: Buffer, request: SignatureToAdd): Promise<Buffer> {
  const { signer, number, objects, more = "", subFilter = "ETSI.CAdES.detached", uncovered = 0 } = request;
  const blank = "0".repeat(10);
  const dictionary =
    `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /${subFilter} /M (D:20260801080000+07'00') ${more} ` +
    `/ByteRange [0 ${blank} ${blank} ${blank}] /Contents <${"0".repeat(2 * hole)}>>>`;
  const pdf = append(base, { ...objects, [number]: dictionary });
  const range = pdf.indexOf(`[0 ${blank}`, base.length);
  const start = pdf.indexOf("/Contents <", base.length) + "/Contents ".length;
  const end = start + 2 * hole + 2;
  const gap = start - uncovered;
  const digits = [gap, end, pdf.length - end].map((n) => String(n).padEnd(10));
  pdf.write(`[0 ${digits.join(" ")}]`, range, "latin1");
  const content = Buffer.concat([pdf.subarray(0, gap), pdf.subarray(end)]);
  const cms = request.cms ? await request.cms(content) : await detached(signer, content);
  pdf.write(cms.toString("hex"), start + 1, "latin1");
  return pdf;
}

async function detached(signer: Signer, content: Buffer): Promise<Buffer> {
  const prepared = prepareSignedData(signer, createHash(signer.digest).update(content).digest());
  return prepared.complete(await signer.sign(prepared.toBeSigned));
}

/** The leader's signature: revision 2. */
export function signAsLeader(
  signer: Signer,
  more = "",
  lock = "",
  base = append(Buffer.alloc(0), decision),
  fields = decision[at.form]!,
): Promise<Buffer> {
  return addSignature(base, {
    signer,
    number: 20,
    more,
    objects: {
      [at.leader]: waiting.leader(`/V 20 0 R /AP <</N 21 0 R>> ${lock}`),
      21: form("Da ky"),
      [at.form]: fields.replace(">> /DA", ">> /SigFlags 3 /DA"),
    },
  });
}

/** The number filled in and the seal, in one revision. */
export function sealWithNumber(signed: Buffer, signer: Signer, others: Objects = {}): Promise<Buffer> {
  return addSignature(signed, {
    signer,
    number: 30,
    objects: {
      [at.seal]: waiting.seal("/V 30 0 R /AP <</N 31 0 R>>"),
      31: form("Dau"),
      [at.number]: waiting.number("/V (15) /AP <</N 32 0 R>>"),
      32: form("15"),
      [at.info]: "<</Title (Quyet dinh) /ModDate (D:20260801090000+07'00')>>",
      ...others,
    },
  });
}

/** A signature in a field that did not exist before, as token agents make them. */
export function signInNewField(signed: Buffer, signer: Signer, rect: string, others: Objects = {}): Promise<Buffer> {
  return addSignature(signed, {
    signer,
    number: 40,
    objects: {
      41: field("Signature1", "Sig", rect, "/V 40 0 R /AP <</N 42 0 R>>"),
      42: form("15"),
      [at.page]: decision[at.page]!.replace("8 0 R]", "8 0 R 41 0 R]"),
      [at.form]: decision[at.form]!.replace("8 0 R]", "8 0 R 41 0 R]").replace(">> /DA", ">> /SigFlags 3 /DA"),
      ...others,
    },
  });
}
