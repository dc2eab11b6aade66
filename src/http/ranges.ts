/** What part of a file a request is about: all of it, one range (half-open), or none that there is. */
export type Part = "whole" | "unsatisfiable" | { readonly start: number; readonly end: number };

/**
 * Reads a Range header (RFC 9110 §14.2) for a file of `size` bytes. Several ranges, other units and what cannot be
 * understood are ignored, as §14.2 permits: the whole file answers them too.
 */
export function partOf(header: string, size: number): Part {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return "whole";
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return "whole";
  if (start >= size) return "unsatisfiable";
  return { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}

/** Whether an If-None-Match header names the entity tag, compared weakly (RFC 9110 §13.1.2). */
export function namesTag(header: string, tag: string): boolean {
  return header.trim() === "*" || header.split(",").some((each) => each.trim().replace(/^W\//, "") === tag);
}
