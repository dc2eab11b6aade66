import { defineConfig } from "vitest/config";

/** For the mutation tester: the tests of the rules alone, without a database. */
export default defineConfig({
  test: {
    include: ["test/signing/{diff,x509,validate}/**/*.test.ts", "test/signing/{cms,tsp,verify,sign-deferred}*.test.ts"],
    exclude: ["**/planted.test.ts", "**/*planted*.test.ts", "**/pkits.test.ts", "**/*hostile*.test.ts"],
    testTimeout: 30_000,
  },
});
