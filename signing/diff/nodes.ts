import { rootsFirst } from "../pdf/acroform.ts";
import type { PdfView } from "../pdf/document.ts";
import { MAX_DEPTH, exceeded, malformed } from "../pdf/limits.ts";
import { isName, PdfDict, PdfName, PdfRef, PdfString, type PdfObject } from "../pdf/objects.ts";
import { decodeText } from "../pdf/text.ts";

/** A field of the form, or a widget without a name of its own, which then bears its field's. */
export interface FieldNode {
  readonly kind: "field";
  readonly ref: PdfRef;
  /** Fully qualified (12.7.4.2). */
  readonly name: string;
  /** `Sig`, `Tx`, `Btn` or `Ch`, own or inherited; empty when absent. */
  readonly type: string;
  /** Index of the revision that brought it, as far as is known. */
  readonly born: number;
}

/** An object that a rule of its own compares; whoever refers to it depends on nothing but its number. */
export type Node =
  | FieldNode
  | { readonly kind: "page"; readonly ref: PdfRef; /** From 1. */ readonly number: number }
  | { readonly kind: "catalog" | "pages" | "element"; readonly ref: PdfRef };

/** The nodes of a document by object number. */
export type Nodes = Map<number, Node>;

const maximumFields = 20_000;
const maximumElements = 500_000;

/** Finds all nodes of one state. Throws MALFORMED_PDF for broken trees, LIMIT_EXCEEDED for endless ones. */
export function readNodes(view: PdfView): Nodes {
  const nodes: Nodes = new Map();
  const root = view.trailer.get("Root");
  if (!(root instanceof PdfRef)) throw malformed("The trailer does not refer to a catalog.");
  add(nodes, { kind: "catalog", ref: root });
  for (const [i, ref] of view.pages().entries()) add(nodes, { kind: "page", ref, number: i + 1 });
  addPageTree(nodes, view);
  addFields(nodes, view);
  addStructure(nodes, view);
  return nodes;
}

function add(nodes: Nodes, node: Node): void {
  const known = nodes.get(node.ref.number);
  if (known) throw malformed(`Object ${node.ref.number} is ${known.kind} and ${node.kind}.`);
  nodes.set(node.ref.number, node);
}

/** What lies between the catalog and the pages; `pages()` has looked at its shape already. */
function addPageTree(nodes: Nodes, view: PdfView): void {
  const waiting = [view.catalog.get("Pages")];
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    if (!(ref instanceof PdfRef) || nodes.get(ref.number)?.kind === "page") continue;
    add(nodes, { kind: "pages", ref });
    waiting.push(...view.array(view.dict(ref)?.get("Kids")));
  }
}

function addFields(nodes: Nodes, view: PdfView): void {
  const top: Pick<FieldNode, "name" | "type"> = { name: "", type: "" };
  const form = view.dict(view.catalog.get("AcroForm"));
  const roots = rootsFirst(view, list(view, form?.get("Fields")));
  const waiting = roots.reverse().map((object) => ({ object, parent: top, depth: 0 }));
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { object: ref, parent, depth } = next;
    const field = ref instanceof PdfRef ? view.get(ref) : null;
    // What is no field is compared as a value of the array that holds it.
    if (!(ref instanceof PdfRef) || !(field instanceof PdfDict)) continue;
    if (++count > maximumFields || depth > MAX_DEPTH) throw exceeded("The form has too many fields.");
    const node: FieldNode = { kind: "field", ref, born: view.revision.index, ...identify(view, field, parent) };
    const known = nodes.get(ref.number);
    // What is listed twice in one place, or among the roots besides its own, is one field.
    if (known?.kind === "field" && (depth === 0 || known.name === node.name)) continue;
    add(nodes, node);
    for (const object of list(view, field.get("Kids"))) waiting.push({ object, parent: node, depth: depth + 1 });
  }
}

/** The qualified name and the type of a field below another. */
export function identify(
  view: PdfView,
  field: PdfDict,
  parent: Pick<FieldNode, "name" | "type">,
): Pick<FieldNode, "name" | "type"> {
  const partial = view.resolve(field.get("T"));
  const type = view.resolve(field.get("FT"));
  const own = partial instanceof PdfString ? decodeText(partial) : "";
  return {
    name: parent.name !== "" && own !== "" ? `${parent.name}.${own}` : parent.name + own,
    type: type instanceof PdfName ? type.name : parent.type,
  };
}

function addStructure(nodes: Nodes, view: PdfView): void {
  const root = view.catalog.get("StructTreeRoot");
  if (root instanceof PdfRef) add(nodes, { kind: "element", ref: root });
  const waiting = kids(view, view.dict(root)?.get("K"));
  let count = 0;
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const element = view.resolve(item);
    if (!(element instanceof PdfDict) || !isElement(view, element)) continue;
    if (item instanceof PdfRef) {
      if (nodes.get(item.number)?.kind === "element") continue;
      add(nodes, { kind: "element", ref: item });
    }
    if (++count > maximumElements) throw exceeded("The structure tree is too large.");
    for (const kid of kids(view, element.get("K"))) waiting.push(kid);
  }
}

/** 14.7.2: the kids of a structure element, of which a single one need not be in an array. */
export function kids(view: PdfView, object: PdfObject | undefined): PdfObject[] {
  const value = view.resolve(object);
  if (value === null) return [];
  return Array.isArray(value) ? [...value] : [object!];
}

/** Whether a kid is a structure element, and not marked content or a reference to an object (14.7.2). */
export function isElement(view: PdfView, kid: PdfDict): boolean {
  const type = view.resolve(kid.get("Type"));
  return !isName(type, "MCR") && !isName(type, "OBJR");
}

function list(view: PdfView, object: PdfObject | undefined): PdfObject[] {
  const value = view.resolve(object);
  return Array.isArray(value) ? [...value] : [];
}
