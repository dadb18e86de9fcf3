/** `policy explain`: a policy in plain words, with every default. */
import { z } from "zod";
import { describePolicy } from "../../policies/language/index.ts";
import { defineOperation } from "./operation.ts";
import { resolvePolicy } from "./resolve.ts";
import { policyShape } from "./shapes.ts";

export const policyExplain = defineOperation({
  name: "policy explain",
  summary: "Says in plain words what every line of a policy means, and every default.",
  input: z.strictObject({ file: policyShape.describe("The policy file, or a version of the library") }),
  output: z.object({ programme: z.string(), version: z.string(), digest: z.string(), text: z.string() }),
  command: { arguments: ["file"] },
  route: { method: "post", path: "/api/policies/explain" },
  perform: ({ file }, context) => {
    const { policy } = resolvePolicy(file, context);
    return { programme: policy.programme, version: policy.version, digest: policy.digest, text: describePolicy(policy) };
  },
  print: ({ text }) => text.trimEnd(),
});
