/** A stored comparison by its run. */
import { z } from "zod";
import { comparisonShape } from "./comparison-shape.ts";
import { defineOperation } from "./operation.ts";
import { resolveComparison } from "./resolve.ts";
import { runNameShape } from "./shapes.ts";
import { comparisonJson, storedComparison } from "./stored-comparison.ts";

export const comparisonShow = defineOperation({
  name: "comparison show",
  summary: "Gives a stored comparison.",
  input: z.strictObject({ run: runNameShape }),
  output: comparisonShape,
  route: { method: "get", path: "/api/comparisons/{run}" },
  perform: ({ run: name }, { store }) => {
    const run = resolveComparison(store, name);
    return comparisonJson(run, storedComparison(store, run));
  },
  print: (comparison) => JSON.stringify(comparison),
});
