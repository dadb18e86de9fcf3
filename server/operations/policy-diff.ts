/** `policy diff`: what changed between two versions, by meaning, and who changed what when they come from a third. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { differenceOf } from "./policy-difference.ts";
import { resolvePolicy } from "./resolve.ts";
import { policyShape } from "./shapes.ts";

/** One line of a policy that differs. */
export const changeShape = z.object({
  path: z.string(),
  kind: z.enum(["changed", "added", "removed"]),
  from: z.string().optional(),
  to: z.string().optional(),
  words: z.string(),
  direction: z.enum(["stricter", "gentler", "neutral"]).optional(),
});
const textShape = z.string().optional();

export const policyDiff = defineOperation({
  name: "policy diff",
  summary: "Says what changed between two policies, by meaning, not by line.",
  input: z.strictObject({
    a: policyShape.describe("The earlier policy").meta({ examples: ["seller-performance@1.0.0"] }),
    b: policyShape.describe("The later policy").meta({ examples: ["seller-performance@2.0.0"] }),
  }),
  output: z.object({
    summary: z.string(),
    changes: z.array(changeShape),
    ancestor: z.string().optional().describe("The version that both extend, or that one of them does, other than the other one"),
    threeWay: z
      .array(
        z.object({
          path: z.string(),
          ancestor: textShape,
          a: textShape,
          b: textShape,
          changedBy: z.enum(["a", "b", "both alike", "both differently"]),
        }),
      )
      .optional()
      .describe("Every line that is not the same in the ancestor and both policies"),
  }),
  isHeavy: true,
  command: { arguments: ["a", "b"] },
  route: { method: "post", path: "/api/policies/diff" },
  perform: ({ a, b }, context) => {
    const { summary, changes, ancestor, threeWay } = differenceOf(resolvePolicy(a, context), resolvePolicy(b, context));
    return {
      summary,
      changes: changes.map((change) => ({ ...change })),
      ...(ancestor === undefined || threeWay === undefined ? {} : { ancestor, threeWay: threeWay.map((row) => ({ ...row })) }),
    };
  },
  print: ({ summary, changes, ancestor, threeWay }) =>
    [
      summary,
      ...changes.map((change) => `  ${change.words}${directionText(change)}`),
      ...(threeWay === undefined || threeWay.length === 0 ? [] : [`Beside ${ancestor}:`, ...threeWay.map((row) => `  ${rowText(row)}`)]),
    ].join("\n"),
});

function directionText({ direction }: { readonly direction?: "stricter" | "gentler" | "neutral" | undefined }): string {
  return direction === undefined || direction === "neutral" ? "" : ` (${direction})`;
}

interface RowText {
  readonly path: string;
  readonly ancestor?: string | undefined;
  readonly a?: string | undefined;
  readonly b?: string | undefined;
  readonly changedBy: "a" | "b" | "both alike" | "both differently";
}

function rowText({ path, ancestor, a, b, changedBy }: RowText): string {
  const [was, first, second] = [ancestor, a, b].map((text) => (text === undefined ? "nothing" : brief(text)));
  const who = { a: "only the first", b: "only the second", "both alike": "both alike", "both differently": "each differently" }[changedBy];
  const now = changedBy === "b" ? second : changedBy === "both differently" ? `${first} and ${second}` : first;
  return `${path}: ${was} -> ${now} (${who})`;
}

function brief(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
