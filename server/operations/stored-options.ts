/** What a stored comparison was computed from, to look at its history once more. */
import { present } from "../../data/foundation/index.ts";
import { openPanel, type PanelSchema, type PeriodRange } from "../../data/panel/index.ts";
import type { DatasetRecord, RunRecord } from "../../data/store/index.ts";
import type { ComparisonOptions } from "../../simulations/comparison/index.ts";
import { resolveRange } from "./resolve.ts";
import { provenanceOf } from "./stored-comparison.ts";

/** As it was asked for. `seed`: another than its own; `to`: an earlier end of the range. Errors: `period-outside`. */
export function storedOptions(
  run: RunRecord,
  dataset: DatasetRecord,
  other: { readonly seed?: number; readonly to?: string | undefined } = {},
): ComparisonOptions {
  const { policies } = provenanceOf(run);
  const baseline = present(
    policies.find(({ role }) => role === "baseline"),
    "a baseline",
  ).policy;
  const { from, to, level, seed, replicates, segments } = run.inputs as unknown as StoredInputs;
  return {
    baseline,
    candidates: policies.filter(({ role }) => role === "candidate").map(({ policy }) => policy),
    panel: openPanel(dataset.folder, { recycle: true }),
    ...resolveRange(dataset.manifest.schema, { from, to: other.to ?? to }),
    seed: other.seed ?? seed,
    ...(replicates === undefined ? {} : { replicates }),
    ...(level === undefined ? {} : { level }),
    ...(segments === undefined ? {} : { segments }),
  };
}

/** The periods of a comparison. Errors: `period-outside`. */
export function rangeOfRun({ inputs }: RunRecord, schema: PanelSchema): PeriodRange {
  const { from, to } = inputs as unknown as StoredInputs;
  return resolveRange(schema, { from, to });
}

interface StoredInputs {
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly replicates?: number;
  readonly level?: number;
  readonly segments?: readonly string[];
}
