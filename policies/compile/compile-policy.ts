/** Policy + panel schema -> kernels. */
import { invariant } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { type Policy, tierNames } from "../language/index.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { evaluationPlan } from "./evaluation-plan.ts";
import { movementKernel } from "./movement-kernel.ts";
import { type ScoringKernel, scoringKernel } from "./scoring-kernel.ts";

/**
 * Compiles a policy for panels of one schema. The policy must have passed `checkAgainstPanel` for that schema: a name that the panel
 * lacks is a broken invariant here.
 *
 * Sums are exact. An entity whose window sum passes 2^53 in smallest units makes `run` throw InputRefused (`limit-exceeded`).
 * Cost of compiling: the panel's periods plus the policy's length; of running: one pass over the measures that the policy reads.
 */
export function compilePolicy(policy: Policy, schema: PanelSchema): CompiledPolicy {
  const plan = evaluationPlan(schema, policy.movement.evaluate);
  const movement = movementKernel(policy, schema, plan);
  const kernels = new Map<string, ScoringKernel>();

  function kernelFor(columns: readonly string[]): ScoringKernel {
    const key = columns.join(" ");
    const kernel = kernels.get(key) ?? scoringKernel(policy, plan, columns);
    kernels.set(key, kernel);
    return kernel;
  }

  return {
    policy,
    tiers: tierNames(policy),
    run(chunk, options = {}) {
      requireWithin(schema, chunk);
      const to = Math.min(options.to ?? schema.lastPeriod, schema.lastPeriod);
      const columns = [...new Set(options.columns ?? [])];
      const frame = emptyFrame(chunk, columns, to < schema.lastPeriod);
      kernelFor(columns)(chunk, frame, to);
      movement.move(chunk, frame, to, options.startTier);
      return frame;
    },
    rowsUntilStartForgotten(chunk, frame, { startTier, enteredBy, to = schema.lastPeriod }) {
      const rows = new Int32Array(chunk.entityCount);
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        if ((chunk.firstPeriod[entity] as number) > enteredBy) continue;
        rows[entity] = movement.rowsUntilForgotten(chunk, frame, entity, startTier, Math.min(to, schema.lastPeriod));
      }
      return rows;
    },
  };
}

/** A frame for the kernels to fill. Only a cut leaves rows that no kernel writes. */
function emptyFrame(chunk: PanelChunk, columns: readonly string[], cut: boolean): OutcomeFrame {
  const { rowCount } = chunk;
  const numbers = () => (cut ? new Float64Array(rowCount).fill(Number.NaN) : new Float64Array(rowCount));
  const codes = () => (cut ? new Int8Array(rowCount).fill(-1) : new Int8Array(rowCount));
  return {
    chunkIndex: chunk.index,
    rowCount,
    evaluated: new Uint8Array(rowCount),
    score: numbers(),
    merited: codes(),
    held: codes(),
    promoteCount: new Int32Array(rowCount),
    demoteCount: new Int32Array(rowCount),
    shielded: new Uint8Array(rowCount),
    columns: new Map(columns.map((name) => [name, numbers()])),
  };
}

/** The plan covers the schema's periods only. */
function requireWithin(schema: PanelSchema, chunk: PanelChunk): void {
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const first = chunk.firstPeriod[entity] as number;
    const rows = (chunk.rowStart[entity + 1] as number) - (chunk.rowStart[entity] as number);
    invariant(
      first >= schema.firstPeriod && first + rows - 1 <= schema.lastPeriod,
      `rows of ${chunk.entities[entity]} lie outside the panel`,
    );
  }
}
