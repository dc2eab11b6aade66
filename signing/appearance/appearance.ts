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

/** Diameter of an agency's round seal in points: 36 mm. */
export const SEAL_DIAMETER = (36 / 25.4) * 72;

/** pdf-lib and its fonts are loaded when something is drawn: who only signs or validates does without. */
const drawing = () => import("./drawing.ts");

/** Draws text in Tinos, which has the metrics of Times New Roman, as a subset. Throws BAD_INPUT for foreign letters. */
export async function textAppearance(request: TextAppearance): Promise<Appearance> {
  return (await drawing()).drawText(request);
}

/** Draws a PNG, with its transparency, as large as fits and centred. Throws BAD_INPUT or LIMIT_EXCEEDED. */
export async function imageAppearance(request: Size & { readonly png: Buffer }): Promise<Appearance> {
  return (await drawing()).drawPng(request);
}

/** Draws a person's signature, or an agency's seal in its real size. */
export async function signatureAppearance(request: SignatureAppearance): Promise<Appearance> {
  return (await drawing()).drawSignature(request);
}
