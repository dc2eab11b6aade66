import { canonicalJson } from "./canonical.ts";
import { type AuditEvent, type ChainLink, emptyChain, eventHash } from "./chain.ts";

/** What was done to a chain; see AuditReport. */
export type FaultKind = "CHANGED" | "REMOVED" | "INSERTED" | "REORDERED" | "HEAD" | "CHECKPOINT" | "MISSING_CHAIN";

/** One thing wrong in a chain, at an event's number. */
export interface AuditFault {
  readonly kind: FaultKind;
  readonly sequence: number;
  readonly message_vi: string;
  readonly message_en: string;
}

/** Faults that a report lists of one chain; all are counted. */
const listed = 100;
/** How far from its number an event is looked for that was given another one. */
const displacement = 100;

const fault = (kind: FaultKind, sequence: number, message_vi: string, message_en: string): AuditFault => ({
  kind,
  sequence,
  message_vi,
  message_en,
});

/** Goes along one agency's chain, event by event in the order of numbers, and keeps what is wrong with it. Pure. */
export class ChainWalk {
  events = 0;
  faultCount = 0;
  /** The hash is null after an event that was found changed: what follows is not blamed for it. */
  private last: { readonly sequence: number; readonly hash: string | null } = emptyChain;
  private readonly faults: AuditFault[] = [];
  private readonly moved: { readonly sequence: number; readonly writtenAs: number }[] = [];
  private readonly witnessed: ReadonlyMap<number, string>;
  private confirmed = 0;

  /** `witnessed`: hashes by number, as checkpoints have them. */
  constructor(witnessed: ReadonlyMap<number, string> = new Map()) {
    this.witnessed = witnessed;
  }

  /** The next event; null in place of its content if it is larger than any that the server writes. */
  step(sequence: number, event: AuditEvent | null): void {
    this.events++;
    const inOrder = this.follow(sequence);
    const whole = event !== null && eventHash(event) === event.hash;
    if (!whole) {
      const writtenAs = event && this.moved.length + this.faults.length < listed ? originalSequence(event) : null;
      if (writtenAs === null) this.add(changed(sequence));
      else this.moved.push({ sequence, writtenAs });
    } else if (inOrder && this.last.hash && this.last.hash !== event.previousHash) {
      this.add(
        fault(
          "CHANGED",
          sequence,
          `Bản ghi số ${sequence} không nối với bản ghi số ${sequence - 1} hiện có: một trong hai đã bị thay.`,
          `Event ${sequence} does not link to the present event ${sequence - 1}: one of them was replaced.`,
        ),
      );
    } else if (!isCanonical(event.data)) {
      this.add(
        fault(
          "CHANGED",
          sequence,
          `Dữ liệu của bản ghi số ${sequence} không ở dạng mà hệ thống ghi.`,
          `The data of event ${sequence} are not in the form that the server writes.`,
        ),
      );
    }
    this.compare(sequence, event?.hash);
    this.last = { sequence, hash: whole ? event.hash : null };
  }

  /** The end of the chain, with its head as stored; gives the faults found, in order, no more than a hundred. */
  finish(head: ChainLink | null): AuditFault[] {
    for (const each of this.explainMoved()) this.add(each);
    this.judgeHead(head);
    if (this.confirmed < this.witnessed.size) this.judgeUnseen(head);
    return this.faults.sort((a, b) => a.sequence - b.sequence);
  }

  private follow(sequence: number): boolean {
    const expected = this.last.sequence + 1;
    if (sequence > expected)
      this.add(
        fault(
          "REMOVED",
          expected,
          `Thiếu ${sequence - expected} bản ghi, từ số ${expected} đến số ${sequence - 1}.`,
          `Events ${expected} to ${sequence - 1} (${sequence - expected}) are missing.`,
        ),
      );
    if (sequence < expected)
      this.add(
        fault(
          "INSERTED",
          sequence,
          `Có thêm một bản ghi mang số ${sequence}.`,
          `There is a further event numbered ${sequence}.`,
        ),
      );
    return sequence === expected;
  }

  private compare(sequence: number, hash: string | undefined): void {
    const witnessed = this.witnessed.get(sequence);
    if (!witnessed) return;
    this.confirmed++;
    if (witnessed !== hash)
      this.add(
        fault(
          "CHECKPOINT",
          sequence,
          `Bản ghi số ${sequence} khác với điểm kiểm đã ký: chuỗi đã bị viết lại từ số này hoặc trước đó.`,
          `Event ${sequence} differs from its signed checkpoint: the chain was rewritten there or before.`,
        ),
      );
  }

  /** Numbers all pushed up come from an event put in, all pulled down from one taken out; else places were changed. */
  private explainMoved(): AuditFault[] {
    const first = this.moved[0];
    if (!first) return [];
    if (this.moved.every(({ sequence, writtenAs }) => writtenAs > sequence))
      return [
        fault(
          "REMOVED",
          first.sequence,
          `Một bản ghi trước số ${first.sequence} đã bị xóa và các bản ghi sau bị đánh số lại.`,
          `An event before ${first.sequence} was removed and those after it were renumbered.`,
        ),
      ];
    if (this.moved.every(({ sequence, writtenAs }) => writtenAs < sequence))
      return [
        fault(
          "INSERTED",
          first.sequence - 1,
          `Một bản ghi đã bị chèn trước số ${first.sequence} và các bản ghi sau bị đánh số lại.`,
          `An event was inserted before ${first.sequence} and those after it were renumbered.`,
        ),
      ];
    return this.moved.map(({ sequence, writtenAs }) =>
      fault(
        "REORDERED",
        sequence,
        `Bản ghi ở số ${sequence} vốn được ghi là số ${writtenAs}.`,
        `The event at ${sequence} was written as number ${writtenAs}.`,
      ),
    );
  }

  private judgeHead(head: ChainLink | null): void {
    const { sequence, hash } = this.last;
    if (!head) {
      if (this.events > 0)
        this.add(fault("HEAD", sequence, "Đầu chuỗi đã bị xóa.", "The head of the chain was removed."));
    } else if (head.sequence > sequence) {
      this.add(
        fault(
          "REMOVED",
          sequence + 1,
          `Thiếu các bản ghi cuối, từ số ${sequence + 1} đến số ${head.sequence}.`,
          `The last events, ${sequence + 1} to ${head.sequence}, are missing.`,
        ),
      );
    } else if (head.sequence < sequence) {
      this.add(
        fault(
          "INSERTED",
          head.sequence + 1,
          `Có bản ghi sau đầu chuỗi (số ${head.sequence}), đến số ${sequence}.`,
          `There are events after the head (${head.sequence}), up to ${sequence}.`,
        ),
      );
    } else if (hash && head.hash !== hash) {
      this.add(
        fault(
          "HEAD",
          sequence,
          `Đầu chuỗi không khớp với bản ghi cuối, số ${sequence}.`,
          `The head does not match the last event, ${sequence}.`,
        ),
      );
    }
  }

  private judgeUnseen(head: ChainLink | null): void {
    const furthest = [...this.witnessed.keys()].reduce((a, b) => Math.max(a, b));
    if (this.events === 0 && !head)
      this.add(
        fault(
          "MISSING_CHAIN",
          furthest,
          `Cả chuỗi đã bị xóa; điểm kiểm đã ký thấy ${furthest} bản ghi.`,
          `The whole chain is gone; a signed checkpoint saw ${furthest} events.`,
        ),
      );
    else
      this.add(
        fault(
          "CHECKPOINT",
          furthest,
          `Điểm kiểm đã ký thấy đến số ${furthest} những bản ghi nay không còn.`,
          `Signed checkpoints up to number ${furthest} saw events that are no longer there.`,
        ),
      );
  }

  private add(found: AuditFault): void {
    this.faultCount++;
    if (this.faults.length < listed) this.faults.push(found);
  }
}

const changed = (sequence: number) =>
  fault(
    "CHANGED",
    sequence,
    `Nội dung bản ghi số ${sequence} không khớp với mã băm của nó.`,
    `The content of event ${sequence} does not match its hash.`,
  );

/** The number under which an event was hashed, if it is not far from the one it has now. */
function originalSequence(event: AuditEvent): number | null {
  for (let distance = 1; distance <= displacement; distance++)
    for (const sequence of [event.sequence + distance, event.sequence - distance])
      if (sequence > 0 && eventHash({ ...event, sequence }) === event.hash) return sequence;
  return null;
}

function isCanonical(data: string): boolean {
  try {
    const value: unknown = JSON.parse(data);
    // The first, native and quick, is true of nearly every event the server wrote; the second decides.
    return (JSON.stringify(value) === data && isSorted(value)) || canonicalJson(value) === data;
  } catch {
    // No JSON at all, or nested deeper than the server would.
    return false;
  }
}

function isSorted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let before: string | null = null;
  for (const [key, field] of Object.entries(value)) {
    if ((before !== null && before >= key) || !isSorted(field)) return false;
    before = key;
  }
  return true;
}
