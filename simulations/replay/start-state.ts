/** How long the arbitrary tier before the panel's first period matters. */
import { formatPeriod, type PeriodIndex } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema, PeriodRange } from "../../data/panel/index.ts";
import type { CompiledPolicy } from "../../policies/compile/index.ts";
import type { StartMatters } from "./replay-summary.ts";

/** Runs those with an unknown past from the best and the worst start too, and keeps the last period that differs. */
export class StartState {
  readonly #schema: PanelSchema;
  readonly #compiled: CompiledPolicy;
  readonly #to: PeriodIndex;
  readonly #startTiers: readonly number[];
  #last: PeriodIndex;
  #entitiesAtEnd = 0;
  #entitiesAsked = 0;

  constructor(schema: PanelSchema, compiled: CompiledPolicy, { to }: PeriodRange) {
    this.#schema = schema;
    this.#compiled = compiled;
    this.#to = to;
    this.#startTiers = compiled.startTiers;
    this.#last = schema.firstPeriod - 1;
  }

  /** Asks the entities of a chunk. The frame must still hold its rows from the panel's first period on. */
  add(chunk: PanelChunk, frame: OutcomeFrame): void {
    const { firstPeriod } = this.#schema;
    const answers = this.#startTiers.map((startTier) =>
      this.#compiled.rowsUntilStartForgotten(chunk, frame, { startTier, enteredBy: firstPeriod, to: this.#to }),
    );
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      if (chunk.firstPeriod[entity] !== firstPeriod) continue;
      this.#entitiesAsked++;
      const rows = Math.max(0, ...answers.map((answer) => answer[entity] as number));
      const last = firstPeriod + rows - 1;
      if (last > this.#last) this.#last = last;
      if (last === this.#to) this.#entitiesAtEnd++;
    }
  }

  /** The answer over all chunks. */
  finish(): StartMatters {
    const { firstPeriod, grain } = this.#schema;
    const periods = this.#last - firstPeriod + 1;
    return {
      periods,
      ...(periods === 0 ? {} : { lastPeriod: formatPeriod(grain, this.#last) }),
      entitiesAtEnd: this.#entitiesAtEnd,
      entitiesAsked: this.#entitiesAsked,
    };
  }
}
