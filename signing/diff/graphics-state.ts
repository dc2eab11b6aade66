import type { Rect } from "../pdf/geometry.ts";
import type { PdfObject } from "../pdf/objects.ts";
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
  };
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
    1: "w Tc Tw Tz TL Ts Tr Tj TJ ' Do gs M",
    2: "m l Tf TD Td",
    3: '"',
    4: "v y re",
    6: "cm c Tm",
  }).flatMap(([count, operators]) => operators.split(" ").map((operator) => [operator, Number(count)] as const)),
);

/** The operands that an operator takes of those that stand before it. */
export function taken(operator: string, operands: readonly PdfObject[]): readonly PdfObject[] {
  const arity = arities[operator];
  return arity !== undefined && operands.length > arity ? operands.slice(-arity) : operands;
}
