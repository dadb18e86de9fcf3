/** Whether labels reach enough of every side of a figure for a single number for everyone. */
import { countText } from "../../../data/foundation/index.ts";
import { type Undetermined, undetermined } from "../../statistics/index.ts";
import { countOver, type ErrorTally, type GroupName, groupsOf } from "./error-tally.ts";
import { labelledShareMin } from "./estimator-table.ts";

/** The sides of a figure whose labels count, each as groups. */
export type FigureSides = readonly (readonly GroupName[])[];

/** Those held adverse by a policy and the others; of the false share the adverse alone. */
export function sidesOfRate(name: "false-positive-rate" | "false-share" | "miss-rate", side: "baseline" | "candidate"): FigureSides {
  const adverse = groupsOf(side, true);
  return name === "false-share" ? [adverse] : [adverse, groupsOf(side, false)];
}

/** Of a change: the newly adverse and the released, who pull it opposite ways, and those held alike. */
export const sidesOfChange: FigureSides = [["newly"], ["released"], ["both", "neither"]];

/** Why labels are too few for a single figure that takes them to be missing at random; undefined where they are enough. */
export function thinLabels(tally: Pick<ErrorTally, "groups">, sides: FigureSides): Undetermined | undefined {
  const thin = sides.map((names) => ({ names, ...coverageOf(tally, names) })).find(({ share }) => share < labelledShareMin);
  if (thin === undefined) return undefined;
  return undetermined(
    `labels reach ${countText(thin.labelled)} of the ${countText(thin.entities)} ${sideWords(thin.names)}, less than ${labelledShareMin * 100} %: too few for a single figure`,
    "random audits",
  );
}

function coverageOf(tally: Pick<ErrorTally, "groups">, names: readonly GroupName[]) {
  const labelled = countOver(tally, names, "fine") + countOver(tally, names, "harmful");
  const entities = labelled + countOver(tally, names, "unlabelled");
  return { labelled, entities, share: entities === 0 ? 1 : labelled / entities };
}

function sideWords(names: readonly GroupName[]): string {
  if (names.length === 1)
    return { both: "adverse under both", newly: "newly adverse", released: "released", neither: "adverse under neither" }[
      names[0] ?? "both"
    ];
  if (names.includes("both") && names.includes("neither")) return "held alike under both";
  return names.includes("both") ? "held adverse" : "not held adverse";
}
