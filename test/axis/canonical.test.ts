import { expect, test } from "vitest";
import { canonicalJson, uuidv7, documentUid } from "../../axis/index.ts";

test("the example of RFC 8785, 3.2.2 to 3.2.4", () => {
  const value: unknown = JSON.parse(`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
    "literals": [null, true, false]
  }`);
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("the sorting example of RFC 8785, 3.2.3", () => {
  const value: unknown = JSON.parse(`{
    "\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control", "\\u00f6": "Latin Small Letter O With Diaeresis"
  }`);
  expect(Object.values(JSON.parse(canonicalJson(value)) as object)[0]).toBe("One");
  expect(canonicalJson(value)).toBe(
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
      '"€":"Euro Sign","😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  );
});

test("the numbers of RFC 8785, appendix B", () => {
  const samples: [string, string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  for (const [bits, text] of samples) expect(canonicalJson(Buffer.from(bits, "hex").readDoubleBE())).toBe(text);
});

test("what JSON cannot carry is an error", () => {
  const loop: unknown[] = [];
  loop.push(loop);
  for (const value of [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "a\uD800",
    { "\uDC00": 1 },
    undefined,
    [undefined],
    new Date(0),
    1n,
    loop,
  ]) {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  }
});

test("planted bug: sorting by code point instead of UTF-16 code unit gives another form", () => {
  const names = ["\ufb33", "😀"];
  const byCodePoint = names.toSorted((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  const canonical = canonicalJson(Object.fromEntries(names.map((name) => [name, 1])));
  expect(Object.keys(JSON.parse(canonical) as object)).not.toEqual(byCodePoint);
});

test("identifiers of version 7 sort by time; a document has one uid on every road", () => {
  const ids = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000].map(uuidv7);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids[0]).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab]/);
  const id = "H99.01,2026/03/02,15/QĐ";
  expect(documentUid("H99.01", id.normalize("NFD"))).toBe(documentUid("H99.01", id));
  expect(documentUid("H99.02", id)).not.toBe(documentUid("H99.01", id));
});
