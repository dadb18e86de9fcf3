/** The product, by its public doors: the whole replay, the kernels alone, and the floor under them. */
import { parseDay, present } from "../../../data/foundation/index.ts";
import { type OutcomeFrame, openPanel, type Panel } from "../../../data/panel/index.ts";
import { compileItem } from "../../../policies/compile/index.ts";
import { gatherPeers, type ReplaySummary, replayOnThreads } from "../../../simulations/replay/index.ts";
import { firstDay } from "../history/history-sql.ts";
import { benchPolicy } from "../manifest.ts";
import type { Contender, Result, Task } from "./contender.ts";
import { policyOf } from "./policy-of.ts";

/** The whole replay, chunk by chunk: totals by period and tier, how long the start matters, the digest of all outcomes. */
export function wholeReplay({ history, policy: name }: Task): Contender {
  const policy = policyOf(name);
  let held: Panel | undefined;
  return {
    cold: async () => resultOfReplay(await run(openPanel(history.datasetFolder, { recycle: true }))),
    hold: () => {
      held = holdPanel(openPanel(history.datasetFolder));
    },
    warm: () => run(present(held, "a panel in memory")),
    resultOf: (left) => resultOfReplay(left as ReplaySummary),
  };

  function run(panel: Panel): Promise<ReplaySummary> {
    return replayOnThreads({ policies: [policy], panel, threads: 1 });
  }
}

/**
 * Scores, tiers and movement state of every row, nothing summed, in the memory of one frame, as a replay has them made that nobody watches: the score, and the
 * rest in one word. Peers are gathered where the policy has any.
 */
export function kernels({ history, policy: name }: Task): Contender {
  const policy = policyOf(name);
  const panel = holdPanel(openPanel(history.datasetFolder));
  const compiled = compileItem(policy, panel.schema);
  const chunks = Array.from({ length: panel.chunkCount }, (_, index) => panel.readChunk(index));
  const run = () => {
    const [peers] = gatherPeers(panel, [policy], panel.schema.lastPeriod);
    let last: OutcomeFrame | undefined;
    return (index: number) => {
      last = compiled.run(present(chunks[index], "a chunk"), {
        reuse: last,
        onlyDigested: true,
        ...(peers === undefined ? {} : { peers }),
      });
      return last;
    };
  };
  return {
    warm: () => {
      const runChunk = run();
      for (let index = 0; index < chunks.length; index++) runChunk(index);
      return runChunk;
    },
    resultOf: (left) => {
      const runChunk = left as ReturnType<typeof run>;
      const counts: Record<string, number> = {};
      for (const [index, chunk] of chunks.entries()) {
        const { states } = runChunk(index);
        for (let entity = 0; entity < chunk.entityCount; entity++) {
          const start = chunk.rowStart[entity] as number;
          const first = (chunk.firstPeriod[entity] as number) - panel.schema.firstPeriod;
          for (let row = start; row < (chunk.rowStart[entity + 1] as number); row++) {
            const key = `${first + row - start} ${compiled.tiers[heldOf(states[row] as number)]}`;
            counts[key] = (counts[key] ?? 0) + 1;
          }
        }
      }
      return counts;
    },
  };
}

/** The held tier of a packed state. */
function heldOf(state: number): number {
  return (state & 127) - 1;
}

/** The least that anyone who reads the history must do: sum every value that the policy reads, once, in a plain loop. */
export function floor({ history, policy }: Task): Contender {
  let held: Panel | undefined;
  return {
    cold: () => sumOf(openPanel(history.datasetFolder)),
    hold: () => {
      held = holdPanel(openPanel(history.datasetFolder));
    },
    warm: () => sumOf(present(held, "a panel in memory")),
  };

  function sumOf(panel: Panel): Result {
    const read = benchPolicy(policy).measures.map((name) => panel.schema.measures.findIndex((measure) => measure.name === name));
    let sum = 0;
    for (let index = 0; index < panel.chunkCount; index++) {
      const { measures } = panel.readChunk(index);
      for (const position of read) {
        const column = present(measures[position], "a measure");
        for (let row = 0; row < column.length; row++) sum += column[row] as number;
      }
    }
    return { sum };
  }
}

/** A panel whose chunks are all in memory. */
function holdPanel(panel: Panel): Panel {
  const chunks = Array.from({ length: panel.chunkCount }, (_, index) => panel.readChunk(index));
  return { ...panel, readChunk: (index) => present(chunks[index], "a chunk") };
}

/** Sellers by week and tier. */
export function resultOfReplay({ policies }: ReplaySummary): Result {
  const { cells } = present(policies[0], "a policy").tiersByPeriod;
  return Object.fromEntries(
    cells.map(({ key: [period = "", tier = ""], sums }) => {
      const week = (present(parseDay(period), "a day") - 6 - firstDay) / 7;
      return [`${week} ${tier}`, Number(sums[0])];
    }),
  );
}
