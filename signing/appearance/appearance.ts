import { createHash } from "node:crypto";
import type { Appearance } from "./form.ts";

export type { Appearance } from "./form.ts";

/** Colours as the law names them: the person's signature is blue, the agency's seal red (Decree 30/2020, Annex I). */
export type InkColor = "black" | "blue" | "red";

export interface Size {
  /** In points. */
  readonly width: number;
  readonly height: number;
}

/** Lines of text in one style, in the middle of the given height. */
export interface TextAppearance extends Size {
  readonly lines: readonly string[];
  /** In points; smaller where the text would not fit. */
  readonly fontSize: number;
  readonly color: InkColor;
  readonly align: "left" | "center" | "right";
  readonly bold?: boolean;
  readonly italic?: boolean;
}

/** The sign of a person or of an agency; `image` is a PNG, else the name is drawn. */
export type SignatureAppearance =
  | (Size & { readonly kind: "PERSON"; readonly name: string; readonly image?: Buffer })
  | { readonly kind: "AGENCY_SEAL"; readonly agency: string; readonly image?: Buffer };

/** A text that stands in exactly this size, in black, in as many lines as it needs. */
export interface MarkText {
  readonly text: string;
  /** In points. */
  readonly fontSize: number;
  readonly maxWidth: number;
}

/** What the ĐẾN mark says (dấu đến, Decree 30/2020, Annex IV); days as dd/mm/yyyy. */
export interface ArrivalMark {
  readonly agency: string;
  readonly number: string;
  readonly arrivedOn: string;
  readonly forwardedTo?: string;
  readonly file?: string;
}

/** The ĐẾN mark is 50 mm wide and 35 mm high. */
export const ARRIVAL_SIZE: Size = { width: (50 / 25.4) * 72, height: (35 / 25.4) * 72 };

/** Diameter of an agency's round seal in points: 36 mm. */
export const SEAL_DIAMETER = (36 / 25.4) * 72;

/** pdf-lib and its fonts are loaded when something is drawn: who only signs or validates does without. */
const drawing = () => import("./drawing.ts");

/** Draws text in Tinos, which has the metrics of Times New Roman, as a subset. Throws BAD_INPUT for foreign letters. */
export async function textAppearance(request: TextAppearance): Promise<Appearance> {
  return (await drawing()).drawText(request);
}

/** Draws a text in exactly its size, as the marks that show no image. Throws BAD_INPUT for foreign letters. */
export async function markAppearance(request: MarkText): Promise<Appearance> {
  return (await drawing()).drawMark(request);
}

/** Draws the mark of arrival. */
export async function arrivalAppearance(mark: ArrivalMark): Promise<Appearance> {
  return (await drawing()).drawArrival(mark);
}

/** Draws a PNG, with its transparency, as large as fits and centred. Throws BAD_INPUT or LIMIT_EXCEEDED. */
export async function imageAppearance(request: Size & { readonly png: Buffer }): Promise<Appearance> {
  return (await drawing()).drawPng(request);
}

/** Draws a person's signature, or an agency's seal in its real size; drawn once, as both sign again and again. */
export function signatureAppearance(request: SignatureAppearance): Promise<Appearance> {
  const { image, ...rest } = request;
  const key = JSON.stringify([rest, image && createHash("sha256").update(image).digest("base64")]);
  let known = drawn.get(key);
  if (known === undefined) {
    known = drawing().then(({ drawSignature }) => drawSignature(request));
    known.catch(() => drawn.delete(key));
    if (drawn.size >= MOST_DRAWN) drawn.delete(drawn.keys().next().value!);
    drawn.set(key, known);
  }
  return known;
}

/** Oldest first. */
const drawn = new Map<string, Promise<Appearance>>();
const MOST_DRAWN = 256;
