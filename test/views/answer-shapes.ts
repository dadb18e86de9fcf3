/** Every shape that the answer of a report can have, with numbers as long as those of a large marketplace. */
import type { LabelEstimates } from "../../simulations/comparison/errors/estimates.ts";
import type { CandidateComparison, Comparison, Errors, Fairness, SalesImpact } from "../../simulations/comparison/index.ts";
import { type Estimated, estimated, undetermined } from "../../simulations/statistics/index.ts";
import type { Report } from "../../views/index.ts";
import { answerOf } from "../../views/report/answer.ts";
import { factsOf } from "../../views/report/facts.ts";
import { bareComparison, nullReform, sampleComparison, sampleReportContext, tinyComparison } from "./sample-comparison.ts";

type Span = Report["answer"][number];
type Change = (candidate: CandidateComparison) => CandidateComparison;

const between = (value: number, lower: number, upper: number): Estimated => estimated({ value, lower, upper, method: "sample", n: 9_000 });
const refusal = undetermined(
  "labels reach 12,111 of the 42,109 held adverse, less than 50 %: too few for a single figure",
  "random audits",
);

/** By name: the paragraph as spans. */
export function answerShapes(): ReadonlyMap<string, readonly Span[]> {
  const shapes = new Map<string, readonly Span[]>();
  const add = (name: string, comparison: Comparison) => shapes.set(name, answerOf(factsOf(comparison, sampleReportContext())));
  for (const [first, sales] of Object.entries(salesShapes))
    for (const [second, errors] of Object.entries(errorShapes))
      for (const [third, bearers] of Object.entries(bearerShapes))
        add(
          `${first}, ${second}, ${third}`,
          changed((candidate) => bearers(errors(sales(large(candidate))))),
        );
  for (const [name, comparison] of Object.entries({ null: nullReform(), bare: bareComparison(), tiny: tinyComparison() }))
    add(name, comparison);
  add("moved only meanwhile", {
    ...nullReform(),
    candidates: nullReform().candidates.map((one) => ({ ...one, range: { ...one.range, everDiffered: 23_412 } })),
  });
  return shapes;
}

function changed(change: Change): Comparison {
  const sample = sampleComparison();
  return { ...sample, candidates: sample.candidates.map(change) };
}

const large: Change = (candidate) => ({
  ...candidate,
  newlyAdverse: 2_109,
  released: 1_026,
  waiting: { newlyAdverse: 117, released: 511 },
  movement: { ...candidate.movement, movers: 3_990, up: 1_000, down: 2_990 },
});

const scenariosOf = (central: Estimated, others: Estimated): SalesImpact["scenarios"] =>
  (["none", "low", "central", "high"] as const).map((name) => ({
    name,
    change: name === "central" ? central : others,
    lost: -1_530_912_340,
    gained: 1_508_278_710,
    steps: [],
    variance: [],
    bands: [],
  })) as unknown as SalesImpact["scenarios"];

const withSales =
  (central: Estimated, others: Estimated): Change =>
  (candidate) =>
    candidate.gmv === undefined
      ? candidate
      : {
          ...candidate,
          gmv: { ...candidate.gmv, currency: "BRL", atStake: between(25_252_712_345, 2e10, 3e10), entities: 3_990 },
          sales: {
            currency: "BRL",
            at: candidate.gmv.at,
            windowFrom: candidate.gmv.windowFrom,
            total: candidate.gmv.total,
            scenarios: scenariosOf(central, others),
            inForce: { entities: 12_400, unknown: 0, capped: { entities: 0 }, lifted: { baseline: 0, candidate: 0 } },
            mechanical: {},
          } as unknown as SalesImpact,
        };

const salesShapes: Readonly<Record<string, Change>> = {
  "a loss": withSales(between(-1_250_912_340, -2e9, -1e9), between(-1e9, -2e9, -1)),
  "by assumptions": withSales(between(-1_250_912_340, -2e9, -1e9), between(-1, -2e9, 2e9)),
  "not clear": withSales(between(-1, -2e9, 2e9), between(-1, -2e9, 2e9)),
  "no sales": ({ gmv: _gmv, ...rest }) => rest,
};

/** The headline of each side's rate and of the change, and what no label can change. */
function withHeadlines(rates: Estimated, change: Estimated, estimator: "two-phase" | undefined): Change {
  const ends = (lower: number, upper: number) => ({ lower: between(lower, lower, lower), upper: between(upper, upper, upper) });
  const by = estimator === undefined ? {} : { estimator };
  const limits = ends(0.1112, 0.1812);
  const sides = (["baseline", "candidate"] as const).map((side) => {
    const estimate = rates.kind === "estimate" && side === "baseline" ? { ...rates, value: 0.1872 } : rates;
    return { side, name: "false-positive-rate", estimates: [], bounds: limits, headline: { ...by, estimate } };
  });
  const estimates = {
    estimators: [],
    rates: sides,
    falsePositiveChange: { estimates: [], bounds: limits, headline: { ...by, estimate: change } },
    fineShares: [],
  } as unknown as LabelEstimates;
  const refused = (errors: Errors): Errors => ({ ...errors, estimates, falsePositiveChangeBounds: limits });
  return (candidate) => ({ ...candidate, errors: candidate.errors.map(refused) });
}

const change = between(0.1211, -0.1112, 0.1912);
const errorShapes: Readonly<Record<string, Change>> = {
  labelled: (candidate) => candidate,
  estimated: withHeadlines(between(0.1272, 0.11, 0.14), change, "two-phase"),
  "a change alone": withHeadlines(refusal, change, "two-phase"),
  limited: withHeadlines(refusal, refusal, undefined),
  "no labels": (candidate) => ({ ...candidate, errors: [] }),
};

const bearer = (name: string, isClear: boolean): Change => {
  return ({ segments: [first, ...rest], ...candidate }) =>
    first === undefined
      ? { ...candidate, segments: [] }
      : {
          ...candidate,
          segments: [
            {
              ...first,
              segment: "age",
              value: name,
              rated: 3_000,
              newlyAdverse: 1_391,
              newlyAdverseRate: between(0.46, isClear ? 0.44 : 0, 0.48),
            },
            ...rest.map((row) => ({ ...row, segment: "age", newlyAdverse: 200 })),
          ],
        };
};

const bearerShapes: Readonly<Record<string, Change>> = {
  "a clear group": bearer("365 days and more", true),
  "no clear group": bearer("365 days and more", false),
  "a group beyond chance": (candidate) => ({
    ...bearer("365 days and more", false)(candidate),
    fairness: {
      worst: [{ figure: "newly-adverse", segment: "age", value: "365 days and more", isBeyondChance: true, isBeyondChanceHolm: true }],
      family: {},
      segmentations: [
        {
          segment: "age",
          groups: [
            {
              value: "365 days and more",
              rates: { newlyAdverse: between(0.169, 0.1, 0.2) },
              againstRest: { "newly-adverse": { difference: between(0.093, 0.03, 0.16) } },
            },
          ],
        },
      ],
    } as unknown as Fairness,
  }),
};
