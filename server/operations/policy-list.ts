/** `policy list`: the versions that ship, and those that were saved in the home. */
import { z } from "zod";
import { invariant } from "../../data/foundation/index.ts";
import { policyLibrary } from "../../policies/language/index.ts";
import { type KnownVersion, type ReadVersion, readShippedPolicy, soundSavedVersions } from "./known-policies.ts";
import { defineOperation } from "./operation.ts";
import { textTable } from "./text-table.ts";

export const policyList = defineOperation({
  name: "policy list",
  summary: "Lists the policy versions of the library, and those that were saved in this home.",
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
        isShipped: z.boolean().describe("It came with the program; else it was saved in this home"),
      }),
    ),
  }),
  isHeavy: true,
  command: { arguments: [] },
  route: { method: "get", path: "/api/policies" },
  perform: (_, { store }) => {
    const shipped = policyLibrary().map((entry) => {
      const reference = `${entry.programme}@${entry.version}`;
      return entryOf({ ...entry, reference, isShipped: true, ...readShippedPolicy(reference) });
    });
    return { policies: [...shipped, ...soundSavedVersions(store.home).map(entryOf)] };
  },
  print: ({ policies }) =>
    textTable(
      ["policy", "entity", "title"],
      policies.map((policy) => [policy.reference, policy.entity, policy.title]),
    ),
});

function entryOf({ programme, version, reference, isShipped, policy }: KnownVersion & ReadVersion) {
  invariant(policy !== undefined, `${reference} does not read`);
  return { programme, version, reference, title: policy.title, entity: policy.entity, digest: policy.digest, isShipped };
}
