/** Error rates against outcomes: definitions, coverage, intervals and bounds at the last mature evaluation. */
import { formatDay, present } from "../../../data/foundation/index.ts";
import { labels, type OutcomeSource, type PanelSchema } from "../../../data/panel/index.ts";
import { measuresRead, type Policy } from "../../../policies/language/checked/index.ts";
import { type Estimated, tangoPaired, undetermined, wilson } from "../../statistics/index.ts";
import type { Collected } from "../collect.ts";
import type { ErrorRate, Errors, PolicyErrors } from "../comparison.ts";
import { sentenceOf } from "../definitions.ts";
import { type ComparisonPlan, dayName, type ErrorPlan } from "../plan.ts";
import type { LabelColumns } from "./collect-labels.ts";
import { describeEstimates, type EstimateParts } from "./describe-estimates.ts";
import { boundChange, boundRate } from "./error-bounds.ts";
import { countOver, type ErrorTally, groupNames, groupsOf, tallyErrors } from "./error-tally.ts";
import type { LabelEstimates } from "./estimates.ts";
import { assumptionsOf, pullOf } from "./label-coverage.ts";
import { tallyPhase } from "./phase-tally.ts";

type Side = "baseline" | "candidate";

/** One table by precedence (`all`), then one an outcome source; empty when the panel has no outcomes. */
export function describeErrors(plan: ComparisonPlan, collected: Collected, candidate: number): readonly Errors[] {
  return plan.errors.map((error, table) => {
    const columns = present(collected.labels[table], "labels");
    const { tally, estimates } = estimateTable({ plan, columns, candidate, error });
    const realised = tallyErrors(plan, columns, { candidate, realised: true });
    const policies = [present(plan.policies[0], "baseline"), present(plan.policies[candidate + 1], "candidate")] as const;
    return { ...describeTable({ ...plan, policies }, error, { tally, realised }), ...(estimates === undefined ? {} : { estimates }) };
  });
}

/** Whose errors: the baseline's and the candidate's, over a history up to a period, with intervals of a level. */
export interface ErrorsOf extends Pick<ComparisonPlan, "schema" | "to" | "level"> {
  readonly policies: readonly [Policy, Policy];
}

/** What was counted of a table: labels for harm without restriction, and those realised. */
export interface TableTallies {
  readonly tally: ErrorTally;
  readonly realised: ErrorTally;
}

/** All that counts say of a table: every figure but the estimates, which read scores and sizes besides. */
export function describeTable({ schema, policies, to, level }: ErrorsOf, error: ErrorPlan, { tally, realised }: TableTallies): Errors {
  const figures = labelledFigures(tally, error, level);
  const used = new Set(policies.flatMap(measuresRead));
  const labelMeasures = new Set(error.sources.flatMap(({ measures }) => measures));
  const policyErrors = (side: Side, index: 0 | 1): PolicyErrors => {
    const rates = figures[side];
    return {
      version: policies[index].version,
      rates,
      bounds: rates.map(({ name }) => ({ name, ...boundRate(tally, name, side) })),
      fineNotAdverse: { unrated: tally.fineUnrated[index], shielded: tally.fineShielded[index] },
    };
  };
  const future = error.sources.some(({ kind }) => kind === "future");
  const hasAssigned = schema.assignedTiers.length > 0;
  return {
    at: dayName(schema, error.period ?? to),
    ...(error.lastMature === undefined ? {} : { lastMature: dayName(schema, error.lastMature) }),
    dateRule: error.rule,
    source: error.name,
    definition: definitionOfLabel(error.sources),
    horizonDays: error.horizonDays,
    knownAt: formatDay(schema.knownAt),
    sharedMeasures: [...labelMeasures].filter((measure) => used.has(measure)).sort(),
    assumedUntreated: future && !hasAssigned,
    assumedUntreatedEntities: tally.untreated,
    inFrame: tally.inFrame,
    ...labelledOf(tally),
    unlabelled: [...tally.missing].sort(([a], [b]) => b - a).map(([code, entities]) => ({ reason: reasonOf(code, schema), entities })),
    coverage: coverageOf(tally),
    baseline: policyErrors("baseline", 0),
    candidate: policyErrors("candidate", 1),
    falsePositiveChange: figures.falsePositiveChange,
    falsePositiveChangeBounds: boundChange(tally, "fine"),
    ...(hasAssigned && future ? { realised: realisedRates(realised, error, level) } : {}),
  };
}

/** Whose labels, by which sources, at which date and for which candidate. */
interface LabelledTable {
  readonly plan: ComparisonPlan;
  readonly columns: LabelColumns;
  readonly candidate: number;
  readonly error: ErrorPlan;
}

/** The counts of a table, and its figures by every estimator; without the last where appeals alone label or nothing is mature. */
export function estimateTable({ plan, columns, candidate, error }: LabelledTable): {
  readonly tally: ErrorTally;
  readonly estimates?: LabelEstimates;
} {
  const { level } = plan;
  const tally = tallyErrors(plan, columns, { candidate, realised: false });
  const phase = error.period === undefined ? undefined : tallyPhase(plan, columns, candidate);
  if (phase === undefined) return { tally };
  return { tally, estimates: describeEstimates({ phase, tally, level, labelledOnly: labelledFigures(tally, error, level) }) };
}

/** The figures over labelled entities. */
function labelledFigures(tally: ErrorTally, error: ErrorPlan, level: number): EstimateParts["labelledOnly"] {
  return {
    baseline: ratesOf(tally, error, "baseline", level),
    candidate: ratesOf(tally, error, "candidate", level),
    falsePositiveChange: labelledChange(tally, error, level, "fine"),
    missChange: labelledChange(tally, error, level, "harmful"),
  };
}

function labelledOf(tally: ErrorTally): Pick<Errors, "labelled" | "fine" | "harmful"> {
  const [fine, harmful] = [countOver(tally, groupNames, "fine"), countOver(tally, groupNames, "harmful")];
  return { labelled: fine + harmful, fine, harmful };
}

/** Who is labelled, and fine, by group. */
export function coverageOf(tally: ErrorTally): Errors["coverage"] {
  return groupNames.map((group) => {
    const { fine, harmful, unlabelled } = tally.groups[group];
    return { group, entities: fine + harmful + unlabelled, labelled: fine + harmful, fine };
  });
}

function realisedRates(tally: ErrorTally, error: ErrorPlan, level: number): NonNullable<Errors["realised"]> {
  return {
    ...labelledOf(tally),
    baseline: ratesOf(tally, error, "baseline", level),
    candidate: ratesOf(tally, error, "candidate", level),
  };
}

function ratesOf(tally: ErrorTally, error: ErrorPlan, side: Side, level: number): readonly ErrorRate[] {
  const [adverse, other] = [groupsOf(side, true), groupsOf(side, false)];
  const count = (groups: typeof adverse, field: "fine" | "harmful" | "overturned" | "upheld" | "pending"): number =>
    countOver(tally, groups, field);
  const pulled = (name: ErrorRate["name"]): Pick<ErrorRate, "pull"> => {
    const pull = pullOf(tally, name, side);
    return pull === undefined ? {} : { pull: pull.way };
  };
  const rate = (name: ErrorRate["name"], numerator: number, rest: number): ErrorRate => ({
    name,
    definition: sentenceOf(name),
    numerator,
    denominator: numerator + rest,
    ...pulled(name),
    estimate: estimateOf({
      numerator,
      denominator: numerator + rest,
      assumptions: assumptionsOf(tally, name, side),
      level,
      error,
      inFrame: tally.inFrame,
    }),
  });
  const rates = [
    rate("false-positive-rate", count(adverse, "fine"), count(other, "fine")),
    rate("false-share", count(adverse, "fine"), count(adverse, "harmful")),
    rate("miss-rate", count(other, "harmful"), count(adverse, "harmful")),
  ];
  if (!error.sources.some(({ role }) => role === "appeal")) return rates;
  const [overturned, upheld] = [count(adverse, "overturned"), count(adverse, "upheld")];
  const appealed: ErrorRate = {
    name: "overturn-share",
    definition: sentenceOf("overturn-share"),
    numerator: overturned,
    denominator: overturned + upheld,
    pending: count(adverse, "pending"),
    estimate:
      error.period === undefined
        ? notMature
        : wilsonOr({
            numerator: overturned,
            denominator: overturned + upheld,
            assumptions: [],
            level,
            absent: "no appeal at the date is decided",
          }),
  };
  return [...rates, appealed];
}

const notMature = undetermined(
  "no evaluation of the range is mature: date + horizon + lag is after the known-at day",
  "a later known-at day, or an earlier range",
);
const appealsOnly = undetermined(
  "appeals alone do not identify it: only adverse entities appeal, and the innocent more often",
  "random audits of entities in the frame",
);

function estimateOf(options: {
  numerator: number;
  denominator: number;
  assumptions: readonly string[];
  level: number;
  error: ErrorPlan;
  inFrame: number;
}): Estimated {
  if (options.error.period === undefined) return notMature;
  if (options.error.sources.every(({ role }) => role === "appeal")) return appealsOnly;
  const absent = options.inFrame === 0 ? "nobody is in the frame at the date" : "no labelled entity is in the denominator";
  return wilsonOr({ ...options, absent });
}

function wilsonOr(options: {
  numerator: number;
  denominator: number;
  assumptions: readonly string[];
  level: number;
  absent: string;
}): Estimated {
  const { numerator, denominator, assumptions, level } = options;
  if (denominator === 0) return undetermined(options.absent, "labels of such entities");
  return wilson({ successes: numerator, trials: denominator, level, assumptions });
}

/** Candidate minus baseline among labelled entities that are fine, or harmful: only those adverse under one of the two carry it. */
function labelledChange(tally: ErrorTally, error: ErrorPlan, level: number, among: "fine" | "harmful"): Estimated {
  if (error.period === undefined) return notMature;
  if (error.sources.every(({ role }) => role === "appeal")) return appealsOnly;
  const { both, newly, released, neither } = tally.groups;
  if (both[among] + newly[among] + released[among] + neither[among] === 0)
    return undetermined(`no entity in the frame is labelled ${among}`, "labels");
  const counts =
    among === "fine"
      ? { both: both.fine, onlySecond: newly.fine, onlyFirst: released.fine, neither: neither.fine }
      : { both: neither.harmful, onlySecond: released.harmful, onlyFirst: newly.harmful, neither: both.harmful };
  return tangoPaired({ ...counts, level, assumptions: assumptionsOf(tally, "change") });
}

function definitionOfLabel(sources: readonly OutcomeSource[]): string {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) return only.definition;
  return `By precedence: ${sources.map(({ title }) => title).join(", then ")}; within a source the latest label known by the pin.`;
}

function reasonOf(code: number, { knownAt }: PanelSchema): string {
  switch (code) {
    case labels.notMature:
      return "no evaluation is mature";
    case labels.pending:
      return "decision pending";
    case labels.restricted:
      return "really held an adverse tier within the horizon: harm without restriction is not seen";
    case labels.left:
      return "left within the horizon";
    default:
      return `no label known by ${formatDay(knownAt)}`;
  }
}
