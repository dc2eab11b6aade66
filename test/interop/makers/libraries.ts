import { places, type Recipe, type Step } from "./recipes.ts";

/** How a library signs where nothing else is said: what it draws, and the level that its signatures have. */
interface Style {
  readonly step: Partial<Step> & Pick<Step, "maker" | "is">;
  /** Whether it can certify. */
  readonly certifies: boolean;
  /** Whether it can draw in a new field; if not, it signs in fields made for it. */
  readonly draws: boolean;
  readonly bases: readonly string[];
}

const everywhere = ["pdf-lib", "pdf-lib table", "reportlab_form", "object_streams", "libreoffice", "weasyprint"];

/** Libraries in wide use of which each signs once, twice, and in turn with us. */
const styles: readonly Style[] = [
  { step: { maker: "iText 7", is: "CMS" }, certifies: true, draws: true, bases: everywhere },
  { step: { maker: "iText 8", is: "B-B", cades: true }, certifies: true, draws: true, bases: everywhere },
  { step: { maker: "PDFBox 2", is: "CMS" }, certifies: true, draws: true, bases: everywhere },
  { step: { maker: "@libpdf/core", is: "B-B", level: "B-B" }, certifies: false, draws: false, bases: everywhere },
  // It reads cross-reference tables only, and looks for what it changes with regular expressions.
  {
    step: { maker: "@signpdf", is: "CMS" },
    certifies: false,
    draws: true,
    bases: ["pdf-lib table", "reportlab", "fpdf2", "ghostscript"],
  },
];

const handwriting = { image: "handwriting" } as const;
const text = { text: "Nguyen Thi Uoc" } as const;

function byLibrary({ step, certifies, draws }: Style, base: string): Recipe[] {
  const { maker } = step;
  const sign = (field: string, rect: Step["rect"], more: Partial<Step> = {}): Step => ({
    action: "sign",
    field,
    ...(draws ? { rect } : { existing: true }),
    ...more,
    ...step,
  });
  const [leader, seal] = [places.leader, places.seal];
  const ours = (field: string, rect: Step["rect"]): Step => ({ maker: "ours", action: "sign", field, rect, is: "B-B" });
  const fields: Step = {
    maker: "ours",
    action: "fields",
    fields: Object.fromEntries(["Signature1", "Signature2", "Signature3"].map((name, at) => [name, boxes[at]!])),
  };
  const prepared = draws ? [] : [fields];
  const [first, second, third] = boxes;
  const one = sign("Signature1", leader, handwriting);
  const again = sign("Signature2", seal, { image: "seal", who: "agency" });
  const between: Recipe = {
    name: `${maker} after us and before us on ${base}`,
    base,
    steps: [
      ...prepared,
      ours("Ours1", places.foot),
      ...(draws ? [sign("Signature2", second, text)] : [one]),
      ours("Ours3", first),
    ],
  };
  return [
    ...(spoils(base, maker) ? [] : [between]),
    {
      name: `${maker}, then we, then ${maker} on ${base}`,
      base,
      steps: [
        ...prepared,
        sign("Signature1", first, text),
        ours("Ours2", places.foot),
        sign("Signature3", third, { ...handwriting, who: "leader" }),
      ],
    },
    { name: `${maker} twice on ${base}`, base, steps: [...prepared, one, again] },
    { name: `${maker} once on ${base}`, base, steps: [...prepared, one] },
    ...(certifies ? [practiceBy(step, base)] : []),
  ];
}

/**
 * What no reader should pass after another's signature: iText hangs a tree of tags with several roots below a new
 * element (both judges refuse that, too), and @signpdf writes over a form that it has not written itself.
 */
function spoils(base: string, maker: Step["maker"]): boolean {
  return maker === "@signpdf" || (base === "libreoffice" && maker.startsWith("iText"));
}

const boxes = [
  [60, 340, 160, 390],
  [170, 340, 270, 390],
  [280, 340, 380, 390],
] as const;

/** As agencies sign, with the token agent's library replaced: each mark a signature in a new field under DocMDP P=2. */
function practiceBy(step: Style["step"], base: string): Recipe {
  const sign = { action: "sign", ...step } as const;
  const mark = { ...sign, who: "agency", leafOnly: true } as const;
  return {
    name: `practice with ${step.maker} on ${base}`,
    base,
    steps: [
      { ...sign, field: "Signature1", rect: places.initials, certify: 2, leafOnly: true, ...handwriting },
      {
        maker: "PDFBox",
        action: "sign",
        phone: true,
        leafOnly: true,
        stamped: true,
        is: "CMS_WITH_TIMESTAMP",
        who: "leader",
        field: "Signature2",
        rect: places.leader,
        ...handwriting,
      },
      { ...mark, field: "Signature3", rect: places.number, mark: "NUMBER", text: "15" },
      { ...mark, field: "Signature4", rect: places.day, mark: "DAY", text: "27" },
      { ...mark, field: "Signature5", rect: places.month, mark: "MONTH", text: "11" },
      // EU DSS refuses to sign over another widget, as a seal is put.
      { ...mark, field: "Signature6", rect: step.maker === "EU DSS" ? boxes[0] : places.seal, image: "seal" },
    ],
  };
}

/** @signpdf's way with pdf-lib, which begins a file; then the token agent, and we. */
function begunByPdfLib(base: string, streams: boolean): Recipe {
  return {
    name: `@signpdf with pdf-lib, then others on ${base}${streams ? " with object streams" : ""}`,
    base,
    steps: [
      { maker: "@signpdf with pdf-lib", action: "sign", rect: places.leader, streams, is: "CMS" },
      { maker: "iText 5", action: "sign", field: "S2", rect: places.seal, image: "seal", who: "agency", is: "CMS" },
      { maker: "ours", action: "sign", field: "S3", rect: places.foot, is: "B-B" },
    ],
  };
}

/** The agency's marks by libraries other than the token agents'. */
const markers: readonly Style["step"][] = [
  { maker: "iText 9", is: "CMS" },
  { maker: "OpenPDF", is: "CMS" },
  { maker: "pyHanko", is: "B-B", level: "B-B" },
  { maker: "EU DSS", is: "B-B", level: "B-B" },
  { maker: "endesive", is: "CMS" },
];

/**
 * Recipes of the libraries; without `all`, of each library one on every other base, and one practice for each marker.
 */
export function libraryRecipes(all: boolean): Recipe[] {
  const own = styles.flatMap((style) =>
    style.bases.flatMap((base, index) => {
      const made = byLibrary(style, base);
      // Every other base, and another way on each of them.
      return all ? made : index % 2 === 0 ? [made.at(-1 - index / 2)!] : [];
    }),
  );
  const marked = markers.flatMap((step, index) =>
    (all ? ["reportlab", "weasyprint", "pdf-lib"] : [["reportlab", "weasyprint"][index % 2]!]).map((base) =>
      practiceBy(step, base),
    ),
  );
  const begun = ["pdf-lib", "reportlab"].flatMap((base, index) =>
    [false, true].filter((streams) => all || streams === (index === 0)).map((streams) => begunByPdfLib(base, streams)),
  );
  return [...own, ...marked, ...begun];
}
