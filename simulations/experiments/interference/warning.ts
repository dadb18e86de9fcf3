/** The warning that an experiment on policies leaks between its arms: on unless the design says, with a reason, that nothing does. */
import { dealtThing, type ExperimentDesign } from "../design/experiment-design.ts";

/** What is said beside every analysis. */
export interface InterferenceWarning {
  /** `silenced`: the design's own reason stands in its words. */
  readonly state: "leaks" | "silenced";
  readonly words: string;
  /** The design that would avoid it; empty where it is silenced. */
  readonly cure: string;
}

/**
 * Of designs whose arms are policies and that deal entities one by one. Clusters and whole markets by turns keep buyers inside an arm, and are not warned of.
 *
 * @example
 * interferenceWarning({ arms: [{ name: "a", share: 0.5 }, { name: "b", share: 0.5 }], assignment: { kind: "recorded" }, unit: "buyer" })
 * // => undefined
 */
export function interferenceWarning(
  design: Pick<ExperimentDesign, "arms" | "assignment" | "unit" | "interference">,
): InterferenceWarning | undefined {
  const { arms, unit, interference } = design;
  const isByEntity = ["unit", "list"].includes(dealtThing(design).kind);
  if (!isByEntity || arms.every(({ policy }) => policy === undefined)) return undefined;
  if (interference !== undefined)
    return {
      state: "silenced",
      words: `The design takes it that no ${unit} gains from what another loses: ${interference.none}`,
      cure: "",
    };
  return {
    state: "leaks",
    words: `What one ${unit} loses under a policy others may sell instead, in both arms: differences between the arms then exaggerate what the policy does to all of them together.`,
    cure: `Deal whole markets ('cluster: <column>' such as category or region) or the whole market by turns ('switchback:'); a dataset says how large the bias may be. Or state why there is none: 'interference: none because <reason>' in the plan.`,
  };
}
