import type { Rect } from "../pdf/geometry.ts";
import { around, type Matrix } from "./matrix.ts";
import type { Segment } from "./strokes.ts";

export type Point = Segment[0];

const mostSegments = 100_000;

/** Lines and curves as they are put together until an operator paints them (8.5.2). */
export class Path {
  #points: Point[] = [];
  #begun: Point = [0, 0];
  readonly #keepsSegments: boolean;
  segments: Segment[] = [];
  /** Whether what is painted next has to stay inside. */
  clips = false;
  /** Whether there is more to it than rectangles. */
  isDrawing = false;
  hasCurves = false;

  constructor(keepsSegments: boolean) {
    this.#keepsSegments = keepsSegments;
  }

  /** The rectangle around it; undefined as long as there is nothing. */
  get rect(): Rect | undefined {
    return this.#points.length > 0 ? around(this.#points) : undefined;
  }

  /** Corners, and the points that curves are drawn towards. */
  get points(): readonly Point[] {
    return this.#points;
  }

  /** Takes an operator that builds paths; false for any other. */
  take(operator: string, number: (i: number) => number, ctm: Matrix): boolean {
    const point = (i: number) => pointOf(ctm, number(i), number(i + 1));
    switch (operator) {
      case "m":
        this.#points.push((this.#begun = point(0)));
        return true;
      case "l":
        this.#lineTo(point(0));
        this.#points.push(point(0));
        return true;
      case "c":
        this.hasCurves = true;
        this.#lineTo(point(4));
        this.#points.push(point(0), point(2), point(4));
        return true;
      case "v":
      case "y":
        this.hasCurves = true;
        this.#lineTo(point(2));
        this.#points.push(point(0), point(2));
        return true;
      case "h":
        this.close();
        return true;
      case "re":
        this.#rectangle(number, ctm);
        return true;
      case "W":
      case "W*":
        this.clips = true;
        return true;
      default:
        return false;
    }
  }

  /** Draws the line back to where it began. */
  close(): void {
    this.#edgeTo(this.#begun);
  }

  /** Forgets everything, as painting does. */
  clear(): void {
    this.#points = [];
    this.segments = [];
    this.clips = this.isDrawing = this.hasCurves = false;
  }

  #rectangle(number: (i: number) => number, ctm: Matrix): void {
    const [left, bottom] = [number(0), number(1)];
    const [right, top] = [left + number(2), bottom + number(3)];
    const corners = [
      pointOf(ctm, left, bottom),
      pointOf(ctm, left, top),
      pointOf(ctm, right, top),
      pointOf(ctm, right, bottom),
    ];
    for (const [i, corner] of corners.entries()) this.#edge(corner, corners[(i + 1) % 4]!);
    this.#points.push(...corners);
    this.#begun = corners[0]!;
  }

  #lineTo(point: Point): void {
    this.isDrawing = true;
    this.#edgeTo(point);
  }

  #edgeTo(point: Point): void {
    const last = this.#points.at(-1);
    if (last) this.#edge(last, point);
  }

  #edge(from: Point, to: Point): void {
    if (this.#keepsSegments && this.segments.length < mostSegments) this.segments.push([from, to]);
  }
}

function pointOf([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}
