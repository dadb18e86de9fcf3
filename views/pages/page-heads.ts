/** The tab's title, the place in the menu, and the scripts of each page. */
import type { AssetName } from "../assets.ts";
import type { PageContexts, PageName } from "./page-contexts.ts";

/** What the layout needs beside the body. */
export interface PageHead {
  readonly title: string;
  /** Where we are in the menu. */
  readonly isHome: boolean;
  readonly isPolicies: boolean;
  readonly isDatasets: boolean;
  readonly isRuns: boolean;
  readonly isExperiments: boolean;
  readonly isStatistics: boolean;
  readonly script?: AssetName;
  /** A style sheet beside the one of all pages. */
  readonly style?: AssetName;
  /** Without a bar and without a menu: what other pages frame. */
  readonly isAlone?: boolean;
  /** Seconds after which a browser without script asks again. */
  readonly refreshSeconds?: number;
}

const nowhere = { isHome: false, isPolicies: false, isDatasets: false, isRuns: false, isExperiments: false, isStatistics: false };

/** By page name. */
export const pageHeads: { readonly [Name in PageName]: (context: PageContexts[Name]) => PageHead } = {
  home: () => ({ ...nowhere, title: "Counterweight", isHome: true }),
  policies: () => ({ ...nowhere, title: "Policies", isPolicies: true }),
  "policy-version": ({ programme, version }) => ({ ...nowhere, title: `${programme} ${version}`, isPolicies: true }),
  "policy-editor": ({ programme, version }) => ({
    ...nowhere,
    title: `New version of ${programme} ${version}`,
    isPolicies: true,
    script: "editor.js",
  }),
  "policy-diff": ({ programme, from, to }) => ({ ...nowhere, title: `${programme} ${from} to ${to}`, isPolicies: true }),
  datasets: () => ({ ...nowhere, title: "Datasets", isDatasets: true }),
  dataset: ({ dataset }) => ({ ...nowhere, title: dataset.title, isDatasets: true }),
  connections: () => ({ ...nowhere, title: "Connections", isDatasets: true }),
  "compare-form": () => ({ ...nowhere, title: "New comparison", isRuns: true, script: "compare.js" }),
  "what-if": ({ programme, version, opening }) => ({
    ...nowhere,
    title: `What if: ${programme} ${version}`,
    isPolicies: true,
    script: "what-if.js",
    ...(opening === undefined ? {} : { refreshSeconds: 2 }),
  }),
  "no-history": ({ title }) => ({ ...nowhere, title }),
  experiments: () => ({ ...nowhere, title: "Experiments", isExperiments: true }),
  experiment: ({ title }) => ({ ...nowhere, title, isExperiments: true, script: "experiment.js" }),
  "experiment-form": () => ({ ...nowhere, title: "New experiment", isExperiments: true, script: "experiment.js" }),
  "experiment-calibration": () => ({ ...nowhere, title: "Forecasts against results", isExperiments: true }),
  reference: () => ({ ...nowhere, title: "Commands and routes", style: "reference.css" }),
  statistics: () => ({ ...nowhere, title: "Statistics", isStatistics: true }),
  statistic: ({ title }) => ({ ...nowhere, title, isStatistics: true, script: "calculator.js" }),
  "run-progress": ({ run, isOver }) => ({
    ...nowhere,
    title: `${run.programme}: comparison ${run.state}`,
    isRuns: true,
    ...(isOver ? {} : { script: "progress.js" as const, refreshSeconds: 5 }),
  }),
  runs: () => ({ ...nowhere, title: "Comparisons", isRuns: true }),
  "paired-replay": ({ run }) => ({ ...nowhere, title: `${run.programme} ${run.candidate} against ${run.baseline}`, isRuns: true }),
  "report-table": ({ title }) => ({ ...nowhere, title, isRuns: true }),
  comments: ({ report }) => ({ ...nowhere, title: `Comments on ${report.name}`, isRuns: true, script: "sharing.js", style: "sharing.css" }),
  "figure-alone": ({ title }) => ({ ...nowhere, title, style: "sharing.css", isAlone: true }),
  "figure-share": ({ title }) => ({ ...nowhere, title, isRuns: true, script: "sharing.js", style: "sharing.css" }),
  entity: ({ entity }) => ({ ...nowhere, title: entity, isRuns: true }),
  "entity-letter": ({ entity, version }) => ({ ...nowhere, title: `Letter to ${entity}, ${version}`, isRuns: true }),
  "movement-cell": ({ from, to, candidate }) => ({ ...nowhere, title: `${from} to ${to} under ${candidate}`, isRuns: true }),
  against: ({ first, second }) => ({ ...nowhere, title: `${first.candidate} beside ${second.candidate}`, isRuns: true }),
  "against-choice": () => ({ ...nowhere, title: "Compare with another report", isRuns: true }),
  search: ({ q }) => ({ ...nowhere, title: q === "" ? "Search" : `Search: ${q}` }),
  error: ({ title }) => ({ ...nowhere, title }),
};
