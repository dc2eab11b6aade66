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
  /** The colour space for filling: that of the device, or one that nobody knows here. */
  readonly space: ColourSpace;
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
    space: "DeviceGray",
    isPale: false,
    isVeiled: false,
  };
}

/** From this brightness on, of 0 to 1, text is not seen on white. */
const bright = 0.8;
const spaces = { g: "DeviceGray", rg: "DeviceRGB", k: "DeviceCMYK" } as const;
/** How many numbers make a colour. */
const parts = { DeviceGray: 1, DeviceRGB: 3, DeviceCMYK: 4 } as const;
type ColourSpace = (typeof spaces)[keyof typeof spaces] | "other";

/**
 * What an operator sets of the colour for filling (8.6.8): whether it is too bright to be seen on white, as a colour of
 * any space but the device's may be. Undefined for other operators.
 */
export function fillColour(
  operator: string,
  operands: readonly PdfObject[],
  current: ColourSpace,
): Pick<State, "space" | "isPale"> | undefined {
  if (operator === "cs") {
    const [named = null] = operands;
    const space = Object.values(spaces).find((each) => isName(named, each)) ?? "other";
    // Each of them begins with black.
    return { space, isPale: space === "other" };
  }
  if (operator === "sc" || operator === "scn") {
    const isKnown = current !== "other" && operands.length === parts[current];
    return { space: current, isPale: !isKnown || operands.some(isNoNumber) || isPale(current, operands) };
  }
  if (!Object.hasOwn(spaces, operator)) return undefined;
  const space = spaces[operator as keyof typeof spaces];
  return { space, isPale: isPale(space, operands) };
}

function isNoNumber(operand: PdfObject): boolean {
  return typeof operand !== "number";
}

function isPale(space: Exclude<ColourSpace, "other">, operands: readonly PdfObject[]): boolean {
  const number = (i: number) => (typeof operands[i] === "number" ? operands[i] : 0);
  const [a, b, c, d] = [number(0), number(1), number(2), number(3)];
  const bleached = (red: number, green: number, blue: number) => 0.3 * red + 0.59 * green + 0.11 * blue >= bright;
  if (space === "DeviceGray") return a >= bright;
  if (space === "DeviceRGB") return bleached(a, b, c);
  return bleached((1 - a) * (1 - d), (1 - b) * (1 - d), (1 - c) * (1 - d));
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
    1: "w Tc Tw Tz TL Ts Tr Tj TJ ' Do gs M g cs",
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
