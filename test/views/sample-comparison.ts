/** A small comparison made by hand, and its awkward relatives. */
import type { CandidateComparison, Comparison, ErrorRate, Errors, SegmentRow } from "../../simulations/comparison/index.ts";
import { type Estimated, estimated, undetermined } from "../../simulations/statistics/index.ts";
import type { ReportContext } from "../../views/index.ts";
import { sampleAudits } from "./sample-audits.ts";

const tiers = [
  { name: "gold", adverse: false, unrated: false },
  { name: "standard", adverse: false, unrated: false },
  { name: "watch", adverse: true, unrated: false },
  { name: "restricted", adverse: true, unrated: false },
  { name: "unrated", adverse: false, unrated: true },
];
const names = tiers.map((tier) => tier.name);
const periods = Array.from({ length: 20 }, (_, week) => new Date(Date.UTC(2025, 4, 18 + 7 * week)).toISOString().slice(0, 10));
const at = periods.at(-1) ?? "";
const matrix = [
  [567, 24, 0, 0, 0],
  [29, 9478, 133, 13, 0],
  [0, 78, 197, 93, 0],
  [0, 9, 11, 230, 0],
  [0, 0, 0, 0, 1538],
];

/** 12,400 sellers over 20 weeks; 390 move, two in three of them down. */
export function sampleComparison(): Comparison {
  return {
    baseline: { version: "1.0.0", policy: policyView("1.0.0"), distribution: distribution(0) },
    candidates: [candidateOf("2.0.0")],
    panel: {
      digest: "d".repeat(64),
      entity: "seller",
      grain: "week",
      currency: "USD",
      from: periods[0] ?? "",
      to: at,
      periods: 20,
      entitiesEver: 13_100,
      entitiesAtEnd: 12_400,
    },
    provenance: { seed: 37, replicates: 1000, level: 0.95, knownAt: "2025-12-31", engine: "kernels", cellEntitiesMin: 20 },
  };
}

/** A candidate that moves 390 sellers. */
export function candidateOf(version: string): CandidateComparison {
  return {
    version,
    policy: policyView(version),
    distribution: distribution(1),
    movement: {
      at,
      rows: names,
      columns: names,
      matrix,
      movers: 390,
      up: 127,
      down: 263,
      intoUnrated: 0,
      outOfUnrated: 0,
      inFrame: 12_400,
      moversShare: interval(390 / 12_400, 0.028, 0.034, 12_400),
    },
    range: {
      from: periods[0] ?? "",
      to: at,
      entities: 13_100,
      entityPeriods: 240_000,
      everDiffered: 3412,
      differingEntityPeriods: 9000,
      differAtEnd: 410,
      afterFirstDivergence: 36_000,
      changes: { baseline: 9100, candidate: 7400 },
      whiplash: { periods: 8, baseline: 4814, candidate: 3638 },
    },
    gmv: {
      at,
      currency: "USD",
      windowFrom: "2025-09-01",
      total: 70_570_000_000,
      atStake: interval(2_960_000_000, 2_650_000_000, 3_330_000_000, 12_400),
      lower: interval(1_790_000_000, 1_540_000_000, 2_120_000_000, 12_400),
      higher: interval(1_170_000_000, 1_050_000_000, 1_300_000_000, 12_400),
      byTier: names.map((tier, index) => ({
        tier,
        baseline: 14_114_000_000,
        candidate: 14_114_000_000 + ([1, -1, 2, -2, 0][index] ?? 0) * 1_000_000_000,
      })),
    },
    audits: sampleAudits(),
    errors: [
      errorsOf("all"),
      { ...errorsOf("appeals"), sharedMeasures: [], falsePositiveChange: undetermined("appeals alone identify no rate", "random audits") },
    ],
    newlyAdverse: 146,
    released: 87,
    segments: [segment("small", 3844, 91, 57), segment("medium", 5084, 48, 28), segment("large", 1984, 7, 2), segment("tiny", 1488, 0, 0)],
    affected: [
      {
        entity: "S-58145",
        gmv: 28_000_000,
        baselineTier: "standard",
        candidateTier: "watch",
        baselineScore: 61.3,
        candidateScore: 59.2,
        label: "fine",
        attributes: { category: "Books", region: "Islands" },
        restore: "late rate at most 4 %",
      },
      {
        entity: "S-56164",
        gmv: 22_900_000,
        baselineTier: "watch",
        candidateTier: "standard",
        candidateScore: 60.1,
        label: "unlabelled",
        attributes: {},
      },
    ],
  };
}

/** The baseline against itself: nobody moves, nothing differs. */
export function nullReform(): Comparison {
  const sample = sampleComparison();
  const [first] = sample.candidates;
  if (first === undefined) return sample;
  const still = matrix.map((row, i) => row.map((_, j) => (i === j ? row.reduce((sum, count) => sum + count, 0) : 0)));
  const zero = estimated({ value: 0, method: "count", n: 12_400 });
  const errors = first.errors.map((entry) => ({
    ...entry,
    candidate: { ...entry.baseline },
    falsePositiveChange: zero,
    falsePositiveChangeBounds: { lower: zero, upper: zero },
  }));
  const { audits: _audits, ...kept } = first;
  const candidate: CandidateComparison = {
    ...kept,
    distribution: distribution(0),
    errors,
    newlyAdverse: 0,
    released: 0,
    affected: [],
    movement: { ...first.movement, matrix: still, movers: 0, up: 0, down: 0, moversShare: zero },
    range: {
      ...first.range,
      everDiffered: 0,
      differingEntityPeriods: 0,
      differAtEnd: 0,
      afterFirstDivergence: 0,
      changes: { baseline: 9100, candidate: 9100 },
      whiplash: { periods: 8, baseline: 4814, candidate: 4814 },
    },
    ...(first.gmv === undefined
      ? {}
      : {
          gmv: {
            ...first.gmv,
            atStake: zero,
            lower: zero,
            higher: zero,
            byTier: first.gmv.byTier.map((row) => ({ ...row, candidate: row.baseline })),
          },
        }),
    segments: first.segments.map((row) => ({ ...row, movers: 0, up: 0, down: 0, newlyAdverse: 0, released: 0 })),
  };
  return { ...sample, candidates: [candidate] };
}

/** Creators, no sales, no outcomes, no segments. */
export function bareComparison(): Comparison {
  const sample = sampleComparison();
  const { currency: _, ...panel } = sample.panel;
  return {
    ...sample,
    panel: { ...panel, entity: "creator" },
    candidates: sample.candidates.map(({ gmv: _gmv, audits: _audits, ...rest }) => ({ ...rest, errors: [], segments: [], affected: [] })),
  };
}

/** Seven sellers, and nothing that can be determined. */
export function tinyComparison(): Comparison {
  const sample = sampleComparison();
  const few = undetermined("7 sellers are too few", "more sellers");
  return {
    ...sample,
    candidates: sample.candidates.map((candidate) => ({
      ...candidate,
      movement: {
        ...candidate.movement,
        matrix: [
          [2, 1, 0, 0, 0],
          [0, 3, 1, 0, 0],
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
        ],
        movers: 2,
        up: 0,
        down: 2,
        inFrame: 7,
        moversShare: few,
      },
      ...(candidate.gmv === undefined ? {} : { gmv: { ...candidate.gmv, atStake: few, lower: few, higher: few } }),
      audits: sampleAudits(0),
      errors: candidate.errors.map((entry) => undeterminedErrors(entry, few)),
      segments: candidate.segments.map((row) => ({ ...row, entities: 2, newlyAdverse: 1, newlyAdverseRate: few })),
      newlyAdverse: 1,
      released: 0,
    })),
  };
}

/** The context of a report on the sample. */
export function sampleReportContext(extra: Partial<ReportContext> = {}): ReportContext {
  return {
    runId: "r1",
    runDigest: "7c1f09be5a42f80b56fc3ccd",
    dataset: { id: "demo-afb3fa5c03e0", name: "demo", title: "Demo marketplace", digest: "d".repeat(64), rejectedRows: 3 },
    diffs: {
      "2.0.0": {
        summary: "",
        changes: [
          {
            path: "parameters.late_zero",
            kind: "changed",
            from: "8 %",
            to: "6 %",
            words: "A late share of 6 % scores zero; it used to take 8 %.",
            direction: "stricter",
          },
          {
            path: "movement.demote.after",
            kind: "changed",
            from: "2",
            to: "3",
            words: "A seller moves down after 3 evaluations in a row, not 2.",
            direction: "gentler",
          },
        ],
      },
    },
    command: "npx counterweight compare \\\n  --baseline seller-performance@1.0.0 --candidate seller-performance@2.0.0",
    trust: ["Null reform moves nobody."],
    status: { "1.0.0": "in force", "2.0.0": "proposed" },
    ...extra,
  };
}

function undeterminedErrors(errors: Errors, few: Estimated): Errors {
  const side = (given: Errors["baseline"]) => ({
    ...given,
    rates: given.rates.map((rate) => ({ ...rate, estimate: few })),
    bounds: given.bounds.map((bound) => ({ ...bound, lower: few, upper: few })),
  });
  return {
    ...errors,
    baseline: side(errors.baseline),
    candidate: side(errors.candidate),
    falsePositiveChange: few,
    falsePositiveChangeBounds: { lower: few, upper: few },
  };
}

function policyView(version: string): CandidateComparison["policy"] {
  return {
    programme: "seller-performance",
    version,
    title: "Seller performance",
    digest: version.startsWith("1") ? "1".repeat(64) : "2".repeat(64),
    tiers,
    startMatters: { periods: 9, lastPeriod: periods[8] ?? "", entitiesAtEnd: 2 },
  };
}

const held = [591, 9653, 368, 250, 1538];
const change = [5, -64, -27, 86, 0];

function distribution(shift: number): CandidateComparison["distribution"] {
  return periods.map((period, week) => ({
    period,
    tiers: Object.fromEntries(
      names.map((name, index) => [
        name,
        { entities: (held[index] ?? 0) + shift * (change[index] ?? 0) + (index === 1 ? week * 3 : 0), gmv: 14_000_000 },
      ]),
    ),
  }));
}

function errorsOf(source: string): Errors {
  const rates = (adverseFine: number): readonly ErrorRate[] => [
    {
      name: "false-positive-rate",
      definition: "Fine entities held adverse at the date, over all fine entities in the frame.",
      numerator: adverseFine,
      denominator: 1200,
      estimate: interval(adverseFine / 1200, adverseFine / 1200 - 0.01, adverseFine / 1200 + 0.01, 1200),
    },
    {
      name: "false-share",
      definition: "Fine over labelled among the adverse.",
      numerator: 100,
      denominator: 300,
      estimate: interval(1 / 3, 0.28, 0.39, 300),
    },
  ];
  const bounds = [
    {
      name: "false-positive-rate" as const,
      lower: estimated({ value: 0.01, method: "bound", n: 12_400 }),
      upper: estimated({ value: 0.292, method: "bound", n: 12_400 }),
    },
  ];
  return {
    at: periods[6] ?? "",
    source,
    definition: "More than 10 % of orders were bad.",
    horizonDays: 90,
    knownAt: "2025-12-31",
    sharedMeasures: ["late_dispatches"],
    assumedUntreated: true,
    inFrame: 12_400,
    labelled: 1574,
    fine: 1200,
    harmful: 374,
    unlabelled: [{ reason: "no label known", entities: 10_826 }],
    coverage: [
      { group: "both", entities: 531, labelled: 217, fine: 60 },
      { group: "newly", entities: 146, labelled: 66, fine: 41 },
      { group: "released", entities: 87, labelled: 61, fine: 30 },
      { group: "neither", entities: 11_636, labelled: 1230, fine: 1069 },
    ],
    baseline: { version: "1.0.0", rates: rates(90), bounds },
    candidate: { version: "2.0.0", rates: rates(101), bounds },
    falsePositiveChange: interval(11 / 1200, 0.002, 0.016, 1200),
    falsePositiveChangeBounds: {
      lower: estimated({ value: -0.019, method: "bound", n: 12_400 }),
      upper: estimated({ value: 0.054, method: "bound", n: 12_400 }),
    },
  };
}

function segment(value: string, entities: number, newlyAdverse: number, released: number): SegmentRow {
  const rate = newlyAdverse / entities;
  return {
    segment: "size band",
    value,
    entities,
    gmv: entities * 5_000_000,
    movers: newlyAdverse + released,
    up: released,
    down: newlyAdverse,
    newlyAdverse,
    released,
    newlyAdverseRate: interval(rate, rate * 0.8, rate * 1.2 + 0.001, entities),
  };
}

function interval(value: number, lower: number, upper: number, n: number): Estimated {
  return estimated({ value, lower, upper, level: 0.95, method: "wilson", n });
}
