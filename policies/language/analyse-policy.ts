/** Static analysis: what a policy says that cannot be, or cannot be meant. The policy is valid; these are warnings. */
import type { Diagnostic } from "../../data/foundation/index.ts";
import { analyseConditions } from "./analyse-conditions.ts";
import { analyseLadder } from "./analyse-ladder.ts";
import { analyseLedgers, analyseMovement } from "./analyse-movement.ts";
import { type PolicyBody, Possibilities } from "./analyse-possible.ts";
import { Prover } from "./analyse-proof.ts";
import { analyseScores } from "./analyse-scores.ts";
import { analyseTiers } from "./analyse-tiers.ts";
import { analyseVolumes } from "./analyse-volume.ts";
import { Problems } from "./problems.ts";

/**
 * Everything that can be told about a checked policy without a history: tiers that nobody can merit, gaps and inversions of the ladder,
 * constant and repeated conditions, thresholds and anchors out of reach, weights that do not add up, curves that turn, volumes that no
 * window holds, parts without effect. All warnings.
 *
 * What is said never to be is proven over ranges of all that the policy reads; a gap or an inversion comes with numbers that show it.
 * What can be neither proven nor shown is not said. Deterministic. Cost: a few thousand tries of the ladder, whatever the policy.
 */
export function analysePolicy(policy: PolicyBody): readonly Diagnostic[] {
  const problems = new Problems();
  addAnalysis(policy, problems);
  return problems.sorted();
}

/** Adds what `analysePolicy` finds to the problems of a reading. */
export function addAnalysis(policy: PolicyBody, problems: Problems): void {
  const possibilities = new Possibilities(policy);
  const prover = new Prover(possibilities);
  analyseScores(possibilities, problems);
  analyseVolumes(possibilities, problems);
  analyseConditions(prover, problems);
  const seen = analyseLadder(possibilities, problems);
  const merited = analyseTiers(prover, seen, problems);
  analyseMovement(prover, merited, problems);
  analyseLedgers(prover, problems);
}
