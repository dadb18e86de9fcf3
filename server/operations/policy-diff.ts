/** `policy diff`: what changed between two versions, by meaning. */
import { z } from "zod";
import { diffPolicies } from "../../policies/language/index.ts";
import { defineOperation } from "./operation.ts";
import { resolvePolicy } from "./resolve.ts";
import { policyShape } from "./shapes.ts";

export const policyDiff = defineOperation({
  name: "policy diff",
  summary: "Says what changed between two policies, by meaning, not by line.",
  input: z.strictObject({ a: policyShape.describe("The earlier policy"), b: policyShape.describe("The later policy") }),
  output: z.object({
    summary: z.string(),
    changes: z.array(
      z.object({
        path: z.string(),
        kind: z.enum(["changed", "added", "removed"]),
        from: z.string().optional(),
        to: z.string().optional(),
        words: z.string(),
        direction: z.enum(["stricter", "gentler", "neutral"]).optional(),
      }),
    ),
  }),
  command: { arguments: ["a", "b"] },
  route: { method: "post", path: "/api/policies/diff" },
  perform: ({ a, b }, context) => {
    const { summary, changes } = diffPolicies(resolvePolicy(a, context).policy, resolvePolicy(b, context).policy);
    return { summary, changes: changes.map((change) => ({ ...change })) };
  },
  print: ({ summary, changes }) => [summary, ...changes.map((change) => `  ${change.words}`)].join("\n"),
});
