/** The jump of later sales where a tier's cut-off on the score decides who holds it. */
import type { Policy } from "../../../policies/language/checked/index.ts";
import {
  densityDiscontinuity,
  type Estimated,
  estimated,
  type Found,
  regressionDiscontinuity,
  type Undetermined,
  undetermined,
} from "../../statistics/index.ts";
import { scoreBounds } from "../score-bounds.ts";
import type { MeasuredCutoff } from "./measured.ts";
import { midpointGrowth, type Past, salesOver } from "./past.ts";

/** A cut-off that a tier's condition puts on the headline score. */
export interface ScoreCutoff {
  readonly tier: string;
  /** Position of the tier in the ladder. */
  readonly code: number;
  readonly stated: number;
  /** The least rounded score that meets it. */
  readonly least: number;
}

/** What to look for. */
export interface CutoffQuestion {
  readonly policy: Policy;
  /** By code of the really assigned tier: the policy's code of that name, -1 when it has none. */
  readonly codeOf: Int8Array;
  /** Whole periods of the 28 days. */
  readonly window: number;
  /** Place of the evaluation among the past's periods, and its name. */
  readonly period: number;
  readonly at: string;
  readonly level: number;
}

/** The first stage must be this many standard errors from 0: below, the ratio has no reliable interval. */
const instrumentMin = Math.sqrt(10);
/** Scores bunch when a jump of their density would be rarer than this without bunching. */
const bunchingLevel = 0.05;

/** Lower bounds on the headline score that must hold for a tier: `score >= line`, alone or among conditions that must all hold; the highest where there are several. */
export function scoreCutoffs(policy: Policy): readonly ScoreCutoff[] {
  const step = stepOf(policy);
  return policy.tiers.flatMap(({ name, when }, code) => {
    const bounds = (when === undefined ? [] : scoreBounds(policy, when)).map(({ value, isStrict }) => ({
      stated: value,
      least: isStrict ? value + step : value,
    }));
    return bounds
      .toSorted((a, b) => b.least - a.least)
      .slice(0, 1)
      .map((highest) => ({ tier: name, code, ...highest }));
  });
}

/**
 * One entry a cut-off of the policy, best tier first. Scores are the unrounded ones of one evaluation, one row an entity; the cut-off lies half the
 * rounding step lower, because that is where the rounded score reaches it. The merited side instruments the tier really held in the first period after
 * the evaluation. Only entities on the ladder and between the neighbouring cut-offs take part. The effect is Undetermined below 20 distinct
 * scores a side within the bandwidth, where scores bunch, where nothing tells whether they do, where the held tier hardly follows the cut-off, and
 * where other conditions of the tier or caps decide for anybody within the bandwidth. It speaks of entities at the cut-off only.
 */
export function measureCutoffs(past: Past, question: CutoffQuestion): readonly MeasuredCutoff[] {
  const cutoffs = scoreCutoffs(question.policy);
  const half = stepOf(question.policy) / 2;
  return cutoffs.map((cutoff) => {
    const others = cutoffs.map(({ least }) => least).filter((least) => least !== cutoff.least);
    const [lower, upper] = [
      Math.max(...others.filter((least) => least < cutoff.least)) - half,
      Math.min(...others.filter((least) => least > cutoff.least)) - half,
    ];
    return measureCutoff(past, question, cutoff, { lower, upper });
  });
}

function measureCutoff(
  past: Past,
  question: CutoffQuestion,
  { tier, code, stated, least }: ScoreCutoff,
  between: { readonly lower: number; readonly upper: number },
): MeasuredCutoff {
  const { policy, period, level, at } = question;
  const roundingStep = stepOf(policy);
  const cutoff = least - roundingStep / 2;
  const rows = rowsAt(past, question, code).filter(({ score }) => score >= between.lower && score < between.upper);
  const scores = rows.map(({ score }) => score);
  const asked = { scores, level, alternative: "two-sided", nullValue: 0 } as const;
  const received = rows.map(({ held }) => held);
  const isSharp = rows.every(({ held, score: own }) => held === (own >= cutoff ? 1 : 0));
  const bunching = densityDiscontinuity({ ...asked, cutoff });
  const firstStage = isSharp
    ? estimated({ value: 1, method: "everyone holds what the cut-off says", n: rows.length })
    : estimateOf(regressionDiscontinuity({ ...asked, outcomes: received, cutoff: least, roundingStep }));
  const measured = { tier, stated, cutoff, at, entities: rows.length, firstStage, bunching: estimateOf(bunching) };
  const gate = period < 0 ? undetermined("no evaluation has enough history around it", "a longer history") : gateOf(bunching, firstStage);
  if (gate !== undefined) return { ...measured, effect: gate };
  const outcomes = rows.map(({ growth }) => growth);
  const jump = regressionDiscontinuity({ ...asked, outcomes, ...(isSharp ? {} : { received }), cutoff: least, roundingStep });
  if (jump.kind === "undetermined") return { ...measured, effect: jump };
  const bandwidth = Number(jump.details?.["bandwidth"]);
  const bound = otherGate(
    tier,
    rows.filter(({ score }) => Math.abs(score - cutoff) <= bandwidth),
    cutoff,
  );
  if (bound !== undefined) return { ...measured, effect: bound };
  const assumptions = ["entities just below and just above the cut-off would have sold alike", "it speaks of entities at the cut-off only"];
  return { ...measured, effect: { ...jump.estimate, assumptions } };
}

/** Why the jump of sales would not be the tier's doing, or could not be told. */
function gateOf(bunching: Found, firstStage: Estimated): Undetermined | undefined {
  if (bunching.kind === "undetermined") return bunching;
  if ((bunching.test?.pValue ?? 0) < bunchingLevel)
    return undetermined("scores bunch at the cut-off, so that those on either side are not alike", "a cut-off that nobody aims at");
  if (firstStage.kind === "undetermined") return firstStage;
  return firstStage.value < instrumentMin * (firstStage.standardError ?? 0) ? unfollowed(firstStage) : undefined;
}

/** Where another condition of the tier, or a cap, decides for some beside the cut-off, which side they merit is not the score's doing. */
function otherGate(tier: string, near: readonly CutoffRow[], cutoff: number): Undetermined | undefined {
  const decided = near.filter(({ score, isMerited }) => isMerited !== score >= cutoff).length;
  if (decided === 0) return undefined;
  return undetermined(
    `other conditions than the score decide for ${decided} of ${near.length} within the bandwidth whether they merit ${tier}`,
    "a cut-off where the score alone decides",
  );
}

/** The tier that was really held does not turn on this cut-off, or not clearly: by another rule than this policy's, or for want of entities. */
function unfollowed({ value, standardError = 0 }: Extract<Estimated, { kind: "estimate" }>): Undetermined {
  const needed = (instrumentMin * standardError) / value;
  const times = Math.ceil(needed ** 2);
  const points = (share: number): string => (100 * Math.abs(share)).toFixed(1);
  return undetermined(
    `the tier really held hardly follows this cut-off: just above it ${points(value)} points ${value < 0 ? "fewer" : "more"} hold the tier than just below, standard error ${points(standardError)}, and 3.16 of these more are needed`,
    `a replay of the policy that was really in force${value > 0 && times <= timesMax ? `, or about ${times} times as many entities, if its jump is what it seems` : ""}`,
  );
}

/** More entities than so many times those at hand are no advice. */
const timesMax = 100;

interface CutoffRow {
  readonly score: number;
  /** The tier or a better one is merited. */
  readonly isMerited: boolean;
  /** 1: the tier or a better one was really held. */
  readonly held: number;
  readonly growth: number;
}

/** One row an entity that is on the ladder at the evaluation, with sales before it and a known tier after it. */
function rowsAt(past: Past, { policy, codeOf, window, period }: CutoffQuestion, code: number): readonly CutoffRow[] {
  const rows: CutoffRow[] = [];
  if (period < 0) return rows;
  for (let entity = 0; entity < past.entities; entity++) {
    const cell = entity * past.periods + period;
    const score = past.score[cell] as number;
    const merited = past.merited[cell] as number;
    const assigned = past.assigned[cell + 1] as number;
    if (Number.isNaN(score) || merited < 0 || merited >= policy.tiers.length || assigned < 0) continue;
    const held = codeOf[assigned] as number;
    const before = salesOver(past, entity, period - window + 1, period);
    if (held < 0 || held >= policy.tiers.length || !(before > 0)) continue;
    const after = salesOver(past, entity, period + 1, period + 2 * window) / 2;
    rows.push({ score, isMerited: merited <= code, held: held <= code ? 1 : 0, growth: midpointGrowth(before, after) });
  }
  return rows;
}

/** The step that the headline score is rounded to. */
function stepOf(policy: Policy): number {
  const headline = policy.scores.find(({ name }) => name === policy.headlineScore);
  return headline === undefined ? 0 : Number(`1e-${headline.round}`);
}

function estimateOf(found: Found): Estimated {
  return found.kind === "undetermined" ? found : found.estimate;
}
