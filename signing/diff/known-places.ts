import type { PdfView } from "../pdf/document.ts";
import { PdfDict, PdfRef } from "../pdf/objects.ts";
import { attempt } from "./attempt.ts";
import { coverOf, type Cover } from "./cover.ts";
import { isOutOfPlace } from "./covering.ts";
import type { FieldNode, Node } from "./nodes.ts";
import type { Word } from "./painting.ts";
import type { Step } from "./step.ts";

/** 12.5.3, table 167: hidden, not viewed. */
const hidden = 2 | 32;
/** What decides how a widget looks. */
const lookKeys = ["AP", "AS", "F", "MK", "Rect"];

/**
 * A field that waited where text stands has been signed or filled in. Who signed before knew the place, but not that
 * its new looks would hide words, or uncover some that the old looks hid: that is doubted. A seal over the signature
 * beside it is as it should be (NĐ 30/2020 Phụ lục I), so what signature fields show does not count.
 */
export function compareKnownPlace(step: Step, { ref, type }: FieldNode, a: PdfDict, b: PdfDict): void {
  if (lookKeys.every((key) => step.same(a.get(key), b.get(key)))) return;
  const { base, final, context } = step;
  const flags = base.resolve(a.get("F"));
  const wasHidden = typeof flags === "number" && (flags & hidden) !== 0;
  const before = wasHidden ? undefined : coverOf(context.document, base, a, "chosen");
  const after = coverOf(context.document, final, b, type === "Btn" ? "chosen" : undefined);
  const isLeftOut = (number: number) => number === ref.number || isSignature(context.nodes.get(number));
  for (const page of pagesShowing(step, ref)) {
    const where = `page ${page.number}`;
    if (isOutOfPlace(final, b, page.ref) && !isOutOfPlace(base, a, page.ref)) {
      step.doubt(`WIDGET_OUT_OF_ITS_PLACE ${where}`);
    }
    const compare = () => {
      const isChanged = (word: Word) => isHidden(before, word) !== isHidden(after, word);
      const { text } = context;
      if (text.contentWords(base, page.ref).some(isChanged)) step.doubt(`FIELD_OVER_TEXT ${where}`);
      if (text.annotationWords(base, page.ref, isLeftOut).some(isChanged)) step.doubt(`FIELD_OVER_ANNOTATION ${where}`);
      const pictures = context.text.pictures(base, page.ref);
      if (after?.hidesPicture(pictures) && !before?.hidesPicture(pictures)) step.doubt(`COVERS_PICTURE ${where}`);
    };
    attempt(compare, () => step.doubt(`UNREADABLE_CONTENT ${where}`));
  }
}

function isHidden(cover: Cover | undefined, word: Word): boolean {
  return cover?.over(word).isHidden ?? false;
}

function isSignature(node: Node | undefined): boolean {
  return node?.kind === "field" && node.type === "Sig";
}

function* pagesShowing({ base, context }: Step, { number }: PdfRef): Generator<Extract<Node, { kind: "page" }>> {
  for (const node of context.nodes.values()) {
    if (node.kind !== "page") continue;
    const annotations = annotationsOf(base, node.ref);
    context.charge(annotations.length);
    if (annotations.some((item) => item instanceof PdfRef && item.number === number)) yield node;
  }
}

function annotationsOf(view: PdfView, page: PdfRef) {
  return view.array(view.dict(page)?.get("Annots"));
}
