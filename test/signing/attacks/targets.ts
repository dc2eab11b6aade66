import { PDFDocument, StandardFonts } from "pdf-lib";
import { addFields, signPdf, textAppearance } from "../../../signing/index.ts";
import { draft, showing } from "./documents.ts";
import { detachedBy, plainLayout, type Layout } from "./growing-file.ts";
import { agency, leader } from "./pki.ts";
import { Random } from "./random.ts";
import { ref, Stream, styles, text, type Dict } from "./values.ts";

const at = new Date("2026-08-01T01:00:00Z");

const appearance = (shown: string) =>
  textAppearance({ lines: [shown], width: 60, height: 40, fontSize: 11, color: "blue", align: "center" });

/** A decision signed by the leader, then numbered and sealed, all by our own signer. */
export async function ownFile(section: "table" | "stream"): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.TimesRoman);
  document.setTitle("Quyet dinh");
  const page = document.addPage([595, 842]);
  page.drawText("UY BAN NHAN DAN TINH HUE", { x: 57, y: 770, size: 13, font });
  page.drawText("So:          /QD-UBND", { x: 57, y: 740, size: 13, font });
  document.addPage([595, 842]).drawText("Phu luc", { x: 57, y: 770, size: 13, font });
  let pdf: Buffer = Buffer.from(await document.save({ useObjectStreams: section === "stream" }));
  pdf = addFields(pdf, [
    { type: "signature", name: "Leader", page: 0, rect: [300, 100, 400, 160] },
    { type: "signature", name: "Seal", page: 0, rect: [260, 100, 320, 160] },
    { type: "text", name: "Number", page: 0, rect: [80, 738, 110, 754], fontSize: 13, alignment: "center" },
    { type: "text", name: "Day", page: 0, rect: [400, 738, 420, 754], fontSize: 13, alignment: "center" },
  ]);
  pdf = await signPdf(pdf, { field: "Leader", signer: leader, at, appearance: await appearance("Đã ký") });
  return signPdf(pdf, {
    field: "Seal",
    signer: agency,
    at,
    appearance: await appearance("Dấu"),
    fill: [{ field: "Number", value: "15" }],
  });
}

/** A tagged document as agents sign it: certified with level 2, then signed again in a field added for that. */
export async function certifiedFile(layout: Layout = plainLayout, permission = 2): Promise<Buffer> {
  const made = draft(new Random(4), { pages: 2, isTagged: true, hasFields: true, hasMetadata: true, layout });
  const { file, font, pages } = made;
  // An object that only a false entry would find.
  const hidden = file.allocate();
  const trap = "1 0 obj << /Hidden true /Length 17 >>\nstream\nBT (KHAC) Tj ET  \nendstream\nendobj\n";
  const [number, looks, field] = [file.allocate(), file.allocate(), made.waiting[0]!];
  const parameters = { Type: "/TransformParams", V: "/1.2", P: permission };
  const reference = { Type: "/SigRef", TransformMethod: "/DocMDP", TransformParams: parameters };
  const base: Dict = {
    Type: "/Sig",
    Filter: "/Adobe.PPKLite",
    SubFilter: "/adbe.pkcs7.detached",
    M: text("D:20260801080000Z"),
  };
  const widget: Dict = { ...file.dict(field.widget), F: 132, AP: { N: ref(looks) } };
  const objects = {
    [looks]: showing("Da ky", font),
    [hidden]: new Stream(
      {},
      trap.replace(
        "1 0 obj",
        `${String((file.dict(pages[0]!)["Contents"] as { number?: number }).number ?? "")} 0 obj`,
      ) + trap,
    ),
    [field.widget]: field.widget === field.field ? { ...widget, V: ref(number) } : widget,
    ...(field.widget === field.field ? {} : { [field.field]: { ...file.dict(field.field), V: ref(number) } }),
    [file.root]: { ...file.dict(file.root), Perms: { DocMDP: ref(number) } },
  };
  await file.sign(objects, { number, keys: { ...base, Reference: [reference] }, sign: detachedBy(leader) }, layout);
  const [second, added, mark] = [file.allocate(), file.allocate(), file.allocate()];
  const page = pages[0]!;
  const old = file.dict(page)["Annots"];
  const list = (
    old instanceof Object && "number" in old ? file.objects.get((old as { number: number }).number) : old
  ) as Dict[];
  const catalog = file.dict(file.root);
  const place = catalog["AcroForm"]!;
  const isApart = place instanceof Object && "number" in place;
  const form = (isApart ? file.objects.get((place as { number: number }).number) : place) as Dict;
  const grown: Dict = { ...form, Fields: [...(form["Fields"] as Dict[]), ref(added)], SigFlags: 3 };
  const placed: Dict = { Type: "/Annot", Subtype: "/Widget", Rect: [79, 743, 101, 759], F: 132, P: ref(page) };
  await file.sign(
    {
      [mark]: showing("15", font),
      [added]: { FT: "/Sig", T: text("Signature2"), V: ref(second), ...placed, AP: { N: ref(mark) } },
      [page]: { ...file.dict(page), Annots: [...(list ?? []), ref(added)] },
      ...(isApart
        ? { [(place as { number: number }).number]: grown }
        : { [file.root]: { ...catalog, AcroForm: grown } }),
    },
    { number: second, keys: base, sign: detachedBy(agency) },
    { ...layout, style: styles[1]! },
  );
  return file.bytes;
}
