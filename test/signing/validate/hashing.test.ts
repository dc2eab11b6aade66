import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { hashRanges, type HashRequest } from "../../../signing/validate/hashing.ts";

class Counted {
  readonly length: number;
  readonly #bytes: Buffer;
  read_ = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.length = bytes.length;
  }

  read(start: number, end: number): Buffer {
    this.read_ += end - start;
    return this.#bytes.subarray(start, end);
  }
}

const digest = (algorithm: string, ...parts: Buffer[]) =>
  createHash(algorithm).update(Buffer.concat(parts)).digest("hex");
const expected = (bytes: Buffer, { holeStart, holeEnd, end }: HashRequest, algorithm: string) =>
  digest(algorithm, bytes.subarray(0, holeStart), bytes.subarray(holeEnd, end));

test("each signature's digests and the file's own, in one pass over the bytes", () => {
  const bytes = randomBytes(3_000_000);
  const requests: HashRequest[] = [
    { holeStart: 1000, holeEnd: 2000, end: 5000, algorithms: ["sha256", "sha1"] },
    { holeStart: 5500, holeEnd: 1_100_000, end: 1_100_001, algorithms: ["sha512"] },
    { holeStart: 2_000_000, holeEnd: 2_000_010, end: 3_000_000, algorithms: ["sha256"] },
  ];
  const source = new Counted(bytes);
  const { sha256, digests } = hashRanges(source, requests);
  expect(sha256).toBe(digest("sha256", bytes));
  for (const [i, request] of requests.entries()) {
    for (const algorithm of request.algorithms) {
      expect(digests[i]!.get(algorithm)?.toString("hex")).toBe(expected(bytes, request, algorithm));
    }
  }
  expect(source.read_).toBe(bytes.length);
});

test("ranges that overlap are hashed right, too", () => {
  const bytes = randomBytes(10_000);
  const requests: HashRequest[] = [
    { holeStart: 10, holeEnd: 20, end: 10_000, algorithms: ["sha256"] },
    { holeStart: 10, holeEnd: 30, end: 9000, algorithms: ["sha256"] },
    { holeStart: 15, holeEnd: 25, end: 10_000, algorithms: ["sha256"] },
  ];
  const { digests } = hashRanges(new Counted(bytes), requests);
  expect(digests.map((each) => each.get("sha256")!.toString("hex"))).toEqual(
    requests.map((request) => expected(bytes, request, "sha256")),
  );
});

test("SHAKE256 gives the 64 bytes that signatures use", () => {
  const bytes = randomBytes(10_000);
  const request = { holeStart: 10, holeEnd: 20, end: 9000, algorithms: ["shake256"] };
  const { digests } = hashRanges(new Counted(bytes), [request]);
  const parts = Buffer.concat([bytes.subarray(0, 10), bytes.subarray(20, 9000)]);
  expect(digests[0]!.get("shake256")).toEqual(createHash("shake256", { outputLength: 64 }).update(parts).digest());
});

test("a thousand ranges over the whole file do not cost a thousand passes", () => {
  const bytes = Buffer.alloc(40 << 20);
  const requests = Array.from({ length: 1000 }, (_, i) => ({
    holeStart: i,
    holeEnd: i + 1,
    end: bytes.length,
    algorithms: ["sha256"],
  }));
  const { digests } = hashRanges(new Counted(bytes), requests);
  expect(digests[0]!.size).toBe(1);
  expect(digests.filter((each) => each.size > 0).length).toBeLessThan(10);
});

test("a file without signatures has its own digest", () => {
  expect(hashRanges(new Counted(Buffer.from("abc")), []).sha256).toBe(digest("sha256", Buffer.from("abc")));
  expect(hashRanges(new Counted(Buffer.alloc(0)), []).sha256).toBe(digest("sha256"));
});
