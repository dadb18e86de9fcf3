/** `preset save`: keeps what a comparison is asked under a name. */
import { z } from "zod";
import { compare, comparisonFields, comparisonFlags } from "./compare.ts";
import { readGiven } from "./given-text.ts";
import { readKnownVersion } from "./known-policies.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { presetJson, presetNameShape, presetShape, resolvePreset } from "./preset-shapes.ts";
import type { PolicySource } from "./resolve.ts";

export const presetSave = defineOperation({
  name: "preset save",
  summary: "Keeps what a comparison is asked under a name, in place of what is kept under it already. Files are kept with their text.",
  input: z.strictObject({ name: presetNameShape, ...comparisonFields }),
  output: z.object({ preset: presetShape, isReplaced: z.boolean() }),
  isHeavy: true,
  command: { arguments: ["name"], flags: comparisonFlags },
  route: { method: "post", path: "/api/presets/{name}" },
  perform: ({ name, ...asked }, context) => {
    // What could not be compared is not kept.
    compare.admit(asked, context);
    const input = {
      ...asked,
      baseline: withText(asked.baseline, context),
      candidates: asked.candidates.map((candidate) => withText(candidate, context)),
      ...(asked.assumptions === undefined ? {} : { assumptions: readGiven(asked.assumptions, context) }),
      ...(typeof asked.criteria === "string" ? { criteria: readGiven(asked.criteria, context) } : {}),
    };
    const isReplaced = context.store.presets.keep(name, input);
    return { preset: presetJson(resolvePreset(context.store, name)), isReplaced };
  },
  print: ({ preset, isReplaced }) => `${isReplaced ? "Replaced" : "Kept"} ${preset.name}`,
});

/** A version stays a name; a file is its text, for it may be gone or another one when it is asked again. */
function withText(source: PolicySource, context: OperationContext): PolicySource {
  if (typeof source !== "string" || readKnownVersion(context.store.home, source) !== undefined) return source;
  return readGiven(source, context);
}
