/** Each group against everyone else of its segmentation, corrected for how many groups were looked at. */
import { present } from "../../../data/foundation/index.ts";
import {
  adjustPValues,
  differenceFinding,
  type Estimated,
  type Found,
  independence,
  partialPooling,
  scoreDifference,
  welch,
} from "../../statistics/index.ts";
import { ratioToOverall } from "../ratio-to-overall.ts";
import { cellEntitiesMin } from "../segments.ts";
import { type AgainstRest, type ComparedFigure, comparedFigures, type FairnessGroup, type Segmentation } from "./fairness.ts";
import { plain } from "./group-rates.ts";
import { type GroupTally, restOf, sumTallies } from "./group-tally.ts";

/** Successes over trials of a figure that is a share. */
interface Counts {
  readonly successes: number;
  readonly trials: number;
}

/**
 * What is counted for a figure; undefined for the net benefit, which is a mean of -1, 0 and 1. Out of those who are rated under either version: a
 * group of newcomers or small ones would else look spared, for who is rated under neither can neither move nor be adverse. The false-positive rate
 * is what it is everywhere: over all who are fine, the unrated among them.
 */
export function countsFor(tally: GroupTally, figure: ComparedFigure): Counts | undefined {
  const { rated, adverse, fine, fineAll, harmful } = tally;
  const adverseFine = fine.candidateOnly + fine.both;
  switch (figure) {
    case "newly-adverse":
      return { successes: adverse.candidateOnly, trials: rated };
    case "moved-down":
      return { successes: tally.down, trials: rated };
    case "adverse":
      return { successes: adverse.candidateOnly + adverse.both, trials: rated };
    case "false-positive":
      return { successes: adverseFine, trials: fineAll };
    case "false-share":
      return { successes: adverseFine, trials: adverseFine + harmful.candidateOnly + harmful.both };
    case "net-benefit":
      return undefined;
  }
}

/** One comparison before correction. */
interface Raw {
  readonly segmentation: number;
  readonly group: number;
  readonly pValue: number;
  readonly difference: Estimated;
  readonly ratioToAll?: Estimated;
  /** The same interval at another level. */
  readonly intervalAt: (level: number) => { readonly lower: number; readonly upper: number } | undefined;
}

/** By segmentation and group: the comparisons. `family`: how many groups each figure was compared in. */
export interface Comparisons {
  readonly family: Readonly<Partial<Record<ComparedFigure, number>>>;
  readonly of: (segmentation: number, group: number) => FairnessGroup["againstRest"];
}

/**
 * Compares every group that is large enough with the rest, figure by figure; one family a figure, over all segmentations. Where the test
 * has no p-value (nobody, or everybody, on both sides) there is no comparison, and the family is smaller.
 */
export function compareWithRest(segmentations: readonly (readonly GroupTally[])[], level: number): Comparisons {
  const found = new Map<string, Partial<Record<ComparedFigure, AgainstRest>>>();
  const family: Partial<Record<ComparedFigure, number>> = {};
  for (const figure of comparedFigures) {
    const raw = segmentations.flatMap((groups, segmentation) => rawComparisons(groups, segmentation, figure, level));
    if (raw.length === 0) continue;
    family[figure] = raw.length;
    const pValues = raw.map(({ pValue }) => pValue);
    const [discovery, holm] = [adjustPValues(pValues, "benjamini-hochberg"), adjustPValues(pValues, "holm")];
    const rejected = discovery.filter((p) => p < 1 - level).length;
    for (const [index, { segmentation, group, pValue, difference, ratioToAll, intervalAt }] of raw.entries()) {
      const benjaminiHochberg = present(discovery[index], "adjusted p");
      // Benjamini and Yekutieli (2005): those selected, at 1 - R q / m.
      const covering = benjaminiHochberg < 1 - level ? intervalAt(1 - ((1 - level) * rejected) / raw.length) : undefined;
      const key = `${segmentation}/${group}`;
      const entry = found.get(key) ?? {};
      entry[figure] = {
        difference,
        pValue,
        benjaminiHochberg,
        holm: present(holm[index], "adjusted p"),
        ...(covering === undefined ? {} : { falseCoverage: { ...covering, mayIncludeZero: covering.lower <= 0 && covering.upper >= 0 } }),
        ...(ratioToAll === undefined ? {} : { ratioToAll }),
      };
      found.set(key, entry);
    }
  }
  return { family, of: (segmentation, group) => found.get(`${segmentation}/${group}`) ?? {} };
}

function rawComparisons(groups: readonly GroupTally[], segmentation: number, figure: ComparedFigure, level: number): readonly Raw[] {
  const all = sumTallies(groups);
  return groups.flatMap((group, index): readonly Raw[] => {
    const rest = restOf(all, group);
    const [own, other] = [sizeFor(group, figure), sizeFor(rest, figure)];
    if (own < cellEntitiesMin || other < cellEntitiesMin) return [];
    const at = (wanted: number): Found => differenceOf(group, rest, figure, wanted);
    const difference = at(level);
    if (difference.kind === "undetermined" || difference.test === undefined) return [];
    const ratioToAll = ratioTo(group, all, figure, level);
    return [
      {
        segmentation,
        group: index,
        pValue: difference.test.pValue,
        difference: plain(difference.estimate),
        ...(ratioToAll === undefined ? {} : { ratioToAll }),
        intervalAt: (wanted) => {
          const again = at(wanted);
          const interval = again.kind === "finding" ? again.estimate.interval : undefined;
          return interval === undefined ? undefined : { lower: interval.lower, upper: interval.upper };
        },
      },
    ];
  });
}

function sizeFor(tally: GroupTally, figure: ComparedFigure): number {
  return countsFor(tally, figure)?.trials ?? tally.rated;
}

function differenceOf(group: GroupTally, rest: GroupTally, figure: ComparedFigure, level: number): Found {
  const [treatment, control] = [countsFor(group, figure), countsFor(rest, figure)];
  if (treatment !== undefined && control !== undefined)
    return scoreDifference({ treatment, control, nullDifference: 0, variant: "miettinen-nurminen", alternative: "two-sided", level });
  const sample = ({ rated, up, down }: GroupTally) => {
    const mean = (up - down) / rated;
    return { n: rated, mean, variance: ((up + down) / rated - mean ** 2) * (rated / (rated - 1)) };
  };
  return differenceFinding(welch({ treatment: sample(group), control: sample(rest) }), { level, alternative: "two-sided" });
}

/** The group's share over that of all, who hold the group; 1 is in its interval exactly when the rest's share may be the same. */
function ratioTo(group: GroupTally, all: GroupTally, figure: ComparedFigure, level: number): Estimated | undefined {
  const [part, whole] = [countsFor(group, figure), countsFor(all, figure)];
  return part === undefined || whole === undefined ? undefined : ratioToOverall(part, whole, level);
}

/** Shares with half a success and half a failure added, so that none of them has a logit without end. */
const half = 0.5;

/** From so many groups on the spread between them is estimated; below, it is integrated over. */
const pluggedInFrom = 5;

/**
 * By group: shares pulled towards each other on the logit scale, as far as their spread looks like noise. Empty where there are fewer than
 * three groups, or where nobody has it.
 */
export function poolShares(groups: readonly GroupTally[], figure: ComparedFigure, level: number) {
  const able = groups.flatMap((group, index) => {
    const counts = countsFor(group, figure);
    return counts === undefined || counts.trials < cellEntitiesMin ? [] : [{ index, ...counts }];
  });
  if (able.length < 3 || able.every(({ successes }) => successes === 0)) return new Map<number, PooledShare>();
  const found = partialPooling({
    segments: able.map(({ index, successes, trials }) => {
      const [yes, no] = [successes + half, trials - successes + half];
      return { name: String(index), estimate: Math.log(yes / no), standardError: Math.sqrt(1 / yes + 1 / no) };
    }),
    method: able.length < pluggedInFrom ? "bayes" : "reml",
    spreadPrior: { kind: "half-normal", scale: 1 },
    level,
  });
  if (found.kind === "undetermined") return new Map<number, PooledShare>();
  const rows = found.details?.["segments"] as readonly { segment: string; shrunken: number; lower: number; upper: number }[];
  const share = (logit: number): number => 1 / (1 + Math.exp(-logit));
  return new Map(
    rows.map(({ segment, shrunken, lower, upper }) => [
      Number(segment),
      { value: share(shrunken), lower: share(lower), upper: share(upper) } satisfies PooledShare,
    ]),
  );
}

/** A share after pooling. */
export interface PooledShare {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** Whether groups differ in how many of them are harmful: Pearson's test over groups with enough labels. */
export function baseRateTest(
  groups: readonly GroupTally[],
  level: number,
): Omit<NonNullable<Segmentation["baseRates"]>, "adjusted"> | undefined {
  const able = groups.filter(({ fineAll, harmfulAll }) => fineAll + harmfulAll >= cellEntitiesMin);
  const found = independence({
    table: able.map(({ fineAll, harmfulAll }) => [fineAll, harmfulAll]),
    statistic: "pearson",
    continuityCorrection: false,
    level,
  });
  if (able.length < 2 || found.kind === "undetermined" || found.test === undefined) return undefined;
  const byRate = able.toSorted((a, b) => a.harmfulAll / (a.fineAll + a.harmfulAll) - b.harmfulAll / (b.fineAll + b.harmfulAll));
  return { pValue: found.test.pValue, lowest: present(byRate[0], "group").value, highest: present(byRate.at(-1), "group").value };
}
