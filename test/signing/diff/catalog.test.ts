import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { plainLayout, type Objects } from "../attacks/growing-file.ts";
import { Raw, ref, Stream, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, clean, fileOf, judge, refused, scene, sign, signedScene } from "./scene.ts";

const catalog = (keys: Dict): Objects => ({ [at.catalog]: { ...(scene[at.catalog] as Dict), ...keys } });
const xmp = (xml: string, keys: Dict = { Type: "/Metadata", Subtype: "/XML" }) => new Stream(keys, xml);
const srgb = { Type: "/OutputIntent", S: "/GTS_PDFA1", OutputConditionIdentifier: text("sRGB IEC61966-2.1") };
/** Opened by an empty password (revision 6), with nothing enciphered: made by another program. */
const hex = (digits: string) => new Raw(`<${digits}>`);
const emptyPassword: Dict = {
  Filter: "/Standard",
  V: 5,
  R: 6,
  Length: 256,
  P: -4,
  StmF: "/Identity",
  StrF: "/Identity",
  O: hex("7d61fb3b22e44505f1387016f046d34e5ea77db8ec0fbaf507b824aa924e79c3fb0665bc8013cdabed38160b2c4d2b7e"),
  U: hex("79f82d14b6fce4d2313cba4b50fc51369e57b55ccdc0b1a32d9e33cfe557b046415841a1216bbca9648f5f142db0be91"),
  OE: hex("7758ee15a3d5b321f38a4e42062eb465f1321b88ae6a499630a435e0c7213b49"),
  UE: hex("9539595208c5df51099bfea9312bfd44060ce6bf748497121c43cdaa31b6253f"),
  Perms: hex("fc9d662f1fd41e26dbd4c0b334287a06"),
};
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
    ["a condition of output", {}, catalog({ OutputIntents: [srgb] }), refused("CHANGED catalog/OutputIntents")],
    [
      "a condition of output more",
      catalog({ OutputIntents: [srgb] }),
      catalog({ OutputIntents: [srgb, srgb] }),
      refused("CHANGED catalog/OutputIntents"),
    ],
    [
      "the same condition of output apart",
      catalog({ OutputIntents: [srgb] }),
      { ...catalog({ OutputIntents: ref(at.free) }), [at.free]: [srgb] },
      clean,
    ],
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

  describe("the identifier", () => {
    const id = (first: string, second = "b") => ({ ID: [text(first), text(second)] });
    const another = allowed("LTA_UPDATES", "DOCUMENT_ID_CHANGED");

    test.each<[string, Dict, Dict, unknown]>([
      ["stays", id("a"), id("a"), clean],
      ["gets another second half, as it should", id("a", "c"), id("a"), clean],
      ["comes late", id("a"), {}, clean],
      ["is made anew", id("x"), id("a"), another],
      ["is cut", id("0123456789abcdef"), id("0123456789abcdefghij"), another],
      ["is emptied", { ID: [] }, id("a"), another],
      ["is left out", {}, id("a"), another],
    ])("%s", async (_, trailer, base, expected) => {
      expect(await judged(trailer, base)).toEqual(expected);
    });

    test.each<[string, Dict, unknown]>([
      ["stays", id("a", "c"), clean],
      ["is made anew", id("x"), refused("CHANGED trailer/ID")],
      ["is left out", {}, refused("CHANGED trailer/ID")],
    ])("of an encrypted file %s", async (_, trailer, expected) => {
      const encrypted = { ...id("a"), Encrypt: emptyPassword };
      const file = fileOf({}, encrypted);
      await sign(file, {}, { layout: { ...plainLayout, trailer: encrypted } });
      file.append(update, { ...plainLayout, trailer: { ...trailer, Encrypt: emptyPassword } });
      expect(judge(file)["Leader"]).toEqual(expected);
    });
  });

  describe("another object as the catalog", () => {
    const catalog = scene[at.catalog] as Dict;
    const moved = async (objects: Objects, base: Objects = {}, root: number = at.free) => {
      const file = await signedScene(base);
      file.root = root;
      file.append(objects);
      return { file, said: judge(file)["Leader"] };
    };

    test.each<[string, Objects, unknown]>([
      ["that says the same", { [at.free]: catalog }, clean],
      [
        "with a script",
        { [at.free]: { ...catalog, OpenAction: { S: "/JavaScript" } } },
        refused("CHANGED catalog/OpenAction"),
      ],
      ["with other pages", { [at.free]: { ...catalog, Pages: ref(at.page) } }, refused("CHANGED catalog/Pages")],
      [
        "of no type",
        { [at.free]: { ...catalog, Type: undefined } },
        refused("CHANGED trailer/Root", "CHANGED catalog/Type"),
      ],
    ])("%s is judged by that", async (_, objects, expected) => {
      expect((await moved(objects)).said).toEqual(expected);
    });

    test("that stood there before is refused", async () => {
      const other = { [at.free]: catalog };
      expect((await moved({ [at.info]: {} }, other)).said).toMatchObject({ reasons: ["CHANGED trailer/Root"] });
    });

    describe("while a page still uses the old one", () => {
      const twoFaced: Dict = { ...catalog, XObject: {} };
      const using = { [at.page]: { ...(scene[at.page] as Dict), Resources: ref(at.catalog) }, [at.catalog]: twoFaced };
      const changed = { ...twoFaced, XObject: { Im: ref(at.image) } };
      const move = { [at.free]: twoFaced };

      test.each<[string, Objects]>([
        ["changed", { ...move, [at.catalog]: changed }],
        ["freed", { ...move, [at.catalog]: null }],
        ["made something else", { ...move, [at.catalog]: [1] }],
      ])("and which is %s in the same update is refused", async (_, objects) => {
        expect((await moved(objects, using)).said).toMatchObject({ reasons: ["CHANGED trailer/Root"] });
      });

      test("which stays is taken, and compared from then on", async () => {
        const { file, said } = await moved(move, using);
        expect(said).toEqual(clean);
        file.append({ [at.catalog]: changed });
        expect(judge(file)["Leader"]).toMatchObject({ reasons: ["CHANGED page 1/Resources/XObject/Im"] });
      });
    });

    test("that stands in the trailer itself is refused", async () => {
      const file = await signedScene();
      file.append({ [at.info]: scene[at.info]! }, { ...plainLayout, trailer: { Root: catalog } });
      expect(judge(file)["Leader"]).toMatchObject({ reasons: ["CHANGED trailer/Root"] });
    });

    test("is the catalog from then on", async () => {
      const { file } = await moved({ [at.free]: catalog });
      file.append({ [at.free]: { ...catalog, Lang: text("en") } });
      expect(judge(file)["Leader"]).toEqual(refused("CHANGED catalog/Lang"));
    });

    test("is no element of the structure", async () => {
      const file = await signedScene();
      file.root = at.free;
      file.append({
        [at.free]: { ...catalog, StructTreeRoot: ref(31) },
        31: { Type: "/StructTreeRoot", ParentTree: { Nums: [0, ref(at.free)] } },
      });
      expect(judge(file)["Leader"]).toMatchObject({ level: "OTHER" });
    });
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
    ["another title", { Title: text("Thong bao") }, allowed("LTA_UPDATES", "INFO_CHANGED Title")],
    ["no title", {}, allowed("LTA_UPDATES", "INFO_CHANGED Title")],
    ["an author", { ...title, Author: text("x") }, allowed("LTA_UPDATES", "INFO_CHANGED Author")],
    ["an author who is a name", { ...title, Author: "/x" }, refused("CHANGED Info/Author")],
    ["a title with more in it", { Title: { S: "/URI" } }, refused("CHANGED Info/Title")],
    ["a title that leads to a page", { Title: ref(at.page) }, refused("CHANGED Info/Title")],
    ["a date that is no string", { ...title, ModDate: 2026 }, refused("CHANGED Info/ModDate")],
  ])("%s", async (_, keys, expected) => {
    expect(await afterwards([info(keys)])).toEqual(expected);
  });

  test("a value that was no text stays", async () => {
    const base = info({ ...title, Private: { A: 1 } });
    expect(await afterwards([info(title)], base)).toEqual(refused("CHANGED Info/Private"));
    expect(await afterwards([info({ ...title, Private: text("x") })], base)).toEqual(refused("CHANGED Info/Private"));
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
    ["holds an entry named by another digest", {}, store({ VRI: { ["a".repeat(128)]: {} } }), allowed("LTA_UPDATES")],
    [
      "holds an entry of too long a name",
      {},
      store({ VRI: { ["a".repeat(129)]: {} } }),
      refused(`CHANGED DSS/VRI/${"a".repeat(40)}`),
    ],
    [
      "holds an entry of too short a name",
      {},
      store({ VRI: { ["a".repeat(39)]: {} } }),
      refused(`CHANGED DSS/VRI/${"a".repeat(39)}`),
    ],
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
