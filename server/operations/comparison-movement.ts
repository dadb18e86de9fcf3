/** The movement matrix of a stored comparison at any date of its range. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { movementFields } from "./comparison-shape.ts";
import { defineOperation } from "./operation.ts";
import { resolveRun } from "./resolve.ts";
import { dayShape, estimatedShape, runNameShape, runShape } from "./shapes.ts";
import { storedComparison } from "./stored-comparison.ts";
import { textTable } from "./text-table.ts";

export const comparisonMovement = defineOperation({
  name: "comparison movement",
  summary: "Gives who moves from which tier to which at any date of a stored comparison.",
  input: z.strictObject({
    run: runNameShape,
    at: dayShape.optional().describe("A day of the period; the last period of the range by default"),
  }),
  output: z.object({
    baseline: z.string(),
    candidates: z.array(
      z.looseObject({
        version: z.string(),
        ...movementFields,
        inFrame: z.number().int(),
        newlyAdverse: z.number().int(),
        released: z.number().int(),
        moversShare: estimatedShape,
      }),
    ),
    run: runShape,
  }),
  command: { arguments: ["run"] },
  route: { method: "get", path: "/api/comparisons/{run}/movement" },
  perform: async ({ run: name, at }, { store }) => {
    const run = resolveRun(store, name);
    if (run.kind !== "comparison")
      throw new InputRefused([diagnose("unknown-run", { message: `run ${run.id} is a ${run.kind}`, found: run.kind })]);
    const { movementAt, movementDates } = await import("../../simulations/comparison/index.ts");
    const comparison = storedComparison(store, run);
    const day = at ?? comparison.panel.to;
    const candidates = comparison.candidates.map((candidate) => {
      const movement = movementAt(comparison, candidate, day);
      if (movement !== undefined) return { version: candidate.version, ...movement, inFrame: movement.inFrame ?? 0 };
      const kept = movementDates(candidate);
      const known =
        kept === undefined
          ? "was kept without the matrices of other dates; run it again"
          : `keeps the matrices of ${kept.count} periods from ${kept.first} to ${kept.last}`;
      throw new InputRefused([diagnose("period-outside", { message: `run ${run.id} ${known}; 'at' is ${day}`, found: day })]);
    });
    return { baseline: comparison.baseline.version, candidates, run: { id: run.id, digest: run.digest } };
  },
  print: ({ baseline, candidates }) =>
    candidates
      .flatMap(({ version, ...movement }) => [
        `${version} against ${baseline}, at ${movement.at}: ${movement.movers} of ${movement.inFrame} move (${movement.up} up, ${movement.down} down, ${movement.intoUnrated} into unrated, ${movement.outOfUnrated} out of it); newly adverse ${movement.newlyAdverse}, released ${movement.released}`,
        textTable(
          [`${baseline} \\ ${version}`, ...movement.columns],
          movement.rows.map((row, index) => [row, ...(movement.matrix[index] ?? []).map(String)]),
        ),
      ])
      .join("\n"),
});
