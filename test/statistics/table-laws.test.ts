/** Laws that every entry of the table keeps, at each of its options: its words are there, interval and p agree, and its sides fit together. */
import { expect } from "chai";
import { z } from "zod";
import type { Finding, Found } from "../../simulations/statistics/index.ts";
import { type Statistic, statistics } from "../../simulations/statistics/table.ts";
import { endsOf, excludes, findingOf } from "./finding-parts.ts";

/** Draws enough to show the levels that are asked for, and no more. */
const fewDraws = { draws: 399, replicates: 399 };
/** Below 0.5 a one-sided bound lies past the estimate. */
const levels = [0.3, 0.8, 0.98];

/** The two-sided p-value is not twice the smaller one-sided: it counts what is as unlikely on either side, or has a boundary of its own. */
const notTwiceTheSmaller = new Set(
  `exact-binomial fisher-exact barnard-exact boschloo-exact wild-cluster-bootstrap randomisation-inference
  group-sequential-look group-sequential-result always-valid-means always-valid-ratios always-valid-cuped
  always-valid-looks kolmogorov-smirnov synthetic-control switchback`.split(/\s+/),
);

/** Two one-sided tests, each at the level: their interval is that of 1 - 2 alpha. Equivalence shows the p-value of one of them. */
const twoTests = new Set(["equivalence", "guardrail"]);
/** The level decides at which look the experiment stopped, so that another level speaks of other data. */
const levelDecidesData = new Set(["group-sequential-result"]);

interface Options {
  readonly [name: string]: unknown;
}

interface Properties {
  readonly [name: string]: { readonly enum?: readonly unknown[]; readonly type?: string };
}

function propertiesOf({ input }: Statistic): Properties {
  const { properties } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
  return (properties ?? {}) as Properties;
}

/** The example as it stands, and with each of its choices and switches in turn. */
function optionsOf(properties: Properties): readonly Options[] {
  const choices = Object.entries(properties).flatMap(([name, property]) => {
    if (name === "alternative") return [];
    const values = property.enum ?? (property.type === "boolean" ? [true, false] : []);
    return values.map((value) => ({ [name]: value }));
  });
  return [{}, ...choices];
}

describe("laws of the table", () => {
  for (const statistic of statistics) {
    const properties = propertiesOf(statistic);
    const few = Object.fromEntries(Object.entries(fewDraws).filter(([name]) => name in properties));
    const answer = (options: Options): Found | undefined => {
      const parsed = statistic.input.safeParse({ ...(statistic.example as object), ...few, ...options });
      return parsed.success ? statistic.compute(parsed.data) : undefined;
    };

    it(`${statistic.name}: no word is missing, interval and p agree, and a higher level holds a lower one`, () => {
      const sides = "alternative" in properties ? ["two-sided", "less", "greater"] : [undefined];
      for (const option of optionsOf(properties)) {
        for (const alternative of sides) {
          const given = { ...option, ...(alternative === undefined ? {} : { alternative }) };
          let inner: Ends | undefined;
          for (const level of "level" in properties ? levels : [undefined]) {
            const found = answer({ ...given, ...(level === undefined ? {} : { level }) });
            if (found === undefined) continue;
            expect(emptyWordsIn(found), JSON.stringify({ ...given, level })).to.deep.equal([]);
            if (found.kind === "undetermined") continue;
            expectAgreement(found, statistic.name, level);
            if (!levelDecidesData.has(statistic.name)) inner = nested(found, inner);
          }
        }
      }
    });

    if (!("alternative" in properties)) continue;
    it(`${statistic.name}: a one-sided statement has one end, and two of them are one two-sided`, () => {
      for (const option of optionsOf(properties)) {
        const [both, less, greater] = [
          answer({ ...option, alternative: "two-sided", level: 0.8 }),
          answer({ ...option, alternative: "less", level: 0.9 }),
          answer({ ...option, alternative: "greater", level: 0.9 }),
        ];
        if (both?.kind !== "finding" || less?.kind !== "finding" || greater?.kind !== "finding") continue;
        const [low, high] = [pOf(less), pOf(greater)];
        if (low === undefined || high === undefined) continue;
        expect(low + high, "what is observed counts on both sides").to.be.at.least(1 - 1e-9);
        if (!notTwiceTheSmaller.has(statistic.name)) {
          expect(pOf(both)).to.be.closeTo(Math.min(1, 2 * Math.min(low, high)), 1e-9);
          expectOneStatement(both, less, greater);
        }
        for (const [found, side] of [
          [less, "less"],
          [greater, "greater"],
        ] as const)
          expect(found.test?.alternative).to.equal(side);
        if (less.estimate.set !== undefined) expect(endsOf(less.estimate)[0]).to.equal(null);
        if (greater.estimate.set !== undefined) expect(endsOf(greater.estimate)[1]).to.equal(null);
      }
    });
  }
});

type Ends = readonly [number, number];

/** Where a string with nothing in it stands. */
function emptyWordsIn(found: Found): readonly string[] {
  const empty: string[] = [];
  JSON.stringify(found, (key, value: unknown) => {
    if (value === "") empty.push(key);
    return value;
  });
  if (found.kind === "finding" && (found.estimate.interval ?? found.estimate.set) !== undefined && found.estimate.assumptions.length === 0)
    empty.push("assumptions");
  return empty;
}

function pOf(found: Found): number | undefined {
  return findingOf(found).test?.pValue;
}

function expectAgreement(found: Found, name: string, level: number | undefined): void {
  const { estimate, test } = findingOf(found);
  const own = estimate.interval?.level ?? estimate.set?.level;
  if (test === undefined || own === undefined) return;
  if (level !== undefined) expect(own).to.be.closeTo(twoTests.has(name) ? 2 * level - 1 : level, 1e-12);
  const agreed = name === "equivalence" && level !== undefined ? level : own;
  expect(excludes(estimate, test.nullValue), `p ${test.pValue} at ${own}`).to.equal(test.pValue < 1 - agreed);
}

/** Ends of one-sided statements at 0.9 are those of the two-sided at 0.8: of the difference, the lift and the log ratio. */
function expectOneStatement(both: Finding, less: Finding, greater: Finding): void {
  for (const part of ["estimate", "relative", "logRatio"] as const) {
    const [whole, upper, lower] = [both[part], less[part], greater[part]];
    if (whole?.kind !== "estimate" || whole.interval === undefined) continue;
    for (const [own, end] of [
      [lower, whole.interval.lower],
      [upper, whole.interval.upper],
    ] as const) {
      if (own?.kind !== "estimate" || own.set === undefined) continue;
      const found = endsOf(own).find((one) => one !== null) ?? Number.NaN;
      expect(found, `${part}: ${JSON.stringify(own.set)} beside ${JSON.stringify(whole.interval)}`).to.be.closeTo(
        end,
        1e-7 * (1 + Math.abs(end)),
      );
    }
  }
}

function nested(found: Found, inner: Ends | undefined): Ends | undefined {
  const { estimate } = findingOf(found);
  if ((estimate.interval ?? estimate.set) === undefined || estimate.set?.kind === "two-pieces") return inner;
  const [lower, upper] = endsOf(estimate);
  const ends = [lower ?? Number.NEGATIVE_INFINITY, upper ?? Number.POSITIVE_INFINITY] as const;
  if (inner !== undefined)
    expect(ends[0] <= inner[0] && ends[1] >= inner[1], `${ends.join(" to ")} holds ${inner.join(" to ")}`).to.equal(true);
  return ends;
}
