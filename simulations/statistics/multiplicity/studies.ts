/**
 * Worlds in which families of comparisons are studied: the level is the chance of any false rejection, or for false discovery rates the mean
 * share of false ones among the rejected; coverage is that of all stated intervals together; power the mean share of effects found.
 */
import type { RandomStream } from "../../../data/foundation/index.ts";
import type { Judged, Judgement, Study, World } from "../studies/study.ts";
import { type Draw, logNormal, moments, normal, together } from "../studies/worlds.ts";

/** What a family controls: that no rejection is false, or the share of false ones. */
type Controls = "any-false" | "share-false";

interface Row {
  readonly isEffect: boolean;
  readonly rejected: boolean;
  readonly lower?: number;
  readonly upper?: number;
}

function judge(effects: ReadonlyMap<string, number>, controls: Controls, measure: "level" | "power"): (found: Judged) => Judgement {
  return ({ details }) => {
    const table = details?.["comparisons"] as readonly Readonly<Record<string, number | string | boolean>>[];
    const rows = table.map(({ name, rejected, lower, upper }) => {
      const truth = effects.get(String(name)) ?? 0;
      const ends = { ...(lower === undefined ? {} : { lower: Number(lower) }), ...(upper === undefined ? {} : { upper: Number(upper) }) };
      return { truth, isEffect: truth !== 0, rejected: rejected === true, ...ends };
    });
    const stated = rows.filter((row: Row) => row.lower !== undefined || row.upper !== undefined);
    const covered = stated.every(({ truth, lower, upper }) => truth >= (lower ?? -1e300) && truth <= (upper ?? 1e300));
    const isFamily = controls === "any-false" && stated.length > 0;
    return { covered: isFamily ? covered : undefined, rejected: measure === "power" ? found(rows) : falseOnes(rows, controls) };
  };
}

function found(rows: readonly Row[]): number {
  const effects = rows.filter(({ isEffect }) => isEffect);
  return effects.filter(({ rejected }) => rejected).length / effects.length;
}

function falseOnes(rows: readonly Row[], controls: Controls): number {
  const rejected = rows.filter((row) => row.rejected);
  const wrong = rejected.filter(({ isEffect }) => !isEffect).length;
  if (controls === "any-false") return wrong > 0 ? 1 : 0;
  return rejected.length === 0 ? 0 : wrong / rejected.length;
}

interface Family {
  readonly effects: readonly number[];
  /** Errors of the estimates, one an effect, each of variance 1. */
  readonly errors: (random: RandomStream, count: number) => readonly number[];
  /** What an estimate's standard error is stated to be. */
  readonly stated?: number;
}

const independent: Family["errors"] = (random, count) => Array.from({ length: count }, () => random.normal());
const shared: Family["errors"] = (random, count) => {
  const common = random.normal() * Math.SQRT1_2;
  return Array.from({ length: count }, () => common + random.normal() * Math.SQRT1_2);
};
/** Errors that sum to 0: as negatively dependent as so many can be. */
const opposed: Family["errors"] = (random, count) => {
  const own = independent(random, count);
  const mean = own.reduce((sum, value) => sum + value, 0) / count;
  return own.map((value) => (value - mean) / Math.sqrt(1 - 1 / count));
};

const draw =
  ({ effects, errors, stated = 1 }: Family): Draw<unknown> =>
  (random) => {
    const noise = errors(random, effects.length);
    return { comparisons: effects.map((effect, i) => ({ name: `${i}`, estimate: effect + (noise[i] as number), standardError: stated })) };
  };

const none = Array.from({ length: 10 }, () => 0);
const half = [3, 3, 3, 3, 3, 0, 0, 0, 0, 0];

function study(statistic: string, controls: Controls, negative: boolean): Study {
  const world = (name: string, holds: boolean, family: Family, measure: "level" | "power" = "level"): World => ({
    name,
    holds,
    isNull: measure === "level",
    draw: draw(family),
    judge: judge(new Map(family.effects.map((effect, i) => [`${i}`, effect])), controls, measure),
  });
  const wrong = controls === "any-false" ? "any false one" : "share of false ones";
  return {
    name: statistic,
    statistic,
    worlds: [
      world(`10 without effect: ${wrong}`, true, { effects: none, errors: independent }),
      world(`5 of 10 with effect 3: ${wrong}`, true, { effects: half, errors: independent }),
      world("5 of 10 with effect 3: found", true, { effects: half, errors: independent }, "power"),
      world(`10 without effect, correlation 0.5: ${wrong}`, true, { effects: none, errors: shared }),
      world(`2 without effect, correlation −1: ${wrong}`, negative, { effects: [0, 0], errors: opposed }),
    ],
  };
}

const groups = (control: readonly [number, Draw<number>], treatments: readonly (readonly [number, Draw<number>])[]): Draw<unknown> =>
  together({
    control: moments(...control),
    treatments: (random) => treatments.map(([n, one], i) => ({ name: `${i}`, ...moments(n, one)(random) })),
  });
const dunnettWorld = (name: string, holds: boolean, drawn: Draw<unknown>, effects: readonly number[] = [], unseen?: string): World => ({
  name,
  holds,
  isNull: effects.length === 0,
  draw: drawn,
  judge: judge(new Map(effects.map((effect, i) => [`${i}`, effect])), "any-false", effects.length === 0 ? "level" : "power"),
  seeds: 100,
  ...(unseen === undefined ? {} : { unseen }),
});

export const multiplicityStudies: readonly Study[] = [
  study("bonferroni", "any-false", true),
  study("sidak", "any-false", false),
  study("holm", "any-false", true),
  study("holm-sidak", "any-false", false),
  study("hochberg", "any-false", false),
  study("hochberg-sidak", "any-false", false),
  study("benjamini-hochberg", "share-false", false),
  study("benjamini-yekutieli", "share-false", true),
  study("fixed-sequence", "any-false", true),
  {
    name: "dunnett",
    statistic: "dunnett",
    worlds: [
      dunnettWorld(
        "normal, control and three of 50",
        true,
        groups(
          [50, normal()],
          [
            [50, normal()],
            [50, normal()],
            [50, normal()],
          ],
        ),
      ),
      dunnettWorld(
        "normal, of 50, effects 0.6: found",
        true,
        groups(
          [50, normal()],
          [
            [50, normal(0.6)],
            [50, normal(0.6)],
            [50, normal(0.6)],
          ],
        ),
        [0.6, 0.6, 0.6],
      ),
      dunnettWorld(
        "normal, 8 a group",
        true,
        groups(
          [8, normal()],
          [
            [8, normal()],
            [8, normal()],
          ],
        ),
      ),
      dunnettWorld(
        "normal, 20 of sd 3 as control, 200 of sd 1",
        false,
        groups(
          [20, normal(0, 3)],
          [
            [200, normal()],
            [200, normal()],
          ],
        ),
      ),
      dunnettWorld(
        "log-normal, spread 2, 8 a group",
        false,
        groups(
          [8, logNormal(2)],
          [
            [8, logNormal(2)],
            [8, logNormal(2)],
          ],
        ),
      ),
    ],
  },
];
