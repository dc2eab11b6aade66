import type { PdfView } from "../pdf/document.ts";
import { MAX_DEPTH } from "../pdf/limits.ts";
import { PdfDict, PdfRef, PdfString, type PdfObject } from "../pdf/objects.ts";
import { compareAnnotations, compareUnlisted } from "./annotations.ts";
import { isRoundedBox } from "./rounding.ts";
import type { Step } from "./step.ts";

/** 7.7.3.4: what a page takes from the nodes above it where it has none of its own. */
const inheritable = ["Resources", "MediaBox", "CropBox", "Rotate"];
const pageKeys = new Set(["Annots", "LastModified", "Contents", "Tabs", ...inheritable]);

/** The pages: all there, in order, unchanged; only their annotations may become more. */
export function comparePages(step: Step): void {
  const { base, final, context } = step;
  for (const number of context.dependents) {
    const node = context.nodes.get(number);
    if (node === undefined || (node.kind !== "page" && node.kind !== "pages")) continue;
    const where = "number" in node ? `page ${node.number}` : "page tree";
    const [a, b] = [base.get(node.ref), final.get(node.ref)];
    if (!(a instanceof PdfDict) || !(b instanceof PdfDict)) {
      step.refuse(`CHANGED ${where}`);
      continue;
    }
    if ("number" in node) comparePage(step, node.ref, node.number, a, b);
    else step.equalExcept(a, b, new Set(), where);
  }
  compareUnlisted(step);
}

function comparePage(step: Step, ref: PdfRef, number: number, a: PdfDict, b: PdfDict): void {
  const { base, final } = step;
  const where = `page ${number}`;
  step.equalExcept(a, b, pageKeys, where);
  for (const key of inheritable) {
    const [old, current] = [inherited(base, a, key), inherited(final, b, key)];
    if (key === "Resources") compareResources(step, base.resolve(old), final.resolve(current), where);
    else if (key !== "MediaBox" || !isRoundedPage(step, a, b)) step.equal(old, current, `${where}/${key}`);
  }
  // One stream and an array of it are the same content (7.7.3.3).
  const contents = [base.resolve(a.get("Contents")), final.resolve(b.get("Contents"))];
  step.equal(single(a, contents[0]!), single(b, contents[1]!), `${where}/Contents`);
  const modified = final.resolve(b.get("LastModified"));
  if (modified !== null && !(modified instanceof PdfString)) step.refuse(`CHANGED ${where}/LastModified`);
  // The order in which the tab key walks may be set when the first field comes.
  if (a.get("Tabs") !== undefined) step.equal(a.get("Tabs"), b.get("Tabs"), `${where}/Tabs`);
  compareAnnotations(step, ref, number);
}

/** A box of its own that was rounded; where another crops the page, how the two meet could make a difference. */
function isRoundedPage({ base, final }: Step, a: PdfDict, b: PdfDict): boolean {
  const isCropped = inherited(base, a, "CropBox") !== undefined;
  return !isCropped && isRoundedBox(base, inherited(base, a, "MediaBox"), final, inherited(final, b, "MediaBox"));
}

function single(page: PdfDict, contents: PdfObject): PdfObject | undefined {
  return Array.isArray(contents) && contents.length === 1 ? contents[0] : page.get("Contents");
}

/** Writers that look at a page put empty categories into its resources. */
function compareResources(step: Step, a: PdfObject, b: PdfObject, where: string): void {
  const [old, current] = [a ?? new PdfDict(new Map()), b ?? new PdfDict(new Map())];
  if (!(old instanceof PdfDict) || !(current instanceof PdfDict)) return step.equal(a, b, `${where}/Resources`);
  const isEmpty = (view: PdfView, value: PdfObject | undefined): boolean => {
    const category = view.resolve(value);
    return category === null || (category instanceof PdfDict && category.entries.size === 0);
  };
  for (const key of new Set([...old.entries.keys(), ...current.entries.keys()])) {
    if (isEmpty(step.base, old.get(key)) && isEmpty(step.final, current.get(key))) continue;
    step.equal(old.get(key), current.get(key), `${where}/Resources/${key}`);
  }
}

function inherited(view: PdfView, page: PdfDict, key: string): PdfObject | undefined {
  let node: PdfDict | undefined = page;
  for (let level = 0; node !== undefined && level < MAX_DEPTH; level++) {
    const value = node.get(key);
    if (value !== undefined) return value;
    node = view.dict(node.get("Parent"));
  }
  return undefined;
}
