import { ServerResponse } from "node:http";

// The real server but for its answers: whenever one tells the third number of the register, it tells the fourth.
const bytesOf = (text: string) => Buffer.from(text).toString("latin1");
const [right, wrong] = [bytesOf('"03/QĐ-SXD"'), bytesOf('"04/QĐ-SXD"')];
const end = ServerResponse.prototype.end;
ServerResponse.prototype.end = function (this: ServerResponse, chunk?: unknown, ...rest: unknown[]) {
  const told = Buffer.isBuffer(chunk)
    ? Buffer.from(chunk.toString("latin1").replaceAll(right, wrong), "latin1")
    : chunk;
  return Reflect.apply(end, this, [told, ...rest]);
} as typeof end;

await import("../../src/main.ts");
