import type { PdfView } from "../pdf/document.ts";
import { PdfDict, type PdfObject } from "../pdf/objects.ts";

/** How far programs move what they round: in units, and as a share of the longest side, for units may be large. */
const [mostUnits, mostShare] = [0.001, 1e-4];
/** Colours of eight bits, as pdf.js keeps them. */
const steps = 255;
const nearStep = 1e-5;

/**
 * Whether a rectangle was only written with fewer decimals, as poppler, PoDoFo and Spire do with a page or a field that
 * they write anew. Fewer each time, so that it cannot be moved on and on; and none that was empty is so no more.
 */
export function isRoundedBox(
  base: PdfView,
  a: PdfObject | undefined,
  final: PdfView,
  b: PdfObject | undefined,
): boolean {
  const [before, after] = [numbersOf(base, a), numbersOf(final, b)];
  if (before?.length !== 4 || after?.length !== 4) return false;
  const sides = [before, after].map((box) => [box[2]! - box[0]!, box[3]! - box[1]!]);
  if (sides.flat().some((side) => side <= 0)) return false;
  const most = Math.min(mostUnits, mostShare * Math.max(...sides.flat()));
  return before.every((old, i) => isRounded(old, after[i]!, most));
}

function isRounded(old: number, current: number, most: number): boolean {
  if (old === current) return true;
  const places = decimals(current);
  return places < decimals(old) && Math.abs(old - current) <= Math.min(most, 10 ** -places);
}

function decimals(value: number): number {
  const [digits, exponent = "0"] = String(value).split("e") as [string, string?];
  return Math.max(0, (digits.split(".")[1]?.length ?? 0) - Number(exponent));
}

/** Whether what a widget says of its looks (12.5.6.19, table 189) is the same but for colours, rounded to eight bits. */
export function hasRoundedColours(
  { base, final, same }: { base: PdfView; final: PdfView; same: (a?: PdfObject, b?: PdfObject) => boolean },
  a: PdfObject | undefined,
  b: PdfObject | undefined,
): boolean {
  const [old, current] = [base.resolve(a), final.resolve(b)];
  if (!(old instanceof PdfDict && current instanceof PdfDict)) return false;
  return [...new Set([...old.entries.keys(), ...current.entries.keys()])].every((key) => {
    if (same(old.get(key), current.get(key))) return true;
    const [before, after] = [numbersOf(base, old.get(key)), numbersOf(final, current.get(key))];
    const isColour = (key === "BC" || key === "BG") && before !== undefined && before.length === after?.length;
    return isColour && before.every((part, i) => part === after![i] || isStep(part, after![i]!));
  });
}

/** Whether a part of a colour became the nearest of eight bits; what is one already stays. */
function isStep(old: number, current: number): boolean {
  const isOne = (value: number) => Math.abs(value * steps - Math.round(value * steps)) <= nearStep;
  return isOne(current) && !isOne(old) && Math.abs(old - current) <= 0.5 / steps + nearStep;
}

function numbersOf(view: PdfView, value: PdfObject | undefined): number[] | undefined {
  const list = view.resolve(value);
  return Array.isArray(list) && list.every((each) => typeof each === "number") ? list : undefined;
}
