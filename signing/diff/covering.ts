import { SigningError } from "../errors.ts";
import type { PdfDocument } from "../pdf/document.ts";
import { box, type Rect } from "../pdf/geometry.ts";
import { isName, PdfStream, type PdfRef, type PdfObject } from "../pdf/objects.ts";
import type { Comparison } from "./comparison.ts";
import { textPlaces } from "./text-places.ts";

/** From this share on a run of text counts as covered, and an image as hiding what is under it. */
const coveredShare = 0.5;
const opaqueShare = 0.6;

/**
 * A field that did not wait for its signature could hide or replace what was signed (sneaky signature attack): it may
 * not lie on text, unless it shows nothing but see-through images, as a seal on a title.
 */
export function compareCovering(
  comparison: Comparison,
  document: PdfDocument,
  page: PdfRef,
  widgets: readonly PdfRef[],
  where: string,
): void {
  const { base, final } = comparison;
  let texts: Rect[] | undefined;
  for (const widget of widgets) {
    const dictionary = final.dict(widget);
    const rect = box(final, dictionary?.get("Rect"));
    if (!rect || rect[2] <= rect[0] || rect[3] <= rect[1]) continue;
    try {
      texts ??= textPlaces(document, base, page);
    } catch (error) {
      if (!(error instanceof SigningError)) throw error;
      comparison.doubts.push(`UNREADABLE_CONTENT ${where}`);
      return;
    }
    if (!texts.some((text) => share(text, rect) >= coveredShare)) continue;
    const appearance = final.resolve(final.dict(dictionary?.get("AP"))?.get("N"));
    if (isSeeThrough(comparison, document, appearance)) {
      comparison.allow("FORM_FILLING", `SEE_THROUGH_OVER_TEXT ${where}`);
    } else comparison.refuse(`NEW_WIDGET_OVER_TEXT ${where}`);
  }
}

function share(text: Rect, over: Rect): number {
  const width = Math.min(text[2], over[2]) - Math.max(text[0], over[0]);
  const height = Math.min(text[3], over[3]) - Math.max(text[1], over[1]);
  const area = (text[2] - text[0]) * (text[3] - text[1]);
  return width > 0 && height > 0 && area > 0 ? (width * height) / area : 0;
}

/** Whether a form draws only images that are mostly transparent (8-bit soft masks), or forms that do. */
function isSeeThrough(comparison: Comparison, document: PdfDocument, form: PdfObject, depth = 0): boolean {
  const { final } = comparison;
  if (!(form instanceof PdfStream) || depth > 4) return form === null;
  const content = document.decode(form, final);
  if (content.length > 100_000) return false;
  // Nothing but state, clipping, transformations and XObjects: no painting, no text, no shading, no inline image.
  const painting = /(?:^|[\s\])>])(?:f\*?|F|B\*?|b\*?|S|s|sh|BT|BI|Tj|TJ)(?=\s|$)/;
  if (painting.test(content.toString("latin1"))) return false;
  const resources = final.dict(form.dict.get("Resources"));
  const named = final.dict(resources?.get("XObject"))?.entries.values() ?? [];
  const objects = [...named].map((each) => final.resolve(each));
  return objects.every((object) => {
    if (!(object instanceof PdfStream)) return false;
    if (isName(final.resolve(object.dict.get("Subtype")), "Form")) {
      return isSeeThrough(comparison, document, object, depth + 1);
    }
    const mask = final.resolve(object.dict.get("SMask"));
    if (!(mask instanceof PdfStream) || final.resolve(mask.dict.get("BitsPerComponent")) !== 8) return false;
    if (mask.dict.get("Decode") !== undefined) return false;
    const alpha = document.decode(mask, final);
    const opaque = alpha.reduce((count, value) => count + (value >= 128 ? 1 : 0), 0);
    return alpha.length > 0 && opaque / alpha.length <= opaqueShare;
  });
}
