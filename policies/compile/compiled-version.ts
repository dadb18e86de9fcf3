/** One version of a programme with its kernels. */
import { type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { Policy, VersionInForce } from "../language/checked/index.ts";
import { type EvaluationPlan, evaluationPlan, NEVER } from "./evaluation-plan.ts";
import { handoverAt } from "./handover.ts";
import { type MovementKernel, movementKernel } from "./movement-kernel.ts";
import { type PeerNeed, peerNeeds } from "./peer-collector.ts";
import { type ScoringKernel, scoringKernel } from "./scoring-kernel.ts";

/** One version with what is made for it. */
export interface CompiledVersion {
  readonly policy: Policy;
  readonly position: number;
  readonly plan: EvaluationPlan;
  /** The first period of the panel on which it is evaluated; absent when it never is. */
  readonly first?: PeriodIndex;
  readonly needs: readonly PeerNeed[];
  /** The number of its first need among those of all versions. */
  readonly firstNeed: number;
  readonly kernelFor: (columns: readonly string[], tiers: boolean) => ScoringKernel;
  readonly movement: MovementKernel;
}

/** Makes the kernels of the version at a position; those that score when they are first asked for. */
export function compileVersion(versions: readonly VersionInForce[], position: number, schema: PanelSchema): CompiledVersion {
  const { policy, from } = present(versions[position], "a version");
  const before = versions[position + 1]?.from;
  const plan = evaluationPlan(schema, policy.movement.evaluate, { from, ...(before === undefined ? {} : { before }) });
  const handover = handoverAt(versions, position);
  const kernels = new Map<string, ScoringKernel>();
  const first = plan.evaluationDay.findIndex((day) => day !== NEVER);
  const carriesHolds = versions.slice(0, position).some((version) => version.policy.tiers.some(({ holdDays = 0 }) => holdDays > 0));
  return {
    policy,
    position,
    plan,
    ...(first < 0 ? {} : { first: schema.firstPeriod + first }),
    needs: peerNeeds(policy),
    firstNeed: versions.slice(0, position).reduce((count, version) => count + peerNeeds(version.policy).length, 0),
    kernelFor: (columns, tiers) => {
      const key = `${tiers} ${columns.join(" ")}`;
      const kernel = kernels.get(key) ?? scoringKernel(policy, plan, { tiers, columns, ...(handover === undefined ? {} : { handover }) });
      kernels.set(key, kernel);
      return kernel;
    },
    movement: movementKernel(policy, schema, plan, { carriesHolds }),
  };
}
