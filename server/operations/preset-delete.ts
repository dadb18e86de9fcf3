/** `preset delete`: forgets a comparison that is kept under a name. What was compared stays. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { presetNameShape, refuse } from "./preset-shapes.ts";

export const presetDelete = defineOperation({
  name: "preset delete",
  summary: "Forgets a comparison that is kept under a name. Runs that it asked for stay.",
  input: z.strictObject({ name: presetNameShape }),
  output: z.object({ deleted: z.string() }),
  command: { arguments: ["name"] },
  route: { method: "post", path: "/api/presets/{name}/delete" },
  perform: ({ name }, { store }) => {
    if (!store.presets.remove(name)) refuse(store, name);
    return { deleted: name };
  },
  print: ({ deleted }) => `Deleted ${deleted}`,
});
