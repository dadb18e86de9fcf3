/** `policy explain`: a policy in plain words, with every default, and what it changes of the version that it extends. */
import { z } from "zod";
import { describePolicy } from "../../policies/language/index.ts";
import { defineOperation } from "./operation.ts";
import { ownChangesOf } from "./policy-difference.ts";
import { resolvePolicy } from "./resolve.ts";
import { policyShape } from "./shapes.ts";

export const policyExplain = defineOperation({
  name: "policy explain",
  summary: "Says in plain words what every line of a policy means, and every default.",
  input: z.strictObject({
    file: policyShape.describe("The policy file, or a version of the library").meta({ examples: ["seller-performance@1.0.0"] }),
  }),
  output: z.object({
    programme: z.string(),
    version: z.string(),
    digest: z.string(),
    text: z.string(),
    extended: z.array(z.string()).describe("The versions that it extends, nearest first"),
    own: z
      .object({
        against: z.string().describe("The version that it extends"),
        changes: z.array(z.object({ path: z.string(), parent: z.string().optional(), own: z.string().optional(), words: z.string() })),
      })
      .optional()
      .describe("What it changes of the version that it extends; absent when it extends none"),
  }),
  isHeavy: true,
  command: { arguments: ["file"] },
  route: { method: "post", path: "/api/policies/explain" },
  perform: ({ file }, context) => {
    const resolved = resolvePolicy(file, context);
    const { policy, extended } = resolved;
    const own = ownChangesOf(resolved);
    return {
      programme: policy.programme,
      version: policy.version,
      digest: policy.digest,
      text: describePolicy(policy),
      extended: [...extended],
      ...(own === undefined
        ? {}
        : {
            own: {
              against: own.against,
              changes: own.changes.map(({ path, from, to, words }) => ({
                path,
                ...(from === undefined ? {} : { parent: from }),
                ...(to === undefined ? {} : { own: to }),
                words,
              })),
            },
          }),
    };
  },
  print: ({ text, own }) =>
    own === undefined
      ? text.trimEnd()
      : `${text}\nIts own changes of ${own.against}\n${own.changes.map(({ words }) => `  ${words}`).join("\n")}`,
});
