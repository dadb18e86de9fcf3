/** `experiment assign`: which entity of a dataset is in which arm of a randomised test. */
import { z } from "zod";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import { openPanel, type PanelChunk } from "../../data/panel/index.ts";
import { type AssignmentRule, armOf, assignmentDigest, bucketOf } from "../../simulations/experiments/index.ts";
import type { FrameFile } from "./frame-file.ts";
import { framePath } from "./frame-path.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { datasetNameShape } from "./shapes.ts";

export const experimentAssign = defineOperation({
  name: "experiment assign",
  summary: "Deals the entities of a dataset to the arms of a randomised test: the same salt and entity give the same arm everywhere.",
  input: z.strictObject({
    dataset: datasetNameShape,
    salt: z.string().min(1).max(200).describe("The experiment's own text; another salt deals anew"),
    arms: z
      .array(z.string().max(200))
      .min(2)
      .max(20)
      .default(["baseline=1", "candidate=1"])
      .describe("`name=weight` of each arm, in order; weights are relative"),
    out: z.string().min(1).optional().describe("File for entity, bucket and arm: .csv, .parquet or .arrow"),
  }),
  output: z.object({
    experiment: z.object({ salt: z.string(), algorithm: z.string(), digest: z.string().describe("Identity of the rule") }),
    dataset: z.object({ id: z.string(), digest: z.string() }),
    arms: z.array(z.object({ name: z.string(), weight: z.number(), entities: z.number().int() })),
  }),
  isHeavy: true,
  command: { arguments: [], only: ["out"], flags: { arms: "--arm" } },
  route: { method: "post", path: "/api/experiments/assignments" },
  admit: ({ out }) => {
    if (out !== undefined) framePath(out);
  },
  perform: async ({ dataset: name, salt, arms, out }, { store }) => {
    const rule: AssignmentRule = { algorithm: "sha256-1", salt, arms: arms.map(readArm) };
    if (new Set(rule.arms.map((arm) => arm.name)).size < rule.arms.length || rule.arms.every(({ weight }) => weight === 0)) {
      throw badArms(arms.join(", "));
    }
    const dataset = resolveDataset(store, name);
    const entities = await onSoundDataset(dataset, () => deal(openPanel(dataset.folder), rule, out));
    return {
      experiment: { salt, algorithm: rule.algorithm, digest: assignmentDigest(rule) },
      dataset: { id: dataset.id, digest: dataset.digest },
      arms: rule.arms.map((arm, index) => ({ ...arm, entities: entities[index] ?? 0 })),
    };
  },
  print: ({ experiment, arms }) =>
    [`Experiment ${experiment.salt}, rule ${experiment.digest.slice(0, 12)}`, ...arms.map((arm) => `${arm.name}: ${arm.entities}`)].join(
      "\n",
    ),
});

/** Entities by arm; the list goes to the file when one is asked for. */
async function deal(panel: ReturnType<typeof openPanel>, rule: AssignmentRule, out: string | undefined): Promise<readonly number[]> {
  const counts = rule.arms.map(() => 0);
  // Loaded when it is needed: it brings DuckDB with it.
  const file = out === undefined ? undefined : (await import("./frame-file.ts")).beginFrameFile(out);
  try {
    for (let index = 0; index < panel.chunkCount; index++) {
      const chunk = panel.readChunk(index);
      const codes = Int32Array.from(chunk.entities, (entity) => armOf(rule, entity));
      for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
      file?.write(assignmentTable(chunk, codes, rule));
    }
    await file?.finish();
  } catch (error) {
    file?.abandon();
    throw error;
  }
  return counts;
}

function assignmentTable({ entities }: PanelChunk, codes: Int32Array, rule: AssignmentRule): Parameters<FrameFile["write"]>[0] {
  return {
    rowCount: entities.length,
    columns: [
      { name: "entity", kind: "text", codes: Int32Array.from(entities, (_, position) => position), values: entities },
      { name: "bucket", kind: "integer", integers: Int32Array.from(entities, (entity) => bucketOf(rule.salt, entity)) },
      { name: "arm", kind: "text", codes, values: rule.arms.map(({ name }) => name) },
    ],
  };
}

function readArm(text: string): { readonly name: string; readonly weight: number } {
  const match = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) throw badArms(text);
  return { name: match[1] ?? "", weight: Number(match[2]) };
}

function badArms(found: string): InputRefused {
  const message = "arms are given as name=weight, each name once, and one weight above 0";
  return new InputRefused([diagnose("bad-request", { message, found, cure: "For example --arm baseline=50 --arm candidate=50." })]);
}
