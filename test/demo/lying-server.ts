import { ServerResponse } from "node:http";

// The real server but for its answers: whenever one tells the third number of the register, it tells the fourth.
const end = ServerResponse.prototype.end;
ServerResponse.prototype.end = function (this: ServerResponse, chunk?: unknown, ...rest: unknown[]) {
  const told = typeof chunk === "string" ? chunk.replaceAll('"03/QĐ-SXD"', '"04/QĐ-SXD"') : chunk;
  return Reflect.apply(end, this, [told, ...rest]);
} as typeof end;

await import("../../src/main.ts");
