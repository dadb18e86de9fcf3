/** What the marketplace comes to know about a demo entity: violations, appeals, random audits, and behaviour seen afterwards. */
import { type Day, type RandomStream, randomStream } from "../../foundation/index.ts";
import { type Character, pick } from "./character.ts";
import { columnOf, type DemoKind, type Life, type TrueRates } from "./life.ts";
import type { Market } from "./market.ts";

/** A dated fact. Kind, severity and type are codes into `eventKinds`, `severities` and the kind's `violationTypes`; -1 none. */
export interface DemoEvent {
  /** Number of the violation that it is, or belongs to, within the entity. */
  readonly violation: number;
  readonly kind: number;
  readonly day: Day;
  readonly knownOn: Day;
  readonly severity: number;
  readonly type: number;
}

/** A label. Source and outcome are codes into `outcomeSources` and `outcomeNames`. */
export interface DemoOutcome {
  readonly about: Day;
  readonly source: number;
  readonly outcome: number;
  readonly knownOn: Day;
  /** The probability with which the audit picked the entity; undefined for other sources. */
  readonly probability?: number;
}

export const eventKinds = ["violation", "appeal", "appeal_granted", "appeal_rejected"] as const;
export const severities = ["low", "medium", "high"] as const;
/** Points of a violation, by severity. */
export const severityPoints = [2, 4, 8] as const;
export const outcomeNames = ["fine", "harmful", "pending"] as const;
export const outcomeSources = ["audit", "appeal", "bad_orders_91"] as const;

/** Random audits: the share of entities that each month end picks, by whether they had 80 orders or more in the last four weeks. */
export const auditShares = { small: 0.03, large: 0.08, largeOrders: 80 } as const;
/** The behaviour outcome: 13 whole weeks, the least orders in them, and the days until late reviews are in. */
export const behaviour = { weeks: 13, baseMin: 30, lagDays: 7 } as const;

/** What is known of one entity, from its own stream, so that none of it moves when the life is drawn otherwise. */
export function enforce(options: { kind: DemoKind; market: Market; character: Character; life: Life; truth: TrueRates }): {
  events: DemoEvent[];
  outcomes: DemoOutcome[];
} {
  const { kind, market, character, life, truth } = options;
  const stream = randomStream(market.seed, kind.entity, character.index, "enforcement");
  const types = randomStream(market.seed, kind.entity, character.index, "violation types");
  const typeShares = Object.values(kind.violationTypes);
  const isHarmful = (week: number): boolean => (week >= character.turnsBadAt ? truth.turnedShare : truth.usualShare) > kind.harmfulShare;
  const base = columnOf(life, kind.baseMeasure);
  const bad = kind.badMeasures.map((name) => columnOf(life, name));
  const events: DemoEvent[] = [];
  const outcomes: DemoOutcome[] = [];
  let violations = 0;
  for (let week = character.entersAt; week <= character.leavesAfter; week++) {
    const harmful = isHarmful(week);
    const weeklyRate = harmful ? 0.05 : 0.0012 * Math.sqrt(character.size);
    const found = stream.poisson(weeklyRate);
    for (let one = 0; one < found; one++) {
      const type = pick(types, typeShares);
      report({ stream, market, character, week, harmful, violation: ++violations, type, events, outcomes });
    }
    if (market.endsMonth[week] === 0) continue;
    audit({ stream, market, character, week, harmful, base, outcomes });
    observe({ market, character, week, base, bad, harmfulShare: kind.harmfulShare, outcomes });
  }
  return {
    events: events.filter((event) => event.knownOn <= market.knownAt),
    outcomes: outcomes.filter((row) => row.knownOn <= market.knownAt),
  };
}

/** A violation, found some days after it happened; two in three of those against an entity that does no harm are mistaken. */
function report(to: {
  stream: RandomStream;
  market: Market;
  character: Character;
  week: number;
  harmful: boolean;
  violation: number;
  type: number;
  events: DemoEvent[];
  outcomes: DemoOutcome[];
}): void {
  const { stream, market, week, violation, type } = to;
  const day = weekEndOf(market, week) - stream.below(7);
  const knownOn = day + waitDays(stream, 4);
  const isMistaken = !to.harmful && stream.uniform() < 0.67;
  const u = stream.uniform();
  const severity = to.harmful ? (u < 0.35 ? 0 : u < 0.75 ? 1 : 2) : u < 0.7 ? 0 : u < 0.95 ? 1 : 2;
  to.events.push({ violation, kind: 0, day, knownOn, severity, type });
  // The innocent appeal more often, and so do the large, who have people for it.
  const appealProbability = (isMistaken ? 0.6 : 0.2) * (0.6 + 0.4 * Math.min(1, to.character.size / 40));
  const appeals = stream.uniform() < appealProbability;
  const about = weekEndOf(market, week);
  const filedOn = Math.max(knownOn + waitDays(stream, 5), about + 1);
  const decidedOn = filedOn + 5 + waitDays(stream, 12);
  const isGranted = stream.uniform() < (isMistaken ? 0.85 : 0.1);
  if (!appeals) return;
  to.events.push({ violation, kind: 1, day: filedOn, knownOn: filedOn, severity: -1, type: -1 });
  to.events.push({ violation, kind: isGranted ? 2 : 3, day: decidedOn, knownOn: decidedOn, severity: -1, type: -1 });
  appealLabel(to.outcomes, { about, source: 1, outcome: 2, knownOn: filedOn });
  appealLabel(to.outcomes, { about, source: 1, outcome: isGranted ? 0 : 1, knownOn: decidedOn });
}

/** Appeals of two violations of one week may be filed or decided on one day: one label stands for that day, a decision before a filing. */
function appealLabel(outcomes: DemoOutcome[], label: DemoOutcome): void {
  const same = outcomes.findIndex(
    ({ about, source, knownOn }) => about === label.about && source === label.source && knownOn === label.knownOn,
  );
  if (same < 0) outcomes.push(label);
  else if (label.outcome !== 2) outcomes[same] = label;
}

/** A random audit at a known probability finds out what is really so, some weeks later. */
function audit(to: {
  stream: RandomStream;
  market: Market;
  character: Character;
  week: number;
  harmful: boolean;
  base: Float64Array;
  outcomes: DemoOutcome[];
}): void {
  const { stream, market, character, week, base } = to;
  let recent = 0;
  for (let back = Math.max(character.entersAt, week - 3); back <= week; back++) recent += base[back] as number;
  const probability = recent >= auditShares.largeOrders ? auditShares.large : auditShares.small;
  const isPicked = stream.uniform() < probability;
  const delayDays = 7 + stream.below(15);
  if (!isPicked) return;
  const about = weekEndOf(market, week);
  to.outcomes.push({ about, source: 0, outcome: to.harmful ? 1 : 0, knownOn: about + delayDays, probability });
}

/** Behaviour in the weeks that follow; nothing is said of an entity that leaves within them or has too few orders. */
function observe(to: {
  market: Market;
  character: Character;
  week: number;
  base: Float64Array;
  bad: readonly Float64Array[];
  harmfulShare: number;
  outcomes: DemoOutcome[];
}): void {
  const { market, character, week } = to;
  const last = week + behaviour.weeks;
  if (last > character.leavesAfter) return;
  let base = 0;
  let bad = 0;
  for (let ahead = week + 1; ahead <= last; ahead++) {
    base += to.base[ahead] as number;
    for (const column of to.bad) bad += column[ahead] as number;
  }
  if (base < behaviour.baseMin) return;
  const about = weekEndOf(market, week);
  const knownOn = about + 7 * behaviour.weeks + behaviour.lagDays;
  to.outcomes.push({ about, source: 2, outcome: bad > to.harmfulShare * base ? 1 : 0, knownOn });
}

/** At least one day; geometric beyond it, with this mean. */
function waitDays(stream: RandomStream, meanDays: number): number {
  return 1 + Math.floor(-Math.log(1 - stream.uniform()) * (meanDays - 0.5));
}

function weekEndOf(market: Market, week: number): Day {
  return market.weekEnd[week] as number;
}
