/** Worlds in which decisions against margins are studied: a null world lies exactly on its margin. */
import type { Judged, Judgement, Study, World } from "../studies/study.ts";
import { containsValue } from "../studies/study.ts";
import { type Draw, logNormal, many, normal, together } from "../studies/worlds.ts";

type Arm = readonly [n: number, one: Draw<number>];

const options = (margin: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(margin).map(([key, value]) => [key, () => value]));

interface Decided {
  readonly statistic: string;
  readonly margin: Readonly<Record<string, unknown>>;
  /** The effect at which the null hypothesis is only just true, and one at which it is false. */
  readonly atMargin: number;
  readonly beyond: number;
  /** The decision that rejects. */
  readonly shown: string;
}

function study({ statistic, margin, atMargin, beyond, shown }: Decided): Study {
  const world = (name: string, holds: boolean, effect: number, [control, treatment]: readonly [Arm, Arm]): World => ({
    name,
    holds,
    truth: effect,
    isNull: effect === atMargin,
    alpha: 0.05,
    judge: (found: Judged): Judgement => ({ covered: containsValue(found, effect), rejected: found.details?.["decision"] === shown }),
    draw: together({
      control: together({ values: many(...control) }),
      treatment: together({ values: many(...treatment) }),
      ...options(margin),
    }),
  });
  const shifted =
    (effect: number): Draw<number> =>
    (random) =>
      logNormal(2)(random) + effect;
  return {
    name: statistic,
    statistic,
    worlds: [
      world("normal, 200 a group, effect on the margin", true, atMargin, [
        [200, normal()],
        [200, normal(atMargin)],
      ]),
      world(`normal, 200 a group, effect ${beyond}`, true, beyond, [
        [200, normal()],
        [200, normal(beyond)],
      ]),
      world("normal, 8 a group, effect on the margin", true, atMargin, [
        [8, normal()],
        [8, normal(atMargin)],
      ]),
      world("log-normal, spread 2, 1000 against 20, effect on the margin", false, atMargin, [
        [1000, logNormal(2)],
        [20, shifted(atMargin)],
      ]),
      world("log-normal, spread 2, 20 against 1000, effect on the margin", false, atMargin, [
        [20, logNormal(2)],
        [1000, shifted(atMargin)],
      ]),
    ],
  };
}

export const decisionStudies: readonly Study[] = [
  study({ statistic: "superiority", margin: { margin: 0.1 }, atMargin: 0.1, beyond: 0.4, shown: "shown" }),
  study({ statistic: "non-inferiority", margin: { margin: 0.3 }, atMargin: -0.3, beyond: 0, shown: "shown" }),
  study({ statistic: "equivalence", margin: { lowerMargin: -0.4, upperMargin: 0.4 }, atMargin: 0.4, beyond: 0, shown: "shown" }),
  study({ statistic: "guardrail", margin: { margin: 0.3 }, atMargin: -0.3, beyond: 0, shown: "shown safe" }),
  study({ statistic: "guardrail", margin: { margin: 0 }, atMargin: 0, beyond: -0.3, shown: "shown harmed" }),
].map((one, index) => (index === 4 ? { ...one, name: "guardrail, harm" } : one));
