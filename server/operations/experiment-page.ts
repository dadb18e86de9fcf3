/** What the pages of experiments are told, from the store. */
import { basename } from "node:path";
import type { z } from "zod";
import { type Diagnostic, InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { dealtThing, type ExperimentDesign, toldUnder } from "../../simulations/experiments/index.ts";
import {
  changeText as changeWords,
  type DesignPast,
  type DesignSize,
  type ExperimentContext,
  type ExperimentSummary,
  type ExperimentTable,
  experimentParts,
  type FormProblem,
  forecastParts,
  formatCount,
  heldBackPart,
  leakTables,
  renderExperimentFile,
  triggeredPart,
  valueWriter,
} from "../../views/index.ts";
import { amendmentsOf } from "./experiment-analysed.ts";
import { openExperiment } from "./experiment-files.ts";
import { experimentForecast } from "./experiment-forecast.ts";
import type { FoundLeak } from "./experiment-leak.ts";
import type { pastShape } from "./experiment-past.ts";
import type { TriggeredArm } from "./experiment-triggered.ts";
import { type WholeAnalysis, wholeAnalysis } from "./experiment-whole.ts";
import type { Answer } from "./statistic-answer.ts";

/** Where a new design begins. */
export const exampleDesign = `experiment: gold-line-2
title: A gentler line for gold
hypothesis: Sellers near the line sell more.
unit: seller
arms:                       # the first is the control
  control: { share: 50 %, policy: seller-performance@1.0.0 }
  candidate: { share: 50 %, policy: seller-performance@2.0.0 }
assignment: { salt: gold-line-2 }
columns: { unit: seller }
metrics:
  orders: { mean: orders, role: primary, better: up, effect: 3 % of control, covariate: orders_before, title: Orders }
  gmv: { mean: gmv, role: guardrail, better: up, margin: 5 % of control, covariate: gmv_before, title: Sales }
  late: { ratio: late_dispatches of due_dispatches, role: secondary, better: down, title: Late dispatches }
plan: { level: 95 %, power: 80 %, looks: once, weeks: 8, units: 8000 }
`;

/** The output of `experiment design` as far as the form shows it. */
export interface Sizes {
  readonly notes: readonly string[];
  readonly sizes: readonly {
    readonly title: string;
    readonly role: string;
    readonly form: string;
    readonly isPart?: boolean | undefined;
    readonly history: { readonly value: number };
    readonly effect?: number;
    readonly units: Answer;
    readonly detectable: Answer;
    readonly power: Answer;
    readonly curve: readonly { readonly units: number; readonly power: number }[];
  }[];
  readonly past?: z.output<typeof pastShape> | undefined;
}

/** Sizes as the form writes them. */
export function sizesOf({ sizes }: Sizes): readonly DesignSize[] {
  return sizes.map(({ title, role, form, isPart = false, history, effect, units, detectable, power, curve }) => ({
    title,
    role,
    past: valueWriter({ form, isPart }, [history.value])(history.value),
    effect: effect === undefined ? "" : changeText({ form, isPart })(effect),
    units: answerText(units, (value) => formatCount(Math.ceil(value))),
    detectable: answerText(detectable, changeText({ form, isPart })),
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

/** The size of a change, whichever way it goes. */
function changeText(row: { readonly form: string; readonly isPart: boolean }): (value: number) => string {
  return (value) => changeWords(value, row).replace(/^[+\u2212]/, "");
}

/** The dataset's history as the form writes it. */
export function pastWords({ past }: Sizes): { readonly past?: DesignPast } {
  if (past === undefined) return {};
  const { window, before, frameWords, metrics, clusters, support = [] } = past;
  return {
    past: {
      lead: `Units are the entities with a row in the weeks ending ${window.from} to ${window.to}${before === undefined ? "" : `; columns '_before' are of the weeks ending ${before.from} to ${before.to}`}. ${frameWords}`,
      metrics: metrics.map(({ title, enrolment, seasonWords, tailWords, narrowingWords }) => ({
        title,
        words: [enrolment, seasonWords, tailWords, ...narrowingWords],
      })),
      clusters: {
        title: "Dealt by groups instead of one by one",
        columns: ["Metric", "By", "Groups", "Mean size", "Intraclass correlation", "Times as many units", "Units needed"],
        rows: clusters.map((row) => [
          row.title,
          row.column,
          formatCount(row.clusters),
          short(row.size),
          row.intraclassCorrelation === undefined ? "not determined" : short(row.intraclassCorrelation),
          row.designEffect === undefined ? "" : short(row.designEffect),
          answerText(row.units, (value) => formatCount(Math.ceil(value))),
        ]),
        note: clusters.map(({ title, words }) => `${title}. ${words}`).join(" "),
      },
      support: support.map(({ arm, words, sizes, tiers, segments, leak }) => ({
        arm,
        words: [...words, ...sizes.map((size) => size.words)],
        tables: [
          ...leakTablesOf(leak as unknown as FoundLeak),
          ...[{ column: "Tier held at the start", rows: tiers }, ...segments].map(({ column, rows }) => ({
            title: `Who differs, by ${column.toLowerCase()}`,
            columns: [column, "Units", "Differ", "Newly adverse", "Released", "Down", "Up", "Unrated", "Other terms", "Enough"],
            rows: rows.map((row) => [
              row.value,
              ...[row.units, row.differing, ...row.byStratum].map(String),
              row.gap === "" ? "yes" : row.gap,
            ]),
            note: "",
          })),
        ],
      })),
    },
  };
}

function leakTablesOf(found: FoundLeak): readonly ExperimentTable[] {
  return found.kind === "leak" ? leakTables(found.leak) : [];
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
  readonly typed?: ExperimentContext["typed"];
  readonly diagnostics: readonly Diagnostic[];
}

/** What was asked about a dataset. */
interface AskedOfDataset {
  readonly dataset: string;
  readonly triggered: readonly TriggeredArm[];
}

/** The page of one experiment; `refusal`: of what was just sent; `base`: the candidate that others are set against. @throws InputRefused `unknown-experiment`. */
export function experimentContext(
  store: Store,
  name: string,
  {
    refusal,
    asked,
    base,
    known,
  }: {
    readonly refusal?: RefusedStep;
    readonly asked?: AskedOfDataset;
    readonly base?: string | undefined;
    readonly known?: WholeAnalysis;
  } = {},
): ExperimentContext {
  const opened = openExperiment(store, name);
  const isFile = known !== undefined;
  const triggered = known?.triggered ?? asked?.triggered ?? [];
  const { design, record, current } = opened;
  const observed = store.experiments.observations(name).at(-1);
  const { whole, refused } = observed === undefined ? {} : known === undefined ? analysisOf(store, name, triggered) : { whole: known };
  const { analysed, held, forecast = experimentForecast(store, design, undefined) } = whole ?? {};
  const analysis = analysed?.analysis;
  const told = toldUnder(analysis?.health ?? { mayBeRead: true });
  return {
    notices: [],
    name,
    title: design.title,
    hypothesis: design.hypothesis,
    state: stateOf(store, name, record.lockedAt),
    digest: current.digest,
    lockedAt: record.lockedAt === undefined ? "" : minuteOf(record.lockedAt),
    isDealt: design.assignment.kind !== "recorded",
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
      : {
          observed: {
            file: basename(observed.file),
            createdAt: minuteOf(observed.createdAt),
            digest: observed.digest,
            analysis: analysed?.digest ?? "",
          },
        }),
    ...(analysis === undefined ? {} : { parts: experimentParts(analysis, base) }),
    ...(analysis === undefined || !divergenceOf(design) || (isFile && triggered.length === 0)
      ? {}
      : {
          divergence: {
            datasets: datasetsOf(store, design).map(({ id, manifest }) => ({ id, title: manifest.title, isChosen: id === asked?.dataset })),
            parts: triggered.map(({ arm, analysis: found, leak, ...span }) => {
              const part = triggeredPart(arm, span, found);
              const tables = [...part.tables, ...leakTablesOf(leak)];
              return { ...part, title: told(part.title), tables };
            }),
          },
        }),
    isFile,
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
    ...(forecast === undefined ? {} : { forecast: forecastParts(forecast.run, forecast.against, told) }),
    ...(held === undefined
      ? {}
      : {
          heldBack: heldBackPart({
            ...held,
            experiments: held.experiments.map((line) => ({ ...line, decidedAt: minuteOf(line.decidedAt) })),
            told,
          }),
        }),
  };
}

/** Those whose entities are what the design deals; where there are none, all. */
function datasetsOf({ datasets }: Store, { unit }: ExperimentDesign): ReturnType<Store["datasets"]["list"]> {
  const all = datasets.list();
  const own = all.filter(({ manifest }) => manifest.schema.entity === unit);
  return own.length === 0 ? all : own;
}

/** Whether an entity parts once and for good: arms are policies, dealt by a rule that no unit changes over. */
function divergenceOf(design: ExperimentDesign): boolean {
  const { arms, assignment, start, weeks } = design;
  const isDealt = assignment.kind === "rule" && dealtThing(design).kind !== "switchback";
  return isDealt && start !== undefined && weeks !== undefined && arms.every(({ policy }) => policy !== undefined);
}

/** A fault as a form shows it, with its place in what was sent. */
export function problemOn(field: string, { message, place, cure }: Diagnostic): FormProblem {
  return { field, message: place === undefined ? message : `Line ${place.line}, column ${place.column}: ${message}`, cure };
}

/** The analysis, or why there is none: observations of before an amendment are still named on the page. */
function analysisOf(
  store: Store,
  name: string,
  triggered: readonly TriggeredArm[],
): { readonly whole?: WholeAnalysis; readonly refused?: readonly Diagnostic[] } {
  try {
    return { whole: wholeAnalysis(store, name, triggered) };
  } catch (error) {
    if (error instanceof InputRefused) return { refused: error.diagnostics };
    throw error;
  }
}

/** The whole analysis as one file that needs no other. */
export function experimentHtml(store: Store, known: WholeAnalysis): string {
  return renderExperimentFile(experimentContext(store, known.design.name, { known }));
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
