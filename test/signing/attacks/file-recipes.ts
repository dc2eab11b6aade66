import { PdfRef, type PdfStream } from "../../../signing/pdf/objects.ts";
import { recipes } from "./recipe.ts";
import { streamText, type Target } from "./target.ts";

const script = "<</S /JavaScript /JS (app.alert\\(1\\))>>";
const der = "0\x03\x02\x01\x05";

/** Changes to the catalog, the trailer and the document's lists. */
export const catalogRecipes = recipes("first", {
  "script on opening": (t) => t.append(t.catalogWith({ OpenAction: script })),
  "script on closing": (t) => t.append(t.catalogWith({ AA: `<</WC ${script}>>` })),
  "script by name": (t) => t.append(t.catalogWith({ Names: `<</JavaScript <</Names [(x) ${script}]>>>>` })),
  "file embedded": (t) => t.append(t.catalogWith({ Names: "<</EmbeddedFiles <</Names []>>>>" })),
  "associated file added": (t) => t.append(t.catalogWith({ AF: "[]", Collection: "<</View /T>>" })),
  "collection added": (t) => t.append(t.catalogWith({ Collection: "<</View /T>>" })),
  "layers added": (t) => t.append(t.catalogWith({ OCProperties: "<</OCGs [] /D <<>>>>" })),
  "outline added": (t) => t.append(t.catalogWith({ Outlines: "<</First null>>", PageMode: "/UseOutlines" })),
  "page labels added": (t) => t.append(t.catalogWith({ PageLabels: "<</Nums [0 <</S /r>>]>>" })),
  "output intent added": (t) => t.append(t.catalogWith({ OutputIntents: "[<</S /GTS_PDFA1>>]" })),
  "viewer preferences changed": (t) => t.append(t.catalogWith({ ViewerPreferences: "<</HideToolbar true>>" })),
  "language changed": (t) => t.append(t.catalogWith({ Lang: "(en)" })),
  "base address added": (t) => t.append(t.catalogWith({ URI: "<</Base (http://example.org)>>" })),
  "permissions added": (t) => t.append(t.catalogWith({ Perms: `<</UR3 ${t.fresh()} 0 R>>` })),
  "permissions removed": (t) =>
    t.at(t.catalog, "Perms") === null ? undefined : t.append(t.catalogWith({ Perms: undefined })),
  "permissions pointed elsewhere": (t) => {
    if (t.at(t.catalog, "Perms") === null) return undefined;
    const others = t.fields("Sig").at(-1)!.dict.get("V") as PdfRef;
    return t.append(t.catalogWith({ Perms: `<</DocMDP ${others.number} 0 R>>` }));
  },
  "structure tree added": (t) =>
    t.at(t.catalog, "StructTreeRoot") === null
      ? t.append(t.catalogWith({ StructTreeRoot: "<</Type /StructTreeRoot>>" }))
      : undefined,
  "metadata that is no XML": (t) => metadata(t, "<x><y></x>"),
  "metadata with a document type": (t) => metadata(t, "<!DOCTYPE x [<!ENTITY e 'e'>]><x/>"),
  "metadata that is no stream": (t) => t.append(t.catalogWith({ Metadata: "(x)" })),
  "metadata removed": (t) =>
    t.at(t.catalog, "Metadata") === null ? undefined : t.append(t.catalogWith({ Metadata: undefined })),
  "extensions with something else inside": (t) =>
    t.append(t.catalogWith({ Extensions: `<</X ${t.page.number} 0 R>>` })),
  "version that is no name": (t) => t.append(t.catalogWith({ Version: `${t.page.number} 0 R` })),
  "unknown key in the catalog": (t) => t.append(t.catalogWith({ Zz: "1" })),
  "duplicate keys in the catalog": (t) =>
    t.append({ [t.catalog.number]: t.text(t.catalog).replace("<<", `<</Pages ${t.fresh()} 0 R `) }),
  "catalog exchanged": (t) =>
    t.append(
      { [t.fresh()]: t.text(t.catalog).replace("<<", "<</PageMode /FullScreen ") },
      { trailer: { Root: `${t.fresh()} 0 R` } },
    ),
  "title that is more than a text": (t) => {
    const info = t.view.trailer.get("Info");
    return info instanceof PdfRef ? t.append({ [info.number]: t.with(info, { Title: script }) }) : undefined;
  },
  "DSS that refers to a page": (t) => t.append(t.catalogWith({ DSS: `<</Certs [${t.page.number} 0 R]>>` })),
  "DSS with direct values": (t) => t.append(t.catalogWith({ DSS: "<</Certs [(x)]>>" })),
  "DSS that is no dictionary": (t) => t.append(t.catalogWith({ DSS: "(x)" })),
  "DSS with a script": (t) => dss(t, "/S /JavaScript", "app.alert(1)"),
  "DSS with keys of an action": (t) => dss(t, "/S /JavaScript", der),
  "DSS with something that is not DER": (t) => dss(t, "", "BT (KHAC) Tj ET"),
  "DSS with something behind the DER": (t) => dss(t, "", `${der}<script/>`),
  "DSS with an unknown list": (t) => t.append(t.catalogWith({ DSS: "<</Scripts []>>" })),
  "DSS with too many entries": (t) =>
    t.append({
      ...t.catalogWith({ DSS: `<</Certs [${`${t.fresh()} 0 R `.repeat(5001)}]>>` }),
      [t.fresh()]: streamText("", der),
    }),
  "DSS with a strange entry for a signature": (t) => t.append(t.catalogWith({ DSS: "<</VRI <</Zz <<>>>>>>" })),
  "DSS with an action in an entry": (t) =>
    t.append(t.catalogWith({ DSS: `<</VRI <</${"A".repeat(40)} <</JS (1)>>>>>>` })),
  "DSS over an object of the document": (t) =>
    t.append({ ...t.catalogWith({ DSS: `${t.content.number} 0 R` }), [t.content.number]: "<</Certs []>>" }),
});

export const destructiveCatalogRecipes = recipes("file", {
  "catalog freed": (t) => t.append({ [t.catalog.number]: null }),
  "encryption added": (t) =>
    t.append({ [t.fresh()]: "<</Filter /Standard>>" }, { trailer: { Encrypt: `${t.fresh()} 0 R` } }),
});

function metadata(t: Target, xml: string): Buffer {
  return t.append({
    ...t.catalogWith({ Metadata: `${t.fresh()} 0 R` }),
    [t.fresh()]: streamText("/Type /Metadata /Subtype /XML", xml),
  });
}

function dss(t: Target, keys: string, data: string): Buffer {
  return t.append({ ...t.catalogWith({ DSS: `<</Certs [${t.fresh()} 0 R]>>` }), [t.fresh()]: streamText(keys, data) });
}

/** Tricks with the structure of the file itself. */
export const structureRecipes = recipes("first", {
  "object stream overridden": (t) => {
    for (const number of t.view.numbers()) {
      const entry = t.view.entry(number)!;
      const container = entry.type === "compressed" ? new PdfRef(entry.stream) : undefined;
      const text = container && t.document.decode(t.view.get(container) as PdfStream, t.view).toString("latin1");
      if (!container || !text?.includes("Times-Roman")) continue;
      const keys = `/Type /ObjStm /N ${t.text(t.at(container, "N"))} /First ${t.text(t.at(container, "First"))}`;
      return t.append({ [container.number]: streamText(keys, text.replace("Times-Roman", "Times-Other")) });
    }
    return undefined;
  },
  "earlier state of an object listed again": (t) => {
    const [earliest] = t.document.revisions;
    const page = earliest!.entries.get(t.page.number);
    if (page?.type !== "offset") return undefined;
    return t.append({ [t.page.number]: "null" }, { offsets: { [t.page.number]: page.offset }, section: "table" });
  },
  "object found inside a signed stream (shadow hide and replace)": (t) => {
    const at = t.bytes.indexOf("1 0 obj << /Hidden");
    return at < 0
      ? undefined
      : t.append(
          { [t.content.number]: "null" },
          { offsets: { [t.content.number]: at - String(t.content.number).length + 1 } },
        );
  },
  "object listed inside a signature's hole": (t) => {
    const hole = t.bytes.indexOf("/Contents <") + 20;
    return t.append({ [t.content.number]: "null" }, { offsets: { [t.content.number]: hole } });
  },
  "object listed inside a comment": (t) => {
    // The comment stands in front of the body that is written for another number.
    const comment = `% ${t.content.number} 0 obj null endobj`;
    const [front, body] = [`${t.fresh()} 0 obj\n`, `${comment}\n1`];
    const offset = t.bytes.length + front.length + 2;
    return t.append({ [t.fresh()]: body, [t.content.number]: "null" }, { offsets: { [t.content.number]: offset } });
  },
  "object of another generation": (t) =>
    t.append(
      { [t.content.number]: streamText("", "BT (KHAC) Tj ET") },
      { generations: { [t.content.number]: 1 }, section: "table" },
    ),
  "hybrid section hides another content": (t) => hybrid(t, { [t.content.number]: streamText("", "BT (KHAC) Tj ET") }),
  "hybrid section hides another page": (t) => hybrid(t, { [t.page.number]: t.with(t.page, { Rotate: "90" }) }),
});

/** An update whose table is empty and whose hidden stream lists the objects (7.5.8.4). */
function hybrid(t: Target, bodies: Record<number, string>): Buffer {
  let tail = "";
  const rows: [number, number][] = [];
  for (const [number, body] of Object.entries(bodies)) {
    rows.push([Number(number), t.bytes.length + tail.length]);
    tail += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const data = Buffer.alloc(7 * rows.length);
  for (const [i, [, offset]] of rows.entries()) {
    data.writeUInt8(1, 7 * i);
    data.writeUInt32BE(offset, 7 * i + 1);
  }
  const hidden = t.bytes.length + tail.length;
  const index = rows.map(([number]) => `${number} 1`).join(" ");
  const size = t.fresh(5);
  tail += `${t.fresh(4)} 0 obj\n<</Type /XRef /W [1 4 2] /Index [${index}] /Size ${size} /Length ${data.length}>>\nstream\n${data.toString("latin1")}\nendstream\nendobj\n`;
  const start = t.bytes.length + tail.length;
  const keys = `/Root ${t.catalog.number} 0 R /Prev ${t.view.revision.startxref} /XRefStm ${hidden} /Size ${size}`;
  tail += `xref\n0 1\n0000000000 65535 f \ntrailer\n<<${keys}>>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.concat([t.bytes, Buffer.from(tail, "latin1")]);
}

/** Incremental saving without a proper section, which lenient readers repair. */
export const brokenRecipes = recipes("file", {
  "objects behind the end": (t) =>
    Buffer.concat([
      t.bytes,
      Buffer.from(`${t.content.number} 0 obj\n${streamText("", "BT (KHAC) Tj ET")}\nendobj\n`, "latin1"),
    ]),
  "objects and a trailer behind the end": (t) =>
    Buffer.concat([
      t.bytes,
      Buffer.from(
        `${t.content.number} 0 obj\n${streamText("", "(KHAC) Tj")}\nendobj\ntrailer\n<</Root ${t.catalog.number} 0 R>>\n`,
        "latin1",
      ),
    ]),
  "objects behind the end, with the old section": (t) =>
    Buffer.concat([
      t.bytes,
      Buffer.from(
        `${t.content.number} 0 obj\n${streamText("", "(KHAC) Tj")}\nendobj\nstartxref\n${t.view.revision.startxref}\n%%EOF\n`,
        "latin1",
      ),
    ]),
  "text behind the end": (t) => Buffer.concat([t.bytes, Buffer.from("<html>")]),
  "one byte of the first revision": (t) => {
    const copy = Buffer.from(t.bytes);
    const at = copy.indexOf("stream") + 12;
    copy[at] = copy[at]! ^ 1;
    return copy;
  },
});
