import { expect, test } from "vitest";
import { warningsOf } from "../../../signing/diff/warnings.ts";
import { readPdf } from "../../../signing/pdf/document.ts";
import { Raw, ref, text, type Dict } from "../attacks/values.ts";
import { at, fileOf, judge, scene, sign, signedScene, widget } from "./scene.ts";

const dict = (number: number) => scene[number] as Dict;

test("a list of very many values is looked through for actions", () => {
  const many = new Raw(`[${"null ".repeat(300_000)}<</S/JavaScript>>]`);
  const file = fileOf({ [at.page]: { ...dict(at.page), PieceInfo: many } });
  expect(warningsOf(readPdf(file.bytes), 0)).toEqual(["SCRIPT object 3"]);
});

test("a field that is signed may name very many widgets", async () => {
  const file = await signedScene();
  const fields = [ref(at.leader), ref(at.seal), ref(at.number), ref(41)];
  file.append({ [at.form]: { Fields: fields }, 41: widget("Sig", "New", [0, 0, 0, 0]) });
  const many = new Raw(`[${"99 0 R ".repeat(200_000)}]`);
  await sign(file, { 41: { FT: "/Sig", T: text("New"), Kids: many } }, { field: 41, number: 40 });
  expect(judge(file)["Leader"]?.level).toBe("OTHER");
});
