/**
 * Windows by prefix sums: while an entity's rows go by, each flow's sum from its first row on is kept in memory, and what a window holds is
 * one such sum less another. Stored values are integers, so that is exact as long as sums stay below 2^53; beyond, the kernel gives up.
 */
import { type Code, f64, f64x2, flow, i32, present, v128 } from "../../../data/foundation/index.ts";
import { findMeasure } from "../../../data/panel/index.ts";
import type { PlainWindow } from "../../language/checked/index.ts";
import { type EvaluationPlan, type WindowTable, windowTable } from "../evaluation-plan.ts";
import type { VectorWriter } from "./vector-writer.ts";

/** Addresses, in bytes, of what a kernel has at hand; doubles are 8 bytes. */
export interface Pointers {
  /** The row in columns of doubles. */
  readonly row: Code;
  /** The row among those of its entity. */
  readonly rowOfEntity: Code;
  /** The row's period in tables of doubles. */
  readonly period: Code;
  /** The entity in columns of doubles. */
  readonly entity: Code;
}

/** An integer over a power of ten, as code. */
export interface ExactLane {
  readonly code: Code;
  readonly scale: number;
}

interface Flow {
  /** Addresses of its column and of its sums. */
  readonly column: number;
  readonly sums: number;
  /** Locals: the sum at the row before the pairs, and the sums at each pair. */
  readonly carried: number;
  readonly here: readonly number[];
}

/** The flows that a kernel sums and the windows that it reads. */
export class VectorWindows {
  readonly #plan: EvaluationPlan;
  readonly #writer: VectorWriter;
  readonly #pairs: readonly Pointers[];
  /** By position of the measure. */
  readonly #flows = new Map<number, Flow>();
  #pair = 0;
  readonly #tables = new Map<string, WindowTable>();
  /** Rows of zeros before the first sum: as many as the longest window reaches back. */
  readonly #pad: number;
  readonly #largest: number;

  /** `pairs`: where the rows lie that are at hand at once, in order. */
  constructor(plan: EvaluationPlan, writer: VectorWriter, pairs: readonly Pointers[], columnOf: (measure: number) => number) {
    this.#plan = plan;
    this.#writer = writer;
    this.#pairs = pairs;
    this.#pad = plan.periods + 1;
    this.#largest = writer.local("v128");
    this.columnOf = columnOf;
  }

  /** Turns to one of the pairs: sums are about its rows from then on. */
  turnTo(pair: number): void {
    this.#pair = pair;
  }

  get #at(): Pointers {
    return present(this.#pairs[this.#pair], "a pair of rows");
  }

  /** The address of a measure's column. */
  readonly columnOf: (measure: number) => number;

  /** A measure's position, and the power of ten that its stored integers are over. */
  measure(name: string): { readonly index: number; readonly scale: number } {
    const { index, measure } = present(findMeasure(this.#plan.schema, name), `measure ${name} of the panel`);
    return { index, scale: measure.unit === "money" ? 0 : measure.decimals };
  }

  /** The sum of a flow over a window, as the integer that is stored. */
  sum(window: PlainWindow, measureName: string): ExactLane {
    const { index, scale } = this.measure(measureName);
    const flowOf = this.#flow(index);
    const { sums } = flowOf;
    const here = present(flowOf.here[this.#pair], "a pair of rows");
    const key = JSON.stringify(window);
    const table = this.#tables.get(key) ?? windowTable(this.#plan, window);
    this.#tables.set(key, table);
    if (table.lifetime) return { code: flow.get(here), scale };
    const code = this.#writer.once(`sum ${index} ${key}`, () => {
      if (table.length !== undefined) {
        // A window longer than the panel begins with the entity.
        if (table.length >= this.#pad) return flow.get(here);
        return this.#writer.keep(f64x2.sub(flow.get(here), v128.load(this.#at.rowOfEntity, sums + (this.#pad - table.length) * 8)));
      }
      const [upper, lower] = [0, 1].map((end) =>
        ([0, 1] as const).map((lane) => f64.load(this.#end(key, table, lane)[end as 0 | 1], sums + (this.#pad - 1) * 8)),
      ) as [[Code, Code], [Code, Code]];
      const pair = ([first, second]: [Code, Code]) => f64x2.withLane(f64x2.splat(first), 1, second);
      return this.#writer.keep(f64x2.sub(pair(upper), pair(lower)));
    });
    return { code, scale };
  }

  /** Code before an entity's first row. */
  atEntity(): Code {
    return [this.#largest, ...[...this.#flows.values()].map(({ carried }) => carried)].flatMap((local) => flow.set(local, v128.none));
  }

  /** Code on all pairs of rows at hand: brings the sums up to them. */
  atRow(): Code {
    const code: number[] = [];
    for (const { column, sums, carried, here } of this.#flows.values()) {
      for (const [pair, at] of this.#pairs.entries()) {
        const local = present(here[pair], "a pair of rows");
        const value = flow.get(local);
        code.push(
          ...flow.set(local, v128.load(at.row, column)),
          ...flow.set(this.#largest, f64x2.add(flow.get(this.#largest), f64x2.abs(value))),
          // Both rows' sums: the first value, and the two together, on top of what came before.
          ...flow.set(local, f64x2.add(f64x2.add(value, v128.shuffle(v128.none, value, [0, 2])), flow.get(carried))),
          ...flow.set(carried, v128.shuffle(value, value, [1, 1])),
          ...v128.store(at.rowOfEntity, sums + this.#pad * 8, value),
        );
      }
    }
    return code;
  }

  /** After an entity's last row: whether sums over its life may have left the exact integers. */
  isBeyond(): Code {
    return v128.not(f64x2.le(flow.get(this.#largest), f64x2.splat(f64.const(Number.MAX_SAFE_INTEGER / 2))));
  }

  #flow(index: number) {
    const known = this.#flows.get(index);
    if (known !== undefined) return known;
    const made = {
      column: this.columnOf(index),
      sums: this.#writer.reserve((this.#pad + this.#plan.periods + 2 * this.#pairs.length) * 8),
      carried: this.#writer.local("v128"),
      here: this.#pairs.map(() => this.#writer.local("v128")),
    };
    this.#flows.set(index, made);
    return made;
  }

  /** Bytes from the sum before an entity's first row to that at the last row of a window, and to that before its first, for one of the two rows. */
  #end(key: string, table: WindowTable, lane: 0 | 1): readonly [upper: Code, lower: Code] {
    const writer = this.#writer;
    const margin = this.#pairs.flatMap(() => [0, 0]);
    const first = writer.table(`first ${key}`, Int32Array.from([...table.firstPeriod, ...margin]));
    const last = writer.table(`last ${key}`, Int32Array.from([...table.lastPeriod, ...margin]));
    const period = i32.shiftRight(this.#at.period, i32.const(1));
    const row = i32.add(i32.shiftRight(this.#at.rowOfEntity, i32.const(3)), i32.const(lane));
    const before = writer.once("periods before the entity", () =>
      writer.keep(i32.shiftRight(i32.sub(this.#at.period, this.#at.rowOfEntity), i32.const(3)), "i32"),
    );
    const upper = writer.once(`upper ${key} ${lane}`, () => {
      const end = writer.keep(i32.sub(i32.load(period, last + lane * 4), before), "i32");
      const seen = writer.keep(least(end, row), "i32");
      return writer.keep(i32.shiftLeft(i32.add(most(seen, i32.const(-1)), i32.const(1)), i32.const(3)), "i32");
    });
    const lower = writer.once(`lower ${key} ${lane}`, () => {
      const begin = writer.keep(i32.sub(i32.load(period, first + lane * 4), before), "i32");
      const opening = writer.keep(i32.shiftLeft(most(begin, i32.const(0)), i32.const(3)), "i32");
      return writer.keep(least(opening, upper), "i32");
    });
    return [upper, lower];
  }
}

function least(first: Code, second: Code): Code {
  return flow.select(first, second, i32.lt(first, second));
}

function most(first: Code, second: Code): Code {
  return flow.select(first, second, i32.gt(first, second));
}
