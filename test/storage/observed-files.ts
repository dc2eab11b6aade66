import * as node from "node:fs/promises";
import { basename } from "node:path";
import type { FileSystem } from "../../storage/files.ts";

/**
 * The real file system, telling of each call before it is made, as `"link a b"` by base names; calls on an open file
 * are `"file.sync a"`. What `before` throws, the call fails with instead of being made.
 */
export function observed(before: (call: string) => void): FileSystem {
  const observe = <T extends object>(target: T, name: (method: string, given: unknown[]) => string): T =>
    new Proxy(target, {
      get(_, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== "function" || typeof property !== "string") return value;
        // Not a call of its own: it reads by the handle, which is closed with the stream.
        if (property === "createReadStream") return value.bind(target);
        return async (...given: unknown[]) => {
          // A file is closed even when closing it fails (close(2)).
          if (property === "close") await value.apply(target, given);
          before(name(property, given));
          if (property === "close") return undefined;
          const result: unknown = await value.apply(target, given);
          const path = given[0];
          return property === "open" && typeof path === "string"
            ? observe(result as node.FileHandle, (method) => `file.${method} ${basename(path)}`)
            : result;
        };
      },
    });
  return observe<FileSystem>({ ...node }, (method, given) => {
    const names = given.filter((part) => typeof part === "string").map((path) => basename(path));
    return [method, ...names].join(" ");
  });
}

/** An error as the operating system gives it. */
export function systemError(code: "EIO" | "ENOSPC" | "EMFILE" | "EDQUOT"): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: injected`), { code });
}
