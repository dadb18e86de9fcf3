/**
 * Runs a policy's vector code: blocks of entities are copied into the kernel's memory, which stays in the second cache, and what it wrote is
 * copied out into the frame. Memory is bounded by the block, not by the chunk.
 */
import { type PeriodIndex, present, wasmMachine } from "../../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../../data/panel/index.ts";
import type { Policy } from "../../language/checked/index.ts";
import type { TierTally } from "../compiled-policy.ts";
import { type VectorRequest, vectorText } from "./vector-text.ts";

/** One run of a vector kernel over a chunk. */
export interface VectorRun {
  readonly chunk: PanelChunk;
  /** Its columns are filled, for rows up to and with period `to`; a column without room is left out. */
  readonly frame: OutcomeFrame;
  readonly to: PeriodIndex;
  /** The tier held before the first evaluation; absent: as the policy says. */
  readonly startTier?: number;
  readonly tally?: TierTally | undefined;
  /** By start tier and entity, to be filled: after how many rows that start stops mattering to those who entered by a period. */
  readonly ask?: StartQuestions | undefined;
  /** By name: the columns that the kernel reads though the policy computes them. */
  readonly given: ReadonlyMap<string, Float64Array>;
  /** By row of the chunk what was merited before, for a kernel that leaves alone whom that is merited by again; absent: everybody is moved. */
  readonly before?: Int8Array | undefined;
  /** By entity of the chunk 1 for whoever merits what was merited before, as somebody else knows: nobody looks. Only with `before`. */
  readonly left?: Uint8Array | undefined;
}

/** Questions about other starts, and what is answered, by start tier and entity; 0 for who entered later. */
export interface StartQuestions {
  readonly enteredBy: PeriodIndex;
  readonly rowsApart: ReadonlyMap<number, Int32Array>;
}

/** Entities `first` to `next - 1` of a chunk, its rows from `from` on; the views are of the kernel's memory and change with the next block. */
export interface VectorBlock {
  readonly first: number;
  readonly next: number;
  readonly from: number;
  readonly rows: number;
  /** Rows after the cut hold what was there before. */
  readonly held: Int8Array;
  readonly merited: Int8Array;
  /** By entity whether it was moved, as 1 or 0; empty where the kernel always moves everybody. */
  readonly isMoved: Int32Array;
}

/** A policy as one function over blocks of rows. */
export interface VectorKernel {
  /** Names whose columns `run` must be given: what has no vector form. */
  readonly given: readonly string[];
  /** Scores and moves. False when a number left the exact integers: the frame is not to be used, and the plain kernels decide. */
  readonly run: (run: VectorRun) => boolean;
  /** The same without a frame: `visit` is called for each block. False as soon as a number left the exact integers. */
  readonly runBlocks: (run: Omit<VectorRun, "frame">, visit: (block: VectorBlock) => void) => boolean;
  /**
   * Takes the numbers of a policy that differs from the compiled one in the values of parameters only. Throws `NoVectorForm` where a
   * value needs other code. Cost: one write a number.
   */
  readonly use: (policy: Policy) => void;
}

/** Compiles a policy for a plan; undefined where it has no vector form. */
export function vectorKernel(request: VectorRequest): VectorKernel | undefined {
  const written = vectorText(request);
  if (written === undefined) return undefined;
  const { plan } = request;
  const { layout, writer, module, pages, ownStart } = written;
  const { buffer, run: execute } = wasmMachine(module, pages);
  const doubles = new Float64Array(buffer);
  const integers = new Int32Array(buffer);
  const codes = new Int8Array(buffer);
  const bytes = new Uint8Array(buffer);
  for (const { address, values } of writer.tables) integers.set(values, address / 4);
  bytes.fill(1, layout.evaluated, layout.evaluated + layout.rows);
  const use = (policy: Policy): void => {
    for (const [index, value] of writer.slots.entries()) doubles[index] = value(policy);
  };
  use(request.policy);
  const byRow = (chunk: PanelChunk, given: VectorRun["given"]) => [
    ...[...layout.measures].map(([index, address]) => ({ address, values: present(chunk.measures[index], "a measure") })),
    ...[...layout.given].map(([name, address]) => ({ address, values: present(given.get(name), `the column ${name}`) })),
    ...[...layout.attributes]
      .filter(([index]) => plan.schema.attributes[index]?.scope === "row")
      .map(([index, address]) => ({ address, values: present(chunk.attributes[index], "an attribute") })),
  ];
  const byEntity = (chunk: PanelChunk) =>
    [...layout.attributes]
      .filter(([index]) => plan.schema.attributes[index]?.scope === "entity")
      .map(([index, address]) => ({ address, values: present(chunk.attributes[index], "an attribute") }));

  function runBlocks(
    { chunk, to, startTier, given, ask, tally, before, left }: Omit<VectorRun, "frame">,
    visit: (block: VectorBlock) => void,
  ): boolean {
    const values = tally?.values === undefined ? [] : [{ address: layout.values, values: tally.values }];
    const [rowColumns, entityColumns] = [[...byRow(chunk, given), ...values], byEntity(chunk)];
    const { known } = layout;
    if (known !== undefined) integers[known.movesAll / 4] = before === undefined ? 1 : 0;
    integers[layout.isTallied / 4] = tally === undefined ? 0 : 1;
    for (const { address, cells } of tallied(tally)) doubles.fill(0, address / 8, address / 8 + cells.length);
    integers[layout.start / 4] = startTier ?? ownStart;
    integers[layout.askEnteredBy / 4] = ask === undefined ? -1 : (ask.enteredBy - plan.schema.firstPeriod) * 8;
    const { rowStart, entityCount } = chunk;
    for (let first = 0; first < entityCount; ) {
      const from = rowStart[first] as number;
      const next = placeEntities(chunk, first, to, left);
      const rows = (rowStart[next] as number) - from;
      for (const { address, values } of rowColumns) doubles.set(values.subarray(from, from + rows), address / 8);
      for (const { address, values } of entityColumns) doubles.set(values.subarray(first, next), address / 8);
      if (known !== undefined && before !== undefined) codes.set(before.subarray(from, from + rows), known.merited);
      if (execute(next - first) !== 0) return false;
      if (ask !== undefined) takeAnswers(ask, chunk, first, next);
      const [held, merited] = [layout.held, layout.merited].map((address) => codes.subarray(address, address + rows)) as [
        Int8Array,
        Int8Array,
      ];
      const isMoved = known === undefined ? nobody : integers.subarray(known.isMoved / 4, known.isMoved / 4 + next - first);
      visit({ first, next, from, rows, held, merited, isMoved });
      first = next;
    }
    for (const { address, cells } of tallied(tally)) cells.set(doubles.subarray(address / 8, address / 8 + cells.length));
    return true;
  }

  /** Tells the kernel of the next entities, as many as have room, and says which comes after them. */
  function placeEntities(
    { rowStart, firstPeriod, entityCount }: PanelChunk,
    first: number,
    to: PeriodIndex,
    left: Uint8Array | undefined,
  ): number {
    const from = rowStart[first] as number;
    let next = first;
    while (next < entityCount && next - first < layout.rows && (rowStart[next + 1] as number) - from <= layout.rows) {
      const begin = (rowStart[next] as number) - from;
      const rows = Math.min((rowStart[next + 1] as number) - from - begin, to - (firstPeriod[next] as number) + 1);
      const slot = next - first;
      integers[layout.entityBegin / 4 + slot] = begin * 8;
      integers[layout.entityRows / 4 + slot] = left !== undefined && left[next] === 1 ? 0 : Math.max(0, rows) * 8;
      integers[layout.entityPeriod / 4 + slot] = ((firstPeriod[next] as number) - plan.schema.firstPeriod) * 8;
      next++;
    }
    return next;
  }

  function tallied(tally: TierTally | undefined) {
    if (tally === undefined) return [];
    const { entities, values, sums } = tally;
    return [{ address: layout.entities, cells: entities }, ...(values === undefined ? [] : [{ address: layout.sums, cells: sums }])];
  }

  function takeAnswers({ enteredBy, rowsApart }: StartQuestions, { firstPeriod }: PanelChunk, first: number, next: number): void {
    for (const { startTier, address } of layout.forgotten) {
      const into = present(rowsApart.get(startTier), `the answers about tier ${startTier}`);
      for (let entity = first; entity < next; entity++) {
        const isAsked = (firstPeriod[entity] as number) <= enteredBy;
        into[entity] = isAsked ? (integers[address / 4 + entity - first] as number) / 8 : 0;
      }
    }
  }

  return {
    given: [...layout.given.keys()],
    use,
    runBlocks,
    run({ frame, ...run }) {
      const outputs = [
        { memory: doubles, at: layout.score / 8, into: frame.score },
        { memory: integers, at: layout.states / 4, into: frame.states },
        { memory: codes, at: layout.held, into: frame.held },
        { memory: codes, at: layout.merited, into: frame.merited },
        { memory: bytes, at: layout.evaluated, into: frame.evaluated },
        { memory: bytes, at: layout.shielded, into: frame.shielded },
        { memory: integers, at: layout.promoteCount / 4, into: frame.promoteCount },
        { memory: integers, at: layout.demoteCount / 4, into: frame.demoteCount },
        ...layout.columns.map(({ name, address }) => ({
          memory: doubles,
          at: address / 8,
          into: present(frame.columns.get(name), `the column ${name}`),
        })),
      ].filter(({ into }) => into.length > 0);
      const isExact = runBlocks(run, ({ from, rows }) => {
        for (const { memory, at, into } of outputs) into.set(memory.subarray(at, at + rows), from);
      });
      if (isExact && run.to < plan.schema.lastPeriod) blankAfter(run.chunk, frame, run.to);
      return isExact;
    },
  };
}

const nobody = new Int32Array(0);

/** Rows after the cut are as if nothing was there. */
function blankAfter(chunk: PanelChunk, frame: OutcomeFrame, to: PeriodIndex): void {
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const begin = chunk.rowStart[entity] as number;
    const end = chunk.rowStart[entity + 1] as number;
    const cut = Math.max(begin, begin + to - (chunk.firstPeriod[entity] as number) + 1);
    if (cut >= end) continue;
    for (const column of [frame.score, ...frame.columns.values()]) column.fill(Number.NaN, cut, end);
    for (const column of [frame.merited, frame.held]) column.fill(-1, cut, end);
    for (const column of [frame.evaluated, frame.shielded, frame.promoteCount, frame.demoteCount, frame.states]) column.fill(0, cut, end);
  }
}
