/** One context a page with every field filled in, and hostile words wherever a user may write them. */
import { present } from "../../data/foundation/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import type { ChartSpec, DatasetSummary, NewerDataset, PageContexts, ProgrammeSummary, RunSummary } from "../../views/index.ts";
import { againstSamples } from "./against-samples.ts";
import { builderSample, builderVariants, runsSamples } from "./builder-samples.ts";
import { connectionSamples } from "./connection-samples.ts";
import { datasetQualitySample } from "./dataset-quality-samples.ts";
import { editorSamples } from "./editor-samples.ts";
import { entityEventSamples, entityLetterSamples, entityMetricSamples, entityRestoreSamples } from "./entity-samples.ts";
import { experimentSamples } from "./experiment-samples.ts";
import { listSamples } from "./list-samples.ts";
import { pairedReplaySample } from "./paired-samples.ts";
import { referenceSamples } from "./reference-samples.ts";
import { sharingSamples } from "./sharing-samples.ts";
import { statisticSamples } from "./statistic-samples.ts";
import { whatIfSamples } from "./what-if-samples.ts";

/** Markup that must never reach a page unescaped. */
export const hostile = `<script>alert("1")</script>'&`;

/** A name of 200 characters. */
export const longName = `${"very-long-name-".repeat(13)}12345`;

type Full<T> = T extends Policy | ChartSpec
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Full<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]-?: Full<T[Key]> }
      : T;

const dataset: Full<DatasetSummary> = {
  id: "olist-weekly-0123456789ab",
  title: `Olist ${hostile}`,
  entity: "seller",
  grain: "week",
  entities: 3054,
  rows: 98_000,
  from: "2017-09-03",
  to: "2018-08-26",
  periods: 52,
  rejectedRows: 61,
  liesIn: "",
};
/** Its rows are in a connection's tables. */
const elsewhere: Full<DatasetSummary> = { ...dataset, liesIn: `warehouse ${hostile}` };
const newer: Full<NewerDataset> = {
  id: "olist-weekly-ba9876543210",
  title: `Olist, read anew ${hostile}`,
  entity: "seller",
  entities: 3100,
  to: "2018-09-30",
  href: "/compare?baseline=a&dataset=b",
};
const run: Full<RunSummary> = {
  id: "r1",
  programme: "seller-performance",
  baseline: "1.0.0",
  candidates: ["1.1.0", "2.0.0"],
  dataset: { id: dataset.id, title: dataset.title },
  newerDataset: newer.id,
  earlier: { again: "r0" },
  from: "2017-09-03",
  to: "2018-08-26",
  state: "done",
  createdAt: "2026-03-01 10:20",
  movers: [
    { version: "1.1.0", share: 0.043 },
    { version: "2.0.0", share: 0.11 },
  ],
  progress: { stage: `Comparing ${hostile}`, percent: 40 },
  failure: { code: "policy-unfit", message: `No measure 'x' ${hostile}`, cure: "Choose another dataset." },
};
const programme: Full<ProgrammeSummary> = {
  programme: "seller-performance",
  title: `Seller performance ${hostile}`,
  entity: "seller",
  inForce: "1.0.0",
  versions: [
    {
      version: "1.1.0",
      title: "Seller performance",
      digest: "a".repeat(64),
      inForce: false,
      parent: "1.0.0",
      rationale: `More weight on what arrives. ${hostile}`,
    },
    {
      version: "1.0.0",
      title: "Seller performance",
      digest: "b".repeat(64),
      inForce: true,
      parent: "0.9.0",
      rationale: "Three things that buyers feel.",
    },
  ],
};
const notices = [`After a restart: one run was marked as failed. ${hostile}`];
const samplePolicy = present(readLibraryPolicy("seller-performance@2.0.0").policy, "library policy");
const periods = ["2018-07-29", "2018-08-05", "2018-08-12", "2018-08-19", "2018-08-26"];

/** Every field of every context. `progress` pages that exclude each other come in variants. */
export const sampleContexts: { readonly [Name in keyof PageContexts]: readonly Full<PageContexts[Name]>[] } = {
  ...connectionSamples(hostile),
  ...sharingSamples(hostile),
  home: [{ notices, datasets: [dataset], runs: [run, { ...run, state: "running" }], programmes: [programme] }],
  policies: [{ notices, programmes: [programme] }],
  "policy-editor": editorSamples(hostile),
  "policy-version": [
    {
      notices,
      programme: "seller-performance",
      version: "1.1.0",
      title: `Seller performance ${hostile}`,
      entity: "seller",
      inForce: true,
      digest: "c".repeat(64),
      rationale: `Why. ${hostile}`,
      policy: { ...samplePolicy, tiers: samplePolicy.tiers.map((tier) => ({ ...tier, title: `${tier.title} ${hostile}` })) },
      text: `programme: seller-performance\nversion: 1.1.0   # ${hostile}\n\nextends: 1.0.0\n`,
      description: `It scores sellers every week.\nGold: overall at least 85. ${hostile}`,
      changed: {
        against: "1.0.0",
        changes: [
          {
            path: "scores.overall",
            words: `Fulfilment weighs 65, not 55. ${hostile}`,
            kind: "changed",
            from: "55",
            to: "65",
            direction: "stricter",
          },
          { path: "conditions.proven.when", words: "By more.", kind: "changed", from: longName, to: "20", direction: "stricter" },
          {
            path: "rationale",
            words: "The rationale changed.",
            kind: "changed",
            from: "Why not.",
            to: `Why. ${hostile}`,
            direction: "neutral",
          },
        ],
      },
      versions: [
        { version: "1.1.0", current: true },
        { version: "1.0.0", current: false },
      ],
    },
  ],
  "policy-diff": [
    {
      notices,
      programme: `seller-performance`,
      from: "1.1.0",
      to: "2.0.0",
      summary: `seller-performance 1.1.0 -> 2.0.0: 2 changes. ${hostile}`,
      versions: [
        { version: "2.0.0", isFrom: false, isTo: true },
        { version: "1.1.0", isFrom: true, isTo: false },
      ],
      changes: [
        {
          path: "parameters.gold_line.value",
          words: `Gold line is 88 instead of 85. ${hostile}`,
          kind: "changed",
          from: `85 ${hostile}`,
          to: "88",
          direction: "stricter",
        },
        { path: "movement.demote.after", words: "Demotion waits.", kind: "changed", from: longName, to: longName, direction: "gentler" },
        { path: "rationale", words: "The rationale changed.", kind: "added", from: "", to: hostile, direction: "neutral" },
      ],
      threeWay: {
        beside: "1.0.0",
        rows: [
          { path: `metrics.late.over ${hostile}`, ancestor: "84 days", a: "84 days", b: hostile, changedBy: "b" },
          { path: "tiers.gold.hold", ancestor: "7 days", a: "14 days", b: "14 days", changedBy: "both alike" },
          { path: "tiers.watch.hold", ancestor: "7 days", a: "14 days", b: "7 days", changedBy: "a" },
        ],
      },
    },
  ],
  datasets: [{ notices, datasets: [dataset, elsewhere] }],
  dataset: [dataset, elsewhere].map((shown) => ({
    notices,
    dataset: shown,
    newer,
    digest: "d".repeat(64),
    source: `Public files. ${hostile}`,
    knownAt: "2018-10-17",
    frames: [
      {
        run: "0123456789ab",
        policy: `seller-performance ${hostile}`,
        from: "2017-01-01",
        to: "2018-08-31",
        engine: "kernels",
        kilobytes: 1_240,
        createdAt: "2026-03-01 10:20",
      },
    ],
    moreFrames: 3,
    currency: "BRL",
    rates: [{ to: "USD", dates: 90, from: "2017-01-01", until: "2018-10-01" }],
    columns: [
      {
        name: "gmv",
        title: `GMV ${hostile}`,
        kind: "flow",
        unit: "money",
        missingShare: 0.01,
        minimum: 0,
        median: 120.5,
        percentile99: 8400,
        maximum: 250_000,
        topPercentShare: 0.31,
      },
    ],
    presence: periods.map((period, index) => ({ period, first: 100 - index, last: 10 + index * 9, present: 900 + index * 60 })),
    gaps: { entities: 12, periods: 40 },
    quality: datasetQualitySample(hostile),
    labels: [
      {
        source: "bad_orders_90",
        title: `Bad orders ${hostile}`,
        definition: "More than 10 % bad.",
        labels: 9000,
        harmful: 700,
        fine: 7300,
        pending: 1000,
        entitiesShare: 0.52,
      },
    ],
    rejected: {
      reasons: [{ code: "bad-date", rows: 61, words: "The date does not exist." }],
      examples: [{ file: `panel.csv ${hostile}`, line: 17, column: "week_end", reason: "2018-02-30 does not exist" }],
    },
    setAside: {
      reasons: [{ code: "source-rows-unmatched", rows: 3, words: `Rows name what is not there ${hostile}.` }],
      examples: [{ file: "items.csv", line: 4, column: "", reason: "no such order" }],
    },
  })),
  "compare-form": builderVariants([
    {
      notices,
      programmes: [
        {
          programme: "seller-performance",
          title: `Seller performance ${hostile}`,
          versions: [
            {
              reference: "seller-performance@1.0.0",
              version: "1.0.0",
              title: "Seller performance",
              inForce: true,
              isBaseline: true,
              isCandidate: false,
            },
            {
              reference: "seller-performance@1.1.0",
              version: "1.1.0",
              title: "Seller performance",
              inForce: false,
              isBaseline: false,
              isCandidate: true,
            },
          ],
        },
      ],
      datasets: [
        { ...dataset, selected: true },
        { ...elsewhere, selected: true },
      ],
      from: "2017-09-03",
      to: "2018-08-26",
      seed: "1",
      criteria: `movers at most 3 %\n${hostile}`,
      candidatesMax: 5,
      problems: [{ field: "candidates", message: `No candidate is chosen. ${hostile}`, cure: "Choose one to five." }],
      ...builderSample(hostile),
    },
  ]),
  "what-if": whatIfSamples(hostile),
  "no-history": [{ notices, title: `New comparison ${hostile}`, lead: "Which past?" }],
  ...referenceSamples(hostile),
  ...statisticSamples(hostile),
  ...experimentSamples(hostile, notices),
  "run-progress": [
    {
      notices,
      run: { ...run, state: "running" },
      stage: `replaying 2.0.0 ${hostile}`,
      percent: 42,
      eventsUrl: "/api/jobs/r1/events",
      ahead: 2,
      failure: { code: "none", message: "", cure: "" },
      canCancel: true,
      isOver: false,
    },
    {
      notices,
      run: { ...run, state: "failed" },
      stage: "",
      percent: 42,
      eventsUrl: "",
      ahead: 0,
      failure: { code: "policy-unfit", message: `No measure 'x' ${hostile}`, cure: "Choose another dataset." },
      canCancel: false,
      isOver: true,
    },
    {
      notices,
      run: { ...run, state: "cancelled" },
      stage: "",
      percent: 42,
      eventsUrl: "",
      ahead: 0,
      failure: { code: "", message: "", cure: "" },
      canCancel: false,
      isOver: true,
    },
  ],
  runs: runsSamples(hostile, notices, run),
  "paired-replay": [pairedReplaySample(hostile)],
  entity: [
    {
      notices,
      run,
      entity: `${longName} ${hostile}`,
      entityKind: "seller",
      grain: "week",
      attributes: [
        { name: "State", value: `SP ${hostile}` },
        { name: "Category", value: "bed_bath_table" },
      ],
      versions: (["baseline", "candidate"] as const).map((role, version) => ({
        version: version === 0 ? "1.0.0" : "2.0.0",
        role,
        tiers: [
          { name: "gold", adverse: false, unrated: false },
          { name: "standard", adverse: false, unrated: false },
          { name: "watch", adverse: true, unrated: false },
          { name: "unrated", adverse: false, unrated: true },
        ],
        rows: periods.map((period, index) => ({
          period,
          score: 90 - index * 9 - version * 4,
          held: index === 0 ? "unrated" : index < 3 ? "gold" : version === 0 ? "standard" : "watch",
          merited: "standard",
          evaluated: true,
        })),
        account: `Held standard since 5 Aug 2018.\n\nWhat was measured\n- Late share: 6.4 %. ${hostile}\n    At most 4 %: no\n`,
        difference: role === "candidate" ? `Late share is 6.4 % under 1.0.0 and 5 % under 2.0.0. ${hostile}` : "",
        restores: version === 0 ? [] : entityRestoreSamples(hostile),
        hasLetter: true,
      })),
      metrics: entityMetricSamples(periods, hostile),
      events: entityEventSamples(hostile),
    },
  ],
  ...againstSamples(run, `${longName} ${hostile}`, hostile),
  ...listSamples(run, dataset, `${longName} ${hostile}`, hostile),
  "entity-letter": entityLetterSamples(run, `${longName} ${hostile}`, hostile),
  "report-table": [
    {
      notices,
      report: { name: `seller-performance 1.1.0 against 1.0.0 ${hostile}`, href: "/runs/r1/report#figure-flow" },
      title: `One in ten moves ${hostile}`,
      subtitle: `Sellers, counts, no interval ${hostile}`,
      table: {
        columns: [
          { title: "Tier", format: "text" },
          { title: "Sellers", format: "count" },
          { title: hostile, format: "text" },
        ],
        rows: [[hostile, 12, hostile]],
        currency: "USD",
        rowLinks: ["/runs/r1/movement/gold/watch"],
      },
      csv: "/runs/r1/figures/flow.csv",
    },
  ],
  error: [
    {
      notices,
      status: 404,
      title: "No such run",
      message: `No run is called ${hostile}.`,
      cure: "See the list of comparisons.",
      diagnostics: [`a.yaml:2:5 unknown-name: ${hostile}`],
    },
  ],
};
