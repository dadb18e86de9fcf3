/** The triggered analysis of an experiment on policies, over the dataset that holds its weeks. */
import { diagnose, formatPeriod, InputRefused, type PeriodIndex, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { findMeasure, openPanel, type Panel, type PanelSchema } from "../../data/panel/index.ts";
import {
  analyseTriggered,
  dealing,
  dealtThing,
  type ExperimentDesign,
  findTriggers,
  type TriggeredAnalysis,
  type TriggeredRatio,
} from "../../simulations/experiments/index.ts";
import { listedArms } from "./deal-units.ts";
import { type FoundLeak, leakOfArm } from "./experiment-leak.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import type { OperationContext } from "./operation.ts";
import { requireFit, resolveDataset, resolvePolicy } from "./resolve.ts";
import { attributeBefore } from "./units-to-deal.ts";

/** One candidate against the control. */
export interface TriggeredArm {
  readonly arm: string;
  readonly from: string;
  readonly to: string;
  readonly analysis: TriggeredAnalysis;
  readonly leak: FoundLeak;
}

/**
 * Both policies scored for every entity of the dataset during the experiment's weeks. @throws InputRefused `bad-request` where arms are no policies, are
 * recorded rather than dealt, or the design states no weeks; `period-outside` where the dataset does not hold them.
 */
export async function triggeredOf(design: ExperimentDesign, name: string, context: OperationContext): Promise<readonly TriggeredArm[]> {
  const { start, weeks, arms, assignment } = design;
  const refuse = (message: string, cure: string) => new InputRefused([diagnose("bad-request", { message, cure })]);
  if (start === undefined || weeks === undefined)
    throw refuse("the plan states no start or no weeks", "Add 'start:' and 'weeks:' to the plan.");
  if (assignment.kind === "recorded") throw refuse("arms are recorded, and the dataset does not say them", "Deal units by a salt.");
  if (dealtThing(design).kind === "switchback")
    throw refuse(
      "a switchback's units are in every arm by turns",
      "Read the switchback's own effects; only units in one arm diverge once.",
    );
  const policies = arms.map((arm) => arm.policy);
  if (policies.some((policy) => policy === undefined))
    throw refuse("an arm names no policy", "Add 'policy: <programme>@<version>' to every arm.");
  const dataset = resolveDataset(context.store, name);
  const { schema } = dataset.manifest;
  const resolved = policies.map((policy) => resolvePolicy(present(policy, "a policy"), context));
  for (const one of resolved) requireFit(one, schema);
  const first = periodOf(schema.grain, present(parseDay(start), "a checked day"));
  const last = periodOf(schema.grain, present(parseDay(start), "a checked day") + 7 * weeks - 1);
  const final = schema.completeTo ?? schema.lastPeriod;
  if (first <= schema.firstPeriod || first > final) {
    throw new InputRefused([
      diagnose("period-outside", {
        message: `the experiment begins in the period to ${formatPeriod(schema.grain, first)}, and ${dataset.id} holds ${formatPeriod(schema.grain, schema.firstPeriod)} to ${formatPeriod(schema.grain, final)}`,
        found: start,
      }),
    ]);
  }
  const to = Math.min(last, final);
  const measures = measuresOf(design, schema);
  return await onSoundDataset(dataset, async () => {
    const panel = openPanel(dataset.folder);
    const armAt = armsOfEntities(design, panel, first - 1, context);
    return arms.slice(1).map((arm, place) => {
      const columns = findTriggers({
        panel,
        baseline: present(resolved[0], "the control's policy").policy,
        candidate: present(resolved[place + 1], "a candidate").policy,
        from: first,
        to,
        measures: measures.map((measure) => measure.name),
        clusterOf: armAt.clusters === undefined ? undefined : (entity) => armAt.clusters?.get(entity) ?? entity,
        armOf: (entity) => {
          const dealt = armAt.armOf(entity);
          return dealt === 0 ? 0 : dealt === place + 1 ? 1 : Math.min(dealt, -1);
        },
      });
      const policiesOf = [present(resolved[0], "the control's policy").policy, present(resolved[place + 1], "a candidate").policy] as const;
      return {
        arm: arm.name,
        from: formatPeriod(schema.grain, first),
        to: formatPeriod(schema.grain, to),
        analysis: analyseTriggered(columns, measures, design.level, {
          ratios: ratiosOf(design, measures),
          population: design.population,
        }),
        leak: leakOfArm(design, { panel, baseline: policiesOf[0], candidate: policiesOf[1], arm: place + 1, armOf: armAt.armOf }, context),
      };
    });
  });
}

/** The arm of an entity; -1 for those that the rule keeps out so far, or puts somewhere by hand; -2 for a holdout's. */
function armsOfEntities(
  design: ExperimentDesign,
  panel: Panel,
  before: PeriodIndex,
  { store }: OperationContext,
): { readonly armOf: (entity: string) => number; readonly clusters: ReadonlyMap<string, string> | undefined } {
  const deals = dealtThing(design);
  const deal = dealing(design, deals.kind === "list" ? listedArms(store.experiments, design) : undefined);
  const clusters = deals.kind === "cluster" ? attributeBefore(panel, deals.column, before) : undefined;
  const armOf = (entity: string): number => {
    const { arm, setAside } = deal(clusters?.get(entity) ?? entity);
    return setAside === undefined ? arm : setAside === "holdout" ? -2 : -1;
  };
  return { armOf, clusters };
}

/** Flows of the panel that the design's means and ratios are about; GMV and orders beside them. */
function measuresOf({ metrics }: ExperimentDesign, schema: PanelSchema): Parameters<typeof analyseTriggered>[1] {
  const columns = metrics.flatMap(({ form }) => (form.kind === "ratio" ? [form.of, form.over] : [form.of]));
  const named = [...columns, schema.gmvMeasure, schema.ordersMeasure].filter((name) => name !== undefined);
  // A mean whose covariate is the same measure before the experiment is adjusted for it here as well.
  const isAdjusted = (name: string): boolean =>
    metrics.some(({ form, covariates }) => form.kind === "mean" && form.of === name && covariates.includes(`${name}_before`));
  return [...new Set(named)].flatMap((name) => {
    const measure = findMeasure(schema, name)?.measure;
    return measure?.kind === "flow" ? [{ name, scale: 10 ** measure.decimals, isAdjusted: isAdjusted(name) }] : [];
  });
}

/** The design's ratios of two such flows. */
function ratiosOf({ metrics }: ExperimentDesign, measures: readonly { readonly name: string }[]): readonly TriggeredRatio[] {
  const at = (name: string): number => measures.findIndex((measure) => measure.name === name);
  return metrics.flatMap(({ name, form }) =>
    form.kind === "ratio" && at(form.of) >= 0 && at(form.over) >= 0
      ? [{ name, numerator: at(form.of), denominator: at(form.over), isNoPart: form.isNoPart === true }]
      : [],
  );
}
