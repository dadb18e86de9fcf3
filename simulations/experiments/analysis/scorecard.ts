/** The scorecard: one row a metric and candidate, all of it from one inference object. */
import { decimalsTogether, present } from "../../../data/foundation/index.ts";
import {
  alwaysValidEffect,
  chancePositive,
  type Estimated,
  expectedShortfall,
  type Found,
  guardrail,
  normalCdf,
  sequenceWidth,
  studentChancePositive,
  studentShortfall,
  type Undetermined,
  undetermined,
  varianceOfPair,
} from "../../statistics/index.ts";
import { arePartsOf, type ExperimentDesign, type ExperimentMetric, shownForm } from "../design/experiment-design.ts";
import type { ArmMoments } from "../observations/observations.ts";
import type { CandidatePair, GuardrailReading, Reading, ScorecardRow } from "./analysis.ts";
import { type Evidence, tunedForOf, widthOf } from "./evidence.ts";
import { adjusted, type Corrections, correctionsOf, endsText, type FamilyMember } from "./families.ts";
import { boundedAt, type Judge, tooEarly } from "./judged.ts";
import { type ArmPair, compareMetric, type MetricComparison, outcomeOf, outcomeValue, withoutCovariates } from "./metric-comparison.ts";

/** Rows in the order of the candidates, then of the metrics. `plain`: the arms as they are, where `arms` are averaged over strata. */
export function scorecardOf(
  design: ExperimentDesign,
  arms: readonly ArmMoments[],
  evidence: Evidence,
  plain: readonly ArmMoments[] = arms,
): readonly ScorecardRow[] {
  const judges = judgesOf(design, evidence);
  const rows = design.arms.slice(1).flatMap((_, place) =>
    design.metrics.map((metric, index) => {
      const { widthAt } = judges[metric.role];
      return memberOf(design, { arms, plain }, { metric, index, base: 0, arm: place + 1, evidence, widthAt });
    }),
  );
  return adjusted(design, evidence, rows, correctionsOf(design)).map((row) => {
    const called = design.arms.length > 2 ? `${row.title} under ${row.arm}` : row.title;
    const under = { called, shown: row.arm };
    return { ...row, ...readingOf(row, evidence, { ...under, significant: significance(design, evidence, row) }) };
  });
}

/**
 * Every ordered pair of candidates as `scorecardOf` reads candidates against the control, so that any of them may be the base; the control's side is the base's. By pair, the
 * first of a design's order first, then by metric. Guardrails have no margin between candidates.
 */
export function pairsOf(
  design: ExperimentDesign,
  { arms, plain }: Readonly<Record<"arms" | "plain", readonly ArmMoments[]>>,
  evidence: Evidence,
  corrections: Corrections,
): readonly CandidatePair[] {
  const candidates = design.arms.map((_, place) => place).slice(1);
  const ways = candidates.flatMap((first) => candidates.filter((second) => second > first).map((second) => [first, second] as const));
  const judges = judgesOf(design, evidence, { comparisons: ways.length, corrections });
  return [ways, ways.map(([first, second]) => [second, first] as const)].flatMap((way) => {
    const members = way.flatMap(([base, arm]) =>
      design.metrics.map((metric, index) =>
        memberOf(design, { arms, plain }, { metric, index, base, arm, evidence, widthAt: judges[metric.role].widthAt }),
      ),
    );
    return adjusted(design, evidence, members, corrections).map((row, position): CandidatePair => {
      const base = design.arms[way[Math.floor(position / design.metrics.length)]?.[0] ?? 0]?.name ?? "";
      const under = { called: `${row.title} under ${row.arm} against ${base}`, shown: `${row.arm} than under ${base}` };
      return { base, ...row, ...readingOf(row, evidence, { ...under, significant: significance(design, evidence, row) }) };
    });
  });
}

/** How effects of metrics of each role are judged at this look. */
export function judgesOf(
  design: ExperimentDesign,
  evidence: Evidence,
  { comparisons, corrections }: { readonly comparisons: number; readonly corrections: Corrections } = {
    comparisons: design.arms.length - 1,
    corrections: correctionsOf(design),
  },
): Readonly<Record<ExperimentMetric["role"], Judge>> {
  const judgeOf = (asked: ExperimentMetric["role"]): Judge => {
    const ofRole = design.metrics.filter(({ role }) => role === asked).length * comparisons;
    const families = (corrections[asked] ?? "none") === "none" ? 1 : Math.max(1, ofRole);
    return { design, evidence, widthAt: boundsOf(design, evidence, families) };
  };
  return { primary: judgeOf("primary"), guardrail: judgeOf("guardrail"), secondary: judgeOf("secondary") };
}

/** Widths by the units of a comparison; at a look they are the same for all, and found once. */
function boundsOf(design: ExperimentDesign, evidence: Evidence, families: number): (units: number) => number | undefined {
  if (evidence.kind !== "look") return (units) => widthOf(design, evidence, units, families);
  const bound = widthOf(design, evidence, 1, families);
  return () => bound;
}

type Unread = Omit<ScorecardRow, "reading" | "words">;

interface Asked {
  readonly metric: ExperimentMetric;
  readonly index: number;
  /** Places of the arms in the design. */
  readonly base: number;
  readonly arm: number;
  readonly evidence: Evidence;
  readonly widthAt: (units: number) => number | undefined;
}

function memberOf(
  design: ExperimentDesign,
  { arms, plain }: Readonly<Record<"arms" | "plain", readonly ArmMoments[]>>,
  asked: Asked,
): FamilyMember<Unread> {
  const { metric, index, base, arm, evidence, widthAt } = asked;
  const pairOf = (of: readonly ArmMoments[]): ArmPair => ({
    control: present(of[base]?.metrics[index], "moments of every arm"),
    treatment: present(of[arm]?.metrics[index], "moments of every arm"),
  });
  const { control, treatment } = pairOf(arms);
  const compared = compareMetric(metric, { control, treatment });
  const found = compared.finding(design.level);
  const test = found.kind === "finding" ? found.test : undefined;
  const units = control.n + treatment.n;
  const alwaysValid = alwaysValidOf(design, compared, { level: design.level, units });
  const width = widthAt(units);
  const planned = evidence.kind === "look" && width !== undefined ? lookOf(design, evidence, compared, width) : undefined;
  const isNever = metric.form.kind === "share" && (control.means[0] ?? 0) === 0 && (treatment.means[0] ?? 0) === 0;
  const judged = isNever ? { ...compared, comparison: neverSeen } : compared;
  const isGuarded = base === 0 && metric.role === "guardrail" && metric.margin !== undefined;
  const guard = isGuarded ? guardrailOf(metric, judged, design.level, width) : undefined;
  const reduction = varianceReduction(metric, { control, treatment }, pairOf(plain), found);
  const sides = [side(metric, control), side(metric, treatment)] as const;
  const row: Unread = {
    metric: metric.name,
    title: metric.title,
    role: metric.role,
    better: metric.better,
    form: shownForm(metric),
    ...(arePartsOf(
      metric,
      sides.map(({ value }) => value),
    )
      ? { isPart: true }
      : {}),
    arm: design.arms[arm]?.name ?? "",
    control: sides[0],
    treatment: sides[1],
    absolute: found.kind === "finding" ? found.estimate : found,
    relative: found.kind === "finding" ? (found.relative ?? noRelative) : found,
    ...(width === undefined ? {} : { judgedRelative: relativeAt(compared, 2 * normalCdf(width) - 1) }),
    ...(test === undefined ? {} : { pValue: test.pValue }),
    ...alwaysValid,
    ...posteriorOf(metric, compared),
    ...(planned === undefined ? {} : { look: planned }),
    method: compared.method,
    warnings: found.warnings ?? [],
    ...(guard === undefined ? {} : { guardrail: guard }),
    ...(reduction === undefined ? {} : { varianceReduction: reduction }),
  };
  return {
    row,
    pValue: evidence.kind === "fixed" ? row.pValue : row.alwaysValidPValue,
    at: (level) => effectsAt(design, compared, { level, units, evidence }),
  };
}

/** A guardrail is not safe for a column that nobody filled. */
const neverSeen = undetermined("no unit of either arm has it, as where a column was not filled", "units that have it");

/** The effects with the intervals of this look at a level: the test's own, or what holds at every look. */
function effectsAt(
  design: ExperimentDesign,
  compared: MetricComparison,
  { level, units, evidence }: { readonly level: number; readonly units: number; readonly evidence: Evidence },
): { readonly absolute: Estimated; readonly relative: Estimated } {
  if (evidence.kind === "fixed") {
    const found = compared.finding(level);
    if (found.kind === "undetermined") return { absolute: found, relative: found };
    return { absolute: found.estimate, relative: found.relative ?? noRelative };
  }
  const { alwaysValid } = alwaysValidOf(design, compared, { level, units });
  const width = sequenceWidth(units, { tunedFor: tunedForOf(design), level, alternative: "two-sided" });
  return { absolute: alwaysValid, relative: relativeAt(compared, 2 * normalCdf(width) - 1) };
}

/** From so many degrees of freedom on a posterior is taken as normal. */
const degreesMany = 1_000;

function posteriorOf({ better }: ExperimentMetric, { pair, degreesOfFreedom }: MetricComparison): Pick<ScorecardRow, "posterior"> {
  if ("kind" in pair) return {};
  const gain = (pair.treatment - pair.control) * (better === "up" ? 1 : -1);
  const law = { mean: gain, variance: varianceOfPair(pair) };
  if (law.variance > 0 && degreesOfFreedom !== undefined && degreesOfFreedom < degreesMany) {
    const student = { mean: gain, scale: Math.sqrt(law.variance), degreesOfFreedom };
    const expectedLoss = studentShortfall(student);
    return expectedLoss === undefined ? {} : { posterior: { chanceBetter: studentChancePositive(student), expectedLoss } };
  }
  return law.variance > 0 ? { posterior: { chanceBetter: chancePositive(law), expectedLoss: expectedShortfall(law) } } : {};
}

function relativeAt({ finding }: MetricComparison, level: number): Estimated {
  if (level >= 1) return tooEarly;
  const found = finding(level);
  return found.kind === "finding" ? (found.relative ?? noRelative) : found;
}

const noRelative = undetermined("no relative effect belongs to this method", "another metric form");

function side(metric: ExperimentMetric, moments: Parameters<typeof outcomeValue>[1]): ScorecardRow["control"] {
  const value = outcomeValue(metric, moments);
  return { units: moments.n, ...(value === undefined ? {} : { value }) };
}

function alwaysValidOf(
  design: ExperimentDesign,
  { pair, degreesOfFreedom }: MetricComparison,
  { level, units }: { readonly level: number; readonly units: number },
): Pick<ScorecardRow, "alwaysValid" | "alwaysValidPValue"> {
  const found: Found =
    units === 0
      ? undetermined("no unit", "units in both arms")
      : alwaysValidEffect(pair, units, {
          level,
          alternative: "two-sided",
          nullValue: 0,
          tunedFor: tunedForOf(design),
          degreesOfFreedom,
        });
  if (found.kind === "undetermined") return { alwaysValid: found };
  return { alwaysValid: found.estimate, ...(found.test === undefined ? {} : { alwaysValidPValue: found.test.pValue }) };
}

/** The bound at this look in standard errors, and the interval that it gives; neither where the look has next to nothing to spend. */
function lookOf(
  { level, looks }: ExperimentDesign,
  { information }: Extract<Evidence, { kind: "look" }>,
  compared: MetricComparison,
  width: number,
): ScorecardRow["look"] {
  const at = boundedAt(compared, width);
  if (at === undefined || looks.kind !== "group-sequential") return undefined;
  const { value, standardError, bound, interval } = at;
  const statistic = value / standardError;
  const place = { number: information.length, of: looks.count, statistic };
  if (bound === undefined) return { ...place, crossed: false };
  return { ...place, bound, crossed: Math.abs(statistic) >= bound, interval: { ...interval, level } };
}

/** Judged at the plan's level, or where looking is paid for at that of the width, whichever asks for more. */
function guardrailOf(
  metric: ExperimentMetric,
  { comparison }: MetricComparison,
  planned: number,
  width: number | undefined,
): GuardrailReading {
  const { value: margin, scale } = metric.margin ?? { value: 0, scale: "absolute" as const };
  const none = (reason: Undetermined): GuardrailReading => ({
    state: "undetermined",
    margin,
    scale,
    interval: reason,
    words: `Not determined: ${reason.reason}.`,
  });
  const level = width === undefined ? planned : Math.max(planned, normalCdf(width));
  if (level >= 1) return none(tooEarly);
  if ("kind" in comparison && comparison.kind === "undetermined") return none(comparison);
  const found = guardrail(comparison, { margin, scale, direction: metric.better === "up" ? "higher-is-better" : "lower-is-better", level });
  const { decision, conclusion } = found.details ?? {};
  // A share of a control without any has no value, and can be decided about by its test.
  if (found.kind === "undetermined" && decision === undefined) return none(found);
  return {
    state: decision as GuardrailReading["state"],
    margin,
    scale,
    interval: found.kind === "finding" ? found.estimate : undetermined(found.reason, found.wouldDetermine, found.set),
    words: typeof conclusion === "string" ? conclusion : "",
  };
}

/** What covariates and strata take from the variance of the plain difference; undefined where there are none. */
function varianceReduction(metric: ExperimentMetric, { control }: ArmPair, plain: ArmPair, found: Found): number | undefined {
  if ((metric.covariates.length === 0 && control.strata === undefined) || found.kind === "undetermined") return undefined;
  const { pair } = compareMetric(withoutCovariates(metric), {
    control: outcomeOf(metric, plain.control),
    treatment: outcomeOf(metric, plain.treatment),
  });
  const error = found.estimate.standardError;
  if ("kind" in pair || error === undefined) return undefined;
  const variance = varianceOfPair(pair);
  return variance > 0 ? 1 - error ** 2 / variance : undefined;
}

/** Whether the row's evidence is beyond the level, with the whole family in view where the plan adjusts for it. */
function significance({ level }: ExperimentDesign, { kind }: Evidence, row: Unread): boolean | undefined {
  if (kind === "look") return row.look?.crossed;
  const pValue = row.adjustedPValue ?? (kind === "fixed" ? row.pValue : row.alwaysValidPValue);
  return pValue === undefined ? undefined : pValue < 1 - level;
}

/** `called`: the metric, and of several candidates which; `shown`: under whom it is higher or lower. */
function readingOf(
  row: Unread,
  evidence: Evidence,
  { called, shown: under, significant }: Readonly<Record<"called" | "shown", string>> & { readonly significant: boolean | undefined },
): { readonly reading: Reading; readonly words: string } {
  const shown = evidence.kind === "always-valid" ? row.alwaysValid : row.absolute;
  if (row.absolute.kind === "undetermined" || shown.kind === "undetermined" || significant === undefined) {
    const why = [row.absolute, shown].find((one) => one.kind === "undetermined");
    return {
      reading: "not determined",
      words: `${called}: not determined, ${why?.kind === "undetermined" ? why.reason : "it has no test"}.`,
    };
  }
  const interval = evidence.kind === "look" ? row.look?.interval : (row.adjusted?.absolute ?? shown.interval);
  const isShare = row.form === "share" || row.isPart === true;
  const { value } = row.absolute;
  if (!significant) {
    // Of a family by Benjamini and Hochberg, who is not shown has no interval that agrees with that.
    const own = evidence.kind === "fixed" ? row.pValue : row.alwaysValidPValue;
    const alone = row.adjusted === undefined && (row.adjustedPValue ?? 0) > (own ?? 1) ? "Taken by itself: " : "";
    return { reading: "not shown", words: `${called}: no difference is shown. ${alone}${reach(isShare, interval)}`.trim() };
  }
  const isBetter = value > 0 === (row.better === "up");
  const [way, reading] = [value > 0 ? "higher" : "lower", isBetter ? ("better" as const) : ("worse" as const)];
  return { reading, words: `${row.title} is ${way} under ${under}, which is ${reading}. ${reach(isShare, interval)}`.trim() };
}

/** What holds of every row that is not shown, said once; empty where all are. */
export function notShownWords(scorecard: readonly { readonly reading: Reading }[]): string {
  return scorecard.some(({ reading }) => reading === "not shown")
    ? "A difference that is not shown is no evidence that nothing changed."
    : "";
}

function reach(isShare: boolean, interval: { readonly lower?: number; readonly upper?: number } | undefined): string {
  const scale = isShare ? 100 : 1;
  const known = [interval?.lower, interval?.upper].filter((end) => end !== undefined).map((end) => scale * end);
  const ends = endsText(interval ?? {}, (end) => say(scale * end, known));
  if (ends === "") return "";
  const isClosed = interval?.lower !== undefined && interval.upper !== undefined;
  return `Differences ${isClosed ? "from " : ""}${ends}${isShare ? " percentage points" : ""} agree with the data.`;
}

/** With as many decimals as what it stands beside. */
function say(value: number, beside: readonly number[]): string {
  const decimals = Math.min(20, decimalsTogether(beside, 3));
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace(/^-/, "\u2212");
}
