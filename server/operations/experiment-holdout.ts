/** What was shipped to everybody but the units that an experiment holds back: which experiments, and what they found one by one beside the total. */
import { z } from "zod";
import { InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import {
  type Analysis,
  dealtThing,
  type ExperimentDesign,
  partCaveats,
  type ShippedExperiment,
  type TotalEffect,
  totalEffects,
} from "../../simulations/experiments/index.ts";
import { holdoutOf, percentText } from "./assignment-rules.ts";
import { analyseExperiment } from "./experiment-analysed.ts";
import { type OpenedExperiment, openExperiment } from "./experiment-files.ts";
import { estimatedShape } from "./shapes.ts";

const experimentLine = z.object({
  experiment: z.string(),
  title: z.string(),
  arm: z.string().describe("The candidate that was shipped; empty where none was"),
  state: z.enum(["shipped", "replaced", "not shipped", "running", "treats held-back units too"]),
  decidedAt: z.string().describe("Empty where nothing was decided"),
});

export const heldBackShape = z.object({
  holdout: z.string(),
  share: z.number(),
  experiments: z.array(experimentLine),
  caveats: z.array(z.string()).describe("What else is in the total, or not in all of it"),
  effects: z.array(
    z.object({
      metric: z.string(),
      title: z.string(),
      total: estimatedShape.describe("Everybody else against those held back, as a share of the latter"),
      parts: z.array(z.object({ experiment: z.string(), arm: z.string(), relative: estimatedShape })),
      together: estimatedShape.describe("The shipped candidates' own effects, one upon the other"),
      against: estimatedShape.describe("(1 + total) / (1 + together) - 1"),
      pValue: z.number().optional(),
      words: z.string(),
    }),
  ),
});

/** A holdout that is measured. */
export interface HeldBack {
  readonly holdout: string;
  readonly share: number;
  readonly experiments: readonly z.output<typeof experimentLine>[];
  readonly caveats: readonly string[];
  readonly effects: readonly TotalEffect[];
}

/** Undefined where a design measures no holdout. Cost: an analysis a shipped candidate. */
export function heldBack(store: Store, design: ExperimentDesign, analysis: Analysis): HeldBack | undefined {
  const own = holdoutOf(design);
  if (own === undefined || !measures(design)) return undefined;
  const others = store.experiments
    .list()
    .toReversed()
    .map(({ name }) => openExperiment(store, name))
    .filter(({ record, design: other }) => record.lockedAt !== undefined && other.unit === design.unit && !measures(other));
  const lines = others.flatMap((opened) => linesOf(store, opened, own.name));
  const shipped = lines.flatMap(({ experiment, arm, state }): ShippedExperiment[] => {
    if (state !== "shipped") return [];
    const { design: own } = openExperiment(store, experiment);
    const isOfExposed = own.columns.exposed !== undefined || store.experiments.exposures(experiment).length > 0;
    return [{ experiment, arm, design: own, isOfExposed, analysis: analysisOf(store, experiment) }];
  });
  return {
    holdout: own.name,
    share: own.share,
    experiments: lines,
    caveats: [...caveatsOf(design, lines), ...partCaveats(design, shipped)],
    effects: totalEffects(design, analysis, shipped),
  };
}

/** Whether a design measures a holdout: it treats nobody itself. */
function measures({ assignment }: ExperimentDesign): boolean {
  return assignment.kind === "rule" && assignment.measures !== undefined;
}

function caveatsOf({ start }: ExperimentDesign, lines: HeldBack["experiments"]): readonly string[] {
  const running = lines.filter(({ state }) => state === "running").length;
  const beside = lines.filter(({ state }) => state === "treats held-back units too").length;
  const replaced = [...new Set(lines.flatMap(({ experiment, state }) => (state === "replaced" ? [`'${experiment}'`] : [])))];
  const late = lines.flatMap(({ experiment, state, decidedAt }) =>
    state === "shipped" && start !== undefined && decidedAt.slice(0, start.length) > start ? [`'${experiment}'`] : [],
  );
  return [
    ...(running === 0
      ? []
      : [
          `Units of ${running === 1 ? "an experiment that is" : `${running} experiments that are`} not decided are among the others with all of its arms.`,
        ]),
    ...(beside === 0
      ? []
      : [
          `What ${beside === 1 ? "the experiment" : `the ${beside} experiments`} without this holdout did is in both arms, and not measured here.`,
        ]),
    ...(replaced.length === 0
      ? []
      : [
          `More than one candidate of ${replaced.join(", ")} was shipped: a unit lives under one of them, and the one that was decided last counts.`,
        ]),
    ...(late.length === 0
      ? []
      : [
          `Decided after this plan's first day, ${start}: ${late.join(", ")}. If it was shipped only then, the total has it on a part of the days or on none, and is less than its parts for that alone.`,
        ]),
  ];
}

/** One line a candidate that was shipped, or one for the experiment. Of several candidates the one that was decided last is in force. */
function linesOf(store: Store, { record, design }: OpenedExperiment, holdout: string): HeldBack["experiments"] {
  const line = { experiment: record.name, title: design.title, arm: "", decidedAt: "" };
  // Of groups it is their own keys that are kept out, which are other units than those held back.
  const { kind } = dealtThing(design);
  const isHeld = holdoutOf(design)?.name === holdout && kind !== "cluster";
  if (!isHeld) return [{ ...line, state: "treats held-back units too" }];
  const decisions = store.experiments.decisions(record.name);
  const candidates = design.arms.slice(1).map(({ name }) => name);
  const last = decisions.filter(({ arm }, at) => candidates.includes(arm) && decisions.findLastIndex((one) => one.arm === arm) === at);
  const shipped = last.filter(({ decision }) => decision === "ship");
  if (shipped.length > 0)
    return shipped.map(({ arm, createdAt }, at) => ({
      ...line,
      arm,
      decidedAt: createdAt,
      state: at === shipped.length - 1 ? ("shipped" as const) : ("replaced" as const),
    }));
  const isOver = last.length === design.arms.length - 1 && last.every(({ decision }) => decision === "stop");
  return [{ ...line, decidedAt: last.at(-1)?.createdAt ?? "", state: isOver ? "not shipped" : "running" }];
}

function analysisOf(store: Store, name: string): ShippedExperiment["analysis"] {
  try {
    return analyseExperiment(store, name).analysis;
  } catch (error) {
    if (error instanceof InputRefused) return { why: error.diagnostics[0]?.message ?? "its observations cannot be read" };
    throw error;
  }
}

/** In lines, for a terminal. */
export function heldBackText({ holdout, share, experiments, caveats, effects }: z.output<typeof heldBackShape>): readonly string[] {
  return [
    "",
    `Measured in total: what was shipped to all but the ${percentText(share)} that '${holdout}' holds back`,
    ...experiments.map(
      ({ experiment, arm, state, decidedAt }) =>
        `  ${experiment}: ${state}${arm === "" ? "" : ` (${arm})`}${decidedAt === "" ? "" : `, decided ${decidedAt}`}`,
    ),
    ...caveats,
    ...effects.map(({ words }) => words),
  ];
}
