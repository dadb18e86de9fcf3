/** One replay of both policies over the sample, and what guards count of each entity. */
import { present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, Panel, PanelChunk } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { Collector, type ComparisonPlan, moves, planComparison } from "../comparison/index.ts";
import { replay } from "../replay/index.ts";

/** What is looked at. */
export interface GuardReplay {
  readonly baseline: Policy;
  readonly candidate: Policy;
  readonly panel: Panel;
  readonly seed: number;
  readonly level: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What one policy did to the entities over the range: by entity, 1 where it happened at least once. */
export interface PolicyMoves {
  readonly promoted: Uint8Array;
  readonly demoted: Uint8Array;
}

/** Columns over the entities of the sample. */
export interface GuardColumns {
  readonly plan: ComparisonPlan;
  readonly collected: ReturnType<Collector["finish"]>;
  /** Baseline, candidate. */
  readonly policies: readonly [PolicyMoves, PolicyMoves];
}

/** Replays both policies once. The comparison's own collector gives everything that the comparison reports too. */
export function collectForGuards({ baseline, candidate, panel, seed, level, onProgress }: GuardReplay): GuardColumns {
  const plan = planComparison({ baseline, candidates: [candidate], panel, seed, level });
  const collector = new Collector(plan, panel.entityCount);
  const policies = [emptyMoves(panel.entityCount), emptyMoves(panel.entityCount)] as const;
  let next = 0;
  replay({
    policies: plan.policies,
    panel,
    from: plan.from,
    to: plan.to,
    ...(onProgress === undefined ? {} : { onProgress }),
    visit: (chunk, frames) => {
      collector.visit(chunk, frames);
      for (const [index, columns] of policies.entries()) {
        const ladder = present(plan.policies[index], "policy").tiers.length;
        collectMoves(columns, chunk, present(frames[index], "frame"), { plan, ladder, next });
      }
      next += chunk.entityCount;
    },
  });
  return { plan, collected: collector.finish(), policies };
}

/** A move is from one tier of the ladder to another between two consecutive periods of the range. */
function collectMoves(
  columns: PolicyMoves,
  chunk: PanelChunk,
  { held }: OutcomeFrame,
  { plan, ladder, next }: { readonly plan: ComparisonPlan; readonly ladder: number; readonly next: number },
): void {
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const zero = (chunk.rowStart[entity] as number) - (chunk.firstPeriod[entity] as number);
    const start = Math.max(chunk.rowStart[entity] as number, zero + plan.from);
    const end = Math.min(chunk.rowStart[entity + 1] as number, zero + plan.to + 1);
    for (let row = start + 1; row < end; row++) {
      const [before, now] = [held[row - 1] as number, held[row] as number];
      if (before < 0 || now < 0 || before >= ladder || now >= ladder) continue;
      if (now < before) columns.promoted[next + entity] = 1;
      if (now > before) columns.demoted[next + entity] = 1;
    }
  }
}

/** The kinds of movement at the end of the range, from the baseline's tier to the candidate's. */
export const between = moves;

function emptyMoves(entities: number): PolicyMoves {
  return { promoted: new Uint8Array(entities), demoted: new Uint8Array(entities) };
}
