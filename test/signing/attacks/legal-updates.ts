import type { ModificationLevel } from "../../../signing/validate/report.ts";
import { randomLayout, showing, xmp, type Draft, type Waiting } from "./documents.ts";
import type { Objects, SignatureToMake } from "./growing-file.ts";
import type { Random } from "./random.ts";
import { ref, Ref, Stream, text, type Dict, type Value } from "./values.ts";

/** Makes what goes into /Contents: a signature, or a time-stamp. */
export interface Keys {
  readonly sign: SignatureToMake["sign"];
  readonly stamp: SignatureToMake["sign"];
}

/** What became of a draft: its signatures by field, and the level of each revision after the first. */
export interface Course {
  readonly signatures: { readonly field: string; readonly revision: number }[];
  /** Level of what each revision changed; that of the first one does not count. */
  readonly levels: ModificationLevel[];
  /** DocMDP level, once there is one. */
  permission: number | undefined;
  /** Names of fields that a lock has closed; "all" for every one. */
  locked: ReadonlySet<string>;
}

const blankPlaces = [
  [20, 20, 120, 60],
  [140, 20, 240, 60],
  [20, 80, 120, 120],
  [140, 80, 240, 120],
  [20, 140, 120, 180],
  [440, 20, 540, 60],
  [440, 80, 540, 120],
  [79, 743, 101, 759],
] as const;

/** Appends legal updates to a draft, at random: signatures above all. */
export class LegalUpdates {
  readonly draft: Draft;
  readonly course: Course = { signatures: [], levels: ["NONE"], permission: undefined, locked: new Set() };
  readonly #random: Random;
  readonly #keys: Keys;
  #newFields = 0;
  #comments = 0;

  constructor(draft: Draft, random: Random, keys: Keys) {
    this.draft = draft;
    this.#random = random;
    this.#keys = keys;
  }

  /** One update of the kinds that are possible now. */
  async step(): Promise<void> {
    const { permission, signatures } = this.course;
    if (signatures.length === 0) return this.#sign();
    const open = permission !== 1;
    const kinds: (() => Promise<void> | void)[] = [
      () => this.#growStore(),
      () => this.#stamp(),
      () => this.#touchWriterMarks(),
      () => this.#rewriteAlike(),
      ...(open ? [() => this.#sign(), () => this.#sign(), () => this.#sign(), () => this.#fill()] : []),
      ...(open ? [() => this.#prepareThenSign()] : []),
      ...(permission === 3 ? [() => this.#comment()] : []),
    ];
    return this.#random.pick(kinds)();
  }

  #sign(): Promise<void> {
    const waiting = this.draft.waiting.find(({ type, name }) => type === "Sig" && this.#isOpen(name));
    return waiting && this.#random.chance(0.6) ? this.#signWaiting(waiting) : this.#signNew();
  }

  #isOpen(name: string): boolean {
    const parts = name.split(".");
    const prefixes = parts.map((_, i) => parts.slice(0, i + 1).join("."));
    return !this.course.locked.has("all") && !prefixes.some((prefix) => this.course.locked.has(prefix));
  }

  /** The signature dictionary's keys; the first may certify. */
  #signatureKeys(objects: Record<number, Value>, number: number): Dict {
    const random = this.#random;
    const keys: Dict = {
      Type: "/Sig",
      Filter: "/Adobe.PPKLite",
      SubFilter: random.pick(["/ETSI.CAdES.detached", "/adbe.pkcs7.detached"]),
      M: text("D:20260801080000+07'00'"),
      Name: text("Nguyen Van (A)"),
    };
    if (this.course.signatures.length > 0 || random.chance(0.5)) return keys;
    const permission = random.pick([1, 2, 2, 2, 3]);
    this.course.permission = permission;
    this.#catalog(objects, { Perms: { DocMDP: ref(number) } });
    const parameters = { Type: "/TransformParams", V: "/1.2", P: permission };
    return { ...keys, Reference: [{ Type: "/SigRef", TransformMethod: "/DocMDP", TransformParams: parameters }] };
  }

  async #signWaiting(waiting: Waiting): Promise<void> {
    const { file, font } = this.draft;
    const objects: Record<number, Value> = {};
    const number = file.allocate();
    const looks = file.allocate();
    objects[looks] = showing("Da ky", font);
    const keys = this.#signatureKeys(objects, number);
    const lock = this.#lock(waiting);
    objects[waiting.field] = { ...file.dict(waiting.field), V: ref(number), ...lock.keys };
    const widget = (objects[waiting.widget] ?? file.dict(waiting.widget)) as Dict;
    objects[waiting.widget] = { ...widget, F: 132, AP: { N: ref(looks) } };
    this.#form(objects, [], { SigFlags: 3 });
    if (this.#random.chance(0.5)) this.#fillInto(objects);
    this.#remove(waiting);
    await this.#finish(objects, waiting.name, "FORM_FILLING", { number, keys, sign: this.#keys.sign });
    if (lock.closes) this.course.locked = new Set([...this.course.locked, ...lock.closes]);
  }

  /** A signature's lock lies in its field beforehand; here it came with the first signature of all, or not at all. */
  #lock(waiting: Waiting): { readonly keys: Dict; readonly closes?: readonly string[] } {
    if (this.course.signatures.length > 0 || waiting.name !== "Leader" || !this.#random.chance(0.2))
      return { keys: {} };
    const names = this.draft.waiting.flatMap(({ name, type }) => (type === "Tx" ? [name] : []));
    const lock = { Type: "/SigFieldLock", Action: "/Include", Fields: names.map(text) };
    return { keys: { Lock: lock }, closes: names };
  }

  async #signNew(): Promise<void> {
    const { file, font } = this.draft;
    const random = this.#random;
    const objects: Record<number, Value> = {};
    const number = file.allocate();
    const keys = this.#signatureKeys(objects, number);
    const name = this.#nextName();
    const looks = file.allocate();
    objects[looks] = showing("15", font);
    const field = file.allocate();
    const widget = random.chance(0.2) ? file.allocate() : field;
    const place = this.#place();
    const own: Dict = { FT: "/Sig", T: text(name), V: ref(number) };
    const shown: Dict = {
      Type: "/Annot",
      Subtype: "/Widget",
      Rect: place ?? [0, 0, 0, 0],
      F: 132,
      AP: { N: ref(looks) },
    };
    const page = random.pick(this.draft.pages);
    const placed = { ...shown, P: ref(page), ...this.#tag(objects, widget, page) };
    objects[field] = widget === field ? { ...own, ...placed } : { ...own, Kids: [ref(widget)] };
    if (widget !== field) objects[widget] = { ...placed, Parent: ref(field) };
    this.#annotate(objects, page, ref(widget));
    const defaults = random.chance(0.4) ? { DR: { Font: { Helv: ref(font) } }, DA: text("/Helv 0 Tf 0 g") } : {};
    this.#form(objects, [field], { SigFlags: 3, ...defaults });
    await this.#finish(objects, name, "FORM_FILLING", { number, keys, sign: this.#keys.sign });
  }

  /** Some programs add the empty field in one save and sign it in the next. */
  async #prepareThenSign(): Promise<void> {
    const { file, font } = this.draft;
    if (this.course.locked.has("all")) return;
    const name = this.#nextName();
    const field = file.allocate();
    const page = this.draft.pages[0]!;
    const place = this.#place() ?? [0, 0, 0, 0];
    const empty: Dict = {
      FT: "/Sig",
      T: text(name),
      Type: "/Annot",
      Subtype: "/Widget",
      Rect: place,
      F: 4,
      P: ref(page),
    };
    const objects: Record<number, Value> = { [field]: empty };
    this.#annotate(objects, page, ref(field));
    this.#form(objects, [field], {});
    this.#append(objects, "FORM_FILLING");
    const [number, looks] = [file.allocate(), file.allocate()];
    const keys = this.#signatureKeys({}, number);
    const filled: Record<number, Value> = {
      [looks]: showing("Da ky", font),
      [field]: { ...empty, V: ref(number), AP: { N: ref(looks) }, F: 132 },
    };
    this.#form(filled, [], { SigFlags: 3 });
    await this.#finish(filled, name, "FORM_FILLING", { number, keys, sign: this.#keys.sign });
  }

  async #stamp(): Promise<void> {
    const { file } = this.draft;
    const [number, field] = [file.allocate(), file.allocate()];
    const name = this.#nextName();
    const page = this.draft.pages[0]!;
    const widget: Dict = { Type: "/Annot", Subtype: "/Widget", Rect: [0, 0, 0, 0], F: 132, P: ref(page) };
    const objects: Record<number, Value> = { [field]: { FT: "/Sig", T: text(name), V: ref(number), ...widget } };
    if (this.#random.chance(0.7)) this.#annotate(objects, page, ref(field));
    this.#form(objects, [field], { SigFlags: 3 });
    const keys = { Type: "/DocTimeStamp", Filter: "/Adobe.PPKLite", SubFilter: "/ETSI.RFC3161" };
    await this.#finish(objects, name, "LTA_UPDATES", { number, keys, sign: this.#keys.stamp });
  }

  #fill(): void {
    const objects: Record<number, Value> = {};
    if (this.#fillInto(objects)) this.#append(objects, "FORM_FILLING");
  }

  #fillInto(objects: Record<number, Value>): boolean {
    const { file, font, waiting } = this.draft;
    const target = waiting.find(({ type, name }) => type === "Tx" && this.#isOpen(name));
    if (!target) return false;
    const value = String(1 + this.#random.below(30));
    const looks = file.allocate();
    objects[looks] = showing(value, font);
    const readOnly = this.#random.chance(0.5) ? { Ff: 1 } : {};
    objects[target.field] = { ...file.dict(target.field), V: text(value), ...readOnly };
    const widget = (objects[target.widget] ?? file.dict(target.widget)) as Dict;
    objects[target.widget] = { ...widget, AP: { N: ref(looks) } };
    this.#remove(target);
    return true;
  }

  #growStore(): void {
    const { file } = this.draft;
    const objects: Record<number, Value> = {};
    const add = (value: Value) => {
      const number = file.allocate();
      objects[number] = value;
      return ref(number);
    };
    const der = (size: number) => new Stream({}, Buffer.concat([Buffer.from([0x30, size]), Buffer.alloc(size, 5)]));
    const old = this.#resolved(file.dict(file.root)["DSS"]) as Dict | undefined;
    const list = (key: string) => [...((this.#resolved(old?.[key]) as Value[] | undefined) ?? []), add(der(20))];
    const key = Array.from({ length: 40 }, () => this.#random.pick([..."0123456789ABCDEF"])).join("");
    const entry = { Cert: [add(der(9))], TU: text("D:20260801080000Z") };
    const entries = { ...(this.#resolved(old?.["VRI"]) as Dict | undefined), [key]: entry };
    const lists = { Certs: list("Certs"), ...(this.#random.chance(0.5) ? { OCSPs: list("OCSPs") } : {}) };
    const store: Dict = { ...old, ...lists, ...(this.#random.chance(0.5) ? { VRI: entries } : {}) };
    const extensions = { Extensions: { ESIC: { BaseVersion: "/1.7", ExtensionLevel: 5 } } };
    this.#catalog(objects, { DSS: this.#random.chance(0.5) ? add(store) : store, ...extensions });
    this.#append(objects, "LTA_UPDATES");
  }

  /** What a program notes about itself when it saves. */
  #touchWriterMarks(): void {
    const { file, metadata } = this.draft;
    const objects: Record<number, Value> = {};
    const title = `Quyet dinh ${this.#random.below(1000)}`;
    if (file.info === undefined)
      this.#catalog(objects, { Version: `/1.${6 + this.#random.below(2)}`, MarkInfo: { Marked: true } });
    else
      objects[file.info] = {
        ...file.dict(file.info),
        ModDate: text(`D:2026080108${10 + this.#random.below(49)}00Z`),
        Title: text(title),
      };
    if (metadata !== undefined) objects[metadata] = new Stream({ Type: "/Metadata", Subtype: "/XML" }, xmp(title));
    const before = JSON.stringify(file.dict(file.root));
    const changes = file.info !== undefined || metadata !== undefined || JSON.stringify(objects[file.root]) !== before;
    this.#append(objects, changes ? "LTA_UPDATES" : "NONE");
  }

  /** The same values in another writer's hand, and objects nobody refers to. */
  #rewriteAlike(): void {
    const { file, pages } = this.draft;
    const objects: Record<number, Value> = { [file.allocate()]: text("nobody asks for this") };
    const numbers = [...file.objects.keys()].filter((number) => {
      const value = file.objects.get(number)!;
      return isPlain(value) && this.#random.chance(0.4);
    });
    for (const number of [file.root, pages[0]!, ...numbers]) objects[number] = file.objects.get(number)!;
    this.#append(objects, "NONE");
  }

  #comment(): void {
    const { file } = this.draft;
    const number = file.allocate();
    const left = 250 + 20 * this.#comments++;
    const objects: Record<number, Value> = {
      [number]: { Type: "/Annot", Subtype: "/Text", Rect: [left, 10, left + 15, 25], Contents: text("Y kien") },
    };
    this.#annotate(objects, this.draft.pages[0]!, ref(number));
    this.#append(objects, "ANNOTATIONS");
  }

  /** Elements that hang a new widget into the structure tree. */
  #tag(objects: Record<number, Value>, widget: number, page: number): Dict {
    const { file, structure } = this.draft;
    if (!structure || !this.#random.chance(0.6)) return {};
    const { root, top, parents } = structure;
    const element = file.allocate();
    const next = file.dict(root)["ParentTreeNextKey"] as number;
    const object = { Type: "/OBJR", Obj: ref(widget), Pg: ref(page) };
    objects[element] = {
      Type: "/StructElem",
      S: "/Form",
      P: ref(top),
      K: this.#random.chance(0.5) ? object : [object],
    };
    objects[top] = { ...file.dict(top), K: [...(file.dict(top)["K"] as Value[]), ref(element)] };
    objects[parents] = { Nums: [...(file.dict(parents)["Nums"] as Value[]), next, ref(element)] };
    objects[root] = { ...file.dict(root), ParentTreeNextKey: next + 1 };
    return { StructParent: next };
  }

  #annotate(objects: Record<number, Value>, page: number, annotation: Ref): void {
    const { file } = this.draft;
    const dict = file.dict(page);
    const old = dict["Annots"];
    const list = [...((this.#resolved(old) as Value[] | undefined) ?? []), annotation];
    const keys = this.#random.chance(0.2) && dict["Tabs"] === undefined ? { Tabs: "/S" } : {};
    if (old instanceof Ref && this.#random.chance(0.7)) objects[old.number] = list;
    else objects[page] = { ...dict, Annots: list, ...keys };
  }

  /** Sets keys of the form, which is made if there is none. */
  #form(objects: Record<number, Value>, added: readonly number[], keys: Dict): void {
    const { file } = this.draft;
    const place = file.dict(file.root)["AcroForm"];
    const old = (this.#resolved(place) as Dict | undefined) ?? { Fields: [] };
    // Defaults that are there stay.
    const missing = Object.fromEntries(
      Object.entries(keys).filter(([key]) => key === "SigFlags" || old[key] === undefined),
    );
    const fields = [...(this.#resolved(old["Fields"]) as Value[]), ...added.map(ref)];
    const form: Dict = { ...old, ...missing, Fields: fields };
    if (place instanceof Ref) objects[place.number] = form;
    else this.#catalog(objects, { AcroForm: form });
  }

  #catalog(objects: Record<number, Value>, keys: Dict): void {
    const { file } = this.draft;
    objects[file.root] = { ...((objects[file.root] ?? file.dict(file.root)) as Dict), ...keys };
  }

  #resolved(value: Value | undefined): Value | undefined {
    return value instanceof Ref ? this.draft.file.objects.get(value.number) : value;
  }

  #place(): readonly number[] | undefined {
    return this.#newFields > blankPlaces.length || this.#random.chance(0.3)
      ? undefined
      : blankPlaces[this.#newFields - 1];
  }

  #nextName(): string {
    return `Signature${++this.#newFields}`;
  }

  #remove(done: Waiting): void {
    this.draft.waiting.splice(this.draft.waiting.indexOf(done), 1);
  }

  #append(objects: Objects, level: ModificationLevel): void {
    this.draft.file.append(objects, randomLayout(this.#random));
    this.course.levels.push(level);
  }

  async #finish(objects: Objects, field: string, level: ModificationLevel, signature: SignatureToMake): Promise<void> {
    await this.draft.file.sign(objects, signature, randomLayout(this.#random));
    this.course.signatures.push({ field, revision: this.course.levels.length });
    this.course.levels.push(level);
  }
}

/** Not a stream, whose bytes must stay, and not a signature. */
function isPlain(value: Value): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Stream) && value.constructor === Object;
}
