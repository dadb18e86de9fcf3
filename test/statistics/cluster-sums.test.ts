/** Arms of few clusters from their sums: against clubSandwich, against the same from rows, and the laws that it keeps. */
import { expect } from "chai";
import fc from "fast-check";
import {
  type ClusterSums,
  clusterMeans,
  clusterSumDifference,
  cuped,
  differenceFinding,
  type Effect,
} from "../../simulations/statistics/index.ts";
import { findingOf } from "./finding-parts.ts";
import { referenceCases as cases, near } from "./reference-numbers.ts";

interface Case {
  readonly name: string;
  readonly arms: { readonly control: ClusterSums; readonly treatment: ClusterSums };
  readonly found: { readonly value: number; readonly standardError: number; readonly degreesOfFreedom: number; readonly p: number };
}

const options = { level: 0.95, alternative: "two-sided" } as const;

function effectOfSums(arms: Case["arms"]): Effect {
  const effect = clusterSumDifference(arms);
  if (effect.kind === "undetermined") throw new Error(effect.reason);
  return effect;
}

describe("sums of few clusters", () => {
  for (const { name, arms, found } of cases<Case>("ratios/cluster-sums")) {
    it(`${name}: as clubSandwich says`, () => {
      const effect = effectOfSums(arms);
      near(effect.difference, found.value, 1e-9, found.standardError);
      near(effect.standardError, found.standardError, 1e-9);
      near(effect.degreesOfFreedom, found.degreesOfFreedom, 1e-9);
      near(findingOf(differenceFinding(effect, options)).test?.pValue, found.p, 1e-8);
    });
  }

  it("give what the units' rows give", () => {
    const units = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(units, units, (control, treatment) => {
        const rows = (arm: readonly (readonly number[])[], prefix: string) => ({
          values: arm.flat(),
          clusters: arm.flatMap((own, g) => own.map(() => `${prefix}${g}`)),
        });
        const sums = (arm: readonly (readonly number[])[]): ClusterSums => ({
          outcome: { numerators: arm.map((own) => own.reduce((a, b) => a + b, 0)), denominators: arm.map((own) => own.length) },
        });
        const slow = clusterMeans({ control: rows(control, "c"), treatment: rows(treatment, "t") }, { ...options, nullValue: 0 });
        const fast = clusterSumDifference({ control: sums(control), treatment: sums(treatment) });
        fc.pre(slow.kind === "finding" && fast.kind === "effect");
        if (slow.kind !== "finding" || fast.kind !== "effect") return;
        near(fast.standardError, slow.estimate.standardError as number, 1e-8);
        near(fast.degreesOfFreedom, slow.test?.degreesOfFreedom as number, 1e-8);
      }),
    );
  });

  it("give CUPED's difference, with a wider interval", () => {
    const arm = (shift: number): ClusterSums => ({
      outcome: { numerators: [12 + shift, 31, 22, 44, 9, 28].map((value) => value + shift), denominators: [4, 8, 6, 12, 3, 7] },
      covariates: [{ numerators: [10, 30, 20, 45 + shift, 8, 30], denominators: [4, 8, 6, 12, 3, 7] }],
    });
    const arms = { control: arm(0), treatment: arm(3) };
    const rows = ({ outcome, covariates = [] }: ClusterSums) => ({
      outcome: { numerators: Array.from(outcome.numerators), denominators: Array.from(outcome.denominators) },
      covariates: covariates.map(({ numerators, denominators }) => ({
        numerators: Array.from(numerators),
        denominators: Array.from(denominators),
      })),
    });
    const known = cuped(
      { control: rows(arms.control), treatment: rows(arms.treatment) },
      { coefficients: "within-arms", missing: "refuse" },
    ) as Effect;
    const effect = effectOfSums(arms);
    near(effect.difference, known.difference, 1e-10);
    near(effect.control.value, known.control.value, 1e-10);
    expect(effect.standardError).to.be.greaterThan(known.standardError);
    expect(effect.degreesOfFreedom).to.be.lessThan(9);
  });

  it("do not depend on the order of clusters, and change their sign with the arms", () => {
    const control: ClusterSums = { outcome: { numerators: [3, 9, 4, 8], denominators: [2, 5, 2, 3] } };
    const treatment: ClusterSums = { outcome: { numerators: [5, 2, 7], denominators: [3, 1, 2] } };
    const turned: ClusterSums = { outcome: { numerators: [7, 5, 2], denominators: [2, 3, 1] } };
    const effect = effectOfSums({ control, treatment });
    near(effectOfSums({ control, treatment: turned }).standardError, effect.standardError, 1e-14);
    const swapped = effectOfSums({ control: treatment, treatment: control });
    near(swapped.difference, -effect.difference, 1e-14);
    near(swapped.degreesOfFreedom, effect.degreesOfFreedom, 1e-12);
  });

  const outcome = { numerators: [1, 2, 4], denominators: [1, 1, 1] };
  for (const [name, arms, reason] of [
    [
      "one cluster in an arm",
      { control: { outcome: { numerators: [1], denominators: [2] } }, treatment: { outcome } },
      "1 cluster in an arm",
    ],
    ["no denominator", { control: { outcome: { ...outcome, denominators: [0, 0, 0] } }, treatment: { outcome } }, "denominators"],
    ["a denominator below 0", { control: { outcome: { ...outcome, denominators: [9, -1, 2] } }, treatment: { outcome } }, "denominators"],
    [
      "clusters that are all alike",
      { control: { outcome: { ...outcome, numerators: [1, 1, 1] } }, treatment: { outcome: { ...outcome, numerators: [2, 2, 2] } } },
      "differs from another",
    ],
    [
      "a covariate that does not vary",
      {
        control: { outcome, covariates: [{ ...outcome, numerators: [1, 1, 1] }] },
        treatment: { outcome, covariates: [{ ...outcome, numerators: [1, 1, 1] }] },
      },
      "a covariate does not vary",
    ],
    [
      "a cluster that a covariate fits by itself",
      {
        control: { outcome, covariates: [{ ...outcome, numerators: [0, 0, 0] }] },
        treatment: { outcome: { numerators: [1, 2], denominators: [1, 0] }, covariates: [{ numerators: [0, 1], denominators: [1, 0] }] },
      },
      "fitted by itself",
    ],
    [
      "numbers beyond doubles",
      { control: { outcome: { ...outcome, numerators: [1e300, 1, 2] } }, treatment: { outcome } },
      "double precision",
    ],
  ] as const satisfies readonly (readonly [string, Case["arms"], string])[])
    it(`say why not: ${name}`, () => {
      const found = clusterSumDifference(arms);
      expect(found.kind === "undetermined" && found.reason).to.include(reason);
    });
});
