/** What leaks between the arms of a policy experiment, on a dataset's own market. */
import { InputRefused } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import { meanOf } from "../../simulations/comparison/described/index.ts";
import { type ExperimentDesign, type Leak, leakOf } from "../../simulations/experiments/index.ts";
import type { OperationContext } from "./operation.ts";
import { resolveAssumptions } from "./resolve-assumptions.ts";
import { textTable } from "./text-table.ts";

/** A leak, or why there is no figure. */
export type FoundLeak = { readonly kind: "leak"; readonly leak: Leak } | { readonly kind: "undetermined"; readonly reason: string };

/** By candidate, under the assumptions that ship. */
export function leakOfArm(
  design: ExperimentDesign,
  told: {
    readonly panel: Panel;
    readonly baseline: Policy;
    readonly candidate: Policy;
    readonly arm: number;
    readonly armOf: (entity: string) => number;
  },
  context: OperationContext,
): FoundLeak {
  const { name, terms } = resolveAssumptions(undefined, context);
  const mean = (term: "traffic_elasticity" | "displacement", scenario: "low" | "central" | "high"): number =>
    meanOf(term, terms[term][scenario]);
  const displacement = { low: mean("displacement", "low"), central: mean("displacement", "central"), high: mean("displacement", "high") };
  const assumptions = { name, elasticity: mean("traffic_elasticity", "central"), displacement };
  try {
    return { kind: "leak", leak: leakOf(design, { ...told, assumptions }) };
  } catch (error) {
    if (error instanceof InputRefused) return { kind: "undetermined", reason: error.diagnostics[0]?.message ?? "" };
    throw error;
  }
}

/** In words, for a terminal. */
export function leakText(found: FoundLeak): readonly string[] {
  if (found.kind === "undetermined") return [`What leaks between the arms is not determined: ${found.reason}.`];
  const { biases, designs, avoid, groupBy, window, measure } = found.leak;
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const percent = (value: number | undefined): string => (value === undefined ? "" : `${(100 * value).toFixed(0)} %`);
  return [
    `What leaks between the arms, in the weeks ending ${window.from} to ${window.to}, ${measure} a unit, where buyers stay within ${groupBy.join(" and ") || "the whole market"}:`,
    textTable(
      ["displacement", "all against none", "a plain test gives", "bias", "of the effect"],
      biases.map(({ scenario, displacement, truth, expected, bias, relative }) => [
        `${scenario} ${percent(displacement)}`,
        short(truth),
        short(expected),
        short(bias),
        percent(relative),
      ]),
    ),
    textTable(
      ["design", "parts", "bias", "standard error"],
      designs.map(({ dealt, parts, bias, standardError }) => [dealt, String(parts), short(bias), short(standardError)]),
    ),
    ...(avoid === undefined
      ? []
      : [`Without bias and most precise: ${avoid.dealt}${avoid.holdsIf === "" ? "" : `, if ${avoid.holdsIf}`}.`]),
  ];
}
