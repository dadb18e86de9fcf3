/** Data without an answer are Undetermined with a reason; missing covariates, ties and malformed inputs have their rules. */
import { expect } from "chai";
import {
  brunnerMunzel,
  cuped,
  differenceFinding,
  type Effect,
  type Found,
  guardrail,
  mannWhitney,
  paired,
  pooled,
  postStratified,
  quantileDifference,
  quantileInterval,
  ratioDifference,
  relativeLift,
  sampleOf,
  signedRank,
  welch,
  winsorised,
  yuen,
} from "../../simulations/statistics/index.ts";
import { findStatistic } from "../../simulations/statistics/table.ts";
import { endsOf, findingOf } from "./finding-parts.ts";

const rank = { method: "auto", continuityCorrection: true } as const;

describe("data without an answer", () => {
  const two = { level: 0.95, alternative: "two-sided", nullValue: 0 } as const;
  const found: Record<string, Found> = {
    "Welch of one unit": differenceFinding(welch({ control: { values: [1] }, treatment: { values: [1, 2] } }), two),
    "Welch of nothing": differenceFinding(welch({ control: { values: [] }, treatment: { values: [] } }), two),
    "Welch without variation": differenceFinding(welch({ control: { values: [0.1, 0.1, 0.1] }, treatment: { values: [0.3, 0.3] } }), two),
    "pooled without variation": differenceFinding(pooled({ control: { values: [0.1, 0.1] }, treatment: { values: [0.3, 0.3] } }), two),
    "one pair": differenceFinding(paired({ control: [1], treatment: [2] }), two),
    "pairs with one difference": differenceFinding(paired({ control: [1, 2, 3], treatment: [2, 3, 4] }), two),
    "a sum beyond the doubles": differenceFinding(
      welch({ control: { values: [-1.7e308, -1.6e308] }, treatment: { values: [1.7e308, 1.6e308] } }),
      two,
    ),
    "no value for a quantile": quantileInterval({ values: [], share: 0.5, ...two }),
    "too few for a quantile": differenceFinding(
      quantileDifference({ control: { values: [1, 2, 3] }, treatment: { values: [1, 2, 4] } }, 0.9),
      two,
    ),
    "one cluster": differenceFinding(
      quantileDifference({ control: { values: [1, 2, 3], clusters: [1, 1, 1] }, treatment: { values: [1, 2, 4] } }, 0.5),
      two,
    ),
    "an empty arm of ranks": mannWhitney({ control: [], treatment: [1] }, { ...two, ...rank }),
    "ranks of values further apart than a number": mannWhitney({ control: [-1.7e308, 1], treatment: [2, 1.7e308] }, { ...two, ...rank }),
    "ranks of equal values": mannWhitney({ control: [4, 4, 4], treatment: [4, 4] }, { ...two, ...rank }),
    "arms that do not overlap": brunnerMunzel({ control: [1, 2, 3], treatment: [7, 8, 9] }, { ...two, nullValue: 0.5 }),
    "pairs without change": signedRank({ control: [1, 2, 3], treatment: [1, 2, 3] }, { ...two, ...rank }),
    "exact signs with ties": signedRank({ control: [0, 0, 0], treatment: [1, 1, 2] }, { ...two, ...rank, method: "exact" }),
    "nothing left of a trim": differenceFinding(yuen({ control: [1, 2, 3], treatment: [2, 3, 4] }, 0.45), two),
    "no denominator": differenceFinding(
      ratioDifference({ control: { numerators: [1, 2], denominators: [0, 0] }, treatment: { numerators: [1, 2], denominators: [1, 1] } }),
      two,
    ),
    "one cluster of rows": differenceFinding(
      ratioDifference({ control: { numerators: [1, 2], clusters: ["a", "a"] }, treatment: { numerators: [1, 2] } }),
      two,
    ),
    "a stratum without treatment": differenceFinding(
      postStratified([{ name: "new", control: { values: [1, 2] }, treatment: { values: [] } }]),
      two,
    ),
    "nothing to winsorise": differenceFinding(winsorised({ control: [], treatment: [] }, { kind: "quantiles", upper: 0.9 }), two),
    "a relative margin over a negative control": guardrail(
      welch({ control: { n: 9, mean: -1, variance: 1 }, treatment: { n: 9, mean: 1, variance: 1 } }),
      {
        margin: 0.1,
        scale: "relative",
        direction: "higher-is-better",
        level: 0.95,
      },
    ),
  };
  for (const [name, result] of Object.entries(found)) {
    it(`${name} is Undetermined, with a reason and a cure`, () => {
      expect(result.kind, JSON.stringify(result)).to.equal("undetermined");
      if (result.kind === "undetermined") expect([result.reason, result.wouldDetermine].every((text) => text.length > 5)).to.equal(true);
    });
  }

  it("CUPED refuses missing covariates, or gives them a stratum of their own", () => {
    const rows = (y: number[], x: (number | null)[]) => ({ outcome: { numerators: y }, covariates: [{ numerators: x }] });
    const arms = { control: rows([1, 4, 2, 8, 5, 7], [1, 3, null, 7, 4, 6]), treatment: rows([3, 5, 9, 6, 4], [2, 4, 8, null, 3]) };
    const refused = cuped(arms, { coefficients: "within-arms", missing: "refuse" });
    expect(refused).to.deep.include({ kind: "undetermined", reason: "covariate 1 is missing for 2 units" });
    const kept = cuped(arms, { coefficients: "within-arms", missing: "own-stratum" }) as Effect;
    expect((kept.details?.["theta"] as number[] | undefined)?.length).to.equal(2);
    for (const same of [1, 2]) {
      const flat = cuped(
        { control: rows([1, 4, 2], [5, 5, 5]), treatment: rows([3, 5, same], [5, 5, 5]) },
        { coefficients: "within-arms", missing: "refuse" },
      );
      expect(flat.kind).to.equal("undetermined");
    }
  });

  it("ties that leave no interval of shifts leave the probability of superiority, and say so", () => {
    const zeros = (n: number, ones: number): number[] => Array.from({ length: n + ones }, (_, i) => (i < n ? 0 : 1));
    const { estimate, test, warnings } = findingOf(
      mannWhitney({ control: zeros(300, 10), treatment: zeros(250, 60) }, { ...two, ...rank }),
    );
    expect(test?.pValue).to.be.lessThan(1e-6);
    expect([estimate.interval, estimate.set]).to.deep.equal([undefined, undefined]);
    expect(estimate.method).to.equal("probability of superiority");
    expect(warnings[0]).to.match(/^Ties/);
  });

  it("ties within one arm narrow its shifts alike, whichever arm has them", () => {
    const apart = Array.from({ length: 60 }, (_, i) => i * 0.37 + (i % 7) * 0.011);
    const tied = Array.from({ length: 60 }, (_, i) => 30 + 5 * (i % 4));
    const [up, down] = [
      { control: apart, treatment: tied },
      { control: tied, treatment: apart },
    ].map((arms) => endsOf(findingOf(mannWhitney(arms, { ...two, ...rank })).estimate)) as [
      ReturnType<typeof endsOf>,
      ReturnType<typeof endsOf>,
    ];
    expect(up).to.deep.equal([0 - (down[1] ?? 0), 0 - (down[0] ?? 0)]);
    // By the definition: differences in order, counted in from either side by the deviation of the wins, with the ties of four times fifteen.
    const differences = tied.flatMap((t) => apart.map((c) => t - c)).sort((a, b) => a - b);
    const deviation = Math.sqrt(((60 * 60) / 12) * (121 - (4 * (15 ** 3 - 15)) / (120 * 119)));
    const place = 1800 - 1.959963984540054 * deviation;
    expect([Math.floor(place), Math.ceil(place)].map((k) => differences[k])).to.include(up[0]);
  });

  it("ranks of heavily tied values agree with their interval or have none; the probability of superiority is that of all pairs", () => {
    let intervals = 0;
    for (let draw = 0; draw < 120; draw++) {
      const from = (n: number, step: number, classes: number) =>
        Array.from({ length: n }, (_, i) => ((i * step + draw * 7) % 11) % classes);
      const [control, treatment] = [from(40 + (draw % 9), 3, 2 + (draw % 3)), from(31 + (draw % 13), 5, 2 + (draw % 4))];
      for (const level of [0.6, 0.95]) {
        const found = mannWhitney({ control, treatment }, { level, alternative: "two-sided", nullValue: draw % 2, ...rank });
        if (found.kind === "undetermined") continue;
        const { estimate, test, details } = found;
        const moved = treatment.map((value) => value - (draw % 2));
        const wins = moved.flatMap((t) => control.map((c): number => (t > c ? 1 : t === c ? 0.5 : 0))).reduce((sum, won) => sum + won, 0);
        expect(details?.["probabilityOfSuperiority"]).to.be.closeTo(wins / control.length / treatment.length, 1e-12);
        if (estimate.interval === undefined) continue;
        intervals++;
        const [lower, upper] = endsOf(estimate);
        const leavesOut = draw % 2 < (lower ?? 0) || draw % 2 > (upper ?? 0);
        expect(leavesOut, JSON.stringify(found)).to.equal((test?.pValue ?? 1) < 1 - level);
      }
    }
    expect(intervals).to.be.above(10);
  });

  it("ranks near the largest double are those of any other scale", () => {
    const [control, treatment] = [
      [1.2, 1.31, 1.44, 1.5],
      [1.35, 1.6, 1.65, 1.7, 1.72],
    ];
    const options = { level: 0.95, alternative: "two-sided", nullValue: 0, ...rank } as const;
    const ask = (scale: number) =>
      findingOf(mannWhitney({ control: control.map((x) => x * scale), treatment: treatment.map((x) => x * scale) }, options));
    expect(ask(1e308).test).to.deep.equal(ask(1).test);
    expect(ask(1e308).estimate.interval?.lower).to.be.closeTo((ask(1).estimate.interval?.lower ?? 0) * 1e308, 1e294);
  });

  it("paired moments have a covariance that their variances allow, to the last of it", () => {
    const { input } = findStatistic("paired-means") as NonNullable<ReturnType<typeof findStatistic>>;
    const allows = (controlVariance: number, treatmentVariance: number, covariance: number): boolean =>
      input.safeParse({ pairs: { n: 9, controlMean: 1, controlVariance, treatmentMean: 2, treatmentVariance, covariance } }).success;
    for (const [a, b] of [
      [10, 40],
      [0.09, 16],
      [400, 0.25],
    ] as const)
      expect([1, -1, 1.001, -1.001].map((part) => allows(a, b, part * Math.sqrt(a * b)))).to.deep.equal([true, true, false, false]);
  });

  it("paired moments are those of the rows", () => {
    const pairs = { control: [3, 5, 8, 9, 4], treatment: [4, 7, 8, 12, 5] };
    const rows = paired(pairs) as Effect;
    const c = sampleOf({ values: pairs.control });
    const t = sampleOf({ values: pairs.treatment });
    const covariance = pairs.control.reduce((sum, x, i) => sum + (x - c.mean) * ((pairs.treatment[i] as number) - t.mean), 0) / 4;
    const moments = {
      n: 5,
      controlMean: c.mean,
      controlVariance: c.standardDeviation ** 2,
      treatmentMean: t.mean,
      treatmentVariance: t.standardDeviation ** 2,
      covariance,
    };
    const summed = paired(moments) as Effect;
    const lifts = [rows, summed].map((effect) => endsOf(relativeLift(effect, { level: 0.95, alternative: "two-sided" })));
    for (const side of [0, 1]) expect(lifts[0]?.[side]).to.be.closeTo(lifts[1]?.[side] ?? Number.NaN, 1e-12);
  });
});

describe("inputs beyond sense", () => {
  const arm = { values: [1, 2] };
  const flat = (means: number[]) => ({ n: 5, means, covariances: means.map((_, i) => means.map((__, j) => (i === j ? 1 : 0))) });
  const unit = { n: 4, controlMean: 1, controlVariance: 1, treatmentMean: 1, treatmentVariance: 1 };
  const refused: [string, unknown, string][] = [
    ["welch-means", { control: { n: 3, mean: 1, variance: -1 }, treatment: arm }, "a negative variance"],
    ["welch-means", { control: arm, treatment: arm, level: 1 }, "level 1"],
    ["paired-means", { pairs: { control: [1, 2], treatment: [1] } }, "pairs of unequal length"],
    ["paired-means", { pairs: { ...unit, covariance: 2 } }, "an impossible covariance"],
    ["wilcoxon-signed-rank", { control: [1, 2], treatment: [1] }, "pairs of unequal length"],
    ["quantile-interval", { values: [1, 2], share: 1 }, "the quantile 1"],
    ["quantile-difference", { control: { values: [1, 2], clusters: [1] }, treatment: arm }, "too few clusters"],
    ["ratio-of-sums", { control: { numerators: [1, 2], denominators: [1] }, treatment: { numerators: [1, 2] } }, "too few denominators"],
    ["cuped", { control: { n: 5, means: [1, 2], covariances: [[1]] }, treatment: flat([1, 2]) }, "too few covariances"],
    ["cuped", { control: flat([1, 2, 3]), treatment: flat([1, 2]) }, "different covariates"],
    [
      "post-stratified-means",
      {
        strata: [
          { name: "a", weight: 1, control: arm, treatment: arm },
          { name: "b", control: arm, treatment: arm },
        ],
      },
      "a weight for one only",
    ],
    [
      "winsorised-means",
      { control: [1], treatment: [1], thresholds: { kind: "values", lower: 3, upper: 2 } },
      "thresholds in the wrong order",
    ],
    ["equivalence", { control: arm, treatment: arm, lowerMargin: 1, upperMargin: 2 }, "a lower margin above 0"],
    ["guardrail", { control: arm, treatment: arm, margin: -1 }, "a negative margin"],
    ["superiority", { control: arm, treatment: arm, margin: 0, level: 0.5 }, "a level of one half"],
  ];
  for (const [name, input, what] of refused) {
    it(`${name} refuses ${what}`, () => {
      expect(findStatistic(name)?.input.safeParse(input).success).to.equal(false);
    });
  }

  it("decisions take arms that other statistics made, and call them z without degrees of freedom", () => {
    const entry = findStatistic("guardrail");
    const made = (value: number) => ({ value, standardError: 0.1, n: 5000 });
    const found = findingOf(entry?.compute(entry.input.parse({ control: made(10), treatment: made(10.1), margin: 0.5 })) as Found);
    expect([found.test?.name, found.test?.degreesOfFreedom, found.details?.["decision"]]).to.deep.equal(["z", undefined, "shown safe"]);
    expect(entry?.compute(entry.input.parse({ control: { values: [1] }, treatment: made(1), margin: 0.5 })).kind).to.equal("undetermined");
  });
});
