/** The number of each figure of a criterion, from the comparison alone: nothing is replayed for it. */
import { type Estimated, estimated, sumOf, tangoPaired, undetermined, wilson } from "../../statistics/index.ts";
import type { CandidateComparison, PolicyView, SegmentRow } from "../comparison.ts";
import { ratioToOverall } from "../ratio-to-overall.ts";
import { cellEntitiesMin } from "../segments.ts";
import { bandName } from "../size-bands.ts";
import { type Compared, type FoundFigure, isNullReform } from "./compared.ts";
import type { CriterionFigure, ResolvedCriterion } from "./criterion.ts";
import { labelFigureOf } from "./label-figures.ts";
import type { DateCounts } from "./stability.ts";

const drawn = ["entities are drawn independently"];

/** The number that a criterion is held against. */
export function figureOf({ figure, who, bound }: ResolvedCriterion, compared: Compared): FoundFigure {
  const { candidate } = compared;
  const { gmv, range, movement } = candidate;
  const [errors] = candidate.errors;
  const at = movement.at;
  switch (figure) {
    case "movers":
    case "promotions":
    case "demotions":
    case "newly adverse":
    case "released": {
      if (who.kind === "everyone") return { found: everyoneShare(figure, compared), at };
      return { found: segmentShare({ figure, who, bound }, compared), at };
    }
    case "adverse change":
    case "unrated":
      return { found: countedFigure(figure, countsAtEnd(compared), compared), at };
    case "gmv at stake":
      return { found: gmvShare(gmv), at };
    case "ever differed":
      return {
        found: range.shares?.everDiffered ?? undetermined("the run was kept before this share was computed", "a new run"),
        at: range.to,
      };
    case "tier changes":
      return { found: timesBaseline(range.changes, "changes its tier"), at: range.to };
    case "whiplash":
      return { found: timesBaseline(range.whiplash, "has a change undone"), at: range.to };
    case "worst segment ratio":
      return { found: worstRatio(compared), at };
    case "false-positive change":
    case "false-positive rate":
    case "miss change":
    case "miss rate":
    case "false share":
      return errors === undefined
        ? { found: undetermined("the panel holds no outcomes", "outcomes"), at }
        : labelFigureOf(figure, errors, compared);
  }
}

/** The counts of the date of the movement matrix. */
export function countsAtEnd({ comparison, candidate }: Compared): DateCounts {
  const { movement, newlyAdverse, released, policy } = candidate;
  const named = (tiers: typeof policy.tiers, name: string | undefined) => tiers.find((tier) => tier.name === name);
  let [bothAdverse, unrated, inFrame] = [0, 0, 0];
  for (const [row, cells] of movement.matrix.entries()) {
    for (const [column, entities] of cells.entries()) {
      const before = named(comparison.baseline.policy.tiers, movement.rows[row]);
      const after = named(policy.tiers, movement.columns[column]);
      inFrame += entities;
      if (before?.adverse === true && after?.adverse === true) bothAdverse += entities;
      if (after?.unrated === true) unrated += entities;
    }
  }
  const { at, movers, up, down } = movement;
  return { at, inFrame, movers, up, down, newlyAdverse, released, bothAdverse, unrated };
}

/** A figure that is a count of a date over the entities in the frame then, or the change of one. */
export function countedFigure(figure: CriterionFigure, counts: DateCounts, compared: Compared): Estimated {
  const { level } = compared.comparison.provenance;
  if (counts.inFrame === 0) return undetermined("nobody is in the frame at the date", "a date with entities");
  if (figure === "adverse change") {
    if (isNullReform(compared)) return estimated({ value: 0, method: "count", n: counts.inFrame });
    const { bothAdverse: both, newlyAdverse: onlySecond, released: onlyFirst, inFrame } = counts;
    return tangoPaired({ both, onlySecond, onlyFirst, neither: inFrame - both - onlySecond - onlyFirst, level, assumptions: drawn });
  }
  const successes = counts[countFields[figure as keyof typeof countFields]];
  if (isNullReform(compared) && figure !== "unrated") return estimated({ value: 0, method: "count", n: counts.inFrame });
  return wilson({ successes, trials: counts.inFrame, level, assumptions: drawn });
}

const countFields = {
  movers: "movers",
  promotions: "up",
  demotions: "down",
  "newly adverse": "newlyAdverse",
  released: "released",
  unrated: "unrated",
} as const satisfies Partial<Record<CriterionFigure, keyof DateCounts>>;

type SharedFigure = "movers" | "promotions" | "demotions" | "newly adverse" | "released";

/** Movers carry the interval that the report prints. */
function everyoneShare(figure: SharedFigure, compared: Compared): Estimated {
  if (figure === "movers" && !isNullReform(compared)) return compared.candidate.movement.moversShare;
  return countedFigure(figure, countsAtEnd(compared), compared);
}

const segmentFields = {
  movers: "movers",
  promotions: "up",
  demotions: "down",
  "newly adverse": "newlyAdverse",
  released: "released",
} as const satisfies Record<SharedFigure, keyof SegmentRow>;

function segmentShare(
  { figure, who, bound }: { readonly figure: SharedFigure } & Pick<ResolvedCriterion, "who" | "bound">,
  compared: Compared,
): Estimated {
  const { comparison } = compared;
  const row = rowsOf(compared).find(
    ({ segment, value }) =>
      (who.kind === "size" && segment === "size" && value === bandName(who.band)) ||
      (who.kind === "attribute" && segment === who.name && value === who.value),
  );
  if (row === undefined) return undetermined("the comparison has no row for the segment", "a segment with more entities");
  const { level } = comparison.provenance;
  const successes = row[segmentFields[figure]];
  if (bound.kind === "overall") {
    if (row.rated < cellEntitiesMin)
      return undetermined(`${row.rated} entities rated: fewer than the minimum cell of ${cellEntitiesMin}`, "a larger segment");
    const whole = { successes: countsAtEnd(compared)[countFields[figure]], trials: ratedAtEnd(compared) };
    return ratioToOverall({ successes, trials: row.rated }, whole, level);
  }
  if (row.entities < cellEntitiesMin)
    return undetermined(`${row.entities} entities: fewer than the minimum cell of ${cellEntitiesMin}`, "a larger segment");
  if (isNullReform(compared)) return estimated({ value: 0, method: "count", n: row.entities });
  return wilson({ successes, trials: row.entities, level, assumptions: drawn });
}

/** A segment's row; of a comparison that was kept before it was known who is rated, everybody is taken to be. */
function rowsOf({ candidate }: Compared): readonly (SegmentRow & { readonly rated: number })[] {
  return candidate.segments.map((row) => ({ ...row, rated: row.rated ?? row.entities }));
}

/** Those on the ladder under either version at the end of the range: nobody else can move. Groups are set against each other among them. */
function ratedAtEnd(compared: Compared): number {
  const { comparison, candidate } = compared;
  const { matrix, rows, columns } = candidate.movement;
  if (candidate.segments.some(({ rated }) => rated === undefined)) return countsAtEnd(compared).inFrame;
  const isUnrated = ({ policy }: { readonly policy: PolicyView }, name: string | undefined): boolean =>
    policy.tiers.some((tier) => tier.name === name && tier.unrated);
  const rated = matrix.map((cells, row) =>
    sumOf(cells.filter((_, column) => !(isUnrated(comparison.baseline, rows[row]) && isUnrated(candidate, columns[column])))),
  );
  return sumOf(rated);
}

function worstRatio(compared: Compared): Estimated {
  const whole = { successes: countsAtEnd(compared).newlyAdverse, trials: ratedAtEnd(compared) };
  const rows = rowsOf(compared).filter(({ rated, value }) => rated >= cellEntitiesMin && rated < whole.trials && value !== "missing");
  if (rows.length === 0) return undetermined(`no segment has ${cellEntitiesMin} entities that are rated`, "an attribute, or more entities");
  const { level } = compared.comparison.provenance;
  const each = rows.map((row) => ratioToOverall({ successes: row.newlyAdverse, trials: row.rated }, whole, 1 - (1 - level) / rows.length));
  const [first] = each;
  if (first?.kind === "undetermined")
    return undetermined("nobody is newly adverse, so no segment bears more than another", "a change that turns somebody adverse");
  const ratios = each.flatMap((one) => (one.kind === "estimate" ? [one] : []));
  const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b));
  return estimated({
    value: most(ratios.map(({ value }) => value)),
    lower: most(ratios.map(({ value, interval }) => interval?.lower ?? value)),
    upper: most(ratios.map(({ value, interval }) => interval?.upper ?? value)),
    level,
    method: "largest of Miettinen-Nurminen score ratios, Bonferroni",
    n: whole.trials,
    assumptions: [...drawn, `${rows.length} segments looked at`],
  });
}

function gmvShare(gmv: CandidateComparison["gmv"]): Estimated {
  if (gmv === undefined) return undetermined("the panel has no GMV", "a measure of GMV");
  const { atStake, total } = gmv;
  if (!(total > 0)) return undetermined("there is no GMV in the window", "entities with sales");
  if (atStake.kind === "undetermined") return atStake;
  const { value, interval, method, n, assumptions } = atStake;
  const ends =
    interval === undefined
      ? {}
      : { lower: Math.min(interval.lower / total, 1), upper: Math.min(interval.upper / total, 1), level: interval.level };
  return estimated({ value: value / total, ...ends, method, n, assumptions: [...assumptions, "the total is taken as it was"] });
}

function timesBaseline({ baseline, candidate }: { readonly baseline: number; readonly candidate: number }, what: string): Estimated {
  if (baseline === 0) return undetermined(`under the baseline nobody ${what}, so there is nothing to compare with`, "a longer range");
  return estimated({ value: candidate / baseline, method: "count", n: baseline });
}
