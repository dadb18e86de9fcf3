/** The explanation of one seller, number by number, and the letter that is made from it. */
import { expect } from "chai";
import { parseDay, periodOf, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { accountOf, type EntityHistory, explainEntity, explainerOf, type Trace } from "../../policies/explain/index.ts";
import { type Expression, type Policy, versionsOf } from "../../policies/language/index.ts";

const lastPeriod = periodOf("week", day("2018-08-26"));

function day(text: string): number {
  return present(parseDay(text), text);
}

function number(value: number, unit: "share" | "count" | "number" = "number"): Extract<Expression, { kind: "number" }> {
  return { kind: "number", value, unit };
}

function measure(name: string): Expression {
  return { kind: "reference", to: "measure", name };
}

const schema: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod: lastPeriod - 9,
  lastPeriod,
  measures: ["due", "late", "reviews", "low"].map((name) => ({ name, kind: "flow", unit: "count", decimals: 0, title: name })),
  attributes: [],
  events: [],
  outcomes: [],
  assignedTiers: [],
  knownAt: day("2018-10-17"),
};

const fourWeeks = { kind: "days", count: 28 } as const;
const overall: Expression = { kind: "reference", to: "score", name: "overall" };
const atLeast = (line: number): Expression => ({ kind: "compare", operator: ">=", left: overall, right: number(line) });

const policy: Policy = {
  programme: "seller-performance",
  version: "1.0.0",
  title: "Seller performance",
  entity: "seller",
  rationale: "",
  digest: "d",
  parameters: [],
  windows: [],
  ledgers: [],
  caps: [],
  metrics: [
    {
      kind: "share",
      name: "late_rate",
      title: "Late dispatches",
      unit: "share",
      part: measure("late"),
      whole: measure("due"),
      over: fourWeeks,
      atLeast: { of: measure("due"), count: number(20, "count") },
    },
    {
      kind: "share",
      name: "low_rate",
      title: "Low reviews",
      unit: "share",
      part: measure("low"),
      whole: measure("reviews"),
      over: fourWeeks,
      atLeast: { of: measure("reviews"), count: number(10, "count") },
    },
  ],
  scores: [
    {
      kind: "curve",
      name: "dispatch",
      title: "Dispatch",
      round: 6,
      from: { to: "metric", name: "late_rate" },
      shape: "linear",
      anchors: [
        { x: number(0), y: number(100) },
        { x: number(0.02), y: number(85) },
        { x: number(0.08), y: number(0) },
      ],
    },
    {
      kind: "curve",
      name: "reviews",
      title: "Reviews",
      round: 6,
      from: { to: "metric", name: "low_rate" },
      shape: "linear",
      anchors: [
        { x: number(0), y: number(100) },
        { x: number(0.15), y: number(0) },
      ],
    },
    {
      kind: "weighted",
      name: "overall",
      title: "Overall score",
      round: 1,
      parts: [
        { score: "dispatch", weight: number(60) },
        { score: "reviews", weight: number(40) },
      ],
      missing: { kind: "share-out" },
    },
  ],
  conditions: [],
  tiers: [
    { name: "gold", title: "Gold", adverse: false, terminal: false, consequences: {}, when: atLeast(85) },
    { name: "standard", title: "Standard", adverse: false, terminal: false, consequences: {}, when: atLeast(60) },
    { name: "watch", title: "Watch", adverse: true, terminal: false, consequences: {}, when: { kind: "known", operand: overall } },
  ],
  otherwise: "unrated",
  headlineScore: "overall",
  movement: { evaluate: { kind: "every", unit: "week" }, promote: { after: 2 }, demote: { after: 2 } },
};

/** Ten weeks of ten due dispatches, of which the last weeks have the given late ones, and one review a week. */
function history(late: readonly number[]): EntityHistory {
  const rows = Array.from({ length: 10 }, (_, week) => ({
    period: lastPeriod - 9 + week,
    measures: { due: 10, late: late[week - 10 + late.length] ?? 0, reviews: 1, low: 0 },
    attributes: {},
  }));
  return { entity: "s-1", rows, events: [] };
}

function trace(late: readonly number[], on = "2018-08-26"): Trace {
  return explainEntity(policy, schema, history(late), day(on));
}

describe("explanation of one seller", () => {
  it("gives every metric with its parts and the days that it read", () => {
    const { metrics, on, period } = present(trace([2]).evaluation, "evaluation");
    expect({ on, period }).to.deep.equal({ on: "2018-08-27", period: "2018-08-26" });
    expect(metrics[0]).to.deep.equal({
      name: "late_rate",
      title: "Late dispatches",
      unit: "share",
      kind: "share",
      window: { from: "2018-07-30", to: "2018-08-26", periods: 4 },
      numerator: 2,
      numeratorUnit: "count",
      denominator: 40,
      denominatorUnit: "count",
      atLeast: { sum: 40, count: 20, unit: "count", met: true },
      value: 0.05,
    });
  });

  it("says why a metric is missing, and shares out its weight", () => {
    const { metrics, scores } = present(trace([2]).evaluation, "evaluation");
    expect(metrics[1]?.atLeast).to.deep.equal({ sum: 4, count: 10, unit: "count", met: false });
    expect(metrics[1]).not.to.have.property("value");
    expect(scores[2]?.value).to.equal(42.5);
  });

  it("gives the piece of the curve", () => {
    const [dispatch] = present(trace([2]).evaluation, "evaluation").scores;
    expect(dispatch).to.deep.include({ input: 0.05, segment: { kind: "between", x0: 0.02, y0: 85, x1: 0.08, y1: 0 } });
  });

  it("gives the state before and after, and the rule that decided", () => {
    const { before, after, reason, merited, held } = present(trace([2]).evaluation, "evaluation");
    expect({ merited, held, reason }).to.deep.equal({ merited: "watch", held: "gold", reason: "counting down" });
    expect(before).to.deep.equal({ held: "gold", promoteCount: 0, demoteCount: 0, holds: [], ledgers: [], runs: [] });
    expect(after).to.deep.equal({ held: "gold", promoteCount: 0, demoteCount: 1, holds: [], ledgers: [], runs: [] });
  });

  it("any day of a period names it, and a day outside the frame says so", () => {
    expect(trace([2], "2018-08-22").evaluation).to.deep.equal(trace([2]).evaluation);
    expect(trace([2], "2018-01-01")).to.include({ status: "not in frame" });
    expect(accountOf(trace([2], "2018-01-01"))).to.contain("no record of activity");
  });

  it("is the same from one walk over the whole history as from one up to the day", () => {
    const late = [0, 3, 6, 2, 1, 9];
    const traceAt = explainerOf(versionsOf(policy), schema, history(late));
    for (const on of ["2018-06-30", "2018-07-15", "2018-08-02", "2018-08-26", "2018-09-30"])
      expect(traceAt(day(on)), on).to.deep.equal(trace(late, on));
  });

  it("says of what is denied that it must not be so", () => {
    const below: Expression = { kind: "compare", operator: "<", left: overall, right: number(85) };
    const [gold, ...others] = policy.tiers;
    const denying = { ...policy, tiers: [{ ...present(gold, "gold"), when: { kind: "not", operand: below } as const }, ...others] };
    const account = accountOf(explainEntity(denying, schema, history([2]), day("2018-08-26")));
    expect(account).to.include("- Gold asks: it is not so that (Overall score is below 85). This does not hold.");
    expect(account).to.include("    Overall score is below 85: yes, where no is asked for");
    const known = {
      ...policy,
      tiers: [{ ...present(gold, "gold"), when: { kind: "not", operand: { kind: "known", operand: overall } } as const }],
    };
    expect(accountOf(explainEntity(known, schema, history([2]), day("2018-08-26")))).to.include("- Gold asks: Overall score is not known.");
  });

  it("becomes a letter in plain words", () => {
    expect(accountOf(trace([2])).replaceAll("\u00a0", " ")).to.equal(
      `Seller performance, version 1.0.0: s-1 on 26 Aug 2018

At the evaluation of 27 Aug 2018, which looked at everything up to 26 Aug 2018, the numbers merited watch; gold is held. The score was 42.5. A worse tier than gold was merited once in a row; it takes 2 in a row to move down.

What was measured
- Late dispatches: 5 %; 2 of 40; at least 20 are needed and there were 40; from 30 Jul 2018 to 26 Aug 2018.
- Low reviews: not known; 0 of 4; at least 10 are needed and there were 4: too few to judge; from 30 Jul 2018 to 26 Aug 2018.

How it was scored
- Dispatch: 42.5, because Late dispatches is 5 % (2 % gives 85, 8 % gives 0).
- Reviews: not known.
- Overall score: 42.5, from Dispatch 42.5 (weight 60 %), Reviews left out, not known (weight 40 %).

How the tier follows
- Gold asks: Overall score is at least 85. This does not hold.
- Standard asks: Overall score is at least 60. This does not hold.
- Watch asks: Overall score is known. This holds.

What carries over to the next evaluation
- 1 evaluation in a row merited worse than gold; 2 are needed: 1 more evaluation like it to move down.`,
    );
  });
});
