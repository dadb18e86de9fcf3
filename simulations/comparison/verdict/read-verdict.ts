/** Holds a candidate against criteria: here, and at other dates, horizons and maturity. */
import { invariant } from "../../../data/foundation/index.ts";
import type { Estimated } from "../../statistics/index.ts";
import { withoutIntervals } from "../no-draw.ts";
import type { Compared, FoundFigure } from "./compared.ts";
import { type BoundKind, definitionOf, type ResolvedCriterion, ruleOf } from "./criterion.ts";
import { countedFigure, figureOf } from "./figures.ts";
import { isLabelFigure, labelFigureOf, labelReadingOf } from "./label-figures.ts";
import type { FigureEstimator } from "./stability.ts";
import type { CriterionReading, ElsewhereReading, Reading, Verdict } from "./verdict.ts";

/**
 * Reads every criterion. A criterion passes when the whole interval of its figure (the number itself, where it is an exact count)
 * keeps the bound, fails when the whole of it breaks the bound, and is undetermined between, or when there is no number. Where the comparison refuses
 * a single figure for everyone because labels are too thin, only the limits are read. From the comparison alone: nothing is replayed.
 */
export function readVerdict(compared: Compared, criteria: readonly ResolvedCriterion[]): Verdict {
  invariant(criteria.length > 0, "a verdict needs a criterion");
  const readings = criteria.map((criterion) => readCriterion(compared, criterion));
  const elsewhere = readings.flatMap((reading) => reading.elsewhere.map((other) => other.reading === reading.reading));
  return {
    reading: overall(readings.map(({ reading }) => reading)),
    criteria: readings,
    elsewhere: { readings: elsewhere.length, same: elsewhere.filter(Boolean).length },
  };
}

/** Fail when any fails; else undetermined when any is; else pass. */
export function overall(readings: readonly Reading[]): Reading {
  if (readings.includes("fail")) return "fail";
  return readings.includes("undetermined") ? "undetermined" : "pass";
}

const units: Readonly<Record<BoundKind, CriterionReading["unit"]>> = {
  share: "share",
  points: "points",
  overall: "factor",
  baseline: "factor",
};

function readCriterion(compared: Compared, criterion: ResolvedCriterion): CriterionReading {
  const figure = figureOf(criterion, compared);
  const { at, limits, refusal, by } = figure;
  const { found, reading } = readFigure(compared, criterion, figure);
  const why = refusal ?? (isUndrawn(compared, figure.found) ? compared.candidate.noDraw : reasonOf(found));
  const reason = reading === "undetermined" ? why : undefined;
  const elsewhere = readElsewhere(compared, criterion);
  const nowhereElse = elsewhere.length > 0 ? undefined : whyNowhere(criterion);
  return {
    words: criterion.words,
    definition: by === undefined ? definitionOf(criterion) : `${definitionOf(criterion)}; ${byWords(by)}`,
    unit: units[criterion.bound.kind],
    operator: criterion.operator,
    bound: criterion.bound.value,
    at,
    found,
    reading,
    ...(reason === undefined ? {} : { reason }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(limits === undefined ? {} : { limits: { ...limits, reading: readingBetween(criterion, limits) } }),
    ...(by === undefined ? {} : { by }),
    elsewhere,
    ...(nowhereElse === undefined ? {} : { nowhereElse }),
  };
}

/** `by random audits, design-based: audit probabilities known`. */
function byWords({ title, assumption }: FigureEstimator): string {
  return `by ${title.toLowerCase()}, ${assumption}`;
}

/**
 * How a figure reads. Where a single figure is refused, by its limits alone. Where another draw of entities cannot be made a figure that would have an interval has
 * none, and is undetermined; a count stays one.
 */
function readFigure(
  compared: Compared,
  criterion: ResolvedCriterion,
  { found: figure, limits, refusal }: Omit<FoundFigure, "at">,
): { readonly found: Estimated; readonly reading: Reading } {
  const { noDraw } = compared.candidate;
  const isDrawn = noDraw === undefined || !isUndrawn(compared, figure);
  const found = isDrawn ? figure : withoutIntervals(figure, noDraw);
  if (refusal !== undefined) return { found, reading: limits === undefined ? "undetermined" : readingBetween(criterion, limits) };
  return { found, reading: isDrawn ? readingOf(criterion, figure) : "undetermined" };
}

function isUndrawn({ candidate: { noDraw } }: Compared, figure: Estimated): boolean {
  if (noDraw === undefined || figure.kind === "undetermined") return false;
  return figure.interval !== undefined || figure.assumptions.some((words) => words.includes(noDraw));
}

/** How a number reads against a bound. An interval that has no end on the side that matters reads as undetermined. */
export function readingOf(criterion: Pick<ResolvedCriterion, "operator" | "bound">, found: Estimated): Reading {
  if (found.kind === "undetermined" || found.set !== undefined) return "undetermined";
  return readingBetween(criterion, found.interval ?? { lower: found.value, upper: found.value });
}

function readingBetween(
  { operator, bound }: Pick<ResolvedCriterion, "operator" | "bound">,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): Reading {
  if (operator === "at most" ? upper <= bound.value : lower >= bound.value) return "pass";
  return (operator === "at most" ? lower > bound.value : upper < bound.value) ? "fail" : "undetermined";
}

function reasonOf(found: Estimated): string {
  if (found.kind === "undetermined") return found.reason;
  return found.set === undefined ? "the interval holds the bound" : "what is not ruled out has no two ends";
}

function readElsewhere(compared: Compared, criterion: ResolvedCriterion): readonly ElsewhereReading[] {
  const { figure, who } = criterion;
  const { stability, errors } = compared.candidate;
  type Place = Omit<ElsewhereReading, "found" | "reading" | "at">;
  const read = (place: Place, found: FoundFigure): ElsewhereReading => ({
    ...place,
    at: found.at,
    ...readFigure(compared, criterion, found),
    ...(found.by === undefined ? {} : { by: found.by }),
    ...(found.refusal === undefined ? {} : { refusal: found.refusal, ...(found.limits === undefined ? {} : { limits: found.limits }) }),
  });
  if (isLabelFigure(figure)) {
    const labels = (stability?.labels ?? []).map((reading) =>
      read({ along: reading.along, knownAt: reading.knownAt }, labelReadingOf(figure, reading, compared)),
    );
    const horizons = errors
      .slice(1)
      .map((table) =>
        read(
          { along: "horizon", knownAt: table.knownAt, source: table.source, horizonDays: table.horizonDays },
          labelFigureOf(figure, table, compared),
        ),
      );
    return [...labels, ...horizons];
  }
  if (ruleOf(figure).elsewhere !== "dates" || who.kind !== "everyone") return [];
  return (stability?.dates ?? []).map((counts) =>
    read({ along: "date" }, { at: counts.at, found: countedFigure(figure, counts, compared) }),
  );
}

function whyNowhere({ figure, who }: ResolvedCriterion): string {
  if (who.kind !== "everyone") return "segments are kept at the end of the range only";
  switch (ruleOf(figure).elsewhere) {
    case "none":
      return figure === "gmv at stake" || figure === "worst segment ratio"
        ? "sales and segments are kept at the end of the range only"
        : "it is a figure of the whole range";
    case "dates":
      return "the range holds no other evaluation";
    case "labels":
      return "no other evaluation has mature labels";
  }
}
