/** `experiment lock`: fixes the design before the first unit. */
import { z } from "zod";
import { refuseOtherHoldout, refuseTakenLayer } from "./assignment-rules.ts";
import { experimentNameShape, openExperiment } from "./experiment-files.ts";
import { experimentJson, experimentShape } from "./experiment-shapes.ts";
import { defineOperation } from "./operation.ts";
import { requirePoliciesStill } from "./require-policies.ts";

export const experimentLock = defineOperation({
  name: "experiment lock",
  summary: "Locks the design by its digest, before the first unit: from here on every change is an amendment with a reason.",
  input: z.strictObject({ name: experimentNameShape }),
  output: z.object({ experiment: experimentShape }),
  command: { arguments: ["name"] },
  route: { method: "post", path: "/api/experiments/{name}/lock" },
  perform: ({ name }, { store }) => {
    const { current, design } = openExperiment(store, name);
    requirePoliciesStill(store.home, design, { text: current.source, file: `${name}.yaml` });
    refuseTakenLayer(store, design);
    refuseOtherHoldout(store, design);
    store.experiments.lock(name, current.digest);
    return { experiment: experimentJson(openExperiment(store, name)) };
  },
  link: ({ experiment }) => `/experiments/${experiment.name}`,
  print: ({ experiment }) =>
    `${experiment.name} is locked as ${experiment.lockedDigest?.slice(0, 12) ?? ""} since ${experiment.lockedAt ?? ""}`,
});
