/** `policy list`: the versions that ship. */
import { z } from "zod";
import { invariant } from "../../data/foundation/index.ts";
import { policyLibrary, readLibraryPolicy } from "../../policies/language/index.ts";
import { defineOperation } from "./operation.ts";
import { textTable } from "./text-table.ts";

export const policyList = defineOperation({
  name: "policy list",
  summary: "Lists the policy versions of the library.",
  input: z.strictObject({}),
  output: z.object({
    policies: z.array(
      z.object({
        programme: z.string(),
        version: z.string(),
        reference: z.string(),
        title: z.string(),
        entity: z.string(),
        digest: z.string(),
      }),
    ),
  }),
  isHeavy: true,
  command: { arguments: [] },
  route: { method: "get", path: "/api/policies" },
  perform: () => ({
    policies: policyLibrary().map(({ programme, version }) => {
      const reference = `${programme}@${version}`;
      const { policy } = readLibraryPolicy(reference);
      invariant(policy !== undefined, `${reference} of the library does not read`);
      return { programme, version, reference, title: policy.title, entity: policy.entity, digest: policy.digest };
    }),
  }),
  print: ({ policies }) =>
    textTable(
      ["policy", "entity", "title"],
      policies.map((policy) => [policy.reference, policy.entity, policy.title]),
    ),
});
