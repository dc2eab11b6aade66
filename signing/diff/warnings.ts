import { formFields } from "../pdf/acroform.ts";
import type { PdfDocument, PdfView } from "../pdf/document.ts";
import { isName, PdfDict, PdfName, PdfStream, PdfString, type PdfObject, type PdfRef } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import { appearancePainting, appearanceStreams, shownRect } from "./appearance.ts";
import { coveredShare } from "./matrix.ts";
import type { Painted } from "./painting.ts";
import { References } from "./references.ts";
import { pagePainting } from "./text-places.ts";
import { opacityOf } from "./transparency.ts";

/** Actions that run or lead away (12.6.4), by what they are called in a warning. */
const actions: Readonly<Record<string, string>> = {
  JavaScript: "SCRIPT",
  Rendition: "SCRIPT",
  RichMediaExecute: "SCRIPT",
  Launch: "LAUNCHES_A_PROGRAM",
  URI: "LEADS_OUTSIDE",
  GoToR: "LEADS_OUTSIDE",
  GoToE: "LEADS_OUTSIDE",
  SubmitForm: "SENDS_DATA",
  ImportData: "IMPORTS_DATA",
};
/** 12.5.3, table 167: invisible, hidden, not viewed. */
const hiddenFlags = 1 | 2 | 32;
/** Most warnings of one kind, and pages looked at. */
const limits = { each: 5, pages: 200 } as const;

/**
 * What in a revision could mislead those who sign it or read it later, though nothing was changed: scripts, hidden
 * layers and fields, pictures over text, objects in reserve for a later exchange (shadow attacks). Warnings for people;
 * they say nothing about integrity. Each is a stable code, with details after a space. The whole revision is held in
 * memory; who asks sets the bound.
 */
export function warningsOf(document: PdfDocument, revision: number): string[] {
  const view = document.at(revision);
  const found = new Warnings();
  const looks = [lookForActions, lookForLayers, lookForHiddenFields, lookForCoveredText, lookForReserves];
  for (const look of looks) {
    attempt(
      () => look(document, view, found),
      (fault) => found.add("NOT_LOOKED_AT", `${fault.code} ${fault.message}`),
    );
  }
  return found.all;
}

/** Warnings in order, a few of each kind. */
class Warnings {
  readonly all: string[] = [];
  readonly #counts = new Map<string, number>();

  add(code: string, details: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count <= limits.each) this.all.push(`${code} ${details}`);
  }
}

function lookForActions(_: PdfDocument, view: PdfView, found: Warnings): void {
  const opening = view.resolve(view.catalog.get("OpenAction"));
  const isPlace =
    opening instanceof PdfDict ? isName(view.resolve(opening.get("S")), "GoTo") : !opening || Array.isArray(opening);
  if (!isPlace) found.add("RUNS_BY_ITSELF", "catalog/OpenAction");
  if (view.dict(view.catalog.get("Names"))?.get("JavaScript") !== undefined) {
    found.add("RUNS_BY_ITSELF", "catalog/Names/JavaScript");
  }
  for (const number of view.numbers()) {
    const codes = new Set(lyingIn(view, view.object(number)?.value ?? null));
    for (const code of codes) found.add(code, `object ${number}`);
  }
}

/** Actions in an object, what starts them (12.6.3), and keys that stand there twice: readers disagree which counts. */
function* lyingIn(view: PdfView, value: PdfObject): Generator<string> {
  const parts: PdfObject[] = [value];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const dict = part instanceof PdfStream ? part.dict : part;
    if (Array.isArray(dict)) for (const item of dict) parts.push(item);
    if (!(dict instanceof PdfDict)) continue;
    const kind = view.resolve(dict.get("S"));
    const code = kind instanceof PdfName ? actions[kind.name] : undefined;
    if (code !== undefined) yield code;
    if (dict.get("AA") !== undefined) yield "RUNS_BY_ITSELF";
    if (dict.repeated.length > 0) yield "REPEATED_KEY";
    for (const item of dict.entries.values()) parts.push(item);
  }
}

/** 8.11.4: layers that are hidden, and those that viewers, printing, a language or a second configuration bring or hide. */
function lookForLayers(_: PdfDocument, view: PdfView, found: Warnings): void {
  const layers = view.dict(view.catalog.get("OCProperties"));
  const usual = view.dict(layers?.get("D"));
  const off = view.array(usual?.get("OFF")).length;
  const isOff = isName(view.resolve(usual?.get("BaseState")), "OFF");
  if (off > 0 || isOff) found.add("HIDDEN_LAYERS", isOff ? "all" : String(off));
  const changing = view
    .array(layers?.get("OCGs"))
    .filter((layer) => view.dict(layer)?.get("Usage") !== undefined).length;
  const isAutomatic = view.array(usual?.get("AS")).length > 0;
  const others = view.array(layers?.get("Configs")).length;
  if ((changing > 0 && isAutomatic) || others > 0)
    found.add("CHANGING_LAYERS", String(isAutomatic ? changing : others));
}

function lookForHiddenFields(_: PdfDocument, view: PdfView, found: Warnings): void {
  for (const { name, type, dict, widgets } of formFields(view)) {
    const value = view.resolve(dict.get("V"));
    if (type !== "Tx" || !(value instanceof PdfString) || value.bytes.length === 0) continue;
    const isShown = widgets.some((ref) => {
      const widget = view.dict(ref);
      const flags = view.resolve(widget?.get("F"));
      return shownRect(view, widget) && !(typeof flags === "number" && (flags & hiddenFlags) !== 0);
    });
    if (!isShown) found.add("HIDDEN_FIELD", name);
  }
}

function lookForCoveredText(document: PdfDocument, view: PdfView, found: Warnings): void {
  for (const [i, page] of view.pages().slice(0, limits.pages).entries()) {
    const painted = pagePainting(document, view, page);
    if (isTextCovered(document, view, painted)) found.add("TEXT_UNDER_PICTURE", `page ${i + 1}`);
    const over = annotationPaint(document, view, page);
    const words = painted.filter((item) => item.kind === "word");
    if (isTextCovered(document, view, [...words, ...over])) found.add("TEXT_UNDER_ANNOTATION", `page ${i + 1}`);
  }
}

function annotationPaint(document: PdfDocument, view: PdfView, page: PdfRef): Painted[] {
  return view.array(view.dict(page)?.get("Annots")).flatMap((annotation) => {
    const dict = view.dict(annotation);
    const rect = shownRect(view, dict);
    if (!dict || !rect) return [];
    const painted = appearanceStreams(view, dict, "normal").flatMap((form) =>
      appearancePainting(document, view, form, rect),
    );
    return painted.filter((item) => item.kind !== "word");
  });
}

/** Whether some word lies under an opaque area or image that is painted after it. */
function isTextCovered(document: PdfDocument, view: PdfView, items: readonly Painted[]): boolean {
  let covers: Painted[] = [];
  for (const item of items.toReversed()) {
    if (item.kind === "word") {
      if (!item.isFiller && covers.some((cover) => hides(document, view, cover, item))) return true;
    } else covers = [...covers, item].slice(-limits.pages);
  }
  return false;
}

function hides(document: PdfDocument, view: PdfView, cover: Painted, { rect }: Painted): boolean {
  if (coveredShare(rect, cover.rect) < 0.5) return false;
  return cover.kind !== "image" || opacityOf(document, view, cover.image).within(rect, cover.matrix) >= 0.75;
}

/** Objects that are there but not used, which a later update could bring into play without adding anything of its own. */
function lookForReserves(document: PdfDocument, view: PdfView, found: Warnings): void {
  const references = new References(document, view.revision.index);
  const listed = new Set<number>();
  for (const { entries } of document.revisions.slice(0, view.revision.index + 1)) {
    for (const entry of entries.values()) if (entry.type === "offset") listed.add(entry.offset);
  }
  for (const number of view.numbers()) {
    if (references.reaches(number) || isOfTheFile(view, number) || showsNothing(document, view, number)) continue;
    found.add("UNUSED_OBJECT", `object ${number}`);
  }
  const end = view.revision.end;
  const text = document.bytes.toString("latin1", 0, end);
  for (const match of text.matchAll(/(?<![0-9])(\d{1,10}) \d{1,5} obj\b/g)) {
    const isListed = [0, 1, 2].some((gap) => listed.has(match.index - gap));
    if (!isListed && view.entry(Number(match[1])))
      found.add("UNLISTED_OBJECT", `object ${match[1]} at byte ${match.index}`);
  }
}

/** A form that paints nothing, as the look of a field that waited: in play again it would show nothing. */
function showsNothing(document: PdfDocument, view: PdfView, number: number): boolean {
  const form = view.object(number)?.value;
  if (!(form instanceof PdfStream) || !isName(view.resolve(form.dict.get("Subtype")), "Form")) return false;
  return attempt(
    () => appearancePainting(document, view, form, [0, 0, 100, 100]).length === 0,
    () => false,
  );
}

/** Streams and dictionaries that make up the file itself, which no object refers to. */
function isOfTheFile(view: PdfView, number: number): boolean {
  const dict = view.dict(view.object(number)?.value ?? null);
  const type = view.resolve(dict?.get("Type"));
  return isName(type, "XRef") || isName(type, "ObjStm") || dict?.get("Linearized") !== undefined;
}
