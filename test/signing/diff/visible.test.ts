import { describe, expect, test } from "vitest";
import { isInvisible, widgetsOf } from "../../../signing/diff/visible.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { PdfRef } from "../../../signing/pdf/objects.ts";
import { ref, type Dict, type Value } from "../attacks/values.ts";
import { fileOf } from "./scene.ts";

const field = new PdfRef(30, 0);
const viewOf = (keys: Dict, kid: Value = null) => readPdf(fileOf({ 30: keys, 31: kid }).bytes).latest;

describe("whether a field is invisible", () => {
  test.each<[string, Dict, Value, boolean]>([
    ["without a rectangle", {}, null, true],
    ["with a rectangle without an area", { Rect: [5, 5, 5, 5] }, null, true],
    ["without a width", { Rect: [5, 5, 5, 10] }, null, true],
    ["without a height", { Rect: [5, 5, 10, 5] }, null, true],
    ["with an area", { Rect: [5, 5, 10, 10] }, null, false],
    ["with an area at the left edge", { Rect: [0, 5, 1, 10] }, null, false],
    ["with a widget without an area", { Kids: [ref(31)] }, { Rect: [5, 5, 5, 10] }, true],
    ["with a widget with an area", { Kids: [ref(31)] }, { Rect: [5, 5, 6, 10] }, false],
    ["with a widget that is none", { Kids: [1, ref(31)] }, 1, true],
    ["with an area besides its widget's", { Rect: [5, 5, 10, 10], Kids: [ref(31)] }, {}, false],
  ])("%s", (_, keys, kid, expected) => {
    const view = viewOf(keys, kid);
    expect(isInvisible(view, view.dict(field)!)).toBe(expected);
  });
});

describe("the widgets of a field", () => {
  test.each<[string, Dict, number[]]>([
    ["are its kids", { Kids: [ref(31), ref(32)] }, [31, 32]],
    ["are those of its kids that have numbers", { Kids: [1, ref(31), null] }, [31]],
    ["are itself without kids", {}, [30]],
    ["are itself with no kid", { Kids: [] }, [30]],
    ["are itself with kids that have no numbers", { Kids: [1, null] }, [30]],
    ["are itself with kids that are none", { Kids: 1 }, [30]],
  ])("%s", (_, keys, expected) => {
    const view = viewOf(keys);
    expect(widgetsOf(view, field, view.dict(field)!).map(({ number }) => number)).toEqual(expected);
  });
});
