import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PDFDocument, StandardFonts } from "pdf-lib";
import {
  addFields,
  addDocumentTimestamp,
  annexMark,
  copyMark,
  type KeyKind,
  pageGeometry,
  readPdf,
  signatureAppearance,
  type Signer,
  signerFromKey,
  signPdf,
  type SignRequest,
  signPdfTo,
  timestampClient,
  type LevelServices,
  outsideFetch,
  readCertificate,
} from "../../signing/index.ts";
import { documentFields, fieldNames, numberFills } from "../../src/outgoing/fields.ts";
import { administrativeDocument } from "../../src/forms/administrative-document.ts";
import { startAuthorityServers, type AuthorityServers } from "../support/authority-servers.ts";

/** Something that we signed, with what the judges must find. */
export interface SignedFile {
  readonly name: string;
  readonly pdf: Buffer;
  /** What must stand after each signature, by field, where the file was made to show it. */
  readonly levels?: Readonly<Record<string, string>>;
}

/** Everything that this project signs, in each way that it signs, with keys of an invented authority. */
export async function signedFiles(): Promise<{ files: SignedFile[]; root: Buffer }> {
  const servers = await startAuthorityServers({ authorityKey: "rsa-2048" });
  try {
    return { files: await everything(servers), root: servers.root.certificate };
  } finally {
    await servers.close();
  }
}

async function everything(servers: AuthorityServers): Promise<SignedFile[]> {
  const services: LevelServices = {
    timestamp: timestampClient({
      servers: [{ url: servers.url("/tsa/rsa") }],
      fetch: outsideFetch({ hosts: [`${servers.host}+private`] }),
    }),
    fetch: outsideFetch({ hosts: [`${servers.host}+private`] }),
    anchors: [{ certificate: readCertificate(servers.root.certificate), store: "CUSTOM" }],
  };
  const leader = servers.issue("rsa-2048").signer;
  const agency = servers.issue("rsa-2048", "agency-seal").signer;
  const files: SignedFile[] = [];
  const decision = await decisionFile();
  for (const level of ["B-B", "B-T", "B-LT", "B-LTA"] as const) {
    const signed = await signPdfTo(decision, { ...(await asLeader(leader)), level }, services);
    files.push({ name: `decision signed by its leader at ${level}`, pdf: signed.bytes });
    const sealed = await signPdfTo(signed.bytes, { ...(await asSeal(agency, signed.bytes)), level }, services);
    files.push({
      name: `decision with number, date and seal in one revision at ${level}`,
      pdf: sealed.bytes,
      levels: { [fieldNames.leader]: "FORM_FILLING" },
    });
    if (level === "B-LTA") {
      const { bytes } = await addDocumentTimestamp(sealed.bytes, services.timestamp!);
      files.push({ name: "decision with one more document time-stamp", pdf: bytes });
    }
  }
  for (const kind of ["table", "stream"] as const) {
    files.push({ name: `thirty signatures with mixed keys, ${kind}`, pdf: await thirtySignatures(servers, kind) });
  }
  files.push({
    name: "certified, number, day and month each signed in a new field",
    pdf: await fieldPractice(servers),
  });
  files.push({ name: "annex with a mark of text", pdf: await marked(agency, "annex") });
  files.push({ name: "digitised copy with a mark of text", pdf: await marked(agency, "copy") });
  for (const encrypted of encryptedFiles(await plain("table"))) {
    const pdf = await signPdf(encrypted.pdf, { field: newField("Signature1", 0), signer: leader, at: minutesAgo(5) });
    files.push({ name: `encrypted file (${encrypted.name}) signed`, pdf });
  }
  return files;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const newField = (name: string, place: number, page = 0) => {
  const [left, bottom] = [40 + (place % 5) * 105, 60 + Math.floor(place / 5) * 40];
  return { type: "signature", name, page, rect: [left, bottom, left + 95, bottom + 30] } as const;
};

async function decisionFile(): Promise<Buffer> {
  const { bytes, places } = await administrativeDocument({
    superior: "Ủy ban nhân dân tỉnh Mẫu Sơn",
    agency: "Sở Nội vụ",
    symbol: "QĐ-SNV",
    place: "Mẫu Sơn",
    type: "Quyết định",
    subject: "Về việc ban hành quy chế làm việc",
    addressees: [],
    authority: "Giám đốc Sở Nội vụ",
    grounds: ["Căn cứ Luật Tổ chức chính quyền địa phương;"],
    enactment: "QUYẾT ĐỊNH:",
    body: "Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc của Sở Nội vụ.\n\nĐiều 2. Quyết định có hiệu lực từ ngày ký.",
    signerTitles: ["Giám đốc"],
    signerName: "Nguyễn Thị Ước",
    recipients: ["Như Điều 2"],
    archive: "VT",
    madeAt: minutesAgo(60),
  });
  return addFields(Buffer.from(bytes), documentFields(places));
}

async function asLeader(signer: Signer): Promise<SignRequest> {
  const appearance = await signatureAppearance({ kind: "PERSON", name: "Nguyễn Thị Ước", width: 150, height: 50 });
  return { field: fieldNames.leader, signer, at: minutesAgo(30), name: "Nguyễn Thị Ước", appearance };
}

async function asSeal(signer: Signer, pdf: Buffer): Promise<SignRequest> {
  const numbering = { number: 15, issuedOn: "2026-08-01", referenceCode: "15/QĐ-SNV" };
  return {
    field: fieldNames.seal,
    signer,
    at: minutesAgo(10),
    name: "Sở Nội vụ",
    appearance: await signatureAppearance({ kind: "AGENCY_SEAL", agency: "Sở Nội vụ tỉnh Mẫu Sơn" }),
    fill: await numberFills(pdf, numbering, null),
  };
}

async function plain(kind: "table" | "stream"): Promise<Buffer> {
  const file = await PDFDocument.create();
  const font = await file.embedFont(StandardFonts.TimesRoman);
  file.addPage([595, 842]).drawText("Bien ban", { x: 60, y: 760, size: 20, font });
  return Buffer.from(await file.save({ useObjectStreams: kind === "stream" }));
}

/** Keys that poppler, OpenSSL and both judges know. */
const kinds: readonly KeyKind[] = ["rsa-2048", "ec-p256", "rsa-3072", "ec-p384", "rsa-4096", "ec-p521"];

async function thirtySignatures(servers: AuthorityServers, kind: "table" | "stream"): Promise<Buffer> {
  const signers = kinds.map((each) => servers.issue(each).signer);
  const pss = servers.issue("rsa-2048");
  signers.push(signerFromKey(pss.key, pss.certificate, pss.signer.chain, { scheme: "pss" }));
  let pdf = await plain(kind);
  for (let at = 0; at < 30; at++) {
    const signer = signers[at % signers.length]!;
    pdf = await signPdf(pdf, { field: newField(`Signature${at + 1}`, at), signer, at: minutesAgo(30 - at) });
  }
  return pdf;
}

/** As token agents sign in the field: a certification, then each mark as a signature in a field of its own. */
async function fieldPractice(servers: AuthorityServers): Promise<Buffer> {
  const [officer, leader] = [servers.issue("rsa-2048").signer, servers.issue("rsa-2048").signer];
  const agency = servers.issue("rsa-2048", "agency-seal").signer;
  const steps = [officer, leader, agency, agency, agency, agency];
  let pdf = await plain("table");
  for (const [at, signer] of steps.entries()) {
    pdf = await signPdf(pdf, {
      field: newField(`Signature${at + 1}`, at),
      signer,
      at: minutesAgo(30 - at),
      ...(at === 0 && { certify: 2 as const }),
    });
  }
  return pdf;
}

async function marked(signer: Signer, kind: "annex" | "copy"): Promise<Buffer> {
  const pdf = await plain("table");
  const view = readPdf(pdf).latest;
  const geometry = pageGeometry(view, view.pages()[0]!);
  const at = minutesAgo(5);
  const { appearance, rect } =
    kind === "annex"
      ? await annexMark(geometry, "15/QĐ-SNV", at)
      : await copyMark(geometry, "SAO Y", "Sở Nội vụ tỉnh Mẫu Sơn", at);
  return signPdf(pdf, { field: { type: "signature", name: "Mark", page: 0, rect }, signer, at, appearance });
}

/** The file encrypted by qpdf with an empty user password, in each way that is still met; none where qpdf is not there. */
function encryptedFiles(pdf: Buffer): { name: string; pdf: Buffer }[] {
  const ways = { "AES-256": ["256"], "AES-128": ["128", "--use-aes=y"], "RC4-128": ["128", "--use-aes=n"] };
  const directory = mkdtempSync(join(tmpdir(), "congvan-"));
  try {
    const [from, to] = [join(directory, "in.pdf"), join(directory, "out.pdf")];
    writeFileSync(from, pdf);
    return Object.entries(ways).flatMap(([name, [bits, ...more]]) => {
      const made = spawnSync("qpdf", ["--allow-weak-crypto", "--encrypt", "", "owner", bits!, ...more, "--", from, to]);
      return made.status === 0 ? [{ name, pdf: readFileSync(to) }] : [];
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
