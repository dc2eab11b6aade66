import type { PdfDocument, PdfView } from "../pdf/document.ts";
import type { Rect } from "../pdf/geometry.ts";
import { PdfStream, type PdfObject } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import { unmap, type Matrix } from "./matrix.ts";

/** Tells the share of an image that is opaque: as a whole, or inside a rectangle of the page. */
export interface Opacity {
  readonly whole: number;
  within(rect: Rect, matrix: Matrix): number;
  /** How dense it is in a rectangle, 0 to 1: half-opaque pixels count half. */
  density(rect: Rect, matrix: Matrix): number;
}

/** Samples taken of a rectangle, across and up. */
const across = 24;
const up = 12;
const mostPixels = 64 * 1024 * 1024;
const solid: Opacity = { whole: 1, within: () => 1, density: () => 1 };

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly isOpaque: (x: number, y: number) => boolean;
  /** 0 to 1, where there is more than opaque and not. */
  readonly alpha?: (x: number, y: number) => number;
}

/** How opaque an image is by its soft mask, stencil mask, colour key, or as a stencil itself (8.9.6, 11.6.5). */
export function opacityOf(document: PdfDocument, view: PdfView, image: PdfStream): Opacity {
  const grid = attempt(
    () => gridOf(document, view, image),
    () => undefined,
  );
  if (!grid) return solid;
  const { isOpaque, alpha } = grid;
  const opaque = (x: number, y: number) => (isOpaque(x, y) ? 1 : 0);
  return {
    whole: shareOf(grid),
    within: (rect, matrix) => sampled(grid, opaque, rect, matrix),
    density: (rect, matrix) => sampled(grid, alpha ?? opaque, rect, matrix),
  };
}

/** What is opaque, pixel by pixel; undefined for an image that is so everywhere, or that cannot be read. */
function gridOf(document: PdfDocument, view: PdfView, image: PdfStream): Grid | undefined {
  const soft = view.resolve(image.dict.get("SMask"));
  const mask = view.resolve(image.dict.get("Mask"));
  // A soft mask paints where it is high, a stencil where it is low; /Decode turns that round.
  if (soft instanceof PdfStream)
    return masked(document, view, soft, view.resolve(soft.dict.get("BitsPerComponent")), true);
  if (mask instanceof PdfStream) return masked(document, view, mask, 1, false);
  if (Array.isArray(mask))
    return keyed(
      document,
      view,
      image,
      mask.map((item) => view.resolve(item)),
    );
  return view.resolve(image.dict.get("ImageMask")) === true ? masked(document, view, image, 1, false) : undefined;
}

function masked(
  document: PdfDocument,
  view: PdfView,
  mask: PdfStream,
  bits: PdfObject,
  paintsHigh: boolean,
): Grid | undefined {
  const pixels = readPixels(document, view, mask, bits, 1);
  if (!pixels) return undefined;
  const decode = view.resolve(mask.dict.get("Decode"));
  const [low, high] = Array.isArray(decode) ? decode.map((item) => view.resolve(item)) : [0, 1];
  // Any other range may make all of it opaque.
  if (!((low === 0 && high === 1) || (low === 1 && high === 0))) return undefined;
  const isHigh = paintsHigh === (low === 0);
  const most = 2 ** pixels.bits - 1;
  const alpha = (x: number, y: number) => (isHigh ? pixels.at(x, y, 0) : most - pixels.at(x, y, 0)) / most;
  return { ...pixels, alpha, isOpaque: (x, y) => alpha(x, y) >= 0.5 };
}

/** 8.9.6.4: what lies between the bounds in every component is not painted. */
function keyed(document: PdfDocument, view: PdfView, image: PdfStream, bounds: readonly PdfObject[]): Grid | undefined {
  const count = bounds.length / 2;
  if (!Number.isInteger(count) || count < 1 || count > 4) return undefined;
  const pixels = readPixels(document, view, image, view.resolve(image.dict.get("BitsPerComponent")), count);
  if (!pixels || !bounds.every((bound) => typeof bound === "number")) return undefined;
  const isKey = (x: number, y: number, component: number): boolean => {
    const value = pixels.at(x, y, component);
    return value >= bounds[2 * component]! && value <= bounds[2 * component + 1]!;
  };
  const components = Array.from({ length: count }, (_, i) => i);
  return { ...pixels, isOpaque: (x, y) => !components.every((component) => isKey(x, y, component)) };
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  at(x: number, y: number, component: number): number;
}

/** Samples of up to eight bits; rows begin at whole bytes (8.9.3). */
function readPixels(
  document: PdfDocument,
  view: PdfView,
  image: PdfStream,
  bits: PdfObject,
  components: number,
): Pixels | undefined {
  const [width, height] = ["Width", "Height"].map((key) => view.resolve(image.dict.get(key)));
  if (!isSize(width) || !isSize(height) || width * height > mostPixels) return undefined;
  if (typeof bits !== "number" || ![1, 2, 4, 8].includes(bits)) return undefined;
  const data = document.decode(image, view);
  const row = Math.ceil((width * components * bits) / 8);
  if (data.length < row * height) return undefined;
  return {
    width,
    height,
    bits,
    at: (x, y, component) => {
      const first = (x * components + component) * bits;
      return (data[y * row + (first >> 3)]! >> (8 - bits - (first & 7))) & (2 ** bits - 1);
    },
  };
}

function isSize(value: PdfObject | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

function shareOf({ width, height, isOpaque }: Grid): number {
  let count = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (isOpaque(x, y)) count++;
  return count / (width * height);
}

/** An image fills the unit square, its first row at the top (8.9.5.2). */
function sampled(
  { width, height }: Grid,
  weight: (x: number, y: number) => number,
  rect: Rect,
  matrix: Matrix,
): number {
  let count = 0;
  for (let i = 0; i < across; i++) {
    for (let j = 0; j < up; j++) {
      const x = rect[0] + ((i + 0.5) / across) * (rect[2] - rect[0]);
      const y = rect[1] + ((j + 0.5) / up) * (rect[3] - rect[1]);
      const point = unmap(matrix, x, y);
      if (!point || point[0] < 0 || point[0] >= 1 || point[1] <= 0 || point[1] > 1) continue;
      count += weight(Math.floor(point[0] * width), Math.floor((1 - point[1]) * height));
    }
  }
  return count / (across * up);
}
