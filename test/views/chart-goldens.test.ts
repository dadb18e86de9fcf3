/** A small drawing of every kind, wide and narrow, beside the one that was looked at. UPDATE_GOLDENS=1 draws them anew. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { type ChartSpec, drawForm } from "../../views/charts/index.ts";

const isUpdate = process.env["UPDATE_GOLDENS"] === "1";
const folder = packagePath("test", "views", "goldens");
const axis = { prefix: "", suffix: " %", isChange: false } as const;
const change = { prefix: "", suffix: "", isChange: true } as const;
const tiers = [
  { name: "gold", colour: "good-0" },
  { name: "watch", colour: "adverse-2" },
  { name: "unrated", colour: "unrated" },
] as const;
const periods = ["2025-09-14", "2025-09-21", "2025-09-28"] as const;
const label = "What is drawn, in one sentence.";

const specs: { readonly [Kind in ChartSpec["kind"]]: Extract<ChartSpec, { readonly kind: Kind }> } = {
  "mini-none": { kind: "mini-none", label },
  "mini-split": { kind: "mini-split", label, down: 263, up: 127, other: 12 },
  "mini-interval": {
    kind: "mini-interval",
    label,
    rows: [
      { lower: -1, upper: 1.2 },
      { value: 0.39, lower: 0.14, upper: 0.63 },
    ],
    ticks: change,
  },
  "mini-bars": {
    kind: "mini-bars",
    label,
    bars: [
      { share: 0.31, text: "31 % of all", isEmphasised: false },
      { share: 0.62, text: "62 %", isEmphasised: true },
    ],
  },
  "mini-known": { kind: "mini-known", label, share: 0.127 },
  "tiers-over-time": {
    kind: "tiers-over-time",
    label,
    periods,
    span: 5,
    panels: [
      { name: "gold", tier: tiers[0], baseline: [10, 11, 12], candidate: [10, 10.5, 9.1], isSame: false },
      { name: "watch", tier: tiers[1], baseline: [3, 3, 3], candidate: [3, 3, 3], isSame: true },
      { name: "all adverse tiers", baseline: [3, 3, 3], candidate: [3, 3.5, 4], isSame: false },
    ],
  },
  "movement-matrix": {
    kind: "movement-matrix",
    label,
    baseline: "1.0.0",
    candidate: "2.0.0",
    rows: tiers,
    columns: tiers,
    cells: [
      [
        { entities: 567, direction: "same" },
        { entities: 33, direction: "down" },
        { entities: 0, direction: "other" },
      ],
      [
        { entities: 12, direction: "up" },
        { entities: 240, direction: "same" },
        { entities: 0, direction: "other" },
      ],
      [
        { entities: 1, direction: "other" },
        { entities: 0, direction: "other" },
        { entities: 80, direction: "same" },
      ],
    ],
  },
  flow: {
    kind: "flow",
    label,
    baseline: "1.0.0",
    candidate: "2.0.0",
    tiers,
    streams: [
      { from: 0, to: 1, entities: 33, direction: "down" },
      { from: 1, to: 0, entities: 12, direction: "up" },
    ],
    notDrawn: "887 who stay",
  },
  "interval-rows": {
    kind: "interval-rows",
    label,
    heading: "share, %",
    columns: ["Estimate", "95 %"],
    isCompact: false,
    axis,
    rows: [
      {
        label: "Small",
        note: "n = 120",
        mark: { value: 3.1, lower: 2.2, upper: 4 },
        estimateText: "3.1 %",
        intervalText: "2.2 to 4.0 %",
        isTotal: false,
        isEmphasised: true,
      },
      { label: "Large", note: "n = 9", mark: {}, estimateText: "too few", intervalText: "", isTotal: false, isEmphasised: false },
      {
        label: "New",
        note: "n = 3",
        mark: {},
        estimateText: "not determined",
        intervalText: "3 sellers: fewer than the minimum cell of 20",
        isTotal: false,
        isEmphasised: false,
      },
      {
        label: "Either way",
        note: "no assumption",
        mark: { lower: 1.9, upper: 3.8 },
        estimateText: "limits",
        intervalText: "1.9 to 3.8 %",
        isTotal: false,
        isEmphasised: false,
      },
      {
        label: "All",
        note: "",
        mark: { value: 2.8, lower: 2.4, upper: 3.2 },
        estimateText: "2.8 %",
        intervalText: "2.4 to 3.2 %",
        isTotal: true,
        isEmphasised: false,
      },
    ],
  },
  "paired-rows": {
    kind: "paired-rows",
    label,
    valueHeading: "False-positive rate, %",
    pairHeading: "1.0.0 → 2.0.0",
    changeHeading: "Change, points",
    changeColumn: "95 %",
    axis: { ...axis, suffix: "" },
    changeAxis: change,
    rows: [
      {
        label: "Audits",
        notes: ["60 of 146"],
        isBounds: false,
        baseline: { value: 1.9, lower: 1.2, upper: 2.8 },
        candidate: { value: 2.3, lower: 1.5, upper: 3.4 },
        pairText: "1.9 → 2.3 %",
        change: { value: 0.39, lower: 0.14, upper: 0.63 },
        changeText: "+0.39",
        changeIntervalText: "+0.14 to +0.63",
      },
      {
        label: "No assumption",
        notes: [],
        isBounds: true,
        baseline: { lower: 0, upper: 40 },
        candidate: { lower: 0.4, upper: 41 },
        pairText: "0.4 to 41.0 %",
        change: { lower: -1.9, upper: 5.4 },
        changeText: "−1.90 to +5.40",
        changeIntervalText: "",
      },
    ],
  },
  coverage: {
    kind: "coverage",
    label,
    rows: [
      { label: "Newly adverse", fine: 40, harmful: 20, entities: 146, text: "60 of 146", shareText: "41 %" },
      { label: "Released", fine: 0, harmful: 0, entities: 0, text: "nobody", shareText: "" },
    ],
  },
  curve: {
    kind: "curve",
    label,
    xHeading: "weeks since entry",
    yHeading: "recovered, %",
    lines: [
      {
        name: "2.0.0",
        points: [
          [0, 0],
          [5, 40],
          [10, 60],
        ],
      },
      {
        name: "1.0.0",
        points: [
          [0, 0],
          [5, 50],
          [10, 80],
        ],
        isBaseline: true,
      },
    ],
    bands: [
      [
        [0, 0, 0],
        [5, 35, 45],
        [10, 50, 70],
      ],
    ],
    mark: [5, 40],
  },
  shares: {
    kind: "shares",
    label,
    bands: [
      { name: "small", isEmphasised: true },
      { name: "large", isEmphasised: false },
    ],
    rows: [
      { label: "Sellers", note: "12,400", shares: [0.31, 0.69], texts: ["31 %", "69 %"] },
      { label: "Newly adverse", note: "146", shares: [0.62, 0.38], texts: ["62 %", "38 %"] },
    ],
  },
  "entity-history": {
    kind: "entity-history",
    label,
    periods,
    versions: [
      { version: "1.0.0", isBaseline: true, scores: [undefined, 61.25, 70], tiers: [tiers[2], tiers[1], tiers[0]] },
      { version: "2.0.0", isBaseline: false, scores: [undefined, 55, 52], tiers: [undefined, tiers[1], tiers[1]] },
    ],
  },
  "metric-grid": {
    kind: "metric-grid",
    label,
    periods,
    events: [{ at: 1 }],
    panels: [
      {
        title: "Late dispatch share",
        note: "28 days",
        unit: "share",
        currency: "",
        positions: [0, 1, 2],
        series: [
          { name: "1.0.0", isBaseline: true, index: 0, values: [0.031, undefined, 0.052] },
          { name: "2.0.0", isBaseline: false, index: 1, values: [0.04, undefined, 0.061] },
        ],
        lines: [
          { value: 0.05, label: "watch", isBaseline: false, kind: "tier" },
          { value: 0.02, label: "100 points", isBaseline: false, kind: "score" },
        ],
        volume: [120, 80, 132],
        evaluated: [2],
        missing: [[1, 1]],
      },
    ],
  },
  presence: { kind: "presence", label, periodsABar: 1, periods, present: [900, 960, 1020], first: [100, 99, 98], last: [10, 19, 28] },
  agreement: {
    kind: "agreement",
    label,
    xHeading: "forecast",
    yHeading: "result",
    axis: change,
    points: [
      { number: 1, label: "first", across: { value: -2, lower: -4, upper: 0 }, up: { value: -1, lower: -3, upper: 1 }, isCounted: true },
      { number: 2, label: "second", across: { value: 1 }, up: {}, isCounted: false },
    ],
  },
};

describe("drawings", () => {
  const kinds = Object.keys(specs) as ChartSpec["kind"][];
  for (const kind of kinds) {
    for (const isNarrow of [false, true]) {
      const name = `${kind}${isNarrow ? "-narrow" : ""}.svg`;
      it(`${kind}${isNarrow ? ", narrow," : ""} are as they were looked at`, () => {
        const drawn = `${drawForm(specs[kind], isNarrow).replaceAll("><", ">\n<")}\n`;
        if (isUpdate) writeFileSync(join(folder, name), drawn);
        expect(existsSync(join(folder, name)), name).to.equal(true);
        expect(drawn).to.equal(readFileSync(join(folder, name), "utf8"));
      });
    }
  }

  it("have no golden of a kind that is no more", () => {
    const known = kinds.flatMap((kind) => [`${kind}.svg`, `${kind}-narrow.svg`]);
    expect(readdirSync(folder).filter((name) => !known.includes(name))).to.deep.equal([]);
  });
});
