/** What leaks between the arms, set for the page of an experiment. */
import type { Leak } from "../../simulations/experiments/index.ts";
import { countOf, formatCount, formatDate, formatShare, formatSignificant } from "../formats/index.ts";
import type { ExperimentTable } from "./experiment-context.ts";
import { signed } from "./experiment-words.ts";

const plain = (value: number): string => formatSignificant(value, 3);

/** Bias by displacement, and what other designs would give. */
export function leakTables({ window, measure, groupBy, assumptions, exposure, biases, designs, avoid }: Leak): readonly ExperimentTable[] {
  const span = `${formatDate(window.from)} to ${formatDate(window.to)}`;
  const within = groupBy.length === 0 ? "the whole market" : groupBy.join(" and ");
  const exposed = exposure.flatMap(({ arm, mean, units, alone }) =>
    mean === undefined
      ? []
      : [`${arm}: on average ${formatShare(mean, 0)} of the rest of a unit's market is treated (${countOf(units - alone, "unit")})`],
  );
  return [
    {
      title: "What leaks between the arms",
      columns: ["Displaced sales", "All against none", "This design gives on average", "Bias", "Of the effect"],
      rows: biases.map(({ scenario, displacement, truth, expected, bias, relative }) => [
        `${scenario}, ${formatShare(displacement, 0)}`,
        signed(truth, ""),
        signed(expected, ""),
        signed(bias, ""),
        relative === undefined ? "" : signed(100 * relative, "\u00a0%"),
      ]),
      note: `${measure} of a unit, ${span}, as if the experiment had been then: what one unit loses others with the same ${within} sell instead, in proportion to their sales. Displacement and elasticity are those of ${assumptions}.${exposed.map((words) => ` ${words}.`).join("")} What is measured contains this bias.`,
    },
    {
      title: "Designs on this market, whose truth is known",
      columns: ["Dealt", "How many", "Bias", "Over the seeds", "Standard error", "Holds if"],
      rows: designs.map(({ dealt, parts, bias, simulatedBias, monteCarloError, standardError, holdsIf }) => [
        dealt,
        formatCount(parts),
        signed(bias, ""),
        `${signed(simulatedBias, "")} (±\u00a0${plain(monteCarloError)})`,
        plain(standardError),
        holdsIf,
      ]),
      note:
        avoid === undefined
          ? "No design that is possible here is without bias and has ten parts or more."
          : `Without bias and most precise: ${avoid.dealt}. At central displacement; standard errors are those of the randomisation.`,
    },
  ];
}
