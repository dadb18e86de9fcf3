/** Units of the past as they would be dealt: one by one, or as clusters with the sums of their units. */
import { diagnose, InputRefused, nearestName } from "../../../data/foundation/index.ts";
import { clusterColumn, type ExperimentDesign } from "../design/experiment-design.ts";
import type { PastUnits } from "./past-units.ts";

/**
 * By metric the columns of what is dealt, as `analysedDesign` reads them: of clusters the sums over their units, of means and shares with the number of
 * units beside each. @throws InputRefused `bad-request` where the panel has no attribute of the cluster's name.
 */
export function dealtColumns(
  design: ExperimentDesign,
  { units, groups }: PastUnits,
  columns: PastUnits["columns"],
): Pick<PastUnits, "units" | "columns"> {
  const name = clusterColumn(design);
  if (name === undefined) return { units, columns };
  const group = groups.find(({ column }) => column === name);
  if (group === undefined) {
    const known = groups.map(({ column }) => column);
    throw new InputRefused([
      diagnose("bad-request", {
        message: `the dataset says nothing of '${name}', whose values are dealt`,
        found: name,
        expected: known.join(", "),
        near: nearestName(name, known),
      }),
    ]);
  }
  const codes = [...new Set(group.codes.subarray(0, units))].sort((a, b) => a - b);
  const place = new Map(codes.map((code, index) => [code, index]));
  const sums = columns.map((own, index) => {
    const isRatio = design.metrics[index]?.form.kind === "ratio";
    const found = (isRatio ? own : own.flatMap((column) => [column, undefined])).map(() => new Float64Array(codes.length));
    for (let unit = 0; unit < units; unit++) {
      if (own.some((column) => Number.isNaN(column[unit]))) continue;
      const at = place.get(group.codes[unit] as number) as number;
      for (const [position, sum] of found.entries()) {
        const value = isRatio ? own[position]?.[unit] : position % 2 === 0 ? own[position / 2]?.[unit] : 1;
        sum[at] = (sum[at] as number) + (value as number);
      }
    }
    return found;
  });
  return { units: codes.length, columns: sums };
}
