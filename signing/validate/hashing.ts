import type { Hash } from "node:crypto";
import { forkHash, newHash } from "../algorithms/digests.ts";
import type { PdfSource } from "../pdf/source.ts";

/** What one signature covers: everything from 0 to `end` but its hole; `algorithms` are names of node:crypto. */
export interface HashRequest {
  readonly holeStart: number;
  readonly holeEnd: number;
  readonly end: number;
  readonly algorithms: readonly string[];
}

const chunkBytes = 1 << 18;
/** Tails of honest signatures do not overlap; what goes beyond this many times the file is not hashed. */
const mostPasses = 4;

/**
 * The digests that all signatures ask for, and the file's own SHA-256, in one pass: one running hash for each
 * algorithm is copied where a hole begins, and the copy reads on behind the hole. The cost grows with the file, not
 * with the number of signatures. Answers one map from algorithm to digest for each request; a map is empty where
 * ranges overlap so much that hashing them would cost many passes. `look` sees every piece of the file once, in order.
 */
export function hashRanges(
  source: Pick<PdfSource, "length" | "read">,
  requests: readonly HashRequest[],
  look: (piece: Buffer, start: number) => void = () => undefined,
): { readonly sha256: string; readonly digests: readonly ReadonlyMap<string, Buffer>[] } {
  let affordable = mostPasses * source.length + (chunkBytes << 6);
  const hashed = requests.filter(({ holeEnd, end }) => (affordable -= Math.max(0, end - holeEnd)) >= 0);
  const running = new Map<string, Hash>([["sha256", newHash("sha256")]]);
  /** Behind its last hole an algorithm is not needed any more; the file's own digest runs to the end. */
  const neededUntil = new Map<string, number>([["sha256", source.length]]);
  for (const { algorithms, holeStart } of hashed) {
    for (const algorithm of algorithms) {
      if (!running.has(algorithm)) running.set(algorithm, newHash(algorithm));
      neededUntil.set(algorithm, Math.max(holeStart, neededUntil.get(algorithm) ?? 0));
    }
  }
  const answers = new Map<HashRequest, Map<string, Buffer>>(requests.map((request) => [request, new Map()]));
  const open = new Map<HashRequest, Map<string, Hash>>();
  const stops = hashed.flatMap(({ holeStart, holeEnd, end }) => [holeStart, holeEnd, end]);
  const boundaries = [...new Set([...stops, source.length])].sort((a, b) => a - b);
  const starting = Map.groupBy(hashed, ({ holeStart }) => holeStart);

  let at = 0;
  for (const boundary of boundaries) {
    for (; at < boundary; at = Math.min(at + chunkBytes, boundary)) {
      const chunk = source.read(at, Math.min(at + chunkBytes, boundary));
      look(chunk, at);
      for (const [algorithm, hash] of running) if (at < neededUntil.get(algorithm)!) hash.update(chunk);
      for (const [{ holeEnd }, hashes] of open)
        if (at >= holeEnd) for (const hash of hashes.values()) hash.update(chunk);
    }
    for (const request of starting.get(boundary) ?? []) {
      open.set(request, new Map(request.algorithms.map((name) => [name, forkHash(name, running.get(name)!)])));
    }
    for (const [request, hashes] of open) {
      if (request.end !== boundary) continue;
      for (const [name, hash] of hashes) answers.get(request)!.set(name, hash.digest());
      open.delete(request);
    }
  }
  return { sha256: running.get("sha256")!.digest("hex"), digests: requests.map((request) => answers.get(request)!) };
}
