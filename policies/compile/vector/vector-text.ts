/**
 * Writes a policy as one WebAssembly function over a block of entities: two rows at a time are scored in SIMD, then movement walks the rows.
 *
 * The plain version of what it does:
 *
 *   for each entity of the block:
 *     for each pair of its rows: bring the sums up to them; where one is evaluated: metrics, scores, conditions, the merited tier
 *     for each of its rows: carry the latest evaluation on, move, write
 */
import { type Code, f64, flow, i32, present, sequence, v128, wasmModule } from "../../../data/foundation/index.ts";
import { type Policy, tierNames } from "../../language/checked/index.ts";
import { type EvaluationPlan, NEVER } from "../evaluation-plan.ts";
import { movementRules, startTiersOf } from "../movement-kernel.ts";
import { columnCode, vectorNames, writeMerited } from "./vector-ladder.ts";
import { type MovementCode, movementCode } from "./vector-movement.ts";
import { type Pointers, VectorWindows } from "./vector-windows.ts";
import { BLOCK_ROWS, isThere, NoVectorForm, type Statement, together, VectorWriter } from "./vector-writer.ts";

/** Where the host puts what a kernel reads, and finds what it wrote: addresses in its memory, by what stands there. */
export interface BlockLayout {
  /** Rows that the columns have room for. */
  readonly rows: number;
  /** By entity, as bytes of a column of doubles: the first row, the rows, and the first period counted from the panel's. */
  readonly entityBegin: number;
  readonly entityRows: number;
  readonly entityPeriod: number;
  readonly start: number;
  readonly measures: ReadonlyMap<number, number>;
  readonly attributes: ReadonlyMap<number, number>;
  /** Columns that the plain kernels compute, by name. */
  readonly given: ReadonlyMap<string, number>;
  readonly score: number;
  readonly merited: number;
  readonly evaluated: number;
  readonly held: number;
  readonly promoteCount: number;
  readonly demoteCount: number;
  readonly shielded: number;
  readonly states: number;
  /** The last period, counted from the panel's, by which an entity must have entered to be asked about other starts; -1: none is. */
  readonly askEnteredBy: number;
  /** By start that is asked about, and entity: after how many rows, as bytes of a column of doubles, it stops mattering. */
  readonly forgotten: readonly { readonly startTier: number; readonly address: number }[];
  /** Whether rows are tallied (1), the values that are summed, and both cells, by period and tier. */
  readonly isTallied: number;
  readonly values: number;
  readonly entities: number;
  readonly sums: number;
  readonly columns: readonly { readonly name: string; readonly address: number }[];
  /** By row what was merited before; by entity whether it was moved; and, as one integer, whether everybody is. Only where some are left alone. */
  readonly known?: { readonly merited: number; readonly isMoved: number; readonly movesAll: number };
}

/** A written kernel: the module's bytes, the layout, and what to put into memory before it runs. */
export interface VectorText {
  readonly module: Uint8Array<ArrayBuffer>;
  readonly pages: number;
  readonly layout: BlockLayout;
  readonly writer: VectorWriter;
  /** The tier before the first evaluation by the policy's own rules. */
  readonly ownStart: number;
}

/** What a kernel is written for. */
export interface VectorRequest {
  readonly policy: Policy;
  readonly plan: EvaluationPlan;
  /** Metric, score, ledger and condition columns to write. */
  readonly columns: readonly string[];
  /** Names whose columns the caller has: they are read, not computed. */
  readonly given?: ReadonlySet<string>;
  /** Leaves alone who merits what was merited before: what was held is not written, nor what rows merit that are not evaluated. */
  readonly knowsBefore?: boolean;
}

/** Pairs of rows that are scored at once. */
const PAIRS = 2;

/** Writes the kernel; undefined where the policy has no vector form. */
export function vectorText(request: VectorRequest): VectorText | undefined {
  const { policy, plan, columns, given: alwaysGiven = new Set(), knowsBefore = false } = request;
  const { schema } = plan;
  if (policy.movement.protect !== undefined || policy.tiers.some(({ shorten }) => shorten !== undefined)) return undefined;
  const writer = new VectorWriter(policy);
  const rows = Math.max(BLOCK_ROWS, plan.periods);
  // The last rows of a block are scored together with what lies beyond them.
  const room = rows + 2 * PAIRS;
  const doubles = () => writer.reserve(room * 8);
  const integers = () => writer.reserve(room * 4);
  const bytes = () => writer.reserve(room);
  const [entity, end] = [writer.local("i32"), writer.local("i32")];
  const breached = writer.local("v128");
  const pairs = Array.from({ length: PAIRS }, () => ({
    row: writer.local("i32"),
    rowOfEntity: writer.local("i32"),
    period: writer.local("i32"),
  }));
  const pointers = pairs.map(
    ({ row, rowOfEntity, period }): Pointers => ({
      row: flow.get(row),
      rowOfEntity: flow.get(rowOfEntity),
      period: flow.get(period),
      entity: i32.shiftLeft(flow.get(entity), i32.const(3)),
    }),
  );
  const measures = new Map<number, number>();
  const attributes = new Map<number, number>();
  const given = new Map<string, number>();
  const columnIn = <Key>(map: Map<Key, number>, key: Key): number => {
    const address = map.get(key) ?? doubles();
    map.set(key, address);
    return address;
  };
  const attributeAddress = (index: number) => columnIn(attributes, index);
  const windows = new VectorWindows(plan, writer, pointers, (measure) => columnIn(measures, measure));
  const days = writer.table("days of evaluation", Int32Array.from([...plan.evaluationDay, ...pairs.flatMap(() => [NEVER, NEVER])]));
  const width = tierNames(policy).length;
  const layout = {
    rows,
    entityBegin: integers(),
    entityRows: integers(),
    entityPeriod: integers(),
    start: writer.reserve(4),
    score: doubles(),
    merited: bytes(),
    evaluated: bytes(),
    held: bytes(),
    promoteCount: integers(),
    demoteCount: integers(),
    shielded: bytes(),
    states: integers(),
    askEnteredBy: writer.reserve(4),
    forgotten: startTiersOf(policy).map((startTier) => ({ startTier, address: integers() })),
    isTallied: writer.reserve(4),
    values: doubles(),
    entities: writer.reserve(plan.periods * width * 8),
    sums: writer.reserve(plan.periods * width * 8),
    columns: columns.map((name) => ({ name, address: doubles() })),
    ...(knowsBefore ? { known: { merited: bytes(), isMoved: integers(), movesAll: writer.reserve(4) } } : {}),
  };
  const breach = (mask: Code) => flow.set(breached, v128.or(flow.get(breached), mask));
  let scored: readonly (readonly Statement[])[];
  try {
    scored = pointers.map((at, pair) => {
      windows.turnTo(pair);
      const names = vectorNames(
        { policy, schema, plan, writer, windows, at, breach },
        { isGiven: (name) => alwaysGiven.has(name), givenAddress: (name) => columnIn(given, name), attributeAddress, days },
      );
      const merited = writeMerited(names);
      const score = policy.headlineScore === undefined ? writer.fixed(Number.NaN) : names.score(policy.headlineScore);
      const outputs = layout.columns.map(({ name, address }) => ({ address, value: columnCode(names, name) }));
      const rowByte = i32.shiftRight(at.row, i32.const(3));
      writer.write(v128.store(at.row, layout.score, canonical(writer, score)));
      writer.write(v128.storeByte(rowByte, layout.merited, merited, 0));
      writer.write(v128.storeByte(rowByte, layout.merited + 1, merited, 8));
      for (const { address, value } of outputs) writer.write(v128.store(at.row, address, canonical(writer, value)));
      return writer.take();
    });
  } catch (error) {
    if (error instanceof NoVectorForm) return undefined;
    throw error;
  }
  // Statement by statement: while one pair waits for a division, the processor goes on with the other.
  const evaluate = sequence(
    ...(scored[0] ?? []).map((_, index) => together(scored.map((statements) => present(statements[index], "a statement")))),
  );
  const at = present(pointers[0], "a pair of rows");
  const { shieldAttribute, shieldByEntity, ...rest } = movementRules(policy, schema);
  const movement = movementCode(
    writer,
    { ...rest, shieldAttribute, shieldByEntity },
    {
      ...layout,
      day: days,
      ...(shieldAttribute < 0 ? {} : { shieldSince: { address: attributeAddress(shieldAttribute), byEntity: shieldByEntity } }),
    },
    at,
  );
  const isEvaluated = (at: Pointers, lane: 0 | 1) =>
    i32.ne(i32.load(i32.shiftRight(at.period, i32.const(1)), days + lane * 4), i32.const(NEVER));
  const isAnyEvaluated = pointers.flatMap((at) => [isEvaluated(at, 0), isEvaluated(at, 1)]).reduce((one, other) => i32.or(one, other));
  /** Goes over an entity's rows, some at a time; `pairs` more are at hand. */
  const overRows = (step: number, at: readonly (typeof pairs)[number][], body: Code): Code => {
    const [first, ...more] = at;
    const { row, period, rowOfEntity } = present(first, "a pair of rows");
    return sequence(
      flow.set(row, i32.load(entityInteger(entity), layout.entityBegin)),
      flow.set(period, i32.load(entityInteger(entity), layout.entityPeriod)),
      flow.set(rowOfEntity, i32.const(0)),
      flow.while(
        i32.lt(flow.get(rowOfEntity), flow.get(end)),
        sequence(
          ...more.flatMap((other, index) =>
            (["row", "period", "rowOfEntity"] as const).map((pointer) =>
              flow.set(other[pointer], i32.add(flow.get(present(first, "a pair")[pointer]), i32.const((index + 1) * 16))),
            ),
          ),
          body,
          ...[row, period, rowOfEntity].map((pointer) => flow.set(pointer, i32.add(flow.get(pointer), i32.const(step)))),
        ),
      ),
    );
  };
  const carry = plan.always
    ? { start: [], step: sequence(movement.atEvaluation, movement.atRow(i32.const(1))) }
    : carryCode(writer, layout, at, movement, isEvaluated(at, 0));
  const isTallied = writer.local("i32");
  const tally = flow.if(flow.get(isTallied), tallyCode(writer, { ...layout, width, shown: movement.shown }, at));
  const onePair = pairs.slice(0, 1);
  const move = plan.always ? movement.atEvaluation : flow.if(isEvaluated(at, 0), movement.atEvaluation);
  const rowsApart = writer.local("i32");
  /** Moves an entity once more, from another start, until it stops mattering. */
  const askStart = ({ startTier, address }: BlockLayout["forgotten"][number]): Code =>
    sequence(
      movement.atEntity(i32.const(startTier)),
      flow.set(rowsApart, i32.const(0)),
      overRows(
        8,
        onePair,
        sequence(
          move,
          flow.if(movement.differs, flow.set(rowsApart, i32.add(at.rowOfEntity, i32.const(8)))),
          flow.if(movement.agrees, flow.set(present(onePair[0], "a pair").rowOfEntity, flow.get(end))),
        ),
      ),
      i32.store(entityInteger(entity), address, flow.get(rowsApart)),
    );
  /** Runs only for an entity that merits something else than before. */
  const whereMoved = (move: Code): Code => {
    const { known } = layout;
    if (known === undefined) return move;
    const isMoved = writer.local("i32");
    const rowByte = i32.shiftRight(at.row, i32.const(3));
    const differs = i32.ne(i32.load8(rowByte, layout.merited), i32.load8(rowByte, known.merited));
    const counts = plan.always ? differs : i32.and(differs, isEvaluated(at, 0));
    return sequence(
      flow.set(isMoved, i32.load(i32.const(0), known.movesAll)),
      overRows(8, onePair, flow.set(isMoved, i32.or(flow.get(isMoved), counts))),
      i32.store(entityInteger(entity), known.isMoved, flow.get(isMoved)),
      flow.if(flow.get(isMoved), move),
    );
  };
  const code = sequence(
    flow.set(breached, v128.none),
    flow.set(isTallied, i32.load(i32.const(0), layout.isTallied)),
    flow.set(entity, i32.const(0)),
    flow.while(
      i32.lt(flow.get(entity), flow.get(0)),
      sequence(
        flow.set(end, i32.load(entityInteger(entity), layout.entityRows)),
        windows.atEntity(),
        overRows(16 * PAIRS, pairs, sequence(windows.atRow(), plan.always ? evaluate : flow.if(isAnyEvaluated, evaluate))),
        breach(windows.isBeyond()),
        whereMoved(
          sequence(movement.atEntity(i32.load(i32.const(0), layout.start)), carry.start, overRows(8, onePair, sequence(carry.step, tally))),
        ),
        flow.if(
          i32.le(i32.load(entityInteger(entity), layout.entityPeriod), i32.load(i32.const(0), layout.askEnteredBy)),
          sequence(...layout.forgotten.map(askStart)),
        ),
        flow.set(entity, i32.add(flow.get(entity), i32.const(1))),
      ),
    ),
    v128.isAny(flow.get(breached)),
  );
  const { pages } = writer;
  return {
    module: wasmModule({ locals: writer.locals, code }, pages),
    pages,
    layout: { ...layout, measures, attributes, given },
    writer,
    ownStart: rest.start,
  };
}

/** Adds a row to the cells of its period and of the tier that it shows. */
function tallyCode(
  writer: VectorWriter,
  {
    values,
    entities,
    sums,
    width,
    shown,
  }: Pick<BlockLayout, "values" | "entities" | "sums"> & { readonly width: number; readonly shown: number },
  at: Pointers,
): Code {
  const cell = writer.local("i32");
  const add = (address: number, value: Code) => f64.store(flow.get(cell), address, f64.add(f64.load(flow.get(cell), address), value));
  return sequence(
    flow.set(cell, i32.add(i32.mul(at.period, i32.const(width)), i32.shiftLeft(flow.get(shown), i32.const(3)))),
    add(entities, f64.const(1)),
    add(sums, f64.load(at.row, values)),
  );
}

/** On rows between evaluations everything shows what the latest one found. */
function carryCode(
  writer: VectorWriter,
  layout: Pick<BlockLayout, "merited" | "evaluated" | "score" | "columns">,
  at: Pointers,
  { merit, atEvaluation, atRow }: MovementCode,
  isEvaluated: Code,
): { readonly start: Code; readonly step: Code } {
  const rowByte = i32.shiftRight(at.row, i32.const(3));
  const recorded = writer.local("i32");
  const numbers = [layout.score, ...layout.columns.map(({ address }) => address)].map((address) => ({
    address,
    local: writer.local("f64"),
  }));
  return {
    start: sequence(...numbers.map(({ local }) => flow.set(local, f64.const(Number.NaN)))),
    step: sequence(
      flow.set(recorded, isEvaluated),
      i32.store8(rowByte, layout.evaluated, flow.get(recorded)),
      flow.if(
        flow.get(recorded),
        sequence(...numbers.map(({ address, local }) => flow.set(local, f64.load(at.row, address))), atEvaluation),
      ),
      i32.store8(rowByte, layout.merited, flow.get(merit)),
      ...numbers.map(({ address, local }) => f64.store(at.row, address, flow.get(local))),
      atRow(flow.get(recorded)),
    ),
  };
}

function entityInteger(entity: number): Code {
  return i32.shiftLeft(flow.get(entity), i32.const(2));
}

/** A number whose missing value has the bits that every machine writes. */
function canonical(writer: VectorWriter, number: Code): Code {
  return v128.select(number, writer.fixed(Number.NaN), isThere(number));
}
