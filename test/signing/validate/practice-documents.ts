import { constants, createHash, privateEncrypt, type KeyObject } from "node:crypto";
import { der } from "../../../signing/asn1.ts";
import { attribute } from "../../../signing/cms/write.ts";
import { issueTimestampToken } from "../../../signing/issue/timestamps.ts";
import { Oid } from "../../../signing/oids.ts";
import { issueSigner } from "../authorities.ts";
import { buildCms, toCutUp, type CmsParts } from "../cms-builder.ts";
import { addSignature, append, stream, type Objects } from "../verify-documents.ts";
import { day, longStamping } from "./time-machine.ts";

/** Synthetic twins of documents as agencies issue them: nothing in here is taken from a real one. */
export const leader = issueSigner("rsa-2048");
export const agency = issueSigner("rsa-2048", "agency-seal");
export const drafter = issueSigner("rsa-2048");

const annotations = (list: readonly string[]) => (list.length ? ` /Annots [${list.join(" ")}]` : "");
const page = (annots: readonly string[]) =>
  `<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>${annotations(annots)}>>`;

/** A decision as a word processor wrote it: gaps where number, day and month will be, and no form. */
export const draft = append(Buffer.alloc(0), {
  1: "<</Type /Catalog /Pages 2 0 R /MarkInfo <</Marked true>> /Lang (vi)>>",
  2: "<</Type /Pages /Kids [3 0 R] /Count 1>>",
  3: page([]),
  4: stream(
    "",
    "BT /F1 12 Tf 60 780 Td (UY BAN NHAN DAN TINH) Tj 0 -40 Td (So:) Tj 55 0 Td (/QD-SYT) Tj " +
      "185 0 Td (Hue, ngay) Tj 86 0 Td (thang) Tj 64 0 Td (nam 2026) Tj -390 -60 Td (QUYET DINH ve viec thu nghiem) Tj ET",
  ),
  5: "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
  11: "<</Title (Quyet dinh)>>",
});

/** Places of the marks in the gaps, and of the others in the blank below. */
export const places = {
  number: "80 736 110 754",
  day: "358 736 380 754",
  month: "422 736 444 754",
  leader: "330 300 520 380",
  seal: "270 300 360 390",
  drafter: "20 20 60 40",
} as const;

export interface Step {
  readonly name: string;
  readonly rect: string;
  /** What the appearance shows. */
  readonly shows: string;
  readonly cms: (content: Buffer) => Buffer;
  /** The token agent writes compact dictionaries; the remote signer one key a line, and /DR and /DA into the form. */
  readonly writer: "agent" | "remote";
  readonly certify?: number;
  readonly objects?: Objects;
}

/** Appends the signatures of `steps`, each in a field that did not exist before, to a file that has `made` of them. */
export async function signAll(
  base: Buffer,
  steps: readonly Step[],
  made = 0,
  certified = steps[0]?.certify,
): Promise<Buffer> {
  let pdf = base;
  for (const [i, step] of steps.entries()) {
    // What the remote signer has put into the form stays there.
    const resources = steps.slice(0, i + 1).some(({ writer }) => writer === "remote");
    pdf = await signNext(pdf, step, made + i, { certified: certified !== undefined, resources });
  }
  return pdf;
}

const numberOf = (index: number) => 20 + 3 * index;

function signNext(
  base: Buffer,
  step: Step,
  index: number,
  state: { certified: boolean; resources: boolean },
): Promise<Buffer> {
  const { certified, resources } = state;
  const value = numberOf(index);
  const fields = Array.from({ length: index + 1 }, (_, i) => `${numberOf(i) + 1} 0 R`);
  const lay = (keys: readonly string[]) =>
    step.writer === "agent" ? `<<${keys.join("")}>>` : `<<\n${keys.join("\n")}\n>>`;
  const form = [
    `/Fields [${fields.join(" ")}]`,
    "/SigFlags 3",
    ...(resources ? ["/DR <</Font <</F1 5 0 R>>>>", "/DA (/F1 0 Tf 0 g)"] : []),
  ];
  const catalog = [
    "/Type /Catalog",
    "/Pages 2 0 R",
    "/MarkInfo <</Marked true>>",
    "/Lang (vi)",
    "/AcroForm 12 0 R",
    ...(certified ? [`/Perms <</DocMDP ${numberOf(0)} 0 R>>`] : []),
  ];
  const widget = [
    "/Type /Annot",
    "/Subtype /Widget",
    "/FT /Sig",
    `/T (${step.name})`,
    `/Rect [${step.rect}]`,
    "/P 3 0 R",
    "/F 132",
    `/V ${value} 0 R`,
    `/AP <</N ${value + 2} 0 R>>`,
  ];
  return addSignature(base, {
    signer: leader.signer,
    number: value,
    subFilter: "adbe.pkcs7.detached",
    cms: (content) => Promise.resolve(step.cms(content)),
    more: step.certify
      ? `/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /V /1.2 /P ${step.certify}>>>>]`
      : "",
    objects: {
      1: lay(step.writer === "agent" ? catalog : catalog.toReversed()),
      3: page(fields),
      12: lay(form),
      [value + 1]: lay(widget),
      [value + 2]: stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources <</Font <</F1 5 0 R>>>>",
        `q BT /F1 12 Tf 2 4 Td (${step.shows}) Tj ET Q`,
      ),
      ...step.objects,
    },
  });
}

const stampOver = (signature: Buffer) =>
  attribute(
    Oid.signatureTimeStampToken,
    issueTimestampToken({
      authority: longStamping,
      imprint: createHash("sha256").update(signature).digest(),
      imprintAlgorithm: "sha256",
      at: day("2026-08-01T01:00"),
    }),
  );

interface Key {
  readonly key: KeyObject;
  readonly certificate: Buffer;
}

/** As token agents write it: DER, two signed attributes, rsaEncryption, the signer's certificate alone. */
export const byToken =
  ({ key, certificate }: Key, stamped = true, more: Partial<CmsParts> = {}) =>
  (content: Buffer): Buffer => {
    const parts: CmsParts = {
      key,
      certificate,
      content,
      attributes: ([contentType, digest]) => [contentType!, digest!],
      digestAlgorithm: der.sequence(der.oid(Oid.sha256), der.null()),
      signatureAlgorithm: der.sequence(der.oid(Oid.rsaEncryption), der.null()),
      ...more,
    };
    return stamped ? withStamp(parts) : buildCms(parts);
  };

/** PKCS#1 v1.5 over a DigestInfo whose algorithm has these parameters: none, as remote services write it. */
export const signLoosely =
  (key: KeyObject, parameters: readonly Buffer[] = [], behind: readonly Buffer[] = []) =>
  (bytes: Buffer): Buffer => {
    const hash = createHash("sha256").update(bytes).digest();
    const info = der.sequence(der.sequence(der.oid(Oid.sha256), ...parameters), der.octets(hash));
    const all = Buffer.concat([info, ...behind]);
    const padding = Buffer.alloc(256 - 3 - all.length, 0xff);
    const block = Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), all]);
    return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
  };

/** As the phone signs: BER, algorithm protection, a digest without parameters outside and inside of the block. */
export const byPhone =
  ({ key, certificate }: Key, sign = signLoosely(key)) =>
  (content: Buffer): Buffer => {
    const digestAlgorithm = der.sequence(der.oid(Oid.sha256));
    const signatureAlgorithm = der.sequence(der.oid(Oid.sha256WithRsa), der.null());
    const inner = Buffer.from(signatureAlgorithm);
    inner[0] = 0xa1;
    const protection = attribute(Oid.cmsAlgorithmProtection, der.sequence(digestAlgorithm, inner));
    return toCutUp(
      withStamp({
        key,
        certificate,
        content,
        digestAlgorithm,
        signatureAlgorithm,
        sign,
        attributes: ([contentType, digest]) => [contentType!, protection, digest!],
      }),
    );
  };

/** The signature must be the same both times, so keys that sign with chance are of no use here. */
function withStamp(parts: CmsParts): Buffer {
  let made: Buffer | undefined;
  const sign = parts.sign;
  buildCms({ ...parts, sign: (bytes) => (made = sign ? sign(bytes) : signLoosely(parts.key, [der.null()])(bytes)) });
  return buildCms({ ...parts, sign: () => made!, unsigned: [stampOver(made!)] });
}

/** Initials, leader, number, day, month, seal: who signs what, with which key, by which writer. */
export const chain: readonly Step[] = [
  { name: "Signature1", rect: places.drafter, shows: "NTU", cms: byToken(drafter), writer: "agent", certify: 2 },
  { name: "Signature2", rect: places.leader, shows: "GIAM DOC", cms: byPhone(leader), writer: "remote" },
  { name: "Signature3", rect: places.number, shows: "15", cms: byToken(agency), writer: "agent" },
  { name: "Signature4", rect: places.day, shows: "05", cms: byToken(agency, false), writer: "agent" },
  { name: "Signature5", rect: places.month, shows: "8", cms: byToken(agency), writer: "remote" },
  { name: "Signature6", rect: places.seal, shows: "", cms: byToken(agency), writer: "agent" },
];
