/** Figures of criteria that come from labels: what the error rates lead with, by which estimator, and the limits without any assumption. */
import { type Estimated, estimated, sumOf, undetermined } from "../../statistics/index.ts";
import type { ErrorRate, Errors } from "../comparison.ts";
import { boundChange, boundRate, type CountedGroups, type FigureBounds } from "../errors/error-bounds.ts";
import type { GroupTally } from "../errors/error-tally.ts";
import type { FigureEstimates, LabelEstimates } from "../errors/estimates.ts";
import { estimatorTable } from "../errors/estimator-table.ts";
import { type Compared, type FoundFigure, isNullReform } from "./compared.ts";
import type { CriterionFigure } from "./criterion.ts";
import {
  type FigureEstimator,
  type GroupCoverage,
  type Headlines,
  type LabelFigure,
  type LabelReading,
  labelFigures,
} from "./stability.ts";

type Headline = FigureEstimates["headline"];

const rateNames = {
  "false-positive rate": "false-positive-rate",
  "miss rate": "miss-rate",
  "false share": "false-share",
} as const satisfies Partial<Record<LabelFigure, ErrorRate["name"]>>;

const countedAmong = { "false-positive change": "fine", "miss change": "harmful" } as const;

/** Whether a figure comes from labels. */
export function isLabelFigure(figure: CriterionFigure): figure is LabelFigure {
  return labelFigures.some((name) => name === figure);
}

/** What a table of estimates leads with, by figure; the miss change is absent in comparisons that were kept before it was estimated. */
export function headlinesOf({ rates, falsePositiveChange, missChange }: LabelEstimates): Headlines {
  const ofRate = (figure: keyof typeof rateNames): Headline =>
    rates.find(({ side, name }) => side === "candidate" && name === rateNames[figure])?.headline ?? keptBefore;
  return {
    "false-positive change": falsePositiveChange.headline,
    "false-positive rate": ofRate("false-positive rate"),
    "miss change": missChange?.headline ?? keptBefore,
    "miss rate": ofRate("miss rate"),
    "false share": ofRate("false share"),
  };
}

const keptBefore: Headline = { estimate: undetermined("the run was kept before this figure was estimated", "a new run") };

/** A figure of one error table. It is refused where no estimator of the table carries it for everyone, labelled or not. */
export function labelFigureOf(figure: LabelFigure, errors: Errors, compared: Compared): FoundFigure {
  const { at, coverage, estimates } = errors;
  if (estimates !== undefined) return carried(figure, { at, coverage, headline: headlinesOf(estimates)[figure] }, compared);
  return { at, found: unestimated(figure, errors), ...limitsOf(figure, coverage) };
}

/** A figure at another date, or with the labels of another day. */
export function labelReadingOf(figure: LabelFigure, { at, coverage, headlines }: LabelReading, compared: Compared): FoundFigure {
  if (headlines !== undefined) return carried(figure, { at, coverage, headline: headlines[figure] }, compared);
  const [errors] = compared.candidate.errors;
  const found = errors === undefined || errors.estimates !== undefined ? keptBefore.estimate : unestimated(figure, errors);
  return { at, found, ...limitsOf(figure, coverage) };
}

function carried(
  figure: LabelFigure,
  { at, coverage, headline }: Pick<LabelReading, "at" | "coverage"> & { readonly headline: Headline },
  compared: Compared,
): FoundFigure {
  const limits = limitsOf(figure, coverage);
  const { estimate, estimator } = headline;
  if ((figure === "false-positive change" || figure === "miss change") && isNullReform(compared))
    return { at, found: noChange(figure, coverage), ...limits };
  if (estimate.kind === "undetermined") return { at, found: estimate, ...limits, refusal: estimate.reason };
  return { at, found: estimate, ...limits, ...(estimator === undefined ? {} : { by: estimatorOf(estimator, estimate) }) };
}

/** A policy against itself changes nothing, whoever is labelled. */
function noChange(figure: keyof typeof countedAmong, coverage: readonly GroupCoverage[]): Estimated {
  const counted = sumOf(coverage.map(({ labelled, fine }) => (countedAmong[figure] === "fine" ? fine : labelled - fine)));
  if (counted === 0) return undetermined("no labelled entity is in the denominator", "labels of such entities");
  return estimated({ value: 0, method: "count", n: counted });
}

function estimatorOf(name: FigureEstimator["name"], { assumptions }: Extract<Estimated, { kind: "estimate" }>): FigureEstimator {
  const { title, assumption, isDesignBased } = estimatorTable[name];
  const isCount = name === "labelled-only" && !assumptions.some((words) => words.startsWith("labelled entities only"));
  return { name, title, assumption: isCount ? "everyone who counts has a label" : assumption, isDesignBased };
}

/** Why there is no figure where nothing is estimated: appeals alone label, or nothing is mature. */
function unestimated(figure: LabelFigure, { candidate, falsePositiveChange }: Errors): Estimated {
  if (figure === "false-positive change") return falsePositiveChange;
  const name = figure === "miss change" ? "miss-rate" : rateNames[figure];
  return candidate.rates.find((rate) => rate.name === name)?.estimate ?? keptBefore.estimate;
}

function limitsOf(figure: LabelFigure, coverage: readonly GroupCoverage[]): Pick<FoundFigure, "limits"> {
  const { lower, upper } = boundsOf(figure, tallyOf(coverage));
  return lower.kind === "estimate" && upper.kind === "estimate" ? { limits: { lower: lower.value, upper: upper.value } } : {};
}

function boundsOf(figure: LabelFigure, tally: CountedGroups): FigureBounds {
  return figure === "false-positive change" || figure === "miss change"
    ? boundChange(tally, countedAmong[figure])
    : boundRate(tally, rateNames[figure], "candidate");
}

function tallyOf(coverage: readonly GroupCoverage[]): CountedGroups {
  const groupOf = (name: GroupCoverage["group"]): GroupTally => {
    const { entities = 0, labelled = 0, fine = 0 } = coverage.find(({ group }) => group === name) ?? {};
    return { fine, harmful: labelled - fine, unlabelled: entities - labelled, upheld: 0, overturned: 0, pending: 0 };
  };
  return {
    inFrame: sumOf(coverage.map(({ entities }) => entities)),
    groups: { both: groupOf("both"), newly: groupOf("newly"), released: groupOf("released"), neither: groupOf("neither") },
  };
}
