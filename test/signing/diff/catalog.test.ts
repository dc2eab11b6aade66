import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { plainLayout, type Objects } from "../attacks/growing-file.ts";
import { ref, Stream, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, judge, refused, scene, signedScene } from "./scene.ts";

const catalog = (keys: Dict): Objects => ({ [at.catalog]: { ...(scene[at.catalog] as Dict), ...keys } });
const xmp = (xml: string, keys: Dict = { Type: "/Metadata", Subtype: "/XML" }) => new Stream(keys, xml);
const der = new Stream({}, Buffer.from("3003020105", "hex"));

describe("the catalog", () => {
  test.each<[string, Objects, Objects, unknown]>([
    ["a version", {}, catalog({ Version: "/1.7" }), allowed("LTA_UPDATES")],
    ["a version that is no name", {}, catalog({ Version: 2 }), refused("CHANGED catalog/Version")],
    ["a version taken away", catalog({ Version: "/1.7" }), catalog({}), refused("REMOVED catalog/Version")],
    ["a version that is the same", catalog({ Version: "/1.7" }), catalog({ Version: "/1.7" }), clean],
    ["marks of tagging", {}, catalog({ MarkInfo: { Marked: true } }), allowed("LTA_UPDATES")],
    [
      "marks that lead somewhere",
      {},
      catalog({ MarkInfo: { Marked: ref(at.page) } }),
      refused("CHANGED catalog/MarkInfo"),
    ],
    ["marks that are a list", {}, catalog({ MarkInfo: [true] }), refused("CHANGED catalog/MarkInfo")],
    [
      "extensions",
      {},
      catalog({ Extensions: { ESIC: { BaseVersion: "/1.7", ExtensionLevel: 5, Deep: [text("x"), false] } } }),
      allowed("LTA_UPDATES"),
    ],
    [
      "extensions apart",
      {},
      { ...catalog({ Extensions: ref(at.free) }), [at.free]: { ADBE: { BaseVersion: "/1.7" } } },
      allowed("LTA_UPDATES"),
    ],
    ["extensions with a page", {}, catalog({ Extensions: { X: ref(at.page) } }), refused("CHANGED catalog/Extensions")],
    [
      "extensions without an end",
      {},
      catalog({ Extensions: { A: { B: { C: { D: { E: 1 } } } } } }),
      refused("CHANGED catalog/Extensions"),
    ],
    ["another key", {}, catalog({ Lang: text("vi") }), refused("CHANGED catalog/Lang")],
    ["a key that is null", {}, catalog({ Lang: null }), clean],
    ["a key taken away", catalog({ Lang: text("vi") }), catalog({}), refused("CHANGED catalog/Lang")],
    [
      "the same values apart",
      catalog({ ViewerPreferences: { DisplayDocTitle: true } }),
      { ...catalog({ ViewerPreferences: ref(at.free) }), [at.free]: { DisplayDocTitle: true } },
      clean,
    ],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });
});

describe("metadata", () => {
  test.each<[string, Value, unknown]>([
    ["well-formed", xmp("<x/>"), allowed("LTA_UPDATES")],
    ["with a broken end", xmp("<x>"), refused("CHANGED catalog/Metadata")],
    ["with a document type", xmp("<!DOCTYPE x><x/>"), refused("CHANGED catalog/Metadata")],
    ["with an unknown prefix", xmp("<a:x/>"), refused("CHANGED catalog/Metadata")],
    ["of another kind", xmp("<x/>", { Subtype: "/Text" }), refused("CHANGED catalog/Metadata")],
    ["that is no stream", text("<x/>"), refused("CHANGED catalog/Metadata")],
    [
      "that cannot be unpacked",
      xmp("<x/>", { Subtype: "/XML", Filter: "/FlateDecode" }),
      refused("CHANGED catalog/Metadata"),
    ],
    ["that is too long", xmp(`<x>${" ".repeat(4 * 1024 * 1024)}</x>`), refused("CHANGED catalog/Metadata")],
  ])("%s", async (_, value, expected) => {
    expect(await afterwards([{ ...catalog({ Metadata: ref(at.free) }), [at.free]: value }])).toEqual(expected);
  });

  test("written over in place, and taken away", async () => {
    const base = { ...catalog({ Metadata: ref(at.free) }), [at.free]: xmp("<x/>") };
    expect(await afterwards([{ [at.free]: xmp("<y/>") }], base)).toEqual(allowed("LTA_UPDATES"));
    expect(await afterwards([catalog({})], base)).toEqual(refused("REMOVED catalog/Metadata"));
    expect(await afterwards([{ [at.free]: null }], base)).toEqual(refused("REMOVED catalog/Metadata"));
  });
});

describe("the trailer", () => {
  const update = { [at.free]: text("orphan") };
  const judged = async (trailer: Dict, baseTrailer: Dict = {}, objects: Objects = update) => {
    const file = await signedScene({}, { layout: { ...plainLayout, trailer: baseTrailer } });
    file.append(objects, { ...plainLayout, trailer });
    return judge(file)["Leader"];
  };

  test("marks of writers come and go", async () => {
    expect(await judged({ DocChecksum: "/ABC" })).toEqual(clean);
    expect(await judged({}, { DocChecksum: "/ABC" })).toEqual(clean);
    expect(await judged({ DocChecksum: ref(at.page) })).toEqual(refused("CHANGED trailer/DocChecksum"));
    expect(await judged({ AuthCode: { MACLocation: "/Standalone" } })).toEqual(refused("CHANGED trailer/AuthCode"));
  });

  test("the first half of the identifier stays", async () => {
    const id = (first: string, second: string) => ({ ID: [text(first), text(second)] });
    expect(await judged(id("a", "c"), id("a", "b"))).toEqual(clean);
    expect(await judged(id("x", "b"), id("a", "b"))).toEqual(refused("CHANGED trailer/ID"));
    expect(await judged({}, id("a", "b"))).toEqual(refused("CHANGED trailer/ID"));
    expect(await judged(id("a", "b"))).toEqual(clean);
  });

  test("the catalog stays the same object", async () => {
    const file = await signedScene();
    file.root = at.free;
    file.append({ [at.free]: scene[at.catalog]! });
    expect(judge(file)["Leader"]).toEqual(refused("CHANGED trailer/Root"));
  });
});

describe("the document information", () => {
  const info = (keys: Dict): Objects => ({ [at.info]: keys });
  const title = { Title: text("Quyet dinh") };

  test.each<[string, Dict, unknown]>([
    [
      "dates and programs",
      { ...title, ModDate: text("D:2026"), Producer: text("x"), Creator: text("y"), Trapped: "/False" },
      allowed("LTA_UPDATES"),
    ],
    ["the same words in another encoding", { Title: text("\xfe\xff\0Q\0u\0y\0e\0t\0 \0d\0i\0n\0h") }, clean],
    ["another title", { Title: text("Thong bao") }, refused("CHANGED Info/Title")],
    ["no title", {}, refused("CHANGED Info/Title")],
    ["an author", { ...title, Author: text("x") }, refused("CHANGED Info/Author")],
    ["a date that is no string", { ...title, ModDate: 2026 }, refused("CHANGED Info/ModDate")],
  ])("%s", async (_, keys, expected) => {
    expect(await afterwards([info(keys)])).toEqual(expected);
  });

  test("a program's mark taken away", async () => {
    const base = info({ ...title, Producer: text("x") });
    expect(await afterwards([info(title)], base)).toEqual(allowed("LTA_UPDATES"));
  });

  test("left out of the trailer", async () => {
    const file = await signedScene();
    file.info = undefined;
    file.append({ [at.free]: text("orphan") });
    expect(judge(file)["Leader"]).toEqual(clean);
  });

  test("made where there was none", async () => {
    const file = await signedScene();
    file.info = undefined;
    file.append({});
    file.info = at.free;
    file.append({ [at.free]: { Producer: text("x") } });
    expect(judge(file)["Leader"]).toEqual(allowed("LTA_UPDATES"));
  });
});

describe("the security store", () => {
  const store = (dss: Value, more: Objects = {}): Objects => ({ ...catalog({ DSS: dss }), ...more });
  const certs = store({ Type: "/DSS", Certs: [ref(at.free)] }, { [at.free]: der });
  const key = "0123456789ABCDEF0123456789ABCDEF01234567";

  test.each<[string, Objects, Objects, unknown]>([
    ["comes", {}, certs, allowed("LTA_UPDATES")],
    ["comes empty", {}, store({}), allowed("LTA_UPDATES")],
    [
      "grows",
      certs,
      store({ Type: "/DSS", Certs: [ref(at.free), ref(31)], CRLs: [ref(31)] }, { 31: der }),
      allowed("LTA_UPDATES"),
    ],
    ["is written anew", certs, store({ Type: "/DSS", Certs: [ref(31)] }, { 31: der }), clean],
    ["is written anew without a type", certs, store({ Certs: [ref(31)] }, { 31: der }), allowed("LTA_UPDATES")],
    [
      "is written anew with the same certificate packed",
      certs,
      store({ Type: "/DSS", Certs: [ref(31)] }, { 31: new Stream({ Filter: "/FlateDecode" }, deflateSync(der.data)) }),
      allowed("LTA_UPDATES"),
    ],
    [
      "is written anew with another certificate",
      certs,
      store({ Type: "/DSS", Certs: [ref(31)] }, { 31: new Stream({}, Buffer.from("3003020106", "hex")) }),
      refused("REMOVED DSS/Certs"),
    ],
    ["loses a list", certs, store({ Type: "/DSS" }), refused("CHANGED DSS/Certs")],
    ["loses a certificate", certs, store({ Type: "/DSS", Certs: [] }), refused("REMOVED DSS/Certs")],
    [
      "has a certificate exchanged in place",
      certs,
      { [at.free]: new Stream({}, Buffer.from("3003020106", "hex")) },
      refused("REMOVED DSS/Certs"),
    ],
    ["goes", certs, catalog({}), refused("REMOVED catalog/DSS")],
    ["is no dictionary", {}, store([]), refused("CHANGED catalog/DSS")],
    ["is of another type", {}, store({ Type: "/Catalog" }), refused("CHANGED DSS/Type")],
    ["holds an unknown key", {}, store({ Scripts: [] }), refused("CHANGED DSS/Scripts")],
    ["holds a list that is none", {}, store({ Certs: ref(at.page) }), refused("CHANGED DSS/Certs")],
    ["holds a page", {}, store({ Certs: [ref(at.page)] }), refused("CHANGED DSS/Certs")],
    ["holds a string", {}, store({ OCSPs: [text("x")] }), refused("CHANGED DSS/OCSPs")],
    [
      "holds too much",
      {},
      store({ Certs: Array.from({ length: 5001 }, () => ref(at.free)) }, { [at.free]: der }),
      refused("CHANGED DSS/Certs"),
    ],
    [
      "holds a script",
      {},
      store({ Certs: [ref(at.free)] }, { [at.free]: new Stream({ S: "/JavaScript" }, der.data) }),
      refused("CHANGED DSS/Certs"),
    ],
    [
      "holds an entry for a signature",
      {},
      store(
        { VRI: { Type: "/VRI", [key]: { Cert: [ref(at.free)], TU: text("D:2026"), TS: ref(at.free) } } },
        { [at.free]: der },
      ),
      allowed("LTA_UPDATES"),
    ],
    ["holds entries that are none", {}, store({ VRI: [] }), refused("CHANGED DSS/VRI")],
    ["holds entries that are null", {}, store({ VRI: null }), refused("CHANGED DSS/VRI")],
    ["holds an entry of a strange name", {}, store({ VRI: { Zz: {} } }), refused("CHANGED DSS/VRI/Zz")],
    ["holds an entry of too long a name", {}, store({ VRI: { [`${key}0`]: {} } }), refused(`CHANGED DSS/VRI/${key}`)],
    ["holds an entry that is none", {}, store({ VRI: { [key]: 1 } }), refused(`CHANGED DSS/VRI/${key}`)],
    [
      "holds an unknown key in an entry",
      {},
      store({ VRI: { [key]: { JS: text("1") } } }),
      refused("CHANGED DSS/VRI/JS"),
    ],
    [
      "holds a wrong type in an entry",
      {},
      store({ VRI: { [key]: { Type: "/Sig" } } }),
      refused("CHANGED DSS/VRI/Type"),
    ],
    ["holds a time that is none", {}, store({ VRI: { [key]: { TU: 1 } } }), refused("CHANGED DSS/VRI/TU")],
    [
      "holds a stamp that is none",
      {},
      store({ VRI: { [key]: { TS: ref(at.content) } } }),
      refused("CHANGED DSS/VRI/TS"),
    ],
    [
      "holds a list in an entry that is none",
      {},
      store({ VRI: { [key]: { CRL: 1 } } }),
      refused("CHANGED DSS/VRI/CRL"),
    ],
    [
      "keeps its entries",
      store({ VRI: { [key]: {} } }),
      store({ VRI: { [key]: {}, ["A".repeat(40)]: {} } }),
      allowed("LTA_UPDATES"),
    ],
    [
      "has an entry grow",
      store({ VRI: { [key]: {} } }),
      store({ VRI: { [key]: { OCSP: [ref(at.free)] } } }, { [at.free]: der }),
      allowed("LTA_UPDATES"),
    ],
    ["loses an empty entry", store({ VRI: { [key]: {} } }), store({ VRI: {} }), allowed("LTA_UPDATES")],
    ["loses empty entries", store({ VRI: { [key]: {} } }), store({}), allowed("LTA_UPDATES")],
    [
      "loses an entry",
      store({ VRI: { [key]: { OCSP: [ref(at.free)] } } }, { [at.free]: der }),
      store({ VRI: {} }),
      refused("CHANGED DSS/VRI/OCSP"),
    ],
    [
      "loses an entry whose values it holds",
      store({ VRI: { [key]: { OCSP: [ref(at.free)] } } }, { [at.free]: der }),
      store({ VRI: {}, OCSPs: [ref(at.free)] }),
      allowed("LTA_UPDATES"),
    ],
    [
      "loses an entry whose values it holds not all",
      store({ VRI: { [key]: { OCSP: [ref(at.free)] } } }, { [at.free]: der }),
      store({ OCSPs: [ref(31)] }, { 31: new Stream({}, Buffer.from("3003020106", "hex")) }),
      refused("REMOVED DSS/VRI/OCSP"),
    ],
  ])("%s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  test.each<[string, string, boolean]>([
    ["short length", "3003020105", true],
    ["long length", `30818${"0"}${"05".repeat(128)}`, true],
    ["indefinite length, closed", "30800201050000", true],
    ["indefinite length, open", "3080020105", false],
    ["too short", "3000", false],
    ["not a sequence", "3103020105", false],
    ["something behind", "300302010541", false],
    ["cut off", "30820100020105", false],
    ["a length of too many bytes", "308500000000030201", false],
    ["a length without its bytes", "3084", false],
    ["three bytes with a long length", "308401", false],
  ])("encoded values: %s", async (_, hex, sound) => {
    const update = store({ Certs: [ref(at.free)] }, { [at.free]: new Stream({}, Buffer.from(hex, "hex")) });
    expect(await afterwards([update])).toEqual(sound ? allowed("LTA_UPDATES") : refused("CHANGED DSS/Certs"));
  });

  test("a stream that cannot be unpacked", async () => {
    const update = store({ Certs: [ref(at.free)] }, { [at.free]: new Stream({ Filter: "/FlateDecode" }, der.data) });
    expect(await afterwards([update])).toEqual(refused("CHANGED DSS/Certs"));
  });
});
