/** All candidates in one small table, when there is more than one. */
import type { Comparison, Errors } from "../../simulations/comparison/index.ts";
import { formatPoints, formatRange } from "../formats/index.ts";
import { leadChange, primaryErrors } from "./errors-of.ts";
import { notDetermined, numberOf } from "./estimate-words.ts";
import type { ReportTable } from "./report.ts";

/** A row a candidate; undefined for a single one. */
export function sideBySideOf(comparison: Comparison, many: string): ReportTable | undefined {
  if (comparison.candidates.length < 2) return undefined;
  const hasGmv = comparison.candidates.some((candidate) => candidate.gmv !== undefined);
  const hasErrors = comparison.candidates.some((candidate) => candidate.errors.length > 0);
  return {
    columns: [
      { title: "candidate", format: "text" },
      { title: `${many} who change tier`, format: "share" },
      { title: "up", format: "count" },
      { title: "down", format: "count" },
      { title: "newly adverse", format: "count" },
      { title: "released", format: "count" },
      ...(hasGmv ? [{ title: "sales at stake, 28 days", format: "money" as const }] : []),
      ...(hasErrors ? [{ title: "false-positive rate, change", format: "points" as const }] : []),
    ],
    rows: comparison.candidates.map((candidate) => {
      const { movement } = candidate;
      const inFrame = movement.inFrame ?? movement.matrix.flat().reduce((sum, count) => sum + count, 0);
      const errors = primaryErrors(candidate);
      return [
        candidate.version,
        inFrame === 0 ? 0 : movement.movers / inFrame,
        movement.up,
        movement.down,
        candidate.newlyAdverse,
        candidate.released,
        ...(hasGmv ? [(candidate.gmv && numberOf(candidate.gmv.atStake)) ?? notDetermined] : []),
        ...(hasErrors ? [errors === undefined ? notDetermined : changeCell(errors)] : []),
      ];
    }),
    currency: comparison.panel.currency ?? "",
  };
}

/** The change; where there is no single figure, what no label can change. */
function changeCell(errors: Errors): number | string {
  const change = numberOf(leadChange(errors).estimate);
  const { lower, upper } = errors.falsePositiveChangeBounds;
  const [least, most] = [numberOf(lower), numberOf(upper)];
  if (change !== undefined || least === undefined || most === undefined) return change ?? notDetermined;
  return `limits ${formatRange(formatPoints(least), formatPoints(most))}`;
}
