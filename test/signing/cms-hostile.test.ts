import { expect, test } from "vitest";
import { der, readBer } from "../../signing/asn1.ts";
import { SigningError } from "../../signing/errors.ts";
import { readCrl } from "../../signing/x509/crl.ts";
import { honestSeeds, judgeMutation, mutations, type MutatedKind } from "./mutations.ts";

const count = Number(process.env.CONGVAN_TEST_MUTATIONS ?? 3000);
const seeds = honestSeeds();

test("the honest inputs pass every reader", () => {
  for (const seed of seeds) expect(() => seed.judge(seed.bytes)).not.toThrow();
});

test(`${count} mutated CMS, tokens, OCSP responses, lists and certificates: a SigningError or a verdict, quickly, and no forgery`, () => {
  const kinds = new Map<MutatedKind, number>();
  for (const mutation of mutations(count, 20260801, seeds)) {
    let milliseconds = judgeMutation(mutation);
    // A pause of the machine is not the reader's: what is slow is slow every time.
    for (let again = 0; milliseconds > 50 && again < 3; again++)
      milliseconds = Math.min(milliseconds, judgeMutation(mutation));
    expect(milliseconds, mutation.recipe).toBeLessThan(50);
    kinds.set(mutation.kind, (kinds.get(mutation.kind) ?? 0) + 1);
  }
  expect(kinds.size).toBe(6);
});

test("a list with a wrapper for extensions and nothing in it, which this campaign found", () => {
  const seed = seeds.find(({ kind }) => kind === "crl")!;
  const [tbs, algorithm, signature] = readBer(seed.bytes).sequence();
  const fields = tbs!.sequence().slice(0, -1);
  for (const wrapper of [der.explicit(0), der.explicit(0, der.sequence(), der.sequence())]) {
    const bytes = der.sequence(der.sequence(...fields.map(({ raw }) => raw), wrapper), algorithm!.raw, signature!.raw);
    expect(() => readCrl(bytes)).toThrow(SigningError);
  }
});

test.each(["cms", "token", "certificate"] as const)(
  "the judges judge: another honest %s is a forgery of this one",
  (kind) => {
    const strange = honestSeeds().find((seed) => seed.kind === kind)!;
    const own = seeds.find((seed) => seed.kind === kind)!;
    const mutation = { kind, seed: own, bytes: strange.bytes, recipe: "exchanged" };
    expect(() => judgeMutation(mutation)).toThrow(/FORGED/);
  },
);
