/** The same error rates by every estimator: how far what one assumes moves them, and what each rests on. */
import type { Errors, EstimateBy, EstimatorName, FigureEstimates, LabelEstimates } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { IntervalRow, PairedRow } from "../charts/index.ts";
import {
  capitalise,
  countInWords,
  countOf,
  formatCount,
  formatDate,
  formatNumber,
  formatPoints,
  formatRange,
  formatShare,
  listInWords,
} from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { boundsMark, markOf, notDetermined, numberOf, shareInterval } from "./estimate-words.ts";
import { byName, cells, limits, type RateName, rateBy, reasonOf, sizeCell, text, threeOf, titleOf } from "./estimator-cells.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { estimateKey, pairedKey, pairedShares } from "./paired-shares.ts";
import type { Block, Cell, Figure, ReportTable } from "./report.ts";
import { fewEntities, fewInGroup } from "./small-data.ts";

const fullModes = ["full", "method"] as const;
const limitsName = "No assumption";
const groupNames = { both: "Adverse under both", newly: "Newly adverse", released: "Released", neither: "Adverse under neither" } as const;

/** What each estimator rests on, in so few words that they stand under its name. */
export const restsOn: Readonly<Record<EstimatorName, string>> = {
  "labelled-only": "labels missing at random",
  stratified: "missing at random within strata",
  "inverse-probability": "the model of who is labelled",
  "doubly-robust": "either of two models",
  "horvitz-thompson": "audit probabilities known",
  audits: "audit probabilities known",
  "two-phase": "audit probabilities known",
};

/** One of each kind is drawn for every group; the table holds all. */
const drawnInGroups: ReadonlySet<EstimatorName> = new Set(["labelled-only", "doubly-robust", "two-phase"]);

/** Nothing where the comparison holds no such estimates. */
export function estimatorBlocks(facts: Facts, errors: Errors): readonly Block[] {
  const { estimates } = errors;
  if (estimates === undefined) return [];
  return [
    { modes: fullModes, kind: "figure", figure: ratesFigure(facts, errors, falsePositives(facts, errors, estimates)) },
    ...missBlock(facts, errors, estimates),
    { modes: fullModes, kind: "figure", figure: groupsFigure(facts, errors, estimates) },
    {
      modes: fullModes,
      kind: "table",
      name: "False share by estimator",
      table: ratesTable(facts, tabled(estimates, "false-share")),
      isOpen: false,
    },
    methodNote(estimates),
  ];
}

/** One rate under both versions, and its change. */
interface TabledRate {
  readonly views: LabelEstimates["estimators"];
  readonly baseline: FigureEstimates;
  readonly candidate: FigureEstimates;
  readonly change?: FigureEstimates;
}

/** The same as a figure shows it. */
interface DrawnRate extends Required<TabledRate> {
  readonly id: string;
  readonly title: string;
  /** `Share of fine sellers held in an adverse tier`. */
  readonly words: string;
  readonly heading: string;
}

function tabled(estimates: LabelEstimates, name: RateName): TabledRate {
  return { views: estimates.estimators, baseline: rateBy(estimates, "baseline", name), candidate: rateBy(estimates, "candidate", name) };
}

function falsePositives(facts: Facts, errors: Errors, estimates: LabelEstimates): DrawnRate {
  const rates = tabled(estimates, "false-positive-rate");
  return {
    ...rates,
    id: "error-estimates",
    title: ratesTitle(facts, errors, rates.candidate),
    words: `Share of fine ${facts.many} held in an adverse tier`,
    heading: "False-positive rate, %",
    change: estimates.falsePositiveChange,
  };
}

/** The miss rate beside it; nothing of comparisons that were kept before its change was estimated. */
function missBlock(facts: Facts, errors: Errors, estimates: LabelEstimates): readonly Block[] {
  const { missChange: change } = estimates;
  if (change === undefined) return [];
  const figure = ratesFigure(facts, errors, {
    ...tabled(estimates, "miss-rate"),
    id: "miss-estimates",
    title: missTitle(facts, change),
    words: `Share of harmful ${facts.many} not held in an adverse tier`,
    heading: "Miss rate, %",
    change,
  });
  return [{ modes: fullModes, kind: "figure", figure }];
}

/** What the headline of the change bears; where it is refused, what the limits do. */
function missTitle({ many, candidateVersion: version }: Facts, { headline, bounds }: FigureEstimates): string {
  const { estimate } = headline;
  const [least, most] = [numberOf(bounds.lower), numberOf(bounds.upper)];
  const way = (value: number) => (value > 0 ? "more" : "fewer");
  if (least === 0 && most === 0) return `Whatever the missing labels say, as many harmful ${many} are missed under either version`;
  if (least !== undefined && most !== undefined && (least > 0 || most < 0))
    return `Whatever the missing labels say, ${way(least)} harmful ${many} are missed under ${version}`;
  if (estimate.kind === "undetermined") return `Whether ${version} misses more harmful ${many} or fewer these labels cannot say`;
  const { value, interval } = estimate;
  if (value === 0 && interval !== undefined && interval.lower === 0 && interval.upper === 0)
    return `As many harmful ${many} are missed under either version`;
  if (interval === undefined || (interval.lower <= 0 && interval.upper >= 0))
    return `Whether ${version} misses more harmful ${many} or fewer is not clear`;
  return `We estimate that ${version} misses ${way(value)} harmful ${many}: ${formatPoints(value)} points`;
}

function ratesFigure(facts: Facts, errors: Errors, rate: DrawnRate): Figure {
  const { id, title, words, heading, views, baseline, candidate, change } = rate;
  const isEstimated = (name: EstimatorName) => [candidate, change].some((figure) => byName(figure, name)?.estimate.kind === "estimate");
  const shown = views.filter(({ name }) => isEstimated(name));
  const missing = views.filter(({ name }) => byName(candidate, name) !== undefined && !isEstimated(name));
  const why = missing.map(({ name, title: called }) => ({ called: called.toLowerCase(), reason: reasonOf(byName(candidate, name)) }));
  // A reason that several estimators have is given once.
  const reasons = [...new Set(why.map(({ reason }) => reason))].map((reason) => {
    const those = why.filter((one) => one.reason === reason).map(({ called }) => called);
    return `${capitalise(listInWords(those))}: not determined, ${reason}.`;
  });
  const rows = [
    ...shown.map(({ name, title: label }) => {
      const [before, after, between] = [baseline, candidate, change].map((figure) => byName(figure, name));
      const leads = change.headline.estimator === name ? "; its change leads" : "";
      const notes = [
        restsOn[name],
        `${countOf(Math.round(after?.effectiveSize ?? 0), "effective label")}${isCut(before, after) ? "; cut to the limits" : ""}${leads}`,
      ];
      return pairedShares(label, notes, { baseline: before?.estimate, candidate: after?.estimate, change: between?.estimate });
    }),
    limitsRow(baseline, candidate, change),
  ];
  const bars = barsOf(facts, rows);
  const { estimate } = change.headline;
  const refusal = estimate.kind === "undetermined" ? `No single figure for the change: ${estimate.reason}.` : "";
  return {
    id,
    title,
    subtitle: [
      `${words}, per cent, at ${formatDate(errors.at)}, by how it is estimated and what that rests on; ${countOf(errors.inFrame, facts.one, facts.many)}, ${formatCount(errors.labelled)} labelled; ${bars.words}; hatched bars are limits.`,
      refusal,
      ...reasons,
    ]
      .filter((part) => part !== "")
      .join(" "),
    chart: {
      kind: "paired-rows",
      label: title,
      valueHeading: heading,
      pairHeading: `${facts.baselineVersion} → ${facts.candidateVersion}`,
      changeHeading: "Change, percentage points",
      changeColumn: bars.level,
      axis: { prefix: "", suffix: "", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
      rows,
    },
    key: [...pairedKey(facts, bars), { mark: "limits", words: "limits" }],
    table: ratesTable(facts, rate),
    links: figureLinks(facts, id),
  };
}

function limitsRow(baseline: FigureEstimates, candidate: FigureEstimates, change: FigureEstimates): PairedRow {
  const [mark, changeMark] = [boundsMark(candidate.bounds, 100), boundsMark(change.bounds, 100)];
  const text = (lower: number | undefined, upper: number | undefined, format: (value: number) => string, unit = "") =>
    lower === undefined || upper === undefined ? notDetermined : `${formatRange(format(lower), format(upper))}${unit}`;
  return {
    label: limitsName,
    notes: ["every missing label at its worst", "the same labels under both"],
    isBounds: true,
    baseline: boundsMark(baseline.bounds, 100),
    candidate: mark,
    pairText: text(mark.lower, mark.upper, (value) => formatNumber(value, 1), "\u00a0%"),
    change: changeMark,
    changeText: text(changeMark.lower, changeMark.upper, (value) => formatPoints(value / 100)),
    changeIntervalText: "",
  };
}

/** Whether what is known left no room for a rate, so that two rates may differ by their limits alone. */
function isCut(...found: readonly (EstimateBy | undefined)[]): boolean {
  return found.some(
    (by) => by?.estimate.kind === "estimate" && by.estimate.assumptions.some((words) => words.startsWith("cut to the limits")),
  );
}

/** How far the estimators lie apart; nothing is said of who is right. */
function ratesTitle(facts: Facts, errors: Errors, candidate: FigureEstimates): string {
  const values = candidate.estimates.map(({ estimate }) => numberOf(estimate)).filter((value) => value !== undefined);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (values.length === 0) return "No way of estimating gives a false-positive rate from these labels";
  const [first, last] = [formatShare(least), formatShare(most)];
  if (errors.labelled < fewEntities)
    return `${capitalise(countInWords(errors.labelled))} labelled ${errors.labelled === 1 ? facts.one : facts.many}: too few to say what the false-positive rate is`;
  if (candidate.headline.estimate.kind === "undetermined")
    return `The false-positive rate under ${facts.candidateVersion} is not determined: among the labelled it is ${first === last ? first : `${first} to ${last}`}, and labels do not reach all alike`;
  if (values.length === 1) return `One way of estimating gives a false-positive rate under ${facts.candidateVersion}: ${first}`;
  if (first === last) return `However it is estimated, the false-positive rate under ${facts.candidateVersion} is ${first}`;
  return `What one assumes about missing labels moves the false-positive rate under ${facts.candidateVersion} between ${first} and ${last}`;
}

/** Every estimator of a rate; without a change where none is estimated. */
function ratesTable(facts: Facts, { views, baseline, candidate, change }: TabledRate): ReportTable {
  const rows = views
    .filter(({ name }) => byName(candidate, name) !== undefined)
    .map(({ name, title, assumption }): readonly Cell[] => [
      title,
      ...cells(byName(baseline, name)),
      ...cells(byName(candidate, name)),
      ...(change === undefined ? [] : cells(byName(change, name))),
      sizeCell(byName(candidate, name)),
      reasonOf(byName(candidate, name)) || reasonOf(change && byName(change, name)) || assumption,
    ]);
  return {
    columns: [
      text("estimator"),
      ...threeOf(facts.baselineVersion, "share"),
      ...threeOf(facts.candidateVersion, "share"),
      ...(change === undefined ? [] : threeOf("change", "points")),
      { title: "effective labels", format: "count" },
      text("rests on, or why not"),
    ],
    rows: [
      ...rows,
      [limitsName, ...limits(baseline), ...limits(candidate), ...(change === undefined ? [] : limits(change)), "", "worst case"],
    ],
    currency: "",
  };
}

/** Fine among those adverse under both, newly adverse and released: labelled only, the headline if it is another, and limits. */
function groupsFigure(facts: Facts, errors: Errors, estimates: LabelEstimates): Figure {
  const groups = estimates.fineShares.filter(({ group, entities }) => group !== "neither" && entities > 0);
  const title = groupsTitle(facts, estimates, groups);
  const rows = groups.flatMap((group) => groupRows(facts, group));
  const bars = barsOf(facts, rows);
  return {
    id: "fine-by-group",
    title,
    subtitle: `Share that is fine of the ${facts.many} in each group, per cent, at ${formatDate(errors.at)}; ${bars.words}; hatched bars are limits that need no assumption.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "Share that is fine, %",
      columns: ["Estimate", bars.level],
      rows,
      axis: { prefix: "", suffix: "", isChange: false },
      isCompact: false,
    },
    key: [...estimateKey(bars), { mark: "limits", words: "limits" }],
    table: {
      columns: [
        text("group"),
        { title: facts.many, format: "count" },
        text("estimator"),
        ...threeOf("fine", "share"),
        { title: "effective labels", format: "count" },
        text("why not"),
      ],
      rows: groups.flatMap((group) => [
        ...group.estimates.map((by): readonly Cell[] => [
          groupNames[group.group],
          group.entities,
          titleOf(estimates, by.estimator),
          ...cells(by),
          sizeCell(by),
          reasonOf(by),
        ]),
        [groupNames[group.group], group.entities, limitsName, ...limits(group), "", ""],
      ]),
      currency: "",
    },
    links: figureLinks(facts, "fine-by-group"),
  };
}

type GroupShares = LabelEstimates["fineShares"][number];

function groupRows(facts: Facts, group: GroupShares): readonly IntervalRow[] {
  const name = groupNames[group.group];
  const drawn = group.estimates.filter(
    ({ estimator, estimate }) => (drawnInGroups.has(estimator) || estimator === group.headline.estimator) && estimate.kind === "estimate",
  );
  const bounds = boundsMark(group.bounds, 100);
  const row = (label: string, note: string, estimate: Estimated, isLead: boolean): IntervalRow => ({
    label,
    note,
    mark: markOf(estimate, 100),
    estimateText: estimate.kind === "undetermined" ? notDetermined : formatShare(estimate.value),
    intervalText: estimate.kind === "undetermined" ? "" : shareInterval(estimate),
    isTotal: isLead,
    isEmphasised: false,
  });
  return [
    ...drawn.map(({ estimator, estimate }) => row(name, restsOn[estimator], estimate, estimator === group.headline.estimator)),
    {
      label: name,
      note: `no assumption; ${formatCount(group.entities)} ${group.entities === 1 ? facts.one : facts.many}`,
      mark: bounds,
      estimateText: "limits",
      intervalText:
        bounds.lower === undefined || bounds.upper === undefined
          ? notDetermined
          : `${formatRange(formatNumber(bounds.lower, 1), formatNumber(bounds.upper, 1))}\u00a0%`,
      isTotal: false,
      isEmphasised: false,
    },
  ];
}

function groupsTitle(facts: Facts, estimates: LabelEstimates, groups: readonly GroupShares[]): string {
  const designBased = new Set(estimates.estimators.filter((view) => view.isDesignBased).map(({ name }) => name));
  const known = groups.flatMap(({ group, headline, entities }) => {
    const value = numberOf(headline.estimate);
    return value === undefined || entities < fewInGroup ? [] : [`${formatShare(value, 0)} of ${groupPhrase(group)}`];
  });
  const isAssumed = groups.some(
    ({ headline }) => headline.estimator !== undefined && !designBased.has(headline.estimator) && headline.estimate.kind === "estimate",
  );
  if (groups.length === 0) return `No ${facts.one} is held adverse under either version`;
  if (groups.every(({ entities }) => entities < fewInGroup))
    return `Every group that is held adverse has fewer than ${countInWords(fewInGroup)} ${facts.many}: too few to say how many are fine`;
  if (known.length === 0) return `These labels give no single figure for how many of those held adverse are fine`;
  return isAssumed ? `If labels are missing at random, ${listInWords(known)} are fine` : `We estimate that ${listInWords(known)} are fine`;
}

function groupPhrase(group: GroupShares["group"]): string {
  return { newly: "the newly adverse", both: "those adverse under both", released: "the released", neither: "the others" }[group];
}

function methodNote(estimates: LabelEstimates): Block {
  const { labelProbabilityMin, labelledShareMin, effectiveSizeMin } = estimates;
  return {
    modes: ["method"],
    kind: "note",
    title: "What each estimator rests on",
    paragraphs: [
      ...estimates.estimators.map(
        ({ title, formula, assumption, source }) => `${title}: ${formula}. ${capitalise(assumption)}. ${source}.`,
      ),
      `Weighted, stratified and doubly robust estimates are given only where everyone in the denominator has a chance of a label of at least ${formatShare(labelProbabilityMin)}; the others say why not.`,
      `The figure that the report leads with is chosen by a rule that looks at no result: audits with all labels, then audits alone, then doubly robust, stratified, labelled only. What assumes labels missing at random leads only where at least ${formatShare(labelledShareMin, 0)} of each side of the figure is labelled (of a rate those held adverse and the others; of a change the newly adverse, the released and those held alike); labelled only, which tells no groups apart, needs that of each of the four groups; and nothing leads that rests on fewer than ${formatCount(effectiveSizeMin)} effective labels (Kish: the square of the sum of weights over the sum of their squares).`,
      "Intervals: Wilson's for as many independent labels as give the linearised variance; the change by the square-and-add rule on its two parts (newly adverse, released).",
    ],
  };
}
