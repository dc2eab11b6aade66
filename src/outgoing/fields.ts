import { type FieldFill, type FieldSpec, listFields, textAppearance } from "../../signing/index.ts";
import { dateWords } from "../forms/document-head.ts";
import type { Places } from "../forms/administrative-document.ts";
import type { SigningRole } from "../graphql/types.ts";
import { printedNumber } from "../registers/rules.ts";
import { isInitialling } from "./chain.ts";

/** Names of the form fields that wait in a document for what comes after its text. */
export const fieldNames = {
  leader: "Leader",
  seal: "Seal",
  number: "Number",
  date: "Date",
  /** For the mark of an agency that receives the document (dấu đến). */
  arrival: "Arrival",
  /** For the mark of an agency that copies it (dấu sao). */
  copy: "Copy",
} as const;

/** Places of the fields, pages from 1; an uploaded file without room for an arrival or copy mark goes without. */
export type FieldPlaces = Pick<Places, "number" | "date" | "leader" | "seal"> &
  Partial<Pick<Places, "arrival" | "copy">> & {
    /** Of the steps other than the leader's and the seal's, by field. */
    readonly steps?: Readonly<Record<string, Places["leader"]>>;
  };

/** Which place of the template each step has, besides leader and seal; the first initials stand at the end of the text. */
export function placesOfSteps(
  { initials, moreInitials, coSigners }: Pick<Places, "initials" | "moreInitials" | "coSigners">,
  steps: readonly { readonly role: SigningRole; readonly field: string }[],
): Record<string, Places["leader"]> {
  const small = [initials, ...moreInitials].values();
  const large = coSigners.values();
  const places: Record<string, Places["leader"]> = {};
  for (const { role, field } of steps) {
    const next = isInitialling(role) ? small.next() : role === "CO_SIGNER" ? large.next() : null;
    if (next && !next.done) places[field] = next.value;
  }
  return places;
}

/** In points, as number and date of a document of the template. */
export const fontSize = 13;

/**
 * The fields of a document whose places are known. The seal closes number and date for good; `uploaded` names
 * the fields that an uploaded file brought along, which the leader's signature closes. What a recipient adds stays open.
 */
export function documentFields(places: FieldPlaces, uploaded: readonly string[] | null = null): FieldSpec[] {
  const others = uploaded ?? [];
  const { leader, seal, number, date, arrival, copy } = fieldNames;
  const steps = Object.entries(places.steps ?? {});
  const at = ({ page, rect }: Places["leader"]) => ({ page: page - 1, rect });
  // A filled line is 1.2 sizes high with its base line at 0.27; the form's places are as high as the face.
  const line = ({ page, rect: [left, bottom, right, top] }: Places["leader"]) => ({
    page: page - 1,
    rect: [left, bottom - 0.7, right, top + 0.6] as const,
  });
  return [
    {
      name: leader,
      type: "signature",
      ...at(places.leader),
      ...(others.length > 0 && { lock: { action: "INCLUDE", fields: others } }),
    },
    { name: number, type: "text", ...line(places.number), fontSize, alignment: uploaded ? "left" : "right" },
    { name: date, type: "text", ...line(places.date), fontSize, alignment: "left" },
    {
      name: seal,
      type: "signature",
      ...at(places.seal),
      lock: { action: "INCLUDE", fields: [number, date, leader, ...steps.map(([name]) => name), ...others] },
    },
    ...steps.map(([name, place]) => ({ name, type: "signature" as const, ...at(place) })),
    ...(places.arrival ? [{ name: arrival, type: "signature" as const, ...at(places.arrival) }] : []),
    ...(places.copy ? [{ name: copy, type: "signature" as const, ...at(places.copy) }] : []),
  ];
}

/** Number and date as they stand in the register. */
export interface Numbering {
  readonly number: number;
  readonly issuedOn: string;
  readonly referenceCode: string;
}

/**
 * What number and date are filled with where they are still empty: the gaps of the template take the figures alone, an
 * uploaded file, whose own gaps cannot be known, gets both in full.
 */
export async function numberFills(
  pdf: Buffer,
  numbering: Numbering,
  uploaded: { readonly place: string } | null,
): Promise<FieldFill[]> {
  const words = dateWords(numbering.issuedOn);
  const values = uploaded
    ? { number: `Số: ${numbering.referenceCode}`, date: `${uploaded.place}, ${words}` }
    : { number: printedNumber(numbering.number), date: words };
  const fills: FieldFill[] = [];
  for (const info of listFields(pdf)) {
    const kind = info.name === fieldNames.number ? "number" : info.name === fieldNames.date ? "date" : null;
    if (!kind || !info.rect || info.value) continue;
    const [left, bottom, right, top] = info.rect;
    fills.push({
      field: info.name,
      value: values[kind],
      appearance: await textAppearance({
        width: right - left,
        height: top - bottom,
        lines: [values[kind]],
        fontSize,
        color: "black",
        align: info.alignment ?? "left",
        italic: kind === "date",
      }),
    });
  }
  return fills;
}

/** Size of a field of the document, in points. */
export function sizeOf(pdf: Buffer, name: string): { width: number; height: number } {
  const rect = listFields(pdf).find((field) => field.name === name)?.rect;
  if (!rect) throw new Error(`the document has no place for ${name}`);
  return { width: rect[2] - rect[0], height: rect[3] - rect[1] };
}
