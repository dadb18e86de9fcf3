/** A comparison as the design of an experiment that tests what it forecasts: a text that reads and locks as it stands. */
import type { PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { Influence, type Policy } from "../../policies/language/index.ts";
import type { Comparison, PolicyView } from "../../simulations/comparison/index.ts";
import type { Estimate } from "../../simulations/statistics/index.ts";
import { capitalise } from "../../views/index.ts";
import { resolveDataset } from "./resolve.ts";
import { provenanceOf, storedComparison } from "./stored-comparison.ts";

/** Shares of bad orders and the like that a design takes along; more would make every decision wait. */
const ratiosMost = 3;

/** What a policy may be tested for: sales, harm, who leaves, and who of those that are new stays. */
export const primaryOutcomes = ["sales", "harm", "exit", "newcomers"] as const;

type PrimaryOutcome = (typeof primaryOutcomes)[number];

/** A primary outcome that a design may be written for. */
interface OfferedOutcome {
  readonly outcome: PrimaryOutcome;
  readonly title: string;
  readonly isChosen: boolean;
}

/**
 * Arms: the baseline as control, and every candidate. Sales are primary where the first candidate's forecast of them rises; where it falls or there is
 * none, the first share that lowers a merited tier and that labels of harm rest on is, and sales are a guardrail: or what is wanted, where it is offered. Weeks: the
 * comparison's window of four. A name that no experiment of this home has.
 */
export function designOfComparison(
  store: Store,
  run: RunRecord,
  wanted?: PrimaryOutcome,
): { readonly text: string; readonly offered: readonly OfferedOutcome[] } {
  const comparison = storedComparison(store, run);
  const { schema } = resolveDataset(store, run.datasetId).manifest;
  const baseline = comparison.baseline.policy;
  const versions = comparison.candidates.map(({ version }) => version);
  const name = freeName(store, `${baseline.programme}-${versions[0] ?? ""}-${run.id.slice(0, 6)}`);
  const reference = ({ programme, version }: Pick<PolicyView, "programme" | "version">): string => `${programme}@${version}`;
  const shares = evenShares(versions.length + 1);
  const arms = [
    ["control", reference(baseline)],
    ...comparison.candidates.map(({ policy }) => [versions.length === 1 ? "candidate" : `v${policy.version}`, reference(policy)]),
  ].map(([arm = "", policy = ""], index) => `  ${arm}: { share: ${shares[index] ?? ""} %, policy: ${policy} }`);
  const sold = centralShare(comparison);
  const found = measuredBy(provenanceOf(run).policies[0]?.policy, schema, sold);
  const titles = titlesOf(found, schema);
  const primary = wanted !== undefined && titles[wanted] !== undefined ? wanted : found.primary;
  const measured = { ...found, primary };
  const offered = primaryOutcomes.flatMap((outcome) => {
    const title = titles[outcome];
    return title === undefined ? [] : [{ outcome, title, isChosen: outcome === primary }];
  });
  const text = `experiment: ${name}
title: ${JSON.stringify(`${baseline.title}: ${versions.join(", ")} against ${baseline.version}`)}
hypothesis: ${JSON.stringify(hypothesisOf(measured, comparison, versions.length === 1 ? "the candidate" : `v${versions[0] ?? ""}`))}
forecast: ${run.id}                 # the comparison that proposed it
unit: ${comparison.panel.entity}
arms:                                    # the first is the control
${arms.join("\n")}
assignment: { salt: ${name} }
columns: { unit: ${comparison.panel.entity} }                # add 'day: <column>' where the file has a row a unit and day
metrics:
${metricsOf(measured, schema).join("\n")}
plan: { level: 95 %, power: 80 %, looks: once, weeks: 4, units: ${Math.max(2, comparison.panel.entitiesAtEnd)} }
# where the file has the tier before the experiment: 'segments: [tier]', and in the plan 'strata: tier' compares arms within tiers
`;
  return { text, offered };
}

/** By outcome that is offered: what it is called. Who leaves is told by every panel. */
function titlesOf({ ratios: [ratio] }: Measured, { gmvMeasure }: PanelSchema): { readonly [Outcome in PrimaryOutcome]?: string } {
  return {
    ...(gmvMeasure === undefined ? {} : { sales: "Sales" }),
    ...(ratio === undefined ? {} : { harm: titleOf(ratio.name) }),
    exit: growth.exit.title,
    newcomers: growth.newcomers.title,
  };
}

/** Outcomes of growth, by the columns that units of the past have for them. */
const growth = {
  exit: {
    title: "Left before the end",
    hope: "Fewer leave under",
    by: "by 20 % or more",
    metric: "exited: { share: exited, role: primary, better: down, effect: 20 % of control",
    values: "1 of who left before the end, 0 of who stayed",
  },
  newcomers: {
    title: "Newcomers who stayed",
    hope: "More newcomers stay under",
    by: "by 5 points or more",
    metric: "newcomer_stayed: { share: newcomer_stayed, missing: leave out, role: primary, better: up, effect: 5 points",
    values: "of newcomers 1 of who stayed to the end, 0 of who left; empty of all others",
  },
} as const;

function freeName(store: Store, wanted: string): string {
  const base = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 58);
  const taken = (name: string): boolean => store.experiments.find(name) !== undefined;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken(name)) return name;
  }
}

/** Per cent with two decimals that add up to 100. */
function evenShares(count: number): readonly string[] {
  const each = Math.floor(10_000 / count);
  return Array.from({ length: count }, (_, index) => String((index === 0 ? 10_000 - each * (count - 1) : each) / 100));
}

/** Of the first candidate: the central forecast of each entity's own sales, as shares of all sales. */
function centralShare({ candidates }: Comparison): Pick<Estimate, "value" | "interval"> | undefined {
  const sales = candidates[0]?.sales;
  const own = sales?.scenarios.find(({ name }) => name === "central")?.own;
  if (sales === undefined || own?.kind !== "estimate" || !(sales.total > 0)) return undefined;
  const share = (value: number): number => value / sales.total;
  const { interval } = own;
  return {
    value: share(own.value),
    ...(interval === undefined ? {} : { interval: { ...interval, lower: share(interval.lower), upper: share(interval.upper) } }),
  };
}

/** What a design measures: the forecast of sales, the shares, and what is primary. */
interface Measured {
  readonly sold: ReturnType<typeof centralShare>;
  readonly ratios: ReturnType<typeof ratiosOf>;
  readonly primary: PrimaryOutcome;
}

function measuredBy(policy: Policy | undefined, schema: PanelSchema, sold: Measured["sold"]): Measured {
  const ratios = policy === undefined ? [] : ratiosOf(policy, schema);
  const isSalesPrimary = schema.gmvMeasure !== undefined && ((sold?.value ?? 0) > 0 || ratios.length === 0);
  return { sold, ratios, primary: isSalesPrimary ? "sales" : "harm" };
}

/** What the primary metric is expected to show, then what the replay forecasts of sales. */
function hypothesisOf({ sold, ratios: [ratio], primary: outcome }: Measured, { panel }: Comparison, arm: string): string {
  const grown = outcome === "exit" || outcome === "newcomers" ? `${growth[outcome].hope} ${arm}, ${growth[outcome].by}. ` : "";
  const primary = outcome === "harm" && ratio !== undefined ? `${titleOf(ratio.name)} falls under ${arm}, by 10 % or more. ` : grown;
  if (sold === undefined)
    return primary === "" ? "What the comparison says of tiers and errors shows in what sellers and buyers do." : primary.trim();
  const { interval } = sold;
  const span = interval === undefined ? "" : ` (${percent(interval.lower)} to ${percent(interval.upper)} %)`;
  const change = `${sold.value > 0 ? "+" : ""}${percent(sold.value)} %${span}`.replaceAll("-", "\u2212");
  return `${primary}The replay forecasts that the sales of an average ${panel.entity} change by ${change} under ${arm}.`;
}

function metricsOf({ sold, ratios, primary: outcome }: Measured, schema: PanelSchema): readonly string[] {
  const { gmvMeasure, ordersMeasure } = schema;
  const margin = Math.max(5, ...(sold?.interval === undefined ? [] : [-100 * sold.interval.lower]));
  const effect = sold === undefined || sold.value === 0 ? "5" : percent(Math.abs(sold.value));
  const sales =
    gmvMeasure === undefined
      ? []
      : [
          outcome === "sales"
            ? `  ${gmvMeasure}: { mean: ${gmvMeasure}, role: primary, better: up, effect: ${effect} % of control, title: Sales }   # 'covariate: <sales before>' takes noise out`
            : `  ${gmvMeasure}: { mean: ${gmvMeasure}, role: guardrail, better: up, margin: ${Number(margin.toPrecision(2))} % of control, title: Sales }   # 'covariate: <sales before>' takes noise out`,
        ];
  const primary = outcome === "harm" ? 0 : -1;
  const grown =
    outcome === "exit" || outcome === "newcomers"
      ? [`  ${growth[outcome].metric}, title: ${growth[outcome].title} }   # ${growth[outcome].values}`]
      : [];
  if (grown.length + sales.length + ratios.length === 0 && ordersMeasure === undefined) {
    const column = schema.measures[0]?.name ?? "active";
    return [`  ${column}: { mean: ${column}, role: primary, better: up, effect: 5 % of control }`];
  }
  return [
    ...grown,
    ...sales,
    ...ratios.map(
      ({ name, of, over }, index) =>
        `  ${name}: { ratio: ${of} of ${over}, ${index === primary ? "role: primary, better: down, effect: 10 % of control" : "role: guardrail, better: down, margin: 20 % of control"}, title: ${titleOf(name)} }`,
    ),
    ...(ordersMeasure === undefined
      ? []
      : [
          `  ${ordersMeasure}: { mean: ${ordersMeasure}, role: secondary, better: up, title: ${titleOf(ordersMeasure)} }`,
          `  still_selling: { share: ${ordersMeasure}, role: ${grown.length + sales.length + ratios.length === 0 ? "primary" : "guardrail"}, better: up, margin: 5 points, title: Sold anything in these weeks }`,
        ]),
  ];
}

/** Shares of one flow of the panel in another that can only lower the merited tier; those that labels of harm rest on first. */
function ratiosOf(policy: Policy, schema: PanelSchema): readonly { readonly name: string; readonly of: string; readonly over: string }[] {
  const influence = new Influence(policy);
  const isFlow = (name: string): boolean => schema.measures.some((measure) => measure.name === name && measure.kind === "flow");
  const harmful = new Set(schema.outcomes.flatMap(({ measures }) => measures));
  return policy.metrics
    .flatMap((metric) => {
      if (metric.kind !== "share" || metric.part.kind !== "reference" || metric.whole.kind !== "reference") return [];
      const [of, over] = [metric.part.name, metric.whole.name];
      return isFlow(of) && isFlow(over) && influence.of(metric.name) === -1 ? [{ name: metric.name, of, over }] : [];
    })
    .toSorted((a, b) => Number(harmful.has(b.of)) - Number(harmful.has(a.of)))
    .slice(0, ratiosMost);
}

/** For people: `late_dispatch_rate` is 'Late dispatch rate'. */
function titleOf(name: string): string {
  return capitalise(name.replaceAll("_", " "));
}

function percent(value: number): string {
  return String(Number((100 * value).toPrecision(2)));
}
