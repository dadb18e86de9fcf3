/** `preset list`: comparisons that are kept under a name. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { presetJson, presetShape } from "./preset-shapes.ts";
import { textTable } from "./text-table.ts";

export const presetList = defineOperation({
  name: "preset list",
  summary: "Lists the comparisons that are kept under a name.",
  input: z.strictObject({}),
  output: z.object({ presets: z.array(presetShape) }),
  command: { arguments: [] },
  route: { method: "get", path: "/api/presets" },
  perform: (_, { store }) => ({ presets: store.presets.list().map(presetJson) }),
  print: ({ presets }) =>
    textTable(
      ["preset", "dataset", "kept"],
      presets.map(({ name, input, createdAt }) => [name, String(input["dataset"]), createdAt]),
    ),
});
