import type { Rect } from "../pdf/geometry.ts";
import type { PdfView } from "../pdf/document.ts";
import { isName, PdfName, type PdfDict, type PdfObject } from "../pdf/objects.ts";
import { unknownFont, type Font } from "./fonts.ts";
import type { Matrix } from "./matrix.ts";

/** What counts here of the graphics state and of the text state (8.4.1, 9.3.1). */
export interface State {
  readonly ctm: Matrix;
  readonly clip: Rect;
  readonly lineWidth: number;
  readonly font: Font;
  readonly size: number;
  readonly leading: number;
  readonly charSpace: number;
  readonly wordSpace: number;
  readonly scale: number;
  readonly rise: number;
  readonly mode: number;
  /** Whether what is filled may not be seen on white: it is bright, or nobody knows its colour. */
  readonly isPale: boolean;
  /** Whether it may not be seen for other reasons: it is transparent, masked or blended. */
  readonly isVeiled: boolean;
}

/** The state in which content starts (8.4.1, 9.3.1). */
export function initialState(ctm: Matrix, clip: Rect): State {
  return {
    ctm,
    clip,
    lineWidth: 1,
    font: unknownFont,
    size: 12,
    leading: 0,
    charSpace: 0,
    wordSpace: 0,
    scale: 1,
    rise: 0,
    mode: 0,
    isPale: false,
    isVeiled: false,
  };
}

/** From this brightness on, of 0 to 1, text is not seen on white. */
const bright = 0.8;

/**
 * Whether a colour for filling is too bright to be seen on white (8.6.8); colours of any other space may be. Undefined
 * for other operators.
 */
export function isPale(operator: string, number: (i: number) => number): boolean | undefined {
  const bleached = (r: number, g: number, b: number) => 0.3 * r + 0.59 * g + 0.11 * b >= bright;
  const [a, b, c, d] = [0, 1, 2, 3].map(number) as [number, number, number, number];
  if (operator === "g") return a >= bright;
  if (operator === "rg") return bleached(a, b, c);
  if (operator === "k") return bleached(...([a, b, c].map((ink) => (1 - ink) * (1 - d)) as [number, number, number]));
  return ["cs", "sc", "scn"].includes(operator) ? true : undefined;
}

/** Whether graphics state parameters (8.4.5, table 57) let what is under a fill be seen, or only that. */
export function isVeiling(view: PdfView, parameters: PdfDict): boolean {
  const [alpha, mask, mode] = ["ca", "SMask", "BM"].map((key) => view.resolve(parameters.get(key)));
  const isOpaque = alpha === null || alpha === 1;
  const isBlended = mode !== null && !(mode instanceof PdfName && ["Normal", "Compatible"].includes(mode!.name));
  return !isOpaque || isBlended || !(mask === null || isName(mask, "None"));
}

/** What operators with one number set. */
export const settings: ReadonlyMap<string, (value: number) => Partial<State>> = new Map<
  string,
  (value: number) => Partial<State>
>([
  ["w", (lineWidth) => ({ lineWidth })],
  ["Tc", (charSpace) => ({ charSpace })],
  ["Tw", (wordSpace) => ({ wordSpace })],
  ["Tz", (percent) => ({ scale: percent / 100 })],
  ["TL", (leading) => ({ leading })],
  ["Ts", (rise) => ({ rise })],
  ["Tr", (mode) => ({ mode })],
]);

/** How many operands an operator takes: readers use the last ones. */
const arities: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    1: "w Tc Tw Tz TL Ts Tr Tj TJ ' Do gs M g",
    2: "m l Tf TD Td",
    3: '" rg',
    4: "v y re k",
    6: "cm c Tm",
  }).flatMap(([count, operators]) => operators.split(" ").map((operator) => [operator, Number(count)] as const)),
);

/** The operands that an operator takes of those that stand before it. */
export function taken(operator: string, operands: readonly PdfObject[]): readonly PdfObject[] {
  const arity = arities[operator];
  return arity !== undefined && operands.length > arity ? operands.slice(-arity) : operands;
}
