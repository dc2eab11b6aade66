import { formFields } from "../pdf/acroform.ts";
import type { PdfView } from "../pdf/document.ts";
import { dict, isName, name, PdfDict, type PdfObject, PdfRef } from "../pdf/objects.ts";
import type { PdfUpdate } from "../pdf/update.ts";

/** A widget annotation that was added, and its page. */
export interface NewWidget {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  readonly page: PdfRef;
  /** What people who cannot see the page are told; the field's name. */
  readonly title: PdfObject | undefined;
}

const MOST_NODES = 10_000;

/**
 * Puts new widgets into the structure tree of a tagged document (14.8.4.3.4): a Form element with an object reference.
 * Nothing is done where the document is not tagged, its tree is broken, or a signature is there already: the tree is
 * part of what was signed, and a validator that lets a widget be added need not let the tree be changed.
 */
export function tagWidgets(update: PdfUpdate, widgets: readonly NewWidget[]): void {
  const view = update.document.latest;
  const rootRef = view.catalog.get("StructTreeRoot");
  const root = view.resolve(rootRef);
  if (!(rootRef instanceof PdfRef) || !(root instanceof PdfDict) || !isTagged(view) || isSigned(view)) return;
  const tree = view.dict(root.get("ParentTree"));
  const treeRef = root.get("ParentTree");
  const first = nextKey(view, root);
  if (tree === undefined || first === undefined) return;

  const parent = documentElement(view, root) ?? rootRef;
  const elements = widgets.map(({ ref, dict: widget, page, title }, index) => {
    update.set(ref, widget.with({ StructParent: first + index }));
    return update.add(
      dict({
        Type: name("StructElem"),
        S: name("Form"),
        P: parent,
        Pg: page,
        T: title,
        K: dict({ Type: name("OBJR"), Obj: ref, Pg: page }),
      }),
    );
  });

  const nums = elements.flatMap((element, index) => [first + index, element]);
  const last = first + elements.length - 1;
  const kids = view.resolve(tree.get("Kids"));
  // 7.9.7: a root without /Kids holds the pairs itself; the new keys are the largest, so they go to the end.
  const grown = Array.isArray(kids)
    ? tree.with({ Kids: [...kids, update.add(dict({ Limits: [first, last], Nums: nums }))] })
    : tree.with({ Nums: [...view.array(tree.get("Nums")), ...nums] });
  let changedRoot = root.with({ ParentTreeNextKey: last + 1 });
  if (treeRef instanceof PdfRef) update.set(treeRef, grown);
  else changedRoot = changedRoot.with({ ParentTree: grown });

  if (parent === rootRef) changedRoot = changedRoot.with({ K: [...kidsOf(view, root), ...elements] });
  else {
    const element = update.resolve(parent) as PdfDict;
    update.set(parent, element.with({ K: [...kidsOf(view, element), ...elements] }));
  }
  update.set(rootRef, changedRoot);
}

function isTagged(view: PdfView): boolean {
  return view.resolve(view.dict(view.catalog.get("MarkInfo"))?.get("Marked")) === true;
}

function isSigned(view: PdfView): boolean {
  return formFields(view).some((field) => field.type === "Sig" && view.resolve(field.dict.get("V")) !== null);
}

/** The one element below the root that stands for the whole document, if it is an object of its own. */
function documentElement(view: PdfView, root: PdfDict): PdfRef | undefined {
  const [only, ...others] = kidsOf(view, root);
  if (!(only instanceof PdfRef) || others.length > 0) return undefined;
  const element = view.dict(only);
  return isName(view.resolve(element?.get("S")), "Document") ? only : undefined;
}

/** /K as a list: one entry may stand there alone. */
function kidsOf(view: PdfView, element: PdfDict): PdfObject[] {
  const kids = element.get("K");
  const resolved = view.resolve(kids);
  return Array.isArray(resolved) ? resolved : resolved === null ? [] : [kids!];
}

/** A key that the parent tree does not use; undefined where the tree cannot be read. */
function nextKey(view: PdfView, root: PdfDict): number | undefined {
  const said = view.resolve(root.get("ParentTreeNextKey"));
  let largest = -1;
  const waiting: (PdfObject | undefined)[] = [root.get("ParentTree")];
  const seen = new Set<number>();
  for (let nodes = 0; waiting.length > 0; nodes++) {
    const ref = waiting.pop();
    const node = view.dict(ref);
    if (node === undefined || nodes > MOST_NODES) return undefined;
    if (ref instanceof PdfRef) {
      if (seen.has(ref.number)) return undefined;
      seen.add(ref.number);
    }
    const kids = view.resolve(node.get("Kids"));
    if (Array.isArray(kids)) for (const kid of kids) waiting.push(kid);
    const nums = view.resolve(node.get("Nums"));
    if (!Array.isArray(nums)) continue;
    for (let at = 0; at < nums.length; at += 2) {
      const key = view.resolve(nums[at]);
      if (typeof key !== "number" || !Number.isSafeInteger(key)) return undefined;
      largest = Math.max(largest, key);
    }
  }
  return typeof said === "number" && Number.isSafeInteger(said) ? Math.max(said, largest + 1) : largest + 1;
}
