/** A policy that compares entities with their peers: every figure that hangs on tiers is its count or value, without an interval, and nothing is read into it. */
import { expect } from "chai";
import type { Policy } from "../../policies/language/index.ts";
import {
  type Comparison,
  compare,
  movementAt,
  readCriteriaLines,
  readVerdict,
  resolveCriteria,
} from "../../simulations/comparison/index.ts";
import { describeReport } from "../../views/index.ts";
import { sampleReportContext } from "../views/sample-comparison.ts";
import { verdictContext } from "../views/sample-verdict.ts";
import { label, letterPolicy, panelOf, type SmallSeller, source } from "./small-market.ts";

const sellers = Object.fromEntries(
  Array.from({ length: 120 }, (_, index): [string, SmallSeller] => [
    `s${String(index).padStart(3, "0")}`,
    {
      baseline: index % 4 === 0 ? "swwsssss" : "ssssssss",
      candidate: index % 3 === 0 ? "sswwwsww" : "ssssssss",
      state: index < 60 ? "SP" : "RJ",
      gmv: Array.from({ length: 8 }, (_, week) => 100 + index + week),
      orders: Array.from({ length: 8 }, () => 3),
    },
  ]),
);
const outcomes = Object.keys(sellers).flatMap((name, index) =>
  [0, 1, 2].map((period) => label(name, "bad", period, index % 5 === 0 ? 1 : 0, 21)),
);
const panel = panelOf({ sellers, outcomes, sources: [source("bad")], periods: 8 });

/** The same policy with a rank among all beside its score, which moves no tier here. */
function withRank(policy: Policy): Policy {
  const rank = { kind: "rank", name: "place", title: "Place", unit: "share", of: { to: "metric", name: "mark" }, peersMin: 2 } as const;
  return { ...policy, metrics: [...policy.metrics, rank] };
}

const candidate = letterPolicy("candidate");
const made = (policy: Policy): Comparison =>
  compare({ baseline: letterPolicy("baseline"), candidates: [policy], panel, seed: 3, replicates: 40 });
const [plain, ranked] = [made(candidate), made(withRank(candidate))];
const first = ({ candidates: [one] }: Comparison) => {
  if (one === undefined) throw new Error("no candidate");
  return one;
};

/** Paths of whatever is an interval: an object with `level`, a standard error, or ends of a median. */
function intervalsIn(part: unknown, path = ""): readonly string[] {
  if (typeof part !== "object" || part === null) return [];
  const own = "level" in part || "standardError" in part ? [path] : [];
  return [...own, ...Object.entries(part).flatMap(([name, one]) => intervalsIn(one, `${path}/${Array.isArray(part) ? "" : name}`))];
}

describe("where peers decide", () => {
  const { noDraw, movement, range, course, gmv, errors, segments, fairness, audits } = first(ranked);

  it("no figure that hangs on tiers has an interval or a test, and each says why", () => {
    const parts = {
      movement,
      range,
      course,
      gmv,
      errors,
      segments,
      rates: fairness?.segmentations,
      all: fairness?.all,
      series: audits?.series,
    };
    expect([...new Set(intervalsIn(parts))]).to.deep.equal([]);
    expect(movement.moversShare).to.deep.include({ kind: "estimate", assumptions: [`no interval: ${noDraw}`] });
    expect([fairness?.family, fairness?.worst]).to.deep.equal([{}, []]);
    expect(Object.values(course?.tests ?? {}).map((test) => (test.kind === "undetermined" ? test.reason : test.kind))).to.deep.equal([
      noDraw,
      noDraw,
    ]);
    expect([course?.transitions.baseline.departures, course?.transitions.candidate.departures]).to.deep.equal([undefined, undefined]);
    const day = course?.dates.at(-2)?.at ?? "";
    expect(movementAt(ranked, first(ranked), day)?.moversShare).to.deep.include({
      kind: "estimate",
      assumptions: [`no interval: ${noDraw}`],
    });
    expect(intervalsIn(movementAt(plain, first(plain), day)).length).to.be.greaterThan(0);
    expect(intervalsIn({ movement: first(plain).movement, gmv: first(plain).gmv }).length, "as a rule there are some").to.be.greaterThan(2);
  });

  it("values and counts are those that they are without", () => {
    const counted = ({ movement, range, gmv, errors }: ReturnType<typeof first>) =>
      JSON.stringify([movement, range, gmv, errors], (name, value: unknown) =>
        ["interval", "standardError", "method", "assumptions", "definition"].includes(name) ? undefined : value,
      );
    expect(counted(first(ranked))).to.equal(counted(first(plain)));
  });

  it("a criterion is undetermined with the reason, and one on exact counts is read", () => {
    const lines = [
      "movers at most 99 %",
      "newly adverse of SP at most 99 %",
      "false-positive change at most 99 points",
      "tier changes at most 99 x baseline",
    ];
    const read = (comparison: Comparison) => {
      const { criteria } = resolveCriteria(readCriteriaLines(lines, "test").criteria, panel.schema);
      return readVerdict({ comparison, candidate: first(comparison) }, criteria).criteria;
    };
    expect(read(plain).map(({ reading }) => reading)).to.deep.equal(["pass", "pass", "pass", "pass"]);
    expect(read(ranked).map(({ reading, reason }) => [reading, reason])).to.deep.equal([
      ["undetermined", noDraw],
      ["undetermined", noDraw],
      ["undetermined", noDraw],
      ["pass", undefined],
    ]);
    expect(read(ranked).flatMap(({ elsewhere }) => elsewhere.filter(({ reading }) => reading !== "undetermined"))).to.deep.equal([]);
  });

  it("the report says it under the five figures, and names nobody who bears it", () => {
    const report = describeReport(ranked, sampleReportContext());
    expect(report.stripNote).to.equal(`No figure of tiers has an interval: ${noDraw}. Counts of recorded history are exact.`);
    const judged = describeReport(
      ranked,
      sampleReportContext(verdictContext(ranked, ["movers at most 99 %", "tier changes at most 99 x baseline"])),
    );
    expect(judged.verdict?.items.map(({ found }) => found.replace(/^[\d.]+\u00a0/, ""))).to.deep.equal(["%, no interval", "x, exact"]);
    const text = JSON.stringify(report);
    expect(text).to.include("No group is set against the rest").and.not.include("clearly bears it").and.not.include("bear it:");
  });

  it("no figure speaks of bars that are not drawn, and each that is drawn is named", () => {
    const spoken = (comparison: Comparison) =>
      describeReport(comparison, sampleReportContext())
        .sections.flatMap(({ blocks }) => blocks)
        .flatMap((block) => (block.kind === "figure" ? [block.figure] : block.kind === "pair" ? block.figures : []))
        .flatMap(({ id, subtitle, title, key, chart }) => {
          if (chart.kind !== "interval-rows" && chart.kind !== "paired-rows") return [];
          const marks = chart.rows.flatMap((row) => ("mark" in row ? [row.mark] : [row.baseline, row.candidate, row.change]));
          const isDrawn = marks.some(({ value, lower }) => value !== undefined && lower !== undefined);
          const words = `${title} ${subtitle}`;
          expect(/95\u00a0% intervals/.test(words), `${id}: ${words}`).to.equal(isDrawn);
          if (key.length > 0)
            expect(
              key.some(({ mark }) => mark === "interval"),
              id,
            ).to.equal(isDrawn);
          return isDrawn ? [] : [[id, words] as const];
        });
    const [withBars, without] = [spoken(plain), spoken(ranked)];
    expect(without.length - withBars.length).to.be.greaterThan(4);
    for (const [id, words] of without) expect(words, id).not.to.match(/large enough|the labels (?:do not )?tell/i);
  });
});
