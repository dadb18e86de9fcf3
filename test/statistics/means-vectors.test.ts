/** Published numbers of experiment platforms, where the folder beside the product has them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import {
  type Alternative,
  absoluteDifference,
  ascendingOf,
  type Compared,
  cuped,
  deltaRelative,
  deltaVariance,
  type Effect,
  effectOf,
  logTRelative,
  mannWhitney,
  quantileOf,
  ratioCovariance,
  ratioDifference,
  ratioVariance,
  relativeLift,
  testDifference,
  welch,
} from "../../simulations/statistics/index.ts";
import { endsOf, testOf } from "./finding-parts.ts";
import { near } from "./reference-numbers.ts";

const folder = join(process.env["COUNTERWEIGHT_SHARED"] ?? packagePath("..", "shared"), "vectors");

function vectors(name: string): { cases: Record<string, never>[]; datasets: Record<string, Record<string, number[]>> } {
  return JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8")) as ReturnType<typeof vectors>;
}

describe("published vectors of means and ratios", () => {
  before(function () {
    if (existsSync(folder)) return;
    console.log(`      skipped: the published vectors are not in ${folder}`);
    this.skip();
  });

  it("relative inference: absolute Welch, Fieller, and the published delta and log-t forms", () => {
    for (const { input, expected } of vectors("relative_inference").cases as unknown as RelativeCase[]) {
      const { meanC, varC, nC, meanT, varT, nT, alpha } = input;
      const effect = welch({
        control: { n: nC, mean: meanC, variance: varC },
        treatment: { n: nT, mean: meanT, variance: varT },
      }) as Effect;
      const options = { level: 1 - alpha, alternative: "two-sided" } as const;
      near(effect.degreesOfFreedom, expected.dof, 1e-11);
      near(effect.difference, expected.absolute.diff, 1e-11);
      near(testDifference(effect, "two-sided").pValue, expected.absolute.p, 1e-9);
      pairNear(endsOf(absoluteDifference(effect, options)), expected.absolute.ci);
      const lift = relativeLift(effect, options);
      if (expected.fieller === null) expect(lift.kind === "estimate" && lift.set?.kind).to.be.oneOf(["two-pieces", "everything"]);
      else pairNear(endsOf(lift), expected.fieller.ci);
      const delta = deltaRelative(input, alpha);
      near(delta.lift, expected.deltaRelative.lift, 1e-10);
      near(delta.standardError, expected.deltaRelative.se, 1e-10);
      near(delta.pValue, expected.deltaRelative.p, 1e-9);
      pairNear([delta.lower, delta.upper], expected.deltaRelative.ci);
      const logT = logTRelative(logTArms(effect), alpha / 2);
      near(logT.degreesOfFreedom, expected.logT.df, 1e-10);
      pairNear([logT.lower, logT.upper], expected.logT.ci);
    }
  });

  it("tea-tasting: means, ratios, CUPED, their published relative intervals, Mann-Whitney and quantiles", () => {
    const { cases, datasets } = vectors("tea_tasting");
    let seen = 0;
    for (const { kind, input, expected } of cases as unknown as TeaCase[]) {
      const users = datasets[input.dataset] ?? {};
      if (kind === "mean") tea(users, input, expected as TeaExpected);
      else if (kind === "ratioVar") {
        const { meanN, meanD, varN, varD, cov } = input;
        near(
          ratioVariance({
            numeratorMean: meanN,
            denominatorMean: meanD,
            numeratorVariance: varN,
            denominatorVariance: varD,
            covariance: cov,
          }),
          expected as number,
          1e-14,
        );
      } else if (kind === "ratioCov") near(ratioCovariance({ means: input.mean, covariances: input.cov }), expected as number, 1e-13);
      else if (kind === "mannWhitney") {
        const found = mannWhitney(input, {
          level: 0.95,
          alternative: "two-sided",
          nullValue: 0,
          method: "exact",
          continuityCorrection: true,
        });
        near(testOf(found).pValue, (expected as TeaExpected).p, 1e-12);
        near(testOf(found).statistic, (expected as { U: number }).U, 0);
      } else if (kind === "quantilePoint") {
        for (const [variant, value] of [
          [0, (expected as TeaExpected).control],
          [1, (expected as TeaExpected).treatment],
        ] as const) {
          near(quantileOf(ascendingOf(column(users, input.column, variant)), input.q), value, 1e-14);
        }
      } else continue;
      seen++;
    }
    expect(seen).to.be.greaterThan(20);
  });

  it("GrowthBook: the delta variance", () => {
    for (const { kind, input, expected, decimals } of vectors("growthbook_ts_power_srm_mtc").cases as unknown as GrowthBookCase[]) {
      if (kind !== "deltaVar") continue;
      const { meanA, varA, nA, meanB, varB, nB, relative } = input;
      const variance = deltaVariance({ meanC: meanA, varC: varA, nC: nA, meanT: meanB, varT: varB, nT: nB }, relative);
      expect(variance.toFixed(decimals)).to.equal(expected.toFixed(decimals));
    }
  });
});

function tea(users: Record<string, number[]>, input: TeaInput, expected: TeaExpected): void {
  const alternative = input.alt ?? "two-sided";
  const rows = (variant: number) => ({
    outcome: { numerators: column(users, input.n, variant), denominators: optional(users, input.d, variant) },
    covariates: [{ numerators: column(users, input.nc ?? input.n, variant), denominators: optional(users, input.dc, variant) }],
  });
  const plain = (variant: number) => ({ numerators: column(users, input.n, variant), denominators: optional(users, input.d, variant) });
  const welchEffect =
    input.nc === undefined || input.nc === null
      ? ratioDifference({ control: plain(0), treatment: plain(1) })
      : cuped({ control: rows(0), treatment: rows(1) }, { coefficients: "all-units", missing: "refuse" });
  const effect = variantOf(made(welchEffect), input);
  near(effect.control.value, expected.control, 1e-9);
  near(effect.treatment.value, expected.treatment, 1e-9);
  near(effect.difference, expected.effect, 1e-9);
  near(testDifference(effect, alternative).pValue, expected.p, 1e-8);
  near(testDifference(effect, alternative).statistic, expected.stat, 1e-8);
  const options = { level: 0.95, alternative };
  const [lower, upper] = endsOf(absoluteDifference(effect, options));
  if (lower !== null && expected.lo !== undefined) near(lower, expected.lo, 1e-8);
  if (upper !== null && expected.up !== undefined) near(upper, expected.up, 1e-8);
  const tail = alternative === "two-sided" ? 0.025 : 0.05;
  const published = logTRelative(
    logTArms(made(welchEffect)),
    tail,
    input.use_t === false ? "normal" : input.eq === true ? "pooled" : "welch",
  );
  near(published.lift, expected.rel, 1e-8);
  if (expected.rlo !== undefined && alternative !== "less") near(published.lower, expected.rlo, 1e-8);
  if (expected.rup !== undefined && alternative !== "greater") near(published.upper, expected.rup, 1e-8);
  const theta = effect.details?.["theta"] as number[] | undefined;
  if (theta !== undefined && expected.theta !== undefined) near(theta[0], expected.theta, 1e-9);
}

/** The pooled and the normal variants of a platform, made from the arms' own standard errors. */
function variantOf(effect: Effect, { eq, use_t }: TeaInput): Effect {
  if (use_t === false) {
    const large = (arm: Effect["control"]) => ({ ...arm, degreesOfFreedom: Number.POSITIVE_INFINITY });
    return made(
      effectOf({
        ...effect,
        control: large(effect.control),
        treatment: large(effect.treatment),
        degreesOfFreedom: Number.POSITIVE_INFINITY,
      }),
    );
  }
  if (eq !== true) return effect;
  const { control, treatment } = effect;
  const degreesOfFreedom = control.n + treatment.n - 2;
  const sums = [control, treatment].map(({ standardError, n }) => standardError ** 2 * n * (n - 1));
  const deviation = Math.sqrt(((sums[0] as number) + (sums[1] as number)) / degreesOfFreedom);
  const common = (arm: Effect["control"]) => ({ ...arm, standardError: deviation / Math.sqrt(arm.n), degreesOfFreedom });
  return made(effectOf({ ...effect, control: common(control), treatment: common(treatment), degreesOfFreedom }));
}

function made(compared: Compared): Effect {
  if (compared.kind === "undetermined") throw new Error(compared.reason);
  return compared;
}

function logTArms({ control, treatment }: Effect): Parameters<typeof logTRelative>[0] {
  return {
    control: control.value,
    treatment: treatment.value,
    controlVariance: control.standardError ** 2,
    treatmentVariance: treatment.standardError ** 2,
    controlDegrees: control.degreesOfFreedom,
    treatmentDegrees: treatment.degreesOfFreedom,
  };
}

function column(users: Record<string, number[]>, name: string, variant: number): number[] {
  return (users[name] ?? []).filter((_, i) => users["variant"]?.[i] === variant);
}

function optional(users: Record<string, number[]>, name: string | null | undefined, variant: number): number[] | undefined {
  return name === null || name === undefined ? undefined : column(users, name, variant);
}

function pairNear(actual: readonly (number | null)[], expected: readonly number[]): void {
  for (const side of [0, 1]) near(actual[side] ?? undefined, expected[side] as number, 1e-9, 1e-6);
}

interface RelativeCase {
  readonly input: { meanC: number; varC: number; nC: number; meanT: number; varT: number; nT: number; alpha: number };
  readonly expected: {
    dof: number;
    absolute: { diff: number; ci: number[]; p: number };
    deltaRelative: { lift: number; se: number; ci: number[]; p: number };
    logT: { ci: number[]; df: number };
    fieller: { ci: number[] } | null;
  };
}

interface TeaInput {
  readonly n: string;
  readonly d?: string | null;
  readonly nc?: string | null;
  readonly dc?: string | null;
  readonly alt?: Alternative;
  readonly eq?: boolean;
  readonly use_t?: boolean;
}

type TeaNumber = "control" | "treatment" | "effect" | "rel" | "p" | "stat";
type TeaExpected = Record<TeaNumber, number> & {
  readonly lo?: number;
  readonly up?: number;
  readonly rlo?: number;
  readonly rup?: number;
  readonly theta?: number;
};

interface TeaCase {
  readonly kind: string;
  readonly expected: unknown;
  readonly input: TeaInput & {
    dataset: string;
    column: string;
    q: number;
    control: number[];
    treatment: number[];
    meanN: number;
    meanD: number;
    varN: number;
    varD: number;
    cov: number & { ac: number; ad: number; bc: number; bd: number };
    mean: { a: number; b: number; c: number; d: number };
  };
}

interface GrowthBookCase {
  readonly kind: string;
  readonly input: { meanA: number; varA: number; nA: number; meanB: number; varB: number; nB: number; relative: boolean };
  readonly expected: number;
  readonly decimals: number;
}
