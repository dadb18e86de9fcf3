/**
 * A policy while its parameters are being moved: what depends on none of them comes as columns, and the rest runs over these with the
 * parameters as numbers in the kernel's memory, so that nothing is compiled again. Only those are moved who merit something else than before.
 */
import { invariant, type PeriodIndex } from "../../data/foundation/index.ts";
import { convertedPanel, type PanelChunk, type PanelSchema } from "../../data/panel/index.ts";
import { closureOf, measureNames, type Policy, readsOf } from "../language/checked/index.ts";
import { evaluationPlan } from "./evaluation-plan.ts";
import { outOfReach, reachBetween } from "./live-reach.ts";
import { type VectorBlock, vectorKernel } from "./vector/vector-kernel.ts";
import { NoVectorForm } from "./vector/vector-writer.ts";

/** A kernel of a policy's moved part. */
export interface LivePolicy {
  /** Metrics, scores, ledgers and conditions that `held` must be given: what is read and does not move. */
  readonly columns: readonly string[];
  /**
   * Moves the entities of a chunk by a policy that differs from the first one in the values of the moved parameters only, block by block: of
   * those who were not moved the block shows nothing. False when only a whole run of the policy gives its tiers: then no block counts.
   */
  readonly held: (policy: Policy, run: LiveRun, visit: (block: LiveBlock) => void) => boolean;
}

/** Of those who were not moved it shows nothing. */
export type LiveBlock = VectorBlock;

/** What the moved part runs over. */
export interface LiveRun {
  readonly chunk: PanelChunk;
  /** Rows after this period are left out. */
  readonly to: PeriodIndex;
  /** By name, of this chunk. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** What was merited before: whoever merits the same is not moved. Absent: everybody is moved. */
  readonly before?: MeritedBefore | undefined;
}

/** What a policy, which differs in the moved parameters only, gave. */
export interface MeritedBefore {
  readonly policy: Policy;
  /** By row of the chunk; only of rows that are evaluated. */
  readonly merited: Int8Array;
}

/** Compiles what depends on the moved parameters; undefined where that has no vector form. Cost: linear in the policy. */
export function livePolicy(policy: Policy, panelSchema: PanelSchema, moved: ReadonlySet<string>): LivePolicy | undefined {
  const { schema, convert } = convertedPanel(panelSchema, measureNames(policy));
  const standing = unmoved(policy, moved);
  const plan = evaluationPlan(schema, policy.movement.evaluate);
  const kernel = vectorKernel({ policy, plan, columns: [], given: standing, knowsBefore: true });
  if (kernel === undefined || kernel.given.some((name) => !standing.has(name))) return undefined;
  const reach = reachBetween(policy, moved, new Set(kernel.given));
  return {
    columns: kernel.given,
    held(current, { chunk, to, columns, before }, visit) {
      invariant(current.programme === policy.programme, "the policy that was compiled, with other numbers");
      try {
        kernel.use(current);
      } catch (error) {
        if (error instanceof NoVectorForm) return false;
        throw error;
      }
      const known = before === undefined ? {} : { before: before.merited };
      const left = before === undefined || reach === undefined ? {} : { left: outOfReach(chunk, columns, reach(before.policy, current)) };
      return kernel.runBlocks({ chunk: convert(chunk), to, given: columns, ...known, ...left }, visit);
    },
  };
}

/** Names of what depends on none of the parameters. */
function unmoved(policy: Policy, moved: ReadonlySet<string>): ReadonlySet<string> {
  const reads = readsOf(policy);
  const named = [...policy.metrics, ...policy.scores, ...policy.ledgers, ...policy.conditions].map(({ name }) => name);
  return new Set(named.filter((name) => ![...closureOf([name], reads)].some((read) => moved.has(read))));
}
