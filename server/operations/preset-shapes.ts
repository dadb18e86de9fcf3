/** What presets share: their names, their form over the doors, and finding one. */
import { z } from "zod";
import { diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import type { PresetRecord, Store } from "../../data/store/index.ts";

/** A name for people, on one line. */
export const presetNameShape = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}\u2028\u2029]*$/u, "a name is one line of text")
  .describe("Name of the preset")
  .meta({ examples: ["weekly look"] });

export const presetShape = z.object({
  name: z.string(),
  createdAt: z.string(),
  input: z.record(z.string(), z.unknown()).describe("What `POST /api/comparisons` takes as it is"),
});

/** A preset as the doors give it. */
export function presetJson({ name, createdAt, input }: PresetRecord): z.output<typeof presetShape> {
  return { name, createdAt, input: { ...input } };
}

/** The preset of that name. @throws InputRefused `unknown-preset`. */
export function resolvePreset(store: Store, name: string): PresetRecord {
  return store.presets.find(name) ?? refuse(store, name);
}

/** @throws InputRefused `unknown-preset`, with the name that was meant. */
export function refuse(store: Store, name: string): never {
  const known = store.presets.list().map((preset) => preset.name);
  throw new InputRefused([
    diagnose("unknown-preset", { message: `nothing is kept under the name '${name}'`, found: name, near: nearestName(name, known) }),
  ]);
}
