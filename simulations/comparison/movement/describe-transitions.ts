/** Steps from evaluation to evaluation: probabilities, dwell, mobility, and whether two steps are what one step twice would be. */
import { type Policy, type Step, tierNames } from "../../../policies/language/checked/index.ts";
import { type Estimated, undetermined } from "../../statistics/index.ts";
import { clusteredShare, clusteredValue } from "./clustered.ts";
import type { Transitions } from "./course.ts";
import type { Steps } from "./steps.ts";

/** The state after the last tier: the entity left the frame. */
export const closed = "closed";

type Row = Transitions["rows"][number];

/** Derivatives by place of `Steps.counts`; places that are absent are 0. */
type Gradient = ReadonlyMap<number, number>;

/** The chain of one policy. Variances: sum over entities of squared influences, entities independent. */
export function describeTransitions(policy: Policy, steps: Steps, level: number): Transitions {
  const names = [...tierNames(policy), closed];
  const chain = new Chain(steps);
  const rows = names.slice(0, -1).flatMap((_, tier) => (chain.total(tier) === 0 ? [] : [rowOf(policy, chain, { tier, names, level })]));
  const tested = rows.flatMap(({ from, twoStep }) =>
    twoStep?.difference.kind === "estimate" && twoStep.difference.interval !== undefined ? [{ from, ...twoStep.difference.interval }] : [],
  );
  const departed = tested.filter(({ lower, upper }) => lower > 0 || upper < 0);
  return {
    steps: chain.all,
    rows,
    mobility: mobilityOf(chain, level),
    rules: rulesOf(policy),
    ...(tested.length === 0 ? {} : { departures: departed.map(({ from }) => from) }),
  };
}

class Chain {
  readonly steps: Steps;
  readonly tiers: number;
  readonly all: number;

  constructor(steps: Steps) {
    this.steps = steps;
    this.tiers = steps.tiers;
    this.all = steps.counts.subarray(0, steps.tiers * (steps.tiers + 1)).reduce((sum, count) => sum + count, 0);
  }

  place(from: number, to: number, isTwo = false): number {
    return (from + (isTwo ? this.tiers : 0)) * (this.tiers + 1) + to;
  }

  count(from: number, to: number, isTwo = false): number {
    return this.steps.counts[this.place(from, to, isTwo)] as number;
  }

  total(from: number, isTwo = false): number {
    let sum = 0;
    for (let to = 0; to <= this.tiers; to++) sum += this.count(from, to, isTwo);
    return sum;
  }

  share(from: number, to: number, isTwo = false): number {
    const whole = this.total(from, isTwo);
    return whole === 0 ? 0 : this.count(from, to, isTwo) / whole;
  }

  /** How the share changes with each count of its row, times a factor, added to a gradient. */
  addShare(
    gradient: Map<number, number>,
    { from, to, isTwo = false, factor }: { from: number; to: number; isTwo?: boolean; factor: number },
  ): void {
    const whole = this.total(from, isTwo);
    if (whole === 0 || factor === 0) return;
    const share = this.share(from, to, isTwo);
    for (let state = 0; state <= this.tiers; state++) {
      const place = this.place(from, state, isTwo);
      gradient.set(place, (gradient.get(place) ?? 0) + (factor * ((state === to ? 1 : 0) - share)) / whole);
    }
  }

  /** Sum over entities of (gradient . own counts) squared; undefined where the products were not kept. */
  variance(gradient: Gradient): number | undefined {
    const { products, counts } = this.steps;
    if (products.length === 0) return undefined;
    let sum = 0;
    for (const [a, first] of gradient)
      for (const [b, second] of gradient) sum += first * second * (products[a * counts.length + b] as number);
    return Math.max(sum, 0);
  }
}

const tooMany = () => undetermined("the ladder has more tiers than the limit 'stepTiers'", "a shorter ladder, or a higher limit");

function rowOf(policy: Policy, chain: Chain, { tier, names, level }: { tier: number; names: readonly string[]; level: number }): Row {
  const whole = chain.total(tier);
  const entities = chain.steps.entities[tier] as number;
  const probability = (to: number): Estimated => {
    const gradient = new Map<number, number>();
    chain.addShare(gradient, { from: tier, to, factor: 1 });
    const variance = chain.variance(gradient);
    return variance === undefined ? tooMany() : clusteredShare({ part: chain.count(tier, to), whole, variance, entities, level });
  };
  const stays = stayTimes(chain.steps, tier);
  const expectedMedian = geometricMedian(chain.share(tier, tier));
  const twoStep = twoStepOf(chain, tier, level);
  return {
    from: names[tier] ?? "",
    adverse: policy.tiers[tier]?.adverse ?? false,
    steps: whole,
    entities,
    to: names.flatMap((to, state) =>
      chain.count(tier, state) === 0 ? [] : [{ to, steps: chain.count(tier, state), probability: probability(state) }],
    ),
    expectedDwell: dwellOf(chain, tier, level),
    ...(expectedMedian === undefined ? {} : { expectedMedian }),
    ...(stays.median === undefined ? {} : { observedMedian: stays.median }),
    stays: stays.count,
    ...(twoStep === undefined ? {} : { twoStep }),
  };
}

/** 1 / (1 - stay): what a chain without memory takes to leave; as an estimate, time spent over times left. */
function dwellOf(chain: Chain, tier: number, level: number): Estimated {
  const left = chain.total(tier) - chain.count(tier, tier);
  if (left === 0) return undetermined("nobody leaves the tier between two evaluations", "a longer range");
  const leaving = left / chain.total(tier);
  const gradient = new Map<number, number>();
  chain.addShare(gradient, { from: tier, to: tier, factor: 1 / (leaving * leaving) });
  const variance = chain.variance(gradient);
  if (variance === undefined) return tooMany();
  const entities = chain.steps.entities[tier] as number;
  return clusteredValue({
    value: 1 / leaving,
    variance,
    entities,
    level,
    lowest: 1,
    method: "1 / (1 - stay), delta method, clustered by entity",
  });
}

/** The first number of evaluations by which half have left when each leaves with one probability. */
function geometricMedian(stay: number): number | undefined {
  if (stay >= 1) return undefined;
  let [evaluations, staying] = [1, stay];
  while (staying > 0.5 && evaluations < 10_000) {
    evaluations++;
    staying *= stay;
  }
  return staying > 0.5 ? undefined : evaluations;
}

/** Kaplan and Meier's median of stays of a known beginning, in evaluations. Source: Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457-481. */
function stayTimes({ stays, evaluations }: Steps, tier: number): { readonly count: number; readonly median: number | undefined } {
  const at = (length: number, isEnded: 0 | 1): number => stays[(tier * (evaluations + 1) + length) * 2 + isEnded] as number;
  let atRisk = 0;
  for (let length = 1; length <= evaluations; length++) atRisk += at(length, 0) + at(length, 1);
  const count = atRisk;
  let staying = 1;
  for (let length = 1; length <= evaluations && atRisk > 0; length++) {
    staying *= 1 - at(length, 1) / atRisk;
    if (staying <= 0.5) return { count, median: length };
    atRisk -= at(length, 0) + at(length, 1);
  }
  return { count, median: undefined };
}

/** The share that is in the tier again two evaluations on, less what the one-step matrix twice would give; tiers at the Bonferroni level. */
function twoStepOf(chain: Chain, tier: number, level: number): Row["twoStep"] {
  const steps = chain.total(tier, true);
  if (steps === 0) return undefined;
  const gradient = new Map<number, number>();
  chain.addShare(gradient, { from: tier, to: tier, isTwo: true, factor: 1 });
  let predicted = 0;
  for (let middle = 0; middle < chain.tiers; middle++) {
    const [there, back] = [chain.share(tier, middle), chain.share(middle, tier)];
    predicted += there * back;
    chain.addShare(gradient, { from: tier, to: middle, factor: -back });
    chain.addShare(gradient, { from: middle, to: tier, factor: -there });
  }
  const observed = chain.share(tier, tier, true);
  const variance = chain.variance(gradient);
  const used = Array.from({ length: chain.tiers }, (_, other) => other).filter((other) => chain.total(other, true) > 0).length;
  const difference =
    variance === undefined
      ? tooMany()
      : clusteredValue({
          value: observed - predicted,
          variance,
          entities: chain.steps.entities[tier] as number,
          level: 1 - (1 - level) / used,
          method: `two-step share less the squared one-step matrix, delta method by entity, Bonferroni over ${used} ${used === 1 ? "tier" : "tiers"}`,
        });
  return { steps, observed, predicted, difference };
}

/** (K - sum of stays) / (K - 1) over tiers that were held, among steps that do not close. Source: Shorrocks (1978), Econometrica 46, 1013-1024. */
function mobilityOf(chain: Chain, level: number): Estimated {
  const gradient = new Map<number, number>();
  let [tiers, stays, entities] = [0, 0, 0];
  for (let tier = 0; tier < chain.tiers; tier++) {
    const open = chain.total(tier) - chain.count(tier, chain.tiers);
    if (open === 0) continue;
    const stay = chain.count(tier, tier) / open;
    tiers++;
    stays += stay;
    entities = Math.max(entities, chain.steps.entities[tier] as number);
    for (let state = 0; state < chain.tiers; state++) gradient.set(chain.place(tier, state), ((state === tier ? 1 : 0) - stay) / open);
  }
  if (tiers < 2)
    return undetermined(
      `${tiers} ${tiers === 1 ? "tier is" : "tiers are"} held: nothing to move between`,
      "entities in at least two tiers",
    );
  const scaled = new Map([...gradient].map(([place, value]) => [place, -value / (tiers - 1)]));
  const variance = chain.variance(scaled);
  if (variance === undefined) return tooMany();
  const method = "Shorrocks' trace index, delta method, clustered by entity";
  return clusteredValue({ value: (tiers - stays) / (tiers - 1), variance, entities, level, lowest: 0, method });
}

function rulesOf({ movement, tiers }: Policy): readonly string[] {
  const waits = (what: string, { after, by }: Step): readonly string[] => [
    ...(after > 1 ? [`${what} waits for ${after} evaluations in a row`] : []),
    ...(by === undefined ? [] : [`${what} goes at most ${by} ${by === 1 ? "tier" : "tiers"} at a time`]),
  ];
  const held = tiers
    .filter(({ holdDays }) => holdDays !== undefined)
    .map(({ name, holdDays }) => `${name} is held for at least ${holdDays} days`);
  const terminal = tiers.filter((tier) => tier.terminal).map(({ name }) => `${name} is never left`);
  return [
    ...waits("promotion", movement.promote),
    ...waits("demotion", movement.demote),
    ...held,
    ...terminal,
    ...(movement.shield === undefined ? [] : [`a shield runs for ${movement.shield.days} days`]),
    ...(movement.protect === undefined ? [] : [`an event protects from tiers worse than ${movement.protect.tier}`]),
  ];
}
