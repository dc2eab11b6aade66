import type { ModificationLevel, SignatureLevel, SignatureMark } from "../../../signing/index.ts";

type Box = readonly [number, number, number, number];

/** One thing done to a file, in the words of the makers. */
export interface Step {
  readonly maker:
    | "iText 5"
    | "iText 7"
    | "iText 8"
    | "iText 9"
    | "PDFBox"
    | "PDFBox 2"
    | "OpenPDF"
    | "EU DSS"
    | "pyHanko"
    | "endesive"
    | "@signpdf"
    | "@signpdf with pdf-lib"
    | "@libpdf/core"
    | "ours";
  readonly action: "sign" | "timestamp" | "fill" | "info" | "dss" | "lta" | "lift" | "fields" | "field";
  readonly field?: string;
  readonly rect?: Box;
  /** Fields to be made. */
  readonly fields?: Readonly<Record<string, Box>>;
  /** Who signs; the officer unless given. */
  readonly who?: "officer" | "leader" | "agency";
  readonly stamped?: boolean;
  readonly image?: "seal" | "handwriting";
  readonly level?: "B-B" | "B-T" | "B-LT" | "B-LTA";
  /** The level that the signature must be found to have in the end. */
  readonly is?: SignatureLevel;
  readonly mark?: SignatureMark;
  readonly [option: string]: unknown;
}

/** A file in the making. */
export interface Recipe {
  readonly name: string;
  readonly base: string;
  readonly steps: readonly Step[];
}

/** Where number, day, month, leader and seal stand (bases.py). */
export const places = {
  initials: [500, 160, 540, 180],
  number: [82, 734, 114, 754],
  day: [372, 734, 396, 754],
  month: [432, 734, 456, 754],
  leader: [345, 200, 475, 290],
  seal: [295, 190, 385, 280],
  top: [380, 790, 560, 830],
  foot: [60, 20, 200, 50],
} as const;

const agent = { maker: "iText 5", action: "sign", leafOnly: true, stamped: true } as const;
const phone = { maker: "PDFBox", action: "sign", phone: true, leafOnly: true, stamped: true } as const;

/** As agencies sign: initials that certify, the leader by phone, number, day and month, and the seal. */
function practice(base: string, stamped = true): Recipe {
  const is = stamped ? "CMS_WITH_TIMESTAMP" : "CMS";
  const mark = { ...agent, who: "agency", stamped, is } as const;
  return {
    name: `practice${stamped ? "" : " without time-stamps"} on ${base}`,
    base,
    steps: [
      { ...agent, stamped, is, field: "Signature1", rect: places.initials, certify: 2, image: "handwriting" },
      {
        ...phone,
        is: "CMS_WITH_TIMESTAMP",
        who: "leader",
        field: "Signature2",
        rect: places.leader,
        image: "handwriting",
      },
      { ...mark, field: "Signature3", rect: places.number, mark: "NUMBER", text: "15" },
      { ...mark, field: "Signature4", rect: places.day, mark: "DAY", text: "27" },
      { ...mark, field: "Signature5", rect: places.month, mark: "MONTH", text: "11" },
      { ...mark, field: "Signature6", rect: places.seal, image: "seal" },
    ],
  };
}

/** Each maker once, on top of the others' work; EU DSS first: with a picture it adds an output intent. */
function alternating(base: string): Recipe {
  return {
    name: `seven makers on ${base}`,
    base,
    steps: [
      {
        maker: "EU DSS",
        action: "sign",
        field: "S3",
        rect: [60, 340, 150, 430],
        image: "seal",
        level: "B-T",
        stamped: true,
        who: "agency",
        is: "B-T",
      },
      { maker: "iText 5", action: "sign", field: "S1", rect: places.initials, reason: "Ky nhay", is: "CMS" },
      {
        maker: "pyHanko",
        action: "sign",
        field: "S2",
        rect: places.leader,
        text: "Nguyen Thi Uoc",
        level: "B-T",
        stamped: true,
        is: "B-T",
      },
      { maker: "ours", action: "sign", field: "S4", rect: places.foot, is: "B-T" },
      { maker: "PDFBox", action: "sign", field: "S5", rect: [210, 20, 300, 50], image: "handwriting", is: "CMS" },
      { maker: "OpenPDF", action: "sign", field: "S6", rect: [310, 20, 400, 50], text: "So Y te", is: "CMS" },
      { maker: "iText 9", action: "sign", field: "S7", rect: [410, 20, 500, 50], cades: true, is: "B-T" },
      { maker: "iText 5", action: "timestamp", field: "T1", stamped: true, is: "DOCUMENT_TIMESTAMP" },
    ],
  };
}

function levels(base: string): Recipe[] {
  const signed = { action: "sign", field: "S1", rect: places.leader, stamped: true } as const;
  const stamp = { action: "timestamp", field: "T9", stamped: true, is: "DOCUMENT_TIMESTAMP" } as const;
  const all = ["B-B", "B-T", "B-LT", "B-LTA"] as const;
  const makers = ["pyHanko", "EU DSS", "iText 9"] as const;
  return [
    ...makers.flatMap((maker) =>
      all.map((level): Recipe => ({
        name: `${maker} at ${level} on ${base}`,
        base,
        steps: [{ ...signed, maker, level, is: level, text: "Nguyen Thi Uoc", stamped: level !== "B-B" }],
      })),
    ),
    {
      name: `pyHanko renews on ${base}`,
      base,
      steps: [
        { ...signed, maker: "pyHanko", level: "B-LTA", is: "B-LTA" },
        { maker: "pyHanko", action: "lta", stamped: true },
      ],
    },
    {
      name: `EU DSS lifts what iText 5 signed on ${base}`,
      base,
      steps: [
        { ...signed, maker: "iText 5", cades: true, certify: 2, image: "handwriting", is: "B-LTA" },
        {
          ...signed,
          maker: "iText 5",
          field: "S2",
          who: "agency",
          rect: places.seal,
          image: "seal",
          cades: true,
          is: "B-LTA",
        },
        { maker: "EU DSS", action: "lift", level: "B-LTA", vri: true, stamped: true },
        { ...stamp, maker: "EU DSS" },
      ],
    },
    {
      name: `iText 5 adds validation material and a time-stamp on ${base}`,
      base,
      steps: [
        { ...signed, maker: "iText 5", cades: true, compressed: true, is: "B-LTA" },
        { maker: "iText 5", action: "dss" },
        { ...stamp, maker: "iText 5" },
      ],
    },
    {
      name: `certified by pyHanko with nothing allowed, then material and time-stamps on ${base}`,
      base,
      steps: [
        { ...signed, maker: "pyHanko", certify: 1, level: "B-T", is: "B-LTA" },
        { maker: "pyHanko", action: "dss" },
        { ...stamp, maker: "EU DSS" },
      ],
    },
  ];
}

/** Fields made beforehand, text fields filled between signatures, one locked. */
function forms(base: string): Recipe[] {
  return (["iText 5", "iText 9", "PDFBox", "OpenPDF"] as const).flatMap((filler): Recipe[] => [
    {
      name: `a field filled by ${filler} between signatures on ${base}`,
      base,
      steps: [
        { maker: "pyHanko", action: "fields", fields: { Leader: places.leader, Seal: places.seal } },
        {
          maker: "iText 5",
          action: "sign",
          field: "Leader",
          image: "handwriting",
          lock: ["NoiNhan"],
          certify: 2,
          is: "CMS",
        },
        { maker: filler, action: "fill", fill: { GhiChu: "Luu: VT" } },
        {
          maker: "pyHanko",
          action: "sign",
          field: "Seal",
          existing: true,
          image: "seal",
          who: "agency",
          level: "B-B",
          is: "B-B",
        },
      ],
    },
    {
      name: `a field filled by ${filler} after the last signature on ${base}`,
      base,
      steps: [
        { maker: "iText 9", action: "sign", field: "Seal", rect: places.seal, cades: true, is: "B-B" },
        { maker: filler, action: "fill", fill: { NoiNhan: "Nhu Dieu 2", GhiChu: "Luu: VT" } },
      ],
    },
  ]);
}

function amended(base: string): Recipe[] {
  return (["iText 5", "iText 9", "PDFBox"] as const).map((maker) => ({
    name: `date of change set by ${maker} after signing on ${base}`,
    base,
    steps: [
      {
        maker: "OpenPDF",
        action: "sign",
        field: "Leader",
        rect: places.leader,
        image: "handwriting",
        certify: 2,
        is: "CMS",
      },
      { maker, action: "info" },
    ],
  }));
}

/** A digitised copy: one signature at the top right. */
function digitised(base: string): Recipe {
  return {
    name: `digitised copy on ${base}`,
    base,
    steps: [
      {
        ...agent,
        who: "agency",
        field: "Signature1",
        rect: places.top,
        text: "So Y te, 27/11/2026 08:30:00",
        is: "CMS_WITH_TIMESTAMP",
      },
    ],
  };
}

function endesive(base: string): Recipe {
  return {
    name: `endesive, then the token agent on ${base}`,
    base,
    steps: [
      { maker: "endesive", action: "sign", field: "Signature1", rect: places.foot, text: "Nguyen Thi Uoc", is: "CMS" },
      { ...agent, who: "agency", field: "Signature2", rect: places.seal, image: "seal", is: "CMS_WITH_TIMESTAMP" },
    ],
  };
}

/** Programs that make the files that are signed (bases.py), and ours. */
export const bases = [
  "reportlab",
  "reportlab_form",
  "fpdf2",
  "weasyprint",
  "typst",
  "libreoffice",
  "ghostscript",
  "linearised",
  "object_streams",
  "encrypted_aes128",
  "encrypted_rc4",
  "pdf-lib",
] as const;

/** Bases with text fields. */
const withForm = ["reportlab_form", "linearised", "object_streams", "encrypted_aes128"];

/**
 * What we refuse for a reason: PDFBox, and EU DSS with it, fill what the CMS leaves of its room with encrypted zeros;
 * iText 9 hangs a whole tree of tags with several roots below a new element (both judges refuse that, too).
 */
function leftOut(base: string, maker: Step["maker"]): boolean {
  if (base.startsWith("encrypted")) return maker === "PDFBox" || maker === "EU DSS";
  return base === "libreoffice" && maker === "iText 9";
}

/** Without the steps that are left out; nothing where the file would not become what it is meant to be. */
function withoutLeftOut({ steps, ...rest }: Recipe): Recipe[] {
  const carriedOut = steps.filter(({ maker }) => !leftOut(rest.base, maker));
  const isLifted = steps.some((step) => step.action === "lift" && !carriedOut.includes(step));
  const isSigned = carriedOut.some(({ action }) => action === "sign");
  return isSigned && !isLifted ? [{ ...rest, steps: carriedOut }] : [];
}

/** All combinations, or a few dozen that meet each maker, each base and each way once or more. */
export function recipes(all: boolean): Recipe[] {
  const perBase = bases.map((base, index) => [
    ...(all || index === 0 ? [practice(base, false), digitised(base), endesive(base)] : []),
    ...(all || index % 2 === 0 ? [practice(base)] : []),
    ...(all || index % 2 === 1 ? [alternating(base)] : []),
    ...(all || base === "weasyprint" ? levels(base) : []),
    ...(withForm.includes(base) && (all || base === "reportlab_form") ? forms(base) : []),
    ...(all || base === "typst" ? amended(base) : []),
  ]);
  return perBase.flat().flatMap(withoutLeftOut);
}

/** Word for what came after a signature. */
export function expectedChange(later: readonly Step[]): ModificationLevel | undefined {
  const actions = new Set(later.map(({ action }) => action));
  if (actions.size === 0) return "NONE";
  if (["sign", "fill", "fields"].some((each) => actions.has(each as Step["action"]))) return "FORM_FILLING";
  return actions.has("info") ? undefined : "LTA_UPDATES";
}
