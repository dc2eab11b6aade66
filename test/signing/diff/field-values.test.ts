import { describe, expect, test } from "vitest";
import type { Objects } from "../attacks/growing-file.ts";
import { ref, text, type Dict, type Value } from "../attacks/values.ts";
import { afterwards, allowed, at, certified, looks, refused, scene, widget } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;
const form = (keys: Dict): Objects => ({ [at.form]: { ...dict(at.form), ...keys } });
const number = (keys: Dict): Objects => ({ [at.number]: { ...dict(at.number), ...keys } });
const filled = allowed("FORM_FILLING", "FILLED Number");

describe("what a field holds and what it shows", () => {
  const fonts = { Font: { F1: ref(at.font) } };
  const shows = (
    value: Value,
    content: string,
    keys: Dict = {},
    resources: Dict = fonts,
    more: Dict = {},
  ): Objects => ({
    ...number({ V: value, AP: { N: ref(31) }, ...keys }),
    31: looks(content, resources, more),
  });
  const withPicture = (content: string) => shows(text("15"), content, {}, { ...fonts, XObject: { Im: ref(at.image) } });
  const unclear = { ...filled, doubts: ["VALUE_MAY_NOT_BE_WHAT_IS_SHOWN Number"] };
  const malformed = refused("APPEARANCE_MALFORMED field Number");
  const written = (shown: string) => `/Tx BMC q BT /F1 12 Tf 2 4 Td (${shown}) Tj ET Q EMC`;
  const differs = refused("VALUE_IS_NOT_WHAT_IS_SHOWN Number");
  test.each<[string, Objects, unknown]>([
    ["the same", shows(text("15"), written("15")), filled],
    ["the same with white space", shows(text(" 1 5\n"), written("1  5")), filled],
    ["the same in several pieces", shows(text("15/QD"), "BT /F1 9 Tf (15) Tj [(/Q) -900 (D)] TJ ET"), filled],
    ["other digits", shows(text("15"), written("51")), differs],
    ["other digits, closed to viewers", shows(text("15"), written("51"), { Ff: 1 }), differs],
    ["one more digit", shows(text("15"), written("150")), differs],
    ["text where there is none", shows(null, written("15"), { RV: text("x") }), differs],
    ["text that is clipped away", shows(text("15"), `0 0 1 1 re W n ${written("51")}`), differs],
    ["nothing", shows(text("15"), ""), unclear],
    ["nothing of nothing", shows(text(""), ""), filled],
    ["an area", shows(text("15"), "0 0 5 5 re f"), unclear],
    ["text on an area", shows(text("15"), `0 0 100 20 re f ${written("15")}`), filled],
    ["text under an area", shows(text("15"), `${written("15")} 0 0 100 20 re f`), unclear],
    ["text beside an area", shows(text("15"), `${written("15")} 90 0 1 20 re f`), filled],
    ["text in a border", shows(text("15"), `0 0 m 100 0 l 100 20 l 0 20 l f ${written("15")}`), filled],
    [
      "text in a border of four sides",
      shows(
        text("15"),
        `1 19 m 99 19 l 100 20 l 0 20 l 1 19 l f 99 19 m 99 1 l 100 0 l 100 20 l f 1 1 m 1 19 l 0 20 l 0 0 l f ${written("15")}`,
      ),
      filled,
    ],
    [
      "text in a border with round corners",
      shows(
        text("15"),
        `3 0 m 97 0 l 99 0 100 1 100 3 c 100 17 l 100 19 99 20 97 20 c 3 20 l 1 20 0 19 0 17 c 0 3 l 0 1 1 0 3 0 c f ${written("15")}`,
      ),
      filled,
    ],
    [
      "text over a letter as large as the field",
      shows(text("15"), `0 0 m 100 0 l 50 10 l 0 20 l f ${written("15")}`),
      unclear,
    ],
    [
      "text over a drawing that goes round the field",
      shows(text("15"), `0 0 m 100 0 l ${"100 20 l 0 20 l 0 0 l ".repeat(14)}f ${written("15")}`),
      unclear,
    ],
    ["text by a short piece of a border", shows(text("15"), `0 0 m 70 0 l 70 1 l f ${written("15")}`), unclear],
    ["text by most of a border", shows(text("15"), `0 0 m 81 0 l 81 1 l f ${written("15")}`), filled],
    ["text by a piece of a border at the side", shows(text("15"), `0 0 m 1 0 l 1 9 l f ${written("15")}`), unclear],
    ["text by most of a border at the side", shows(text("15"), `0 0 m 1 0 l 1 17 l f ${written("15")}`), filled],
    ["text by a thick border", shows(text("15"), `0 0 m 100 0 l 100 4 l f ${written("15")}`), filled],
    ["text by too thick a border", shows(text("15"), `0 0 m 100 0 l 100 6 l f ${written("15")}`), unclear],
    [
      "text by too thick a border at the side",
      shows(text("15"), `80 0 m 100 0 l 100 20 l f ${written("15")}`),
      unclear,
    ],
    [
      "text by a border that is too thick for the low field",
      shows(text("15"), `0 0 m 100 0 l 100 4 l f ${written("15")}`, {}, undefined, { BBox: [0, 0, 100, 15] }),
      unclear,
    ],
    [
      "text over a letter from above to below",
      shows(text("15"), `10 0 m 20 20 l 30 0 l 40 20 l f ${written("15")}`),
      unclear,
    ],
    ["text by a drawing", shows(text("15"), `60 0 m 90 0 l 90 20 l f ${written("15")}`), unclear],
    [
      "text over a drawing as wide as the field",
      shows(text("15"), `0 9 m 100 9 l 100 10 l f ${written("15")}`),
      unclear,
    ],
    ["text by a drawing as high as the field", shows(text("15"), `60 0 m 80 0 l 80 20 l f ${written("15")}`), unclear],
    ["text and a picture", withPicture(`${written("15")} q 9 0 0 9 60 0 cm /Im Do Q`), unclear],
    ["other text and a picture", withPicture(`${written("51")} q 9 0 0 9 60 0 cm /Im Do Q`), differs],
    ["white text", shows(text("15"), `1 g ${written("15")}`), unclear],
    ["text in a colour of the device's", shows(text("15"), `/DeviceRGB cs 0.1 0.1 0.1 sc ${written("15")}`), filled],
    ["text in the first colour of a space", shows(text("15"), `1 g /DeviceCMYK cs ${written("15")}`), filled],
    ["text in ink", shows(text("15"), `/DeviceCMYK cs 0 0 0 .9 scn ${written("15")}`), filled],
    ["text without ink", shows(text("15"), `/DeviceCMYK cs 0 0 0 .1 scn ${written("15")}`), unclear],
    ["white text in a space", shows(text("15"), `/DeviceRGB cs 1 1 1 sc ${written("15")}`), unclear],
    ["white text in the space it began with", shows(text("15"), `1 sc ${written("15")}`), unclear],
    ["text in another space", shows(text("15"), `/Cs1 cs 0 sc ${written("15")}`), unclear],
    ["text in the first colour of another space", shows(text("15"), `/Cs1 cs ${written("15")}`), unclear],
    ["text in a space that is not named", shows(text("15"), `cs ${written("15")}`), unclear],
    ["text in too few parts of a colour", shows(text("15"), `/DeviceRGB cs 0 0 sc ${written("15")}`), unclear],
    ["text in a colour that is no number", shows(text("15"), `/DeviceGray cs (0) sc ${written("15")}`), unclear],
    ["text in gray that is no number", shows(text("15"), `(1) g ${written("15")}`), filled],
    ["text in a space that is no name", shows(text("15"), `1 cs ${written("15")}`), unclear],
    ["text in part out of sight", shows(text("15"), "BT /F1 12 Tf 96 4 Td (15) Tj ET"), unclear],
    ["text in no frame", shows(text("15"), written("15"), {}, undefined, { BBox: [0, 0, 100] }), malformed],
    ["a password", shows(text("15"), written("**"), {}), differs],
    ["what a script makes of it", { ...shows(text("1500"), written("1.500")) }, differs],
    ["something that cannot be read", shows(text("15"), "("), unclear],
    ["something that cannot be read of nothing", shows(text(""), "("), unclear],
    [
      "a font that tells nothing",
      shows(text("15"), written("51"), {}, { Font: { F1: { Subtype: "/Type3" } } }),
      unclear,
    ],
    ["a value that is no text", shows(["/a"], written("51")), unclear],
    ["no looks", number({ V: text("15") }), filled],
    ["no looks, in white", number({ V: text("15"), DA: text("/F1 12 Tf 1 g") }), unclear],
    ["no looks, in white and then in black", number({ V: text("15"), DA: text("1 g /F1 12 Tf 0 g") }), filled],
    ["no looks, in nobody knows what", number({ V: text("15"), DA: text("/F1 12 Tf (") }), unclear],
    ["no looks of nothing, in white", number({ V: text(""), DA: text("/F1 12 Tf 1 g") }), filled],
    ["looks of its own, in white by default", shows(text("15"), written("15"), { DA: text("1 g") }), filled],
  ])("%s", async (_, update, expected) => {
    expect(await afterwards([update])).toEqual(expected);
  });

  test.each<[string, Dict]>([
    ["a password", { Ff: 1 << 13 }],
    ["rich text", { Ff: 1 << 25 }],
    ["a script that formats", { AA: { F: {} } }],
  ])("%s may look otherwise", async (_, keys) => {
    expect(await afterwards([shows(text("15"), written("**"), keys)], number(keys))).toEqual(filled);
    expect(await afterwards([shows(text("15"), `1 g ${written("**")}`, keys)], number(keys))).toEqual(unclear);
  });

  test("readers that draw fields anew draw it by the defaults of the field or of the form", async () => {
    const redrawn = (keys: Dict = {}, own: Dict = {}) => ({
      ...form({ NeedAppearances: true, ...keys }),
      ...number({ DA: undefined, ...own }),
    });
    const looked = shows(text("15"), "", { DA: undefined });
    expect(await afterwards([looked], redrawn())).toEqual(filled);
    expect(await afterwards([looked], redrawn({ DA: text("1 g") }))).toEqual(unclear);
    const own = { DA: text("0 g") };
    expect(await afterwards([shows(text("15"), "", own)], redrawn({ DA: text("1 g") }, own))).toEqual(filled);
  });
});

describe("buttons and choices, and what they show", () => {
  const unclear = { ...filled, doubts: ["VALUE_MAY_NOT_BE_WHAT_IS_SHOWN Number"] };
  const differs = refused("VALUE_IS_NOT_WHAT_IS_SHOWN Number");
  const box = (keys: Dict): Objects => ({
    [at.number]: widget("Btn", "Number", [76, 728, 106, 744], { AP: { N: { On: ref(32), Off: ref(33) } }, ...keys }),
    32: looks("0 0 5 5 re f"),
    33: looks(""),
  });
  const off = box({ AS: "/Off" });
  test.each<[string, Objects, Objects, unknown]>([
    ["ticked", off, box({ AS: "/On", V: "/On" }), filled],
    ["ticked from no state at all", box({}), box({ AS: "/On", V: "/On" }), filled],
    [
      "ticked, with rounded colours",
      box({ AS: "/Off", MK: { BC: [0.1], BG: [0.8, 0.843, 1], CA: text("4") } }),
      box({ AS: "/On", V: "/On", MK: { BC: [0.1019607843], BG: [0.8, 0.8431372549, 1], CA: text("4") } }),
      filled,
    ],
    [
      "ticked, with another colour",
      box({ AS: "/Off", MK: { BG: [0.1] } }),
      box({ AS: "/On", V: "/On", MK: { BG: [0.103] } }),
      refused("CHANGED field Number/MK/BG"),
    ],
    ["ticked in value alone", off, box({ AS: "/Off", V: "/On" }), unclear],
    ["ticked in looks alone", off, box({ AS: "/On" }), differs],
    ["ticked in looks, off in value", off, box({ AS: "/On", V: "/Off" }), differs],
    ["given a state that it has not", off, box({ AS: "/Off", V: "/Other" }), unclear],
    ["given a value that is no state", off, box({ AS: "/On", V: text("On") }), unclear],
    ["given looks that are no state", off, box({ AS: 1, V: "/On" }), differs],
    ["without looks for states", box({ AP: undefined }), box({ AP: undefined, V: "/On" }), filled],
    ["with a widget that is none", box({ Kids: [ref(98)] }), box({ Kids: [ref(98)], V: "/On", AS: "/On" }), filled],
    ["said to be off", off, box({ AS: "/Off", V: "/Off" }), filled],
    ["said to be off without looks for it", off, box({ V: "/Off" }), filled],
  ])("a check box %s", async (_, base, update, expected) => {
    expect(await afterwards([update], base)).toEqual(expected);
  });

  const radio = (value: string | undefined, first: string, second: string): Objects => {
    const kid = (state: string, shown: string) => ({
      ...widget("Btn", "", [76, 728, 106, 744], { T: undefined, FT: undefined, Parent: ref(at.number) }),
      AP: { N: { [state]: ref(32), Off: ref(33) } },
      AS: `/${shown}`,
    });
    return {
      [at.number]: { FT: "/Btn", T: text("Number"), Ff: 1 << 15, Kids: [ref(34), ref(35)], V: value && `/${value}` },
      32: looks("0 0 5 5 re f"),
      33: looks(""),
      34: kid("A", first),
      35: kid("B", second),
      [at.page]: { ...dict(at.page), Annots: [ref(at.leader), ref(at.seal), ref(34), ref(35)] },
    };
  };
  const none = radio(undefined, "Off", "Off");
  test.each<[string, Objects, unknown]>([
    ["one is chosen", radio("B", "Off", "B"), filled],
    ["another is shown", radio("B", "A", "Off"), differs],
    ["both are shown", radio("B", "A", "B"), differs],
    ["none is shown", radio("B", "Off", "Off"), unclear],
    ["none of them is chosen", radio("C", "Off", "Off"), unclear],
    ["none of them is chosen and one is shown", radio("C", "A", "Off"), differs],
  ])("radio buttons: %s", async (_, update, expected) => {
    const doubled = expected === differs ? [] : undefined;
    const { doubts, ...rest } = await afterwards([update], none);
    expect({ ...rest, doubts: doubled ?? doubts }).toEqual(expected);
  });

  test("radio buttons: another one is chosen after a certification", async () => {
    const chosen = radio("A", "A", "Off");
    expect(await afterwards([radio("B", "Off", "B")], chosen, { keys: certified(2) })).toEqual(filled);
  });

  const combo = 1 << 17;
  const fonts = { Font: { F1: ref(at.font) } };
  const written = (shown: string) => looks(`/Tx BMC BT /F1 12 Tf 2 4 Td (${shown}) Tj ET EMC`, fonts);
  const choice = (value: string | undefined, shown: string, keys: Dict = {}): Objects => ({
    [at.number]: widget("Ch", "Number", [76, 728, 106, 744], {
      Ff: combo,
      Opt: [text("Hue"), [text("HN"), text("Ha Noi")], [text("x")], 7],
      V: value === undefined ? undefined : text(value),
      AP: { N: ref(36) },
      ...keys,
    }),
    36: written(shown),
  });
  test.each<[string, Objects, unknown]>([
    ["an option", choice("Hue", "Hue"), filled],
    ["an option by its value", choice("HN", "Ha Noi"), filled],
    ["a list of one option", choice(undefined, "Hue", { V: [text("Hue")] }), filled],
    ["a list of two options", choice(undefined, "Hue", { V: [text("Hue"), text("HN")] }), unclear],
    ["an option, showing its value", choice("HN", "HN"), filled],
    ["an option, showing another", choice("Hue", "Ha Noi"), differs],
    ["something of its own", choice("x", "x"), filled],
    ["nothing, showing an option", choice(undefined, "Hue", { I: [0] }), differs],
  ])("a combo box chooses %s", async (_, update, expected) => {
    expect(await afterwards([update], choice(undefined, ""))).toEqual(expected);
  });

  test("a combo box without options is given something of its own", async () => {
    const open = (value: string | undefined, shown: string) => choice(value, shown, { Opt: undefined });
    expect(await afterwards([open("x", "x")], open(undefined, ""))).toEqual(filled);
    expect(await afterwards([open("x", "y")], open(undefined, ""))).toEqual(differs);
  });

  const options = "/Tx BMC 0 10 100 8 re f BT /F1 6 Tf 2 12 Td (Hue) Tj 0 -8 Td (Ha Noi) Tj ET EMC";
  test.each<[string, string, unknown]>([
    ["all options, one of them marked", options, filled],
    ["some options", "BT /F1 6 Tf 2 12 Td (Hue) Tj ET", filled],
    ["something else", "BT /F1 6 Tf 2 12 Td (Da Nang) Tj ET", unclear],
    ["a mark that may be letters", "0 10 m 100 10 l 50 18 l f BT /F1 6 Tf 2 12 Td (Hue) Tj ET", unclear],
    ["an option in white on a marked row", "0 10 100 8 re f 1 g BT /F1 6 Tf 2 12 Td (Hue) Tj ET", filled],
    ["marks that are half of a row", "0 10 50 8 re f BT /F1 6 Tf 2 12 Td (Hue) Tj ET", unclear],
    ["rows that are marked as one shape", "0 10 100 8 re 0 2 100 6 re f BT /F1 6 Tf 2 12 Td (Hue) Tj ET", unclear],
  ])("a list shows %s", async (_, content, expected) => {
    const list = (value: string | undefined): Objects => ({
      ...choice(value, "", { Ff: undefined }),
      36: looks(content, fonts),
    });
    expect(await afterwards([list("Hue")], list(undefined))).toEqual(expected);
  });
});
