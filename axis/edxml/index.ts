export * from "./types.ts";
export * from "./errors.ts";
export { defaultLimits, edxmlNamespace, type ReadLimits } from "./limits.ts";
export { readEdxml, type EdxmlReading } from "./read.ts";
export { parseEdxmlHeader, parseEdxmlMessage, writeEdxml } from "./write.ts";
