/** The comparison that an experiment's design names: checked when the design is written down, and read as a forecast of its metrics. */
import { type Diagnostic, diagnose, InputRefused, type Place, parseDay, present } from "../../data/foundation/index.ts";
import { findMeasure, type PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import type { CandidateComparison, Comparison } from "../../simulations/comparison/described/index.ts";
import {
  type ArmForecast,
  dealtThing,
  type ExperimentDesign,
  type ForecastAgainstResult,
  type ForecastFigure,
  forecastAgainstResult,
  type Observations,
} from "../../simulations/experiments/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { storedComparison } from "./stored-comparison.ts";

/** What the comparison forecasts of every candidate; undefined where the design names none. */
export interface ExperimentForecast {
  readonly run: string;
  readonly arms: readonly ArmForecast[];
  readonly against: ForecastAgainstResult;
}

/** The forecast of an experiment beside its result, or alone before there are observations. */
export function experimentForecast(
  store: Store,
  design: ExperimentDesign,
  observed: Observations | undefined,
): ExperimentForecast | undefined {
  if (design.forecast === undefined) return undefined;
  const arms = armForecasts(store, design, design.forecast);
  return { run: design.forecast, arms, against: forecastAgainstResult(design, arms, observed) };
}

/** @throws InputRefused `bad-forecast` where the design names a comparison that is not there, or is not of its policies. */
export function requireForecast(store: Store, design: ExperimentDesign, source: { readonly text: string; readonly file: string }): void {
  const id = design.forecast;
  if (id === undefined) return;
  const place = placeIn(source);
  const refuse = (message: string, found: string, expected?: string): InputRefused => {
    const fault: Diagnostic = diagnose("bad-forecast", { message, found, place, ...(expected === undefined ? {} : { expected }) });
    return new InputRefused([fault]);
  };
  const run = findComparison(store, id);
  if (run === undefined) throw refuse(`this home has no comparison '${id}'`, id);
  const comparison = storedComparison(store, run);
  const [control, ...candidates] = design.arms;
  const baseline = referenceOf(comparison.baseline.policy);
  if (control?.policy !== baseline) {
    const arm = control?.name ?? "control";
    throw refuse(`the arm '${arm}' lives under ${control?.policy ?? "no policy"}, and the baseline of ${id} is ${baseline}`, arm, baseline);
  }
  const known = comparison.candidates.map(({ policy }) => referenceOf(policy));
  for (const { name, policy } of candidates) {
    if (policy !== undefined && known.includes(policy)) continue;
    throw refuse(`the arm '${name}' lives under ${policy ?? "no policy"}, which ${id} did not compare`, name, known.join(", "));
  }
}

function placeIn({ text, file }: { readonly text: string; readonly file: string }): Place {
  const lines = text.split("\n");
  const index = lines.findIndex((line) => /^forecast\s*:/.test(line));
  const value = /^forecast\s*:\s*/.exec(lines[index] ?? "")?.[0].length ?? 0;
  return { file, line: Math.max(0, index) + 1, column: value + 1 };
}

function findComparison(store: Store, id: string): RunRecord | undefined {
  return store.runs.find(id).find((run) => run.id === id && run.kind === "comparison");
}

/** `<programme>@<version>`. */
function referenceOf({ programme, version }: { readonly programme: string; readonly version: string }): string {
  return `${programme}@${version}`;
}

function armForecasts(store: Store, design: ExperimentDesign, id: string): readonly ArmForecast[] {
  const run = findComparison(store, id);
  const dataset = run === undefined ? undefined : store.datasets.find(run.datasetId)[0];
  const comparison = run === undefined ? undefined : storedComparison(store, run);
  return design.arms.slice(1).map(({ name: arm, policy }): ArmForecast => {
    const none = (why: string): ArmForecast => ({ kind: "none", arm, why });
    if (comparison === undefined || dataset === undefined) return none(`The comparison ${id}, or its history, is not in this home.`);
    const candidate = comparison.candidates.find((one) => referenceOf(one.policy) === policy);
    if (candidate === undefined) return none(`The comparison ${id} has no candidate ${policy ?? "without a policy"}.`);
    return forecastOf(design, arm, { id, comparison, candidate, schema: dataset.manifest.schema });
  });
}

function forecastOf(
  design: ExperimentDesign,
  arm: string,
  {
    id,
    comparison,
    candidate,
    schema,
  }: { readonly id: string; readonly comparison: Comparison; readonly candidate: CandidateComparison; readonly schema: PanelSchema },
): ArmForecast {
  const none = (why: string): ArmForecast => ({ kind: "none", arm, why });
  const { sales } = candidate;
  if (sales === undefined || schema.gmvMeasure === undefined)
    return none("The history has no measure of sales, so that nothing of them is forecast.");
  const scenario = (name: string) => sales.scenarios.find((one) => one.name === name);
  const [low, central, high] = [scenario("low"), scenario("central"), scenario("high")];
  if (sales.assumptions === undefined || low === undefined || central === undefined || high === undefined)
    return none("The comparison was made without assumptions about behaviour, and forecasts no change of sales.");
  // Clusters and whole markets by turns keep most of what moves from one entity to another inside an arm.
  const isOwn = design.unit === comparison.panel.entity && ["unit", "list"].includes(dealtThing(design).kind);
  const reach = isOwn ? ("own" as const) : ("whole" as const);
  const changeOf = ({ change, own }: typeof central): Estimated | undefined => (reach === "own" ? own : change);
  const [change, lowest, highest] = [changeOf(central), changeOf(low), changeOf(high)];
  if (change === undefined || lowest === undefined || highest === undefined)
    return none(
      `The comparison ${id} was kept before each ${comparison.panel.entity}'s own change was: compare again, and name the new run.`,
    );
  const [windowFrom, windowTo] = [present(parseDay(sales.windowFrom), "a day"), present(parseDay(sales.at), "a day")];
  const unit = 10 ** (findMeasure(schema, schema.gmvMeasure)?.measure.decimals ?? 0);
  const gmv: ForecastFigure = {
    column: schema.gmvMeasure,
    of: "gmv",
    total: sales.total / unit,
    change: inUnit(change, unit),
    mechanical: (central.steps.find(({ step }) => step === "caps")?.value ?? 0) / unit,
    low: valueIn(lowest) / unit,
    high: valueIn(highest) / unit,
  };
  const fees = feesOf(sales, { reach, unit, entity: comparison.panel.entity });
  return {
    kind: "forecast",
    arm,
    forecast: {
      run: id,
      candidate: candidate.version,
      reach,
      windowFrom: sales.windowFrom,
      windowTo: sales.at,
      windowDays: windowTo - windowFrom + 1,
      entities: candidate.movement.inFrame ?? sales.inForce.entities,
      entity: comparison.panel.entity,
      currency: sales.currency,
      assumptions: { name: sales.assumptions.name, digest: sales.assumptions.digest },
      figures: [gmv, ...ordersOf(gmv, schema), ...(fees.kind === "figure" ? [fees.figure] : [])],
      ...(fees.kind === "none" ? { noFees: fees.why } : {}),
    },
  };
}

/** Fees under the three scenarios, or why there is no figure of them. */
function feesOf(
  { mechanical: { revenue }, scenarios }: NonNullable<CandidateComparison["sales"]>,
  { reach, unit, entity }: { readonly reach: "own" | "whole"; readonly unit: number; readonly entity: string },
): { readonly kind: "figure"; readonly figure: ForecastFigure } | { readonly kind: "none"; readonly why: string } {
  if (revenue === undefined) return { kind: "none", why: "Neither policy of the comparison states a fee." };
  const changeOf = (name: string): Estimated | undefined => {
    const scenario = scenarios.find((one) => one.name === name);
    return reach === "own" ? scenario?.ownRevenue : scenario?.revenue;
  };
  const [low, central, high] = [changeOf("low"), changeOf("central"), changeOf("high")];
  if (low === undefined || central === undefined || high === undefined)
    return {
      kind: "none",
      why: `The comparison was kept before the fees on each ${entity}'s own sales were: compare again, and name the new run.`,
    };
  if (revenue.baseline <= 0) return { kind: "none", why: "Under the baseline no fee is taken, and nothing is a share of that." };
  return {
    kind: "figure",
    figure: {
      column: "",
      of: "platform fees",
      total: revenue.baseline / unit,
      change: inUnit(central, unit),
      mechanical: (revenue.total.lowest + revenue.total.highest) / 2 / unit,
      low: valueIn(low) / unit,
      high: valueIn(high) / unit,
    },
  };
}

/** Orders change by GMV's share: the comparison keeps no change of their own. Per unit they are told in orders, of whose sum it keeps nothing. */
function ordersOf(gmv: ForecastFigure, { ordersMeasure }: PanelSchema): readonly ForecastFigure[] {
  return ordersMeasure === undefined ? [] : [{ ...gmv, column: ordersMeasure, of: "orders" }];
}

function inUnit(estimate: Estimated, unit: number): Estimated {
  if (estimate.kind === "undetermined") return estimate;
  const { interval } = estimate;
  return {
    ...estimate,
    value: estimate.value / unit,
    ...(interval === undefined ? {} : { interval: { ...interval, lower: interval.lower / unit, upper: interval.upper / unit } }),
  };
}

function valueIn(estimate: Estimated): number {
  return estimate.kind === "estimate" ? estimate.value : 0;
}
