/** `preset show`: one comparison that is kept under a name, as it is asked. */
import { z } from "zod";
import { defineOperation } from "./operation.ts";
import { presetJson, presetNameShape, presetShape, resolvePreset } from "./preset-shapes.ts";
import { shellWord } from "./shell-word.ts";

export const presetShow = defineOperation({
  name: "preset show",
  summary: "Shows a comparison that is kept under a name, with the command that asks it.",
  input: z.strictObject({ name: presetNameShape }),
  output: z.object({ preset: presetShape }),
  command: { arguments: ["name"] },
  route: { method: "get", path: "/api/presets/{name}" },
  perform: ({ name }, { store }) => ({ preset: presetJson(resolvePreset(store, name)) }),
  print: ({ preset: { input } }) =>
    [
      "npx counterweight compare",
      ...Object.entries(input).flatMap(([field, value]) =>
        (field === "candidates" ? (value as readonly unknown[]) : [value]).map(
          (one) => `--${field === "candidates" ? "candidate" : field} ${shellWord(wordOf(one))}`,
        ),
      ),
    ].join(" \\\n  "),
});

/** Texts go by the name of their file; lines of criteria by the file that they would be written to. */
function wordOf(value: unknown): string {
  if (Array.isArray(value)) return "criteria.yaml";
  return typeof value === "object" && value !== null && "file" in value ? String(value.file) : String(value);
}
