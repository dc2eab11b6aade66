import { describe, expect, test } from "vitest";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, Stream, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, refused, scene } from "./scene.ts";

const hex = (value: string): Stream => new Stream({}, Buffer.from(value, "hex"));
const store = (dss: Value): Objects => ({ [at.catalog]: { ...(scene[at.catalog] as Dict), DSS: dss } });
const key = "0123456789ABCDEF0123456789ABCDEF01234567";
const other = "A".repeat(40);
/** Two values of DER, two streams that are none, one that cannot be unpacked, and a value of DER to come. */
const base: Objects = {
  30: hex("3003020105"),
  31: hex("3003020106"),
  32: hex("00"),
  33: hex("01"),
  34: new Stream({ Filter: "/FlateDecode" }, "x"),
  35: hex("3003020107"),
};
const grows = allowed("LTA_UPDATES");

describe("a list of the security store", () => {
  test.each<[string, Dict, Dict, unknown]>([
    ["keeps what it held and is no value", { Certs: [ref(32), ref(33)] }, { Certs: [ref(32), ref(33)] }, grows],
    ["keeps it in another order", { Certs: [ref(32), ref(33)] }, { Certs: [ref(33), ref(32)] }, grows],
    ["keeps a text that it held", { Certs: [text("x"), ref(30)] }, { Certs: [text("x"), ref(30)] }, grows],
    ["keeps what it held only once", { Certs: [ref(32)] }, { Certs: [ref(32), ref(32)] }, refused("CHANGED DSS/Certs")],
    ["gains nothing that a reference leads to", {}, { Certs: [ref(99)] }, refused("CHANGED DSS/Certs")],
    ["gains no null", {}, { Certs: [null] }, refused("CHANGED DSS/Certs")],
    [
      "loses what it held though it is no value",
      { Certs: [ref(32), ref(30)] },
      { Certs: [ref(30)] },
      refused("REMOVED DSS/Certs"),
    ],
    ["keeps its values in a list apart", { Certs: [ref(30)] }, { Certs: ref(40) }, grows],
  ])("%s", async (_, before, now, expected) => {
    const update = { ...store({ ...now, CRLs: [ref(35)] }), 40: [ref(30)] };
    expect(await afterwards([update], { ...base, ...store(before) })).toEqual(expected);
  });

  test("holds 5000 values at most", async () => {
    const list = (length: number) => store({ Certs: Array.from({ length }, () => ref(30)) });
    expect(await afterwards([list(5_000)], base)).toEqual(grows);
    expect(await afterwards([list(5_001)], base)).toEqual(refused("CHANGED DSS/Certs"));
  });
});

describe("entries of the security store for signatures", () => {
  const entry = (...values: Value[]): Dict => ({ OCSP: values });
  test.each<[string, Dict, Dict, unknown]>([
    [
      "keep their values while another one comes",
      { [key]: entry(ref(30)) },
      { [key]: entry(ref(30)), [other]: {} },
      grows,
    ],
    [
      "keep their values while one grows",
      { [key]: entry(ref(30)) },
      { [key]: { ...entry(ref(30)), Cert: [ref(31)] } },
      grows,
    ],
    ["lose their type", { Type: "/VRI", [key]: {} }, { [key]: {} }, grows],
    ["lose something that is no entry", { [key]: 1 }, {}, grows],
    ["hold what is no value", {}, { [key]: entry(ref(32)) }, refused("CHANGED DSS/VRI/OCSP")],
  ])("%s", async (_, before, now, expected) => {
    const held = { OCSPs: [ref(31)], Certs: [ref(31)] };
    const update = store({ ...held, VRI: now });
    expect(await afterwards([update], { ...base, ...store({ ...held, VRI: before }) })).toEqual(expected);
  });

  test("go where the store holds their values, whatever else it holds", async () => {
    const held = { OCSPs: [text("x"), ref(30)] };
    const before = { ...base, ...store({ ...held, VRI: { [key]: entry(ref(30)) } }) };
    expect(await afterwards([store({ ...held, VRI: {} })], before)).toEqual(grows);
  });

  test("grow beside a value of the store that cannot be unpacked", async () => {
    const held = { OCSPs: [ref(34)] };
    const before = { ...base, ...store({ ...held, VRI: { [key]: entry(ref(30)) } }) };
    const now = { [key]: { ...entry(ref(30)), Cert: [ref(31)] } };
    expect(await afterwards([store({ ...held, VRI: now })], before)).toEqual(grows);
  });
});

describe("encoded values of the security store", () => {
  test.each<[string, string, boolean]>([
    ["a length of two bytes", `30820100${"00".repeat(256)}`, true],
    ["a length of four bytes", "308400000003020105", true],
    ["a length of five bytes", "30850000000003020105", false],
    ["a length of 127", `307f${"00".repeat(127)}`, true],
    ["a long length of nothing", "308100", false],
    ["a length without its last byte", "308201", false],
  ])("%s", async (_, value, sound) => {
    const update = { ...store({ Certs: [ref(30)] }), 30: hex(value) };
    expect(await afterwards([update])).toEqual(sound ? grows : refused("CHANGED DSS/Certs"));
  });
});
