/** What a dataset's own history says about a design: sizes, duration, season, tails, clusters, and whom a test of policies can tell anything about. */
import { z } from "zod";
import { present } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import {
  type ExperimentDesign,
  type PanelSizes,
  type Support,
  sizeFromPanel,
  supportOf,
  unitsFromPanel,
} from "../../simulations/experiments/index.ts";
import { type FoundLeak, leakOfArm, leakText } from "./experiment-leak.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import type { OperationContext } from "./operation.ts";
import { requireFit, resolveDataset, resolvePolicy } from "./resolve.ts";
import { answerShape, foundJson } from "./statistic-answer.ts";
import { textTable } from "./text-table.ts";

const rangeShape = z.object({ from: z.string(), to: z.string() });

const supportRowShape = z.object({
  value: z.string(),
  units: z.number(),
  differing: z.number().describe("Units that the candidate treats otherwise at some time in the weeks"),
  byStratum: z.array(z.number()).describe("In the order of 'strata'"),
  gap: z.enum(["none", "too few", ""]),
});

/** What the dataset says, as the doors give it. */
export const pastShape = z.object({
  dataset: z.object({ id: z.string(), digest: z.string() }),
  window: rangeShape.extend({ weeks: z.number() }).describe("The weeks that units of the past are read from"),
  before: rangeShape.optional().describe("The weeks that columns '<measure>_before' are read from"),
  frame: z.object({ units: z.number(), atStart: z.number(), newPerWeek: z.number() }),
  frameWords: z.string(),
  metrics: z.array(
    z.object({
      metric: z.string(),
      title: z.string(),
      enrolmentWeeks: z.number().optional(),
      enrolment: z.string(),
      season: z.object({ before: z.number(), during: z.number(), change: z.number(), units: answerShape }).optional(),
      seasonWords: z.string(),
      tail: z.object({ topShare: z.number(), cap: z.number(), unitsSaved: z.number().optional() }).optional(),
      tailWords: z.string(),
      covariates: z.number().optional().describe("Part of the interval's width that covariates save"),
      strata: z
        .array(
          z.object({
            columns: z.array(z.string()),
            values: z.number(),
            small: z.number().describe("Values that are taken together: of each an arm would have too few units"),
            strata: z.number(),
            narrower: z
              .number()
              .optional()
              .describe("Part of the interval's width that is saved beside covariates; below 0 where it grows"),
            moreUnits: z.number().optional().describe("Part more units that would save as much"),
            words: z.string(),
          }),
        )
        .describe("By column of texts, and the two that save most crossed: what comparing arms within its values would save"),
      narrowingWords: z.array(z.string()),
    }),
  ),
  clusters: z.array(
    z.object({
      column: z.string(),
      metric: z.string(),
      title: z.string(),
      clusters: z.number(),
      size: z.number(),
      sizeVariation: z.number(),
      intraclassCorrelation: z.number().optional(),
      designEffect: z.number().optional(),
      units: answerShape,
      words: z.string(),
    }),
  ),
  support: z
    .array(
      rangeShape.extend({
        arm: z.string(),
        units: z.number(),
        differing: z.number(),
        strata: z.array(supportRowShape),
        tiers: z.array(supportRowShape),
        segments: z.array(z.object({ column: z.string(), rows: z.array(supportRowShape) })),
        sizes: z.array(
          z.object({
            metric: z.string(),
            title: z.string(),
            plain: answerShape,
            triggered: answerShape.optional(),
            differing: z.number().optional(),
            words: z.string(),
          }),
        ),
        words: z.array(z.string()),
        leak: z.looseObject({ kind: z.enum(["leak", "undetermined"]) }).describe("What one unit may sell instead of another, in both arms"),
      }),
    )
    .optional()
    .describe("By candidate, where every arm names a policy"),
});

/** @throws InputRefused for a dataset that is not there, does not fit the policies, or does not hold the weeks and columns. */
export async function pastOf(
  design: ExperimentDesign,
  name: string,
  context: OperationContext,
): Promise<{ readonly sizes: PanelSizes["sizes"]; readonly past: z.output<typeof pastShape> }> {
  const dataset = resolveDataset(context.store, name);
  const references = design.arms.flatMap(({ policy }) => (policy === undefined ? [] : [policy]));
  const resolved = references.map((reference) => resolvePolicy(reference, context));
  for (const one of resolved) requireFit(one, dataset.manifest.schema);
  return await onSoundDataset(dataset, () => {
    const panel = openPanel(dataset.folder);
    const policies = resolved.map(({ policy }) => policy);
    const found = sizeFromPanel(design, panel, design.arms[0]?.policy === undefined ? undefined : policies[0]);
    const support = policies.length < design.arms.length ? undefined : supportOf(design, panel, policies, found.sizes);
    const [baseline, ...candidates] = policies;
    const withLeaks = support?.map((one, place) => ({
      ...one,
      leak: leakOfArm(
        design,
        {
          panel,
          baseline: present(baseline, "the control's policy"),
          candidate: present(candidates[place], "a candidate"),
          arm: place + 1,
          armOf: () => -1,
        },
        context,
      ),
    }));
    return { sizes: found.sizes, past: pastJson(found, withLeaks, { id: dataset.id, digest: dataset.digest }) };
  });
}

/** Units of the past for a simulation of the plan. @throws InputRefused as sizing does. */
export async function pastUnitsOf(
  design: ExperimentDesign,
  name: string,
  { store }: OperationContext,
): Promise<ReturnType<typeof unitsFromPanel>> {
  const dataset = resolveDataset(store, name);
  return await onSoundDataset(dataset, () => unitsFromPanel(design, openPanel(dataset.folder)));
}

function pastJson(
  sized: PanelSizes,
  support: readonly (Support & { readonly leak: FoundLeak })[] | undefined,
  dataset: { readonly id: string; readonly digest: string },
): z.output<typeof pastShape> {
  const { sizes: _, ...found } = sized;
  return structuredClone({
    dataset,
    ...found,
    metrics: found.metrics.map(({ season, ...metric }) => ({
      ...metric,
      ...(season === undefined ? {} : { season: { ...season, units: foundJson(season.units) } }),
    })),
    clusters: found.clusters.map((cluster) => ({ ...cluster, units: foundJson(cluster.units) })),
    ...(support === undefined
      ? {}
      : {
          support: support.map((one) => ({
            ...one,
            sizes: one.sizes.map(({ plain, triggered, ...size }) => ({
              ...size,
              plain: foundJson(plain),
              ...(triggered === undefined ? {} : { triggered: foundJson(triggered) }),
            })),
          })),
        }),
  }) as unknown as z.output<typeof pastShape>;
}

/** In words, for a terminal. */
export function pastText({ window, before, frameWords, metrics, clusters, support = [] }: z.output<typeof pastShape>): readonly string[] {
  const change = ["newly adverse", "released", "down", "up", "unrated", "terms"];
  return [
    "",
    `From the weeks ending ${window.from} to ${window.to}${before === undefined ? "" : `, covariates from those to ${before.from} to ${before.to}`}.`,
    frameWords,
    ...metrics.flatMap(({ title, enrolment, seasonWords, tailWords, narrowingWords }) => [
      `${title}:`,
      `  ${enrolment}`,
      `  ${seasonWords}`,
      `  ${tailWords}`,
      ...narrowingWords.map((words) => `  ${words}`),
    ]),
    ...clusters.map(({ title, words }) => `${title}. ${words}`),
    ...support.flatMap((one) => [
      "",
      `${one.arm}, weeks to ${one.from} to ${one.to}`,
      ...one.words,
      ...one.sizes.map(({ words }) => words),
      ...leakText(one.leak as unknown as FoundLeak),
      textTable(
        ["", "units", "differ", ...change],
        [
          ...one.tiers.map((row) => ["tier", row] as const),
          ...one.segments.flatMap(({ column, rows }) => rows.map((row) => [column, row] as const)),
        ].map(([kind, row]) => [`${kind} ${row.value}`, String(row.units), String(row.differing), ...row.byStratum.map(String)]),
      ),
    ]),
  ];
}
