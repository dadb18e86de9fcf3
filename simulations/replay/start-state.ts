/** How long the arbitrary tier before the panel's first period matters. */
import { formatPeriod, type PeriodIndex } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema, PeriodRange } from "../../data/panel/index.ts";
import type { CompiledPolicy } from "../../policies/compile/index.ts";
import type { StartMatters } from "./replay-summary.ts";

/** What the entities of a chunk with an unknown past answered. */
export interface StartAnswers {
  /** The last period in which the start still matters to any; the one before the panel's first when it never does. */
  readonly last: PeriodIndex;
  readonly entitiesAtEnd: number;
  readonly entitiesAsked: number;
}

/**
 * Runs those with an unknown past from the best and the worst start too. The frame must still hold its rows from the panel's first period
 * on.
 */
export function askStart(
  { firstPeriod }: PanelSchema,
  compiled: CompiledPolicy,
  { to }: PeriodRange,
  chunk: PanelChunk,
  frame: OutcomeFrame,
): StartAnswers {
  const answers = compiled.startTiers.map((startTier) =>
    compiled.rowsUntilStartForgotten(chunk, frame, { startTier, enteredBy: firstPeriod }),
  );
  const entered = chunk.firstPeriod;
  const found = { last: firstPeriod - 1, entitiesAtEnd: 0, entitiesAsked: 0 };
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    if (entered[entity] !== firstPeriod) continue;
    found.entitiesAsked++;
    let rows = 0;
    for (const answer of answers) rows = Math.max(rows, answer[entity] as number);
    const last = firstPeriod + rows - 1;
    if (last > found.last) found.last = last;
    if (last === to) found.entitiesAtEnd++;
  }
  return found;
}

/** Adds the answers of chunks up. */
export class StartState {
  readonly #schema: PanelSchema;
  #last: PeriodIndex;
  #entitiesAtEnd = 0;
  #entitiesAsked = 0;

  constructor(schema: PanelSchema) {
    this.#schema = schema;
    this.#last = schema.firstPeriod - 1;
  }

  add({ last, entitiesAtEnd, entitiesAsked }: StartAnswers): void {
    this.#last = Math.max(this.#last, last);
    this.#entitiesAtEnd += entitiesAtEnd;
    this.#entitiesAsked += entitiesAsked;
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
