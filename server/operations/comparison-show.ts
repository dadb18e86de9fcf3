/** A stored comparison by its run. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { comparisonDocument } from "./comparison-document.ts";
import { comparisonShape } from "./comparison-shape.ts";
import { defineOperation } from "./operation.ts";
import { resolveRun } from "./resolve.ts";
import { runNameShape } from "./shapes.ts";

export const comparisonShow = defineOperation({
  name: "comparison show",
  summary: "Gives a stored comparison.",
  input: z.strictObject({ run: runNameShape }),
  output: comparisonShape,
  route: { method: "get", path: "/api/comparisons/{run}" },
  perform: ({ run: name }, { store }) => {
    const run = resolveRun(store, name);
    if (run.kind !== "comparison")
      throw new InputRefused([diagnose("unknown-run", { message: `run ${run.id} is a ${run.kind}`, found: run.kind })]);
    return comparisonDocument(store, run);
  },
  print: (comparison) => JSON.stringify(comparison),
});
