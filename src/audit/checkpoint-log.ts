import { hash } from "node:crypto";
import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isUuid } from "../ids.ts";
import { type NoteSigner, type NoteVerifier, noteVerifier, openNote, signNote } from "./notes.ts";

/** How far an agency's chain had come at a time: what a witness signs (điểm kiểm). */
export interface Checkpoint {
  readonly agencyId: string;
  readonly sequence: number;
  /** In hexadecimal. */
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Where checkpoints are, below the data directory. */
export const checkpointFolder = (dataDirectory: string): string => join(dataDirectory, "audit");
export const verifierFile = "checkpoint.pub";

const logName = /^checkpoints-\d{4}-\d\d\.log$/;
export const logNameAt = (at: Date): string => `checkpoints-${at.toISOString().slice(0, 7)}.log`;

/** SHA-256 of no line at all: what the first line follows. */
export const beforeFirstLine: Buffer = hash("sha256", "", "buffer");
export const lineHash = (line: string): Buffer => hash("sha256", line, "buffer");

/**
 * A checkpoint as a line of the log, without its line feed: a signed note in JSON quotes. Its text is that of C2SP
 * tlog-checkpoint (origin, size, hash, further lines), so that peers can co-sign it.
 */
export function checkpointLine(checkpoint: Checkpoint, previous: Buffer, signer: NoteSigner): string {
  const { agencyId, sequence, hash, at } = checkpoint;
  const [digest, before] = [Buffer.from(hash, "hex"), previous].map((bytes) => bytes.toString("base64"));
  const lines = [`congvan/audit/${agencyId}`, sequence, digest, `time ${at}`, `previous ${before}`];
  return JSON.stringify(signNote(`${lines.join("\n")}\n`, signer));
}

const digest = "([A-Za-z0-9+/]{43}=)";
const noteText = new RegExp(
  `^congvan/audit/([0-9a-f-]{36})\n([1-9][0-9]{0,15})\n${digest}\ntime ([0-9TZ:.-]{24})\nprevious ${digest}\n$`,
);

type ReadLine = "UNREADABLE" | "BAD_SIGNATURE" | { readonly checkpoint: Checkpoint; readonly previous: Buffer };

/** The checkpoint of a line; "UNREADABLE" if it is no note, "BAD_SIGNATURE" if not this verifier's. */
async function readLine(line: string, verifier: NoteVerifier | null): Promise<ReadLine> {
  let note: unknown;
  try {
    note = JSON.parse(line);
  } catch {
    return "UNREADABLE";
  }
  if (typeof note !== "string") return "UNREADABLE";
  const text = verifier && (await openNote(note, verifier));
  if (!text) return "BAD_SIGNATURE";
  const [, agencyId, sequence, digest, at, previous] = noteText.exec(text) ?? [];
  if (!agencyId || !isUuid(agencyId) || !digest || !at || !previous) return "BAD_SIGNATURE";
  return {
    checkpoint: { agencyId, sequence: Number(sequence), hash: Buffer.from(digest, "base64").toString("hex"), at },
    previous: Buffer.from(previous, "base64"),
  };
}

/** Lines are shorter; more without a line feed is no line. */
const longestLine = 64 << 10;

/** Reads a log from its beginning, later what was appended since; what cannot be trusted is counted and passed over. */
export class CheckpointLog {
  read = 0;
  badSignatures = 0;
  /** Lines that do not continue the one before, or take an agency's chain back. */
  badLinks = 0;
  /** Hash of the last line that was in order. */
  previous: Buffer = beforeFirstLine;
  /** Name of the file read last, and whether it ends amid a line, as after a crash. */
  file: string | null = null;
  torn = false;
  /** Where each agency's chain was when last seen. */
  readonly latest = new Map<string, Checkpoint>();
  private offset = 0;
  private skipping = false;
  private readonly folder: string;
  private readonly verifier: NoteVerifier | null;
  private readonly onCheckpoint: (checkpoint: Checkpoint) => void;

  constructor(folder: string, verifier: NoteVerifier | null, onCheckpoint = (_: Checkpoint): void => {}) {
    this.folder = folder;
    this.verifier = verifier;
    this.onCheckpoint = onCheckpoint;
  }

  /** Reads on; false if the log has become shorter than it was. */
  async refresh(): Promise<boolean> {
    const names = (await readdir(this.folder)).filter((name) => logName.test(name)).sort();
    if (this.file && !names.includes(this.file)) return false;
    for (const name of names.filter((name) => name >= (this.file ?? ""))) {
      if (name !== this.file) {
        this.file = name;
        this.offset = 0;
        this.skipping = false;
      }
      await using file = await open(join(this.folder, name), "r");
      if ((await file.stat()).size < this.offset) return false;
      await this.readOn(file);
    }
    return true;
  }

  private async readOn(file: FileHandle): Promise<void> {
    const block = Buffer.alloc(longestLine);
    for (;;) {
      const { bytesRead } = await file.read(block, 0, block.length, this.offset);
      const lines: string[] = [];
      let start = 0;
      for (;;) {
        const end = block.subarray(0, bytesRead).indexOf(10, start);
        if (end < 0) break;
        if (!this.skipping) lines.push(block.toString("utf8", start, end));
        this.skipping = false;
        start = end + 1;
      }
      const results = await Promise.all(lines.map((line) => readLine(line, this.verifier)));
      for (const [index, result] of results.entries()) this.take(lines[index]!, result);
      if (start === 0 && bytesRead === block.length) {
        this.skipping = true;
        start = bytesRead;
      }
      this.offset += start;
      this.torn = this.skipping || start < bytesRead;
      if (start === 0 || bytesRead < block.length) return;
    }
  }

  private take(line: string, result: ReadLine): void {
    // What a crash left of a line is followed by lines that continue the one before it; anything else shows there.
    if (result === "UNREADABLE") return;
    if (result === "BAD_SIGNATURE") {
      this.badSignatures++;
      return;
    }
    const { checkpoint, previous } = result;
    const before = this.latest.get(checkpoint.agencyId);
    this.read++;
    if (!previous.equals(this.previous) || (before && before.sequence >= checkpoint.sequence)) this.badLinks++;
    this.previous = lineHash(line);
    if (!before || before.sequence < checkpoint.sequence) this.latest.set(checkpoint.agencyId, checkpoint);
    this.onCheckpoint(checkpoint);
  }
}

/** All checkpoints of a data directory, for verifyAudit: by agency, each witnessed number's hash in hexadecimal. */
export interface WitnessedChains {
  readonly byAgency: ReadonlyMap<string, ReadonlyMap<number, string>>;
  readonly read: number;
  readonly badSignatures: number;
  readonly badLinks: number;
}

/**
 * Reads the checkpoints of a data directory; none if there are none. `verifier` is the public key's line as kept
 * elsewhere; without it, the one beside the log is believed. A torn last line is passed over.
 */
export async function readCheckpoints(dataDirectory: string, verifier?: string): Promise<WitnessedChains> {
  const folder = checkpointFolder(dataDirectory);
  const byAgency = new Map<string, Map<number, string>>();
  const log = new CheckpointLog(folder, noteVerifier(verifier ?? (await readVerifier(folder))), (checkpoint) => {
    let chain = byAgency.get(checkpoint.agencyId);
    if (!chain) byAgency.set(checkpoint.agencyId, (chain = new Map()));
    chain.set(checkpoint.sequence, checkpoint.hash);
  });
  await log.refresh().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  return { byAgency, read: log.read, badSignatures: log.badSignatures, badLinks: log.badLinks };
}

const readVerifier = (folder: string) =>
  readFile(join(folder, verifierFile), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
