/** What a comparison keeps of the rows that pass by: columns of one number an entity, and tables of counts. */
import { invariant, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk } from "../../data/panel/index.ts";
import { collectLabels, type LabelColumns, labelColumns } from "./collect-labels.ts";
import { collectRange, type RangeColumns, rangeColumns } from "./collect-range.ts";
import type { ComparisonPlan, PeriodSpan } from "./plan.ts";

/** The state of every entity at the end of the range. */
export interface EndColumns {
  /** By policy: held tier code at the end, -1 outside the frame. */
  readonly held: readonly Int8Array[];
  /** By policy: headline score, NaN when missing. */
  readonly score: readonly Float64Array[];
  /** GMV in minor units and orders over the windows that end at the end of the range. */
  readonly gmv: Float64Array;
  readonly orders: Float64Array;
  /** By text attribute of the plan: its code, -1 missing. */
  readonly attributes: readonly Int32Array[];
}

/** Everything that was collected. Positions are those of the panel's entity order. */
export interface Collected {
  readonly entityCount: number;
  /** First entity of each chunk that was seen, in order. */
  readonly chunkStart: readonly number[];
  readonly end: EndColumns;
  readonly range: RangeColumns;
  readonly labels: readonly LabelColumns[];
}

/** Takes chunks in order, each with one frame a policy (baseline first), and gives the columns. Allocates once, nothing per row. */
export class Collector {
  readonly #plan: ComparisonPlan;
  readonly #collected: Collected;
  readonly #chunkStart: number[] = [];
  #next = 0;

  constructor(plan: ComparisonPlan, entityCount: number) {
    this.#plan = plan;
    this.#collected = {
      entityCount,
      chunkStart: this.#chunkStart,
      end: {
        held: plan.policies.map(() => new Int8Array(entityCount).fill(-1)),
        score: plan.policies.map(() => new Float64Array(entityCount).fill(Number.NaN)),
        gmv: new Float64Array(entityCount),
        orders: new Float64Array(entityCount),
        attributes: plan.textAttributes.map(() => new Int32Array(entityCount).fill(-1)),
      },
      range: rangeColumns(plan, entityCount),
      labels: labelColumns(plan, entityCount),
    };
  }

  /** Adds one chunk. */
  visit(chunk: PanelChunk, frames: readonly OutcomeFrame[]): void {
    invariant(chunk.index === this.#chunkStart.length, `chunk ${chunk.index} came where ${this.#chunkStart.length} was expected`);
    invariant(frames.length === this.#plan.policies.length, "one frame a policy");
    this.#chunkStart.push(this.#next);
    for (let inChunk = 0; inChunk < chunk.entityCount; inChunk++) this.#collectEntity(chunk, frames, inChunk, this.#next + inChunk);
    this.#next += chunk.entityCount;
  }

  /** The columns; every entity of the panel must have been visited. */
  finish(): Collected {
    invariant(this.#next === this.#collected.entityCount, `${this.#next} of ${this.#collected.entityCount} entities were visited`);
    return this.#collected;
  }

  #collectEntity(chunk: PanelChunk, frames: readonly OutcomeFrame[], inChunk: number, inPanel: number): void {
    const plan = this.#plan;
    const { range, labels, end } = this.#collected;
    const entry = chunk.firstPeriod[inChunk] as number;
    const firstRow = chunk.rowStart[inChunk] as number;
    const lastRow = (chunk.rowStart[inChunk + 1] as number) - 1;
    const start = firstRow + Math.max(plan.from - entry, 0);
    const stop = Math.min(firstRow + plan.to - entry, lastRow) + 1;
    if (start < stop) {
      const rows = { entity: inPanel, start, end: stop, firstPeriod: entry + start - firstRow, fromEntry: start === firstRow };
      collectRange(plan, range, chunk, frames, rows);
    }
    collectLabels(plan, labels, chunk, frames, { inChunk, inPanel });
    const endRow = firstRow + plan.to - entry;
    if (endRow < firstRow || endRow > lastRow || frames.some((frame) => (frame.held[endRow] as number) < 0)) return;
    for (const [policy, frame] of frames.entries()) {
      present(end.held[policy], "held tiers")[inPanel] = frame.held[endRow] as number;
      present(end.score[policy], "scores")[inPanel] = frame.score[endRow] as number;
    }
    end.gmv[inPanel] = sumOverSpan(chunk, plan.gmvColumn, plan.gmvSpan, { entry, firstRow });
    end.orders[inPanel] = sumOverSpan(chunk, plan.ordersColumn, plan.ordersSpan, { entry, firstRow });
    for (const [index, attribute] of plan.textAttributes.entries()) {
      const position = plan.schema.attributes[attribute]?.scope === "entity" ? inChunk : endRow;
      present(end.attributes[index], "attribute codes")[inPanel] = chunk.attributes[attribute]?.[position] as number;
    }
  }
}

/** The sum of a flow over the periods of a span that the entity has; 0 without the measure. */
function sumOverSpan(chunk: PanelChunk, column: number, span: PeriodSpan, rows: { entry: number; firstRow: number }): number {
  const values = chunk.measures[column];
  if (values === undefined) return 0;
  let sum = 0;
  for (let period = Math.max(span.first, rows.entry); period <= span.last; period++)
    sum += values[rows.firstRow + period - rows.entry] as number;
  return Number.isNaN(sum) ? 0 : sum;
}
