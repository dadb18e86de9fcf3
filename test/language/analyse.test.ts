/** What static analysis finds beside the ladder, and what it must leave alone. */
import { expect } from "chai";
import { type Diagnostic, present } from "../../data/foundation/index.ts";
import { analyseAgainstPanel } from "../../policies/language/analyse-panel.ts";
import { analysePolicy } from "../../policies/language/analyse-policy.ts";
import { checkVolumes, periodsMost } from "../../policies/language/analyse-volume.ts";
import {
  type Constant,
  type Expression,
  type Ledger,
  type LedgerLine,
  type Metric,
  type Movement,
  type PlainWindow,
  type Policy,
  policyLibrary,
  readLibraryPolicy,
  type Window,
} from "../../policies/language/index.ts";
import { binary, curve, days, named, namedWindow, number, policyOf, share, sum, tier, value, weighted } from "../compile/policy-parts.ts";
import { both, codes, count, found, ledger, onEvent, points, score, scored, text, weekly } from "./analysed.ts";
import { panelCalled } from "./panels.ts";

describe("static analysis: conditions and thresholds", () => {
  const severe = both(text("severity", "high"), text("severity", "low"));

  it("finds events that are two things at once, and words that are asked for twice", () => {
    const tiers = [tier("clear", binary(named("metric:strikes"), "<", 3)), tier("rest", undefined)];
    expect(found(policyOf({ metrics: [count("strikes", severe)], tiers }))).to.deep.equal([
      "constant-condition: 'where' of 'strikes' is never true: it lets no event through",
    ]);
    const either = binary(text("severity", "high"), "or", text("severity", "low"));
    expect(found(policyOf({ metrics: [count("strikes", either)], tiers }))).to.deep.equal([]);
  });

  it("knows where ranks, counts, days and events' numbers lie", () => {
    const rank: Metric = { name: "speed", title: "Speed", unit: "share", kind: "rank", of: { to: "metric", name: "late" }, peersMin: 30 };
    const conditions = [
      { name: "a", title: "A", expression: binary(named("metric:speed"), ">=", 1) },
      { name: "b", title: "B", expression: binary(named("metric:strikes"), ">=", 0) },
      { name: "c", title: "C", expression: binary(named("metric:strikes"), "<", 0.5) },
    ];
    const first: Expression = binary({ kind: "reference", to: "event", name: "number" }, "<", 1);
    const policy = policyOf({
      metrics: [share("late", "late", "orders", days(28)), rank, count("strikes", first)],
      conditions,
      tiers: [tier("all", undefined)],
    });
    expect(found(policy)).to.deep.equal([
      "threshold-out-of-reach: 'number < 1' is never true: 'number' is never below 1",
      "threshold-out-of-reach: 'speed >= 1' is never true: 'speed' lies above 0 % and below 100 %",
      "threshold-out-of-reach: 'strikes >= 0' is true for everyone: 'strikes' is never below 0",
    ]);
  });

  it("knows the bounds of values and ledgers, and where curves reach", () => {
    const health: Metric = {
      ...(value("health", binary(named("metric:orders"), "*", 4)) as Extract<Metric, { kind: "value" }>),
      within: { lower: number(0), upper: number(1000) },
    };
    const policy = policyOf({
      metrics: [sum("orders", "orders", days(28)), share("late", "late", "orders", days(28)), health],
      scores: [
        curve("low", "late", [
          [0, 90],
          [0.1, 40],
        ]),
        curve("lower", "late", [
          [0, 60],
          [0.1, 20],
        ]),
        weighted("overall", { low: 50, lower: 50 }),
      ],
      ledgers: [ledger([onEvent()], { within: { lower: number(0), upper: number(60) } })],
      tiers: [tier("all", undefined)],
      conditions: [
        { name: "a", title: "A", expression: binary(named("metric:health"), ">", 1000) },
        { name: "b", title: "B", expression: binary(points("penalty"), ">", 60) },
        { name: "c", title: "C", expression: score(">", 75) },
        { name: "d", title: "D", expression: score(">=", 30) },
      ],
    });
    expect(found(policy)).to.deep.equal([
      "threshold-out-of-reach: 'health > 1000' is never true: 'health' lies from 0 to 1000",
      "threshold-out-of-reach: 'penalty > 60' is never true: 'penalty' lies from 0 points to 60 points",
      "threshold-out-of-reach: 'overall > 75' is never true: 'overall' lies from 30 to 75",
      "threshold-out-of-reach: 'overall >= 30' is true whenever it is known: 'overall' lies from 30 to 75",
    ]);
  });

  it("leaves switches, dated rules and honest extremes alone", () => {
    const mode: Constant = { kind: "reference", to: "parameter", name: "mode" };
    const policy = policyOf({
      parameters: [
        { name: "mode", title: "Mode", unit: "number", value: 1 },
        { name: "line", title: "Line", unit: "number", value: 50, range: { lower: 0, upper: 100 } },
      ],
      metrics: [share("late", "late", "orders", days(28))],
      scores: [
        curve("overall", "late", [
          [0, 100],
          [0.1, 0],
        ]),
      ],
      conditions: [
        { name: "on", title: "On", expression: binary(mode, "=", 1) },
        { name: "old", title: "Old", expression: binary({ kind: "reference", to: "today", name: "today" }, "<", 19_113) },
        {
          name: "most",
          title: "Most",
          expression: binary(named("score:overall"), ">=", { kind: "reference", to: "parameter", name: "line" }),
        },
        { name: "none", title: "None", expression: binary(named("metric:late"), "=", 0) },
      ],
      tiers: [tier("all", undefined)],
    });
    expect(found(policy)).to.deep.equal([]);
  });
});

describe("static analysis: scores", () => {
  it("adds up weights that look like shares of a whole", () => {
    const sums = (weights: Record<string, number>): readonly string[] =>
      codes(
        scored([tier("all", undefined)], {
          scores: [
            ...["a", "b", "c"].map((name) =>
              curve(name, "late", [
                [0, 100],
                [0.1, 0],
              ]),
            ),
            weighted("w", weights),
          ],
        }),
      );
    expect(sums({ a: 60, b: 30, c: 5 })).to.deep.equal(["weights-sum"]);
    expect(sums({ a: 0.6, b: 0.3, c: 0.2 })).to.deep.equal(["weights-sum"]);
    expect(sums({ a: 0.1, b: 0.2, c: 0.7 })).to.deep.equal([]);
    expect(sums({ a: 33.3, b: 33.3, c: 33.4 })).to.deep.equal([]);
    expect(sums({ a: 3, b: 2, c: 1 })).to.deep.equal([]);
    expect(sums({ a: 80, b: 70, c: 10 })).to.deep.equal([]);
  });
});

describe("static analysis: ledgers and movement", () => {
  const penalty = points("penalty");
  const tiers = [tier("clear", binary(penalty, "<", 3)), tier("frozen", binary(penalty, ">=", 3), { adverse: true })];
  const withLedger = (own: Ledger, rest: Partial<Policy> = {}): Policy =>
    policyOf({ ledgers: [own], tiers, otherwise: "unrated", ...rest });

  it("leaves a ledger that works alone", () => {
    expect(
      found(withLedger(ledger([onEvent()], { lasts: { kind: "days", count: 180 }, within: { lower: number(0), upper: number(60) } }))),
    ).to.deep.equal([]);
  });

  it("finds a ledger that nothing is ever added to, and what follows from it", () => {
    const never = both(text("severity", "high"), text("severity", "low"));
    expect(codes(withLedger(ledger([onEvent({ where: never })])))).to.deep.equal(["constant-condition", "no-effect"]);
    const onlyDeducts = ledger([onEvent({ sign: -1 })], { within: { lower: number(0), upper: number(60) } });
    expect(
      found(withLedger(onlyDeducts)).some((line) => line.startsWith("no-effect: the balance of ledger 'penalty' is always 0")),
    ).to.equal(true);
  });

  it("finds entries that can expire between two evaluations", () => {
    const monthly: Movement = { ...weekly, evaluate: { kind: "day-of-month", dayOfMonth: 20 } };
    const lasting = (count: number): readonly string[] =>
      codes(withLedger(ledger([onEvent()], { lasts: { kind: "days", count } }), { movement: monthly }));
    expect(lasting(31)).to.deep.equal(["entry-unseen"]);
    expect(lasting(32)).to.deep.equal([]);
    const dated: LedgerLine = { kind: "date", each: { kind: "weekday", weekday: 0 }, amount: number(1), sign: 1 };
    expect(codes(withLedger(ledger([dated], { lasts: { kind: "days", count: 7 } })))).to.deep.equal([]);
  });

  it("finds holds, caps, shields and protections that change nothing", () => {
    const own = ledger([onEvent()]);
    const [clear, frozen] = [present(tiers[0], "clear"), present(tiers[1], "frozen")];
    const noEffect = (rest: Partial<Policy>): number => codes(withLedger(own, rest)).filter((code) => code === "no-effect").length;
    expect(noEffect({ tiers: [clear, { ...frozen, holdDays: 7 }] })).to.equal(1);
    expect(noEffect({ tiers: [clear, { ...frozen, holdDays: 8 }] })).to.equal(0);
    expect(noEffect({ tiers: [clear, { ...frozen, holdDays: 28, terminal: true }] })).to.equal(1);
    // With a tier off the ladder, a hold on the best one keeps people on it.
    expect(noEffect({ tiers: [{ ...clear, holdDays: 28 }, frozen] })).to.equal(0);
    expect(noEffect({ movement: { ...weekly, protect: { event: "paid", tier: "frozen", days: 30 } } })).to.equal(1);
    expect(
      noEffect({ tiers: [clear, { ...frozen, adverse: false }], movement: { ...weekly, shield: { days: 60, since: "opened_on" } } }),
    ).to.equal(1);
    expect(noEffect({ movement: { ...weekly, promote: { after: 1, by: 2 } } })).to.equal(1);
  });

  it("finds that nobody is ever promoted or demoted, where that is asked for", () => {
    const own = ledger([onEvent()]);
    const last = tiers.map((each) => (each.name === "frozen" ? { ...each, terminal: true } : each));
    expect(codes(withLedger(own, { tiers: last }))).to.deep.equal([]);
    expect(found(withLedger(own, { tiers: last, movement: { ...weekly, promote: { after: 2 } } }))).to.deep.equal([
      "never-moves: nobody can ever be promoted: every tier that has a better one is terminal",
    ]);
    expect(codes(withLedger(own, { tiers: last, movement: { ...weekly, start: "frozen" } }))).to.include("never-moves");
  });
});

describe("static analysis: volumes and panels", () => {
  function againstPanel(policy: Policy): readonly string[] {
    const lines: string[] = [];
    analyseAgainstPanel(policy, panelCalled("weekly"), (code, _part, { message }) => lines.push(`${code}: ${message}`));
    return lines;
  }

  const percentile = (over: Window, periods: number): Metric => ({
    name: "slow",
    title: "Slow",
    unit: "hours",
    kind: "percentile",
    part: number(0.9),
    measure: "response_hours",
    over,
    atLeastPeriods: periods,
  });
  const asking = (metric: Metric): Policy => policyOf({ metrics: [metric], tiers: [tier("all", undefined)] });

  it("finds more periods asked for than a window can hold", () => {
    expect(codes(asking(percentile({ kind: "periods", count: 5 }, 6)))).to.deep.equal(["volume-out-of-reach"]);
    expect(codes(asking(percentile(days(84), 85)))).to.deep.equal(["volume-out-of-reach"]);
    expect(codes(asking(percentile(days(84), 13)))).to.deep.equal([]);
    expect(againstPanel(asking(percentile(days(84), 13)))).to.deep.equal([
      "volume-out-of-reach: 'slow' is always missing: it asks for 13 weeks, and its window holds no more than 12",
    ]);
    expect(periodsMost(asking(percentile(days(84), 1)), { kind: "calendar", unit: "quarter", count: 1 }, "month")).to.equal(3);
  });

  it("compares least volumes with what a history shows", () => {
    const volumes = (largest: number): readonly Diagnostic[] => {
      const policy = asking(share("late", "late", "orders", days(28), 20));
      return checkVolumes(policy, { grain: "week", periods: 52, largest: new Map([["orders", largest]]) });
    };
    expect(volumes(5)).to.deep.equal([]);
    expect(volumes(4)[0]?.message).to.equal("'late' is missing for everyone: it asks for 20 orders, and 4 weeks of at most 4 add up to 16");
  });

  it("says of every window how many whole periods it can hold", () => {
    const month: PlainWindow = { kind: "days", count: 28 };
    const when = { of: named("orders"), over: month, operator: ">=", count: number(9) } as const;
    const policy = policyOf({
      tiers: [tier("all", undefined)],
      windows: [
        namedWindow("chosen", month, when, { kind: "calendar", unit: "quarter", count: 1 }),
        namedWindow("open", month, when, { kind: "lifetime" }),
      ],
    });
    const most = (window: Window): readonly (number | undefined)[] =>
      (["day", "week", "month"] as const).map((grain) => periodsMost(policy, window, grain));
    expect(most(days(83))).to.deep.equal([83, 11, 2]);
    expect(most({ kind: "periods", count: 6 })).to.deep.equal([6, 6, 6]);
    expect(most({ kind: "calendar", unit: "month", count: 2 })).to.deep.equal([62, 8, 2]);
    expect(most({ kind: "calendar", unit: "quarter", count: 2 })).to.deep.equal([184, 26, 6]);
    expect(most({ kind: "calendar", unit: "year", count: 1 })).to.deep.equal([366, 52, 12]);
    expect(most({ kind: "named", name: "chosen" })).to.deep.equal([92, 13, 3]);
    expect(most({ kind: "named", name: "open" })).to.deep.equal([undefined, undefined, undefined]);
    expect(most({ kind: "lifetime" })).to.deep.equal([undefined, undefined, undefined]);
    expect(most({ kind: "volume", count: number(9), of: named("orders") })).to.deep.equal([undefined, undefined, undefined]);
  });

  it("compares least volumes of several measures, and of parameters, with what a history shows", () => {
    const parameter: Constant = { kind: "reference", to: "parameter", name: "least" };
    const least = (of: Expression, count: Constant): Metric => {
      const over = days(28);
      return { name: "late", title: "Late", unit: "count", kind: "sum", of: named("late"), over, atLeast: { of, count } };
    };
    const told = (of: Expression, count: Constant, most: Readonly<Record<string, number>>): readonly string[] => {
      const unit = { title: "Least", unit: "number", name: "least" } as const;
      const values = [
        { text: "MX", value: 40 },
        { text: "BR", value: 33 },
      ];
      return [
        { ...unit, value: 33 },
        { ...unit, by: { to: "attribute", name: "market" } as const, values },
      ].flatMap((one) =>
        checkVolumes(
          { ...asking(least(of, count)), parameters: [one] },
          { grain: "week", periods: 3, largest: new Map(Object.entries(most)) },
        ).map(({ message }) => message),
      );
    };
    const both = binary(named("orders"), "+", named("visits"));
    const said = "'late' is missing for everyone: it asks for 33 orders + visits, and 3 weeks of at most 10 add up to 30";
    expect(told(both, parameter, { orders: 4, visits: 6 })).to.deep.equal([said, said]);
    expect(told(both, parameter, { orders: 4, visits: 7 })).to.deep.equal([]);
    expect(told(both, parameter, { orders: 4 })).to.deep.equal([]);
    expect(told(both, parameter, { visits: 4 })).to.deep.equal([]);
    expect(told(binary(named("orders"), "-", named("visits")), number(33), { orders: 4, visits: 6 })).to.deep.equal([]);
    expect(told(named("orders"), number(1), { orders: -4 })[0]).to.include("3 weeks of at most 0 add up to 0");
    expect(told(named("orders"), number(12), { orders: 4 })).to.deep.equal([]);
    const one = checkVolumes(asking(share("late", "late", "orders", days(7), 20)), {
      grain: "week",
      periods: 9,
      largest: new Map([["orders", 4]]),
    });
    expect(one.map(({ message, found, expected }) => [message, found, expected])).to.deep.equal([
      ["'late' is missing for everyone: it asks for 20 orders, and 1 week of at most 4 add up to 4", "20", "at most 4"],
    ]);
  });

  it("says which times are longer than a panel", () => {
    const policy = policyOf({
      ledgers: [ledger([onEvent()], { lasts: { kind: "days", count: 730 } })],
      metrics: [
        share("late", "late", "due", { kind: "periods", count: 60 }),
        { name: "failing", title: "Failing", unit: "days", kind: "unbroken", condition: "bad" },
      ],
      conditions: [{ name: "bad", title: "Bad", expression: binary(named("metric:late"), ">", 0.1) }],
      tiers: [tier("out", binary(named("metric:failing"), ">=", 400)), tier("rest", undefined)],
      movement: { ...weekly, shield: { days: 400, since: "opened_on" }, demote: { after: 60 } },
    });
    expect(againstPanel(policy)).to.deep.equal([
      "window-beyond-panel: 'late' reads 60 periods, but the whole panel has 52 periods",
      "longer-than-panel: entries of 'penalty' last 730 days, longer than the 364 days of the panel",
      "longer-than-panel: the shield lasts 400 days, longer than the 364 days of the panel",
      "longer-than-panel: 'demote' after 60 evaluations takes at least 413 days, longer than the 364 days of the panel",
      "longer-than-panel: 'failing' is compared with 400 days, longer than the 364 days of the panel",
    ]);
  });
});

describe("static analysis: any policy", () => {
  it("finds nothing in the shipped policies", () => {
    for (const { programme, version } of policyLibrary()) {
      const { policy } = readLibraryPolicy(`${programme}@${version}`);
      expect(found(present(policy, programme))).to.deep.equal([]);
    }
  });

  it("gives the same findings every time", () => {
    const policy = scored([tier("gold", score(">=", 85)), tier("standard", both(score(">=", 60), score("<", 80)))]);
    expect(analysePolicy(policy)).to.deep.equal(analysePolicy(policy));
  });

  it("ends for as much as the language lets anyone write", () => {
    const names = Array.from({ length: 250 }, (_, index) => `m${index}`);
    const all = (line: number): Expression =>
      names
        .slice(0, 60)
        .map((name) => binary(named(`metric:${name}`), ">=", line))
        .reduce(both);
    const conditions = names.map((name, index): Policy["conditions"][number] => {
      const before = named(`condition:c${index - 1}`);
      return { name: `c${index}`, title: name, expression: index === 0 ? all(1) : binary(before, "or", both(before, all(index))) };
    });
    const policy = policyOf({
      metrics: names.map((name, index) => sum(name, "orders", days(index + 1))),
      scores: [
        ...names.map((name) =>
          curve(`s${name}`, name, [
            [0, 0],
            [100, 100],
          ]),
        ),
        weighted("overall", Object.fromEntries(names.map((name) => [`s${name}`, 1]))),
      ],
      conditions,
      tiers: Array.from({ length: 64 }, (_, index) => tier(`t${index}`, both(named("condition:c249"), score(">=", 64 - index)))),
      otherwise: "unrated",
    });
    // Going through every way in which the conditions hold would never end.
    expect(analysePolicy(policy)).to.be.an("array");
  });
});
