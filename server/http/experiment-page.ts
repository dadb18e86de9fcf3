/** What the pages of experiments are told, from the store. */
import { basename } from "node:path";
import { type Diagnostic, InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import type { Analysis } from "../../simulations/experiments/index.ts";
import {
  csvLines,
  type DesignSize,
  type ExperimentContext,
  type ExperimentSummary,
  experimentParts,
  type FormProblem,
} from "../../views/index.ts";
import { type Answer, amendmentsOf, analyseExperiment, openExperiment } from "../operations/index.ts";

/** Where a new design begins. */
export const exampleDesign = `experiment: gold-line-2
title: A gentler line for gold
hypothesis: Sellers near the line stay longer.
unit: seller
arms:                       # the first is the control
  control: { share: 50 %, policy: seller-performance@1.0.0 }
  candidate: { share: 50 %, policy: seller-performance@2.0.0 }
assignment: { salt: gold-line-2 }
columns: { unit: seller }
metrics:
  kept: { share: kept, role: primary, better: up, effect: 2 points, title: Still selling after eight weeks }
  gmv: { mean: gmv, role: guardrail, better: up, margin: 5 % of control, covariate: gmv_before, title: Sales }
  late: { ratio: late of orders, role: secondary, better: down, title: Late orders }
plan: { level: 95 %, power: 80 %, looks: once, weeks: 8, units: 8000 }
`;

/** The output of `experiment design` as far as the form shows it. */
export interface Sizes {
  readonly sizes: readonly {
    readonly title: string;
    readonly role: string;
    readonly history: { readonly value: number };
    readonly effect?: number;
    readonly units: Answer;
    readonly detectable: Answer;
    readonly power: Answer;
    readonly curve: readonly { readonly units: number; readonly power: number }[];
  }[];
}

/** Sizes as the form writes them. */
export function sizesOf({ sizes }: Sizes): readonly DesignSize[] {
  return sizes.map(({ title, role, history, effect, units, detectable, power, curve }) => ({
    title,
    role,
    past: short(history.value),
    effect: effect === undefined ? "" : short(effect),
    units: answerText(units, (value) => String(Math.ceil(value))),
    detectable: answerText(detectable, short),
    power: answerText(power, (value) => `${(100 * value).toFixed(0)} %`),
    ...(curve.length < 3
      ? {}
      : {
          chart: {
            kind: "curve" as const,
            label: `Power by units: ${title}`,
            xHeading: "Units in all arms",
            yHeading: "Power",
            lines: [{ name: "power", points: curve.map((point) => [point.units, point.power] as const) }],
          },
        }),
  }));
}

/** The latest first. */
export function experimentSummaries(store: Store): readonly ExperimentSummary[] {
  return store.experiments.list().map(({ name }) => {
    const opened = openExperiment(store, name);
    const decision = store.experiments.decisions(name).at(-1);
    return {
      name,
      title: opened.design.title,
      state: stateOf(store, name, opened.record.lockedAt),
      arms: opened.design.arms.map((arm) => arm.name),
      createdAt: minuteOf(opened.record.createdAt),
      decision: decision === undefined ? "" : `${decision.arm}: ${decision.decision}`,
    };
  });
}

function stateOf(store: Store, name: string, lockedAt: string | undefined): ExperimentSummary["state"] {
  if (store.experiments.decisions(name).length > 0) return "decided";
  if (store.experiments.observations(name).length > 0) return "observed";
  return lockedAt === undefined ? "being designed" : "locked";
}

/** What a form of the page sent, and why it was refused. */
export interface RefusedStep {
  readonly field: string;
  readonly typed: ExperimentContext["typed"];
  readonly diagnostics: readonly Diagnostic[];
}

/** The page of one experiment; `refusal`: of what was just sent. @throws InputRefused `unknown-experiment`. */
export function experimentContext(store: Store, name: string, refusal?: RefusedStep): ExperimentContext {
  const opened = openExperiment(store, name);
  const { design, record, current } = opened;
  const observed = store.experiments.observations(name).at(-1);
  const { analysis, refused } = observed === undefined ? {} : analysisOf(store, name);
  return {
    notices: [],
    name,
    title: design.title,
    hypothesis: design.hypothesis,
    state: stateOf(store, name, record.lockedAt),
    digest: current.digest,
    lockedAt: record.lockedAt === undefined ? "" : minuteOf(record.lockedAt),
    arms: design.arms.map((arm) => ({ name: arm.name, share: arm.share, policy: arm.policy ?? "" })),
    source: current.source,
    amendments: amendmentsOf(opened).map((amendment) => ({ ...amendment, createdAt: minuteOf(amendment.createdAt) })),
    problems: [
      ...(refused ?? []).map(({ message, cure }) => ({ field: "observations", message, cure })),
      ...(refusal?.diagnostics ?? []).map((diagnostic) => problemOn(refusal?.field ?? "", diagnostic)),
    ],
    typed: refusal?.typed ?? { observations: "", by: "", reason: "" },
    ...(observed === undefined || analysis === undefined
      ? {}
      : { observed: { file: basename(observed.file), createdAt: minuteOf(observed.createdAt), digest: observed.digest } }),
    ...(analysis === undefined ? {} : { parts: experimentParts(analysis) }),
    candidates: design.arms.slice(1).map((arm) => arm.name),
    decisions: store.experiments.decisions(name).map(({ arm, decision, recommended, reason, decidedBy, createdAt, analysisDigest }) => ({
      arm,
      decision,
      recommended,
      reason,
      decidedBy,
      createdAt: minuteOf(createdAt),
      analysisDigest,
    })),
  };
}

/** A fault as a form shows it, with its place in what was sent. */
export function problemOn(field: string, { message, place, cure }: Diagnostic): FormProblem {
  return { field, message: place === undefined ? message : `Line ${place.line}, column ${place.column}: ${message}`, cure };
}

/** The analysis, or why there is none: observations of before an amendment are still named on the page. */
function analysisOf(store: Store, name: string): { readonly analysis?: Analysis; readonly refused?: readonly Diagnostic[] } {
  try {
    return { analysis: analyseExperiment(store, name).analysis };
  } catch (error) {
    if (error instanceof InputRefused) return { refused: error.diagnostics };
    throw error;
  }
}

const scorecardColumns =
  "metric,role,arm,control_units,control,candidate_units,candidate,difference,lower,upper,relative,relative_lower,relative_upper,p,p_adjusted,reading,guardrail";

/** The scorecard as CSV: raw numbers. */
export function scorecardCsv(store: Store, name: string): string {
  const rows = analyseExperiment(store, name).analysis.scorecard.map((row) => {
    const [absolute, relative] = [row.absolute, row.relative].map((one) => (one.kind === "estimate" ? one : undefined));
    return [
      row.metric,
      row.role,
      row.arm,
      row.control.units,
      row.control.value ?? "",
      row.treatment.units,
      row.treatment.value ?? "",
      absolute?.value ?? "",
      absolute?.interval?.lower ?? "",
      absolute?.interval?.upper ?? "",
      relative?.value ?? "",
      relative?.interval?.lower ?? "",
      relative?.interval?.upper ?? "",
      row.pValue ?? "",
      row.adjustedPValue ?? "",
      row.reading,
      row.guardrail?.state ?? "",
    ];
  });
  return csvLines([scorecardColumns.split(","), ...rows]);
}

function answerText({ estimate, undetermined }: Answer, write: (value: number) => string): string {
  return estimate === undefined ? `not determined: ${undetermined?.reason ?? ""}` : write(estimate.value);
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function minuteOf(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
