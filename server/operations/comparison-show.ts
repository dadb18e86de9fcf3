/** A stored comparison by its run. */
import { z } from "zod";
import { comparisonDocument } from "./comparison-document.ts";
import { comparisonShape } from "./comparison-shape.ts";
import { defineOperation } from "./operation.ts";
import { resolveComparison } from "./resolve.ts";
import { runNameShape } from "./shapes.ts";

export const comparisonShow = defineOperation({
  name: "comparison show",
  summary: "Gives a stored comparison.",
  input: z.strictObject({ run: runNameShape }),
  output: comparisonShape,
  route: { method: "get", path: "/api/comparisons/{run}" },
  perform: ({ run: name }, { store }) => {
    return comparisonDocument(store, resolveComparison(store, name));
  },
  print: (comparison) => JSON.stringify(comparison),
});
