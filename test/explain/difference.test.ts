/** Which part of two versions made the difference, on tiny histories. */
import { expect } from "chai";
import { explainDifference, gatherPeers, type PolicyDifference } from "../../policies/explain/index.ts";
import { type TableHistory, tableHistory, tableSchema } from "./table-history.ts";
import { dayOfTable, type TablePolicy, tablePolicy } from "./table-policy.ts";

const schema = tableSchema();

const base: TablePolicy = {
  parameters: { line: { title: "Line", value: 10 } },
  metrics: {
    rate: { title: "Cancelled", kind: "share", unit: "share", part: "cancelled", whole: "orders", over: "7 days" },
    code: { title: "Code", kind: "last", measure: "code" },
  },
  scores: { s: { title: "Score", kind: "value", expression: "100 - metric:rate * 100" } },
  ledgers: { p: { title: "Points", lines: [{ kind: "event", event: "violation", amount: "event:points", sign: 1 }] } },
  conditions: { good: "score:s >= 90" },
  tiers: [
    { name: "g", title: "Gold", when: "condition:good and ledger:p < parameter:line" },
    { name: "s", title: "Silver", when: "metric:code <= 1" },
    { name: "w", title: "Watch", when: "score:s is known", adverse: true },
  ],
  otherwise: "u",
};

const seller: TableHistory = {
  rows: { orders: [100, 100, 100], cancelled: [0, 30, 0], code: [2, 2, 2] },
  events: [{ violation: "2024-01-10", points: 5, id: "v1" }],
};

function differ(a: TablePolicy, b: TablePolicy, table = seller, day = "2024-01-21"): PolicyDifference {
  return explainDifference(
    tablePolicy({ ...a, version: "1.0.0" }),
    tablePolicy({ ...b, version: "1.1.0" }),
    schema,
    tableHistory(table),
    dayOfTable(day),
  );
}

function told({ parts }: PolicyDifference): readonly string[] {
  return parts.map(({ path, effect }) => `${effect} ${path}`);
}

describe("difference between two versions for one entity", () => {
  it("is empty when they are the same", () => {
    expect(differ(base, base)).to.deep.equal({
      tiers: { a: "g", b: "g" },
      merited: { a: "g", b: "g" },
      parts: [],
      text: "g is held under both. The numbers merit g under both. Nothing that decides differs.",
    });
  });

  it("a longer window is the cause, and what reads it follows in order", () => {
    const longer = { ...base, metrics: { ...base.metrics, rate: { ...(base.metrics?.["rate"] as object), over: "14 days" } } };
    const difference = differ(base, longer);
    expect(difference.tiers).to.deep.equal({ a: "g", b: "w" });
    expect(told(difference)).to.deep.equal([
      "cause metrics.rate",
      "consequence scores.s",
      "consequence conditions.good",
      "consequence tiers.g.when",
      "consequence movement",
    ]);
    expect(difference.text.replaceAll("\u00a0", " ")).to.equal(
      "Under 1.0.0 g is held, under 1.1.0 w. The numbers merit g under 1.0.0 and w under 1.1.0. Cancelled is 0 % (0 of 100, from 15 Jan 2024 to 21 Jan 2024) under 1.0.0 and 15 % (30 of 200, from 8 Jan 2024 to 21 Jan 2024) under 1.1.0.",
    );
  });

  it("a parameter is told when something that reads it comes out otherwise", () => {
    const stricter = (value: number): TablePolicy => ({ ...base, parameters: { line: { title: "Line", value } } });
    expect(told(differ(base, stricter(4)))).to.deep.equal(["cause parameters.line", "consequence tiers.g.when", "consequence movement"]);
    expect(told(differ(base, stricter(9)))).to.deep.equal([]);
  });

  it("a condition that is written otherwise is its own cause", () => {
    const tiers = base.tiers?.map((tier) => (tier.name === "g" ? { ...tier, when: "condition:good and ledger:p < 5" } : tier)) ?? [];
    expect(told(differ(base, { ...base, tiers }))).to.deep.equal(["cause tiers.g.when", "consequence movement"]);
  });

  it("a ledger tells the entries that only one version made", () => {
    const fewer = { ...base, ledgers: { p: { title: "Points", lines: [] } } };
    const [ledger] = differ(base, fewer).parts;
    expect(ledger?.words.replaceAll("\u00a0", " ")).to.equal(
      "Points is 5 points under 1.0.0 and 0 points under 1.1.0; only under 1.0.0: 5 points of 10 Jan 2024 (v1).",
    );
    expect(ledger).to.deep.include({ path: "ledgers.p", effect: "cause" });
  });

  it("a cap and a tier of one version only are told while they hold", () => {
    const capped: TablePolicy = { ...base, caps: [{ tier: "w", when: "metric:code = 2" }] };
    const difference = differ(base, capped);
    expect(told(difference)).to.deep.equal(["cause caps.w", "consequence movement"]);
    expect(difference.parts[0]?.words).to.equal("The cap at w is only in 1.1.0, where it is true.");
    expect(told(differ(base, { ...base, caps: [{ tier: "w", when: "metric:code = 1" }] }))).to.deep.equal([]);
  });

  it("merited the same and held otherwise is movement, with both reasons and since when", () => {
    const slower = { ...base, movement: { promote: { after: 3 } } };
    const dipping: TableHistory = { rows: { ...seller.rows, cancelled: [30, 0, 0] } };
    const difference = differ(base, slower, dipping);
    expect(difference.merited).to.deep.equal({ a: "g", b: "g" });
    expect(difference.parts.map(({ path, effect, words }) => ({ path, effect, words: words.replaceAll("\u00a0", " ") }))).to.deep.equal([
      {
        path: "movement",
        effect: "cause",
        words:
          "Under 1.0.0 g is held: That is the tier held before, so nothing changes and no count runs. Under 1.1.0 w is held: A better tier than w was merited 2 times in a row; it takes 3 in a row to move up. They have held different tiers since the evaluation of 15 Jan 2024.",
      },
    ]);
    expect(difference.text).to.contain("The numbers merit g under both.");
  });

  it("another calendar is a cause of its own", () => {
    const monthly = { ...base, movement: { evaluate: "every month" } };
    const long: TableHistory = { rows: { orders: [100, 100, 100, 100, 100], cancelled: [0, 0, 0, 0, 30], code: [2, 2, 2, 2, 2] } };
    const difference = differ(base, monthly, long, "2024-02-04");
    expect(difference.tiers).to.deep.equal({ a: "w", b: "g" });
    expect(told(difference)).to.include("cause movement.evaluate");
    expect(differ(base, monthly).text).to.equal("Under 1.0.0 g is held, under 1.1.0 u. No evaluation has taken place yet under 1.1.0.");
  });

  it("outside the frame neither version gives a tier", () => {
    const difference = differ(base, base, seller, "2025-01-01");
    expect(difference).to.deep.include({ tiers: { a: undefined, b: undefined }, parts: [] });
    expect(difference.text).to.contain("no record of activity");
  });

  it("compares each version with its own peers", () => {
    const ranked = (measure: string): TablePolicy => ({
      metrics: {
        m: { title: "Rank", kind: "rank", unit: "share", of: "metric:own", peersMin: 2 },
        own: { title: "Own", kind: "last", measure },
      },
      tiers: [{ name: "g", when: "metric:m >= 0.5" }, { name: "s" }],
    });
    const [a, b] = [tablePolicy(ranked("code")), tablePolicy({ ...ranked("hours"), version: "1.1.0" })];
    const [one, two] = [tableHistory({ rows: { code: [1], hours: [30] } }), tableHistory({ rows: { code: [2], hours: [20] } }, "b")];
    const peers = { a: gatherPeers(a, schema, [one, two]), b: gatherPeers(b, schema, [one, two]) };
    const difference = explainDifference(a, b, schema, one, dayOfTable("2024-01-07"), peers);
    expect(difference.tiers).to.deep.equal({ a: "s", b: "g" });
    expect(told(difference)).to.deep.equal([
      "cause metrics.own",
      "consequence metrics.m",
      "consequence tiers.g.when",
      "consequence movement",
    ]);
  });
});
