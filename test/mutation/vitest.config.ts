import { defineConfig } from "vitest/config";

/** Which tests know the rules of a folder best; the others would only make each of thousands of runs longer. */
const testsOf: Record<string, readonly string[]> = {
  cms: ["test/signing/{cms,tsp}*.test.ts", "test/signing/verify-corpus.test.ts"],
  x509: ["test/signing/x509/*.test.ts", "test/signing/validate/time.test.ts"],
  diff: ["test/signing/diff/*.test.ts", "test/signing/validate/{practice,structure}.test.ts"],
};
const folder = process.env.CONGVAN_MUTATE ?? "";
const chosen = folder in testsOf ? [folder] : Object.keys(testsOf);

/** For the mutation tester: the tests of the rules alone, without a database and without campaigns. */
export default defineConfig({
  test: {
    include: chosen.flatMap((name) => testsOf[name] ?? []),
    exclude: ["**/*planted*.test.ts", "**/pkits.test.ts", "**/*hostile*.test.ts", "**/genuine.test.ts"],
    testTimeout: 30_000,
    coverage: {
      provider: "v8",
      include: ["signing/{diff,cms,x509}/**/*.ts"],
      reporter: ["text"],
      thresholds: { branches: 100 },
    },
  },
});
