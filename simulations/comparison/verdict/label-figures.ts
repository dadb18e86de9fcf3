/** Figures of criteria that come from labels: the number among the labelled, its limits, and whether there is a single number for everyone at all. */
import { type Estimated, estimated, sumOf, tangoPaired, undetermined, wilson } from "../../statistics/index.ts";
import type { ErrorRate, Errors } from "../comparison.ts";
import { boundFalsePositiveChange, boundRate, type CountedGroups, type FigureBounds } from "../errors/error-bounds.ts";
import { countOver, type GroupName, type GroupTally, groupNames, groupsOf } from "../errors/error-tally.ts";
import { estimatorTable } from "../errors/estimator-table.ts";
import { sidesOfChange, sidesOfRate, thinLabels } from "../errors/thin-labels.ts";
import { type Compared, type FoundFigure, isNullReform } from "./compared.ts";
import type { CriterionFigure } from "./criterion.ts";
import type { GroupCoverage, LabelReading } from "./stability.ts";

/** The figures of criteria that come from labels. */
export type LabelFigure = "false-positive change" | "false-positive rate" | "miss change" | "miss rate" | "false share";

const rateNames = {
  "false-positive rate": "false-positive-rate",
  "miss rate": "miss-rate",
  "miss change": "miss-rate",
  "false share": "false-share",
} as const satisfies Partial<Record<LabelFigure, ErrorRate["name"]>>;

/** Whether a figure comes from labels. */
export function isLabelFigure(figure: CriterionFigure): figure is LabelFigure {
  return figure in rateNames || figure === "false-positive change";
}

/** A figure of one error table. It is refused where no estimator of the table carries it for everyone, labelled or not. */
export function labelFigureOf(figure: LabelFigure, errors: Errors, compared: Compared): FoundFigure {
  const { falsePositiveChangeBounds, candidate } = errors;
  const bounds =
    figure === "false-positive change" ? falsePositiveChangeBounds : candidate.bounds.find(({ name }) => name === rateNames[figure]);
  const headline = headlineOf(figure, errors);
  const refusal = headline?.estimate.kind === "undetermined" ? headline.estimate.reason : undefined;
  return figureWith(figure, compared, { at: errors.at, found: amongLabelled(figure, errors, compared), bounds, refusal });
}

/**
 * A figure at a date, or with the labels of a day, of which only counts are kept. It is refused where labels are too thin, unless what carries it in the
 * comparison's own table rests on the design of random audits.
 */
export function coverageFigureOf(figure: LabelFigure, { at, coverage }: LabelReading, compared: Compared): FoundFigure {
  const [errors] = compared.candidate.errors;
  const headline = errors === undefined ? undefined : headlineOf(figure, errors);
  const isByDesign = headline?.estimator !== undefined && estimatorTable[headline.estimator].isDesignBased;
  const tally = tallyOf(coverage);
  const isChange = figure === "false-positive change";
  const bounds = isChange ? boundFalsePositiveChange(tally) : boundRate(tally, rateNames[figure], "candidate");
  const thin = thinLabels(tally, isChange ? sidesOfChange : sidesOfRate(rateNames[figure], "candidate"));
  const refusal = headline === undefined || isByDesign ? undefined : thin?.reason;
  return figureWith(figure, compared, { at, found: coverageFigure(figure, tally, compared), bounds, refusal });
}

function figureWith(
  figure: LabelFigure,
  compared: Compared,
  of: { readonly at: string; readonly found: Estimated; readonly bounds: FigureBounds | undefined; readonly refusal: string | undefined },
): FoundFigure {
  const { at, found, bounds, refusal } = of;
  const isNoChange = figure.endsWith("change") && isNullReform(compared);
  const { lower, upper } = (figure === "miss change" ? undefined : bounds) ?? {};
  const hasLimits = lower?.kind === "estimate" && upper?.kind === "estimate";
  return {
    found,
    at,
    ...(hasLimits ? { limits: { lower: lower.value, upper: upper.value } } : {}),
    ...(refusal === undefined || isNoChange ? {} : { refusal }),
  };
}

function headlineOf(figure: LabelFigure, { estimates }: Errors) {
  if (figure === "false-positive change") return estimates?.falsePositiveChange.headline;
  return estimates?.rates.find(({ side, name }) => side === "candidate" && name === rateNames[figure])?.headline;
}

function amongLabelled(figure: LabelFigure, errors: Errors, compared: Compared): Estimated {
  if (figure === "false-positive change") {
    if (errors.falsePositiveChange.kind === "estimate" && isNullReform(compared))
      return estimated({ value: 0, method: "count", n: errors.fine });
    return errors.falsePositiveChange;
  }
  const rate = errors.candidate.rates.find(({ name }) => name === rateNames[figure])?.estimate;
  if (figure === "miss change" && rate?.kind !== "undetermined") return coverageFigure(figure, tallyOf(errors.coverage), compared);
  return rate ?? undetermined("the table has no such rate", "labels");
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

/** A figure from who is adverse and what is known of them. */
function coverageFigure(figure: LabelFigure, tally: CountedGroups, compared: Compared): Estimated {
  const { level } = compared.comparison.provenance;
  const assumptions = countOver(tally, groupNames, "unlabelled") === 0 ? [] : ["labelled entities only: assumes labels missing at random"];
  const counted = figure.startsWith("false-positive") ? "fine" : "harmful";
  const of = (group: GroupName): number => tally.groups[group][counted];
  const [both, newly, released, neither] = [of("both"), of("newly"), of("released"), of("neither")];
  const trials = both + newly + released + neither;
  const adverse = groupsOf("candidate", true);
  const adverseFine = countOver(tally, adverse, "fine");
  const denominator = figure === "false share" ? adverseFine + countOver(tally, adverse, "harmful") : trials;
  if (denominator === 0) return undetermined("no labelled entity is in the denominator", "labels of such entities");
  switch (figure) {
    case "false-positive change":
      if (isNullReform(compared)) return estimated({ value: 0, method: "count", n: trials });
      return tangoPaired({ both, onlySecond: newly, onlyFirst: released, neither, level, assumptions });
    case "miss change":
      if (isNullReform(compared)) return estimated({ value: 0, method: "count", n: trials });
      return tangoPaired({ both: neither, onlySecond: released, onlyFirst: newly, neither: both, level, assumptions });
    case "false-positive rate":
      return wilson({ successes: both + newly, trials, level, assumptions });
    case "miss rate":
      return wilson({ successes: released + neither, trials, level, assumptions });
    case "false share":
      return wilson({ successes: adverseFine, trials: denominator, level, assumptions });
  }
}
