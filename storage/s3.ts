import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Client } from "minio";
import { collect, drain, isKey, measured, receive, requireKey, requireRange, verified } from "./digest.ts";
import { attempt, StorageError, storageError } from "./errors.ts";
import { impatient, retry } from "./patience.ts";
import { parseS3Url, type S3Location } from "./s3-location.ts";
import { scrub } from "./scrub.ts";
import type { ByteRange, ObjectStore, PutOptions, ScrubbedObject, ScrubOptions, StoredObject } from "./store.ts";

const prefix = "sha256/";

/**
 * Opens the store in a bucket of any S3-compatible server, making the bucket if need be. The address is
 * `s3://key:secret@host:port/bucket?region=us-east-1&tls=true`; TLS is left out only where it says `tls=false`.
 */
export async function openS3Store(url: string): Promise<ObjectStore> {
  const store = new S3Store(parseS3Url(url));
  await store.prepare();
  return store;
}

/** Objects are `sha256/…` in the bucket: one conditional PUT each, with its hash, so that no half of one is seen. */
class S3Store implements ObjectStore {
  readonly #client: Client;
  readonly #agent: http.Agent;
  readonly #bucket: string;
  readonly #region: string;

  constructor({ host, port, tls, accessKey, secretKey, bucket, region }: S3Location) {
    const protocol = tls ? https : http;
    this.#agent = new protocol.Agent({ keepAlive: true });
    this.#bucket = bucket;
    this.#region = region;
    this.#client = new Client({
      endPoint: host,
      port,
      useSSL: tls,
      accessKey,
      secretKey,
      region,
      pathStyle: true,
      transport: { request: impatient(protocol.request) },
      transportAgent: this.#agent,
      // The client would send a body again that it has consumed already; we retry with a new one.
      retryOptions: { disableRetry: true },
    });
  }

  async prepare(): Promise<void> {
    await retry(async () => {
      if (!(await this.#client.bucketExists(this.#bucket))) await this.#client.makeBucket(this.#bucket, this.#region);
    });
  }

  /** The key is known at the end only, so the bytes wait in a temporary file until then. */
  async put(source: AsyncIterable<Uint8Array> | Uint8Array, options: PutOptions = {}): Promise<StoredObject> {
    const spool = await attempt(openSpool());
    try {
      const object = await receive(source, spool, options);
      await retry(async () => {
        if ((await this.#head(object.sha256)) === undefined) await this.#upload(spool, object);
      });
      // Only bytes that the server gives back count as stored.
      await retry(async () => drain(await this.#fetch(object.sha256)));
      return object;
    } finally {
      await spool.close().catch(() => undefined);
    }
  }

  async #upload(spool: FileHandle, { sha256, size }: StoredObject): Promise<void> {
    const response = await this.#client.makeRequestStreamAsync(
      {
        method: "PUT",
        bucketName: this.#bucket,
        objectName: prefix + sha256,
        headers: {
          "content-length": size,
          "content-type": "application/octet-stream",
          "if-none-match": "*",
          "x-amz-checksum-sha256": Buffer.from(sha256, "hex").toString("base64"),
        },
      },
      Readable.from(readFrom(spool, size), { objectMode: false }),
      this.#client.enableSHA256 ? sha256 : "",
      // 412 Precondition Failed: another put of the same bytes was first.
      [200, 412],
      this.#region,
    );
    await drain(response);
  }

  async get(sha256: string, range?: ByteRange): Promise<Readable> {
    requireKey(sha256);
    return retry(() => (range === undefined ? this.#fetch(sha256) : this.#fetchRange(sha256, range)));
  }

  async #fetch(sha256: string): Promise<Readable> {
    return verified(await this.#client.getObject(this.#bucket, prefix + sha256), sha256);
  }

  async #fetchRange(sha256: string, range: ByteRange): Promise<Readable> {
    const object = await this.#head(sha256);
    if (object === undefined) throw new StorageError("NOT_FOUND", `No object ${sha256}`);
    requireRange(range, object.size);
    const length = range.end - range.start;
    // HTTP has no empty range (RFC 9110, 14.1.2), and the client takes length 0 for "to the end".
    if (length === 0) return Readable.from([], { objectMode: false });
    const name = prefix + sha256;
    return measured(await this.#client.getPartialObject(this.#bucket, name, range.start, length), length);
  }

  async stat(sha256: string): Promise<StoredObject | undefined> {
    requireKey(sha256);
    return retry(() => this.#head(sha256));
  }

  async #head(sha256: string): Promise<StoredObject | undefined> {
    try {
      const { size } = await this.#client.statObject(this.#bucket, prefix + sha256);
      return { sha256, size };
    } catch (cause) {
      const error = storageError(cause);
      if (error.code === "NOT_FOUND") return undefined;
      throw error;
    }
  }

  async read(sha256: string, maxBytes: number): Promise<Buffer> {
    requireKey(sha256);
    return retry(async () => collect(await this.#fetch(sha256), maxBytes));
  }

  async *list(): AsyncIterable<string> {
    try {
      for await (const { name } of this.#client.listObjectsV2(this.#bucket, prefix, true)) {
        const key = name?.slice(prefix.length) ?? "";
        if (isKey(key)) yield key;
      }
    } catch (cause) {
      throw storageError(cause);
    }
  }

  scrub(options?: ScrubOptions): AsyncIterable<ScrubbedObject> {
    return scrub(this, options);
  }

  async remove(sha256: string): Promise<void> {
    requireKey(sha256);
    await retry(() => this.#client.removeObject(this.#bucket, prefix + sha256));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
  }
}

/** The file's bytes from its beginning. A file's own read stream would close it when a request is cut off. */
async function* readFrom(file: FileHandle, size: number): AsyncIterable<Buffer> {
  const step = 256 * 1024;
  for (let at = 0; at < size;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(step), 0, step, at);
    if (bytesRead === 0) throw new StorageError("UNAVAILABLE", "The temporary file became shorter");
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** A nameless temporary file: it is gone with its handle, even when the process is killed. */
async function openSpool(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), "congvan-spool-"));
  try {
    return await open(join(folder, "spool"), "wx+", 0o600);
  } finally {
    await rm(folder, { recursive: true });
  }
}
