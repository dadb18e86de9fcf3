/** Gaps and inversions of a ladder, each with numbers that show it, and the tiers that somebody was seen to merit. */
import { present, type RandomStream, randomStream } from "../../data/foundation/index.ts";
import { type Fact, Facts, turningValues } from "./analyse-facts.ts";
import { apart, type Finding, inversionOf, onePerTier, reportGap, reportInversion, type Step, sayOf } from "./analyse-findings.ts";
import { type Plausible, plausibilityRules } from "./analyse-plausible.ts";
import type { Possibilities } from "./analyse-possible.ts";
import { type Variable, variablesOf, workOf } from "./analyse-thresholds.ts";
import { Trial } from "./analyse-trial.ts";
import { sayList } from "./analyse-words.ts";
import type { Problems } from "./problems.ts";

/** Imagined entities for one name along which the ladder is walked; fewer when all combinations are fewer. */
const settingsMax = 64;
/** Nodes, rules and scores that all walks together may evaluate. */
const workMax = 2_000_000;
/** Steps of a walk along a score, and halvings towards a number that the score is compared with. */
const gridSteps = 12;
const halvingsMax = 30;
/** Numbers of one name that a walk looks at closely. */
const targetsMax = 40;
/** Names of the setting that a finding repeats. */
const namesSaid = 4;

/**
 * Walks the ladder along every name that it compares, from everywhere else held fixed: `ladder-gap` where one falls off the ladder
 * between two of its tiers with everything known, `ladder-inversion` where a value between two others lands in a worse tier than both
 * (for scores and ledgers also: in a better one). Only what an imagined entity really shows is reported. Gives the positions of all
 * tiers whose own condition some imagined entity met while no better tier's condition held.
 */
export function analyseLadder(possibilities: Possibilities, problems: Problems): ReadonlySet<number> {
  const walker = new Walker(possibilities);
  const { gaps, inversions } = walker.walk();
  for (const gap of gaps) reportGap(gap, possibilities.policy, problems);
  for (const inversion of inversions) reportInversion(inversion, possibilities.policy, problems);
  return walker.merited;
}

class Walker {
  readonly possibilities: Possibilities;
  readonly merited = new Set<number>();
  readonly #facts: Facts;
  readonly #trial: Trial;
  readonly #rules: readonly Plausible[];
  readonly #byKey: ReadonlyMap<string, Fact>;
  readonly #gaps: Finding[] = [];
  readonly #inversions: Finding[] = [];
  /** Names that some tiers read, by their positions. */
  readonly #variables = new Map<string, readonly Variable[]>();
  /** Of every number that is compared. */
  readonly #readers: ReadonlyMap<string, () => number | undefined>;

  constructor(possibilities: Possibilities) {
    const { policy } = possibilities;
    this.possibilities = possibilities;
    this.#facts = new Facts(possibilities);
    this.#trial = new Trial(policy);
    this.#byKey = new Map(this.#facts.all.map((fact) => [fact.key, fact]));
    this.#rules = plausibilityRules(policy, new Set(this.#byKey.keys()));
    const numbers = this.#facts.compared.filter(({ to, name }) => !possibilities.isText(to, name));
    this.#readers = new Map(numbers.map(({ key, to, name }) => [key, this.#trial.reader(to, name)]));
  }

  walk(): { readonly gaps: readonly Finding[]; readonly inversions: readonly Finding[] } {
    // Scores first: what the ladder is about is said of them rather than of what they read.
    const names = this.#facts.compared.filter((variable) => variable.thresholds.length > 0 && variable.to !== "today");
    const axes = [...names].sort((a, b) => Number(b.to === "score") - Number(a.to === "score"));
    if (axes.length === 0) this.#imagine(randomStream(0, "ladder"), settingsMax);
    const ofStep = this.#workOfStep();
    for (const variable of axes) {
      const settings = Math.floor(workMax / axes.length / this.#workOfWalk(variable, ofStep));
      this.#walkAlong(variable, Math.min(settingsMax, settings));
    }
    return { gaps: apart(this.#gaps), inversions: onePerTier(this.#inversions) };
  }

  /** Nodes, rules and scores that one step evaluates. */
  #workOfStep(): number {
    const { tiers, caps } = this.possibilities.policy;
    const asked = [...tiers.flatMap(({ when }) => (when === undefined ? [] : [when])), ...caps.map(({ when }) => when)];
    return workOf(asked, this.possibilities) + this.#workOfScores() + this.#rules.length + this.#facts.all.length;
  }

  #workOfScores(): number {
    const sizes = this.possibilities.policy.scores.map((score) =>
      score.kind === "curve" ? score.anchors.length : score.kind === "weighted" ? score.parts.length : 1,
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #workOfWalk(variable: Variable, ofStep: number): number {
    const fact = this.#byKey.get(variable.key);
    if (fact !== undefined) return fact.values.length * ofStep;
    const targets = Math.min(targetsMax, 2 * variable.thresholds.length + 1);
    return (gridSteps + targets) * ofStep + targets * halvingsMax * this.#workOfScores();
  }

  #walkAlong(variable: Variable, settings: number): void {
    const moving = this.#moving(variable);
    const sharing = this.#facts.compared
      .filter((other) => other.key !== variable.key)
      .map((other) => [...this.#facts.under(other.to, other.name)])
      .filter((keys) => keys.some((key) => moving.has(key)));
    // Where another name reads the same facts and more, it can pull the other way, and that may be meant.
    const isAlone = this.#byKey.has(variable.key) ? sharing.every((keys) => keys.every((key) => moving.has(key))) : sharing.length === 0;
    const bothWays = sharing.length === 0 && (variable.to === "score" || variable.to === "ledger");
    const stream = randomStream(0, "ladder", variable.key);
    for (const _ of this.#settings(moving, stream, settings)) {
      const steps = this.#byKey.has(variable.key) ? this.#alongFact(variable) : this.#alongScore(variable, moving);
      steps.sort((a, b) => a.value - b.value);
      this.#look(variable, steps, { isAlone, bothWays, moving });
    }
  }

  /** Facts that a walk along a name moves: those that no other compared name rests on; where there are none, all under it. */
  #moving(variable: Variable): ReadonlySet<string> {
    const under = [...this.#facts.under(variable.to, variable.name)].filter((key) => this.#byKey.get(key)?.kind === "number");
    if (this.#byKey.has(variable.key)) return new Set([variable.key]);
    const others = this.#facts.compared
      .filter((other) => other.key !== variable.key)
      .map((other) => this.#facts.under(other.to, other.name));
    const own = under.filter((key) => !others.some((keys) => keys.has(key)));
    return new Set(own.length > 0 ? own : under);
  }

  /** Sets all facts but the moving ones, again and again: every combination of their values when these are few, else drawn at random. */
  *#settings(moving: ReadonlySet<string>, stream: RandomStream, most: number): Iterable<number> {
    const fixed = this.#facts.all.filter((fact) => !moving.has(fact.key));
    const combinations = fixed.reduce((product, fact) => Math.min(product * fact.values.length, most + 1), 1);
    for (let index = 0; index < Math.min(combinations, most); index++) {
      let rest = index;
      for (const fact of fixed) {
        const { length } = fact.values;
        const at = combinations > most ? stream.below(length) : rest % length;
        rest = Math.floor(rest / length);
        if (fact.kind === "text") this.#trial.setText(fact.key, fact.values[at]);
        else this.#trial.setNumber(fact.key, present(fact.values[at], fact.key));
      }
      yield index;
    }
  }

  #imagine(stream: RandomStream, most: number): void {
    for (const _ of this.#settings(new Set(), stream, most)) this.#note();
  }

  /** Where the entity lands now; undefined when its facts contradict each other or something that is compared is missing. */
  #land(value: number | undefined): Step | undefined {
    if (value === undefined || !this.#rules.every((rule) => rule(this.#trial))) return undefined;
    const own = this.#note();
    for (const read of this.#readers.values()) if (read() === undefined) return undefined;
    return { value, tier: this.#trial.capped(own) };
  }

  #note(): number | undefined {
    const own = this.#trial.own();
    if (own !== undefined) this.merited.add(own);
    return own;
  }

  #read({ key }: Variable): number | undefined {
    return this.#readers.get(key)?.();
  }

  #alongFact(variable: Variable): Step[] {
    const fact = this.#byKey.get(variable.key);
    if (fact?.kind !== "number") return [];
    return fact.values.flatMap((value) => {
      this.#trial.setNumber(fact.key, value);
      return this.#land(this.#read(variable)) ?? [];
    });
  }

  /** From where the score is lowest to where it is highest, all facts under it moving together, with a closer look at its thresholds. */
  #alongScore(variable: Variable, moving: ReadonlySet<string>): Step[] {
    const read = (): number | undefined => this.#read(variable);
    for (const key of moving) this.#setFirst(key);
    const path = [...moving].flatMap((key) => this.#leg(key, read));
    const goTo = (t: number): number | undefined => {
      for (const { key, from, to, isWhole } of path) {
        const value = from + t * (to - from);
        this.#trial.setNumber(key, isWhole ? Math.round(value) : value);
      }
      return read();
    };
    const grid = Array.from({ length: gridSteps + 1 }, (_, index) => index / gridSteps).map((t) => ({ t, value: goTo(t) }));
    const [least, most] = [goTo(0), goTo(1)];
    const steps: Step[] = [];
    const land = (value: number | undefined): void => {
      const step = this.#land(value);
      if (step !== undefined) steps.push(step);
    };
    for (const { t } of grid) land(goTo(t));
    // A quotient of two that both rise goes up and down: what lies between two of its values is not on the way from one to the other.
    if (!risesAlong(grid)) return [];
    if (least === undefined || most === undefined || least >= most) return steps;
    const targets = turningValues(
      variable.thresholds.map(({ value }) => value),
      { lower: least, upper: most, isWhole: false },
    );
    for (const target of targets.slice(0, targetsMax)) {
      const index = grid.findIndex(({ value }) => value !== undefined && value >= target);
      let [low, high] = [grid[index - 1]?.t ?? 0, grid[index]?.t ?? 1];
      let value: number | undefined;
      for (let halving = 0; halving < halvingsMax && value !== target; halving++) {
        const middle = (low + high) / 2;
        value = goTo(middle);
        if (value !== undefined && value >= target) high = middle;
        else low = middle;
      }
      land(value);
    }
    return steps;
  }

  #setFirst(key: string): void {
    const fact = this.#byKey.get(key);
    if (fact?.kind === "number") this.#trial.setNumber(key, present(fact.values[0], key));
  }

  /** The way that a fact goes to raise the score; none when it does not matter. */
  #leg(key: string, read: () => number | undefined): readonly { key: string; from: number; to: number; isWhole: boolean }[] {
    const fact = this.#byKey.get(key);
    if (fact?.kind !== "number") return [];
    const [first, last] = [present(fact.values[0], key), present(fact.values.at(-1), key)];
    const at = (value: number): number | undefined => {
      this.#trial.setNumber(key, value);
      return read();
    };
    const [atFirst, atLast] = [at(first), at(last)];
    const falls = atFirst !== undefined && atLast !== undefined && atFirst > atLast;
    return [{ key, isWhole: fact.isWhole, from: falls ? last : first, to: falls ? first : last }];
  }

  #look(
    variable: Variable,
    steps: readonly Step[],
    { isAlone, bothWays, moving }: { readonly isAlone: boolean; readonly bothWays: boolean; readonly moving: ReadonlySet<string> },
  ): void {
    const off = steps.findIndex(
      ({ value, tier }, index) =>
        tier === undefined &&
        steps.slice(0, index).some((step) => step.tier !== undefined && step.value < value) &&
        steps.slice(index + 1).some((step) => step.tier !== undefined && step.value > value),
    );
    const at = steps[off];
    if (at !== undefined) {
      const below = steps.slice(0, off).findLast((step) => step.tier !== undefined && step.value < at.value);
      const above = steps.slice(off + 1).find((step) => step.tier !== undefined && step.value > at.value);
      if (below !== undefined && above !== undefined)
        this.#gaps.push({ variable, below, at, above, setting: this.#setting(moving, [below, above]) });
    }
    if (!isAlone || !hasDirection(variable, this.possibilities)) return;
    const found = inversionOf(
      steps.filter((step) => step.tier !== undefined),
      bothWays,
    );
    if (found !== undefined)
      this.#inversions.push({ variable, ...found, setting: this.#setting(moving, [found.below, found.at, found.above]) });
  }

  /** The names that these tiers compare and the walk does not move, with their values. */
  #setting(moving: ReadonlySet<string>, steps: readonly Step[]): string {
    const tiers = steps.flatMap(({ tier }) => (tier === undefined ? [] : [tier]));
    const stays = ({ to, name }: Variable): boolean => [...this.#facts.under(to, name)].every((key) => !moving.has(key));
    const others = this.#readBy(tiers).filter((other) => other.thresholds.length > 0 && stays(other));
    const said = others.slice(0, namesSaid).flatMap((other) => {
      const value = this.#read(other);
      return value === undefined ? [] : [`${other.name} = ${sayOf(this.possibilities.policy, other, value)}`];
    });
    return said.length === 0 ? "" : ` (with ${sayList(said)})`;
  }

  #readBy(tiers: readonly number[]): readonly Variable[] {
    const key = tiers.join(" ");
    const known = this.#variables.get(key);
    if (known !== undefined) return known;
    const whens = tiers.flatMap((tier) => this.possibilities.policy.tiers[tier]?.when ?? []);
    const variables = variablesOf(whens, this.possibilities);
    this.#variables.set(key, variables);
    return variables;
  }
}

function risesAlong(grid: readonly { readonly value: number | undefined }[]): boolean {
  const values = grid.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return values.every((value, index) => value >= (values[index - 1] ?? value));
}

/** Whether more of a name is meant to be better or worse all along; how long or how much somebody has sold is not. */
function hasDirection({ to, name }: Variable, { policy }: Possibilities): boolean {
  if (to === "score" || to === "ledger") return true;
  const kind = policy.metrics.find((metric) => metric.name === name)?.kind;
  return kind !== undefined && !["since", "unbroken", "sum", "largest"].includes(kind);
}
