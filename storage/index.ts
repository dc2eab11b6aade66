export { contentEnds, inspectContent, mediaTypeOf, type Content, type ContentProblem } from "./content.ts";
export { StorageError, type StorageErrorCode } from "./errors.ts";
export { openFileStore } from "./files.ts";
export { openS3Store } from "./s3.ts";
export {
  largestObject,
  type ByteRange,
  type ObjectStore,
  type PutOptions,
  type ScrubbedObject,
  type ScrubOptions,
  type StoredObject,
} from "./store.ts";
