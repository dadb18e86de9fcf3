/** The entries of one ledger, entity by entity: what the generated code adds to, and what it reads balances from. */
import { finite } from "./decimal.ts";
import { NOT_EVER } from "./event-reads.ts";
import { emptyLedgerState, type LedgerState } from "./ledger-state.ts";

/**
 * Live entries in the order in which they were made. The sum of each line is kept as if it were added up anew in that order: an entry
 * that is made adds to it, and a line that loses one is added up again.
 */
export class LedgerEntries {
  /** By line: the sum of its live amounts; NaN while one of them is missing, or the sum lies beyond the doubles. */
  readonly sums: Float64Array;
  /** By line: the multiples of a volume that have been counted; NaN before a line that came with a new version has begun. */
  readonly counted: Float64Array;
  readonly ledger: string;
  /** The position of its pair of kinds among those that are read, while an event can take another's entry back. */
  takeBack: number | undefined;
  #lines = new Int32Array(16);
  #expires = new Int32Array(16);
  #takenBack = new Int32Array(16);
  #events = new Int32Array(16);
  #amounts = new Float64Array(16);
  #before: LedgerState | undefined;
  #after = emptyLedgerState(0, 0);
  #takenBackDays: Int32Array | undefined;
  #count = 0;
  #nextExpiry = NOT_EVER;
  #nextTakenBack = NOT_EVER;

  /** `lines`: the ledger's own, then those of earlier versions. */
  constructor(lines: number, ledger: string) {
    this.ledger = ledger;
    this.sums = new Float64Array(lines);
    this.counted = new Float64Array(lines);
  }

  /** Begins with the next entity. */
  reset(): void {
    this.sums.fill(0);
    this.counted.fill(0);
    this.#count = 0;
    this.#nextExpiry = NOT_EVER;
    this.#nextTakenBack = NOT_EVER;
  }

  /** Begins a chunk whose entities go on from a state; the days on which events are taken back are those of this version. */
  takeOver(entityCount: number, before: LedgerState | undefined, takenBackDays: Int32Array | undefined): void {
    this.#before = before;
    this.#after = emptyLedgerState(entityCount, this.sums.length);
    this.#takenBackDays = takenBackDays;
  }

  /** What the chunk's entities have left. */
  leave(): LedgerState {
    return this.#after;
  }

  /** Begins with the next entity from where an earlier version left it. */
  open(entity: number): void {
    this.reset();
    const before = this.#before;
    if (before === undefined) return;
    for (const [line] of this.counted.entries()) this.counted[line] = before.counted[entity * this.counted.length + line] as number;
    for (let entry = before.start[entity] as number; entry < (before.start[entity + 1] as number); entry++) {
      const event = before.events[entry] as number;
      const takenBack = event < 0 ? NOT_EVER : (this.#takenBackDays?.[event] ?? NOT_EVER);
      this.add(before.lines[entry] as number, before.amounts[entry] as number, before.expires[entry] as number, takenBack, event);
    }
  }

  /** Keeps what the entity leaves to the next version. Entities come in order. */
  close(entity: number): void {
    const after = this.#after;
    after.counted.set(this.counted, entity * this.counted.length);
    for (let entry = 0; entry < this.#count; entry++) {
      after.lines.push(this.#lines[entry] as number);
      after.expires.push(this.#expires[entry] as number);
      after.events.push(this.#events[entry] as number);
      after.amounts.push(this.#amounts[entry] as number);
    }
    after.start[entity + 1] = after.lines.length;
  }

  /** Drops what has expired on a day, and what is known by `knownBy` to be taken back. */
  expire(day: number, knownBy: number): void {
    if (day < this.#nextExpiry && knownBy < this.#nextTakenBack) return;
    const count = this.#count;
    this.sums.fill(0);
    this.#count = 0;
    this.#nextExpiry = NOT_EVER;
    this.#nextTakenBack = NOT_EVER;
    for (let entry = 0; entry < count; entry++) {
      const [expires, takenBack] = [this.#expires[entry] as number, this.#takenBack[entry] as number];
      if (expires <= day || takenBack <= knownBy) continue;
      this.add(this.#lines[entry] as number, this.#amounts[entry] as number, expires, takenBack, this.#events[entry]);
    }
  }

  /** Makes an entry; NOT_EVER stands for an expiry or a taking back that never comes, -1 for no event. */
  add(line: number, amount: number, expires: number, takenBack: number, event = -1): void {
    const entry = this.#count++;
    if (entry === this.#lines.length) this.#grow();
    this.#lines[entry] = line;
    this.#expires[entry] = expires;
    this.#takenBack[entry] = takenBack;
    this.#events[entry] = event;
    this.#amounts[entry] = amount;
    this.sums[line] = finite((this.sums[line] as number) + amount);
    if (expires < this.#nextExpiry) this.#nextExpiry = expires;
    if (takenBack < this.#nextTakenBack) this.#nextTakenBack = takenBack;
  }

  #grow(): void {
    const length = 2 * this.#lines.length;
    const longer = (integers: Int32Array) => {
      const grown = new Int32Array(length);
      grown.set(integers);
      return grown;
    };
    [this.#lines, this.#expires, this.#takenBack] = [longer(this.#lines), longer(this.#expires), longer(this.#takenBack)];
    this.#events = longer(this.#events);
    const amounts = new Float64Array(length);
    amounts.set(this.#amounts);
    this.#amounts = amounts;
  }
}
