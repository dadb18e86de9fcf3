/** `experiment list`: what there is. */
import { z } from "zod";
import { openExperiment } from "./experiment-files.ts";
import { experimentJson, experimentShape } from "./experiment-shapes.ts";
import { defineOperation } from "./operation.ts";
import { textTable } from "./text-table.ts";

export const experimentList = defineOperation({
  name: "experiment list",
  summary: "Lists the experiments of this home.",
  input: z.strictObject({}),
  output: z.object({ experiments: z.array(experimentShape) }),
  command: { arguments: [] },
  route: { method: "get", path: "/api/experiments" },
  perform: (_, { store }) => ({ experiments: store.experiments.list().map(({ name }) => experimentJson(openExperiment(store, name))) }),
  print: ({ experiments }) =>
    experiments.length === 0
      ? "There is no experiment yet. Write one down with: counterweight experiment design <file>"
      : textTable(
          ["name", "title", "arms", "locked", "amendments"],
          experiments.map(({ name, title, arms, lockedAt, amendments }) => [
            name,
            title,
            String(arms.length),
            lockedAt ?? "no",
            String(amendments),
          ]),
        ),
});
